/**
 * Connectors: what one resource may do with another. The permissions become a managed policy of the source's role, a
 * policy of the destination, or the permission to call a function.
 *
 * Follows "AWS::Serverless::Connector" and "AWS SAM connector reference" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html), for the
 * pairs listed below. A pair that is not among them is a policy that is not known.
 */
import { get, isList, isMap } from '../../values.js';
import type { Value } from '../../values.js';
import type { Located } from '../origins.js';
import type { Declared } from '../sections.js';
import { ServerlessResource } from './resource.js';

type Access = 'Read' | 'Write';

/** Actions on a type of destination, and the ends of the ARNs that they are allowed on. */
interface Profile {
  readonly Read: readonly string[];
  readonly Write: readonly string[];
  readonly below: readonly string[];
}

const named = (service: string, names: string): readonly string[] =>
  names === '' ? [] : names.split(' ').map((name) => `${service}:${name}`);
const profile = (service: string, read: string, write: string, ...below: readonly string[]): Profile => ({
  Read: named(service, read),
  Write: named(service, write),
  below: ['', ...below],
});

const S3_READ =
  'GetObject GetObjectAcl GetObjectLegalHold GetObjectRetention GetObjectTorrent GetObjectVersion GetObjectVersionAcl ' +
  'GetObjectVersionForReplication GetObjectVersionTorrent ListBucket ListBucketMultipartUploads ListBucketVersions ' +
  'ListMultipartUploadParts';
const S3_WRITE =
  'AbortMultipartUpload DeleteObject DeleteObjectVersion PutObject PutObjectLegalHold PutObjectRetention RestoreObject';

/** What a function or a state machine may do, by the type of the destination. */
const PROFILES: ReadonlyMap<string, Profile> = new Map([
  [
    'AWS::DynamoDB::Table',
    profile(
      'dynamodb',
      'GetItem Query Scan BatchGetItem ConditionCheckItem PartiQLSelect',
      'PutItem UpdateItem DeleteItem BatchWriteItem PartiQLDelete PartiQLInsert PartiQLUpdate',
      '/index/*',
    ),
  ],
  ['AWS::S3::Bucket', profile('s3', S3_READ, S3_WRITE, '/*')],
  [
    'AWS::SQS::Queue',
    profile('sqs', 'ReceiveMessage GetQueueAttributes', 'DeleteMessage SendMessage ChangeMessageVisibility PurgeQueue'),
  ],
  ['AWS::SNS::Topic', profile('sns', '', 'Publish')],
  ['AWS::Lambda::Function', profile('lambda', '', 'InvokeAsync InvokeFunction')],
  [
    'AWS::StepFunctions::StateMachine',
    profile('states', 'DescribeExecution DescribeStateMachine ListExecutions', 'StartExecution StartSyncExecution'),
  ],
  ['AWS::Events::EventBus', profile('events', '', 'PutEvents')],
]);

/** The plain type that a SAM type stands for in a connector. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['AWS::Serverless::Function', 'AWS::Lambda::Function'],
  ['AWS::Serverless::SimpleTable', 'AWS::DynamoDB::Table'],
  ['AWS::Serverless::StateMachine', 'AWS::StepFunctions::StateMachine'],
  ['AWS::Serverless::Api', 'AWS::ApiGateway::RestApi'],
  ['AWS::Serverless::HttpApi', 'AWS::ApiGatewayV2::Api'],
]);

/** Services that call or send by themselves: the destination's policy names them. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['AWS::SNS::Topic', 'sns.amazonaws.com'],
  ['AWS::Events::Rule', 'events.amazonaws.com'],
  ['AWS::S3::Bucket', 's3.amazonaws.com'],
  ['AWS::ApiGateway::RestApi', 'apigateway.amazonaws.com'],
  ['AWS::ApiGatewayV2::Api', 'apigateway.amazonaws.com'],
]);

const ROLE_HOLDERS: ReadonlySet<string> = new Set(['AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine']);

/** Types of the resources that a template declares, by logical ID. */
export type TypeOf = (id: string) => string | undefined;

/** One end of a connector. */
interface End {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly arn: Located | undefined;
  readonly role: Located | undefined;
  readonly path: Located['path'];
}

/** The plain resources of an `AWS::Serverless::Connector`. */
export function connectorResources(sam: ServerlessResource, typeOf: TypeOf): readonly Declared[] {
  const source = sam.property('Source');
  return source === undefined ? [] : connect(sam, sam.id, endOf(sam, source, typeOf), typeOf);
}

/** The plain resources of the connectors that a resource holds itself, in its attribute `Connectors`. */
export function embeddedConnectors(sam: ServerlessResource, typeOf: TypeOf): readonly Declared[] {
  const connectors = sam.origins.child(sam.resource, 'Connectors');
  if (connectors === undefined) return [];
  const type = plainType(typeOf(sam.id));
  return sam.origins.entries(connectors).flatMap(([name, written]) => {
    const properties = sam.origins.child(written, 'Properties');
    if (properties === undefined) return [];
    const here = new ServerlessResource(sam.origins, sam.id, sam.resource, properties, written.path);
    const source = { id: sam.id, type, arn: undefined, role: undefined, path: written.path };
    return connect(here, `${sam.id}${name}`, source, typeOf);
  });
}

function plainType(type: string | undefined): string | undefined {
  return type === undefined ? undefined : (PLAIN.get(type) ?? type);
}

function endOf(sam: ServerlessResource, written: Located, typeOf: TypeOf): End {
  const text = (name: string): string | undefined => {
    const node = sam.origins.child(written, name)?.node;
    return typeof node === 'string' ? node : undefined;
  };
  const id = text('Id');
  const type = plainType(id === undefined ? text('Type') : typeOf(id));
  return {
    id,
    type,
    arn: sam.origins.child(written, 'Arn'),
    role: sam.origins.child(written, 'RoleName'),
    path: written.path,
  };
}

function connect(sam: ServerlessResource, id: string, source: End, typeOf: TypeOf): readonly Declared[] {
  const written = sam.property('Destination');
  if (written === undefined) return [];
  const destinations = isList(written.node) ? sam.origins.items(written) : [written];
  const access = accessOf(sam.property('Permissions')?.node ?? null);
  return destinations.flatMap((destination, index) => {
    const key = isList(written.node) ? `${id}Destination${index}` : id;
    return pair(sam, key, source, endOf(sam, destination, typeOf), access);
  });
}

function accessOf(permissions: Value): readonly Access[] {
  return isList(permissions) ? (['Read', 'Write'] as const).filter((one) => permissions.includes(one)) : [];
}

function pair(
  sam: ServerlessResource,
  key: string,
  source: End,
  destination: End,
  access: readonly Access[],
): readonly Declared[] {
  const service = SERVICES.get(source.type ?? '');
  if (service !== undefined) return fromService(sam, key, service, source, destination, access);
  if (!ROLE_HOLDERS.has(source.type ?? '')) return [unknownPolicy(sam, key)];
  const allowed = PROFILES.get(destination.type ?? '');
  const arn = arnOf(sam, destination);
  const role = source.role ?? (source.id === undefined ? undefined : sam.ref(`${source.id}Role`));
  if (allowed === undefined || arn === undefined) return [unknownPolicy(sam, key)];
  const resources = allowed.below.map((end) => (end === '' ? arn : below(sam, arn, end)));
  const statements = access
    .map((one) => allowed[one])
    .filter((actions) => actions.length > 0)
    .map((actions) =>
      sam.map(
        ['Effect', sam.constant('Allow')],
        ['Action', sam.constant([...actions])],
        ['Resource', sam.list(...resources)],
      ),
    );
  return [
    sam.declare(
      `${key}Policy`,
      'AWS::IAM::ManagedPolicy',
      ['PolicyDocument', sam.map(['Version', sam.constant('2012-10-17')], ['Statement', sam.list(...statements)])],
      ['Roles', role && sam.list(role)],
    ),
  ];
}

/** What a service may do with the destination is a policy of the destination. */
function fromService(
  sam: ServerlessResource,
  key: string,
  service: string,
  source: End,
  destination: End,
  access: readonly Access[],
): readonly Declared[] {
  const arn = arnOf(sam, destination);
  if (arn === undefined || !access.includes('Write')) return [unknownPolicy(sam, key)];
  const from = sourceArn(sam, source);
  if (destination.type === 'AWS::Lambda::Function') {
    return [
      sam.declare(
        `${key}WriteLambdaPermission`,
        'AWS::Lambda::Permission',
        ['Action', sam.constant('lambda:InvokeFunction')],
        ['FunctionName', arn],
        ['Principal', sam.constant(service)],
        ['SourceArn', from],
      ),
    ];
  }
  const target = {
    'AWS::SQS::Queue': ['QueuePolicy', 'AWS::SQS::QueuePolicy', 'Queues', 'sqs:SendMessage'],
    'AWS::SNS::Topic': ['TopicPolicy', 'AWS::SNS::TopicPolicy', 'Topics', 'sns:Publish'],
  }[destination.type ?? ''];
  if (target === undefined || destination.id === undefined) return [unknownPolicy(sam, key)];
  const [suffix, type, list, action] = target as [string, string, string, string];
  const statement = sam.map(
    ['Effect', sam.constant('Allow')],
    ['Principal', sam.constant({ Service: service })],
    ['Action', sam.constant(action)],
    ['Resource', arn],
    ['Condition', from && sam.map(['ArnEquals', sam.map(['aws:SourceArn', from])])],
  );
  return [
    sam.declare(
      `${key}${suffix}`,
      type,
      [list, sam.list(sam.ref(destination.id))],
      ['PolicyDocument', sam.map(['Version', sam.constant('2012-10-17')], ['Statement', sam.list(statement)])],
    ),
  ];
}

function arnOf(sam: ServerlessResource, { id, type, arn }: End): Located | undefined {
  if (arn !== undefined) return arn;
  if (id === undefined) return undefined;
  return type === 'AWS::SNS::Topic' || type === 'AWS::StepFunctions::StateMachine'
    ? sam.ref(id)
    : sam.attribute(id, 'Arn');
}

/** The ARN of what calls; of an API, that of all its stages and methods. */
function sourceArn(sam: ServerlessResource, source: End): Located | undefined {
  if (!source.type?.startsWith('AWS::ApiGateway')) return arnOf(sam, source);
  if (source.id === undefined) return undefined;
  const arn = 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/*';
  return sam.map(['Fn::Sub', sam.list(sam.constant(arn), sam.map(['__ApiId__', sam.ref(source.id)]))]);
}

function below(sam: ServerlessResource, arn: Located, end: string): Located {
  return sam.map(['Fn::Sub', sam.list(sam.constant(`\${DestinationArn}${end}`), sam.map(['DestinationArn', arn]))]);
}

/** A policy that the template does not show. */
function unknownPolicy(sam: ServerlessResource, key: string): Declared {
  const document = sam.constant({ 'Fn::Transform': { Name: 'SAM connector' } });
  return sam.declare(`${key}Policy`, 'AWS::IAM::ManagedPolicy', ['PolicyDocument', document]);
}

/** Whether a resource of any type holds connectors of its own. */
export function hasConnectors(node: Value): boolean {
  return isMap(node) && get(node, 'Connectors') !== undefined;
}
