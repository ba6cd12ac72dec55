/** Files that a Guard Hook reads: one as it is, or several in an archive. */
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';

export interface NamedFile {
  readonly name: string;
  readonly text: string;
}

const BLOCK = 512;

/** @param key - Of the object: its ending says what it is. @throws Error when it is no such archive. */
export function filesOf(key: string, bytes: Uint8Array): readonly NamedFile[] {
  if (key.endsWith('.zip')) {
    return Object.entries(unzipSync(bytes)).flatMap(([name, content]) =>
      name.endsWith('/') ? [] : [{ name, text: textOf(content) }],
    );
  }
  if (/\.(?:tar\.gz|tgz)$/.test(key)) return tarFiles(gunzipSync(bytes));
  return [{ name: key.slice(key.lastIndexOf('/') + 1), text: textOf(bytes) }];
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** Plain files of an archive in the format of POSIX ustar. */
function tarFiles(bytes: Uint8Array): readonly NamedFile[] {
  const files: NamedFile[] = [];
  const field = (start: number, length: number): string =>
    textOf(bytes.subarray(start, start + length)).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0;) {
    const size = Number.parseInt(field(at + 124, 12).trim(), 8);
    if (Number.isNaN(size)) throw new Error('the archive has a broken header');
    const kind = field(at + 156, 1);
    const prefix = field(at + 345, 155);
    const name = `${prefix === '' ? '' : `${prefix}/`}${field(at, 100)}`;
    if (kind === '' || kind === '0') {
      files.push({ name, text: textOf(bytes.subarray(at + BLOCK, at + BLOCK + size)) });
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
