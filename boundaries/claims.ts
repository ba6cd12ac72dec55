/** Claims: sentences about all requests, proven or refuted with a request. */
import type { Policy } from '../iam/index.js';
import { disjoint, proveClaim } from '../iam/prove/index.js';
import type { CallerKind, Proof, RequestPair, RequestProperties } from '../iam/prove/index.js';
import {
  builtTwin,
  claimResult,
  completeParameters,
  fillList,
  namesOf,
  requestsOf,
  saysSomething,
} from '../iam/templates/index.js';
import type { ClaimResult, ParameterValues, Twin } from '../iam/templates/index.js';
import { buildBoundary, twinOf } from './build.js';
import type { BuiltBoundary } from './build.js';
import type { BoundaryClaim, BoundaryTemplate, IsolationClaim, PolicyName } from './model.js';
import { surround } from './surroundings.js';

/** Who carries a boundary, or acts by a role. */
const CALLERS: Readonly<Record<'boundary' | 'permissions', readonly CallerKind[]>> = {
  boundary: ['user', 'role', 'session'],
  permissions: ['role', 'session'],
};

/** What a trust policy decides, and about which role. */
const ASSUMING = ['sts:AssumeRole*', 'sts:TagSession', 'sts:SetSourceIdentity'];
const OWN_ROLE = 'arn:{{partition}}:iam::{{account}}:role/{{roleName}}';

export type BoundaryClaimResult = ClaimResult<{ readonly claim: string; readonly twin: Twin }, Proof<unknown>>;

type Policies = BuiltBoundary['policies'];

/** Which policy of a template decides a case or claim. */
export function policyOf({ kind }: BoundaryTemplate, { of }: { readonly of?: 'trust' }): PolicyName {
  return of ?? (kind === 'boundary' ? 'boundary' : 'permissions');
}

/**
 * Proves one claim. Callers belong to the account of the template; a claim about trust speaks of everybody
 * who would act by the role.
 */
export function prove(
  template: BoundaryTemplate,
  claim: BoundaryClaim,
  policies: Policies,
  values: ParameterValues,
): Proof {
  const name = policyOf(template, claim);
  const account = String(values['account']);
  const forAll: RequestProperties = {
    ...(name === 'trust'
      ? { actions: ASSUMING, resources: fillList(OWN_ROLE, values) }
      : { callers: CALLERS[name], principalAccount: account }),
    ...requestsOf(claim, values),
  };
  return proveClaim(
    { forAll, policies: surround(name, policies[name]!, account), decision: claim.decision },
    {
      actions: namesOf(forAll.actions ?? []),
      ...(claim.assume === undefined ? {} : { assume: filled(claim.assume, values) }),
    },
  );
}

const filled = (map: Readonly<Record<string, string>>, values: ParameterValues): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [fillList(key, values)[0]!, value]));

/**
 * Proves that sessions with different values of a tag have nothing in common.
 *
 * First for values of `within`; then that a session with a value of `others` is allowed nothing. Where it is, a pair of
 * sessions that meet is looked for among all values.
 */
export function proveIsolation(
  { key, within, others }: IsolationClaim,
  policies: Policies,
  values: ParameterValues,
): Proof<unknown> {
  const permissions = policies.permissions!;
  const [tag] = fillList(key, values);
  const pairs = (language: string): Proof<RequestPair> =>
    disjoint([permissions], [permissions], 'identity', [tag!], { assume: { [tag!]: language } });
  const inside = pairs(within);
  if (inside.kind !== 'HOLDS') return inside;
  const outside = denied(permissions, values, tag!, others);
  if (outside.kind === 'HOLDS') {
    return { kind: 'HOLDS', assumptions: [`${tag!} matches (${within})|(${others})`] };
  }
  const meeting = pairs(`(${within})|(${others})`);
  return meeting.kind === 'FAILS' ? meeting : outside;
}

/** A session whose tag has one of some values is denied everything. */
function denied(permissions: Policy, values: ParameterValues, tag: string, language: string): Proof {
  const account = String(values['account']);
  const when = { operator: 'Null' as const, ifExists: false, key: tag, values: ['false'] };
  return proveClaim(
    {
      forAll: { callers: CALLERS.permissions, conditions: [when] },
      policies: surround('permissions', permissions, account),
      decision: 'EXPLICIT_DENY',
    },
    { assume: { [tag]: language } },
  );
}

/** Proves the claims of a template that say something with these values, and refutes each under its twin. */
export function runClaims(
  template: BoundaryTemplate,
  { policies, values }: BuiltBoundary,
  options: { readonly twins: boolean },
): readonly BoundaryClaimResult[] {
  const { claims: all, isolation = [] } = template.claims;
  const ofCases = completeParameters(template, template.cases.parameters ?? {}, { examples: true }).values;
  const claims = options.twins ? all : all.filter((claim) => saysSomething(claim, values, ofCases));
  const result = (
    claim: BoundaryClaimResult['claim'],
    proveIn: (policies: Policies, values: ParameterValues) => Proof<unknown>,
  ): BoundaryClaimResult =>
    claimResult(
      claim,
      proveIn(policies, values),
      // The claim keeps the parameters of the template: it says the same of another policy.
      options.twins ? () => proveIn(buildTwin(template, claim.twin, values).policies, values) : null,
    );
  return [
    ...claims.map((claim) => result(claim, (...args) => prove(template, claim, ...args))),
    ...isolation.map((claim) => result(claim, (...args) => proveIsolation(claim, ...args))),
  ];
}

function buildTwin(template: BoundaryTemplate, twin: Twin, values: ParameterValues): BuiltBoundary {
  const given = { ...values, ...twin.parameters };
  return builtTwin(template.name, buildBoundary(twinOf(template, twin), given, { examples: true }));
}
