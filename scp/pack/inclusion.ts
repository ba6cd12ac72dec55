/**
 * Whether denials deny all that another one denies, seen by comparing their parts: what most proofs come down to, without
 * a search. Sufficient, not necessary.
 *
 * A statement with several actions, resources or values of a condition stands for the statements with one of each ("IAM
 * JSON policy elements reference", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html):
 * each of those has to be inside one of the others.
 */
import type { Condition, ConditionOperator, PatternElement, Statement } from '../../iam/index.js';
import { covers } from './actions.js';
import { ALTERNATIVES, tidied } from './merge.js';
import { coversResource } from './resources.js';

/** Most pieces that a statement is taken apart into. */
const MOST_PIECES = 5_000;

/** Whether each piece of a statement is inside one of some others of its effect. */
export function isIncluded(statement: Statement, others: readonly Statement[]): boolean {
  const sides = others.filter(({ effect }) => effect === statement.effect).map(sideOf);
  return isPieceIncluded(tidied(statement), sides, { left: MOST_PIECES });
}

/** Takes a piece apart only where it is not inside another statement as a whole. */
function isPieceIncluded(piece: Statement, others: readonly Side[], budget: { left: number }): boolean {
  if (--budget.left < 0) return false;
  const near = others.filter((other) => hasSameRest(piece, other));
  if (near.length === 0) return false;
  if (near.some((other) => isInside(piece, other.statement))) return true;
  const { action, resource, conditions } = piece;
  if (!action.negated && action.patterns.length > 1) {
    return action.patterns.every((pattern) =>
      isPieceIncluded({ ...piece, action: { negated: false, patterns: [pattern] } }, near, budget),
    );
  }
  if (resource?.negated === false && resource.patterns.length > 1) {
    return resource.patterns.every((pattern) =>
      isPieceIncluded({ ...piece, resource: { negated: false, patterns: [pattern] } }, near, budget),
    );
  }
  const at = conditions.findIndex((condition) => isAlternative(condition) && condition.values.length > 1);
  if (at < 0) return false;
  const condition = conditions[at]!;
  return condition.values.every((value) =>
    isPieceIncluded({ ...piece, conditions: conditions.with(at, { ...condition, values: [value] }) }, near, budget),
  );
}

interface Side {
  readonly statement: Statement;
  readonly principal: string;
}

function sideOf(statement: Statement): Side {
  return { statement: tidied(statement), principal: JSON.stringify(statement.principal) };
}

function hasSameRest(piece: Statement, other: Side): boolean {
  return JSON.stringify(piece.principal) === other.principal;
}

function isInside(inner: Statement, outer: Statement): boolean {
  return (
    isElementInside(inner.action, outer.action, coversAction) &&
    (inner.resource === undefined || outer.resource === undefined
      ? inner.resource === outer.resource
      : isElementInside(inner.resource, outer.resource, coversResource)) &&
    outer.conditions.every((condition) => inner.conditions.some((given) => implies(given, condition)))
  );
}

function isElementInside(
  inner: PatternElement,
  outer: PatternElement,
  covered: (outer: string, inner: string) => boolean,
): boolean {
  const isInner = (pattern: string, by: readonly string[]): boolean => by.some((limit) => covered(limit, pattern));
  if (!inner.negated && !outer.negated) return inner.patterns.every((pattern) => isInner(pattern, outer.patterns));
  // What is outside of more is inside of what is outside of less.
  if (inner.negated && outer.negated) return outer.patterns.every((pattern) => isInner(pattern, inner.patterns));
  return inner.negated && isInner('*', outer.patterns);
}

const coversAction = (outer: string, inner: string): boolean => covers(outer.toLowerCase(), inner.toLowerCase());

/** Operators that hold when none of the values matches. */
const EXCEPTIONS: ReadonlySet<ConditionOperator> = new Set([
  'StringNotEquals',
  'StringNotEqualsIgnoreCase',
  'StringNotLike',
  'NumericNotEquals',
  'DateNotEquals',
  'NotIpAddress',
  'ArnNotEquals',
  'ArnNotLike',
]);

/** Whether a condition holds whenever another one does. */
function implies(given: Condition, wanted: Condition): boolean {
  const isSameKind =
    given.operator === wanted.operator &&
    given.qualifier === wanted.qualifier &&
    given.key.toLowerCase() === wanted.key.toLowerCase() &&
    (given.ifExists === wanted.ifExists || wanted.ifExists);
  if (!isSameKind) return false;
  // Fewer exceptions hold more often.
  if (EXCEPTIONS.has(given.operator)) return wanted.values.every((value) => given.values.includes(value));
  const isSubset = given.values.every((value) => wanted.values.includes(value));
  return isSubset && (given.values.length === wanted.values.length || isAlternative(wanted));
}

function isAlternative({ operator, qualifier }: Condition): boolean {
  return qualifier !== 'ForAllValues' && ALTERNATIVES.has(operator);
}
