/** Where a schema refuses values because they may hold anything: the places that an overlay may open. */
import { resolved } from './schema.js';
import type { FreeForm, RestrictedSchema, Schema, SchemaPath } from './schema.js';

/** A place, and what would stand there. */
export interface FreeFormPlace {
  readonly path: SchemaPath;
  readonly kind: 'json' | 'map';
}

/** @returns In the order of the schema; a place inside of an object that several paths share at the first of them. */
export function freeFormPaths(root: RestrictedSchema): readonly FreeFormPlace[] {
  const found: FreeFormPlace[] = [];
  const seen = new Set<Schema>();
  const visit = (schema: Schema, path: SchemaPath): void => {
    const node = resolved(root, schema);
    const free: FreeForm | undefined = node['x-free-form'];
    if (node.not !== undefined && free !== undefined) found.push({ path, kind: free === 'json' ? 'json' : 'map' });
    // Only objects can hold themselves.
    if (node.type === 'object' && seen.has(node)) return;
    seen.add(node);
    for (const [name, each] of Object.entries(node.properties ?? {})) visit(each, [...path, name]);
    if (node.items !== undefined) visit(node.items, [...path, '*']);
    for (const each of node.anyOf ?? []) visit(each, path);
  };
  visit(root, []);
  return found;
}
