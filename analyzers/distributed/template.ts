/**
 * The stack that scans an organization from its delegated administrator account: a state machine with a Distributed Map,
 * three functions with a role each, a bucket for runs, a key and log groups.
 *
 * AWS Step Functions Developer Guide, "Creating IAM roles for running a Distributed Map state"; AWS CloudFormation Template
 * Reference, "AWS::StepFunctions::StateMachine".
 */
import {
  allow,
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
import { stateMachine } from './state-machine.js';

export interface ScanDeployment {
  readonly organizationId: string;
  /** The delegated administrator account of IAM Access Analyzer, which the stack is made in. */
  readonly administratorAccount: string;
  /** Beginning of every name, such as `stackade-`. */
  readonly prefix: string;
  /** Name of the role that accounts let this scan take on; made of the template `scanner-role`. */
  readonly scannerRole: string;
  /** What a scan reads in an account; the scanner reads the same in its own account, where it takes on no role. */
  readonly readActions: readonly string[];
  /** What it reads of the organization. */
  readonly organizationActions: readonly string[];
  /** Bucket and key of the function's package. */
  readonly code: { readonly bucket: string; readonly key: string };
  /** Settings of the functions. */
  readonly environment: Readonly<Record<string, string>>;
  readonly maxConcurrency: number;
  readonly toleratedFailurePercentage: number;
  readonly perBatch: number;
  readonly memoryMb: number;
  readonly logRetentionDays: number;
  /** Days after which runs are deleted. */
  readonly keptDays: number;
  /** Name, with its path, of a permissions boundary of the account; `null` where the organization asks for none. */
  readonly roleBoundary: string | null;
  /** Tags on everything that carries tags. */
  readonly tags: Readonly<Record<string, string>>;
}

type Step = 'begin' | 'batch' | 'merge';

const TITLES: Readonly<Record<Step, string>> = {
  begin: 'Reads the organization and writes the batches of a scan.',
  batch: 'Scans a batch of accounts and Regions.',
  merge: 'Puts a scan together.',
};
const IDS: Readonly<Record<Step, string>> = { begin: 'Begin', batch: 'Batch', merge: 'Merge' };

/** The name of the role of the function that scans; `scanner-role` trusts it. */
export const SCAN_ROLE = 'scan';

/** @returns The template; it needs `CAPABILITY_NAMED_IAM`, since the roles have names. */
export function scanTemplate(deployment: ScanDeployment): JsonMap {
  const { prefix, logRetentionDays } = deployment;
  const logs = [...STEPS.map((step) => functionLog(prefix, step)), machineLog(prefix)];
  const resources: Record<string, Json> = {
    Key: runsKey(deployment, logs),
    ...expiringBucket('Runs', sub(`${prefix}scans-\${AWS::AccountId}-\${AWS::Region}`), deployment.keptDays),
    MachineLog: logGroup(machineLog(prefix), logRetentionDays, arnOf('Key')),
    MachineRole: machineRole(deployment),
    Machine: machine(deployment),
  };
  for (const step of STEPS) {
    resources[`${IDS[step]}Log`] = logGroup(functionLog(prefix, step), logRetentionDays, arnOf('Key'));
    resources[`${IDS[step]}Role`] = functionRole(deployment, step);
    resources[`${IDS[step]}Function`] = stepFunction(deployment, step);
  }
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Scans an organization with Stackade, many accounts at a time.',
    Resources: resources,
    Outputs: {
      StateMachine: { Description: 'What to start for a scan', Value: ref('Machine') },
      Runs: { Description: 'Bucket of runs: scans/NAME.json is the scan of an execution', Value: ref('Runs') },
    },
  };
  return withTags(template, deployment.tags);
}

const STEPS: readonly Step[] = ['begin', 'batch', 'merge'];

function functionName(prefix: string, step: Step): string {
  return `${prefix}scan-${step}`;
}

function functionLog(prefix: string, step: Step): string {
  return `/aws/lambda/${functionName(prefix, step)}`;
}

function machineLog(prefix: string): string {
  // Log groups of state machines begin so, or the policy of the account's logs grows with each of them: Step Functions
  // Developer Guide, "Using CloudWatch Logs to log execution history in Step Functions".
  return `/aws/vendedlogs/states/${prefix}scan`;
}

/** The stack gives functions all they know of it. */
function stepFunction({ prefix, code, environment, memoryMb, perBatch }: ScanDeployment, step: Step): JsonMap {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: functionName(prefix, step),
      Description: TITLES[step],
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'worker.handler',
      Role: arnOf(`${IDS[step]}Role`),
      Code: { S3Bucket: code.bucket, S3Key: code.key },
      Timeout: 900,
      // To put together takes the memory of the whole scan.
      MemorySize: step === 'merge' ? Math.max(memoryMb, 3008) : memoryMb,
      Environment: {
        Variables: {
          ...environment,
          STACKADE_RUNS: ref('Runs'),
          ...(step === 'begin' && { STACKADE_PER_BATCH: String(perBatch) }),
        },
      },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(`${IDS[step]}Log`) },
    },
  };
}

/** What the function of a step may do. Object keys are those of `RunKeys`. */
function functionRole(deployment: ScanDeployment, step: Step): JsonMap {
  const { prefix, roleBoundary, organizationActions, readActions, scannerRole, organizationId } = deployment;
  const names: Readonly<Record<Step, string>> = { begin: 'scan-begin', batch: SCAN_ROLE, merge: 'scan-merge' };
  const runs = (pattern: string): JsonMap => sub(`\${Runs.Arn}/${pattern}`);
  const own = { StringEquals: { 'aws:ResourceAccount': ref('AWS::AccountId') } };
  const readsWhole = allow('ReadOrganization', organizationActions, '*');
  // Without it Amazon S3 answers that a missing object is forbidden; a condition on prefixes would hold for that as well.
  const list = allow('FindObjects', 's3:ListBucket', arnOf('Runs'), own);
  const statements: Readonly<Record<Step, readonly JsonMap[]>> = {
    begin: [
      readsWhole,
      list,
      allow('ReadRuns', 's3:GetObject', runs('begun/*'), own),
      allow('WriteRuns', 's3:PutObject', [runs('begun/*'), runs('batches/*')], own),
    ],
    batch: [
      allow('ReadOwnAccount', readActions, '*'),
      allow('EnterAccounts', 'sts:AssumeRole', sub(`arn:\${AWS::Partition}:iam::*:role/${scannerRole}`), {
        StringEquals: { 'aws:ResourceOrgID': organizationId },
      }),
      list,
      allow('ReadRuns', 's3:GetObject', [runs('begun/*'), runs('results/*')], own),
      allow('WriteResults', 's3:PutObject', runs('results/*'), own),
    ],
    merge: [
      list,
      allow('ReadRuns', 's3:GetObject', [runs('begun/*'), runs('results/*')], own),
      allow('WriteScan', 's3:PutObject', runs('scans/*'), own),
    ],
  };
  return role(
    {
      name: sub(`${prefix}${names[step]}${step === 'batch' ? '' : '-${AWS::Region}'}`),
      description: TITLES[step],
      boundary: roleBoundary,
      // Lambda documents no source keys for taking on a role.
      trust: trusts('lambda.amazonaws.com'),
    },
    writesLogs(functionLog(prefix, step)),
    ...statements[step],
    usesKey(),
  );
}

function trusts(service: string, condition?: JsonMap): JsonMap {
  return {
    Sid: 'Service',
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    ...(condition !== undefined && { Condition: condition }),
  };
}

const throughS3 = (): JsonMap => ({ StringEquals: { 'kms:ViaService': sub('s3.${AWS::Region}.amazonaws.com') } });

function usesKey(): JsonMap {
  return allow('UseKey', ['kms:Decrypt', 'kms:GenerateDataKey'], arnOf('Key'), throughS3());
}

function machineArn(prefix: string, kind: string): string {
  return `arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}:${kind}:${prefix}scan`;
}

function machineRole({ prefix, roleBoundary }: ScanDeployment): JsonMap {
  const own = { StringEquals: { 'aws:ResourceAccount': ref('AWS::AccountId') } };
  return role(
    {
      name: sub(`${prefix}scan-machine-\${AWS::Region}`),
      description: 'Starts the functions of a scan, many at a time.',
      boundary: roleBoundary,
      trust: trusts('states.amazonaws.com', {
        StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
        ArnLike: { 'aws:SourceArn': sub(machineArn(prefix, 'stateMachine')) },
      }),
    },
    allow(
      'CallFunctions',
      'lambda:InvokeFunction',
      STEPS.map((step) => arnOf(`${IDS[step]}Function`)),
    ),
    allow('StartMapRuns', 'states:StartExecution', sub(machineArn(prefix, 'stateMachine'))),
    allow(
      'WatchMapRuns',
      ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
      sub(`${machineArn(prefix, 'execution')}*`),
    ),
    allow('ReadBatches', 's3:GetObject', sub('${Runs.Arn}/batches/*'), own),
    allow(
      'WriteMapRuns',
      ['s3:GetObject', 's3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      sub('${Runs.Arn}/map-runs/*'),
      own,
    ),
    usesKey(),
    allow(
      'Trace',
      ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
      '*',
    ),
    // Service Authorization Reference, "Actions, resources, and condition keys for Amazon CloudWatch Logs": these take no
    // resource.
    allow(
      'DeliverLogs',
      [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      '*',
    ),
  );
}

function machine(deployment: ScanDeployment): JsonMap {
  const { prefix, maxConcurrency, toleratedFailurePercentage } = deployment;
  const definition = stateMachine({
    begin: '${BeginFunction.Arn}',
    worker: '${BatchFunction.Arn}',
    merge: '${MergeFunction.Arn}',
    bucket: '${Runs}',
    partition: '${AWS::Partition}',
    maxConcurrency,
    toleratedFailurePercentage,
  });
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    // What the role may do is in its own resource; a machine that was made before it could not start.
    DependsOn: ['RunsPolicy'],
    Properties: {
      StateMachineName: `${prefix}scan`,
      StateMachineType: 'STANDARD',
      RoleArn: arnOf('MachineRole'),
      DefinitionString: sub(JSON.stringify(definition)),
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: {
        Level: 'ERROR',
        IncludeExecutionData: false,
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: arnOf('MachineLog') } }],
      },
    },
  };
}

function runsKey({ prefix }: ScanDeployment, logs: readonly string[]): JsonMap {
  const roleArn = (name: string): JsonMap =>
    sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${prefix}${name}`);
  return key(
    'Scans of Stackade: runs, logs, executions',
    {
      Sid: 'ScanUsesRuns',
      Effect: 'Allow',
      Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      Condition: {
        ...throughS3(),
        ArnLike: { 'aws:PrincipalArn': [roleArn(SCAN_ROLE), roleArn('scan-*')] },
      },
    },
    logsUseKey('LogsOfTheScan', logs),
  );
}
