/** All that a sandbox remembers. */
import { randomBytes } from 'node:crypto';
import type { OrganizationData } from './organizations/data.js';

/** Who signs with an access key. */
export interface Identity {
  readonly account: string;
  /** Of a user, or of a role's session. */
  readonly arn: string;
  readonly userId: string;
}

export interface AccessKey {
  readonly secretAccessKey: string;
  readonly identity: Identity;
  /** Of temporary credentials: the token that goes with them, and when they end, in milliseconds. */
  readonly session?: { readonly token: string; readonly expiresAt: number };
}

/** What an SDK is configured with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SandboxState {
  readonly organization: OrganizationData;
  readonly accessKeys: Map<string, AccessKey>;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id such as `AKIA…`. */
export function uniqueId(prefix: string): string {
  return prefix + [...randomBytes(16)].map((byte) => LETTERS[byte % LETTERS.length]!).join('');
}

/** Long-term credentials of an identity. */
export function newAccessKey(state: SandboxState, identity: Identity): Credentials {
  const accessKeyId = uniqueId('AKIA');
  const secretAccessKey = randomBytes(30).toString('base64');
  state.accessKeys.set(accessKeyId, { secretAccessKey, identity });
  return { accessKeyId, secretAccessKey };
}
