/**
 * What patterns can ask of the parts of texts: a part is what stands between two characters that no value of a variable
 * has, and may be such a value.
 */
import { ANY_CHAR, charsOf, disjoint, within } from './automata/char-set.js';
import type { CharSet } from './automata/char-set.js';
import type { Language, MarkedChar, PatternToken } from './automata/language.js';
import { Exhausted } from './budget.js';
import type { VariableUse } from './encode.js';
import { isVariable } from './patterns.js';
import type { PatternPiece } from './patterns.js';

/** The pattern with each choice of variables replaced by their defaults; `undefined` when these are too many. */
export function withDefaults(pieces: VariableUse['pieces']): readonly VariableUse['pieces'][] | undefined {
  let result: PatternPiece[][] = [[]];
  for (const piece of pieces) {
    const hasDefault = isVariable(piece) && piece.otherwise !== undefined;
    const plain = hasDefault ? textPieces(piece.otherwise) : undefined;
    result = result.flatMap((each) => [[...each, piece], ...(plain === undefined ? [] : [[...each, ...plain]])]);
    if (result.length > MOST_SPELLINGS) return undefined;
  }
  return result;
}

const MOST_SPELLINGS = 16;

/** The characters that a piece puts into texts by itself. */
export function charactersOf(piece: PatternPiece): readonly string[] {
  return isVariable(piece) ? (piece.otherwise ?? '').split('') : [piece.character];
}

function textPieces(text: string): readonly MarkedChar[] {
  return text.split('').map((character) => ({ character, wild: false }));
}

/** The patterns between the variables of a pattern. */
export function runsBetweenVariables(pieces: VariableUse['pieces']): readonly (readonly PatternToken[])[] {
  const result: PatternToken[][] = [[]];
  for (const piece of pieces) {
    if (isVariable(piece)) result.push([]);
    else if (piece.wild) result.at(-1)!.push({ set: ANY_CHAR, many: piece.character === '*' });
    else result.at(-1)!.push({ set: charsOf(piece.character), many: false });
  }
  return result;
}

/** What a language can ask of a part of a text. */
export function partsOf(language: Language, inner: CharSet): readonly Language[] {
  switch (language.kind) {
    case 'pattern':
      return partsOfPattern(language.tokens, inner);
    case 'choice':
      return language.options.flatMap((option) => partsOf(option, inner));
    case 'both':
      return [...partsOf(language.left, inner), ...partsOf(language.right, inner)];
    case 'not':
      return partsOf(language.of, inner);
    case 'sequence':
    case 'repeat':
      if (inner !== ANY_CHAR) throw new Exhausted('expressions beside variables');
      return [language];
  }
}

/**
 * A part starts where a token has taken a character outside `inner`, and ends before the next: at tokens for such a
 * character only, and at or within tokens for such characters among others.
 */
export function partsOfPattern(tokens: readonly PatternToken[], inner: CharSet): readonly Language[] {
  const leaves = tokens.map(({ set }) => !within(set, inner));
  const separates = tokens.map(({ set }) => disjoint(set, inner));
  const starts = [0];
  tokens.forEach(({ many }, at) => {
    if (!leaves[at]!) return;
    if (many) starts.push(at);
    starts.push(at + 1);
  });
  const result: Language[] = [];
  for (const start of new Set(starts)) {
    for (let end = start; end <= tokens.length; end++) {
      const isEnd = end === tokens.length || leaves[end]!;
      if (isEnd && end > start) result.push({ kind: 'pattern', tokens: tokens.slice(start, end) });
      if (end === tokens.length || separates[end]!) break;
      if (leaves[end]! && tokens[end]!.many) result.push({ kind: 'pattern', tokens: tokens.slice(start, end + 1) });
    }
  }
  return result;
}
