/**
 * The clauses `Type == 'X'` and `Type in ['Y', 'Z']`, with which nearly every rule selects its resources: they are asked of
 * each resource of a document, so inside of filters, of which no report tells, explanations answer them by a look-up. The
 * answer, and what counts as written down, is the same.
 */
import type { AccessClause, Clause, Conjunctions, Literal } from '../../ast.js';
import { isGuardMap, own } from '../../operators/index.js';
import type { GuardValue } from '../../operators/index.js';

/** Gives the literal that a variable stands for; `null` when it stands for anything else. */
type LiteralOf = (variable: string) => Literal | null;

const clauses = new WeakMap<Clause, boolean>();
const memberSets = new WeakMap<Literal, ReadonlySet<string> | null>();

function asksForType(clause: Clause): clause is AccessClause {
  let known = clauses.get(clause);
  if (known === undefined) clauses.set(clause, (known = isTypeClause(clause)));
  return known;
}

function isTypeClause(clause: Clause): boolean {
  if (clause.kind !== 'access' || clause.negated || !clause.query.matchAll) return false;
  const [part, ...more] = clause.query.parts;
  if (part?.kind !== 'key' || part.name !== 'Type' || more.length > 0) return false;
  return clause.operator === 'eq' || clause.operator === 'in';
}

/** The texts of a list of texts; `null` for any other literal. */
function membersOf(literal: Literal): ReadonlySet<string> | null {
  let known = memberSets.get(literal);
  if (known === undefined) {
    const items = literal.kind === 'list' ? literal.items : [];
    const texts = items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
    known = texts.length > 0 && texts.length === items.length ? new Set(texts) : null;
    memberSets.set(literal, known);
  }
  return known;
}

/** Whether the clause holds for a value; `null` when it must be walked. */
export function typeClause(clause: Clause, value: GuardValue, literalOf: LiteralOf): boolean | null {
  if (!asksForType(clause) || !isGuardMap(value)) return null;
  const type = own(value, 'Type');
  if (typeof type !== 'string') return null;
  const { operator, right } = clause;
  let literal: Literal | null = null;
  if (right?.kind === 'literal') ({ literal } = right);
  else if (right?.kind === 'query' && right.parts.length === 1) {
    const [part] = right.parts;
    if (part?.kind === 'variable') literal = literalOf(part.name);
  }
  if (literal === null) return null;
  if (operator === 'eq') return literal.kind === 'string' ? type === literal.value : null;
  return membersOf(literal)?.has(type) ?? null;
}

/** Whether a value passes a filter of one line of such clauses, and how many of them that took; `null` for other filters. */
export function typeFilter(
  [line, ...more]: Conjunctions<Clause>,
  value: GuardValue,
  literalOf: LiteralOf,
): { readonly passed: boolean; readonly clauses: number } | null {
  if (line === undefined || more.length > 0) return null;
  for (const [index, clause] of line.entries()) {
    const holds = typeClause(clause, value, literalOf);
    if (holds === null) return null;
    if (holds) return { passed: true, clauses: index + 1 };
  }
  return { passed: false, clauses: line.length };
}
