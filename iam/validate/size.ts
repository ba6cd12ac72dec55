/** How long a document is without white space. */
import { Float } from '../../template/index.js';
import type { Value } from '../../template/index.js';

/** The number of characters of the document's JSON, without white space outside of texts. Deep documents are no problem. */
export function compactLength(value: Value): number {
  let length = 0;
  const waiting: Value[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'bigint') length += String(next).length;
    else if (next instanceof Float) length += String(next.value).length;
    else if (typeof next !== 'object' || next === null) length += JSON.stringify(next).length;
    else if (Array.isArray(next)) {
      const items = next as readonly Value[];
      length += 2 + Math.max(0, items.length - 1);
      for (const item of items) waiting.push(item);
    } else {
      const entries = Object.entries(next as Readonly<Record<string, Value>>);
      length += 2 + Math.max(0, entries.length - 1);
      for (const [key, item] of entries) {
        length += JSON.stringify(key).length + 1;
        waiting.push(item);
      }
    }
  }
  return length;
}
