/** Sets of numbers, dates or addresses, with the texts that are none apart. */
import { addressOf, rangeOf } from '../../evaluate/ip.js';
import { dateOf, numberOf } from '../../evaluate/quantity.js';
import { complementRanges, inRanges, intersectRanges, pickFrom, someOf, WHOLE_LINE } from './line.js';
import type { Ranges } from './line.js';
import type { Space } from './space.js';
import type { Comparison, SetSpec } from './spec.js';

/** `other`: texts that stand for no value of the line; `blank`: the empty text. */
interface LineSet {
  readonly ranges: Ranges;
  readonly other: boolean;
  readonly blank: boolean;
}

/** Texts that no number, date or address is written as. */
const OTHERS = ['none', 'other', 'nothing'];

abstract class LineSpace implements Space<LineSet> {
  readonly all: LineSet;

  constructor(
    private readonly line: Ranges,
    protected readonly unit: bigint,
  ) {
    this.all = { ranges: line, other: true, blank: true };
  }

  protected abstract read(text: string): bigint | undefined;
  protected abstract write(value: bigint): string;
  protected abstract rangesOf(spec: SetSpec): Ranges;

  of(spec: SetSpec): LineSet {
    switch (spec.kind) {
      case 'all':
        return this.all;
      case 'blank':
        return { ranges: [], other: false, blank: true };
      case 'not':
        return this.without(this.all, this.of(spec.of));
      case 'text':
      case 'quantity':
      case 'addresses':
        return { ranges: intersectRanges(this.line, this.rangesOf(spec)), other: false, blank: false };
    }
  }

  and(left: LineSet, right: LineSet): LineSet {
    return {
      ranges: intersectRanges(left.ranges, right.ranges),
      other: left.other && right.other,
      blank: left.blank && right.blank,
    };
  }

  without(left: LineSet, right: LineSet): LineSet {
    return {
      ranges: intersectRanges(left.ranges, complementRanges(right.ranges)),
      other: left.other && !right.other,
      blank: left.blank && !right.blank,
    };
  }

  isEmpty({ ranges, other, blank }: LineSet): boolean {
    return ranges.length === 0 && !other && !blank;
  }

  pick(set: LineSet): string | undefined {
    const value = pickFrom(set.ranges, this.unit);
    if (value !== undefined) return this.write(value);
    return set.other ? OTHERS[0] : set.blank ? '' : undefined;
  }

  some({ ranges, other, blank }: LineSet, count: number): readonly string[] {
    const values = someOf(ranges, count, this.unit).map((value) => this.write(value));
    return [...values, ...(other ? OTHERS : []), ...(blank ? [''] : [])].slice(0, count);
  }

  has({ ranges, other, blank }: LineSet, text: string): boolean {
    if (text === '') return blank;
    const value = this.read(text);
    return value === undefined ? other : inRanges(ranges, value);
  }
}

/** Numbers or dates (as seconds). */
export class QuantitySpace extends LineSpace {
  constructor(
    private readonly theory: 'number' | 'date',
    private readonly places: number,
  ) {
    super(WHOLE_LINE, 10n ** BigInt(places));
  }

  protected rangesOf(spec: SetSpec): Ranges {
    if (spec.kind !== 'quantity') throw new TypeError('a set of texts or addresses is no set of numbers');
    let outside = WHOLE_LINE;
    for (const { below, at, above, units, places } of spec.comparisons) {
      const value = units * 10n ** BigInt(this.places - places);
      let ranges: Ranges = [];
      if (below) ranges = [[null, value - 1n]];
      if (at) ranges = [...ranges, [value, value]];
      if (above) ranges = [...ranges, [value + 1n, null]];
      outside = intersectRanges(outside, complementRanges(ranges));
    }
    return complementRanges(outside);
  }

  protected read(text: string): bigint | undefined {
    const exact = (this.theory === 'number' ? numberOf(text) : dateOf(text))?.exact();
    if (exact === undefined) return undefined;
    const { units, places } = exact;
    // A value with more digits than any threshold lies where its floor lies, between two thresholds or at none.
    if (places <= this.places) return units * 10n ** BigInt(this.places - places);
    const divisor = 10n ** BigInt(places - this.places);
    const quotient = units / divisor;
    const rest = units % divisor;
    if (rest === 0n) return quotient;
    const floor = units < 0n ? quotient - 1n : quotient;
    return floor % 10n === 0n ? floor + 1n : floor;
  }

  protected write(value: bigint): string {
    const whole = value / this.unit;
    const rest = value % this.unit;
    if (this.theory === 'date' && rest === 0n) {
      const time = new Date(Number(whole) * 1_000);
      const inYears = whole >= -62_167_219_200n && whole <= 253_402_300_799n;
      if (inYears) return time.toISOString().replace('.000Z', 'Z');
    }
    const sign = value < 0n ? '-' : '';
    const digits = (rest < 0n ? -rest : rest).toString().padStart(this.places, '0').replace(/0+$/, '');
    return `${sign}${(whole < 0n ? -whole : whole).toString()}${digits === '' ? '' : `.${digits}`}`;
  }
}

/** More places than this in one question would only be a burden. */
export const MOST_PLACES = 1_000;

/** The scale at which every threshold is an integer with one more digit to spare. */
export function placesFor(comparisons: readonly Comparison[]): number {
  return Math.max(0, ...comparisons.map(({ places }) => places)) + 1;
}

const IPV6 = 1n << 64n;
const IPV6_SIZE = 1n << 128n;

/** A range in CIDR notation as closed ranges of numbers; `undefined` when it is none. */
export function addressRange(cidr: string): readonly [bigint, bigint] | undefined {
  const range = rangeOf(cidr);
  if (range === undefined) return undefined;
  const { words, masks } = range;
  const last = words.map((word, at) => (word | ~masks[at]!) >>> 0);
  return [numberOfWords(words), numberOfWords(last)];
}

function numberOfWords(words: readonly number[]): bigint {
  const value = words.reduce((sum, word) => (sum << 32n) + BigInt(word), 0n);
  return words.length === 1 ? value : IPV6 + value;
}

/** IPv4 and IPv6 addresses. */
export class AddressSpace extends LineSpace {
  constructor() {
    super(
      [
        [0n, (1n << 32n) - 1n],
        [IPV6, IPV6 + IPV6_SIZE - 1n],
      ],
      1n,
    );
  }

  protected rangesOf(spec: SetSpec): Ranges {
    if (spec.kind !== 'addresses') throw new TypeError('a set of texts or numbers is no set of addresses');
    let outside = WHOLE_LINE;
    for (const range of spec.ranges) outside = intersectRanges(outside, complementRanges([range]));
    return complementRanges(outside);
  }

  protected read(text: string): bigint | undefined {
    const words = addressOf(text);
    return words === undefined ? undefined : numberOfWords(words);
  }

  protected write(value: bigint): string {
    if (value < IPV6) return [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 255n).toString()).join('.');
    const groups = Array.from({ length: 8 }, (_, at) => ((value - IPV6) >> BigInt(112 - 16 * at)) & 0xffffn);
    return groups.map((group) => group.toString(16)).join(':');
  }
}
