/**
 * Sets of packets as unions of boxes: products of closed intervals, one for each dimension (protocol, port, address). What
 * one union has and another has not is computed exactly.
 */

/** A closed interval of integers. */
export type Interval = readonly [low: bigint, high: bigint];

/** One interval for each dimension. */
export type Box = readonly Interval[];

/** The parts of a box that are not in another one: two for each dimension at most. */
function cut(box: Box, other: Box): readonly Box[] {
  if (!box.every(([low, high], at) => low <= other[at]![1] && other[at]![0] <= high)) return [box];
  const parts: Box[] = [];
  // What is left to the side in one dimension is whole in the later ones, and common in the earlier ones.
  const common: Interval[] = [...box];
  box.forEach(([low, high], at) => {
    const [from, to] = other[at]!;
    if (low < from) parts.push(common.map((each, index) => (index === at ? [low, from - 1n] : each)));
    if (high > to) parts.push(common.map((each, index) => (index === at ? [to + 1n, high] : each)));
    common[at] = [low > from ? low : from, high < to ? high : to];
  });
  return parts;
}

/** What boxes have that others have not, as boxes that do not overlap with these. */
export function minus(boxes: readonly Box[], others: readonly Box[]): readonly Box[] {
  let left = boxes;
  for (const other of others) {
    if (left.length === 0) break;
    left = left.flatMap((box) => cut(box, other));
  }
  return left;
}

/** Whether some point is in both. */
export function overlap(box: Box, other: Box): boolean {
  return box.every(([low, high], at) => low <= other[at]![1] && other[at]![0] <= high);
}
