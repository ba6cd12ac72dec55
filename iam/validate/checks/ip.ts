/** Internet addresses and ranges as IAM conditions write them: an address, or an address and the length of its prefix. */

/** A range: its bits, most significant first, and how many of them count. */
export interface IpRange {
  readonly bits: bigint;
  readonly width: 32 | 128;
  readonly prefix: number;
}

/** @returns `undefined` for what is no address and no range. */
export function parseRange(text: string): IpRange | undefined {
  const match = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(text);
  if (match === null) return undefined;
  const [, address = '', length] = match;
  const four = address.includes(':') ? undefined : parseFour(address);
  const bits = four ?? (address.includes(':') ? parseSix(address) : undefined);
  if (bits === undefined) return undefined;
  const width = four === undefined ? 128 : 32;
  const prefix = length === undefined ? width : Number(length);
  return prefix > width ? undefined : { bits, width, prefix };
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseSix(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1)!;
  const tail = last.at(-1);
  if (tail?.includes('.') === true) {
    const four = parseFour(tail);
    if (four === undefined) return undefined;
    last.splice(-1, 1, (four >> 16n).toString(16), (four & 0xffffn).toString(16));
  }
  const [head, rest = []] = groups as [string[], string[]?];
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...rest];
  if (all.some((group) => !/^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  return all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** The range without the bits that do not count. */
export function masked({ bits, width, prefix }: IpRange): bigint {
  const free = BigInt(width - prefix);
  return (bits >> free) << free;
}

/** The text of a range, its address without the bits that do not count. */
export function printRange(range: IpRange): string {
  const bits = masked(range);
  const { width, prefix } = range;
  if (width === 32) {
    return `${[24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join('.')}/${prefix}`;
  }
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const zeros = /(?:^|:)0(?::0)+(?=:|$)/.exec(groups.join(':'));
  const joined = groups.join(':');
  const short =
    zeros === null
      ? joined
      : joined
          .replace(zeros[0], ':')
          .replace(/^:(?!:)/, '::')
          .replace(/:$/, '::');
  return `${short.replace(/:{3,}/, '::')}/${prefix}`;
}

/** Ranges that no request from the public network comes from (RFC 1918, 4193, 6598, 3927, 4291). */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
].map((text) => parseRange(text)!);

/** Whether all addresses of a range are private. */
export function isPrivate(range: IpRange): boolean {
  return PRIVATE.some(
    (each) =>
      each.width === range.width &&
      each.prefix <= range.prefix &&
      masked({ ...range, prefix: each.prefix }) === masked(each),
  );
}
