/** A text that is equal for values that say the same. */
import { Float, get, isList, isMap, keysOf } from '../../template/index.js';
import type { Value } from '../../template/index.js';

/** A statement has four levels; what is deeper than this is none. */
const DEEPEST = 100;

/**
 * The value as text: keys and entries of lists in order, a list with one entry as the entry.
 *
 * @param without - Keys of the value itself that do not count.
 * @returns `undefined` when it is nested too deeply to be compared.
 */
export function stableText(value: Value, without: readonly string[] = []): string | undefined {
  const state = { tooDeep: false };
  const write = (each: Value, left: number, omitted: readonly string[]): string => {
    if (left === 0) {
      state.tooDeep = true;
      return '';
    }
    if (isList(each)) {
      if (each.length === 1) return write(each[0]!, left - 1, []);
      return `[${each
        .map((item) => write(item, left - 1, []))
        .sort()
        .join(',')}]`;
    }
    if (isMap(each)) {
      const entries = keysOf(each)
        .filter((key) => !omitted.includes(key))
        .map((key) => `${JSON.stringify(key)}:${write(get(each, key)!, left - 1, [])}`);
      return `{${entries.sort().join(',')}}`;
    }
    if (each instanceof Float) return String(each.value);
    return typeof each === 'bigint' ? String(each) : JSON.stringify(each);
  };
  const text = write(value, DEEPEST, without);
  return state.tooDeep ? undefined : text;
}
