/**
 * Sets of characters. A character is one UTF-16 code unit, as the wildcard `?` and JavaScript's strings count them.
 */

/** Closed ranges of code units, ascending, neither touching nor overlapping. */
export type CharSet = readonly (readonly [number, number])[];

export const LAST_UNIT = 0xffff;
export const ANY_CHAR: CharSet = [[0, LAST_UNIT]];

/** The set of the characters of a text. */
export function charsOf(text: string): CharSet {
  return normalised(Array.from({ length: text.length }, (_, at) => [text.charCodeAt(at), text.charCodeAt(at)]));
}

/** Ranges in any order, overlapping or not, as a set. */
export function normalised(ranges: readonly (readonly [number, number])[]): CharSet {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const result: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

export function union(...sets: readonly CharSet[]): CharSet {
  return normalised(sets.flat());
}

export function complement(set: CharSet): CharSet {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST_UNIT) result.push([next, LAST_UNIT]);
  return result;
}

export function contains(set: CharSet, unit: number): boolean {
  return set.some(([from, to]) => unit >= from && unit <= to);
}

/** Whether two sets share no character. */
export function disjoint(left: CharSet, right: CharSet): boolean {
  return !left.some(([from, to]) => right.some(([start, end]) => from <= end && start <= to));
}

/** Whether every character of the one is in the other. */
export function within(inner: CharSet, outer: CharSet): boolean {
  return disjoint(inner, complement(outer));
}

let folded: Map<string, number[]> | undefined;

/** The characters that are equal to one when case does not count. */
export function withoutCase(unit: number): CharSet {
  if (folded === undefined) {
    folded = new Map();
    for (let each = 0; each <= LAST_UNIT; each++) {
      const lower = String.fromCharCode(each).toLowerCase();
      const same = folded.get(lower);
      if (same === undefined) folded.set(lower, [each]);
      else same.push(each);
    }
  }
  const same = folded.get(String.fromCharCode(unit).toLowerCase()) ?? [unit];
  return normalised(same.map((each) => [each, each]));
}
