/** The tags of resources, in every form that a resource type has for them. */
import { tagPropertyOf } from '../../catalogue/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Path, Unknown, Value } from '../../template/index.js';
import { at, itemsOf, pathOf, scalar } from './read.js';
import type { ResourceUnder, View } from './view.js';

/** What a template says of a tag of a resource. `path` leads to the tag, or to where it is missing. */
export type Tag =
  | { readonly state: 'value'; readonly text: string; readonly unknowns: readonly Unknown[]; readonly path: Path }
  /** Whether the resource has the tag hangs on these. */
  | { readonly state: 'unknown'; readonly unknowns: readonly Unknown[]; readonly path: Path }
  | { readonly state: 'absent'; readonly path: Path }
  /** The type takes no tags, or in a form that is not known. */
  | { readonly state: 'untaggable' };

/** The tag of a resource, its key in exactly this spelling. */
export function tagOf(view: View, resource: ResourceUnder, key: string): Tag {
  const where = tagPropertyOf(resource.type);
  if (where === undefined || where.shape === 'other') return { state: 'untaggable' };
  const path = pathOf(resource, where.name);
  const value = get(resource.properties, where.name);
  if (value === undefined) return { state: 'absent', path };
  if (where.shape !== 'specifications') return inValue(view, value, key, path);
  const found = itemsOf(value).map((item, index) =>
    inValue(view, at(item, 'Tags') ?? [], key, [...path, index, 'Tags']),
  );
  return found.find(({ state }) => state === 'value') ?? found[0] ?? { state: 'absent', path };
}

/** In a list of keys and values, or a map from key to value. */
function inValue(view: View, value: Value, key: string, path: Path): Tag {
  const whole = view.text(value);
  if (whole !== undefined) return { state: 'unknown', unknowns: view.unknownsIn(whole), path };
  if (isMap(value)) {
    const text = scalar(view, get(value, key));
    return text === undefined ? { state: 'absent', path } : known(view, text, [...path, key]);
  }
  const unknowns: Unknown[] = [];
  for (const [index, item] of isList(value) ? value.entries() : []) {
    const name = scalar(view, isMap(item) && view.text(item) === undefined ? get(item, 'Key') : item);
    const text = scalar(view, at(item, 'Value'));
    if (name === key && text !== undefined) return known(view, text, [...path, index, 'Value']);
    if (name !== undefined) unknowns.push(...view.unknownsIn(name));
  }
  return unknowns.length > 0 ? { state: 'unknown', unknowns, path } : { state: 'absent', path };
}

function known(view: View, text: string, path: Path): Tag {
  return { state: 'value', text, unknowns: view.unknownsIn(text), path };
}
