/** Names of composed documents. */
import { createHash } from 'node:crypto';
import { targetKey } from './model.js';
import type { AttachmentTarget } from './model.js';

/** AWS Organizations takes up to 128; a number and a hash still follow. */
const LONGEST = 96;

/**
 * The beginning of the names of the documents at a target: of its path for root and units, of its id for accounts, which
 * stays when an account moves. Characters that files cannot have are hyphens.
 *
 * @param taken - Names that other targets have; a target whose name is taken gets a hash of its path, too.
 */
export function nameOf(target: AttachmentTarget, taken: Set<string>): string {
  const { kind, id, names } = target;
  const place = kind === 'account' ? `account-${id ?? ''}` : kind === 'root' ? 'root' : names.join('-');
  const plain = `stackade-${place.replace(/[^A-Za-z0-9]+/g, '-')}`;
  const short = plain.slice(0, LONGEST);
  const isOwn = short === plain && !taken.has(short.toLowerCase());
  const name = isOwn ? short : `${short}-${digest(targetKey(target)).slice(0, 8)}`;
  taken.add(name.toLowerCase());
  return name;
}

/** SHA-256 in hexadecimal digits. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
