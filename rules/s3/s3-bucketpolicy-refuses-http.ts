/**
 * s3-bucketpolicy-refuses-http: every call without TLS is denied to everybody, for every action of S3, on the bucket and
 * on its objects. Asked of the evaluator, with everything else about the call unknown: a deny that is narrower than that
 * leaves some call open.
 */
import { iamAction, iamService } from '../../catalogue/iam/index.js';
import { compilePolicies, evaluate, parsePolicy } from '../../iam/index.js';
import type { Policy, Request } from '../../iam/index.js';
import { get, isList, isMap } from '../../template/index.js';
import { textsOf } from '../code/principals.js';
import type { PolicyUnder, View } from '../code/view.js';

const CALLERS: readonly Request['principal'][] = [
  'anonymous',
  'arn:aws:iam::999999999999:role/someone',
  'arn:aws:iam::000000000000:user/someone',
  { service: 'some.amazonaws.com' },
];

export function check(view: View): void {
  for (const found of view.policies('AWS::S3::BucketPolicy')) {
    const { resource, path, protects } = found;
    const policy = found.policy ?? withoutAllows(found);
    const [bucket] = protects;
    if (policy === undefined || bucket === undefined) {
      view.unreadable(found);
      continue;
    }
    const arn = bucket.startsWith('arn:') ? bucket : `arn:${view.place.partition}:s3:::${bucket}`;
    const open = openCall(policy, arn);
    if (open === undefined) {
      view.pass(resource);
      continue;
    }
    const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
    const hanging = view.unknownsIn(bucket, ...denies.flatMap(textsOf));
    if (hanging.length > 0 && denies.length > 0) view.open(resource, path, hanging);
    else view.fail(resource, { path, message: messageOf(policy, open), subject: 'aws:SecureTransport' });
  }
}

/** A policy that cannot be read because of whom it allows, such as a role that only a parameter names: denies decide here. */
function withoutAllows({ value, kind }: PolicyUnder): Policy | undefined {
  const statements = isMap(value) ? get(value, 'Statement') : undefined;
  if (!isMap(value) || !isList(statements)) return undefined;
  const others = statements.filter((statement) => !isMap(statement) || get(statement, 'Effect') !== 'Allow');
  return others.length === 0 ? undefined : parsePolicy({ ...value, Statement: others }, kind).policy;
}

/** A call without TLS that the policy does not deny; `undefined` when it denies them all. */
function openCall(policy: Policy, bucketArn: string): Request | undefined {
  const set = compilePolicies({
    identity: [],
    boundary: null,
    session: null,
    scps: null,
    rcps: null,
    resource: policy,
    vpcEndpoint: null,
  });
  for (const action of bucketActions()) {
    const resource = action.onObjects ? `${bucketArn}/some/object` : bucketArn;
    for (const principal of CALLERS) {
      const request: Request = {
        principal,
        action: action.name,
        resource,
        resourceAccount: '000000000000',
        context: { 'aws:SecureTransport': 'false' },
      };
      if (evaluate(set, request, { unknownContext: true }).decision !== 'EXPLICIT_DENY') return request;
    }
  }
  return undefined;
}

let known: readonly { readonly name: string; readonly onObjects: boolean }[] | undefined;

/** The actions of S3 on buckets and objects; the plain reading and writing of objects first, for the message. */
function bucketActions(): readonly { readonly name: string; readonly onObjects: boolean }[] {
  return (known ??= ['GetObject', 'PutObject', 'ListBucket', ...(iamService('s3')?.actionNames ?? [])].flatMap(
    (name) => {
      const types = iamAction(`s3:${name}`)?.resourceTypes.map((type) => type.name) ?? [];
      return [
        ...(types.includes('object') ? [{ name: `s3:${name}`, onObjects: true }] : []),
        ...(types.includes('bucket') ? [{ name: `s3:${name}`, onObjects: false }] : []),
      ];
    },
  ));
}

function messageOf(policy: Policy, { action, resource }: Request): string {
  const mentions = policy.statements.some(
    ({ effect, conditions }) =>
      effect === 'Deny' && conditions.some(({ key }) => key.toLowerCase() === 'aws:securetransport'),
  );
  const what = resource.endsWith('/some/object') ? 'objects' : 'the bucket itself';
  return mentions
    ? `the deny of plain HTTP is too narrow: \`${action}\` on ${what} stays open to some callers`
    : `no statement denies calls over plain HTTP, so that \`${action}\` on ${what} works without TLS`;
}
