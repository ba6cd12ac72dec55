/**
 * Grants to everybody under one condition, public and not, as tools that look for public resources are tested with them.
 * What counts is the list of S3 Block Public Access
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status).
 */
import { parsePolicy } from '../../../iam/index.js';
import { noPublicAccess } from '../../../iam/prove/index.js';
import type { Value } from '../../../template/index.js';

const A = '111122223333';
const B = '444455556666';

function verdict(parts: Readonly<Record<string, Value>>, type = 'AWS::S3::Bucket'): string {
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*',
    ...parts,
  };
  const { policy } = parsePolicy({ Version: '2012-10-17', Statement: [statement] }, 'resource');
  return noPublicAccess([policy!], type).kind;
}

const trail = (account: string, region = '*'): string => `arn:aws:cloudtrail:${region}:${account}:trail/*`;

it.each<[expected: string, condition: Value]>([
  ...['aws:SourceAccount', 'AWS:SourceOwner', 'aws:principalaccount', 'kms:CallerAccount'].flatMap(
    (key): [string, Value][] => [
      ['HOLDS', { StringEquals: { [key]: [A, B] } }],
      ['HOLDS', { 'ForAnyValue:StringEquals': { [key]: A } }],
      ['FAILS', { StringLike: { [key]: '*' } }],
      // Every caller has an account, or is `anonymous`.
      [key === 'aws:principalaccount' ? 'HOLDS' : 'FAILS', { StringEqualsIfExists: { [key]: A } }],
    ],
  ),
  ...['aws:SourceArn', 'AWS:PrincipalArn'].flatMap((key): [string, Value][] => [
    ['HOLDS', { ArnLike: { [key]: [trail(A), trail(B, 'eu-west-1')] } }],
    ['HOLDS', { StringLike: { [key]: trail(A) } }],
    ['FAILS', { ArnLike: { [key]: [trail(A), 'arn:aws:iam::*:role/*'] } }],
    ['FAILS', { ArnEquals: { [key]: 'arn:aws:*:*:*:*' } }],
    ['FAILS', { StringLike: { [key]: 'arn:aws:iam::*' } }],
    ['FAILS', { 'ForAllValues:ArnEquals': { [key]: trail(A) } }],
  ]),
  ['HOLDS', { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::amzn-s3-demo-bucket1' } }],
  // The account of the resource says nothing about the caller.
  ['FAILS', { StringEquals: { 'aws:ResourceAccount': A } }],
  ['FAILS', { StringEquals: { 's3:ResourceAccount': A } }],
  ['HOLDS', { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5', 'o-f6g7h8i9j0'] } }],
  ['FAILS', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
  ['HOLDS', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' } }],
  ['FAILS', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*/r-ab12/*' } }],
  ['HOLDS', { StringEquals: { 'aws:sourcevpc': ['vpc-1', 'vpc-2'] } }],
  ['FAILS', { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } }],
  ['HOLDS', { IpAddress: { 'AWS:SOURCEIP': ['203.0.113.7', '2001:db8::1'] } }],
  ['FAILS', { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.0.0/0'] } }],
  ['FAILS', { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } }],
  ['FAILS', { IpAddress: { 'aws:SourceIp': '::/0' } }],
  // Written to look narrow.
  ['FAILS', { StringNotLike: { 'aws:UserAgent': '|_|' }, NotIpAddress: { 'aws:SourceIp': '203.0.113.7' } }],
  ['FAILS', { StringNotLike: { 'aws:userid': 'AROAEXAMPLEID:*' } }],
  // S3 leaves this pattern out of its list.
  ['FAILS', { StringLike: { 'aws:userid': 'AROAEXAMPLEID:*' } }],
  ['HOLDS', { StringEquals: { 'aws:userid': 'AIDAEXAMPLEID' } }],
  ['FAILS', { StringEquals: { 'kms:ViaService': 'lightsail.us-east-1.amazonaws.com' } }],
  ['FAILS', { StringLike: { 'aws:Referer': 'https://example.com/*' } }],
  ['FAILS', { StringEquals: { 'aws:PrincipalTag/team': 'a' } }],
  // One of two conditions is enough.
  ['HOLDS', { StringLike: { 's3:prefix': 'home/' }, ArnLike: { 'aws:SourceArn': trail(A) } }],
])('%s: %j', (expected, Condition) => {
  expect(verdict({ Condition })).toBe(expected);
});

it.each<[expected: string, principal: Value]>([
  ['FAILS', { AWS: [`arn:aws:iam::${A}:root`, '*'] }],
  ['HOLDS', { AWS: [`arn:aws:iam::${A}:root`, B] }],
  ['HOLDS', { Service: 'lambda.amazonaws.com', AWS: A }],
])('%s: %j', (expected, Principal) => {
  expect(verdict({ Principal })).toBe(expected);
});

it('NotPrincipal lets everybody else in, a denial lets nobody in, and a mount target is a network', () => {
  const { policy } = parsePolicy(
    {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', NotPrincipal: { AWS: A }, Action: 's3:*', Resource: '*' },
    },
    'resource',
  );
  expect(noPublicAccess([policy!], 'AWS::S3::Bucket').kind).toBe('FAILS');
  expect(verdict({ Effect: 'Deny' })).toBe('HOLDS');
  const mount = { Action: 'elasticfilesystem:ClientMount', Resource: '*' };
  expect(verdict(mount, 'AWS::EFS::FileSystem')).toBe('FAILS');
  const through = { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } };
  expect(verdict({ ...mount, Condition: through }, 'AWS::EFS::FileSystem')).toBe('HOLDS');
});
