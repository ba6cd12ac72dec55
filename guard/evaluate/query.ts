/** Compiles queries. */
import type { Query, QueryPart } from '../ast.js';
import { isGuardMap } from '../operators/index.js';
import type { GuardValue } from '../operators/index.js';
import type { Compiler, Environment } from './compiler.js';
import { KeyLookup, element, indexOfKey, partsOf } from './keys.js';
import { UNRESOLVED, valueOf } from './results.js';
import type { Result, Results } from './results.js';
import { Scope } from './scope.js';
import { makeSteps, needsScope } from './steps.js';
import { typeSelector } from './type-selector.js';

export interface CompiledQuery {
  /** The results of the query in a scope. The list must not be changed. */
  readonly all: (scope: Scope) => Results;
  /** For queries that always have one result. */
  readonly one: ((scope: Scope) => Result) | null;
  /** Results from a value inside a query, under a key conversion. */
  readonly from: (value: GuardValue, scope: Scope, converter: number) => Results;
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
