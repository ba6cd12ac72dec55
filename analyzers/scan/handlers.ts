/**
 * What Cloud Control asks of the caller when it lists and reads resources of a type. It calls the service with the caller's
 * rights, so that a scan needs them besides `cloudformation:ListResources` and `GetResource` ("handlers", permissions and
 * handlerSchema, https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html; "Specifying
 * credentials", https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations.html#resource-operations-permissions).
 *
 * Checked on 2026-11-22 against `handlers.read.permissions` and `handlers.list.permissions` of schemas that AWS has published,
 * as pulumi/pulumi-aws-native (aws-cloudformation-schema/) keeps them, in versions of 2023 to 2026: the types of `CHECKED`. Of
 * several versions all actions are here; the other types are by the operations that their services have for it.
 *
 * What handlers name and nobody gives to a scanner: `secretsmanager:GetSecretValue` (Secret; the value is never told),
 * `kms:Decrypt` (StateMachine; one under a key of its own is told as refused), `iam:PassRole` (Namespace), what changes transit
 * gateways and tags (their attachments), and a service that has ended (Instance: Elastic Inference).
 *
 * AWS changes handlers without notice: what one is refused a scan tells with the type, and its checks are NOT EVALUATED.
 */
import type { Properties } from './source.js';

/** Type, service, actions of lists | further actions of reads. An action of another service has its prefix. */
const TABLE = `
AWS::AppFlow::ConnectorProfile appflow DescribeConnectorProfiles |
AWS::Athena::WorkGroup athena ListWorkGroups | GetWorkGroup ListTagsForResource
AWS::BCMDataExports::Export bcm-data-exports ListExports | GetExport ListTagsForResource
AWS::Backup::BackupVault backup ListBackupVaults | DescribeBackupVault GetBackupVaultAccessPolicy GetBackupVaultNotifications ListTags
AWS::CloudFormation::GuardHook cloudformation ListTypes | BatchDescribeTypeConfigurations DescribeType
AWS::CloudFormation::LambdaHook cloudformation ListTypes | BatchDescribeTypeConfigurations DescribeType
AWS::CloudTrail::Trail cloudtrail DescribeTrails GetEventSelectors GetInsightSelectors GetTrail GetTrailStatus ListTags ListTrails |
AWS::CloudWatch::Alarm cloudwatch DescribeAlarms | ListTagsForResource
AWS::CodeBuild::Project codebuild ListProjects | BatchGetProjects
AWS::CodePipeline::Pipeline codepipeline ListPipelines | GetPipeline ListTagsForResource
AWS::CodeStarNotifications::NotificationRule codestar-notifications ListNotificationRules | DescribeNotificationRule
AWS::Config::ConfigRule config DescribeConfigRules | DescribeComplianceByConfigRule ListTagsForResource
AWS::Config::ConfigurationAggregator config DescribeConfigurationAggregators | ListTagsForResource
AWS::Config::ConfigurationRecorder config DescribeConfigurationRecorders |
AWS::Config::DeliveryChannel config DescribeDeliveryChannels |
AWS::DMS::Endpoint dms DescribeEndpoints | ListTagsForResource
AWS::DataZone::Domain datazone ListDomains | GetDomain
AWS::DataZone::Environment datazone ListEnvironments | GetEnvironment
AWS::DataZone::EnvironmentProfile datazone ListEnvironmentProfiles | GetEnvironmentProfile
AWS::DataZone::Project datazone ListProjects | GetProject
AWS::DynamoDB::Table dynamodb ListTables | DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource
AWS::EC2::ClientVpnEndpoint ec2 DescribeClientVpnEndpoints |
AWS::EC2::FlowLog ec2 DescribeFlowLogs |
AWS::EC2::Instance ec2 DescribeInstances | DescribeElasticGpus DescribeInstanceAttribute DescribeInstanceCreditSpecifications DescribeLaunchTemplates DescribeNetworkInterfaces DescribeVolumes ssm:DescribeAssociation ssm:ListAssociations
AWS::EC2::InternetGateway ec2 DescribeInternetGateways |
AWS::EC2::LaunchTemplate ec2 DescribeLaunchTemplates | DescribeLaunchTemplateVersions DescribeTags
AWS::EC2::NatGateway ec2 DescribeNatGateways |
AWS::EC2::Route ec2 DescribeRouteTables |
AWS::EC2::RouteTable ec2 DescribeRouteTables |
AWS::EC2::SecurityGroup ec2 DescribeSecurityGroups | DescribeSecurityGroupRules
AWS::EC2::SecurityGroupIngress ec2 DescribeSecurityGroupRules | DescribeSecurityGroups
AWS::EC2::Subnet ec2 DescribeNetworkAcls DescribeSubnets |
AWS::EC2::SubnetRouteTableAssociation ec2 DescribeRouteTables |
AWS::EC2::TransitGatewayAttachment ec2 DescribeTags DescribeTransitGatewayAttachments DescribeTransitGatewayVpcAttachments |
AWS::EC2::TransitGatewayVpcAttachment ec2 DescribeTags DescribeTransitGatewayAttachments DescribeTransitGatewayVpcAttachments |
AWS::EC2::VPC ec2 DescribeVpcs | DescribeNetworkAcls DescribeSecurityGroups DescribeVpcAttribute
AWS::EC2::VPCEndpoint ec2 DescribeVpcEndpoints |
AWS::EC2::VPCGatewayAttachment ec2 DescribeInternetGateways DescribeVpcs DescribeVpnGateways |
AWS::EC2::VPCPeeringConnection ec2 DescribeVpcPeeringConnections |
AWS::EC2::Volume ec2 DescribeTags DescribeVolumeAttribute DescribeVolumes |
AWS::ECR::Repository ecr DescribeRepositories | GetLifecyclePolicy GetRepositoryPolicy ListTagsForResource
AWS::ECS::Cluster ecs ListClusters | DescribeClusters
AWS::ECS::TaskDefinition ecs DescribeTaskDefinition ListTaskDefinitions |
AWS::EFS::FileSystem elasticfilesystem DescribeBackupPolicy DescribeFileSystemPolicy DescribeFileSystems DescribeLifecycleConfiguration DescribeReplicationConfigurations |
AWS::EKS::Addon eks ListAddons | DescribeAddon
AWS::EKS::Cluster eks ListClusters | DescribeCluster
AWS::EMR::Cluster elasticmapreduce ListClusters | DescribeCluster
AWS::ElastiCache::ReplicationGroup elasticache DescribeReplicationGroups | DescribeCacheClusters ListTagsForResource
AWS::Events::Rule events ListRules | DescribeRule ListTagsForResource ListTargetsByRule
AWS::FIS::ExperimentTemplate fis ListExperimentTemplates | GetExperimentTemplate
AWS::Glue::Connection glue GetConnections | GetConnection
AWS::Glue::Crawler glue ListCrawlers | GetCrawler GetTags
AWS::Glue::Database glue GetDatabases | GetDatabase
AWS::Glue::Job glue ListJobs | GetJob GetTags
AWS::Glue::Table glue GetTables | GetTable
AWS::GuardDuty::Detector guardduty ListDetectors | GetDetector ListTagsForResource
AWS::IAM::InstanceProfile iam ListInstanceProfiles | GetInstanceProfile
AWS::KMS::Alias kms ListAliases |
AWS::KMS::Key kms DescribeKey ListKeys | GetKeyPolicy GetKeyRotationStatus ListResourceTags
AWS::KMS::ReplicaKey kms DescribeKey ListKeys | GetKeyPolicy ListResourceTags
AWS::Kinesis::Stream kinesis ListStreams | DescribeStreamSummary ListTagsForResource ListTagsForStream
AWS::KinesisFirehose::DeliveryStream firehose ListDeliveryStreams | DescribeDeliveryStream ListTagsForDeliveryStream
AWS::LakeFormation::DataCellsFilter lakeformation ListDataCellsFilter |
AWS::LakeFormation::DataLakeSettings lakeformation GetDataLakeSettings |
AWS::LakeFormation::Permissions lakeformation ListPermissions |
AWS::LakeFormation::PrincipalPermissions lakeformation ListPermissions glue:GetDatabase glue:GetTable |
AWS::LakeFormation::Resource lakeformation ListResources | DescribeResource
AWS::LakeFormation::Tag lakeformation ListLFTags | GetLFTag
AWS::LakeFormation::TagAssociation lakeformation GetResourceLFTags glue:GetDatabase glue:GetTable |
AWS::Lambda::Function lambda ListFunctions | GetFunction GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetRuntimeManagementConfig
AWS::Logs::LogGroup logs DescribeLogGroups ListTagsForResource | DescribeIndexPolicies GetDataProtectionPolicy
AWS::MSK::Cluster kafka ListClusters ListClustersV2 | DescribeCluster
AWS::Macie::Session macie2 GetMacieSession |
AWS::OpenSearchService::Domain es ListDomainNames | DescribeDomain ListTags
AWS::RDS::DBCluster rds DescribeDBClusters | ListTagsForResource
AWS::RDS::DBClusterParameterGroup rds DescribeDBClusterParameterGroups | DescribeDBClusterParameters DescribeEngineDefaultClusterParameters ListTagsForResource
AWS::RDS::DBInstance rds DescribeDBInstances | ListTagsForResource ec2:DescribeAccountAttributes ec2:DescribeAvailabilityZones ec2:DescribeInternetGateways ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcAttribute ec2:DescribeVpcs
AWS::RDS::DBParameterGroup rds DescribeDBParameterGroups | DescribeDBParameters DescribeEngineDefaultParameters ListTagsForResource
AWS::Redshift::Cluster redshift DescribeClusters | DescribeLoggingStatus DescribeTags GetResourcePolicy
AWS::Redshift::ClusterParameterGroup redshift DescribeClusterParameterGroups | DescribeClusterParameters DescribeTags
AWS::Redshift::ScheduledAction redshift DescribeScheduledActions |
AWS::RedshiftServerless::Namespace redshift-serverless ListNamespaces | GetNamespace ListSnapshotCopyConfigurations redshift:GetResourcePolicy
AWS::RedshiftServerless::Workgroup redshift-serverless ListWorkgroups ec2:DescribeAccountAttributes ec2:DescribeAddresses ec2:DescribeAvailabilityZones ec2:DescribeInternetGateways ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcAttribute | GetWorkgroup
AWS::S3::Bucket s3 ListAllMyBuckets | GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac GetBucketCORS GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration ListBucket ListTagsForResource
AWS::S3::BucketPolicy s3 ListAllMyBuckets | GetBucketPolicy
AWS::SNS::Subscription sns ListSubscriptions | GetSubscriptionAttributes
AWS::SNS::Topic sns ListTopics | GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource
AWS::SQS::Queue sqs ListQueues | GetQueueAttributes ListQueueTags
AWS::SSM::Association ssm ListAssociations | DescribeAssociation
AWS::SSO::PermissionSet sso DescribePermissionSet ListInstances ListPermissionSets | GetInlinePolicyForPermissionSet GetPermissionsBoundaryForPermissionSet ListCustomerManagedPolicyReferencesInPermissionSet ListManagedPoliciesInPermissionSet ListTagsForResource
AWS::SageMaker::Domain sagemaker ListDomains | DescribeDomain
AWS::SageMaker::UserProfile sagemaker ListUserProfiles | DescribeUserProfile
AWS::SecretsManager::RotationSchedule secretsmanager ListSecrets | DescribeSecret
AWS::SecretsManager::Secret secretsmanager ListSecrets | DescribeSecret
AWS::SecurityHub::Hub securityhub DescribeHub | ListTagsForResource
AWS::SecurityLake::AwsLogSource securitylake ListLogSources |
AWS::SecurityLake::DataLake securitylake ListDataLakes | ListTagsForResource
AWS::StepFunctions::StateMachine states ListStateMachines | DescribeStateMachine ListTagsForResource
AWS::Transfer::Connector transfer ListConnectors | DescribeConnector
AWS::Transfer::Profile transfer ListProfiles | DescribeProfile
`;

/** Types whose row was held against a published schema. */
export const CHECKED: readonly string[] = `
Athena::WorkGroup Backup::BackupVault CloudTrail::Trail Config::ConfigRule EC2::FlowLog EC2::Instance EC2::SecurityGroup
EC2::Subnet EC2::TransitGatewayAttachment EC2::TransitGatewayVpcAttachment EC2::VPCEndpoint EC2::Volume ECR::Repository
ECS::TaskDefinition EFS::FileSystem EKS::Addon EKS::Cluster ElastiCache::ReplicationGroup GuardDuty::Detector
IAM::InstanceProfile KMS::Key KMS::ReplicaKey Kinesis::Stream KinesisFirehose::DeliveryStream
LakeFormation::PrincipalPermissions LakeFormation::Tag Lambda::Function Logs::LogGroup MSK::Cluster Macie::Session
OpenSearchService::Domain RDS::DBCluster RDS::DBClusterParameterGroup RDS::DBInstance RedshiftServerless::Namespace
RedshiftServerless::Workgroup S3::Bucket SNS::Topic SQS::Queue SSO::PermissionSet SageMaker::Domain SecretsManager::Secret
StepFunctions::StateMachine
`
  .trim()
  .split(/\s+/)
  .map((name) => `AWS::${name}`);

/** Actions that the handlers of a type take. */
export interface HandlerActions {
  readonly list: readonly string[];
  /** Without those of the list. */
  readonly read: readonly string[];
}

let rows: ReadonlyMap<string, HandlerActions> | undefined;

function parsed(): ReadonlyMap<string, HandlerActions> {
  const lines = TABLE.trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [type = '', service = '', ...words] = line.trim().split(' ');
      const bar = words.indexOf('|');
      const whole = (action: string): string => (action.includes(':') ? action : `${service}:${action}`);
      return [type, { list: words.slice(0, bar).map(whole), read: words.slice(bar + 1).map(whole) }];
    }),
  );
}

/** The actions that listing and reading a type take; `undefined` for a type that no scan reads. */
export function handlerActions(type: string): HandlerActions | undefined {
  rows ??= parsed();
  return rows.get(type);
}

/** What a list of a type has to be told: resources are listed inside of one parent at a time. */
export interface ListInside {
  /** The type of the parents. */
  readonly parent: string;
  /** Properties of the model, each with the property of the parent that it is. */
  readonly model: Readonly<Record<string, string>>;
}

/** By `required` of the schemas of list handlers. */
const INSIDE: Readonly<Record<string, ListInside>> = {
  'AWS::DataZone::Environment': {
    parent: 'AWS::DataZone::Project',
    model: { DomainIdentifier: 'DomainId', ProjectIdentifier: 'Id' },
  },
  'AWS::DataZone::EnvironmentProfile': { parent: 'AWS::DataZone::Domain', model: { DomainIdentifier: 'Id' } },
  'AWS::DataZone::Project': { parent: 'AWS::DataZone::Domain', model: { DomainIdentifier: 'Id' } },
  'AWS::EC2::Route': { parent: 'AWS::EC2::RouteTable', model: { RouteTableId: 'RouteTableId' } },
  'AWS::EKS::Addon': { parent: 'AWS::EKS::Cluster', model: { ClusterName: 'Name' } },
};

/**
 * Properties of the model without which a list is refused. Grants of Lake Formation are told of one resource at a time, which
 * nobody can name beforehand: AWS refuses to list them, and their checks are NOT EVALUATED.
 */
export function requiredOfList(type: string): readonly string[] {
  return type === 'AWS::LakeFormation::PrincipalPermissions'
    ? ['Resource']
    : Object.keys(listInside(type)?.model ?? {});
}

/** What a list of a type has to be told; `null` where everything is listed at once. */
export function listInside(type: string): ListInside | null {
  return Object.hasOwn(INSIDE, type) ? INSIDE[type]! : null;
}

/** The model that lists what is inside of a parent; `null` when the parent does not tell what it takes. */
export function modelOf({ model }: ListInside, parent: Properties): Properties | null {
  const entries = Object.entries(model).map(([name, of]) => [name, parent[of]] as const);
  return entries.every(([, value]) => typeof value === 'string') ? (Object.fromEntries(entries) as Properties) : null;
}
