/**
 * Resources that have another logical id in the new template and are the same otherwise. Their new ids are written back to
 * the old ones before anything is compared, so that a rename by itself is nothing.
 *
 * A resource is found again by the name that its properties give it, or by equal content, where references to other
 * renamed resources count as equal when these are (colour refinement over the graph of references).
 */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import { jsonOf } from '../json.js';

/** New logical id → old one. */
export type Renames = ReadonlyMap<string, string>;

/** Properties that hold the physical name, in the order of preference. */
const NAMES = ['RoleName', 'UserName', 'GroupName', 'ManagedPolicyName', 'BucketName', 'TopicName', 'QueueName'];
const MORE_NAMES = ['FunctionName', 'TableName', 'DBInstanceIdentifier', 'TrailName', 'RepositoryName', 'LogGroupName'];

const ROUNDS = 4;

/** Which resources of the new template are resources of the old one under another logical id. */
export function findRenames(older: ValueMap, newer: ValueMap): Renames {
  const [before, after] = [resourcesOf(older), resourcesOf(newer)];
  const gone = [...before.keys()].filter((id) => !after.has(id));
  const come = [...after.keys()].filter((id) => !before.has(id));
  const renames = new Map<string, string>();
  if (gone.length === 0 || come.length === 0) return renames;
  pair(gone, come, (id, side) => nameKey((side === 'old' ? before : after).get(id)!), renames);
  const left = gone.filter((id) => ![...renames.values()].includes(id));
  const right = come.filter((id) => !renames.has(id));
  if (left.length === 0 || right.length === 0) return renames;
  const [one, other] = [signatures(before, new Set(left)), signatures(after, new Set(right), renames)];
  pair(left, right, (id, side) => (side === 'old' ? one : other).get(id), renames);
  return renames;
}

/** Pairs ids of equal keys; several of one key in their order. */
function pair(
  gone: readonly string[],
  come: readonly string[],
  keyOf: (id: string, side: 'old' | 'new') => string | undefined,
  renames: Map<string, string>,
): void {
  const free = new Map<string, string[]>();
  for (const id of gone) {
    const key = keyOf(id, 'old');
    if (key !== undefined) free.set(key, [...(free.get(key) ?? []), id]);
  }
  for (const id of come) {
    const key = keyOf(id, 'new');
    const found = key === undefined ? undefined : free.get(key)?.shift();
    if (found !== undefined) renames.set(id, found);
  }
}

function typeOf(resource: ValueMap): string {
  const type = get(resource, 'Type');
  return typeof type === 'string' ? type : '';
}

function nameKey(resource: ValueMap): string | undefined {
  const properties = get(resource, 'Properties');
  if (!isMap(properties)) return undefined;
  for (const property of [...NAMES, ...MORE_NAMES]) {
    const name = get(properties, property);
    if (typeof name === 'string' && name !== '') return `${typeOf(resource)} ${property} ${name}`;
  }
  return undefined;
}

function resourcesOf(template: ValueMap): ReadonlyMap<string, ValueMap> {
  const section = get(template, 'Resources');
  const entries = isMap(section) ? keysOf(section).map((id) => [id, section[id]!] as const) : [];
  return new Map(entries.filter((entry): entry is readonly [string, ValueMap] => isMap(entry[1])));
}

/** A text for each of some resources that is equal for equal content, whatever these resources are called. */
function signatures(
  resources: ReadonlyMap<string, ValueMap>,
  open: ReadonlySet<string>,
  renames: Renames = new Map(),
): ReadonlyMap<string, string> {
  let colours = new Map([...open].map((id) => [id, typeOf(resources.get(id)!)]));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Map<string, string>();
    for (const id of open) {
      const named = (name: string): string => renames.get(name) ?? (open.has(name) ? `#${colours.get(name)!}` : name);
      next.set(id, sortedJson(rewritten(resources.get(id)!, named)));
    }
    colours = numbered(next);
  }
  return new Map([...open].map((id) => [id, contentOf(resources.get(id)!, open, colours, renames)]));
}

/** Colours are long texts of texts unless each round shortens them. */
function numbered(colours: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...colours].map(([id, text]) => [id, digest(text)]));
}

function contentOf(
  resource: ValueMap,
  open: ReadonlySet<string>,
  colours: ReadonlyMap<string, string>,
  renames: Renames,
): string {
  const named = (name: string): string => renames.get(name) ?? (open.has(name) ? `#${colours.get(name)!}` : name);
  return sortedJson(rewritten(resource, named));
}

/** Two numbers of 32 bits as text (FNV-1a); texts that are compared with it are of one template and its successor. */
function digest(text: string): string {
  let [one, other] = [0x81_1c_9d_c5, 0x12_34_56_78];
  for (let index = 0; index < text.length; index++) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x01_00_01_93);
    other = Math.imul(other ^ text.charCodeAt(index), 0x85_eb_ca_6b) ^ (other >>> 13);
  }
  return `${(one >>> 0).toString(16)}${(other >>> 0).toString(16)}`;
}

/** Metadata says nothing of what is deployed: CDK writes paths and hashes there that change with the logical id. */
function sortedJson(value: Value): string {
  if (isList(value)) return `[${value.map(sortedJson).join()}]`;
  if (!isMap(value)) return typeof value === 'bigint' ? String(value) : jsonOf(value);
  const keys = keysOf(value).filter((key) => key !== 'Metadata');
  return `{${[...keys]
    .sort()
    .map((key) => `${jsonOf(key)}:${sortedJson(value[key]!)}`)
    .join()}}`;
}

/** The new template with old logical ids. */
export function withOldNames(template: ValueMap, renames: Renames): ValueMap {
  if (renames.size === 0) return template;
  const named = (name: string): string => renames.get(name) ?? name;
  return rewritten(template, named, renames) as ValueMap;
}

/** A copy in which references name other logical ids. @param keys - Ids of resources that are written in other keys. */
function rewritten(value: Value, named: (name: string) => string, keys?: Renames): Value {
  if (isList(value)) return value.map((item) => rewritten(item, named));
  if (!isMap(value)) return value;
  const names = keysOf(value);
  const [only] = names;
  const argument = names.length === 1 ? value[only!]! : undefined;
  if (argument !== undefined && only === 'Ref' && typeof argument === 'string') return { Ref: named(argument) };
  if (argument !== undefined && only === 'Fn::GetAtt') return { 'Fn::GetAtt': attribute(argument, named) };
  if (argument !== undefined && only === 'Fn::Sub') return { 'Fn::Sub': substitution(argument, named) };
  return Object.fromEntries(
    names.map((key): readonly [string, Value] => {
      const inner = value[key]!;
      if (key === 'DependsOn') return [key, dependencies(inner, named)];
      if (keys !== undefined && key === 'Resources' && isMap(inner)) {
        return [key, Object.fromEntries(keysOf(inner).map((id) => [named(id), rewritten(inner[id]!, named)]))];
      }
      return [key, rewritten(inner, named)];
    }),
  );
}

function attribute(argument: Value, named: (name: string) => string): Value {
  if (isList(argument)) {
    const [id, ...rest] = argument;
    return [typeof id === 'string' ? named(id) : (id ?? null), ...rest.map((item) => rewritten(item, named))];
  }
  if (typeof argument !== 'string') return argument;
  const dot = argument.indexOf('.');
  return dot < 0 ? argument : [named(argument.slice(0, dot)), argument.slice(dot + 1)];
}

function substitution(argument: Value, named: (name: string) => string): Value {
  const [text, variables] = isList(argument) ? argument : [argument];
  const own = variables !== undefined && isMap(variables) ? keysOf(variables) : [];
  const replaced =
    typeof text === 'string'
      ? text.replace(/\$\{([^!}.][^}.]*)((?:\.[^}]*)?)\}/g, (whole, name: string, rest: string) =>
          own.includes(name.trim()) ? whole : `\${${named(name.trim())}${rest}}`,
        )
      : (text ?? null);
  return isList(argument) ? [replaced, ...argument.slice(1).map((item) => rewritten(item, named))] : replaced;
}

function dependencies(value: Value, named: (name: string) => string): Value {
  if (typeof value === 'string') return named(value);
  return isList(value) ? value.map((item) => (typeof item === 'string' ? named(item) : item)) : value;
}
