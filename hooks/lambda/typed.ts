/**
 * Contexts of change sets have every number and Boolean as text. Where the catalogue says that a property is a number or a
 * Boolean, and the text is one, it becomes one again; everything else stays as it is, so that nothing is made up.
 */
import { resourceType } from '../../catalogue/index.js';
import type { PropertyType } from '../../catalogue/index.js';
import type { JsonMap } from './event.js';

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/** The properties of a resource with numbers and Booleans where its type has them. */
export function typed(type: string, properties: JsonMap): JsonMap {
  const known = resourceType(type);
  if (known === undefined) return properties;
  return object(properties, (key) => known.properties.get(key)?.type);
}

function object(value: JsonMap, typeOf: (key: string) => PropertyType | undefined): JsonMap {
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const type = typeOf(key);
      return [key, type === undefined ? each : convert(type, each)];
    }),
  );
}

function convert(type: PropertyType, value: unknown): unknown {
  switch (type.kind) {
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'integer':
    case 'number':
      return numberOf(value);
    case 'list':
      return Array.isArray(value) ? value.map((each) => convert(type.element, each)) : value;
    case 'map':
      return isJsonMap(value) ? object(value, () => type.element) : value;
    case 'object':
      return isJsonMap(value) ? object(value, (key) => type.properties.get(key)?.type) : value;
    case 'union':
      return ofUnion(type.types, value);
    default:
      return value;
  }
}

/** A text may be meant as text where the type takes one; an object is read as the one form that is an object. */
function ofUnion(types: readonly PropertyType[], value: unknown): unknown {
  if (typeof value === 'string' && types.some(({ kind }) => kind === 'string' || kind === 'json')) return value;
  const fitting = types.filter(({ kind }) =>
    Array.isArray(value) ? kind === 'list' : isJsonMap(value) ? kind === 'object' || kind === 'map' : true,
  );
  for (const each of fitting) {
    const converted = convert(each, value);
    if (JSON.stringify(converted) !== JSON.stringify(value)) return converted;
  }
  return value;
}

/** Only a text that the number is written as again: `0x10` and `007` are none. */
function numberOf(value: unknown): unknown {
  if (typeof value !== 'string' || !NUMBER.test(value)) return value;
  const number = Number(value);
  return String(number) === value ? number : value;
}

function isJsonMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
