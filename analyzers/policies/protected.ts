/** What IAM Access Analyzer calls the resource that a policy of a resource type protects. */

/** By resource type of CloudFormation; types that are called the same are left out. */
const CALLED: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'AWS::DynamoDB::Table',
  'AWS::Elasticsearch::Domain': 'AWS::OpenSearchService::Domain',
  'AWS::IAM::Role': 'AWS::IAM::AssumeRolePolicyDocument',
  'AWS::KMS::ReplicaKey': 'AWS::KMS::Key',
  'AWS::Backup::LogicallyAirGappedBackupVault': 'AWS::Backup::BackupVault',
  'AWS::Lambda::Permission': 'AWS::Lambda::Function',
  'AWS::Lambda::ResourcePolicy': 'AWS::Lambda::Function',
  'AWS::S3::BucketPolicy': 'AWS::S3::Bucket',
  'AWS::S3::MultiRegionAccessPointPolicy': 'AWS::S3::MultiRegionAccessPoint',
  'AWS::S3Express::BucketPolicy': 'AWS::S3Express::DirectoryBucket',
  'AWS::S3ObjectLambda::AccessPointPolicy': 'AWS::S3ObjectLambda::AccessPoint',
  'AWS::S3Outposts::BucketPolicy': 'AWS::S3Outposts::Bucket',
  'AWS::S3Tables::TableBucketPolicy': 'AWS::S3Tables::TableBucket',
  'AWS::S3Tables::TablePolicy': 'AWS::S3Tables::Table',
  'AWS::SNS::TopicInlinePolicy': 'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy': 'AWS::SNS::Topic',
  'AWS::SQS::QueueInlinePolicy': 'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy': 'AWS::SQS::Queue',
  'AWS::SecretsManager::ResourcePolicy': 'AWS::SecretsManager::Secret',
};

/** Types whose policies protect resources of several types; the ARN of the one that is meant tells. */
const BY_ARN: readonly (readonly [type: string, pattern: RegExp, called: string])[] = [
  ['AWS::Kinesis::ResourcePolicy', /:stream\/[^/]+\/consumer\//, 'AWS::Kinesis::StreamConsumer'],
  ['AWS::Kinesis::ResourcePolicy', /^/, 'AWS::Kinesis::Stream'],
  ['AWS::CloudTrail::ResourcePolicy', /:dashboard\//, 'AWS::CloudTrail::Dashboard'],
  ['AWS::CloudTrail::ResourcePolicy', /^/, 'AWS::CloudTrail::EventDataStore'],
];

/**
 * The type of what a policy protects.
 *
 * @param type - Of the resource that holds the policy.
 * @param way - Names of properties to it.
 * @param named - What the property that names the resource says; `''` when nobody knows.
 */
export function protectedType(type: string, way: readonly (string | number)[], named: string): string {
  if (way.includes('StreamSpecification') || way.includes('ReplicaStreamSpecification')) return 'AWS::DynamoDB::Stream';
  const found = BY_ARN.find(([of, pattern]) => of === type && pattern.test(named));
  return found?.[2] ?? (Object.hasOwn(CALLED, type) ? CALLED[type]! : type);
}
