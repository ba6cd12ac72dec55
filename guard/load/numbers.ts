/** Numbers as the reference implementation's language, Rust, reads them from text. */
import { Float } from '../../template/index.js';

const INTEGER = /^[-+]?\d+$/;
const FLOAT = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
/** The digits of the largest 64-bit integer; longer numbers are not made integers first, which takes its time. */
const MAX_DIGITS = 19;
const NOT_FINITE = /^[-+]?(?:inf|infinity|nan)$/i;

/** A signed 64-bit integer, or `undefined`. */
export function parseInteger(text: string): number | bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  if (text.length < 16) return Number(text) || 0;
  const digits = text.replace(/^[-+]?0*/, '');
  if (digits.length > MAX_DIGITS) return undefined;
  const big = BigInt(`0${digits}`) * (text.startsWith('-') ? -1n : 1n);
  return BigInt.asIntN(64, big) === big ? integer(big) : undefined;
}

/** An integer in the form in which values hold it. */
export function integer(big: bigint): number | bigint {
  const number = Number(big);
  return Number.isSafeInteger(number) ? number : big;
}

/** A 64-bit float, or `undefined`. Words such as `inf` are taken too. */
export function parseFloat64(text: string): number | Float | undefined {
  if (FLOAT.test(text)) return float(Number(text));
  if (!NOT_FINITE.test(text)) return undefined;
  if (/nan$/i.test(text)) return NaN;
  return text.startsWith('-') ? -Infinity : Infinity;
}

/** A float in the form in which values hold it. */
export function float(number: number): number | Float {
  return Number.isInteger(number) ? new Float(number) : number;
}
