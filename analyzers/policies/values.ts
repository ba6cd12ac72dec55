/** Parts of documents. */
import { get, isList, isMap, keysOf, withUnknownsAs } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';

/** The value at a path; `undefined` when there is none. */
export function valueAt(value: Value | undefined, path: Path): Value | undefined {
  const [first, ...rest] = path;
  if (first === undefined || value === undefined) return value;
  if (isList(value)) return valueAt(value[Number(first)], rest);
  return isMap(value) ? valueAt(get(value, String(first)), rest) : undefined;
}

/** All texts of a value, keys among them, as one. */
export function textOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null || typeof value !== 'object') return '';
  if (isList(value)) return value.map(textOf).join('');
  if (!isMap(value)) return '';
  return keysOf(value)
    .map((key) => key + textOf(get(value, key)))
    .join('');
}

/** Whether a value that nobody knows is part of a text. */
export function hasUnknown(text: string): boolean {
  return withUnknownsAs(text, '') !== text;
}

/** Whether a text is nothing but values that nobody knows. */
export function isUnknown(text: string): boolean {
  return text !== '' && withUnknownsAs(text, '') === '';
}
