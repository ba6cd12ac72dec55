/** s3-bucket-lifecycle-by-age: rules on data that is rewritten go by the tag that says its age. */
import { lifecycleOf } from '../code/lifecycle.js';
import { parameterText, pathOf } from '../code/read.js';
import { declaredBuckets } from '../code/retention.js';
import type { View } from '../code/view.js';

export function check(view: View): void {
  const ageTag = parameterText(view, 'ageTag');
  const undeclared = (): undefined => undefined;
  const tag = parameterText(view, 'retentionTag');
  for (const { bucket, name, kept } of declaredBuckets(view, tag, view.parameters['retention'], undeclared)) {
    if (kept.byAge !== true) continue;
    const { steps, unknowns } = lifecycleOf(view, bucket, ageTag);
    if (unknowns.length > 0) {
      view.open(bucket, pathOf(bucket, 'LifecycleConfiguration'), unknowns);
      continue;
    }
    const wrong = steps.filter(({ isByAge }) => !isByAge);
    for (const { path } of wrong) {
      const message = `the rule goes by the date of the object, which starts anew when \`${name}\` data is rewritten: it has no \`TagFilters\` with \`${ageTag}\``;
      view.fail(bucket, { path, message, subject: path.join('/') });
    }
    if (steps.length > 0 && wrong.length === 0) view.pass(bucket);
  }
}
