/**
 * The parts of queries as closures over plain values. Each gives its values to the next, the last one collects them
 * (query resolution of cfn-guard 3.1.1, measured).
 */
import type { QueryPart } from '../ast.js';
import { EvaluationError, guardKeys, isGuardList, isGuardMap, keyMatches, own } from '../operators/index.js';
import type { GuardMap, GuardValue, KeyOperand } from '../operators/index.js';
import type { ClauseFunction, Compiler, Environment } from './compiler.js';
import { KeyLookup, element, indexOfKey } from './keys.js';
import { LiteralResult, UNRESOLVED, valueOf } from './results.js';
import type { Result } from './results.js';
import { PASS, Scope } from './scope.js';

/** One part and all after it. `converter` is the key conversion in force, -1 for none. */
export type Step = (value: GuardValue, scope: Scope, converter: number, out: Result[]) => void;
const collect: Step = (value, scope, _converter, out) => {
  if (scope.run.taint !== null) scope.run.touch(value);
  out.push(value);
};

function keyStep(name: string, next: Step): Step {
  const index = indexOfKey(name);
  if (index !== null) return indexStep(index, next);
  const lookup = new KeyLookup(name);
  return (value, scope, converter, out) => {
    if (scope.run.taint !== null) scope.run.touch(value);
    if (!isGuardMap(value)) {
      out.push(UNRESOLVED);
      return;
    }
    const exact = lookup.exact(value);
    if (exact !== undefined) {
      next(exact, scope, converter, out);
      return;
    }
    const other = lookup.other(value, converter);
    if (other === undefined) out.push(UNRESOLVED);
    else next(other, scope, lookup.found, out);
  };
}
function indexStep(index: number, next: Step): Step {
  return (value, scope, converter, out) => {
    if (scope.run.taint !== null) scope.run.touch(value);
    const found = element(value, index, scope.run);
    if (found === undefined) out.push(UNRESOLVED);
    else next(found, scope, converter, out);
  };
}

/** Elements of a list; an empty one is unresolved. */
function forElements(list: readonly GuardValue[], scope: Scope, converter: number, out: Result[], next: Step): void {
  if (list.length === 0) out.push(UNRESOLVED);
  for (const each of list) next(each, scope, converter, out);
}

/** Values of a map, each a scope of its own for the filters that follow; an empty map is unresolved. */
function forValues(
  map: GuardMap,
  scope: Scope,
  converter: number,
  out: Result[],
  next: Step,
  capture: string | null,
  scoped: boolean,
): void {
  const keys = guardKeys(map);
  if (keys.length === 0) out.push(UNRESOLVED);
  for (const key of keys) {
    if (capture !== null) scope.run.capture(capture, key);
    const value = map[key]!;
    next(value, scoped ? new Scope(value, scope.frame, scope, scope.run) : scope, converter, out);
  }
}

function starStep(part: QueryPart & { kind: 'allValues' | 'allIndices' }, next: Step, scoped: boolean): Step {
  const { kind, capture } = part;
  const entersMaps = kind === 'allValues' || capture !== null;
  return (value, scope, converter, out) => {
    if (scope.run.taint !== null) scope.run.touch(value);
    if (isGuardList(value)) forElements(value, scope, converter, out, next);
    else if (entersMaps && isGuardMap(value)) forValues(value, scope, converter, out, next, capture, scoped);
    else next(value, scope, converter, out);
  };
}

function variableStep(
  name: string,
  parts: readonly QueryPart[],
  at: number,
  next: Step,
  compiler: Compiler,
  environment: Environment,
  offset: number,
): Step {
  const variable = compiler.variable(name, environment, offset);
  const following = parts[at + 1];
  const follows = (key: GuardValue, value: GuardMap, scope: Scope, converter: number, out: Result[]): void => {
    if (typeof key !== 'string') {
      throw new EvaluationError(
        `the variable ${name} inside a query holds a key that is no string`,
        'notComparable',
        offset,
      );
    }
    const child = own(value, key);
    if (child === undefined) out.push(UNRESOLVED);
    else next(child, scope, converter, out);
  };
  return (value, scope, converter, out) => {
    if (scope.run.taint !== null) scope.run.touch(value);
    if (!isGuardMap(value)) {
      out.push(UNRESOLVED);
      return;
    }
    let keys = variable(scope);
    if (following?.kind === 'index') {
      const picked = keys[Math.abs(following.index)];
      if (picked === undefined) {
        out.push(UNRESOLVED);
        return;
      }
      keys = [picked];
    } else if (following !== undefined && !['key', 'variable', 'allIndices'].includes(following.kind)) {
      throw new EvaluationError(
        'This type of query based variable interpolation is not supported',
        'incompatible',
        offset,
      );
    }
    for (const result of keys) {
      if (result === UNRESOLVED) {
        out.push(UNRESOLVED);
        continue;
      }
      const key = valueOf(result);
      if (scope.run.taint !== null) scope.run.touchDeep(key);
      if (isGuardList(key)) for (const each of key) follows(each, value, scope, converter, out);
      else follows(key, value, scope, converter, out);
    }
  };
}

type FilterPart = QueryPart & { kind: 'filter' };

function filterStep(part: FilterPart, previous: QueryPart, next: Step, body: ClauseFunction): Step {
  const afterStar = previous.kind === 'allValues' || previous.kind === 'allIndices';
  const { capture } = part;

  const filterMap = (map: GuardMap, scope: Scope, converter: number, out: Result[]): void => {
    if (afterStar) {
      // The clauses run in the scope around, which is the candidate only where the star opened a scope for it.
      if (body(scope) === PASS) next(map, scope, converter, out);
    } else if (previous.kind === 'key') {
      for (const key of guardKeys(map)) {
        const candidate = map[key]!;
        if (scope.run.taint !== null) scope.run.touch(candidate);
        const inner = new Scope(candidate, scope.frame, scope, scope.run);
        if (body(inner) !== PASS) continue;
        if (capture !== null) scope.run.capture(capture, key);
        next(candidate, inner, converter, out);
      }
    } else if (body(new Scope(map, scope.frame, scope, scope.run)) === PASS) {
      // cfn-guard 3.1.1 crashes on a map behind `this`, an index or another filter.
      next(map, scope, converter, out);
    }
  };

  return (value, scope, converter, out) => {
    if (scope.run.taint !== null) scope.run.touch(value);
    if (isGuardMap(value)) filterMap(value, scope, converter, out);
    else if (isGuardList(value)) {
      for (const each of value) {
        if (scope.run.taint !== null) scope.run.touch(each);
        const inner = new Scope(each, scope.frame, scope, scope.run);
        if (body(inner) === PASS) next(each, scope, converter, out);
      }
    } else if (previous.kind !== 'allIndices') out.push(UNRESOLVED);
    else if (body(new Scope(value, scope.frame, scope, scope.run)) === PASS) next(value, scope, converter, out);
  };
}

type KeyFilterPart = QueryPart & { kind: 'keyFilter' };

function keyFilterStep(part: KeyFilterPart, next: Step, compiler: Compiler, environment: Environment): Step {
  const { right, operator, negated } = part;
  const query = right.kind === 'query' ? compiler.query(right, environment) : null;
  const literal = right.kind === 'query' ? null : [{ value: compiler.literal(right).value, literal: true }];

  const operands = (
    map: GuardMap,
    scope: Scope,
    converter: number,
  ): { results: readonly KeyOperand[]; count: number } => {
    if (query === null) return { results: literal!, count: 1 };
    const found = query.from(map, scope, converter);
    const results = found
      .filter((result) => result !== UNRESOLVED)
      .map((result) => ({ value: valueOf(result), literal: result instanceof LiteralResult }));
    if (scope.run.taint !== null) for (const { value } of results) scope.run.touchDeep(value);
    return { results, count: found.length };
  };

  return (value, scope, converter, out) => {
    if (scope.run.taint !== null) scope.run.touch(value);
    if (!isGuardMap(value)) {
      out.push(UNRESOLVED);
      return;
    }
    const { results, count } = operands(value, scope, converter);
    const only = results.length === 1 && count === 1 ? results[0]!.value : null;
    if (operator === 'eq' && !negated && typeof only === 'string') {
      // The usual `[ keys == %name ]` asks for one key.
      const child = own(value, only);
      if (child !== undefined) next(child, scope, converter, out);
      return;
    }
    const selected = guardKeys(value).filter((key) => keyMatches(operator, negated, key, results, count));
    for (const key of selected) next(value[key]!, scope, converter, out);
  };
}

/** Whether a part or one after it may run clauses, for which the scope around must be exact. */
export function needsScope(parts: readonly QueryPart[], from: number): boolean {
  return parts.some(
    (part, at) => at >= from && (part.kind === 'filter' || (part.kind === 'keyFilter' && part.right.kind === 'query')),
  );
}

/** The parts of a query from one on. */
export function makeSteps(
  parts: readonly QueryPart[],
  from: number,
  compiler: Compiler,
  environment: Environment,
  offset: number,
): Step {
  let next = collect;
  for (let at = parts.length - 1; at >= from; at--) {
    const part = parts[at]!;
    switch (part.kind) {
      case 'this':
        break;
      case 'key':
        next = keyStep(part.name, next);
        break;
      case 'variable':
        next = variableStep(part.name, parts, at, next, compiler, environment, offset);
        break;
      case 'index':
        next = indexStep(part.index, next);
        break;
      case 'allValues':
      case 'allIndices':
        next = starStep(part, next, needsScope(parts, at + 1));
        break;
      case 'keyFilter':
        next = keyFilterStep(part, next, compiler, environment);
        break;
      case 'filter':
        next = filterStep(part, parts[at - 1]!, next, compiler.filter(part.conjunctions, environment));
        break;
    }
  }
  return next;
}
