/** Whether a clause can come out both ways, as far as its text and what is known above it tell. */
import type { AccessClause, Clause, Condition, Literal, RuleItem } from '../ast.js';
import { askedBy, isEach, keyOf, literalOf, shownQuery } from './keys.js';
import type { Context, Fact } from './scope.js';

export interface Judgement {
  readonly holds: boolean;
  readonly why: string;
  /** Whether the text of the clause alone decides it. */
  readonly constant: boolean;
}

type Item = Clause | Condition | RuleItem;

/** What is known when an item holds. */
export function factOf(item: Item): Fact | null {
  const asked = askedBy(item);
  if (asked === null) return null;
  const head = item.kind === 'access' ? item.query.parts[0] : undefined;
  return {
    ...asked,
    variable: head === undefined ? '' : head.kind === 'variable' ? head.name : null,
    equals: item.kind === 'access' && !asked.negated ? equality(item) : null,
  };
}

function equality({ operator, query, right }: AccessClause): Fact['equals'] {
  const literal = literalOf(right);
  if (operator !== 'eq' || !query.matchAll || literal === null || !isScalar(literal)) return null;
  return { left: keyOf(query.parts), right: keyOf(literal) };
}

/** Facts of conditions that must all hold: those of lines with one member. */
export function factsOf(lines: readonly (readonly Item[])[]): readonly Fact[] {
  return lines.flatMap((members) => {
    const fact = members.length === 1 ? factOf(members[0]!) : null;
    return fact === null ? [] : [fact];
  });
}

/** Judges an item. @returns `null` when it may come out either way. */
export function judge(item: Item, context: Context): Judgement | null {
  const asked = factOf(item);
  if (asked === null) return null;
  if (item.kind === 'access') {
    const constant = constantTruth(item, context);
    if (constant !== null) return constant;
    const behind = behindFilter(item, context);
    if (behind !== null) return behind;
  }
  return byFacts(asked, context.facts);
}

function byFacts(asked: Fact, facts: readonly Fact[]): Judgement | null {
  const same = facts.find(({ key }) => key === asked.key);
  if (same !== undefined) {
    return same.negated === asked.negated
      ? { holds: true, why: 'what comes before it already asks for the same', constant: false }
      : { holds: false, why: 'what comes before it asks for the opposite', constant: false };
  }
  const { equals } = asked;
  if (equals === null) return null;
  const other = facts.find((fact) => fact.equals?.left === equals.left && fact.equals.right !== equals.right);
  return other === undefined
    ? null
    : { holds: false, why: 'what comes before it asks for another value', constant: false };
}

/** `%name.rest` where the filter of `%name` asks about `rest`. */
function behindFilter(item: AccessClause, { names }: Context): Judgement | null {
  const [head, second] = item.query.parts;
  if (head?.kind !== 'variable') return null;
  const rest = item.query.parts.slice(isEach(second) ? 2 : 1);
  if (rest.length === 0) return null;
  const facts = names.find(head.name)?.facts ?? [];
  const asked = facts.length === 0 ? null : factOf({ ...item, query: { ...item.query, parts: rest } });
  const judged = asked === null ? null : byFacts(asked, facts);
  return judged === null
    ? null
    : { ...judged, why: `the filter of \`%${head.name}\` ${judged.why.replace('what comes before it ', '')}` };
}

function constantTruth(item: AccessClause, { names }: Context): Judgement | null {
  const { operator, query, right } = item;
  const negated = item.negated !== item.prefixNot;
  const answer = (holds: boolean, why: string): Judgement => ({ holds: holds !== negated, why, constant: true });
  const literal = literalOf(right);
  if (operator === 'in' && literal?.kind === 'list' && literal.items.length === 0) {
    return answer(false, 'the list to look in is empty');
  }
  if ((operator === 'in' || operator === 'eq') && literal?.kind === 'range' && isEmptyRange(literal)) {
    return answer(false, 'the range holds no value');
  }
  const [head, ...rest] = query.parts;
  const bound = head?.kind === 'variable' && rest.length === 0 ? names.find(head.name)?.literal : undefined;
  if (bound === undefined || bound === null) return null;
  const why = `\`${shownQuery(query)}\` always has the value that the rule gives it`;
  if (operator === 'exists') return answer(true, why);
  if (operator !== 'eq' || literal === null || !isScalar(literal) || !isScalar(bound)) return null;
  return answer(keyOf(literal) === keyOf(bound), why);
}

function isScalar({ kind }: Literal): boolean {
  return kind === 'string' || kind === 'bool' || kind === 'int' || kind === 'float' || kind === 'null';
}

function isEmptyRange({ lower, upper, lowerInclusive, upperInclusive }: Literal & { readonly kind: 'range' }): boolean {
  return lower > upper || (lower === upper && !(lowerInclusive && upperInclusive));
}
