/** Tags that an organization asks for, on every resource of a template that can carry any. */
import { resourceType } from '../../catalogue/index.js';
import type { Json, JsonMap } from './json.js';

/** @returns The template with the tags put behind those that resources have already; these win. */
export function withTags(template: JsonMap, tags: Readonly<Record<string, string>>): JsonMap {
  const wanted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  if (wanted.length === 0) return template;
  const resources = template['Resources'] as Readonly<Record<string, JsonMap>>;
  const tagged = Object.entries(resources).map(([logicalId, resource]) => [logicalId, tag(resource, wanted)] as const);
  return { ...template, Resources: Object.fromEntries(tagged) };
}

function tag(resource: JsonMap, wanted: readonly (readonly [string, string])[]): JsonMap {
  const property = resourceType(resource['Type'] as string)?.tags;
  // Types with tags as a map are not among those of the templates.
  if (property?.shape !== 'list') return resource;
  const properties = resource['Properties'] as JsonMap;
  const own = (properties[property.name] ?? []) as readonly { readonly Key: string; readonly Value: string }[];
  const added = wanted.filter(([key]) => !own.some(({ Key }) => Key === key)).map(([Key, Value]) => ({ Key, Value }));
  return { ...resource, Properties: { ...properties, [property.name]: [...own, ...added] as Json } };
}
