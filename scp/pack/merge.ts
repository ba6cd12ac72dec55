/**
 * Fewer statements that decide the same. Every step is one of a few laws of the policy language
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html): statements of one effect
 * apply when any of them does, and the values of an element or of a condition are alternatives.
 */
import type { Condition, ConditionOperator, PatternElement, Statement } from '../../iam/index.js';
import { withoutCovered, withoutInner } from './actions.js';
import { coversResource } from './resources.js';

/** A statement that stands for some of the original ones. */
export interface Merged {
  readonly statement: Statement;
  /** What it stands for, in their order. */
  readonly from: readonly Statement[];
}

/** A statement with its parts written in one way, without what another part of an element covers, and without its id. */
export function tidied(statement: Statement): Statement {
  const known = TIDIED.get(statement) ?? tidy(statement);
  TIDIED.set(statement, known).set(known, known);
  return known;
}

/** Statements are compared many times, and never change. */
const TIDIED = new WeakMap<Statement, Statement>();

function tidy(statement: Statement): Statement {
  const { effect, principal, action, resource, conditions } = statement;
  return {
    effect,
    ...(principal === undefined ? {} : { principal }),
    action: { negated: action.negated, patterns: withoutCovered(action.patterns).toSorted() },
    ...(resource === undefined ? {} : { resource: tidiedResource(resource) }),
    conditions: conditions.map(tidiedCondition).toSorted(byText),
  };
}

function tidiedResource({ negated, patterns }: PatternElement): PatternElement {
  return { negated, patterns: withoutInner(patterns, (pattern) => pattern, coversResource).toSorted() };
}

function tidiedCondition(condition: Condition): Condition {
  return { ...condition, values: [...new Set(condition.values)].toSorted() };
}

function byText(left: Condition, right: Condition): number {
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Puts together statements that differ in one part whose values are alternatives: their actions, their resources, or the
 * values of one condition.
 *
 * @returns Statements in the order of the first of those that each stands for, tidied.
 */
export function mergeStatements(statements: readonly Statement[]): readonly Merged[] {
  let merged: Merged[] = statements.map((statement) => ({ statement: tidied(statement), from: [statement] }));
  for (;;) {
    const before = merged.length;
    merged = mergedBy(merged, WITHOUT_ACTIONS, withActions);
    merged = mergedBy(merged, WITHOUT_RESOURCES, withResources);
    merged = mergeConditions(merged);
    if (merged.length === before) return merged;
  }
}

/** What two statements must have in common; `undefined` for a statement that this law does not reach. */
type Rest = (statement: Statement) => string | undefined;

const WITHOUT_ACTIONS: Rest = ({ action, ...rest }) => (action.negated ? undefined : JSON.stringify(rest));
const WITHOUT_RESOURCES: Rest = ({ resource, ...rest }) =>
  resource === undefined || resource.negated ? undefined : JSON.stringify(rest);

function withActions(statement: Statement, other: Statement): Statement {
  return tidied({ ...statement, action: union(statement.action, other.action) });
}

function withResources(statement: Statement, other: Statement): Statement {
  return tidied({ ...statement, resource: union(statement.resource!, other.resource!) });
}

function union(left: PatternElement, right: PatternElement): PatternElement {
  return { negated: false, patterns: [...left.patterns, ...right.patterns] };
}

function mergedBy(
  list: readonly Merged[],
  restOf: Rest,
  together: (left: Statement, right: Statement) => Statement,
): Merged[] {
  const byRest = new Map<string, number>();
  const result: Merged[] = [];
  for (const one of list) {
    const rest = restOf(one.statement);
    const at = rest === undefined ? undefined : byRest.get(rest);
    if (at === undefined) {
      if (rest !== undefined) byRest.set(rest, result.length);
      result.push(one);
    } else {
      const known = result[at]!;
      result[at] = { statement: together(known.statement, one.statement), from: [...known.from, ...one.from] };
    }
  }
  return result;
}

/**
 * Operators for which a condition on the values of two conditions holds exactly when one of those two does. With
 * `ForAllValues` that is not so: values that are met by the one and the other together would be let in.
 */
export const ALTERNATIVES: ReadonlySet<ConditionOperator> = new Set([
  'StringEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'NumericEquals',
  'DateEquals',
  'BinaryEquals',
  'IpAddress',
  'ArnEquals',
  'ArnLike',
]);

function mergeConditions(list: readonly Merged[]): Merged[] {
  let result = [...list];
  const most = Math.max(0, ...list.map(({ statement }) => statement.conditions.length));
  for (let at = 0; at < most; at++) {
    result = mergedBy(
      result,
      ({ conditions, ...rest }) => {
        const condition = conditions[at];
        if (condition === undefined || condition.qualifier === 'ForAllValues') return undefined;
        if (!ALTERNATIVES.has(condition.operator)) return undefined;
        return JSON.stringify([rest, conditions.with(at, { ...condition, values: [] })]);
      },
      (left, right) => {
        const values = [...left.conditions[at]!.values, ...right.conditions[at]!.values];
        return tidied({ ...left, conditions: left.conditions.with(at, { ...left.conditions[at]!, values }) });
      },
    );
  }
  return result;
}
