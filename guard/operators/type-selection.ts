import type { Query } from '../ast.js';

/** The query that a type block stands for: `Resources.*[ Type == 'name' ]`. */
export function typeSelection(typeName: string, offset: number): Query {
  const typeClause = {
    kind: 'access',
    query: { kind: 'query', parts: [{ kind: 'key', name: 'Type' }], matchAll: true, offset },
    operator: 'eq',
    negated: false,
    prefixNot: false,
    right: { kind: 'literal', literal: { kind: 'string', value: typeName }, offset },
    message: null,
    offset,
    end: offset + typeName.length,
  } as const;
  return {
    kind: 'query',
    parts: [
      { kind: 'key', name: 'Resources' },
      { kind: 'allValues', capture: null },
      { kind: 'filter', capture: null, conjunctions: [[typeClause]] },
    ],
    matchAll: true,
    offset,
  };
}
