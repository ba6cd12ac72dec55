/** Verifies templates: cases, claims and their twins, which statements the cases reach, what they would notice. */
import { compilePolicies } from '../iam/index.js';
import type { Policy } from '../iam/index.js';
import { equivalent } from '../iam/prove/index.js';
import { scoreMutants, verifyWith } from '../iam/templates/index.js';
import type {
  CaseResult,
  Coverage,
  MutationScore,
  ParameterValues,
  Verification,
  VerifiedTemplate,
  Verifier,
  VerifyOptions,
} from '../iam/templates/index.js';
import { buildPolicy } from './build-policy.js';
import type { BuiltPolicy } from './build-policy.js';
import { noticedBy, runCases } from './cases.js';
import { prove, runClaims } from './claims.js';
import type { PolicyClaimResult } from './claims.js';
import type { PolicyTemplate, WrittenClaim } from './model.js';
import { ALLOW_ALL, levelsOf, surround } from './surroundings.js';

export type TemplateVerification = Verification<PolicyTemplate, PolicyClaimResult>;
export type Verified = VerifiedTemplate<PolicyTemplate, PolicyClaimResult>;

const VERIFIER: Verifier<PolicyTemplate, BuiltPolicy, PolicyClaimResult> = {
  build: buildPolicy,
  documents: (_, { documents }) => documents,
  cases: ({ kind, cases }, { policies }) => runCases(levelsOf(kind, policies), cases),
  claims: (template, { policies, values }, options) => runClaims(template, policies, values, options),
  coverage: (_, { policies }, cases) => coverageOf(policies, cases),
  mutation: (template, { policies, values }) => mutationScore(template, policies, values),
};

/** Verifies a template, with the parameters of its cases, or its claims with given ones. */
export function verifyTemplate(template: PolicyTemplate, options: VerifyOptions = {}): Verified {
  return verifyWith(VERIFIER, template, options);
}

/** The statements that decided a case, over all documents. */
export function coverageOf(policies: readonly Policy[], cases: readonly CaseResult[]): Coverage {
  const decided = new Set(cases.flatMap(({ by }) => by.filter(({ effect }) => effect === 'Deny').map(sayStatement)));
  const all = policies.flatMap(({ statements }, index) =>
    statements.map(({ sid }, position) => sayStatement({ policyIndex: index + 1, sid, statementIndex: position })),
  );
  const unreached = all.filter((each) => !decided.has(each));
  return { statements: all.length, reached: all.length - unreached.length, unreached };
}

function sayStatement(place: {
  readonly policyIndex: number;
  readonly sid?: string | undefined;
  readonly statementIndex?: number | undefined;
}): string {
  return place.sid ?? `${place.policyIndex}.${(place.statementIndex ?? 0) + 1}`;
}

/** Tries every mutant on cases, then on claims; the prover is asked whether the rest change anything at all. */
export function mutationScore(
  template: PolicyTemplate,
  policies: readonly Policy[],
  values: ParameterValues,
): MutationScore {
  // To refute a claim is quick and to prove one is not: the claim that noticed the last change is asked first.
  const claims = [...template.claims.claims];
  return scoreMutants(policies, (changed) => isNoticed(template, claims, changed, values), isSame);
}

/** @param claims - In the order in which they are asked; the one that notices moves to the front. */
function isNoticed(
  { cases, kind }: PolicyTemplate,
  claims: WrittenClaim[],
  policies: readonly Policy[],
  values: ParameterValues,
): boolean {
  const compiled = compilePolicies(surround(levelsOf(kind, policies)));
  if (cases.cases.some((each) => noticedBy(compiled, each, cases.context))) return true;
  const position = claims.findIndex((claim) => prove(claim, kind, policies, values).kind === 'FAILS');
  if (position < 0) return false;
  claims.unshift(...claims.splice(position, 1));
  return true;
}

function isSame(policy: Policy, changed: Policy): boolean {
  const kind = policy.statements.some(({ principal }) => principal !== undefined) ? 'resource' : 'identity';
  const allow = kind === 'identity' ? ALLOW_ALL : surround(levelsOf('rcp', [])).resource!;
  return equivalent([allow, policy], [allow, changed], kind).kind === 'HOLDS';
}
