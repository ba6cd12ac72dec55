/**
 * Zip archives that are the same bytes for the same files: sorted entries, one point in time, one set of permissions, one
 * level of compression. StackSets notices a change of code by the name of its package, which is made of these bytes.
 */
import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import type { Zippable } from 'fflate';

/** Files by their path in the archive, with `/` between the parts. */
export type ArchiveFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Noon of the first day that the format can tell. The format has no time zone and takes the local time, so the date is made
 * of local parts.
 */
const ONE_POINT_IN_TIME = new Date(1980, 0, 1, 12);

/** Regular file, readable by all: Lambda runs functions as another user. The upper half of the field is that of Unix. */
const PERMISSIONS = (0o100644 << 16) >>> 0;
const UNIX = 3;

/** @returns The archive. */
export function zipFiles(files: ArchiveFiles): Uint8Array {
  const entries: Zippable = {};
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    entries[path] = [bytes, { level: 9, mtime: ONE_POINT_IN_TIME, os: UNIX, attrs: PERMISSIONS }];
  }
  return zipSync(entries);
}

/** The SHA-256 of bytes, in hexadecimal digits. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
