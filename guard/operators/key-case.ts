/**
 * Other spellings of a key. When a map lacks a key, Guard tries the key in seven letter cases, in this order; the first
 * that the map has wins (conversions of the Rust crate `Inflector`, as used by cfn-guard 3.1.1, measured).
 */
import { singular } from './singular.js';
import type { GuardMap } from './values.js';

const ALPHANUMERIC = /[\p{Alphabetic}\p{N}]/u;
const NUMERIC = /\p{N}/u;
const LOWER = /\p{Lowercase}/u;
const UPPER = /\p{Uppercase}/u;

function asciiLower(char: string): string {
  return char >= 'A' && char <= 'Z' ? char.toLowerCase() : char;
}

function asciiUpper(char: string): string {
  return char >= 'a' && char <= 'z' ? char.toUpperCase() : char;
}

/** The characters without those at the end that are neither letter nor digit. */
function trimmed(text: string): string[] {
  const chars = Array.from(text);
  while (chars.length > 0 && !ALPHANUMERIC.test(chars.at(-1)!)) chars.pop();
  return chars;
}

/** camelCase and its relatives; `separator` goes before each word but the first. */
function joinWords(text: string, firstUpper: boolean, separator: string): string {
  let newWord = firstUpper;
  let firstWord = separator !== '';
  let last = ' ';
  let found = false;
  let result = '';
  for (const char of trimmed(text)) {
    const alphanumeric = ALPHANUMERIC.test(char);
    if (!alphanumeric) {
      if (found) newWord = true;
    } else if (NUMERIC.test(char)) {
      found = true;
      newWord = true;
      result += char;
    } else if (newWord || (LOWER.test(last) && UPPER.test(char))) {
      found = true;
      newWord = false;
      if (separator !== '' && !firstWord) result += separator;
      result += asciiUpper(char);
      firstWord = false;
    } else {
      found = true;
      last = char;
      result += asciiLower(char);
    }
  }
  return result;
}

/** snake_case and kebab-case. */
function lowerWords(text: string, separator: string): string {
  const all = Array.from(text);
  let firstOfWord = true;
  let result = '';
  let bytes = 0;
  for (const char of trimmed(text)) {
    if (!ALPHANUMERIC.test(char)) {
      if (!firstOfWord) {
        firstOfWord = true;
        result += separator;
      }
    } else {
      // Everything that ASCII has no upper case for counts as upper case here, digits included. The neighbours are looked
      // up by the byte offset of the character, as the reference does; behind a non-ASCII character that is another one.
      const upper = char === asciiUpper(char);
      if (!firstOfWord && upper && (LOWER.test(all[bytes + 1] ?? 'A') || LOWER.test(all[bytes - 1] ?? 'A'))) {
        result += separator;
      }
      firstOfWord = false;
      result += asciiLower(char);
    }
    bytes += utf8Length(char.codePointAt(0)!);
  }
  return result;
}

function utf8Length(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

function classCase(text: string): string {
  const chars = Array.from(joinWords(text, true, ''));
  const start = chars.findLastIndex((char) => UPPER.test(char));
  const split = Math.max(start, 0);
  return chars.slice(0, split).join('') + singular(chars.slice(split).join(''));
}

/** camelCase, ClassCase (whose last word is singular), kebab-case, PascalCase, snake_case, Title Case, Train-Case. */
const CONVERSIONS: readonly ((key: string) => string)[] = [
  (key) => joinWords(key, false, ''),
  classCase,
  (key) => lowerWords(key, '-'),
  (key) => joinWords(key, true, ''),
  (key) => lowerWords(key, '_'),
  (key) => joinWords(key, true, ' '),
  (key) => joinWords(key, true, '-'),
];

/** Which of the seven conversions found a key, 0 to 6. Later keys of the same query are then converted by it only. */
export type KeyConverter = number;

/** A key in another letter case. */
export interface KeyAlternative {
  readonly key: string;
  readonly converter: KeyConverter;
}

export interface KeySpellings {
  /** The key after each conversion. */
  readonly converted: readonly string[];
  /** The conversions that give something new, each spelling once. */
  readonly alternatives: readonly KeyAlternative[];
}

const CACHE_LIMIT = 10_000;
const cache = new Map<string, KeySpellings>();

/** The spellings under which a key is looked for when a map lacks it. */
export function keySpellings(key: string): KeySpellings {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const converted = CONVERSIONS.map((convert) => convert(key));
  const alternatives = converted
    .map((spelling, converter) => ({ key: spelling, converter }))
    .filter(({ key: spelling }, index) => spelling !== key && converted.indexOf(spelling) === index);
  const spellings = { converted, alternatives };
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, spellings);
  return spellings;
}

/**
 * The key of a map that a query's key finds.
 *
 * @param converter - The conversion that an earlier key of the query needed, or `null`.
 * @returns The key as the map spells it and the conversion for the rest of the query, or `null` when nothing is found.
 */
export function findKey(
  map: GuardMap,
  key: string,
  converter: KeyConverter | null,
): { readonly key: string; readonly converter: KeyConverter | null } | null {
  if (Object.hasOwn(map, key)) return { key, converter };
  const { converted, alternatives } = keySpellings(key);
  if (converter !== null) {
    const spelling = converted[converter]!;
    return Object.hasOwn(map, spelling) ? { key: spelling, converter } : null;
  }
  for (const alternative of alternatives) if (Object.hasOwn(map, alternative.key)) return alternative;
  return null;
}
