/** SAM resources and the plain resources beside them (AWS SAM Developer Guide). */
import { isMap, keysOf, resolveTemplate } from '../../../template/index.js';
import type { Resolution, ResolveOptions, Value, ValueMap } from '../../../template/index.js';
import { expandActionPattern } from '../../../catalogue/iam/index.js';
import { POLICY_TEMPLATE_NAMES } from '../../../template/resolve/serverless/policy-templates.js';
import { at, codes, show } from './support.js';

const REGION: ResolveOptions = { region: 'us-east-1', accountId: '111122223333' };

function sam(
  resources: Readonly<Record<string, Value>>,
  rest: Readonly<Record<string, Value>> = {},
  options = REGION,
): Resolution {
  return resolveTemplate({ Transform: 'AWS::Serverless-2016-10-31', ...rest, Resources: resources }, options);
}

function resource({ document }: Resolution, key: string): ValueMap {
  return at(document.value, ['Resources', key]) as ValueMap;
}

function properties(resolution: Resolution, key: string): ValueMap {
  return resource(resolution, key)['Properties'] as ValueMap;
}

const managed = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const BASIC = managed('service-role/AWSLambdaBasicExecutionRole');
const CREATED = { Key: 'lambda:createdBy', Value: 'SAM' };

const FUNCTION = {
  Type: 'AWS::Serverless::Function',
  Properties: {
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    CodeUri: 's3://bucket/key.zip',
    KmsKeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] },
    Environment: { Variables: { STAGE: { Ref: 'AWS::Region' } } },
    VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    Tracing: 'Active',
    DeadLetterQueue: { Type: 'SQS', TargetArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
    Tags: { Team: 'a' },
    PermissionsBoundary: 'arn:aws:iam::111122223333:policy/b',
    Events: { Poll: { Type: 'SQS', Properties: { Queue: { 'Fn::GetAtt': ['Queue', 'Arn'] } } } },
    Policies: [
      'AmazonS3ReadOnlyAccess',
      'arn:aws:iam::aws:policy/AdministratorAccess',
      { Ref: 'OwnPolicy' },
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      { S3ReadPolicy: { BucketName: 'data' } },
      { DynamoDBCrudPolicy: { TableName: { Ref: 'Table' } } },
    ],
  },
};
const OTHERS = {
  Key: { Type: 'AWS::KMS::Key' },
  Queue: { Type: 'AWS::SQS::Queue' },
  OwnPolicy: { Type: 'AWS::IAM::ManagedPolicy' },
  Table: { Type: 'AWS::DynamoDB::Table' },
};

describe('a function', () => {
  const resolution = sam({ Fn: FUNCTION, ...OTHERS });

  test('stays, and has its plain resources beside it', () => {
    expect(codes(resolution)).toStrictEqual([]);
    expect(keysOf(at(resolution.document.value, ['Resources']) as ValueMap)).toStrictEqual([
      'Fn',
      'Key',
      'Queue',
      'OwnPolicy',
      'Table',
      'Fn::Function',
      'FnRole',
      'FnPoll',
    ]);
    expect(resolution.model.byType.get('AWS::Lambda::Function')).toStrictEqual(['Fn::Function']);
    expect(resolution.model.byType.get('AWS::Serverless::Function')).toStrictEqual(['Fn']);
    expect(resolution.model.resources.get('Fn::Function')).toMatchObject({
      logicalId: 'Fn',
      path: ['Resources', 'Fn'],
    });
  });

  test('is a Lambda function', () => {
    expect(resource(resolution, 'Fn::Function')).toStrictEqual({
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'bucket', S3Key: 'key.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        Environment: { Variables: { STAGE: 'us-east-1' } },
        KmsKeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] },
        Role: { 'Fn::GetAtt': ['FnRole', 'Arn'] },
        TracingConfig: { Mode: 'Active' },
        DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
        Tags: [CREATED, { Key: 'Team', Value: 'a' }],
      },
    });
  });

  test('has a role with its policies', () => {
    const role = properties(resolution, 'FnRole');
    expect(role['AssumeRolePolicyDocument']).toStrictEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: ['sts:AssumeRole'] }],
    });
    expect(role['ManagedPolicyArns']).toStrictEqual([
      BASIC,
      managed('AWSXrayWriteOnlyAccess'),
      managed('service-role/AWSLambdaVPCAccessExecutionRole'),
      managed('service-role/AWSLambdaSQSQueueExecutionRole'),
      managed('AmazonS3ReadOnlyAccess'),
      managed('AdministratorAccess'),
      { Ref: 'OwnPolicy' },
    ]);
    expect(role['PermissionsBoundary']).toBe('arn:aws:iam::111122223333:policy/b');
    expect(show(resolution, role['Policies'])).toStrictEqual([
      {
        PolicyName: 'DeadLetterQueuePolicy',
        PolicyDocument: {
          Statement: [{ Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] }, Effect: 'Allow' }],
        },
      },
      {
        PolicyName: 'FnRolePolicy3',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      },
      {
        PolicyName: 'FnRolePolicy4',
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: [
                's3:GetObject',
                's3:ListBucket',
                's3:GetBucketLocation',
                's3:GetObjectVersion',
                's3:GetLifecycleConfiguration',
              ],
              Resource: ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'],
            },
          ],
        },
      },
      {
        PolicyName: 'FnRolePolicy5',
        PolicyDocument: {
          Statement: [
            expect.objectContaining({ Effect: 'Allow', Resource: [{ '?': 'attribute' }, { '?': 'attribute' }] }),
          ],
        },
      },
    ]);
  });

  test('leads back to what is written', () => {
    const from = (...path: (string | number)[]): unknown => resolution.document.sourcePath(['Resources', ...path]);
    expect(from('Fn::Function')).toStrictEqual(['Resources', 'Fn']);
    expect(from('Fn::Function', 'Properties', 'KmsKeyArn')).toStrictEqual([
      'Resources',
      'Fn',
      'Properties',
      'KmsKeyArn',
    ]);
    expect(from('Fn::Function', 'Properties', 'Environment', 'Variables', 'STAGE')).toStrictEqual([
      'Resources',
      'Fn',
      'Properties',
      'Environment',
      'Variables',
      'STAGE',
    ]);
    expect(from('Fn::Function', 'Properties', 'Tags', 1, 'Value')).toStrictEqual([
      'Resources',
      'Fn',
      'Properties',
      'Tags',
      'Team',
    ]);
    expect(from('FnRole', 'Properties', 'ManagedPolicyArns', 5)).toStrictEqual([
      'Resources',
      'Fn',
      'Properties',
      'Policies',
      1,
    ]);
    expect(from('FnRole', 'Properties', 'Policies', 1, 'PolicyDocument', 'Statement', 0, 'Action')).toStrictEqual([
      'Resources',
      'Fn',
      'Properties',
      'Policies',
      3,
      'Statement',
      0,
      'Action',
    ]);
    expect(from('FnRole', 'Properties', 'Policies', 2, 'PolicyDocument', 'Statement', 0, 'Resource', 0)).toStrictEqual([
      'Resources',
      'Fn',
      'Properties',
      'Policies',
      4,
      'S3ReadPolicy',
    ]);
    expect(from('FnRole', 'Properties', 'AssumeRolePolicyDocument')).toStrictEqual(['Resources', 'Fn']);
  });
});

test('a function with a role of its own gets none, and references to what SAM makes are references', () => {
  const resolution = sam({
    Fn: {
      Type: 'AWS::Serverless::Function',
      Properties: { Role: 'arn:aws:iam::1:role/r', InlineCode: 'x', Handler: 'h' },
    },
    Made: { Type: 'AWS::Serverless::Function', Properties: {} },
    R: {
      Type: 'AWS::R',
      Properties: {
        A: { 'Fn::GetAtt': ['MadeRole', 'Arn'] },
        B: { Ref: 'Made.Version' },
        C: { Ref: 'ServerlessRestApi' },
      },
    },
  });
  expect(codes(resolution)).toStrictEqual([]);
  expect(properties(resolution, 'Fn::Function')).toMatchObject({
    Role: 'arn:aws:iam::1:role/r',
    Code: { ZipFile: 'x' },
  });
  expect(resolution.model.resources.has('FnRole')).toBe(false);
  expect(properties(resolution, 'R')).toStrictEqual({
    A: { 'Fn::GetAtt': ['MadeRole', 'Arn'] },
    B: { Ref: 'Made.Version' },
    C: { Ref: 'ServerlessRestApi' },
  });
});

test('policies given as one item', () => {
  const role = (Policies: Value): ValueMap =>
    properties(sam({ Fn: { Type: 'AWS::Serverless::Function', Properties: { Policies } } }), 'FnRole');
  expect(role('AWSLambdaRole')['ManagedPolicyArns']).toStrictEqual([BASIC, managed('service-role/AWSLambdaRole')]);
  expect(role('AWSLambdaRole')['Policies']).toBeUndefined();
  expect(role({ Statement: [] })['Policies']).toStrictEqual([
    { PolicyName: 'FnRolePolicy0', PolicyDocument: { Statement: [] } },
  ]);
});

test('policies that hang on a condition', () => {
  const conditions = {
    Parameters: { Open: { Type: 'String' } },
    Conditions: { C: { 'Fn::Equals': [{ Ref: 'Open' }, 'x'] } },
  };
  const choose = (ifTrue: Value, ifFalse: Value): Value => ({ 'Fn::If': ['C', ifTrue, ifFalse] });
  const none = { Ref: 'AWS::NoValue' };
  const resolution = sam(
    {
      Fn: {
        Type: 'AWS::Serverless::Function',
        Properties: {
          Policies: [
            choose('AdministratorAccess', none),
            choose(none, { SQSPollerPolicy: { QueueName: 'q' } }),
            choose({ Statement: ['a'] }, { Statement: ['b'] }),
          ],
          Tags: choose({ A: '1' }, none),
        },
      },
      Whole: {
        Type: 'AWS::Serverless::Function',
        Properties: { Policies: choose(['AdministratorAccess'], { Statement: [] }) },
      },
    },
    conditions,
  );
  const role = properties(resolution, 'FnRole');
  expect(show(resolution, role['ManagedPolicyArns'])).toStrictEqual([
    BASIC,
    { '?': 'condition', 'condition:C=true': managed('AdministratorAccess'), 'condition:C=false': 'ABSENT' },
  ]);
  expect(show(resolution, role['Policies'])).toMatchObject([
    {
      'condition:C=true': 'ABSENT',
      'condition:C=false': {
        PolicyName: 'FnRolePolicy1',
        PolicyDocument: { Statement: [{ Resource: 'arn:aws:sqs:us-east-1:111122223333:q' }] },
      },
    },
    {
      'condition:C=true': { PolicyDocument: { Statement: ['a'] } },
      'condition:C=false': { PolicyDocument: { Statement: ['b'] } },
    },
  ]);
  expect(show(resolution, role['Tags'])).toStrictEqual({
    '?': 'condition',
    'condition:C=true': [CREATED, { Key: 'A', Value: '1' }],
    'condition:C=false': [CREATED],
  });
  expect(show(resolution, properties(resolution, 'WholeRole'))).toMatchObject({
    ManagedPolicyArns: { 'condition:C=true': [BASIC, managed('AdministratorAccess')], 'condition:C=false': [BASIC] },
    Policies: { 'condition:C=true': [], 'condition:C=false': [{ PolicyDocument: { Statement: [] } }] },
  });
  expect(
    resolution.document.sourcePath(
      ['Resources', 'FnRole', 'Properties', 'Policies', 1, 'PolicyDocument', 'Statement', 0],
      new Map([['condition:C', false]]),
    ),
  ).toStrictEqual(['Resources', 'Fn', 'Properties', 'Policies', 2, 'Fn::If', 2, 'Statement', 0]);
});

test('a policy template that is not known is a document that is not known', () => {
  const resolution = sam({
    Fn: { Type: 'AWS::Serverless::Function', Properties: { Policies: [{ NewPolicy: { A: 1 } }] } },
  });
  expect(show(resolution, properties(resolution, 'FnRole')['Policies'])).toStrictEqual([
    { PolicyName: 'FnRolePolicy0', PolicyDocument: { '?': 'macro' } },
  ]);
});

test('every action of a policy template is one of IAM', () => {
  expect(POLICY_TEMPLATE_NAMES.size).toBeGreaterThan(60);
  for (const name of POLICY_TEMPLATE_NAMES) {
    const Policies = [{ [name]: {} }];
    const role = properties(sam({ Fn: { Type: 'AWS::Serverless::Function', Properties: { Policies } } }), 'FnRole');
    const [{ PolicyDocument }] = role['Policies'] as unknown as [{ PolicyDocument: { Statement: ValueMap[] } }];
    const actions = PolicyDocument.Statement.flatMap(({ Action }) => Action as string[]);
    expect([name, actions.filter((action) => expandActionPattern(action).length === 0)]).toStrictEqual([name, []]);
  }
});

describe('PropagateTags', () => {
  const Events = {
    Daily: { Type: 'Schedule', Properties: { Schedule: 'rate(1 day)', DeadLetterConfig: { Type: 'SQS' } } },
    Call: { Type: 'Api', Properties: { Path: '/', Method: 'get' } },
  };
  const EventInvokeConfig = { DestinationConfig: { OnFailure: { Type: 'SNS' } } };
  const made = (rest: ValueMap, globals: Readonly<Record<string, Value>> = {}): Resolution =>
    sam(
      {
        Fn: {
          Type: 'AWS::Serverless::Function',
          Properties: { Events, EventInvokeConfig, Tags: { Team: 'a' }, ...rest },
        },
      },
      globals,
    );
  const tagsOf = (resolution: Resolution, key: string): Value | undefined => properties(resolution, key)['Tags'];
  const team = [{ Key: 'Team', Value: 'a' }];

  test('gives the resources made for a function its tags', () => {
    const resolution = made({ PropagateTags: true });
    expect(tagsOf(resolution, 'FnDailyQueue')).toStrictEqual(team);
    expect(tagsOf(resolution, 'FnEventInvokeConfigOnFailureTopic')).toStrictEqual(team);
    expect(tagsOf(resolution, 'FnRole')).toStrictEqual([CREATED, ...team]);
    expect(tagsOf(resolution, 'ServerlessRestApi::RestApi')).toStrictEqual(team);
    const path = ['Resources', 'FnDailyQueue', 'Properties', 'Tags', 0, 'Value'];
    const written = ['Resources', 'Fn', 'Properties', 'Tags', 'Team'];
    expect(resolution.document.sourcePath(path, new Map())).toStrictEqual(written);
  });

  test.each([[false], ['false'], [undefined]])('%p leaves them without', (flag) => {
    const resolution = made(flag === undefined ? {} : { PropagateTags: flag });
    expect(tagsOf(resolution, 'FnDailyQueue')).toBeUndefined();
    expect(tagsOf(resolution, 'ServerlessRestApi::RestApi')).toBeUndefined();
    expect(tagsOf(resolution, 'FnRole')).toStrictEqual([CREATED, ...team]);
  });

  test('may stand in Globals, whose tags of the API win', () => {
    const globals = { Globals: { Function: { PropagateTags: 'True' }, Api: { Tags: { Team: 'b', Stage: 's' } } } };
    expect(tagsOf(made({}, globals), 'ServerlessRestApi::RestApi')).toStrictEqual([
      { Key: 'Team', Value: 'b' },
      { Key: 'Stage', Value: 's' },
    ]);
    expect(tagsOf(made({}, globals), 'FnDailyQueue')).toStrictEqual(team);
  });
});

test('the condition of a SAM resource is that of its plain resources', () => {
  const resolution = sam(
    { Fn: { Type: 'AWS::Serverless::Function', Condition: 'C', Properties: {} } },
    { Parameters: { P: { Type: 'String', Default: 'x' } }, Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'y'] } } },
  );
  expect(resolution.document.value['Resources']).toStrictEqual({});
});

test('Globals: maps are merged, lists are added, the rest is replaced', () => {
  const resolution = sam(
    {
      Fn: {
        Type: 'AWS::Serverless::Function',
        Properties: {
          Timeout: 5,
          Environment: { Variables: { B: '2', C: '3' } },
          Layers: ['own'],
          KmsKeyArn: { Ref: 'K' },
        },
      },
      K: { Type: 'AWS::KMS::Key' },
      Plain: { Type: 'AWS::Serverless::Function' },
    },
    {
      Globals: {
        Function: {
          Timeout: 3,
          Runtime: 'python3.13',
          Environment: { Variables: { A: { Ref: 'AWS::Region' }, B: '1' } },
          Layers: ['global'],
          KmsKeyArn: 'arn:k',
        },
      },
    },
  );
  expect(codes(resolution)).toStrictEqual([]);
  expect(properties(resolution, 'Fn')).toStrictEqual({
    Timeout: 5,
    Runtime: 'python3.13',
    Environment: { Variables: { A: 'us-east-1', B: '2', C: '3' } },
    Layers: ['global', 'own'],
    KmsKeyArn: { Ref: 'K' },
  });
  expect(properties(resolution, 'Fn::Function')).toMatchObject({
    Timeout: 5,
    KmsKeyArn: { Ref: 'K' },
    Layers: ['global', 'own'],
  });
  expect(properties(resolution, 'Plain::Function')).toMatchObject({ Timeout: 3, KmsKeyArn: 'arn:k' });
  const from = (...path: (string | number)[]): unknown => resolution.document.sourcePath(['Resources', ...path]);
  expect(from('Fn', 'Properties', 'Environment', 'Variables', 'A')).toStrictEqual([
    'Globals',
    'Function',
    'Environment',
    'Variables',
    'A',
  ]);
  expect(from('Fn', 'Properties', 'Environment', 'Variables', 'C')).toStrictEqual([
    'Resources',
    'Fn',
    'Properties',
    'Environment',
    'Variables',
    'C',
  ]);
  expect(from('Fn::Function', 'Properties', 'Layers', 0)).toStrictEqual(['Globals', 'Function', 'Layers', 0]);
  expect(from('Fn::Function', 'Properties', 'Layers', 1)).toStrictEqual(['Resources', 'Fn', 'Properties', 'Layers', 0]);
});

test('a function URL without authorization is open to everybody', () => {
  const resolution = sam({
    Fn: { Type: 'AWS::Serverless::Function', Properties: { FunctionUrlConfig: { AuthType: 'NONE' } } },
  });
  expect(properties(resolution, 'FnUrl')).toStrictEqual({ AuthType: 'NONE', TargetFunctionArn: { Ref: 'Fn' } });
  expect(properties(resolution, 'FnUrlPublicPermissions')).toMatchObject({
    Principal: '*',
    FunctionUrlAuthType: 'NONE',
  });
  const closed = sam({
    Fn: { Type: 'AWS::Serverless::Function', Properties: { FunctionUrlConfig: { AuthType: 'AWS_IAM' } } },
  });
  expect(closed.model.resources.has('FnUrlPublicPermissions')).toBe(false);
});

test('queues and topics for the outcome of asynchronous calls', () => {
  const resolution = sam({
    Fn: {
      Type: 'AWS::Serverless::Function',
      Properties: {
        EventInvokeConfig: {
          DestinationConfig: { OnSuccess: { Type: 'SQS' }, OnFailure: { Type: 'SNS', Destination: 'arn:t' } },
        },
      },
    },
  });
  expect(resolution.model.byType.get('AWS::SQS::Queue')).toStrictEqual(['FnEventInvokeConfigOnSuccessQueue']);
  expect(properties(resolution, 'FnRole')['Policies']).toMatchObject([
    {
      PolicyDocument: {
        Statement: [
          { Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['FnEventInvokeConfigOnSuccessQueue', 'Arn'] } },
        ],
      },
    },
    { PolicyDocument: { Statement: [{ Action: 'sns:Publish', Resource: 'arn:t' }] } },
  ]);
});

test('a simple table', () => {
  const table = (Properties: ValueMap): ValueMap =>
    properties(sam({ T: { Type: 'AWS::Serverless::SimpleTable', Properties } }), 'T::Table');
  expect(
    table({ SSESpecification: { SSEEnabled: true }, PrimaryKey: { Name: 'k', Type: 'Number' }, Tags: { A: 'b' } }),
  ).toStrictEqual({
    KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'N' }],
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { SSEEnabled: true },
    Tags: [{ Key: 'A', Value: 'b' }],
  });
  expect(table({ ProvisionedThroughput: { ReadCapacityUnits: 1 } })).toStrictEqual({
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    ProvisionedThroughput: { ReadCapacityUnits: 1 },
  });
});

test('a REST API with its stage, policy and domain', () => {
  const resolution = sam({
    Api: {
      Type: 'AWS::Serverless::Api',
      Properties: {
        StageName: 'prod',
        EndpointConfiguration: { Type: 'PRIVATE', VPCEndpointIds: ['vpce-1'] },
        TracingEnabled: true,
        CacheClusterEnabled: true,
        MethodSettings: [{ CacheDataEncrypted: true }],
        AccessLogSetting: { DestinationArn: 'arn:l' },
        Auth: { ResourcePolicy: { CustomStatements: [{ Effect: 'Allow' }] } },
        Domain: { DomainName: 'x.example', CertificateArn: 'arn:c', SecurityPolicy: 'TLS_1_2' },
      },
    },
  });
  expect(codes(resolution)).toStrictEqual([]);
  expect(properties(resolution, 'Api::RestApi')).toStrictEqual({
    EndpointConfiguration: { Types: ['PRIVATE'], VPCEndpointIds: ['vpce-1'] },
    Policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow' }] },
  });
  expect(properties(resolution, 'ApiprodStage')).toStrictEqual({
    RestApiId: { Ref: 'Api' },
    StageName: 'prod',
    AccessLogSetting: { DestinationArn: 'arn:l' },
    CacheClusterEnabled: true,
    MethodSettings: [{ CacheDataEncrypted: true }],
    TracingEnabled: true,
  });
  expect(properties(resolution, 'Api::DomainName')).toStrictEqual({
    DomainName: 'x.example',
    RegionalCertificateArn: 'arn:c',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    SecurityPolicy: 'TLS_1_2',
  });
});

test('an HTTP API', () => {
  const resolution = sam({
    Api: {
      Type: 'AWS::Serverless::HttpApi',
      Properties: {
        AccessLogSettings: { DestinationArn: 'arn:l' },
        Tags: { A: 'b' },
        Domain: { DomainName: 'x', CertificateArn: 'arn:c', SecurityPolicy: 'TLS_1_2' },
      },
    },
  });
  expect(properties(resolution, 'Api::Api')).toStrictEqual({ Tags: { A: 'b' } });
  expect(properties(resolution, 'Api::Stage')).toStrictEqual({
    ApiId: { Ref: 'Api' },
    StageName: '$default',
    AccessLogSettings: { DestinationArn: 'arn:l' },
    Tags: { A: 'b' },
    AutoDeploy: true,
  });
  expect(properties(resolution, 'Api::DomainName')).toMatchObject({
    DomainNameConfigurations: [{ EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }],
  });
});

test('an API that functions have without naming one', () => {
  const events = { Get: { Type: 'Api', Properties: { Path: '/', Method: 'get' } } };
  const resolution = sam(
    { Fn: { Type: 'AWS::Serverless::Function', Properties: { Events: events } } },
    { Globals: { Api: { TracingEnabled: true } } },
  );
  expect(properties(resolution, 'ServerlessRestApiProdStage')).toStrictEqual({
    RestApiId: { Ref: 'ServerlessRestApi' },
    StageName: 'Prod',
    TracingEnabled: true,
  });
  expect(
    resolution.document.sourcePath(['Resources', 'ServerlessRestApiProdStage', 'Properties', 'TracingEnabled']),
  ).toStrictEqual(['Globals', 'Api', 'TracingEnabled']);
  const named = sam({
    Fn: {
      Type: 'AWS::Serverless::Function',
      Properties: { Events: { Get: { Type: 'Api', Properties: { RestApiId: 'x' } } } },
    },
  });
  expect(named.model.byType.has('AWS::ApiGateway::Stage')).toBe(false);
});

test('a state machine with its role', () => {
  const resolution = sam({
    M: {
      Type: 'AWS::Serverless::StateMachine',
      Properties: {
        DefinitionUri: { Bucket: 'b', Key: 'k' },
        Logging: { Level: 'ALL' },
        Tracing: { Enabled: true },
        Policies: [{ LambdaInvokePolicy: { FunctionName: 'f' } }],
      },
    },
  });
  expect(properties(resolution, 'M::StateMachine')).toMatchObject({
    DefinitionS3Location: { Bucket: 'b', Key: 'k' },
    LoggingConfiguration: { Level: 'ALL' },
    TracingConfiguration: { Enabled: true },
    RoleArn: { 'Fn::GetAtt': ['MRole', 'Arn'] },
  });
  expect(properties(resolution, 'MRole')).toMatchObject({
    AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: ['states.amazonaws.com'] } }] },
    Policies: [
      {
        PolicyDocument: {
          Statement: [
            { Action: ['lambda:InvokeFunction'], Resource: 'arn:aws:lambda:us-east-1:111122223333:function:f*' },
          ],
        },
      },
    ],
  });
});

test('layers and applications', () => {
  const resolution = sam({
    L: { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: 's3://b/k?versionId=v' } },
    A: { Type: 'AWS::Serverless::Application', Properties: { Location: 'https://x', Parameters: { P: '1' } } },
  });
  expect(properties(resolution, 'L::LayerVersion')).toStrictEqual({
    Content: { S3Bucket: 'b', S3Key: 'k', S3ObjectVersion: 'v' },
  });
  expect(properties(resolution, 'A::Stack')).toMatchObject({ TemplateURL: 'https://x', Parameters: { P: '1' } });
});

test('a written resource wins over one that SAM would make', () => {
  const resolution = sam({
    Fn: { Type: 'AWS::Serverless::Function', Properties: {} },
    FnRole: { Type: 'AWS::IAM::Role', Properties: { Path: '/own/' } },
  });
  expect(properties(resolution, 'FnRole')).toStrictEqual({ Path: '/own/' });
});

test('without the transform nothing is made', () => {
  const { document } = resolveTemplate({ Resources: { Fn: FUNCTION, ...OTHERS } }, REGION);
  expect(keysOf(document.value['Resources'] as ValueMap)).toStrictEqual(['Fn', ...Object.keys(OTHERS)]);
});

test('SAM resources made by a loop', () => {
  const resolution = resolveTemplate(
    {
      Transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'],
      Resources: {
        'Fn::ForEach::Fns': [
          'Id',
          ['A', 'B'],
          {
            'Fn${Id}': {
              Type: 'AWS::Serverless::Function',
              Properties: { Description: '${Id}', Policies: ['ReadOnlyAccess'] },
            },
          },
        ],
      },
    },
    REGION,
  );
  expect(codes(resolution)).toStrictEqual([]);
  expect(properties(resolution, 'FnB::Function')).toMatchObject({ Description: 'B' });
  expect(resolution.model.resources.get('FnB::Function')?.logicalId).toBe('FnB');
  expect(resolution.document.sourcePath(['Resources', 'FnBRole', 'Properties', 'ManagedPolicyArns', 1])).toStrictEqual([
    'Resources',
    'Fn::ForEach::Fns',
    2,
    'Fn${Id}',
    'Properties',
    'Policies',
    0,
  ]);
});

test('every path of the plain resources leads to something that is written', () => {
  const { document } = sam({ Fn: FUNCTION, ...OTHERS });
  const template: Value = { Resources: { Fn: FUNCTION, ...OTHERS } };
  const visit = (node: Value, path: readonly (string | number)[]): void => {
    expect(at(template, document.sourcePath(path))).toBeDefined();
    if (Array.isArray(node)) {
      (node as readonly Value[]).forEach((item, index) => {
        visit(item, [...path, index]);
      });
    } else if (isMap(node)) for (const key of keysOf(node)) visit(node[key]!, [...path, key]);
  };
  visit(document.value['Resources']!, ['Resources']);
});
