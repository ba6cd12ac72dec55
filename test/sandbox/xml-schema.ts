/** Holds XML to the schemas of operations that ship inside the AWS SDK. */
import { readXml, type XmlElement } from '../../sandbox/protocols/read-xml.js';

type Schema = number | 'unit' | readonly unknown[] | (() => Schema);
type Traits = Readonly<Record<string, unknown>>;

const [SIMPLE, LIST, MAP, STRUCTURE, ERROR] = [0, 1, 2, 3, -3];
const LIST_OF = 0x40;
const MAP_OF = 0x80;

/** What plain types look like, by the SDK's numbers of them. */
const TEXTS: Readonly<Record<number, RegExp>> = {
  0: /^[\s\S]*$/,
  1: /^-?\d+(?:\.\d+)?$/,
  2: /^(?:true|false)$/,
  4: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
  5: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
  21: /^[A-Za-z0-9+/]*={0,2}$/,
};

function unwrapped(schema: Schema): number | 'unit' | readonly unknown[] {
  return typeof schema === 'function' ? unwrapped(schema()) : schema;
}

function traitsOf(member: Schema): Traits {
  const isPair = Array.isArray(member) && member.length === 2;
  const traits = isPair ? (member as readonly unknown[])[1] : undefined;
  return typeof traits === 'object' && traits !== null ? (traits as Traits) : {};
}

/** What of an element a schema does not allow: members that it does not have, that are missing, or of another type. */
export function xmlDepartures(given: Schema, element: XmlElement, path = element.name): readonly string[] {
  const schema = unwrapped(given);
  if (schema === 'unit') return element.children.length === 0 ? [] : [`${path} is not empty`];
  if (typeof schema === 'number') return ofNumber(schema, element, path);
  const [kind] = schema;
  if (schema.length === 2) return xmlDepartures(kind as Schema, element, path);
  if (kind === SIMPLE) return xmlDepartures(schema[4] as Schema, element, path);
  if (kind === LIST) return ofList(schema[4] as Schema, element, path);
  if (kind === MAP) return [];
  if (kind !== STRUCTURE && kind !== ERROR) throw new Error(`a schema of the kind ${String(kind)}`);
  return ofStructure(schema, element, path);
}

function ofStructure(schema: readonly unknown[], element: XmlElement, path: string): readonly string[] {
  const names = schema[4] as readonly string[];
  const types = schema[5] as readonly Schema[];
  const required = (schema[6] as number | undefined) ?? 0;
  const members = names.map((name, index) => {
    const traits = traitsOf(types[index]!);
    const isElsewhere = traits['httpHeader'] !== undefined || traits['httpPrefixHeaders'] !== undefined;
    return { name: (traits['xmlName'] as string | undefined) ?? name, type: types[index]!, traits, index, isElsewhere };
  });
  const found: string[] = [];
  for (const { name, index, isElsewhere } of members) {
    if (index >= required || isElsewhere) continue;
    if (!element.children.some((child) => child.name === name)) found.push(`${path}.${name} is missing`);
  }
  const seen = new Set<string>();
  for (const child of element.children) {
    const member = members.find(({ name, isElsewhere }) => name === child.name && !isElsewhere);
    const way = `${path}.${child.name}`;
    if (member === undefined) {
      found.push(`${way} is not in the schema`);
      continue;
    }
    const isFlat = member.traits['xmlFlattened'] !== undefined;
    if (!isFlat && seen.has(child.name)) found.push(`${way} is there twice`);
    seen.add(child.name);
    if (!isFlat) found.push(...xmlDepartures(member.type, child, way));
    else found.push(...xmlDepartures(itemOf(member.type), child, way));
  }
  return found;
}

/** The schema of the elements of a list. */
function itemOf(given: Schema): Schema {
  const schema = unwrapped(given);
  if (typeof schema === 'number') return schema & ~LIST_OF;
  if (typeof schema === 'string') return schema;
  return schema.length === 2 ? itemOf(schema[0] as Schema) : (schema[4] as Schema);
}

function ofList(item: Schema, element: XmlElement, path: string): readonly string[] {
  const name = (traitsOf(item)['xmlName'] as string | undefined) ?? 'member';
  return element.children.flatMap((child, index) =>
    child.name === name ? xmlDepartures(item, child, `${path}[${index}]`) : [`${path} has ${child.name} for ${name}`],
  );
}

function ofNumber(schema: number, element: XmlElement, path: string): readonly string[] {
  if (schema >= MAP_OF) return [];
  if (schema >= LIST_OF) return ofList(schema & ~LIST_OF, element, path);
  if (element.children.length > 0) return [`${path} has elements`];
  const form = TEXTS[schema];
  if (form === undefined) throw new Error(`a plain type ${schema}`);
  return form.test(element.text) ? [] : [`${path} is ${element.text}`];
}

/** An operation's schema, by its name. */
export function schemaOf(sdk: object, name: string): readonly unknown[] {
  const schema = (sdk as Readonly<Record<string, readonly unknown[]>>)[`${name}$`];
  if (schema === undefined) throw new Error(`the SDK has no ${name}`);
  return schema;
}

/** Holds the answer of a query service to the schema of its operation. */
export function queryDepartures(sdk: object, operation: string, body: string): readonly string[] {
  const xml = readXml(body);
  if (xml.name !== `${operation}Response`) return [`the root is ${xml.name}`];
  const output = schemaOf(sdk, operation)[5] as Schema;
  const result = xml.children.find(({ name }) => name === `${operation}Result`);
  if (!xml.children.some(({ name }) => name === 'ResponseMetadata')) return ['there is no ResponseMetadata'];
  if (result !== undefined) return xmlDepartures(output, result);
  return unwrapped(output) === 'unit' ? [] : [`there is no ${operation}Result`];
}

/** Holds an answer of S3 to the schema of its operation: elements of the body, and headers that it knows. */
export function s3Departures(
  sdk: object,
  operation: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const output = unwrapped(schemaOf(sdk, operation)[5] as Schema) as readonly unknown[];
  const types = (output[5] as readonly Schema[] | undefined) ?? [];
  const known = types.map((type) => traitsOf(type)['httpHeader']).filter((name) => typeof name === 'string');
  const lower = new Set(known.map((name) => name.toLowerCase()));
  const unknown = Object.keys(headers)
    .filter((name) => name.startsWith('x-amz-') && !/^x-amz-(?:request-id|id-2|meta-.*)$/.test(name))
    .filter((name) => !lower.has(name));
  const found = unknown.map((name) => `the header ${name} is not in the schema`);
  if (!body.startsWith('<?xml')) return found;
  const xml = readXml(body);
  if (types.some((type) => JSON.stringify(type) === '[0,16]')) return found;
  const payload = types.find((type) => (type as readonly unknown[])[1] === 16);
  const root = (output[3] as Traits | 0) || {};
  const wanted = root['xmlName'];
  if (payload === undefined && typeof wanted === 'string' && wanted !== xml.name) found.push(`the root is ${xml.name}`);
  // The root of this answer is its one member.
  if (operation === 'GetBucketLocation') return found;
  return [...found, ...xmlDepartures(payload ?? output, xml)];
}
