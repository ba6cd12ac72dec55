/**
 * More properties that safeguard: what keeps data (protection from deletion, backups, versions), the least version of TLS,
 * and who may call an API. Checked against the pages of the types in the CloudFormation Template Reference Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
 */
import { key, logs, on, onByDefault, PUBLIC, ranked, TRANSIT } from './orders.js';
import type { Order, Row } from './orders.js';

const BACKUPS = 'retention of backups';
const undeletable = (path: string, order: Order = on): Row => ['guard', path, order, 'protection from deletion'];
const backups = (path: string, absent: number): Row => ['guard', path, { kind: 'more', absent }, BACKUPS];
const restorable = (path: string): Row => ['guard', path, on, 'recovery to a point in time'];
const tls = (path: string, absent: string): Row => ['encryption', path, { kind: 'tls', absent }, TRANSIT];
const definition: Row = ['public', 'Body', { kind: 'same' }, 'what the definition says of who may call the API'];
const sessionsOnly = (path: string): Row => [
  'public',
  path,
  ranked('optional', 'optional', 'required'),
  'the metadata service by sessions only',
];
const hops = (path: string): Row => [
  'public',
  path,
  { kind: 'less', absent: 1 },
  'how far answers of the metadata service go',
];

const WITHOUT_PROTECTION = ranked('INACTIVE', 'INACTIVE', 'ACTIVE');
const TLS_OF_APIS = ranked('TLS_1_0', 'TLS_1_0', 'TLS_1_2');
const TLS_OF_SEARCH = ranked('Policy-Min-TLS-1-0-2019-07', 'Policy-Min-TLS-1-0-2019-07', [
  'Policy-Min-TLS-1-2-2019-07',
  'Policy-Min-TLS-1-2-PFS-2023-10',
]);

/** Rows by resource type. */
export const KEEPING: Readonly<Record<string, readonly Row[]>> = {
  'AWS::ApiGateway::DomainName': [['encryption', 'SecurityPolicy', TLS_OF_APIS, TRANSIT]],
  'AWS::ApiGateway::Method': [['public', 'ApiKeyRequired', on, 'a key for callers']],
  'AWS::ApiGateway::RestApi': [
    ['public', 'EndpointConfiguration.Types.*', ranked('EDGE', ['EDGE', 'REGIONAL'], 'PRIVATE'), PUBLIC],
    ['public', 'DisableExecuteApiEndpoint', on, 'the own domain as the only way in'],
    definition,
  ],
  'AWS::ApiGatewayV2::Api': [
    ['public', 'DisableExecuteApiEndpoint', on, 'the own domain as the only way in'],
    definition,
  ],
  'AWS::ApiGatewayV2::DomainName': [['encryption', 'DomainNameConfigurations.*.SecurityPolicy', TLS_OF_APIS, TRANSIT]],
  'AWS::AutoScaling::LaunchConfiguration': [hops('MetadataOptions.HttpPutResponseHopLimit')],
  'AWS::Backup::BackupVault': [backups('LockConfiguration.MinRetentionDays', 0)],
  'AWS::CloudFront::Distribution': [
    [
      'encryption',
      'DistributionConfig.Origins.*.CustomOriginConfig.OriginProtocolPolicy',
      ranked('http-only', 'http-only', 'match-viewer', 'https-only'),
      TRANSIT,
    ],
  ],
  'AWS::Cognito::UserPool': [undeletable('DeletionProtection', WITHOUT_PROTECTION)],
  'AWS::DocDB::DBCluster': [undeletable('DeletionProtection'), backups('BackupRetentionPeriod', 1)],
  'AWS::DynamoDB::GlobalTable': [
    undeletable('Replicas.*.DeletionProtectionEnabled'),
    restorable('Replicas.*.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled'),
  ],
  'AWS::DynamoDB::Table': [
    undeletable('DeletionProtectionEnabled'),
    restorable('PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled'),
  ],
  'AWS::EC2::Instance': [
    sessionsOnly('MetadataOptions.HttpTokens'),
    hops('MetadataOptions.HttpPutResponseHopLimit'),
    undeletable('DisableApiTermination'),
  ],
  'AWS::EC2::LaunchTemplate': [
    hops('LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit'),
    undeletable('LaunchTemplateData.DisableApiTermination'),
  ],
  'AWS::EC2::SnapshotBlockPublicAccess': [
    ['public', 'State', ranked('unblocked', 'unblocked', 'block-new-sharing', 'block-all-sharing'), PUBLIC],
  ],
  'AWS::ECR::Repository': [key('EncryptionConfiguration.KmsKey')],
  'AWS::EFS::FileSystem': [['guard', 'BackupPolicy.Status', ranked('DISABLED', 'DISABLED', 'ENABLED'), 'backups']],
  'AWS::EKS::Cluster': [undeletable('DeletionProtection')],
  'AWS::ElastiCache::ReplicationGroup': [backups('SnapshotRetentionLimit', 0)],
  'AWS::ElasticLoadBalancingV2::Listener': [tls('SslPolicy', 'ELBSecurityPolicy-2016-08')],
  'AWS::Elasticsearch::Domain': [['encryption', 'DomainEndpointOptions.TLSSecurityPolicy', TLS_OF_SEARCH, TRANSIT]],
  'AWS::FSx::FileSystem': [backups('WindowsConfiguration.AutomaticBackupRetentionDays', 30)],
  'AWS::GuardDuty::Detector': [logs('DataSources.S3Logs.Enable', onByDefault)],
  'AWS::KMS::Key': [
    ['guard', 'PendingWindowInDays', { kind: 'more', absent: 30 }, 'the time before the key is deleted'],
    ['guard', 'Enabled', onByDefault, 'the use of the key'],
  ],
  'AWS::KinesisFirehose::DeliveryStream': [key('DeliveryStreamEncryptionConfigurationInput.KeyARN')],
  'AWS::Kinesis::Stream': [key('StreamEncryption.KeyId')],
  'AWS::Logs::LogGroup': [undeletable('DeletionProtectionEnabled')],
  'AWS::MSK::Cluster': [logs('LoggingInfo.BrokerLogs.CloudWatchLogs.Enabled', on)],
  'AWS::MemoryDB::Cluster': [
    ['encryption', 'TLSEnabled', onByDefault, TRANSIT],
    key('KmsKeyId'),
    backups('SnapshotRetentionLimit', 0),
  ],
  'AWS::Neptune::DBCluster': [undeletable('DeletionProtection'), backups('BackupRetentionPeriod', 1)],
  'AWS::NetworkFirewall::Firewall': [undeletable('DeleteProtection'), undeletable('SubnetChangeProtection')],
  'AWS::OpenSearchService::Domain': [
    ['encryption', 'DomainEndpointOptions.TLSSecurityPolicy', TLS_OF_SEARCH, TRANSIT],
    key('EncryptionAtRestOptions.KmsKeyId'),
    logs('LogPublishingOptions'),
  ],
  'AWS::QLDB::Ledger': [undeletable('DeletionProtection', onByDefault)],
  'AWS::RDS::DBCluster': [undeletable('DeletionProtection'), backups('BackupRetentionPeriod', 1)],
  'AWS::RDS::DBInstance': [
    undeletable('DeletionProtection'),
    backups('BackupRetentionPeriod', 1),
    ['guard', 'DeleteAutomatedBackups', { kind: 'flag', good: false, absent: true }, 'backups of what is deleted'],
  ],
  'AWS::RDS::GlobalCluster': [undeletable('DeletionProtection')],
  'AWS::Redshift::Cluster': [backups('AutomatedSnapshotRetentionPeriod', 1)],
  'AWS::Route53::HostedZone': [logs('QueryLoggingConfig')],
  'AWS::S3::Bucket': [
    ['guard', 'VersioningConfiguration.Status', ranked('Suspended', 'Suspended', 'Enabled'), 'versions of objects'],
    ['guard', 'ObjectLockEnabled', on, 'the lock of objects'],
    [
      'guard',
      'ObjectLockConfiguration.Rule.DefaultRetention.Mode',
      ranked('none', 'none', 'GOVERNANCE', 'COMPLIANCE'),
      'the lock of objects',
    ],
    [
      'guard',
      'ObjectLockConfiguration.Rule.DefaultRetention.Days',
      { kind: 'more', absent: 0 },
      'how long objects are locked',
    ],
  ],
  'AWS::SES::ConfigurationSet': [
    ['encryption', 'DeliveryOptions.TlsPolicy', ranked('OPTIONAL', 'OPTIONAL', 'REQUIRE'), TRANSIT],
  ],
  'AWS::StepFunctions::StateMachine': [key('EncryptionConfiguration.KmsKeyId')],
};
