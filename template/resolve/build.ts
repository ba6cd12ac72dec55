/** Builds and prints values: maps that keep their written key order, scalars as CloudFormation writes them in text. */
import { Float, KEY_ORDER, isMap, keysOf } from '../values.js';
import type { Value, ValueMap } from '../values.js';

const INTEGER_KEY = /^\d+$/;

/** A map of these entries, in this order; a later entry replaces an earlier one of the same key. */
export function mapOf(entries: Iterable<readonly [string, Value]>): ValueMap {
  const map: Record<string, Value> = {};
  const keys: string[] = [];
  let reordered = false;
  for (const [key, value] of entries) {
    if (!Object.hasOwn(map, key)) keys.push(key);
    if (INTEGER_KEY.test(key)) reordered = true;
    // Plain assignment to `__proto__` would set the prototype instead of a key.
    if (key === '__proto__') {
      Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
    } else map[key] = value;
  }
  if (reordered) (map as { [KEY_ORDER]?: readonly string[] })[KEY_ORDER] = keys;
  return map;
}

/** A map with the same entries and an identity of its own. */
export function copyOf(map: ValueMap): ValueMap {
  return mapOf(keysOf(map).map((key) => [key, map[key]!] as const));
}

/** The text of a scalar where a function puts it into a string; `undefined` for null, lists and maps. */
export function textOf(value: Value): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value instanceof Float ? floatText(value) : undefined;
  }
}

function floatText(float: Float): string {
  const text = String(float.value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Compact JSON text of a value, keys in written order. */
export function jsonOf(value: Value): string {
  if (typeof value === 'string' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(jsonOf).join(',')}]`;
  if (isMap(value)) {
    const entries = keysOf(value).map((key) => `${JSON.stringify(key)}:${jsonOf(value[key]!)}`);
    return `{${entries.join(',')}}`;
  }
  return textOf(value)!;
}

/**
 * Whether `Fn::Equals` takes two known values for equal.
 *
 * Parameters are text whatever their type, so scalars are compared by their text: `1` equals `"1"`.
 */
export function sameValue(left: Value, right: Value): boolean {
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right)) return false;
    const [a, b] = [left as readonly Value[], right as readonly Value[]];
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]!));
  }
  if (isMap(left) || isMap(right)) {
    if (!isMap(left) || !isMap(right)) return false;
    const keys = keysOf(left);
    return (
      keys.length === keysOf(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key]!, right[key]!))
    );
  }
  return left === right || (left !== null && right !== null && textOf(left) === textOf(right));
}
