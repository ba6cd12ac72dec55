/**
 * Conditions, compiled to functions from a request to true, false or unknown.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import type { Condition, ConditionOperator } from '../model.js';
import { addressOf, isIn, rangeOf } from './ip.js';
import { cut, cutText, Glob, type Piece } from './pattern.js';
import { compare, dateOf, numberOf, type Quantity } from './quantity.js';
import { Template, type Filled } from './template.js';
import { FALSE, not, TRUE, UNKNOWN, type Ternary } from './ternary.js';
import { keyOf, NOT_KNOWN, type World } from './world.js';

/** Whether a condition holds for a request. */
export type CompiledCondition = (world: World) => Ternary;

/** Whether one value of the request matches any value of the policy. */
type Test = (value: string, world: World) => Ternary;

/** Conditions by content; the second of equal ones is made to answer for each request once. */
const shared = new Map<string, { readonly condition: CompiledCondition; memoized: CompiledCondition | undefined }>();
const MOST_SHARED = 8_192;

/**
 * Compiles a condition. Policies of an organization repeat their conditions, such as the list of exempt roles, so that
 * equal ones share their answers.
 *
 * @param hasVariables - Whether `${…}` means something in the policy.
 */
export function compileCondition(condition: Condition, hasVariables: boolean): CompiledCondition {
  const content = JSON.stringify([hasVariables, condition]);
  const known = shared.get(content);
  if (known !== undefined) return (known.memoized ??= once(known.condition));
  if (shared.size >= MOST_SHARED) shared.clear();
  const compiled = compile(condition, hasVariables);
  shared.set(content, { condition: compiled, memoized: undefined });
  return compiled;
}

function once(condition: CompiledCondition): CompiledCondition {
  let stamp = 0;
  let answer: Ternary = FALSE;
  return (world) => {
    // While keys are gathered, every condition has to ask for its own again.
    if (world.stamp !== stamp || world.asked !== undefined) {
      answer = condition(world);
      stamp = world.stamp;
    }
    return answer;
  };
}

function compile(condition: Condition, hasVariables: boolean): CompiledCondition {
  const { operator, qualifier, ifExists, values: wanted } = condition;
  const key = keyOf(condition.key);
  if (operator === 'Null') return nullCondition(condition);
  const [family, isNegated] = familyOf(operator);
  const literal = qualifier === undefined ? literalEquals(condition, family, isNegated, hasVariables) : undefined;
  if (literal !== undefined) return literal;
  const test = compileTest(family, wanted, hasVariables);
  const holds: Test = isNegated ? (value, world) => not(test(value, world)) : test;
  const isMissing = ifExists ? TRUE : isNegated ? TRUE : FALSE;
  if (qualifier === undefined) {
    return (world) => {
      const values = world.valuesOf(key);
      if (typeof values === 'string') return holds(values, world);
      if (values === NOT_KNOWN) return UNKNOWN;
      if (values === undefined || values.length === 0) return isMissing;
      // A negated operator is the contrary of the plain one, so none of several values may match.
      return isNegated ? all(values, holds, world) : any(values, holds, world);
    };
  }
  // ForAnyValue wants a value, with IfExists too: AWS asks whether there is one before it looks at the suffix.
  const ofNothing = qualifier === 'ForAllValues' ? TRUE : FALSE;
  const combine = qualifier === 'ForAllValues' ? all : any;
  return (world) => {
    const values = world.valuesOf(key);
    if (values === NOT_KNOWN) return UNKNOWN;
    if (typeof values === 'string') return values === '' ? ofNothing : holds(values, world);
    return values === undefined || isNull(values) ? ofNothing : combine(values, holds, world);
  };
}

/** The commonest condition, `StringEquals` or its contrary with nothing but literal texts, without detours. */
function literalEquals(
  { key: written, values: wanted, ifExists }: Condition,
  family: Family,
  isNegated: boolean,
  hasVariables: boolean,
): CompiledCondition | undefined {
  if (family !== 'StringEquals' || (hasVariables && wanted.some((text) => text.includes('${')))) return undefined;
  const key = keyOf(written);
  const set = new Set(wanted);
  const [ifIn, ifOut]: readonly Ternary[] = isNegated ? [FALSE, TRUE] : [TRUE, FALSE];
  const isMissing = ifExists || isNegated ? TRUE : FALSE;
  return (world) => {
    const values = world.valuesOf(key);
    if (typeof values === 'string') return set.has(values) ? ifIn! : ifOut!;
    if (values === NOT_KNOWN) return UNKNOWN;
    if (values === undefined || values.length === 0) return isMissing;
    return values.some((value) => set.has(value)) ? ifIn! : ifOut!;
  };
}

function nullCondition({ key: written, values: wanted, qualifier }: Condition): CompiledCondition {
  // AWS: with a set operator `Null` does not look at the key.
  if (qualifier !== undefined) return () => (qualifier === 'ForAllValues' ? TRUE : FALSE);
  const key = keyOf(written);
  const texts = wanted.map((value) => value.toLowerCase());
  const ifNull = texts.includes('true') ? TRUE : FALSE;
  const ifPresent = texts.includes('false') ? TRUE : FALSE;
  if (ifNull === ifPresent) return () => ifNull;
  return (world) => {
    const values = world.valuesOf(key);
    if (values === NOT_KNOWN) return UNKNOWN;
    const isNothing = typeof values === 'string' ? values === '' : values === undefined || isNull(values);
    return isNothing ? ifNull : ifPresent;
  };
}

/** Values that are all empty count as none for `Null` and for set operators. */
const isNull = (values: readonly string[]): boolean => values.every((value) => value === '');

function all(values: readonly string[], holds: Test, world: World): Ternary {
  let result: Ternary = TRUE;
  for (const value of values) {
    const one = holds(value, world);
    if (one === FALSE) return FALSE;
    if (one < result) result = one;
  }
  return result;
}

function any(values: readonly string[], holds: Test, world: World): Ternary {
  let result: Ternary = FALSE;
  for (const value of values) {
    const one = holds(value, world);
    if (one === TRUE) return TRUE;
    if (one > result) result = one;
  }
  return result;
}

type Family = Exclude<ConditionOperator, 'Null' | `${string}Not${string}` | `Not${string}`>;

/** Operators whose contrary has a name of its own. */
const NEGATED: Readonly<Partial<Record<ConditionOperator, Family>>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

function familyOf(operator: ConditionOperator): readonly [Family, boolean] {
  const contrary = NEGATED[operator];
  return contrary === undefined ? [operator as Family, false] : [contrary, true];
}

function compileTest(family: Family, wanted: readonly string[], hasVariables: boolean): Test {
  switch (family) {
    case 'StringEquals':
      return texts(wanted, hasVariables, false, (value) => value);
    case 'StringEqualsIgnoreCase':
      return texts(wanted, hasVariables, false, foldCase);
    case 'StringLike':
      return texts(wanted, hasVariables, true, (value) => value);
    case 'ArnEquals':
    case 'ArnLike':
      return anyOf(wanted.map((text) => arnTest(text, hasVariables)));
    case 'NumericEquals':
      return ordered(wanted, numberOf, (order) => order === 0);
    case 'NumericLessThan':
      return ordered(wanted, numberOf, (order) => order < 0);
    case 'NumericLessThanEquals':
      return ordered(wanted, numberOf, (order) => order <= 0);
    case 'NumericGreaterThan':
      return ordered(wanted, numberOf, (order) => order > 0);
    case 'NumericGreaterThanEquals':
      return ordered(wanted, numberOf, (order) => order >= 0);
    case 'DateEquals':
      return ordered(wanted, dateOf, (order) => order === 0);
    case 'DateLessThan':
      return ordered(wanted, dateOf, (order) => order < 0);
    case 'DateLessThanEquals':
      return ordered(wanted, dateOf, (order) => order <= 0);
    case 'DateGreaterThan':
      return ordered(wanted, dateOf, (order) => order > 0);
    case 'DateGreaterThanEquals':
      return ordered(wanted, dateOf, (order) => order >= 0);
    case 'Bool':
      return booleans(wanted);
    case 'BinaryEquals':
      return binaries(wanted);
    case 'IpAddress':
      return ranges(wanted);
  }
}

function anyOf(tests: readonly Test[]): Test {
  if (tests.length === 1) return tests[0]!;
  return (value, world) => {
    let result: Ternary = FALSE;
    for (const test of tests) {
      const one = test(value, world);
      if (one === TRUE) return TRUE;
      if (one > result) result = one;
    }
    return result;
  };
}

/** Case is ignored letter by letter, so that the same letters are equal wherever they stand. */
function foldCase(text: string): string {
  if (IS_ASCII.test(text)) return text.toLowerCase();
  return text
    .split('')
    .map((letter) => letter.toLowerCase())
    .join('');
}

const IS_ASCII = /^[\0-\x7f]*$/;

const SET_FROM = 5;

/** The string operators. `fold` makes equal what the operator holds to be equal. */
function texts(
  wanted: readonly string[],
  hasVariables: boolean,
  hasWildcards: boolean,
  fold: (text: string) => string,
): Test {
  const literals: string[] = [];
  const tests: Test[] = [];
  for (const text of wanted) {
    const template = Template.of(text, hasVariables, hasWildcards);
    const pieces = template.fixed;
    if (pieces === undefined) {
      tests.push((value, world) => globbed(template.fill(world), fold, fold(value)));
      continue;
    }
    const glob = new Glob(pieces.map((piece) => folded(piece, fold)));
    if (glob.literal !== undefined) literals.push(glob.literal);
    else tests.push((value) => (glob.matches(fold(value)) ? TRUE : FALSE));
  }
  if (literals.length === 1) {
    const [only] = literals;
    tests.unshift((value) => (fold(value) === only ? TRUE : FALSE));
  } else if (literals.length > 0) {
    const set = literals.length < SET_FROM ? undefined : new Set(literals);
    tests.unshift((value) => ((set?.has(fold(value)) ?? literals.includes(fold(value))) ? TRUE : FALSE));
  }
  return anyOf(tests);
}

const folded = (piece: Piece, fold: (text: string) => string): Piece =>
  typeof piece === 'string' ? fold(piece) : piece;

function globbed(filled: Filled | undefined, fold: (text: string) => string, value: string): Ternary {
  if (filled === undefined) return FALSE;
  const { pieces, isUnknown } = filled;
  return perhaps(new Glob(pieces.map((piece) => folded(piece, fold))).matches(value), isUnknown);
}

/** A match that hangs on an unknown key is only possible; what does not match with any text does not match at all. */
const perhaps = (matches: boolean, isUnknown: boolean): Ternary => (!matches ? FALSE : isUnknown ? UNKNOWN : TRUE);

const ARN_PARTS = 6;

/** ARNs are compared part by part; the sixth takes the rest. */
function arnTest(text: string, hasVariables: boolean): Test {
  const template = Template.of(text, hasVariables, true);
  const pieces = template.fixed;
  if (pieces !== undefined) {
    const literal = new Glob(pieces).literal;
    const parts = cut(pieces, ARN_PARTS);
    if (parts.length < ARN_PARTS) return () => FALSE;
    if (literal !== undefined) return (value) => (value === literal ? TRUE : FALSE);
    const globs = parts.map((part) => new Glob(part));
    return (value) => (partsMatch(globs, value) ? TRUE : FALSE);
  }
  return (value, world) => {
    const filled = template.fill(world);
    if (filled === undefined) return FALSE;
    if (filled.isUnknown) {
      // An unknown text may hold colons, so that only the whole can be compared.
      const isArn = cutText(value, ARN_PARTS).length === ARN_PARTS;
      return isArn && new Glob(filled.pieces).matches(value) ? UNKNOWN : FALSE;
    }
    const parts = cut(filled.pieces, ARN_PARTS);
    if (parts.length < ARN_PARTS) return FALSE;
    return partsMatch(
      parts.map((part) => new Glob(part)),
      value,
    )
      ? TRUE
      : FALSE;
  };
}

function partsMatch(globs: readonly Glob[], value: string): boolean {
  const parts = cutText(value, ARN_PARTS);
  if (parts.length < ARN_PARTS) return false;
  for (let index = 0; index < ARN_PARTS; index++) if (!globs[index]!.matches(parts[index]!)) return false;
  return true;
}

/** Numbers and dates; a text that is none matches nothing. */
function ordered(
  wanted: readonly string[],
  read: (text: string) => Quantity | undefined,
  accept: (order: number) => boolean,
): Test {
  const bounds = wanted.flatMap((text) => read(text) ?? []);
  return (value) => {
    const quantity = read(value);
    if (quantity === undefined) return FALSE;
    for (const bound of bounds) if (accept(compare(quantity, bound))) return TRUE;
    return FALSE;
  };
}

function booleans(wanted: readonly string[]): Test {
  const lower = wanted.map((value) => value.toLowerCase()).filter((value) => /^(?:true|false)$/.test(value));
  return (value) => (lower.includes(value.toLowerCase()) ? TRUE : FALSE);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function binaries(wanted: readonly string[]): Test {
  const bytes = wanted.filter((text) => BASE64.test(text)).map((text) => atob(text));
  return (value) => (BASE64.test(value) && bytes.includes(atob(value)) ? TRUE : FALSE);
}

function ranges(wanted: readonly string[]): Test {
  const known = wanted.flatMap((text) => rangeOf(text) ?? []);
  return (value) => {
    const address = addressOf(value);
    if (address === undefined) return FALSE;
    for (const range of known) if (isIn(address, range)) return TRUE;
    return FALSE;
  };
}
