/** Compiles access clauses: a query, an operator and what it compares with. */
import type { AccessClause, Comparator, UnaryOperator } from '../ast.js';
import { isUnaryOperator, unaryHolds, unaryHoldsUnresolved } from '../operators/index.js';
import type { ClauseFunction, Compiler, Environment } from './compiler.js';
import { leftCheck, tallyOf } from './left-check.js';
import { FAILED, PASSED } from './tally.js';
import type { Tally } from './tally.js';
import { partsOf } from './keys.js';
import { compileQuery } from './query.js';
import type { CompiledQuery } from './query.js';
import { LiteralResult, UNRESOLVED, valueOf } from './results.js';
import type { Result, Results } from './results.js';
import { FAIL, PASS, SKIP } from './scope.js';
import type { Run, StatusCode } from './scope.js';

export function compileAccess(clause: AccessClause, compiler: Compiler, environment: Environment): ClauseFunction {
  const query = compileQuery(clause.query, compiler, environment);
  if (isUnaryOperator(clause.operator)) return compileUnary(clause, clause.operator, query);
  return compileBinary(clause, clause.operator, query, compiler, environment);
}

/** Whether `empty` asks for the list of results instead of each result. */
export function asksForResults(clause: AccessClause): boolean {
  if (clause.operator !== 'empty') return false;
  const parts = partsOf(clause.query);
  const last = parts.at(-1)!;
  return last.kind === 'filter' || last.kind === 'keyFilter' || (parts.length === 1 && last.kind === 'variable');
}

function compileUnary(clause: AccessClause, operator: UnaryOperator, query: CompiledQuery): ClauseFunction {
  // Here, and only here, the negation in front of a clause counts.
  const wanted = clause.negated === clause.prefixNot;
  if (asksForResults(clause)) return compileEmptyResults(query, wanted, clause.query.matchAll);
  const unresolved = unaryHoldsUnresolved(operator) === wanted;
  const { offset } = clause;
  const holds = (result: Result, run: Run): boolean => {
    if (result === UNRESOLVED) return unresolved;
    const value = valueOf(result);
    // Elements that may be absent decide whether a list or a map is empty.
    if (operator === 'empty' && run.taint !== null) run.touchDeep(value);
    return unaryHolds(operator, value, offset) === wanted;
  };
  const { one, all } = query;
  if (one !== null) {
    if (operator === 'exists') return (scope) => ((one(scope) !== UNRESOLVED) === wanted ? PASS : FAIL);
    return (scope) => (holds(one(scope), scope.run) ? PASS : FAIL);
  }
  const { matchAll } = clause.query;
  return (scope) => {
    const results = all(scope);
    if (results.length === 0) return SKIP;
    let tally: Tally = 0;
    for (const result of results) tally |= holds(result, scope.run) ? PASSED : FAILED;
    return combine(tally, matchAll);
  };
}

/** `%v empty`: no result at all is empty; a result is empty when it is null or unresolved. */
function compileEmptyResults({ all }: CompiledQuery, wanted: boolean, matchAll: boolean): ClauseFunction {
  return (scope) => {
    const results = all(scope);
    if (results.length === 0) return wanted ? PASS : FAIL;
    let tally: Tally = 0;
    for (const result of results) {
      const empty = result === UNRESOLVED || valueOf(result) === null;
      tally |= empty === wanted ? PASSED : FAILED;
    }
    return combine(tally, matchAll);
  };
}

/** Under *all*, no comparison at all passes; under *some* it fails. */
function combine(tally: Tally, matchAll: boolean): StatusCode {
  if (matchAll) return (tally & FAILED) === 0 ? PASS : FAIL;
  return (tally & PASSED) === 0 ? FAIL : PASS;
}

function touchAll(results: Results, run: Run): void {
  for (const result of results) run.touchDeep(valueOf(result));
}

function compileBinary(
  clause: AccessClause,
  operator: Comparator,
  query: CompiledQuery,
  compiler: Compiler,
  environment: Environment,
): ClauseFunction {
  const { negated } = clause;
  const { matchAll } = clause.query;
  const { one, all } = query;
  if (clause.right!.kind === 'literal' && one !== null) {
    const check = leftCheck(operator, negated, compiler.literal(clause.right!.literal));
    return (scope) => {
      const left = one(scope);
      if (left === UNRESOLVED) return FAIL;
      if (scope.run.taint !== null) scope.run.touchDeep(left);
      // A chain of keys never ends in a literal.
      return combine(check(valueOf(left)), matchAll);
    };
  }
  const right = compiler.value(clause.right!, environment);
  return (scope) => {
    const rightResults = right(scope);
    const leftResults = all(scope);
    if (leftResults.length === 0 || rightResults.length === 0) return SKIP;
    if (scope.run.taint !== null) {
      touchAll(rightResults, scope.run);
      touchAll(leftResults, scope.run);
    }
    const literal = rightResults.length === 1 ? rightResults[0] : undefined;
    if (!(literal instanceof LiteralResult) || leftResults[0] instanceof LiteralResult) {
      return combine(tallyOf(operator, negated, leftResults, rightResults), matchAll);
    }
    const check = leftCheck(operator, negated, literal);
    let tally: Tally = 0;
    for (const left of leftResults) tally |= left === UNRESOLVED ? FAILED : check(valueOf(left));
    return combine(tally, matchAll);
  };
}
