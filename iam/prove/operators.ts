/** What the operators of conditions ask of values. */
import type { ConditionOperator } from '../model.js';
import type { Comparison, Theory } from './sets/spec.js';

/** What an operator asks of a value. */
export type Test =
  | { readonly kind: 'text'; readonly how: 'text' | 'ignoreCase' | 'arn'; readonly wildcards: boolean }
  | { readonly kind: 'quantity'; readonly theory: 'number' | 'date'; readonly sides: Sides }
  | { readonly kind: 'address' | 'bool' | 'binary' };

/** Which of the numbers below, at and above a bound an operator accepts. */
type Sides = Pick<Comparison, 'below' | 'at' | 'above'>;

export function theoryOfTest(test: Test): Theory {
  return test.kind === 'quantity' ? test.theory : test.kind === 'address' ? 'ip' : 'text';
}

/** How an operator compares values; `null` for `Null`, which does not. */
export function theoryOfOperator(operator: ConditionOperator): Theory | null {
  return operator === 'Null' ? null : theoryOfTest(TESTS[operator].test);
}

const EQUAL: Test = { kind: 'text', how: 'text', wildcards: false };
const FOLDED: Test = { kind: 'text', how: 'ignoreCase', wildcards: false };
const LIKE: Test = { kind: 'text', how: 'text', wildcards: true };
const ARN: Test = { kind: 'text', how: 'arn', wildcards: true };
const AT: Sides = { below: false, at: true, above: false };
const LESS: Sides = { below: true, at: false, above: false };
const MOST: Sides = { below: true, at: true, above: false };
const MORE: Sides = { below: false, at: false, above: true };
const LEAST: Sides = { below: false, at: true, above: true };
const number = (sides: Sides): Test => ({ kind: 'quantity', theory: 'number', sides });
const date = (sides: Sides): Test => ({ kind: 'quantity', theory: 'date', sides });
const is = (test: Test): { readonly test: Test; readonly negated: boolean } => ({ test, negated: false });
const isNot = (test: Test): { readonly test: Test; readonly negated: boolean } => ({ test, negated: true });

/** What each operator asks, and whether it is the contrary of that. */
export const TESTS: Readonly<
  Record<Exclude<ConditionOperator, 'Null'>, { readonly test: Test; readonly negated: boolean }>
> = {
  StringEquals: is(EQUAL),
  StringNotEquals: isNot(EQUAL),
  StringEqualsIgnoreCase: is(FOLDED),
  StringNotEqualsIgnoreCase: isNot(FOLDED),
  StringLike: is(LIKE),
  StringNotLike: isNot(LIKE),
  NumericEquals: is(number(AT)),
  NumericNotEquals: isNot(number(AT)),
  NumericLessThan: is(number(LESS)),
  NumericLessThanEquals: is(number(MOST)),
  NumericGreaterThan: is(number(MORE)),
  NumericGreaterThanEquals: is(number(LEAST)),
  DateEquals: is(date(AT)),
  DateNotEquals: isNot(date(AT)),
  DateLessThan: is(date(LESS)),
  DateLessThanEquals: is(date(MOST)),
  DateGreaterThan: is(date(MORE)),
  DateGreaterThanEquals: is(date(LEAST)),
  Bool: is({ kind: 'bool' }),
  BinaryEquals: is({ kind: 'binary' }),
  IpAddress: is({ kind: 'address' }),
  NotIpAddress: isNot({ kind: 'address' }),
  ArnEquals: is(ARN),
  ArnNotEquals: isNot(ARN),
  ArnLike: is(ARN),
  ArnNotLike: isNot(ARN),
};
