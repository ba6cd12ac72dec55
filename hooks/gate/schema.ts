/**
 * Restricted resource schemas: JSON Schema draft-07 as CloudFormation writes it, with only the keywords that the gate can
 * decide. A schema says all that is approved; what it does not name is refused, at any depth.
 *
 * Keywords that start with `x-` are ours. They say why something is closed, or that somebody opened it, and change nothing
 * for a reader that does not know them: such a reader accepts the same values.
 */

/** A part of a restricted schema. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  /** `false`; or, where an overlay opened a map, the schema of its values. */
  readonly additionalProperties?: false | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  /** Further limits of a scalar that has such a limit already. */
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly Scalar[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
  /** Only `{}`: nothing fits. */
  readonly not?: Readonly<Record<string, never>>;
  readonly $ref?: string;
  /** Why nothing fits: the value may hold anything, or is a map whose keys the template chooses. */
  readonly 'x-free-form'?: FreeForm;
  /** An overlay opened a free-form value. */
  readonly 'x-approved'?: true;
  /** Properties that an overlay took away, with what it says of them. */
  readonly 'x-forbidden'?: Readonly<Record<string, string>>;
  /** What an overlay says to somebody whose value is refused here. */
  readonly 'x-message'?: string;
  /** Ids of the controls that a limit puts into practice. */
  readonly 'x-controls'?: readonly string[];
}

export type Scalar = string | number | boolean;

/** `json`: any value; a map: an object whose keys the template chooses, with the schema of its values. */
export type FreeForm = 'json' | { readonly map: Schema };

/** The restricted schema of one resource type. */
export interface RestrictedSchema extends Schema {
  readonly $schema: 'http://json-schema.org/draft-07/schema#';
  readonly typeName: string;
  /** Where it comes from. */
  readonly 'x-source': { readonly database: string; readonly version: string; readonly date: string };
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** The way into a value by names; `*` stands for the elements of a list and the values of a map. */
export type SchemaPath = readonly string[];

const REFERENCE = '#/definitions/';

export function reference(name: string): Schema {
  return { $ref: `${REFERENCE}${name}` };
}

/**
 * Follows references to the definition that they name.
 *
 * @throws RangeError when there is none. Schemas are verified before they are used, so that would be a fault of ours.
 */
export function resolved(root: RestrictedSchema, schema: Schema): Schema {
  let at = schema;
  for (let steps = 0; at.$ref !== undefined; steps++) {
    const next = definitionOf(root, at.$ref);
    if (next === undefined || steps > 100) throw new RangeError(`${root.typeName}: no definition ${at.$ref}`);
    at = next;
  }
  return at;
}

/** The definition that a reference names; `undefined` when there is none. */
export function definitionOf(root: RestrictedSchema, $ref: string): Schema | undefined {
  const name = $ref.startsWith(REFERENCE) ? $ref.slice(REFERENCE.length) : undefined;
  return name === undefined || !Object.hasOwn(root.definitions, name) ? undefined : root.definitions[name];
}

/** The schema of the properties alone, without what is said of the type. */
export function bodyOf(root: RestrictedSchema): Schema {
  const aside = new Set(['$schema', 'typeName', 'x-source', 'definitions']);
  return Object.fromEntries(Object.entries(root).filter(([key]) => !aside.has(key)));
}

/** A record's own value. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A copy of a record with one entry more or changed, whatever its key is called. */
export function withEntry<T>(record: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>> {
  return Object.fromEntries([...Object.entries(record), [key, value]]);
}

/** A copy of a record without one of its keys. */
export function withoutEntry<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** A path as overlays write it, such as `/Rules`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The steps of a path as overlays write it. */
export function pathSteps(text: string): SchemaPath {
  return text
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where in a schema a value stands: `*` for elements of lists, and for values of maps that an overlay opened. */
export function schemaPathOf(root: RestrictedSchema, path: readonly (string | number)[]): SchemaPath {
  const steps: string[] = [];
  let at: Schema | undefined = root;
  for (const step of path) {
    const key = String(step);
    const node: Schema | undefined = at === undefined ? undefined : resolved(root, at);
    const forms: readonly Schema[] = (node?.anyOf ?? (node === undefined ? [] : [node])).map((each) =>
      resolved(root, each),
    );
    const holder = forms.find((form) => own(form.properties, key) !== undefined);
    const rest = forms.find((form) => form.type === 'array' || typeof form.additionalProperties === 'object');
    const isMember = holder !== undefined || rest === undefined;
    steps.push(isMember ? key : '*');
    at = isMember ? own(holder?.properties, key) : (rest.items ?? (rest.additionalProperties as Schema | undefined));
  }
  return steps;
}
