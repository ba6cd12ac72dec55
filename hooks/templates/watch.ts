/**
 * The stack that watches the hooks: a rule of AWS Config with its function, apart from the stack of the hooks so that it
 * tells when that one is gone. It runs every hour, and when stacks or functions of the account change.
 *
 * AWS Config Developer Guide, "AWS Config Custom Lambda Rules".
 */
import {
  arnOf,
  key,
  logGroup,
  logsUseKey,
  ref,
  role,
  sub,
  withTags,
  writesLogs,
} from '../../template/building/index.js';
import type { JsonMap } from '../../template/building/index.js';
import { byFunction, TRUSTS_LAMBDA } from './trust.js';
import { Names, RESOURCE_TARGETS, TEMPLATE_TARGETS } from './deployment.js';
import type { FailureMode, HookDeployment, HookTarget } from './deployment.js';
import type { ExpectedHook, Expectation } from '../config-rule/index.js';
import { MODE_PARAMETER } from './member.js';

export interface WatchOptions {
  /** `null`: the parameter `FailureMode` of the template says it. */
  readonly mode: FailureMode | null;
  /** The package of the function in the bucket of packages. */
  readonly codeKey: string;
  /** Key of the rules of the Guard Hook in the bucket of packages; `null` when there is none. */
  readonly guardRulesKey: string | null;
}

/** @returns The template; it needs `CAPABILITY_NAMED_IAM`. */
export function watchTemplate(deployment: HookDeployment, options: WatchOptions): JsonMap {
  const names = new Names(deployment);
  const log = `/aws/lambda/${names.watchFunction}/\${StackUuid}`;
  const held = byFunction(names.watchFunction);
  return withTags(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `Reports hooks of Stackade that are changed, disabled or removed, or do not have ${options.mode === null ? 'the failure mode of the parameter FailureMode' : `failure mode ${options.mode}`}.`,
      ...(options.mode === null && MODE_PARAMETER),
      Resources: {
        Key: key('Log of the function that watches the hooks of Stackade', logsUseKey('LogsOfTheHook', [log])),
        Log: logGroup(log, deployment.logRetentionDays, arnOf('Key')),
        Role: role(
          {
            name: names.role('watch'),
            description: 'Reads the settings of hooks and tells AWS Config.',
            boundary: deployment.roleBoundary,
            trust: TRUSTS_LAMBDA,
          },
          writesLogs(log),
          {
            Sid: 'ReadHooks',
            Effect: 'Allow',
            Action: ['cloudformation:DescribeType', 'cloudformation:BatchDescribeTypeConfigurations'],
            // Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudFormation": these take no
            // resource.
            Resource: '*',
            Condition: held,
          },
          {
            Sid: 'TellConfig',
            Effect: 'Allow',
            Action: 'config:PutEvaluations',
            Resource: '*',
            Condition: held,
          },
        ),
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: names.watchFunction,
            Description: 'Watches the CloudFormation hooks of Stackade.',
            Runtime: 'nodejs24.x',
            Architectures: ['arm64'],
            Handler: 'config-rule.handler',
            Role: arnOf('Role'),
            Code: { S3Bucket: names.assetBucket, S3Key: options.codeKey },
            Timeout: 60,
            MemorySize: 256,
            Environment: { Variables: { EXPECTED: sub(JSON.stringify(expectationOf(deployment, names, options))) } },
            LoggingConfig: { LogFormat: 'JSON', LogGroup: ref('Log') },
          },
        },
        Permission: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            FunctionName: arnOf('Function'),
            Action: 'lambda:InvokeFunction',
            Principal: 'config.amazonaws.com',
            SourceAccount: ref('AWS::AccountId'),
            // The rule has an id of its own only once it is there, and it is made after the permission.
            SourceArn: sub('arn:${AWS::Partition}:config:${AWS::Region}:${AWS::AccountId}:config-rule/*'),
          },
        },
        Rule: {
          Type: 'AWS::Config::ConfigRule',
          DependsOn: ['Permission'],
          Properties: {
            ConfigRuleName: `${deployment.prefix}hooks-in-force`,
            Description: 'The hooks of Stackade are there, enabled and as they were rolled out.',
            Scope: { ComplianceResourceTypes: ['AWS::CloudFormation::Stack', 'AWS::Lambda::Function'] },
            Source: {
              Owner: 'CUSTOM_LAMBDA',
              SourceIdentifier: arnOf('Function'),
              SourceDetails: [
                {
                  EventSource: 'aws.config',
                  MessageType: 'ScheduledNotification',
                  MaximumExecutionFrequency: 'One_Hour',
                },
                { EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' },
                { EventSource: 'aws.config', MessageType: 'OversizedConfigurationItemChangeNotification' },
              ],
            },
          },
        },
      },
    },
    deployment.tags,
  );
}

/** What the function compares with. Texts may hold pseudo parameters, which CloudFormation fills. */
function expectationOf(deployment: HookDeployment, names: Names, { mode, guardRulesKey }: WatchOptions): Expectation {
  // The text is that of an `Fn::Sub`, which fills a parameter as it fills pseudo parameters.
  const failureMode = mode ?? ('${FailureMode}' as FailureMode);
  const { targets, actions, prefix } = deployment;
  const functionArn = `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${names.hookFunction}`;
  const hooks: ExpectedHook[] = [];
  const add = (kind: 'Resources' | 'Templates', wanted: readonly HookTarget[]): void => {
    const targetOperations = wanted.filter((target) => targets.includes(target));
    if (targetOperations.length === 0) return;
    hooks.push({ typeName: names.alias(kind), failureMode, targetOperations, actions, functionArn });
  };
  add('Resources', RESOURCE_TARGETS);
  add('Templates', TEMPLATE_TARGETS);
  if (guardRulesKey !== null) {
    hooks.push({
      typeName: names.alias('GuardRules'),
      failureMode,
      targetOperations: RESOURCE_TARGETS,
      actions: actions.filter((one) => one !== 'DELETE'),
      ruleLocation: `s3://${names.assetBucketOf('${AWS::Region}')}/${guardRulesKey}`,
    });
  }
  return { namePrefixes: [prefix, `StackSet-${prefix}`], hooks };
}
