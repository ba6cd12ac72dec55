/** Names of composed documents. */
import { createHash } from 'node:crypto';
import type { AttachmentTarget } from './model.js';

/** AWS Organizations takes up to 128; a number and a hash still follow. */
const LONGEST = 96;

/**
 * The beginning of the names of the documents at a target: of its path for root and units, of its id for accounts, which
 * stays when an account moves. Characters that files cannot have are hyphens.
 *
 * @param taken - Names that other targets have; a target whose name is taken gets a hash of its path, too.
 */
export function nameOf({ kind, id, path }: AttachmentTarget, taken: Set<string>): string {
  const place = kind === 'account' ? `account-${id ?? path}` : kind === 'root' ? 'root' : path.slice(1);
  const plain = `stackade-${place.replace(/[^A-Za-z0-9]+/g, '-')}`;
  const short = plain.slice(0, LONGEST);
  const isOwn = short === plain && !taken.has(short.toLowerCase());
  const name = isOwn ? short : `${short}-${digest(`${kind} ${path}`).slice(0, 8)}`;
  taken.add(name.toLowerCase());
  return name;
}

/** SHA-256 in hexadecimal digits. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
