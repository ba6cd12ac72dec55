/**
 * The events of a function: who may call it, what it reads from, and the rules, subscriptions and queues between.
 *
 * Follows "EventSource" of "AWS::Serverless::Function" and "Generated CloudFormation resources" of the AWS SAM Developer
 * Guide (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html).
 * What SAM writes into resources of the template (the notifications of a bucket) is not made.
 */
import { textOf } from '../build.js';
import type { Located } from '../origins.js';
import type { Declared } from '../sections.js';
import type { Entry } from './resource.js';
import { ServerlessResource } from './resource.js';

/** One event of a function while its resources are made; it stands where the event is written. */
interface Event {
  /** Its resources have the Condition of the function and its own properties. */
  readonly sam: ServerlessResource;
  /** The function's logical ID and the event's. */
  readonly id: string;
  readonly type: string;
  /** What is called: the function, or its alias. */
  readonly target: Located;
  readonly targetArn: Located;
}

/** Properties of an event source mapping, all handed on. */
const MAPPING = [
  'AmazonManagedKafkaEventSourceConfig',
  'BatchSize',
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'DocumentDBEventSourceConfig',
  'FilterCriteria',
  'FunctionResponseTypes',
  'KmsKeyArn',
  'LoggingConfig',
  'MaximumBatchingWindowInSeconds',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'MetricsConfig',
  'ParallelizationFactor',
  'ProvisionedPollerConfig',
  'Queues',
  'ScalingConfig',
  'SelfManagedKafkaEventSourceConfig',
  'SourceAccessConfigurations',
  'StartingPosition',
  'StartingPositionTimestamp',
  'Topics',
  'TumblingWindowInSeconds',
  'Enabled',
];

/** Events that the function reads itself, by the property that names their source. */
const POLLED: ReadonlyMap<string, string> = new Map([
  ['SQS', 'Queue'],
  ['Kinesis', 'Stream'],
  ['DynamoDB', 'Stream'],
  ['MSK', 'Stream'],
  ['MQ', 'Broker'],
  ['DocumentDB', 'Cluster'],
  ['SelfManagedKafka', ''],
]);

/** The plain resources of all events of a function. */
export function eventResources(sam: ServerlessResource): readonly Declared[] {
  const events = sam.property('Events');
  if (events === undefined) return [];
  const alias = sam.text('AutoPublishAlias');
  const target = sam.ref(alias === undefined ? sam.id : `${sam.id}Alias${alias}`);
  const targetArn = alias === undefined ? sam.attribute(sam.id, 'Arn') : target;
  return sam.origins.entries(events).flatMap(([name, written]) => {
    const type = sam.origins.child(written, 'Type')?.node;
    if (typeof type !== 'string') return [];
    const properties = sam.origins.child(written, 'Properties') ?? { node: {}, path: written.path };
    const here = new ServerlessResource(sam.origins, sam.id, sam.resource, properties, written.path);
    return resourcesOf({ sam: here, id: `${sam.id}${name}`, type, target, targetArn });
  });
}

function resourcesOf(event: Event): readonly Declared[] {
  const { sam, id, type } = event;
  const source = POLLED.get(type);
  if (source !== undefined) return [mappingOf(event, id, source === '' ? undefined : sam.property(source))];
  switch (type) {
    case 'S3':
      return [permissionOf(event, 's3.amazonaws.com', ['SourceAccount', sam.ref('AWS::AccountId')])];
    case 'SNS':
      return topicResources(event);
    case 'Api':
      return [apiPermission(event, 'RestApiId', 'ServerlessRestApi')];
    case 'HttpApi':
      return [apiPermission(event, 'ApiId', 'ServerlessHttpApi')];
    case 'Schedule':
    case 'CloudWatchEvent':
    case 'EventBridgeRule':
      return ruleResources(event);
    case 'ScheduleV2':
      return scheduleResources(event);
    case 'CloudWatchLogs':
      return logResources(event);
    case 'IoTRule':
      return iotResources(event);
    case 'Cognito':
      return [permissionOf(event, 'cognito-idp.amazonaws.com', ['SourceArn', attributeOf(sam, 'UserPool', 'Arn')])];
    case 'AlexaSkill':
      return [permissionOf(event, 'alexa-appkit.amazon.com', ['EventSourceToken', sam.property('SkillId')])];
    default:
      return [];
  }
}

/** An attribute of a resource that a property refers to with `Ref`. */
function attributeOf(sam: ServerlessResource, property: string, attribute: string): Located | undefined {
  const referred = sam.property(property);
  const id = referred && sam.origins.child(referred, 'Ref')?.node;
  return typeof id === 'string' ? { ...sam.attribute(id, attribute), path: referred!.path } : undefined;
}

function permissionOf({ sam, id, target }: Event, principal: string, ...source: readonly Entry[]): Declared {
  return sam.declare(
    `${id}Permission`,
    'AWS::Lambda::Permission',
    ['Action', sam.constant('lambda:InvokeFunction')],
    ['FunctionName', target],
    ['Principal', sam.constant(principal)],
    ...source,
  );
}

function mappingOf({ sam, target }: Event, id: string, source: Located | undefined): Declared {
  return sam.declare(
    id,
    'AWS::Lambda::EventSourceMapping',
    ['EventSourceArn', source],
    ['FunctionName', target],
    ...sam.handedOn(...MAPPING),
  );
}

/** Calls of an API: of its method and path in every stage. */
function apiPermission(event: Event, reference: string, implicit: string): Declared {
  const { sam } = event;
  const api = sam.property(reference) ?? sam.ref(implicit);
  const method = (sam.text('Method') ?? '*').toUpperCase();
  const path = sam.text('Path') ?? '/*';
  const arn =
    'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/${__Stage__}/' +
    `${method === 'ANY' || method === 'X-AMAZON-APIGATEWAY-ANY-METHOD' ? '*' : method}${path.replaceAll(/\{[^}]*\}/g, '*')}`;
  const names = sam.map(['__ApiId__', api], ['__Stage__', sam.constant('*')]);
  return permissionOf(event, 'apigateway.amazonaws.com', [
    'SourceArn',
    sam.map(['Fn::Sub', sam.list(sam.constant(arn), names)]),
  ]);
}

/** A subscription of the function to a topic, or of a queue that the function reads. */
function topicResources(event: Event): readonly Declared[] {
  const { sam, id, targetArn } = event;
  const topic = sam.property('Topic');
  const filters = sam.handedOn('FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy', 'Region');
  const subscription = (protocol: string, endpoint: Located): Declared =>
    sam.declare(
      id,
      'AWS::SNS::Subscription',
      ['Endpoint', endpoint],
      ['Protocol', sam.constant(protocol)],
      ['TopicArn', topic],
      ...filters,
    );
  const queued = sam.property('SqsSubscription');
  if (queued === undefined || queued.node === false || queued.node === 'false') {
    return [permissionOf(event, 'sns.amazonaws.com', ['SourceArn', topic]), subscription('lambda', targetArn)];
  }
  const given = sam.origins.child(queued, 'QueueArn');
  const arn = given ?? sam.attribute(`${id}Queue`, 'Arn');
  const url = sam.origins.child(queued, 'QueueUrl') ?? sam.ref(`${id}Queue`);
  return [
    ...(given === undefined ? [sam.declare(`${id}Queue`, 'AWS::SQS::Queue')] : []),
    sam.declare(
      `${id}QueuePolicy`,
      'AWS::SQS::QueuePolicy',
      ['Queues', sam.list(url)],
      ['PolicyDocument', senderDocument(sam, 'sns.amazonaws.com', arn, topic)],
    ),
    subscription('sqs', arn),
    mappingOf(event, `${id}EventSourceMapping`, arn),
  ];
}

/** A policy of a queue that lets a service send what comes from one source. */
function senderDocument(
  sam: ServerlessResource,
  service: string,
  queue: Located,
  source: Located | undefined,
): Located {
  const condition = source && sam.map(['ArnEquals', sam.map(['aws:SourceArn', source])]);
  const statement = sam.map(
    ['Effect', sam.constant('Allow')],
    ['Principal', sam.constant({ Service: service })],
    ['Action', sam.constant('sqs:SendMessage')],
    ['Resource', queue],
    ['Condition', condition],
  );
  return sam.map(['Version', sam.constant('2012-10-17')], ['Statement', sam.list(statement)]);
}

/** A rule of EventBridge, the permission to call the function, and the queue for what fails. */
function ruleResources(event: Event): readonly Declared[] {
  const { sam, id, type, targetArn } = event;
  const arn = sam.attribute(id, 'Arn');
  const queue = failedQueue(event, arn);
  const target = sam.map(
    ['Arn', targetArn],
    ['Id', sam.constant(`${id}LambdaTarget`)],
    ...sam.handedOn('Input', 'InputPath', 'InputTransformer', 'RetryPolicy'),
    ['DeadLetterConfig', queue.arn && sam.map(['Arn', queue.arn])],
  );
  const rule = sam.declare(
    id,
    'AWS::Events::Rule',
    ...sam.handedOn('Name', 'Description', 'EventBusName'),
    ['EventPattern', sam.property('Pattern')],
    ['ScheduleExpression', type === 'Schedule' ? sam.property('Schedule') : undefined],
    ['State', stateOf(sam)],
    ['Targets', sam.list(target)],
  );
  return [rule, permissionOf(event, 'events.amazonaws.com', ['SourceArn', arn]), ...queue.made];
}

function stateOf(sam: ServerlessResource): Located | undefined {
  const enabled = sam.property('Enabled');
  const text = enabled && textOf(enabled.node);
  if (text === undefined) return sam.property('State');
  return { node: text === 'false' ? 'DISABLED' : 'ENABLED', path: enabled!.path };
}

/** The queue of `DeadLetterConfig`: given by its ARN, or made. */
function failedQueue({ sam, id }: Event, rule: Located): { arn: Located | undefined; made: readonly Declared[] } {
  const config = sam.property('DeadLetterConfig');
  if (config === undefined) return { arn: undefined, made: [] };
  const given = sam.origins.child(config, 'Arn');
  if (given !== undefined) return { arn: given, made: [] };
  const name = sam.origins.child(config, 'QueueLogicalId')?.node;
  const key = typeof name === 'string' ? name : `${id}Queue`;
  const arn = sam.attribute(key, 'Arn');
  const policy = sam.declare(
    `${key}Policy`,
    'AWS::SQS::QueuePolicy',
    ['Queues', sam.list(sam.ref(key))],
    ['PolicyDocument', senderDocument(sam, 'events.amazonaws.com', arn, rule)],
  );
  return { arn, made: [sam.declare(key, 'AWS::SQS::Queue'), policy] };
}

/** A schedule of EventBridge Scheduler and the role with which it calls the function. */
function scheduleResources({ sam, id, targetArn }: Event): readonly Declared[] {
  const given = sam.property('RoleArn');
  const target = sam.map(
    ['Arn', targetArn],
    ['RoleArn', given ?? sam.attribute(`${id}Role`, 'Arn')],
    ...sam.handedOn('Input', 'RetryPolicy'),
  );
  const schedule = sam.declare(
    id,
    'AWS::Scheduler::Schedule',
    ...sam.handedOn('Name', 'Description', 'GroupName', 'KmsKeyArn', 'StartDate', 'EndDate', 'State'),
    ...sam.handedOn('ScheduleExpression', 'ScheduleExpressionTimezone'),
    ['FlexibleTimeWindow', sam.property('FlexibleTimeWindow') ?? sam.constant({ Mode: 'OFF' })],
    ['Target', target],
  );
  if (given !== undefined) return [schedule];
  const statement = sam.map(
    ['Effect', sam.constant('Allow')],
    ['Action', sam.constant('lambda:InvokeFunction')],
    ['Resource', targetArn],
  );
  const document = sam.map(['Version', sam.constant('2012-10-17')], ['Statement', sam.list(statement)]);
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: ['scheduler.amazonaws.com'] }, Action: ['sts:AssumeRole'] }],
  };
  const role = sam.declare(
    `${id}Role`,
    'AWS::IAM::Role',
    ['AssumeRolePolicyDocument', sam.constant(trust)],
    ['PermissionsBoundary', sam.property('PermissionsBoundary')],
    ['Policies', sam.list(sam.map(['PolicyName', sam.constant(`${id}LambdaPolicy`)], ['PolicyDocument', document]))],
  );
  return [schedule, role];
}

function logResources(event: Event): readonly Declared[] {
  const { sam, id, targetArn } = event;
  const group = sam.property('LogGroupName');
  const arn = 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*';
  const source = sam.map(['Fn::Sub', sam.list(sam.constant(arn), sam.map(['__LogGroupName__', group]))]);
  const filter = sam.declare(
    id,
    'AWS::Logs::SubscriptionFilter',
    ['DestinationArn', targetArn],
    ...sam.handedOn('FilterPattern', 'LogGroupName'),
  );
  return [filter, permissionOf(event, 'logs.amazonaws.com', ['SourceArn', group && source])];
}

function iotResources(event: Event): readonly Declared[] {
  const { sam, id, targetArn } = event;
  const arn = sam.constant({
    'Fn::Sub': [
      'arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}',
      { RuleName: { Ref: id } },
    ],
  });
  const payload = sam.map(
    ['Actions', sam.list(sam.map(['Lambda', sam.map(['FunctionArn', targetArn])]))],
    ...sam.handedOn('Sql', 'AwsIotSqlVersion'),
    ['RuleDisabled', sam.constant(false)],
  );
  return [
    sam.declare(id, 'AWS::IoT::TopicRule', ['TopicRulePayload', payload]),
    permissionOf(event, 'iot.amazonaws.com', ['SourceArn', arn]),
  ];
}
