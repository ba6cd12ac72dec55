/** The bucket that a Guard Hook writes its reports to: the reasons of a refusal are nowhere else. */
import { arnOf, ref, sub } from './deployment.js';
import type { JsonMap, Names } from './deployment.js';
import { RETAIN, policyDocument } from './parts.js';

/** Days after which reports are deleted. */
const KEPT_DAYS = 90;

export function reportBucket(names: Names): JsonMap {
  return {
    Reports: {
      Type: 'AWS::S3::Bucket',
      ...RETAIN,
      Properties: {
        BucketName: names.guardReports,
        BucketEncryption: encryption(arnOf('Key')),
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: BLOCKED,
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'Expire',
              Status: 'Enabled',
              ExpirationInDays: KEPT_DAYS,
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            },
          ],
        },
      },
    },
    ReportsPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: ref('Reports'), PolicyDocument: policyDocument(tlsOnly('Reports')) },
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
