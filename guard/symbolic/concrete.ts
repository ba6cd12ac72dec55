/** Values without open choices inside, made when a clause compares them whole. */
import { ABSENT, KEY_ORDER, get, isList, isMap, keysOf } from '../../template/index.js';
import type { Assignment, ResolvedDocument, Unknown, Value, ValueMap } from '../../template/index.js';
import { NeedChoice, UnknownValue } from './choices.js';
import type { ChoiceSpace } from './choices.js';

/** Documents whose maps were asked already whether anything inside them is open. */
const scanned = new WeakMap<ResolvedDocument, WeakMap<object, boolean>>();

/** Whether a value is an unknown or holds one at any depth. */
function isOpen(document: ResolvedDocument, value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false;
  let known = scanned.get(document);
  if (known === undefined) scanned.set(document, (known = new WeakMap<object, boolean>()));
  const cached = known.get(value);
  if (cached !== undefined) return cached;
  let open = false;
  if (isList(value)) open = value.some((item) => isOpen(document, item));
  else if (isMap(value)) {
    open = document.unknownAt(value) !== undefined || keysOf(value).some((key) => isOpen(document, get(value, key)!));
  }
  known.set(value, open);
  return open;
}

/**
 * The value under an assignment, with every choice inside carried out.
 * @param depth - How many levels of containers to carry out; deeper ones are left as they are.
 * @returns The value, or the unknown that makes it impossible to tell.
 * @throws NeedChoice when a condition inside is not in the assignment.
 */
export function concrete(
  space: ChoiceSpace,
  value: Value,
  assignment: Assignment,
  depth = Infinity,
): Value | UnknownValue {
  if (!isOpen(space.document, value)) return value;
  const settled = settled1(space, value, assignment);
  if (settled instanceof UnknownValue) return settled;
  // An absent value at the top has been dealt with by the query; only containers meet one here.
  return settled === ABSENT ? value : inside(space, settled, assignment, depth);
}

function settled1(space: ChoiceSpace, value: Value, assignment: Assignment): Value | typeof ABSENT | UnknownValue {
  const unknown = isMap(value) ? space.document.unknownAt(value) : undefined;
  if (unknown === undefined) return value;
  const open = unknown.choices.find((choice) => !assignment.has(choice.id));
  if (open !== undefined) {
    if (unknown.choices.some((choice) => choice.kind === 'parameter' && !assignment.has(choice.id))) {
      return new UnknownValue(unknown);
    }
    throw new NeedChoice(open);
  }
  const chosen = unknown.choices.length === 0 ? undefined : unknown.under(assignment);
  if (chosen === undefined) return new UnknownValue(unknown);
  return chosen === ABSENT || chosen === value ? chosen : settled1(space, chosen, assignment);
}

function inside(space: ChoiceSpace, value: Value, assignment: Assignment, depth: number): Value | UnknownValue {
  if (depth === 0 || !isOpen(space.document, value)) return value;
  if (isList(value)) {
    const items: Value[] = [];
    for (const item of value) {
      const child = childOf(space, item, assignment, depth);
      if (child instanceof UnknownValue) return child;
      if (child !== ABSENT) items.push(child);
    }
    return items;
  }
  if (!isMap(value)) return value;
  const copy: Record<string, Value> = {};
  const keys: string[] = [];
  for (const key of keysOf(value)) {
    const child = childOf(space, get(value, key)!, assignment, depth);
    if (child instanceof UnknownValue) return child;
    if (child === ABSENT) continue;
    keys.push(key);
    Object.defineProperty(copy, key, { value: child, enumerable: true });
  }
  return Object.assign<ValueMap, { [KEY_ORDER]: string[] }>(copy, { [KEY_ORDER]: keys });
}

function childOf(
  space: ChoiceSpace,
  value: Value,
  assignment: Assignment,
  depth: number,
): Value | typeof ABSENT | UnknownValue {
  const settled = settled1(space, value, assignment);
  // A shallow look asks only which children there are: a child nobody knows is there.
  if (settled instanceof UnknownValue) return depth === 1 && isPresent(settled.unknown) ? value : settled;
  return settled === ABSENT ? ABSENT : inside(space, settled, assignment, depth - 1);
}

/** Whether an unknown stands for a value that is certainly there, whatever it is. */
export function isPresent(unknown: Unknown): boolean {
  return unknown.kind !== 'macro' && unknown.kind !== 'invalid' && unknown.kind !== 'condition';
}
