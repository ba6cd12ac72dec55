/**
 * The account as a template: live resources put together into one document, so that the rules that judge templates judge
 * what already exists. Cloud Control answers with the properties of the CloudFormation schema
 * (https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations-read.html), so only three things are
 * to be done: properties that no read shows become values that nobody knows; identifiers and ARNs that the service made
 * become references to the resource that has them; and what reads like a function of templates without being one is
 * unknown, because a live value is never a function.
 */
import { propertyAt, resourceType } from '../../../../catalogue/index.js';
import type { PropertyType, ResourceType } from '../../../../catalogue/index.js';
import { supposedName } from '../../../../template/index.js';
import type { SupposedPlace } from '../../../../template/index.js';
import type { Json, LiveResource, Properties } from '../../source.js';
import { IAM_TYPES } from './types.js';
import { writeOnlyPaths } from './write-only.js';

/** Live resources as a template. */
export interface LiveTemplate {
  /** The template as JSON. */
  readonly text: string;
  /** The resources by their logical ids in it. */
  readonly resources: ReadonlyMap<string, LiveResource>;
  /** By the name of the parameter that stands for it: what a read does not show, as a sentence without full stop. */
  readonly unread: ReadonlyMap<string, string>;
}

type JsonMap = Readonly<Record<string, Json>>;

/** What stands for a value that nobody knows, said in a sentence without full stop; `undefined`: it is left out. */
type MakeUnknown = (what: string) => JsonMap | undefined;

/** How another resource speaks of one: `Ref` or `Fn::GetAtt`; `null` when two resources have the text. */
type References = ReadonlyMap<string, JsonMap | null>;

/** Identifiers that a service makes: `vpc-0123456789abcdef0`, UUIDs, keys of several Regions, and ARNs. */
const MADE_BY_SERVICE =
  /^(?:arn:|[a-z]+-[0-9a-f]{8,}$|(?:mrk-)?[0-9a-f]{32}$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)/;

/** Older spellings of properties that a read shows under the newer one; schemas list them as write-only. */
const SHOWN_OTHERWISE: ReadonlySet<string> = new Set([
  'AWS::EC2::SecurityGroup SecurityGroupIngress/*/SourceSecurityGroupName',
  'AWS::EC2::SecurityGroupIngress SourceSecurityGroupName',
  'AWS::S3::Bucket LifecycleConfiguration/Rules/*/NoncurrentVersionExpirationInDays',
  'AWS::S3::Bucket LifecycleConfiguration/Rules/*/NoncurrentVersionTransition',
  'AWS::S3::Bucket LifecycleConfiguration/Rules/*/Transition',
]);

/** What stands in the place of a property that no read shows: nothing, or a value that nobody knows. */
export type Unread = 'absent' | 'unknown';

/**
 * Puts resources of one account and Region into a template.
 *
 * @param place - Where they are: texts that name a resource are told from those that only its service knows.
 */
export function liveTemplate(
  resources: readonly LiveResource[],
  place: SupposedPlace,
  how: Unread = 'unknown',
): LiveTemplate {
  const sorted = [...resources].sort(
    (a, b) => compare(a.type, b.type) || compare(a.identifier, b.identifier) || compare(a.arn, b.arn),
  );
  const byId = new Map(sorted.map((resource, index) => [`L${index}${resource.type.split('::').at(-1)!}`, resource]));
  const references = referencesOf(byId, place);
  const unread = new Map<string, string>();
  const makeUnknown: MakeUnknown = (what) => {
    const name = `NotRead${unread.size + 1}`;
    unread.set(name, what);
    return how === 'absent' ? undefined : { Ref: name };
  };
  const entries = [...byId].map(([id, resource]) => {
    const { type } = resource;
    const known = resourceType(type);
    const copied = new Copy(id, resource, references, makeUnknown).properties(resource.properties, known);
    return [id, { Type: type, Properties: withUnread(copied, resource, makeUnknown) }] as const;
  });
  const parameters = Object.fromEntries([...unread.keys()].map((name) => [name, { Type: 'String' }]));
  const template = {
    ...(unread.size > 0 && how !== 'absent' && { Parameters: parameters }),
    Resources: Object.fromEntries(entries),
  };
  return { text: JSON.stringify(template), resources: byId, unread };
}

/** Stands for a value that was not told; in a template it is one that nobody knows. @param why - Without full stop. */
export function notTold(why: string): JsonMap {
  return { [NOT_TOLD]: why };
}

/** No function has this name; a live value that has it is unknown as well. */
const NOT_TOLD = 'Fn::NotTold';

/**
 * A text that speaks of logical ids and parameters of a live template, in words of the account.
 *
 * @param text - Such as a message of a rule, or why it could not decide.
 */
export function inLiveWords(text: string, { resources, unread }: Pick<LiveTemplate, 'resources' | 'unread'>): string {
  return text
    .replace(/parameter `(NotRead\d+)` has no value/g, (whole, name: string) => unread.get(name) ?? whole)
    .replace(/\bNotRead\d+\b/g, (name) => (unread.has(name) ? 'a value that no read shows' : name))
    .replace(/\{"Ref":"(L\d+[A-Z]\w*)"\}/g, (whole, id: string) => resources.get(id)?.identifier ?? whole)
    .replace(/\bL\d+[A-Z][A-Za-z0-9]*\b/g, (id) => resources.get(id)?.identifier ?? id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What texts stand for resources, where a reader of literals could not tell. */
function referencesOf(resources: ReadonlyMap<string, LiveResource>, place: SupposedPlace): References {
  const found = new Map<string, JsonMap | null>();
  for (const [id, { type, properties }] of resources) {
    const known = resourceType(type);
    if (known === undefined) continue;
    const { attributes, primaryIdentifier, refIdentifier } = known;
    const last = type.split('::').at(-1)!;
    const own = ['Arn', 'Id', 'GroupId', `${last}Arn`, `${last}Id`].filter((name) => attributes.has(name));
    for (const name of new Set([...primaryIdentifier, ...refIdentifier, ...own])) {
      const text = valueAt(properties, name.split('.'));
      if (typeof text !== 'string' || !MADE_BY_SERVICE.test(text)) continue;
      const isRef = refIdentifier.length === 1 && refIdentifier[0] === name;
      // A name or ARN that follows from the properties is known to every reader of the document.
      const named = supposedName(id, { type, resource: { Properties: properties } }, isRef ? undefined : name, place);
      if (named === text || !(isRef || attributes.has(name))) continue;
      const reference: JsonMap = isRef ? { Ref: id } : { 'Fn::GetAtt': [id, name] };
      const before = found.get(text);
      // One text can be two attributes of a resource; `Ref` goes first.
      if (before === undefined) found.set(text, reference);
      else if (before !== null && idOf(before) !== id) found.set(text, null);
      else if (isRef && before !== null) found.set(text, reference);
    }
  }
  return found;
}

function idOf(reference: JsonMap): Json {
  const { Ref: ref, 'Fn::GetAtt': attribute } = reference;
  return ref ?? (attribute as readonly Json[])[0]!;
}

function valueAt(value: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((node, key) => (isMap(node) ? own(node, key) : undefined), value);
}

/** Copies the properties of one resource. */
class Copy {
  constructor(
    private readonly id: string,
    private readonly resource: LiveResource,
    private readonly references: References,
    private readonly unknown: MakeUnknown,
  ) {}

  /** Attributes that are no properties are left out; everything of a type that is not known is kept. */
  properties(properties: Properties, type: ResourceType | undefined): JsonMap {
    const kept = Object.entries(properties).filter(([name]) => type === undefined || type.properties.has(name));
    return this.entries(kept, (name) => type?.properties.get(name)?.type, '');
  }

  private entries(
    entries: readonly (readonly [string, Json])[],
    typeOf: (key: string) => PropertyType | undefined,
    above: string,
  ): JsonMap {
    return Object.fromEntries(
      entries.flatMap(([key, item]) => {
        const copied = this.value(item, typeOf(key), `${above}${key}`);
        return copied === undefined ? [] : [[key, copied]];
      }),
    );
  }

  private value(value: Json, type: PropertyType | undefined, path: string): Json | undefined {
    if (typeof value === 'string') return this.text(value, type);
    if (isList(value)) {
      const element = memberOf(type, 'list');
      return value.flatMap((item, index) => this.value(item, element, `${path}/${index}`) ?? []);
    }
    if (!isMap(value)) return value;
    if (Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))) {
      const { [NOT_TOLD]: why } = value;
      const { identifier } = this.resource;
      const reason = `\`${path}\` of ${identifier} holds what reads like a function of templates`;
      return this.unknown(typeof why === 'string' ? why : reason);
    }
    return this.entries(Object.entries(value), (key) => memberOf(type, key), `${path}/`);
  }

  /** Policies and other documents of free form stay as they are: there a text is compared as it is written. */
  private text(value: string, type: PropertyType | undefined): Json {
    const reference = type === undefined || type.kind === 'json' ? undefined : this.references.get(value);
    return reference === undefined || reference === null || idOf(reference) === this.id ? value : reference;
  }
}

/** The type of what a value holds; below free JSON that too is free JSON. @param key - A key, or `list` for elements. */
function memberOf(type: PropertyType | undefined, key: string): PropertyType | undefined {
  switch (type?.kind) {
    case 'json':
      return type;
    case 'list':
    case 'map':
      return type.element;
    case 'object':
      return type.properties.get(key)?.type;
    case 'union': {
      const members = type.types.map((one) => memberOf(one, key)).filter((one) => one !== undefined);
      return type.types.find(({ kind }) => kind === 'json') ?? members[0];
    }
    default:
      return undefined;
  }
}

/** The properties with an unknown in the place of each that no read shows. What IAM tells is told in full. */
function withUnread(properties: JsonMap, { type, identifier }: LiveResource, unknown: MakeUnknown): Json {
  if (IAM_TYPES.has(type)) return properties;
  let result: Json = properties;
  for (const path of writeOnlyPaths(type)) {
    if (SHOWN_OTHERWISE.has(`${type} ${path.join('/')}`)) continue;
    const make = (): JsonMap | undefined => unknown(`a read does not show \`${path.join('.')}\` of ${identifier}`);
    result = fill(result, path, [], type, make);
  }
  return result;
}

/**
 * Puts an unknown at a path. What a value lies in and is not there itself is not there either, when a read would show
 * something else of it; otherwise it is unknown as a whole.
 */
function fill(
  node: Json,
  [key, ...rest]: readonly string[],
  above: readonly string[],
  type: string,
  unknown: () => JsonMap | undefined,
): Json {
  if (key === undefined) return node;
  if (key === '*') {
    const each = (item: Json, index: string): Json => fill(item, rest, [...above, index], type, unknown);
    if (isList(node)) return node.map((item, index) => each(item, String(index)));
    if (!isMap(node)) return node;
    return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, each(item, name)]));
  }
  if (!isMap(node) || isUnknown(node)) return node;
  const path = [...above, key];
  const present = own(node, key);
  if (present !== undefined) {
    return rest.length === 0 ? node : { ...node, [key]: fill(present, rest, path, type, unknown) };
  }
  if (rest.length > 0 && showsSomething(type, path)) return node;
  const made = unknown();
  return made === undefined ? node : { ...node, [key]: made };
}

/** Whether an object has a part that must be there and that reads show, so that its absence is seen. */
function showsSomething(type: string, path: readonly string[]): boolean {
  const hidden = new Set(writeOnlyPaths(type).map((one) => one.join('/')));
  const object = propertyAt(type, path)?.type;
  if (object?.kind !== 'object') return true;
  const pattern = path.map((key) => (/^\d+$/.test(key) ? '*' : key)).join('/');
  return [...object.properties.values()].some(({ name, required }) => required && !hidden.has(`${pattern}/${name}`));
}

function isUnknown(node: JsonMap): boolean {
  const { Ref: ref } = node;
  return typeof ref === 'string' && ref.startsWith('NotRead');
}

function own(node: JsonMap, key: string): Json | undefined {
  return Object.hasOwn(node, key) ? node[key] : undefined;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !isList(value);
}
