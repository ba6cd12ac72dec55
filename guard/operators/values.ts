/**
 * Values as Guard's operators see them: document values, and the three kinds that only rule literals and functions make
 * (regexes, ranges, characters).
 */
import { Float, keysOf } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import type { GuardRegex } from '../regex/index.js';

export const NULL = 0;
export const BOOL = 1;
export const INT = 2;
export const FLOAT = 3;
export const STRING = 4;
export const LIST = 5;
export const MAP = 6;
export const REGEX = 7;
export const CHAR = 8;
export const INT_RANGE = 9;
export const FLOAT_RANGE = 10;
export const CHAR_RANGE = 11;

/** One of the constants above. */
export type Kind = number;

/** A value that no document can hold. */
export abstract class SpecialValue {
  abstract readonly kind: Kind;
}

export class RegexValue extends SpecialValue {
  readonly kind = REGEX;

  constructor(
    readonly pattern: string,
    readonly regex: GuardRegex,
  ) {
    super();
  }
}

/** A single character, which `parse_char` makes; it is not equal to the string of that character. */
export class CharValue extends SpecialValue {
  readonly kind = CHAR;

  constructor(readonly char: string) {
    super();
  }
}

export class RangeValue extends SpecialValue {
  constructor(
    readonly kind: Kind,
    readonly lower: number | bigint | string,
    readonly upper: number | bigint | string,
    readonly lowerInclusive: boolean,
    readonly upperInclusive: boolean,
  ) {
    super();
  }
}

export interface GuardMap {
  readonly [key: string]: GuardValue;
}

export type GuardValue =
  null | boolean | number | bigint | string | Float | SpecialValue | readonly GuardValue[] | GuardMap;

/** The kind of a value; an integral `number` is an int, any other a float. */
export function kindOf(value: GuardValue): Kind {
  switch (typeof value) {
    case 'string':
      return STRING;
    case 'number':
      return Number.isInteger(value) ? INT : FLOAT;
    case 'boolean':
      return BOOL;
    case 'bigint':
      return INT;
    default:
      if (value === null) return NULL;
      if (Array.isArray(value)) return LIST;
      if (value instanceof Float) return FLOAT;
      return value instanceof SpecialValue ? value.kind : MAP;
  }
}

/** Whether a value is a map: not a list, not a scalar of any kind. */
export function isGuardMap(value: GuardValue): value is GuardMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Float) &&
    !(value instanceof SpecialValue)
  );
}

export function isGuardList(value: GuardValue): value is readonly GuardValue[] {
  return Array.isArray(value);
}

/** Neither a list nor a map. */
export function isScalar(value: GuardValue): boolean {
  return !isGuardList(value) && !isGuardMap(value);
}

/** The keys of a map in written order. */
export function guardKeys(map: GuardMap): readonly string[] {
  return keysOf(map as ValueMap);
}

/** The value of an own key, or `undefined`. Keys are absent more often than not, so that question comes first. */
export function own(map: GuardMap, key: string): GuardValue | undefined {
  const value: GuardValue | undefined = map[key];
  return value !== undefined && Object.hasOwn(map, key) ? value : undefined;
}

const TYPE_NAMES = [
  'null',
  'bool',
  'int',
  'float',
  'String',
  'array',
  'map',
  'Regex',
  'char',
  'range(int, int)',
  'range(float, float)',
  'range(char, char)',
];

/** The name that messages of `cfn-guard` give to a value's kind. */
export function typeName(value: GuardValue): string {
  return TYPE_NAMES[kindOf(value)]!;
}

/** A document value is a guard value as it is; the compiler would compare the two recursive types without end. */
export function asGuardValue(value: Value): GuardValue {
  const same: unknown = value;
  return same as GuardValue;
}
