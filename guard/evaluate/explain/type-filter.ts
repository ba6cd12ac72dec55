/**
 * The filter `[ Type == 'X' or Type in ['Y', 'Z'] ]`, with which nearly every rule begins: it is asked of each resource of
 * a document, so explanations answer it without walking its clauses. The answer, and what counts as written down, is the
 * same.
 */
import type { Clause, Conjunctions } from '../../ast.js';
import { isGuardMap, own } from '../../operators/index.js';
import type { GuardValue } from '../../operators/index.js';

/** The types that each member of the filter's only line accepts. */
type TypeTests = readonly ReadonlySet<string>[];

const known = new WeakMap<Conjunctions<Clause>, TypeTests | null>();

/** The strings that `Type` is compared with; `null` for any other clause. */
function acceptedBy(clause: Clause): ReadonlySet<string> | null {
  if (clause.kind !== 'access' || clause.negated || !clause.query.matchAll || clause.right?.kind !== 'literal') {
    return null;
  }
  const [part, ...more] = clause.query.parts;
  if (part?.kind !== 'key' || part.name !== 'Type' || more.length > 0) return null;
  const { literal } = clause.right;
  if (clause.operator === 'eq') return literal.kind === 'string' ? new Set([literal.value]) : null;
  if (clause.operator !== 'in' || literal.kind !== 'list') return null;
  const texts = literal.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return texts.length === literal.items.length ? new Set(texts) : null;
}

function testsOf(body: Conjunctions<Clause>): TypeTests | null {
  const found = known.get(body);
  if (found !== undefined) return found;
  const [line, ...more] = body;
  const tests = line === undefined || more.length > 0 ? [null] : line.map(acceptedBy);
  const all = tests.every((test) => test !== null) ? tests : null;
  known.set(body, all);
  return all;
}

/** Whether a value passes, and how many clauses that took; `null` when the clauses must be walked. */
export function typeFilter(
  body: Conjunctions<Clause>,
  value: GuardValue,
): { readonly passed: boolean; readonly clauses: number } | null {
  const tests = testsOf(body);
  if (tests === null || !isGuardMap(value)) return null;
  const type = own(value, 'Type');
  if (typeof type !== 'string') return null;
  const at = tests.findIndex((accepted) => accepted.has(type));
  return { passed: at >= 0, clauses: at < 0 ? tests.length : at + 1 };
}
