/**
 * iam-role-warehouse-named-buckets: roles of warehouses read, and write where they export to, in named buckets only.
 * Asked of the evaluator for a bucket that nobody named, and for every other action on the named ones.
 */
import { bucketCalls } from '../code/buckets.js';
import { UNNAMED } from '../code/bounds.js';
import { grantsOf, identitiesOf } from '../code/identities.js';
import type { Grant, Identity } from '../code/identities.js';
import { itemsOf } from '../code/read.js';
import { rolesOf } from '../code/roles.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const SERVICES = ['redshift.amazonaws.com', 'redshift-serverless.amazonaws.com'];

/** What reading and exporting need. */
const NEEDED = /^s3:(?:list|get|putobject$|abortmultipartupload$)/i;

export function check(view: View): void {
  const warehouse = warehouseRoles(view);
  for (const identity of identitiesOf(view)) {
    if (identity.role === undefined || !warehouse.has(identity.role)) continue;
    for (const found of identity.unreadable) view.unreadable(found);
    const before = view.verdicts.length;
    checkIdentity(view, identity);
    if (view.verdicts.length === before && identity.unreadable.length === 0) view.pass(identity.resource);
  }
}

function checkIdentity(view: View, identity: Identity): void {
  const told = new Set<string>();
  const say = (grant: Grant, message: (who: string) => string): void => {
    const { document, index, answer, unknowns } = grant;
    const path = document.place(index);
    const id = JSON.stringify(path);
    if (told.has(id)) return;
    told.add(id);
    const who = document.managedName === undefined ? 'the statement' : `the policy \`${document.managedName}\``;
    if (answer === 'open') view.open(document.resource, path, unknowns);
    else view.fail(document.resource, { path, message: message(who), subject: `statement ${index}` });
  };
  const unnamed = `arn:${view.place.partition}:s3:::${UNNAMED}`;
  for (const call of bucketCalls(unnamed, (action) =>
    /^s3:(?:GetObject|PutObject|ListBucket|DeleteObject)$/.test(action),
  )) {
    for (const grant of grantsOf(view, identity, call)) {
      say(grant, (who) => `${who} allows the warehouse \`${call.action}\` in every bucket`);
    }
  }
  for (const bucket of namedBuckets(identity)) {
    for (const call of bucketCalls(bucket, (action) => !NEEDED.test(action))) {
      for (const grant of grantsOf(view, identity, call)) {
        say(grant, (who) => `${who} allows the warehouse \`${call.action}\`, which neither reads nor exports`);
      }
    }
  }
}

/** The ARNs of buckets that statements name, wildcards filled. */
function namedBuckets({ documents }: Identity): readonly string[] {
  const patterns = documents.flatMap(({ policy }) =>
    policy.statements.flatMap(({ effect, resource }) =>
      effect === 'Allow' && resource?.negated === false ? resource.patterns : [],
    ),
  );
  const buckets = patterns.flatMap((pattern) => /^arn:[^:]*:s3:::[^/]+/.exec(pattern)?.[0] ?? []);
  return [...new Set(buckets.map((arn) => arn.replace(/\$\{[^}]*\}|[*?]/g, 'x')))];
}

/** Roles that a warehouse of the template has, or that only warehouses may assume. */
function warehouseRoles(view: View): ReadonlySet<ResourceUnder> {
  const named = [
    ...view
      .resources('AWS::Redshift::Cluster', 'AWS::RedshiftServerless::Namespace')
      .flatMap((warehouse) =>
        [...itemsOf(property(warehouse, 'IamRoles')), ...itemsOf(property(warehouse, 'DefaultIamRoleArn'))].map((arn) =>
          view.graph.target(arn, 'AWS::IAM::Role'),
        ),
      ),
  ];
  const trusting = rolesOf(view).filter(({ trust }) =>
    trust?.policy?.statements.some(
      ({ effect, principal }) =>
        effect === 'Allow' &&
        principal?.principals.some(({ kind, value }) => kind === 'Service' && SERVICES.includes(value)) === true,
    ),
  );
  return new Set([...named.filter((role) => role !== undefined), ...trusting.map(({ resource }) => resource)]);
}
