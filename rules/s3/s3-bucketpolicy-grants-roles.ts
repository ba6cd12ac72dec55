/**
 * s3-bucketpolicy-grants-roles: bucket policies let in no IAM users; those of buckets with artifacts or sensitive data
 * let in named roles, and neither whole accounts nor everybody. Asked of the evaluator, so that conditions and denies
 * count.
 */
import { parseArn } from '../../iam/index.js';
import type { Policy, Request, Statement } from '../../iam/index.js';
import { alone, ask, isUnknown, unknownsOf } from '../code/bounds.js';
import {
  bucketArnOf,
  bucketCalls,
  bucketNameIn,
  bucketOf,
  callersInConditions,
  firstAllowed,
} from '../code/buckets.js';
import type { BucketCall } from '../code/buckets.js';
import { pathIn } from '../code/policy-paths.js';
import { isForEveryone } from '../code/principals.js';
import { at, itemsOf } from '../code/read.js';
import { tagOf } from '../code/tags.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

export function check(view: View): void {
  for (const found of view.policies('AWS::S3::BucketPolicy')) {
    const { policy, resource } = found;
    const arn = bucketArnOf(view, found);
    if (policy === undefined || arn === undefined) {
      view.unreadable(found);
      continue;
    }
    const before = view.verdicts.length;
    const kind = kindOf(view, found);
    policy.statements.forEach((statement, index) => {
      if (statement.effect === 'Allow') {
        checkStatement(view, found, policy, statement, index, callsOf(arn, statement), kind);
      }
    });
    if (view.verdicts.length === before) view.pass(resource);
  }
}

function checkStatement(
  view: View,
  found: PolicyUnder,
  policy: Policy,
  statement: Statement,
  index: number,
  calls: readonly BucketCall[],
  kind: string | undefined,
): void {
  const only = alone(policy, statement);
  const path = pathIn(found, index, statement.principal?.negated === true ? 'NotPrincipal' : 'Principal');
  const gets = (principal: string): 'yes' | 'no' | 'open' =>
    ask(view, [only], ([one]) => firstAllowed(one!, calls, callOf(view, principal, only)) !== undefined);
  const say = (answer: 'yes' | 'open', message: string, subject: string): void => {
    if (answer === 'yes') view.fail(found.resource, { path, message, subject: `statement ${index} ${subject}` });
    else view.open(found.resource, path, unknownsOf(view, only));
  };
  for (const user of usersOf(view, statement)) {
    const answer = gets(user.arn);
    if (answer !== 'no') say(answer, `the bucket policy lets in the IAM user \`${user.written}\``, user.written);
  }
  if (kind === undefined) return;
  for (const { arn, written } of accountsOf(view, statement)) {
    const answer = gets(arn);
    if (answer !== 'no') {
      say(answer, `${written} of a bucket with ${kind}, where named roles are expected`, written);
    }
  }
}

/** Users whom a statement names, as principals or in conditions; access identities of CloudFront look like users. */
function usersOf(view: View, statement: Statement): readonly { readonly arn: string; readonly written: string }[] {
  const principals = statement.principal?.negated === false ? statement.principal.principals : [];
  const named = principals.flatMap(({ kind, value }) => {
    const arn = parseArn(value);
    if (kind !== 'AWS' || arn?.service !== 'iam' || !arn.resource.startsWith('user/')) return [];
    return /^\d{12}$/.test(arn.account) || view.unknownsIn(arn.account).length > 0 ? [value] : [];
  });
  const inConditions = callersInConditions([statement]).filter((arn) => arn.includes(':user/'));
  return [...named, ...inConditions].map((arn) => ({ arn, written: arn }));
}

/** A role that nobody named, of each account that the statement opens the bucket to as a whole. */
function accountsOf(view: View, statement: Statement): readonly { readonly arn: string; readonly written: string }[] {
  const role = (account: string): string => `arn:${view.place.partition}:iam::${account}:role/zzz-some-role`;
  if (isForEveryone(statement)) {
    return [{ arn: role('999999999999'), written: 'the bucket policy lets in everybody who meets no condition' }];
  }
  return (statement.principal?.principals ?? []).flatMap(({ kind, value }) => {
    if (kind !== 'AWS') return [];
    // What a parameter gives may be an account, or everybody.
    if (isUnknown(view, value)) return [{ arn: role('999999999999'), written: '' }];
    const arn = parseArn(value);
    if (arn?.resource !== 'root' && !/^\d{12}$/.test(value)) return [];
    const account = arn?.account ?? value;
    return [{ arn: role(account), written: `the bucket policy lets in every role of the account \`${account}\`` }];
  });
}

/** What makes named roles necessary. */
function kindOf(view: View, found: PolicyUnder): string | undefined {
  const arn = bucketArnOf(view, found)!;
  const stores = [
    ...view
      .resources('AWS::CodePipeline::Pipeline')
      .flatMap((pipeline) => [
        at(property(pipeline, 'ArtifactStore'), 'Location'),
        ...itemsOf(property(pipeline, 'ArtifactStores')).map((store) => at(store, 'ArtifactStore', 'Location')),
      ]),
    ...view.resources('AWS::CodeBuild::Project').map((project) => at(property(project, 'Artifacts'), 'Location')),
  ].map((value) => view.text(value));
  if (stores.some((name) => name !== undefined && bucketNameIn(name) === bucketNameIn(arn))) return 'artifacts';
  const bucket = bucketOf(view, found);
  const key = view.parameters['classTag'];
  const tag = bucket === undefined || typeof key !== 'string' ? undefined : tagOf(view, bucket, key);
  return tag?.state === 'value' && view.texts('cmkClasses').includes(tag.text)
    ? `data of the class \`${tag.text}\``
    : undefined;
}

/** Calls on the bucket, on any object, and on objects that the statement speaks of. */
function callsOf(bucketArn: string, { resource }: Statement): readonly BucketCall[] {
  const named = (resource?.negated === false ? resource.patterns : [])
    .filter((pattern) => pattern.startsWith(`${bucketArn}/`))
    .map((pattern) => pattern.replace(/\$\{[^}]*\}|[*?]/g, 'x'));
  const calls = bucketCalls(bucketArn);
  return [
    ...calls,
    ...calls
      .filter((call) => call.resource !== bucketArn)
      .flatMap(({ action }) => named.map((one) => ({ action, resource: one }))),
  ];
}

function callOf(view: View, principal: string, { statements }: Policy): Omit<Request, 'action' | 'resource'> {
  const tags = statements
    .flatMap(({ conditions }) => conditions.map(({ key }) => key))
    .filter((key) => /^aws:principaltag\//i.test(key));
  return {
    principal,
    resourceAccount: view.place.accountId,
    context: { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' },
    absent: [
      ...tags,
      's3:DataAccessPointAccount',
      's3:DataAccessPointArn',
      's3:AccessPointNetworkOrigin',
      'aws:SourceArn',
      'aws:SourceAccount',
    ],
  };
}
