/**
 * What the values that policies write mean as languages: resources, texts and ARNs with wildcards and policy variables.
 * Follows the reference: variables stand only after the fifth colon of a resource, what takes their place is literal, and
 * wildcards stay inside the segments that ARNs are compared by.
 */
import { ANY_CHAR, charsOf } from './automata/char-set.js';
import { both, literalLanguage, markedLanguage, NONE, not } from './automata/language.js';
import type { Language, MarkedChar } from './automata/language.js';

/** A character, a wildcard, or a variable with its default. */
export type PatternPiece = MarkedChar | VariablePiece;

export interface VariablePiece {
  /** In lower case. */
  readonly key: string;
  /** As the policy writes it. */
  readonly written: string;
  readonly otherwise: string | undefined;
}

export function isVariable(piece: PatternPiece): piece is VariablePiece {
  return 'key' in piece;
}

const VARIABLE = /\$\{(?:([*?$])|\s*([^\s,'{}]+(?: +[^\s,'{}]+)*)\s*(?:,\s*'([^']*)'\s*)?)\}/g;

function plainPieces(text: string, wildcards: boolean): MarkedChar[] {
  return text.split('').map((character) => ({
    character,
    wild: wildcards && (character === '*' || character === '?'),
  }));
}

/**
 * Takes a value of a policy apart.
 *
 * @param variables - Whether `${…}` means something: not in policies of version 2008-10-17.
 * @param wildcards - Whether `*` and `?` do.
 */
export function piecesOf(text: string, variables: boolean, wildcards: boolean): readonly PatternPiece[] {
  if (!variables || !text.includes('${')) return plainPieces(text, wildcards);
  const result: PatternPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const [whole, escaped, key = '', otherwise] = match;
    result.push(...plainPieces(text.slice(end, match.index), wildcards));
    if (escaped === undefined) result.push({ key: key.toLowerCase(), written: key, otherwise });
    else result.push({ character: escaped, wild: false });
    end = match.index + whole.length;
  }
  return [...result, ...plainPieces(text.slice(end), wildcards)];
}

/** The pieces of a resource pattern: variables only after the fifth colon. */
export function resourcePieces(pattern: string, variables: boolean): readonly PatternPiece[] {
  const fifth = pattern.split(':', 5).join(':').length + 1;
  return [...plainPieces(pattern.slice(0, fifth), true), ...piecesOf(pattern.slice(fifth), variables, true)];
}

const STAR = literalLanguage('*');

/** The resources that a pattern without variables matches; `*` is the resource of actions that have none. */
export function resourceLanguage(pieces: readonly MarkedChar[]): Language {
  if (pieces.length > 0 && pieces.every(({ character, wild }) => wild && character === '*')) {
    return { kind: 'pattern', tokens: [{ set: ANY_CHAR, many: true }] };
  }
  const colons: number[] = [];
  pieces.forEach(({ character, wild }, at) => {
    if (character === ':' && !wild) colons.push(at);
  });
  const head = pieces.slice(0, colons[0] ?? pieces.length);
  if (head.some(({ wild }) => wild) || head.map(({ character }) => character).join('') !== 'arn') {
    return both(markedLanguage(pieces), not(STAR));
  }
  const missing = Array.from({ length: Math.max(0, 5 - colons.length) }, () => [
    { character: ':', wild: false },
    { character: '*', wild: true },
  ]);
  return markedLanguage([...pieces, ...missing.flat()], 3);
}

/** The ARNs that a pattern without variables matches: six segments, one by one. */
export function arnLanguage(pieces: readonly MarkedChar[]): Language {
  return isShortArn(pieces) ? NONE : markedLanguage(pieces, 5);
}

/** Whether a pattern without variables has fewer than the six parts that ARNs are compared by. */
export function isShortArn(pieces: readonly MarkedChar[]): boolean {
  return pieces.filter(({ character, wild }) => character === ':' && !wild).length < 5;
}

/** The texts that a pattern without variables matches. */
export function textLanguage(pieces: readonly MarkedChar[], ignoreCase: boolean): Language {
  if (!ignoreCase) return markedLanguage(pieces);
  return literalLanguage(pieces.map(({ character }) => character).join(''), { ignoreCase: true });
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DIGITS64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The texts that stand for the same bytes in base64; the last digit before padding has bits that count for nothing. */
export function binaryLanguage(wanted: string): Language {
  if (!BASE64.test(wanted)) return NONE;
  const padding = wanted.endsWith('==') ? 2 : wanted.endsWith('=') ? 1 : 0;
  if (padding === 0) return literalLanguage(wanted);
  const free = padding === 2 ? 16 : 4;
  const at = wanted.length - padding - 1;
  const base = Math.floor(DIGITS64.indexOf(wanted[at]!) / free) * free;
  return {
    kind: 'pattern',
    tokens: wanted.split('').map((character, index) => ({
      set: charsOf(index === at ? DIGITS64.slice(base, base + free) : character),
      many: false,
    })),
  };
}
