/** Verifies templates: cases, claims and their twins, which statements the cases reach, what they would notice. */
import { compilePolicies, evaluate } from '../iam/index.js';
import type { Policy } from '../iam/index.js';
import { equivalent } from '../iam/prove/index.js';
import { decideCases, requestOf, scoreMutants, verifyWith } from '../iam/templates/index.js';
import type {
  CaseResult,
  Coverage,
  MutationScore,
  Verification,
  VerifiedTemplate,
  Verifier,
  VerifyOptions,
} from '../iam/templates/index.js';
import { buildBoundary, policyNames } from './build.js';
import type { BuiltBoundary } from './build.js';
import { policyOf, prove, proveIsolation, runClaims } from './claims.js';
import type { BoundaryClaimResult } from './claims.js';
import type { BoundaryTemplate, PolicyName } from './model.js';
import { ALLOW_ALL, OPEN, POLICY_TYPES, surround } from './surroundings.js';

export type TemplateVerification = Verification<BoundaryTemplate, BoundaryClaimResult>;
export type Verified = VerifiedTemplate<BoundaryTemplate, BoundaryClaimResult>;

const VERIFIER: Verifier<BoundaryTemplate, BuiltBoundary, BoundaryClaimResult> = {
  build: buildBoundary,
  documents: (template, { documents }) => policyNames(template).map((name) => documents[name]),
  cases: runCases,
  claims: runClaims,
  coverage: coverageOf,
  mutation: mutationScore,
};

/** Verifies a template, with the parameters of its cases, or its claims with given ones. */
export function verifyTemplate(template: BoundaryTemplate, options: VerifyOptions = {}): Verified {
  return verifyWith(VERIFIER, template, options);
}

/** Decides the cases of a template, each by the policy that it is about. */
export function runCases(template: BoundaryTemplate, { policies, values }: BuiltBoundary): readonly CaseResult[] {
  const account = String(values['account']);
  return template.cases.cases.flatMap((written) => {
    const name = policyOf(template, written);
    const surrounding = surround(name, policies[name]!, account);
    return decideCases(
      surrounding,
      { ...template.cases, cases: [written] },
      ({ policyType }) => policyType === POLICY_TYPES[name],
    );
  });
}

function coverageOf(template: BoundaryTemplate, built: BuiltBoundary, cases: readonly CaseResult[]): Coverage {
  const decided = new Set<string>();
  for (const [index, { by }] of cases.entries()) {
    const name = policyOf(template, template.cases.cases[index]!);
    for (const { statementIndex, sid } of by) decided.add(`${name} ${sid ?? String(statementIndex)}`);
  }
  const all = policyNames(template).flatMap((name) =>
    built.policies[name]!.statements.map(({ sid }, index) => `${name} ${sid ?? String(index)}`),
  );
  const unreached = all.filter((each) => !decided.has(each));
  return { statements: all.length, reached: all.length - unreached.length, unreached };
}

/** Tries every mutant on cases, then on claims; the prover is asked whether the rest change anything at all. */
export function mutationScore(template: BoundaryTemplate, { policies, values }: BuiltBoundary): MutationScore {
  const names = policyNames(template);
  const list = names.map((name) => policies[name]!);
  const account = String(values['account']);
  return scoreMutants(
    list,
    (changed, index) => {
      const name = names[index]!;
      const now = { ...policies, [name]: changed[index]! };
      const compiled = compilePolicies(surround(name, changed[index]!, account));
      const { cases, context } = template.cases;
      const own = cases.filter((each) => policyOf(template, each) === name);
      if (own.some((each) => evaluate(compiled, requestOf(each, context)).decision !== each.decision)) return true;
      const { claims, isolation = [] } = template.claims;
      return (
        claims.some(
          (claim) => policyOf(template, claim) === name && prove(template, claim, now, values).kind === 'FAILS',
        ) ||
        (name === 'permissions' && isolation.some((claim) => proveIsolation(claim, now, values).kind === 'FAILS'))
      );
    },
    (policy, changed, index) => isSame(names[index]!, policy, changed),
  );
}

function isSame(name: PolicyName, policy: Policy, changed: Policy): boolean {
  const kind = name === 'trust' ? 'resource' : 'identity';
  // A policy in which nothing but denials differ is compared beside one that allows.
  const alone = equivalent([policy], [changed], kind).kind === 'HOLDS';
  const beside = kind === 'resource' ? OPEN : ALLOW_ALL;
  return alone && equivalent([beside, policy], [beside, changed], kind).kind === 'HOLDS';
}
