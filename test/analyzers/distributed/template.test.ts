/** The stack of a distributed scan: its state machine, what holds it to the controls, what its roles may do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import validateStateMachine from 'asl-validator';
import { plainJson } from '../../../cli/check/plain.js';
import { printTemplate, scanTemplate } from '../../../analyzers/distributed/index.js';
import type { ScanDeployment } from '../../../analyzers/distributed/index.js';
import { parsePolicy } from '../../../iam/index.js';
import type { Policy } from '../../../iam/index.js';
import { accessNotGranted, equivalent } from '../../../iam/prove/index.js';
import { openTemplate } from '../../../rules/index.js';
import type { Value } from '../../../template/index.js';
import { check, folderOf, removeFolders, reportOf } from '../../cli/check/support.js';
import {
  controlTowerFolder,
  controlTowerRules,
  describeWithReference,
  validateFiles,
} from '../../support/reference.js';

afterEach(removeFolders);

const [ACCOUNT, REGION, ORGANIZATION] = ['555555555555', 'eu-central-1', 'o-exampleorgid'];
const DEPLOYMENT: ScanDeployment = {
  organizationId: ORGANIZATION,
  administratorAccount: ACCOUNT,
  prefix: 'stackade-',
  scannerRole: 'stackade-scanner',
  readActions: ['iam:GetAccountAuthorizationDetails', 'cloudformation:ListResources'],
  organizationActions: ['organizations:ListAccounts', 'access-analyzer:ListAnalyzers'],
  code: { bucket: 'packages', key: `scan/${'a'.repeat(64)}.zip` },
  environment: { STACKADE_SETTINGS: 'settings.json' },
  maxConcurrency: 200,
  toleratedFailurePercentage: 10,
  perBatch: 20,
  memoryMb: 1769,
  logRetentionDays: 365,
  keptDays: 90,
  roleBoundary: 'developer-policy',
  tags: {
    application: 'governance',
    'business-unit': 'platform',
    'cost-center': '1234',
    'data-classification': 'internal',
    owner: 'platform@example.com',
    project: 'scan',
    stage: 'prod',
  },
};
const text = printTemplate(scanTemplate(DEPLOYMENT));

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

function deployed(): Readonly<Record<string, Resource>> {
  const place = { accountId: ACCOUNT, region: REGION, partition: 'aws', stackName: 'scan', parameters: {} };
  const read = openTemplate(text, 'scan.json', place);
  if (read.kind !== 'opened') throw new Error('the template cannot be read');
  return (
    plainJson(read.template.supposed().resolution.document.value) as unknown as { Resources: Record<string, Resource> }
  ).Resources;
}

const resources = deployed();
interface State extends Readonly<Record<string, unknown>> {
  readonly Retry?: readonly Readonly<Record<string, unknown>>[];
}
const definition = JSON.parse(resources['Machine']!.Properties['DefinitionString'] as string) as {
  readonly States: Readonly<Record<string, State>>;
};

describe('the state machine', () => {
  it('is valid in the Amazon States Language', () => {
    expect(validateStateMachine(definition).errors).toStrictEqual([]);
    const { Begin, ...without } = definition.States;
    expect(Begin).toBeDefined();
    expect(validateStateMachine({ ...definition, States: without }).isValid).toBe(false);
  });

  it('scans batches from the bucket, so many at a time, and gives up when too many fail', () => {
    expect(definition.States['Scan']).toMatchObject({
      Type: 'Map',
      MaxConcurrency: 200,
      ToleratedFailurePercentage: 10,
      ItemReader: { ReaderConfig: { InputType: 'JSON' }, Parameters: { 'Key.$': '$.batches' } },
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
      Next: 'Merge',
    });
  });

  it('makes each call again when it failed, with a growing pause', () => {
    const { Batch } = (definition.States['Scan']!['ItemProcessor'] as { States: Record<string, State> }).States;
    for (const state of [definition.States['Begin'], Batch, definition.States['Merge']]) {
      const errors = state!.Retry!.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(errors).toEqual(expect.arrayContaining(['Lambda.TooManyRequestsException', 'States.TaskFailed']));
      for (const { ErrorEquals, BackoffRate } of state!.Retry!) {
        expect(BackoffRate).toBe((ErrorEquals as string[])[0] === 'UnfinishedBatch' ? 1 : 2);
      }
    }
    expect(Batch!.Retry!.map(({ ErrorEquals }) => ErrorEquals)).toContainEqual(['UnfinishedBatch']);
  });
});

/** Findings of the own rules that stay, and why. */
const OWN: Readonly<Record<string, string>> = {
  's3-bucketpolicy-known-networks': 'functions without a VPC and Step Functions read, from networks that nobody knows',
  's3-bucket-access-logged': 'runs are copies of what is in accounts, and expire',
  'iam-role-name-governed': 'names begin with the prefix that the policy protects, and not with that of applications',
};

it('passes the own packs', async () => {
  const folder = folderOf({ 'template.json': text });
  const all = ['cost', 'data', 'encryption', 'foundation', 'identity', 'logging', 'network', 'pipelines'];
  const pack = [...all, 'resilience', 'tagging', 'tenant'];
  const report = reportOf(await check(folder, ['template.json'], { pack, account: ACCOUNT, region: REGION }));
  const found = report.findings.map(({ ruleId, resource, message }) => `${ruleId} ${resource?.logicalId}: ${message}`);
  expect(found.filter((finding) => !Object.hasOwn(OWN, finding.split(' ')[0]!))).toStrictEqual([]);
  expect([...new Set(report.findings.map(({ ruleId }) => ruleId))].sort()).toStrictEqual(Object.keys(OWN).sort());
  expect(report.notEvaluated).toStrictEqual([]);
});

/** Rules of AWS Control Tower that stay, and why. */
const CONTROL_TOWER: Readonly<Record<string, string>> = {
  s3_bucket_logging_enabled_check: 'runs are copies of what is in accounts, and expire',
  s3_event_notifications_enabled_check: 'nothing waits for objects',
  s3_bucket_object_lock_enabled_check: 'runs expire',
  s3_bucket_policy_ssl_requests_only_check: 'the statement is there; the rule does not read `Fn::Sub`',
  lambda_inside_vpc_check: 'the functions reach nothing in a network',
};

describeWithReference('cfn-guard', () => {
  it('finds nothing else with the rules of AWS Control Tower', async () => {
    const folder = folderOf({});
    writeFileSync(join(folder, 'template.json'), text);
    const types = [...new Set(Object.values(resources).map(({ Type }) => Type))];
    const rules = controlTowerRules().filter((rule) => types.some((type) => rule.text.includes(type)));
    expect(rules.length).toBeGreaterThan(15);
    const { reports } = await validateFiles(
      rules.map(({ path }) => join(controlTowerFolder, path)),
      [folder],
    );
    expect([...new Set(reports[0]!.failed)].sort()).toStrictEqual(Object.keys(CONTROL_TOWER).sort());
  });
});

describe('roles', () => {
  const policy = (document: unknown): Policy => parsePolicy(document as Value, 'identity').policy!;
  const own = (id: string): Policy => {
    const [first] = resources[id]!.Properties['Policies'] as readonly { PolicyDocument: unknown }[];
    return policy(first!.PolicyDocument);
  };
  const bucket = `arn:aws:s3:::stackade-scans-${ACCOUNT}-${REGION}`;
  const runs = (pattern: string): string => `${bucket}/${pattern}`;
  const mine = { StringEquals: { 'aws:ResourceAccount': ACCOUNT } };
  const keyArn = own('BatchRole').statements.find(({ sid }) => sid === 'UseKey')!.resource!.patterns[0]!;
  const logs = (step: string): string =>
    `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/stackade-scan-${step}:*`;
  const statement = (Action: Value, Resource: Value, Condition?: unknown): unknown => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...(Condition !== undefined && { Condition }),
  });
  const shared = (step: string): readonly unknown[] => [
    statement(['logs:CreateLogStream', 'logs:PutLogEvents'], logs(step)),
    statement('s3:ListBucket', bucket, mine),
    statement(['kms:Decrypt', 'kms:GenerateDataKey'], keyArn, {
      StringEquals: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` },
    }),
  ];
  const LISTED: Readonly<Record<string, readonly unknown[]>> = {
    BeginRole: [
      ...shared('begin'),
      statement([...DEPLOYMENT.organizationActions], '*'),
      statement('s3:GetObject', runs('begun/*'), mine),
      statement('s3:PutObject', [runs('begun/*'), runs('batches/*')], mine),
    ],
    BatchRole: [
      ...shared('batch'),
      statement([...DEPLOYMENT.readActions], '*'),
      statement('sts:AssumeRole', 'arn:aws:iam::*:role/stackade-scanner', {
        StringEquals: { 'aws:ResourceOrgID': ORGANIZATION },
      }),
      statement('s3:GetObject', [runs('begun/*'), runs('results/*')], mine),
      statement('s3:PutObject', runs('results/*'), mine),
    ],
    MergeRole: [
      ...shared('merge'),
      statement('s3:GetObject', [runs('begun/*'), runs('results/*')], mine),
      statement('s3:PutObject', runs('scans/*'), mine),
    ],
  };

  it.each(Object.keys(LISTED))('%s may do what is listed, and nothing else', (id) => {
    const listed = policy({ Version: '2012-10-17', Statement: LISTED[id] });
    expect(equivalent([own(id)], [listed], 'identity').kind).toBe('HOLDS');
    const less = policy({ Version: '2012-10-17', Statement: LISTED[id]!.slice(1) });
    expect(equivalent([own(id)], [less], 'identity').kind).toBe('FAILS');
  });

  it('the state machine starts itself and its functions, and reads no result', () => {
    const proof = accessNotGranted(
      [own('MachineRole')],
      {
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [runs('results/*'), runs('scans/*'), runs('begun/*')],
      },
      'identity',
    );
    expect(proof.kind).toBe('HOLDS');
    const others = [
      'iam:*',
      'sts:*',
      'organizations:*',
      'lambda:Update*',
      'states:Update*',
      'states:Delete*',
      'kms:CreateGrant',
    ];
    expect(accessNotGranted([own('MachineRole')], { actions: others }, 'identity').kind).toBe('HOLDS');
  });

  it('accounts are entered by the role that `scanner-role` trusts', () => {
    expect(resources['BatchRole']!.Properties['RoleName']).toBe('stackade-scan');
  });
});
