/**
 * The statements of revocations, and back. A statement holds the targets of one kind that expire in the same hour, and
 * its `Sid` says when, so that documents need nothing beside them to be cleaned up. Both directions agree: what was not
 * written here is not taken for a revocation.
 */
import { printPolicy } from '../../iam/index.js';
import type { Condition, Policy, Statement } from '../../iam/index.js';
import type { Revocation, RevocationDocument, RevocationTarget } from './model.js';
import { HOUR } from './model.js';

const ANYTHING = { negated: false, patterns: ['*'] } as const;

const condition = (operator: Condition['operator'], key: string, values: readonly string[]): Condition => ({
  operator,
  ifExists: false,
  key,
  values,
});

const deny = (sid: string, conditions: readonly Condition[]): Statement => ({
  sid,
  effect: 'Deny',
  action: ANYTHING,
  resource: ANYTHING,
  conditions,
});

/** `20261121T100030Z`; a `Sid` has letters and digits only. */
const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
/** `20261121T10Z`. */
const hourStamp = (time: number): string => stamp(time).replace(/0000Z$/, 'Z');

/** Revocations of one statement, or of the pair of statements for names. */
interface Group {
  readonly kind: RevocationTarget['kind'];
  readonly expires: number;
  readonly before: number;
  readonly scheduled: boolean;
  readonly values: string[];
}

const ORDER: readonly RevocationTarget['kind'][] = ['name', 'identityCenterUser', 'iamUser', 'role'];

function groupsOf(revocations: readonly Revocation[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { target, expires } of revocations) {
    const { before, scheduled } = target.kind === 'role' ? target : { before: 0, scheduled: false };
    const key = [target.kind, expires, before, scheduled].join(' ');
    const group = groups.get(key) ?? { kind: target.kind, expires, before, scheduled, values: [] };
    groups.set(key, group);
    const value = target.kind === 'name' ? target.name : target.kind === 'role' ? target.arn : target.id;
    if (!group.values.includes(value)) group.values.push(value);
  }
  for (const { values } of groups.values()) values.sort();
  return [...groups.values()].sort(
    (a, b) =>
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      a.expires - b.expires ||
      a.before - b.before ||
      Number(a.scheduled) - Number(b.scheduled),
  );
}

function statementsOf({ kind, expires, before, scheduled, values }: Group, breakGlass: readonly string[]): Statement[] {
  const until = `Until${hourStamp(expires)}`;
  const spared = condition('ArnNotLike', 'aws:PrincipalArn', breakGlass);
  switch (kind) {
    case 'name':
      return [
        // The id of a session is `AROA…:name`; the colon keeps longer names apart.
        deny(`RevokeNames${until}`, [
          condition(
            'StringLike',
            'aws:userid',
            values.map((name) => `*:${name}`),
          ),
          spared,
        ]),
        // The source identity stays through chained roles, whose sessions have other names.
        deny(`RevokeSources${until}`, [condition('StringEquals', 'aws:SourceIdentity', values), spared]),
      ];
    case 'identityCenterUser':
      return [
        deny(`RevokeIdentityCenterUsers${until}`, [condition('StringEquals', 'identitystore:UserId', values), spared]),
      ];
    case 'iamUser':
      return [deny(`RevokeIamUsers${until}`, [condition('StringEquals', 'aws:userid', values), spared])];
    case 'role':
      return [
        deny(`RevokeRoles${scheduled ? 'From' : 'Before'}${stamp(before)}${until}`, [
          // `aws:PrincipalArn` of a session is the ARN of its role, which is one that is not spared.
          condition('ArnLike', 'aws:PrincipalArn', values),
          ...issuedBefore(before, scheduled),
        ]),
      ];
  }
}

/** Tokens from before a time; one that is still to come is waited for, since until then every token is from before it. */
function issuedBefore(before: number, scheduled: boolean): Condition[] {
  const text = new Date(before).toISOString().replace('.000Z', 'Z');
  return [
    condition('DateLessThan', 'aws:TokenIssueTime', [text]),
    ...(scheduled ? [condition('DateGreaterThanEquals', 'aws:CurrentTime', [text])] : []),
  ];
}

/** The policy of some revocations. With none it has no statements, which AWS does not accept. */
export function revocationPolicy({ revocations, breakGlass }: RevocationDocument): Policy {
  return {
    version: '2012-10-17',
    statements: groupsOf(revocations).flatMap((group) => statementsOf(group, breakGlass)),
  };
}

/** The text of that policy, without white space, as it counts against quotas. */
export function revocationText(document: RevocationDocument): string {
  return printPolicy(revocationPolicy(document), 0);
}

/** An inline policy for one role of the management account: older sessions of the role that it is attached to. */
export function roleSessionsPolicy({ before, scheduled }: { before: number; scheduled: boolean }): Policy {
  return { version: '2012-10-17', statements: [deny('RevokeOlderSessions', issuedBefore(before, scheduled))] };
}

const SID = /^Revoke(Names|Sources|IdentityCenterUsers|IamUsers|Roles(Before|From)(\d{8}T\d{6}Z))Until(\d{8}T\d{2})Z$/;

/**
 * Reads the revocations of a policy.
 *
 * @returns In words what is wrong when the policy is none that was written here.
 */
export function readRevocations(policy: Policy): RevocationDocument | { readonly fault: string } {
  const revocations: Revocation[] = [];
  let breakGlass: readonly string[] | undefined;
  for (const [index, { sid, conditions }] of policy.statements.entries()) {
    const match = SID.exec(sid ?? '');
    if (match === null) return { fault: `statement ${index + 1} has the \`Sid\` ${JSON.stringify(sid ?? '')}` };
    const [, kind, when, before, until] = match;
    const expires = parseStamp(`${until!}0000Z`);
    if (Number.isNaN(expires)) return { fault: `the \`Sid\` \`${sid!}\` names no time` };
    const spared = conditions.find(({ operator }) => operator === 'ArnNotLike')?.values;
    if (spared !== undefined) breakGlass ??= spared;
    const values = conditions[0]?.values ?? [];
    if (kind === 'Sources') continue;
    for (const value of values) {
      const target = targetOf(kind!, value, when, before);
      if (target === undefined) return { fault: `statement \`${sid!}\` holds \`${value}\`` };
      revocations.push({ target, expires });
    }
  }
  const document: RevocationDocument = { revocations, breakGlass: breakGlass ?? [] };
  const [expected, found] = [revocationPolicy(document), policy].map(({ statements }) =>
    statements.map((statement) => printPolicy({ statements: [sorted(statement)] }, 0)).sort(),
  );
  const other = found!.findIndex((text, index) => text !== expected![index]);
  if (other < 0 && found!.length === expected!.length) return document;
  return { fault: 'its statements are not as they were written' };
}

function sorted(statement: Statement): Statement {
  return {
    ...statement,
    conditions: statement.conditions.map((each) =>
      each.operator === 'ArnNotLike' ? each : { ...each, values: [...each.values].sort() },
    ),
  };
}

function targetOf(
  kind: string,
  value: string,
  when: string | undefined,
  before: string | undefined,
): RevocationTarget | undefined {
  if (kind === 'Names') return value.startsWith('*:') ? { kind: 'name', name: value.slice(2) } : undefined;
  if (kind === 'IdentityCenterUsers') return { kind: 'identityCenterUser', id: value };
  if (kind === 'IamUsers') return { kind: 'iamUser', id: value };
  const time = parseStamp(before!);
  return Number.isNaN(time) ? undefined : { kind: 'role', arn: value, before: time, scheduled: when === 'From' };
}

/** Back from a stamp with seconds. */
function parseStamp(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** A time moved up to a full number of hours. */
export function upToHours(time: number, hours: number): number {
  return Math.ceil(time / (hours * HOUR)) * hours * HOUR;
}
