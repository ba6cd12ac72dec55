/** Which resources a filter by type can select, from an index of the types of a map. */
import { get, isMap, keysOf } from '../../template/index.js';
import type { ValueMap } from '../../template/index.js';
import type { Clause, Conjunctions, QueryPart } from '../ast.js';

const typeIndexes = new WeakMap<ValueMap, Map<string, string[]>>();

/**
 * The keys of a starred map worth visiting: when the part that follows is a filter that begins with `Type == 'X'` on the map of
 * resources, only resources of that type; the others cannot pass the filter whatever is chosen. Null: all keys.
 */
export function selectedKeys(map: ValueMap, following: QueryPart | undefined): readonly string[] | null {
  if (following?.kind !== 'filter') return null;
  const type = requiredType(following.conjunctions);
  if (type === null) return null;
  let index = typeIndexes.get(map);
  if (index === undefined) {
    index = new Map();
    for (const key of keysOf(map)) {
      const child = get(map, key)!;
      const written = isMap(child) ? get(child, 'Type') : undefined;
      // A resource without a plain string as `Type` may still match by another spelling: it is visited every time.
      const name = typeof written === 'string' ? written : '';
      const keys = index.get(name);
      if (keys === undefined) index.set(name, [key]);
      else keys.push(key);
    }
    typeIndexes.set(map, index);
  }
  const exact = index.get(type) ?? [];
  // Resources of other kinds of types may change the order of results: then all are visited.
  return index.has('') ? null : exact;
}

/** `X` when a filter has a line that is exactly `Type == 'X'`. */
function requiredType(conjunctions: Conjunctions<Clause>): string | null {
  for (const line of conjunctions) {
    const clause = line.length === 1 ? line[0]! : undefined;
    if (clause?.kind !== 'access' || clause.operator !== 'eq' || clause.negated) continue;
    const { parts } = clause.query;
    const only = parts.length === 1 ? parts[0]! : undefined;
    if (only?.kind !== 'key' || only.name !== 'Type' || clause.right?.kind !== 'literal') continue;
    if (clause.right.literal.kind === 'string') return clause.right.literal.value;
  }
  return null;
}
