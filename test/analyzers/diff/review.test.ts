/**
 * What a reviewer of a bank looks for besides rights: each row broadened, the same way back narrowed, and in other words for
 * the same nothing.
 */
import type { Change } from '../../../analyzers/diff/index.js';
import { leastTls } from '../../../analyzers/diff/orders.js';
import { compareTexts } from './support.js';

/** Properties of one resource, in short: `Type { properties } { attributes }`. */
function template(type: string, body: string, more = ''): string {
  return `Parameters: { Flag: { Type: String }, KeyArn: { Type: String } }
Resources:
  One:
    Type: ${type}
${body}
${more}`;
}

function compare(type: string, old: string, now: string): readonly Change[] {
  const [before, after] = [old, now].map((text) =>
    template(type, text.startsWith('    ') ? text : `    Properties: ${text}`),
  );
  return compareTexts(before!, after!).changes;
}

const verdicts = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ verdict, kind }) => `${verdict} ${kind}`);

/** Type, the good side, the bad side, other words for the good side, kind. */
const ROWS: readonly (readonly [string, string, string, string, string])[] = [
  [
    'AWS::RDS::DBInstance',
    '{ DeletionProtection: true }',
    '{ DeletionProtection: false }',
    "{ DeletionProtection: 'true' }",
    'guard',
  ],
  [
    'AWS::DynamoDB::Table',
    '{ DeletionProtectionEnabled: true }',
    '{}',
    "{ DeletionProtectionEnabled: 'true' }",
    'guard',
  ],
  [
    'AWS::DynamoDB::Table',
    '{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }',
    '{}',
    "{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: 'true' } }",
    'guard',
  ],
  ['AWS::Cognito::UserPool', '{ DeletionProtection: ACTIVE }', '{}', "{ DeletionProtection: 'ACTIVE' }", 'guard'],
  [
    'AWS::RDS::DBCluster',
    '{ BackupRetentionPeriod: 35 }',
    '{ BackupRetentionPeriod: 7 }',
    "{ BackupRetentionPeriod: '35' }",
    'guard',
  ],
  [
    'AWS::S3::Bucket',
    '{ VersioningConfiguration: { Status: Enabled } }',
    '{}',
    "{ VersioningConfiguration: { Status: 'Enabled' } }",
    'guard',
  ],
  [
    'AWS::S3::Bucket',
    '    DeletionPolicy: Retain',
    '    DeletionPolicy: Delete',
    "    DeletionPolicy: 'Retain'",
    'guard',
  ],
  [
    'AWS::DynamoDB::Table',
    '    UpdateReplacePolicy: Retain',
    '    Metadata: {}',
    "    UpdateReplacePolicy: 'Retain'",
    'guard',
  ],
  ['AWS::RDS::DBInstance', '    Metadata: {}', '    DeletionPolicy: Delete', '    DeletionPolicy: Snapshot', 'guard'],
  [
    'AWS::SNS::Topic',
    '{ KmsMasterKeyId: !Ref KeyArn }',
    '{ KmsMasterKeyId: alias/aws/sns }',
    "{ KmsMasterKeyId: !Sub '${KeyArn}' }",
    'encryption',
  ],
  ['AWS::SecretsManager::Secret', '{ KmsKeyId: !Ref KeyArn }', '{}', "{ KmsKeyId: !Sub '${KeyArn}' }", 'encryption'],
  [
    'AWS::SecretsManager::Secret',
    '{ KmsKeyId: !Ref KeyArn }',
    '{ KmsKeyId: alias/aws/secretsmanager }',
    '{ KmsKeyId: !Ref KeyArn, Description: same }',
    'encryption',
  ],
  [
    'AWS::EFS::FileSystem',
    '{ BackupPolicy: { Status: ENABLED } }',
    '{}',
    "{ BackupPolicy: { Status: 'ENABLED' } }",
    'guard',
  ],
  [
    'AWS::S3::Bucket',
    '{ LoggingConfiguration: { DestinationBucketName: logs } }',
    '{}',
    "{ LoggingConfiguration: { DestinationBucketName: 'logs' } }",
    'logging',
  ],
  [
    'AWS::RDS::DBInstance',
    '{ PubliclyAccessible: false }',
    '{ PubliclyAccessible: true }',
    "{ PubliclyAccessible: 'false' }",
    'public',
  ],
  [
    'AWS::ElasticLoadBalancingV2::Listener',
    '{ Protocol: HTTPS, SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06 }',
    '{ Protocol: HTTPS, SslPolicy: ELBSecurityPolicy-2016-08 }',
    '{ Protocol: HTTPS, SslPolicy: ELBSecurityPolicy-TLS-1-2-2017-01 }',
    'encryption',
  ],
  [
    'AWS::ApiGateway::DomainName',
    '{ SecurityPolicy: TLS_1_2 }',
    '{ SecurityPolicy: TLS_1_0 }',
    "{ SecurityPolicy: 'TLS_1_2' }",
    'encryption',
  ],
  [
    'AWS::EC2::LaunchTemplate',
    '{ LaunchTemplateData: { MetadataOptions: { HttpTokens: required } } }',
    '{ LaunchTemplateData: {} }',
    "{ LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } } }",
    'public',
  ],
  [
    'AWS::EC2::Instance',
    '{ MetadataOptions: { HttpTokens: required } }',
    '{ MetadataOptions: { HttpTokens: optional } }',
    "{ MetadataOptions: { HttpTokens: 'required' } }",
    'public',
  ],
  [
    'AWS::EC2::Instance',
    '{}',
    '{ MetadataOptions: { HttpPutResponseHopLimit: 2 } }',
    '{ MetadataOptions: { HttpPutResponseHopLimit: 1 } }',
    'public',
  ],
  ['AWS::Lambda::Url', '{ AuthType: AWS_IAM }', '{ AuthType: NONE }', "{ AuthType: 'AWS_IAM' }", 'public'],
  [
    'AWS::ApiGateway::Method',
    '{ AuthorizationType: AWS_IAM }',
    '{ AuthorizationType: NONE }',
    '{ AuthorizationType: CUSTOM }',
    'public',
  ],
  ['AWS::ApiGatewayV2::Route', '{ AuthorizationType: JWT }', '{}', "{ AuthorizationType: 'JWT' }", 'public'],
  [
    'AWS::ApiGateway::RestApi',
    '{ EndpointConfiguration: { Types: [PRIVATE] } }',
    '{ EndpointConfiguration: { Types: [REGIONAL] } }',
    '{ EndpointConfiguration: { Types: PRIVATE } }',
    'public',
  ],
  [
    'AWS::EC2::PrefixList',
    '{ Entries: [{ Cidr: 10.0.0.0/8 }] }',
    '{ Entries: [{ Cidr: 10.0.0.0/8 }, { Cidr: 192.168.0.0/16 }] }',
    '{ Entries: [{ Cidr: 10.0.0.0/9 }, { Cidr: 10.128.0.0/9 }] }',
    'ingress',
  ],
  [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    "{ LoadBalancerAttributes: [{ Key: deletion_protection.enabled, Value: 'true' }] }",
    '{}',
    '{ LoadBalancerAttributes: [{ Key: idle_timeout.timeout_seconds, Value: 60 }, { Key: deletion_protection.enabled, Value: true }] }',
    'guard',
  ],
  [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    "{ LoadBalancerAttributes: [{ Key: access_logs.s3.enabled, Value: 'true' }] }",
    "{ LoadBalancerAttributes: [{ Key: access_logs.s3.enabled, Value: 'false' }] }",
    '{ LoadBalancerAttributes: [{ Key: access_logs.s3.enabled, Value: true }] }',
    'logging',
  ],
];

it.each(ROWS)('%s %s → %s', (type, good, bad, same, kind) => {
  expect(verdicts(compare(type, good, bad))).toStrictEqual([`BROADENED ${kind}`]);
  expect(verdicts(compare(type, bad, good))).toStrictEqual([`NARROWED ${kind}`]);
  expect(verdicts(compare(type, good, same))).toStrictEqual([]);
});

it.each([
  ['AWS::RDS::DBInstance', '{ DeletionProtection: true }', '{ DeletionProtection: !Ref Flag }'],
  ['AWS::S3::Bucket', '    DeletionPolicy: Retain', '    DeletionPolicy: !Ref Flag'],
  ['AWS::SecretsManager::Secret', '{ KmsKeyId: !Ref KeyArn }', '{ KmsKeyId: !ImportValue key }'],
  ['AWS::ApiGateway::RestApi', '{ Body: { paths: {} } }', '{ Body: { paths: { /a: {} } } }'],
  [
    'AWS::ElasticLoadBalancingV2::Listener',
    '{ SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06 }',
    '{ SslPolicy: !Ref Flag }',
  ],
])('%s %s → %s cannot be told', (type, old, now) => {
  expect(verdicts(compare(type, old, now)).map((each) => each.split(' ')[0])).toStrictEqual(['NOT_EVALUATED']);
});

it('compares numbers that are too long for a number', () => {
  const of = (days: string): readonly string[] =>
    verdicts(
      compare(
        'AWS::RDS::DBInstance',
        '{ BackupRetentionPeriod: 123456789012345678901234567890 }',
        `{ BackupRetentionPeriod: ${days} }`,
      ),
    );
  expect(of('123456789012345678901234567890')).toStrictEqual([]);
  expect(of('7')).toStrictEqual(['BROADENED guard']);
  const share = (name: string): string => `{ Name: ${name} }`;
  const [one, other] = [share('123456789012345678901'), share('123456789012345678902')];
  expect(verdicts(compare('AWS::RAM::ResourceShare', one, other))).toStrictEqual(['NOT_EVALUATED route']);
});

it('says nothing of a key that is another one in the same templates', () => {
  const key = (id: string): string =>
    `  ${id}: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: !Sub 'arn:aws:iam::\${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }] } } }\n`;
  const keys = key('Red') + key('Blue');
  const secret = (id: string): string =>
    template('AWS::SecretsManager::Secret', `    Properties: { KmsKeyId: !GetAtt ${id}.Arn }`, keys);
  expect(compareTexts(secret('Red'), secret('Blue')).changes).toStrictEqual([]);
});

it('does not mistake what browsers ask first for an open method', () => {
  const add = (method: string): readonly Change[] =>
    compareTexts(
      'Resources: { Api: { Type: AWS::ApiGateway::RestApi } }',
      `Resources: { Api: { Type: AWS::ApiGateway::RestApi }, M: { Type: AWS::ApiGateway::Method, Properties: { HttpMethod: ${method}, AuthorizationType: NONE } } }`,
    ).changes;
  expect(verdicts(add('OPTIONS'))).toStrictEqual([]);
  expect(verdicts(add('GET'))).toStrictEqual(['BROADENED public']);
});

describe('network access lists of subnets', () => {
  const entry = (id: string, acl: string, range: string): string =>
    `  ${id}: { Type: AWS::EC2::NetworkAclEntry, Properties: { NetworkAclId: !Ref ${acl}, RuleNumber: 100, Protocol: 6, RuleAction: allow, CidrBlock: ${range}, PortRange: { From: 443, To: 443 } } }\n`;
  const network = (association: string): string => `Resources:
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-1, CidrBlock: 10.0.0.0/24 } }
  Narrow: { Type: AWS::EC2::NetworkAcl, Properties: { VpcId: vpc-1 } }
  Wide: { Type: AWS::EC2::NetworkAcl, Properties: { VpcId: vpc-1 } }
${entry('A', 'Narrow', '10.0.0.0/8')}${entry('B', 'Wide', '0.0.0.0/0')}${association}`;
  const of = (acl: string): string =>
    network(
      `  Of: { Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: { SubnetId: !Ref Subnet, NetworkAclId: !Ref ${acl} } }`,
    );

  it.each([
    ['a wider one', of('Narrow'), of('Wide'), ['BROADENED network-acl']],
    ['a narrower one', of('Wide'), of('Narrow'), ['NARROWED network-acl']],
    ['none but that of the VPC', of('Wide'), network(''), ['BROADENED network-acl']],
    [
      'one of another stack',
      of('Wide'),
      of('Wide')
        .replace('NetworkAclId: !Ref Wide } }', 'NetworkAclId: !ImportValue acl } }')
        .replace('NetworkAclId: !ImportValue acl, RuleNumber', 'NetworkAclId: !Ref Wide, RuleNumber'),
      ['NOT_EVALUATED network-acl'],
    ],
    ['the same', of('Wide'), of('Wide').replace('!Ref Subnet', "!Sub '${Subnet}'"), []],
  ])('get %s', (_, old, now, wanted) => {
    expect(verdicts(compareTexts(old, now).changes)).toStrictEqual(wanted);
  });
});

it.each([
  ['ELBSecurityPolicy-TLS13-1-2-2021-06', 2],
  ['ELBSecurityPolicy-TLS13-1-3-2021-06', 3],
  ['ELBSecurityPolicy-TLS13-1-0-2021-06', 0],
  ['ELBSecurityPolicy-TLS-1-1-2017-01', 1],
  ['ELBSecurityPolicy-FS-1-2-Res-2020-10', 2],
  ['ELBSecurityPolicy-FS-2018-06', 0],
  ['ELBSecurityPolicy-2016-08', 0],
  ['Mine', undefined],
])('the least TLS of %s is 1.%s', (name, least) => {
  expect(leastTls(name)).toBe(least);
});
