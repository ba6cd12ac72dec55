/** The verdict on values, held to the general validator of JSON Schema; and the words for what is wrong. */
import fc from 'fast-check';
import { resourceTypeNames } from '../../../catalogue/index.js';
import { fixedSet, Gate } from '../../../hooks/gate/index.js';
import type { Schema } from '../../../hooks/gate/index.js';
import { Float } from '../../../template/index.js';
import type { Value } from '../../../template/index.js';
import { ajvOf, create, gateOn, made, schemaOf, told } from './support.js';
import { changed, decisions, fitting } from './values.js';

/** Types with unions, deep nesting, objects that hold themselves, maps and free-form values. */
const TYPES = [
  'AWS::S3::Bucket',
  'AWS::EC2::Instance',
  'AWS::Lambda::Function',
  'AWS::WAFv2::WebACL',
  'AWS::SNS::Topic',
  'AWS::ApiGateway::Method',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Serverless::Function',
];

describe.each(TYPES)('%s', (type) => {
  const schema = schemaOf(type);
  const gate = new Gate(fixedSet([schema]), []);
  const validate = ajvOf(schema);

  it('decides on values of the written types as the general validator does', () => {
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(decisions, fc.nat(2), (draw, changes) => {
        let value: Value = fitting(schema, schema, draw) ?? {};
        for (let count = 0; count < changes; count++) value = changed(schema, schema, value, draw);
        // What may be written as text is another matter: see below.
        const expected = validate(value);
        const verdict = create(gate, type, value);
        if (verdict.status === 'PASS' && !expected) {
          expect(isCoerced(value, validate.errors?.[0]?.instancePath ?? '', validate.errors?.[0]?.keyword)).toBe(true);
        } else expect(verdict.status).toBe(expected ? 'PASS' : 'FAIL');
        seen[`${expected}`] += 1;
      }),
      { numRuns: 120 },
    );
    expect(seen.false).toBeGreaterThan(10);
  });
});

/** Whether the general validator was only stricter about how a scalar is written. */
function isCoerced(value: Value, pointer: string, keyword: string | undefined): boolean {
  let at: unknown = value;
  for (const step of pointer.split('/').slice(1)) at = (at as Readonly<Record<string, unknown>>)[step];
  return (
    (keyword === 'type' || keyword === 'anyOf' || keyword === 'enum') &&
    ['string', 'number', 'boolean'].includes(typeof at)
  );
}

it('refuses a property that is not in the schema at every depth', () => {
  let deepest = 0;
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), decisions, decisions, (type, draw, pick) => {
      const schema = schemaOf(type);
      const value = fitting(schema, schema, draw);
      if (value === undefined) return;
      const places = mapsIn(value, []);
      const [map, depth] = places[pick(places.length)]!;
      deepest = Math.max(deepest, depth);
      const gate = new Gate(fixedSet([schema]), []);
      expect(create(gate, type, value).status).toBe('PASS');
      Object.assign(map as object, { ReleasedTomorrow: 'x' });
      expect(create(gate, type, value).status).toBe('FAIL');
    }),
    { numRuns: 150 },
  );
  expect(deepest).toBeGreaterThan(2);
});

function mapsIn(value: Value, found: [Value, number][], depth = 0): [Value, number][] {
  if (typeof value !== 'object' || value === null) return found;
  if (!Array.isArray(value)) found.push([value, depth]);
  for (const each of Object.values(value)) mapsIn(each as Value, found, depth + 1);
  return found;
}

it('makes a closed schema of every type, and the same one each time', () => {
  const names = resourceTypeNames();
  expect(names.length).toBeGreaterThan(1_500);
  const objects = new Map<string, number>();
  for (const name of names.filter((_, index) => index % 7 === 0)) {
    const schema = schemaOf(name);
    const gate = new Gate(fixedSet([schema]), []);
    expect(create(gate, name, { ReleasedTomorrow: 1 }).problems.map(({ names: refused }) => refused[0])).toContain(
      'ReleasedTomorrow',
    );
    expect(JSON.stringify(schemaOf(name))).toBe(JSON.stringify(schema));
    objects.set(name, Object.keys(schema.definitions).length);
  }
  expect(Math.max(...objects.values())).toBeGreaterThan(20);
});

describe('scalars', () => {
  const decide = (schema: Schema, value: Value): readonly string[] =>
    told(create(gateOn([made({ It: schema })]), 'Test::Made::Thing', { It: value }));

  it.each<[Schema, Value, boolean]>([
    [{ type: 'string' }, 'x', true],
    [{ type: 'string' }, 8, true],
    [{ type: 'string' }, true, true],
    [{ type: 'string' }, new Float(1), true],
    [{ type: 'string', pattern: '^1$' }, new Float(1), false],
    [{ type: 'string', pattern: '^[0-9]{12}$' }, 111122223333, true],
    [{ type: 'string', enum: ['1'] }, 1, true],
    [{ type: 'string' }, null, false],
    [{ type: 'string' }, {}, false],
    [{ type: 'string' }, ['x'], false],
    [{ type: 'string', maxLength: 1 }, '😀', true],
    [{ type: 'string', maxLength: 1 }, 'ab', false],
    [{ type: 'string', minLength: 1 }, '', false],
    [{ type: 'integer' }, 3, true],
    [{ type: 'integer' }, new Float(3), true],
    [{ type: 'integer' }, '3', true],
    [{ type: 'integer' }, 3.5, false],
    [{ type: 'integer' }, 'x', false],
    [{ type: 'integer' }, '', false],
    [{ type: 'integer' }, true, false],
    [{ type: 'integer', maximum: 5 }, '6', false],
    [{ type: 'integer', maximum: 5 }, 6n, false],
    [{ type: 'integer', minimum: 5 }, 5, true],
    [{ type: 'number', minimum: 0.5 }, '0.25', false],
    [{ type: 'number' }, '1e3', true],
    [{ type: 'number' }, 'Infinity', false],
    [{ type: 'boolean' }, true, true],
    [{ type: 'boolean' }, 'TRUE', true],
    [{ type: 'boolean' }, 'yes', false],
    [{ type: 'boolean' }, 1, false],
    [{ type: 'boolean', enum: [true] }, 'false', false],
    [{ type: 'string', pattern: '^a', allOf: [{ type: 'string', pattern: '^.{2}$' }] }, 'ab', true],
  ])('%j and %p: %p', (schema, value, fits) => {
    // A pattern that is not bound is bound by its reader.
    const bound = schema.pattern === '^a' ? { ...schema, pattern: '^a.*$' } : schema;
    expect(decide(bound, value)[0]).toBe(fits ? 'PASS' : 'FAIL');
  });

  it('says what is wrong with the value that it found', () => {
    expect(decide({ type: 'integer', maximum: 5 }, 7)).toStrictEqual(['FAIL', 'value /It 7 is more than 5']);
    expect(decide({ type: 'string', enum: ['a', 'b'] }, 'c')).toStrictEqual(['FAIL', 'value /It `c` is not approved']);
    expect(decide({ type: 'boolean' }, 'no')).toStrictEqual(['FAIL', 'value /It `no` is no Boolean']);
    expect(decide({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, {})).toStrictEqual([
      'FAIL',
      'value /It an object is not text or a list',
    ]);
  });
});

it('judges lists by how many elements they have, and whether they differ', () => {
  const list: Schema = { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2, uniqueItems: true };
  const gate = gateOn([made({ It: list })]);
  const decide = (value: Value): readonly string[] => told(create(gate, 'Test::Made::Thing', { It: value }));
  expect(decide(['a', 'b'])).toStrictEqual(['PASS']);
  expect(decide([])).toStrictEqual(['FAIL', 'value /It there are 0 elements, fewer than 1']);
  expect(decide(['a', 'b', 'c'])).toStrictEqual(['FAIL', 'value /It there are 3 elements, more than 2']);
  expect(decide(['a', 'a'])).toStrictEqual(['FAIL', 'value /It two elements are the same']);
});
