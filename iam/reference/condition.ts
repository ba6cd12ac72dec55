/** When a condition holds: the operators, and how values of the request and of the policy are matched. */
import type { Condition, ConditionOperator } from '../model.js';
import { letters, matches, parts, substitute } from './patterns.js';
import type { Piece } from './patterns.js';
import { address, compare, decimal, seconds } from './values.js';
import type { Decimal } from './values.js';
import type { World } from './world.js';

/** Whether a value of the request matches a value of the policy. */
type Test = (value: string, wanted: string, hasVariables: boolean, world: World) => boolean;

const isOrdered =
  (read: (text: string) => Decimal | undefined, accept: (order: number) => boolean): Test =>
  (value, wanted) => {
    const [left, right] = [read(value), read(wanted)];
    return left !== undefined && right !== undefined && accept(compare(left, right));
  };
const foldCase = (list: readonly Piece[]): Piece[] =>
  list.map((piece) => (typeof piece === 'string' ? piece.toLowerCase() : piece));

const stringEquals: Test = (value, wanted, hasVariables, world) =>
  substitute(wanted, hasVariables, false, world)?.join('') === value;
const stringEqualsIgnoreCase: Test = (value, wanted, hasVariables, world) => {
  const text = substitute(wanted, hasVariables, false, world);
  return text !== undefined && foldCase(text).join('') === foldCase(letters(value)).join('');
};
const stringLike: Test = (value, wanted, hasVariables, world) => {
  const pattern = substitute(wanted, hasVariables, true, world);
  return pattern !== undefined && matches(pattern, letters(value));
};
/** Six parts, one by one; the sixth takes the rest. */
const arnLike: Test = (value, wanted, hasVariables, world) => {
  const pattern = parts(substitute(wanted, hasVariables, true, world) ?? [], 6);
  const arn = parts(letters(value), 6);
  return pattern.length === 6 && arn.length === 6 && pattern.every((part, index) => matches(part, arn[index] ?? []));
};
const bool: Test = (value, wanted) => /^(?:true|false)$/i.test(wanted) && value.toLowerCase() === wanted.toLowerCase();
const binaryEquals: Test = (value, wanted) => {
  const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  return base64.test(value) && base64.test(wanted) && atob(value) === atob(wanted);
};
const ipAddress: Test = (value, wanted) => {
  const [range = '', length, ...more] = wanted.split('/');
  const [ip, network] = [address(value), address(range)];
  if (ip === undefined || network?.bits !== ip.bits || more.length > 0) return false;
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > ip.bits)) return false;
  const hostBits = BigInt(ip.bits - Number(length ?? ip.bits));
  return ip.value >> hostBits === network.value >> hostBits;
};

/** reference_policies_elements_condition_operators */
const OPERATORS: Readonly<Record<Exclude<ConditionOperator, 'Null'>, readonly [test: Test, negated?: 'not']>> = {
  StringEquals: [stringEquals],
  StringNotEquals: [stringEquals, 'not'],
  StringEqualsIgnoreCase: [stringEqualsIgnoreCase],
  StringNotEqualsIgnoreCase: [stringEqualsIgnoreCase, 'not'],
  StringLike: [stringLike],
  StringNotLike: [stringLike, 'not'],
  NumericEquals: [isOrdered(decimal, (order) => order === 0)],
  NumericNotEquals: [isOrdered(decimal, (order) => order === 0), 'not'],
  NumericLessThan: [isOrdered(decimal, (order) => order < 0)],
  NumericLessThanEquals: [isOrdered(decimal, (order) => order <= 0)],
  NumericGreaterThan: [isOrdered(decimal, (order) => order > 0)],
  NumericGreaterThanEquals: [isOrdered(decimal, (order) => order >= 0)],
  DateEquals: [isOrdered(seconds, (order) => order === 0)],
  DateNotEquals: [isOrdered(seconds, (order) => order === 0), 'not'],
  DateLessThan: [isOrdered(seconds, (order) => order < 0)],
  DateLessThanEquals: [isOrdered(seconds, (order) => order <= 0)],
  DateGreaterThan: [isOrdered(seconds, (order) => order > 0)],
  DateGreaterThanEquals: [isOrdered(seconds, (order) => order >= 0)],
  Bool: [bool],
  BinaryEquals: [binaryEquals],
  IpAddress: [ipAddress],
  NotIpAddress: [ipAddress, 'not'],
  ArnEquals: [arnLike],
  ArnNotEquals: [arnLike, 'not'],
  ArnLike: [arnLike],
  ArnNotLike: [arnLike, 'not'],
};

/**
 * reference_policies_condition-logic-multiple-context-keys-or-values,
 * reference_policies_condition-single-vs-multi-valued-context-keys
 */
export function conditionHolds(condition: Condition, hasVariables: boolean, world: World): boolean {
  const { operator, qualifier, ifExists, key, values: wanted } = condition;
  const values = world.valuesOf(key);
  const isNull = values.every((value) => value === '');
  // access-analyzer-reference-policy-checks ("Null with qualifier")
  if (operator === 'Null' && qualifier !== undefined) return qualifier === 'ForAllValues';
  if (operator === 'Null') return wanted.some((value) => value.toLowerCase() === String(isNull));
  const [test, negated] = OPERATORS[operator];
  // Under ForAnyValue the suffix IfExists changes nothing.
  if (qualifier !== undefined && isNull) return qualifier === 'ForAllValues';
  if (values.length === 0 && ifExists) return true;
  const holds = (value: string): boolean =>
    (negated === 'not') !== wanted.some((each) => test(value, each, hasVariables, world));
  // Without a set operator a negated operator is the contrary of the plain one, also for a key with several values.
  const mustAllHold = qualifier === undefined ? negated === 'not' : qualifier === 'ForAllValues';
  return mustAllHold ? values.every(holds) : values.some(holds);
}
