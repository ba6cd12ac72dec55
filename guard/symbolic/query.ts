/**
 * Queries over a document with open choices. Follows the step table of the compiled evaluator; what differs is that a
 * step which meets an unknown branches (see `choices.ts`), so that each result carries the assignment it belongs to.
 */
import { ABSENT, get, keysOf } from '../../template/index.js';
import type { Assignment, Unknown, Value, ValueMap } from '../../template/index.js';
import type { Clause, Conjunctions, Query, QueryPart } from '../ast.js';
import { EvaluationError, findKey, isGuardList, isGuardMap } from '../operators/index.js';
import type { GuardValue, KeyConverter } from '../operators/index.js';
import { UnknownValue, decide } from './choices.js';
import type { ChoiceSpace, Forced } from './choices.js';
import { NOT_EVALUATED, PASS } from './outcome.js';
import type { Outcome } from './outcome.js';
import { openScope } from './scope.js';
import type { Cell, Scope } from './scope.js';
import { selectedKeys } from './selected.js';
import { allAbsent, listVariants } from './variants.js';

/** What a query needs from the rest of the evaluator. */
export interface QueryHost {
  readonly space: ChoiceSpace;
  variable(name: string, scope: Scope): readonly Cell[];
  /** A filter body on a scope, everything settled; may throw `NeedChoice`. */
  filter(conjunctions: Conjunctions<Clause>, scope: Scope, assignment: Assignment): Outcome;
  /** Whether a key satisfies a key filter; NOT EVALUATED when that hangs on an unknown. May throw `NeedChoice`. */
  keyFilter(part: KeyFilterPart, key: string, scope: Scope, assignment: Assignment): Outcome;
}

export type KeyFilterPart = Extract<QueryPart, { kind: 'keyFilter' }>;

interface Walk {
  readonly host: QueryHost;
  readonly parts: readonly QueryPart[];
  readonly scope: Scope;
  readonly results: Cell[];
}

interface Step {
  readonly index: number;
  readonly assignment: Assignment;
  readonly uncertain: Unknown | null;
  readonly converter: KeyConverter | null;
  /** Scope that filters after a star use: the value itself only below a starred map or a variable (cfn-guard 3.1.1). */
  readonly filterScope: Scope;
}

/** Evaluates a query in a scope under an assignment. */
export function runQuery(host: QueryHost, query: Query, scope: Scope, assignment: Assignment): readonly Cell[] {
  const { parts } = query;
  const walk: Walk = { host, parts, scope, results: [] };
  const head = parts[0]!;
  const start: Step = { index: 0, assignment, uncertain: null, converter: null, filterScope: scope };
  if (head.kind !== 'variable') {
    advance(walk, scope.root, start);
    return walk.results;
  }
  // The first `[*]` or `[name]` after a variable is part of reading it.
  const next = parts[1]?.kind === 'allIndices' ? 2 : 1;
  for (const cell of host.variable(head.name, scope)) {
    const merged = host.space.merge(assignment, cell.assignment);
    if (merged === null) continue;
    if (cell.kind !== 'value' || next === parts.length) {
      const inside = cell.kind === 'unknown' && (cell.inside || next < parts.length);
      walk.results.push(
        cell.kind === 'unknown' ? { ...cell, inside, assignment: merged } : { ...cell, assignment: merged },
      );
      continue;
    }
    const inner = openScope(cell.value, scope, merged);
    step(walk, cell.value, {
      ...start,
      index: next,
      assignment: merged,
      uncertain: cell.uncertain,
      filterScope: inner,
    });
  }
  return walk.results;
}

function emit(walk: Walk, cell: Cell): void {
  walk.results.push(cell);
}

function unresolved(walk: Walk, at: Step): void {
  emit(walk, { kind: 'unresolved', assignment: at.assignment, uncertain: at.uncertain });
}

/** Forces a value and goes on with each thing that it may be; `whenAbsent` says what a missing value means here. */
function advance(walk: Walk, value: GuardValue, at: Step, whenAbsent: 'unresolved' | 'skip' = 'unresolved'): void {
  walk.host.space.force(value as Value, at.assignment, (forced: Forced, assignment) => {
    const next = assignment === at.assignment ? at : { ...at, assignment };
    if (forced === ABSENT) {
      if (whenAbsent === 'unresolved') unresolved(walk, next);
    } else if (forced instanceof UnknownValue) {
      const inside = at.index < walk.parts.length;
      emit(walk, { kind: 'unknown', unknown: forced.unknown, inside, assignment, uncertain: at.uncertain });
    } else step(walk, forced, next);
  });
}

function step(walk: Walk, value: GuardValue, at: Step): void {
  const part = walk.parts[at.index];
  if (part === undefined) {
    emit(walk, { kind: 'value', value, literal: false, assignment: at.assignment, uncertain: at.uncertain });
    return;
  }
  const next: Step = { ...at, index: at.index + 1 };
  switch (part.kind) {
    case 'this':
      step(walk, value, next);
      return;
    case 'key':
      stepKey(walk, value, part.name, at, next);
      return;
    case 'variable':
      stepInterpolated(walk, value, part.name, at, next);
      return;
    case 'index':
      stepIndex(walk, value, part.index, next);
      return;
    case 'allValues':
    case 'allIndices':
      stepStar(walk, value, part, next);
      return;
    case 'keyFilter':
      stepKeyFilter(walk, value, part, next);
      return;
    case 'filter':
      stepFilter(walk, value, part.conjunctions, at, next);
      return;
  }
}

const INDEX_KEY = /^[+-]?\d+$/;

function stepKey(walk: Walk, value: GuardValue, name: string, at: Step, next: Step): void {
  if (INDEX_KEY.test(name)) {
    if (isGuardList(value)) stepIndex(walk, value, Number(name), next);
    else unresolved(walk, at);
    return;
  }
  if (!isGuardMap(value)) {
    unresolved(walk, at);
    return;
  }
  const found = findKey(value, name, at.converter);
  if (found === null) unresolved(walk, at);
  else advance(walk, get(value as ValueMap, found.key)!, { ...next, converter: found.converter });
}

/** `.%name`: each string that the variable holds is a key, looked up exactly. */
function stepInterpolated(walk: Walk, value: GuardValue, name: string, at: Step, next: Step): void {
  if (!isGuardMap(value)) {
    unresolved(walk, at);
    return;
  }
  const following = walk.parts[at.index + 1];
  if (following !== undefined && !['key', 'variable', 'allIndices', 'index'].includes(following.kind)) {
    throw new EvaluationError('a filter or `.*` cannot follow an interpolated key');
  }
  let names = walk.host.variable(name, walk.scope);
  if (following?.kind === 'index') {
    // cfn-guard 3.1.1 picks one of the results here and then applies the index again to the value found.
    if (names.some((cell) => cell.kind !== 'value' || cell.assignment.size > 0 || cell.uncertain !== null)) {
      throw new EvaluationError('an index after an interpolated key whose variable hangs on an unknown value');
    }
    const picked = names[following.index];
    if (picked === undefined) {
      unresolved(walk, at);
      return;
    }
    names = [picked];
  }
  for (const cell of names) {
    const merged = walk.host.space.merge(at.assignment, cell.assignment);
    if (merged === null) continue;
    const here: Step = { ...at, assignment: merged, uncertain: at.uncertain ?? cell.uncertain };
    if (cell.kind === 'unknown') {
      emit(walk, { ...cell, inside: true, assignment: merged });
      continue;
    }
    if (cell.kind === 'unresolved') {
      unresolved(walk, here);
      continue;
    }
    const keys = isGuardList(cell.value) ? (cell.value as readonly Value[]) : [cell.value as Value];
    for (const key of keys) {
      walk.host.space.force(key, merged, (forced, assignment) => {
        if (forced === ABSENT) return;
        if (forced instanceof UnknownValue) {
          emit(walk, { kind: 'unknown', unknown: forced.unknown, inside: true, assignment, uncertain: here.uncertain });
          return;
        }
        if (typeof forced !== 'string') throw new EvaluationError('an interpolated key is not a string');
        const child = get(value as ValueMap, forced);
        const target: Step = { ...next, assignment, uncertain: here.uncertain };
        if (child === undefined) unresolved(walk, target);
        else advance(walk, child, target);
      });
    }
  }
}

function stepIndex(walk: Walk, value: GuardValue, index: number, next: Step): void {
  if (!isGuardList(value)) {
    unresolved(walk, next);
    return;
  }
  for (const { items, assignment } of listVariants(walk.host.space, value as readonly Value[], next.assignment)) {
    const at: Step = { ...next, assignment };
    const element = items[Math.abs(index)];
    if (element === undefined) unresolved(walk, at);
    else advance(walk, element, at);
  }
}

function stepStar(
  walk: Walk,
  value: GuardValue,
  part: Extract<QueryPart, { kind: 'allValues' | 'allIndices' }>,
  next: Step,
): void {
  if (part.capture !== null) throw new EvaluationError('captured keys are not followed over unknown values');
  if (isGuardList(value)) {
    const items = value as readonly Value[];
    eachOf(walk, items, items, next, (child, at) => {
      step(walk, child, at);
    });
    return;
  }
  if (part.kind === 'allIndices' || !isGuardMap(value)) {
    step(walk, value, next);
    return;
  }
  const map = value as ValueMap;
  const all = keysOf(map).map((key) => get(map, key)!);
  const visited = selectedKeys(map, walk.parts[next.index])?.map((key) => get(map, key)!) ?? all;
  eachOf(walk, all, visited, next, (child, at) => {
    step(walk, child, { ...at, filterScope: openScope(child, walk.scope, at.assignment) });
  });
}

/**
 * Visits values of a list or map. When there are none at all the star gives one unresolved result; values that may all
 * be absent give that result under the assignments which make them so.
 */
function eachOf(
  walk: Walk,
  all: readonly Value[],
  visited: readonly Value[],
  next: Step,
  visit: (child: GuardValue, at: Step) => void,
): void {
  const { space } = walk.host;
  for (const value of visited) {
    space.force(value, next.assignment, (forced, assignment) => {
      const at = assignment === next.assignment ? next : { ...next, assignment };
      if (forced instanceof UnknownValue) {
        const inside = next.index < walk.parts.length;
        emit(walk, { kind: 'unknown', unknown: forced.unknown, inside, assignment, uncertain: next.uncertain });
      } else if (forced !== ABSENT) visit(forced, at);
    });
  }
  for (const assignment of allAbsent(space, all, next.assignment)) unresolved(walk, { ...next, assignment });
}

function stepKeyFilter(walk: Walk, value: GuardValue, part: KeyFilterPart, next: Step): void {
  if (!isGuardMap(value)) {
    unresolved(walk, next);
    return;
  }
  const map = value as ValueMap;
  const inner = openScope(map, walk.scope, next.assignment);
  for (const key of keysOf(map)) {
    select(
      walk,
      next,
      (assignment) => walk.host.keyFilter(part, key, inner, assignment),
      (at) => {
        advance(walk, get(map, key)!, at, 'skip');
      },
    );
  }
}

function stepFilter(walk: Walk, value: GuardValue, body: Conjunctions<Clause>, at: Step, next: Step): void {
  const previous = walk.parts[at.index - 1]!.kind;
  const candidate = (child: GuardValue, from: Step): void => {
    const inner = openScope(child, walk.scope, from.assignment);
    select(
      walk,
      from,
      (assignment) => walk.host.filter(body, inner, assignment),
      (kept) => {
        step(walk, child, kept);
      },
    );
  };
  if (isGuardList(value)) {
    visitPresent(walk, value as readonly Value[], next, candidate);
    return;
  }
  if (isGuardMap(value)) {
    const map = value as ValueMap;
    if (previous === 'key') {
      visitPresent(
        walk,
        keysOf(map).map((key) => get(map, key)!),
        next,
        candidate,
      );
    } else if (previous === 'allValues' || previous === 'allIndices' || previous === 'variable') {
      select(
        walk,
        next,
        (assignment) => walk.host.filter(body, at.filterScope, assignment),
        (kept) => {
          step(walk, value, kept);
        },
      );
    } else candidate(value, next);
    return;
  }
  if (previous === 'allIndices') candidate(value, next);
  else unresolved(walk, at);
}

function visitPresent(
  walk: Walk,
  values: readonly Value[],
  next: Step,
  visit: (child: GuardValue, at: Step) => void,
): void {
  for (const value of values) {
    walk.host.space.force(value, next.assignment, (forced, assignment) => {
      if (forced === ABSENT) return;
      const at = { ...next, assignment };
      if (forced instanceof UnknownValue) {
        // The filter asks for something inside a value nobody knows: it may be selected or not.
        emit(walk, { kind: 'unknown', unknown: forced.unknown, inside: true, assignment, uncertain: forced.unknown });
      } else visit(forced, at);
    });
  }
}

/** Goes on where a test passes, under the assignments where it does; where it hangs on an unknown the result is uncertain. */
function select(walk: Walk, at: Step, test: (assignment: Assignment) => Outcome, pass: (kept: Step) => void): void {
  const kept: Step[] = [];
  const all = decide(
    walk.host.space,
    at.assignment,
    (assignment) => test(assignment),
    (assignment, outcome) => {
      if (outcome.bits === PASS) kept.push({ ...at, assignment });
      else if ((outcome.bits & NOT_EVALUATED) !== 0) {
        kept.push({ ...at, assignment, uncertain: at.uncertain ?? outcome.unknowns[0] ?? null });
      }
    },
  );
  if ((all.bits & NOT_EVALUATED) !== 0 && kept.length >= 200) {
    // The decision tree was cut: every candidate stays, as uncertain.
    pass({ ...at, uncertain: at.uncertain ?? all.unknowns[0] ?? null });
    return;
  }
  for (const one of kept) pass(one);
}

/** The results that exist under an assignment which settles every choice they hang on. */
export function settle(space: ChoiceSpace, cells: readonly Cell[], assignment: Assignment): readonly Cell[] {
  const present: Cell[] = [];
  for (const cell of cells) {
    if (cell.assignment === assignment || cell.assignment.size === 0) {
      present.push(cell);
      continue;
    }
    if (space.join(assignment, cell.assignment) === null) continue;
    space.demand(cell.assignment, assignment);
    present.push(cell);
  }
  return present;
}
