/**
 * Clauses on text that is known in part: `arn:aws:s3:::` and then a name that AWS gives, say. The known pieces may decide
 * a comparison whatever the others turn out to be. An answer is given only where every text for the unknown pieces, the
 * empty one too, gives the same one.
 */
import type { Unknown } from '../../template/index.js';
import type { Comparator } from '../ast.js';
import { BOOL, FLOAT, INT, NULL, RegexValue, isGuardList, kindOf } from '../operators/index.js';
import type { GuardValue } from '../operators/index.js';
import { isPresent } from './concrete.js';

type Pieces = readonly (string | null)[];

/**
 * The status of one unknown result against a literal.
 *
 * @returns `null` when the known pieces do not decide it.
 */
export function decidedByPieces(
  unknown: Unknown,
  operator: Comparator,
  negated: boolean,
  literal: GuardValue,
): 'PASS' | 'FAIL' | null {
  const { pieces } = unknown;
  // Braces may be part of a dynamic reference, which stands for other text; what is absent has no text.
  if (pieces === undefined || !isPresent(unknown) || pieces.some((piece) => piece !== null && /[{}]/.test(piece))) {
    return null;
  }
  let holds: boolean | null = null;
  if (operator === 'eq') holds = equals(pieces, isGuardList(literal) && literal.length === 1 ? literal[0]! : literal);
  else if (operator === 'in' && typeof literal === 'string') holds = isPartOf(pieces, literal);
  else if (operator === 'in' && isGuardList(literal)) holds = isMember(pieces, literal);
  if (holds === null) return null;
  return holds !== negated ? 'PASS' : 'FAIL';
}

/**
 * A text that a pattern for a plain beginning takes as it takes the unknown, whatever that turns out to be: matched alike
 * to the character, or not matched either.
 *
 * @returns `null` where the known pieces or the pattern do not tell.
 */
export function standIn(unknown: Unknown, pattern: string): string | null {
  const first = isPresent(unknown) ? unknown.pieces?.[0] : undefined;
  const text = beginningOf(pattern);
  // A dynamic reference stands for other text.
  if (typeof first !== 'string' || text === null || /[{}]/.test(first)) return null;
  if (first.startsWith(text)) return text;
  return text.startsWith(first) ? null : '';
}

/** The text that a pattern asks for at the start, where it asks for nothing else: `^[/]a`, `^arn:`. */
function beginningOf(pattern: string): string | null {
  if (!pattern.startsWith('^') || pattern.includes('|')) return null;
  let text = '';
  let rest = pattern.slice(1);
  while (rest !== '') {
    const inClass = /^\[([^\\^\]])\](?![?*+{])/u.exec(rest);
    const plain = inClass === null ? plainStart(rest) : { text: inClass[1]!, rest: rest.slice(inClass[0].length) };
    if (plain.rest === rest) return null;
    text += plain.text;
    rest = plain.rest;
  }
  return text === '' ? null : text;
}

function equals(pieces: Pieces, literal: GuardValue): boolean | null {
  if (typeof literal === 'string') return mayBe(pieces, literal) ? null : false;
  return literal instanceof RegexValue ? matches(pieces, literal.pattern) : null;
}

/** Whether the text is one of the members. A text is never a number, a boolean or null. */
function isMember(pieces: Pieces, members: readonly GuardValue[]): boolean | null {
  let answer: boolean | null = false;
  for (const member of members) {
    const kind = kindOf(member);
    const isOther = kind === INT || kind === FLOAT || kind === BOOL || kind === NULL;
    const holds = isOther ? false : equals(pieces, member);
    if (holds === true) return true;
    if (holds === null) answer = null;
  }
  return answer;
}

/** Whether the text stands in another one: certainly not when one of its pieces does not. */
function isPartOf(pieces: Pieces, whole: string): boolean | null {
  return pieces.some((piece) => piece !== null && !whole.includes(piece)) ? false : null;
}

/** Whether some texts for the unknown pieces make this text. */
function mayBe(pieces: Pieces, text: string): boolean {
  const known = pieces.filter((piece) => piece !== null);
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (pieces.length === known.length) return known.join('') === text;
  if (typeof first === 'string' && !text.startsWith(first)) return false;
  if (typeof last === 'string' && !text.endsWith(last)) return false;
  // The leftmost place for each piece leaves the most room for those behind it.
  let from = 0;
  const end = text.length - (typeof last === 'string' ? last.length : 0);
  const middle = typeof last === 'string' ? known.slice(0, -1) : known;
  for (const piece of middle) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return from <= end;
}

/** Signs that have a meaning in a pattern, but for a backslash. */
const META = /[.^$|?*+()[\]{}]/;

/**
 * Plain characters at the start of a pattern, and what follows them. A character that a quantifier follows is none of
 * them.
 */
function plainStart(pattern: string): { readonly text: string; readonly rest: string } {
  let text = '';
  let at = 0;
  while (at < pattern.length) {
    const escaped = pattern[at] === '\\';
    const char = pattern[escaped ? at + 1 : at];
    // Escaped letters and digits are classes, anchors and references.
    if (char === undefined || (escaped ? /[A-Za-z0-9\s]|[^ -~]/.test(char) : META.test(char))) break;
    const next = at + (escaped ? 2 : 1);
    if (/[?*+{]/.test(pattern[next] ?? '')) break;
    text += char;
    at = next;
  }
  return { text, rest: pattern.slice(at) };
}

/** Patterns that any visible sign satisfies. */
const ANY_SIGN = /^(?:\\S|\.)\+?$/;

/** Whether a pattern of a simple form matches: plain text with or without anchors, and what begins so. */
function matches(pieces: Pieces, pattern: string): boolean | null {
  // Alternatives and inline flags give the start of a pattern another meaning.
  if (pattern.includes('|') || pattern.includes('(?')) return null;
  if (ANY_SIGN.test(pattern)) return pieces.some((piece) => piece !== null && /[!-~]/.test(piece)) ? true : null;
  const anchored = pattern.startsWith('^');
  const { text, rest } = plainStart(anchored ? pattern.slice(1) : pattern);
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (anchored && rest === '$') return mayBe(pieces, text) ? null : false;
  if (anchored) {
    if (typeof first !== 'string') return null;
    if (!first.startsWith(text) && !text.startsWith(first)) return false;
    return first.startsWith(text) && (rest === '' || rest === '.*') ? true : null;
  }
  if (rest === '$') {
    if (typeof last !== 'string') return null;
    if (last.endsWith(text)) return true;
    return text.endsWith(last) ? null : false;
  }
  const within = pieces.some((piece) => piece?.includes(text));
  return within && (rest === '' || rest === '.*') ? true : null;
}
