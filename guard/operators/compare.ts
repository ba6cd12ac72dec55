/**
 * Comparison of two values (cfn-guard 3.1.1, measured).
 *
 * There are two equalities in the reference: {@link compareEqual}, which tells "different" from "cannot be compared",
 * and {@link looseEqual}, which membership uses and which has no third answer. They differ for ranges, too: `looseEqual`
 * knows a value within a range only when the range stands on the right.
 */
import { Float } from '../../template/index.js';
import {
  BOOL,
  CHAR,
  CHAR_RANGE,
  CharValue,
  FLOAT,
  FLOAT_RANGE,
  INT,
  INT_RANGE,
  LIST,
  MAP,
  NULL,
  REGEX,
  RangeValue,
  RegexValue,
  STRING,
  guardKeys,
  kindOf,
  own,
  typeName,
} from './values.js';
import type { GuardMap, GuardValue, Kind } from './values.js';

/** What a comparison can say: no, yes, or that the two kinds have no comparison. */
export const NO = 0;
export const YES = 1;
export const INCOMPARABLE = 2;
export type Comparison = 0 | 1 | 2;

/** Compares strings by their UTF-8 bytes, which is by code points. */
export function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a === b) continue;
    // Halves of surrogate pairs stand for code points above every other code unit.
    const aHigh = a >= 0xd800 && a <= 0xdfff;
    const bHigh = b >= 0xd800 && b <= 0xdfff;
    return aHigh === bHigh ? a - b : aHigh ? 1 : -1;
  }
  return left.length - right.length;
}

function floatOf(value: GuardValue): number {
  return value instanceof Float ? value.value : (value as number);
}

/** Negative, zero or positive; `undefined` when the two cannot be ordered. */
export function order(left: GuardValue, right: GuardValue): number | undefined {
  const kind = kindOf(left);
  if (kind !== kindOf(right)) return undefined;
  switch (kind) {
    case NULL:
      return 0;
    case INT: {
      const a = left as number | bigint;
      const b = right as number | bigint;
      return a < b ? -1 : a > b ? 1 : 0;
    }
    case FLOAT: {
      const a = floatOf(left);
      const b = floatOf(right);
      return a < b ? -1 : a > b ? 1 : a === b ? 0 : undefined;
    }
    case STRING:
      return compareStrings(left as string, right as string);
    case CHAR:
      return compareStrings((left as CharValue).char, (right as CharValue).char);
    default:
      return undefined;
  }
}

function within(value: number | bigint | string, range: RangeValue): boolean {
  const low =
    typeof value === 'string'
      ? compareStrings(value, range.lower as string)
      : compareNumbers(value, range.lower as number);
  if (low < 0 || (low === 0 && !range.lowerInclusive)) return false;
  const high =
    typeof value === 'string'
      ? compareStrings(value, range.upper as string)
      : compareNumbers(value, range.upper as number);
  return high < 0 || (high === 0 && range.upperInclusive);
}

/** NaN is above everything, so that no range holds it. */
function compareNumbers(left: number | bigint, right: number | bigint): number {
  return left < right ? -1 : left <= right && left >= right ? 0 : 1;
}

/** The answer for a value left of a range, or `undefined` when the right side is not a range for that kind. */
function inRange(left: GuardValue, kind: Kind, right: GuardValue, rightKind: Kind): boolean | undefined {
  if (kind === INT && rightKind === INT_RANGE) return within(left as number | bigint, right as RangeValue);
  if (kind === FLOAT && rightKind === FLOAT_RANGE) return within(floatOf(left), right as RangeValue);
  if (kind === CHAR && rightKind === CHAR_RANGE) return within((left as CharValue).char, right as RangeValue);
  return undefined;
}

function scalars(left: GuardValue, kind: Kind, right: GuardValue, rightKind: Kind): Comparison {
  if (kind === STRING && rightKind === STRING) return left === right ? YES : NO;
  if (kind === STRING && rightKind === REGEX) return (right as RegexValue).regex.test(left as string) ? YES : NO;
  if (kind === REGEX && rightKind === STRING) return (left as RegexValue).regex.test(right as string) ? YES : NO;
  if (kind === BOOL && rightKind === BOOL) return left === right ? YES : NO;
  if (kind === REGEX && rightKind === REGEX) {
    return (left as RegexValue).pattern === (right as RegexValue).pattern ? YES : NO;
  }
  const ranged = inRange(left, kind, right, rightKind);
  if (ranged !== undefined) return ranged ? YES : NO;
  const ordering = order(left, right);
  return ordering === undefined ? INCOMPARABLE : ordering === 0 ? YES : NO;
}

/** Pairs still to compare, deepest first, so that deep documents need no deep stack. */
type Pairs = GuardValue[];

/** Puts the children of two containers on the stack, first child on top; false when they differ in size or keys. */
function pushMaps(stack: Pairs, left: GuardMap, right: GuardMap): number | undefined {
  const keys = guardKeys(left);
  if (keys.length !== guardKeys(right).length) return undefined;
  let missing = keys.length;
  for (let i = 0; i < keys.length; i++) {
    if (!Object.hasOwn(right, keys[i]!)) {
      missing = i;
      break;
    }
  }
  for (let i = missing - 1; i >= 0; i--) stack.push(left[keys[i]!]!, own(right, keys[i]!)!);
  return keys.length - missing;
}

function pushLists(stack: Pairs, left: readonly GuardValue[], right: readonly GuardValue[]): void {
  for (let i = left.length - 1; i >= 0; i--) stack.push(left[i]!, right[i]!);
}

const MISSING_KEY = Symbol('a key that the right map lacks');

/**
 * Equality as `==` uses it.
 *
 * @returns `INCOMPARABLE` when the kinds, or the kinds of the first differing parts inside, have no comparison.
 * @throws RegexBudgetError when a regex gives up.
 */
export function compareEqual(left: GuardValue, right: GuardValue): Comparison {
  const kind = kindOf(left);
  const rightKind = kindOf(right);
  if ((kind !== LIST && kind !== MAP) || kind !== rightKind) return scalars(left, kind, right, rightKind);
  return deep(left, right, undefined);
}

/** Walks two containers; `onIncomparable` is told the pair that has no comparison. */
function deep(
  left: GuardValue,
  right: GuardValue,
  onIncomparable: ((left: GuardValue, right: GuardValue) => void) | undefined,
): Comparison {
  const stack: (GuardValue | typeof MISSING_KEY)[] = [left, right];
  while (stack.length > 0) {
    const b = stack.pop();
    if (b === MISSING_KEY) return NO;
    const a = stack.pop() as GuardValue;
    const other = b as GuardValue;
    const kind = kindOf(a);
    const otherKind = kindOf(other);
    if (kind === LIST && otherKind === LIST) {
      const x = a as readonly GuardValue[];
      const y = other as readonly GuardValue[];
      if (x.length !== y.length) return NO;
      pushLists(stack as Pairs, x, y);
      continue;
    }
    if (kind === MAP && otherKind === MAP) {
      const depth = stack.length;
      const lacking = pushMaps(stack as Pairs, a as GuardMap, other as GuardMap);
      if (lacking === undefined) return NO;
      // The pairs before the missing key are compared first: one of them may have no comparison.
      if (lacking > 0) stack.splice(depth, 0, MISSING_KEY);
      continue;
    }
    const answer = scalars(a, kind, other, otherKind);
    if (answer === INCOMPARABLE) onIncomparable?.(a, other);
    if (answer !== YES) return answer;
  }
  return YES;
}

/** Why two values cannot be compared by `==`, as `cfn-guard` words it. Call it only when they cannot. */
export function incomparableReason(left: GuardValue, right: GuardValue): string {
  let a = left;
  let b = right;
  if (kindOf(left) === kindOf(right)) {
    deep(left, right, (x, y) => {
      a = x;
      b = y;
    });
  }
  return unorderedReason(a, b);
}

/** Why two values have no order. */
export function unorderedReason(left: GuardValue, right: GuardValue): string {
  if (kindOf(left) === FLOAT && kindOf(right) === FLOAT) return 'Float values are not comparable';
  return `PathAwareValues are not comparable ${typeName(left)}, ${typeName(right)}`;
}

/**
 * Equality as membership uses it; what cannot be compared is different.
 *
 * @throws RegexBudgetError when a regex gives up.
 */
export function looseEqual(left: GuardValue, right: GuardValue): boolean {
  const stack: GuardValue[] = [left, right];
  while (stack.length > 0) {
    const b = stack.pop()!;
    const a = stack.pop()!;
    const kind = kindOf(a);
    const otherKind = kindOf(b);
    if (kind === LIST && otherKind === LIST) {
      const x = a as readonly GuardValue[];
      const y = b as readonly GuardValue[];
      if (x.length !== y.length) return false;
      pushLists(stack, x, y);
    } else if (kind === MAP && otherKind === MAP) {
      if (pushMaps(stack, a as GuardMap, b as GuardMap) !== 0) return false;
    } else if (scalars(a, kind, b, otherKind) !== YES) {
      return false;
    }
  }
  return true;
}
