/** Buckets of the templates that Stackade writes: private, encrypted with a key of the template, for TLS alone. */
import { arnOf, sub } from './json.js';
import type { Json, JsonMap } from './json.js';
import { policyDocument, RETAIN } from './resources.js';

/**
 * A bucket whose objects are deleted after some days, and its policy.
 *
 * @param id - Logical id; the policy's is the same with `Policy` behind it. The key's is `Key`.
 */
export function expiringBucket(id: string, name: Json, keptDays: number): JsonMap {
  return {
    [id]: {
      Type: 'AWS::S3::Bucket',
      ...RETAIN,
      Properties: {
        BucketName: name,
        BucketEncryption: encryption(arnOf('Key')),
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: BLOCKED,
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'Expire',
              Status: 'Enabled',
              ExpirationInDays: keptDays,
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            },
          ],
        },
      },
    },
    [`${id}Policy`]: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: id }, PolicyDocument: policyDocument(tlsOnly(id)) },
    },
  };
}

export const BLOCKED: JsonMap = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

export function encryption(keyArn: JsonMap[string]): JsonMap {
  return {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn }, BucketKeyEnabled: true },
    ],
  };
}

/** Requests without TLS are refused. @param bucket - Logical id. */
export function tlsOnly(bucket: string): JsonMap {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arnOf(bucket), sub(`\${${bucket}.Arn}/*`)],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
