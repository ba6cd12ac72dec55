/**
 * Reads the texts that `catalogue/build/encode.mjs` writes; that file describes the form. A service is parsed when the
 * first question about it comes, a type when it is asked for, an object when its properties are read.
 */
import type { Property, PropertyType, ResourceType, TagProperty, TagShape } from './types.js';

interface ServiceData {
  readonly e: readonly (readonly (string | number)[])[];
  readonly d: readonly string[];
  readonly r: Readonly<Record<string, string>>;
}

/** The resource types of one service, by the last part of their name. */
export interface Service {
  readonly type: (lastName: string) => ResourceType | undefined;
}

const TAG_SHAPES: Readonly<Record<string, TagShape>> = {
  l: 'list',
  m: 'map',
  a: 'autoScaling',
  s: 'specifications',
  o: 'other',
};

/** Parses the text of one service. @throws SyntaxError when the generated data is damaged, which is a fault of ours. */
export function decodeService(service: string, text: string): Service {
  const data = JSON.parse(text) as ServiceData;
  const types = new TypeReader(data);
  const decoded = new Map<string, ResourceType>();
  return {
    type(lastName) {
      let type = decoded.get(lastName);
      if (type === undefined && Object.hasOwn(data.r, lastName)) {
        type = decodeType(service, lastName, data.r[lastName]!, types);
        decoded.set(lastName, type);
      }
      return type;
    },
  };
}

function decodeType(service: string, lastName: string, record: string, types: TypeReader): ResourceType {
  const [properties = '', attributes = '', primary = '', ref = '', tags = '', flags = ''] = record.split(';');
  const primaryIdentifier = list(primary);
  return {
    name: `${service}::${lastName}`,
    service,
    properties: types.properties(properties),
    attributes: new Map([...types.properties(attributes)].map(([name, { type }]) => [name, type])),
    primaryIdentifier,
    refIdentifier: ref === '' ? primaryIdentifier : list(ref),
    tags: decodeTags(tags),
    stateful: flags.includes('S'),
    transformed: flags.includes('T'),
  };
}

function list(text: string): readonly string[] {
  return text === '' ? [] : text.split(',');
}

function decodeTags(text: string): TagProperty | undefined {
  if (text === '') return undefined;
  const [name, shape] = text.split('=') as [string, string];
  return { name, shape: TAG_SHAPES[shape]! };
}

/** The object with `Key` and `Value` that most tag lists hold. */
const KEY_AND_VALUE: PropertyType = {
  kind: 'object',
  properties: new Map(
    ['Key', 'Value'].map((name): [string, Property] => [
      name,
      { name, type: { kind: 'string' }, required: true, replacement: 'never', deprecated: false },
    ]),
  ),
};

const SIMPLE: Readonly<Record<string, PropertyType>> = {
  s: { kind: 'string' },
  i: { kind: 'integer' },
  n: { kind: 'number' },
  b: { kind: 'boolean' },
  j: { kind: 'json' },
  d: { kind: 'timestamp' },
  t: KEY_AND_VALUE,
};

/** `Name`, flags, and the type after a colon. */
const PROPERTY = /^([A-Za-z0-9_.]+)(!?)([~?]?)(-?)(?::(.*))?$/;

class TypeReader {
  private readonly objects = new Map<number, PropertyType>();

  constructor(private readonly data: ServiceData) {}

  properties(text: string): Map<string, Property> {
    const properties = new Map<string, Property>();
    for (const part of list(text)) {
      const match = PROPERTY.exec(part);
      if (!match) throw new SyntaxError(`catalogue: ${part}`);
      const [, name = '', required, replacement, deprecated, type = 's'] = match;
      properties.set(name, {
        name,
        type: this.type(type, { at: 0 }),
        required: required === '!',
        replacement: replacement === '~' ? 'always' : replacement === '?' ? 'sometimes' : 'never',
        deprecated: deprecated === '-',
      });
    }
    return properties;
  }

  private type(text: string, cursor: { at: number }): PropertyType {
    const sign = text[cursor.at] ?? '';
    cursor.at += 1;
    const simple = SIMPLE[sign];
    if (simple) return simple;
    switch (sign) {
      case '[':
        return { kind: 'list', element: this.type(text, cursor) };
      case '{':
        return { kind: 'map', element: this.type(text, cursor) };
      case '(': {
        const members: PropertyType[] = [];
        while (text[cursor.at] !== ')') members.push(this.type(text, cursor));
        cursor.at += 1;
        return { kind: 'union', types: members };
      }
      case '@':
        return this.object(number(text, cursor));
      case '#':
        return { kind: 'string', values: this.data.e[number(text, cursor)]! as readonly string[] };
      case '%':
        return { kind: 'integer', values: this.data.e[number(text, cursor)]! as readonly number[] };
      default:
        throw new SyntaxError(`catalogue: type ${text}`);
    }
  }

  /** One value per object, so that an object that holds itself is met again as the same value. */
  private object(index: number): PropertyType {
    const known = this.objects.get(index);
    if (known) return known;
    let properties: ReadonlyMap<string, Property> | undefined;
    const read = (): ReadonlyMap<string, Property> => (properties ??= this.properties(this.data.d[index]!));
    const type: PropertyType = {
      kind: 'object',
      get properties() {
        return read();
      },
    };
    this.objects.set(index, type);
    return type;
  }
}

function number(text: string, cursor: { at: number }): number {
  const start = cursor.at;
  while (/[0-9]/.test(text[cursor.at] ?? '')) cursor.at += 1;
  return Number(text.slice(start, cursor.at));
}
