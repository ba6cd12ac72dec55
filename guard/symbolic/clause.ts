/** Clauses on settled results: the operators of the compiled evaluator, and what an unknown does to each of them. */
import type { Assignment, Unknown, Value } from '../../template/index.js';
import type { AccessClause, Comparator, FunctionCall, LetValue, Query, UnaryOperator } from '../ast.js';
import { callFunction } from '../functions/index.js';
import { loadTestData } from '../load/load-data.js';
import {
  NULL,
  RegexValue,
  compareResults,
  guardKeys,
  isGuardMap,
  isGuardList,
  keyMatches,
  kindOf,
  valueOfLiteral,
  unaryHolds,
} from '../operators/index.js';
import type { Access, ComparisonSink, GuardValue } from '../operators/index.js';
import { NeedChoice, TOO_MANY, UnknownValue, decide, leavesOf } from './choices.js';
import type { ChoiceSpace } from './choices.js';
import { concrete, isPresent } from './concrete.js';
import { PASSED, SKIPPED, conjunction, failed, notEvaluated, union } from './outcome.js';
import type { Outcome } from './outcome.js';
import { decidedByPieces, standIn } from './pieces.js';
import { settle } from './query.js';
import type { KeyFilterPart } from './query.js';
import type { Cell } from './scope.js';

/** A settled result: a value without open choices, nothing, or something nobody knows. */
type Item =
  | { readonly kind: 'value'; readonly value: GuardValue; readonly literal: boolean }
  | { readonly kind: 'unresolved' }
  /** `whole` tells that the unknown is the result itself, not something around it or inside it. */
  | { readonly kind: 'unknown'; readonly unknown: Unknown; readonly whole: boolean };

const BINARY: ReadonlySet<string> = new Set<Comparator>(['eq', 'in', 'gt', 'ge', 'lt', 'le']);

function isUnaryOperator(operator: Comparator | UnaryOperator): operator is UnaryOperator {
  return !BINARY.has(operator);
}

const NOTHING: Assignment = new Map();

type Status = 'PASS' | 'FAIL' | 'SKIP' | Unknown;

/** Checks an access clause over its results. */
export function checkAccess(
  space: ChoiceSpace,
  clause: AccessClause,
  left: readonly Cell[],
  right: readonly Cell[] | null,
  assignment: Assignment,
  settled: boolean,
): Outcome {
  const whole = (under: Assignment): Outcome =>
    settledOutcome(space, clause, settle(space, left, under), right && settle(space, right, under), under);
  const agreed = agreedStatus(space, clause, left, right, assignment);
  if (agreed !== null) return agreed === 'PASS' ? PASSED : failed(assignment);
  if (settled) return whole(assignment);
  if (!oneByOne(clause, right) || left.length === 0) return decide(space, assignment, whole);
  let result: Outcome = SKIPPED;
  let always = false;
  for (const cell of left) {
    const under = space.merge(assignment, cell.assignment);
    if (under === null) continue;
    const here = under.size === assignment.size;
    if (here) always = true;
    const alone = (leaf: Assignment): Outcome =>
      settledOutcome(space, clause, [{ ...cell, assignment: leaf }], right, leaf);
    const outcome = decide(space, under, alone);
    // A result that is there under some choices only leaves the clause as it is under the others.
    result = conjunction(result, here ? outcome : union(outcome, SKIPPED));
  }
  // When no result is certain the clause may select nothing, which is SKIP.
  return always ? result : { ...result, bits: result.bits | SKIPPED.bits };
}

/**
 * The status when one result is there whatever is chosen and every result, looked at alone, gives the same status: then
 * it does not matter which of the others are there, and no choice need be made.
 */
function agreedStatus(
  space: ChoiceSpace,
  clause: AccessClause,
  left: readonly Cell[],
  right: readonly Cell[] | null,
  assignment: Assignment,
): 'PASS' | 'FAIL' | null {
  if (left.length < 2 || (right === null ? false : !isOneLiteral(right))) return null;
  let agreed: 'PASS' | 'FAIL' | null = null;
  let always = false;
  try {
    for (const cell of left) {
      const under = space.join(assignment, cell.assignment);
      if (under === null) continue;
      if (under.size === assignment.size && cell.uncertain === null) always = true;
      const status = statusOf(space, clause, [cell], right, under);
      if ((status !== 'PASS' && status !== 'FAIL') || (agreed !== null && status !== agreed)) return null;
      agreed = status;
    }
  } catch (thrown) {
    if (thrown instanceof NeedChoice) return null;
    throw thrown;
  }
  return always ? agreed : null;
}

/** Whether each left result is judged alone: then a clause over all of them fails exactly when one of them does. */
function oneByOne(clause: AccessClause, right: readonly Cell[] | null): boolean {
  if (!clause.query.matchAll) return false;
  if (right === null) return !asksForResults(clause);
  return isOneLiteral(right);
}

function isOneLiteral(cells: readonly Cell[]): boolean {
  const only = cells.length === 1 ? cells[0]! : undefined;
  return only?.kind === 'value' && only.literal && only.assignment.size === 0;
}

/** `%v empty` and `q[ filter ] empty` ask whether anything was selected, not whether a value is empty. */
function asksForResults(clause: AccessClause): boolean {
  if (clause.operator !== 'empty') return false;
  const { parts } = clause.query;
  const last = parts[parts.length - 1]!;
  return last.kind === 'filter' || last.kind === 'keyFilter' || (parts.length === 1 && last.kind === 'variable');
}

function settledOutcome(
  space: ChoiceSpace,
  clause: AccessClause,
  left: readonly Cell[],
  right: readonly Cell[] | null,
  assignment: Assignment,
): Outcome {
  const status = statusOf(space, clause, left, right, assignment);
  const doubtful = [...left, ...(right ?? [])].find((cell) => cell.uncertain !== null);
  if (doubtful !== undefined) {
    // With and without the results that may not be there: only if both agree is there a verdict.
    const certain = (cells: readonly Cell[]): Cell[] => cells.filter((cell) => cell.uncertain === null);
    const without = statusOf(space, clause, certain(left), right && certain(right), assignment);
    if (status !== without) return notEvaluated([doubtful.uncertain!]);
  }
  if (status === 'PASS') return PASSED;
  if (status === 'SKIP') return SKIPPED;
  return status === 'FAIL' ? failed(assignment) : notEvaluated([status]);
}

function statusOf(
  space: ChoiceSpace,
  clause: AccessClause,
  left: readonly Cell[],
  rightCells: readonly Cell[] | null,
  assignment: Assignment,
): Status {
  const { operator, query } = clause;
  if (isUnaryOperator(operator)) return unaryStatus(space, clause, operator, left, assignment);
  if (left.length === 0 || rightCells!.length === 0) return 'SKIP';
  const written = [items(space, left, assignment), items(space, rightCells!, assignment)] as const;
  // What a dynamic reference stands for is not its text. Only a clause that speaks of such references looks at the text.
  const byText = written.some((side) => side.some((item) => isLiteral(item) && mentionsReference(item)));
  const [lefts, rights] = byText ? written : written.map((side) => side.map((item) => dynamicItem(space, item)));
  const unknown = [...rights, ...lefts].find((item) => item.kind === 'unknown');
  if (unknown === undefined) return binaryStatus(operator, clause.negated, lefts, rights, query.matchAll);
  const right = rights.length === 1 ? rights[0]! : unknown;
  if (operator === 'eq' && lefts.length === 1 && isSame(lefts[0]!, right)) return clause.negated ? 'FAIL' : 'PASS';
  // A list of the document that all of is known is as good as a list of the rule.
  const isSet = operator === 'in' && lefts.length === 1 && right.kind === 'value' && isGuardList(right.value);
  if (right.kind !== 'value' || (!right.literal && !isSet)) return unknown.unknown;
  // Against one literal each left result is judged alone; text that is known in part may be enough.
  const known = lefts.filter((item) => item.kind !== 'unknown');
  const statuses = new Set<Status>();
  if (known.length > 0) statuses.add(binaryStatus(operator, clause.negated, known, rights, query.matchAll));
  for (const item of lefts) {
    if (item.kind !== 'unknown') continue;
    const decided = item.whole ? decidedByPieces(item.unknown, operator, clause.negated, right.value) : null;
    statuses.add(decided ?? item.unknown);
  }
  const undecided = [...statuses].find((status) => typeof status === 'object');
  if (query.matchAll) return statuses.has('FAIL') ? 'FAIL' : (undecided ?? 'PASS');
  return statuses.has('PASS') ? 'PASS' : (undecided ?? 'FAIL');
}

/** Whether both are the value of one parameter, which equals itself whatever it is. */
function isSame(left: Item, right: Item): boolean {
  if (left.kind !== 'unknown' || right.kind !== 'unknown' || !left.whole || !right.whole) return false;
  return left.unknown.reference !== undefined && left.unknown.reference === right.unknown.reference;
}

/** A result that holds a dynamic reference is not known, whatever its text is. */
function dynamicItem(space: ChoiceSpace, item: Item): Item {
  if (item.kind !== 'value' || item.literal) return item;
  const unknown = dynamicIn(space, item.value);
  return unknown === null ? item : { kind: 'unknown', unknown, whole: false };
}

/** The unknown behind a dynamic reference that a value is or holds. */
function dynamicIn(space: ChoiceSpace, value: GuardValue): Unknown | null {
  if (typeof value === 'string') {
    return value.includes('{{resolve:') ? (space.document.unknownAt(value) ?? null) : null;
  }
  const inside = isGuardList(value) ? value : isGuardMap(value) ? guardKeys(value).map((key) => value[key]!) : [];
  for (const each of inside) {
    const found = dynamicIn(space, each);
    if (found !== null) return found;
  }
  return null;
}

/** Whether a literal looks for dynamic references by their text, as `/^\{\{resolve:/` does. */
function mentionsReference(item: Item): boolean {
  const mentions = (value: GuardValue): boolean => {
    if (value instanceof RegexValue) return REFERENCE_TEXT.test(value.pattern);
    return typeof value === 'string' ? REFERENCE_TEXT.test(value) : isGuardList(value) && value.some(mentions);
  };
  return item.kind === 'value' && mentions(item.value);
}

const REFERENCE_TEXT = /resolve|\{\{|\\\{/;

function unaryStatus(
  space: ChoiceSpace,
  clause: AccessClause,
  operator: UnaryOperator,
  cells: readonly Cell[],
  assignment: Assignment,
): Status {
  const inverted = clause.negated !== clause.prefixNot;
  const { matchAll } = clause.query;
  const byResults = asksForResults(clause);
  if (cells.length === 0) return byResults ? (inverted ? 'FAIL' : 'PASS') : 'SKIP';
  let passed = false;
  let hanging: Unknown | null = null;
  for (const cell of cells) {
    const holds = byResults ? emptyResult(cell) : unaryOn(space, operator, cell, assignment);
    if (typeof holds === 'object') hanging = holds;
    else if (holds !== inverted) passed = true;
    else if (matchAll) return 'FAIL';
  }
  if (matchAll) return hanging ?? 'PASS';
  return passed ? 'PASS' : (hanging ?? 'FAIL');
}

/** Whether a result counts as empty where results are counted: null and unresolved do. */
function emptyResult(cell: Cell): boolean | Unknown {
  if (cell.kind === 'unresolved') return true;
  if (cell.kind === 'unknown') return isPresent(cell.unknown) && !cell.inside ? false : cell.unknown;
  return kindOf(cell.value) === NULL;
}

function unaryOn(space: ChoiceSpace, operator: UnaryOperator, cell: Cell, assignment: Assignment): boolean | Unknown {
  if (cell.kind === 'unresolved') return operator === 'empty';
  if (cell.kind === 'unknown') {
    const { unknown } = cell;
    if (cell.inside) return unknown;
    if (operator === 'exists') return isPresent(unknown) ? true : unknown;
    // A name or ARN that AWS gives, and text with such a name in it, is never empty.
    if (operator === 'empty' && (unknown.kind === 'attribute' || unknown.kind === 'pseudoParameter')) return false;
    // Text that is known in part is text, whatever the rest turns out to be.
    if (operator !== 'empty' && unknown.pieces !== undefined && isPresent(unknown)) return unaryHolds(operator, '');
    return unknown;
  }
  if (operator !== 'empty') return unaryHolds(operator, cell.value);
  const value = concrete(space, cell.value as Value, assignment, 1);
  return value instanceof UnknownValue ? value.unknown : unaryHolds(operator, value);
}

function items(space: ChoiceSpace, cells: readonly Cell[], assignment: Assignment): readonly Item[] {
  return cells.map((cell): Item => {
    if (cell.kind === 'unknown') return { kind: 'unknown', unknown: cell.unknown, whole: !cell.inside };
    if (cell.kind === 'unresolved' || cell.literal) return cell;
    const value = concrete(space, cell.value as Value, assignment);
    return value instanceof UnknownValue
      ? { kind: 'unknown', unknown: value.unknown, whole: false }
      : { kind: 'value', value: value as GuardValue, literal: false };
  });
}

function isLiteral(item: Item): boolean {
  return item.kind === 'value' && item.literal;
}

const access: Access<Item> = {
  isUnresolved: (item) => item.kind === 'unresolved',
  isLiteral,
  value: (item) => (item.kind === 'value' ? item.value : null),
  elements: (item) =>
    item.kind === 'value' && isGuardList(item.value)
      ? item.value.map((value) => ({ kind: 'value', value, literal: false }))
      : [],
};

function binaryStatus(
  operator: Comparator,
  negated: boolean,
  left: readonly Item[],
  right: readonly Item[],
  matchAll: boolean,
): 'PASS' | 'FAIL' {
  let passed = 0;
  let rejected = 0;
  const reject = (): void => {
    rejected++;
  };
  const sink: ComparisonSink<Item> = {
    pass: () => {
      passed++;
    },
    fail: reject,
    failIn: reject,
    leftUnresolved: reject,
    rightUnresolved: reject,
    notComparable: reject,
  };
  compareResults(operator, negated, left, right, access, sink);
  if (matchAll) return rejected > 0 ? 'FAIL' : 'PASS';
  return passed > 0 ? 'PASS' : 'FAIL';
}

/** The results that a right side, an argument or a `let` stands for. */
export function cellsOf(
  space: ChoiceSpace,
  value: LetValue,
  assignment: Assignment,
  host: { query(query: Query): readonly Cell[]; nested(value: LetValue): readonly Cell[] },
): readonly Cell[] {
  if (value.kind === 'query') return host.query(value);
  if (value.kind === 'literal') {
    const literal = valueOfLiteral(value.literal);
    return [{ kind: 'value', value: literal, literal: true, assignment: NOTHING, uncertain: null }];
  }
  const args = value.args.map((arg) => host.nested(arg));
  const leaves = leavesOf(space, assignment, (under) => callOn(space, value, args, under));
  return (
    leaves?.flatMap((leaf) => leaf.result) ?? [
      { kind: 'unknown', unknown: TOO_MANY, inside: true, assignment, uncertain: null },
    ]
  );
}

/** The results of a function call on settled arguments: unknown as soon as one of them is. */
function callOn(
  space: ChoiceSpace,
  call: FunctionCall,
  args: readonly (readonly Cell[])[],
  assignment: Assignment,
): readonly Cell[] {
  const inputs: (readonly Item[])[] = [];
  for (const arg of [...args].reverse()) {
    const present = settle(space, arg, assignment);
    const doubtful = present.find((cell) => cell.uncertain !== null)?.uncertain;
    let known = items(space, present, assignment);
    if (call.name === 'regex_replace' && inputs.length === 2) known = known.map((item) => standingIn(item, inputs[0]!));
    const unknown = known.find((item) => item.kind === 'unknown')?.unknown ?? doubtful;
    if (unknown) return [{ kind: 'unknown', unknown, inside: true, assignment, uncertain: null }];
    inputs.unshift(known);
  }
  const results = callFunction(
    call.name,
    inputs.map((arg) => arg.map((item) => (item.kind === 'value' ? item.value : undefined))),
    loadTestData,
  );
  return results.map(({ value }): Cell => ({ kind: 'value', value, literal: false, assignment, uncertain: null }));
}

/** Text of which `regex_replace` makes what it makes of an unknown one, where the pattern tells. */
function standingIn(item: Item, patterns: readonly Item[]): Item {
  const pattern = patterns.length === 1 ? patterns[0]! : item;
  if (item.kind !== 'unknown' || !item.whole || pattern.kind !== 'value' || typeof pattern.value !== 'string') {
    return item;
  }
  const value = standIn(item.unknown, pattern.value);
  return value === null ? item : { kind: 'value', value, literal: false };
}

/** Whether a key satisfies a key filter. */
export function keySatisfies(
  space: ChoiceSpace,
  part: KeyFilterPart,
  key: string,
  right: readonly Cell[],
  assignment: Assignment,
): Outcome {
  const settledRight = items(space, settle(space, right, assignment), assignment);
  const unknown = settledRight.find((item) => item.kind === 'unknown');
  if (unknown !== undefined) return notEvaluated([unknown.unknown]);
  const operands = settledRight.filter((item) => item.kind === 'value');
  const holds = keyMatches(part.operator, part.negated, key, operands, settledRight.length);
  return holds ? PASSED : failed(assignment);
}
