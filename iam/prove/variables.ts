/** Which values policy variables have to be tried with. */
import type { Language } from './automata/language.js';
import type { Budget } from './budget.js';
import type { Attempt, Question, Substitution } from './question.js';

export interface PlanOptions {
  readonly question: Question;
  readonly assume: ReadonlyMap<string, Language>;
  readonly first: Attempt;
  readonly budget: Budget;
  readonly attempt: (substitution: Substitution, budget: Budget, tries?: number) => Attempt;
}

/** Values to try. `complete`: when none of them gives a request, no value does. */
export interface Plan {
  readonly complete: boolean;
  readonly substitutions: Iterable<Substitution>;
  /** Why the plan is not complete. */
  readonly reason: string;
}

export function substitutionsFor({ first }: PlanOptions): Plan {
  const key = first.uses[0]!.key;
  return { complete: false, substitutions: [], reason: `\${${key}}` };
}
