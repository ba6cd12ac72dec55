/** The files of a trail: `.json` and `.json.gz`, alone or in the folders that CloudTrail writes to a bucket. */
import { closeSync, createReadStream, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { Writable } from 'node:stream';
import { RecordReader, RecordTexts } from '../../scp/replay/index.js';
import type { Bytes } from '../../scp/replay/index.js';
import type { Value } from '../../template/index.js';
import { reasonOf, unreadable } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';

/**
 * Folders beside `CloudTrail` that hold no records of calls
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html).
 */
const OTHER_FOLDERS: ReadonlySet<string> = new Set([
  'CloudTrail-Digest',
  'CloudTrail-Insight',
  'CloudTrail-Aggregated',
]);

/**
 * The files of a trail below some paths, sorted in each folder.
 *
 * @throws InputError when a path does not exist or no file is found at all.
 */
export function trailFiles(paths: readonly string[]): readonly string[] {
  const files = paths.flatMap((path) => {
    try {
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    } catch (error) {
      throw new InputError([unreadable(path, error)]);
    }
  });
  if (files.length === 0) throw new InputError([notATrail(paths.join(', '), 'it holds no `.json` or `.json.gz` file')]);
  return files;
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return OTHER_FOLDERS.has(entry.name) ? [] : filesBelow(path);
    return /\.json(?:\.gz)?$/.test(entry.name) ? [path] : [];
  });
}

function notATrail(path: string, reason: string): InputError['diagnostics'][number] {
  return {
    code: 'IAM1401',
    severity: 'error',
    message: `\`${path}\` is no file of a trail: ${reason}`,
    help: 'name files that CloudTrail has written, or the folder that they are in; copy a damaged one again',
  };
}

/**
 * Reads one file, record by record.
 *
 * @param add - Is given each record.
 * @param texts - That of the files before, which knows callers already.
 * @throws InputError when the file cannot be read, is cut off or is no file of a trail.
 */
export async function readTrailFile(
  path: string,
  add: (record: Value) => void,
  texts = new RecordTexts(),
): Promise<void> {
  const reader = new RecordReader(add, BYTES, texts);
  const sink = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      try {
        reader.push(chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
  try {
    const small = statSync(path).size <= SMALL ? unpacked(readFileSync(path)) : undefined;
    if (small !== undefined) {
      reader.push(small);
      reader.end();
      return;
    }
    const source = createReadStream(path, { highWaterMark: PACKED_CHUNK });
    if (isGzip(path)) await pipeline(source, createGunzip({ chunkSize: CHUNK }), sink);
    else await pipeline(source, sink);
    reader.end();
  } catch (error) {
    throw new InputError([faultOf(path, error)]);
  }
}

/** Without a copy. */
const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

const BYTES: Bytes = {
  decode: (bytes) => buffer(bytes).toString('utf8'),
  lastIndexOf: (bytes, text) => buffer(bytes).lastIndexOf(text, undefined, 'latin1'),
};

/** Records of so many bytes are still young when they are done with, which spares the collector of garbage. */
const CHUNK = 64 * 1024;
/** Unpacked they come to much more, and have to be done with as fast. */
const PACKED_CHUNK = 8 * 1024;
/** Files of so many bytes are read at once, as most of a trail are: streams take their time. */
const SMALL = 2 ** 20;
const SMALL_UNPACKED = 2 ** 25;
const GZIP = [0x1f, 0x8b];

/** Nothing when it comes to more than is held. */
function unpacked(bytes: Uint8Array): Uint8Array | undefined {
  if (!GZIP.every((byte, index) => bytes[index] === byte)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: SMALL_UNPACKED, chunkSize: sizeSaid(bytes) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}

/** What a file says of its length in the end (RFC 1952), so that it is unpacked to one piece; it may say anything. */
function sizeSaid(bytes: Uint8Array): number {
  const said = bytes.length < 4 ? 0 : buffer(bytes).readUInt32LE(bytes.length - 4);
  return Math.min(Math.max(said + 1, CHUNK), SMALL_UNPACKED);
}

/** By the first bytes: names say little about files that were copied about. */
function isGzip(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const start = Buffer.alloc(GZIP.length);
    return readSync(descriptor, start, 0, GZIP.length, 0) === GZIP.length && start.equals(Buffer.from(GZIP));
  } finally {
    closeSync(descriptor);
  }
}

function faultOf(path: string, error: unknown): InputError['diagnostics'][number] {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return notATrail(path, 'its compressed data is cut off');
  if (code?.startsWith('Z_') === true) return notATrail(path, 'its compressed data is damaged');
  if (error instanceof SyntaxError || error instanceof RangeError) return notATrail(path, error.message);
  return unreadable(path, Object.assign(new Error(reasonOf(error)), { code }));
}
