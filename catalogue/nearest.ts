/** The name that somebody who mistyped one probably meant. */

/**
 * Finds the nearest of some names: one that differs only in case, else the one with the fewest single-character edits
 * (insert, delete, replace, swap of neighbours), if they are few for the length of the name.
 *
 * @param name - What was written.
 * @param candidates - Names that exist; of equally near ones the first is taken.
 * @returns `undefined` when nothing is near, or when `name` itself exists.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  let nearest: string | undefined;
  let best = Math.min(4, Math.floor(name.length / 4) + 1) + 1;
  for (const candidate of candidates) {
    if (candidate === name) return undefined;
    const other = candidate.toLowerCase();
    // Case alone counts as less than one edit.
    const distance = other === lower ? 0.5 : editDistance(lower, other, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Optimal string alignment distance; `limit` when it is not below that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    let smallest = row;
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let value = Math.min(last[column]! + 1, current[column - 1]! + 1, replaced);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        value = Math.min(value, beforeLast[column - 2]! + 1);
      }
      current.push(value);
      smallest = Math.min(smallest, value);
    }
    // A swap reaches back two rows, so one more row than the last is looked at before giving up.
    if (smallest >= limit && Math.min(...last) >= limit) return limit;
    beforeLast = last;
    last = current;
  }
  return Math.min(last[b.length]!, limit);
}
