/** Ranges of addresses (RFC 4632, RFC 4291) as intervals of integers, IPv6 after IPv4. */
import type { Interval } from './boxes.js';

const IPV4_BITS = 32n;
const IPV6_BITS = 128n;
/** The first address of IPv6 in the numbering; all of IPv4 is before it. */
const IPV6_START = 1n << IPV4_BITS;

export const ALL_IPV4: Interval = [0n, IPV6_START - 1n];
export const ALL_IPV6: Interval = [IPV6_START, IPV6_START + (1n << IPV6_BITS) - 1n];

/** The addresses of a range such as `10.0.0.0/8` or `2001:db8::/32`; `undefined` for a text that is none. */
export function rangeOf(text: string): Interval | undefined {
  const [address = '', length, ...more] = text.trim().split('/');
  if (more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const isSix = address.includes(':');
  const value = isSix ? ipv6(address) : ipv4(address);
  const bits = isSix ? IPV6_BITS : IPV4_BITS;
  const prefix = length === undefined ? bits : BigInt(length);
  if (value === undefined || prefix > bits) return undefined;
  const size = 1n << (bits - prefix);
  const first = (value / size) * size + (isSix ? IPV6_START : 0n);
  return [first, first + size - 1n];
}

function ipv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function ipv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => groupsOf(half));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])];
  return groups.reduce((value, group) => value * 65_536n + BigInt(group), 0n);
}

function groupsOf(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  for (const part of text.split(':')) {
    const embedded = part.includes('.') ? ipv4(part) : undefined;
    if (embedded !== undefined) groups.push(Number(embedded / 65_536n), Number(embedded % 65_536n));
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** An address of the numbering as text. */
export function addressText(value: bigint): string {
  if (value < IPV6_START) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const number = value - IPV6_START;
  const groups = Array.from({ length: 8 }, (_, at) => ((number >> BigInt(16 * (7 - at))) & 0xffffn).toString(16));
  // The first of the longest runs of zeros is left out (RFC 5952).
  let [start, length] = [0, 1];
  groups.forEach((_, at) => {
    const end = groups.findIndex((group, index) => index >= at && group !== '0');
    const run = (end < 0 ? groups.length : end) - at;
    if (run > length) [start, length] = [at, run];
  });
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** A range as it is usually written, when the interval is one; else its first and last address. */
export function rangeText([low, high]: Interval): string {
  const isSix = low >= IPV6_START;
  const [start, bits] = isSix ? [IPV6_START, IPV6_BITS] : [0n, IPV4_BITS];
  const size = high - low + 1n;
  const isPower = (size & (size - 1n)) === 0n && (low - start) % size === 0n;
  if (!isPower) return `${addressText(low)}-${addressText(high)}`;
  return `${addressText(low)}/${bits - BigInt(size.toString(2).length - 1)}`;
}
