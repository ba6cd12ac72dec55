/** The function of the Lambda Hook with all packs: a fresh process to its first verdict, and verdicts of one that stays warm. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { resourceTypeNames } from '../catalogue/index.js';
import type { LocalEvent } from '../cli/hook/events.js';
import { runInLab } from '../cli/hook/lab.js';
import type { LabAnswer } from '../cli/hook/lab.js';
import { codeRules, isGuard, loadLibrary, rulesOf, ruleSource } from '../cli/library.js';
import { packBundle } from '../hooks/bundle/index.js';
import { buildGate, catalogueSet } from '../hooks/gate/index.js';
import type { Gate } from '../hooks/gate/index.js';
import type { HookBundle } from '../hooks/lambda/index.js';
import { buildBundle, compileGlob, defaultParameters, NO_WAIVERS } from '../rules/index.js';
import type { Row } from './report.mjs';
import { median } from './timing.mjs';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const properties = {
  BucketName: 'orders',
  PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true },
  VersioningConfiguration: { Status: 'Enabled' },
};

function event(requestData: object): unknown {
  return {
    clientRequestToken: 'token',
    awsAccountId: ACCOUNT,
    stackId: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/orders/1`,
    actionInvocationPoint: 'CREATE_PRE_PROVISION',
    requestData,
  };
}

const ofResource: LocalEvent = {
  name: 'resource',
  payload: null,
  event: event({
    targetName: 'AWS::S3::Bucket',
    targetType: 'AWS::S3::Bucket',
    targetLogicalId: 'Orders',
    targetModel: { resourceProperties: properties, previousResourceProperties: {} },
  }),
};

/** Resources that few rules find something about. */
const QUIET = [
  { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x', Name: '/orders/x' } },
  { Type: 'AWS::EC2::Route', Properties: { RouteTableId: 'rtb-1', DestinationCidrBlock: '10.0.0.0/8' } },
  {
    Type: 'AWS::S3::Bucket',
    Properties: {
      ...properties,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    },
  },
  {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, MetricName: 'x', Namespace: 'y' },
  },
  {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName: 'f', Principal: 'events.amazonaws.com' },
  },
];
/** Resources that each have several findings. */
const LOUD = [
  { Type: 'AWS::S3::Bucket', Properties: properties },
  { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'orders' } },
  { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: 'alias/orders' } },
  { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 400 } },
  { Type: 'AWS::DynamoDB::Table', Properties: { BillingMode: 'PAY_PER_REQUEST', TableName: 'orders' } },
];

function ofStack(kinds: readonly object[]): LocalEvent {
  const resources = Array.from({ length: 500 }, (_, index) => [`R${index}`, kinds[index % kinds.length]]);
  const template = JSON.stringify({ Resources: Object.fromEntries(resources) as unknown });
  const payload = JSON.stringify({ template, previousTemplate: '' });
  return { name: 'stack', payload, event: event({ targetName: 'STACK', targetLogicalId: 'orders', payload: '' }) };
}

/** Rows about the function. */
export async function hookFunction(root: string): Promise<Row[]> {
  const library = loadLibrary();
  const chosen = rulesOf(library, library.packs);
  const { bundle: rules } = buildBundle(chosen.filter(isGuard).map(ruleSource), await codeRules(chosen));
  const types = [...resourceTypeNames()];
  const bundleOf = (gate: Gate | null): HookBundle => ({
    rules: rules!,
    ruleParameters: defaultParameters(),
    wholeTemplate: new Set(),
    gate,
    waivers: NO_WAIVERS,
    compileGlob,
    accounts: new Map(),
    failOn: 'error',
    notEvaluated: 'block',
  });
  const all = bundleOf(buildGate(catalogueSet(types), []).gate);
  const size = `${chosen.length} rules`;
  const gated = `${size}, gate of ${types.length} types`;
  return [
    ...(await starts(bundleOf(null), size)),
    ...(await starts(all, gated)),
    await warm(all, ofResource, 600, `one resource, ${gated}`, 'under 3 ms'),
    await warm(all, ofStack(QUIET), 40, `stack of 500 resources, few findings each, ${gated}`, 'under 200 ms'),
    await warm(all, ofStack(LOUD), 40, `stack of 500 resources, many findings each, ${gated}`),
    packageSize(root, all, gated),
  ];
}

async function starts(bundle: HookBundle, size: string): Promise<Row[]> {
  const runs: LabAnswer[] = [];
  for (let round = 0; round < 5; round += 1) runs.push((await runInLab([ofResource], bundle, REGION))[0]!);
  const figures = runs.map((run) => run.figures!);
  const [clock, processor, peak] = [
    Math.min(...figures.map(({ milliseconds }) => milliseconds)),
    Math.min(...figures.map(({ processorMilliseconds }) => processorMilliseconds)),
    Math.max(...figures.map(({ peakBytes }) => peakBytes)),
  ];
  return [
    {
      what: 'fresh process to the first verdict',
      size,
      result: `${clock.toFixed(0)} ms (processor ${processor.toFixed(0)} ms)`,
      goal: 'under 300 ms',
    },
    { what: 'its memory at most', size, result: `${(peak / 1e6).toFixed(0)} MB`, goal: 'under 120 MB' },
  ];
}

async function warm(bundle: HookBundle, one: LocalEvent, count: number, size: string, goal?: string): Promise<Row> {
  const runs = await runInLab(
    Array.from({ length: count }, () => one),
    bundle,
    REGION,
  );
  if (runs.some(({ answer }) => answer === null || answer.errorCode === 'InternalFailure')) {
    throw new Error('no verdict');
  }
  const figures = runs.slice(count >> 1).map((run) => run.figures!);
  const clock = median(figures.map(({ milliseconds }) => milliseconds));
  const processor = median(figures.map(({ processorMilliseconds }) => processorMilliseconds));
  const result = `${clock.toFixed(1)} ms (processor ${processor.toFixed(1)} ms)`;
  return { what: 'warm verdict, median', size, result, ...(goal !== undefined && { goal }) };
}

function packageSize(root: string, bundle: HookBundle, size: string): Row {
  const files = ['handler.mjs', 's3.mjs'].map((name) => join(root, 'dist', 'hook', name));
  const bytes = files.map((file) => statSync(file).size).reduce((a, b) => a + b, 0);
  const { text } = packBundle(bundle);
  const packed = [...files.map((file) => readFileSync(file)), Buffer.from(text)].map((file) => gzipSync(file).length);
  const [code, data, zipped] = [bytes, Buffer.byteLength(text), packed.reduce((a, b) => a + b, 0)].map(
    (count) => `${(count / 1e6).toFixed(1)} MB`,
  );
  return {
    what: 'package',
    size,
    result: `${zipped!} packed (code ${code!}, bundle ${data!} as they are)`,
    goal: 'under 5 MB',
  };
}
