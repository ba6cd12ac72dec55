/** Shorter lists of actions: wildcards that stand for exactly the actions that were named. */
import { expandActionPattern, iamService, wildcardMatch } from '../../catalogue/iam/index.js';

/**
 * Whether every text that one pattern matches is matched by another one. Sufficient, not necessary: `a*b*` against `a*`.
 *
 * @returns True only when it is so.
 */
export function covers(outer: string, inner: string): boolean {
  const first = outer.search(/[*?]/);
  if (first < 0) return outer === inner;
  // What is written before the first wildcard and after the last has to stand in the inner pattern too.
  const last = Math.max(outer.lastIndexOf('*'), outer.lastIndexOf('?'));
  if (!inner.startsWith(outer.slice(0, first)) || !inner.endsWith(outer.slice(last + 1))) return false;
  if (first === outer.length - 1 && outer[first] === '*') return true;
  if (!/[*?]/.test(inner)) return wildcardMatch(outer, inner);
  // What stands for anything in the inner pattern can be met by a star only; a question mark of it also by one.
  const text = inner.replace(/\*+/g, ANY_RUN).replace(/\?/g, ANY_CHARACTER);
  const pattern = outer.replace(/\*+/g, '*');
  return matchesMarked(pattern, text);
}

const ANY_RUN = '\u{1}';
const ANY_CHARACTER = '\u{2}';

function matchesMarked(pattern: string, text: string): boolean {
  const reach = new Set<number>([0]);
  const step = (positions: ReadonlySet<number>, sign: string): Set<number> => {
    const next = new Set<number>();
    for (const at of positions) {
      if (sign === '*') for (let to = at; to <= text.length; to++) next.add(to);
      else if (sign === '?') {
        if (at < text.length && text[at] !== ANY_RUN) next.add(at + 1);
      } else if (text[at] === sign) next.add(at + 1);
    }
    return next;
  };
  let positions: Set<number> = reach;
  for (const sign of pattern) positions = step(positions, sign);
  return positions.has(text.length);
}

/** Whether some text is matched by both patterns. */
export function mayMeet(left: string, right: string): boolean {
  if (!/[*?]/.test(right)) return wildcardMatch(left, right);
  if (!/[*?]/.test(left)) return wildcardMatch(right, left);
  // Pairs of positions up to which one text can have matched both.
  let row = new Set<number>([0]);
  const withStars = (positions: Set<number>): Set<number> => {
    // A set grows while it is walked: a star of the right pattern may stand for nothing.
    for (const at of positions) if (right[at] === '*') positions.add(at + 1);
    return positions;
  };
  row = withStars(row);
  for (const sign of left) {
    const next = new Set<number>();
    if (sign === '*') {
      for (const at of row) for (let to = at; to <= right.length; to++) next.add(to);
    } else {
      for (const at of row) {
        const other = right[at];
        if (other === undefined) continue;
        if (other === '*') next.add(at);
        else if (other === '?' || sign === '?' || other === sign) next.add(at + 1);
      }
    }
    row = withStars(next);
  }
  return row.has(right.length);
}

/** Patterns of actions without those that others cover, in the order given. */
export function withoutCovered(patterns: readonly string[]): readonly string[] {
  return withoutInner(patterns, (pattern) => pattern.toLowerCase(), covers);
}

/** Patterns without those that others stand for, in the order given; of equal ones the first stays. */
export function withoutInner(
  patterns: readonly string[],
  fold: (pattern: string) => string,
  isCovered: (outer: string, inner: string) => boolean,
): readonly string[] {
  const unique = new Map<string, string>();
  for (const pattern of patterns) if (!unique.has(fold(pattern))) unique.set(fold(pattern), pattern);
  const own = [...unique.keys()];
  const wide = own.filter((pattern) => /[*?]/.test(pattern));
  const gone = new Set<string>();
  for (const inner of own) {
    if (wide.some((outer) => outer !== inner && !gone.has(outer) && isCovered(outer, inner))) gone.add(inner);
  }
  return own.filter((pattern) => !gone.has(pattern)).map((pattern) => unique.get(pattern)!);
}

/** What a pattern costs in a list: its quotes and a comma. */
const QUOTES = 3;

/**
 * How far names may be cut: `words` puts a star only for whole words and only for several names, so that people can read
 * the list; `characters` cuts wherever no other action begins or ends alike.
 */
export type Tightness = 'words' | 'characters';

/**
 * Names the same actions with fewer characters.
 *
 * @param patterns - Of an `Action` element.
 * @returns Patterns that match every text that the given ones match, and of the catalogue's actions exactly the same.
 *   An action that AWS adds later may match although the given patterns did not: only for statements that deny.
 */
export function compressActions(patterns: readonly string[], tightness: Tightness): readonly string[] {
  const kept: string[] = [];
  const byService = new Map<string, string[]>();
  for (const pattern of withoutCovered(patterns)) {
    const colon = pattern.indexOf(':');
    const service = pattern.slice(0, Math.max(colon, 0)).toLowerCase();
    if (colon < 0 || /[*?]/.test(service) || iamService(service) === undefined) kept.push(pattern);
    else byService.set(service, [...(byService.get(service) ?? []), pattern]);
  }
  const shorter = [...byService].flatMap(([service, own]) => compressService(service, own, tightness));
  return withoutCovered([...kept, ...shorter]).toSorted();
}

interface Name {
  readonly text: string;
  readonly lower: string;
  /** What it would cost to write it down; nothing for a name that a pattern of the list brings anyway. */
  readonly cost: number;
}

function compressService(service: string, patterns: readonly string[], tightness: Tightness): readonly string[] {
  const all = expandActionPattern(`${service}:*`).map((action) => action.slice(service.length + 1));
  const own = patterns.map((pattern) => pattern.slice(service.length + 1));
  const isWanted = (action: string): boolean => own.some((pattern) => matches(pattern, action));
  const wanted = all.filter(isWanted);
  if (wanted.length === all.length) return [`${service}:*`];
  const others = all.filter((action) => !isWanted(action)).map((action) => action.toLowerCase());
  // Patterns, and names that the catalogue does not have, stay unless something covers them.
  const open = own.filter((pattern) => !all.some((action) => action.toLowerCase() === pattern.toLowerCase()));
  const price = (text: string): number => service.length + 1 + text.length + QUOTES;
  const names: readonly Name[] = [
    ...open.map((text) => ({ text, lower: text.toLowerCase(), cost: price(text) })),
    ...wanted.map((text) => {
      const isFree = open.some((pattern) => matches(pattern, text));
      return { text, lower: text.toLowerCase(), cost: isFree ? 0 : price(text) };
    }),
  ];
  const fewest = tightness === 'words' ? 2 : 1;
  const candidates = candidatesFor(wanted, others, tightness).flatMap((pattern) => {
    const lower = pattern.toLowerCase();
    const covered = names.flatMap((name, index) => (covers(lower, name.lower) ? [index] : []));
    const paid = covered.filter((index) => names[index]!.cost > 0);
    // A pattern that somebody wrote is not cut by itself.
    const isOnlyOpen = paid.length === 1 && paid[0]! < open.length;
    return paid.length < fewest || isOnlyOpen ? [] : [{ pattern, covered, price: price(pattern) }];
  });
  const chosen: string[] = [];
  const isDone = names.map(() => false);
  // Repeatedly the pattern that saves most: what the names that it stands for cost, less its own cost.
  for (;;) {
    let best: (typeof candidates)[number] | undefined;
    let most = 0;
    for (const candidate of candidates) {
      let saved = -candidate.price;
      for (const index of candidate.covered) if (!isDone[index]!) saved += names[index]!.cost;
      if (saved > most) [best, most] = [candidate, saved];
    }
    if (best === undefined) break;
    chosen.push(best.pattern);
    for (const index of best.covered) isDone[index] = true;
  }
  const rest = names.filter(({ cost }, index) => !isDone[index]! && cost > 0).map(({ text }) => text);
  // A name that came for nothing with a pattern needs it to stay, and it does: only what covers it takes its place.
  return [...chosen, ...rest].map((text) => `${service}:${text}`);
}

function matches(pattern: string, action: string): boolean {
  return wildcardMatch(pattern.toLowerCase(), action.toLowerCase());
}

/** Patterns with a star or two that stand for wanted actions only. */
function candidatesFor(wanted: readonly string[], others: readonly string[], tightness: Tightness): readonly string[] {
  const reversed = others.map(reverse);
  const found = new Set<string>();
  for (const name of wanted) {
    const words = wordsOf(name);
    for (let at = 1; at < words.length; at++) {
      const end = words.slice(at).join('');
      found.add(`${words.slice(0, at).join('')}*`);
      found.add(`*${end}`);
      found.add(`*${words[at]!}*`);
      for (let to = 1; to <= Math.min(at, 3); to++) found.add(`${words.slice(0, to).join('')}*${end}`);
      for (let to = 1; to < at; to++) found.add(`${words.slice(0, to).join('')}*${words[at]!}*`);
    }
    if (tightness === 'words') continue;
    const lower = name.toLowerCase();
    const head = 1 + longestShared(lower, others);
    if (head < name.length) found.add(`${name.slice(0, head)}*`);
    const tail = 1 + longestShared(reverse(lower), reversed);
    if (tail < name.length) found.add(`*${name.slice(name.length - tail)}`);
  }
  return [...found]
    .filter((pattern) => {
      const lower = pattern.toLowerCase();
      return !others.some((other) => wildcardMatch(lower, other));
    })
    .toSorted();
}

/** How many characters at most the beginning of a text shares with one of some others. */
function longestShared(text: string, others: readonly string[]): number {
  let longest = 0;
  for (const other of others) {
    let length = 0;
    while (length < text.length && text[length] === other[length]) length++;
    if (length > longest) longest = length;
  }
  return longest;
}

function reverse(text: string): string {
  return Array.from(text).reverse().join('');
}

function wordsOf(name: string): readonly string[] {
  return name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|./g) ?? [];
}
