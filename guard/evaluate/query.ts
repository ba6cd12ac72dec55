/**
 * Compiles queries to closures over plain values. One closure a part; each gives its values to the next, the last one
 * collects them (query resolution of cfn-guard 3.1.1, measured).
 */
import type { Query, QueryPart } from '../ast.js';
import {
  EvaluationError,
  guardKeys,
  isGuardList,
  isGuardMap,
  keyMatches,
  keySpellings,
  own,
} from '../operators/index.js';
import type { GuardMap, GuardValue, KeyOperand, KeySpellings } from '../operators/index.js';
import type { ClauseFunction, Compiler, Environment } from './compiler.js';
import { LiteralResult, UNRESOLVED, valueOf } from './results.js';
import type { Result, Results } from './results.js';
import { PASS, Scope } from './scope.js';
import type { Run } from './scope.js';
import { typeSelector } from './type-selector.js';

/** One part and all after it. `converter` is the key conversion in force, -1 for none. */
type Step = (value: GuardValue, scope: Scope, converter: number, out: Result[]) => void;

export interface CompiledQuery {
  /** The results of the query in a scope. The list must not be changed. */
  readonly all: (scope: Scope) => Results;
  /** For queries that always have one result. */
  readonly one: ((scope: Scope) => Result) | null;
  /** Results from a value inside a query, under a key conversion. */
  readonly from: (value: GuardValue, scope: Scope, converter: number) => Results;
}

const INDEX_KEY = /^[+-]?\d+$/;

/** The index that a key made of digits stands for, or `null`. */
export function indexOfKey(name: string): number | null {
  if (!INDEX_KEY.test(name)) return null;
  const index = Number(name);
  return index >= -(2 ** 31) && index < 2 ** 31 ? index : null;
}

/** A key that begins with `%` is a variable even when it is quoted. */
export function partsOf(query: Query): readonly QueryPart[] {
  return query.parts.map((part) =>
    part.kind === 'key' && part.name.startsWith('%') ? { kind: 'variable', name: part.name.slice(1) } : part,
  );
}

/** A key with its other spellings, which are made when the key is first missing somewhere. */
class KeyLookup {
  private spellings: KeySpellings | null = null;
  private readonly inherited: boolean;

  constructor(private readonly name: string) {
    this.inherited = name in Object.prototype;
  }

  exact(map: GuardMap): GuardValue | undefined {
    return this.inherited ? own(map, this.name) : map[this.name];
  }

  /** What the map has under another spelling; `found` is the conversion that found it. */
  found = -1;

  other(map: GuardMap, converter: number): GuardValue | undefined {
    const spellings = (this.spellings ??= keySpellings(this.name));
    this.found = converter;
    if (converter >= 0) return own(map, spellings.converted[converter]!);
    for (const alternative of spellings.alternatives) {
      const value = own(map, alternative.key);
      if (value === undefined) continue;
      this.found = alternative.converter;
      return value;
    }
    return undefined;
  }
}

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

/** The sign of an index has no meaning. */
function element(value: GuardValue, index: number, run: Run): GuardValue | undefined {
  if (!isGuardList(value)) return undefined;
  const at = Math.abs(index);
  // An element before it that turns out to be absent would move it.
  if (run.taint !== null) for (const each of value.slice(0, at + 1)) run.touch(each);
  return value[at];
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
  const query = right.kind === 'query' ? compileQuery(right, compiler, environment) : null;
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
    const selected = guardKeys(value).filter((key) => keyMatches(operator, negated, key, results, count));
    for (const key of selected) next(value[key]!, scope, converter, out);
  };
}

/** Whether a part or one after it may run clauses, for which the scope around must be exact. */
function needsScope(parts: readonly QueryPart[], from: number): boolean {
  return parts.some(
    (part, at) => at >= from && (part.kind === 'filter' || (part.kind === 'keyFilter' && part.right.kind === 'query')),
  );
}

function makeSteps(
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

type Link = KeyLookup | number;

/** A query of one key, the most frequent one. */
function compileKey(lookup: KeyLookup): (scope: Scope) => Result {
  return (scope) => {
    const { root } = scope;
    if (scope.run.taint !== null) scope.run.touch(root);
    if (!isGuardMap(root)) return UNRESOLVED;
    let value = lookup.exact(root);
    if (value === undefined) value = lookup.other(root, -1);
    if (scope.run.taint !== null) scope.run.touch(value);
    return value === undefined ? UNRESOLVED : value;
  };
}

/** A chain of keys and indexes has one result and needs no list for it. */
function compileChain(parts: readonly QueryPart[]): ((scope: Scope) => Result) | null {
  const links: Link[] = [];
  for (const part of parts) {
    if (part.kind === 'index') links.push(part.index);
    else if (part.kind === 'key') links.push(indexOfKey(part.name) ?? new KeyLookup(part.name));
    else if (part.kind !== 'this') return null;
  }
  const [only] = links;
  if (links.length === 1 && only instanceof KeyLookup) return compileKey(only);
  return (scope) => {
    const { taint } = scope.run;
    let value = scope.root;
    let converter = -1;
    for (const link of links) {
      if (taint !== null) scope.run.touch(value);
      let child: GuardValue | undefined;
      if (typeof link === 'number') child = element(value, link, scope.run);
      else if (isGuardMap(value)) {
        child = link.exact(value);
        if (child === undefined) {
          child = link.other(value, converter);
          converter = link.found;
        }
      }
      if (child === undefined) return UNRESOLVED;
      value = child;
    }
    if (taint !== null) scope.run.touch(value);
    return value;
  };
}

/** A query that begins with a variable. The first `[*]` after it has no effect. */
function compileVariableQuery(
  name: string,
  parts: readonly QueryPart[],
  query: Query,
  compiler: Compiler,
  environment: Environment,
): (scope: Scope, converter: number) => Results {
  const variable = compiler.variable(name, environment, query.offset);
  const start = parts[1]?.kind === 'allIndices' ? 2 : 1;
  if (start >= parts.length) return variable;
  const steps = makeSteps(parts, start, compiler, environment, query.offset);
  const scoped = needsScope(parts, start);
  return (scope, converter) => {
    const out: Result[] = [];
    for (const result of variable(scope)) {
      if (result === UNRESOLVED) out.push(UNRESOLVED);
      else {
        const value = valueOf(result);
        steps(value, scoped ? new Scope(value, scope.frame, scope, scope.run) : scope, converter, out);
      }
    }
    return out;
  };
}

/** Compiles a query. `environment` is where its names are declared. */
export function compileQuery(query: Query, compiler: Compiler, environment: Environment): CompiledQuery {
  const parts = partsOf(query);
  const head = parts[0]!;
  if (head.kind === 'variable') {
    const results = compileVariableQuery(head.name, parts, query, compiler, environment);
    return {
      all: (scope) => results(scope.resolver, -1),
      one: null,
      from: (_value, scope, converter) => results(scope, converter),
    };
  }
  const steps = makeSteps(parts, 0, compiler, environment, query.offset);
  const from = (value: GuardValue, scope: Scope, converter: number): Results => {
    const out: Result[] = [];
    steps(value, scope, converter, out);
    return out;
  };
  const one = compileChain(parts);
  if (one !== null) return { all: (scope) => [one(scope)], one, from };
  const scan = (scope: Scope): Results => from(scope.root, scope.resolver, -1);
  const selector = typeSelector(parts, compiler, environment);
  if (selector === null) return { all: scan, one: null, from };
  const rest =
    selector.used < parts.length ? makeSteps(parts, selector.used, compiler, environment, query.offset) : null;
  const scoped = needsScope(parts, selector.used);
  const all = (scope: Scope): Results => {
    const selected = selector.select(scope);
    if (selected === null) return scan(scope);
    if (rest === null) return selected;
    const out: Result[] = [];
    for (const value of selected) {
      rest(value, scoped ? new Scope(value, scope.frame, scope.resolver, scope.run) : scope.resolver, -1, out);
    }
    return out;
  };
  return { all, one: null, from };
}
