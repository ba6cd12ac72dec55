/**
 * What resources of a template will be called: names in the form that the service gives, so that a policy that refers to
 * them reads as it will after deployment. `Ref` and `Fn::GetAtt` of one resource fit together, so that
 * `!Sub arn:aws:s3:::${Bucket}/*` and `!Sub ${Bucket.Arn}/*` give the same text
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html, "Return values").
 */
import { resourceType } from '../../catalogue/index.js';
import { get, isMap } from '../values.js';
import type { Value } from '../values.js';

/** Where the stack is supposed to be deployed. */
export interface SupposedPlace {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** How a type is named. */
interface Naming {
  /** The property that holds its name, when the template gives one. */
  readonly property?: string;
  /** ARN with `{name}`, and the place. */
  readonly arn: string;
  /** What `Ref` gives: `arn` for the ARN, or a text with `{name}`. `@default` the name. */
  readonly ref?: string;
  /** Attributes besides `Arn` that give the ARN. */
  readonly arnAttributes?: readonly string[];
  /** The form of names that the service makes, see {@link MadeUp}. `@default` `{id}-{12}` */
  readonly made?: string;
}

const regional = (service: string, resource: string): string =>
  `arn:{partition}:${service}:{region}:{accountId}:${resource}`;
const global = (service: string, resource: string): string => `arn:{partition}:${service}::{accountId}:${resource}`;

const UUID = '{8}-{4}-{4}-{4}-{12}';

const NAMING: Readonly<Record<string, Naming>> = {
  'AWS::S3::Bucket': { property: 'BucketName', arn: 'arn:{partition}:s3:::{name}' },
  'AWS::SQS::Queue': {
    property: 'QueueName',
    arn: regional('sqs', '{name}'),
    ref: 'https://sqs.{region}.amazonaws.com/{accountId}/{name}',
  },
  'AWS::SNS::Topic': { property: 'TopicName', arn: regional('sns', '{name}'), ref: 'arn', arnAttributes: ['TopicArn'] },
  'AWS::Lambda::Function': { property: 'FunctionName', arn: regional('lambda', 'function:{name}') },
  'AWS::Serverless::Function': { property: 'FunctionName', arn: regional('lambda', 'function:{name}') },
  'AWS::KMS::Key': { arn: regional('kms', 'key/{name}'), made: UUID },
  'AWS::KMS::ReplicaKey': { arn: regional('kms', 'key/{name}'), made: 'mrk-{32}' },
  'AWS::IAM::Role': { property: 'RoleName', arn: global('iam', 'role/{name}') },
  'AWS::IAM::User': { property: 'UserName', arn: global('iam', 'user/{name}') },
  'AWS::IAM::Group': { property: 'GroupName', arn: global('iam', 'group/{name}') },
  'AWS::IAM::ManagedPolicy': {
    property: 'ManagedPolicyName',
    arn: global('iam', 'policy/{name}'),
    ref: 'arn',
    arnAttributes: ['PolicyArn'],
  },
  'AWS::IAM::OIDCProvider': { property: 'Url', arn: global('iam', 'oidc-provider/{name}'), ref: 'arn' },
  'AWS::IAM::SAMLProvider': { property: 'Name', arn: global('iam', 'saml-provider/{name}'), ref: 'arn' },
  'AWS::DynamoDB::Table': { property: 'TableName', arn: regional('dynamodb', 'table/{name}') },
  'AWS::DynamoDB::GlobalTable': { property: 'TableName', arn: regional('dynamodb', 'table/{name}') },
  'AWS::SecretsManager::Secret': {
    property: 'Name',
    arn: regional('secretsmanager', 'secret:{name}-a1b2c3'),
    ref: 'arn',
    arnAttributes: ['Id'],
  },
  'AWS::Kinesis::Stream': { property: 'Name', arn: regional('kinesis', 'stream/{name}') },
  'AWS::KinesisFirehose::DeliveryStream': {
    property: 'DeliveryStreamName',
    arn: regional('firehose', 'deliverystream/{name}'),
  },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', arn: regional('logs', 'log-group:{name}:*') },
  'AWS::StepFunctions::StateMachine': {
    property: 'StateMachineName',
    arn: regional('states', 'stateMachine:{name}'),
    ref: 'arn',
  },
  'AWS::Events::Rule': { property: 'Name', arn: regional('events', 'rule/{name}') },
  'AWS::Events::EventBus': { property: 'Name', arn: regional('events', 'event-bus/{name}') },
  'AWS::ECR::Repository': { property: 'RepositoryName', arn: regional('ecr', 'repository/{name}') },
  'AWS::ECS::Cluster': { property: 'ClusterName', arn: regional('ecs', 'cluster/{name}') },
  'AWS::ECS::TaskDefinition': { arn: regional('ecs', 'task-definition/{name}:1'), ref: 'arn' },
  'AWS::EFS::FileSystem': { arn: regional('elasticfilesystem', 'file-system/{name}'), made: 'fs-{17}' },
  'AWS::CodeBuild::Project': { property: 'Name', arn: regional('codebuild', 'project/{name}') },
  'AWS::CodePipeline::Pipeline': { property: 'Name', arn: regional('codepipeline', '{name}') },
  'AWS::CloudFront::Distribution': { arn: global('cloudfront', 'distribution/{name}'), made: 'E{13}' },
  'AWS::CloudTrail::Trail': { property: 'TrailName', arn: regional('cloudtrail', 'trail/{name}') },
  'AWS::SSM::Parameter': { property: 'Name', arn: regional('ssm', 'parameter/{name}') },
  'AWS::ApiGateway::RestApi': { arn: 'arn:{partition}:apigateway:{region}::/restapis/{name}', made: '{10}' },
  'AWS::EC2::VPCEndpoint': { arn: regional('ec2', 'vpc-endpoint/{name}'), made: 'vpce-{17}' },
  'AWS::EC2::VPC': { arn: regional('ec2', 'vpc/{name}'), made: 'vpc-{17}' },
  'AWS::EC2::Instance': { arn: regional('ec2', 'instance/{name}'), made: 'i-{17}' },
  'AWS::OpenSearchService::Domain': {
    property: 'DomainName',
    arn: regional('es', 'domain/{name}'),
    arnAttributes: ['DomainArn'],
  },
  'AWS::Elasticsearch::Domain': {
    property: 'DomainName',
    arn: regional('es', 'domain/{name}'),
    arnAttributes: ['DomainArn'],
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    property: 'Name',
    arn: regional('elasticloadbalancing', 'loadbalancer/app/{name}/0123456789abcdef'),
    ref: 'arn',
    arnAttributes: ['LoadBalancerArn'],
    // No longer than 32 characters.
    made: '{id:19}-{12}',
  },
  'AWS::RDS::DBInstance': {
    property: 'DBInstanceIdentifier',
    arn: regional('rds', 'db:{name}'),
    arnAttributes: ['DBInstanceArn'],
  },
  'AWS::RDS::DBCluster': {
    property: 'DBClusterIdentifier',
    arn: regional('rds', 'cluster:{name}'),
    arnAttributes: ['DBClusterArn'],
  },
  'AWS::Cognito::UserPool': { arn: regional('cognito-idp', 'userpool/{name}'), made: '{region}_{9}' },
  'AWS::Cognito::IdentityPool': {
    arn: regional('cognito-identity', 'identitypool/{name}'),
    made: `{region}:${UUID}`,
  },
  'AWS::Glue::Database': { arn: regional('glue', 'database/{name}'), made: '{id}_{12}' },
  'AWS::Backup::BackupVault': {
    property: 'BackupVaultName',
    arn: regional('backup', 'backup-vault:{name}'),
    arnAttributes: ['BackupVaultArn'],
  },
};

/** A resource as it is to be named. */
export interface NamedResource {
  readonly type: string | undefined;
  /** The resource itself, for the name that its properties give. */
  readonly resource: Value | undefined;
}

/**
 * The text that a reference to a resource is supposed to give. A name that the template does not give is made of the logical
 * id and digits, as CloudFormation makes it ("Name type" of the CloudFormation Template Reference Guide,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html), so that no name that
 * somebody writes reads like a reference, and no two resources have one name.
 *
 * @param key - The resource's logical id; equal ones give equal names.
 * @param attribute - `undefined` for `Ref`.
 * @returns `undefined` for an attribute that is neither a name nor an ARN, such as an address, and for ARNs of types whose
 *   form is not known here: a policy would not read as it will.
 */
export function supposedName(
  key: string,
  { type, resource }: NamedResource,
  attribute: string | undefined,
  place: SupposedPlace,
): string | undefined {
  if (type === undefined) return undefined;
  const naming = NAMING[type];
  const nameOf = (): string => givenName(resource, naming?.property) ?? madeUpName(key, type, place);
  if (naming === undefined) {
    const isName = attribute === undefined && resourceType(type) !== undefined && !isCalledByArn(type);
    return isName ? nameOf() : undefined;
  }
  // The path of a parameter of Systems Manager begins with the slash that stands before other names.
  const fill = (text: string): string => {
    const name = nameOf();
    return text
      .replace('/{name}', name.startsWith('/') ? '{name}' : '/{name}')
      .replace(/\{(\w+)\}/g, (_, word: string) => (word === 'name' ? name : place[word as keyof SupposedPlace]));
  };
  if (attribute === undefined) {
    if (naming.ref === undefined) return nameOf();
    return fill(naming.ref === 'arn' ? naming.arn : naming.ref);
  }
  if (attribute === 'Arn' || naming.arnAttributes?.includes(attribute) === true) return fill(naming.arn);
  return attribute === naming.property ? nameOf() : undefined;
}

/** Whether `Ref` gives the ARN of resources of a type, as far as the database of types tells. */
function isCalledByArn(type: string): boolean {
  const identifiers = resourceType(type)?.refIdentifier ?? [];
  return identifiers.length === 1 && /A(?:rn|RN)$/.test(identifiers[0]!);
}

/** The name that is made up for a resource, whether its template names it or not. */
export function madeUpName(key: string, type: string | undefined, place: SupposedPlace): string {
  return madeUp(key, (type === undefined ? undefined : NAMING[type]?.made) ?? '{id}-{12}', place);
}

/** Longest part of the logical id in a name: names of buckets have 63 characters at most. */
const ID_LENGTH = 50;

/** @param form - `{id}` stands for the logical id (`{id:19}` for so much of it), a number for so many digits, other words for the place. */
function madeUp(key: string, form: string, place: SupposedPlace): string {
  const digits = digest(key);
  let used = 0;
  return form.replace(/\{(\w+)(?::(\d+))?\}/g, (_, word: string, length?: string) => {
    if (word === 'id') return slug(key, length === undefined ? ID_LENGTH : Number(length));
    if (/^\d/.test(word)) return digits.slice(used, (used += Number(word)));
    return place[word as keyof SupposedPlace];
  });
}

function slug(key: string, length: number): string {
  const text = key.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return text.slice(0, length).replace(/^-|-$/g, '') || 'x';
}

/** 40 hexadecimal digits that tell logical ids apart (FNV-1a with five beginnings); nothing secret hangs on them. */
function digest(key: string): string {
  const bytes = new TextEncoder().encode(key);
  return [0x81_1c_9d_c5, 1, 2, 3, 4]
    .map((beginning) => {
      let hash = beginning;
      for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01_00_01_93);
      // The last steps spread what the last characters changed over all digits.
      hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
      return ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}

function givenName(resource: Value | undefined, property: string | undefined): string | undefined {
  if (property === undefined || !isMap(resource)) return undefined;
  const properties = get(resource, 'Properties');
  const name = isMap(properties) ? get(properties, property) : undefined;
  // The ARN of an identity provider holds its address without the scheme.
  return typeof name === 'string' && name !== '' ? name.replace(/^https?:\/\//, '') : undefined;
}
