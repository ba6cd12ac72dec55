/** Users with passwords and old keys, managed policies that nobody holds, and a root user without a second factor. */
import type { CheckContext, CheckFinding, CheckOutcome, PlaceCheck } from '../../check.js';
import type { IamFacts, ReadFailure } from '../../source.js';

const DAY = 86_400_000;
/** Days after which an access key is old, where the organization did not choose. */
const MAX_KEY_AGE_DAYS = 60;

const USER = 'AWS::IAM::User';

function oldKeys({ users }: IamFacts, context: CheckContext, account: string): CheckOutcome {
  const { started } = context;
  const { maxKeyAgeDays: chosen } = context.parameters(account);
  const most = typeof chosen === 'number' ? chosen : MAX_KEY_AGE_DAYS;
  const failures: ReadFailure[] = [];
  const findings: CheckFinding[] = [];
  for (const { arn, name, keys } of users) {
    for (const { ending, active, created } of keys) {
      if (!active) continue;
      const age = Math.floor((Date.parse(started) - Date.parse(created)) / DAY);
      const subject = `access key …${ending}`;
      // A time that is none tells no age.
      if (Number.isNaN(age)) {
        const message = `when the ${subject} of ${name} was made is not known`;
        failures.push({ step: 'iam-access-key-fresh', code: 'UNREAD', message });
      } else if (age > most) {
        const message = `the ${subject} of ${name} is ${age} days old; ${most} are allowed`;
        findings.push({ resource: { arn, type: USER }, subject, message, since: created });
      }
    }
  }
  return { findings, failures, concerned: users.some(({ keys }) => keys.some(({ active }) => active)) };
}

function consoleUsers({ users }: IamFacts): CheckOutcome {
  const findings = users
    .filter((user) => user.console === true)
    .map(({ arn, name, mfa }) => ({
      resource: { arn, type: USER },
      message: `the user ${name} signs in with a password${mfa === false ? ', and without a second factor' : ''}`,
    }));
  const failures = users
    .filter((user) => user.console === null)
    .map(({ name }) => ({
      step: 'iam-people-federated',
      code: 'UNREAD',
      message: `whether the user ${name} has a password is not known`,
    }));
  return { findings, failures, concerned: users.length > 0 };
}

function rootFactor({ summary }: IamFacts, account: string, partition: string): CheckOutcome {
  const enabled = summary?.['AccountMFAEnabled'];
  const present = summary?.['AccountPasswordPresent'];
  if (enabled === undefined) {
    const message = 'the summary of the account was not read';
    return { findings: [], failures: [{ step: 'iam-root-second-factor', code: 'UNREAD', message }] };
  }
  // Root credentials that the organization removed need no second factor.
  if (enabled > 0 || present === 0) return { findings: [] };
  const resource = { arn: `arn:${partition}:iam::${account}:root`, type: 'AWS::Organizations::Account' };
  return { findings: [{ resource, message: 'the root user has no second factor' }] };
}

function orphanPolicies({ policies, roles, users, groups }: IamFacts): CheckOutcome {
  const held = new Set([...roles, ...users, ...groups].flatMap((one) => one.policies.map(({ arn }) => arn)));
  const boundaries = new Set([...roles, ...users].map(({ boundary }) => boundary));
  const findings = policies
    .filter(({ arn }) => arn !== null && !held.has(arn) && !boundaries.has(arn))
    .map(({ arn, name }) => ({
      resource: { arn: arn!, type: 'AWS::IAM::ManagedPolicy' },
      message: `nobody holds the policy ${name}`,
    }));
  return { findings, concerned: policies.length > 0 };
}

const FIELDS = { source: 'iam', scope: 'account', reads: { iam: true } } as const;

export const IDENTITY_CHECKS: readonly PlaceCheck[] = [
  {
    ...FIELDS,
    id: 'iam-access-key-fresh',
    controls: ['IAM-USER-01'],
    severity: 'error',
    title: 'Access keys are rotated in time',
    help: 'replace the key by a role; where that cannot be, make a new one, deactivate the old one and delete it a week later',
    check: (facts, context) => oldKeys(facts.iam(), context, facts.account.id),
  },
  {
    ...FIELDS,
    id: 'iam-people-federated',
    controls: ['IAM-FED-01', 'IAM-USER-01'],
    severity: 'error',
    title: 'People sign in by federation, not as IAM users',
    help: 'give the person access by IAM Identity Center and delete the login profile: `aws iam delete-login-profile`',
    check: (facts) => consoleUsers(facts.iam()),
  },
  {
    ...FIELDS,
    id: 'iam-root-second-factor',
    controls: ['IAM-FED-01'],
    severity: 'error',
    title: 'The root user has a second factor, or no password',
    help: 'remove the root credentials of members centrally, or register a device for MFA',
    check: (facts, { organization }) => rootFactor(facts.iam(), facts.account.id, organization.partition),
  },
  {
    ...FIELDS,
    id: 'iam-policy-held',
    controls: ['IAM-POL-05'],
    severity: 'info',
    title: 'Every managed policy is held by somebody',
    help: 'delete the policy, in the template that made it',
    check: (facts) => orphanPolicies(facts.iam()),
  },
];
