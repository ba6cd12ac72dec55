/** Failed checks in the words of `cfn-guard` 3.1.1 (measured). */
import type { Comparator, UnaryOperator } from '../../ast.js';
import type { BinaryCheck, Comparison, FailedCheck, Messages, Origin, UnaryCheck } from '../../explanation.js';
import type { Node, Traced, UnresolvedResult } from './node.js';
import { comparisonName, nodeText, pathValue, placeText, resultsText, unresolvedValue } from './print.js';

/** What all checks of one clause have in common. */
export interface ClauseWords {
  readonly context: string;
  readonly operator: Comparator | UnaryOperator;
  /** The operator's own negation. */
  readonly negated: boolean;
  readonly message: string | null;
  readonly origin: Origin | null;
}

function comparisonOf({ operator, negated }: ClauseWords): Comparison {
  return [comparisonName(operator), negated];
}

function originOf({ origin }: ClauseWords): { readonly origin?: Origin } {
  return origin === null ? {} : { origin };
}

/** Messages print whole values, the document among them, so the text is made when somebody reads it. */
function messagesOf(custom: string | null, text: () => string): Messages {
  let known: string | null = null;
  return {
    custom_message: custom,
    get error_message(): string {
      return (known ??= text());
    },
  };
}

function unary(clause: ClauseWords, check: UnaryCheck, text: () => string): FailedCheck {
  const messages = messagesOf(clause.message ?? '', text);
  return { Clause: { Unary: { check, context: clause.context, messages } }, ...originOf(clause) };
}

function binary(
  clause: ClauseWords,
  check: BinaryCheck,
  text: () => string,
  message: string | null = clause.message ?? '',
): FailedCheck {
  const messages = messagesOf(message, text);
  return { Clause: { Binary: { context: clause.context, messages, check } }, ...originOf(clause) };
}

/** What a failed unary operator says: without and with its negation. */
const UNARY_TEXTS: Readonly<Record<UnaryOperator, readonly [string, string]>> = {
  exists: ['did not exist', 'existed'],
  empty: ['was not empty', 'was empty'],
  isList: ['was not list', 'was a list '],
  isStruct: ['was not struct', 'was a struct'],
  isString: ['was not string', 'was a string '],
  isInt: ['was not int', 'was int'],
  isBool: ['was not bool', 'was bool'],
  isFloat: ['was not float', 'was float'],
  isNull: ['was not null', 'was null'],
};

export function failedUnary(clause: ClauseWords, operator: UnaryOperator, result: Traced): FailedCheck {
  const comparison = comparisonOf(clause);
  if (result.kind === 'unresolved') {
    const text = (): string =>
      `Check was not compliant as property [${result.remaining()}] is missing. Value traversed to [${nodeText(result.node)}].`;
    return unary(clause, { UnResolved: { value: unresolvedValue(result), comparison } }, text);
  }
  const words = UNARY_TEXTS[operator][clause.negated ? 1 : 0];
  const text = (): string => `Check was not compliant as property [${placeText(result.node)}] ${words}.`;
  return unary(clause, { Resolved: { value: pathValue(result.node), comparison } }, text);
}

/** `!empty` on a query without results. */
export function failedEmptyResults(clause: ClauseWords): FailedCheck {
  const text = (): string => `Check was not compliant as variable in context [${clause.context}] was not empty`;
  // Only here are the lines of a message put on one line.
  const message = clause.message?.replaceAll('\n', ';') ?? null;
  const { context, operator, negated, origin } = clause;
  return unary({ context, operator, negated, origin, message }, { UnResolvedContext: context }, text);
}

export function failedReference(clause: ClauseWords, rule: string): FailedCheck {
  const text = (): string =>
    `Check was not compliant as dependent rule [${rule}] did not PASS. Context [${clause.context}]`;
  return unary(clause, { UnResolvedContext: rule }, text);
}

/** What a failed comparison says: without and with its negation. */
const BINARY_TEXTS: Readonly<Record<Comparator, readonly [string, string]>> = {
  eq: ['not equal to', 'equal to'],
  le: ['not less than equal to', 'less than equal to'],
  lt: ['not less than', 'less than'],
  ge: ['not greater than equal', 'greater than equal to'],
  gt: ['not greater than', 'greater than'],
  in: ['not in', 'in'],
};

export function failedComparison(clause: ClauseWords, from: Node, to: Node, reason: string | null): FailedCheck {
  const words = BINARY_TEXTS[clause.operator as Comparator][clause.negated ? 1 : 0];
  const error = reason === null ? '' : ` Error = [${reason}]`;
  const text = (): string =>
    `Check was not compliant as property value [${nodeText(from)}] ${words} value [${nodeText(to)}].${error}`;
  const check = { Resolved: { from: pathValue(from), to: pathValue(to), comparison: comparisonOf(clause) } };
  return binary(clause, check, text);
}

export function failedMembership(clause: ClauseWords, from: Node, to: readonly Traced[]): FailedCheck {
  const text = (): string =>
    `Check was not compliant as property [${placeText(from)}] was not present in [${resultsText(to)}]`;
  const values = to.filter((result) => result.kind !== 'unresolved').map((result) => pathValue(result.node));
  const check = { InResolved: { from: pathValue(from), to: values, comparison: comparisonOf(clause) } };
  return binary(clause, check, text, clause.message);
}

function missing(clause: ClauseWords, result: UnresolvedResult, side: 'from' | 'to'): FailedCheck {
  const text = (): string =>
    `Check was not compliant as property [${result.remaining()}] to compare ${side} is missing. Value traversed to [${nodeText(result.node)}].`;
  return binary(clause, { UnResolved: { value: unresolvedValue(result), comparison: comparisonOf(clause) } }, text);
}

export function missingLeft(clause: ClauseWords, result: UnresolvedResult): FailedCheck {
  return missing(clause, result, 'from');
}

export function missingRight(clause: ClauseWords, result: UnresolvedResult): FailedCheck {
  return missing(clause, result, 'to');
}

/** A block over a branch of its query that found nothing. */
export function failedBlock(context: string, result: UnresolvedResult, origin: Origin): FailedCheck {
  const text = (): string =>
    `Check was not compliant as property [${result.remaining()}] is missing. Value traversed to [${nodeText(result.node)}]`;
  return {
    Block: { context, messages: messagesOf('', text), unresolved: unresolvedValue(result) },
    origin,
  };
}

/** A block that must have values and has none. */
export function emptyBlock(context: string, origin: Origin): FailedCheck {
  const text = 'query for block clause did not retrieve any value';
  return { Block: { context, messages: { custom_message: null, error_message: text }, unresolved: null }, origin };
}
