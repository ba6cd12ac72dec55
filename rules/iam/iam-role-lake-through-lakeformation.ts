/**
 * iam-role-lake-through-lakeformation: roles that read the lake by grants of Lake Formation do not read its objects by
 * themselves, those in the buckets of `lakeBuckets` included. Asked of the evaluator with the policies of the role and of the
 * bucket.
 */
import type { Policy, Request } from '../../iam/index.js';
import { alone, ask, comesThrough, unknownsOf } from '../code/bounds.js';
import { bucketArnOf } from '../code/buckets.js';
import { grantsOf, identitiesOf, isListed } from '../code/identities.js';
import type { Identity } from '../code/identities.js';
import { lakeGrants, lakeObjects, registeringRoles } from '../code/lake-grants.js';
import { pathIn } from '../code/policy-paths.js';
import type { ResourceUnder, View } from '../code/view.js';

const READS = ['s3:GetObject', 's3:GetObjectVersion'];
const ACCESS = { action: 'lakeformation:GetDataAccess', resource: '*' };

/** Grants that let read or change data, which need temporary credentials of Lake Formation. */
const ON_DATA = ['SELECT', 'ALL', 'INSERT', 'DELETE'];

export function check(view: View): void {
  const objects = lakeObjects(view);
  const granted = grantedRoles(view);
  const spared = new Set<ResourceUnder>(registeringRoles(view));
  for (const identity of identitiesOf(view)) {
    const { role, principal } = identity;
    if (role === undefined || spared.has(role) || isListed(view, principal, view.texts('etlRoles'))) continue;
    const isGranted = granted.has(role);
    const mayAccess = grantsOf(view, identity, ACCESS).some(
      ({ statement }) => !isEverything(statement.action.patterns),
    );
    if (!isGranted && !(mayAccess && objects.length > 0)) continue;
    for (const found of identity.unreadable) view.unreadable(found);
    const before = view.verdicts.length;
    for (const { location, arn } of objects) checkLocation(view, identity, location, arn);
    if (isGranted) checkAccess(view, identity, role);
    if (view.verdicts.length === before && identity.unreadable.length === 0) view.pass(role);
  }
}

/** Who may do everything is no analyst by that. */
function isEverything(patterns: readonly string[]): boolean {
  return patterns.some((pattern) => /^\*+(?::\*+)?$/.test(pattern));
}

function checkLocation(view: View, identity: Identity, location: string, resource: string): void {
  const told = new Set<string>();
  for (const action of READS) {
    for (const { document, index, answer, unknowns } of grantsOf(view, identity, { action, resource })) {
      const path = document.place(index);
      if (told.has(JSON.stringify(path))) continue;
      told.add(JSON.stringify(path));
      const who = document.managedName === undefined ? 'the statement' : `the policy \`${document.managedName}\``;
      const message = `${who} lets a reader of the lake past Lake Formation: \`${action}\` in \`${location}\``;
      if (answer === 'open') view.open(document.resource, path, unknowns);
      else view.fail(document.resource, { path, message, subject: `statement ${index} ${location}` });
    }
    checkBucketPolicies(view, identity, { action, resource }, location);
  }
}

/** What the policy of the lake's bucket gives to the role, by its name or its account. */
function checkBucketPolicies(
  view: View,
  { principal, documents, boundary }: Identity,
  { action, resource }: { readonly action: string; readonly resource: string },
  location: string,
): void {
  const request: Request = {
    principal,
    action,
    resource,
    resourceAccount: view.place.accountId,
    context: { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' },
    absent: ['s3:DataAccessPointAccount', 's3:DataAccessPointArn', 's3:AccessPointNetworkOrigin'],
  };
  const denies = documents.map(({ policy }) => withoutAllows(policy));
  for (const found of view.policies('AWS::S3::BucketPolicy')) {
    const arn = bucketArnOf(view, found);
    if (found.policy === undefined || arn === undefined || !resource.startsWith(`${arn}/`)) continue;
    found.policy.statements.forEach((statement, index) => {
      if (statement.effect !== 'Allow') return;
      const only = alone(found.policy!, statement);
      const answer = ask(view, [only], ([one]) =>
        comesThrough({ identity: denies, boundary, resource: one! }, request),
      );
      const path = pathIn(found, index);
      if (answer === 'open') view.open(found.resource, path, unknownsOf(view, only));
      else if (answer === 'yes') {
        const message = `the bucket policy lets a reader of the lake past Lake Formation: \`${action}\` in \`${location}\` by \`${principal}\``;
        view.fail(found.resource, { path, message, subject: `statement ${index} ${principal}` });
      }
    });
  }
}

function withoutAllows(policy: Policy): Policy {
  return { ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Deny') };
}

/** A grant is of no use without the right to ask Lake Formation for credentials. */
function checkAccess(view: View, identity: Identity, role: ResourceUnder): void {
  if (!identity.seesAll || identity.unreadable.length > 0 || grantsOf(view, identity, ACCESS).length > 0) return;
  view.fail(role, {
    path: ['Resources', role.key, 'Properties'],
    message: 'the role has grants on the lake, but none of its policies allows `lakeformation:GetDataAccess`',
    subject: 'lakeformation:GetDataAccess',
  });
}

function grantedRoles(view: View): ReadonlySet<ResourceUnder> {
  const roles = lakeGrants(view)
    .filter(({ permissions }) => permissions.some(({ name }) => ON_DATA.includes(name)))
    .map(({ principal }) => view.graph.target(principal, 'AWS::IAM::Role'));
  return new Set(roles.filter((role) => role !== undefined));
}
