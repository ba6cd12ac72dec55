/** Verifies templates: cases, claims and their twins, which statements the cases reach, what they would notice. */
import { compilePolicies } from '../iam/index.js';
import type { Policy } from '../iam/index.js';
import { equivalent } from '../iam/prove/index.js';
import { scoreMutants } from '../iam/templates/index.js';
import type { CaseResult, MutationScore, ParameterOptions, ParameterValues } from '../iam/templates/index.js';
import type { Diagnostic } from '../findings/index.js';
import type { Value } from '../template/index.js';
import { buildPolicy } from './build-policy.js';
import { noticedBy, runCases } from './cases.js';
import { prove, runClaims } from './claims.js';
import type { ClaimResult } from './claims.js';
import type { PolicyTemplate, WrittenClaim } from './model.js';
import { ALLOW_ALL, levelsOf, surround } from './surroundings.js';

export interface VerifyOptions {
  /** Instead of defaults, examples and the parameters of the cases. Cases are left out then: they speak of the examples. */
  readonly parameters?: Value;
  /** For {@link buildPolicy}, when there are parameters. */
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
  readonly template: PolicyTemplate;
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

/**
 * Verifies a template, with the parameters of its cases or with given ones.
 *
 * With given parameters the claims are proven for the policy that comes out of them. Twins, cases and mutants belong to the
 * parameters of the cases.
 */
export function verifyTemplate(template: PolicyTemplate, options: VerifyOptions = {}): Verified {
  const own = options.parameters === undefined;
  const { built, diagnostics } = buildPolicy(
    template,
    options.parameters ?? template.cases.parameters ?? {},
    own ? { examples: true } : (options.build ?? {}),
  );
  if (built === null) return { verification: null, diagnostics };
  const { policies, values, documents } = built;
  const cases = own ? runCases(levelsOf(template.kind, policies), template.cases) : [];
  const claims = runClaims(template, policies, values, { twins: own });
  const ok = cases.every((each) => each.ok) && claims.every((each) => each.ok);
  return {
    verification: {
      template,
      sizes: documents.map((document) => JSON.stringify(document).length),
      cases,
      claims,
      coverage: own ? coverageOf(policies, cases) : null,
      // Cases that are not as expected would notice everything.
      mutation: own && ok && options.mutation !== false ? mutationScore(template, policies, values) : null,
      ok,
    },
    diagnostics,
  };
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
