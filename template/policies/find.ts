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
  /** Whether statements stand there, which `value` is a document of. `@default` a document stands there */
  readonly statements?: true;
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
  return places.flatMap(({ kind, path, statements, when, protects }) => {
    if (when !== undefined && get(properties, when[0]) !== when[1]) return [];
    const target = protects === undefined ? undefined : get(properties, protects);
    return at(properties, path, ['Properties']).map((found) => ({
      kind,
      ...(statements === undefined ? found : { ...found, value: documentOf(found.value), statements }),
      ...(target === undefined ? {} : { protects: target }),
    }));
  });
}

/** Statements as a document, of the version that services give it. */
function documentOf(statements: Value): Value {
  return { Version: '2012-10-17', Statement: statements };
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
