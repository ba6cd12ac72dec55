/**
 * `PropagateTags`: the resources that SAM makes for a function carry the function's tags.
 *
 * Follows "PropagateTags" and "Tags" of "AWS::Serverless::Function" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-propagatetags).
 * An API that SAM makes for events of such functions carries their tags, too.
 */
import { tagPropertyOf } from '../../../catalogue/index.js';
import { get, isMap } from '../../values.js';
import { textOf } from '../build.js';
import type { Located, Origins } from '../origins.js';
import type { Declared } from '../sections.js';
import { isOrdinaryMap } from './resource.js';
import type { ServerlessResource } from './resource.js';

/** The tags that a resource hands on to what is made for it. */
export function propagatedTags(sam: ServerlessResource): Located | undefined {
  const flag = sam.property('PropagateTags');
  return flag !== undefined && textOf(flag.node)?.toLowerCase() === 'true' ? sam.property('Tags') : undefined;
}

/** Gives resources made for a function its tags, where their types take tags and they have none of their own. */
export function withPropagatedTags(sam: ServerlessResource, made: readonly Declared[]): readonly Declared[] {
  const map = propagatedTags(sam);
  const list = map && sam.tagList();
  if (map === undefined || list === undefined) return made;
  return made.map((one) => {
    const type = isMap(one.node) ? get(one.node, 'Type') : undefined;
    const tags = typeof type === 'string' ? tagPropertyOf(type) : undefined;
    if (tags?.shape !== 'list' && tags?.shape !== 'map') return one;
    return { ...one, node: tagged(sam.origins, one, tags.name, tags.shape === 'list' ? list : map) };
  });
}

function tagged(origins: Origins, { node, path }: Declared, name: string, tags: Located): Declared['node'] {
  const resource = { node, path };
  const properties = origins.child(resource, 'Properties')!;
  if (origins.child(properties, name) !== undefined) return node;
  const withTags = origins.map(properties.path, [...origins.entries(properties), [name, tags] as const]);
  const entries = new Map(origins.entries(resource)).set('Properties', withTags);
  return origins.map(path, entries).node;
}

/** The properties of an API that is made for events, with the tags of the functions that hand them on. */
export function withTagsOf(origins: Origins, api: Located, functions: readonly ServerlessResource[]): Located {
  const given = functions.flatMap((sam) => propagatedTags(sam) ?? []).filter(isOrdinaryMap);
  const own = origins.child(api, 'Tags');
  if (given.length === 0 || (own !== undefined && !isOrdinaryMap(own))) return api;
  const tags = new Map(given.flatMap((each) => origins.entries(each)));
  for (const [key, value] of own === undefined ? [] : origins.entries(own)) tags.set(key, value);
  return origins.map(api.path, new Map(origins.entries(api)).set('Tags', origins.map(given[0]!.path, tags)));
}
