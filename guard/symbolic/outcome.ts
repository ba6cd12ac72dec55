/**
 * Outcomes of a part of a rule when the document leaves questions open: the set of statuses that some reachable
 * assignment of the open choices gives, with the assignments that fail.
 *
 * One bit a status. `NOT_EVALUATED` is in the set when some assignment hangs on a value that no choice decides.
 */
import type { Assignment, Unknown } from '../../template/index.js';

export const PASS = 1;
export const FAIL = 2;
export const SKIP = 4;
export const NOT_EVALUATED = 8;

export interface Outcome {
  /** Union of the status bits above; never 0. */
  readonly bits: number;
  /** Assignments under which the part fails, at most {@link MAX_FAILURES} of them. */
  readonly failures: readonly Assignment[];
  /** What `NOT_EVALUATED` hangs on. */
  readonly unknowns: readonly Unknown[];
}

/** Failing assignments kept of one rule: enough to show every place, few enough to stay linear. */
export const MAX_FAILURES = 256;

const NONE: readonly never[] = [];
export const PASSED: Outcome = { bits: PASS, failures: NONE, unknowns: NONE };
export const SKIPPED: Outcome = { bits: SKIP, failures: NONE, unknowns: NONE };

export function failed(assignment: Assignment): Outcome {
  return { bits: FAIL, failures: [assignment], unknowns: NONE };
}

export function notEvaluated(unknowns: readonly Unknown[]): Outcome {
  return { bits: NOT_EVALUATED, failures: NONE, unknowns };
}

/** Either of two outcomes, each under assignments of its own. */
export function union(left: Outcome, right: Outcome): Outcome {
  return { bits: left.bits | right.bits, failures: joinFailures(left, right), unknowns: joinUnknowns(left, right) };
}

/** Both lines of a conjunction: FAIL wins, then NOT EVALUATED, then PASS; SKIP is absorbed. */
export function conjunction(left: Outcome, right: Outcome): Outcome {
  if (left.bits === SKIP) return right;
  if (right.bits === SKIP) return left;
  if (left === PASSED && right === PASSED) return PASSED;
  let bits = 0;
  for (let a = 1; a <= NOT_EVALUATED; a <<= 1) {
    if ((left.bits & a) === 0) continue;
    for (let b = 1; b <= NOT_EVALUATED; b <<= 1) if ((right.bits & b) !== 0) bits |= both(a, b);
  }
  return { bits, failures: joinFailures(left, right), unknowns: joinUnknowns(left, right) };
}

/** Both values of a `some` block, or both members of a disjunction without the early exit: PASS wins. */
export function disjunction(left: Outcome, right: Outcome): Outcome {
  let bits = 0;
  for (let a = 1; a <= NOT_EVALUATED; a <<= 1) {
    if ((left.bits & a) === 0) continue;
    for (let b = 1; b <= NOT_EVALUATED; b <<= 1) if ((right.bits & b) !== 0) bits |= either(a, b);
  }
  return { bits, failures: joinFailures(left, right), unknowns: joinUnknowns(left, right) };
}

function both(a: number, b: number): number {
  if (a === FAIL || b === FAIL) return FAIL;
  if (a === NOT_EVALUATED || b === NOT_EVALUATED) return NOT_EVALUATED;
  return a === PASS || b === PASS ? PASS : SKIP;
}

function either(a: number, b: number): number {
  if (a === PASS || b === PASS) return PASS;
  if (a === NOT_EVALUATED || b === NOT_EVALUATED) return NOT_EVALUATED;
  return a === FAIL || b === FAIL ? FAIL : SKIP;
}

function joinFailures(left: Outcome, right: Outcome): readonly Assignment[] {
  if (left.failures.length === 0) return right.failures;
  if (right.failures.length === 0) return left.failures;
  return [...left.failures, ...right.failures].slice(0, MAX_FAILURES);
}

function joinUnknowns(left: Outcome, right: Outcome): readonly Unknown[] {
  if (left.unknowns.length === 0) return right.unknowns;
  if (right.unknowns.length === 0) return left.unknowns;
  return [...new Set([...left.unknowns, ...right.unknowns])];
}
