/**
 * Translation to a native `RegExp`, which is the fast way for nearly every pattern of a rule file. A native `RegExp`
 * backtracks, so it runs only where an upper bound of its work on the text at hand is small.
 */
import { hasCase } from './chars.js';
import { charSource, perlClass } from './class.js';
import type { ClassSet } from './class-set.js';
import { childrenOf, minLength } from './measure.js';
import type { AssertionKind, Expr, Repeat } from './syntax.js';

export interface NativePlan {
  readonly source: string;
  readonly flags: string;
  /** Longest text for which the search is known to be cheap. */
  readonly maxLength: number;
  /** It looks at both sides of a place, where a native search may stand between the halves of a surrogate pair. */
  readonly looksAround: boolean;
}

/** Steps that a search may be expected to need at most; some ten milliseconds. */
const MAX_STEPS = 20_000_000;
/** Ways to match, apart from loops, beyond which a pattern is not run natively. */
const MAX_FACTOR = 4096;
/** Counted loops become copies in the native program. */
const MAX_COPIES = 1000;

/** Whether the native search is cheap, and means the same, for this text. */
export function fits(plan: NativePlan, text: string): boolean {
  return text.length <= plan.maxLength && (!plan.looksAround || !/[\ud800-\udfff]/.test(text));
}

/**
 * The plan for a pattern without hard nodes, or null when its bound is too large for any text, or when JavaScript
 * cannot say it.
 */
export function planNative(expr: Expr): NativePlan | null {
  const cost = pathsOf(expr);
  if (cost === null || cost.factor > MAX_FACTOR) return null;
  const casing = casingOf(expr);
  const source = casing === null ? null : sourceOf(expr, casing);
  if (source === null) return null;
  // A search needs at most `factor * size * (length + 1) ** degree` steps.
  const degree = cost.degree + (isAnchored(expr) ? 0 : 1);
  const steps = MAX_STEPS / (cost.factor * sizeOf(expr));
  const maxLength = degree === 0 ? (steps < 1 ? -1 : Infinity) : steps ** (1 / degree) - 1;
  return { source, flags: casing === 'all' ? 'iu' : 'u', maxLength, looksAround: looksAround(expr) };
}

function looksAround(expr: Expr): boolean {
  if (expr.kind === 'assertion') return expr.assertion !== 'startText' && expr.assertion !== 'endText';
  return childrenOf(expr).some(looksAround);
}

/** Nodes of the native program, with loops written out as often as they have to run. */
function sizeOf(expr: Expr): number {
  const size = childrenOf(expr).reduce((sum, child) => sum + sizeOf(child), 1);
  return expr.kind === 'repeat' ? size * Math.max(1, expr.lo) : size;
}

interface Paths {
  readonly factor: number;
  readonly degree: number;
}

const ONE_PATH: Paths = { factor: 1, degree: 0 };

/** In how many ways a node can match from one place of a text, in terms of the text's length; null is "too many". */
function pathsOf(expr: Expr): Paths | null {
  switch (expr.kind) {
    case 'concat': {
      let factor = 1;
      let degree = 0;
      for (const item of expr.items) {
        const paths = pathsOf(item);
        if (paths === null) return null;
        factor *= paths.factor;
        degree += paths.degree;
      }
      return factor > MAX_FACTOR ? null : { factor, degree };
    }
    case 'alt': {
      let factor = 0;
      let degree = 0;
      for (const item of expr.items) {
        const paths = pathsOf(item);
        if (paths === null) return null;
        factor += paths.factor;
        degree = Math.max(degree, paths.degree);
      }
      return { factor, degree };
    }
    case 'group':
      return pathsOf(expr.child);
    case 'repeat':
      return pathsOfRepeat(expr);
    default:
      return ONE_PATH;
  }
}

function pathsOfRepeat(expr: Repeat): Paths | null {
  const { child, lo, hi } = expr;
  if (lo > MAX_COPIES || (hi !== Infinity && hi > MAX_COPIES)) return null;
  if (hi === 1 && lo === 0) {
    const paths = pathsOf(child);
    return paths === null ? null : { factor: paths.factor + 1, degree: paths.degree };
  }
  // One way to match each round, and each round takes a character: a way is a number of rounds.
  if (hasOnePath(child) && minLength(child) > 0) return { factor: 1, degree: lo === hi ? 0 : 1 };
  const paths = pathsOf(child);
  if (paths === null || paths.degree > 0 || hi === Infinity) return null;
  const factor = (paths.factor + 1) ** hi;
  return factor > MAX_FACTOR ? null : { factor, degree: 0 };
}

/** Whether a node can match a given text in one way only. */
function hasOnePath(expr: Expr): boolean {
  switch (expr.kind) {
    case 'concat':
      return expr.items.every(hasOnePath);
    case 'alt': {
      const first = expr.items.map(firstLiteral);
      return !first.includes(null) && new Set(first).size === first.length && expr.items.every(hasOnePath);
    }
    case 'group':
      return hasOnePath(expr.child);
    case 'repeat':
      return expr.lo === expr.hi && hasOnePath(expr.child);
    default:
      return true;
  }
}

function firstLiteral(expr: Expr): number | null {
  if (expr.kind === 'literal') return expr.caseless && hasCase(expr.codePoint) ? null : expr.codePoint;
  if (expr.kind === 'concat') return expr.items[0] === undefined ? null : firstLiteral(expr.items[0]);
  return expr.kind === 'group' ? firstLiteral(expr.child) : null;
}

function isAnchored(expr: Expr): boolean {
  if (expr.kind === 'concat') return expr.items[0] !== undefined && isAnchored(expr.items[0]);
  if (expr.kind === 'group') return isAnchored(expr.child);
  return expr.kind === 'assertion' && expr.assertion === 'startText';
}

/** How many of the nodes that have case fold it; null when JavaScript's one flag cannot say the mixture. */
type Casing = 'none' | 'all' | 'mixed';

function casingOf(expr: Expr): Casing | null {
  const seen = { folding: 0, exact: 0, expressible: true };
  const visit = (node: Expr): void => {
    if (node.kind === 'class' || (node.kind === 'literal' && hasCase(node.codePoint))) {
      if (!node.caseless) seen.exact += 1;
      else seen.folding += 1;
      if (node.caseless && (node.kind === 'class' || node.codePoint >= 128)) seen.expressible = false;
    }
    childrenOf(node).forEach(visit);
  };
  visit(expr);
  if (seen.folding === 0) return 'none';
  if (seen.exact === 0) return 'all';
  return seen.expressible ? 'mixed' : null;
}

const WORD = unicodeClass(perlClass('w'), false) ?? '';
const ASSERTIONS: Readonly<Record<AssertionKind, string>> = {
  startText: '^',
  endText: '$',
  startLine: '(?<![^\\n])',
  endLine: '(?![^\\n])',
  wordBoundary: `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`,
  notWordBoundary: `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`,
  wordStart: `(?:(?<!${WORD})(?=${WORD}))`,
  wordEnd: `(?:(?<=${WORD})(?!${WORD}))`,
};

/** ASCII letters whose case folding reaches a character beyond ASCII (Unicode CaseFolding.txt, status C). */
const FOLDED_BEYOND_ASCII: Readonly<Record<string, string>> = { k: '\\u{212a}', s: '\\u{17f}' };

function sourceOf(expr: Expr, casing: Casing): string | null {
  switch (expr.kind) {
    case 'empty':
      return '(?:)';
    case 'any':
      return expr.newline ? '[\\s\\S]' : '[^\\n]';
    case 'assertion':
      return ASSERTIONS[expr.assertion];
    case 'literal': {
      if (casing !== 'mixed' || !expr.caseless || !hasCase(expr.codePoint)) return charSource(expr.codePoint);
      const lower = String.fromCodePoint(expr.codePoint).toLowerCase();
      return `[${lower}${lower.toUpperCase()}${FOLDED_BEYOND_ASCII[lower] ?? ''}]`;
    }
    case 'class':
      return unicodeClass(expr.set, expr.caseless);
    case 'concat': {
      const parts = expr.items.map((item) => sourceOf(item, casing));
      return parts.includes(null) ? null : parts.join('');
    }
    case 'alt': {
      const parts = expr.items.map((item) => sourceOf(item, casing));
      return parts.includes(null) ? null : `(?:${parts.join('|')})`;
    }
    case 'group':
      return sourceOf(expr.child, casing);
    case 'repeat': {
      const child = sourceOf(expr.child, casing);
      if (child === null || expr.hi < expr.lo) return null;
      const bounds = expr.hi === Infinity ? `{${expr.lo},}` : `{${expr.lo},${expr.hi}}`;
      return `(?:${child})${bounds}${expr.greedy ? '' : '?'}`;
    }
    default:
      return null;
  }
}

/**
 * A class for a `RegExp` with the flag `u`; null where that cannot say it. The flag `v`, which could, is left to tests
 * of one character: V8 lets `[^]{2,}` match a shorter text under it (seen in Node.js 20).
 */
function unicodeClass(set: ClassSet, caseless: boolean): string | null {
  if (set.kind === 'not') {
    const members = classMembers(set.set, caseless);
    return members === null || members.length === 0 ? null : `[^${members.join('')}]`;
  }
  const members = classMembers(set, caseless);
  return members === null || members.length === 0 ? null : `[${members.join('')}]`;
}

function classMembers(set: ClassSet, caseless: boolean): string[] | null {
  switch (set.kind) {
    case 'range':
      return [set.from === set.to ? charSource(set.from) : `${charSource(set.from)}-${charSource(set.to)}`];
    case 'property':
      return [`\\p{${set.escape}}`];
    case 'not':
      // Where case is folded, `\P` under `u` does not mean the rest.
      return set.set.kind === 'property' && !caseless ? [`\\P{${set.set.escape}}`] : null;
    case 'union': {
      const members: string[] = [];
      for (const item of set.items) {
        const own = classMembers(item, caseless);
        if (own === null) return null;
        members.push(...own);
      }
      return members;
    }
    case 'operation':
      return null;
  }
}
