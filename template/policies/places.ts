/**
 * Where resource types hold IAM policies. Checked against the resource types' pages in the CloudFormation Template
 * Reference Guide (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
 */

/** What kind of policy stands somewhere; the words are those of the IAM engine. */
export type PlaceKind = 'identity' | 'session' | 'resource' | 'trust' | 'scp' | 'rcp' | 'vpce';

/** A place in the properties of a type. */
export interface PolicyPlace {
  readonly kind: PlaceKind;
  /** Names from `Properties` on; `*` stands for each element of a list. */
  readonly path: readonly string[];
  /** Whether statements stand there and no whole document. `@default` a document */
  readonly statements?: true;
  /** The property, and its value, with which the policy is of this kind; left out where it always is. */
  readonly when?: readonly [property: string, value: string];
  /** The property that names the resources that the policy protects; left out where the resource holds its own policy. */
  readonly protects?: string;
}

const own = (kind: PlaceKind, ...path: string[]): PolicyPlace => ({ kind, path });
const of = (protects: string, ...path: string[]): PolicyPlace => ({ kind: 'resource', path, protects });

const INLINE = own('identity', 'Policies', '*', 'PolicyDocument');
const DOCUMENT = own('identity', 'PolicyDocument');

/** Places by resource type. */
export const POLICY_PLACES: Readonly<Record<string, readonly PolicyPlace[]>> = {
  'AWS::AIOps::InvestigationGroup': [own('resource', 'InvestigationGroupPolicy')],
  'AWS::APS::ResourcePolicy': [of('WorkspaceArn', 'PolicyDocument')],
  'AWS::ApiGateway::DomainNameV2': [own('resource', 'Policy')],
  'AWS::ApiGateway::RestApi': [own('resource', 'Policy')],
  'AWS::Backup::BackupVault': [own('resource', 'AccessPolicy')],
  'AWS::Backup::LogicallyAirGappedBackupVault': [own('resource', 'AccessPolicy')],
  'AWS::Bedrock::KnowledgeBasePolicy': [of('KnowledgeBaseId', 'PolicyDocument')],
  'AWS::Bedrock::ResourcePolicy': [of('ResourceArn', 'PolicyDocument')],
  'AWS::BedrockAgentCore::ResourcePolicy': [of('ResourceArn', 'Policy')],
  'AWS::CloudTrail::ResourcePolicy': [of('ResourceArn', 'ResourcePolicy')],
  'AWS::CodeArtifact::Domain': [own('resource', 'PermissionsPolicyDocument')],
  'AWS::CodeArtifact::Repository': [own('resource', 'PermissionsPolicyDocument')],
  'AWS::Comprehend::DocumentClassifier': [own('resource', 'ModelPolicy')],
  'AWS::Comprehend::EntityRecognizer': [own('resource', 'ModelPolicy')],
  'AWS::DSQL::Cluster': [own('resource', 'PolicyDocument')],
  'AWS::DynamoDB::GlobalTable': [
    own('resource', 'Replicas', '*', 'ResourcePolicy', 'PolicyDocument'),
    own('resource', 'Replicas', '*', 'ReplicaStreamSpecification', 'ResourcePolicy', 'PolicyDocument'),
  ],
  'AWS::DynamoDB::Table': [
    own('resource', 'ResourcePolicy', 'PolicyDocument'),
    own('resource', 'StreamSpecification', 'ResourcePolicy', 'PolicyDocument'),
  ],
  'AWS::EC2::VPCEndpoint': [own('vpce', 'PolicyDocument')],
  'AWS::ECR::PublicRepository': [own('resource', 'RepositoryPolicyText')],
  'AWS::ECR::RegistryPolicy': [own('resource', 'PolicyText')],
  'AWS::ECR::Repository': [own('resource', 'RepositoryPolicyText')],
  'AWS::ECR::RepositoryCreationTemplate': [own('resource', 'RepositoryPolicy')],
  'AWS::EFS::FileSystem': [own('resource', 'FileSystemPolicy')],
  'AWS::EKS::PodIdentityAssociation': [own('session', 'Policy')],
  'AWS::Elasticsearch::Domain': [own('resource', 'AccessPolicies')],
  'AWS::EventSchemas::RegistryPolicy': [of('RegistryName', 'Policy')],
  'AWS::Events::EventBus': [own('resource', 'Policy')],
  'AWS::Events::EventBusPolicy': [{ ...own('resource', 'Statement'), statements: true }],
  'AWS::EventsV2::ResourcePolicy': [of('EventBusArn', 'PolicyDocument')],
  'AWS::FSx::S3AccessPointAttachment': [own('resource', 'S3AccessPoint', 'Policy')],
  'AWS::IAM::Group': [INLINE],
  'AWS::IAM::GroupPolicy': [DOCUMENT],
  'AWS::IAM::ManagedPolicy': [DOCUMENT],
  'AWS::IAM::Policy': [DOCUMENT],
  'AWS::IAM::Role': [own('trust', 'AssumeRolePolicyDocument'), INLINE],
  'AWS::IAM::RolePolicy': [DOCUMENT],
  'AWS::IAM::User': [INLINE],
  'AWS::IAM::UserPolicy': [DOCUMENT],
  'AWS::IoT::Policy': [DOCUMENT],
  'AWS::KMS::Key': [own('resource', 'KeyPolicy')],
  'AWS::KMS::ReplicaKey': [own('resource', 'KeyPolicy')],
  'AWS::Kinesis::ResourcePolicy': [of('ResourceArn', 'ResourcePolicy')],
  'AWS::Lambda::ResourcePolicy': [of('ResourceArn', 'PolicyDocument')],
  'AWS::Lex::ResourcePolicy': [of('ResourceArn', 'Policy')],
  'AWS::Logs::DeliveryDestination': [own('resource', 'DeliveryDestinationPolicy', 'DeliveryDestinationPolicy')],
  'AWS::Logs::Destination': [own('resource', 'DestinationPolicy')],
  'AWS::Logs::LogGroup': [own('resource', 'ResourcePolicyDocument')],
  'AWS::Logs::ResourcePolicy': [own('resource', 'PolicyDocument')],
  'AWS::MSK::ClusterPolicy': [of('ClusterArn', 'Policy')],
  'AWS::MediaPackageV2::ChannelPolicy': [of('ChannelName', 'Policy')],
  'AWS::MediaPackageV2::OriginEndpointPolicy': [of('OriginEndpointName', 'Policy')],
  'AWS::MediaStore::Container': [own('resource', 'Policy')],
  'AWS::MediaTailor::ChannelPolicy': [of('ChannelName', 'Policy')],
  'AWS::ODB::OdbNetwork': [
    own('vpce', 'KmsPolicyDocument'),
    own('vpce', 'S3PolicyDocument'),
    own('vpce', 'StsPolicyDocument'),
  ],
  'AWS::OSIS::Pipeline': [own('resource', 'ResourcePolicy', 'Policy')],
  'AWS::Oam::Sink': [own('resource', 'Policy')],
  'AWS::Omics::SequenceStore': [own('resource', 'S3AccessPolicy')],
  'AWS::OpenSearchService::Domain': [own('resource', 'AccessPolicies')],
  'AWS::Organizations::Policy': [
    { ...own('scp', 'Content'), when: ['Type', 'SERVICE_CONTROL_POLICY'] },
    { ...own('rcp', 'Content'), when: ['Type', 'RESOURCE_CONTROL_POLICY'] },
  ],
  'AWS::Organizations::ResourcePolicy': [own('resource', 'Content')],
  'AWS::PaymentCryptography::Key': [own('resource', 'Policy')],
  'AWS::RUM::AppMonitor': [own('resource', 'ResourcePolicy', 'PolicyDocument')],
  'AWS::Redshift::Cluster': [own('resource', 'NamespaceResourcePolicy')],
  'AWS::RedshiftServerless::Namespace': [own('resource', 'NamespaceResourcePolicy')],
  'AWS::RolesAnywhere::Profile': [own('session', 'SessionPolicy')],
  'AWS::S3::AccessPoint': [own('resource', 'Policy')],
  'AWS::S3::BucketPolicy': [of('Bucket', 'PolicyDocument')],
  'AWS::S3::MultiRegionAccessPointPolicy': [own('resource', 'Policy')],
  'AWS::S3Express::AccessPoint': [own('resource', 'Policy')],
  'AWS::S3Express::BucketPolicy': [of('Bucket', 'PolicyDocument')],
  'AWS::S3Files::FileSystemPolicy': [of('FileSystemId', 'Policy')],
  'AWS::S3ObjectLambda::AccessPointPolicy': [own('resource', 'PolicyDocument')],
  'AWS::S3Outposts::AccessPoint': [own('resource', 'Policy')],
  'AWS::S3Outposts::BucketPolicy': [of('Bucket', 'PolicyDocument')],
  'AWS::S3Tables::TableBucketPolicy': [of('TableBucketARN', 'ResourcePolicy')],
  'AWS::S3Tables::TablePolicy': [of('TableARN', 'ResourcePolicy')],
  'AWS::S3Vectors::VectorBucketPolicy': [of('VectorBucketArn', 'Policy')],
  'AWS::SMSVOICE::ResourcePolicy': [of('ResourceArn', 'PolicyDocument')],
  'AWS::SNS::TopicInlinePolicy': [of('TopicArn', 'PolicyDocument')],
  'AWS::SNS::TopicPolicy': [of('Topics', 'PolicyDocument')],
  'AWS::SQS::QueueInlinePolicy': [of('Queue', 'PolicyDocument')],
  'AWS::SQS::QueuePolicy': [of('Queues', 'PolicyDocument')],
  'AWS::SSM::ResourcePolicy': [of('ResourceArn', 'Policy')],
  'AWS::SSO::PermissionSet': [own('identity', 'InlinePolicy')],
  'AWS::SageMaker::ModelPackageGroup': [own('resource', 'ModelPackageGroupPolicy')],
  'AWS::SecretsManager::ResourcePolicy': [of('SecretId', 'ResourcePolicy')],
  'AWS::Transfer::User': [own('session', 'Policy')],
  'AWS::VpcLattice::AuthPolicy': [of('ResourceIdentifier', 'Policy')],
  'AWS::VpcLattice::ResourcePolicy': [of('ResourceArn', 'Policy')],
  'AWS::XRay::ResourcePolicy': [own('resource', 'PolicyDocument')],
};
