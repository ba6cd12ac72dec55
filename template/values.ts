/**
 * The value tree that every engine of Stackade reads.
 *
 * Values are plain JavaScript data, so that a JSON document costs one `JSON.parse`. Three things that plain data cannot
 * say are kept without touching the common case:
 * - a float with an integral value (`1.0`, `1e3`) is a {@link Float}; a `number` that is an integer is an integer;
 * - an integer beyond 2^53 is a `bigint`;
 * - a map with integer-like keys ("200", "404"), which JavaScript would reorder, carries its written order under
 *   {@link KEY_ORDER}. Read keys with {@link keysOf}, never with `Object.keys`, and look up with `Object.hasOwn` or
 *   {@link get}: a key may be called `constructor` or `__proto__`.
 */

/** A floating-point number whose value is integral, such as `1.0`; other floats are plain numbers. */
export class Float {
  constructor(readonly value: number) {}
}

/** The written key order of a map that JavaScript would order otherwise. */
export const KEY_ORDER: unique symbol = Symbol('keyOrder');

/** A map of a document: own enumerable string keys only. */
export interface ValueMap {
  readonly [key: string]: Value;
  readonly [KEY_ORDER]?: readonly string[];
}

/** Any value of a JSON or YAML document. */
export type Value = null | boolean | number | bigint | string | Float | readonly Value[] | ValueMap;

/** The way from the document's root to a value: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

/** The keys of a map in the order in which the document writes them. */
export function keysOf(map: ValueMap): readonly string[] {
  return map[KEY_ORDER] ?? Object.keys(map);
}

/** The value of an own key, or `undefined` when the map has no such key. */
export function get(map: ValueMap, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Whether a value is a map (not a list, not a scalar, not a {@link Float}). */
export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);
}

/** Whether a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}
