/**
 * The bucket of packages, in the account that administers the stack sets, once for each governed Region: Lambda reads code
 * from a bucket of its own Region only. Roles of the rollout and of the hooks in the chosen part of the organization read;
 * the release role alone writes, and never over what is there.
 */
import {
  arnOf,
  BLOCKED,
  encryption,
  key,
  policyDocument,
  ref,
  RETAIN,
  sub,
  tlsOnly,
  withTags,
} from '../../template/building/index.js';
import type { Json, JsonMap } from '../../template/building/index.js';
import { Names } from './deployment.js';
import type { HookDeployment } from './deployment.js';

/** Prefixes whose names carry the hash of the content, so that nothing below them ever changes. */
const WRITTEN_ONCE = ['hooks/', 'bundles/', 'guard/', 'templates/'] as const;

/** Days for which old versions of mutable objects and access logs are kept. */
const KEPT_DAYS = 400;

/** @returns The template. It is deployed by the release role: its bucket refuses changes of everybody else. */
export function assetTemplate(deployment: HookDeployment): JsonMap {
  const names = new Names(deployment);
  return withTags(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description:
        'Bucket of packages of the hooks of Stackade. One stack in each governed Region, deployed by the release role.',
      Resources: {
        Key: key(
          'Packages of the hooks of Stackade',
          ...readers(deployment, '', ['kms:Decrypt'], '*', {
            StringEquals: { 'kms:ViaService': sub('s3.${AWS::Region}.amazonaws.com') },
          }),
          releaseUsesKey(deployment),
        ),
        KeyAlias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: names.assetKeyAlias, TargetKeyId: ref('Key') } },
        Assets: {
          Type: 'AWS::S3::Bucket',
          ...RETAIN,
          Properties: {
            BucketName: names.assetBucket,
            BucketEncryption: encryption(arnOf('Key')),
            VersioningConfiguration: { Status: 'Enabled' },
            OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
            PublicAccessBlockConfiguration: BLOCKED,
            LoggingConfiguration: { DestinationBucketName: ref('AccessLogs'), LogFilePrefix: 'assets/' },
            LifecycleConfiguration: {
              Rules: [
                { Id: 'OldVersions', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: KEPT_DAYS } },
              ],
            },
          },
        },
        AssetsPolicy: {
          Type: 'AWS::S3::BucketPolicy',
          Properties: { Bucket: ref('Assets'), PolicyDocument: policyDocument(...bucketStatements(deployment)) },
        },
        AccessLogs: {
          Type: 'AWS::S3::Bucket',
          ...RETAIN,
          Properties: {
            BucketName: sub(`${deployment.prefix}asset-logs-${deployment.administratorAccount}-\${AWS::Region}`),
            // Server access logs cannot be written with a key of KMS (Amazon S3 User Guide, "Enabling server access logging").
            BucketEncryption: {
              ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
            },
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
                },
              ],
            },
            Tags: [{ Key: 'access-log-target', Value: 'true' }],
          },
        },
        AccessLogsPolicy: {
          Type: 'AWS::S3::BucketPolicy',
          Properties: {
            Bucket: ref('AccessLogs'),
            PolicyDocument: policyDocument(
              {
                Sid: 'AccessLogs',
                Effect: 'Allow',
                Principal: { Service: 'logging.s3.amazonaws.com' },
                Action: 's3:PutObject',
                Resource: objects('AccessLogs', 'assets/*'),
                Condition: {
                  StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
                  ArnLike: { 'aws:SourceArn': arnOf('Assets') },
                },
              },
              tlsOnly('AccessLogs'),
            ),
          },
        },
      },
      Outputs: {
        Bucket: { Description: 'Bucket of packages', Value: ref('Assets') },
      },
    },
    deployment.tags,
  );
}

/** The release role encrypts what it publishes. */
function releaseUsesKey({ partition, administratorAccount, releaseRole }: HookDeployment): JsonMap {
  return {
    Sid: 'ReleaseRolePublishes',
    Effect: 'Allow',
    Principal: { AWS: `arn:${partition}:iam::${administratorAccount}:root` },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:ViaService': sub('s3.${AWS::Region}.amazonaws.com') },
      ArnEquals: { 'aws:PrincipalArn': `arn:${partition}:iam::${administratorAccount}:role/${releaseRole}` },
    },
  };
}

function bucketStatements(deployment: HookDeployment): readonly JsonMap[] {
  const { partition, administratorAccount, releaseRole } = deployment;
  return [
    ...readers(deployment, '', ['s3:GetObject', 's3:GetObjectVersion'], objects('Assets', '*'), {}),
    ...readers(deployment, 'List', ['s3:ListBucket'], arnOf('Assets'), {}),
    {
      Sid: 'ReleaseRoleWrites',
      Effect: 'Deny',
      Principal: '*',
      NotAction: ['s3:Get*', 's3:List*'],
      Resource: [arnOf('Assets'), objects('Assets', '*')],
      Condition: {
        ArnNotLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${administratorAccount}:role/${releaseRole}` },
      },
    },
    {
      Sid: 'WrittenOnce',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: WRITTEN_ONCE.map((prefix) => objects('Assets', `${prefix}*`)),
      // Amazon S3 User Guide, "Enforce conditional writes on Amazon S3 buckets".
      Condition: { Null: { 's3:if-none-match': 'true' } },
    },
    tlsOnly('Assets'),
  ];
}

/** Roles of the rollout and of the hooks: in the chosen units, and in the management account, which is in none. */
function readers(
  { organizationId, partition, waves, prefix, managementAccount, releaseRole }: HookDeployment,
  sid: string,
  actions: readonly string[],
  resource: Json,
  also: JsonMap,
): readonly JsonMap[] {
  const units = [...new Set(waves.flatMap(({ unitIds }) => unitIds))].sort();
  const equals = (also['StringEquals'] ?? {}) as JsonMap;
  const inOrganization = { StringEquals: { 'aws:PrincipalOrgID': organizationId, ...equals } };
  const hookRoles = (account: string): string => `arn:${partition}:iam::${account}:role/${prefix}hook-*`;
  return [
    {
      Sid: `RolloutAndHooksRead${sid}`,
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: actions,
      Resource: resource,
      Condition: {
        ...inOrganization,
        'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': units.map((id) => pathOf(organizationId, id)) },
        ArnLike: { 'aws:PrincipalArn': [`arn:${partition}:iam::*:role/stacksets-exec-*`, hookRoles('*')] },
      },
    },
    {
      Sid: `ManagementAccountReads${sid}`,
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: actions,
      Resource: resource,
      Condition: {
        ...inOrganization,
        ArnLike: {
          'aws:PrincipalArn': [
            `arn:${partition}:iam::${managementAccount}:role/${releaseRole}`,
            hookRoles(managementAccount),
          ],
        },
      },
    },
  ];
}

/** What `aws:PrincipalOrgPaths` looks like for accounts in a unit or below it. */
export function pathOf(organizationId: string, unitId: string): string {
  return unitId.startsWith('r-') ? `${organizationId}/${unitId}/*` : `${organizationId}/*/${unitId}/*`;
}

function objects(bucket: string, pattern: string): Json {
  return sub(`\${${bucket}.Arn}/${pattern}`);
}

/**
 * Statements of a role that reads packages: the bucket of this name in this account, and the key behind it.
 *
 * @param condition - What both are held to besides.
 */
export function readsAssets(
  deployment: HookDeployment,
  prefixes: readonly string[],
  condition: JsonMap,
): readonly JsonMap[] {
  const names = new Names(deployment);
  const account = deployment.administratorAccount;
  const bucket = `arn:\${AWS::Partition}:s3:::${names.assetBucketOf('${AWS::Region}')}`;
  return [
    {
      Sid: 'ReadAssets',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Resource: prefixes.map((prefix) => sub(`${bucket}/${prefix}*`)),
      Condition: { ...condition, StringEquals: { 'aws:ResourceAccount': account } },
    },
    {
      Sid: 'DecryptAssets',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: sub(`arn:\${AWS::Partition}:kms:\${AWS::Region}:${account}:key/*`),
      Condition: {
        ...condition,
        StringEquals: { 'kms:ViaService': sub('s3.${AWS::Region}.amazonaws.com') },
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.assetKeyAlias },
      },
    },
  ];
}
