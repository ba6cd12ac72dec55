/**
 * s3-bucketpolicy-access-points-only: where a bucket has an access point, its policy lets nobody read objects past it.
 * Asked of the evaluator with calls that come through no access point.
 */
import type { Policy, Request, Statement } from '../../iam/index.js';
import { alone, ask, unknownsOf } from '../code/bounds.js';
import { bucketArnOf, bucketNameIn, callersInConditions, callersNamed, firstAllowed } from '../code/buckets.js';
import { pathIn } from '../code/policy-paths.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

const READ = ['s3:GetObject', 's3:GetObjectVersion'];
const THROUGH = ['s3:DataAccessPointAccount', 's3:DataAccessPointArn', 's3:AccessPointNetworkOrigin'];

export function check(view: View): void {
  const points = view.resources('AWS::S3::AccessPoint').map((point) => view.text(property(point, 'Bucket')));
  for (const found of view.policies('AWS::S3::BucketPolicy')) {
    const { policy, resource } = found;
    const arn = bucketArnOf(view, found);
    if (arn !== undefined && !points.some((name) => name === bucketNameIn(arn) || name === found.protects[0])) continue;
    if (policy === undefined || arn === undefined) {
      view.unreadable(found);
      continue;
    }
    const before = view.verdicts.length;
    policy.statements.forEach((statement, index) => {
      if (statement.effect === 'Allow') checkStatement(view, found, policy, statement, index, arn);
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
  bucketArn: string,
): void {
  const only = alone(policy, statement);
  const requests = objectsOf(bucketArn, statement).flatMap((resource) =>
    READ.flatMap((action) =>
      callersOf(view, statement).map((principal): Request => ({
        principal,
        action,
        resource,
        resourceAccount: view.place.accountId,
        context: { 'aws:SecureTransport': 'true' },
        absent: THROUGH,
      })),
    ),
  );
  const answer = ask(view, [only], ([one]) =>
    requests.some((request) => firstAllowed(one!, [request], request) !== undefined),
  );
  if (answer === 'no') return;
  const path = pathIn(found, index, statement.principal?.negated === true ? 'NotPrincipal' : 'Principal');
  if (answer === 'open') {
    view.open(found.resource, path, unknownsOf(view, only));
    return;
  }
  const message =
    'the statement lets objects be read past the access points of the bucket, so that these protect nothing';
  view.fail(found.resource, { path, message, subject: `statement ${index}` });
}

/** Objects that the statement speaks of. */
function objectsOf(bucketArn: string, { resource }: Statement): readonly string[] {
  const named = resource?.negated === false ? resource.patterns : [];
  const filled = named
    .filter((pattern) => pattern.startsWith(`${bucketArn}/`))
    .map((pattern) => pattern.replace(/\$\{[^}]*\}|[*?]/g, 'x'));
  return [`${bucketArn}/zzz/object`, ...filled];
}

function callersOf(view: View, statement: Statement): readonly Request['principal'][] {
  const { partition, accountId } = view.place;
  return [
    ...callersNamed(view, statement),
    ...callersInConditions([statement]),
    `arn:${partition}:iam::${accountId}:role/some-role`,
    'arn:aws:iam::999999999999:role/some-role',
  ];
}
