/** Places of values as cfn-guard counts them: zero-based lines and columns, a column for every character. */
import type { Mark } from '../../template/index.js';

/** A zero-based line and column. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds values by their path and tells their places.
 *
 * @param text - The data file.
 * @param root - The places of its values.
 * @returns A function from a `/`-joined path of keys and indexes to the place of the value there, or of the nearest
 *   ancestor that the document has. The inner value of a short form stands where its tag stands. With a key, the place
 *   of that key of the map at the path.
 */
export function locator(text: string, root: Mark): (path: string, key?: string) => Place {
  const lineStarts = startsOfLines(text);
  // A document may be one long line: its characters are counted only where some take two code units.
  const hasPairs = /[\ud800-\udfff]/.test(text);
  return (path, key) => {
    const steps = path === '' ? [] : path.slice(1).split('/');
    const mark = follow(root, steps, 0);
    const offset = key === undefined ? mark.start : (mark.entries?.get(key)?.keyStart ?? mark.start);
    let line = upperBound(lineStarts, offset) - 1;
    if (line < 0) line = 0;
    const start = lineStarts[line]!;
    return { line, column: hasPairs ? Array.from(text.slice(start, offset)).length : Math.max(0, offset - start) };
  };
}

/** The place that the steps from `from` on lead to. Keys may hold slashes, so a key may take several steps. */
function follow(mark: Mark, steps: readonly string[], from: number): Mark {
  return exactly(mark, steps, from) ?? nearest(mark, steps, from);
}

function exactly(mark: Mark, steps: readonly string[], from: number): Mark | undefined {
  if (from === steps.length) return mark;
  if (mark.items !== undefined) {
    const item = mark.items[Number(steps[from])];
    return item === undefined ? undefined : exactly(item, steps, from + 1);
  }
  for (let to = from + 1; to <= steps.length; to++) {
    const value = entry(mark, steps.slice(from, to).join('/'));
    const found = value === undefined ? undefined : exactly(value, steps, to);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nearest(mark: Mark, steps: readonly string[], from: number): Mark {
  const step = steps[from];
  if (step === undefined) return mark;
  const next = mark.items?.[Number(step)] ?? entry(mark, step);
  return next === undefined ? mark : nearest(next, steps, from + 1);
}

function entry(mark: Mark, key: string): Mark | undefined {
  const value = mark.entries?.get(key)?.value;
  return value !== undefined && mark.shortForm === true ? { ...value, start: mark.start } : value;
}

/** Where lines start; libyaml counts the three line breaks of Unicode too. */
function startsOfLines(text: string): readonly number[] {
  const starts = [text.startsWith('\ufeff') ? 1 : 0];
  for (const match of text.matchAll(/\r\n|[\r\n\x85\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** The number of elements that are at most `value`. */
function upperBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
