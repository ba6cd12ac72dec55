/** What comes out of a proof. */
import type { Request } from '../model.js';

/** Two requests for the same action on the same resource by two callers. */
export interface RequestPair {
  readonly left: Request;
  readonly right: Request;
}

/**
 * `budget`: the steps were used up. `unsupported`: a feature that is not modelled. `fault`: the reference decides otherwise.
 * `vacuous`: nothing contradicts the claim, but because it, or a part of it, speaks of no request.
 */
export type UnknownReason = 'budget' | 'unsupported' | 'fault' | 'vacuous';

/**
 * `HOLDS`: there is no request to the contrary, given the assumptions. `FAILS`: the reference evaluator has decided the
 * counterexample and agrees. `UNKNOWN`: neither could be shown, or what was shown says nothing; never to be taken for
 * `HOLDS`.
 */
export type Proof<C = Request> =
  | { readonly kind: 'HOLDS'; readonly assumptions: readonly string[] }
  | { readonly kind: 'FAILS'; readonly counterexample: C; readonly assumptions: readonly string[] }
  | { readonly kind: 'UNKNOWN'; readonly reason: UnknownReason; readonly detail: string };

/** Options of every proof. */
export interface ProveOptions {
  /** Regular expressions of the values of condition keys; see `regexLanguage` for what is understood. */
  readonly assume?: Readonly<Record<string, string>>;
  /** Names of actions such as `s3:GetObject`; a counterexample names one of them where it can. `@default` none. */
  readonly actions?: readonly string[];
  /** Most steps of a proof. `@default` some seconds' worth. */
  readonly budget?: number;
}
