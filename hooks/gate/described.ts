/**
 * From the schema of a type as the CloudFormation registry has it to a restricted schema: the same properties, closed at
 * every object, with AWS's own patterns, ranges and lists. What it accepts, the schema of AWS accepts, for every keyword
 * that is taken over; what is not taken over is told.
 *
 * Follows "Resource type schema" of the CloudFormation CLI User Guide
 * (https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html, read 2026-11-21).
 */
import { resourceType } from '../../catalogue/index.js';
import type { Property, PropertyType } from '../../catalogue/index.js';
import { EditFault, takeOut } from './edit.js';
import type { SchemaSource } from './generate.js';
import { boundPattern, placeholdersIn, readPattern } from './pattern.js';
import { pathSteps, pathText, reference } from './schema.js';
import type { RestrictedSchema, Scalar, Schema } from './schema.js';
import { schemaFaults } from './verify.js';

/** Something that AWS says of a value and the schema does not hold. */
export interface LeftOut {
  /** Where in the schema of AWS. */
  readonly pointer: string;
  /** Such as ``the pattern `…`: why``. */
  readonly what: string;
}

export type Described =
  { readonly schema: RestrictedSchema; readonly leftOut: readonly LeftOut[] } | { readonly problem: string };

type Json = Readonly<Record<string, unknown>>;

/** Keywords that are taken over, or that say nothing about values. */
const KNOWN = new Set(
  [
    '$ref $id $schema $comment type properties required items enum const pattern minLength maxLength minimum maximum',
    'minItems maxItems uniqueItems additionalProperties patternProperties anyOf oneOf allOf definitions description title',
    'default examples format insertionOrder arrayType markdownDescription relationshipRef typeName sourceUrl',
    'documentationUrl replacementStrategy taggable tagging typeConfiguration createOnlyProperties readOnlyProperties',
    'conditionalCreateOnlyProperties writeOnlyProperties nonPublicProperties nonPublicDefinitions deprecatedProperties',
    'primaryIdentifier additionalIdentifiers handlers remote resourceLink propertyTransform',
  ].flatMap((line) => line.split(' ')),
);
const SCALARS = ['string', 'integer', 'number', 'boolean'] as const;
type ScalarType = (typeof SCALARS)[number];
const FREE: Schema = { not: {}, 'x-free-form': 'json' };
/** Any text: no value of AWS holds the character that is left out. */
const ANYTHING = '[^\u{0}]*';

/**
 * Makes the restricted schema.
 *
 * @param text - The schema that DescribeType gives.
 * @returns The schema, and what AWS says that it does not hold; why not when the text is no schema of the type.
 */
export function describedSchema(typeName: string, text: string, source: SchemaSource): Described {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'its schema is not JSON' };
  }
  if (!isJson(value) || !isJson(value['properties'])) return { problem: 'its schema has no properties' };
  if (value['typeName'] !== typeName) return { problem: `its schema is of the type \`${String(value['typeName'])}\`` };
  const reading = new Reading(value);
  const body = reading.root(resourceType(typeName)?.properties);
  let schema: RestrictedSchema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    typeName,
    'x-source': source,
    ...body,
    definitions: reading.definitions(),
  };
  for (const path of readOnly(value)) schema = without(schema, path);
  const [fault] = schemaFaults(schema, typeName);
  if (fault !== undefined) return { problem: `its schema cannot be used: ${fault.message} (at ${fault.pointer})` };
  return { schema, leftOut: reading.leftOut };
}

/** Properties that only AWS sets. A template that has them is refused by AWS. */
function readOnly({ readOnlyProperties: written }: Json): readonly string[] {
  const paths = Array.isArray(written) ? written.filter((each): each is string => typeof each === 'string') : [];
  return paths.map((path) =>
    path
      .replace(/^\/properties/, '')
      .replaceAll('/properties/', '/')
      .replaceAll('/items', '/*'),
  );
}

function without(schema: RestrictedSchema, path: string): RestrictedSchema {
  try {
    return takeOut(schema, pathSteps(path));
  } catch (error) {
    // Lies within a value that is closed anyway.
    if (error instanceof EditFault) return schema;
    throw error;
  }
}

class Reading {
  readonly leftOut: LeftOut[] = [];
  private readonly defined = new Map<string, Schema>();

  constructor(private readonly document: Json) {}

  root(known: ReadonlyMap<string, Property> | undefined): Schema {
    return this.object(this.document, [], known);
  }

  definitions(): Readonly<Record<string, Schema>> {
    return Object.fromEntries([...this.defined].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** @param known - What the catalogue says of the value: lists of values that the registry does not have. */
  private value(node: unknown, path: readonly string[], known?: PropertyType): Schema {
    if (!isJson(node)) return FREE;
    if (typeof node['$ref'] === 'string') return this.referenced(node['$ref'], path, known);
    this.others(node, path);
    const types = typesOf(node);
    if (types.length > 1) {
      if (!types.every(isScalar)) return FREE;
      return { anyOf: types.map((type) => this.scalar(node, type, path, undefined)) };
    }
    const [type] = types;
    if (type === 'object') {
      return isJson(node['properties'])
        ? this.object(node, path, known?.kind === 'object' ? known.properties : undefined)
        : this.map(node, path);
    }
    if (type === 'array') {
      const items = this.value(node['items'], [...path, 'items'], known?.kind === 'list' ? known.element : undefined);
      return {
        type,
        items,
        ...numbersOf(node, ['minItems', 'maxItems']),
        ...(node['uniqueItems'] === true && { uniqueItems: true }),
      };
    }
    if (type !== undefined && isScalar(type)) return this.scalar(node, type, path, known);
    return this.choice(node, path);
  }

  private object(node: Json, path: readonly string[], known?: ReadonlyMap<string, Property>): Schema {
    if (path.length === 0) this.others(node, path);
    const entries = Object.entries(node['properties'] as Json).map(([name, each]): [string, Schema] => [
      name,
      this.value(each, [...path, 'properties', name], known?.get(name)?.type),
    ]);
    const parts = Array.isArray(node['allOf']) ? node['allOf'].filter(isJson) : [];
    const names = new Set(entries.map(([name]) => name));
    const required = [node, ...parts].flatMap((each) => texts(each['required'])).filter((name) => names.has(name));
    return {
      type: 'object',
      additionalProperties: false,
      ...(required.length > 0 && { required: [...new Set(required)].sort() }),
      properties: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  /** An object whose keys the template chooses. */
  private map(node: Json, path: readonly string[]): Schema {
    const patterns = isJson(node['patternProperties']) ? Object.entries(node['patternProperties']) : [];
    const rest = node['additionalProperties'];
    const [[name, element] = ['', rest], ...more] = patterns;
    if (more.length > 0 || !isJson(element) || Object.keys(element).length === 0) return FREE;
    if (name !== '') this.tell(path, `the form of its keys \`${name}\``);
    return { not: {}, 'x-free-form': { map: this.value(element, [...path, 'element']) } };
  }

  private choice(node: Json, path: readonly string[]): Schema {
    const forms = [node['anyOf'], node['oneOf']].find(Array.isArray) as readonly unknown[] | undefined;
    const isShaped = (form: unknown): boolean =>
      isJson(form) && (form['$ref'] !== undefined || typesOf(form).length > 0);
    if (forms !== undefined && forms.length > 0 && forms.every(isShaped)) {
      const anyOf = forms.map((form, index) => this.value(form, [...path, 'anyOf', String(index)]));
      return anyOf.some((form) => form.not !== undefined) ? FREE : { anyOf };
    }
    return FREE;
  }

  private scalar(node: Json, type: ScalarType, path: readonly string[], known: PropertyType | undefined): Schema {
    const fits = (value: unknown): value is Scalar =>
      type === 'string'
        ? typeof value === 'string'
        : type === 'boolean'
          ? typeof value === 'boolean'
          : typeof value === 'number';
    const written = node['const'] === undefined ? node['enum'] : [node['const']];
    const own = Array.isArray(written) ? written.filter(fits) : undefined;
    const listed = known !== undefined && 'values' in known ? known.values : undefined;
    const values = own ?? listed;
    if (own?.length === 0) return { not: {} };
    if (type === 'boolean') return { type, ...(values !== undefined && { enum: values }) };
    if (type !== 'string') {
      return { type, ...(values !== undefined && { enum: values }), ...numbersOf(node, ['minimum', 'maximum']) };
    }
    const pattern = typeof node['pattern'] === 'string' ? this.pattern(node['pattern'], path) : undefined;
    return {
      type,
      // A placeholder is ours; a value of AWS that reads as one is none.
      ...(values !== undefined && { enum: values }),
      ...(pattern !== undefined && { pattern }),
      ...numbersOf(node, ['minLength', 'maxLength']),
    };
  }

  /** The pattern, as it is about the whole value; `undefined` when it cannot be used, which is told. */
  private pattern(written: string, path: readonly string[]): string | undefined {
    const bound = boundPattern(written);
    const pattern = bound === written ? written : `^${ANYTHING}(?:${written})${ANYTHING}$`;
    const read = readPattern(pattern);
    const problem =
      placeholdersIn(written).length > 0 ? 'it has angle brackets' : 'problem' in read ? read.problem : null;
    if (problem === null) return pattern;
    this.tell(path, `the pattern \`${written}\`: ${problem}`);
    return undefined;
  }

  private referenced($ref: string, path: readonly string[], known: PropertyType | undefined): Schema {
    const target = pathSteps($ref.replace(/^#/, '')).reduce<unknown>(
      (at, step) =>
        isJson(at) && Object.hasOwn(at, step) ? at[step] : Array.isArray(at) ? at[Number(step)] : undefined,
      this.document,
    );
    if (!$ref.startsWith('#/') || !isJson(target)) return FREE;
    const node = target;
    // Only objects can hold themselves; a scalar is written where it is used.
    if (typesOf(node).length === 1 && isScalar(typesOf(node)[0]!)) return this.value(node, path, known);
    const name = $ref.replace(/^#\/(?:definitions\/)?/, '').replace(/[^A-Za-z0-9]+/g, '-');
    if (!this.defined.has(name)) {
      this.defined.set(name, {});
      this.defined.set(name, this.value(node, pathSteps($ref.slice(1)), known));
    }
    return reference(name);
  }

  /** Tells what is not taken over. */
  private others(node: Json, path: readonly string[]): void {
    for (const keyword of Object.keys(node)) if (!KNOWN.has(keyword)) this.tell(path, `\`${keyword}\``);
    for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const) {
      if (!Array.isArray(node[keyword])) continue;
      const isRequired = (part: unknown): boolean => isJson(part) && Object.keys(part).join() === 'required';
      const isTaken = keyword === 'allOf' ? node[keyword].every(isRequired) : typesOf(node).length === 0;
      if (!isTaken || keyword === 'oneOf') this.tell(path, `\`${keyword}\``);
    }
  }

  private tell(path: readonly string[], what: string): void {
    this.leftOut.push({ pointer: pathText(path), what });
  }
}

function typesOf(node: Json): readonly string[] {
  const { type } = node;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return texts(type);
  if (isJson(node['properties'])) return ['object'];
  if (node['items'] !== undefined) return ['array'];
  const values = Array.isArray(node['enum']) ? node['enum'] : node['const'] === undefined ? [] : [node['const']];
  const isText = values.length > 0 && values.every((value) => typeof value === 'string');
  return isText || typeof node['pattern'] === 'string' ? ['string'] : [];
}

function isScalar(type: string): type is ScalarType {
  return (SCALARS as readonly string[]).includes(type);
}

function numbersOf(node: Json, names: readonly (keyof Schema)[]): Schema {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = node[name];
      return typeof value === 'number' && Number.isFinite(value) ? [[name, value]] : [];
    }),
  );
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
