/** SAM resources that stand for one plain resource, with a role for state machines. */
import type { Declared } from '../sections.js';
import { textOf } from '../build.js';
import type { Entry, ServerlessResource } from './resource.js';
import { roleOf } from './role.js';

const KEY_TYPES: ReadonlyMap<string, string> = new Map([
  ['String', 'S'],
  ['Number', 'N'],
  ['Binary', 'B'],
]);

/**
 * The table of an `AWS::Serverless::SimpleTable`.
 *
 * Follows "AWS::Serverless::SimpleTable" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html): without
 * a primary key it is a string `id`, without throughput the table is paid by request.
 */
export function tableResources(sam: ServerlessResource): readonly Declared[] {
  const key = sam.property('PrimaryKey');
  const name = (key && sam.origins.child(key, 'Name')) ?? sam.constant('id');
  const type = key && sam.origins.child(key, 'Type');
  const letter = KEY_TYPES.get(type === undefined ? 'String' : (textOf(type.node) ?? ''));
  const throughput = sam.property('ProvisionedThroughput');
  return [
    sam.declare(
      sam.own('AWS::DynamoDB::Table'),
      'AWS::DynamoDB::Table',
      ['KeySchema', sam.list(sam.map(['AttributeName', name], ['KeyType', sam.constant('HASH')]))],
      [
        'AttributeDefinitions',
        sam.list(
          sam.map(['AttributeName', name], ['AttributeType', letter === undefined ? type : sam.constant(letter)]),
        ),
      ],
      ['ProvisionedThroughput', throughput],
      ['BillingMode', throughput === undefined ? sam.constant('PAY_PER_REQUEST') : undefined],
      ...sam.handedOn('TableName', 'SSESpecification', 'PointInTimeRecoverySpecification'),
      ['Tags', sam.tagList()],
    ),
  ];
}

/**
 * The state machine of an `AWS::Serverless::StateMachine`, and its role.
 *
 * Follows "AWS::Serverless::StateMachine" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html).
 */
export function stateMachineResources(sam: ServerlessResource): readonly Declared[] {
  const createdBy = 'stateMachine:createdBy';
  const role = sam.property('Role');
  const tracing = sam.property('Tracing');
  const location = sam.s3Location(sam.property('DefinitionUri'), { bucket: 'Bucket', key: 'Key', version: 'Version' });
  const machine = sam.declare(
    sam.own('AWS::StepFunctions::StateMachine'),
    'AWS::StepFunctions::StateMachine',
    ['StateMachineName', sam.property('Name')],
    ['StateMachineType', sam.property('Type')],
    ...sam.handedOn('Definition', 'DefinitionSubstitutions'),
    ['DefinitionS3Location', location],
    ['LoggingConfiguration', sam.property('Logging')],
    ['TracingConfiguration', tracing],
    ['RoleArn', role ?? sam.attribute(`${sam.id}Role`, 'Arn')],
    ['Tags', sam.tagList(createdBy)],
  );
  if (role !== undefined) return [machine];
  const managed = tracing === undefined ? [] : ['AWSXrayWriteOnlyAccess'];
  return [machine, roleOf(sam, { service: 'states.amazonaws.com', managed, inline: [], createdBy })];
}

/** The layer version of an `AWS::Serverless::LayerVersion`. */
export function layerResources(sam: ServerlessResource): readonly Declared[] {
  const names = { bucket: 'S3Bucket', key: 'S3Key', version: 'S3ObjectVersion' };
  return [
    sam.declare(
      sam.own('AWS::Lambda::LayerVersion'),
      'AWS::Lambda::LayerVersion',
      ...sam.handedOn('LayerName', 'Description', 'CompatibleRuntimes', 'CompatibleArchitectures', 'LicenseInfo'),
      ['Content', sam.s3Location(sam.property('ContentUri'), names)],
    ),
  ];
}

/** The nested stack of an `AWS::Serverless::Application`. */
export function applicationResources(sam: ServerlessResource): readonly Declared[] {
  const location = sam.property('Location');
  const entries: readonly Entry[] = [
    ['TemplateURL', typeof location?.node === 'string' ? location : undefined],
    ...sam.handedOn('Parameters', 'NotificationARNs', 'TimeoutInMinutes'),
    ['Tags', sam.tagList('lambda:createdBy')],
  ];
  return [sam.declare(sam.own('AWS::CloudFormation::Stack'), 'AWS::CloudFormation::Stack', ...entries)];
}
