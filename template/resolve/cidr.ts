/**
 * `Fn::Cidr`: cuts an address block into smaller blocks.
 *
 * Follows "Fn::Cidr" of the CloudFormation Template Reference Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html): 1 to
 * 256 blocks of `cidrBits` host bits, IPv4 and IPv6.
 */

/** The blocks, or what is wrong with the arguments. */
export function cidrBlocks(block: string, count: number, cidrBits: number): readonly string[] | string {
  const slash = block.indexOf('/');
  const address = slash < 0 ? block : block.slice(0, slash);
  const isIpv6 = address.includes(':');
  const width = isIpv6 ? 128 : 32;
  const start = isIpv6 ? parseIpv6(address) : parseIpv4(address);
  const prefixText = slash < 0 ? '' : block.slice(slash + 1);
  const prefix = Number(prefixText);
  if (start === undefined || !/^\d{1,3}$/.test(prefixText) || prefix > width) {
    return `is given \`${block}\`, which is no address block`;
  }
  if (!Number.isInteger(count) || count < 1 || count > 256) return 'makes 1 to 256 blocks';
  if (!Number.isInteger(cidrBits) || cidrBits < 0 || cidrBits > width) return `takes 0 to ${width} host bits`;
  if (BigInt(count) << BigInt(cidrBits) > 1n << BigInt(width - prefix)) {
    return `cannot make ${count} blocks of ${cidrBits} host bits in \`${block}\``;
  }
  const network = (start >> BigInt(width - prefix)) << BigInt(width - prefix);
  return Array.from({ length: count }, (_, index) => {
    const from = network + (BigInt(index) << BigInt(cidrBits));
    return `${isIpv6 ? formatIpv6(from) : formatIpv4(from)}/${width - cidrBits}`;
  });
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
}

function formatIpv4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':'))) as [string[], string[] | undefined];
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/** The text of RFC 5952: lower case, the longest run of two or more zero groups shortened. */
function formatIpv6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
