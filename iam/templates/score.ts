/** How many changes of policies are noticed. */
import type { Policy } from '../index.js';
import { mutantsOf } from './mutate.js';

/** How many changes of the policy a case or claim notices. */
export interface MutationScore {
  readonly mutants: number;
  readonly noticed: number;
  /** Changes of which the prover has shown that they change no decision; they count neither way. */
  readonly equivalent: number;
  readonly survivors: readonly { readonly statement: string; readonly change: string }[];
  /** Of 0 to 1: noticed among those that change something. */
  readonly score: number;
}

/**
 * Tries every mutant of every policy.
 *
 * @param isNoticed - Whether something notices, given all policies with one of them changed.
 * @param isSame - Whether a change has been shown to change no decision; asked only when nothing noticed.
 */
export function scoreMutants(
  policies: readonly Policy[],
  isNoticed: (changed: readonly Policy[], index: number) => boolean,
  isSame: (policy: Policy, changed: Policy, index: number) => boolean,
): MutationScore {
  let noticed = 0;
  let same = 0;
  const survivors: { readonly statement: string; readonly change: string }[] = [];
  const mutants = policies.flatMap((policy, index) => mutantsOf(policy).map((mutant) => ({ mutant, index })));
  for (const { mutant, index } of mutants) {
    const changed = policies.map((each, other) => (other === index ? mutant.policy : each));
    if (isNoticed(changed, index)) noticed++;
    else if (isSame(policies[index]!, mutant.policy, index)) same++;
    else survivors.push({ statement: mutant.statement, change: mutant.change });
  }
  const counted = mutants.length - same;
  return {
    mutants: mutants.length,
    noticed,
    equivalent: same,
    survivors,
    score: counted === 0 ? 1 : noticed / counted,
  };
}
