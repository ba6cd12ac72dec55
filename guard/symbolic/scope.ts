/** Where a query starts and which names it sees, while a rule is evaluated over open choices. */
import type { Assignment, Unknown } from '../../template/index.js';
import type { Let, LetValue } from '../ast.js';
import type { GuardValue } from '../operators/index.js';

/**
 * One result of a query, together with the assignment of choices under which it is a result.
 * `uncertain` results may or may not be there: a filter hung on an unknown.
 */
export type Cell =
  | {
      readonly kind: 'value';
      readonly value: GuardValue;
      readonly literal: boolean;
      readonly assignment: Assignment;
      readonly uncertain: Unknown | null;
    }
  | { readonly kind: 'unresolved'; readonly assignment: Assignment; readonly uncertain: Unknown | null }
  | {
      readonly kind: 'unknown';
      readonly unknown: Unknown;
      /** Whether the query asks for something inside the unknown, so that there may be no result at all. */
      readonly inside: boolean;
      readonly assignment: Assignment;
      readonly uncertain: Unknown | null;
    };

/** A scope: the value that queries start from, and the variables declared there. */
export interface Scope {
  readonly root: GuardValue;
  readonly parent: Scope | null;
  /** Assignment under which the scope was entered; its variables are evaluated under it and kept. */
  readonly assignment: Assignment;
  readonly lets: ReadonlyMap<string, LetValue>;
  /** Parameters of a parameterised rule. They shadow the variables of outer scopes. */
  readonly parameters: ReadonlyMap<string, readonly Cell[]> | null;
  readonly kept: Map<string, readonly Cell[]>;
}

const NO_LETS: ReadonlyMap<string, LetValue> = new Map();
const bindings = new WeakMap<readonly Let[], ReadonlyMap<string, LetValue>>();

/** A name bound twice in one scope resolves by kind (literal, function, query), then the last wins (cfn-guard 3.1.1). */
function bindingsOf(lets: readonly Let[]): ReadonlyMap<string, LetValue> {
  if (lets.length === 0) return NO_LETS;
  let known = bindings.get(lets);
  if (known === undefined) {
    const map = new Map<string, LetValue>();
    for (const kind of ['query', 'call', 'literal'] as const) {
      for (const { name, value } of lets) if (value.kind === kind) map.set(name, value);
    }
    bindings.set(lets, (known = map));
  }
  return known;
}

export function openScope(
  root: GuardValue,
  parent: Scope | null,
  assignment: Assignment,
  lets: readonly Let[] = [],
  parameters: ReadonlyMap<string, readonly Cell[]> | null = null,
): Scope {
  return { root, parent, assignment, lets: bindingsOf(lets), parameters, kept: new Map() };
}
