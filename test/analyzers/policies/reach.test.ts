/** What a scan must not pass over: grants by what they leave out, templates too deep in others, too many choices. */
import { scanTemplate, supposedOf } from '../../../analyzers/policies/index.js';
import type { PolicyScanOptions, TemplateScan } from '../../../analyzers/policies/index.js';
import { readTemplate } from '../../../template/index.js';

function scan(template: object, options: PolicyScanOptions = {}): TemplateScan {
  const { source } = readTemplate(JSON.stringify(template), 't.json');
  return scanTemplate(source!, supposedOf(source!), options);
}

it('an allow of all but some actions grants the others', () => {
  const PolicyDocument = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', NotAction: 's3:GetObject', Resource: '*' },
  };
  const template = { Resources: { It: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument } } } };
  const granted = (action: string): readonly string[] =>
    scan(template, { notGranted: [action] }).findings.flatMap(({ ruleId }) =>
      ruleId === 'policy-access-not-granted' ? [ruleId] : [],
    );
  expect(granted('iam:PassRole')).toStrictEqual(['policy-access-not-granted']);
  expect(granted('s3:GetObject')).toStrictEqual([]);
});

it('templates that stand too deep in others are told as not looked at', () => {
  let template: object = { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } };
  for (let depth = 0; depth < 6; depth++) {
    const Properties = { TemplateBody: JSON.stringify(template) };
    template = { Resources: { Set: { Type: 'AWS::CloudFormation::StackSet', Properties } } };
  }
  const { notEvaluated, file } = scan(template);
  expect(notEvaluated.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('stands in too many others'));
  expect(file.status).toBe('NOT_EVALUATED');
});

it('a resource with more choices than can be tried is told as not looked at', () => {
  const names = Array.from({ length: 10 }, (_, index) => `P${index}`);
  const Statement = names.map((name) => ({
    Effect: { 'Fn::If': [name, 'Allow', 'Deny'] },
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::orders/${name}`,
  }));
  const { notEvaluated, file } = scan({
    Parameters: Object.fromEntries(names.map((name) => [name, { Type: 'String' }])),
    Conditions: Object.fromEntries(names.map((name) => [name, { 'Fn::Equals': [{ Ref: name }, 'yes'] }])),
    Resources: {
      It: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: 'orders', PolicyDocument: { Version: '2012-10-17', Statement } },
      },
    },
  });
  expect(notEvaluated.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('more choices open'));
  expect(file.status).toBe('NOT_EVALUATED');
});

it('the policy of a stream protects the stream, and not its table', () => {
  const policy = { PolicyDocument: { Version: '2012-10-17', Statement: [] } };
  const Properties = {
    ResourcePolicy: policy,
    StreamSpecification: { StreamViewType: 'KEYS_ONLY', ResourcePolicy: policy },
    Replicas: [{ Region: 'eu-west-1', ReplicaStreamSpecification: { ResourcePolicy: policy } }],
  };
  const called = (type: string): readonly string[] =>
    scan({ Resources: { It: { Type: type, Properties } } }).found.policies.map(({ protects }) => protects);
  expect(called('AWS::DynamoDB::Table')).toStrictEqual(['AWS::DynamoDB::Table', 'AWS::DynamoDB::Stream']);
  expect(called('AWS::DynamoDB::GlobalTable')).toStrictEqual(['AWS::DynamoDB::Stream']);
});

it.each(['inner', 'outer'])('a fault of the %s template is one of the file', (where) => {
  const isOuter = where === 'outer';
  const open = {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: ['t'],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' }],
      },
    },
  };
  const closed = { Type: 'AWS::SQS::Queue' };
  const TemplateBody = JSON.stringify({ Resources: { It: isOuter ? closed : open } });
  const Set = { Type: 'AWS::CloudFormation::StackSet', Properties: { TemplateBody } };
  const { file } = scan({ Resources: { It: isOuter ? open : closed, Set } });
  expect([file.status, file.rules['policy-no-public-access']]).toStrictEqual(['FAIL', 'FAIL']);
});
