/**
 * Whether a schema is one that the gate can be built on: closed at every object, and with no keyword that the gate does not
 * know, since a keyword that is passed over would be a limit that does not hold.
 */
import { isPlaceholder, PLACEHOLDERS, placeholdersIn, readPattern } from './pattern.js';
import { bodyOf, definitionOf, pathText } from './schema.js';
import type { RestrictedSchema, Schema } from './schema.js';

/** A fault of a schema. */
export interface SchemaFault {
  /** JSON pointer into the schema. */
  readonly pointer: string;
  /** A sentence without full stop. */
  readonly message: string;
}

const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);
/** Keywords that say nothing about values. */
const NOTES = new Set(['description', 'x-free-form', 'x-approved', 'x-forbidden', 'x-message', 'x-controls']);
const ROOT_NOTES = new Set(['$schema', 'typeName', 'x-source', 'definitions']);
const BY_TYPE: Readonly<Record<string, ReadonlySet<string>>> = {
  object: new Set(['type', 'properties', 'additionalProperties', 'required']),
  array: new Set(['type', 'items', 'minItems', 'maxItems', 'uniqueItems']),
  string: new Set(['type', 'enum', 'pattern', 'minLength', 'maxLength', 'allOf']),
  integer: new Set(['type', 'enum', 'minimum', 'maximum', 'allOf']),
  number: new Set(['type', 'enum', 'minimum', 'maximum', 'allOf']),
  boolean: new Set(['type', 'enum', 'allOf']),
};
/** Deeper nesting is no schema of a resource. */
const MAX_DEPTH = 60;

/**
 * Looks for what would open a schema.
 *
 * @param value - Anything, such as the content of a file.
 * @param typeName - The resource type that it has to be of.
 * @returns No fault: the value is a {@link RestrictedSchema}.
 */
export function schemaFaults(value: unknown, typeName: string): readonly SchemaFault[] {
  if (!isRecord(value)) return [{ pointer: '', message: 'a schema is an object' }];
  const verifier = new Verifier(value as unknown as RestrictedSchema);
  verifier.root(typeName);
  return verifier.faults;
}

class Verifier {
  readonly faults: SchemaFault[] = [];

  constructor(private readonly schema: RestrictedSchema) {}

  root(typeName: string): void {
    const { schema } = this;
    if (schema.typeName !== typeName) this.fault(['typeName'], `\`typeName\` is not \`${typeName}\``);
    const source: unknown = schema['x-source'];
    if (!isRecord(source) || typeof source['date'] !== 'string') this.fault(['x-source'], 'it has no date');
    if (!isRecord(schema.definitions)) {
      this.fault(['definitions'], '`definitions` is no object');
      return;
    }
    if ((schema as Schema).type !== 'object') this.fault(['type'], 'the schema of a resource is of type object');
    const { definitions } = schema;
    this.node(bodyOf(schema), []);
    for (const [name, definition] of Object.entries(definitions)) this.node(definition, ['definitions', name]);
    this.loops();
  }

  /** References that lead to references only would never come to an end. */
  private loops(): void {
    for (const [name, definition] of Object.entries(this.schema.definitions)) {
      const seen = new Set<Schema>();
      let at: Schema | undefined = definition;
      while (typeof at?.$ref === 'string' && !seen.has(at)) {
        seen.add(at);
        at = definitionOf(this.schema, at.$ref);
      }
      if (at !== undefined && seen.has(at)) this.fault(['definitions', name], 'its references lead in a circle');
    }
  }

  private node(value: unknown, path: readonly string[]): void {
    if (path.length > MAX_DEPTH) {
      this.fault(path, 'it is nested too deeply');
      return;
    }
    if (!isRecord(value)) {
      this.fault(path, 'a schema is an object');
      return;
    }
    const schema = value as Schema;
    const keywords = Object.keys(value).filter((key) => !NOTES.has(key));
    this.notes(schema, path);
    const kind = this.kindOf(schema, keywords, path);
    if (kind === null) return;
    for (const keyword of keywords) {
      if (kind.has(keyword)) continue;
      const known = ROOT_NOTES.has(keyword) ? ' below the root' : '';
      this.fault([...path, keyword], `the gate does not know the keyword \`${keyword}\`${known} here`);
    }
    if (schema.type === 'object') this.object(schema, path);
    if (schema.type === 'array') this.node(schema.items, [...path, 'items']);
    this.limits(schema, path);
    const { anyOf } = schema;
    if (anyOf !== undefined) this.all(anyOf, [...path, 'anyOf']);
  }

  /** The keywords that a schema may have; `null` when nothing more is to be looked at. */
  private kindOf(schema: Schema, keywords: readonly string[], path: readonly string[]): ReadonlySet<string> | null {
    if (schema.type !== undefined) {
      if (TYPES.has(schema.type)) return BY_TYPE[schema.type]!;
      this.fault([...path, 'type'], 'the gate does not know this type');
      return null;
    }
    if (schema.$ref !== undefined) {
      // What stands beside a reference does not count in draft-07.
      if (typeof schema.$ref !== 'string' || definitionOf(this.schema, schema.$ref) === undefined) {
        this.fault([...path, '$ref'], `there is no definition \`${schema.$ref}\``);
      }
      return new Set(['$ref']);
    }
    if (schema.anyOf !== undefined) return new Set(['anyOf']);
    if (schema.not !== undefined) {
      if (!isRecord(schema.not) || Object.keys(schema.not).length > 0) {
        this.fault([...path, 'not'], 'only `{}` is known here');
      }
      return new Set(['not']);
    }
    if (schema['x-approved'] === true && keywords.length === 0) return null;
    this.fault(path, 'it accepts anything: no type, reference or choice is given');
    return null;
  }

  private object(schema: Schema, path: readonly string[]): void {
    const properties: unknown = schema.properties ?? {};
    if (!isRecord(properties)) this.fault([...path, 'properties'], '`properties` is no object');
    else for (const [name, each] of Object.entries(properties)) this.node(each, [...path, 'properties', name]);
    const { additionalProperties: rest } = schema as Readonly<Record<string, unknown>>;
    if (rest !== false) {
      if (schema['x-approved'] !== true || !isRecord(rest)) {
        this.fault([...path, 'additionalProperties'], 'the object is open: `additionalProperties` is not `false`');
      } else this.node(rest, [...path, 'additionalProperties']);
    }
    const { required = [] } = schema;
    if (!isTexts(required)) this.fault([...path, 'required'], 'it is no list of names');
  }

  private limits(schema: Schema, path: readonly string[]): void {
    for (const key of ['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum'] as const) {
      const value: unknown = schema[key];
      if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value))) {
        this.fault([...path, key], 'it is no number');
      }
    }
    const unique: unknown = schema.uniqueItems;
    if (unique !== undefined && unique !== true) this.fault([...path, 'uniqueItems'], 'only `true` is known here');
    const values: unknown = schema.enum;
    if (values !== undefined) {
      if (!Array.isArray(values) || values.length === 0 || !values.every(isScalar)) {
        this.fault([...path, 'enum'], 'it is no list of texts, numbers or Booleans');
      } else for (const each of values) if (typeof each === 'string') this.placeholders(each, [...path, 'enum']);
    }
    const pattern: unknown = schema.pattern;
    if (pattern !== undefined) this.pattern(pattern, [...path, 'pattern']);
    const { allOf } = schema;
    if (allOf !== undefined) {
      this.all(allOf, [...path, 'allOf']);
      if (Array.isArray(allOf) && allOf.some((each: unknown) => !isRecord(each) || each['type'] !== schema.type)) {
        this.fault([...path, 'allOf'], 'its parts are not of the same type');
      }
    }
  }

  private pattern(pattern: unknown, path: readonly string[]): void {
    if (typeof pattern !== 'string') {
      this.fault(path, 'it is no text');
      return;
    }
    this.placeholders(pattern, path);
    const read = readPattern(pattern);
    if ('problem' in read) this.fault(path, read.problem);
    else if (!pattern.startsWith('^') || !pattern.endsWith('$')) this.fault(path, 'it is not bound by `^` and `$`');
  }

  private placeholders(text: string, path: readonly string[]): void {
    for (const name of placeholdersIn(text)) {
      if (!isPlaceholder(name)) {
        this.fault(path, `there is no placeholder \`<${name}>\`; there are ${PLACEHOLDERS.join(', ')}`);
      }
    }
  }

  private notes(schema: Schema, path: readonly string[]): void {
    const free = schema['x-free-form'];
    if (free !== undefined && free !== 'json') {
      if (isRecord(free)) this.node(free.map, [...path, 'x-free-form', 'map']);
      else this.fault([...path, 'x-free-form'], 'it is neither `json` nor a map');
    }
    const controls: unknown = schema['x-controls'];
    if (controls !== undefined && !isTexts(controls)) this.fault([...path, 'x-controls'], 'it is no list of names');
    const message: unknown = schema['x-message'];
    if (message !== undefined && typeof message !== 'string') this.fault([...path, 'x-message'], 'it is no text');
    const forbidden: unknown = schema['x-forbidden'];
    if (forbidden !== undefined && !(isRecord(forbidden) && isTexts(Object.values(forbidden)))) {
      this.fault([...path, 'x-forbidden'], 'it is no map of texts');
    }
  }

  private all(schemas: unknown, path: readonly string[]): void {
    if (!Array.isArray(schemas) || schemas.length === 0) this.fault(path, 'it is no list of schemas');
    else {
      schemas.forEach((each, index) => {
        this.node(each, [...path, String(index)]);
      });
    }
  }

  private fault(path: readonly string[], message: string): void {
    this.faults.push({ pointer: pathText(path), message });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
