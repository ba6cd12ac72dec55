/**
 * Recognises `Resources.*[ Type == 'X' ... ]`, `Resources[ Type == 'X' ... ]` and the like, so that such a query looks only at the resources of those
 * types. The answer is the same as that of a scan of all resources.
 */
import type { AccessClause, Clause, Comparator, Query, QueryPart } from '../ast.js';
import { isUnaryOperator } from '../operators/index.js';
import type { GuardValue } from '../operators/index.js';
import type { Compiler, Environment } from './compiler.js';
import type { ResourceIndex } from './document.js';
import { leftCheck } from './left-check.js';
import { PASSED } from './tally.js';
import type { LeftCheck } from './tally.js';
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
 * Whether a clause of a filter can neither fail with an error nor remember anything. Only then is it the same whether resources of
 * other types are asked or not.
 */
export function isHarmless(clause: Clause): boolean {
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

/** One member of `[ Type == 'X' or Type == 'Y' ]`. */
interface TypeTest {
  readonly operand: (scope: Scope) => LiteralResult | null;
  readonly operator: Comparator;
  readonly negated: boolean;
}

/** The resources that pass one of the tests; `null` when only a scan gives the right answer. */
function selectedBy(tests: readonly TypeTest[], index: ResourceIndex, scope: Scope): readonly GuardValue[] | null {
  const [first] = tests;
  if (tests.length === 1 && first!.operator === 'eq' && !first!.negated) {
    const literal = first!.operand(scope);
    if (typeof literal?.value === 'string') return index.ofType(literal.value);
  }
  // A member is asked only for types that the ones before it do not accept: what it reads may be an error.
  const checks: LeftCheck[] = [];
  const undecidable = { found: false };
  const accepts = ({ operand, operator, negated }: TypeTest, at: number, type: string): boolean => {
    let check = checks[at];
    if (check === undefined) {
      const literal = operand(scope);
      if (literal === null) {
        undecidable.found = true;
        return false;
      }
      check = checks[at] = leftCheck(operator, negated, literal);
    }
    return check(type) === PASSED;
  };
  const selected = index.where((type) => !undecidable.found && tests.some((test, at) => accepts(test, at, type)));
  return undecidable.found ? null : selected;
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
  const typeLine = lines.findIndex((line) => line.every(isTypeClause));
  const others = lines.filter((_line, index) => index !== typeLine);
  if (typeLine < 0 || !others.every((line) => line.every(isHarmless))) return null;
  const tests: TypeTest[] = [];
  for (const clause of lines[typeLine]!) {
    const operand = isTypeClause(clause) ? typeOperand(clause, compiler, environment) : null;
    if (operand === null || !isTypeClause(clause)) return null;
    tests.push({ operand, operator: clause.operator, negated: clause.negated });
  }
  const rest = others.length === 0 ? null : compiler.filter(others, environment);

  const select = (scope: Scope): readonly GuardValue[] | null => {
    const { run } = scope;
    const index = scope.root === run.root ? run.document.resources : null;
    if (index === null) return null;
    const selected = selectedBy(tests, index, scope);
    if (selected === null) return null;
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
