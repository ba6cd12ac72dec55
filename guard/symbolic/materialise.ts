/**
 * A resolved document with an assignment of its choices carried out: what CloudFormation would see if the open
 * conditions came out so. Used to explain a failure in terms of values.
 */
import { ABSENT, KEY_ORDER, get, isList, isMap, keysOf } from '../../template/index.js';
import type { Assignment, Path, ResolvedDocument, Value, ValueMap } from '../../template/index.js';

export interface Materialised {
  readonly value: Value;
  /** The path in the resolved document of a path in {@link value}: below a chosen branch it leads into that branch. */
  resolvedPath(path: Path): Path;
  /** Whether a map stands for a value that stays unknown. */
  isUnknown(node: Value): boolean;
}

/** Carries out an assignment. Parts of the document without choices keep their identity. Cost: the size of the document. */
export function materialise(document: ResolvedDocument, assignment: Assignment): Materialised {
  /** Containers that were rebuilt: child key → path steps below the written container. */
  const moved = new Map<Value, Map<string | number, Path>>();
  const unknown = new Set<Value>();

  const build = (value: Value): Value => {
    if (isList(value)) return buildList(value);
    if (isMap(value)) return buildMap(value);
    return value;
  };

  /** The value that a node stands for, and the steps from the node to where that value is written. */
  const settle = (node: Value): { value: Value | typeof ABSENT; steps: Path } => {
    let value = node;
    let steps: Path = [];
    for (;;) {
      const open = isMap(value) ? document.unknownAt(value) : undefined;
      if (open === undefined) return { value: build(value), steps };
      const chosen = open.choices.every((choice) => assignment.has(choice.id)) ? open.under(assignment) : undefined;
      if (chosen === ABSENT) return { value: ABSENT, steps };
      if (chosen === undefined || open.choices.length === 0) {
        unknown.add(value);
        return { value, steps };
      }
      if (chosen === value) return { value: build(value), steps };
      steps = [...steps, ...branchSteps(value as ValueMap, assignment)];
      value = chosen;
    }
  };

  const buildMap = (map: ValueMap): Value => {
    const copy: Record<string, Value> = {};
    const steps = new Map<string | number, Path>();
    const keys: string[] = [];
    let changed = false;
    for (const key of keysOf(map)) {
      const child = get(map, key)!;
      const settled = settle(child);
      if (settled.value !== child) changed = true;
      if (settled.value === ABSENT) continue;
      keys.push(key);
      Object.defineProperty(copy, key, { value: settled.value, enumerable: true, writable: true, configurable: true });
      steps.set(key, [key, ...settled.steps]);
    }
    if (!changed) return map;
    const result: ValueMap = map[KEY_ORDER] === undefined ? copy : Object.assign(copy, { [KEY_ORDER]: keys });
    moved.set(result, steps);
    return result;
  };

  const buildList = (list: readonly Value[]): Value => {
    const copy: Value[] = [];
    const steps = new Map<string | number, Path>();
    let changed = false;
    for (const [index, child] of list.entries()) {
      const settled = settle(child);
      if (settled.value !== child) changed = true;
      if (settled.value === ABSENT) continue;
      steps.set(copy.length, [index, ...settled.steps]);
      copy.push(settled.value);
    }
    if (!changed) return list;
    moved.set(copy, steps);
    return copy;
  };

  const { value } = document;
  const result = build(value);
  return {
    value: result,
    isUnknown: (node) => unknown.has(node),
    resolvedPath: (path) => {
      const steps: (string | number)[] = [];
      let at: Value | undefined = result;
      for (const step of path) {
        const mapped: Path | undefined = at === undefined ? undefined : moved.get(at)?.get(step);
        steps.push(...(mapped ?? [step]));
        if (isMap(at)) at = get(at, String(step));
        else if (isList(at)) at = at[Number(step)];
        else at = undefined;
      }
      return steps;
    },
  };
}

/** Where inside a written `Fn::If` the chosen branch stands; other intrinsics have no place of their own for their value. */
function branchSteps(node: ValueMap, assignment: Assignment): Path {
  const branches = get(node, 'Fn::If');
  if (!isList(branches) || typeof branches[0] !== 'string') return [];
  const decided = assignment.get(`condition:${branches[0]}`);
  return typeof decided === 'boolean' ? ['Fn::If', decided ? 1 : 2] : [];
}
