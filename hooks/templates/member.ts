/**
 * The stack that every account gets in every governed Region: the function of the hooks with a version, the hooks, their
 * roles, a log group and a key; and a Guard Hook where one is chosen. No transforms and no nested stacks, which StackSets
 * with service-managed permissions refuse.
 *
 * AWS CloudFormation Template Reference: AWS::CloudFormation::LambdaHook, AWS::CloudFormation::GuardHook.
 */
import { createHash } from 'node:crypto';
import {
  arnOf,
  expiringBucket,
  key,
  logGroup,
  logsUseKey,
  ref,
  role,
  sub,
  withTags,
  writesLogs,
} from '../../template/building/index.js';
import type { Json, JsonMap } from '../../template/building/index.js';
import { byFunction, TRUSTS_LAMBDA, trustsHooks } from './trust.js';
import { Names, RESOURCE_TARGETS, TEMPLATE_TARGETS } from './deployment.js';
import type { FailureMode, HookDeployment, HookTarget } from './deployment.js';
import { readsAssets } from './assets.js';

/** The package of the function. */
export interface FunctionPackage {
  /** Key in the bucket of packages; it carries the hash of the content. */
  readonly key: string;
  /** Such as `handler.handler`. */
  readonly handler: string;
  /** Settings of the function; the values may be intrinsic functions. */
  readonly environment: JsonMap;
  /** Prefixes in the bucket of packages that the function reads, such as `bundles/`. */
  readonly reads: readonly string[];
}

/** The rules of a Guard Hook in the bucket of packages. */
export interface GuardPackage {
  readonly rulesKey: string;
  readonly inputParametersKey: string;
}

export interface MemberOptions {
  /** `null`: the parameter `FailureMode` of the template says it, so that a rollout can go from one to the other. */
  readonly mode: FailureMode | null;
  readonly code: FunctionPackage;
  readonly guard: GuardPackage | null;
}

/** Hooks wait 30 seconds; the function answers 20 seconds after the event, and is stopped before CloudFormation gives up. */
const TIMEOUT_SECONDS = 25;
/** Lambda gives processor time in proportion to memory: a full processor from here on. */
const MEMORY_MB = 1769;
/** Days after which the reports of a Guard Hook are deleted: the reasons of a refusal are nowhere else. */
const KEPT_DAYS = 90;

/** The parameter by which a rollout says what a refusal does. Without a default: it is said each time. */
export const MODE_PARAMETER: JsonMap = {
  Parameters: {
    FailureMode: {
      Type: 'String',
      Description: 'What a refusal does: FAIL stops the operation, WARN tells and lets it go on',
      AllowedValues: ['FAIL', 'WARN'],
    },
  },
};

const modeValue = (mode: FailureMode | null): Json => mode ?? ref('FailureMode');

function describedMode(mode: FailureMode | null): string {
  if (mode === null) return 'Hooks of Stackade; the parameter FailureMode says what a refusal does.';
  return `Hooks of Stackade, failure mode ${mode}: what is refused is ${mode === 'FAIL' ? 'stopped' : 'told, and goes on'}.`;
}

/** @returns The template; it needs `CAPABILITY_NAMED_IAM`, since the roles have names. */
export function memberTemplate(deployment: HookDeployment, options: MemberOptions): JsonMap {
  const { mode, code, guard } = options;
  const names = new Names(deployment);
  const log = `/aws/lambda/${names.hookFunction}/\${StackUuid}`;
  const fn = hookFunction(names, code);
  const version = `Version${shortDigest(fn)}`;
  return withTags(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: describedMode(mode),
      ...(mode === null && MODE_PARAMETER),
      Conditions: { IsHome: { 'Fn::Equals': [ref('AWS::Region'), deployment.homeRegion] } },
      Resources: {
        Key: key(
          'Logs and reports of the hooks of Stackade',
          logsUseKey('LogsOfTheHook', [log]),
          ...(guard === null ? [] : [REPORTS_USE_KEY]),
        ),
        FunctionLog: logGroup(log, deployment.logRetentionDays, arnOf('Key')),
        FunctionRole: role(
          {
            name: names.role('function'),
            description: 'The function of the hooks: writes its log and reads policies.',
            boundary: deployment.roleBoundary,
            trust: TRUSTS_LAMBDA,
          },
          writesLogs(log),
          ...(code.reads.length === 0 ? [] : readsAssets(deployment, code.reads, byFunction(names.hookFunction))),
        ),
        Function: fn,
        [version]: {
          Type: 'AWS::Lambda::Version',
          Properties: { FunctionName: ref('Function'), Description: code.key },
        },
        HookRole: role(
          {
            name: names.role('execution'),
            description: 'CloudFormation calls the function of the hooks with it.',
            boundary: deployment.roleBoundary,
            trust: trustsHooks(),
          },
          {
            Sid: 'CallFunction',
            Effect: 'Allow',
            Action: 'lambda:InvokeFunction',
            Resource: [arnOf('Function'), sub('${Function.Arn}:*')],
          },
        ),
        ...hooks(deployment, names, modeValue(mode), version),
        ...(guard === null ? {} : guardHook(deployment, names, modeValue(mode), guard)),
        ResultsRole: resultsRole(deployment, names),
      },
      Outputs: {
        HookFunctionVersion: { Description: 'Version of the function that the hooks call', Value: ref(version) },
      },
    },
    deployment.tags,
  );
}

/**
 * With it the release role asks what the hooks said and how they are set, before the next wave begins. One for the account:
 * names of roles count in all Regions, and whoever asks does not know which Regions there are.
 */
function resultsRole(
  { organizationId, partition, administratorAccount, releaseRole, roleBoundary }: HookDeployment,
  names: Names,
): JsonMap {
  return {
    Condition: 'IsHome',
    ...role(
      {
        name: names.resultsRole,
        description: 'The release role reads with it what the hooks said.',
        boundary: roleBoundary,
        // By conditions and not by a principal of another account: the hooks decide on this role, too, and whether they
        // take an account of the organization for a foreign one is up to the parameters of their rules.
        trust: {
          Sid: 'ReleaseRole',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:PrincipalOrgID': organizationId },
            ArnEquals: { 'aws:PrincipalArn': `arn:${partition}:iam::${administratorAccount}:role/${releaseRole}` },
          },
        },
      },
      {
        Sid: 'ReadHookResults',
        Effect: 'Allow',
        Action: ['cloudformation:BatchDescribeTypeConfigurations', 'cloudformation:ListHookResults'],
        // Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudFormation": these take no
        // resource.
        Resource: '*',
      },
    ),
  };
}

function hookFunction(names: Names, { key, handler, environment }: FunctionPackage): JsonMap {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: names.hookFunction,
      Description: 'Decides for the CloudFormation hooks of Stackade.',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: handler,
      Role: arnOf('FunctionRole'),
      Code: { S3Bucket: names.assetBucket, S3Key: key },
      Timeout: TIMEOUT_SECONDS,
      MemorySize: MEMORY_MB,
      Environment: { Variables: environment },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: ref('FunctionLog') },
    },
  };
}

/** A version never changes: another function is another resource, and the hooks then call that one. */
function shortDigest(fn: JsonMap): string {
  return createHash('sha256').update(JSON.stringify(fn['Properties'])).digest('hex').slice(0, 12);
}

/** One hook for targets that show a resource, one for targets that show a template. */
function hooks(deployment: HookDeployment, names: Names, mode: Json, version: string): JsonMap {
  const hook = (kind: 'Resources' | 'Templates', targets: readonly HookTarget[]): JsonMap => {
    const chosen = targets.filter((target) => deployment.targets.includes(target));
    if (chosen.length === 0) return {};
    return {
      [`${kind}Hook`]: {
        Type: 'AWS::CloudFormation::LambdaHook',
        Properties: {
          Alias: names.alias(kind),
          LambdaFunction: ref(version),
          ExecutionRole: arnOf('HookRole'),
          ...enforcement(mode, chosen),
          TargetFilters: targetFilters(deployment),
        },
      },
    };
  };
  return { ...hook('Resources', RESOURCE_TARGETS), ...hook('Templates', TEMPLATE_TARGETS) };
}

/** Always written out: a Guard Hook without `HookStatus` is off, one without `FailureMode` only warns. */
function enforcement(mode: Json, targets: readonly HookTarget[]): JsonMap {
  return { HookStatus: 'ENABLED', FailureMode: mode, TargetOperations: targets };
}

/**
 * No names of types: the hook is asked about every type, private ones included.
 *
 * AWS CloudFormation Hooks User Guide, "CloudFormation Hooks target filters".
 */
function targetFilters({ actions }: HookDeployment): Json {
  return { Actions: actions, InvocationPoints: ['PRE_PROVISION'] };
}

const THROUGH_S3: JsonMap = { StringEquals: { 'kms:ViaService': sub('s3.${AWS::Region}.amazonaws.com') } };

/** The hook's role writes reports, and roles of the account read them, both through Amazon S3 alone. */
const REPORTS_USE_KEY: JsonMap = {
  Sid: 'Reports',
  Effect: 'Allow',
  Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
  Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
  Resource: '*',
  Condition: THROUGH_S3,
};

function guardHook(deployment: HookDeployment, names: Names, mode: Json, guard: GuardPackage): JsonMap {
  const uri = (assetKey: string): Json => sub(`s3://${names.assetBucketOf('${AWS::Region}')}/${assetKey}`);
  return {
    ...expiringBucket('Reports', names.guardReports, KEPT_DAYS),
    GuardHookRole: role(
      {
        name: names.role('guard'),
        description: 'The Guard Hook reads its rules and writes reports with it.',
        boundary: deployment.roleBoundary,
        trust: trustsHooks(),
      },
      ...readsAssets(deployment, ['guard/'], {}),
      {
        Sid: 'ListRules',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: sub(`arn:\${AWS::Partition}:s3:::${names.assetBucketOf('${AWS::Region}')}`),
        Condition: { StringEquals: { 'aws:ResourceAccount': deployment.administratorAccount } },
      },
      {
        Sid: 'WriteReports',
        Effect: 'Allow',
        Action: 's3:PutObject',
        Resource: sub('${Reports.Arn}/*'),
        Condition: { StringEquals: { 'aws:ResourceAccount': ref('AWS::AccountId') } },
      },
      {
        Sid: 'EncryptReports',
        Effect: 'Allow',
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: arnOf('Key'),
        Condition: THROUGH_S3,
      },
    ),
    GuardHook: {
      Type: 'AWS::CloudFormation::GuardHook',
      Properties: {
        Alias: names.alias('GuardRules'),
        ExecutionRole: arnOf('GuardHookRole'),
        RuleLocation: { Uri: uri(guard.rulesKey) },
        Options: { InputParams: { Uri: uri(guard.inputParametersKey) } },
        LogBucket: ref('Reports'),
        ...enforcement(mode, RESOURCE_TARGETS),
        TargetFilters: targetFilters({ ...deployment, actions: deployment.actions.filter((one) => one !== 'DELETE') }),
      },
    },
  };
}
