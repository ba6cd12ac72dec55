/**
 * More properties that safeguard: who signs in, what containers and builds may do beside their role, where data is sent, and
 * what is recorded. Checked against the pages of the types in the CloudFormation Template Reference Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
 */
import {
  fewer,
  logs,
  more,
  off,
  on,
  onByDefault,
  present,
  PUBLIC,
  ranked,
  REST,
  same,
  sameOrMore,
  without,
} from './orders.js';
import type { Row } from './orders.js';

const AUTHORIZATION = 'authorization of callers';
const guard = (path: string, order: Row[2], what: string): Row => ['guard', path, order, what];
const open = (path: string, order: Row[2], what: string): Row => ['public', path, order, what];
const CONTAINERS = 'the walls of containers';
const PIPELINE = 'what a pipeline asks before it deploys';
const COPIED = 'where data is sent';
const SIGN_IN = 'who may sign in';

const HOOK: readonly Row[] = [
  guard('HookStatus', ranked('DISABLED', 'DISABLED', 'ENABLED'), 'a hook that checks deployments'),
  guard('FailureMode', ranked('WARN', 'WARN', 'FAIL'), 'a hook that stops deployments'),
  guard('TargetOperations', more, 'what a hook checks'),
  guard('TargetFilters', same, 'what a hook checks'),
  guard('StackFilters', same, 'what a hook checks'),
  guard('ExecutionRole', same, 'the role of a hook'),
];

/** Rows by resource type. */
export const REACHING: Readonly<Record<string, readonly Row[]>> = {
  'AWS::ApiGateway::DomainName': [open('MutualTlsAuthentication.TruststoreUri', present, 'certificates of clients')],
  'AWS::ApiGatewayV2::DomainName': [open('MutualTlsAuthentication.TruststoreUri', present, 'certificates of clients')],
  'AWS::ApiGateway::Stage': [
    guard('MethodSettings.*.DataTraceEnabled', off, 'logs without the data of requests'),
    guard('ClientCertificateId', present, 'the certificate by which backends know the API'),
  ],
  'AWS::AppSync::GraphQLApi': [
    open('AdditionalAuthenticationProviders', same, AUTHORIZATION),
    open('Visibility', ranked('GLOBAL', 'GLOBAL', 'PRIVATE'), PUBLIC),
    open('UserPoolConfig.DefaultAction', ranked('ALLOW', 'ALLOW', 'DENY'), AUTHORIZATION),
    guard('IntrospectionConfig', ranked('ENABLED', 'ENABLED', 'DISABLED'), 'silence on what the API holds'),
  ],
  'AWS::Backup::BackupPlan': [
    guard('BackupPlan.BackupPlanRule.*.RuleName', more, 'what is backed up'),
    guard('BackupPlan.BackupPlanRule.*.ScheduleExpression', sameOrMore, 'when it is backed up'),
    guard('BackupPlan.BackupPlanRule.*.TargetBackupVault', sameOrMore, 'where backups are'),
    guard('BackupPlan.BackupPlanRule.*.CopyActions', same, 'where backups are'),
  ],
  'AWS::CloudFront::Distribution': [
    guard('DistributionConfig.Origins.*.S3OriginConfig.OriginAccessIdentity', present, 'signed requests to origins'),
    guard('DistributionConfig.Origins.*.DomainName', same, COPIED),
    open('DistributionConfig.DefaultCacheBehavior.TrustedSigners', present, 'signed URLs only'),
    open('DistributionConfig.DefaultCacheBehavior.FunctionAssociations', same, 'what looks at requests'),
    open('DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations', same, 'what looks at requests'),
    open('DistributionConfig.CacheBehaviors.*.PathPattern', same, 'which paths ask for what'),
    open('DistributionConfig.Restrictions', same, 'from which countries one may call'),
  ],
  'AWS::CloudFormation::GuardHook': [
    ...HOOK,
    guard('RuleLocation', same, 'what a hook checks'),
    guard('Options', same, 'what a hook checks'),
  ],
  'AWS::CloudFormation::LambdaHook': [...HOOK, guard('LambdaFunction', same, 'what a hook checks')],
  'AWS::CloudFormation::HookTypeConfig': [guard('Configuration', same, 'what a hook checks')],
  'AWS::CloudFront::KeyGroup': [open('KeyGroupConfig.Items', fewer(), 'who may sign URLs')],
  'AWS::CloudTrail::Trail': [
    logs('EventSelectors.*.ExcludeManagementEventSources', fewer()),
    logs('EventSelectors.*.DataResources', same),
    logs('InsightSelectors', same),
    logs('SnsTopicName', present),
    logs('S3KeyPrefix', same),
  ],
  'AWS::CodeBuild::Project': [
    open('Visibility', ranked('PRIVATE', 'PUBLIC_READ', 'PRIVATE'), PUBLIC),
    open('Triggers', same, 'what starts a build'),
    open('VpcConfig.VpcId', present, 'a place in a VPC'),
    ['encryption', 'Source.InsecureSsl', off, 'encryption in transit'],
  ],
  'AWS::CodePipeline::Pipeline': [
    guard('Stages', same, PIPELINE),
    open('RoleArn', same, 'which role the pipeline has'),
  ],
  'AWS::Cognito::IdentityPool': [
    open('CognitoIdentityProviders', same, SIGN_IN),
    open('SupportedLoginProviders', same, SIGN_IN),
    open('OpenIdConnectProviderARNs', fewer(), SIGN_IN),
    open('SamlProviderARNs', fewer(), SIGN_IN),
  ],
  'AWS::Config::ConfigRule': [
    guard('InputParameters', same, 'what the rule on configurations asks'),
    guard('Source', same, 'what the rule on configurations asks'),
    guard('Scope', same, 'what the rule on configurations is about'),
  ],
  'AWS::Config::ConfigurationRecorder': [
    logs('RecordingGroup.ResourceTypes', more),
    logs('RecordingGroup.ExclusionByResourceTypes.ResourceTypes', fewer()),
    logs('RecordingGroup.RecordingStrategy', same),
  ],
  'AWS::EC2::Instance': [open('KeyName', same, 'who may sign in by a key')],
  'AWS::EC2::LaunchTemplate': [
    open('LaunchTemplateData.KeyName', same, 'who may sign in by a key'),
    open('LaunchTemplateData.IamInstanceProfile', same, 'which role the code has'),
  ],
  'AWS::AutoScaling::LaunchConfiguration': [
    open('KeyName', same, 'who may sign in by a key'),
    open('IamInstanceProfile', same, 'which role the code has'),
  ],
  'AWS::EC2::TransitGateway': [
    open('DefaultRouteTableAssociation', ranked('enable', 'enable', 'disable'), 'routes that somebody writes'),
    open('DefaultRouteTablePropagation', ranked('enable', 'enable', 'disable'), 'routes that somebody writes'),
  ],
  'AWS::EC2::VPCEndpoint': [guard('PrivateDnsEnabled', on, 'traffic inside of the VPC')],
  'AWS::ECS::TaskDefinition': [
    open('ContainerDefinitions.*.ReadonlyRootFilesystem', on, CONTAINERS),
    open('ContainerDefinitions.*.User', same, CONTAINERS),
    open('ContainerDefinitions.*.LinuxParameters', same, CONTAINERS),
    open('NetworkMode', ranked('bridge', 'host', ['bridge', 'awsvpc', 'none', 'default']), CONTAINERS),
    open('PidMode', ranked('task', 'host', 'task'), CONTAINERS),
    open('IpcMode', ranked('none', 'host', ['task', 'none']), CONTAINERS),
    open('ExecutionRoleArn', same, 'which role starts the containers'),
    open('Volumes.*.Host', same, CONTAINERS),
  ],
  'AWS::EKS::Cluster': [
    open('ResourcesVpcConfig.EndpointPrivateAccess', on, 'traffic inside of the VPC'),
    open(
      'AccessConfig.AuthenticationMode',
      ranked('CONFIG_MAP', 'CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'),
      'access by entries alone',
    ),
    open(
      'AccessConfig.BootstrapClusterCreatorAdminPermissions',
      { kind: 'flag', good: false, absent: true },
      'no rights for whoever makes the cluster',
    ),
  ],
  'AWS::Events::Rule': [guard('Targets.*.RoleArn', same, 'which role calls the target')],
  'AWS::GuardDuty::Detector': [logs('Features.*.Name', more)],
  'AWS::IAM::InstanceProfile': [open('Roles', same, 'which role the code has')],
  'AWS::IAM::User': [open('LoginProfile', without, 'a user without a password')],
  'AWS::KMS::Key': [
    ['encryption', 'RotationPeriodInDays', { kind: 'less', absent: 365 }, 'rotation of the key'],
    guard('BypassPolicyLockoutSafetyCheck', off, 'the check that somebody keeps the key'),
  ],
  'AWS::LakeFormation::DataLakeSettings': [
    open('Admins', same, 'who may grant data'),
    open('CreateDatabaseDefaultPermissions', same, 'who gets new data'),
    open('CreateTableDefaultPermissions', same, 'who gets new data'),
  ],
  'AWS::Lambda::EventInvokeConfig': [guard('DestinationConfig', same, COPIED)],
  'AWS::Logs::LogGroup': [guard('DataProtectionPolicy', same, 'the masks of sensitive data')],
  'AWS::Logs::SubscriptionFilter': [guard('DestinationArn', same, COPIED), guard('FilterPattern', same, COPIED)],
  'AWS::NetworkFirewall::FirewallPolicy': [guard('FirewallPolicy', same, 'the rules of the firewall')],
  'AWS::NetworkFirewall::RuleGroup': [guard('RuleGroup', same, 'the rules of the firewall')],
  'AWS::OpenSearchService::Domain': [open('AdvancedSecurityOptions.AnonymousAuthEnabled', off, AUTHORIZATION)],
  'AWS::RDS::DBInstance': [
    guard('ManageMasterUserPassword', on, 'a password that nobody knows'),
    guard('DBSnapshotIdentifier', same, 'where the data comes from'),
  ],
  'AWS::RDS::DBCluster': [guard('ManageMasterUserPassword', on, 'a password that nobody knows')],
  'AWS::RolesAnywhere::Profile': [
    open('RoleArns', fewer(), 'which roles certificates get'),
    open('ManagedPolicyArns', same, 'what sessions may do'),
    guard('DurationSeconds', { kind: 'less', absent: 3600 }, 'how long sessions last'),
    open('AcceptRoleSessionName', off, 'names of sessions that nobody chooses'),
  ],
  'AWS::Route53Resolver::FirewallRuleGroup': [guard('FirewallRules', same, 'the firewall of names')],
  'AWS::S3::Bucket': [
    guard(
      'ObjectLockConfiguration.Rule.DefaultRetention.Years',
      { kind: 'more', absent: 0 },
      'how long objects are locked',
    ),
    guard('InventoryConfigurations', same, COPIED),
    guard('AnalyticsConfigurations', same, COPIED),
  ],
  'AWS::S3::MultiRegionAccessPoint': [
    'BlockPublicAcls',
    'BlockPublicPolicy',
    'IgnorePublicAcls',
    'RestrictPublicBuckets',
  ].map((name): Row => open(`PublicAccessBlockConfiguration.${name}`, onByDefault, 'the block of public access')),
  'AWS::SES::EmailIdentity': [guard('DkimAttributes.SigningEnabled', onByDefault, 'signed mails')],
  'AWS::SSM::Parameter': [['encryption', 'Type', ranked('String', ['String', 'StringList'], 'SecureString'), REST]],
  'AWS::SSO::Application': [open('Status', ranked('ENABLED', 'ENABLED', 'DISABLED'), SIGN_IN)],
  'AWS::VpcLattice::Service': [open('AuthType', ranked('NONE', 'NONE', 'AWS_IAM'), AUTHORIZATION)],
  'AWS::VpcLattice::ServiceNetwork': [open('AuthType', ranked('NONE', 'NONE', 'AWS_IAM'), AUTHORIZATION)],
  'AWS::WAFv2::IPSet': [guard('Addresses', same, 'whom the firewall knows')],
  'AWS::WAFv2::RuleGroup': [guard('Rules', same, 'the rules of the firewall')],
  'AWS::Serverless::Api': [open('Auth.DefaultAuthorizer', present, AUTHORIZATION)],
  'AWS::Serverless::HttpApi': [open('Auth.DefaultAuthorizer', present, AUTHORIZATION)],
  'Custom::AWS': [guard('Create', same, 'what a call does'), guard('Update', same, 'what a call does')],
};
