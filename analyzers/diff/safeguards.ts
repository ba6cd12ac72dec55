/**
 * Which properties encrypt, log or keep resources from the public, by resource type, with the values that are better and
 * what holds where the property is left out. Checked against the pages of the types in the CloudFormation Template Reference
 * Guide (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
 */
import {
  atRest,
  blocked,
  inTransit,
  KEY,
  key,
  logs,
  off,
  on,
  onByDefault,
  present,
  PUBLIC,
  publicWhenTrue,
  ranked,
  REST,
  TRANSIT,
} from './orders.js';
import type { Row, Safeguard } from './orders.js';
import { EXPOSING } from './exposing.js';
import { KEEPING } from './keeping.js';
import { REACHING } from './reaching.js';
import { WATCHING } from './watching.js';

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  'AWS::ApiGateway::Stage': [
    logs('AccessLogSetting.DestinationArn'),
    logs('TracingEnabled', on),
    atRest('MethodSettings.*.CacheDataEncrypted'),
    logs('MethodSettings.*.LoggingLevel', ranked('OFF', 'OFF', 'ERROR', 'INFO')),
  ],
  'AWS::ApiGateway::Method': [
    [
      'public',
      'AuthorizationType',
      ranked('NONE', 'NONE', ['AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS']),
      'authorization of callers',
    ],
  ],
  'AWS::ApiGatewayV2::Route': [
    ['public', 'AuthorizationType', ranked('NONE', 'NONE', ['AWS_IAM', 'CUSTOM', 'JWT']), 'authorization of callers'],
  ],
  'AWS::ApiGatewayV2::Stage': [logs('AccessLogSettings.DestinationArn')],
  'AWS::AppSync::GraphQLApi': [
    logs('LogConfig.CloudWatchLogsRoleArn'),
    [
      'public',
      'AuthenticationType',
      ranked('API_KEY', 'API_KEY', ['AWS_IAM', 'AMAZON_COGNITO_USER_POOLS', 'OPENID_CONNECT', 'AWS_LAMBDA']),
      'authorization of callers',
    ],
  ],
  'AWS::Athena::WorkGroup': [
    [
      'encryption',
      'WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.EncryptionOption',
      ranked('SSE_S3', 'SSE_S3', ['SSE_KMS', 'CSE_KMS']),
      KEY,
    ],
    [
      'encryption',
      'WorkGroupConfiguration.EnforceWorkGroupConfiguration',
      onByDefault,
      'the settings of the work group for its clients',
    ],
  ],
  'AWS::AutoScaling::LaunchConfiguration': [
    publicWhenTrue('AssociatePublicIpAddress'),
    atRest('BlockDeviceMappings.*.Ebs.Encrypted'),
    [
      'public',
      'MetadataOptions.HttpTokens',
      ranked('optional', 'optional', 'required'),
      'the metadata service by sessions only',
    ],
  ],
  'AWS::Backup::BackupVault': [key('EncryptionKeyArn')],
  'AWS::CloudFront::Distribution': [
    logs('DistributionConfig.Logging.Bucket'),
    [
      'encryption',
      'DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy',
      ranked('allow-all', 'allow-all', ['redirect-to-https', 'https-only']),
      TRANSIT,
    ],
    [
      'encryption',
      'DistributionConfig.CacheBehaviors.*.ViewerProtocolPolicy',
      ranked('allow-all', 'allow-all', ['redirect-to-https', 'https-only']),
      TRANSIT,
    ],
    [
      'encryption',
      'DistributionConfig.ViewerCertificate.MinimumProtocolVersion',
      ranked(
        'TLSv1',
        'SSLv3',
        'TLSv1',
        'TLSv1_2016',
        'TLSv1.1_2016',
        'TLSv1.2_2018',
        'TLSv1.2_2019',
        'TLSv1.2_2021',
        'TLSv1.2_2025',
        'TLSv1.3_2025',
      ),
      TRANSIT,
    ],
    ['public', 'DistributionConfig.WebACLId', present, 'the web application firewall'],
  ],
  'AWS::CodeBuild::Project': [
    key('EncryptionKey'),
    logs('LogsConfig.CloudWatchLogs.Status', ranked('ENABLED', 'DISABLED', 'ENABLED')),
    ['encryption', 'Artifacts.EncryptionDisabled', off, 'encryption of artifacts'],
    ['public', 'Environment.PrivilegedMode', off, 'builds without privileges'],
  ],
  'AWS::CodePipeline::Pipeline': [key('ArtifactStore.EncryptionKey.Id')],
  'AWS::Cognito::UserPool': [
    ['public', 'MfaConfiguration', ranked('OFF', 'OFF', 'OPTIONAL', 'ON'), 'a second factor at sign-in'],
    ['public', 'AdminCreateUserConfig.AllowAdminCreateUserOnly', on, 'sign-up by administrators only'],
  ],
  'AWS::Cognito::IdentityPool': [
    ['public', 'AllowUnauthenticatedIdentities', off, 'identities of signed-in users only'],
  ],
  'AWS::DAX::Cluster': [
    atRest('SSESpecification.SSEEnabled'),
    ['encryption', 'ClusterEndpointEncryptionType', ranked('NONE', 'NONE', 'TLS'), TRANSIT],
  ],
  'AWS::DMS::ReplicationInstance': [
    ['public', 'PubliclyAccessible', { kind: 'flag', good: false, absent: true }, PUBLIC],
    key('KmsKeyId'),
  ],
  'AWS::DMS::Endpoint': [
    ['encryption', 'SslMode', ranked('none', 'none', 'require', 'verify-ca', 'verify-full'), TRANSIT],
    key('KmsKeyId'),
  ],
  'AWS::DocDB::DBCluster': [atRest('StorageEncrypted'), key('KmsKeyId'), logs('EnableCloudwatchLogsExports')],
  'AWS::DynamoDB::Table': [
    atRest('SSESpecification.SSEEnabled'),
    key('SSESpecification.KMSMasterKeyId'),
    ['encryption', 'SSESpecification.SSEType', ranked('AES256', 'AES256', 'KMS'), KEY],
  ],
  'AWS::DynamoDB::GlobalTable': [atRest('SSESpecification.SSEEnabled')],
  'AWS::EC2::ClientVpnEndpoint': [logs('ConnectionLogOptions.Enabled', on)],
  'AWS::EC2::Instance': [
    publicWhenTrue('NetworkInterfaces.*.AssociatePublicIpAddress'),
    atRest('BlockDeviceMappings.*.Ebs.Encrypted'),
  ],
  'AWS::EC2::LaunchTemplate': [
    publicWhenTrue('LaunchTemplateData.NetworkInterfaces.*.AssociatePublicIpAddress'),
    atRest('LaunchTemplateData.BlockDeviceMappings.*.Ebs.Encrypted'),
    [
      'public',
      'LaunchTemplateData.MetadataOptions.HttpTokens',
      ranked('optional', 'optional', 'required'),
      'the metadata service by sessions only',
    ],
  ],
  'AWS::EC2::Subnet': [publicWhenTrue('MapPublicIpOnLaunch'), publicWhenTrue('AssignIpv6AddressOnCreation')],
  'AWS::EC2::Volume': [atRest('Encrypted'), key('KmsKeyId')],
  'AWS::EC2::VPCBlockPublicAccessOptions': [
    [
      'public',
      'InternetGatewayBlockMode',
      ranked('off', 'off', 'block-ingress', 'block-bidirectional'),
      'the block of the internet for VPCs',
    ],
  ],
  'AWS::ECR::Repository': [
    ['encryption', 'EncryptionConfiguration.EncryptionType', ranked('AES256', 'AES256', 'KMS', 'KMS_DSSE'), KEY],
    ['logging', 'ImageScanningConfiguration.ScanOnPush', on, 'scans of images'],
    [
      'logging',
      'ImageTagMutability',
      ranked('MUTABLE', ['MUTABLE', 'MUTABLE_WITH_EXCLUSION'], ['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION']),
      'tags of images that stay',
    ],
  ],
  'AWS::ECS::Service': [
    [
      'public',
      'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp',
      ranked('DISABLED', 'ENABLED', 'DISABLED'),
      PUBLIC,
    ],
    ['public', 'EnableExecuteCommand', off, 'containers without commands from outside'],
  ],
  'AWS::ECS::TaskDefinition': [
    [
      'encryption',
      'Volumes.*.EFSVolumeConfiguration.TransitEncryption',
      ranked('DISABLED', 'DISABLED', 'ENABLED'),
      TRANSIT,
    ],
    ['public', 'ContainerDefinitions.*.Privileged', off, 'containers without privileges'],
    logs('ContainerDefinitions.*.LogConfiguration.LogDriver'),
  ],
  'AWS::EFS::FileSystem': [atRest('Encrypted'), key('KmsKeyId')],
  'AWS::EKS::Cluster': [
    ['public', 'ResourcesVpcConfig.EndpointPublicAccess', { kind: 'flag', good: false, absent: true }, PUBLIC],
    key('EncryptionConfig.*.Provider.KeyArn'),
    logs('Logging.ClusterLogging.EnabledTypes'),
  ],
  'AWS::ElastiCache::ReplicationGroup': [
    atRest('AtRestEncryptionEnabled'),
    inTransit('TransitEncryptionEnabled'),
    key('KmsKeyId'),
    ['public', 'AuthToken', present, 'a password for clients'],
  ],
  'AWS::ElasticLoadBalancing::LoadBalancer': [
    logs('AccessLoggingPolicy.Enabled', on),
    ['public', 'Scheme', ranked('internet-facing', 'internet-facing', 'internal'), PUBLIC],
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    ['public', 'Scheme', ranked('internet-facing', 'internet-facing', 'internal'), PUBLIC],
  ],
  'AWS::ElasticLoadBalancingV2::Listener': [
    ['encryption', 'Protocol', ranked('HTTP', ['HTTP', 'TCP', 'UDP', 'TCP_UDP'], ['HTTPS', 'TLS']), TRANSIT],
  ],
  'AWS::Elasticsearch::Domain': [
    atRest('EncryptionAtRestOptions.Enabled'),
    inTransit('NodeToNodeEncryptionOptions.Enabled'),
    inTransit('DomainEndpointOptions.EnforceHTTPS'),
    ['public', 'VPCOptions', present, 'a place in a VPC'],
  ],
  'AWS::OpenSearchService::Domain': [
    atRest('EncryptionAtRestOptions.Enabled'),
    inTransit('NodeToNodeEncryptionOptions.Enabled'),
    inTransit('DomainEndpointOptions.EnforceHTTPS'),
    ['public', 'AdvancedSecurityOptions.Enabled', on, 'fine-grained access control'],
    ['public', 'VPCOptions', present, 'a place in a VPC'],
  ],
  'AWS::FSx::FileSystem': [key('KmsKeyId')],
  'AWS::Kinesis::Stream': [
    ['encryption', 'StreamEncryption.EncryptionType', ranked('NONE', 'NONE', 'KMS'), REST],
    logs('RetentionPeriodHours', { kind: 'more', absent: 24 }),
  ],
  'AWS::KinesisFirehose::DeliveryStream': [
    [
      'encryption',
      'DeliveryStreamEncryptionConfigurationInput.KeyType',
      ranked('none', 'none', 'AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK'),
      KEY,
    ],
    logs('ExtendedS3DestinationConfiguration.CloudWatchLoggingOptions.Enabled', on),
  ],
  'AWS::KMS::Key': [['encryption', 'EnableKeyRotation', on, 'rotation of the key']],
  'AWS::Lambda::Function': [
    key('KmsKeyArn'),
    ['public', 'VpcConfig.SubnetIds', present, 'a place in a VPC'],
    ['public', 'CodeSigningConfigArn', present, 'signed code only'],
  ],
  'AWS::Lambda::Url': [
    ['public', 'AuthType', ranked('NONE', 'NONE', 'AWS_IAM'), 'authorization of callers'],
    ['public', 'Cors.AllowCredentials', off, 'requests of other sites without credentials'],
  ],
  'AWS::Logs::LogGroup': [
    // A group without the property keeps its logs for ever.
    logs('RetentionInDays', { kind: 'more', absent: Number.MAX_SAFE_INTEGER }),
    key('KmsKeyId'),
  ],
  'AWS::MSK::Cluster': [
    [
      'encryption',
      'EncryptionInfo.EncryptionInTransit.ClientBroker',
      ranked('TLS', 'PLAINTEXT', 'TLS_PLAINTEXT', 'TLS'),
      TRANSIT,
    ],
    ['encryption', 'EncryptionInfo.EncryptionInTransit.InCluster', onByDefault, TRANSIT],
    [
      'public',
      'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type',
      ranked('DISABLED', 'SERVICE_PROVIDED_EIPS', 'DISABLED'),
      PUBLIC,
    ],
    ['public', 'ClientAuthentication.Unauthenticated.Enabled', off, 'authorization of clients'],
  ],
  'AWS::AmazonMQ::Broker': [publicWhenTrue('PubliclyAccessible'), logs('Logs.Audit', on), logs('Logs.General', on)],
  'AWS::Neptune::DBCluster': [
    atRest('StorageEncrypted'),
    key('KmsKeyId'),
    ['public', 'IamAuthEnabled', on, 'authorization by IAM'],
  ],
  'AWS::RDS::DBCluster': [
    atRest('StorageEncrypted'),
    key('KmsKeyId'),
    publicWhenTrue('PubliclyAccessible'),
    logs('EnableCloudwatchLogsExports'),
    ['public', 'EnableIAMDatabaseAuthentication', on, 'authorization by IAM'],
  ],
  'AWS::RDS::DBInstance': [
    atRest('StorageEncrypted'),
    key('KmsKeyId'),
    publicWhenTrue('PubliclyAccessible'),
    logs('EnableCloudwatchLogsExports'),
    ['public', 'EnableIAMDatabaseAuthentication', on, 'authorization by IAM'],
  ],
  'AWS::RDS::DBProxy': [inTransit('RequireTLS')],
  'AWS::Redshift::Cluster': [
    atRest('Encrypted'),
    key('KmsKeyId'),
    publicWhenTrue('PubliclyAccessible'),
    logs('LoggingProperties.BucketName'),
    ['public', 'EnhancedVpcRouting', on, 'traffic inside of the VPC'],
  ],
  'AWS::RedshiftServerless::Workgroup': [
    publicWhenTrue('PubliclyAccessible'),
    ['public', 'EnhancedVpcRouting', on, 'traffic inside of the VPC'],
  ],
  'AWS::S3::AccessPoint': [
    blocked('PublicAccessBlockConfiguration.BlockPublicAcls'),
    blocked('PublicAccessBlockConfiguration.BlockPublicPolicy'),
    ['public', 'VpcConfiguration.VpcId', present, 'access from a VPC only'],
  ],
  'AWS::S3::Bucket': [
    // New buckets block public access unless a template says otherwise.
    ...['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].map((name): Row => [
      'public',
      `PublicAccessBlockConfiguration.${name}`,
      { kind: 'flag', good: true, absent: true, within: false },
      'the block of public access',
    ]),
    [
      'public',
      'AccessControl',
      ranked('Private', 'PublicReadWrite', 'PublicRead', 'AuthenticatedRead', [
        'Private',
        'BucketOwnerRead',
        'BucketOwnerFullControl',
        'LogDeliveryWrite',
        'AwsExecRead',
      ]),
      PUBLIC,
    ],
    [
      'encryption',
      'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.SSEAlgorithm',
      ranked('AES256', 'AES256', 'aws:kms', 'aws:kms:dsse'),
      KEY,
    ],
    key('BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID'),
    logs('LoggingConfiguration'),
  ],
  'AWS::SageMaker::NotebookInstance': [
    ['public', 'DirectInternetAccess', ranked('Enabled', 'Enabled', 'Disabled'), PUBLIC],
    ['public', 'RootAccess', ranked('Enabled', 'Enabled', 'Disabled'), 'notebooks without root'],
    key('KmsKeyId'),
  ],
  'AWS::SageMaker::Domain': [
    ['public', 'AppNetworkAccessType', ranked('PublicInternetOnly', 'PublicInternetOnly', 'VpcOnly'), PUBLIC],
    key('KmsKeyId'),
  ],
  'AWS::SecretsManager::Secret': [key('KmsKeyId')],
  'AWS::SNS::Topic': [key('KmsMasterKeyId', 'none'), logs('TracingConfig')],
  'AWS::SQS::Queue': [key('KmsMasterKeyId'), ['encryption', 'SqsManagedSseEnabled', onByDefault, REST]],
  'AWS::StepFunctions::StateMachine': [
    logs('LoggingConfiguration.Level', ranked('OFF', 'OFF', 'FATAL', 'ERROR', 'ALL')),
    logs('TracingConfiguration.Enabled', on),
  ],
  'AWS::Timestream::Database': [key('KmsKeyId')],
  'AWS::Transfer::Server': [
    ['public', 'EndpointType', ranked('PUBLIC', 'PUBLIC', ['VPC', 'VPC_ENDPOINT']), PUBLIC],
    logs('LoggingRole'),
  ],
  'AWS::WorkSpaces::Workspace': [atRest('RootVolumeEncryptionEnabled'), atRest('UserVolumeEncryptionEnabled')],
};

const TABLES = [ROWS, KEEPING, EXPOSING, WATCHING, REACHING];

/** Safeguards by resource type. */
export const SAFEGUARDS: ReadonlyMap<string, readonly Safeguard[]> = new Map(
  [...new Set(TABLES.flatMap((table) => Object.keys(table)))].map((type) => [
    type,
    TABLES.flatMap((table) => table[type] ?? []).map(([kind, path, order, what]) => ({
      ...{ kind, order, what },
      path: path.split('.'),
    })),
  ]),
);
