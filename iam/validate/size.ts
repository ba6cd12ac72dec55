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

/** All texts and keys of a document. Deep documents are no problem. */
export function textsIn(value: Value): readonly string[] {
  const texts: string[] = [];
  const waiting: Value[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') texts.push(next);
    if (typeof next !== 'object' || next === null || next instanceof Float) continue;
    if (!Array.isArray(next)) texts.push(...Object.keys(next));
    for (const item of Object.values(next as Readonly<Record<string, Value>>)) waiting.push(item);
  }
  return texts;
}

/** Whether a document has more than that many levels of maps and lists. */
export function isDeeperThan(value: Value, levels: number): boolean {
  const waiting: (readonly [Value, number])[] = [[value, 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [each, depth] = next;
    if (typeof each !== 'object' || each === null || each instanceof Float) continue;
    if (depth >= levels) return true;
    for (const item of Object.values(each as Readonly<Record<string, Value>>)) waiting.push([item, depth + 1]);
  }
  return false;
}
