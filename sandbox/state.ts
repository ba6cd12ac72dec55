/** All that a sandbox remembers. Everything in it is plain data, maps, sets and bytes, so that it can be kept in a file. */
import { randomBytes } from 'node:crypto';
import type { Caller } from './callers.js';
import type { OrganizationData } from './organizations/data.js';

export interface AccessKey {
  readonly secretAccessKey: string;
  readonly caller: Caller;
  readonly status: 'Active' | 'Inactive';
  /** In milliseconds. */
  readonly createdAt: number;
  /** The token of temporary credentials. */
  readonly token: string | null;
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
  /** What services remember, by the names of their parts; see {@link Part}. */
  readonly parts: Map<string, unknown>;
}

export function newState(organization: OrganizationData): SandboxState {
  return { organization, accessKeys: new Map(), parts: new Map() };
}

/**
 * What a service remembers of each account, or of each account and Region. Any service may read it.
 *
 * @example
 * export const STACKS = new Part('cloudformation', () => ({ stacks: new Map<string, Stack>() }));
 * STACKS.of(call.state, account, region).stacks
 */
export class Part<T> {
  /**
   * @param name - Unlike that of other parts.
   * @param make - What there is at first.
   */
  constructor(
    private readonly name: string,
    private readonly make: (state: SandboxState, account: string, region: string) => T,
  ) {}

  /** @param region - Left out where a service has no Regions. */
  of(state: SandboxState, account: string, region = ''): T {
    const key = `${this.name} ${account} ${region}`;
    if (!state.parts.has(key)) state.parts.set(key, this.make(state, account, region));
    return state.parts.get(key) as T;
  }

  /** All that was asked for so far. */
  all(state: SandboxState): readonly { readonly account: string; readonly region: string; readonly value: T }[] {
    return [...state.parts].flatMap(([key, value]) => {
      const [name, account = '', region = ''] = key.split(' ');
      return name === this.name ? [{ account, region, value: value as T }] : [];
    });
  }
}

/** Counts of what changed, for who keeps conclusions drawn from a state. They are no part of it. */
const counts = new WeakMap<SandboxState, { changes: number; uses: number }>();

function countsOf(state: SandboxState): { changes: number; uses: number } {
  let found = counts.get(state);
  if (found === undefined) counts.set(state, (found = { changes: 0, uses: 0 }));
  return found;
}

/** To be called when an operation has changed something. */
export function noteChange(state: SandboxState): void {
  countsOf(state).changes += 1;
}

/** To be called when something was used that had not been used for a while. */
export function noteUse(state: SandboxState): void {
  countsOf(state).uses += 1;
}

/** Numbers that stay the same as long as nothing has changed, or nothing new was used. */
export function changesOf(state: SandboxState): { readonly changes: number; readonly uses: number } {
  return countsOf(state);
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id such as `AKIA…`. */
export function uniqueId(prefix: string): string {
  return prefix + [...randomBytes(16)].map((byte) => LETTERS[byte % LETTERS.length]!).join('');
}

/** Makes credentials for a caller: temporary ones when it has a session. */
export function newCredentials(state: SandboxState, caller: Caller, now: number): Credentials {
  const isTemporary = caller.session !== null;
  const accessKeyId = uniqueId(isTemporary ? 'ASIA' : 'AKIA');
  const secretAccessKey = randomBytes(30).toString('base64');
  const token = isTemporary ? randomBytes(96).toString('base64') : null;
  state.accessKeys.set(accessKeyId, { secretAccessKey, caller, status: 'Active', createdAt: now, token });
  return { accessKeyId, secretAccessKey, ...(token !== null && { sessionToken: token }) };
}

/** Forgets temporary credentials whose time is long over; a while after it they are told from unknown ones. */
export function forgetExpired({ accessKeys }: SandboxState, now: number): void {
  const DAY = 86_400_000;
  for (const [id, { caller }] of accessKeys) {
    if (caller.session !== null && caller.session.expiresAt < now - DAY) accessKeys.delete(id);
  }
}
