/** Clauses as texts that are equal when the clauses ask the same thing, wherever they stand. */
import type { AccessClause, Clause, Condition, LetValue, Query, QueryPart, RuleItem } from '../ast.js';

/** A text of a part of the tree without its offsets. */
export function keyOf(part: unknown): string {
  return JSON.stringify(part, (name, value: unknown) =>
    name === 'offset' || name === 'end' || name === 'message'
      ? undefined
      : typeof value === 'bigint'
        ? `${value}n`
        : typeof value === 'number' && !Number.isFinite(value)
          ? String(value)
          : value,
  );
}

/** What a clause asks, and whether it asks for the opposite. */
export interface Asked {
  readonly key: string;
  readonly negated: boolean;
}

/** `null` for what is no question of its own, such as a block. */
export function askedBy(item: Clause | Condition | RuleItem): Asked | null {
  switch (item.kind) {
    case 'access':
      return {
        key: keyOf([item.query.parts, item.query.matchAll, item.operator, item.right]),
        negated: item.negated !== item.prefixNot,
      };
    case 'reference':
      return { key: keyOf(['rule', item.name]), negated: item.negated };
    case 'ruleCall':
      return { key: keyOf(['call', item.name, item.args]), negated: item.negated };
    default:
      return null;
  }
}

/** Whether nothing lies between the answers of a question and its opposite: one of them holds on any document. */
export function isComplete({ operator }: AccessClause): boolean {
  return operator === 'exists' || operator === 'empty';
}

/** The `[*]` that the reader puts behind a variable that goes on. */
export function isEach(part: QueryPart | undefined): boolean {
  return part?.kind === 'allIndices' && part.capture === null;
}

/** A query as a reader would write it, roughly. */
export function shownQuery({ parts }: Query): string {
  return parts
    .map((part, index) => {
      const dot = index === 0 ? '' : '.';
      switch (part.kind) {
        case 'this':
          return 'this';
        case 'key':
          return dot + part.name;
        case 'variable':
          return `${dot}%${part.name}`;
        case 'index':
          return `[${part.index}]`;
        case 'allValues':
          return `${dot}*`;
        case 'allIndices':
          return '[*]';
        default:
          return '[ … ]';
      }
    })
    .join('');
}

/** Whether a value is written in the rule itself. */
export function literalOf(
  value: LetValue | null | undefined,
): (LetValue & { readonly kind: 'literal' })['literal'] | null {
  return value?.kind === 'literal' ? value.literal : null;
}
