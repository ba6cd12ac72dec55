/**
 * Samples of weak and of strong settings, as they are printed in articles and runbooks: the named control catches the weak
 * one, and has nothing to say about the strong one.
 */
import { stringify } from 'yaml';
import { buildBundle, checkTemplate, defaultParameters, guardName, parameterDocument } from '../../rules/index.js';
import type { GuardRuleSource } from '../../rules/index.js';
import type { Value } from '../../template/index.js';
import { library } from './library.js';

const sources = library.map(({ id, guard, metadata }): GuardRuleSource => {
  const { title, severity, controls, remediation } = metadata;
  const info = { id, title, severity, controls, help: remediation.text, docs: '' };
  return { file: `${id}.guard`, text: guard, rules: new Map([[guardName(id), info]]) };
});
const { bundle } = buildBundle(sources);

/** A network to refer to. */
const NETWORK = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };

/** The controls that find something at a resource with these properties, or in this template. */
function found(sample: Sample): ReadonlySet<string> {
  const template =
    'template' in sample
      ? sample.template
      : { Resources: { Network: NETWORK, It: { Type: sample.type, ...sample.resource } } };
  const inputs = parameterDocument(defaultParameters()) as unknown as Record<string, Value>;
  const checked = checkTemplate(stringify(template), 'sample.yaml', bundle!, {}, { inputs });
  if (checked.kind !== 'checked') throw new Error(`the sample was not checked: ${checked.kind}`);
  return new Set(checked.result.findings.flatMap((finding) => finding.controls));
}

type Sample = { readonly template: object } | { readonly type: string; readonly resource: object };
const of = (type: string, properties: object, attributes: object = {}): Sample => ({
  type,
  resource: { ...attributes, Properties: properties },
});

const ingress = (rule: object): Sample =>
  of('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...rule }],
  });
const grant = (permissions: readonly string[], grantable: readonly string[]): Sample =>
  of('AWS::LakeFormation::PrincipalPermissions', {
    Principal: { DataLakePrincipalIdentifier: 'arn:aws:iam::111122223333:role/analyst' },
    Resource: { LFTagPolicy: { ResourceType: 'TABLE', Expression: [] } },
    Permissions: permissions,
    PermissionsWithGrantOption: grantable,
  });
const warehouse = { Encrypted: true, PubliclyAccessible: false, EnhancedVpcRouting: true, ClusterSubnetGroupName: 'x' };
const domain = (count: number): Sample =>
  of('AWS::OpenSearchService::Domain', {
    ClusterConfig: {
      ZoneAwarenessEnabled: true,
      ZoneAwarenessConfig: { AvailabilityZoneCount: 3 },
      InstanceCount: count,
    },
  });
const build = (subnets: readonly string[], privileged: boolean): Sample =>
  of('AWS::CodeBuild::Project', {
    Environment: { Image: 'aws/codebuild/standard:7.0', PrivilegedMode: privileged },
    VpcConfig: { VpcId: 'vpc-1', Subnets: subnets, SecurityGroupIds: ['sg-1'] },
  });
const endpoint = (dns: boolean, groups: readonly unknown[]): Sample =>
  of('AWS::EC2::VPCEndpoint', {
    VpcEndpointType: 'Interface',
    ServiceName: 'com.amazonaws.eu-west-1.logs',
    PrivateDnsEnabled: dns,
    SubnetIds: ['subnet-1', 'subnet-2'],
    SecurityGroupIds: groups,
  });
const cdkRole = (boundary: object): Sample =>
  of('AWS::IAM::Role', {
    RoleName: 'cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1',
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    ...boundary,
  });
const personal = (mode: string): Sample =>
  of('AWS::S3::Bucket', {
    Tags: [{ Key: 'personal-data', Value: 'yes' }],
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: mode, Days: 30 } } },
  });
const parameter = (settings: object): Sample => ({
  template: {
    Parameters: { TestUserPassword: { Type: 'String', ...settings } },
    Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
  },
});

const SAMPLES: readonly (readonly [name: string, control: string, weak: Sample, strong: Sample])[] = [
  [
    'a database that the world may reach, because its functions are outside of the network',
    'NET-SG-01',
    ingress({ CidrIp: '0.0.0.0/0' }),
    ingress({ SourceSecurityGroupId: 'sg-1' }),
  ],
  ['half of the internet', 'NET-SG-01', ingress({ CidrIp: '0.0.0.0/1' }), ingress({ CidrIp: '10.0.0.0/8' })],
  [
    'full access for the role of a data class',
    'IAM-POL-02',
    of('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'] }),
    of('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] }),
  ],
  [
    'an administrator role for a pipeline',
    'IAM-POL-02',
    of('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
    of('AWS::IAM::Role', {}),
  ],
  [
    'a user whose password is a parameter of the stack',
    'IAM-USER-01',
    of('AWS::IAM::User', { LoginProfile: { Password: { Ref: 'Password' } } }),
    of('AWS::IAM::User', { Path: '/people/' }),
  ],
  ['passwords of test users as parameters', 'SEC-PARAM-01', parameter({}), parameter({ NoEcho: true })],
  ['the grant option for readers of dashboards', 'DATA-LF-05', grant(['SELECT'], ['SELECT']), grant(['SELECT'], [])],
  ['everything where reading is meant', 'DATA-LF-05', grant(['ALL'], []), grant(['SELECT', 'DESCRIBE'], [])],
  [
    'a tag whose key is spelt in a second way',
    'DATA-LF-07',
    of('AWS::LakeFormation::Tag', { TagKey: 'dataclass', TagValues: ['public'] }),
    of('AWS::LakeFormation::Tag', { TagKey: 'data-class', TagValues: ['public'] }),
  ],
  [
    'the primary workgroup',
    'TEN-WG-01',
    of('AWS::Athena::WorkGroup', { Name: 'primary' }),
    of('AWS::Athena::WorkGroup', { Name: 'analysts' }),
  ],
  [
    'the role of the task is its execution role',
    'IAM-ROLE-02',
    of('AWS::ECS::TaskDefinition', {
      TaskRoleArn: 'arn:aws:iam::111122223333:role/x',
      ExecutionRoleArn: 'arn:aws:iam::111122223333:role/x',
    }),
    of('AWS::ECS::TaskDefinition', {
      TaskRoleArn: 'arn:aws:iam::111122223333:role/x',
      ExecutionRoleArn: 'arn:aws:iam::111122223333:role/y',
    }),
  ],
  [
    'an SSH key although Session Manager is used',
    'RES-EMR-01',
    of('AWS::EMR::Cluster', { Instances: { Ec2KeyName: 'outposts' } }),
    of('AWS::EMR::Cluster', { Instances: {} }),
  ],
  [
    'the password of a database as an argument of a job',
    'SEC-SM-01',
    of('AWS::Glue::Job', { DefaultArguments: { '--db_password': 'Gl8eJobPwd' } }),
    of('AWS::Glue::Job', { DefaultArguments: { '--db_secret_name': 'etl/db' } }),
  ],
  [
    'a function URL that a third party calls',
    'IAM-RES-01',
    of('AWS::Lambda::Url', { AuthType: 'NONE' }),
    of('AWS::Lambda::Url', { AuthType: 'AWS_IAM' }),
  ],
  [
    'a warehouse without a private network',
    'NET-RS-01',
    of('AWS::Redshift::Cluster', { NodeType: 'dc2.large' }),
    of('AWS::Redshift::Cluster', warehouse),
  ],
  [
    'a warehouse that is deleted without a final snapshot',
    'RES-DEL-01',
    of('AWS::Redshift::Cluster', warehouse, { DeletionPolicy: 'Delete' }),
    of('AWS::Redshift::Cluster', warehouse, { DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot' }),
  ],
  [
    'a console of administrators that faces the internet',
    'NET-LB-01',
    of('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' }),
    of('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }),
  ],
  [
    'a server with a public address',
    'NET-EC2-01',
    of('AWS::EC2::Instance', { NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: true }] }),
    of('AWS::EC2::Instance', { NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: false }] }),
  ],
  [
    'a method without an authorizer',
    'IAM-API-01',
    of('AWS::ApiGateway::Method', { HttpMethod: 'GET', AuthorizationType: 'NONE' }),
    of('AWS::ApiGateway::Method', { HttpMethod: 'GET', AuthorizationType: 'AWS_IAM' }),
  ],
  [
    'a public search domain',
    'NET-OS-01',
    of('AWS::OpenSearchService::Domain', { DomainName: 'logs' }),
    of('AWS::OpenSearchService::Domain', { VPCOptions: { SubnetIds: ['subnet-1'] } }),
  ],
  ['five search nodes over three zones', 'RES-OS-01', domain(5), domain(6)],
  [
    'the default security group',
    'NET-SG-05',
    endpoint(true, [{ 'Fn::GetAtt': ['Network', 'DefaultSecurityGroup'] }]),
    endpoint(true, ['sg-1']),
  ],
  ['an endpoint without private DNS', 'NET-VPCE-05', endpoint(false, ['sg-1']), endpoint(true, ['sg-1'])],
  [
    'an execution role that starts as administrator',
    'BND-CDK-01',
    cdkRole({}),
    cdkRole({ PermissionsBoundary: 'arn:aws:iam::111122223333:policy/developer-policy' }),
  ],
  [
    'a literal password of an administrator',
    'SEC-DB-01',
    of('AWS::RedshiftServerless::Namespace', { AdminUserPassword: 'Migrat10n!' }),
    of('AWS::RedshiftServerless::Namespace', { ManageAdminPassword: true }),
  ],
  ['a build in one subnet', 'PIPE-CB-01', build(['subnet-1'], false), build(['subnet-1', 'subnet-2'], false)],
  ['a privileged build', 'PIPE-CB-02', build(['subnet-1', 'subnet-2'], true), build(['subnet-1', 'subnet-2'], false)],
  ['personal data under a lock that nobody opens', 'DATA-ERASE-01', personal('COMPLIANCE'), personal('GOVERNANCE')],
  [
    'a bucket that logs access to itself',
    'LOG-S3-01',
    of('AWS::S3::Bucket', { BucketName: 'logs', LoggingConfiguration: { DestinationBucketName: 'logs' } }),
    of('AWS::S3::Bucket', { BucketName: 'data', LoggingConfiguration: { DestinationBucketName: 'logs' } }),
  ],
  [
    'a password in a plain parameter',
    'SEC-CFG-01',
    of('AWS::SSM::Parameter', { Type: 'String', Name: '/app/db/password', Value: 'x' }),
    of('AWS::SSM::Parameter', { Type: 'String', Name: '/app/db/host', Value: 'x' }),
  ],
  [
    'a public connection of the private repository',
    'PIPE-CA-01',
    of('AWS::CodeArtifact::Repository', { RepositoryName: 'Private', ExternalConnections: ['public:npmjs'] }),
    of('AWS::CodeArtifact::Repository', { RepositoryName: 'Private', Upstreams: ['npm-store'] }),
  ],
];

it.each(SAMPLES)('%s: %s', (_name, control, weak, strong) => {
  expect(found(weak)).toContain(control);
  expect(found(strong)).not.toContain(control);
});
