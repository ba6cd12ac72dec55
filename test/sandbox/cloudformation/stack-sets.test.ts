/** Stack sets with service-managed permissions, as a client of AWS sees them. */
import type { CloudFormation, CreateStackInstancesInput, StackInstanceSummary } from '@aws-sdk/client-cloudformation';
import { CLOUDFORMATION } from '../../../sandbox/cloudformation/service.js';
import { IAM } from '../../../sandbox/iam/data.js';
import { STACK_SETS } from '../../../sandbox/cloudformation/stack-sets/data.js';
import { deploymentFaultsOf } from '../../../sandbox/index.js';
import { pathTo } from '../../../sandbox/organizations/data.js';
import {
  APPS,
  client,
  DELEGATE,
  ended,
  HOME,
  LABS,
  lastCall,
  MANAGEMENT,
  OTHER,
  refusal,
  ROOT,
  running,
  SHOP,
  told,
  until,
  useSandbox,
} from './harness.js';

useSandbox();

const TEMPLATE = JSON.stringify({
  Parameters: { Days: { Type: 'Number', Default: 30 } },
  Resources: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: { Ref: 'Days' } } } },
});
const NAMED = JSON.stringify({
  Resources: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'guard', RetentionInDays: 30 } } },
});
const NAME = 'guard';

async function withSet(more: Partial<Parameters<CloudFormation['createStackSet']>[0]> = {}): Promise<CloudFormation> {
  const by = client();
  await by.activateOrganizationsAccess({});
  await by.createStackSet({
    StackSetName: NAME,
    TemplateBody: TEMPLATE,
    PermissionModel: 'SERVICE_MANAGED',
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    ...more,
  });
  return by;
}

async function rollOut(by: CloudFormation, more: Partial<CreateStackInstancesInput> = {}) {
  const { OperationId } = await by.createStackInstances({
    StackSetName: NAME,
    Regions: [HOME],
    DeploymentTargets: { OrganizationalUnitIds: [APPS] },
    ...more,
  });
  return ended(by, NAME, OperationId);
}

async function instances(by: CloudFormation): Promise<readonly StackInstanceSummary[]> {
  return (await by.listStackInstances({ StackSetName: NAME })).Summaries ?? [];
}

const brief = (each: StackInstanceSummary): string =>
  [each.Account!.slice(-3), each.Region, each.Status, each.StackInstanceStatus?.DetailedStatus].join(' ');

async function results(by: CloudFormation, OperationId: string | undefined): Promise<readonly string[]> {
  const { Summaries = [] } = await by.listStackSetOperationResults({ StackSetName: NAME, OperationId });
  return Summaries.map(({ Account, Region, Status }) => `${Account!.slice(-3)} ${Region} ${Status}`);
}

describe('before the first set', () => {
  it('trusted access has to be switched on, by the management account', async () => {
    const by = client();
    const create = { StackSetName: NAME, TemplateBody: TEMPLATE, PermissionModel: 'SERVICE_MANAGED' as const };
    await expect(by.describeOrganizationsAccess({})).resolves.toMatchObject({ Status: 'DISABLED' });
    expect(await refusal(by.createStackSet({ ...create, AutoDeployment: { Enabled: false } }))).toContain(
      'You must enable organizations access',
    );
    expect(await refusal(client(DELEGATE).activateOrganizationsAccess({}))).toContain('InvalidOperationException');
    await by.activateOrganizationsAccess({});
    await expect(by.describeOrganizationsAccess({})).resolves.toMatchObject({ Status: 'ENABLED' });
  });

  it('only administrators of stack sets may make one; the set lives in the management account', async () => {
    await client().activateOrganizationsAccess({});
    const create = {
      StackSetName: NAME,
      TemplateBody: TEMPLATE,
      PermissionModel: 'SERVICE_MANAGED' as const,
      AutoDeployment: { Enabled: false },
    };
    expect(await refusal(client('300000000001').createStackSet(create))).toContain('management account or delegated');
    expect(await refusal(client('300000000001').createStackSet({ ...create, CallAs: 'DELEGATED_ADMIN' }))).toContain(
      'management account or delegated',
    );
    const delegate = client(DELEGATE);
    expect(await refusal(delegate.createStackSet(create))).toContain('management account or delegated');
    await delegate.createStackSet({ ...create, CallAs: 'DELEGATED_ADMIN' });
    expect(await refusal(delegate.describeStackSet({ StackSetName: NAME }))).toBe(
      `StackSetNotFoundException: StackSet ${NAME} not found`,
    );
    const { StackSet } = await delegate.describeStackSet({ StackSetName: NAME, CallAs: 'DELEGATED_ADMIN' });
    expect(StackSet!.StackSetARN).toContain(`:${MANAGEMENT}:stackset/${NAME}:`);
    expect((await client().listStackSets({})).Summaries).toHaveLength(1);
    expect((await client(MANAGEMENT, OTHER).listStackSets({})).Summaries).toStrictEqual([]);
  });

  it('names are taken once, transforms and missing capabilities refused', async () => {
    const by = await withSet();
    const again = {
      StackSetName: NAME,
      PermissionModel: 'SERVICE_MANAGED' as const,
      AutoDeployment: { Enabled: false },
    };
    expect(await refusal(by.createStackSet({ ...again, TemplateBody: TEMPLATE }))).toContain(
      'NameAlreadyExistsException',
    );
    const role = JSON.stringify({ Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'a' } } } });
    expect(await refusal(by.createStackSet({ ...again, TemplateBody: role }))).toBe(
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]',
    );
    const transformed = JSON.stringify({ Transform: 'AWS::LanguageExtensions', ...JSON.parse(TEMPLATE) });
    expect(await refusal(by.createStackSet({ ...again, TemplateBody: transformed }))).toContain('transforms');
    expect(
      await refusal(by.createStackSet({ ...again, TemplateBody: TEMPLATE, PermissionModel: undefined })),
    ).toContain('SERVICE_MANAGED only');
  });
});

describe('a rollout', () => {
  it('makes stacks in the accounts of a unit and the units in it, and goes on where a client sees it', async () => {
    const by = await withSet();
    const { operation, seen } = await rollOut(by, { Regions: [HOME, OTHER] });
    expect(seen).toStrictEqual(['RUNNING', 'SUCCEEDED']);
    expect(operation).toMatchObject({ Action: 'CREATE', StatusDetails: { FailedStackInstancesCount: 0 } });
    const all = await instances(by);
    expect(all.map(brief)).toStrictEqual(
      [HOME, OTHER].flatMap((region) => ['001', '002', '003', '004'].map((id) => `${id} ${region} CURRENT SUCCEEDED`)),
    );
    expect(all.map(({ OrganizationalUnitId }) => OrganizationalUnitId)).toStrictEqual(Array(8).fill(APPS));
    const member = client('300000000004', OTHER);
    const [stack] = (await member.describeStacks({})).Stacks!;
    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', StackId: all.at(-1)!.StackId });
    expect(stack!.StackName).toMatch(/^StackSet-guard-[0-9a-f-]{36}$/);
    expect(await told(member, stack!.StackName!)).toStrictEqual([
      `${stack!.StackName} CREATE_IN_PROGRESS User Initiated`,
      'Log CREATE_IN_PROGRESS',
      'Log CREATE_IN_PROGRESS Resource creation Initiated',
      'Log CREATE_COMPLETE',
      `${stack!.StackName} CREATE_COMPLETE`,
    ]);
    expect((await client('400000000001').describeStacks({})).Stacks).toStrictEqual([]);
  });

  it('never reaches the management account, and leaves out suspended ones', async () => {
    const { accounts } = running().state.organization;
    accounts.set('300000000002', { ...accounts.get('300000000002')!, state: 'SUSPENDED' });
    const by = await withSet();
    const { operation } = await rollOut(by, { DeploymentTargets: { OrganizationalUnitIds: [ROOT] } });
    expect(operation.Status).toBe('SUCCEEDED');
    const all = await instances(by);
    expect(all.map(({ Account }) => Account)).not.toContain(MANAGEMENT);
    expect(all.filter(({ Status }) => Status !== 'CURRENT').map(brief)).toStrictEqual([
      `002 ${HOME} OUTDATED SKIPPED_SUSPENDED_ACCOUNT`,
    ]);
  });

  it('deploys by a role that SCPs reach', async () => {
    const by = await withSet();
    const { organization } = running().state;
    const content = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'logs:CreateLogGroup', Resource: '*' }],
    });
    const policy = { id: 'p-nologs00', name: 'no', type: 'SERVICE_CONTROL_POLICY', description: '', content };
    organization.policies.set(policy.id, { ...policy, awsManaged: false });
    organization.attachments.set(SHOP, [...(organization.attachments.get(SHOP) ?? []), policy.id]);
    const { operation } = await rollOut(by, { OperationPreferences: { FailureToleranceCount: 1 } });
    // What an operation that succeeded hides.
    expect(operation).toMatchObject({ Status: 'SUCCEEDED', StatusDetails: { FailedStackInstancesCount: 1 } });
    const failed = (await instances(by)).filter(({ Status }) => Status !== 'CURRENT');
    expect(failed.map(brief)).toStrictEqual([`004 ${HOME} OUTDATED FAILED`]);
    expect(failed[0]!.StatusReason).toMatch(
      /^ResourceLogicalId:Log, ResourceType:AWS::Logs::LogGroup, ResourceStatusReason:.*assumed-role\/stacksets-exec-[0-9a-f]{32}\/.* with an explicit deny in a service control policy/,
    );
  });

  it('takes account filters', async () => {
    const by = await withSet();
    const targets = { OrganizationalUnitIds: [APPS], Accounts: ['300000000001'] };
    await rollOut(by, { DeploymentTargets: { ...targets, AccountFilterType: 'INTERSECTION' } });
    expect((await instances(by)).map(brief)).toStrictEqual([`001 ${HOME} CURRENT SUCCEEDED`]);
    await rollOut(by, { Regions: [OTHER], DeploymentTargets: { ...targets, AccountFilterType: 'DIFFERENCE' } });
    const { Summaries } = await by.listStackInstances({ StackSetName: NAME, StackInstanceRegion: OTHER });
    expect(Summaries!.map(({ Account }) => Account!.slice(-3))).toStrictEqual(['002', '003', '004']);
    const union = { ...targets, AccountFilterType: 'UNION' as const };
    expect(await refusal(rollOut(by, { DeploymentTargets: union }))).toContain('UNION is not supported');
    expect(await refusal(rollOut(by, { DeploymentTargets: targets }))).toContain('AccountFilterType must be');
    const unknown = { OrganizationalUnitIds: ['ou-ab12-unknown0'] };
    expect(await refusal(rollOut(by, { DeploymentTargets: unknown }))).toContain('ou-ab12-unknown0 does not exist');
  });
});

describe('failures', () => {
  const fail = (account: string, region?: string): void => {
    deploymentFaultsOf(running().state).add({
      account,
      ...(region !== undefined && { region }),
      reason: 'as asked for',
    });
  };

  it('beyond the tolerance stop the Region and the Regions after it', async () => {
    const by = await withSet();
    fail('300000000002');
    const { operation } = await rollOut(by, { Regions: [HOME, OTHER], OperationId: 'first' });
    expect(operation).toMatchObject({ Status: 'FAILED', StatusDetails: { FailedStackInstancesCount: 1 } });
    expect(await results(by, 'first')).toStrictEqual([
      `001 ${HOME} SUCCEEDED`,
      `002 ${HOME} FAILED`,
      `003 ${HOME} CANCELLED`,
      `004 ${HOME} CANCELLED`,
      ...['001', '002', '003', '004'].map((id) => `${id} ${OTHER} CANCELLED`),
    ]);
    // The id is used up; with another one, what is outdated is tried again.
    expect(await refusal(rollOut(by, { OperationId: 'first' }))).toContain('OperationIdAlreadyExistsException');
    deploymentFaultsOf(running().state).clear();
    const again = await rollOut(by, { Regions: [HOME, OTHER], OperationId: 'second' });
    expect(again.operation.Status).toBe('SUCCEEDED');
    expect((await instances(by)).filter(({ Status }) => Status !== 'CURRENT')).toStrictEqual([]);
  });

  it('are counted by Region; Regions side by side do not wait for each other', async () => {
    const by = await withSet();
    fail('300000000001', HOME);
    const { operation } = await rollOut(by, {
      Regions: [HOME, OTHER],
      OperationId: 'parallel',
      OperationPreferences: { RegionConcurrencyType: 'PARALLEL' },
    });
    expect(operation.Status).toBe('FAILED');
    expect((await results(by, 'parallel')).filter((each) => each.includes(OTHER))).toStrictEqual(
      ['001', '002', '003', '004'].map((id) => `${id} ${OTHER} SUCCEEDED`),
    );
  });

  it('with soft tolerance may be more than the tolerance, with strict never by more than one', async () => {
    const by = await withSet();
    deploymentFaultsOf(running().state).add({ reason: 'as asked for' });
    const many = { MaxConcurrentCount: 4, FailureToleranceCount: 1 };
    const soft = await rollOut(by, { OperationPreferences: { ...many, ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE' } });
    expect(soft.operation.StatusDetails?.FailedStackInstancesCount).toBe(4);
    const one = { MaxConcurrentCount: 1, FailureToleranceCount: 0, ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE' } as const;
    const first = await rollOut(by, { OperationPreferences: one });
    expect(first.operation.StatusDetails?.FailedStackInstancesCount).toBe(1);
    const strict = await rollOut(by, { OperationPreferences: many });
    expect(strict.operation.StatusDetails?.FailedStackInstancesCount).toBe(2);
    const share = { MaxConcurrentPercentage: 100, FailureTolerancePercentage: 74 };
    const byShare = await rollOut(by, { OperationPreferences: share });
    expect(byShare.operation.StatusDetails?.FailedStackInstancesCount).toBe(3);
  });

  it('of a template leave a stack that is made anew', async () => {
    const by = await withSet({ TemplateBody: NAMED });
    const member = client('300000000001');
    await member.createStack({ StackName: 'mine', TemplateBody: NAMED });
    await until(
      async () => (await member.describeStacks({ StackName: 'mine' })).Stacks![0]!.StackStatus,
      (status) => status === 'CREATE_COMPLETE',
    );
    const { operation } = await rollOut(by, { OperationPreferences: { FailureToleranceCount: 3 } });
    expect(operation.StatusDetails?.FailedStackInstancesCount).toBe(1);
    const [failed] = (await instances(by)).filter(({ Status }) => Status === 'OUTDATED');
    expect(failed!.StatusReason).toContain('guard already exists in stack');
    const left = (await member.describeStacks({ StackName: failed!.StackId! })).Stacks![0]!;
    expect(left.StackStatus).toBe('ROLLBACK_COMPLETE');
    await member.deleteStack({ StackName: 'mine' });
    await until(
      async () => (await member.describeStacks({})).Stacks!.length,
      (count) => count === 1,
    );
    expect((await rollOut(by)).operation.Status).toBe('SUCCEEDED');
    expect((await instances(by)).map(({ Status }) => Status)).toStrictEqual(Array(4).fill('CURRENT'));
  });
});

describe('operations', () => {
  it('come one at a time, or wait when execution is managed', async () => {
    const by = await withSet();
    const both = { StackSetName: NAME, Regions: [HOME], DeploymentTargets: { OrganizationalUnitIds: [APPS] } };
    const { OperationId } = await by.createStackInstances(both);
    expect(await refusal(by.createStackInstances({ ...both, Regions: [OTHER] }))).toMatch(
      new RegExp(`^OperationInProgressException: Another Operation on StackSet .* is in progress: ${OperationId}`),
    );
    expect(await refusal(by.deleteStackSet({ StackSetName: NAME }))).toContain('OperationInProgressException');
    await ended(by, NAME, OperationId);
    await ended(
      by,
      NAME,
      (await by.updateStackSet({ StackSetName: NAME, UsePreviousTemplate: true, ManagedExecution: { Active: true } }))
        .OperationId,
    );
    const first = await by.createStackInstances({ ...both, Regions: [OTHER] });
    const second = await by.createStackInstances({ ...both, Regions: ['eu-north-1'] });
    const { StackSetOperation } = await by.describeStackSetOperation({
      StackSetName: NAME,
      OperationId: second.OperationId,
    });
    expect(StackSetOperation?.Status).toBe('QUEUED');
    expect((await ended(by, NAME, first.OperationId)).operation.Status).toBe('SUCCEEDED');
    expect((await ended(by, NAME, second.OperationId)).operation.Status).toBe('SUCCEEDED');
  });

  it('can be stopped: what has begun ends, the rest is not tried', async () => {
    const by = await withSet();
    const { OperationId } = await by.createStackInstances({
      StackSetName: NAME,
      Regions: [HOME, OTHER],
      DeploymentTargets: { OrganizationalUnitIds: [APPS] },
    });
    await by.stopStackSetOperation({ StackSetName: NAME, OperationId });
    const { operation } = await ended(by, NAME, OperationId);
    expect(operation.Status).toBe('STOPPED');
    const statuses = (await results(by, OperationId)).map((each) => each.split(' ')[2]);
    expect(statuses.at(-1)).toBe('CANCELLED');
    expect(new Set(statuses).has('FAILED')).toBe(false);
    expect(await refusal(by.stopStackSetOperation({ StackSetName: NAME, OperationId }))).toContain(
      'InvalidOperationException',
    );
    expect(await refusal(by.stopStackSetOperation({ StackSetName: NAME, OperationId: 'none' }))).toContain(
      'OperationNotFoundException',
    );
  });

  it('of an update make all instances outdated, and those that are meant current', async () => {
    const by = await withSet();
    await rollOut(by);
    const { OperationId } = await by.updateStackSet({
      StackSetName: NAME,
      UsePreviousTemplate: true,
      Parameters: [{ ParameterKey: 'Days', ParameterValue: '90' }],
      Regions: [HOME],
      DeploymentTargets: { OrganizationalUnitIds: [SHOP] },
    });
    expect((await ended(by, NAME, OperationId)).operation.Action).toBe('UPDATE');
    expect((await instances(by)).map(({ Status }) => Status)).toStrictEqual([
      'OUTDATED',
      'OUTDATED',
      'OUTDATED',
      'CURRENT',
    ]);
    const days = async (account: string): Promise<string | undefined> => {
      const [stack] = (await client(account).describeStacks({})).Stacks!;
      return stack!.Parameters![0]!.ParameterValue;
    };
    expect([await days('300000000001'), await days('300000000004')]).toStrictEqual(['30', '90']);
    const overrides = await by.updateStackInstances({
      StackSetName: NAME,
      Regions: [HOME],
      DeploymentTargets: {
        OrganizationalUnitIds: [APPS],
        Accounts: ['300000000001'],
        AccountFilterType: 'INTERSECTION',
      },
      ParameterOverrides: [{ ParameterKey: 'Days', ParameterValue: '365' }],
    });
    await ended(by, NAME, overrides.OperationId);
    expect(await days('300000000001')).toBe('365');
    const { StackInstance } = await by.describeStackInstance({
      StackSetName: NAME,
      StackInstanceAccount: '300000000001',
      StackInstanceRegion: HOME,
    });
    expect(StackInstance).toMatchObject({
      Status: 'CURRENT',
      ParameterOverrides: [{ ParameterKey: 'Days', ParameterValue: '365' }],
    });
  });

  it('of a deletion leave nothing, or the stacks when they are retained, or what could not be deleted', async () => {
    const by = await withSet();
    await rollOut(by, { Regions: [HOME, OTHER] });
    expect(await refusal(by.deleteStackSet({ StackSetName: NAME }))).toContain('StackSetNotEmptyException');
    const member = client('300000000001');
    const [stack] = (await member.describeStacks({})).Stacks!;
    await member.updateTerminationProtection({ StackName: stack!.StackName!, EnableTerminationProtection: true });
    const targets = { StackSetName: NAME, DeploymentTargets: { OrganizationalUnitIds: [APPS] } };
    const first = await by.deleteStackInstances({
      ...targets,
      Regions: [HOME],
      RetainStacks: false,
      OperationPreferences: { FailureToleranceCount: 1 },
    });
    await ended(by, NAME, first.OperationId);
    const home = await by.listStackInstances({ StackSetName: NAME, StackInstanceRegion: HOME });
    expect(home.Summaries!.map(brief)).toStrictEqual([`001 ${HOME} INOPERABLE INOPERABLE`]);
    const { Summaries } = await by.listStackSetAutoDeploymentTargets({ StackSetName: NAME });
    expect(Summaries).toStrictEqual([{ OrganizationalUnitId: APPS, Regions: [OTHER] }]);
    const rest = await by.deleteStackInstances({ ...targets, Regions: [HOME, OTHER], RetainStacks: true });
    await ended(by, NAME, rest.OperationId);
    expect(await instances(by)).toStrictEqual([]);
    expect((await client('300000000002', OTHER).describeStacks({})).Stacks).toHaveLength(1);
    expect((await client('300000000002', HOME).describeStacks({})).Stacks).toStrictEqual([]);
    await by.deleteStackSet({ StackSetName: NAME });
    expect(await refusal(by.describeStackSet({ StackSetName: NAME }))).toContain('StackSetNotFoundException');
    expect((await by.listStackSets({ Status: 'DELETED' })).Summaries).toHaveLength(1);
  });
});

describe('input of another form than the API reference has it', () => {
  it.each<readonly [what: string, call: (by: CloudFormation) => Promise<unknown>, constraint: string]>([
    [
      'four filters',
      (by) =>
        by.listStackInstances({
          StackSetName: NAME,
          Filters: [1, 2, 3, 4].map(() => ({ Name: 'DRIFT_STATUS', Values: 'IN_SYNC' })),
        }),
      "Value null at 'filters' failed to satisfy constraint: Member must have length less than or equal to 3",
    ],
    [
      'the account of an instance',
      (by) => by.listStackInstances({ StackSetName: NAME, StackInstanceAccount: 'shop' }),
      'Member must satisfy regular expression pattern: ^[0-9]{12}$',
    ],
    [
      'an operation id',
      (by) => by.listStackSetOperationResults({ StackSetName: NAME, OperationId: 'a'.repeat(129) }),
      'Member must have length less than or equal to 128',
    ],
    [
      'a status of stacks',
      (by) => by.listStacks({ StackStatusFilter: ['DONE' as 'CREATE_COMPLETE'] }),
      'Member must satisfy enum value set: [CREATE_IN_PROGRESS, ',
    ],
    [
      'no identifiers of types',
      (by) => by.batchDescribeTypeConfigurations({ TypeConfigurationIdentifiers: [] }),
      'Member must have length greater than or equal to 1',
    ],
    [
      'the name of a type',
      (by) =>
        by.batchDescribeTypeConfigurations({ TypeConfigurationIdentifiers: [{ Type: 'HOOK', TypeName: 'Hook' }] }),
      'Member must have length greater than or equal to 10',
    ],
    [
      'a target without an id',
      (by) => by.listHookResults({ TargetType: 'STACK', TargetId: '' }),
      'Member must have length greater than or equal to 1',
    ],
    [
      'the name of a change set',
      (by) => by.executeChangeSet({ ChangeSetName: 'a'.repeat(1601), StackName: 'app' }),
      'Member must have length less than or equal to 1600',
    ],
  ])('%s: refused', async (_, call, constraint) => {
    const refused = await refusal(call(await withSet()));
    expect(refused).toContain('ValidationError: 1 validation error detected: ');
    expect(refused).toContain(constraint);
  });

  it('a target that no hook was asked for is told, not shown empty', async () => {
    expect(await refusal(client().listHookResults({ TargetType: 'STACK', TargetId: 'nothing' }))).toMatch(
      /^HookResultNotFound/,
    );
  });
});

describe('accounts that join, leave and move', () => {
  /** Moves an account, and tells it as the organization does. */
  function move(account: string, unit: string): void {
    const { organization } = running().state;
    const from = pathTo(organization, account).slice(0, -1);
    organization.accounts.set(account, { ...organization.accounts.get(account)!, parentId: unit });
    CLOUDFORMATION.accountMoved(lastCall(), { account, from, to: pathTo(organization, account).slice(0, -1) });
  }

  it('get the stack, lose it, and get it again', async () => {
    const by = await withSet();
    await rollOut(by);
    move('400000000001', SHOP);
    await until(
      () => instances(by),
      (all) => all.some((each) => brief(each) === `001 ${HOME} CURRENT SUCCEEDED` && each.Account === '400000000001'),
    );
    move('400000000001', APPS);
    const { Summaries } = await by.listStackSetOperations({ StackSetName: NAME });
    // It is in a unit that is followed as before, so nothing is done.
    expect(Summaries!.map(({ Action }) => Action)).toStrictEqual(['CREATE', 'CREATE']);
    move('400000000001', LABS);
    await until(
      () => instances(by),
      (all) => all.length === 4,
    );
    expect((await client('400000000001').describeStacks({})).Stacks).toStrictEqual([]);
  });

  it('between two units that are followed lose the stack and get it anew', async () => {
    const by = await withSet();
    await rollOut(by, { DeploymentTargets: { OrganizationalUnitIds: [LABS] } });
    await rollOut(by, { DeploymentTargets: { OrganizationalUnitIds: [SHOP] } });
    const [before] = (await client('400000000001').describeStacks({})).Stacks!;
    move('400000000001', SHOP);
    const operations = async () => (await by.listStackSetOperations({ StackSetName: NAME })).Summaries!;
    await until(operations, (all) => all.length === 4 && all.every(({ Status }) => Status === 'SUCCEEDED'));
    expect((await operations()).map(({ Action }) => Action)).toStrictEqual(['CREATE', 'DELETE', 'CREATE', 'CREATE']);
    const [after] = (await client('400000000001').describeStacks({})).Stacks!;
    expect(after!.StackId).not.toBe(before!.StackId);
    const moved = (await instances(by)).find(({ Account }) => Account === '400000000001');
    expect(moved).toMatchObject({ OrganizationalUnitId: SHOP, Status: 'CURRENT' });
  });

  it('keep the stack where it is retained; the management account is not followed', async () => {
    const by = await withSet({ AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true } });
    await rollOut(by);
    move('300000000001', LABS);
    await until(
      () => instances(by),
      (all) => all.every(({ Account }) => Account !== '300000000001'),
    );
    expect((await client('300000000001').describeStacks({})).Stacks).toHaveLength(1);
    const operations = async () => (await by.listStackSetOperations({ StackSetName: NAME })).Summaries!.length;
    const before = await operations();
    move(MANAGEMENT, APPS);
    expect(await operations()).toBe(before);
  });

  describe('with stack sets that depend on others', () => {
    const AUTO = { Enabled: true, RetainStacksOnAccountRemoval: false };
    const arnOf = async (by: CloudFormation, StackSetName: string) =>
      (await by.describeStackSet({ StackSetName })).StackSet!.StackSetARN!;

    /** Two sets; the one that was made first depends on the other. */
    async function two(): Promise<CloudFormation> {
      const by = await withSet();
      const base = { StackSetName: 'base', TemplateBody: TEMPLATE, PermissionModel: 'SERVICE_MANAGED' as const };
      await by.createStackSet({ ...base, AutoDeployment: AUTO });
      const DependsOn = [await arnOf(by, 'base')];
      const update = { StackSetName: NAME, UsePreviousTemplate: true, AutoDeployment: { ...AUTO, DependsOn } };
      await ended(by, NAME, (await by.updateStackSet(update)).OperationId);
      expect((await by.describeStackSet({ StackSetName: NAME })).StackSet!.AutoDeployment).toStrictEqual({
        ...AUTO,
        DependsOn,
      });
      await rollOut(by);
      const targets = { Regions: [HOME], DeploymentTargets: { OrganizationalUnitIds: [APPS] } };
      await ended(by, 'base', (await by.createStackInstances({ StackSetName: 'base', ...targets })).OperationId);
      return by;
    }
    const automatic = async (by: CloudFormation, StackSetName: string) => {
      const [last] = (await by.listStackSetOperations({ StackSetName })).Summaries!;
      return (await by.describeStackSetOperation({ StackSetName, OperationId: last!.OperationId })).StackSetOperation!;
    };

    it('get what others depend on first, in whatever order the sets were made', async () => {
      const by = await two();
      move('400000000001', SHOP);
      // Whether it waits is seen before anything runs: the calls below let the operations go on.
      const sets = STACK_SETS.of(running().state, MANAGEMENT, HOME).sets;
      const last = (name: string) => [...sets.values()].find((set) => set.name === name)!.operations.at(-1)!;
      expect([last('base').status, last(NAME).status]).toStrictEqual(['RUNNING', 'QUEUED']);
      await until(
        () => automatic(by, NAME),
        ({ Status }) => Status === 'SUCCEEDED',
      );
      expect(last('base').status).toBe('SUCCEEDED');
      const stacks = (await client('400000000001').describeStacks({})).Stacks!;
      expect(stacks.map(({ StackName }) => StackName!.split('-')[1])).toStrictEqual([NAME, 'base']);
    });

    it('do not get what depends on a stack that failed, and are told so', async () => {
      const by = await two();
      deploymentFaultsOf(running().state).add({
        stackSetName: 'base',
        account: '400000000001',
        times: 1,
        reason: 'no room',
      });
      move('400000000001', SHOP);
      await until(
        () => automatic(by, NAME),
        ({ Status }) => Status === 'FAILED',
      );
      expect((await automatic(by, NAME)).StatusReason).toContain('that this one depends on did not succeed');
      const left = (await instances(by)).find(({ Account }) => Account === '400000000001');
      expect(brief(left!)).toBe(`001 ${HOME} OUTDATED CANCELLED`);
      expect((await client('400000000001').describeStacks({})).Stacks).toStrictEqual([]);
    });

    it('are refused when these are not there, go in a circle or are too many', async () => {
      const by = await two();
      const depend = async (StackSetName: string, DependsOn: string[]) =>
        refusal(by.updateStackSet({ StackSetName, UsePreviousTemplate: true, AutoDeployment: { ...AUTO, DependsOn } }));
      const mine = await arnOf(by, NAME);
      expect(await depend('base', [mine])).toContain('would create a circular dependency');
      expect(await depend('base', [await arnOf(by, 'base')])).toContain('would create a circular dependency');
      expect(await depend('base', [`${mine}0`])).toContain('does not exist');
      expect(await depend('base', Array<string>(11).fill(mine))).toContain('less than or equal to 10');
    });
  });

  it('are not followed when automatic deployment is off', async () => {
    const by = await withSet({ AutoDeployment: { Enabled: false } });
    await rollOut(by);
    move('400000000001', APPS);
    expect((await by.listStackSetOperations({ StackSetName: NAME })).Summaries).toHaveLength(1);
  });
});

describe('a stack set as a resource of a stack', () => {
  const ROLE = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'guard',
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    },
  };
  const outer = (units: readonly string[], hours: number): string =>
    JSON.stringify({
      Resources: {
        Set: {
          Type: 'AWS::CloudFormation::StackSet',
          Properties: {
            ...{ StackSetName: NAME, PermissionModel: 'SERVICE_MANAGED', Capabilities: ['CAPABILITY_NAMED_IAM'] },
            AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
            OperationPreferences: { MaxConcurrentCount: 5, FailureToleranceCount: 4 },
            StackInstancesGroup: [{ DeploymentTargets: { OrganizationalUnitIds: units }, Regions: [HOME] }],
            TemplateBody: JSON.stringify({
              Resources: {
                Role: { ...ROLE, Properties: { ...ROLE.Properties, MaxSessionDuration: hours * 3600 } },
              },
            }),
          },
        },
      },
    });
  const status = async (by: CloudFormation): Promise<string> =>
    (await by.describeStacks({ StackName: 'outer' })).Stacks![0]!.StackStatus!;
  const settled = async (by: CloudFormation): Promise<string> => {
    let now = await status(by);
    while (now.endsWith('_IN_PROGRESS')) now = await status(by);
    return now;
  };

  it('rolls out, follows its template, tells drift, and takes everything back', async () => {
    const by = client();
    await by.activateOrganizationsAccess({});
    await by.createStack({ StackName: 'outer', TemplateBody: outer([LABS], 1) });
    expect(await settled(by)).toBe('CREATE_COMPLETE');
    expect((await instances(by)).map(brief)).toStrictEqual([`001 ${HOME} CURRENT SUCCEEDED`]);
    await by.updateStack({ StackName: 'outer', TemplateBody: outer([LABS, SHOP], 2) });
    expect(await settled(by)).toBe('UPDATE_COMPLETE');
    expect((await instances(by)).map(brief).sort()).toStrictEqual([
      `001 ${HOME} CURRENT SUCCEEDED`,
      `004 ${HOME} CURRENT SUCCEEDED`,
    ]);
    const detect = async (): Promise<string> => {
      const { OperationId } = await by.detectStackSetDrift({ StackSetName: NAME });
      await ended(by, NAME, OperationId);
      return OperationId!;
    };
    const drifted = async (): Promise<unknown> => {
      const { StackSet } = await by.describeStackSet({ StackSetName: NAME });
      const { DriftStatus, DriftDetectionStatus, DriftedStackInstancesCount } =
        StackSet!.StackSetDriftDetectionDetails!;
      return [DriftStatus, DriftDetectionStatus, DriftedStackInstancesCount];
    };
    expect(await drifted()).toStrictEqual(['NOT_CHECKED', 'COMPLETED', undefined]);
    await detect();
    expect(await drifted()).toStrictEqual(['IN_SYNC', 'COMPLETED', 0]);
    const { roles } = IAM.of(lastCall().state, '400000000001');
    roles.get('guard')!.maxSessionDuration = 43_200;
    const OperationId = await detect();
    expect(await drifted()).toStrictEqual(['DRIFTED', 'COMPLETED', 1]);
    const where = { StackSetName: NAME, OperationId, StackInstanceAccount: '400000000001', StackInstanceRegion: HOME };
    expect((await by.listStackInstanceResourceDrifts(where)).Summaries).toMatchObject([
      {
        StackResourceDriftStatus: 'MODIFIED',
        PropertyDifferences: [
          {
            PropertyPath: '/MaxSessionDuration',
            ExpectedValue: '7200',
            ActualValue: '43200',
            DifferenceType: 'NOT_EQUAL',
          },
        ],
      },
    ]);
    roles.delete('guard');
    await detect();
    expect((await by.listStackInstanceResourceDrifts(where)).Summaries).toMatchObject([
      { StackResourceDriftStatus: 'DELETED' },
    ]);
    expect((await instances(by)).map(({ DriftStatus }) => DriftStatus).sort()).toStrictEqual(['DRIFTED', 'IN_SYNC']);
    await by.deleteStack({ StackName: 'outer' });
    while ((await by.listStackSets({ Status: 'ACTIVE' })).Summaries!.length > 0);
    expect(IAM.of(lastCall().state, '300000000004').roles.has('guard')).toBe(false);
  });

  it('fails with its operations, and leaves nothing', async () => {
    const by = client();
    await by.activateOrganizationsAccess({});
    deploymentFaultsOf(lastCall().state).add({ account: '400000000001', times: 1, reason: 'no room' });
    const body = outer([LABS], 1).replace('"FailureToleranceCount":4', '"FailureToleranceCount":0');
    await by.createStack({ StackName: 'outer', TemplateBody: body });
    expect(await settled(by)).toBe('ROLLBACK_COMPLETE');
    expect((await told(by, 'outer')).join(' ')).toContain('is FAILED');
    expect((await by.listStackSets({ Status: 'ACTIVE' })).Summaries).toStrictEqual([]);
  });
});
