/** Which security groups and subnets resources are put into: groups and routes of theirs decide who may reach them. */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { subjectOf } from './comparison.js';
import type { Comparison } from './comparison.js';
import { routeSets } from './network/routes.js';
import type { RouteSet } from './network/routes.js';
import { securityGroups } from './network/security-groups.js';
import type { Group } from './network/security-groups.js';
import { newTraffic } from './network/traffic.js';
import type { Traffic } from './network/traffic.js';
import { itemsOf, textOf } from './side.js';
import type { Resource } from './side.js';

const GROUPS = /SecurityGroups?(?:Ids?)?$/;
const SUBNETS = /Subnets?(?:Ids?)?$/;
/** Here they are no places of a resource: rules of a group name peers, and associations are routes. */
const OF_NETWORKS = /^AWS::EC2::(?:SecurityGroup|SubnetRouteTable|SubnetNetworkAcl|Subnet|Route|SecurityGroupVpc)/;

/** Whether a path is that of security groups or subnets that a resource is put into. */
export function isPlacement(path: readonly string[]): boolean {
  const names = path.filter((step) => step !== '*');
  const last = names.at(-1) ?? '';
  return GROUPS.test(last) || SUBNETS.test(last);
}

interface Networks {
  readonly groups: ReadonlyMap<string, Group>;
  readonly routes: ReadonlyMap<string, RouteSet>;
  /** What `Ref` gives → the resource. */
  readonly called: ReadonlyMap<string, Resource>;
}

/** Tells which resources got other security groups, or lie in other subnets. */
export function comparePlaced(comparison: Comparison): void {
  const { older, newer } = comparison;
  const before = new Map(older.map((each) => [`${each.stack}/${each.id} ${each.type}`, each]));
  const changed = newer.flatMap((now) => {
    const old = before.get(`${now.stack}/${now.id} ${now.type}`);
    if (old === undefined || OF_NETWORKS.test(now.type)) return [];
    const [had, has] = [placesOf(old.properties), placesOf(now.properties)];
    const paths = [...new Set([...had.keys(), ...has.keys()])];
    return paths.flatMap((path) => {
      const [one, other] = [had.get(path) ?? [], has.get(path) ?? []];
      return other.some((text) => !one.includes(text)) ? [{ now, path, one, other }] : [];
    });
  });
  if (changed.length === 0) return;
  const networks = (side: readonly Resource[]): Networks => ({
    groups: securityGroups(side, comparison.unknowns),
    routes: routeSets(side),
    called: new Map(side.flatMap((each) => (each.called === undefined ? [] : [[each.called, each] as const]))),
  });
  const [old, now] = [networks(older), networks(newer)];
  for (const each of changed) {
    if (GROUPS.test(each.path.split('.').at(-1)!)) otherGroups(comparison, each, old, now);
    else otherSubnets(comparison, each, old, now);
  }
}

interface Moved {
  readonly now: Resource;
  readonly path: string;
  readonly one: readonly string[];
  readonly other: readonly string[];
}

function otherGroups(
  { say, unknowns }: Comparison,
  { now, path, one, other }: Moved,
  old: Networks,
  fresh: Networks,
): void {
  const told = { subject: subjectOf({ ...now, name: now.id }), place: now.place(['Properties']) } as const;
  const added = other.filter((text) => !one.includes(text));
  const words = added.map((text) => `\`${fresh.called.get(text)?.id ?? text}\``).join(', ');
  const groupsOf = (texts: readonly string[], networks: Networks): readonly (Group | undefined)[] =>
    texts.map((text) => {
      const declared = networks.called.get(text);
      return declared === undefined ? undefined : networks.groups.get(`${declared.stack}/${declared.id}`);
    });
  const [had, has] = [groupsOf(one, old), groupsOf(other, fresh)];
  const isKnown = one.length > 0 && [...had, ...has].every((group) => group !== undefined);
  if (!isKnown) {
    const [reason] = unknowns.in(...added);
    const why = reason === undefined ? 'its rules are in no template' : reason.reason;
    const message = `gets the security group ${words} in \`${path}\`, and whether that lets more through is not known here: ${why}`;
    say({ ...told, verdict: 'NOT_EVALUATED', kind: 'ingress', severity: 'warning', message });
    return;
  }
  for (const direction of ['ingress', 'egress'] as const) {
    const all = (groups: readonly (Group | undefined)[]): Traffic => ({
      rules: groups.flatMap((group) => group?.[direction].rules ?? []),
      open: groups.flatMap((group) => group?.[direction].open ?? []),
    });
    const [before, after] = [all(had), all(has)];
    const [first] = newTraffic(before, after, true);
    const isOpen = after.open.some(({ text }) => !before.open.some((each) => each.text === text));
    if (first === undefined && !isOpen) continue;
    const lets = direction === 'ingress' ? 'lets in' : 'lets out';
    const what = first === undefined ? 'has rules that cannot be read' : `${lets} ${first.words}`;
    say({
      ...{ ...told, kind: direction, severity: 'warning', message: `gets the security group ${words}, which ${what}` },
      ...(first === undefined
        ? { verdict: 'NOT_EVALUATED' as const }
        : { verdict: 'BROADENED' as const, example: first.example }),
    });
  }
}

function otherSubnets(
  { say, unknowns }: Comparison,
  { now, path, one, other }: Moved,
  old: Networks,
  fresh: Networks,
): void {
  const [subject, place] = [subjectOf({ ...now, name: now.id }), now.place(['Properties'])];
  const told = { kind: 'route', severity: 'warning', subject, place } as const;
  const added = other.filter((text) => !one.includes(text));
  const words = added.map((text) => `\`${fresh.called.get(text)?.id ?? text}\``).join(', ');
  const waysOf = (texts: readonly string[], networks: Networks): ReadonlySet<string> | undefined => {
    const ways = new Set<string>();
    for (const text of texts) {
      const subnet = networks.called.get(text);
      const set = subnet === undefined ? undefined : networks.routes.get(`${subnet.stack}/${subnet.id}`);
      // Without a table of its own a subnet has that of the VPC, which is in no template.
      if (set === undefined) return undefined;
      for (const { target, destination } of set.routes) {
        ways.add(`${destination} through ${target.split(' ').slice(0, -1).join(' ')}`);
      }
    }
    return ways;
  };
  const [had, has] = [waysOf(one, old), waysOf(added, fresh)];
  if (has === undefined || had === undefined || one.length === 0) {
    const [reason] = unknowns.in(...added);
    const why = reason === undefined ? 'their routes are in no template' : reason.reason;
    const message = `lies in other subnets, ${words} in \`${path}\`, and who may reach these is not known here: ${why}`;
    say({ ...told, verdict: 'NOT_EVALUATED', message });
    return;
  }
  const [more] = [...has].filter((way) => !had.has(way));
  if (more === undefined) return;
  say({ ...told, verdict: 'BROADENED', message: `lies in other subnets, ${words}, which have a way to ${more}` });
}

/** The texts at properties that name security groups or subnets, by path. */
function placesOf(value: Value, path: readonly string[] = []): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const add = (at: string, texts: readonly string[]): void => {
    found.set(at, [...(found.get(at) ?? []), ...texts]);
  };
  if (isList(value)) {
    for (const item of value) for (const [at, texts] of placesOf(item, path)) add(at, texts);
  } else if (isMap(value)) {
    for (const name of keysOf(value)) {
      const below = get(value, name)!;
      const at = [...path, name];
      const items = itemsOf(below);
      const isNames = isPlacement(at) && items.every((item) => !isMap(item) && !isList(item));
      if (isNames) {
        add(
          at.join('.'),
          items.map((item) => textOf(item) ?? jsonOf(item)),
        );
      } else for (const [deep, texts] of placesOf(below, at)) add(deep, texts);
    }
  }
  return found;
}
