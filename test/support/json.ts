import { Float, isList, isMap, keysOf, type Value } from '../../template/index.js';

/** The JSON text of a value tree; integral floats keep their `.0`, so that a reader that tells them from integers can. */
export function jsonText(value: Value): string {
  if (value instanceof Float) return Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value);
  if (typeof value === 'bigint') return value.toString();
  if (isList(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (isMap(value)) {
    return `{${keysOf(value)
      .map((key) => `${JSON.stringify(key)}: ${jsonText(value[key]!)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}
