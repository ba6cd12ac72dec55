/**
 * Open choices while a rule is evaluated: branching over the value of an unknown, and decision trees over choices.
 *
 * Two ways of meeting an open choice:
 * - *branching* ({@link force}): a selected value splits into one value per reachable assignment; parts of a rule that
 *   look at one value at a time stay linear in the number of choices;
 * - *asking* ({@link NeedChoice}): code that needs everything settled throws, and {@link decide} runs it again under
 *   each reachable value of that choice.
 */
import { ABSENT } from '../../template/index.js';
import type { Assignment, Choice, ResolvedDocument, Unknown, Value } from '../../template/index.js';
import { NOT_EVALUATED, PASS, notEvaluated, union } from './outcome.js';
import type { Outcome } from './outcome.js';

/** Thrown where an evaluation cannot go on before a choice is made; caught by {@link decide}. */
export class NeedChoice extends Error {
  constructor(readonly choice: Choice) {
    super(`choice ${choice.id} is open`);
  }
}

/** Stands for an unknown that no choice decides. */
export class UnknownValue {
  constructor(readonly unknown: Unknown) {}
}

export type Forced = Value | typeof ABSENT | UnknownValue;

/** Most leaves of one decision tree. Beyond it the part is NOT EVALUATED: nothing is guessed. */
const MAX_LEAVES = 256;

/** The unknown reported when a decision tree grows too large. */
export const TOO_MANY: Unknown = {
  kind: 'condition',
  reason: 'too many combinations of conditions decide this check',
  parameters: [],
  choices: [],
  under: () => undefined,
};

/** The choices of a document and what is known of them. */
export class ChoiceSpace {
  private readonly domains = new Map<string, Choice>();

  constructor(readonly document: ResolvedDocument) {}

  /** Calls back with each value that a value may stand for and the assignment under which it does. */
  force(value: Value, assignment: Assignment, each: (value: Forced, assignment: Assignment) => void): void {
    const unknown = typeof value === 'object' && value !== null ? this.document.unknownAt(value) : undefined;
    if (unknown === undefined) {
      each(value, assignment);
      return;
    }
    const open = unknown.choices.find((choice) => !assignment.has(choice.id));
    if (open === undefined) {
      if (unknown.choices.length === 0) {
        each(new UnknownValue(unknown), assignment);
        return;
      }
      const chosen = unknown.under(assignment);
      if (chosen === undefined) each(new UnknownValue(unknown), assignment);
      else if (chosen === ABSENT) each(ABSENT, assignment);
      else if (chosen === value) each(value, assignment);
      else this.force(chosen, assignment, each);
      return;
    }
    // Conditions are followed both ways. Parameters are not: their AllowedValues are tried by the caller, who gives them
    // in the assignment, because values that disagree are no verdict.
    if (unknown.choices.some((choice) => choice.kind === 'parameter' && !assignment.has(choice.id))) {
      each(new UnknownValue(unknown), assignment);
      return;
    }
    for (const next of this.extensions(assignment, open)) this.force(value, next, each);
  }

  /** The reachable assignments that give one more choice each of its values. */
  extensions(assignment: Assignment, choice: Choice): Assignment[] {
    this.domains.set(choice.id, choice);
    const reachable: Assignment[] = [];
    for (const value of choice.values) {
      const next = new Map(assignment).set(choice.id, value);
      if (this.document.feasible(next)) reachable.push(next);
    }
    return reachable;
  }

  /** Both assignments together, or null when they contradict each other or cannot be reached together. */
  merge(left: Assignment, right: Assignment): Assignment | null {
    const merged = this.join(left, right);
    return merged === null || merged === left || merged === right || this.document.feasible(merged) ? merged : null;
  }

  /** Both assignments together, or null when they contradict each other. Asks nothing about being reachable: cheap. */
  join(left: Assignment, right: Assignment): Assignment | null {
    if (right.size === 0 || left === right) return left;
    if (left.size === 0) return right;
    let merged: Map<string, Value> | null = null;
    for (const [id, value] of right) {
      const given = left.get(id);
      if (given === undefined && !left.has(id)) {
        merged ??= new Map(left);
        merged.set(id, value);
      } else if (given !== value) return null;
    }
    return merged ?? left;
  }

  /** {@link join} with an assignment of one choice that may not have been met before. */
  joinKnown(left: Assignment, choice: Choice, right: Assignment): Assignment | null {
    this.domains.set(choice.id, choice);
    return this.join(left, right);
  }

  /** Throws {@link NeedChoice} for a choice that `wanted` fixes and `assignment` leaves open. */
  demand(wanted: Assignment, assignment: Assignment): void {
    for (const id of wanted.keys()) {
      if (!assignment.has(id)) throw new NeedChoice(this.domains.get(id)!);
    }
  }
}

/** The outcome of one leaf of a decision tree. */
export interface Leaf<T> {
  readonly assignment: Assignment;
  readonly result: T;
}

/**
 * Runs `evaluate` under every reachable assignment of the choices that it asks for.
 * @param maxLeaves - `@default` 256.
 * @returns What it gave, leaf by leaf, or null when the tree has more leaves.
 */
export function leavesOf<T>(
  space: ChoiceSpace,
  assignment: Assignment,
  evaluate: (assignment: Assignment) => T,
  maxLeaves = MAX_LEAVES,
): readonly Leaf<T>[] | null {
  const leaves: Leaf<T>[] = [];
  const pending: Assignment[] = [assignment];
  while (pending.length > 0) {
    const current = pending.pop()!;
    try {
      const result = evaluate(current);
      if (leaves.length === maxLeaves) return null;
      leaves.push({ assignment: current, result });
    } catch (thrown) {
      if (!(thrown instanceof NeedChoice)) throw thrown;
      if (current.has(thrown.choice.id)) throw new Error('a choice is asked for twice', { cause: thrown });
      pending.push(...space.extensions(current, thrown.choice).reverse());
    }
  }
  return leaves;
}

/** An assignment under which `test` passes; `unsure` when it hangs on an unknown or there are too many to look at. */
export function firstPassing(
  space: ChoiceSpace,
  assignment: Assignment,
  test: (assignment: Assignment) => Outcome,
): Assignment | 'none' | 'unsure' {
  const unsure: Assignment[] = [];
  const found: Assignment[] = [];
  // Once a leaf has passed, nothing more is asked.
  const search = (under: Assignment): void => {
    if (found.length > 0) return;
    const { bits } = test(under);
    if (bits === PASS) found.push(under);
    else if ((bits & NOT_EVALUATED) !== 0) unsure.push(under);
  };
  const complete = leavesOf(space, assignment, search) !== null;
  return found[0] ?? (unsure.length > 0 || !complete ? 'unsure' : 'none');
}

/** The union of what `evaluate` gives under every reachable assignment of the choices that it asks for. */
export function decide(
  space: ChoiceSpace,
  assignment: Assignment,
  evaluate: (assignment: Assignment) => Outcome,
  eachLeaf?: (assignment: Assignment, outcome: Outcome) => void,
): Outcome {
  const leaves = leavesOf(space, assignment, evaluate);
  // A reachable assignment has a reachable extension for every choice; none at all means that something is wrong.
  if (leaves === null || leaves.length === 0) return notEvaluated([TOO_MANY]);
  let result: Outcome | null = null;
  for (const leaf of leaves) {
    eachLeaf?.(leaf.assignment, leaf.result);
    result = result === null ? leaf.result : union(result, leaf.result);
  }
  return result!;
}
