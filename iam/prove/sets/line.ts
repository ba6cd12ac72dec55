/**
 * Sets of numbers, times and addresses. The values that conditions compare with are scaled to integers, with one more
 * digit than any of them has, so that there is an integer between two of them wherever there is a number. Addresses are
 * integers anyway: IPv4 first, IPv6 far behind, so that no range holds both.
 */

/** Closed ranges, ascending and apart; `null` is no bound. */
export type Ranges = readonly (readonly [bigint | null, bigint | null])[];

export const WHOLE_LINE: Ranges = [[null, null]];

export function complementRanges(ranges: Ranges): Ranges {
  const result: [bigint | null, bigint | null][] = [];
  let next: bigint | null = null;
  let open = true;
  for (const [from, to] of ranges) {
    if (from !== null && (next === null || next <= from - 1n)) result.push([next, from - 1n]);
    if (to === null) open = false;
    else next = to + 1n;
  }
  if (open) result.push([next, null]);
  return result;
}

export function intersectRanges(left: Ranges, right: Ranges): Ranges {
  const result: [bigint | null, bigint | null][] = [];
  for (const [a, b] of left) {
    for (const [c, d] of right) {
      const from = a === null ? c : c === null ? a : a > c ? a : c;
      const to = b === null ? d : d === null ? b : b < d ? b : d;
      if (from === null || to === null || from <= to) result.push([from, to]);
    }
  }
  return result;
}

export function inRanges(ranges: Ranges, value: bigint): boolean {
  return ranges.some(([from, to]) => (from === null || from <= value) && (to === null || value <= to));
}

/** A plain member: a whole number of units where there is one, near zero where that is free. */
export function pickFrom(ranges: Ranges, unit: bigint): bigint | undefined {
  for (const [from, to] of ranges) {
    if (from === null && to === null) return 0n;
    if (from === null) return floorTo(to!, unit);
    const whole = -floorTo(-from, unit);
    if (to === null || whole <= to) return whole;
  }
  return ranges[0]?.[0] ?? undefined;
}

function floorTo(value: bigint, unit: bigint): bigint {
  const rest = ((value % unit) + unit) % unit;
  return value - rest;
}

/** Up to `count` members. */
export function someOf(ranges: Ranges, count: number, unit: bigint): readonly bigint[] {
  const result: bigint[] = [];
  for (const [from, to] of ranges) {
    const first = pickFrom([[from, to]], unit)!;
    for (let step = 0n; result.length < count && inRanges([[from, to]], first + step); step++) {
      result.push(first + step);
    }
    for (let step = 1n; result.length < count && inRanges([[from, to]], first - step); step++) {
      result.push(first - step);
    }
  }
  return result;
}
