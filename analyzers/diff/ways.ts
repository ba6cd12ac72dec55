/**
 * The ways to make the choices that parameters without values leave open, together on both sides: a condition that is
 * defined alike in the old and the new template is one choice, whatever it is called.
 */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Assignment, Choice, Value, ValueMap } from '../../template/index.js';
import { jsonOf } from '../json.js';
import type { StackSide } from './side.js';

/** One way: an assignment for each stack of each side. */
export interface Way {
  readonly of: ReadonlyMap<StackSide, Assignment>;
  /** The choices made, such as `IsProduction = true`; `''` when there are none. */
  readonly words: string;
}

/** Most ways that are compared. */
const MOST_WAYS = 64;

/** @returns `undefined` when there are too many ways. */
export function waysOf(stacks: readonly StackSide[]): readonly Way[] | undefined {
  const joint = new Map<
    string,
    { readonly uses: (readonly [StackSide, Choice])[]; readonly values: readonly Value[] }
  >();
  for (const stack of stacks) {
    const choices = stack.choices();
    if (choices === undefined) return undefined;
    for (const choice of choices) {
      const key = keyOf(choice, stack);
      const known = joint.get(key);
      if (known === undefined) joint.set(key, { uses: [[stack, choice]], values: choice.values });
      else known.uses.push([stack, choice]);
    }
  }
  let ways: readonly Way[] = [{ of: new Map(stacks.map((stack) => [stack, new Map()])), words: '' }];
  for (const { uses, values } of joint.values()) {
    const longer: Way[] = [];
    for (const way of ways) {
      for (const value of values) {
        const next = extended(way, uses, value);
        if (next === undefined) continue;
        if (longer.length === MOST_WAYS) return undefined;
        longer.push(next);
      }
    }
    ways = longer;
  }
  return ways;
}

/** @returns `undefined` when no values of the parameters lead there. */
function extended({ of, words }: Way, uses: readonly (readonly [StackSide, Choice])[], value: Value): Way | undefined {
  const next = new Map(of);
  for (const [stack, { id }] of uses) {
    const assignment = new Map([...next.get(stack)!, [id, value] as const]);
    if (!stack.resolution.document.feasible(assignment)) return undefined;
    next.set(stack, assignment);
  }
  const made = `${uses[0]![1].name} = ${jsonOf(value)}`;
  return { of: next, words: words === '' ? made : `${words}, ${made}` };
}

function keyOf(choice: Choice, { input: { name, template } }: StackSide): string {
  const definition =
    choice.kind === 'parameter'
      ? [choice.name, jsonOf(choice.values)]
      : [jsonOf(expanded({ Condition: choice.name }, conditionsOf(template), 0))];
  return [name, choice.kind, ...definition].join('\n');
}

function conditionsOf(template: ValueMap): ValueMap {
  const section = get(template, 'Conditions');
  return isMap(section) ? section : {};
}

/** Deeper than conditions of people and tools go; what is deeper is told apart by name. */
const MOST_DEPTH = 20;

/** A condition with those that it names written out. */
function expanded(node: Value, conditions: ValueMap, depth: number): Value {
  if (isList(node)) return node.map((item) => expanded(item, conditions, depth));
  if (!isMap(node)) return node;
  const keys = keysOf(node);
  const name = keys.length === 1 && keys[0] === 'Condition' ? node['Condition'] : undefined;
  if (typeof name === 'string' && depth < MOST_DEPTH) {
    const definition = get(conditions, name);
    if (definition !== undefined) return expanded(definition, conditions, depth + 1);
  }
  return Object.fromEntries(keys.map((key) => [key, expanded(node[key]!, conditions, depth)]));
}
