/** What a reader of a plan should know: gaps, and what makes revocation work at all. */
import { HOUR, targetText, timeText } from './model.js';
import type { Revocation } from './model.js';
import type { RevocationPlan } from './plan.js';
import { ROLE_HOURS, USER_HOURS } from './request.js';
import type { RoleFacts } from './roles.js';
import type { RevocationImpact } from './trail.js';

export interface RevocationCheck {
  /** `info` for what cannot be known from here. */
  readonly severity: 'warning' | 'info';
  /** One sentence without its full stop. */
  readonly message: string;
  /** The next step, as an instruction. */
  readonly help: string;
}

export interface CheckInput {
  readonly plan: RevocationPlan;
  readonly impact: RevocationImpact | null;
  /** Roles that people enter, where outputs of IAM were given. */
  readonly roles: readonly RoleFacts[] | null;
  readonly managementAccount: string | undefined;
}

/** Checks a plan against what is known. */
export function checkRevocations(input: CheckInput): readonly RevocationCheck[] {
  const { plan, impact, roles } = input;
  return [
    ...management(input),
    ...expiries(plan, roles),
    ...(roles === null ? [] : trusts(roles)),
    ...(impact === null ? noTrail(plan, roles) : trail(impact)),
  ];
}

const warning = (message: string, help: string): RevocationCheck => ({ severity: 'warning', message, help });
const info = (message: string, help: string): RevocationCheck => ({ severity: 'info', message, help });
const named = (items: readonly string[]): string => {
  const shown = items.slice(0, 5).map((item) => `\`${item}\``);
  return items.length > 5 ? `${shown.join(', ')} and ${items.length - 5} more` : shown.join(', ');
};

function management({ plan, roles, managementAccount }: CheckInput): readonly RevocationCheck[] {
  const { managed, inline } = plan.management;
  if (managed.length === 0 && inline.length === 0) return [];
  const federated = (roles ?? []).filter(
    ({ arn, isReserved }) => arn.split(':')[4] === managementAccount && !isReserved,
  );
  const reserved = (roles ?? []).filter(({ arn, isReserved }) => arn.split(':')[4] === managementAccount && isReserved);
  const where =
    managementAccount === undefined ? 'the management account' : `the management account ${managementAccount}`;
  const roleNames =
    federated.length === 0 ? 'every role there that people enter' : named(federated.map(({ arn }) => arn));
  return [
    warning(
      `no SCP reaches ${where}: sessions there go on`,
      `attach the managed ${managed.length === 1 ? 'policy' : 'policies'} of this plan to ${roleNames}` +
        (inline.length === 0 ? '' : `, and the inline ones to their roles`),
    ),
    ...(reserved.length === 0
      ? []
      : [
          warning(
            `${named(reserved.map(({ arn }) => arn))} in ${where} cannot be changed in IAM`,
            'take the assignment away in IAM Identity Center, or deny in the inline policy of the permission set',
          ),
        ]),
  ];
}

function expiries(plan: RevocationPlan, roles: readonly RoleFacts[] | null): readonly RevocationCheck[] {
  const longest = Math.max(0, ...(roles ?? []).map((role) => role.longest ?? 0)) / 3_600;
  const needed = ({ target }: Revocation): number =>
    target.kind === 'iamUser' ? USER_HOURS : longest === 0 ? ROLE_HOURS : longest + 1;
  const from = ({ target }: Revocation): number =>
    target.kind === 'role' && target.scheduled ? target.before : plan.now;
  const short = plan.added.filter((each) => (each.expires - from(each)) / HOUR < needed(each));
  if (short.length === 0) return [];
  const first = short.toSorted((a, b) => a.expires - b.expires)[0]!;
  return [
    warning(
      `${targetText(first.target)}: expires at ${timeText(first.expires)}, and a session may last longer`,
      `give --expires ${needed(first)}h, or make sure that no session is longer`,
    ),
  ];
}

function trusts(roles: readonly RoleFacts[]): readonly RevocationCheck[] {
  const own = roles.filter(({ isReserved }) => !isReserved);
  const cannotSet = own.filter(({ canSetIdentity }) => !canSetIdentity).map(({ arn }) => arn);
  const canOmit = own
    .filter(({ canSetIdentity, canOmitIdentity }) => canSetIdentity && canOmitIdentity)
    .map(({ arn }) => arn);
  return [
    ...(cannotSet.length === 0
      ? []
      : [
          warning(
            `${named(cannotSet)}: the trust policy lets no source identity be set, so chained sessions name nobody`,
            'allow `sts:SetSourceIdentity` to the provider, and have the provider send it',
          ),
        ]),
    ...(canOmit.length === 0
      ? []
      : [
          warning(
            `${named(canOmit)}: sessions can be opened without a source identity`,
            'add the condition `"StringLike": { "sts:SourceIdentity": "?*" }` to the trust policy',
          ),
        ]),
  ];
}

function noTrail(plan: RevocationPlan, roles: readonly RoleFacts[] | null): readonly RevocationCheck[] {
  if (plan.added.length === 0) return [];
  return [
    info(
      'without a trail nothing tells whom this hits, nor whether sessions carry a source identity',
      `give the last day of CloudTrail with --trail${roles === null ? ', and the roles with --iam' : ''}`,
    ),
  ];
}

function trail(impact: RevocationImpact): readonly RevocationCheck[] {
  const { spared, spellings, chained, signIns, users, hit, records, cannotTell } = impact;
  const silent = signIns.filter(({ withoutSourceIdentity }) => withoutSourceIdentity > 0);
  return [
    ...(hit.length > 0
      ? []
      : [
          warning(
            `none of ${records} records is of a session that this ends`,
            'compare the names with `principalId` and `sourceIdentity` in CloudTrail; they compare with case',
          ),
        ]),
    ...(spellings.length === 0
      ? []
      : [
          warning(
            `sessions are called ${named(spellings)}, too, and go on: names compare with case`,
            `add ${spellings.map((name) => `--user ${name}`).join(' ')} if that is the same person`,
          ),
        ]),
    ...chained.map(({ role, sessions, last }) =>
      warning(
        `${sessions.size === 1 ? 'a session' : `${sessions.size} sessions`} of \`${role}\` without source identity ` +
          `${sessions.size === 1 ? 'was' : 'were'} opened from a session that this ends, the last at ${last}, and ${sessions.size === 1 ? 'goes' : 'go'} on`,
        `add --role ${role}, which ends the older sessions of everybody in it`,
      ),
    ),
    ...(spared.length === 0
      ? []
      : [
          warning(
            `break-glass roles are never denied, and somebody who is cut off used one: ${named(spared)}`,
            'close the way into the role at the identity provider, or in its trust policy',
          ),
        ]),
    ...users.map(({ arn, id }) =>
      warning(
        `\`${arn}\` called with access keys, which name no session`,
        `deactivate the keys, and add --iam-user-id ${id} for sessions that were taken with them`,
      ),
    ),
    ...silent.map(({ provider, count, withoutSourceIdentity }) =>
      warning(
        `${withoutSourceIdentity} of ${count} sign-ins through \`${provider}\` set no source identity`,
        'have the provider send the attribute `https://aws.amazon.com/SAML/Attributes/SourceIdentity`',
      ),
    ),
    ...(cannotTell === 0
      ? []
      : [
          info(
            `of ${cannotTell} sessions the records do not tell the user of IAM Identity Center`,
            'the policy decides by the key that the session carries',
          ),
        ]),
  ];
}
