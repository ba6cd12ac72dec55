/**
 * The role that releases: it makes the buckets of packages, writes to them, and administers the stack sets of the hooks; in
 * the management account, which stack sets do not reach, it deploys the same hooks as a stack. Whoever may take it on is
 * named by a parameter. The policy that protects the hooks lets it alone change them.
 */
import { role, sub, withTags } from '../../template/building/index.js';
import type { Json, JsonMap } from '../../template/building/index.js';
import { Names } from './deployment.js';
import type { HookDeployment } from './deployment.js';

/** @returns The template, for the account that administers the stack sets and for the management account; in one Region. */
export function releaseTemplate(deployment: HookDeployment): JsonMap {
  const { prefix, managementAccount, releaseRole, roleBoundary, tags } = deployment;
  const inManagement = (then: Json, otherwise: Json): Json => ({ 'Fn::If': ['IsManagement', then, otherwise] });
  const made = role({
    name: releaseRole,
    description: 'Publishes packages of the hooks of Stackade and rolls them out.',
    boundary: roleBoundary,
    trust: {
      Sid: 'WhoReleases',
      Effect: 'Allow',
      Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${TrustedRole}') },
      Action: 'sts:AssumeRole',
    },
  });
  const policy = (name: string, ...statements: readonly JsonMap[]): Json => ({
    PolicyName: name,
    PolicyDocument: { Version: '2012-10-17', Statement: statements },
  });
  return withTags(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description:
        'The role that releases the hooks of Stackade: a stack of the delegated administrator account, and one of the management account.',
      Parameters: {
        TrustedRole: {
          Type: 'String',
          Description: 'The role of this account, with its path, that may take it on, such as that of the pipeline',
          AllowedPattern: '^[A-Za-z0-9+=,.@_-][A-Za-z0-9+=,.@_/-]*$',
        },
      },
      Conditions: { IsManagement: { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, managementAccount] } },
      Resources: {
        ReleaseRole: {
          ...made,
          Properties: {
            ...(made['Properties'] as JsonMap),
            Policies: [
              policy('stacks', ...stacks(prefix)),
              inManagement(
                policy('hooks', ...memberStack(deployment)),
                policy('packages', ...packages(deployment), ...stackSets(prefix), ...organization(prefix)),
              ),
            ],
          },
        },
      },
      Outputs: { Role: { Description: 'The role that releases', Value: { 'Fn::GetAtt': ['ReleaseRole', 'Arn'] } } },
    },
    tags,
  );
}

const here = (service: string, resource: string): Json =>
  sub(`arn:\${AWS::Partition}:${service}:*:\${AWS::AccountId}:${resource}`);

/** Stacks whose names begin with the prefix. */
function stacks(prefix: string): readonly JsonMap[] {
  return [
    {
      Sid: 'OwnStacks',
      Effect: 'Allow',
      Action: [
        'cloudformation:CreateChangeSet',
        'cloudformation:CreateStack',
        'cloudformation:DeleteChangeSet',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeChangeSet',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStacks',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:GetTemplate',
        'cloudformation:ListStackResources',
        'cloudformation:TagResource',
        'cloudformation:UpdateStack',
      ],
      Resource: here('cloudformation', `stack/${prefix}*/*`),
    },
    // Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudFormation": these take no resource
    // before the stack is there.
    {
      Sid: 'ReadTemplates',
      Effect: 'Allow',
      Action: ['cloudformation:GetTemplateSummary', 'cloudformation:ValidateTemplate'],
      Resource: '*',
    },
  ];
}

/** The buckets of packages with their keys, and what is in them. Nothing is deleted: the buckets stay when their stack goes. */
function packages(deployment: HookDeployment): readonly JsonMap[] {
  const { prefix, administratorAccount } = deployment;
  const names = new Names(deployment);
  const buckets = [names.assetBucketOf('*'), `${prefix}asset-logs-${administratorAccount}-*`];
  const arn = (bucket: string): Json => sub(`arn:\${AWS::Partition}:s3:::${bucket}`);
  const own: JsonMap = { StringEquals: { 'aws:ResourceAccount': administratorAccount } };
  return [
    {
      Sid: 'OwnBuckets',
      Effect: 'Allow',
      Action: [
        's3:CreateBucket',
        's3:DeleteBucketPolicy',
        's3:Get*Configuration',
        's3:GetBucket*',
        's3:ListBucket',
        's3:PutBucketLogging',
        's3:PutBucketOwnershipControls',
        's3:PutBucketPolicy',
        's3:PutBucketPublicAccessBlock',
        's3:PutBucketTagging',
        's3:PutBucketVersioning',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
      ],
      Resource: buckets.map(arn),
    },
    {
      Sid: 'Publish',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      Resource: arn(`${names.assetBucketOf('*')}/*`),
      Condition: own,
    },
    ...keys(),
  ];
}

/** Keys of this account: made and described, never disabled or deleted. */
function keys(): readonly JsonMap[] {
  return [
    { Sid: 'MakeKeys', Effect: 'Allow', Action: 'kms:CreateKey', Resource: '*' },
    {
      Sid: 'OwnKeys',
      Effect: 'Allow',
      Action: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:EnableKeyRotation',
        'kms:GenerateDataKey',
        'kms:GetKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:ListResourceTags',
        'kms:PutKeyPolicy',
        'kms:TagResource',
        'kms:UpdateKeyDescription',
      ],
      Resource: here('kms', 'key/*'),
    },
    // Each is decided for the alias and for the key that it names.
    {
      Sid: 'OwnAliases',
      Effect: 'Allow',
      Action: ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'],
      Resource: '*',
    },
  ];
}

/** Stack sets of the prefix. They are administered in the management account, so that their ARNs have its number. */
function stackSets(prefix: string): readonly JsonMap[] {
  return [
    {
      Sid: 'OwnStackSets',
      Effect: 'Allow',
      Action: [
        'cloudformation:CreateStackInstances',
        'cloudformation:DeleteStackInstances',
        'cloudformation:DeleteStackSet',
        'cloudformation:DescribeStackInstance',
        'cloudformation:DescribeStackSet',
        'cloudformation:DescribeStackSetOperation',
        'cloudformation:DetectStackSetDrift',
        'cloudformation:ListStackInstances',
        'cloudformation:ListStackSetAutoDeploymentTargets',
        'cloudformation:ListStackSetOperationResults',
        'cloudformation:ListStackSetOperations',
        'cloudformation:TagResource',
        'cloudformation:UpdateStackSet',
      ],
      Resource: [
        sub(`arn:\${AWS::Partition}:cloudformation:*:*:stackset/${prefix}*`),
        sub(`arn:\${AWS::Partition}:cloudformation:*:*:stackset-target/${prefix}*`),
        sub('arn:${AWS::Partition}:cloudformation:*:*:type/resource/*'),
      ],
    },
    {
      // A stack set that is to be made has no ARN yet.
      Sid: 'MakeAndListStackSets',
      Effect: 'Allow',
      Action: [
        'cloudformation:CreateStackSet',
        'cloudformation:DescribeOrganizationsAccess',
        'cloudformation:ListStackSets',
      ],
      Resource: '*',
    },
  ];
}

/** The tree, and what hooks said in the accounts. */
function organization(prefix: string): readonly JsonMap[] {
  return [
    {
      Sid: 'ReadOrganization',
      Effect: 'Allow',
      Action: [
        'organizations:DescribeOrganization',
        'organizations:DescribePolicy',
        'organizations:ListAccountsForParent',
        'organizations:ListDelegatedAdministrators',
        'organizations:ListDelegatedServicesForAccount',
        'organizations:ListOrganizationalUnitsForParent',
        'organizations:ListPolicies',
        'organizations:ListRoots',
        'organizations:ListTargetsForPolicy',
      ],
      Resource: '*',
    },
    {
      Sid: 'ReadHookResults',
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Resource: sub(`arn:\${AWS::Partition}:iam::*:role/${prefix}hook-results`),
    },
  ];
}

/** What the stacks of hooks and of their watch consist of, by the names that they have. */
function memberStack(deployment: HookDeployment): readonly JsonMap[] {
  const { prefix, administratorAccount } = deployment;
  const names = new Names(deployment);
  return [
    {
      Sid: 'OwnRoles',
      Effect: 'Allow',
      Action: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:PutRolePolicy',
        'iam:TagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
      ],
      Resource: sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${prefix}hook-*`),
    },
    {
      Sid: 'PassOwnRoles',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${prefix}hook-*`),
      Condition: {
        StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'hooks.cloudformation.amazonaws.com'] },
      },
    },
    {
      Sid: 'OwnFunctions',
      Effect: 'Allow',
      Action: [
        'lambda:AddPermission',
        'lambda:CreateFunction',
        'lambda:DeleteFunction',
        'lambda:GetFunction',
        'lambda:GetFunctionConfiguration',
        'lambda:ListVersionsByFunction',
        'lambda:PublishVersion',
        'lambda:RemovePermission',
        'lambda:TagResource',
        'lambda:UpdateFunctionCode',
        'lambda:UpdateFunctionConfiguration',
      ],
      Resource: here('lambda', `function:${names.hookFunction}*`),
    },
    {
      Sid: 'OwnLogs',
      Effect: 'Allow',
      Action: [
        'logs:AssociateKmsKey',
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:ListTagsForResource',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
      ],
      Resource: here('logs', `log-group:/aws/lambda/${names.hookFunction}*`),
    },
    {
      Sid: 'DescribeLogs',
      Effect: 'Allow',
      Action: 'logs:DescribeLogGroups',
      Resource: '*',
    },
    {
      Sid: 'OwnHooks',
      Effect: 'Allow',
      Action: [
        'cloudformation:ActivateType',
        'cloudformation:BatchDescribeTypeConfigurations',
        'cloudformation:DeactivateType',
        'cloudformation:DescribeType',
        'cloudformation:SetTypeConfiguration',
      ],
      // Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudFormation": these take no resource.
      Resource: '*',
    },
    {
      Sid: 'OwnRules',
      Effect: 'Allow',
      Action: ['config:DeleteConfigRule', 'config:DescribeConfigRules', 'config:PutConfigRule'],
      Resource: here('config', 'config-rule/*'),
    },
    {
      Sid: 'ReadPackages',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Resource: sub(`arn:\${AWS::Partition}:s3:::${names.assetBucketOf('*')}/*`),
      Condition: { StringEquals: { 'aws:ResourceAccount': administratorAccount } },
    },
    {
      Sid: 'DecryptPackages',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: sub(`arn:\${AWS::Partition}:kms:*:${administratorAccount}:key/*`),
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.assetKeyAlias } },
    },
    ...keys(),
  ];
}
