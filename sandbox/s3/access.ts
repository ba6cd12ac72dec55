/** Who may do what with buckets and objects: policies, and what Block Public Access adds. */
import type { Call } from '../call.js';
import { RequestError, ServiceError } from '../errors.js';
import type { Context, Tags } from '../authorize/context.js';
import type { Policy } from '../../iam/index.js';
import { addressOf } from './protocol.js';
import { bucketsOf, type Bucket } from './data.js';

export const arnOf = (bucket: string, key?: string): string =>
  `arn:aws:s3:::${bucket}${key === undefined ? '' : `/${key}`}`;

/** @throws ServiceError when there is none of this name, or it is in another Region than the one signed for. */
export function bucketOf(call: Call, name: string): Bucket {
  const bucket = bucketsOf(call.state).get(name);
  if (bucket === undefined) throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404);
  // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html)
  const expected = call.request?.headers['x-amz-expected-bucket-owner'];
  if (expected !== undefined && expected !== bucket.owner) throw new RequestError('accessDenied', 'Access Denied');
  if (call.request !== null && call.accessKeyId !== null && call.region !== bucket.region) {
    throw new ServiceError(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${call.region}' is wrong; expecting '${bucket.region}'`,
      400,
      { Region: bucket.region },
    );
  }
  return bucket;
}

export interface Asking {
  /** An object, with its tags where it is there. */
  readonly key?: string;
  readonly objectTags?: Tags;
  readonly requestTags?: Tags;
  readonly context?: Context;
}

/** Headers whose values are condition keys (https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html). */
const HEADER_KEYS = [
  'x-amz-acl',
  'x-amz-content-sha256',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-storage-class',
  'if-match',
  'if-none-match',
] as const;

function contextOf(call: Call, bucket: string, { objectTags, requestTags, context }: Asking): Context {
  const keys: Record<string, string | readonly string[]> = {};
  const { request } = call;
  if (request !== null) {
    for (const name of HEADER_KEYS) {
      const value = request.headers[name];
      if (value !== undefined) keys[`s3:${name}`] = value;
    }
    if (call.accessKeyId !== null) {
      keys['s3:authType'] = request.headers['authorization'] === undefined ? 'REST-QUERY-STRING' : 'REST-HEADER';
      keys['s3:signatureversion'] = 'AWS4-HMAC-SHA256';
    }
    const version = addressOf(request).query.get('versionId');
    if (version !== undefined) keys['s3:VersionId'] = version;
  }
  // As `aws:SecureTransport`, it stands for the endpoint of AWS.
  keys['s3:TlsVersion'] = '1.3';
  const owner = bucketsOf(call.state).get(bucket)?.owner;
  if (owner !== undefined) keys['s3:ResourceAccount'] = owner;
  for (const [key, value] of objectTags ?? []) keys[`s3:ExistingObjectTag/${key}`] = value;
  for (const [key, value] of requestTags ?? []) keys[`s3:RequestObjectTag/${key}`] = value;
  if (requestTags !== undefined && requestTags.size > 0) keys['s3:RequestObjectTagKeys'] = [...requestTags.keys()];
  return { ...keys, ...context };
}

/**
 * Decides an action on a bucket or an object in it.
 *
 * @throws RequestError `accessDenied`.
 */
export function allow(call: Call, action: string, bucket: Bucket, asking: Asking = {}): void {
  const { key } = asking;
  restrictPublic(call, bucket);
  call.authorize(`s3:${action}`, arnOf(bucket.name, key), {
    owner: bucket.owner,
    resourcePolicy:
      bucket.policy === null ? null : { text: bucket.policy, kind: 'resource', principals: bucket.principals },
    context: contextOf(call, bucket.name, asking),
    ...(key === undefined && { resourceTags: bucket.tags }),
  });
}

export function isAllowed(call: Call, action: string, bucket: Bucket, asking: Asking = {}): boolean {
  try {
    allow(call, action, bucket, asking);
    return true;
  } catch (error) {
    if (error instanceof RequestError) return false;
    throw error;
  }
}

/**
 * Whether a bucket policy is public
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html). What is not proven to
 * be closed counts as public.
 */
export async function isPublic(policy: Policy): Promise<boolean> {
  if (policy.statements.every(({ effect }) => effect === 'Deny')) return false;
  // Not at the top, because it takes a while to load.
  const { noPublicAccess } = await import('../../iam/prove/index.js');
  return noPublicAccess([policy], 'AWS::S3::Bucket').kind !== 'HOLDS';
}

/** `RestrictPublicBuckets`: a public policy opens a bucket to its own account and to services, and to nobody else. */
function restrictPublic({ caller }: Call, { isPublic, publicAccessBlock, owner }: Bucket): void {
  if (!isPublic || publicAccessBlock?.RestrictPublicBuckets !== true) return;
  if (caller.account === owner || caller.kind === 'service') return;
  throw new RequestError('accessDenied', 'Access Denied');
}
