/** What `stackade scan rights` prints is what a scan takes, over the wire: all of it, and nothing more. */
import {
  accountActions,
  handlerActions,
  listInside,
  organizationActions,
  type Scan,
  type ScanRights,
} from '../../../analyzers/scan/index.js';
import { iamAction } from '../../../catalogue/iam/index.js';
import { loadLibrary } from '../../../cli/library.js';
import { scanPlan } from '../../../cli/scan/org-plan.js';
import { readOf, runScanRights } from '../../../cli/scan/rights.js';
import { accessOf } from '../../../sandbox/cloudformation/stack-sets/data.js';
import { askHandlerRights } from '../../../sandbox/cloud-control/seed.js';
import { ANALYZERS } from '../../../sandbox/access-analyzer/data.js';
import { seedResource } from '../../../sandbox/index.js';
import { noteChange } from '../../../sandbox/state.js';
import { templateOf } from '../../boundaries/library.js';
import { folderOf, removeFolders } from '../../cli/check/support.js';
import { runs } from '../../support/runs.js';
import { runInProcess, runScan, scanOf, type RanFlags, type RanScan } from '../../support/scan-command.js';
import {
  GOVERNANCE,
  HOME,
  MANAGEMENT,
  ROLE,
  scanEnvironment,
  scanOrganizationText,
  startScanSandbox,
  type ScanSandbox,
} from '../../support/scan-organization.js';

const CALLER = 'stackade-scan';
const FIRST = '333333333330';
/** Types of which each account has a resource, so that they are read and not only listed. */
const SEEDED = [
  ['AWS::KMS::Key', { KeyPolicy: {} }],
  ['AWS::EKS::Cluster', { Name: 'one', RoleArn: 'arn:aws:iam::333333333331:role/eks', ResourcesVpcConfig: {} }],
  ['AWS::EKS::Addon', { ClusterName: 'one', AddonName: 'vpc-cni' }],
] as const;

let scanned: ScanSandbox;
let folder: string;
let members: readonly string[];
/** Control whose rules read the types above. */
const CONTROLS = ['BND-ROLE-01', 'IAM-EXT-01', 'KEY-KMS-03'];
/** And those that look at the organization itself. */
let all: readonly string[];
let account: readonly string[];

async function rights(whose: 'account' | 'caller', flags = {}): Promise<ScanRights['caller']> {
  const { stdout, exitCode } = await runInProcess(folder, {}, (terminal) =>
    runScanRights(whose, { role: ROLE, partition: 'aws', ...flags }, terminal),
  );
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as ScanRights['caller'];
}

const without = (policy: ScanRights['caller'], action: string): object => ({
  ...policy,
  Statement: policy.Statement.map((one) => ({ ...one, Action: one.Action.filter((each) => each !== action) })).filter(
    ({ Action }) => Action.length > 0,
  ),
});

async function put(of: string, RoleName: string, policy: object, trusted?: string): Promise<void> {
  const { CreateRoleCommand, IAMClient, PutRolePolicyCommand } = await import('@aws-sdk/client-iam');
  const { sandbox } = scanned;
  const iam = new IAMClient({ region: HOME, endpoint: sandbox.url, credentials: sandbox.credentials(of) });
  const Principal = { AWS: `arn:aws:iam::${trusted ?? ''}:root` };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  if (trusted !== undefined) await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'read', PolicyDocument: JSON.stringify(policy) }));
  iam.destroy();
}

/** Credentials of the role that scans. */
async function asCaller(): Promise<Record<string, string>> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { sandbox } = scanned;
  const sts = new STSClient({ region: HOME, endpoint: sandbox.url, credentials: sandbox.credentials(GOVERNANCE) });
  const RoleArn = `arn:aws:iam::${GOVERNANCE}:role/${CALLER}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'scan' }));
  sts.destroy();
  return {
    ...scanEnvironment(scanned, folder),
    AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
    AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
    AWS_SESSION_TOKEN: Credentials!.SessionToken!,
  };
}

async function run(flags: RanFlags): Promise<RanScan> {
  return runScan(folder, await asCaller(), { controls: CONTROLS, regions: [HOME], ...flags });
}

/** What an account refused. */
const deniedIn = ({ units }: Scan, id: string): readonly string[] =>
  units
    .filter((unit) => unit.account.id === id)
    .flatMap(({ failures }) =>
      failures.flatMap(({ code, message }) => (code.startsWith('AccessDenied') ? message : [])),
    );

/** Actions by which the resources that are seeded, and IAM, are read. */
function asked(): readonly string[] {
  const ofTypes = SEEDED.flatMap(([type]) => [...handlerActions(type)!.list, ...handlerActions(type)!.read]);
  const [few, many] = [ofTypes.filter((_, index) => index % 3 === 0), ofTypes];
  return [...new Set([...account.filter((each) => each.startsWith('iam:')), ...runs(few, many)])]
    .concat('cloudformation:GetResource', 'cloudformation:ListResources')
    .filter((each) => account.includes(each) && !UNSEEN.has(each));
}

/** Actions of which nothing is there that they would read: no user has a key, a device or a password, no role of a profile. */
const UNSEEN: ReadonlySet<string> = new Set([
  'iam:GetInstanceProfile',
  // Of stack sets that a declaration of rollouts names.
  'cloudformation:ListStackSetAutoDeploymentTargets',
  'cloudformation:ListStackSetOperations',
]);
/** Accounts say that their tags were not read. */
const TAGS = 'organizations:ListTagsForResource';

const saysSo = ({ stdout, stderr }: RanScan, action: string): boolean => `${stdout}${stderr}`.includes(action);

const verdictOf = ({ controls }: Scan, wanted: string): string =>
  controls.find(({ control }) => control === wanted)!.verdict;

beforeAll(async () => {
  const { plan } = await scanPlan({ homeRegion: HOME, controls: CONTROLS }, loadLibrary());
  account = accountActions(readOf(plan));
  const { plan: whole } = await scanPlan({ homeRegion: HOME, controls: null }, loadLibrary());
  const wide = whole.checks.filter(({ scope, source }) => scope === 'organization' && source !== 'attestation');
  all = [...new Set([...CONTROLS, ...wide.flatMap(({ controls }) => controls)])];
  members = [FIRST, ...asked().map((_, index) => String(333_333_333_331 + index))];
  scanned = await startScanSandbox(members);
  folder = folderOf({ 'org.yaml': scanOrganizationText(members) });
  const { state } = scanned.sandbox;
  accessOf(state).isEnabled = true;
  askHandlerRights(state);
  for (const id of members) {
    for (const [type, properties] of SEEDED) seedResource(state, { account: id, region: HOME, type, properties });
  }
  const policy = await rights('account', { controls: all });
  for (const [index, id] of [MANAGEMENT, ...members].entries()) {
    await put(id, ROLE, index < 2 ? policy : without(policy, asked()[index - 2]!));
  }
  await put(GOVERNANCE, CALLER, await rights('caller', { controls: all }), GOVERNANCE);
});

afterAll(async () => {
  await scanned.sandbox.close();
  removeFolders();
});

it('a scan with exactly these rights reads everything; an account whose role lacks one action is told, by the action', async () => {
  const scan = scanOf(await run({}));
  const [whole, ...lacking] = members;
  expect([whole!, MANAGEMENT, GOVERNANCE].flatMap((id) => deniedIn(scan, id))).toStrictEqual([]);
  for (const [index, id] of lacking.entries()) {
    const action = asked()[index]!;
    expect([action, deniedIn(scan, id).join('\n')]).toStrictEqual([action, expect.stringContaining(action)]);
    const statuses = scan.units.filter((unit) => unit.account.id === id).map(({ status }) => status);
    expect([action, statuses]).toStrictEqual([action, expect.arrayContaining(['partial'])]);
  }
});

it('with --create-analyzers, they are created with exactly the rights that are printed', async () => {
  const { state } = scanned.sandbox;
  const { analyzers } = ANALYZERS.of(state, GOVERNANCE, HOME);
  const kept = analyzers.get('organization')!;
  analyzers.delete('organization');
  noteChange(state);
  const flags = { controls: ['IAM-EXT-01'], accounts: [FIRST], createAnalyzers: true, yes: true } as const;
  const refused = await run(flags);
  expect([refused.exitCode, refused.stderr]).toStrictEqual([
    2,
    expect.stringContaining('cloudformation:CreateStackSet'),
  ]);
  await put(GOVERNANCE, CALLER, await rights('caller', { controls: all, createAnalyzers: true }));
  const made = await run(flags);
  expect(made.stderr).toContain(`created stackade-organization in ${HOME}`);
  expect(deniedIn(scanOf(made), FIRST)).toStrictEqual([]);
  analyzers.set('organization', kept);
});

it('whoever scans without one of the actions is told so, by the action', async () => {
  const flags = { accounts: [FIRST], controls: all };
  const policy = await rights('caller', { controls: all });
  const whole = await run(flags);
  expect(deniedIn(scanOf(whole), FIRST)).toStrictEqual([]);
  expect(whole.stderr).not.toContain('not authorized to perform');
  const own = ['access-analyzer:ListAnalyzers', 'access-analyzer:ListFindings', 'sts:AssumeRole'];
  const actions = [...organizationActions(), ...own].filter((action) => !UNSEEN.has(action));
  const few = ['organizations:ListPolicies', 'cloudformation:ListStackSets', 'access-analyzer:ListFindings'];
  const silent: string[] = [];
  for (const action of runs(few, actions)) {
    await put(GOVERNANCE, CALLER, without(policy, action));
    const ran = await run(flags);
    const isTold = action === TAGS ? verdictOf(scanOf(ran), 'ORG-ACC-01') === 'NOT_EVALUATED' : saysSo(ran, action);
    if (ran.exitCode === 0 || !isTold) silent.push(action);
  }
  await put(GOVERNANCE, CALLER, policy);
  expect(silent).toStrictEqual([]);
});

it('knows the actions of every type that a check lists, each of them one that reads', async () => {
  const { plan } = await scanPlan({ homeRegion: HOME, controls: null }, loadLibrary());
  const { types } = readOf(plan);
  const all = [...types, ...types.flatMap((type) => listInside(type)?.parent ?? [])];
  expect(all.filter((type) => handlerActions(type) === undefined)).toStrictEqual([]);
  const { caller, account: role } = JSON.parse(
    (await runInProcess(folder, {}, (terminal) => runScanRights(undefined, { role: ROLE, partition: 'aws' }, terminal)))
      .stdout,
  ) as ScanRights;
  const actions = [...caller.Statement, ...role.Statement].flatMap(({ Action }) => Action);
  expect(actions.filter((action) => iamAction(action) === undefined)).toStrictEqual([]);
  const changes = actions.filter((action) => !['List', 'Read'].includes(iamAction(action)!.accessLevel));
  expect([...new Set(changes)]).toStrictEqual(['sts:AssumeRole']);
  // Inline policies of a role hold 10,240 characters.
  expect(JSON.stringify(caller).length).toBeLessThan(10_240);
});

it('refuses what is none of the two, no partition and no control', async () => {
  const flags = { role: ROLE, partition: 'aws' };
  const ran = (whose: string | undefined, more: object): Promise<RanScan> =>
    runInProcess(folder, {}, (terminal) => runScanRights(whose, { ...flags, ...more }, terminal));
  for (const [whose, more, said] of [
    ['role', {}, '`role` is none of caller, account'],
    [undefined, { partition: 'azure' }, '`azure` is none of aws'],
    ['account', { controls: ['ENC-SQS-01'] }, 'no check of these controls reads anything of an account'],
    [undefined, { controls: ['IAM-EXT-9'] }, 'there is no control `IAM-EXT-9`'],
  ] as const) {
    expect(await ran(whose, more)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(said) as string,
    });
  }
});

it('the role of the library has the rights of a whole scan, unless told otherwise', async () => {
  const { plan } = await scanPlan({ homeRegion: HOME, controls: null }, loadLibrary());
  const { readActions } = templateOf('scanner-role').parameters;
  expect(readActions!.default).toStrictEqual(accountActions(readOf(plan)));
});
