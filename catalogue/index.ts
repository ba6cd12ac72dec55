/**
 * Resource types of AWS CloudFormation: properties, attributes, identifiers, tags. The data is generated from
 * `@aws-cdk/aws-service-spec` and committed; nothing is read from disk or network. Types that the source does not
 * know (custom resources, private types, modules) are not in the catalogue.
 */
import { decodeService, type Service } from './decode.js';
import { SERVICES, SOURCE } from './generated/resource-types.js';
import { nearestName } from './nearest.js';
import type { Property, PropertyType, ResourceType, TagProperty } from './types.js';

export type { Property, PropertyType, ResourceType, TagProperty, TagShape } from './types.js';
export { nearestName } from './nearest.js';

/** Where the data comes from: package, its version, and the date (`YYYY-MM-DD`) on which it was generated. */
export const catalogueInfo: { readonly package: string; readonly version: string; readonly date: string } = SOURCE;

const services = new Map<string, Service>();
let names: readonly string[] | undefined;

function serviceOf(service: string): Service | undefined {
  const known = services.get(service);
  if (known || !Object.hasOwn(SERVICES, service)) return known;
  const decoded = decodeService(service, SERVICES[service]![1]);
  services.set(service, decoded);
  return decoded;
}

/**
 * @param name - Such as `AWS::S3::Bucket`; case counts, as CloudFormation has it.
 * @returns `undefined` for a type that the catalogue does not know.
 */
export function resourceType(name: string): ResourceType | undefined {
  const end = name.lastIndexOf('::');
  return end < 0 ? undefined : serviceOf(name.slice(0, end))?.type(name.slice(end + 2));
}

/** The names of all resource types, sorted by service and name. */
export function resourceTypeNames(): readonly string[] {
  return (names ??= Object.entries(SERVICES).flatMap(([service, [lastNames]]) =>
    lastNames.split(',').map((lastName) => `${service}::${lastName}`),
  ));
}

/** The name of an existing type that somebody who wrote `name` probably meant; see {@link nearestName}. */
export function nearestTypeName(name: string): string | undefined {
  return nearestName(name, resourceTypeNames());
}

/**
 * Finds a property below `Properties`.
 *
 * @param type - A resource type or its name.
 * @param path - Property names, map keys and list indices; any number or `*` stands for the elements of a list or map.
 * @returns The property. For an element of a list or map: a property with the element's type and the name of the last
 *   segment. Below a JSON value anything may stand, so such a path gives a property of type `json`. `undefined` when the
 *   type or the path does not exist, or the path is empty.
 */
export function propertyAt(type: ResourceType | string, path: readonly (string | number)[]): Property | undefined {
  const start = typeof type === 'string' ? resourceType(type) : type;
  const [first, ...rest] = path;
  if (start === undefined || first === undefined) return undefined;
  let property = start.properties.get(String(first));
  for (const segment of rest) {
    if (property === undefined) return undefined;
    property = step(property.type, segment);
  }
  return property;
}

function step(type: PropertyType, segment: string | number): Property | undefined {
  switch (type.kind) {
    case 'object':
      return type.properties.get(String(segment));
    case 'list':
      return typeof segment === 'number' || /^(?:\d+|\*)$/.test(segment) ? element(segment, type.element) : undefined;
    case 'map':
      return element(segment, type.element);
    case 'json':
      return element(segment, type);
    case 'union':
      return type.types.map((each) => step(each, segment)).find((found) => found !== undefined);
    default:
      return undefined;
  }
}

function element(segment: string | number, type: PropertyType): Property {
  return { name: String(segment), type, required: false, replacement: 'never', deprecated: false };
}

/**
 * @param name - A resource type.
 * @returns The names that `Fn::GetAtt` takes, such as `Arn` or `Endpoint.Port`; `undefined` for an unknown type.
 */
export function attributesOf(name: string): readonly string[] | undefined {
  const type = resourceType(name);
  return type && [...type.attributes.keys()];
}

/**
 * @param name - A resource type.
 * @returns The property that holds its tags; `undefined` when the type takes none or is unknown.
 */
export function tagPropertyOf(name: string): TagProperty | undefined {
  return resourceType(name)?.tags;
}
