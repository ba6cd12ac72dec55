/**
 * The stack of a private hook type: the version made of a package, the default version, its configuration, roles and log.
 * The package is what `cfn submit --dry-run` makes. The CloudFormation CLI has handlers in Java and Python only, so this is
 * for hooks of one's own; Stackade itself is a Lambda Hook.
 *
 * AWS CloudFormation Template Reference: AWS::CloudFormation::HookVersion, HookDefaultVersion, HookTypeConfig;
 * AWS CloudFormation Hooks User Guide, "Hook configuration schema syntax reference".
 */
import { arnOf, key, logGroup, logsUseKey, ref, role, sub, withTags } from '../../template/building/index.js';
import type { Json, JsonMap } from '../../template/building/index.js';
import { trustsHooks } from './trust.js';
import type { FailureMode, HookTarget } from './deployment.js';

export interface PrivateHook {
  /** Such as `Example::Hooks::Buckets`. */
  readonly typeName: string;
  /** The package in the bucket of packages; the name of the bucket may hold pseudo parameters. */
  readonly bucket: string;
  readonly packageKey: string;
  readonly mode: FailureMode;
  readonly targets: readonly HookTarget[];
  /** The hook's own settings, as its type configuration describes them. */
  readonly properties: JsonMap;
  /** What the handlers may do, as `permissions` of its schema lists it. */
  readonly actions: readonly string[];
  readonly prefix: string;
  readonly logRetentionDays: number;
  readonly roleBoundary: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** @returns The template; it needs `CAPABILITY_NAMED_IAM`. */
export function privateHookTemplate(hook: PrivateHook): JsonMap {
  const { typeName, prefix } = hook;
  const short = typeName.replaceAll('::', '-').toLowerCase();
  const log = `/aws/lambda/${prefix}${short}/\${StackUuid}`;
  return withTags(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `Private hook type ${typeName}, failure mode ${hook.mode}. Its package comes from cfn submit --dry-run; the CloudFormation CLI supports handlers in Java and Python only.`,
      Resources: {
        Key: key(`Log of the hook ${typeName}`, logsUseKey('LogsOfTheHook', [log])),
        Log: logGroup(log, hook.logRetentionDays, arnOf('Key')),
        ExecutionRole: executionRole(hook, sub(`${prefix}${short}-\${AWS::Region}`)),
        LogRole: logRole(hook, sub(`${prefix}${short}-log-\${AWS::Region}`), log),
        HookVersion: {
          Type: 'AWS::CloudFormation::HookVersion',
          Properties: {
            TypeName: typeName,
            SchemaHandlerPackage: sub(`s3://${hook.bucket}/${hook.packageKey}`),
            ExecutionRoleArn: arnOf('ExecutionRole'),
            LoggingConfig: { LogGroupName: ref('Log'), LogRoleArn: arnOf('LogRole') },
          },
        },
        HookDefaultVersion: {
          Type: 'AWS::CloudFormation::HookDefaultVersion',
          Properties: { TypeVersionArn: ref('HookVersion') },
        },
        HookTypeConfig: {
          Type: 'AWS::CloudFormation::HookTypeConfig',
          DependsOn: ['HookDefaultVersion'],
          Properties: { TypeName: typeName, ConfigurationAlias: 'default', Configuration: configuration(hook) },
        },
      },
    },
    hook.tags,
  );
}

/** Replaces the whole configuration, so that all of it is written out. */
function configuration({ mode, targets, properties }: PrivateHook): string {
  const HookConfiguration = {
    HookInvocationStatus: 'ENABLED',
    TargetOperations: targets,
    FailureMode: mode,
    Properties: properties,
  };
  return JSON.stringify({ CloudFormationConfiguration: { HookConfiguration } });
}

function executionRole({ actions, typeName, roleBoundary }: PrivateHook, name: Json): JsonMap {
  const options = {
    name,
    description: `Handlers of the hook ${typeName} act with it.`,
    boundary: roleBoundary,
    trust: trustsHooks('resources.cloudformation.amazonaws.com'),
  };
  return actions.length === 0
    ? role(options)
    : role(options, { Sid: 'Handlers', Effect: 'Allow', Action: actions, Resource: '*' });
}

function logRole({ roleBoundary }: PrivateHook, name: Json, log: string): JsonMap {
  const group = `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${log}`;
  return role(
    {
      name,
      description: 'CloudFormation writes the log of the hook with it.',
      boundary: roleBoundary,
      trust: trustsHooks('resources.cloudformation.amazonaws.com'),
    },
    {
      Sid: 'WriteLog',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
      Resource: [sub(group), sub(`${group}:*`)],
    },
    // These two take no resource, or are asked for all groups at once.
    { Sid: 'FindLog', Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
    {
      Sid: 'WriteMetrics',
      Effect: 'Allow',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
    },
  );
}
