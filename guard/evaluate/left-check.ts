/** Comparison of left values with one literal on the right: every left value is then checked by itself. */
import type { Comparator } from '../ast.js';
import {
  INCOMPARABLE,
  ORDERINGS,
  YES,
  compareEqual,
  compareResults,
  isGuardList,
  isScalar,
  kindOf,
  order,
  STRING,
} from '../operators/index.js';
import type { ComparisonSink, GuardValue } from '../operators/index.js';
import { ACCESS } from './results.js';
import type { LiteralResult, Result, Results } from './results.js';
import { FAILED, PASSED } from './tally.js';
import type { LeftCheck, Tally } from './tally.js';

let tally: Tally = 0;
const fail = (): void => {
  tally |= FAILED;
};
const COUNTER: ComparisonSink<Result> = {
  pass: () => {
    tally |= PASSED;
  },
  fail,
  failIn: fail,
  leftUnresolved: fail,
  rightUnresolved: fail,
  notComparable: fail,
};

/** Orders two scalars: numbers, strings, booleans. */
function ordered(operator: 'lt' | 'le' | 'gt' | 'ge', a: GuardValue, b: GuardValue): Tally {
  const ordering = order(a, b);
  return ordering !== undefined && ORDERINGS[operator](ordering) ? PASSED : FAILED;
}

/** Compares two lists of results. */
export function tallyOf(operator: Comparator, negated: boolean, left: Results, right: Results): Tally {
  if (left.length === 1 && right.length === 1 && !negated && operator !== 'eq' && operator !== 'in') {
    const [a, b] = [left[0]!, right[0]!];
    if (typeof a !== 'object' && typeof b !== 'object') return ordered(operator, a, b);
  }
  tally = 0;
  compareResults(operator, negated, left, right, ACCESS, COUNTER);
  return tally;
}

/** `==` and `!=` against a literal that is no list: lists on the left are spread. */
function equalScalar(literal: GuardValue, negated: boolean): LeftCheck {
  const single = (value: GuardValue): Tally => {
    const answer = compareEqual(value, literal);
    return answer !== INCOMPARABLE && (answer === YES) !== negated ? PASSED : FAILED;
  };
  return (value) => {
    if (!isGuardList(value)) return single(value);
    let all = 0;
    for (const each of value) all |= single(each);
    return all;
  };
}

/** `==` against a string, the most frequent clause. */
function equalString(literal: string): LeftCheck {
  const general = equalScalar(literal, false);
  return (value) => (typeof value === 'string' ? (value === literal ? PASSED : FAILED) : general(value));
}

/** `in` a list of strings, the second. */
function inStrings(literal: readonly GuardValue[], general: LeftCheck): LeftCheck {
  const members = new Set(literal);
  return (value) => (typeof value === 'string' ? (members.has(value) ? PASSED : FAILED) : general(value));
}

function makeCheck(operator: Comparator, negated: boolean, literal: LiteralResult): LeftCheck {
  const { value } = literal;
  const right = [literal];
  const general: LeftCheck = (left) => tallyOf(operator, negated, [left], right);
  if (operator === 'eq') {
    if (typeof value === 'string' && !negated) return equalString(value);
    if (isScalar(value)) return equalScalar(value, negated);
  }
  if (operator === 'in' && !negated && isGuardList(value) && value.every((each) => kindOf(each) === STRING)) {
    return inStrings(value, general);
  }
  return general;
}

/** The check of left values, none of which is a literal, against a literal. */
export function leftCheck(operator: Comparator, negated: boolean, literal: LiteralResult): LeftCheck {
  const key = negated ? `!${operator}` : operator;
  let check = literal.checks.get(key);
  if (check === undefined) literal.checks.set(key, (check = makeCheck(operator, negated, literal)));
  return check;
}
