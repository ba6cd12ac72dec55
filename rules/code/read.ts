/** Reads values of resources: what lies below a path, and scalars as text. */
import { Float, get, isList, isMap } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import type { ResourceUnder, View } from './view.js';

/** The value below some keys and indexes; `undefined` when it is not there. */
export function at(value: Value | undefined, ...path: Path): Value | undefined {
  let node = value;
  for (const step of path) {
    if (isList(node)) node = typeof step === 'number' ? node[step] : undefined;
    else if (isMap(node)) node = get(node, String(step));
    else return undefined;
  }
  return node;
}

/** The elements of a list; a single value stands for a list of one; nothing for none. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

/** A scalar as text, unknowns as text too; `undefined` for maps, lists and what is not there. */
export function scalar(view: View, value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Float) return String(value.value);
  if (typeof value === 'object') return view.text(value);
  return String(value);
}

/** Whether a scalar is known, and not partly unknown. */
export function isKnown(view: View, text: string | undefined): text is string {
  return text !== undefined && view.unknownsIn(text).length === 0;
}

/** The way from the document's root to a property of a resource. */
export function pathOf({ key }: ResourceUnder, ...path: Path): Path {
  return ['Resources', key, 'Properties', ...path];
}

/** The text of a parameter of the rules, empty when it is no text. */
export function parameterText(view: View, name: string): string {
  const value = view.parameters[name];
  return typeof value === 'string' ? value : '';
}

/** The resource of a type that a value names: by reference, or by the text that one of its properties holds. */
export function named(
  view: View,
  value: Value | undefined,
  type: string,
  ...property: Path
): ResourceUnder | undefined {
  const found = view.graph.target(value, type);
  const text = scalar(view, value);
  if (found !== undefined || text === undefined) return found;
  return view.resources(type).find(({ properties }) => scalar(view, at(properties, ...property)) === text);
}

/** Whether a value names a resource: by reference, or by the text that one of its properties holds. */
export function isNamed(view: View, value: Value | undefined, resource: ResourceUnder, ...property: Path): boolean {
  if (view.graph.target(value, resource.type) === resource) return true;
  const text = scalar(view, value);
  return text !== undefined && scalar(view, at(resource.properties, ...property)) === text;
}
