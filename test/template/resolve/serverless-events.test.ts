/** What the events, aliases and connectors of SAM resources stand for (AWS SAM Developer Guide). */
import { isMap, keysOf, resolveTemplate } from '../../../template/index.js';
import type { Resolution, Value, ValueMap } from '../../../template/index.js';
import { at, codes } from './support.js';

function sam(resources: Readonly<Record<string, Value>>): Resolution {
  return resolveTemplate(
    { Transform: 'AWS::Serverless-2016-10-31', Resources: resources },
    { region: 'eu-west-1', accountId: '111122223333' },
  );
}

const fn = (properties: Readonly<Record<string, Value>>): Value => ({
  Type: 'AWS::Serverless::Function',
  Properties: { InlineCode: 'x', Handler: 'index.handler', Runtime: 'python3.12', ...properties },
});
const event = (Type: string, Properties: Value = {}): Value => fn({ Events: { E: { Type, Properties } } });

/** The plain resources besides the function and its role: type by logical ID. */
function made(resolution: Resolution): Readonly<Record<string, Value>> {
  const resources = at(resolution.document.value, ['Resources']) as ValueMap;
  const names = keysOf(resources).filter(
    (key) => key.startsWith('Work') && !['Work', 'Work::Function', 'WorkRole'].includes(key),
  );
  return Object.fromEntries(names.map((key) => [key, (resources[key] as ValueMap)['Type']!]));
}

function property(resolution: Resolution, key: string, ...path: readonly (string | number)[]): Value | undefined {
  return at(resolution.document.value, ['Resources', key, 'Properties', ...path]);
}

const TOPIC = { Type: 'AWS::SNS::Topic' };

it.each([
  ['S3', {}, { WorkEPermission: 'AWS::Lambda::Permission' }],
  ['SQS', { Queue: 'arn' }, { WorkE: 'AWS::Lambda::EventSourceMapping' }],
  ['Kinesis', { Stream: 'arn' }, { WorkE: 'AWS::Lambda::EventSourceMapping' }],
  ['SelfManagedKafka', {}, { WorkE: 'AWS::Lambda::EventSourceMapping' }],
  ['Api', { Path: '/', Method: 'get' }, { WorkEPermission: 'AWS::Lambda::Permission' }],
  ['HttpApi', {}, { WorkEPermission: 'AWS::Lambda::Permission' }],
  ['SNS', { Topic: 'arn' }, { WorkEPermission: 'AWS::Lambda::Permission', WorkE: 'AWS::SNS::Subscription' }],
  [
    'SNS',
    { Topic: 'arn', SqsSubscription: true },
    {
      WorkEQueue: 'AWS::SQS::Queue',
      WorkEQueuePolicy: 'AWS::SQS::QueuePolicy',
      WorkE: 'AWS::SNS::Subscription',
      WorkEEventSourceMapping: 'AWS::Lambda::EventSourceMapping',
    },
  ],
  [
    'SNS',
    { Topic: 'arn', SqsSubscription: { QueueArn: 'q', QueueUrl: 'u' } },
    {
      WorkEQueuePolicy: 'AWS::SQS::QueuePolicy',
      WorkE: 'AWS::SNS::Subscription',
      WorkEEventSourceMapping: 'AWS::Lambda::EventSourceMapping',
    },
  ],
  ['Schedule', { Schedule: 'rate(1 day)' }, { WorkE: 'AWS::Events::Rule', WorkEPermission: 'AWS::Lambda::Permission' }],
  [
    'EventBridgeRule',
    { Pattern: { source: ['a'] }, DeadLetterConfig: { Type: 'SQS' } },
    {
      WorkE: 'AWS::Events::Rule',
      WorkEPermission: 'AWS::Lambda::Permission',
      WorkEQueue: 'AWS::SQS::Queue',
      WorkEQueuePolicy: 'AWS::SQS::QueuePolicy',
    },
  ],
  [
    'ScheduleV2',
    { ScheduleExpression: 'rate(1 day)' },
    { WorkE: 'AWS::Scheduler::Schedule', WorkERole: 'AWS::IAM::Role' },
  ],
  ['ScheduleV2', { ScheduleExpression: 'rate(1 day)', RoleArn: 'r' }, { WorkE: 'AWS::Scheduler::Schedule' }],
  [
    'CloudWatchLogs',
    { LogGroupName: 'g', FilterPattern: '' },
    { WorkE: 'AWS::Logs::SubscriptionFilter', WorkEPermission: 'AWS::Lambda::Permission' },
  ],
  ['IoTRule', { Sql: 'x' }, { WorkE: 'AWS::IoT::TopicRule', WorkEPermission: 'AWS::Lambda::Permission' }],
  ['AlexaSkill', {}, { WorkEPermission: 'AWS::Lambda::Permission' }],
  ['OfTomorrow', {}, {}],
])('an event %s %j stands for plain resources', (type, properties, expected) => {
  const resolution = sam({ Work: event(type, properties) });
  expect(made(resolution)).toStrictEqual(expected);
  expect(codes(resolution)).toStrictEqual([]);
});

describe('who may call', () => {
  it('is the bucket of this account', () => {
    const resolution = sam({ Work: event('S3', { Bucket: { Ref: 'B' } }), B: { Type: 'AWS::S3::Bucket' } });
    expect(at(resolution.document.value, ['Resources', 'WorkEPermission', 'Properties'])).toStrictEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: 'Work' },
      Principal: 's3.amazonaws.com',
      SourceAccount: '111122223333',
    });
  });

  it('is the topic', () => {
    const resolution = sam({ Work: event('SNS', { Topic: { Ref: 'T' } }), T: TOPIC });
    expect(property(resolution, 'WorkEPermission', 'SourceArn')).toStrictEqual({ Ref: 'T' });
    expect(property(resolution, 'WorkEPermission', 'Principal')).toBe('sns.amazonaws.com');
  });

  it('is one method and path of the API', () => {
    const resolution = sam({ Work: event('Api', { Path: '/a/{id}', Method: 'post', RestApiId: 'abc' }) });
    expect(property(resolution, 'WorkEPermission', 'SourceArn')).toBe(
      'arn:aws:execute-api:eu-west-1:111122223333:abc/*/POST/a/*',
    );
  });

  it('calls the alias when there is one', () => {
    const resolution = sam({ Work: fn({ AutoPublishAlias: 'live', Events: { E: { Type: 'S3', Properties: {} } } }) });
    expect(property(resolution, 'WorkEPermission', 'FunctionName')).toStrictEqual({ Ref: 'WorkAliaslive' });
    expect(made(resolution)).toMatchObject({
      WorkVersion: 'AWS::Lambda::Version',
      WorkAliaslive: 'AWS::Lambda::Alias',
    });
    expect(property(resolution, 'WorkAliaslive', 'Name')).toBe('live');
  });

  it('goes its own way when the function is deployed step by step', () => {
    const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: { Ref: 'Work' } } };
    const name = { Type: 'AWS::SSM::Parameter', Properties: { Value: { Ref: 'ServerlessDeploymentApplication' } } };
    const role = {
      Type: 'AWS::SSM::Parameter',
      Properties: { Value: { 'Fn::GetAtt': ['CodeDeployServiceRole', 'Arn'] } },
    };
    const preference = { DeploymentPreference: { Type: 'AllAtOnce', Alarms: [{ Ref: 'Alarm' }] } };
    const deployed = sam({
      Work: fn({ AutoPublishAlias: 'live', ...preference }),
      Alarm: alarm,
      Name: name,
      Role: role,
    });
    expect(deployed.diagnostics.map(({ code }) => code)).toStrictEqual([]);
    const plain = sam({ Work: fn({ Description: { Ref: 'Alarm' } }), Alarm: alarm, Name: name, Role: role });
    expect(plain.diagnostics.map(({ code }) => code).sort()).toStrictEqual(['TPL3001', 'TPL3002', 'TPL3008']);
  });

  it('is told at the event', () => {
    const { document } = sam({ Work: event('SNS', { Topic: 'arn' }) });
    expect(document.sourcePath(['Resources', 'WorkEPermission'])).toStrictEqual([
      'Resources',
      'Work',
      'Properties',
      'Events',
      'E',
    ]);
    expect(document.sourcePath(['Resources', 'WorkEPermission', 'Properties', 'SourceArn']).at(-1)).toBe('Topic');
  });
});

describe('a mapping', () => {
  it('has the properties of the event', () => {
    const resolution = sam({ Work: event('SQS', { Queue: 'arn', BatchSize: 5, KmsKeyArn: 'key', Enabled: false }) });
    expect(at(resolution.document.value, ['Resources', 'WorkE', 'Properties'])).toStrictEqual({
      EventSourceArn: 'arn',
      FunctionName: { Ref: 'Work' },
      BatchSize: 5,
      KmsKeyArn: 'key',
      Enabled: false,
    });
  });
});

describe('a connector', () => {
  const connected = (
    source: Value,
    destination: Value,
    permissions: Value,
    others: Readonly<Record<string, Value>>,
  ): Resolution =>
    sam({
      Work: {
        Type: 'AWS::Serverless::Connector',
        Properties: { Source: source, Destination: destination, Permissions: permissions },
      },
      ...others,
    });
  const TABLE = { Type: 'AWS::Serverless::SimpleTable' };

  it('from a function is a policy of its role', () => {
    const resolution = connected({ Id: 'F' }, { Id: 'T' }, ['Read'], { F: fn({}), T: TABLE });
    expect(made(resolution)).toStrictEqual({ WorkPolicy: 'AWS::IAM::ManagedPolicy' });
    expect(property(resolution, 'WorkPolicy', 'Roles')).toStrictEqual([{ Ref: 'FRole' }]);
    const [statement, ...rest] = property(
      resolution,
      'WorkPolicy',
      'PolicyDocument',
      'Statement',
    ) as readonly ValueMap[];
    expect(rest).toStrictEqual([]);
    expect(statement!['Action']).toContain('dynamodb:GetItem');
    expect(statement!['Action']).not.toContain('dynamodb:PutItem');
  });

  it('with both permissions has a statement for each', () => {
    const resolution = connected({ Id: 'F' }, { Id: 'B' }, ['Read', 'Write'], {
      F: fn({}),
      B: { Type: 'AWS::S3::Bucket' },
    });
    const statements = property(resolution, 'WorkPolicy', 'PolicyDocument', 'Statement') as readonly ValueMap[];
    expect(statements.map((statement) => (statement['Action'] as readonly string[])[0])).toStrictEqual([
      's3:GetObject',
      's3:AbortMultipartUpload',
    ]);
  });

  it('from a topic to a function is a permission', () => {
    const resolution = connected({ Id: 'T' }, { Id: 'F' }, ['Write'], { F: fn({}), T: TOPIC });
    expect(made(resolution)).toStrictEqual({ WorkWriteLambdaPermission: 'AWS::Lambda::Permission' });
    expect(property(resolution, 'WorkWriteLambdaPermission', 'SourceArn')).toStrictEqual({ Ref: 'T' });
  });

  it('from a topic to a queue is a policy of the queue', () => {
    const resolution = connected({ Id: 'T' }, { Id: 'Q' }, ['Write'], { Q: { Type: 'AWS::SQS::Queue' }, T: TOPIC });
    expect(made(resolution)).toStrictEqual({ WorkQueuePolicy: 'AWS::SQS::QueuePolicy' });
    expect(property(resolution, 'WorkQueuePolicy', 'Queues')).toStrictEqual([{ Ref: 'Q' }]);
  });

  it('to several destinations has resources for each', () => {
    const resolution = connected({ Id: 'F' }, [{ Id: 'T' }, { Id: 'N' }], ['Write'], { F: fn({}), T: TABLE, N: TOPIC });
    expect(Object.keys(made(resolution))).toStrictEqual(['WorkDestination0Policy', 'WorkDestination1Policy']);
  });

  it('of its resource is written there', () => {
    const resolution = sam({
      Work: {
        ...(fn({}) as ValueMap),
        Connectors: { Data: { Properties: { Destination: { Id: 'T' }, Permissions: ['Write'] } } },
      },
      T: TABLE,
    });
    expect(made(resolution)).toStrictEqual({ WorkDataPolicy: 'AWS::IAM::ManagedPolicy' });
    expect(resolution.document.sourcePath(['Resources', 'WorkDataPolicy'])).toStrictEqual([
      'Resources',
      'Work',
      'Connectors',
      'Data',
    ]);
  });

  it('between others is a policy that nobody knows', () => {
    const resolution = connected({ Id: 'F' }, { Id: 'X' }, ['Read'], { F: fn({}), X: { Type: 'AWS::Other::Thing' } });
    const document = property(resolution, 'WorkPolicy', 'PolicyDocument');
    expect(isMap(document) && resolution.document.unknownAt(document)?.kind).toBe('macro');
  });
});
