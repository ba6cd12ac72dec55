/** Numbers, dates and addresses, read exactly. */

/** The number `units` × 10 to the power of `-places`. */
export interface Decimal {
  readonly units: bigint;
  readonly places: number;
}

export function compare(left: Decimal, right: Decimal): number {
  const scaled = ({ units, places }: Decimal, other: Decimal): bigint =>
    units * 10n ** BigInt(Math.max(0, other.places - places));
  const [a, b] = [scaled(left, right), scaled(right, left)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An integer or decimal number; JSON numbers may come with an exponent. */
export function decimal(text: string): Decimal | undefined {
  const match = /^([-+]?)(?=\.?\d)(\d{0,400})(?:\.(\d{0,400}))?(?:[eE]([-+]?\d{1,3}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const units = BigInt(`${whole}${fraction}`);
  return { units: sign === '-' ? -units : units, places: fraction.length - Number(exponent) };
}

/** A date in a W3C form of ISO 8601 (https://www.w3.org/TR/NOTE-datetime), or seconds since 1970. Four digits are a year. */
export function seconds(text: string): Decimal | undefined {
  const form =
    /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([-+])(\d\d):(\d\d)))?)?)?$/;
  const match = form.exec(text);
  if (match === null) return /^-?\d+(?:\.\d+)?$/.test(text) ? decimal(text) : undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', sign, zh, zm] =
    match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const isReal = date.toISOString().startsWith(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
  if (!isReal || Number(zh ?? 0) > 23 || Number(zm ?? 0) > 59) return undefined;
  const offset = (Number(zh ?? 0) * 60 + Number(zm ?? 0)) * 60 * (sign === '-' ? -1 : 1);
  const whole = BigInt(date.getTime() / 1000 - offset);
  return { units: whole * 10n ** BigInt(fraction.length) + BigInt(fraction || '0'), places: fraction.length };
}

/** An IPv4 or IPv6 address (RFC 4291). */
export function address(text: string): { readonly bits: 32 | 128; readonly value: bigint } | undefined {
  const [, before = '', dotted = ''] = /^(|.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text) ?? [];
  const bytes = dotted.split('.').map(Number);
  if (dotted !== '' && !bytes.every((byte, index) => byte <= 255 && String(byte) === dotted.split('.')[index])) {
    return undefined;
  }
  const ipv4 = bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  if (dotted !== '' && before === '') return { bits: 32, value: ipv4 };
  // The last 32 bits may be written as an IPv4 address: two groups of hexadecimal digits.
  const hex = dotted === '' ? text : `${before}${(ipv4 >> 16n).toString(16)}:${(ipv4 & 0xffffn).toString(16)}`;
  const [head = [], tail, ...more] = hex.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const gap = 8 - head.length - (tail?.length ?? 0);
  if (more.length > 0 || (tail === undefined ? gap !== 0 : gap < 1)) return undefined;
  const groups = [...head, ...Array.from({ length: gap }, () => '0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { bits: 128, value: groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n) };
}
