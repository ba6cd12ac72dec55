/** s3-bucket-has-bucketpolicy: every bucket has a policy in the template, without which nothing refuses plain HTTP. */
import { property } from '../code/view.js';
import type { View } from '../code/view.js';

const BUCKET = 'AWS::S3::Bucket';

export function check(view: View): void {
  const protectedBy = view.resources('AWS::S3::BucketPolicy').map((policy) => property(policy, 'Bucket'));
  const targets = protectedBy.map((value) => view.graph.target(value, BUCKET));
  const names = protectedBy.filter((_, index) => targets[index] === undefined);
  const unknowns = names.flatMap((value) => view.unknownsIn(view.text(value) ?? ''));
  for (const bucket of view.resources(BUCKET)) {
    const path = ['Resources', bucket.key];
    const name = view.text(property(bucket, 'BucketName')) ?? '';
    if (targets.includes(bucket)) view.pass(bucket);
    // A policy for a bucket whose name nobody knows may be the one of a bucket with a given name.
    else if (name !== '' && unknowns.length > 0) view.open(bucket, path, unknowns);
    else {
      const message = 'the template has no bucket policy for the bucket, so that nothing refuses calls over plain HTTP';
      view.fail(bucket, { path, missing: true, message, subject: 'BucketPolicy' });
    }
  }
}
