/**
 * s3-bucketpolicy-rule-bucket-closed: the bucket that hooks read their rules from is read by named roles of the
 * organization, written by one of them, and keeps versions. Asked of the evaluator with callers who fit in part.
 */
import type { Policy, Request } from '../../iam/index.js';
import type { Unknown } from '../../template/index.js';
import { alone, ask, isRefused, unknownsOf } from '../code/bounds.js';
import {
  bucketArnOf,
  bucketNameIn,
  bucketOf,
  callersInConditions,
  firstAllowed,
  MEMBER_ACCOUNT,
} from '../code/buckets.js';
import { OUTSIDE_ABSENT, OUTSIDE_CONTEXT } from '../code/outsiders.js';
import { at, pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

type Caller = Omit<Request, 'action' | 'resource'>;

/** Stands for the organization where neither the policy nor `orgId` names one. */
const SOME_ORGANIZATION = 'o-someorganization';
const ORGANIZATION_KEYS = ['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths'];

export function check(view: View): void {
  const names = ruleBuckets(view);
  for (const found of view.policies('AWS::S3::BucketPolicy')) {
    const arn = bucketArnOf(view, found);
    if (arn === undefined || !(names.includes(bucketNameIn(arn)) || isReadByStackSets(found))) continue;
    if (found.policy === undefined) {
      view.unreadable(found);
      continue;
    }
    const before = view.verdicts.length;
    checkReaders(view, found, found.policy, arn);
    checkWriters(view, found, found.policy, arn);
    checkVersions(view, found);
    if (view.verdicts.length === before) view.pass(found.resource);
  }
}

/** The buckets that hooks of the template, or the organization, name. */
function ruleBuckets(view: View): readonly string[] {
  const locations = view
    .resources('AWS::CloudFormation::GuardHook')
    .map((hook) => view.text(at(property(hook, 'RuleLocation'), 'Uri')));
  return [...view.texts('ruleBuckets'), ...locations.filter((uri) => uri !== undefined).map(bucketNameIn)];
}

/** Whether a statement lets in the roles by which StackSets roll hooks out. */
function isReadByStackSets({ policy }: PolicyUnder): boolean {
  const allows = (policy?.statements ?? []).filter(({ effect }) => effect === 'Allow');
  return callersInConditions(allows).some((arn) => arn.includes(':role/stacksets-exec-'));
}

function checkReaders(view: View, found: PolicyUnder, policy: Policy, arn: string): void {
  const call = { action: 's3:GetObject', resource: `${arn}/zzz/object` };
  const own = organizationOf(view, policy);
  const names = callersInConditions(policy.statements);
  const other = `arn:aws:iam::${MEMBER_ACCOUNT}:role/zzz-some-role`;
  const outside = { 'aws:PrincipalOrgID': 'o-outsider00', 'aws:PrincipalOrgPaths': ['o-outsider00/r-0000/'] };
  const elsewhere = { 'aws:PrincipalOrgID': own, 'aws:PrincipalOrgPaths': [`${own}/r-zzzz/ou-zzzz-zzzzzzzz/`] };
  // Without a path of its own, a role of the organization may be in the part that is asked for.
  const callers: (readonly [string, Caller])[] = [
    ['everybody', callerOf(view, 'anonymous', {})],
    ...[other, ...names].map((one) => ['roles of other organizations', callerOf(view, one, outside)] as const),
    ['every role of the organization', callerOf(view, other, { 'aws:PrincipalOrgID': own })],
    ...(typeof view.parameters['orgPath'] === 'string' ? names : []).map(
      (one) => ['roles outside of `orgPath`', callerOf(view, one, elsewhere)] as const,
    ),
  ];
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow') return;
    const only = alone(policy, statement);
    for (const [who, caller] of callers) {
      const answer = ask(view, [only], ([one]) => firstAllowed(one!, [call], caller) !== undefined);
      if (answer === 'no') continue;
      const message = `the bucket of rules can be read by ${who}`;
      say(view, found, answer === 'yes' ? 'yes' : unknownsOf(view, only), message, `statement ${index}`);
      return;
    }
  });
}

/** The own organization, or the one that the policy asks for. */
function organizationOf(view: View, { statements }: Policy): string {
  const own = view.parameters['orgId'];
  if (typeof own === 'string') return own;
  const values = statements.flatMap(({ conditions }) =>
    conditions.flatMap(({ key, values: all }) => (/^aws:principalorg(?:id|paths)$/i.test(key) ? all : [])),
  );
  return values[0]?.split('/')[0] ?? SOME_ORGANIZATION;
}

/** @param organization - Keys of the caller's organization; none for a caller without one. */
function callerOf(view: View, principal: string, organization: Request['context']): Caller {
  const outside = Object.entries(OUTSIDE_CONTEXT).filter(([key]) => !ORGANIZATION_KEYS.includes(key));
  const none = Object.keys(organization).length === 0 ? ORGANIZATION_KEYS : [];
  return {
    principal,
    resourceAccount: view.place.accountId,
    context: { ...Object.fromEntries(outside), ...organization },
    absent: [...OUTSIDE_ABSENT, ...none],
  };
}

/** Writing, deleting and opening the bucket is denied to a role that nobody named. */
function checkWriters(view: View, found: PolicyUnder, policy: Policy, arn: string): void {
  const { partition, accountId } = view.place;
  for (const action of ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutBucketPolicy']) {
    const request: Request = {
      principal: `arn:${partition}:iam::${accountId}:role/zzz-some-role`,
      action,
      resource: action === 's3:PutBucketPolicy' ? arn : `${arn}/zzz/object`,
      resourceAccount: accountId,
      context: { 'aws:SecureTransport': 'true' },
    };
    const answer = ask(view, [policy], ([one]) => !isRefused(one!, request));
    if (answer === 'no') continue;
    const message = `no statement denies \`${action}\` in the bucket of rules to everybody but the pipeline`;
    say(view, found, answer === 'yes' ? 'yes' : unknownsOf(view, policy), message, 'writers');
    return;
  }
}

function checkVersions(view: View, found: PolicyUnder): void {
  const bucket = bucketOf(view, found);
  if (bucket === undefined) return;
  const status = scalar(view, at(property(bucket, 'VersioningConfiguration'), 'Status'));
  if (status === 'Enabled') return;
  const path = pathOf(bucket, 'VersioningConfiguration');
  const unknowns = status === undefined ? [] : view.unknownsIn(status);
  if (unknowns.length > 0) view.open(bucket, path, unknowns);
  else {
    const missing = property(bucket, 'VersioningConfiguration') === undefined;
    const message = 'the bucket of rules keeps no versions, so that hooks cannot name the one that was reviewed';
    view.fail(bucket, { path, message, subject: 'versions', ...(missing ? { missing } : {}) });
  }
}

function say(
  view: View,
  { resource, path }: PolicyUnder,
  answer: 'yes' | readonly Unknown[],
  message: string,
  subject: string,
): void {
  if (answer === 'yes') view.fail(resource, { path, message, subject });
  else view.open(resource, path, answer);
}
