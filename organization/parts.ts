/** Reads root, units and accounts one by one: their own keys, with `parent` still a text. */
import { get, isList, isMap, keysOf } from '../template/index.js';
import type { At, Path, TextForm, Value, ValueMap } from '../template/index.js';
import { badValue, missingKey, parentOfNested, typeNotChosen } from './diagnostics.js';
import { forEachType, OTHER_POLICY_TYPES, POLICY_TYPES } from './model.js';
import type { OrganizationParameters, OrganizationPolicyType, PolicyChoice } from './model.js';
import { ANY_TEXT, NAME, ROOT_ID, UNIT_ID, type OrganizationShapes } from './shape.js';

/** A root, unit or account as written. */
export interface Part {
  readonly kind: 'root' | 'unit' | 'account';
  readonly name: string;
  /** `''` for an account whose id cannot be read; `null` where none is written. */
  readonly id: string | null;
  readonly parent: At<string> | null;
  readonly environment: string | null;
  readonly parameters: OrganizationParameters;
  readonly fullAwsAccess: boolean;
  readonly policies: Readonly<Record<OrganizationPolicyType, readonly At<PolicyChoice>[]>>;
  readonly units: readonly Part[];
  readonly accounts: readonly Part[];
  /** Of the whole. */
  readonly path: Path;
  /** Where the name is written: the key of a map, or the value of `name`. */
  readonly namedAt: { readonly path: Path; readonly which: 'key' | 'value' };
}

const SHARED_KEYS = ['environment', 'parameters', 'policies'];
export const ROOT_KEYS = ['id', ...SHARED_KEYS, 'accounts', 'units'];
export const UNIT_KEYS = ['id', 'parent', ...SHARED_KEYS, 'accounts', 'units'];
export const ACCOUNT_KEYS = ['id', 'parent', ...SHARED_KEYS];
export const CHOICE_KEYS = ['template', 'parameters', 'file', 'name'];
export const POLICIES_KEYS = ['fullAwsAccess', ...POLICY_TYPES];
const OTHER_TYPE = new RegExp(`^(?:${Object.keys(OTHER_POLICY_TYPES).join('|')})$`);

const ROOT_ID_FORM: TextForm = { pattern: ROOT_ID, expected: 'the id of a root, such as r-ab12' };
const UNIT_ID_FORM: TextForm = {
  pattern: UNIT_ID,
  expected: 'the id of an organizational unit, such as ou-ab12-11111111',
};
const DOCUMENT_FORM: TextForm = { pattern: /\S/, expected: 'the path of a JSON document' };

/** Reads the root and everything below it. */
export function readRoot(value: Value, path: Path, shapes: OrganizationShapes): Part | null {
  const map = shapes.map(value, path, '`root`', ROOT_KEYS);
  if (map === null) return null;
  return {
    kind: 'root',
    name: 'Root',
    id: shapes.text(map, 'id', path, ROOT_ID_FORM),
    parent: null,
    ...sharedParts(map, path, shapes),
    ...childrenOf(map, path, 0, shapes),
    path,
    namedAt: { path, which: 'key' },
  };
}

/** @param depth - Of the units: 0 directly below the root, where a `parent` may stand. */
function childrenOf(
  map: ValueMap,
  path: Path,
  depth: number,
  shapes: OrganizationShapes,
): Pick<Part, 'units' | 'accounts'> {
  return {
    units: named(map, 'units', path, shapes).flatMap((entry) => readUnit(entry, depth, shapes) ?? []),
    accounts: named(map, 'accounts', path, shapes).flatMap((entry) => readAccount(entry, depth, shapes) ?? []),
  };
}

/** An entry of `units` or `accounts`. */
interface Named {
  /** `null` when it has to be read from the content. */
  readonly name: string | null;
  readonly value: Value;
  readonly path: Path;
}

/** The entries of a map from name to content, or of a list of contents with a `name`. */
function named(map: ValueMap, key: string, path: Path, shapes: OrganizationShapes): readonly Named[] {
  const value = get(map, key);
  const at = [...path, key];
  // A key without a value says that there are none yet.
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.map((item, index) => ({ name: null, value: item, path: [...at, index] }));
  if (!isMap(value)) {
    shapes.tell(badValue(`\`${key}\``, 'a map from name to content', shapes.range(at)));
    return [];
  }
  return keysOf(value).flatMap((name) => {
    if (NAME.pattern.test(name)) return { name, value: value[name]!, path: [...at, name] };
    shapes.tell(badValue(`\`${name}\``, NAME.expected, shapes.range([...at, name], 'key')));
    return [];
  });
}

function nameOf(
  entry: Named,
  map: ValueMap,
  where: string,
  shapes: OrganizationShapes,
): { readonly name: string; readonly namedAt: Part['namedAt'] } | null {
  const { path } = entry;
  if (entry.name !== null) return { name: entry.name, namedAt: { path, which: 'key' } };
  if (shapes.required(map, 'name', path, where, NAME.expected) === undefined) return null;
  const name = shapes.text(map, 'name', path, NAME);
  return name === null ? null : { name, namedAt: { path: [...path, 'name'], which: 'value' } };
}

function parentOf(
  map: ValueMap,
  path: Path,
  depth: number,
  what: string,
  shapes: OrganizationShapes,
): At<string> | null {
  const value = shapes.text(map, 'parent', path, ANY_TEXT);
  if (value === null) return null;
  const at = [...path, 'parent'];
  if (depth === 0) return { value, path: at };
  shapes.tell(parentOfNested(what, shapes.range(at)));
  return null;
}

function readUnit(entry: Named, depth: number, shapes: OrganizationShapes): Part | null {
  const { path } = entry;
  const where = entry.name === null ? 'an organizational unit' : `the organizational unit \`${entry.name}\``;
  // A unit of which nothing but its name is said.
  const empty = entry.name !== null && entry.value === null;
  const map = shapes.map(empty ? {} : entry.value, path, where, keys(UNIT_KEYS, entry));
  const name = map && nameOf(entry, map, where, shapes);
  if (map === null || name === null) return null;
  return {
    kind: 'unit',
    ...name,
    id: shapes.text(map, 'id', path, UNIT_ID_FORM),
    parent: parentOf(map, path, depth, where, shapes),
    ...sharedParts(map, path, shapes),
    ...childrenOf(map, path, depth + 1, shapes),
    path,
  };
}

function readAccount(entry: Named, depth: number, shapes: OrganizationShapes): Part | null {
  const { path, value } = entry;
  const where = entry.name === null ? 'an account' : `the account \`${entry.name}\``;
  // `name: '111122223333'` says no more than the id; anything else that is no map is taken for a bad id.
  const short = entry.name !== null && !isMap(value);
  const map = short ? {} : shapes.map(value, path, where, keys(ACCOUNT_KEYS, entry));
  const name = map && nameOf(entry, map, where, shapes);
  if (map === null || name === null) return null;
  const written = short ? value : get(map, 'id');
  if (written === undefined) {
    const expected = "12 digits in quotes, such as '111122223333'";
    shapes.tell(missingKey('id', where, expected, shapes.range(name.namedAt.path, name.namedAt.which)));
  }
  const id = written === undefined ? null : shapes.accountId(written, short ? path : [...path, 'id']);
  return {
    kind: 'account',
    ...name,
    id: id ?? '',
    parent: parentOf(map, path, depth, where, shapes),
    ...sharedParts(map, path, shapes),
    units: [],
    accounts: [],
    path,
  };
}

const keys = (own: readonly string[], { name }: Named): readonly string[] => (name === null ? ['name', ...own] : own);

type Shared = Pick<Part, 'environment' | 'parameters' | 'fullAwsAccess' | 'policies'>;

function sharedParts(map: ValueMap, path: Path, shapes: OrganizationShapes): Shared {
  const environment = shapes.text(map, 'environment', path, {
    pattern: /\S/,
    expected: 'a text, such as production',
  });
  const at = [...path, 'policies'];
  const value = get(map, 'policies');
  const policies = value === undefined ? {} : (shapes.map(value, at, '`policies`', POLICIES_KEYS, OTHER_TYPE) ?? {});
  for (const key of keysOf(policies)) {
    if (!OTHER_TYPE.test(key)) continue;
    shapes.tell(typeNotChosen(key, OTHER_POLICY_TYPES[key]!, POLICY_TYPES, shapes.range([...at, key], 'key')));
  }
  const chosen = (type: OrganizationPolicyType): readonly At<PolicyChoice>[] =>
    shapes.list(policies, type, at, 'a list of policy templates and documents').flatMap((item) => {
      const choice = readChoice(item, shapes);
      return choice === null ? [] : { value: choice, path: item.path };
    });
  return {
    environment,
    parameters: shapes.parameters(map, path),
    fullAwsAccess: shapes.boolean(policies, 'fullAwsAccess', at, true),
    policies: forEachType(chosen),
  };
}

/** `name-of-template`, `{ template, parameters }` or `{ file, name }`. */
function readChoice({ value, path }: At<Value>, shapes: OrganizationShapes): PolicyChoice | null {
  if (typeof value === 'string' && ANY_TEXT.pattern.test(value)) {
    return { kind: 'template', name: value, parameters: {} };
  }
  if (!isMap(value)) {
    const expected = 'the name of a policy template, or a map with `template` or `file`';
    shapes.tell(badValue('this policy', expected, shapes.range(path)));
    return null;
  }
  const isDocument = get(value, 'file') !== undefined;
  const isTemplate = get(value, 'template') !== undefined;
  if (isDocument === isTemplate) {
    shapes.map(value, path, 'a policy', CHOICE_KEYS);
    const expected = 'a map with one of `template` and `file`';
    shapes.tell(badValue('this policy', expected, shapes.range(path)));
    return null;
  }
  if (isTemplate) {
    shapes.map(value, path, 'a policy from a template', ['template', 'parameters']);
    const name = shapes.text(value, 'template', path, ANY_TEXT);
    return name === null ? null : { kind: 'template', name, parameters: shapes.parameters(value, path) };
  }
  shapes.map(value, path, 'a policy document', ['file', 'name']);
  const file = shapes.text(value, 'file', path, DOCUMENT_FORM);
  const name = shapes.text(value, 'name', path, NAME);
  if (file === null || (name === null && get(value, 'name') !== undefined)) return null;
  return { kind: 'document', name: name ?? documentName(file), file };
}

/** The name of a document that is given none: that of its file, without folders and `.json`. */
export function documentName(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.json$/i, '') || file;
}
