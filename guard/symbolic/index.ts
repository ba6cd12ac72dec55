/** Rules on documents that leave something open. Used for rules that touched an unknown; see `evaluate.ts`. */
import type { Assignment, Choice, ResolvedDocument, Unknown } from '../../template/index.js';
import type { Rule, RuleFile } from '../ast.js';
import { ChoiceSpace } from './choices.js';
import { SymbolicEvaluator } from './evaluate.js';
import { FAIL, NOT_EVALUATED, PASS } from './outcome.js';
import type { Outcome } from './outcome.js';

export { materialise } from './materialise.js';
export type { Materialised } from './materialise.js';

/** What can be said of a rule on a document with open choices. */
export interface OpenVerdict {
  readonly status: 'PASS' | 'FAIL' | 'SKIP' | 'NOT_EVALUATED';
  /** Assignments under which the rule fails; empty unless `status` is FAIL. */
  readonly failures: readonly Assignment[];
  /** What the verdict hangs on; empty unless `status` is NOT_EVALUATED. */
  readonly unknowns: readonly Unknown[];
}

/** Most combinations of AllowedValues that are tried for one rule. */
const MAX_TRIALS = 64;

/**
 * Evaluates one rule on a document with unknowns.
 *
 * FAIL if a reachable outcome of the open conditions fails; else NOT EVALUATED if some outcome hangs on a value nobody
 * knows; else PASS, or SKIP when it applies in no outcome. Before NOT EVALUATED, the AllowedValues of the parameters it
 * hangs on are tried: if all give one verdict, that is the verdict.
 *
 * @param tree - The file of the rule.
 * @param rule - One of `tree.rules`.
 * @param document - Its `value` is what queries start from.
 * @throws EvaluationError as the compiled evaluator does.
 */
export function evaluateOpenRule(tree: RuleFile, rule: Rule, document: ResolvedDocument): OpenVerdict {
  const space = new ChoiceSpace(document);
  const under = (base: Assignment): Outcome => new SymbolicEvaluator(tree, document.value, space, base).rule(rule);
  const outcome = under(new Map());
  const verdict = verdictOf(outcome);
  if (verdict.status !== 'NOT_EVALUATED') return verdict;
  const trials = assignmentsOf(space, parameterChoices(outcome.unknowns));
  return trials === null ? verdict : (unanimous(trials.map((base) => verdictOf(under(base)))) ?? verdict);
}

function verdictOf(outcome: Outcome): OpenVerdict {
  if ((outcome.bits & FAIL) !== 0) return { status: 'FAIL', failures: outcome.failures, unknowns: [] };
  if ((outcome.bits & NOT_EVALUATED) !== 0) {
    return { status: 'NOT_EVALUATED', failures: [], unknowns: outcome.unknowns };
  }
  return { status: (outcome.bits & PASS) !== 0 ? 'PASS' : 'SKIP', failures: [], unknowns: [] };
}

function parameterChoices(unknowns: readonly Unknown[]): readonly Choice[] {
  const choices = new Map<string, Choice>();
  for (const unknown of unknowns) {
    for (const choice of unknown.choices) if (choice.kind === 'parameter') choices.set(choice.id, choice);
  }
  return [...choices.values()];
}

/** All reachable combinations of the choices' values; null when there is nothing to try or too much. */
function assignmentsOf(space: ChoiceSpace, choices: readonly Choice[]): readonly Assignment[] | null {
  if (choices.length === 0) return null;
  let assignments: readonly Assignment[] = [new Map()];
  for (const choice of choices) {
    if (assignments.length * choice.values.length > MAX_TRIALS) return null;
    assignments = assignments.flatMap((assignment) => space.extensions(assignment, choice));
  }
  return assignments;
}

function unanimous(verdicts: readonly OpenVerdict[]): OpenVerdict | null {
  const first = verdicts[0];
  if (first === undefined || first.status === 'NOT_EVALUATED') return null;
  if (verdicts.some((verdict) => verdict.status !== first.status)) return null;
  return { status: first.status, failures: verdicts.flatMap((verdict) => verdict.failures), unknowns: [] };
}
