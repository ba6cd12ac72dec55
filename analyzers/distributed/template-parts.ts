/** Resources that the template of a distributed scan consists of: key, bucket, logs, functions, roles. */

/** JSON data, as templates consist of it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonMap = Readonly<Record<string, Json>>;

export const RETAIN: JsonMap = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

export function ref(name: string): JsonMap {
  return { Ref: name };
}

export function sub(text: string): JsonMap {
  return { 'Fn::Sub': text };
}

export function arnOf(logicalId: string): JsonMap {
  return { 'Fn::GetAtt': [logicalId, 'Arn'] };
}

/** The text of a template: JSON, which is YAML as well. */
export function printTemplate(template: JsonMap): string {
  return `${JSON.stringify(template, null, 2)}\n`;
}

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

export function logGroupArn(name: string): string {
  return `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${name}`;
}

/** A function writes to its own log group, which the template makes. */
export function writesLogs(name: string): JsonMap {
  return allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], sub(`${logGroupArn(name)}:*`));
}

export function logGroup(name: string, retentionDays: number): JsonMap {
  return {
    Type: 'AWS::Logs::LogGroup',
    ...RETAIN,
    Properties: { LogGroupName: name, RetentionInDays: retentionDays, KmsKeyId: arnOf('Key') },
  };
}

export interface RoleOptions {
  readonly name: string;
  readonly description: string;
  readonly boundary: string | null;
  readonly service: string;
  /** Conditions on who takes it on; `null` where the service documents none. */
  readonly source: JsonMap | null;
}

export function role(
  { name, description, boundary, service, source }: RoleOptions,
  ...statements: readonly JsonMap[]
): JsonMap {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: sub(name),
      Description: description,
      MaxSessionDuration: 3600,
      ...(boundary !== null && {
        PermissionsBoundary: sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/${boundary}`),
      }),
      AssumeRolePolicyDocument: policyDocument({
        Sid: 'Service',
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(source !== null && { Condition: source }),
      }),
      Policies: [{ PolicyName: 'permissions', PolicyDocument: policyDocument(...statements) }],
    },
  };
}

export const BLOCKED: JsonMap = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

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

/**
 * AWS KMS Developer Guide, "Allows key administrators to administer the KMS key"; nothing that uses a key, and no grants.
 */
export const KEY_ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
];
