/**
 * Values of a condition key, one of each kind that some conditions tell apart.
 *
 * First texts of which each stands for a kind: those that conditions name, and one between and beyond them. Of these, and of
 * lists of them, one is kept for each way in which the conditions hold or not. Lists are found step by step: whether a
 * condition holds for a list follows from whether it holds for the entries, some or all of them, so that a list with one
 * entry more needs to be looked at only where the list before was a kind of its own.
 */
import type { Condition } from '../model.js';
import { compileCondition } from './condition.js';
import { rangeOf } from './ip.js';
import { World } from './world.js';

/** One value, several, or none. */
export type KeyValue = string | readonly string[] | undefined;

/** A sign that stands in no policy. */
const FRESH = '\u0001';
const PREFIX = /^[^*?]*\*$/;
const SHORT_NUMBER = /^-?\d{1,9}(?:\.\d{1,4})?$/;
/** More texts are not looked at. */
const MOST_TEXTS = 64;

const ids = new WeakMap<Condition, number>();
let lastId = 0;
const known = new Map<string, readonly KeyValue[] | undefined>();
const MOST_KNOWN = 4_096;

/**
 * @param key - As a policy writes it.
 * @param conditions - All that may look at the key, without policy variables.
 * @returns One value for each way in which the conditions can hold or not; `undefined` where that is not certain.
 */
export function kindsOf(key: string, conditions: readonly Condition[]): readonly KeyValue[] | undefined {
  const content = conditions.map(idOf).join(' ');
  if (known.has(content)) return known.get(content);
  const texts = textsOf(conditions);
  const kinds = texts === undefined || texts.length > MOST_TEXTS ? undefined : toldApart(key, conditions, texts);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(content, kinds);
  return kinds;
}

function idOf(condition: Condition): number {
  let id = ids.get(condition);
  if (id === undefined) {
    id = ++lastId;
    ids.set(condition, id);
  }
  return id;
}

/** @param texts - The empty text is not among them. */
function toldApart(key: string, conditions: readonly Condition[], texts: readonly string[]): readonly KeyValue[] {
  const tests = conditions.map((condition) => compileCondition(condition, false));
  const signOf = (value: KeyValue): string => {
    const context = value === undefined ? {} : { [key]: value };
    const world = new World({ principal: 'anonymous', action: 'a:b', resource: '*', context }, false);
    return tests.map((test) => test(world)).join('');
  };
  // Lists of empty texts count as none in some places, and empty texts beside others do not.
  const found = new Map<string, KeyValue>([[signOf(undefined), undefined]]);
  const add = (value: KeyValue): void => {
    const sign = signOf(value);
    if (!found.has(sign)) found.set(sign, value);
  };
  add('');
  const lists = new Map<string, readonly string[]>();
  const single = new Map<string, string>();
  const begin = (list: readonly string[]): void => {
    const sign = signOf(list.length === 1 ? list[0] : list);
    if (!lists.has(sign)) lists.set(sign, list);
  };
  for (const text of texts) {
    const sign = signOf(text);
    if (!single.has(sign)) single.set(sign, text);
  }
  for (const text of single.values()) begin([text]);
  for (const text of single.values()) begin(['', text]);
  // A map gives what is added to it while it is walked.
  for (const list of lists.values()) for (const text of single.values()) begin([...list, text]);
  for (const list of lists.values()) add(list.length === 1 ? list[0] : list);
  return [...found.values()];
}

/** One text of each kind; `undefined` where that is not certain. */
function textsOf(conditions: readonly Condition[]): readonly string[] | undefined {
  const compared = conditions.filter(({ operator }) => operator !== 'Null');
  const [family, ...others] = new Set(compared.map(({ operator }) => familyOf(operator)));
  if (others.length > 0) return undefined;
  switch (family) {
    case undefined:
      return [FRESH];
    case 'Bool':
      return ['true', 'false', FRESH];
    case 'Numeric':
      return numbers(compared);
    case 'Date':
      return dates(compared);
    case 'Ip':
      return addresses(compared);
    case 'String':
      return plainTexts(compared);
    case 'IgnoreCase':
      return [FRESH, ...new Set(compared.flatMap(({ values }) => values).filter((value) => value !== ''))];
    default:
      return undefined;
  }
}

type Family = 'Bool' | 'Numeric' | 'Date' | 'Ip' | 'String' | 'IgnoreCase' | 'other';

function familyOf(operator: Condition['operator']): Family {
  if (operator.endsWith('IgnoreCase')) return 'IgnoreCase';
  if (operator.endsWith('IpAddress')) return 'Ip';
  return (/^(?:String|Numeric|Bool|Date)/.exec(operator)?.[0] as Family | undefined) ?? 'other';
}

/** The bounds, a number between each two and beyond the last ones, and what is no number. */
function numbers(conditions: readonly Condition[]): readonly string[] | undefined {
  const texts = conditions.flatMap(({ values }) => values);
  return texts.every((text) => SHORT_NUMBER.test(text)) ? [FRESH, ...around(texts.map(Number)).map(String)] : undefined;
}

function around(numbersGiven: readonly number[]): readonly number[] {
  if (numbersGiven.length === 0) return [0];
  const bounds = [...new Set(numbersGiven)].sort((left, right) => left - right);
  const between = bounds.slice(1).map((bound, index) => (bound + bounds[index]!) / 2);
  return [...bounds, ...between, bounds[0]! - 1, bounds.at(-1)! + 1];
}

const SECOND = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const EPOCH = /^\d{7,11}$/;

/** As {@link numbers}, in seconds since 1970; few digits would be a year. */
function dates(conditions: readonly Condition[]): readonly string[] | undefined {
  const seconds: number[] = [];
  for (const text of conditions.flatMap(({ values }) => values)) {
    const value = EPOCH.test(text) ? Number(text) : SECOND.test(text) ? Date.parse(text) / 1_000 : NaN;
    if (!(value > 1_000_000)) return undefined;
    seconds.push(value);
  }
  return [FRESH, ...around(seconds.length === 0 ? [1_000_000_000] : seconds).map(String)];
}

/** The first address of each range and the one behind the last, which begin all stretches between ranges. */
function addresses(conditions: readonly Condition[]): readonly string[] {
  const found = new Set([FRESH, '0.0.0.0', '::']);
  for (const value of conditions.flatMap(({ values }) => values)) {
    const range = rangeOf(value);
    if (range === undefined) continue;
    const words = [...range.words];
    found.add(written(words));
    // Behind the last: one more than the words with all bits behind the mask set.
    let carry = 1;
    for (let index = words.length - 1; index >= 0; index--) {
      const last = (words[index]! | ~range.masks[index]!) >>> 0;
      const next = last + carry;
      carry = next > 0xffffffff ? 1 : 0;
      words[index] = next >>> 0;
    }
    if (carry === 0) found.add(written(words));
  }
  return [...found];
}

function written(words: readonly number[]): string {
  if (words.length === 1) return [24, 16, 8, 0].map((shift) => (words[0]! >>> shift) & 255).join('.');
  return words.flatMap((word) => [(word >>> 16).toString(16), (word & 0xffff).toString(16)]).join(':');
}

/**
 * The texts themselves, and one for each beginning in front of a star: what is none of the texts is told apart by the
 * longest beginning that it has.
 */
function plainTexts(conditions: readonly Condition[]): readonly string[] | undefined {
  const literals = new Set<string>();
  const prefixes = new Set(['']);
  for (const { operator, values } of conditions) {
    for (const value of values) {
      const isPattern = operator.endsWith('Like') && /[*?]/.test(value);
      if (value.includes(FRESH) || (isPattern && !PREFIX.test(value))) return undefined;
      if (isPattern) prefixes.add(value.slice(0, -1));
      else if (value !== '') literals.add(value);
    }
  }
  return [...literals, ...[...prefixes].map((prefix) => prefix + FRESH)];
}
