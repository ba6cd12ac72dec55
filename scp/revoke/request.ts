/** From what somebody asks for to revocations. No wildcard and no variable from there reaches a policy. */
import type { Diagnostic } from '../../findings/index.js';
import { referenceEvaluate } from '../../iam/index.js';
import type { Policy } from '../../iam/index.js';
import { completeParameters } from '../../iam/templates/index.js';
import type { ParameterDefinition } from '../../iam/templates/index.js';
import { badRevocation } from './diagnostics.js';
import { AHEAD, HOUR, timeText } from './model.js';
import type { Revocation } from './model.js';
import { upToHours } from './statements.js';

/** What is asked for, as written. */
export interface RevocationRequest {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Names of people as sessions carry them. */
  readonly users?: readonly string[];
  readonly identityCenterUsers?: readonly string[];
  /** Unique ids of IAM users. */
  readonly iamUsers?: readonly string[];
  /** ARNs of roles whose older sessions end. */
  readonly roles?: readonly string[];
  /** Sessions from before this time end. `@default` half a minute from now, as AWS's console has it. */
  readonly before?: string;
  /** Waits for a time that is still to come. */
  readonly scheduled?: boolean;
  /** How long the revocations are kept, such as `13h`. `@default` the longest session and an hour: 13 or 37 hours. */
  readonly expires?: string;
  /** Patterns of roles that are never denied. */
  readonly breakGlass?: readonly string[];
}

export const DEFAULT_BREAK_GLASS: readonly string[] = ['arn:aws:iam::*:role/break-glass'];

/** Sessions of roles last 12 hours at most. */
export const ROLE_HOURS = 13;
/**
 * Sessions that IAM users take last 36 hours at most
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html).
 */
export const USER_HOURS = 37;

const SOONER = 30_000;
const MOST_HOURS = 90 * 24;

const NAME = /^[A-Za-z0-9_+=,.@-]{2,64}$/;
const IAM_USER = /^AIDA[A-Z0-9]{12,124}$/;
const ROLE = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;
const SESSION = /^arn:[a-z-]+:sts::\d{12}:assumed-role\//;

export interface RequestReading {
  readonly revocations: readonly Revocation[];
  readonly breakGlass: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a request. With a diagnostic there are no revocations. */
export function requestRevocations(request: RevocationRequest): RequestReading {
  const { now, users = [], identityCenterUsers = [], iamUsers = [], roles = [] } = request;
  const breakGlass = request.breakGlass ?? DEFAULT_BREAK_GLASS;
  const diagnostics: Diagnostic[] = [
    ...badNames(users),
    ...badIds(identityCenterUsers, iamUsers),
    ...badBreakGlass(breakGlass),
  ];
  if (diagnostics.length === 0) diagnostics.push(...badRoles(roles, breakGlass));
  const nobody = users.length + identityCenterUsers.length + iamUsers.length + roles.length === 0;
  if (nobody) {
    diagnostics.push(badRevocation('--user', 'nobody is named', 'name people with --user, or roles with --role'));
  }
  const time = timeOf(request, diagnostics);
  const hours = hoursOf(request.expires, diagnostics);
  if (diagnostics.length > 0) return { revocations: [], breakGlass, diagnostics };
  const scheduled = time > now + AHEAD;
  const until = (from: number, longest: number): number => upToHours(from + (hours ?? longest) * HOUR, 1);
  const revocations: Revocation[] = [
    ...users.map((name): Revocation => ({ target: { kind: 'name', name }, expires: until(now, ROLE_HOURS) })),
    ...identityCenterUsers.map((id): Revocation => ({
      target: { kind: 'identityCenterUser', id },
      expires: until(now, ROLE_HOURS),
    })),
    ...iamUsers.map((id): Revocation => ({ target: { kind: 'iamUser', id }, expires: until(now, USER_HOURS) })),
    ...roles.map((arn): Revocation => ({
      target: { kind: 'role', arn, before: time, scheduled },
      expires: until(scheduled ? time : now, ROLE_HOURS),
    })),
  ];
  return { revocations, breakGlass, diagnostics };
}

function badNames(users: readonly string[]): Diagnostic[] {
  return users
    .filter((name) => !NAME.test(name))
    .map((name) =>
      badRevocation(
        '--user',
        `\`${name}\` is not the name of a session`,
        'names have 2 to 64 of `A-Za-z0-9_+=,.@-`; wildcards and white space are refused, because they would cut off others',
      ),
    );
}

function badIds(identityCenterUsers: readonly string[], iamUsers: readonly string[]): Diagnostic[] {
  const definition: ParameterDefinition = { type: 'identityCenterUserId', description: '' };
  return [
    ...identityCenterUsers
      .filter((id) => faultOf(id, definition) !== undefined)
      .map((id) =>
        badRevocation(
          '--identity-center-user',
          `\`${id}\` is not the id of a user of IAM Identity Center`,
          '`aws identitystore list-users` prints it as `UserId`',
        ),
      ),
    ...iamUsers
      .filter((id) => !IAM_USER.test(id))
      .map((id) =>
        badRevocation(
          '--iam-user-id',
          `\`${id}\` is not the unique id of an IAM user`,
          '`aws iam get-user` prints it as `UserId`; it begins with AIDA',
        ),
      ),
  ];
}

/** What is wrong with a value of a type of parameters. */
function faultOf(value: string, definition: ParameterDefinition): string | undefined {
  const { diagnostics } = completeParameters({ name: 'revoke', parameters: { value: definition } }, { value });
  return diagnostics[0]?.message.replace(/^.*?holds /, '');
}

function badBreakGlass(patterns: readonly string[]): Diagnostic[] {
  const help = 'name the role that incidents are handled with, such as `arn:aws:iam::*:role/break-glass`; at least one';
  if (patterns.length === 0) return [badRevocation('--break-glass', 'no role is named', help)];
  return patterns.flatMap((pattern) => {
    const fault = faultOf(pattern, { type: 'principalPattern', description: '' });
    return fault === undefined ? [] : [badRevocation('--break-glass', fault, help)];
  });
}

function badRoles(roles: readonly string[], breakGlass: readonly string[]): Diagnostic[] {
  return roles.flatMap((arn) => {
    if (SESSION.test(arn)) {
      return [
        badRevocation(
          '--role',
          `\`${arn}\` is the ARN of a session, which no condition on the role matches`,
          'name the role with its path; CloudTrail has it in `sessionContext.sessionIssuer.arn`',
        ),
      ];
    }
    if (!ROLE.test(arn)) {
      const help = 'such as `arn:aws:iam::444455556666:role/deploy`, with its path and without wildcards';
      return [badRevocation('--role', `\`${arn}\` is not the ARN of a role`, help)];
    }
    if (arn.split(':')[5]!.startsWith('role/aws-service-role/')) {
      const help = 'leave it out; what the service does is stopped in the service';
      return [badRevocation('--role', `\`${arn}\` is service-linked: no SCP restrains it`, help)];
    }
    if (isSpared(arn, breakGlass)) {
      const help = 'leave it out, or name other roles with --break-glass';
      return [badRevocation('--role', `\`${arn}\` is a break-glass role, which is never denied`, help)];
    }
    return [];
  });
}

/** Whether a role is one of those that are never denied. */
export function isSpared(arn: string, breakGlass: readonly string[]): boolean {
  const any = { negated: false, patterns: ['*'] };
  const policy: Policy = {
    version: '2012-10-17',
    statements: [
      {
        effect: 'Allow',
        action: any,
        resource: any,
        conditions: [{ operator: 'ArnLike', ifExists: false, key: 'aws:PrincipalArn', values: breakGlass }],
      },
    ],
  };
  const none = { boundary: null, session: null, scps: null, rcps: null, resource: null, vpcEndpoint: null };
  const request = { principal: arn, action: 'sts:GetCallerIdentity', resource: '*', context: {} };
  return referenceEvaluate(request, { ...none, identity: [policy] }).decision === 'ALLOW';
}

/** The time of `before`; tells what is wrong with it. */
function timeOf({ now, before, scheduled = false, roles = [] }: RevocationRequest, diagnostics: Diagnostic[]): number {
  const soon = Math.ceil((now + SOONER) / 1_000) * 1_000;
  if (before === undefined) {
    if (scheduled) {
      diagnostics.push(badRevocation('--schedule', 'there is no time to wait for', 'give the time with --before'));
    }
    return soon;
  }
  if (roles.length === 0) {
    const help = 'name roles with --role; people are cut off whatever the age of their sessions';
    diagnostics.push(badRevocation('--before', 'a time is for sessions of roles, and no role is named', help));
  }
  const time = Date.parse(before);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(before) || Number.isNaN(time) || timeText(time) !== before) {
    const help = 'such as `2026-01-31T10:00:30Z`';
    diagnostics.push(badRevocation('--before', `\`${before}\` is no time in UTC`, help));
  } else if (time > now + AHEAD && !scheduled) {
    diagnostics.push(
      badRevocation(
        '--before',
        `\`${before}\` is in the future: until then every session is from before it, new ones too, and all would be denied`,
        'leave the time out to end the sessions that there are now, or add --schedule to deny nothing until then',
      ),
    );
  } else if (time <= now + AHEAD && scheduled) {
    const help = 'leave --schedule out';
    diagnostics.push(badRevocation('--schedule', `\`${before}\` has come already`, help));
  }
  return time;
}

const UNITS: Readonly<Record<string, number>> = { h: 1, d: 24 };

function hoursOf(text: string | undefined, diagnostics: Diagnostic[]): number | undefined {
  if (text === undefined) return undefined;
  const match = /^([1-9]\d{0,3})([hd])$/.exec(text);
  const hours = match === null ? Number.NaN : Number(match[1]) * UNITS[match[2]!]!;
  if (hours >= 1 && hours <= MOST_HOURS) return hours;
  const help = 'hours or days such as `13h` or `2d`, up to 90 days';
  diagnostics.push(badRevocation('--expires', `\`${text}\` is no such duration`, help));
  return undefined;
}
