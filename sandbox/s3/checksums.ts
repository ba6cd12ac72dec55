/** What clients send to tell that the body arrived whole: `Content-MD5` and checksums. */
import { createHash } from 'node:crypto';
import { ServiceError } from '../errors.js';

const TABLES = new Map<number, Uint32Array>();

/** CRC-32 of IEEE 802.3, and of Castagnoli, by their reversed polynomials. */
function crc(data: Uint8Array, polynomial: number): string {
  let table = TABLES.get(polynomial);
  if (table === undefined) {
    table = Uint32Array.from({ length: 256 }, (_, index) => {
      let value = index;
      for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? polynomial ^ (value >>> 1) : value >>> 1;
      return value;
    });
    TABLES.set(polynomial, table);
  }
  let value = 0xffffffff;
  for (const byte of data) value = table[(value ^ byte) & 0xff]! ^ (value >>> 8);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE((value ^ 0xffffffff) >>> 0);
  return bytes.toString('base64');
}

const hash =
  (algorithm: string) =>
  (data: Uint8Array): string =>
    createHash(algorithm).update(data).digest('base64');

const CHECKSUMS: Readonly<Record<string, (data: Uint8Array) => string>> = {
  'x-amz-checksum-crc32': (data) => crc(data, 0xedb88320),
  'x-amz-checksum-crc32c': (data) => crc(data, 0x82f63b78),
  'x-amz-checksum-sha1': hash('sha1'),
  'x-amz-checksum-sha256': hash('sha256'),
};

/**
 * Holds a body to what its headers say.
 *
 * @returns The checksum that was sent, to be kept with the object.
 * @throws ServiceError `BadDigest`.
 */
export function checkIntegrity(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): readonly [header: string, value: string] | null {
  const md5 = headers['content-md5'];
  if (md5 !== undefined && hash('md5')(body) !== md5) {
    throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  for (const [name, of] of Object.entries(CHECKSUMS)) {
    const value = headers[name];
    if (value === undefined) continue;
    if (of(body) !== value) {
      const algorithm = name.slice('x-amz-checksum-'.length).toUpperCase();
      throw new ServiceError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
    }
    return [name, value];
  }
  return null;
}
