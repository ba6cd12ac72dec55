/**
 * What the sandbox remembers of calls that it allowed: who last used which action and which access key. It is what unused
 * access and "last used" are told from.
 */
import type { Caller } from './callers.js';
import { noteUse, Part, type SandboxState } from './state.js';

/** Times are in milliseconds. */
export interface Use {
  readonly at: number;
  readonly region: string;
}

export interface KeyUse extends Use {
  /** Prefix of the service's actions, such as `s3`. */
  readonly service: string;
}

interface Uses {
  /** By ARN of user or role, then by action such as `s3:GetObject`. */
  readonly actions: Map<string, Map<string, Use>>;
  /** By id of the long-term key. */
  readonly keys: Map<string, KeyUse>;
}

const USES = new Part<Uses>('usage', () => ({ actions: new Map(), keys: new Map() }));

const HOUR = 3_600_000;

/** Remembers an allowed call of a user or of a session of a role; others have nothing that could lie unused. */
export function recordUse(
  state: SandboxState,
  { kind, account, issuer }: Caller,
  { action, now, region, accessKeyId }: { action: string; now: number; region: string; accessKeyId: string | null },
): void {
  if (kind !== 'user' && kind !== 'session') return;
  const { actions, keys } = USES.of(state, account);
  let ofIssuer = actions.get(issuer);
  if (ofIssuer === undefined) actions.set(issuer, (ofIssuer = new Map<string, Use>()));
  const last = ofIssuer.get(action);
  ofIssuer.set(action, { at: now, region });
  if (accessKeyId?.startsWith('AKIA') === true) {
    keys.set(accessKeyId, { at: now, region, service: action.split(':')[0]! });
  }
  // Whoever keeps conclusions needs to know of what is new, not of every call.
  if (last === undefined || now - last.at > HOUR) noteUse(state);
}

/** The actions that a user or role has used, with the last time of each. */
export function usesOf(state: SandboxState, account: string, arn: string): ReadonlyMap<string, Use> {
  return USES.of(state, account).actions.get(arn) ?? new Map<string, Use>();
}

export function keyUseOf(state: SandboxState, account: string, accessKeyId: string): KeyUse | undefined {
  return USES.of(state, account).keys.get(accessKeyId);
}

/** When a user or role last did something; `undefined` when it never did. */
export function lastUseOf(state: SandboxState, account: string, arn: string): Use | undefined {
  let last: Use | undefined;
  for (const use of usesOf(state, account, arn).values()) if (last === undefined || use.at > last.at) last = use;
  return last;
}
