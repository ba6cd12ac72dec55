/** Keys, logs and roles of the templates that Stackade writes. */
import { sub } from './json.js';
import type { Json, JsonMap } from './json.js';

/** What must outlive its stack; a stack that could not be made leaves nothing. */
export const RETAIN: JsonMap = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

export function policyDocument(...statements: readonly JsonMap[]): JsonMap {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(sid: string, action: Json, resource: Json, condition?: JsonMap): JsonMap {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition !== undefined && { Condition: condition }),
  };
}

/**
 * A key with rotation. The account administers it, since a key whose policy names no such principal can be changed by nobody
 * (AWS KMS Developer Guide, "Default key policy"); who may use it is in the key policy alone, so that no IAM policy of the
 * account opens it.
 */
export function key(description: string, ...use: readonly JsonMap[]): JsonMap {
  return {
    Type: 'AWS::KMS::Key',
    ...RETAIN,
    Properties: {
      Description: description,
      EnableKeyRotation: true,
      PendingWindowInDays: 30,
      KeyPolicy: policyDocument(
        {
          Sid: 'AccountAdministers',
          Effect: 'Allow',
          Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
          Action: ADMINISTRATION,
          Resource: '*',
        },
        {
          Sid: 'GrantsForServicesOnly',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'kms:CreateGrant',
          Resource: '*',
          Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
        },
        ...use,
      ),
    },
  };
}

/** AWS KMS Developer Guide, "Allows key administrators to administer the KMS key"; nothing that uses a key, and no grants. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:DisableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

/**
 * CloudWatch Logs uses the key for some log groups of the account.
 *
 * Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service".
 */
export function logsUseKey(sid: string, names: readonly string[]): JsonMap {
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: { Service: sub('logs.${AWS::Region}.amazonaws.com') },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: {
      ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': names.map((name) => sub(logGroupArn(name))) },
    },
  };
}

export function logGroup(name: string, retentionDays: number, keyArn: Json): JsonMap {
  return {
    Type: 'AWS::Logs::LogGroup',
    ...RETAIN,
    Properties: {
      LogGroupName: name.includes('${') ? sub(name) : name,
      RetentionInDays: retentionDays,
      KmsKeyId: keyArn,
    },
  };
}

export function logGroupArn(name: string): string {
  return `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${name}`;
}

/** A function writes to its own log group, which the template makes. */
export function writesLogs(name: string): JsonMap {
  return allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], sub(`${logGroupArn(name)}:*`));
}

export interface RoleOptions {
  readonly name: Json;
  readonly description: string;
  readonly boundary: string | null;
  readonly trust: JsonMap;
}

/** A role with one inline policy, or with none when nothing is allowed. */
export function role(options: RoleOptions, ...statements: readonly JsonMap[]): JsonMap {
  const { name, description, boundary, trust } = options;
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      Description: description,
      MaxSessionDuration: 3600,
      ...(boundary !== null && {
        PermissionsBoundary: sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/${boundary}`),
      }),
      AssumeRolePolicyDocument: policyDocument(trust),
      ...(statements.length > 0 && {
        Policies: [{ PolicyName: 'permissions', PolicyDocument: policyDocument(...statements) }],
      }),
    },
  };
}
