/**
 * The size limit of the linear-time engine: 10 MiB for a compiled part, with every counted loop written out. The sizes
 * of automata were measured with cfn-guard 3.1.1 (the largest N for which `x{N}` is accepted); they are exact for ASCII
 * and close for the rest, so that the limit falls within a few per cent of the reference's.
 */
import type { ClassSet } from './class-set.js';
import { hasCase } from './chars.js';
import { RegexSyntaxError } from './syntax.js';
import type { Expr } from './syntax.js';

const LIMIT = 10 * 1024 * 1024;
/** One state of the automaton. */
const STATE = 32;
/** A state with two ways on. */
const FORK = STATE + 8;
/** One way on of a state that reads a byte. */
const WAY = 8;
/** A class with some characters beyond ASCII. */
const WIDE = 262;
/** What is left of Unicode when some ASCII characters are taken away. */
const REST_OF_UNICODE = 1000;

/** Bytes of the automata of frequent properties. */
const PROPERTY_SIZES: Readonly<Record<string, number>> = {
  Alphabetic: 45_590,
  L: 41_610,
  LC: 27_500,
  Lu: 26_412,
  Ll: 27_522,
  Lo: 32_871,
  M: 18_204,
  Mn: 18_859,
  N: 9346,
  Nd: 4654,
  P: 11_498,
  Po: 10_000,
  S: 15_466,
  So: 12_000,
  C: 42_111,
  Cn: 42_000,
  Assigned: 42_000,
  Uppercase: 26_818,
  Lowercase: 28_112,
  ID_Continue: 48_321,
  XID_Continue: 48_321,
  ID_Start: 45_000,
  XID_Start: 45_000,
  White_Space: 681,
  Any: 966,
  ASCII: FORK + STATE,
};
/** Most other properties and scripts are small. */
const OTHER_PROPERTY = 2500;
/** No class was larger than `\w` with some more characters. */
const LARGEST_CLASS = 48_321;

/**
 * Checks a part that the linear-time engine would compile.
 * @throws {RegexSyntaxError} when it would be larger than the engine allows.
 */
export function checkSize(expr: Expr): void {
  if (sizeOf(expr) > LIMIT) {
    throw new RegexSyntaxError('the regular expression is too large when its counted loops are written out', 0);
  }
}

function sizeOf(expr: Expr): number {
  switch (expr.kind) {
    case 'literal':
      return expr.caseless && hasCase(expr.codePoint) ? caselessLiteral(expr.codePoint) : STATE * bytes(expr.codePoint);
    case 'any':
      return REST_OF_UNICODE;
    case 'class':
      return classSize(expr.set);
    case 'assertion':
      return STATE;
    case 'concat':
      return expr.items.reduce((sum, item) => sum + sizeOf(item), 0);
    case 'alt':
      return expr.items.reduce((sum, item) => sum + sizeOf(item) + WAY, FORK + STATE);
    case 'group':
      return sizeOf(expr.child) + 2 * STATE;
    case 'repeat': {
      const size = sizeOf(expr.child);
      if (expr.lo === 0 && expr.hi === 1) return size + FORK + STATE;
      if (expr.hi === Infinity) return Math.max(expr.lo, 1) * size + FORK;
      return expr.lo * size + (expr.hi - expr.lo) * (size + FORK);
    }
    default:
      return 0;
  }
}

function bytes(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

function caselessLiteral(codePoint: number): number {
  const letter = String.fromCodePoint(codePoint).toLowerCase();
  return letter === 'k' || letter === 's' || codePoint >= 128 ? WIDE - 26 : 2 * STATE + 2 * WAY;
}

function classSize(set: ClassSet): number {
  const parts = new Map<string, number>();
  let ranges = 0;
  const visit = (node: ClassSet): void => {
    switch (node.kind) {
      case 'range':
        if (node.to < 0x80) ranges += 1;
        else parts.set(`${node.from}-${node.to}`, WIDE);
        return;
      case 'property':
        parts.set(node.escape, PROPERTY_SIZES[node.escape] ?? OTHER_PROPERTY);
        return;
      case 'not':
        parts.set('rest of Unicode', REST_OF_UNICODE);
        visit(node.set);
        return;
      case 'union':
        node.items.forEach(visit);
        return;
      case 'operation':
        visit(node.left);
        visit(node.right);
        return;
    }
  };
  visit(set);
  if (parts.size === 0) return 2 * STATE + WAY * ranges;
  const sum = [...parts.values()].reduce((total, size) => total + size, WAY * ranges);
  // What several properties share is in the automaton once.
  return Math.min(sum, LARGEST_CLASS);
}
