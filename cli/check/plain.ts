/** Values of documents as JSON data. */
import { Float, isList, isMap, keysOf } from '../../template/index.js';
import type { Value } from '../../template/index.js';

/** JSON data. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The value as JSON data; what is no number of JSON becomes text. */
export function plainJson(value: Value): Json {
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (isList(value)) return value.map(plainJson);
  if (isMap(value)) return Object.fromEntries(keysOf(value).map((key) => [key, plainJson(value[key]!)]));
  return value;
}
