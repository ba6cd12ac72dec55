/**
 * A resolved document with an assignment of its choices carried out: what CloudFormation would see if the open
 * conditions came out so. Used to explain a failure in terms of values.
 */
import { ABSENT, KEY_ORDER, get, isList, isMap, keysOf } from '../../template/index.js';
import type { Assignment, ResolvedDocument, Value, ValueMap } from '../../template/index.js';

export interface Materialised {
  readonly value: Value;
  /** Whether a map stands for a value that stays unknown. */
  isUnknown(node: Value): boolean;
}

/** Carries out an assignment. Parts of the document without choices keep their identity. Cost: the size of the document. */
export function materialise(document: ResolvedDocument, assignment: Assignment): Materialised {
  const unknown = new Set<Value>();

  const build = (value: Value): Value => {
    if (isList(value)) return buildList(value);
    return isMap(value) ? buildMap(value) : value;
  };

  const settle = (node: Value): Value | typeof ABSENT => {
    let value = node;
    for (;;) {
      const open = isMap(value) ? document.unknownAt(value) : undefined;
      if (open === undefined) return build(value);
      const decided = open.choices.length > 0 && open.choices.every((choice) => assignment.has(choice.id));
      const chosen = decided ? open.under(assignment) : undefined;
      if (chosen === ABSENT) return ABSENT;
      if (chosen === undefined) {
        unknown.add(value);
        return value;
      }
      if (chosen === value) return build(value);
      value = chosen;
    }
  };

  const buildMap = (map: ValueMap): Value => {
    const copy: Record<string, Value> = {};
    const keys: string[] = [];
    let changed = false;
    for (const key of keysOf(map)) {
      const child = get(map, key)!;
      const settled = settle(child);
      if (settled !== child) changed = true;
      if (settled === ABSENT) continue;
      keys.push(key);
      Object.defineProperty(copy, key, { value: settled, enumerable: true, writable: true, configurable: true });
    }
    if (!changed) return map;
    return map[KEY_ORDER] === undefined ? copy : Object.assign(copy, { [KEY_ORDER]: keys });
  };

  const buildList = (list: readonly Value[]): Value => {
    const copy: Value[] = [];
    let changed = false;
    for (const child of list) {
      const settled = settle(child);
      if (settled !== child) changed = true;
      if (settled !== ABSENT) copy.push(settled);
    }
    return changed ? copy : list;
  };

  const value = build(document.value);
  return { value, isUnknown: (node) => unknown.has(node) };
}
