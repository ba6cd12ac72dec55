import { Float } from '../../template/index.js';

/**
 * A finite float in its shortest form that reads back as a float: `1.0`, `0.00012`, `1e16`, `1.5e-6`. Scientific form
 * begins at 1e16 and below 1e-5, as in the reports of cfn-guard 3.1.1 (measured).
 */
export function floatText(value: number): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(value.toExponential())!;
  const [, sign = '', first = '', rest = ''] = match;
  const digits = first + rest;
  const point = Number(match[4]) + 1;
  if (value === 0) return `${Object.is(value, -0) ? '-' : ''}0.0`;
  if (point > 16 || point <= -5) return `${sign}${first}${rest === '' ? '' : `.${rest}`}e${point - 1}`;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits.padEnd(point, '0')}.0`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A number that is not a {@link Float}: integers as they are. */
export function numberText(value: number | bigint | Float): string {
  if (value instanceof Float) return floatText(value.value);
  return typeof value === 'bigint' || Number.isInteger(value) ? String(value) : floatText(value);
}

/** Whether a number is an infinity or NaN, which JSON cannot say. */
export function isNotFinite(value: number | bigint | Float): boolean {
  if (typeof value === 'bigint') return false;
  return !Number.isFinite(typeof value === 'number' ? value : value.value);
}
