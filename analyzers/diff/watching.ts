/**
 * More properties that safeguard: what records and watches, who is told of it, and for how long somebody who signed in stays
 * so. Checked against the pages of the types in the CloudFormation Template Reference Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
 */
import { fewer, key, logs, more, on, onByDefault, ranked, same } from './orders.js';
import type { Row } from './orders.js';

const guard = (path: string, order: Row[2], what: string): Row => ['guard', path, order, what];
/** In the unit of the property unless `TokenValidityUnits` says another one, which is told by itself. */
const validity = (path: string, absent: number): Row =>
  guard(path, { kind: 'less', absent }, 'how long tokens are valid');
const password = (path: string, order: Row[2], what: string): Row => ['public', path, order, what];
const ALARM: readonly Row[] = [
  guard('ActionsEnabled', onByDefault, 'what an alarm sets off'),
  guard('AlarmActions', more, 'who is told of an alarm'),
];

/** Rows by resource type. */
export const WATCHING: Readonly<Record<string, readonly Row[]>> = {
  'AWS::CloudTrail::Trail': [
    logs('IsLogging', on),
    logs('IsMultiRegionTrail', on),
    logs('IncludeGlobalServiceEvents', on),
    logs('EnableLogFileValidation', on),
    logs('IsOrganizationTrail', on),
    logs('CloudWatchLogsLogGroupArn'),
    key('KMSKeyId'),
  ],
  'AWS::CloudTrail::EventDataStore': [
    logs('MultiRegionEnabled', onByDefault),
    logs('OrganizationEnabled', on),
    logs('IngestionEnabled', onByDefault),
    logs('RetentionPeriod', { kind: 'more', absent: 366 }),
    key('KmsKeyId'),
  ],
  'AWS::Config::ConfigurationRecorder': [
    logs('RecordingGroup.AllSupported', on),
    logs('RecordingGroup.IncludeGlobalResourceTypes', on),
  ],
  'AWS::GuardDuty::Detector': [logs('Enable', on)],
  'AWS::WAFv2::WebACL': [
    logs('VisibilityConfig.CloudWatchMetricsEnabled', on),
    logs('VisibilityConfig.SampledRequestsEnabled', on),
  ],
  'AWS::Backup::BackupPlan': [
    guard(
      'BackupPlan.BackupPlanRule.*.Lifecycle.DeleteAfterDays',
      { kind: 'more', absent: Number.MAX_SAFE_INTEGER },
      'retention of backups',
    ),
  ],
  'AWS::Backup::BackupSelection': [guard('BackupSelection', same, 'what is backed up')],
  'AWS::Backup::Framework': [guard('FrameworkControls', same, 'the audit of backups')],
  'AWS::CloudFront::Distribution': [
    guard('DistributionConfig.Origins.*.OriginAccessControlId', more, 'signed requests to origins'),
  ],
  'AWS::CloudFront::OriginAccessControl': [
    guard(
      'OriginAccessControlConfig.SigningBehavior',
      ranked('never', 'never', 'no-override', 'always'),
      'signed requests to origins',
    ),
  ],
  'AWS::CloudWatch::Alarm': ALARM,
  'AWS::CloudWatch::CompositeAlarm': ALARM,
  'AWS::Cognito::UserPool': [
    ...['Lowercase', 'Numbers', 'Symbols', 'Uppercase'].map((name) =>
      password(`Policies.PasswordPolicy.Require${name}`, on, 'what passwords are made of'),
    ),
    password(
      'Policies.PasswordPolicy.TemporaryPasswordValidityDays',
      { kind: 'less', absent: 7 },
      'how long first passwords are valid',
    ),
  ],
  // Without a level, `INFO` is recorded (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html).
  'AWS::Lambda::Function': [
    logs('LoggingConfig.ApplicationLogLevel', ranked('INFO', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE')),
    logs('LoggingConfig.SystemLogLevel', ranked('INFO', 'WARN', 'INFO', 'DEBUG')),
  ],
  'AWS::SecretsManager::Secret': [
    password('GenerateSecretString.PasswordLength', { kind: 'more', absent: 32 }, 'the length of a generated password'),
  ],
  'AWS::Cognito::UserPoolClient': [
    validity('AccessTokenValidity', 1),
    validity('IdTokenValidity', 1),
    validity('RefreshTokenValidity', 30),
    guard('TokenValidityUnits', same, 'how long tokens are valid'),
    guard('EnableTokenRevocation', onByDefault, 'the revocation of tokens'),
    ['public', 'CallbackURLs', fewer(), 'the list of sites that get tokens'],
    ['public', 'PreventUserExistenceErrors', ranked('LEGACY', 'LEGACY', 'ENABLED'), 'silence on which users there are'],
  ],
  'AWS::Detective::Graph': [guard('AutoEnableMembers', on, 'the analysis of findings in new accounts')],
  'AWS::Events::Rule': [
    guard(
      'State',
      ranked('ENABLED', 'DISABLED', ['ENABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']),
      'what is done about events',
    ),
  ],
};
