import type { ApplicablePolicies } from '../model.js';
import { CompiledSet } from './compile.js';

export { CompiledSet } from './compile.js';
export type { DecidingStatement } from './compile.js';
export { evaluate, mayBeAllowed } from './decide.js';
export type { EvaluateOptions, Evaluation } from './decide.js';

/**
 * Compiles the policies that apply to some requests. Equal documents are compiled once.
 *
 * @param policies - As `parsePolicy` gives them. Order and duplicates do not change decisions.
 * Cost: the statements and their patterns; kept for as long as the set is.
 */
export function compilePolicies(policies: ApplicablePolicies): CompiledSet {
  return new CompiledSet(policies);
}
