/** What a plan must keep, proven for every request before anything is done. */
import type { Condition, Policy } from '../../iam/index.js';
import { proveClaim } from '../../iam/prove/index.js';
import type { CallerKind, Claim, ClaimedDecision, Proof, RequestProperties } from '../../iam/prove/index.js';
import { levelsOf, surround } from '../surroundings.js';
import { timeText } from './model.js';
import type { Revocation, RevocationTarget } from './model.js';
import { policiesOf } from './plan.js';
import type { RevocationPlan } from './plan.js';

/** A sentence about all requests that SCPs reach. */
export interface RevocationProof {
  readonly claim: string;
  readonly proof: Proof;
}

const BOUND: readonly CallerKind[] = ['user', 'role', 'session', 'root', 'federatedUser'];
const SERVICE_LINKED = 'arn:*:iam::*:role/aws-service-role/*';

const condition = (operator: Condition['operator'], key: string, values: readonly string[]): Condition => ({
  operator,
  ifExists: false,
  key,
  values,
});

type Role = RevocationTarget & { readonly kind: 'role' };

/**
 * Proves that exactly those lose access who shall. A plan without revocations has nothing to prove.
 *
 * @param scps - The policies of the plan. `@default` what its documents say.
 */
export function proveRevocations(
  plan: RevocationPlan,
  scps: readonly Policy[] = policiesOf(plan).scps,
): readonly RevocationProof[] {
  const revocations = plan.policies.flatMap(({ document }) => document.revocations);
  if (revocations.length === 0) return [];
  const policies = surround(levelsOf('scp', scps));
  const claims = claimsOf(revocations, plan.breakGlass);
  return claims.map(({ claim, forAll, decision }) => {
    const asked: Claim = { forAll: { callers: BOUND, ...forAll }, policies, decision };
    return { claim, proof: proveClaim(asked) };
  });
}

interface Asked {
  readonly claim: string;
  readonly forAll: RequestProperties;
  readonly decision: ClaimedDecision;
}

function claimsOf(revocations: readonly Revocation[], breakGlass: readonly string[]): readonly Asked[] {
  const targets = revocations.map(({ target }) => target);
  const names = targets.flatMap((target) => (target.kind === 'name' ? [target.name] : []));
  const ids = (kind: 'identityCenterUser' | 'iamUser'): readonly string[] =>
    targets.flatMap((target) => (target.kind === kind ? [target.id] : []));
  const roles = targets.filter((target): target is Role => target.kind === 'role');
  const people: readonly (readonly [string, Condition['operator'], string, readonly string[]])[] = [
    ['sessions named as a revoked user', 'StringLike', 'aws:userid', names.map((name) => `*:${name}`)],
    ['sessions with the source identity of a revoked user', 'StringEquals', 'aws:SourceIdentity', names],
    [
      'sessions of a revoked user of Identity Center',
      'StringEquals',
      'identitystore:UserId',
      ids('identityCenterUser'),
    ],
    ['revoked IAM users and their sessions', 'StringEquals', 'aws:userid', ids('iamUser')],
  ];
  const others = (used: typeof people): readonly Condition[] =>
    used.map(([, operator, key, values]) =>
      condition(operator === 'StringLike' ? 'StringNotLike' : 'StringNotEquals', key, values),
    );
  const used = people.filter(([, , , values]) => values.length > 0);
  return [
    ...used.map(([who, operator, key, values]): Asked => ({
      claim: `${who} can do nothing`,
      forAll: {
        notPrincipalArns: [SERVICE_LINKED, ...breakGlass],
        conditions: [condition(operator, key, values)],
      },
      decision: 'EXPLICIT_DENY',
    })),
    ...byTime(roles),
    {
      claim: 'everybody else is denied nothing',
      forAll: {
        notPrincipalArns: [SERVICE_LINKED, ...roles.map(({ arn }) => arn)],
        conditions: others(used),
      },
      decision: 'ALLOW',
    },
    ...(roles.length === 0 ? [] : [younger(roles, others(used))]),
    {
      claim: 'break-glass roles are denied nothing',
      forAll: { principalArns: breakGlass },
      decision: 'ALLOW',
    },
    {
      claim: 'service-linked roles are denied nothing',
      forAll: { principalArns: [SERVICE_LINKED] },
      decision: 'ALLOW',
    },
  ];
}

function younger(roles: readonly Role[], others: readonly Condition[]): Asked {
  const time = timeText(Math.max(...roles.map(({ before }) => before)));
  return {
    claim: `sessions of revoked roles from ${time} on are denied nothing for their age`,
    forAll: {
      principalArns: [...new Set(roles.map(({ arn }) => arn))],
      conditions: [condition('DateGreaterThanEquals', 'aws:TokenIssueTime', [time]), ...others],
    },
    decision: 'ALLOW',
  };
}

function byTime(roles: readonly Role[]): readonly Asked[] {
  const times = new Map<string, Role[]>();
  for (const role of roles) {
    const key = `${role.before} ${role.scheduled}`;
    times.set(key, [...(times.get(key) ?? []), role]);
  }
  return [...times.values()].flatMap((group): Asked[] => {
    const [{ before, scheduled }] = group as [Role];
    const time = timeText(before);
    const principalArns = group.map(({ arn }) => arn);
    const older = condition('DateLessThan', 'aws:TokenIssueTime', [time]);
    const then = condition('DateGreaterThanEquals', 'aws:CurrentTime', [time]);
    return [
      {
        claim: `sessions of revoked roles from before ${time} can do nothing${scheduled ? ' from then on' : ''}`,
        forAll: { principalArns, conditions: scheduled ? [older, then] : [older] },
        decision: 'EXPLICIT_DENY',
      },
      ...(scheduled
        ? [
            {
              claim: `nothing is denied to these roles for the sake of their age until ${time}`,
              forAll: { principalArns, conditions: [condition('DateLessThan', 'aws:CurrentTime', [time])] },
              decision: 'ALLOW' as const,
            },
          ]
        : []),
    ];
  });
}
