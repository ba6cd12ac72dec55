/** Claims: sentences about all requests that policies reach, proven or refuted with a request. */
import type { Policy } from '../iam/index.js';
import { proveClaim, speaksOfNothing } from '../iam/prove/index.js';
import type { CallerKind, Proof, RequestProperties } from '../iam/prove/index.js';
import {
  builtTwin,
  claimResult,
  completeParameters,
  namesOf,
  requestsOf,
  saysSomething,
} from '../iam/templates/index.js';
import type { ClaimResult, ParameterValues } from '../iam/templates/index.js';
import { buildPolicy, twinOf } from './build-policy.js';
import { isPlainlyAllowed, isPlainlyDenied } from './plain.js';
import type { ControlPolicyKind, PolicyTemplate, WrittenClaim } from './model.js';
import { levelsOf, SERVICE_LINKED, surround } from './surroundings.js';

/** Whom SCPs reach: users, roles with and without sessions, root users and federated users of the accounts. */
const BOUND_BY_SCPS: readonly CallerKind[] = ['user', 'role', 'session', 'root', 'federatedUser'];

export type PolicyClaimResult = ClaimResult<WrittenClaim>;

/** The requests that a claim speaks of, with parameters filled in. */
export function propertiesOf(claim: WrittenClaim, kind: ControlPolicyKind, values: ParameterValues): RequestProperties {
  const requests = requestsOf(claim, values);
  return {
    ...(kind === 'scp' ? { callers: BOUND_BY_SCPS } : {}),
    ...requests,
    notPrincipalArns: [SERVICE_LINKED, ...(requests.notPrincipalArns ?? [])],
  };
}

/** Proves one claim of policies. */
export function prove(
  claim: WrittenClaim,
  kind: ControlPolicyKind,
  policies: readonly Policy[],
  values: ParameterValues,
): Proof {
  const forAll = propertiesOf(claim, kind, values);
  const { decision, assume } = claim;
  const isDenial = decision === 'EXPLICIT_DENY' || decision === 'DENY';
  const options = { actions: namesOf(forAll.actions ?? []), ...(assume === undefined ? {} : { assume }) };
  const isPlain =
    decision === 'ALLOW' ? isPlainlyAllowed(forAll, policies, kind) : isDenial && isPlainlyDenied(forAll, policies);
  if (isPlain) return speaksOfNothing(forAll, options) ?? { kind: 'HOLDS', assumptions: [] };
  return proveClaim({ forAll, policies: surround(levelsOf(kind, policies)), decision }, options);
}

/** The claims of a template that say something with these values. */
export function claimsFor(template: PolicyTemplate, values: ParameterValues): readonly WrittenClaim[] {
  const ofCases = completeParameters(template, template.cases.parameters ?? {}, { examples: true }).values;
  return template.claims.claims.filter((claim) => saysSomething(claim, values, ofCases));
}

/** Proves the claims of a template that say something with these values, and refutes each under its twin. */
export function runClaims(
  template: PolicyTemplate,
  policies: readonly Policy[],
  values: ParameterValues,
  options: { readonly twins: boolean },
): readonly PolicyClaimResult[] {
  const claims = options.twins ? template.claims.claims : claimsFor(template, values);
  return claims.map((claim) => {
    const proveTwin = (): Proof => {
      const given = { ...values, ...claim.twin.parameters };
      const changed = builtTwin(template.name, buildPolicy(twinOf(template, claim.twin), given, { examples: true }));
      return prove(claim, template.kind, changed.policies, values);
    };
    return claimResult(claim, prove(claim, template.kind, policies, values), options.twins ? proveTwin : null);
  });
}
