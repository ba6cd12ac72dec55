/** A part of a resolved document with its open choices made. */
import { ABSENT } from '../unknown.js';
import type { Assignment, Choice, ResolvedDocument, Unknown } from '../unknown.js';
import { get, isList, isMap, KEY_ORDER, keysOf } from '../values.js';
import type { Value, ValueMap } from '../values.js';

/** Most choices of one part that are tried; a template with more is not decided. */
const MAX_CHOICES = 64;

/**
 * The choices that a part of the document hangs on.
 *
 * @returns `undefined` when there are more than can be tried.
 */
export function choicesIn(node: Value, document: ResolvedDocument): readonly Choice[] | undefined {
  const found = new Map<string, Choice>();
  const seen = new Set<Value>();
  const walk = (value: Value, assignment: Assignment): boolean => {
    if (typeof value !== 'object' || value === null) return true;
    if (seen.has(value)) return true;
    seen.add(value);
    const unknown = document.unknownAt(value);
    if (unknown !== undefined) {
      for (const choice of unknown.choices) found.set(choice.id, choice);
      if (found.size > MAX_CHOICES) return false;
      // What stands behind a choice may hang on further ones.
      return assignmentsOf(unknown.choices, 16).every((more) => {
        const under = unknown.choices.length === 0 ? undefined : unknown.under(new Map([...assignment, ...more]));
        return under === undefined || under === ABSENT || walk(under, new Map([...assignment, ...more]));
      });
    }
    const items = isList(value) ? value : isMap(value) ? keysOf(value).map((key) => get(value, key)!) : [];
    return items.every((item) => walk(item, assignment));
  };
  return walk(node, new Map()) ? [...found.values()] : undefined;
}

/** All ways to make some choices, the first of each first; no more than `most`. */
function assignmentsOf(choices: readonly Choice[], most: number): readonly Assignment[] {
  let all: Assignment[] = [new Map()];
  for (const { id, values } of choices) {
    all = all.flatMap((one) => values.map((value) => new Map([...one, [id, value]]))).slice(0, most + 1);
  }
  return all;
}

/**
 * The ways to make some choices together that values of the parameters lead to. Choices that cannot be made together are
 * left out as soon as they meet: ten conditions on one parameter are not a thousand ways.
 *
 * @returns `undefined` when there are more than `most`.
 */
export function feasibleAssignments(
  choices: readonly Choice[],
  document: ResolvedDocument,
  most: number,
): readonly Assignment[] | undefined {
  let all: readonly Assignment[] = [new Map()];
  for (const { id, values } of choices) {
    const longer: Assignment[] = [];
    for (const one of all) {
      for (const value of values) {
        const next = new Map([...one, [id, value]]);
        if (!document.feasible(next)) continue;
        if (longer.length === most) return undefined;
        longer.push(next);
      }
    }
    all = longer;
  }
  return all;
}

/**
 * A part of the document under an assignment of its choices.
 *
 * @returns The part; unknowns that no choice decides stay the maps that `document` knows. {@link ABSENT} when the part is
 *   not there.
 */
export function valueUnder(node: Value, document: ResolvedDocument, assignment: Assignment): Value | typeof ABSENT {
  if (typeof node !== 'object' || node === null) return node;
  const unknown = document.unknownAt(node);
  if (unknown !== undefined) {
    const decided = decidedBy(unknown, assignment);
    if (decided === undefined) return node;
    return decided === ABSENT ? ABSENT : valueUnder(decided, document, assignment);
  }
  if (isList(node)) {
    const items = node.map((item) => valueUnder(item, document, assignment));
    return items.every((item, index) => item === node[index]) ? node : items.filter((item) => item !== ABSENT);
  }
  if (!isMap(node)) return node;
  return mapUnder(node, document, assignment);
}

function decidedBy(unknown: Unknown, assignment: Assignment): Value | typeof ABSENT | undefined {
  if (unknown.choices.length === 0 || !unknown.choices.every(({ id }) => assignment.has(id))) return undefined;
  return unknown.under(assignment);
}

function mapUnder(node: ValueMap, document: ResolvedDocument, assignment: Assignment): ValueMap {
  const keys = keysOf(node);
  const values = keys.map((key) => valueUnder(node[key]!, document, assignment));
  if (values.every((value, index) => value === node[keys[index]!])) return node;
  const map: Record<string, Value> & { [KEY_ORDER]?: readonly string[] } = {};
  const kept: string[] = [];
  keys.forEach((key, index) => {
    const value = values[index]!;
    if (value === ABSENT) return;
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
    kept.push(key);
  });
  if (node[KEY_ORDER] !== undefined) map[KEY_ORDER] = kept;
  return map;
}
