/**
 * Open answers that are the same for all values of the unknown keys.
 *
 * Each statement is first taken as free to match or not. Where two of them speak of one key that is too pessimistic: one
 * that wants a Region and one that wants any other leave nothing open. So the keys are given one value of each kind that
 * the undecided statements tell apart. That is done only where the kinds are few and certain: texts compared as a whole or by
 * their beginning, numbers, truth values, and whether the key is there.
 */
import type { Condition, Request } from '../model.js';
import type { Source } from './statement.js';
import { isDerivedKey } from './world.js';

/** More completions than this are not tried. */
const MOST = 256;

type Value = string | readonly string[] | undefined;
type Entry = readonly [key: string, value: Value];

/**
 * Requests of every kind that the undecided statements tell apart.
 *
 * @param sources - Of all undecided statements; `undefined` for one whose source is not known.
 * @param missing - The keys that they hang on.
 * @returns `undefined` when there are too many, or not all are known.
 */
export function completionsOf(
  request: Request,
  sources: readonly (Source | undefined)[],
  missing: readonly string[],
): readonly Request[] | undefined {
  const conditions: Condition[] = [];
  for (const source of sources) {
    if (source === undefined || source.hasVariables) return undefined;
    conditions.push(...source.conditions);
  }
  let completions: readonly (readonly Entry[])[] = [[]];
  let isShared = false;
  for (const key of missing) {
    const lower = key.toLowerCase();
    // The account of the resource, and what follows from the caller, decide more than conditions.
    if (isDerivedKey(lower)) return undefined;
    const own = conditions.filter((each) => each.key.toLowerCase() === lower);
    const kinds = kindsOf(own);
    if (kinds === undefined || completions.length * 2 ** kinds.length > MOST) return undefined;
    if (own.length > 1) isShared = true;
    const values = valuesOf(kinds);
    completions = completions.flatMap((entries) => values.map((value): readonly Entry[] => [...entries, [key, value]]));
  }
  // Keys that one condition asks for leave every statement free.
  return isShared ? completions.map((entries) => completed(request, entries)) : undefined;
}

/** A sign that stands in no policy. */
const FRESH = '\u0001';
const PREFIX = /^[^*?]*\*$/;
const SHORT_NUMBER = /^-?\d{1,9}(?:\.\d{1,4})?$/;

/** One text of each kind that conditions on a key tell apart; `undefined` where that is not certain. */
function kindsOf(conditions: readonly Condition[]): readonly string[] | undefined {
  const compared = conditions.filter(({ operator }) => operator !== 'Null');
  const [family, ...others] = new Set(compared.map(({ operator }) => /^(?:String|Numeric|Bool)/.exec(operator)?.[0]));
  if (others.length > 0) return undefined;
  if (compared.length === 0) return ['', FRESH];
  if (family === 'Bool') return ['', 'true', 'false', FRESH];
  if (family === 'Numeric') return numbersOf(compared);
  return family === 'String' ? textsOf(compared) : undefined;
}

/** The bounds, a number between each two and beyond the last ones, and what is no number. */
function numbersOf(conditions: readonly Condition[]): readonly string[] | undefined {
  const texts = conditions.flatMap(({ values }) => values);
  if (texts.length === 0 || !texts.every((text) => SHORT_NUMBER.test(text))) return undefined;
  const bounds = [...new Set(texts.map(Number))].sort((left, right) => left - right);
  const between = bounds.slice(1).map((bound, index) => (bound + bounds[index]!) / 2);
  const beyond = [bounds[0]! - 1, bounds.at(-1)! + 1];
  return ['', FRESH, ...[...bounds, ...between, ...beyond].map(String)];
}

/**
 * The texts themselves, and one for each beginning in front of a star: what is none of the texts is told apart by the
 * longest beginning that it has.
 */
function textsOf(conditions: readonly Condition[]): readonly string[] | undefined {
  const literals = new Set(['']);
  const prefixes = new Set(['']);
  for (const { operator, values } of conditions) {
    if (operator.endsWith('IgnoreCase')) return undefined;
    for (const value of values) {
      const isPattern = operator.endsWith('Like') && /[*?]/.test(value);
      if (value.includes(FRESH) || (isPattern && !PREFIX.test(value))) return undefined;
      if (isPattern) prefixes.add(value.slice(0, -1));
      else literals.add(value);
    }
  }
  return [...literals, ...[...prefixes].map((prefix) => prefix + FRESH)];
}

/** No value, each value, and each set of values. */
function valuesOf(kinds: readonly string[]): readonly Value[] {
  const sets = kinds.reduce<readonly (readonly string[])[]>(
    (all, kind) => [...all, ...all.map((set) => [...set, kind])],
    [[]],
  );
  const several = sets.filter(({ length }) => length > 1);
  return [undefined, ...kinds, ...several];
}

function completed(request: Request, entries: readonly Entry[]): Request {
  const given = entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  const absent = entries.flatMap(([key, value]) => (value === undefined ? [key] : []));
  return {
    ...request,
    context: { ...request.context, ...Object.fromEntries(given) },
    absent: [...(request.absent ?? []), ...absent],
  };
}
