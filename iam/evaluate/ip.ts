/** IP addresses and ranges of conditions, as 32-bit words: one of IPv4, four of IPv6. */

export type Address = readonly number[];

/** Reads an address (RFC 4291 for IPv6); `undefined` for anything else. */
export function addressOf(text: string): Address | undefined {
  if (!text.includes(':')) {
    const word = dotted(text);
    return word === undefined ? undefined : [word];
  }
  const lastColon = text.lastIndexOf(':');
  const tail = text.slice(lastColon + 1);
  let hex = text;
  if (tail.includes('.')) {
    const word = dotted(tail);
    if (word === undefined) return undefined;
    hex = `${text.slice(0, lastColon + 1)}${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`;
  }
  const halves = hex.split('::');
  if (halves.length > 2) return undefined;
  const [head, rest] = halves.map((half) => (half === '' ? [] : half.split(':'))) as [string[], string[] | undefined];
  const gap = 8 - head.length - (rest?.length ?? 0);
  if (rest === undefined ? gap !== 0 : gap < 1) return undefined;
  const groups = [...head, ...Array.from({ length: gap }, () => '0'), ...(rest ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const words: number[] = [];
  for (let index = 0; index < 8; index += 2) {
    words.push(((parseInt(groups[index]!, 16) << 16) | parseInt(groups[index + 1]!, 16)) >>> 0);
  }
  return words;
}

function dotted(text: string): number | undefined {
  const bytes = text.split('.');
  if (bytes.length !== 4) return undefined;
  let word = 0;
  for (const byte of bytes) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(byte) || Number(byte) > 255) return undefined;
    word = word * 256 + Number(byte);
  }
  return word;
}

/** A range of addresses. */
export interface Range {
  readonly words: Address;
  readonly masks: Address;
}

/** Reads a range in CIDR notation; a single address is the range of itself. */
export function rangeOf(text: string): Range | undefined {
  const [start = '', length, ...more] = text.split('/');
  const address = addressOf(start);
  if (address === undefined || more.length > 0) return undefined;
  const most = address.length * 32;
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > most)) return undefined;
  const bits = length === undefined ? most : Number(length);
  const masks = address.map((_, index) => {
    const own = Math.min(32, Math.max(0, bits - index * 32));
    return own === 0 ? 0 : (-1 << (32 - own)) >>> 0;
  });
  return { words: address.map((word, index) => (word & masks[index]!) >>> 0), masks };
}

/** Whether an address lies in a range; never when one is IPv4 and the other IPv6. */
export function isIn(address: Address, { words, masks }: Range): boolean {
  if (address.length !== words.length) return false;
  for (let index = 0; index < words.length; index++) {
    if ((address[index]! & masks[index]!) >>> 0 !== words[index]) return false;
  }
  return true;
}
