/** A rollout of a hook's template by stack sets, over the wire, with every call signed, verified and decided. */
import { performance } from 'node:perf_hooks';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { StackSetOperationPreferences } from '@aws-sdk/client-cloudformation';
import { readOrganization } from '../organization/index.js';
import { seedOrganization, startSandbox } from '../sandbox/index.js';
import type { Row } from './report.mjs';

const ACCOUNTS = 100;
const REGIONS = ['eu-central-1', 'eu-west-1'];
const UNIT = 'ou-ab12-workload';
const MANAGEMENT = '111111111111';

function description(): string {
  const accounts = Array.from(
    { length: ACCOUNTS },
    (_, index) => `{ id: '${200_000_000_000 + index}', name: a${index} }`,
  );
  return `version: 1
organization: { id: o-exampleorgid, managementAccount: '${MANAGEMENT}', homeRegion: ${REGIONS[0]} }
root:
  id: r-ab12
  accounts: [{ id: '${MANAGEMENT}', name: management }]
  units: [{ name: Workloads, id: ${UNIT}, accounts: [${accounts.join(', ')}] }]
`;
}

function role(service: string, action: string): object {
  const policy = (rest: object): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...rest }] });
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: policy({ Principal: { Service: service }, Action: 'sts:AssumeRole' }),
      Policies: [{ PolicyName: 'it', PolicyDocument: policy({ Action: action, Resource: '*' }) }],
    },
  };
}

const TEMPLATE = JSON.stringify({
  Resources: {
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 90 } },
    FunctionRole: role('lambda.amazonaws.com', 'logs:PutLogEvents'),
    HookRole: role('hooks.cloudformation.amazonaws.com', 'lambda:InvokeFunction'),
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: 'exports.handler = async () => ({ hookStatus: "SUCCESS" });' },
      },
    },
    Hook: {
      Type: 'AWS::CloudFormation::LambdaHook',
      Properties: {
        Alias: 'Org::Bench::Check',
        ExecutionRole: { 'Fn::GetAtt': ['HookRole', 'Arn'] },
        LambdaFunction: { 'Fn::GetAtt': ['Function', 'Arn'] },
        FailureMode: 'FAIL',
        TargetOperations: ['RESOURCE'],
        TargetFilters: { TargetNames: ['AWS::S3::Bucket'], Actions: ['CREATE', 'UPDATE'] },
      },
    },
  },
});

interface Rollout {
  readonly seconds: number;
  readonly processor: number;
}

async function rollOut(OperationPreferences: StackSetOperationPreferences): Promise<Rollout> {
  const { organization } = readOrganization(description(), 'org.yaml');
  if (organization === null) throw new Error('the description is not well formed');
  const sandbox = await startSandbox({ organization: seedOrganization(organization, Date.now()) });
  const by = new CloudFormation({
    endpoint: sandbox.url,
    region: REGIONS[0]!,
    credentials: sandbox.credentials(MANAGEMENT),
    maxAttempts: 1,
  });
  try {
    await by.activateOrganizationsAccess({});
    await by.createStackSet({
      StackSetName: 'bench',
      TemplateBody: TEMPLATE,
      PermissionModel: 'SERVICE_MANAGED',
      AutoDeployment: { Enabled: false },
      Capabilities: ['CAPABILITY_IAM'],
    });
    const start = performance.now();
    const used = process.cpuUsage();
    const DeploymentTargets = { OrganizationalUnitIds: [UNIT] };
    const asked = { StackSetName: 'bench', Regions: REGIONS, DeploymentTargets, OperationPreferences };
    const { OperationId } = await by.createStackInstances(asked);
    for (;;) {
      const { StackSetOperation: operation } = await by.describeStackSetOperation({
        StackSetName: 'bench',
        OperationId,
      });
      if (operation?.Status === 'SUCCEEDED') break;
      if (operation?.Status !== 'RUNNING') {
        throw new Error(`the rollout is ${operation?.Status}: ${operation?.StatusReason}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(used);
    const { Summaries } = await by.listStackInstances({ StackSetName: 'bench' });
    if (Summaries?.every(({ Status }) => Status === 'CURRENT') !== true) throw new Error('not everything is there');
    return { seconds, processor: (user + system) / 1e6 };
  } finally {
    by.destroy();
    await sandbox.close();
  }
}

/** Rows about stack sets in the sandbox. */
export async function sandboxRollout(): Promise<Row[]> {
  const ways: readonly (readonly [what: string, preferences: StackSetOperationPreferences])[] = [
    ['one account after the other', {}],
    [
      'a quarter of the accounts at a time, Regions side by side',
      {
        RegionConcurrencyType: 'PARALLEL',
        MaxConcurrentPercentage: 25,
        FailureTolerancePercentage: 0,
        ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
      },
    ],
  ];
  const rows: Row[] = [];
  for (const [what, preferences] of ways) {
    const { seconds, processor } = await rollOut(preferences);
    rows.push({
      what: `rollout of a hook by a stack set in the sandbox: ${what}`,
      size: `${ACCOUNTS} accounts × ${REGIONS.length} Regions, 5 resources each`,
      result: `${seconds.toFixed(1)} s (${processor.toFixed(1)} s of processor time)`,
      goal: 'under 5 s',
    });
  }
  return rows;
}
