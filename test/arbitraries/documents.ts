/**
 * Documents for the Guard language. Keys and values come from small pools that {@link file://./rules.ts} shares, so that
 * queries find something and comparisons are decided both ways.
 */
import fc from 'fast-check';
import { Float, type Value, type ValueMap } from '../../template/index.js';

export const KEYS = ['a', 'b', 'c', 'Tags', 'SomeKey', 'k-1'] as const;
/** Spelled as rules may spell the keys of documents: exactly, or so that only the case fallback finds them. */
export const KEY_SPELLINGS = [
  ...KEYS,
  'a',
  'b',
  'c',
  'Tag',
  'someKey',
  'some_key',
  'SOME_KEY',
  'SomeKeys',
  'd',
] as const;
export const STRINGS = ['a', 'b', 'ab', 'x', '', '1', 'true', 'T::A::B', 'R1', 'a,b', 'c d', 'é'] as const;
export const INTEGERS = [0, 1, 2, 5, -1] as const;
export const FLOATS = [0.5, 1.5, 5] as const;
export const TYPES = ['T::A::B', 'T::A::C'] as const;
export const LOGICAL_IDS = ['R1', 'R2', 'a'] as const;

const asFloat = (value: number): Value => (Number.isInteger(value) ? new Float(value) : value);

export const scalar: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: fc.constantFrom<Value[]>(...STRINGS), weight: 5 },
  { arbitrary: fc.constantFrom<Value[]>(...INTEGERS), weight: 3 },
  { arbitrary: fc.constantFrom(...FLOATS).map(asFloat), weight: 1 },
  { arbitrary: fc.boolean(), weight: 2 },
  { arbitrary: fc.constant<Value>(null), weight: 1 },
);

const mapOf = (value: fc.Arbitrary<Value>, min: number): fc.Arbitrary<Value> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), value), { minLength: min, maxLength: 5, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries) as ValueMap);

function valueOf(depth: number): fc.Arbitrary<Value> {
  if (depth === 0) return scalar;
  const inner = valueOf(depth - 1);
  return fc.oneof(
    { arbitrary: scalar, weight: 3 },
    { arbitrary: fc.array(scalar, { maxLength: 3 }), weight: 2 },
    { arbitrary: fc.array(inner, { maxLength: 3 }), weight: 1 },
    { arbitrary: fc.array(mapOf(inner, 1), { maxLength: 2 }), weight: 1 },
    { arbitrary: mapOf(inner, 0), weight: 3 },
  );
}

export const value: fc.Arbitrary<Value> = valueOf(2);

const resource: fc.Arbitrary<Value> = fc
  .record(
    {
      Type: fc.oneof({ arbitrary: fc.constantFrom<Value[]>(...TYPES), weight: 12 }, { arbitrary: scalar, weight: 1 }),
      Properties: fc.oneof({ arbitrary: mapOf(value, 2), weight: 8 }, { arbitrary: value, weight: 1 }),
      Metadata: mapOf(value, 0),
      a: value,
    },
    { requiredKeys: ['Type', 'Properties'] },
  )
  .map((fields) => fields as ValueMap);

/** A map with `Resources`, which may be empty. */
export const template: fc.Arbitrary<Value> = fc
  .record(
    {
      Resources: fc
        .uniqueArray(fc.tuple(fc.constantFrom(...LOGICAL_IDS), resource), { maxLength: 3, selector: ([key]) => key })
        .map((entries) => Object.fromEntries(entries) as ValueMap),
      a: value,
      b: value,
      c: value,
    },
    { requiredKeys: ['Resources'] },
  )
  .map((fields) => fields as ValueMap);

/** Half of them templates with `Resources`; a few have a root that is no map. */
export const document: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: template, weight: 10 },
  { arbitrary: mapOf(valueOf(3), 3), weight: 9 },
  { arbitrary: value, weight: 1 },
);
