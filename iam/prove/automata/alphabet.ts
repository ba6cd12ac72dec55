/**
 * The characters that a question tells apart. Characters that belong to the same sets everywhere in a question behave
 * alike in all its automata, so they share one symbol: an automaton has a few dozen symbols and not 65,536.
 */
import { contains, LAST_UNIT } from './char-set.js';
import type { CharSet } from './char-set.js';

/** Alphabets that were asked for last, by what they tell apart; the oldest first. */
const recent = new Map<string, Alphabet>();
const RECENT = 16;

/** A partition of all characters into symbols `0 … size - 1`, the symbols with the plainest characters first. */
export class Alphabet {
  private readonly bySet = new WeakMap<CharSet, readonly number[]>();

  private constructor(
    private readonly starts: readonly number[],
    private readonly symbols: readonly number[],
    private readonly members: readonly CharSet[],
    private readonly words: readonly string[],
  ) {}

  /**
   * The coarsest partition that can express each of the sets. Questions about the same policies mostly have the same one:
   * then they get the same object, so that what was computed over it can be kept with it.
   */
  static of(sets: readonly CharSet[]): Alphabet {
    const made = Alphabet.made(sets);
    const key = `${made.starts.join()}|${made.symbols.join()}`;
    const alphabet = recent.get(key) ?? made;
    recent.delete(key);
    recent.set(key, alphabet);
    if (recent.size > RECENT) recent.delete(recent.keys().next().value!);
    return alphabet;
  }

  private static made(sets: readonly CharSet[]): Alphabet {
    const distinct = [...new Map([...new Set(sets)].map((set) => [set.join(), set])).values()];
    const cuts = new Set([0]);
    for (const set of distinct) {
      for (const [from, to] of set) {
        cuts.add(from);
        if (to < LAST_UNIT) cuts.add(to + 1);
      }
    }
    const starts = [...cuts].sort((a, b) => a - b);
    const groups = new Map<string, [number, number][]>();
    const keys: string[] = [];
    starts.forEach((start, at) => {
      const key = distinct.map((set) => (contains(set, start) ? '1' : '0')).join('');
      keys.push(key);
      const range: [number, number] = [start, (starts[at + 1] ?? LAST_UNIT + 1) - 1];
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [range]);
      else group.push(range);
    });
    const ordered = [...groups].sort(([, a], [, b]) => plainness(plainest(a)) - plainness(plainest(b)));
    const numbers = new Map(ordered.map(([key], symbol) => [key, symbol]));
    return new Alphabet(
      starts,
      keys.map((key) => numbers.get(key)!),
      ordered.map(([, ranges]) => ranges),
      ordered.map(([, ranges]) => String.fromCharCode(plainest(ranges))),
    );
  }

  get size(): number {
    return this.members.length;
  }

  /** The symbol of a character. */
  symbolOf(unit: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= unit) low = middle;
      else high = middle - 1;
    }
    return this.symbols[low]!;
  }

  /** The symbols of a set that was given to {@link Alphabet.of}. */
  symbolsOf(set: CharSet): readonly number[] {
    const known = this.bySet.get(set);
    if (known !== undefined) return known;
    const result: number[] = [];
    this.members.forEach((ranges, symbol) => {
      const [[first], [, last]] = [ranges[0]!, ranges.at(-1)!];
      const isIn = contains(set, first);
      if (isIn !== contains(set, last)) throw new Error('the alphabet does not tell these characters apart');
      if (isIn) result.push(symbol);
    });
    this.bySet.set(set, result);
    return result;
  }

  /** The plainest character of a symbol. */
  characterOf(symbol: number): string {
    return this.words[symbol]!;
  }

  /** Up to `count` characters of a symbol. */
  charactersOf(symbol: number, count: number): readonly string[] {
    const first = this.characterOf(symbol);
    const result = [first];
    for (const [from, to] of this.members[symbol]!) {
      for (let unit = from; unit <= to && result.length < count; unit++) {
        const text = String.fromCharCode(unit);
        if (text !== first) result.push(text);
      }
    }
    return result;
  }
}

/** How early a character is chosen when a word is made up: letters and digits before signs, controls last. */
function plainness(unit: number): number {
  if (unit >= 97 && unit <= 122) return unit - 97;
  if (unit >= 48 && unit <= 57) return 30 + unit - 48;
  if (unit >= 65 && unit <= 90) return 50 + unit - 65;
  if (unit === 45) return 80;
  if (unit > 32 && unit < 127) return 100 + unit;
  if (unit === 32) return 300;
  if (unit >= 160 && unit < 0xd800) return 1_000 + unit;
  return 100_000 + unit;
}

function plainest(ranges: CharSet): number {
  let best = ranges[0]![0];
  for (const [from, to] of ranges) {
    for (const candidate of [from, 97, 48, 65, 45, 33, 160]) {
      if (candidate >= from && candidate <= to && plainness(candidate) < plainness(best)) best = candidate;
    }
  }
  return best;
}
