/** Values drawn for restricted schemas: ones that fit, with the types that the schema writes. */
import fc from 'fast-check';
import { own, resolved } from '../../../hooks/gate/schema.js';
import type { RestrictedSchema, Schema } from '../../../hooks/gate/index.js';
import type { Value } from '../../../template/index.js';

/** What the drawing takes its decisions from. */
export type Draw = (below: number) => number;

/** A value that fits, or `undefined` where nothing does. Few of the optional properties are there, more near the root. */
export function fitting(root: RestrictedSchema, schema: Schema, draw: Draw, depth = 0): Value | undefined {
  const node = resolved(root, schema);
  if (node.not !== undefined) return undefined;
  if (node.anyOf !== undefined) return fitting(root, node.anyOf[draw(node.anyOf.length)]!, draw, depth);
  if (node.enum !== undefined) return node.enum[draw(node.enum.length)];
  switch (node.type) {
    case 'object':
      return fittingObject(root, node, draw, depth);
    case 'array': {
      const element = depth > 6 ? undefined : fitting(root, node.items!, draw, depth + 1);
      return element === undefined ? [] : [element];
    }
    case 'string':
      return ['a', 'orders', '', 'arn:aws:sns:eu-west-1:111122223333:x'][draw(4)]!;
    case 'boolean':
      return draw(2) === 1;
    case 'integer':
      return draw(100);
    case 'number':
      return draw(100) / 2 + 0.25;
    default:
      return { anything: [1] };
  }
}

function fittingObject(root: RestrictedSchema, node: Schema, draw: Draw, depth: number): Value | undefined {
  const entries: [string, Value][] = [];
  for (const [name, schema] of Object.entries(node.properties ?? {})) {
    const isRequired = node.required?.includes(name) === true;
    if (!isRequired && (depth > 4 || draw(3 + depth * 2) > 0)) continue;
    const value = depth > 12 ? undefined : fitting(root, schema, draw, depth + 1);
    if (value !== undefined) entries.push([name, value]);
    else if (isRequired) return undefined;
  }
  return Object.fromEntries(entries);
}

/** One change somewhere in a value: something that is too much, missing, or of another kind. */
export function changed(root: RestrictedSchema, schema: Schema, value: Value, draw: Draw): Value {
  const node = resolved(root, schema);
  if (typeof value !== 'object' || value === null || draw(4) === 0) {
    return ([null, true, 7, -1, 0.5, 'other', '7', 'true', [], [1], {}, { Ref: 'X' }] as const)[draw(12)]!;
  }
  if (Array.isArray(value)) {
    const list = value as readonly Value[];
    if (list.length === 0) return [draw(2) === 0 ? 'x' : {}];
    return [changed(root, node.items ?? { not: {} }, list[0]!, draw), ...list.slice(1)];
  }
  const map = value as Readonly<Record<string, Value>>;
  const keys = Object.keys(map);
  const choice = draw(3);
  if (choice === 0 || keys.length === 0) {
    return { ...map, [['NewFeature', 'constructor', '__proto__', 'Name'][draw(4)]!]: 1 };
  }
  const key = keys[draw(keys.length)]!;
  if (choice === 1) return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
  const below = own(node.properties, key) ?? { not: {} };
  return { ...map, [key]: changed(root, below, map[key]!, draw) };
}

/** Decisions out of a list that fast-check draws and shrinks. */
export const decisions = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 60 }).map((list): Draw => {
  let at = 0;
  let state = 7;
  return (below) => {
    // The list runs out for large types; what follows is as good as chance and the same each time.
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const number = list[at++] ?? Math.floor(state / 65_536);
    return number % below;
  };
});
