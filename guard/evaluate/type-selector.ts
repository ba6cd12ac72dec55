/**
 * Recognises `Resources.*[ Type == 'X' ... ]`, `Resources[ Type == 'X' ... ]` and the like, so that such a query looks only at the resources of those
 * types. The answer is the same as that of a scan of all resources.
 */
import type { AccessClause, Clause, Comparator, Query, QueryPart } from '../ast.js';
import { isUnaryOperator } from '../operators/index.js';
import type { GuardValue } from '../operators/index.js';
import type { Compiler, Environment } from './compiler.js';
import { PASSED, leftCheck } from './left-check.js';
import { LiteralResult } from './results.js';
import type { Results } from './results.js';
import { PASS, Scope } from './scope.js';

export interface TypeSelector {
  /** How many parts of the query the selection stands for. */
  readonly used: number;
  /** The selected resources, or `null` when only a scan gives the right answer. */
  readonly select: (scope: Scope) => readonly GuardValue[] | null;
}

/** `Type op right` for all results. */
function isTypeClause(clause: Clause): clause is AccessClause & { readonly operator: Comparator } {
  if (clause.kind !== 'access' || !clause.query.matchAll || isUnaryOperator(clause.operator)) return false;
  const [part, ...more] = clause.query.parts;
  return more.length === 0 && part?.kind === 'key' && part.name === 'Type';
}

function isPlainQuery(query: Query): boolean {
  return query.parts.every(
    (part) =>
      part.kind === 'this' ||
      part.kind === 'index' ||
      (part.kind === 'key' && !part.name.startsWith('%')) ||
      ((part.kind === 'allValues' || part.kind === 'allIndices') && part.capture === null),
  );
}

/**
 * Whether a clause can neither fail with an error nor remember anything. Only then is it the same whether resources of
 * other types are asked or not.
 */
function isHarmless(clause: Clause): boolean {
  return (
    clause.kind === 'access' &&
    isPlainQuery(clause.query) &&
    clause.operator !== 'empty' &&
    (clause.right === null || clause.right.kind === 'literal')
  );
}

/** The literal that types are compared with: written there, or in a variable. */
function typeOperand(
  clause: AccessClause,
  compiler: Compiler,
  environment: Environment,
): ((scope: Scope) => LiteralResult | null) | null {
  const { right } = clause;
  if (right?.kind === 'literal') {
    const literal = compiler.literal(right.literal);
    return () => literal;
  }
  const part = right?.kind === 'query' && right.parts.length === 1 ? right.parts[0]! : undefined;
  if (part?.kind !== 'variable') return null;
  const variable = compiler.variable(part.name, environment, clause.offset);
  return (scope) => {
    const results: Results = variable(scope);
    const only = results.length === 1 ? results[0] : undefined;
    return only instanceof LiteralResult ? only : null;
  };
}

/** Recognises the form; `null` when the query is of another. */
export function typeSelector(
  parts: readonly QueryPart[],
  compiler: Compiler,
  environment: Environment,
): TypeSelector | null {
  const [resources] = parts;
  if (resources?.kind !== 'key' || resources.name !== 'Resources') return null;
  // A filter right behind a key goes through the values of the map, as behind `.*`.
  const star = parts[1]?.kind === 'allValues' ? parts[1] : null;
  const used = star === null ? 2 : 3;
  const filter = parts[used - 1];
  if (filter?.kind !== 'filter' || (star === null ? filter.capture : star.capture) !== null) return null;
  const lines = filter.conjunctions;
  const typeLine = lines.findIndex((line) => line.length === 1 && isTypeClause(line[0]!));
  const others = lines.filter((_line, index) => index !== typeLine);
  if (typeLine < 0 || !others.every((line) => line.every(isHarmless))) return null;
  const clause = lines[typeLine]![0]!;
  if (!isTypeClause(clause)) return null;
  const operand = typeOperand(clause, compiler, environment);
  if (operand === null) return null;
  const { operator, negated } = clause;
  const simple = operator === 'eq' && !negated;
  const rest = others.length === 0 ? null : compiler.filter(others, environment);

  const select = (scope: Scope): readonly GuardValue[] | null => {
    const { run } = scope;
    const index = scope.root === run.root ? run.document.resources : null;
    if (index === null) return null;
    const literal = operand(scope);
    if (literal === null) return null;
    let selected: readonly GuardValue[];
    if (simple && typeof literal.value === 'string') selected = index.ofType(literal.value);
    else {
      const check = leftCheck(operator, negated, literal);
      selected = index.where((type) => check(type) === PASSED);
    }
    if (run.taint !== null) {
      run.touch(run.root);
      run.touch(index.map);
      if (index.allUnknown) run.touched = true;
      for (const resource of selected) run.touch(resource);
    }
    if (rest === null) return selected;
    return selected.filter((each) => rest(new Scope(each, scope.frame, scope.resolver, run)) === PASS);
  };
  return { used, select };
}
