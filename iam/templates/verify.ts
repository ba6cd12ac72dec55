/** The verification of a template, the same for each library: cases, claims and their twins, coverage and mutants. */
import type { Diagnostic } from '../../findings/index.js';
import type { Value } from '../../template/index.js';
import type { Proof } from '../prove/index.js';
import type { CaseResult } from './cases.js';
import type { CaseFile, Twin } from './model.js';
import type { ParameterOptions } from './parameters/values.js';
import type { MutationScore } from './score.js';

export interface VerifyOptions {
  /** Instead of defaults, examples and the parameters of the cases. Cases are left out then: they speak of the examples. */
  readonly parameters?: Value;
  /** For building the policies, when there are parameters. */
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

/** What became of a claim. */
export interface ClaimResult<Claim extends { readonly claim: string; readonly twin: Twin }, P = Proof> {
  readonly claim: Claim;
  readonly proof: P;
  /** What becomes of the claim under the twin; `null` when twins were not asked for. */
  readonly twin: P | null;
  readonly ok: boolean;
}

export interface Verification<Template, Claim> {
  readonly template: Template;
  /** Characters of each document, without white space. */
  readonly sizes: readonly number[];
  readonly cases: readonly CaseResult[];
  readonly claims: readonly Claim[];
  readonly coverage: Coverage | null;
  readonly mutation: MutationScore | null;
  /** Whether every case and claim is as expected. */
  readonly ok: boolean;
}

/** What came of it: a verification, or what is wrong with the parameters. */
export interface VerifiedTemplate<Template, Claim> {
  readonly verification: Verification<Template, Claim> | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a library knows of its own templates. `Built`: policies with their parameters filled in. */
export interface Verifier<Template, Built, Claim> {
  build(
    template: Template,
    parameters: Value,
    options: ParameterOptions,
  ): { readonly built: Built | null; readonly diagnostics: readonly Diagnostic[] };
  documents(template: Template, built: Built): readonly unknown[];
  cases(template: Template, built: Built): readonly CaseResult[];
  claims(template: Template, built: Built, options: { readonly twins: boolean }): readonly Claim[];
  coverage(template: Template, built: Built, cases: readonly CaseResult[]): Coverage;
  mutation(template: Template, built: Built): MutationScore;
}

/**
 * Verifies a template, with the parameters of its cases or with given ones.
 *
 * With given parameters the claims are proven for the policies that come out of them. Twins, cases and mutants belong to the
 * parameters of the cases.
 */
export function verifyWith<
  Template extends { readonly cases: CaseFile },
  Built,
  Claim extends { readonly ok: boolean },
>(
  verifier: Verifier<Template, Built, Claim>,
  template: Template,
  options: VerifyOptions,
): VerifiedTemplate<Template, Claim> {
  const own = options.parameters === undefined;
  const { built, diagnostics } = verifier.build(
    template,
    options.parameters ?? template.cases.parameters ?? {},
    own ? { examples: true } : (options.build ?? {}),
  );
  if (built === null) return { verification: null, diagnostics };
  const cases = own ? verifier.cases(template, built) : [];
  const claims = verifier.claims(template, built, { twins: own });
  const ok = cases.every((each) => each.ok) && claims.every((each) => each.ok);
  return {
    verification: {
      template,
      sizes: verifier.documents(template, built).map((document) => JSON.stringify(document).length),
      cases,
      claims,
      coverage: own ? verifier.coverage(template, built, cases) : null,
      // Cases that are not as expected would notice everything.
      mutation: own && ok && options.mutation !== false ? verifier.mutation(template, built) : null,
      ok,
    },
    diagnostics,
  };
}

/**
 * A claim and its twin, proven.
 *
 * @param proveTwin - The proof in the policies of the twin; `null` when twins are not asked for.
 */
export function claimResult<Claim extends { readonly claim: string; readonly twin: Twin }, P extends Proof<unknown>>(
  claim: Claim,
  proof: P,
  proveTwin: (() => P) | null,
): ClaimResult<Claim, P> {
  const twin = proveTwin === null ? null : proveTwin();
  return { claim, proof, twin, ok: proof.kind === 'HOLDS' && (twin === null || twin.kind === 'FAILS') };
}

/** @returns `built` of a twin. @throws Error when its parameters do not fit: a fault of the template. */
export function builtTwin<Built>(
  name: string,
  { built, diagnostics }: { readonly built: Built | null; readonly diagnostics: readonly Diagnostic[] },
): Built {
  if (built === null) throw new Error(`${name}: ${diagnostics.map(({ message }) => message).join('; ')}`);
  return built;
}
