/** A template as it will read once it is deployed: references to its resources give the names that they will have. */
import { resolveTemplate } from '../resolve/resolve-template.js';
import type { Resolution, ResolveOptions } from '../resolve/resolve-template.js';
import { get, isMap } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { supposedName } from './names.js';
import type { SupposedPlace } from './names.js';

/** Stands for an account of which nothing is known but that it is the stack's own. */
export const OWN_ACCOUNT = '000000000000';

/** Stands for a Region that is not known. */
const SOME_REGION = 'us-east-1';

/** A template with supposed names. */
export interface Supposed {
  readonly resolution: Resolution;
  readonly place: SupposedPlace;
}

/**
 * Resolves a template once more, with names supposed for its resources.
 *
 * @param resolution - Of the same template, from which types and given names are taken.
 * @param options - Those of `resolution`. An account or Region that they leave open is supposed too: the own account is
 *   {@link OWN_ACCOUNT}, so that it differs from any account that the template names.
 * @returns A document for reading policies, not for what the stack is called.
 */
export function supposeTemplate(template: ValueMap, resolution: Resolution, options: ResolveOptions): Supposed {
  const region = options.region ?? SOME_REGION;
  const partition = options.partition ?? partitionOf(region);
  const place = { partition, region, accountId: options.accountId ?? OWN_ACCOUNT };
  const { model, document } = resolution;
  const resources = get(document.value, 'Resources');
  const named = (key: string): Value | undefined => (isMap(resources) ? get(resources, key) : undefined);
  // Templates refer to few resources often.
  const known = new Map<string, string | undefined>();
  const supposed = (key: string, attribute: string | undefined): string | undefined => {
    const reference = JSON.stringify([key, attribute ?? null]);
    if (!known.has(reference)) {
      const resource = { type: model.resources.get(key)?.type, resource: named(key) };
      known.set(reference, supposedName(key, resource, attribute, place));
    }
    return known.get(reference);
  };
  return { resolution: resolveTemplate(template, { ...options, ...place, supposed }), place };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
