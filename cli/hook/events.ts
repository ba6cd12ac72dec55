/**
 * Events as CloudFormation would send them for a template, per target: AWS CloudFormation Hooks User Guide, "Create Lambda
 * functions to evaluate resources for Lambda Hooks". What a deployment would know and nobody does here is supposed (names
 * of resources) or asked for (parameters).
 */
import { resourceType } from '../../catalogue/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { openTemplate } from '../../rules/index.js';
import type { DeploymentOptions, OpenedTemplate } from '../../rules/index.js';
import { get, isList, isMap, keysOf, partitionOf } from '../../template/index.js';
import type { ResolvedDocument, Value } from '../../template/index.js';
import { badOption, noTemplate } from '../check/diagnostics.js';
import { plainJson, type Json } from '../check/plain.js';
import { InputError } from '../input-error.js';

export const TARGETS = ['resource', 'stack', 'change-set', 'cloud-control'] as const;
export type TargetName = (typeof TARGETS)[number];

/** A template on disk. */
export interface TemplateText {
  readonly path: string;
  readonly text: string;
}

/** An event, and the text behind the address in it. */
export interface LocalEvent {
  /** `CREATE AWS::S3::Bucket Orders` */
  readonly name: string;
  readonly event: unknown;
  readonly payload: string | null;
}

/** A resource of which no event can be made here, because CloudFormation alone knows what it would be given. */
export interface Unmade {
  /** `CREATE AWS::S3::Bucket Orders` */
  readonly name: string;
  readonly reason: string;
}

export interface LocalEvents {
  readonly events: readonly LocalEvent[];
  readonly unmade: readonly Unmade[];
}

/** Where the deployment takes place. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly parameters: NonNullable<DeploymentOptions['parameters']>;
}

interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Json;
  /** Why a value of it is known to nobody here; `null` when all are known. */
  readonly unknown: string | null;
}

interface Change {
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly now: Resource | null;
  readonly before: Resource | null;
}

const TOKEN = '00000000-0000-4000-8000-000000000000';

/**
 * The events of one deployment. Resources that stay as they are have none, nor has what an update removes: hooks do not run
 * on clean-up.
 *
 * Each resource has an event of its own for the targets RESOURCE and CLOUD_CONTROL, so one whose values are not known
 * leaves the others alone; a change set has one event for all of them.
 *
 * @throws InputError when a template cannot be read, or a value of a resource of a change set is not known.
 */
export function eventsOf(
  template: TemplateText,
  previous: TemplateText | null,
  target: TargetName,
  place: Place,
): LocalEvents {
  const action = previous === null ? 'CREATE' : 'UPDATE';
  if (target === 'stack') {
    opened(template, place);
    if (previous !== null) opened(previous, place);
    const payload = JSON.stringify({ template: template.text, previousTemplate: previous?.text ?? '' });
    const event = remote(place, 'STACK', place.stackName, action);
    return { events: [{ name: `${action} STACK ${place.stackName}`, event, payload }], unmade: [] };
  }
  const changes = changesOf(template, previous, place);
  if (target === 'change-set') {
    refuseUnknown(template, changes);
    const changedResources = changes.map(changeOf);
    const payload = JSON.stringify({ template: template.text, changedResources });
    const id = `${arn(place, 'changeSet')}/${TOKEN}`;
    const event = remote(place, 'CHANGE_SET', id, 'CREATE');
    return { events: [{ name: `CREATE CHANGE_SET ${place.stackName}`, event, payload }], unmade: [] };
  }
  const unmade: Unmade[] = [];
  const events = changes.flatMap(({ action: done, now, before }): readonly LocalEvent[] => {
    if (now === null) return [];
    const name = `${done} ${now.type === '' ? 'a resource' : now.type} ${now.logicalId}`;
    const reason = now.unknown ?? before?.unknown ?? null;
    if (reason !== null) {
      unmade.push({ name, reason });
      return [];
    }
    const event = {
      ...envelope(place, done),
      ...(target === 'cloud-control' && { stackId: '' }),
      requestData: {
        targetName: now.type,
        targetType: target === 'cloud-control' ? 'RESOURCE' : now.type,
        targetLogicalId: now.logicalId,
        targetModel: { resourceProperties: now.properties, previousResourceProperties: before?.properties ?? {} },
      },
    };
    return [{ name, event, payload: null }];
  });
  return { events, unmade };
}

/** @throws InputError when a value of a change is not known. */
function refuseUnknown({ path }: TemplateText, changes: readonly Change[]): void {
  const problems = changes.flatMap(({ now, before }): readonly Diagnostic[] => {
    const { logicalId, unknown } = (now ?? before)!;
    const message = `resource \`${logicalId}\` of \`${path}\` has no known values: ${unknown ?? ''}`;
    return unknown === null ? [] : [badOption('--template', message, GIVE)];
  });
  if (problems.length > 0) throw new InputError(problems);
}

function changesOf(template: TemplateText, previous: TemplateText | null, place: Place): readonly Change[] {
  const after = read(template, place);
  const before = previous === null ? [] : read(previous, place);
  const old = new Map(before.map((resource) => [resource.logicalId, resource]));
  const changed = after.flatMap((now): Change[] => {
    const same = old.get(now.logicalId);
    if (same?.type !== now.type) return [{ action: 'CREATE', now, before: null }];
    if (JSON.stringify(same.properties) === JSON.stringify(now.properties)) return [];
    return [{ action: 'UPDATE', now, before: same }];
  });
  const kept = new Set(after.map(({ logicalId }) => logicalId));
  const removed = before.filter(({ logicalId }) => !kept.has(logicalId));
  return [...changed, ...removed.map((gone): Change => ({ action: 'DELETE', now: null, before: gone }))];
}

/** The resources of a template, with the values that they would be deployed with. */
function read(template: TemplateText, place: Place): readonly Resource[] {
  const { document, model } = opened(template, place).supposed().resolution;
  const resources = get(document.value, 'Resources');
  // What a transform takes apart reaches no hook; its parts do.
  const deployed = [...model.resources.values()].filter(
    ({ type }) => type === undefined || resourceType(type)?.transformed !== true,
  );
  return deployed.map(({ key, type }): Resource => {
    const node = isMap(resources) ? get(resources, key) : undefined;
    const properties = isMap(node) ? (get(node, 'Properties') ?? {}) : {};
    const reason = node === undefined ? undefined : unknownIn(document, [node, properties])?.reason;
    const unknown = reason ?? (type === undefined ? 'its type cannot be told' : null);
    return { logicalId: key, type: type ?? '', properties: supposed(plainJson(properties)), unknown };
  });
}

function opened({ path, text }: TemplateText, place: Place): OpenedTemplate {
  const { account, region, stackName, parameters } = place;
  const partition = partitionOf(region);
  // Names are often made of the stack's id: it is the one that the events have.
  const stackId = stackIdOf(place);
  const read = openTemplate(text, path, { accountId: account, region, partition, stackName, stackId, parameters });
  if (read.kind === 'opened') return read.template;
  if (read.kind === 'noTemplate') throw new InputError([noTemplate(path)]);
  throw new InputError(read.diagnostics, new Map([[path, text]]));
}

/** What to do about values that nobody knows. */
export const GIVE =
  'give parameters with --parameters Name=value, or take --target stack, which has no values in its event';

/** What a resource gives, where no name is supposed for it: a text of its own. */
function supposed(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(supposed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries<Json>(value as Readonly<Record<string, Json>>);
  const [[key, given] = ['', null]] = entries;
  if (entries.length === 1 && key === 'Ref' && typeof given === 'string') return given;
  if (entries.length === 1 && key === 'Fn::GetAtt') return [given].flat().map(String).join('.');
  return Object.fromEntries(entries.map(([name, each]) => [name, supposed(each)]));
}

function unknownIn(document: ResolvedDocument, nodes: readonly Value[]): { readonly reason: string } | undefined {
  for (const node of nodes) {
    // Texts with dynamic references stay as they are: those of secrets reach hooks so.
    const own = isList(node) || isMap(node) ? document.unknownAt(node) : undefined;
    if (own !== undefined) return own;
    const below = isList(node) ? node : isMap(node) ? keysOf(node).map((key) => node[key]!) : [];
    const found = unknownIn(document, below);
    if (found !== undefined) return found;
  }
  return undefined;
}

function envelope(place: Place, action: string): object {
  return {
    clientRequestToken: TOKEN,
    awsAccountId: place.account,
    stackId: stackIdOf(place),
    changeSetId: null,
    hookTypeName: 'Stackade::Local::Hook',
    hookTypeVersion: '00000001',
    hookModel: {},
    actionInvocationPoint: `${action}_PRE_PROVISION`,
    requestContext: { invocation: 1, callbackContext: null },
  };
}

function remote(place: Place, target: string, id: string, action: string): object {
  const requestData = { targetName: target, targetType: target, targetLogicalId: id, payload: 'https://example.com/' };
  return { ...envelope(place, action), requestData };
}

function stackIdOf(place: Place): string {
  return `${arn(place, 'stack')}/${TOKEN}`;
}

function arn({ account, region, stackName }: Place, kind: string): string {
  return `arn:${partitionOf(region)}:cloudformation:${region}:${account}:${kind}/${stackName}`;
}

function changeOf({ action, now, before }: Change): object {
  const context = (resource: Resource | null): string | null =>
    resource === null ? null : JSON.stringify({ Properties: asTexts(resource.properties) });
  const { logicalId, type } = (now ?? before)!;
  return {
    logicalResourceId: logicalId,
    resourceType: type,
    action,
    lineNumber: null,
    beforeContext: context(before),
    afterContext: context(now),
  };
}

/** Change sets have every number and Boolean as text. */
function asTexts(value: Json): Json {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || typeof value === 'string') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(asTexts);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asTexts(each)]));
}
