/** s3-bucket-one-purpose: data, results of queries, scratch data and scripts have buckets of their own. */
import { DATA, placeUses } from '../code/storage-purposes.js';
import type { PlaceUse } from '../code/storage-purposes.js';
import type { View } from '../code/view.js';

export function check(view: View): void {
  const zones = view.texts('dataZones');
  const all = placeUses(view, zones);
  const uses = new Map<string, PlaceUse[]>();
  for (const use of all) uses.set(use.bucket, [...(uses.get(use.bucket) ?? []), use]);
  for (const [bucket, own] of uses) judge(view, bucket, withoutPlain(own, zones), all);
}

/** A whole bucket that is registered, or the place of a database, holds what its tables hold. */
function withoutPlain(uses: readonly PlaceUse[], zones: readonly string[]): readonly PlaceUse[] {
  const isZoned = uses.some(({ purpose }) => zones.some((zone) => purpose === `${zone} data`));
  return isZoned ? uses.filter(({ purpose }) => purpose !== DATA) : uses;
}

function judge(view: View, bucket: string, uses: readonly PlaceUse[], all: readonly PlaceUse[]): void {
  const [first] = uses;
  const { purpose, resource, path, unknowns } = first!;
  const others = uses.filter((use) => use.purpose !== purpose);
  if (others.length === 0) {
    const isAlone = all.every((use) => use.bucket === bucket || use.purpose === purpose);
    if (unknowns.length > 0 && !isAlone) view.open(resource, path, unknowns);
    else view.pass(resource);
  }
  const told = new Set<string>();
  for (const use of others) {
    if (told.has(use.purpose)) continue;
    told.add(use.purpose);
    const name = view.unknownsIn(bucket).length > 0 ? '' : ` \`${bucket}\``;
    view.fail(use.resource, {
      path: use.path,
      message: `the bucket${name} holds ${use.purpose}, and ${purpose} of \`${resource.logicalId}\``,
      subject: `${bucket} ${use.purpose}`,
    });
  }
}
