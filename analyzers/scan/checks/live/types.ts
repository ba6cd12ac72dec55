/** Which resource types a scan lists for rules that judge very many of them. */
import { GLOBAL_TYPES } from '../../inside.js';

/**
 * Stores of data, keys, and what computes or carries messages. Rules about tags and keys speak of hundreds of types; each
 * type costs a list in every account and Region, so a scan looks at these.
 */
export const COMMON_TYPES: readonly string[] = [
  'AWS::Athena::WorkGroup',
  'AWS::Backup::BackupVault',
  'AWS::CloudTrail::Trail',
  'AWS::CodeBuild::Project',
  'AWS::DynamoDB::Table',
  'AWS::EC2::Instance',
  'AWS::EC2::VPC',
  'AWS::EC2::Volume',
  'AWS::ECR::Repository',
  'AWS::ECS::Cluster',
  'AWS::EFS::FileSystem',
  'AWS::EKS::Cluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::EMR::Cluster',
  'AWS::Glue::Job',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::KMS::ReplicaKey',
  'AWS::Kinesis::Stream',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::MSK::Cluster',
  'AWS::OpenSearchService::Domain',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Redshift::Cluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::RedshiftServerless::Workgroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SageMaker::Domain',
  'AWS::SecretsManager::Secret',
  'AWS::StepFunctions::StateMachine',
];

/** Types that are told from the IAM configuration of the account, and not listed. */
export const IAM_TYPES: ReadonlySet<string> = new Set([
  'AWS::IAM::AccessKey',
  'AWS::IAM::Group',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::IAM::User',
]);

/** Types whose resources stand inside of others once they exist: inline policies are properties of their identity. */
const INSIDE_OTHERS: ReadonlySet<string> = new Set([
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
]);

/** A rule on more types than this is asked about {@link COMMON_TYPES} only. */
const MANY = 40;

/** What a scan reads for a rule. */
export interface LiveTypes {
  /** Types to list. */
  readonly listed: readonly string[];
  readonly iam: boolean;
  /** Whether everything is the same in every Region. */
  readonly global: boolean;
  /** Whether it is fewer types than the rule judges in templates. */
  readonly narrowed: boolean;
}

/**
 * @param types - The types that a rule judges in templates; none for rules on everything that takes tags.
 */
export function liveTypes(types: readonly string[]): LiveTypes {
  const narrowed = types.length === 0 || types.length > MANY;
  const wanted =
    types.length === 0 ? COMMON_TYPES : narrowed ? types.filter((one) => COMMON_TYPES.includes(one)) : types;
  const listed = wanted.filter(
    (one) => !IAM_TYPES.has(one) && !INSIDE_OTHERS.has(one) && !one.startsWith('AWS::Serverless::'),
  );
  const iam = wanted.some((one) => IAM_TYPES.has(one) || INSIDE_OTHERS.has(one));
  return { listed, iam, global: listed.every((one) => GLOBAL_TYPES.has(one)), narrowed };
}

/**
 * Types that a rule cannot acquit from what a read shows, by the rule's id: what it is about is write-only there, and the
 * rule takes a value that is not known for somebody else's matter.
 */
export const HIDDEN_FROM: Readonly<Record<string, readonly string[]>> = {
  'datazone-project-one-account': ['AWS::DataZone::Environment', 'AWS::DataZone::EnvironmentProfile'],
  'redshift-warehouse-behind-proxy': ['AWS::RedshiftServerless::Workgroup'],
  'template-settings-no-credentials': ['AWS::AppFlow::ConnectorProfile'],
};
