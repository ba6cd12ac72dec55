/**
 * Revocations: who is cut off, and until when the cut is kept. Temporary credentials cannot be recalled, only denied on
 * each request, until the longest of them is over
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html).
 */

/** Who or what is cut off. */
export type RevocationTarget =
  /** A person: sessions named so, and sessions, chained ones too, with this source identity. */
  | { readonly kind: 'name'; readonly name: string }
  /** A user of IAM Identity Center, by id. */
  | { readonly kind: 'identityCenterUser'; readonly id: string }
  /** An IAM user and the sessions that were taken with its keys, by unique id (`AIDA…`). */
  | { readonly kind: 'iamUser'; readonly id: string }
  /** Sessions of a role whose token was issued before a time. */
  | {
      readonly kind: 'role';
      readonly arn: string;
      /** Milliseconds since the Unix epoch, whole seconds. */
      readonly before: number;
      /** Nothing is denied until `before` has come: for a time in the future. */
      readonly scheduled: boolean;
    };

export interface Revocation {
  readonly target: RevocationTarget;
  /** When it can be taken out again: a full hour, in milliseconds since the Unix epoch. */
  readonly expires: number;
}

/** What one document holds. */
export interface RevocationDocument {
  readonly revocations: readonly Revocation[];
  /** Patterns of roles that are never denied. */
  readonly breakGlass: readonly string[];
}

export const HOUR = 3_600_000;

/** How far ahead a time may lie without being one of the future: clocks differ, and AWS's console adds half a minute. */
export const AHEAD = 60_000;

/** A time as AWS writes it: `2026-11-21T10:00:30Z`. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A text that is equal for targets that are the same. */
export function targetKey(target: RevocationTarget): string {
  switch (target.kind) {
    case 'name':
      return `name ${target.name}`;
    case 'identityCenterUser':
    case 'iamUser':
      return `${target.kind} ${target.id}`;
    case 'role':
      return `role ${target.arn}${target.scheduled ? ` from ${target.before}` : ''}`;
  }
}

/** A target as a reader writes it. */
export function targetText(target: RevocationTarget): string {
  switch (target.kind) {
    case 'name':
      return `user ${target.name}`;
    case 'identityCenterUser':
      return `Identity Center user ${target.id}`;
    case 'iamUser':
      return `IAM user ${target.id}`;
    case 'role':
      return `sessions of ${target.arn} from before ${timeText(target.before)}${target.scheduled ? ', from then on' : ''}`;
  }
}
