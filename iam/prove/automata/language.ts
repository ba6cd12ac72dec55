/**
 * Regular languages as they are written down, before there are automata: what a pattern, a list of values or a regular
 * expression means as a set of texts. They are plain data; {@link file://./compile.ts} turns them into automata over the
 * alphabet that a whole question needs.
 */
import { ANY_CHAR, charsOf, complement, withoutCase } from './char-set.js';
import type { CharSet } from './char-set.js';

/** One step of a pattern: one character out of a set, once or any number of times. */
export interface PatternToken {
  readonly set: CharSet;
  readonly many: boolean;
}

export type Language =
  | { readonly kind: 'pattern'; readonly tokens: readonly PatternToken[] }
  | { readonly kind: 'sequence'; readonly parts: readonly Language[] }
  | { readonly kind: 'choice'; readonly options: readonly Language[] }
  | { readonly kind: 'repeat'; readonly of: Language; readonly min: number; readonly max: number | null }
  | { readonly kind: 'not'; readonly of: Language }
  | { readonly kind: 'both'; readonly left: Language; readonly right: Language };

const ANY_MANY: PatternToken = { set: ANY_CHAR, many: true };
const ANY_ONE: PatternToken = { set: ANY_CHAR, many: false };
const NOT_COLON = complement(charsOf(':'));

/** Every text. */
export const ALL: Language = { kind: 'pattern', tokens: [ANY_MANY] };
/** No text at all. */
export const NONE: Language = { kind: 'choice', options: [] };

/** Options of {@link wildcardLanguage}. */
export interface WildcardOptions {
  /** `@default` case counts. */
  readonly ignoreCase?: boolean;
}

/** Tokens of single characters, so that equal ones are one object. */
const charTokens = [new Map<string, PatternToken>(), new Map<string, PatternToken>()] as const;
const CHAR_TOKENS = 4_096;

function charToken(character: string, ignoreCase: boolean): PatternToken {
  const known = charTokens[ignoreCase ? 1 : 0];
  let token = known.get(character);
  if (token === undefined) {
    token = { set: ignoreCase ? withoutCase(character.charCodeAt(0)) : charsOf(character), many: false };
    if (known.size === CHAR_TOKENS) known.clear();
    known.set(character, token);
  }
  return token;
}

/** Exactly one text. */
export function literalLanguage(text: string, { ignoreCase = false }: WildcardOptions = {}): Language {
  return { kind: 'pattern', tokens: text.split('').map((character) => charToken(character, ignoreCase)) };
}

/** Languages of patterns that were asked for before: the same objects, so that what is known of them is found again. */
const wildcards = new Map<string, Language>();
const WILDCARDS = 10_000;

/** The texts that a pattern with `*` and `?` matches. */
export function wildcardLanguage(pattern: string, { ignoreCase = false }: WildcardOptions = {}): Language {
  const name = `${ignoreCase ? 'i' : ' '}${pattern}`;
  let language = wildcards.get(name);
  if (language === undefined) {
    language = {
      kind: 'pattern',
      tokens: pattern.split('').map((character) => {
        if (character === '*') return ANY_MANY;
        return character === '?' ? ANY_ONE : charToken(character, ignoreCase);
      }),
    };
    if (wildcards.size === WILDCARDS) wildcards.clear();
    wildcards.set(name, language);
  }
  return language;
}

const keys = new WeakMap<Language, string>();

/** A text that is the same for languages that are written alike, and for no others. */
export function languageKey(language: Language): string {
  let key = keys.get(language);
  if (key === undefined) {
    key = writtenKey(language);
    keys.set(language, key);
  }
  return key;
}

function writtenKey(language: Language): string {
  switch (language.kind) {
    case 'pattern':
      return `[${language.tokens.map(tokenKey).join('')}]`;
    case 'sequence':
      return `(.${language.parts.map(languageKey).join('')})`;
    case 'choice':
      return `(|${language.options.map(languageKey).join('')})`;
    case 'repeat':
      return `(${language.min},${language.max ?? ''}${languageKey(language.of)})`;
    case 'not':
      return `(!${languageKey(language.of)})`;
    case 'both':
      return `(&${languageKey(language.left)}${languageKey(language.right)})`;
  }
}

const tokenKeys = new WeakMap<PatternToken, string>();

function tokenKey(token: PatternToken): string {
  let key = tokenKeys.get(token);
  if (key === undefined) {
    key = `${token.set.map((range) => range.join('-')).join()}${token.many ? '*' : ';'}`;
    tokenKeys.set(token, key);
  }
  return key;
}

/**
 * A pattern whose characters are marked as wildcards or not, so that a value that took the place of a variable can hold a
 * literal `*`. Before the `segments`-th colon wildcards do not match colons.
 */
export function markedLanguage(pattern: readonly MarkedChar[], segments = 0): Language {
  let colons = 0;
  return {
    kind: 'pattern',
    tokens: pattern.map(({ character, wild }) => {
      const set = colons < segments ? NOT_COLON : ANY_CHAR;
      if (wild) return { set, many: character === '*' };
      if (character === ':') colons++;
      return charToken(character, false);
    }),
  };
}

/** A character of a pattern; `wild` when it is the wildcard `*` or `?` and not the character. */
export interface MarkedChar {
  readonly character: string;
  readonly wild: boolean;
}

/** A single character out of a set. */
export function oneOf(set: CharSet): Language {
  return { kind: 'pattern', tokens: [{ set, many: false }] };
}

/** Any number of characters out of a set. */
export function manyOf(set: CharSet): Language {
  return { kind: 'pattern', tokens: [{ set, many: true }] };
}

export function sequence(...parts: readonly Language[]): Language {
  if (parts.every((part) => part.kind === 'pattern')) {
    return { kind: 'pattern', tokens: parts.flatMap(({ tokens }) => tokens) };
  }
  return { kind: 'sequence', parts };
}

export function choice(options: readonly Language[]): Language {
  return options.length === 1 ? options[0]! : { kind: 'choice', options };
}

export function optional(of: Language): Language {
  return { kind: 'repeat', of, min: 0, max: 1 };
}

export function not(of: Language): Language {
  return of.kind === 'not' ? of.of : { kind: 'not', of };
}

export function both(left: Language, right: Language): Language {
  return { kind: 'both', left, right };
}

/** Adds every set of characters that a language speaks of. */
export function collectSets(language: Language, into: CharSet[]): void {
  switch (language.kind) {
    case 'pattern':
      for (const { set } of language.tokens) into.push(set);
      return;
    case 'sequence':
      for (const part of language.parts) collectSets(part, into);
      return;
    case 'choice':
      for (const option of language.options) collectSets(option, into);
      return;
    case 'repeat':
    case 'not':
      collectSets(language.of, into);
      return;
    case 'both':
      collectSets(language.left, into);
      collectSets(language.right, into);
      return;
  }
}
