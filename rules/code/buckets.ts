/** What rules ask about buckets: which one a policy protects, what can be done with it, who might come. */
import { iamAction, iamService } from '../../catalogue/iam/index.js';
import { parseArn } from '../../iam/index.js';
import type { Policy, Request, Statement } from '../../iam/index.js';
import { ALLOW_ALL, mayAllow } from './may.js';
import type { PolicyUnder, ResourceUnder, View } from './view.js';

/** An account of the own organization, besides the own one. */
export const MEMBER_ACCOUNT = '888888888888';

/** The ARN of the bucket that a policy protects. */
export function bucketArnOf(view: View, { protects }: PolicyUnder): string | undefined {
  const [bucket] = protects;
  if (bucket === undefined) return undefined;
  return bucket.startsWith('arn:') ? bucket : `arn:${view.place.partition}:s3:::${bucket}`;
}

/** The bucket that a policy protects, when the template has it. */
export function bucketOf(view: View, { resource }: PolicyUnder): ResourceUnder | undefined {
  return view.graph.target(resource.properties['Bucket'], 'AWS::S3::Bucket');
}

/** The policies of a bucket of the template. */
export function policiesOfBucket(view: View, bucket: ResourceUnder): readonly PolicyUnder[] {
  return view.policies('AWS::S3::BucketPolicy').filter((found) => bucketOf(view, found) === bucket);
}

/** The name of the bucket in a text such as `s3://name/key`, `arn:aws:s3:::name/key` or `name`. */
export function bucketNameIn(text: string): string {
  const location = parseArn(text)?.resource ?? text.replace(/^s3[an]?:\/\//i, '');
  return location.split('/')[0]!;
}

/** An action, and a bucket or an object that it acts on. */
export interface BucketCall {
  readonly action: string;
  readonly resource: string;
}

let known: readonly { readonly action: string; readonly onObjects: boolean }[] | undefined;

/** Every action of S3 on a bucket and on an object with a key that nobody named. */
export function bucketCalls(
  bucketArn: string,
  isMeant: (action: string) => boolean = () => true,
): readonly BucketCall[] {
  known ??= ['GetObject', 'PutObject', 'ListBucket', ...(iamService('s3')?.actionNames ?? [])].flatMap((name) => {
    const action = `s3:${name}`;
    const types = iamAction(action)?.resourceTypes.map((type) => type.name) ?? [];
    return [
      ...(types.includes('object') ? [{ action, onObjects: true }] : []),
      ...(types.includes('bucket') ? [{ action, onObjects: false }] : []),
    ];
  });
  return known
    .filter(({ action }) => isMeant(action))
    .map(({ action, onObjects }) => ({ action, resource: onObjects ? `${bucketArn}/zzz/object` : bucketArn }));
}

/** The first call that a bucket policy lets a caller make who may do everything by the policies of its own account. */
export function firstAllowed(
  policy: Policy,
  calls: readonly BucketCall[],
  caller: Omit<Request, 'action' | 'resource'>,
): BucketCall | undefined {
  const asked = mayAllow({ identity: isForeign(caller) ? [ALLOW_ALL] : [], resource: policy });
  return calls.find((call) => asked({ ...caller, ...call }));
}

/** Whether bucket and caller belong to different accounts, so that both sides must allow. */
function isForeign({ principal, resourceAccount }: Omit<Request, 'action' | 'resource'>): boolean {
  return typeof principal === 'string' && parseArn(principal)?.account !== resourceAccount;
}

/** The ARNs of callers that conditions on `aws:PrincipalArn` name, wildcards filled. */
export function callersInConditions(statements: readonly Statement[]): readonly string[] {
  const values = statements.flatMap(({ conditions }) =>
    conditions.flatMap((condition) => (condition.key.toLowerCase() === 'aws:principalarn' ? condition.values : [])),
  );
  return values.flatMap((value) => {
    const { partition, account, resource } = parseArn(value) ?? {};
    if (partition === undefined || account === undefined || resource === undefined) return [];
    const filled = resource.replace(/\$\{[^}]*\}|\*/g, 'x').replace(/\?/g, 'a');
    if (!/^(?:role|user)\/./.test(filled)) return [];
    const owner = /^\d{12}$/.test(account) ? account : MEMBER_ACCOUNT;
    return [`arn:${partition.replace(/[*?]/g, '') || 'aws'}:iam::${owner}:${filled}`];
  });
}

/** Those whom a statement names; an account stands for some role of it. */
export function callersNamed(view: View, { principal }: Statement): readonly Request['principal'][] {
  const all = principal?.negated === false ? principal.principals : [];
  return all.flatMap(({ kind, value }): Request['principal'][] => {
    if (kind === 'Service') return [{ service: value }];
    const account = /^\d{12}$/.test(value) ? value : parseArn(value)?.account;
    if (kind !== 'AWS' || account === undefined) return [];
    if (/:(?:role|user)\/[^*?]+$/.test(value)) return [value];
    return [`arn:${view.place.partition}:iam::${account}:role/some-role`];
  });
}
