/** Numbers and dates of conditions, compared exactly. */

/** A decimal number, or a time in seconds since 1970. */
export interface Quantity {
  /** The value, when a double tells it from every other short number; NaN otherwise. */
  readonly short: number;
  /** The value as `units` × 10 to the power of `-places`. */
  readonly exact: () => { readonly units: bigint; readonly places: number };
}

const NUMBER = /^([-+]?)(?=\.?\d)(\d{0,400})(?:\.(\d{0,400}))?(?:[eE]([-+]?\d{1,3}))?$/;
/** Two different decimal numbers with so many digits never round to one double, nor change their order. */
const SHORT_DIGITS = 15;

/** Reads an integer or decimal number; `undefined` for anything else. */
export function numberOf(text: string): Quantity | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = match;
  const isShort = exponent === undefined && whole.length + fraction.length <= SHORT_DIGITS;
  return {
    short: isShort ? Number(text) : NaN,
    exact: () => {
      const units = BigInt(whole + fraction);
      return { units: sign === '-' ? -units : units, places: fraction.length - Number(exponent ?? 0) };
    },
  };
}

const EPOCH = /^-?\d+(?:\.\d+)?$/;
const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([-+])(\d\d):(\d\d)))?)?)?$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads a date in a form of the W3C's profile of ISO 8601 (https://www.w3.org/TR/NOTE-datetime), or seconds since 1970.
 * Four digits are a year.
 */
export function dateOf(text: string): Quantity | undefined {
  const match = DATE.exec(text);
  if (match === null) return EPOCH.test(text) ? numberOf(text) : undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  const [hour, minute, second] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)];
  const [zoneHour, zoneMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return undefined;
  if (zoneHour > 23 || zoneMinute > 59) return undefined;
  // Date.UTC takes years before 100 for years after 1900; 400 years are always as long.
  const milliseconds = Date.UTC(year + 400, month - 1, day, hour, minute, second);
  const zone = (zoneHour * 60 + zoneMinute) * (match[8] === '-' ? -60 : 60);
  const seconds = milliseconds / 1000 - SECONDS_OF_400_YEARS - zone;
  const fraction = match[7] ?? '';
  return {
    short: fraction === '' ? seconds : NaN,
    exact: () => ({
      units: BigInt(seconds) * 10n ** BigInt(fraction.length) + BigInt(fraction === '' ? 0 : fraction),
      places: fraction.length,
    }),
  };
}

const SECONDS_OF_400_YEARS = 146_097 * 86_400;

/** Negative, zero or positive, as the left is less than, equal to or greater than the right. */
export function compare(left: Quantity, right: Quantity): number {
  const difference = left.short - right.short;
  if (!Number.isNaN(difference)) return difference;
  const [a, b] = [left.exact(), right.exact()];
  const places = Math.max(a.places, b.places);
  const [x, y] = [a.units * 10n ** BigInt(places - a.places), b.units * 10n ** BigInt(places - b.places)];
  return x < y ? -1 : x > y ? 1 : 0;
}
