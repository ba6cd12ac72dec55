/**
 * Where resource types hold IAM policies. Checked against the resource types' pages in the CloudFormation Template
 * Reference Guide (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
 */

/** What kind of policy stands somewhere; the words are those of the IAM engine. */
export type PlaceKind = 'identity' | 'resource' | 'trust' | 'scp' | 'rcp' | 'vpce';

/** A place in the properties of a type. */
export interface PolicyPlace {
  readonly kind: PlaceKind;
  /** Names from `Properties` on; `*` stands for each element of a list. */
  readonly path: readonly string[];
  /** The property that names the resources that the policy protects; left out where the resource holds its own policy. */
  readonly protects?: string;
}

const own = (kind: PlaceKind, ...path: string[]): PolicyPlace => ({ kind, path });
const of = (protects: string, ...path: string[]): PolicyPlace => ({ kind: 'resource', path, protects });

const INLINE = own('identity', 'Policies', '*', 'PolicyDocument');
const DOCUMENT = own('identity', 'PolicyDocument');

/** Places by resource type. */
export const POLICY_PLACES: Readonly<Record<string, readonly PolicyPlace[]>> = {
  'AWS::ApiGateway::RestApi': [own('resource', 'Policy')],
  'AWS::Backup::BackupVault': [own('resource', 'AccessPolicy')],
  'AWS::Backup::LogicallyAirGappedBackupVault': [own('resource', 'AccessPolicy')],
  'AWS::CloudTrail::ResourcePolicy': [of('ResourceArn', 'ResourcePolicy')],
  'AWS::CodeArtifact::Domain': [own('resource', 'PermissionsPolicyDocument')],
  'AWS::CodeArtifact::Repository': [own('resource', 'PermissionsPolicyDocument')],
  'AWS::DynamoDB::GlobalTable': [own('resource', 'Replicas', '*', 'ResourcePolicy', 'PolicyDocument')],
  'AWS::DynamoDB::Table': [own('resource', 'ResourcePolicy', 'PolicyDocument')],
  'AWS::EC2::VPCEndpoint': [own('vpce', 'PolicyDocument')],
  'AWS::ECR::RegistryPolicy': [own('resource', 'PolicyText')],
  'AWS::ECR::Repository': [own('resource', 'RepositoryPolicyText')],
  'AWS::EFS::FileSystem': [own('resource', 'FileSystemPolicy')],
  'AWS::Elasticsearch::Domain': [own('resource', 'AccessPolicies')],
  'AWS::Events::EventBus': [own('resource', 'Policy')],
  'AWS::IAM::Group': [INLINE],
  'AWS::IAM::GroupPolicy': [DOCUMENT],
  'AWS::IAM::ManagedPolicy': [DOCUMENT],
  'AWS::IAM::Policy': [DOCUMENT],
  'AWS::IAM::Role': [own('trust', 'AssumeRolePolicyDocument'), INLINE],
  'AWS::IAM::RolePolicy': [DOCUMENT],
  'AWS::IAM::User': [INLINE],
  'AWS::IAM::UserPolicy': [DOCUMENT],
  'AWS::KMS::Key': [own('resource', 'KeyPolicy')],
  'AWS::KMS::ReplicaKey': [own('resource', 'KeyPolicy')],
  'AWS::Kinesis::ResourcePolicy': [of('ResourceArn', 'ResourcePolicy')],
  'AWS::Logs::ResourcePolicy': [own('resource', 'PolicyDocument')],
  'AWS::OpenSearchService::Domain': [own('resource', 'AccessPolicies')],
  'AWS::S3::AccessPoint': [own('resource', 'Policy')],
  'AWS::S3::BucketPolicy': [of('Bucket', 'PolicyDocument')],
  'AWS::S3::MultiRegionAccessPointPolicy': [own('resource', 'Policy')],
  'AWS::S3Express::BucketPolicy': [of('Bucket', 'PolicyDocument')],
  'AWS::S3ObjectLambda::AccessPointPolicy': [own('resource', 'PolicyDocument')],
  'AWS::S3Tables::TableBucketPolicy': [of('TableBucketARN', 'ResourcePolicy')],
  'AWS::SNS::TopicInlinePolicy': [of('TopicArn', 'PolicyDocument')],
  'AWS::SNS::TopicPolicy': [of('Topics', 'PolicyDocument')],
  'AWS::SQS::QueueInlinePolicy': [of('Queue', 'PolicyDocument')],
  'AWS::SQS::QueuePolicy': [of('Queues', 'PolicyDocument')],
  'AWS::SSO::PermissionSet': [own('identity', 'InlinePolicy')],
  'AWS::SecretsManager::ResourcePolicy': [of('SecretId', 'ResourcePolicy')],
  'AWS::VpcLattice::AuthPolicy': [of('ResourceIdentifier', 'Policy')],
};
