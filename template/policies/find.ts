/** Finds the policy documents of one resource. */
import { get, isList, isMap } from '../values.js';
import type { Path, Value } from '../values.js';
import { POLICY_PLACES } from './places.js';
import type { PlaceKind } from './places.js';

/** A policy document of a resource. */
export interface FoundPolicy {
  readonly kind: PlaceKind;
  /** The document; a map, or JSON text in properties that take text. */
  readonly value: Value;
  /** From the resource on: `Properties`, names and indexes. */
  readonly path: Path;
  /** The value of the property that names what the policy protects. */
  readonly protects?: Value;
}

/**
 * The policy documents of a resource.
 *
 * @param type - Its resource type.
 * @param resource - With its choices made; a part that is not known may stand where a document would.
 */
export function policiesOf(type: string, resource: Value): readonly FoundPolicy[] {
  const places = Object.hasOwn(POLICY_PLACES, type) ? POLICY_PLACES[type]! : [];
  const properties = isMap(resource) ? get(resource, 'Properties') : undefined;
  if (places.length === 0 || !isMap(properties)) return [];
  return places.flatMap(({ kind, path, protects }) => {
    const target = protects === undefined ? undefined : get(properties, protects);
    return at(properties, path, ['Properties']).map((found) => ({
      kind,
      ...found,
      ...(target === undefined ? {} : { protects: target }),
    }));
  });
}

function at(value: Value, path: readonly string[], way: Path): { readonly value: Value; readonly path: Path }[] {
  const [first, ...rest] = path;
  if (first === undefined) return [{ value, path: way }];
  if (first === '*') {
    // A single map where a list belongs is what CloudFormation takes for a list of one.
    if (!isList(value)) return at(value, rest, way);
    return value.flatMap((item, index) => at(item, rest, [...way, index]));
  }
  const next = isMap(value) ? get(value, first) : undefined;
  return next === undefined ? [] : at(next, rest, [...way, first]);
}
