/** Tests single characters: literals, classes and the word characters that boundaries look at. */
import { charSource, classSource, perlClass } from './class.js';
import type { Expr } from './syntax.js';

/** Says whether a code point belongs to a set. */
export type CharTest = (codePoint: number) => boolean;

const UNDECIDED = 2;

/** A test with the flag `v` of one class; answers for ASCII are kept, since nearly all text of a template is ASCII. */
function regExpTest(source: string, caseless: boolean): CharTest {
  const regExp = new RegExp(`^${source}$`, caseless ? 'vi' : 'v');
  const ascii = new Uint8Array(128).fill(UNDECIDED);
  return (codePoint) => {
    const known = codePoint < 128 ? ascii[codePoint] : UNDECIDED;
    if (known !== UNDECIDED) return known === 1;
    const answer = regExp.test(String.fromCodePoint(codePoint));
    if (codePoint < 128) ascii[codePoint] = answer ? 1 : 0;
    return answer;
  };
}

/** The test of an expression that matches exactly one character, or null when it is none. */
export function charTest(expr: Expr): CharTest | null {
  switch (expr.kind) {
    case 'any':
      return expr.newline ? () => true : (codePoint) => codePoint !== 0x0a;
    case 'literal': {
      const { codePoint: wanted } = expr;
      if (!expr.caseless || !hasCase(wanted)) return (codePoint) => codePoint === wanted;
      return regExpTest(charSource(wanted), true);
    }
    case 'class':
      return regExpTest(classSource(expr.set), expr.caseless);
    default:
      return null;
  }
}

/** Whether folding case can matter for a character; beyond ASCII the answer is a cautious yes. */
export function hasCase(codePoint: number): boolean {
  if (codePoint >= 128) return true;
  const lower = codePoint | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

let word: CharTest | null = null;

/** Whether `\w` matches a code point. */
export function isWord(codePoint: number): boolean {
  word ??= regExpTest(classSource(perlClass('w')), false);
  return word(codePoint);
}

/** The code point before a place in a text, or -1 at the start. */
export function codePointBefore(text: string, at: number): number {
  if (at === 0) return -1;
  const unit = text.charCodeAt(at - 1);
  if (unit >= 0xdc00 && unit <= 0xdfff && at >= 2) {
    const pair = text.codePointAt(at - 2) ?? 0;
    if (pair > 0xffff) return pair;
  }
  return unit;
}

/** How many UTF-16 code units a code point takes. */
export function width(codePoint: number): 1 | 2 {
  return codePoint > 0xffff ? 2 : 1;
}
