/** s3-bucket-archive-locked: a bucket that declares an archive lets nobody change or delete what is in it. */
import { at, parameterText, pathOf, scalar } from '../code/read.js';
import { tagOf } from '../code/tags.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  for (const bucket of view.resources('AWS::S3::Bucket')) {
    const tag = tagOf(view, bucket, parameterText(view, 'archiveTag'));
    if (tag.state === 'unknown') view.open(bucket, tag.path, tag.unknowns);
    if (tag.state === 'value' && !/^(?:false|no|none)$/i.test(tag.text)) checkBucket(view, bucket);
  }
}

function checkBucket(view: View, bucket: ResourceUnder): void {
  const configuration = property(bucket, 'ObjectLockConfiguration');
  const path = pathOf(bucket, 'ObjectLockConfiguration');
  const retention = at(configuration, 'Rule', 'DefaultRetention');
  const isOn = scalar(view, property(bucket, 'ObjectLockEnabled')) ?? '';
  const mode = scalar(view, at(retention, 'Mode')) ?? '';
  const length = scalar(view, at(retention, 'Days')) ?? scalar(view, at(retention, 'Years'));
  const unknowns = view.unknownsIn(scalar(view, configuration) ?? '', isOn, mode);
  if (unknowns.length > 0) view.open(bucket, path, unknowns);
  else if (isOn.toLowerCase() !== 'true') {
    const message = 'the bucket is an archive, and `ObjectLockEnabled` is not true: what it holds can be changed';
    view.fail(bucket, { path: pathOf(bucket, 'ObjectLockEnabled'), missing: isOn === '', message, subject: 'lock' });
  } else if (!['GOVERNANCE', 'COMPLIANCE'].includes(mode) || length === undefined) {
    const message = 'the bucket is an archive, and no `DefaultRetention` with mode and length protects new objects';
    view.fail(bucket, { path, missing: configuration === undefined, message, subject: 'retention' });
  } else view.pass(bucket);
}
