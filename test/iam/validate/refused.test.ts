/**
 * What IAM refuses to save is an error, and what it saves is none. The shapes are those that CreatePolicy calls malformed
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html, MalformedPolicyDocument), as they come up in
 * public test suites of emulators and linters.
 */
import { validatePolicy, validatePolicyText } from '../../../iam/validate/index.js';
import type { PolicyKind } from '../../../iam/index.js';
import type { Value } from '../../../template/index.js';

type Parts = Readonly<Record<string, Value | undefined>>;

const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';

function statement(parts: Parts = {}): Value {
  const whole: Parts = { Effect: 'Allow', Action: 's3:ListBucket', Resource: BUCKET, ...parts };
  return Object.fromEntries(Object.entries(whole).filter(([, part]) => part !== undefined)) as Value;
}

const policy = (of: Value, more: Readonly<Record<string, Value>> = {}): Value => ({
  Version: '2012-10-17',
  ...more,
  Statement: of,
});
const codesOf = (value: Value, kind: PolicyKind, type?: string): readonly string[] =>
  validatePolicy(value, kind)
    .filter((each) => type === undefined || each.type === type)
    .map(({ code }) => code);

const when = (condition: Value): Value => statement({ Condition: condition });

it.each<[string, Value]>([
  ['a text in the place of a statement', policy(['statement'])],
  ['no statement', { Version: '2012-10-17' }],
  ['an empty list of statements', policy([])],
  ['an unknown version', { Version: '2015-10-17', Statement: statement() }],
  ['an element that policies do not have', policy(statement(), { Name: 'x' })],
  ['an element that statements do not have', policy(statement({ Actions: 's3:*' }))],
  ['an Id that is a list', policy(statement(), { Id: ['x'] })],
  ['a Sid that is a map', policy(statement({ Sid: {} }))],
  ['an effect in another case', policy(statement({ Effect: 'ALLOW' }))],
  ['no effect', policy(statement({ Effect: undefined }))],
  ['an action without a service', policy(statement({ Action: 'ListBucket' }))],
  ['an empty NotAction', policy(statement({ Action: undefined, NotAction: '' }))],
  ['a service with a space', policy(statement({ Action: 's 3:ListBucket' }))],
  ['an action with two colons', policy(statement({ Action: 's3:List:Bucket' }))],
  ['an empty list of actions', policy(statement({ Action: [] }))],
  ['an empty list of NotAction', policy(statement({ Action: undefined, NotAction: [] }))],
  ['a list in a list of actions', policy(statement({ Action: [['s3:ListBucket']] }))],
  ['a map of actions', policy(statement({ Action: { s3: 'ListBucket' } }))],
  ['Action and NotAction, one of them empty', policy(statement({ NotAction: [] }))],
  ['no resource', policy(statement({ Resource: undefined }))],
  ['an empty list of resources', policy(statement({ Resource: [] }))],
  ['an empty resource', policy(statement({ Resource: '' }))],
  ['Resource and NotResource', policy(statement({ NotResource: '*' }))],
  ['a resource that is a name', policy(statement({ Resource: 'amzn-s3-demo-bucket' }))],
  ['an ARN without its beginning', policy(statement({ Resource: 'aws:s3:::amzn-s3-demo-bucket' }))],
  ['an ARN of an unknown partition', policy(statement({ Resource: [BUCKET, 'arn:cloud:s3:::amzn-s3-demo-bucket'] }))],
  ['an ARN without a service', policy(statement({ Resource: 'arn:aws::::amzn-s3-demo-bucket' }))],
  ['a bucket with a colon too few', policy(statement({ Resource: 'arn:aws:s3::amzn-s3-demo-bucket' }))],
  ['a bucket with a Region', policy(statement({ Resource: 'arn:aws:s3:us-east-1::amzn-s3-demo-bucket' }))],
  [
    'a role with a Region',
    policy(statement({ Action: 'iam:GetRole', Resource: 'arn:aws:iam:us-east-1:111122223333:role/a' })),
  ],
  [
    'a thing of IAM that IAM does not have',
    policy(statement({ Action: 'iam:GetRole', Resource: 'arn:aws:iam::111122223333:thing' })),
  ],
  ['conditions in a list', policy(when([{ StringEquals: { 's3:prefix': 'a' } }]))],
  ['an operator with a text', policy(when({ DateGreaterThan: '2026-01-01' }))],
  ['an operator with a list', policy(when({ DateGreaterThan: [] }))],
  ['a value that is a map', policy(when({ StringEquals: { 's3:prefix': {} } }))],
  ['an unknown operator', policy(when({ StringIs: { 's3:prefix': 'a' } }))],
  ['a set operator with two colons', policy(when({ 'ForAnyValue::StringEquals': { 'aws:TagKeys': 'a' } }))],
  ['a Sid that stands twice', policy([statement({ Sid: 'A' }), statement({ Sid: 'A', Action: 's3:GetBucketAcl' })])],
])('%s is refused', (_, value) => {
  expect(codesOf(value, 'identity', 'ERROR')).not.toStrictEqual([]);
});

it.each<[string, Value]>([
  ['a single statement', policy(statement())],
  ['an Id', policy(statement(), { Id: 'one' })],
  ['empty Sids', policy([statement({ Sid: '' }), statement({ Sid: '', Action: 's3:GetBucketAcl' })])],
  ['everything on one resource', policy(statement({ Action: '*' }))],
  ['an empty condition', policy(when({}))],
  ['an operator without keys', policy(when({ DateGreaterThan: {} }))],
  [
    'a date with a fraction and an offset',
    policy(when({ DateLessThan: { 'aws:CurrentTime': '2026-12-13T21:20:37.593194+00:00' } })),
  ],
  ['an operator in another case', policy(when({ stringequalsifexists: { 's3:prefix': 'a' } }))],
  [
    'access points',
    policy(
      statement({
        Action: 's3:*',
        Resource: [
          'arn:aws:s3:us-west-2:111122223333:accesspoint/a',
          'arn:aws:s3:us-west-2:111122223333:accesspoint/a/object/*',
        ],
      }),
    ),
  ],
])('%s is no error', (_, value) => {
  expect(codesOf(value, 'identity', 'ERROR')).toStrictEqual([]);
});

it('a text that is no JSON is refused', () => {
  expect(validatePolicyText('a policy', 'identity', 'a.json').findings.map(({ type }) => type)).toContain('ERROR');
});

it('the old version is refused where AWS refuses it, and told of where it means something else', () => {
  const old: Value = { Version: '2008-10-17', Statement: statement({ Resource: '*' }) };
  const without: Value = { Statement: statement({ Resource: '*' }) };
  expect(codesOf(old, 'boundary', 'ERROR')).toStrictEqual(['IAM4018']);
  expect(codesOf(without, 'boundary')).toStrictEqual(['IAM4018', 'MISSING_VERSION']);
  expect(codesOf(old, 'identity')).toStrictEqual(['IAM4019']);
  expect(codesOf(without, 'identity')).toStrictEqual(['MISSING_VERSION']);
  // AWS itself writes the old version into the policies of new queues and keys.
  const queue: Value = {
    Version: '2008-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: '111122223333' },
      Action: 'sqs:SendMessage',
      Resource: 'arn:aws:sqs:eu-west-1:111122223333:q',
    },
  };
  expect(codesOf(queue, 'resource')).toStrictEqual([]);
});

describe('keys that no action of the statement carries', () => {
  it.each<[string, readonly string[], Value, Parts?]>([
    ['tags of a request on an action that sets none', ['IAM4005'], { StringEquals: { 'aws:RequestTag/team': 'a' } }],
    [
      'a key of another service under a pattern',
      ['IAM4005'],
      { StringEquals: { 'ec2:InstanceType': 't3.micro' } },
      { Action: 's3:List*' },
    ],
    [
      'a value ruled out',
      ['IAM4020'],
      { StringNotEquals: { 'ec2:InstanceType': 't3.micro' } },
      { Action: ['s3:*', 'sqs:*'], Resource: '*' },
    ],
    ['a value asked for if there is one', ['IAM4020'], { StringEqualsIfExists: { 'ec2:InstanceType': 't3.micro' } }],
    [
      'a pattern that takes in an action with the key',
      [],
      { StringEquals: { 'aws:RequestTag/team': 'a' } },
      { Action: 's3:*', Resource: '*' },
    ],
    [
      'a pattern over services',
      [],
      { StringNotEquals: { 'ec2:InstanceType': 't3.micro' } },
      { Action: ['s3:*', 'ec2:*'], Resource: '*' },
    ],
    [
      'a denial that spares a value',
      [],
      { StringNotEquals: { 'ec2:InstanceType': 't3.micro' } },
      { Effect: 'Deny', Action: 's3:List*' },
    ],
    [
      'a key that comes with credentials',
      [],
      { ArnNotEquals: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:eu-west-1:111122223333:function:f' } },
    ],
  ])('%s', (_, expected, condition, parts = {}) => {
    expect(codesOf(policy(statement({ Condition: condition, ...parts })), 'identity')).toStrictEqual(expected);
  });

  it('are not told of an action that is not in the catalogue', () => {
    const value = policy(statement({ Action: 's3:Brew', Condition: { StringNotEquals: { 'ec2:InstanceType': 'a' } } }));
    expect(codesOf(value, 'identity')).toStrictEqual(['INVALID_ACTION']);
  });
});

it('an ARN of another service is none of the action, whatever stands in Region and account', () => {
  const codes = (Resource: string): readonly string[] =>
    codesOf(policy(statement({ Action: 's3:GetObject', Resource })), 'identity');
  expect(codes('arn:aws:logs:*:*:log-group:a')).toStrictEqual(['IAM4005']);
  expect(codes('arn:aws:s3:*:*:amzn-s3-demo-bucket/*')).not.toContain('IAM4005');
  expect(codes('arn:aws:*:*:*:amzn-s3-demo-bucket/*')).not.toContain('IAM4005');
});

it('says once of ARNs with fewer than six parts that nobody knows what they match', () => {
  const codes = (operator: string, value: Value, effect = 'Deny'): readonly string[] =>
    codesOf(policy(statement({ Effect: effect, Condition: { [operator]: { 'aws:SourceArn': value } } })), 'identity');
  for (const operator of ['ArnLike', 'ArnNotEquals', 'ArnLikeIfExists', 'ForAnyValue:ArnNotLike']) {
    for (const value of [
      '*',
      'a-topic',
      ['arn:*', 'arn:aws:sns:*'],
      ['arn:aws:sns:*', 'arn:aws:sns:*:111122223333:*'],
    ]) {
      expect(codes(operator, value).filter((code) => !code.startsWith('FOR'))).toStrictEqual(['IAM4021']);
    }
  }
  expect(codes('ArnLike', '*', 'Allow')).toStrictEqual(['IAM4021', 'WILDCARD_USAGE_TOO_PERMISSIVE']);
  expect(codes('ArnLike', 'arn:*:*:*:*:*')).toStrictEqual([]);
  expect(codes('ArnLike', '${aws:PrincipalTag/topic}')).toStrictEqual([]);
});
