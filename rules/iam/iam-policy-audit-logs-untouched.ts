/**
 * iam-policy-audit-logs-untouched: roles of workloads neither write nor delete in buckets of audit logs. Asked of the
 * evaluator for every action of S3 that puts or deletes.
 */
import { iamAction, expandActionPattern } from '../../catalogue/iam/index.js';
import { bucketNameIn } from '../code/buckets.js';
import { grantsOf, identitiesOf } from '../code/identities.js';
import type { Identity } from '../code/identities.js';
import { at, isKnown } from '../code/read.js';
import { rolesOf } from '../code/roles.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

/** The plain ones first, for the message. */
const WRITES = [
  's3:PutObject',
  's3:DeleteObject',
  ...expandActionPattern('s3:Put*'),
  ...expandActionPattern('s3:Delete*'),
];

/** Services whose roles do not run code of a workload. */
const NO_WORKLOADS = ['cloudformation.amazonaws.com', 'cloudtrail.amazonaws.com', 'config.amazonaws.com'];

export function check(view: View): void {
  const buckets = auditBuckets(view);
  if (buckets.length === 0) return;
  const people = rolesOfPeople(view);
  for (const identity of identitiesOf(view)) {
    for (const found of identity.unreadable) view.unreadable(found);
    const before = view.verdicts.length;
    if (identity.role === undefined || !people.has(identity.role)) {
      for (const bucket of buckets) checkBucket(view, identity, bucket);
    }
    if (view.verdicts.length === before && identity.unreadable.length === 0) view.pass(identity.resource);
  }
}

function checkBucket(view: View, identity: Identity, name: string): void {
  const arn = `arn:${view.place.partition}:s3:::${name}`;
  const told = new Set<string>();
  for (const action of WRITES) {
    const onObjects = iamAction(action)?.resourceTypes.some((type) => type.name === 'object') === true;
    const resource = onObjects ? `${arn}/zzz/object` : arn;
    for (const { document, index, answer, unknowns } of grantsOf(view, identity, { action, resource })) {
      const path = document.place(index);
      const id = JSON.stringify(path);
      if (told.has(id)) continue;
      told.add(id);
      if (answer === 'open') {
        view.open(document.resource, path, unknowns);
        continue;
      }
      const who = document.managedName === undefined ? 'the statement' : `the policy \`${document.managedName}\``;
      const message = `${who} allows \`${action}\` in \`${name}\`, a bucket of audit logs`;
      view.fail(document.resource, { path, message, subject: `statement ${index} ${name}` });
    }
  }
}

/** The buckets that the organization names, and those to which trails, recorders and buckets of the template log. */
function auditBuckets(view: View): readonly string[] {
  const targets = [
    ...view.resources('AWS::CloudTrail::Trail').map((trail) => property(trail, 'S3BucketName')),
    ...view.resources('AWS::Config::DeliveryChannel').map((channel) => property(channel, 'S3BucketName')),
    ...view
      .resources('AWS::S3::Bucket')
      .map((bucket) => at(property(bucket, 'LoggingConfiguration'), 'DestinationBucketName')),
  ].map((value) => view.text(value));
  const named = [...view.texts('auditBuckets'), ...targets.filter((name) => isKnown(view, name))];
  return [...new Set(named.map(bucketNameIn))];
}

/** Roles that only people or services without code of a workload assume. */
function rolesOfPeople(view: View): ReadonlySet<ResourceUnder> {
  const roles = rolesOf(view).filter(({ trust }) => {
    const principals = (trust?.policy?.statements ?? []).flatMap(({ effect, principal }) =>
      effect === 'Allow' ? (principal?.principals ?? []) : [],
    );
    return (
      principals.length > 0 &&
      principals.every(
        ({ kind, value }) =>
          (kind === 'Federated' && value.includes(':saml-provider/')) ||
          (kind === 'Service' && NO_WORKLOADS.includes(value)),
      )
    );
  });
  return new Set(roles.map(({ resource }) => resource));
}
