/** cloudformation-stackset-rings-ordered: the first ring stops at the first failure, and later rings wait for earlier ones. */
import { get } from '../../template/index.js';
import { at, itemsOf, parameterText, pathOf, scalar } from '../code/read.js';
import { tagOf } from '../code/tags.js';
import type { Tag } from '../code/tags.js';
import type { ResourceUnder, View } from '../code/view.js';

const TYPE = 'AWS::CloudFormation::StackSet';

interface InRing {
  readonly resource: ResourceUnder;
  readonly ring: number;
  /** What is rolled out. */
  readonly template: string;
}

export function check(view: View): void {
  const rings = view.texts('rings');
  const members: InRing[] = [];
  for (const resource of view.resources(TYPE)) {
    const tag = tagOf(view, resource, parameterText(view, 'ringTag'));
    if (tag.state === 'unknown') view.open(resource, tag.path, tag.unknowns);
    if (tag.state !== 'value') continue;
    const ring = rings.indexOf(tag.text);
    if (ring >= 0) members.push({ resource, ring, template: templateOf(view, resource) });
    else refuse(view, resource, tag, rings);
  }
  for (const member of members) {
    const before = view.verdicts.length;
    if (member.ring === 0) checkFirst(view, member.resource, rings[0]!);
    else checkOrder(view, member, members, rings);
    if (view.verdicts.length === before) view.pass(member.resource);
  }
}

function refuse(view: View, resource: ResourceUnder, tag: Tag & { state: 'value' }, rings: readonly string[]): void {
  if (tag.unknowns.length > 0) view.open(resource, tag.path, tag.unknowns);
  else {
    const message = `the ring \`${tag.text}\` is none of those of the organization: ${rings.join(', ')}`;
    view.fail(resource, { path: tag.path, message, subject: 'ring' });
  }
}

/** In the first ring nothing may fail twice: one account at a time, one Region after the other. */
function checkFirst(view: View, resource: ResourceUnder, ring: string): void {
  const preferences = get(resource.properties, 'OperationPreferences');
  const isBad: Readonly<Record<string, (text: string) => boolean>> = {
    FailureToleranceCount: (text) => Number(text) !== 0,
    FailureTolerancePercentage: (text) => Number(text) !== 0,
    RegionConcurrencyType: (text) => text !== 'SEQUENTIAL',
    ConcurrencyMode: (text) => text !== 'STRICT_FAILURE_TOLERANCE',
  };
  const whole = scalar(view, preferences);
  if (whole !== undefined) view.open(resource, pathOf(resource, 'OperationPreferences'), view.unknownsIn(whole));
  for (const [name, bad] of Object.entries(isBad)) {
    const text = scalar(view, at(preferences, name));
    const path = pathOf(resource, 'OperationPreferences', name);
    if (text === undefined) continue;
    const unknowns = view.unknownsIn(text);
    if (unknowns.length > 0) view.open(resource, path, unknowns);
    else if (bad(text)) {
      const message = `\`${name}\` is \`${text}\` in the first ring \`${ring}\`, so that a failure does not stop the rollout at once`;
      view.fail(resource, { path, message, subject: name });
    }
  }
}

/** A later ring waits for the nearest earlier one with the same template. */
function checkOrder(view: View, member: InRing, members: readonly InRing[], rings: readonly string[]): void {
  const same = members.filter(({ template, ring }) => template === member.template && ring < member.ring);
  const nearest = Math.max(-1, ...same.map(({ ring }) => ring));
  const waits = waitsFor(view, member.resource);
  for (const { resource } of same.filter(({ ring }) => ring === nearest)) {
    if (waits.has(resource)) continue;
    view.fail(member.resource, {
      path: ['Resources', member.resource.key],
      message: `\`${member.resource.logicalId}\` of ring \`${rings[member.ring]!}\` does not depend on \`${resource.logicalId}\` of ring \`${rings[nearest]!}\`, so that both are rolled out at the same time`,
      subject: resource.key,
    });
  }
}

function waitsFor(view: View, start: ResourceUnder): ReadonlySet<ResourceUnder> {
  const found = new Set<ResourceUnder>();
  const all = view.resources(TYPE);
  const visit = (resource: ResourceUnder): void => {
    const names = itemsOf(at(resource.value, 'DependsOn')).map((name) => scalar(view, name));
    const next = all.filter(({ logicalId }) => names.includes(logicalId));
    for (const one of next.filter((other) => !found.has(other))) {
      found.add(one);
      visit(one);
    }
  };
  visit(start);
  return found;
}

function templateOf(view: View, { properties }: ResourceUnder): string {
  return ['TemplateURL', 'TemplateBody'].map((name) => scalar(view, get(properties, name)) ?? '').join(' ');
}
