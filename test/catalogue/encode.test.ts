/** The encoder and the decoder on a small database, for what the real one does not hold. */
import type { SpecDatabase } from '@aws-cdk/service-spec-types';
import { encode, moduleText } from '../../catalogue/build/encode.mjs';
import { decodeService } from '../../catalogue/decode.js';

type Properties = Record<string, unknown>;

const ref = (id: string): object => ({ type: 'ref', reference: { $ref: id } });
const string = { type: 'string' };

/** A database of one resource type `A::B::C`. */
function database(properties: Properties, definitions: Record<string, Properties> = {}): SpecDatabase {
  const resource = { cloudFormationType: 'A::B::C', properties, attributes: {} };
  return {
    all: () => [resource],
    get: (_: string, { $ref }: { $ref: string }) => ({ properties: definitions[$ref] }),
  } as unknown as SpecDatabase;
}

function roundTrip(properties: Properties, definitions?: Record<string, Properties>): ReturnType<typeof read> {
  return read(encode(database(properties, definitions))[0]!.text);
}

function read(text: string): NonNullable<ReturnType<ReturnType<typeof decodeService>['type']>> {
  return decodeService('A::B', text).type('C')!;
}

it('tells unions of many members, nested ones and enums apart', () => {
  const types = Array.from({ length: 12 }, (_, index) => ({ type: index % 2 ? 'json' : 'boolean' }));
  const { properties } = roundTrip({
    Many: { type: { type: 'union', types } },
    Nested: {
      type: {
        type: 'array',
        element: { type: 'union', types: [{ type: 'union', types: [string] }, { type: 'number' }] },
      },
    },
    Text: { type: { type: 'string', allowedValues: ["it's", 'a,b;c:d', '\\'] } },
    Number: { type: { type: 'integer', allowedValues: [1, 2] } },
  });
  expect(properties.get('Many')!.type).toMatchObject({
    kind: 'union',
    types: types.map(({ type }) => ({ kind: type })),
  });
  expect(properties.get('Nested')!.type).toStrictEqual({
    kind: 'list',
    element: { kind: 'union', types: [{ kind: 'union', types: [{ kind: 'string' }] }, { kind: 'number' }] },
  });
  expect(properties.get('Text')!.type).toStrictEqual({ kind: 'string', values: ["it's", 'a,b;c:d', '\\'] });
  expect(properties.get('Number')!.type).toStrictEqual({ kind: 'integer', values: [1, 2] });
});

it('writes equal objects once, and keeps apart what differs below or in what is left out', () => {
  const definitions = {
    one: { X: { type: ref('deep1') } },
    two: { X: { type: ref('deep2') } },
    three: { X: { type: ref('deep3') } },
    deep1: { Y: { type: string, required: true }, Z: { type: string } },
    deep2: { Z: { type: string }, Y: { type: string, required: true } },
    deep3: { Y: { type: string, required: true }, Z: { type: string, deprecated: 'IGNORE' } },
  };
  const { properties } = roundTrip(
    { A: { type: ref('one') }, B: { type: ref('two') }, C: { type: ref('three') } },
    definitions,
  );
  expect(properties.get('A')!.type).toBe(properties.get('B')!.type);
  expect(properties.get('A')!.type).not.toBe(properties.get('C')!.type);
  const deep = properties.get('C')!.type;
  if (deep.kind !== 'object') throw new Error(deep.kind);
  expect(deep.properties.get('X')!.type).toMatchObject({ properties: new Map([['Y', { required: true }]]) });
});

it('writes objects that hold themselves', () => {
  const { properties } = roundTrip(
    { A: { type: ref('self') } },
    { self: { Next: { type: { type: 'array', element: ref('self') } } } },
  );
  const self = properties.get('A')!.type;
  if (self.kind !== 'object') throw new Error(self.kind);
  expect(self.properties.get('Next')!.type).toStrictEqual({ kind: 'list', element: self });
});

it('refuses what it cannot write', () => {
  expect(() => roundTrip({ 'a:b': { type: string } })).toThrow('cannot write the name "a:b"');
  expect(() => roundTrip({ A: { type: { type: 'null' } } })).toThrow('knows no type');
});

it('refuses damaged data', () => {
  expect(() => read('{"e":[],"d":[],"r":{"C":"Name:x"}}')).toThrow(SyntaxError);
  expect(() => read('{"e":[],"d":[],"r":{"C":"No name"}}')).toThrow(SyntaxError);
});

it('quotes what it writes into the module', () => {
  const text = moduleText([{ service: "A'", names: ['C'], text: '{"x":"\\\\"}' }], {
    version: '1.2.3',
    date: '2026-01-02',
  });
  expect(text).toContain(String.raw`  'A\'': ['C', '{"x":"\\\\"}'],`);
  expect(text).toContain("version: '1.2.3', date: '2026-01-02'");
});
