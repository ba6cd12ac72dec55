/**
 * `AWS::Serverless::Function`: the function, its role, its URL, and what takes its failed events.
 *
 * Follows "AWS::Serverless::Function" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html). What
 * its events stand for is in `events.ts`.
 */
import { textOf } from '../build.js';
import type { Located } from '../origins.js';
import type { Declared } from '../sections.js';
import { eventResources } from './events.js';
import { withPropagatedTags } from './propagate.js';
import type { Entry, ServerlessResource } from './resource.js';
import { roleOf } from './role.js';

const CREATED_BY = 'lambda:createdBy';

const HANDED_ON = [
  'FunctionName',
  'Handler',
  'Runtime',
  'Description',
  'MemorySize',
  'Timeout',
  'VpcConfig',
  'Environment',
  'KmsKeyArn',
  'ReservedConcurrentExecutions',
  'Layers',
  'EphemeralStorage',
  'FileSystemConfigs',
  'ImageConfig',
  'CodeSigningConfigArn',
  'Architectures',
  'PackageType',
  'SnapStart',
  'RuntimeManagementConfig',
  'LoggingConfig',
  'RecursiveLoop',
];

/** Managed policies that event sources need, by the type of the event. */
const EVENT_POLICIES: ReadonlyMap<string, string> = new Map([
  ['SQS', 'AWSLambdaSQSQueueExecutionRole'],
  ['Kinesis', 'AWSLambdaKinesisExecutionRole'],
  ['DynamoDB', 'AWSLambdaDynamoDBExecutionRole'],
  ['MSK', 'AWSLambdaMSKExecutionRole'],
]);

const SEND_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['SQS', 'sqs:SendMessage'],
  ['SNS', 'sns:Publish'],
  ['Lambda', 'lambda:InvokeFunction'],
  ['EventBridge', 'events:PutEvents'],
]);

/** The plain resources of a function. */
export function functionResources(sam: ServerlessResource): readonly Declared[] {
  const role = sam.property('Role');
  const destinations = destinationsOf(sam);
  const resources: Declared[] = [lambdaOf(sam, role ?? sam.attribute(`${sam.id}Role`, 'Arn'))];
  if (role === undefined) resources.push(executionRole(sam, destinations));
  resources.push(...aliasOf(sam), ...urlOf(sam), ...eventResources(sam));
  for (const { made } of destinations) if (made !== undefined) resources.push(made);
  return withPropagatedTags(sam, resources);
}

function lambdaOf(sam: ServerlessResource, role: Located): Declared {
  const queue = sam.property('DeadLetterQueue');
  const tracing = sam.property('Tracing');
  return sam.declare(
    sam.own('AWS::Lambda::Function'),
    'AWS::Lambda::Function',
    ['Code', codeOf(sam)],
    ...sam.handedOn(...HANDED_ON),
    ['Role', role],
    ['TracingConfig', tracing && sam.map(['Mode', tracing])],
    [
      'DeadLetterConfig',
      queue &&
        sam.origins.inBranches(queue, (branch) => {
          const target = sam.origins.child(branch, 'TargetArn');
          return target === undefined ? branch : sam.origins.map(branch.path, [['TargetArn', target]]);
        }),
    ],
    ['Tags', sam.tagList(CREATED_BY)],
  );
}

/** Where the code is, as far as the template says: a local path becomes a place in S3 when the template is packaged. */
function codeOf(sam: ServerlessResource): Located | undefined {
  const key: Entry = ['SourceKMSKeyArn', sam.property('SourceKMSKeyArn')];
  const inline = sam.property('InlineCode');
  if (inline !== undefined) return sam.map(['ZipFile', inline], key);
  const image = sam.property('ImageUri');
  if (image !== undefined) return sam.map(['ImageUri', image], key);
  const names = { bucket: 'S3Bucket', key: 'S3Key', version: 'S3ObjectVersion' };
  const location = sam.s3Location(sam.property('CodeUri'), names);
  if (location === undefined) return key[1] && sam.map(key);
  return sam.map(...sam.origins.entries(location), key);
}

/** A place where the outcome of an asynchronous call goes. */
interface Destination {
  readonly name: string;
  readonly action: string;
  readonly target: Located;
  /** The queue or topic that SAM makes when none is given. */
  readonly made: Declared | undefined;
}

function destinationsOf(sam: ServerlessResource): readonly Destination[] {
  const invoke = sam.property('EventInvokeConfig');
  const written = invoke && sam.origins.child(invoke, 'DestinationConfig');
  const found: Destination[] = [];
  for (const outcome of written === undefined ? [] : ['OnSuccess', 'OnFailure']) {
    const config = sam.origins.child(written!, outcome);
    const type = config && sam.origins.child(config, 'Type')?.node;
    const action = typeof type === 'string' ? SEND_ACTIONS.get(type) : undefined;
    if (config === undefined || action === undefined) continue;
    const given = sam.origins.child(config, 'Destination');
    const name = `${sam.id}EventInvokeConfig${outcome}Policy`;
    if (given !== undefined) {
      found.push({ name, action, target: given, made: undefined });
      continue;
    }
    if (type !== 'SQS' && type !== 'SNS') continue;
    const [kind, resourceType] = type === 'SQS' ? ['Queue', 'AWS::SQS::Queue'] : ['Topic', 'AWS::SNS::Topic'];
    const key = `${sam.id}EventInvokeConfig${outcome}${kind}`;
    const target = type === 'SQS' ? sam.attribute(key, 'Arn') : sam.ref(key);
    found.push({ name, action, target, made: sam.declare(key, resourceType) });
  }
  return found;
}

function executionRole(sam: ServerlessResource, destinations: readonly Destination[]): Declared {
  const managed = ['AWSLambdaBasicExecutionRole'];
  if (sam.property('Tracing') !== undefined) managed.push('AWSXrayWriteOnlyAccess');
  if (sam.property('VpcConfig') !== undefined) managed.push('AWSLambdaVPCAccessExecutionRole');
  for (const [, event] of sam.origins.entries(sam.property('Events') ?? sam.constant({}))) {
    const type = sam.origins.child(event, 'Type')?.node;
    const policy = typeof type === 'string' ? EVENT_POLICIES.get(type) : undefined;
    if (policy !== undefined && !managed.includes(policy)) managed.push(policy);
  }
  const inline: (readonly [string, string, Located])[] = [];
  const queue = sam.property('DeadLetterQueue');
  const target = queue && sam.origins.child(queue, 'TargetArn');
  const type = queue && sam.origins.child(queue, 'Type')?.node;
  const action = typeof type === 'string' ? SEND_ACTIONS.get(type) : undefined;
  if (target !== undefined && action !== undefined) inline.push(['DeadLetterQueuePolicy', action, target]);
  for (const destination of destinations) inline.push([destination.name, destination.action, destination.target]);
  return roleOf(sam, { service: 'lambda.amazonaws.com', managed, inline, createdBy: CREATED_BY });
}

/** The version and the alias that `AutoPublishAlias` makes; in deployment the version's name ends in a hash of the code. */
function aliasOf(sam: ServerlessResource): readonly Declared[] {
  const alias = sam.property('AutoPublishAlias');
  if (alias === undefined) return [];
  const name = textOf(alias.node) ?? '';
  const version = `${sam.id}Version`;
  return [
    sam.declare(
      version,
      'AWS::Lambda::Version',
      ['FunctionName', sam.ref(sam.id)],
      ['Description', sam.property('VersionDescription')],
    ),
    sam.declare(
      `${sam.id}Alias${name}`,
      'AWS::Lambda::Alias',
      ['FunctionName', sam.ref(sam.id)],
      ['FunctionVersion', sam.attribute(version, 'Version')],
      ['Name', alias],
      ['ProvisionedConcurrencyConfig', sam.property('ProvisionedConcurrencyConfig')],
    ),
  ];
}

/** The URL of a function, and the permission that opens it to everybody when it asks for no authorization. */
function urlOf(sam: ServerlessResource): readonly Declared[] {
  const config = sam.property('FunctionUrlConfig');
  if (config === undefined) return [];
  const part = (name: string): Entry => [name, sam.origins.child(config, name)];
  const resources = [
    sam.declare(`${sam.id}Url`, 'AWS::Lambda::Url', part('AuthType'), part('Cors'), part('InvokeMode'), [
      'TargetFunctionArn',
      sam.ref(sam.id),
    ]),
  ];
  if (sam.origins.child(config, 'AuthType')?.node === 'NONE') {
    resources.push(
      sam.declare(
        `${sam.id}UrlPublicPermissions`,
        'AWS::Lambda::Permission',
        ['Action', sam.constant('lambda:InvokeFunctionUrl')],
        ['FunctionName', sam.ref(sam.id)],
        ['Principal', sam.constant('*')],
        ['FunctionUrlAuthType', sam.origins.child(config, 'AuthType')],
      ),
    );
  }
  return resources;
}
