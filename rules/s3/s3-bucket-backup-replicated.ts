/** s3-bucket-backup-replicated: what must not be lost is copied to a bucket of another Region, with versions and a key. */
import type { Value } from '../../template/index.js';
import { at, itemsOf, parameterText, pathOf, scalar } from '../code/read.js';
import { tagOf } from '../code/tags.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const BUCKET = 'AWS::S3::Bucket';

export function check(view: View): void {
  const tiers = view.texts('replicatedTiers');
  for (const bucket of view.resources(BUCKET)) {
    const tag = tagOf(view, bucket, parameterText(view, 'criticalityTag'));
    if (tag.state === 'unknown') view.open(bucket, tag.path, tag.unknowns);
    if (tag.state !== 'value') continue;
    if (tiers.includes(tag.text)) checkBucket(view, bucket, tag.text);
    else if (tag.unknowns.length > 0) view.open(bucket, tag.path, tag.unknowns);
  }
}

function checkBucket(view: View, bucket: ResourceUnder, tier: string): void {
  const replication = property(bucket, 'ReplicationConfiguration');
  const path = pathOf(bucket, 'ReplicationConfiguration');
  const rules = itemsOf(at(replication, 'Rules'));
  const parts = [replication, at(replication, 'Rules'), ...rules, ...rules.map((rule) => at(rule, 'Status'))];
  const unknowns = parts.flatMap((part) => view.unknownsIn(scalar(view, part) ?? ''));
  const enabled = rules.filter((rule) => scalar(view, at(rule, 'Status')) === 'Enabled');
  const before = view.verdicts.length;
  if (unknowns.length > 0) view.open(bucket, path, unknowns);
  else if (enabled.length === 0) {
    const message = `a bucket of \`${tier}\` has no enabled rule that copies it to another Region`;
    view.fail(bucket, { path, ...(rules.length === 0 ? { missing: true } : {}), message, subject: 'replication' });
  }
  for (const rule of enabled) checkRule(view, bucket, rule, [...path, 'Rules', rules.indexOf(rule)]);
  if (view.verdicts.length === before) view.pass(bucket);
}

function checkRule(view: View, bucket: ResourceUnder, rule: Value, path: readonly (string | number)[]): void {
  const destination = view.graph.target(at(rule, 'Destination', 'Bucket'), BUCKET);
  if (destination !== undefined) {
    const message = `the copy goes to \`${destination.logicalId}\` of the same template, which lies in the same Region`;
    view.fail(bucket, { path: [...path, 'Destination', 'Bucket'], message, subject: 'Region' });
  }
  const copies = scalar(view, at(rule, 'SourceSelectionCriteria', 'SseKmsEncryptedObjects', 'Status')) === 'Enabled';
  const key = at(rule, 'Destination', 'EncryptionConfiguration', 'ReplicaKmsKeyID');
  const settings = itemsOf(at(property(bucket, 'BucketEncryption'), 'ServerSideEncryptionConfiguration'));
  const algorithms = settings.map(
    (one) => scalar(view, at(one, 'ServerSideEncryptionByDefault', 'SSEAlgorithm')) ?? '',
  );
  if (algorithms.some((one) => one.startsWith('aws:kms')) && !(copies && key !== undefined)) {
    const message =
      'objects encrypted with a KMS key are not copied: the rule needs `SseKmsEncryptedObjects` and `ReplicaKmsKeyID`';
    view.fail(bucket, { path, message, subject: 'key' });
  }
}
