/** One spelling for values of ours and for values that the reference has printed. */
import { Float, isList, isMap, keysOf, type Value } from '../../../template/index.js';

/** Integers as `i1`, floats as `f1`, keys in the order of the document. */
export function canonical(value: Value): string {
  if (value instanceof Float) return `f${value.value}`;
  if (typeof value === 'number') return Number.isInteger(value) ? `i${value}` : `f${value}`;
  if (typeof value === 'bigint') return `i${value}`;
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  if (isMap(value)) {
    return `{${keysOf(value)
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The same of JSON text; it tells `1.0` from `1`. */
export function canonicalJson(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\s+/g, (part) => {
    if (part.startsWith('"')) return JSON.stringify(JSON.parse(part));
    if (part.trim() === '') return '';
    return /[.eE]/.test(part) ? `f${Number(part)}` : `i${BigInt(part)}`;
  });
}
