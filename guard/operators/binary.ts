/**
 * The binary operators on lists of query results (cfn-guard 3.1.1, measured).
 *
 * The functions take any representation of results: the fast evaluator passes values, explanations pass values with
 * their paths. What comes out goes to a {@link ComparisonSink}, one call a comparison.
 */
import type { Comparator } from '../ast.js';
import {
  INCOMPARABLE,
  NO,
  YES,
  compareEqual,
  incomparableReason,
  looseEqual,
  order,
  unorderedReason,
} from './compare.js';
import type { Comparison } from './compare.js';
import { isGuardList, isScalar, typeName } from './values.js';
import type { GuardValue } from './values.js';

/** Reads one representation of query results. */
export interface Access<T> {
  isUnresolved(item: T): boolean;
  isLiteral(item: T): boolean;
  value(item: T): GuardValue;
  /** The elements of a list, as resolved results. */
  elements(item: T): readonly T[];
}

/** Is told what each comparison gave. Everything but `pass` counts as a failure. */
export interface ComparisonSink<T> {
  pass(left: T): void;
  fail(left: T, right: T): void;
  /** A failed membership or set comparison of `left` against all of `right`. */
  failIn(left: T, right: readonly T[]): void;
  leftUnresolved(left: T): void;
  rightUnresolved(left: T, right: T): void;
  /** `reason` is worded when somebody asks. */
  notComparable(left: T, right: T, reason: () => string): void;
}

/** `value`, printed, for the reason of a failed `in`; explanations give a printer, others need none. */
export type Printer<T> = (item: T) => string;

class Operation<T> {
  constructor(
    private readonly access: Access<T>,
    private readonly negated: boolean,
    private readonly sink: ComparisonSink<T>,
    private readonly print: Printer<T>,
  ) {}

  /** The resolved results; each unresolved one is reported. */
  private selected(items: readonly T[], onUnresolved: (item: T) => void): readonly T[] {
    const { access } = this;
    if (!items.some((item) => access.isUnresolved(item))) return items;
    return items.filter((item) => {
      if (!access.isUnresolved(item)) return true;
      onUnresolved(item);
      return false;
    });
  }

  private left(items: readonly T[]): readonly T[] {
    return this.selected(items, (item) => {
      this.sink.leftUnresolved(item);
    });
  }

  private right(items: readonly T[], lefts: readonly T[]): readonly T[] {
    return this.selected(items, (item) => {
      for (const left of lefts) this.sink.rightUnresolved(left, item);
    });
  }

  private literal(items: readonly T[]): T | undefined {
    return items.length === 1 && this.access.isLiteral(items[0]!) ? items[0] : undefined;
  }

  private flattened(items: readonly T[]): readonly T[] {
    if (!items.some((item) => isGuardList(this.access.value(item)))) return items;
    return items.flatMap((item) => (isGuardList(this.access.value(item)) ? this.access.elements(item) : [item]));
  }

  /** One comparison by `compare`; the operator's negation turns a comparable outcome round. */
  private match(
    left: T,
    right: T,
    compare: (a: GuardValue, b: GuardValue) => Comparison,
    reason: (a: GuardValue, b: GuardValue) => string,
  ): void {
    const a = this.access.value(left);
    const b = this.access.value(right);
    const answer = compare(a, b);
    if (answer === INCOMPARABLE) this.sink.notComparable(left, right, () => reason(a, b));
    else if ((answer === YES) !== this.negated) this.sink.pass(left);
    else this.sink.fail(left, right);
  }

  private equal(left: T, right: T): void {
    this.match(left, right, compareEqual, incomparableReason);
  }

  private contains(items: readonly T[], item: T): boolean {
    const value = this.access.value(item);
    return items.some((each) => looseEqual(this.access.value(each), value));
  }

  /** The end of a set comparison: `diff` are the values that found no partner. */
  private set(diff: readonly T[], left: readonly T[], right: readonly T[]): void {
    if (!this.negated) {
      if (diff.length === 0) this.passAll(left);
      else for (const each of diff) this.sink.failIn(each, right);
      return;
    }
    const found = diff.length === 0 ? left : left.filter((each) => !this.contains(diff, each));
    if (diff.length > 0 && found.length === 0) this.passAll(left);
    else for (const each of found) this.sink.failIn(each, right);
  }

  private passAll(left: readonly T[]): void {
    for (const each of left) this.sink.pass(each);
  }

  /** The end of a subset test of the list `left`. */
  private list(diff: readonly T[], left: T, right: T): void {
    const rejected = this.negated
      ? diff.length === 0 || this.access.elements(left).some((each) => !this.contains(diff, each))
      : diff.length > 0;
    if (rejected) this.sink.failIn(left, [right]);
    else this.sink.pass(left);
  }

  private listDiff(left: T, right: T): readonly T[] {
    const list = this.access.value(right) as readonly GuardValue[];
    if (list.length > 0 && isGuardList(list[0]!)) {
      const value = this.access.value(left);
      return list.some((each) => looseEqual(each, value)) ? [] : [left];
    }
    return this.access
      .elements(left)
      .filter((each) => !list.some((member) => looseEqual(member, this.access.value(each))));
  }

  private containedIn(left: T, right: T): void {
    const value = this.access.value(left);
    const container = this.access.value(right);
    if (isGuardList(value)) {
      if (isGuardList(container)) this.list(this.listDiff(left, right), left, right);
      else {
        this.sink.notComparable(left, right, () => `Can not compare type ${this.print(left)}, ${this.print(right)}`);
      }
    } else if (!isGuardList(container)) this.equal(left, right);
    else if (container.some((each) => looseEqual(each, value)) !== this.negated) this.sink.pass(left);
    else this.sink.failIn(left, [right]);
  }

  /** Whether {@link containedIn} without negation succeeds. */
  private isContained(left: T, right: T): boolean {
    const value = this.access.value(left);
    const container = this.access.value(right);
    if (isGuardList(value)) return isGuardList(container) && this.listDiff(left, right).length === 0;
    if (isGuardList(container)) return container.some((each) => looseEqual(each, value));
    return compareEqual(value, container) === YES;
  }

  private substring(left: T, right: T): void {
    const part = this.access.value(left);
    const whole = this.access.value(right);
    if (typeof part !== 'string' || typeof whole !== 'string') {
      this.sink.notComparable(left, right, () => `Type not comparable, ${this.print(left)}, ${this.print(right)}`);
    } else if (whole.includes(part) !== this.negated) this.sink.pass(left);
    else this.sink.fail(left, right);
  }

  in(leftItems: readonly T[], rightItems: readonly T[]): void {
    const leftLiteral = this.literal(leftItems);
    const rightLiteral = this.literal(rightItems);
    if (leftLiteral !== undefined && rightLiteral !== undefined) this.inLiterals(leftLiteral, rightLiteral);
    else if (leftLiteral !== undefined) this.literalIn(leftLiteral, rightItems);
    else if (rightLiteral !== undefined) {
      const whole = typeof this.access.value(rightLiteral) === 'string';
      for (const left of this.left(leftItems)) {
        if (!whole) this.containedIn(left, rightLiteral);
        else for (const each of this.flattened([left])) this.substring(each, rightLiteral);
      }
    } else {
      const left = this.left(leftItems);
      const right = this.right(rightItems, left);
      this.set(
        left.filter((each) => !right.some((container) => this.isContained(each, container))),
        left,
        right,
      );
    }
  }

  private inLiterals(left: T, right: T): void {
    const part = this.access.value(left);
    const whole = this.access.value(right);
    // A substring succeeds at once; whatever else it says, membership is asked next.
    if (typeof part === 'string' && typeof whole === 'string' && whole.includes(part)) this.substring(left, right);
    else this.containedIn(left, right);
  }

  private literalIn(left: T, rightItems: readonly T[]): void {
    const right = this.right(rightItems, [left]);
    const { access } = this;
    if (isGuardList(access.value(left)) && !right.some((each) => isGuardList(access.value(each)))) {
      this.set(
        access.elements(left).filter((each) => !this.contains(right, each)),
        [left],
        right,
      );
    } else for (const each of right) this.containedIn(left, each);
  }

  eq(leftItems: readonly T[], rightItems: readonly T[]): void {
    const leftLiteral = this.literal(leftItems);
    const rightLiteral = this.literal(rightItems);
    if (leftLiteral !== undefined && rightLiteral !== undefined) this.equal(leftLiteral, rightLiteral);
    else if (leftLiteral !== undefined) {
      const right = this.right(rightItems, [leftLiteral]);
      const spread = isGuardList(this.access.value(leftLiteral)) ? right : this.flattened(right);
      for (const each of spread) this.equal(leftLiteral, each);
    } else if (rightLiteral !== undefined) this.equalLiteral(this.left(leftItems), rightLiteral);
    else {
      const left = this.left(leftItems);
      const right = this.right(rightItems, left);
      const diff =
        left.length > right.length
          ? left.filter((each) => !this.contains(right, each))
          : right.filter((each) => !this.contains(left, each));
      this.set(diff, left, right);
    }
  }

  private equalLiteral(left: readonly T[], right: T): void {
    const value = this.access.value(right);
    if (!isGuardList(value)) {
      for (const each of this.flattened(left)) this.equal(each, right);
      return;
    }
    for (const each of left) {
      const single = value.length === 1 && isScalar(this.access.value(each));
      this.equal(each, single ? this.access.elements(right)[0]! : right);
    }
  }

  order(leftItems: readonly T[], rightItems: readonly T[], holds: (ordering: number) => boolean): void {
    const left = this.flattened(this.left(leftItems));
    const right = this.flattened(this.right(rightItems, left));
    const compare = (a: GuardValue, b: GuardValue): Comparison => {
      const ordering = order(a, b);
      return ordering === undefined ? INCOMPARABLE : holds(ordering) ? YES : NO;
    };
    for (const a of left) for (const b of right) this.match(a, b, compare, unorderedReason);
  }
}

/** Which orderings satisfy an operator. */
export const ORDERINGS: Readonly<Record<'lt' | 'le' | 'gt' | 'ge', (ordering: number) => boolean>> = {
  lt: (ordering) => ordering < 0,
  le: (ordering) => ordering <= 0,
  gt: (ordering) => ordering > 0,
  ge: (ordering) => ordering >= 0,
};

/**
 * Compares the results of two queries.
 *
 * Both lists must have at least one result; a clause with no result on either side is SKIP and is not compared.
 *
 * @param negated - The operator's own negation (`!=`, `not in`); the one in front of a clause has no effect.
 * @param print - Prints a result for the reason of an impossible `in`.
 * @throws RegexBudgetError when a regex gives up.
 */
export function compareResults<T>(
  operator: Comparator,
  negated: boolean,
  left: readonly T[],
  right: readonly T[],
  access: Access<T>,
  sink: ComparisonSink<T>,
  print: Printer<T> = (item) => typeName(access.value(item)),
): void {
  const operation = new Operation(access, negated, sink, print);
  if (operator === 'eq') operation.eq(left, right);
  else if (operator === 'in') operation.in(left, right);
  else operation.order(left, right, ORDERINGS[operator]);
}

/** A result on the right side of a key filter. */
export interface KeyOperand {
  readonly value: GuardValue;
  readonly literal: boolean;
}

/** Membership in a key filter: one element that cannot be compared makes the whole list incomparable. */
function keyIn(key: string, value: GuardValue): Comparison {
  if (typeof value === 'string') return value.includes(key) ? YES : NO;
  if (!isGuardList(value)) return compareEqual(key, value);
  const answers = value.map((each) => compareEqual(key, each));
  return answers.includes(INCOMPARABLE) ? INCOMPARABLE : answers.includes(YES) ? YES : NO;
}

/** Compares a key with one result of a key filter's right side; `member` tells `in` from `==`. */
export function compareKey(member: boolean, key: string, value: GuardValue): Comparison {
  return member ? keyIn(key, value) : compareEqual(key, value);
}

/**
 * Whether a key passes `[ keys == right ]`, `!=`, `in` or `not in`. `==` against several results means `in`.
 *
 * @param right - The resolved results of the right side; `count` is the number of all of them.
 * @throws RegexBudgetError when a regex gives up.
 */
export function keyMatches(
  operator: Comparator,
  negated: boolean,
  key: string,
  right: readonly KeyOperand[],
  count: number,
): boolean {
  const member = operator === 'in' || count > 1;
  return right.some(({ value, literal }) => {
    let answer = compareKey(member, key, value);
    if (answer === INCOMPARABLE && literal && isGuardList(value) && value.length === 1) {
      answer = compareKey(member, key, value[0]!);
    }
    return answer !== INCOMPARABLE && (answer === YES) !== negated;
  });
}
