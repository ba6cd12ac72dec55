/**
 * More properties that safeguard: who is let in by lists, keys and endpoints, what firewalls and detectors look at, how
 * often secrets change. Checked against the pages of the types in the CloudFormation Template Reference Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
 */
import { exact, fewer, logs, more, off, on, onByDefault, present, PUBLIC, ranked, same, without } from './orders.js';
import type { Row } from './orders.js';

const origins = (path: string): Row => ['public', path, exact, 'the list of sites whose pages may call'];
const sharing = (path: string, ...absent: readonly string[]): Row => [
  'public',
  path,
  fewer(...absent),
  'the list of those who are let in',
];
const signed = (path: string): Row => ['public', path, present, 'signed URLs only'];
const ENABLED = ranked('ENABLED', 'DISABLED', 'ENABLED');
/** Another role may have other rights; those of a role itself are compared by proof. */
const role = (path: string): Row => ['public', path, same, 'which role the code has'];
const FORWARDED: Row = [
  'public',
  'SourceDestCheck',
  { kind: 'flag', good: true, absent: true },
  'the check that traffic is for the machine itself',
];

/** Rows by resource type. */
export const EXPOSING: Readonly<Record<string, readonly Row[]>> = {
  'AWS::ApiGatewayV2::Api': [origins('CorsConfiguration.AllowOrigins.*')],
  'AWS::Backup::BackupVault': [
    ['guard', 'LockConfiguration.ChangeableForDays', present, 'the lock of the vault that nobody can take away'],
  ],
  'AWS::CloudFront::Distribution': [
    signed('DistributionConfig.DefaultCacheBehavior.TrustedKeyGroups'),
    signed('DistributionConfig.CacheBehaviors.*.TrustedKeyGroups'),
  ],
  'AWS::CloudTrail::Trail': [
    logs('S3BucketName', same),
    logs('EventSelectors.*.ReadWriteType', ranked('All', ['ReadOnly', 'WriteOnly'], 'All')),
    logs('EventSelectors.*.IncludeManagementEvents', onByDefault),
    logs('AdvancedEventSelectors', same),
  ],
  'AWS::Cognito::UserPool': [
    ['public', 'Policies.PasswordPolicy.MinimumLength', { kind: 'more', absent: 8 }, 'the least length of passwords'],
    [
      'public',
      'UserPoolAddOns.AdvancedSecurityMode',
      ranked('OFF', 'OFF', 'AUDIT', 'ENFORCED'),
      'protection from stolen passwords',
    ],
  ],
  'AWS::Config::ConfigurationRecorder': [
    logs('RecordingMode.RecordingFrequency', ranked('CONTINUOUS', 'DAILY', 'CONTINUOUS')),
  ],
  'AWS::CodeBuild::Project': [role('ServiceRole')],
  'AWS::EC2::Instance': [FORWARDED, role('IamInstanceProfile')],
  'AWS::ECS::TaskDefinition': [role('TaskRoleArn')],
  'AWS::Lambda::Function': [role('Role')],
  'AWS::EC2::NetworkInterface': [FORWARDED],
  'AWS::EC2::TransitGateway': [
    [
      'public',
      'AutoAcceptSharedAttachments',
      ranked('disable', 'enable', 'disable'),
      'the acceptance of each attachment',
    ],
  ],
  'AWS::EC2::VPCEndpointService': [['public', 'AcceptanceRequired', onByDefault, 'the acceptance of each connection']],
  'AWS::EC2::VPCEndpointServicePermissions': [sharing('AllowedPrincipals')],
  'AWS::EKS::Cluster': [sharing('ResourcesVpcConfig.PublicAccessCidrs', '0.0.0.0/0')],
  'AWS::GuardDuty::Detector': [
    logs('Features.*.Status', ENABLED),
    logs('FindingPublishingFrequency', ranked('SIX_HOURS', 'SIX_HOURS', 'ONE_HOUR', 'FIFTEEN_MINUTES')),
  ],
  'AWS::IAM::OIDCProvider': [sharing('ClientIdList')],
  'AWS::Lambda::Url': [origins('Cors.AllowOrigins.*')],
  'AWS::Macie::Session': [logs('Status', ENABLED)],
  'AWS::Organizations::Policy': [['guard', 'TargetIds', more, 'where the policy of the organization is in force']],
  'AWS::RAM::ResourceShare': [
    [
      'public',
      'AllowExternalPrincipals',
      { kind: 'flag', good: false, absent: true },
      'shares with the own organization only',
    ],
    sharing('Principals'),
  ],
  'AWS::S3::Bucket': [
    [
      'public',
      'OwnershipControls.Rules.*.ObjectOwnership',
      ranked('BucketOwnerEnforced', 'ObjectWriter', 'BucketOwnerPreferred', 'BucketOwnerEnforced'),
      'objects without lists of access of their own',
    ],
    ['public', 'WebsiteConfiguration', without, PUBLIC],
    ['public', 'ReplicationConfiguration', same, 'what is copied to other buckets'],
    origins('CorsConfiguration.CorsRules.*.AllowedOrigins.*'),
  ],
  'AWS::SecretsManager::ResourcePolicy': [['public', 'BlockPublicPolicy', on, 'the block of public policies']],
  'AWS::SecretsManager::RotationSchedule': [
    [
      'guard',
      'RotationRules.AutomaticallyAfterDays',
      { kind: 'less', absent: Number.MAX_SAFE_INTEGER },
      'the rotation of the secret',
    ],
  ],
  'AWS::WAFv2::WebACL': [
    ['guard', 'DefaultAction.Allow', without, 'the firewall for what no rule is about'],
    ['guard', 'Rules', same, 'the rules of the firewall'],
  ],
  'AWS::ECS::Cluster': [
    logs('Configuration.ExecuteCommandConfiguration.Logging', ranked('DEFAULT', 'NONE', ['DEFAULT', 'OVERRIDE'])),
  ],
  'AWS::Route53Resolver::FirewallRuleGroupAssociation': [
    ['guard', 'MutationProtection', ranked('DISABLED', 'DISABLED', 'ENABLED'), 'protection from changes'],
  ],
  'AWS::Cognito::IdentityPool': [['public', 'AllowClassicFlow', off, 'the flow in which the pool chooses the role']],
};
