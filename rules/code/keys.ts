/** Which resources of a template use which KMS key, and whether tags of key and users agree. */
import { resourceType, resourceTypeNames } from '../../catalogue/index.js';
import type { PropertyType, ResourceType } from '../../catalogue/index.js';
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { pathOf, scalar } from './read.js';
import { tagOf } from './tags.js';
import type { Tag } from './tags.js';
import type { ResourceUnder, View } from './view.js';

const KEY_TYPES = ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'] as const;
const ALIAS_TYPE = 'AWS::KMS::Alias';

/** Names of properties that hold a key: `KmsKeyId`, `KMSMasterKeyID`, `SseAwsKmsKeyId`, `EncryptionKey`, … */
const KEY_PROPERTY = /kms.*key|kms(?:alias)?(?:arn|id|name)$|encryptionkey|cmkarn/i;

/** What a key outside of the template looks like: an id, an ARN, an alias of the customer, or nothing but an unknown. */
const KEY_TEXT =
  /^(?:arn:[^:]*:kms:.*|alias\/(?!aws\/).+|(?:mrk-)?[0-9a-f]{8}-?[0-9a-f-]{23,27}|[\u{100000}-\u{10fffd}])$/u;

/** A resource that names a key, and where it does. */
export interface KeyUse {
  readonly resource: ResourceUnder;
  readonly path: Path;
}

/** A key and those that use it. */
export interface UsedKey {
  /** Left out for a key outside of the template. */
  readonly key?: ResourceUnder;
  /** How to speak of it. */
  readonly name: string;
  /** Each resource once. */
  readonly uses: readonly KeyUse[];
}

/**
 * The resource types that take tags and name a key in a property, with the types of keys and aliases: what a rule about
 * users of keys reads.
 */
export function keyUsingTypes(): readonly string[] {
  const users = resourceTypeNames().filter((name) => {
    const type = resourceType(name);
    return type?.tags !== undefined && type.tags.shape !== 'other' && namesKey(type);
  });
  return [...new Set([...users, ...KEY_TYPES, ALIAS_TYPE])].sort();
}

/** Deep enough for every type: below it definitions that hold themselves would never end. */
const MAX_DEPTH = 8;

function namesKey(type: ResourceType): boolean {
  const inType = (node: PropertyType, isKey: boolean, depth: number): boolean => {
    if (depth > MAX_DEPTH) return false;
    switch (node.kind) {
      case 'string':
        return isKey;
      case 'list':
      case 'map':
        return inType(node.element, isKey, depth + 1);
      case 'union':
        return node.types.some((one) => inType(one, isKey, depth + 1));
      case 'object':
        return [...node.properties.values()].some((one) =>
          inType(one.type, isKey || KEY_PROPERTY.test(one.name), depth + 1),
        );
      default:
        return false;
    }
  };
  return [...type.properties.values()].some(({ name, type: node }) => inType(node, KEY_PROPERTY.test(name), 0));
}

/** The keys that resources of the template use, each with its users. */
export function usedKeys(view: View): readonly UsedKey[] {
  const found = new Map<string, { key?: ResourceUnder; name: string; uses: KeyUse[] }>();
  for (const key of view.resources(...KEY_TYPES)) {
    found.set(`resource ${key.key}`, { key, name: key.logicalId, uses: [] });
  }
  const types = new Set<string>([...KEY_TYPES, ALIAS_TYPE]);
  for (const resource of view.everything.filter(({ type }) => !types.has(type))) {
    for (const { value, path } of keyValues(view, resource)) {
      const key = keyOf(view, value);
      const text = scalar(view, value)!;
      const id = key === undefined ? text : `resource ${key.key}`;
      const group = found.get(id) ?? { name: text, uses: [] };
      found.set(id, group);
      if (!group.uses.some((use) => use.resource === resource)) group.uses.push({ resource, path });
    }
  }
  return [...found.values()].filter(({ uses }) => uses.length > 0);
}

/** The values of a resource that name a key. */
function keyValues(view: View, resource: ResourceUnder): readonly { readonly value: Value; readonly path: Path }[] {
  const found: { value: Value; path: Path }[] = [];
  const walk = (value: Value, isKey: boolean, path: Path): void => {
    const text = view.text(value);
    if (text !== undefined) {
      if (isKey && (keyOf(view, value) !== undefined || KEY_TEXT.test(text))) found.push({ value, path });
    } else if (isList(value)) {
      for (const [index, item] of value.entries()) walk(item, isKey, [...path, index]);
    } else if (isMap(value)) {
      for (const key of keysOf(value)) walk(get(value, key)!, isKey || KEY_PROPERTY.test(key), [...path, key]);
    }
  };
  walk(resource.properties, false, pathOf(resource));
  return found;
}

/** The key of the template that a value names, by itself or by its alias. */
function keyOf(view: View, value: Value): ResourceUnder | undefined {
  const key = view.graph.target(value, ...KEY_TYPES);
  if (key !== undefined) return key;
  const text = view.text(value)?.replace(/^arn:[^:]*:kms:[^:]*:[^:]*:(?=alias\/)/, '');
  const alias =
    view.graph.target(value, ALIAS_TYPE) ??
    view.resources(ALIAS_TYPE).find(({ properties }) => view.text(get(properties, 'AliasName')) === text);
  return alias === undefined ? undefined : view.graph.target(get(alias.properties, 'TargetKeyId'), ...KEY_TYPES);
}

/** A resource with its tag. */
export interface Tagged {
  readonly resource: ResourceUnder;
  readonly tag: Tag;
}

/**
 * Compares a tag of each key with that of the resources that use it.
 *
 * @param tag - The key of the tag.
 * @param noun - What the tag says, such as `data class`.
 * @param stackTags - Tags that every stack gives to its resources: who lacks them in the template has them all the same.
 */
export function checkUsersAgree(view: View, tag: string, noun: string, stackTags: readonly string[]): void {
  const fromStack = stackTags.includes(tag);
  for (const { key, name, uses } of usedKeys(view)) {
    const own = key === undefined ? undefined : tagOf(view, key, tag);
    const users = uses.map(({ resource }): Tagged => ({ resource, tag: tagOf(view, resource, tag) }));
    const first = own?.state === 'value' ? own : users.map((user) => user.tag).find(({ state }) => state === 'value');
    if (first?.state !== 'value') {
      if (own?.state === 'unknown') view.open(key!, own.path, own.unknowns);
      continue;
    }
    const whose = own === first ? `the key \`${name}\`` : 'another resource with the same key';
    for (const user of users) {
      if (user.tag === first) view.pass(user.resource);
      else compare(view, user, first, { tag, noun, name, whose, isOwn: own === first && !fromStack });
    }
  }
}

interface Words {
  readonly tag: string;
  readonly noun: string;
  readonly name: string;
  readonly whose: string;
  /** Whether the key itself has the tag, so that its users must have it too. */
  readonly isOwn: boolean;
}

function compare(view: View, user: Tagged, first: Tag & { state: 'value' }, words: Words): void {
  const { resource, tag: its } = user;
  const { tag, noun, name, whose, isOwn } = words;
  const said = view.unknownsIn(first.text).length > 0 ? 'the value of a parameter' : `\`${first.text}\``;
  if (its.state === 'unknown') view.open(resource, its.path, its.unknowns);
  else if (its.state === 'absent' && isOwn) {
    const message = `\`${resource.logicalId}\` uses ${whose}, whose ${noun} is ${said}, but has no tag \`${tag}\``;
    view.fail(resource, { path: its.path, missing: true, message, subject: `${tag} ${name}` });
  } else if (its.state === 'value') {
    const unknowns = [...its.unknowns, ...first.unknowns];
    if (its.text === first.text) view.pass(resource);
    else if (unknowns.length > 0) view.open(resource, its.path, unknowns);
    else {
      const message = `the ${noun} of \`${resource.logicalId}\` is \`${its.text}\`, that of ${whose} is ${said}: each needs its own key`;
      view.fail(resource, { path: its.path, message, subject: `${tag} ${name}` });
    }
  }
}
