/** What stands in the way of `stackade scan org`, over the wire: told where it happened, and the rest goes on. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { journalLine, readJournal, type Scan } from '../../../analyzers/scan/index.js';
import { ANALYZERS } from '../../../sandbox/access-analyzer/data.js';
import { deploymentFaultsOf } from '../../../sandbox/cloudformation/stack-sets/faults.js';
import { accessOf } from '../../../sandbox/cloudformation/stack-sets/data.js';
import { seedAnalyzer, seedFindings, seedResource } from '../../../sandbox/index.js';
import type { Fault } from '../../../sandbox/index.js';
import { noteChange } from '../../../sandbox/state.js';
import { folderOf, removeFolders } from '../../cli/check/support.js';
import { runScan, scanOf, type RanFlags, type RanScan } from '../../support/scan-command.js';
import {
  bucketFinding,
  GOVERNANCE,
  HOME,
  MANAGEMENT,
  scanEnvironment,
  scanOrganizationText,
  seedBuckets,
  startScanSandbox,
  type ScanSandbox,
} from '../../support/scan-organization.js';

const [FIRST, SECOND, LAST] = ['333333333331', '333333333332', '333333333333'] as const;
const MEMBERS = [FIRST, SECOND, LAST];
/** A Region that accounts have to enable. */
const CLOSED = 'eu-south-1';

let scanned: ScanSandbox;
let folder: string;
/** Told of each request that was answered. */
let watch: (operation: string) => void = () => undefined;

beforeAll(async () => {
  const log = ({ operation }: { readonly operation: string }): void => {
    watch(operation);
  };
  // One account lacks the role of the scanner.
  scanned = await startScanSandbox(MEMBERS, { log, disabledRegions: [CLOSED] }, [LAST]);
  seedBuckets(scanned, MEMBERS, 2);
  folder = folderOf({
    'org.yaml': scanOrganizationText(MEMBERS),
    'other.yaml': scanOrganizationText(MEMBERS).replace('o-exampleorgid', 'o-anotherorgid'),
  });
});

afterEach(() => {
  scanned.sandbox.faults.clear();
  watch = () => undefined;
});

afterAll(async () => {
  await scanned.sandbox.close();
  removeFolders();
});

function run(faults: readonly Fault[] = [], flags: RanFlags = {}, account = GOVERNANCE): Promise<RanScan> {
  for (const fault of faults) scanned.sandbox.faults.add(fault);
  const controls = ['IAM-EXT-01', 'BND-ROLE-01'];
  return runScan(folder, scanEnvironment(scanned, folder, account), { controls, ...flags });
}

/** What failed, as `ACCOUNT REGION STATUS: CODE of STEP`. */
function failuresIn({ units }: Scan): readonly string[] {
  return units.flatMap(({ account, region, status, failures }) =>
    failures.map(({ code, step }) => `${account.id} ${region} ${status}: ${code} of ${step}`),
  );
}

const verdictOf = ({ controls }: Scan, wanted: string): string =>
  controls.find(({ control }) => control === wanted)!.verdict;

const NO_ROLE = `${LAST} global failed: AccessDenied of AssumeRole`;

it('throttled and dropped calls are made again: nothing is lost', async () => {
  const whole = await run();
  const again = await run([
    { operation: 'ListFindings', kind: 'throttle', nth: 2 },
    { operation: 'ListFindings', kind: 'lose', nth: 7 },
    { operation: 'AssumeRole', kind: 'drop' },
    { operation: 'GetAccountSummary', kind: 'fail' },
  ]);
  expect(again.stdout).toBe(whole.stdout);
  expect(failuresIn(scanOf(whole))).toStrictEqual([NO_ROLE]);
  expect([whole.exitCode, whole.stderr]).toStrictEqual([1, '']);
  // A remedy says what to set, and not only that something is to be set.
  const bounded = scanOf(whole).findings.find(({ checkId }) => checkId === 'iam-role-bounded');
  expect(bounded?.help).toMatch(/^add to the properties of the role: PermissionsBoundary: /);
});

it('an account that refuses a call, and one without the role: their controls are not evaluated, others are', async () => {
  const denied = { code: 'AccessDenied', message: 'User is not authorized', status: 403 };
  const scan = scanOf(
    await run([{ operation: 'GetAccountAuthorizationDetails', account: SECOND, times: 99, kind: denied }]),
  );
  const closed = `${SECOND} global partial: AccessDenied of GetAccountAuthorizationDetails`;
  expect(failuresIn(scan)).toStrictEqual([closed, NO_ROLE]);
  // Buckets of the account are still told: its findings are read where the analyzers are.
  expect(scan.findings.filter(({ account }) => account.id === SECOND)).toHaveLength(4);
  expect(verdictOf(scan, 'IAM-EXT-01')).toBe('FAIL');
});

it('a suspended account is left out, and said to be', async () => {
  const { accounts } = scanned.sandbox.state.organization;
  const before = accounts.get(SECOND)!;
  accounts.set(SECOND, { ...before, state: 'SUSPENDED' });
  noteChange(scanned.sandbox.state);
  try {
    const scan = scanOf(await run());
    expect(failuresIn(scan)).toStrictEqual([`${SECOND} global skipped: SUSPENDED of account`, NO_ROLE]);
    expect(scan.findings.filter(({ account }) => account.id === SECOND)).toStrictEqual([]);
    expect(scan.findings.filter(({ account }) => account.id === LAST)).toHaveLength(4);
  } finally {
    accounts.set(SECOND, before);
  }
});

it.each([['IAM-EXT-01'], ['DET-GD-01']])('a Region that is not enabled is left out, for %s', async (control) => {
  const regions = [HOME, CLOSED];
  const { exitCode, stdout } = await run([], { controls: [control], regions, accounts: [FIRST] });
  const scan = JSON.parse(stdout) as Scan;
  expect(failuresIn(scan)).toStrictEqual([`${FIRST} ${CLOSED} skipped: REGION_DISABLED of Region`]);
  expect(exitCode).toBe(1);
});

it('an analyzer that is deleted during the scan: what was read stays, the rest is not evaluated', async () => {
  const { state } = scanned.sandbox;
  const { analyzers } = ANALYZERS.of(state, GOVERNANCE, 'eu-west-1');
  const kept = analyzers.get('organization')!;
  let lists = 0;
  watch = (operation) => {
    if (operation === 'ListFindings' && ++lists === 2) analyzers.delete('organization');
  };
  try {
    const scan = scanOf(await run([], { concurrency: 1, controls: ['KEY-KMS-10'] }));
    const gone = failuresIn(scan);
    expect(gone).toHaveLength(MEMBERS.length + 1);
    expect(gone.at(-1)).toBe(`${LAST} eu-west-1 partial: ANALYZER_DELETED of ListFindings`);
    expect(verdictOf(scan, 'KEY-KMS-10')).toBe('NOT_EVALUATED');
  } finally {
    analyzers.set('organization', kept);
  }
});

it('refuses a checkpoint that was changed and one of other options; mends a last line that was cut off', async () => {
  const state = 'kept';
  const whole = await run([], { state });
  const file = join(folder, state, 'scan.jsonl');
  const bytes = readFileSync(file);
  writeFileSync(file, Buffer.concat([bytes.subarray(0, bytes.length - 20), Buffer.alloc(200, 'x')]));
  const goOn = { state, restart: undefined, resume: true } as const;
  expect((await run([], { state, restart: undefined })).stderr).toContain('a scan was interrupted');
  expect((await run([], goOn)).stdout).toBe(whole.stdout);
  expect(readFileSync(file)).toStrictEqual(bytes);
  const other = await run([], { ...goOn, regions: ['eu-west-1'] });
  expect([other.exitCode, other.stderr]).toStrictEqual([2, expect.stringContaining('begun with other options')]);
  const changed = Buffer.from(readFileSync(file).toString().replace('data-', 'dada-'));
  writeFileSync(file, changed);
  const refused = await run([], goOn);
  expect([refused.exitCode, refused.stdout]).toStrictEqual([2, '']);
  expect(refused.stderr).toContain('error[SCN1002]: the checkpoint `kept/scan.jsonl` cannot be used: line');
  expect(readFileSync(file)).toStrictEqual(changed);
  // A part of an account that the scan does not have; each line is as it was written.
  const whereItEnds = bytes.lastIndexOf(10, bytes.length - 2) + 1;
  const kept = bytes.subarray(0, whereItEnds);
  const { digest, results } = readJournal(kept)!;
  const [result] = results.values();
  const { line } = journalLine({ kind: 'unit', result: { ...result!, account: '999999999999' } }, digest);
  writeFileSync(file, Buffer.concat([kept, Buffer.from(line)]));
  expect((await run([], goOn)).stderr).toMatch(/the checkpoint holds 999999999999 \S+, which is no part of the scan/);
  const nothing = await run([], { ...goOn, state: 'none' });
  expect([nothing.exitCode, nothing.stderr]).toStrictEqual([2, expect.stringContaining('there is no scan in `none`')]);
});

it('one scan works in a folder of state: the second is refused, a dead one is not waited for', async () => {
  const state = 'shared';
  const lock = (pid: number, began: string, host = hostname().replace(/[^\w-]/g, '-')): string => {
    const path = join(folder, state, `scan.${pid}.${began}.${host}.lock`);
    mkdirSync(join(folder, state), { recursive: true });
    writeFileSync(path, '');
    return path;
  };
  const [first, second] = await Promise.allSettled([run([], { state }), run([], { state })]);
  const codes = [first, second].map((ran) =>
    ran.status === 'fulfilled' ? ran.value.exitCode : (ran.reason as unknown),
  );
  expect(codes).toStrictEqual([1, 2]);
  expect(second).toMatchObject({
    value: { stderr: expect.stringContaining('error[SCN1004]: a scan is at work in `shared`: process') as string },
  });
  // No process has so high a number; one of the same number that began at another time is another; so is a parent.
  const dead = [lock(2 ** 22 + 1, '1'), lock(process.ppid, '1')];
  expect((await run([], { state })).exitCode).toBe(1);
  expect(dead.filter((path) => existsSync(path))).toStrictEqual([]);
  const alive = lock(process.ppid, '0');
  expect((await run([], { state })).exitCode).toBe(2);
  rmSync(alive);
  const elsewhere = lock(2 ** 22 + 1, '1', 'elsewhere');
  const refused = await run([], { state });
  expect([refused.exitCode, refused.stderr]).toStrictEqual([
    2,
    expect.stringContaining('delete `shared/scan.4194305.1'),
  ]);
  rmSync(elsewhere);
  expect(readdirSync(join(folder, state)).filter((name) => name.endsWith('.lock'))).toStrictEqual([]);
  // Nothing is left of a folder in which nothing was begun.
  await run([], { state: 'new/folder', resume: true, restart: undefined });
  expect(existsSync(join(folder, 'new'))).toBe(false);
});

it('says who may not scan: nobody, a stranger, another administrator, the one of another organization', async () => {
  const { state } = scanned.sandbox;
  const nobody = await runScan(folder, { HOME: folder, AWS_ENDPOINT_URL: scanned.sandbox.url });
  expect([nobody.exitCode, nobody.stderr]).toStrictEqual([2, expect.stringContaining('there are no credentials')]);
  const stranger = await run([], {}, FIRST);
  expect([stranger.exitCode, stranger.stderr]).toStrictEqual([
    2,
    expect.stringContaining('the organization cannot be read: AccessDeniedException'),
  ]);
  state.organization.delegations.set(FIRST, new Set(['config.amazonaws.com']));
  const administrator = await run([], {}, FIRST);
  state.organization.delegations.delete(FIRST);
  expect([administrator.exitCode, administrator.stdout]).toStrictEqual([2, '']);
  expect(administrator.stderr).toContain(
    `error[SCN1003]: the account ${FIRST} is not the delegated administrator of IAM Access Analyzer; it is ${GOVERNANCE}`,
  );
  const other = await run([], { config: 'other.yaml' });
  expect(other.exitCode).toBe(2);
  expect(other.stderr).toContain('error[SCN1003]: the description is of the organization o-anotherorgid');
  for (const { stderr } of [nobody, stranger, administrator, other]) {
    expect(stderr).not.toMatch(new RegExp([...state.accessKeys.values()].map((key) => key.secretAccessKey)[0]!));
  }
});

it('says where no analyzer looks, and passes nothing there', async () => {
  const { analyzers } = ANALYZERS.of(scanned.sandbox.state, GOVERNANCE, 'eu-west-1');
  const kept = analyzers.get('organization')!;
  analyzers.delete('organization');
  const ran = await run([], { controls: ['KEY-KMS-10'] });
  analyzers.set('organization', kept);
  expect(ran.stderr).toContain(
    `warning[SCN2003]: no active analyzer of the organization's external access is in eu-west-1 (account ${GOVERNANCE})`,
  );
  expect(failuresIn(scanOf(ran))).toContain(`${FIRST} eu-west-1 partial: NO_ANALYZER of ListAnalyzers`);
  expect(verdictOf(scanOf(ran), 'KEY-KMS-10')).toBe('NOT_EVALUATED');
});

it('creates analyzers where there are none, by a stack set: told first, made once', async () => {
  const { sandbox } = scanned;
  const { analyzers } = ANALYZERS.of(sandbox.state, GOVERNANCE, 'eu-west-1');
  const kept = analyzers.get('organization')!;
  const options = { controls: ['KEY-KMS-10', 'ROLL-SS-02'], accounts: [FIRST], createAnalyzers: true } as const;
  const denied = { code: 'AccessDeniedException', message: 'not authorized', status: 403 };
  const { analyzers: home } = ANALYZERS.of(sandbox.state, GOVERNANCE, HOME);
  const atHome = home.get('organization')!;
  analyzers.delete('organization');
  accessOf(sandbox.state).isEnabled = true;
  try {
    const planned = await run([], options);
    expect([planned.exitCode, planned.stdout]).toStrictEqual([1, '']);
    expect(planned.stderr).toBe(`Analyzers to create in the account ${GOVERNANCE} by the stack set stackade-analyzers:
  + stackade-organization (ORGANIZATION, free of charge) in eu-west-1
Nothing was created. Add --yes to create them and scan.
`);
    const refused = await run([{ operation: 'CreateStackSet', kind: denied }], { ...options, yes: true });
    expect([refused.exitCode, refused.stderr]).toStrictEqual([
      2,
      expect.stringContaining('the stack set stackade-analyzers cannot be rolled out: AccessDeniedException'),
    ]);
    expect([...analyzers.keys()]).not.toContain('stackade-organization');
    // The stack fails: it is said where and why, and nothing is scanned as if it were there.
    deploymentFaultsOf(sandbox.state).add({ times: 2, reason: 'an SCP denies CreateAnalyzer' });
    const failed = await run([], { ...options, yes: true });
    expect([failed.exitCode, failed.stdout]).toStrictEqual([2, '']);
    expect(failed.stderr).toMatch(
      /stackade-analyzers is not finished: 222222222222 eu-west-1: FAILED: .*an SCP denies/,
    );
    // Answers to calls are lost: they are made again, and find what they have done.
    const lost = (operation: string): Fault => ({ operation, kind: 'lose' });
    const made = await run([lost('UpdateStackInstances'), lost('CreateStackInstances')], { ...options, yes: true });
    expect([made.exitCode, made.stderr]).toStrictEqual([
      0,
      expect.stringContaining('created stackade-organization in eu-west-1'),
    ]);
    expect(analyzers.get('stackade-organization')).toMatchObject({ type: 'ORGANIZATION' });
    // A stack set of analyzers is where they are missing, and not in every Region.
    expect(verdictOf(scanOf(made), 'ROLL-SS-02')).toBe('PASS');
    const again = await run([], { ...options, yes: true });
    expect([again.exitCode, again.stderr]).toStrictEqual([0, expect.stringContaining('is in each Region of the scan')]);
    // Another Region is added to those of the stack set, and takes nothing away.
    home.delete('organization');
    const more = await run([], { ...options, yes: true });
    expect(more.stderr).toContain(`created stackade-organization in ${HOME}`);
    expect(analyzers.get('stackade-organization')).toMatchObject({ type: 'ORGANIZATION' });
  } finally {
    for (const [of, first] of [
      [analyzers, kept],
      [home, atHome],
    ] as const) {
      of.delete('stackade-organization');
      of.set('organization', first);
    }
  }
});

it('creates analyzers of the management account, which stack sets do not reach, by themselves', async () => {
  const flags = { controls: ['KEY-KMS-10'], accounts: [FIRST], regions: [HOME] };
  const { analyzers } = ANALYZERS.of(scanned.sandbox.state, MANAGEMENT, HOME);
  const made = await run(
    [{ operation: 'CreateAnalyzer', kind: 'lose' }],
    { ...flags, createAnalyzers: true, yes: true },
    MANAGEMENT,
  );
  expect(made.stderr).toContain(`Analyzers to create in the account ${MANAGEMENT}:\n`);
  expect([...analyzers.keys()]).toStrictEqual(['stackade-organization']);
  analyzers.clear();
});

it('says who cannot create analyzers: an account that administers no stack sets', async () => {
  const { delegations } = scanned.sandbox.state.organization;
  const services = delegations.get(GOVERNANCE)!;
  const { analyzers } = ANALYZERS.of(scanned.sandbox.state, GOVERNANCE, HOME);
  const kept = analyzers.get('organization')!;
  analyzers.delete('organization');
  delegations.set(GOVERNANCE, new Set(['access-analyzer.amazonaws.com']));
  const ran = await run([], { createAnalyzers: true, yes: true });
  delegations.set(GOVERNANCE, services);
  analyzers.set('organization', kept);
  expect([ran.exitCode, ran.stdout]).toStrictEqual([2, '']);
  expect(ran.stderr).toContain('is neither the management account nor a delegated administrator of stack sets');
});

it('shows findings of internal and of unused access', async () => {
  const { state } = scanned.sandbox;
  const of = (name: string, type: 'ORGANIZATION_UNUSED_ACCESS' | 'ORGANIZATION_INTERNAL_ACCESS'): string =>
    seedAnalyzer(state, { account: GOVERNANCE, region: HOME, name, type });
  const role = `arn:aws:iam::${FIRST}:role/batch`;
  const bucket = bucketFinding(FIRST, 1);
  seedFindings(state, of('inside', 'ORGANIZATION_INTERNAL_ACCESS'), [
    {
      ...bucket,
      findingType: 'InternalAccess',
      findingDetails: [
        {
          internalAccessDetails: {
            action: ['s3:GetObject'],
            principal: { AWS: `arn:aws:iam::${SECOND}:role/reader` },
            principalOwnerAccount: SECOND,
            accessType: 'INTRA_ORG',
            serviceControlPolicyRestriction: 'NOT_APPLICABLE',
          },
        },
      ],
    },
  ]);
  const unused = { resource: role, resourceType: 'AWS::IAM::Role', resourceOwnerAccount: FIRST } as const;
  const at = new Date(Date.UTC(2026, 2, 1)).toISOString();
  seedFindings(state, of('idle', 'ORGANIZATION_UNUSED_ACCESS'), [
    {
      ...unused,
      findingType: 'UnusedPermission',
      findingDetails: [{ unusedPermissionDetails: { serviceNamespace: 's3', lastAccessed: at } }],
    },
    { ...unused, findingType: 'UnusedIAMRole', findingDetails: [{ unusedIamRoleDetails: {} }] },
  ]);
  const details = true;
  const scan = scanOf(await run([], { controls: ['IAM-GRANT-02', 'IAM-POL-05'], accounts: [FIRST], details }));
  const told = scan.findings.filter(({ source }) => source === 'access-analyzer');
  const lines = told.map(
    ({ checkId, region, resource, message }) => `${checkId} ${region} ${resource.arn}: ${message}`,
  );
  expect(lines[0]).toBe(
    `internal-access ${HOME} ${bucket.resource}: arn:aws:iam::${SECOND}:role/reader may s3:GetObject`,
  );
  expect(lines.filter((line) => line.includes(role))).toStrictEqual([
    `unused-role global ${role}: nobody has assumed the role in the time that the analyzer looks at`,
    `unused-permission global ${role}: permissions of s3 have not been used since 2026-03-01`,
  ]);
  // The sandbox looks at what its own identities use.
  const administrator = `arn:aws:iam::${FIRST}:user/administrator`;
  expect(lines.filter((line) => line.includes(administrator)).at(-1)).toBe(
    `unused-permission global ${administrator}: permissions of sts have not been used in the time that the analyzer looks at`,
  );
  expect(told[0]!.reach?.verdict).toBe('reachable');
});

it('lists routes by their tables, and says where tables were not told', async () => {
  const { state } = scanned.sandbox;
  const seed = (type: string, properties: object): void => {
    seedResource(state, { account: SECOND, region: HOME, type, properties: { ...properties } });
  };
  seed('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16', Tags: [{ Key: 'network', Value: 'isolated' }] });
  for (const RouteTableId of ['rtb-1', 'rtb-2']) {
    seed('AWS::EC2::RouteTable', { RouteTableId, VpcId: 'vpc-1' });
    seed('AWS::EC2::Route', { RouteTableId, CidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' });
  }
  const asked: string[] = [];
  watch = (operation) => asked.push(operation);
  const flags = { controls: ['NET-ROUTE-01'], accounts: [SECOND], regions: [HOME] };
  const scan = scanOf(await run([], flags));
  // Without a model Cloud Control refuses the list.
  expect(failuresIn(scan).filter((line) => !line.includes('UNDECIDED'))).toStrictEqual([]);
  expect(asked.filter((operation) => operation === 'GetResource').length).toBeGreaterThanOrEqual(5);
  const denied = { code: 'AccessDeniedException', message: 'not authorized', status: 400 };
  const closed = scanOf(await run([{ operation: 'ListResources', kind: denied, times: 99 }], flags));
  const told = closed.units.flatMap(({ failures }) => failures.map(({ message }) => message));
  expect(told).toContain('AWS::EC2::Route: AWS::EC2::RouteTable: not authorized');
  expect(verdictOf(closed, 'NET-ROUTE-01')).toBe('NOT_EVALUATED');
});

it('asks nobody again for a type that Cloud Control has refused in the Region', async () => {
  let lists = 0;
  watch = (operation) => {
    if (operation === 'ListResources') lists++;
  };
  const kind = { code: 'UnsupportedActionException', message: `no list for ${FIRST}`, status: 405 };
  const scan = scanOf(
    await run([{ operation: 'ListResources', kind }], {
      controls: ['DET-SH-01'],
      accounts: [FIRST, SECOND],
      concurrency: 1,
    }),
  );
  expect(failuresIn(scan)).toStrictEqual(
    [FIRST, SECOND].map((account) => `${account} ${HOME} partial: UnsupportedActionException of ListResources`),
  );
  expect(new Set(scan.units.flatMap(({ failures }) => failures.map(({ message }) => message)))).toStrictEqual(
    new Set(['AWS::SecurityHub::Hub: Cloud Control cannot list the type']),
  );
  expect(lists).toBe(3);
});
