/** Buckets that declare by a tag how long their data is kept. */
import type { Kept } from './lifecycle.js';
import { tagOf } from './tags.js';
import type { ResourceUnder, View } from './view.js';

/** A bucket, and what it declares. */
export interface Declared {
  readonly bucket: ResourceUnder;
  readonly name: string;
  readonly kept: Kept;
}

/**
 * The buckets with a declaration of the organization.
 *
 * @param onUndeclared - Called for a bucket that names something else.
 */
export function declaredBuckets(
  view: View,
  tagKey: string,
  declarations: unknown,
  onUndeclared: (bucket: ResourceUnder, name: string, path: readonly (string | number)[]) => void,
): readonly Declared[] {
  const known = (typeof declarations === 'object' && declarations !== null ? declarations : {}) as Record<string, Kept>;
  return view.resources('AWS::S3::Bucket').flatMap((bucket): Declared[] => {
    const tag = tagOf(view, bucket, tagKey);
    if (tag.state === 'unknown') view.open(bucket, tag.path, tag.unknowns);
    if (tag.state !== 'value') return [];
    if (Object.hasOwn(known, tag.text)) return [{ bucket, name: tag.text, kept: known[tag.text]! }];
    if (tag.unknowns.length > 0) view.open(bucket, tag.path, tag.unknowns);
    else onUndeclared(bucket, tag.text, tag.path);
    return [];
  });
}
