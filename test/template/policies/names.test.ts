/** Names that are supposed for resources that the template does not name. */
import { resolveTemplate, supposedName, supposeTemplate } from '../../../template/index.js';
import type { Value } from '../../../template/index.js';

const PLACE = { partition: 'aws', region: 'eu-west-1', accountId: '111122223333' };

const refOf = (id: string, type: string, resource?: Value, attribute?: string): string | undefined =>
  supposedName(id, { type, resource }, attribute, PLACE);

it('a literal text does not read like a reference to the resource of that id', () => {
  const template = {
    Resources: {
      Database: { Type: 'AWS::RDS::DBInstance' },
      It: { Type: 'Custom::It', Properties: { Literal: 'database', Reference: { Ref: 'Database' } } },
    },
  };
  const { resolution } = supposeTemplate(template, resolveTemplate(template), {});
  const { It } = resolution.document.value['Resources'] as unknown as { It: { Properties: Record<string, string> } };
  expect(It.Properties['Literal']).toBe('database');
  expect(It.Properties['Reference']).toMatch(/^database-[\da-f]{12}$/);
});

it('ids that differ in case only have names of their own, the same each time', () => {
  const names = ['DataBase', 'Database', 'database', 'databasE'].map((id) => refOf(id, 'AWS::S3::Bucket'));
  expect(new Set(names).size).toBe(4);
  expect(refOf('Database', 'AWS::S3::Bucket')).toBe(names[1]);
});

it.each([
  ['AWS::S3::Bucket', /^(?!.{64})[a-z0-9][a-z0-9-]+[a-z0-9]$/],
  ['AWS::IAM::Role', /^[\w+=,.@-]{1,64}$/],
  ['AWS::Lambda::Function', /^[\w-]{1,64}$/],
  ['AWS::RDS::DBInstance', /^[a-z](?:-?[a-z0-9]){0,62}$/],
  ['AWS::KMS::Key', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/],
  ['AWS::KMS::ReplicaKey', /^mrk-[\da-f]{32}$/],
  ['AWS::EC2::VPC', /^vpc-[\da-f]{17}$/],
  ['AWS::EC2::VPCEndpoint', /^vpce-[\da-f]{17}$/],
  ['AWS::EC2::Instance', /^i-[\da-f]{17}$/],
  ['AWS::EFS::FileSystem', /^fs-[\da-f]{17}$/],
  ['AWS::ApiGateway::RestApi', /^[\da-z]{10}$/],
  ['AWS::Cognito::UserPool', /^eu-west-1_[\dA-Za-z]{9}$/],
  ['AWS::Cognito::IdentityPool', /^eu-west-1:[\da-f-]{36}$/],
  ['AWS::Glue::Database', /^[a-z\d_]+$/],
])('%s has a name that is valid for it', (type, form) => {
  for (const id of ['Orders', 'A'.repeat(255), 'X1']) expect(refOf(id, type)).toMatch(form);
});

it('the name of a load balancer has 32 characters at most', () => {
  const arn = refOf('TheLoadBalancerOfEverything', 'AWS::ElasticLoadBalancingV2::LoadBalancer');
  expect(arn).toMatch(/:loadbalancer\/app\/theloadbalancerofev-[\da-f]{12}\/[\da-f]{16}$/);
});

it.each([
  ['/orders/url', 'arn:aws:ssm:eu-west-1:111122223333:parameter/orders/url'],
  ['url', 'arn:aws:ssm:eu-west-1:111122223333:parameter/url'],
])('the ARN of the parameter %s', (Name, arn) => {
  expect(refOf('P', 'AWS::SSM::Parameter', { Properties: { Name } }, 'Arn')).toBe(arn);
});

it.each([
  [{ Url: 'https://token.actions.githubusercontent.com' }, 'token.actions.githubusercontent.com'],
  [{ Url: 'gitlab.com' }, 'gitlab.com'],
])('the ARN of an identity provider holds its address without the scheme: %j', (Properties, host) => {
  const arn = `arn:aws:iam::111122223333:oidc-provider/${host}`;
  expect(refOf('P', 'AWS::IAM::OIDCProvider', { Properties })).toBe(arn);
  expect(refOf('P', 'AWS::IAM::OIDCProvider', { Properties }, 'Arn')).toBe(arn);
});
