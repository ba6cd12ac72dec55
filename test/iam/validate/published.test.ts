/**
 * Statements as AWS publishes them, in its managed policies
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html) and in its examples of data perimeters
 * (https://github.com/aws-samples/data-perimeter-policy-examples), re-expressed: nothing is found in them. Beside each
 * stands the nearest statement that is wrong, and what is found there.
 */
import type { PolicyKind } from '../../../iam/index.js';
import { validatePolicy } from '../../../iam/validate/index.js';
import type { Value } from '../../../template/index.js';

type Statement = Readonly<Record<string, Value>>;

/** The codes in the order of the document. */
function codes(statement: Statement, kind: PolicyKind): string[] {
  const document = { Version: '2012-10-17', Statement: statement };
  return validatePolicy(document, kind).map(({ code }) => code);
}

const allow = (Action: Value, Resource: Value, Condition?: Value): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

describe('resources of AWS', () => {
  it.each([
    ['ssm:SendCommand', 'arn:aws:ssm:*::document/AWS-RunShellScript', 'arn:aws:ssm:*::document/own-script'],
    ['ssm:GetDocument', 'arn:aws:ssm:*::document/*', 'arn:aws:ssm:*::document/o*'],
    [
      'ssm:StartAutomationExecution',
      'arn:aws:ssm:*::automation-definition/AWSSupport-*:*',
      'arn:aws:ssm:*::automation-definition/own:*',
    ],
    ['ssm:GetParameters', 'arn:aws:ssm:*::parameter/aws/service/*', 'arn:aws:ssm:*::parameter/own/*'],
  ])('%s on %s has no account, and has one on %s', (action, good, bad) => {
    expect(codes(allow(action, good), 'identity')).toStrictEqual([]);
    expect(codes(allow(action, bad), 'identity')).toStrictEqual(['MISSING_ARN_ACCOUNT']);
  });

  it('are macros, and recovery points', () => {
    const macro = allow('cloudformation:CreateChangeSet', [
      'arn:aws:cloudformation:*:aws:transform/Serverless-2016-10-31',
      'arn:aws:cloudformation:*:111122223333:stack/app/*',
    ]);
    expect(codes(macro, 'identity')).toStrictEqual([]);
    const foreign = allow('cloudformation:CreateChangeSet', 'arn:aws:cloudformation:*:aws:transforms/Serverless');
    expect(codes(foreign, 'identity')).toStrictEqual(['INVALID_ARN_RESOURCE']);
    const point = allow('backup:DescribeRecoveryPoint', 'arn:aws:backup:*:*:recovery-point:*');
    expect(codes(point, 'identity')).not.toContain('INVALID_ARN_RESOURCE');
  });
});

describe('a wildcard at the end of the account', () => {
  it.each([
    ['logs:PutLogEvents', 'arn:aws:logs:*:*:/aws-glue/*'],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:*:*:sqlworkbench!*'],
  ])('lets %s reach %s', (action, resource) => {
    expect(codes(allow(action, resource), 'identity')).not.toContain('INVALID_ARN_RESOURCE');
    expect(codes(allow(action, resource.replace('*:*', '*:111122223333')), 'identity')).toContain(
      'INVALID_ARN_RESOURCE',
    );
  });

  it('reaches no name with a colon where there is none', () => {
    const statement = allow('kms:Decrypt', 'arn:aws:kms:*:*::*');
    expect(codes(statement, 'identity')).toContain('INVALID_ARN_RESOURCE');
    const other = allow('states:StartExecution', 'arn:aws:states:*:*:statemachine:app');
    expect(codes(other, 'identity')).toContain('INVALID_ARN_RESOURCE');
  });
});

describe('condition keys', () => {
  it.each(['secretsmanager:ResourceTag/SageMaker', 'secretsmanager:ResourceTag/aws:secretsmanager:owningService'])(
    'know %s',
    (key) => {
      const resource = 'arn:aws:secretsmanager:*:111122223333:secret:app-*';
      const statement = allow('secretsmanager:GetSecretValue', resource, { StringEquals: { [key]: 'true' } });
      expect(codes(statement, 'identity')).toStrictEqual([]);
    },
  );

  it('miss the key of a tag where the list of a service has no placeholder', () => {
    const resource = 'arn:aws:sagemaker:*:111122223333:endpoint/app';
    const statement = (key: string): Statement =>
      allow('sagemaker:InvokeEndpoint', resource, { StringEquals: { [key]: 'x' } });
    expect(codes(statement('sagemaker:ResourceTag/team'), 'identity')).toStrictEqual([]);
    expect(codes(statement('sagemaker:ResourceTag/'), 'identity')).toStrictEqual(['MISSING_TAG_KEY_IN_CONDITION']);
  });

  it('limit subscriptions by product', () => {
    const products = { 'ForAnyValue:StringEquals': { 'aws-marketplace:ProductId': ['prod-a', 'prod-b'] } };
    expect(codes(allow('aws-marketplace:Subscribe', '*', products), 'identity')).toStrictEqual([]);
    expect(codes(allow('aws-marketplace:ListEntitlementDetails', '*', products), 'identity')).toStrictEqual([
      'UNSUPPORTED_ACTION_FOR_CONDITION_KEY',
    ]);
  });

  it('compare the detail type of events as it is', () => {
    const rule = 'arn:aws:events:*:111122223333:rule/AuditManager*';
    const statement = (key: string): Statement =>
      allow('events:PutRule', rule, { StringEquals: { [key]: 'Security Hub Findings - Imported' } });
    expect(codes(statement('events:detail-type'), 'identity')).toStrictEqual([]);
    expect(codes(statement('events:source'), 'identity')).toStrictEqual(['MISSING_QUALIFIER']);
  });

  it('of one action do no harm to a denial that spares some values', () => {
    const statement = (Effect: string, operator: string): Statement => ({
      Effect,
      Action: ['signin:Authenticate', 'signin:CreateOAuth2Token'],
      Resource: '*',
      Condition: { [operator]: { 'signin:PrincipalArn': 'arn:aws:iam::111122223333:role/admin' } },
    });
    expect(codes(statement('Deny', 'ArnNotEquals'), 'scp')).toStrictEqual([]);
    expect(codes(statement('Deny', 'ArnEquals'), 'scp')).toStrictEqual(['UNSUPPORTED_ACTION_FOR_CONDITION_KEY']);
    expect(codes(statement('Allow', 'ArnNotEquals'), 'identity')).toStrictEqual([
      'UNSUPPORTED_ACTION_FOR_CONDITION_KEY',
    ]);
  });
});

describe('perimeters', () => {
  it('deny everybody the ways in of providers', () => {
    const statement = (Effect: string, AWS: string): Statement => ({
      Effect,
      Principal: { AWS },
      Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'],
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    });
    expect(codes(statement('Deny', '*'), 'trust')).toStrictEqual([]);
    expect(codes(statement('Deny', '111122223333'), 'trust')).toStrictEqual(['MISMATCHED_ACTION_FOR_PRINCIPAL']);
    expect(codes(statement('Allow', '*'), 'trust')).toContain('MISMATCHED_ACTION_FOR_PRINCIPAL');
  });

  it('hold a VPC to its Region', () => {
    const statement = (Condition: Value): Statement => ({ Effect: 'Deny', Action: '*', Resource: '*', Condition });
    const region = { StringNotEqualsIfExists: { 'aws:RequestedRegion': 'eu-west-1' } };
    const vpc = { 'aws:SourceVpc': 'vpc-0123456789abcdef0' };
    expect(codes(statement({ ...region, StringEquals: vpc }), 'scp')).toStrictEqual([]);
    expect(codes(statement({ ...region, StringNotEquals: vpc }), 'scp')).toStrictEqual(['IAM4010']);
    expect(codes(statement({ ...region, Null: { 'aws:SourceVpc': 'false' } }), 'scp')).toStrictEqual(['IAM4010']);
    expect(codes(statement(region), 'scp')).toStrictEqual(['IAM4010']);
  });

  it('list all buckets by their pattern', () => {
    expect(codes(allow('s3:ListAllMyBuckets', 'arn:aws:s3:::*'), 'identity')).toStrictEqual([]);
    expect(codes(allow('s3:ListAllMyBuckets', 'arn:aws:s3:::app*'), 'identity')).toStrictEqual(['IAM4005']);
  });
});

it('the action that Amazon SNS wrote into the policy of every topic is there, and others are not', () => {
  const topic = (Action: string): Statement => ({
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111122223333:root' },
    Action,
    Resource: 'arn:aws:sns:eu-central-1:111122223333:orders',
  });
  expect(codes(topic('SNS:Receive'), 'resource')).toStrictEqual([]);
  expect(codes(topic('SNS:Recieve'), 'resource')).toStrictEqual(['INVALID_ACTION']);
  expect(codes(topic('SQS:Receive'), 'resource')).toContain('INVALID_ACTION');
});
