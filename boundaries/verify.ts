/** Verifies templates: cases, claims and their twins, which statements the cases reach, what they would notice. */
import type { Diagnostic } from '../findings/index.js';
import { compilePolicies, evaluate } from '../iam/index.js';
import type { Policy } from '../iam/index.js';
import { equivalent } from '../iam/prove/index.js';
import { decideCases, requestOf, scoreMutants } from '../iam/templates/index.js';
import type { CaseResult, MutationScore, ParameterOptions } from '../iam/templates/index.js';
import type { Value } from '../template/index.js';
import { buildBoundary, policyNames } from './build.js';
import type { BuiltBoundary } from './build.js';
import { policyOf, prove, proveIsolation, runClaims } from './claims.js';
import type { ClaimResult } from './claims.js';
import type { BoundaryTemplate, PolicyName } from './model.js';
import { ALLOW_ALL, OPEN, POLICY_TYPES, surround } from './surroundings.js';

export interface VerifyOptions {
  /** Instead of defaults, examples and the parameters of the cases. Cases are left out then: they speak of the examples. */
  readonly parameters?: Value;
  readonly build?: Omit<ParameterOptions, 'examples'>;
  /** `@default` true. */
  readonly mutation?: boolean;
}

/** Which statements decided at least one case. */
export interface Coverage {
  readonly statements: number;
  readonly reached: number;
  /** Sids of the others. */
  readonly unreached: readonly string[];
}

export interface TemplateVerification {
  readonly template: BoundaryTemplate;
  /** Characters of each document, without white space. */
  readonly sizes: readonly number[];
  readonly cases: readonly CaseResult[];
  readonly claims: readonly ClaimResult[];
  readonly coverage: Coverage | null;
  readonly mutation: MutationScore | null;
  /** Whether every case and claim is as expected. */
  readonly ok: boolean;
}

/** What came of it: a verification, or what is wrong with the parameters. */
export interface Verified {
  readonly verification: TemplateVerification | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Verifies a template, with the parameters of its cases, or its claims with given ones. */
export function verifyTemplate(template: BoundaryTemplate, options: VerifyOptions = {}): Verified {
  const own = options.parameters === undefined;
  const { built, diagnostics } = buildBoundary(
    template,
    options.parameters ?? template.cases.parameters ?? {},
    own ? { examples: true } : (options.build ?? {}),
  );
  if (built === null) return { verification: null, diagnostics };
  const cases = own ? runCases(template, built) : [];
  const claims = runClaims(template, built, { twins: own });
  const ok = cases.every((each) => each.ok) && claims.every((each) => each.ok);
  return {
    verification: {
      template,
      sizes: policyNames(template).map((name) => JSON.stringify(built.documents[name]).length),
      cases,
      claims,
      coverage: own ? coverageOf(template, built, cases) : null,
      // Cases that are not as expected would notice everything.
      mutation: own && ok && options.mutation !== false ? mutationScore(template, built) : null,
      ok,
    },
    diagnostics,
  };
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
