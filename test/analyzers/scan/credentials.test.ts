/** Credentials that end, clocks that differ and policies that deny the scanner, over the wire. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scan } from '../../../analyzers/scan/index.js';
import type { Fault } from '../../../sandbox/index.js';
import { folderOf, removeFolders } from '../../cli/check/support.js';
import { runScan, scanOf, type RanFlags, type RanScan } from '../../support/scan-command.js';
import {
  GOVERNANCE,
  HOME,
  MANAGEMENT,
  scanEnvironment,
  scanOrganizationText,
  seedBuckets,
  startScanSandbox,
  type ScanSandbox,
} from '../../support/scan-organization.js';

const [FIRST, SECOND] = ['333333333331', '333333333332'] as const;
const MEMBERS = [FIRST, SECOND];
const CALLER = `arn:aws:iam::${GOVERNANCE}:role/scan`;
const HOUR = 3_600_000;

let scanned: ScanSandbox;
let folder: string;
/** The scan that nothing disturbs, and the requests that it takes. */
let whole: RanScan;
let requests = 0;
/** By how much the clock of AWS is ahead of ours. */
let ahead = 0;
/** Told of each request that was answered. */
let watch: (operation: string) => void = () => undefined;

beforeAll(async () => {
  const log = ({ operation }: { readonly operation: string }): void => {
    watch(operation);
  };
  scanned = await startScanSandbox(MEMBERS, { log, now: () => Date.now() + ahead });
  seedBuckets(scanned, MEMBERS, 2);
  folder = folderOf({ 'org.yaml': scanOrganizationText(MEMBERS) });
  const { CreateRoleCommand, IAMClient, PutRolePolicyCommand } = await import('@aws-sdk/client-iam');
  const { sandbox } = scanned;
  const iam = new IAMClient({ region: HOME, endpoint: sandbox.url, credentials: sandbox.credentials(GOVERNANCE) });
  const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
  const Principal = { AWS: `arn:aws:iam::${GOVERNANCE}:root` };
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'scan',
      AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      ...{ RoleName: 'scan', PolicyName: 'all' },
      PolicyDocument: document({ Effect: 'Allow', Action: '*', Resource: '*' }),
    }),
  );
  iam.destroy();
  watch = () => requests++;
  whole = await run();
  expect([whole.exitCode, whole.stderr, failuresIn(whole)]).toStrictEqual([1, '', []]);
});

afterEach(() => {
  scanned.sandbox.faults.clear();
  watch = () => undefined;
  ahead = 0;
});

afterAll(async () => {
  await scanned.sandbox.close();
  removeFolders();
});

async function run(flags: RanFlags = {}, environment = scanEnvironment(scanned, folder)): Promise<RanScan> {
  return runScan(folder, environment, { controls: ['IAM-EXT-01', 'BND-ROLE-01'], concurrency: 1, ...flags });
}

/** The environment of who scans with a session of an hour. */
async function sessionOfCaller(): Promise<Record<string, string>> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { sandbox } = scanned;
  const systemClockOffset = ahead;
  const credentials = sandbox.credentials(GOVERNANCE);
  const sts = new STSClient({ region: HOME, endpoint: sandbox.url, credentials, systemClockOffset });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: CALLER, RoleSessionName: 'scan' }));
  sts.destroy();
  return {
    ...scanEnvironment(scanned, folder),
    AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
    AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
    AWS_SESSION_TOKEN: Credentials!.SessionToken!,
  };
}

/** Reports are long: of one that differs only what was told is shown. */
const came = (ran: RanScan): string => (ran.stdout === whole.stdout ? 'the same scan' : `another: ${ran.stderr}`);

/** What failed, as `ACCOUNT REGION STATUS: CODE of STEP`. */
function failuresIn(ran: RanScan): readonly string[] {
  return scanOf(ran).units.flatMap(({ account, region, status, failures }) =>
    failures.map(({ code, step }) => `${account.id} ${region} ${status}: ${code} of ${step}`),
  );
}

const verdictOf = ({ controls }: Scan, wanted: string): string =>
  controls.find(({ control }) => control === wanted)!.verdict;

const refusing = (operation: string, code: string, account?: string): Fault => ({
  ...{
    operation,
    times: 99,
    kind: { code, message: 'The security token included in the request is refused', status: 403 },
  },
  ...(account !== undefined && { account }),
});

/** Lets time pass for AWS behind an answer. */
function passBehind(wanted: string, hours: number): readonly string[] {
  const seen: string[] = [];
  watch = (operation) => {
    seen.push(operation);
    if (operation === wanted) ahead ||= hours * HOUR;
  };
  return seen;
}

it.each([
  ['behind', 3],
  ['ahead', -3],
])('a clock that is %s by three hours changes nothing, nor costs a call for each client', async (_, hours) => {
  ahead = hours * HOUR;
  let calls = 0;
  watch = () => calls++;
  expect(came(await run())).toBe('the same scan');
  // Those that call before the first session learn the time each by an answer; the many of accounts are told.
  expect(calls - requests).toBeLessThanOrEqual(8);
});

it('sessions that end in the middle of an account are renewed: nothing is lost', async () => {
  const seen = passBehind('GetAccountAuthorizationDetails', 2);
  expect(came(await run())).toBe('the same scan');
  // One for each account, the management account among them; one more for what was under way, first signed at the old time.
  expect(seen.filter((operation) => operation === 'AssumeRole')).toHaveLength(MEMBERS.length + 3);
});

it('a session that AWS takes for ended again and again is told, and the rest goes on', async () => {
  scanned.sandbox.faults.add(refusing('ListRoles', 'ExpiredToken', FIRST));
  const ran = await run();
  expect(failuresIn(ran)).toStrictEqual([`${FIRST} global partial: ExpiredToken of ListRoles`]);
  expect(verdictOf(scanOf(ran), 'IAM-EXT-01')).toBe('FAIL');
});

it.each([
  ['ExpiredToken', 'AssumeRole'],
  ['InvalidClientTokenId', 'AssumeRole'],
  ['ExpiredTokenException', 'ListFindings'],
])('%s of %s: the scan stops, keeps nothing of it, and goes on with other credentials', async (code, operation) => {
  const state = `${code}-${operation}`;
  // What was finished before stays.
  scanned.sandbox.faults.add({ ...refusing(operation, code, GOVERNANCE), nth: 2 });
  const lost = await run({ state });
  expect([lost.exitCode, lost.stdout]).toStrictEqual([2, '']);
  expect(lost.stderr).toMatch(
    new RegExp(
      `^error\\[SCN1003\\]: the credentials of who scans are no good any more \\(${code}: .*\\); \`${state}\` holds [1-9] finished parts\n`,
    ),
  );
  expect(lost.stderr).toContain('add --resume');
  expect(readFileSync(join(folder, state, 'scan.jsonl'), 'utf8')).not.toContain(code);
  scanned.sandbox.faults.clear();
  const resumed = await run({ state, restart: undefined, resume: true });
  expect(came(resumed)).toBe('the same scan');
});

it('a session of an hour that scans: roles are chained, and when it ends the scan stops', async () => {
  expect(came(await run({}, await sessionOfCaller()))).toBe('the same scan');
  const state = 'an-hour';
  const environment = await sessionOfCaller();
  passBehind('GetAccountSummary', 2);
  const lost = await run({ state }, environment);
  expect([lost.exitCode, lost.stderr]).toStrictEqual([
    2,
    expect.stringContaining('are no good any more (ExpiredToken'),
  ]);
  watch = () => undefined;
  const resumed = await run({ state, restart: undefined, resume: true }, await sessionOfCaller());
  expect(came(resumed)).toBe('the same scan');
});

it('credentials that end while the organization is read: nothing is begun', async () => {
  for (const operation of ['ListAWSServiceAccessForOrganization', 'ListAnalyzers']) {
    const state = `begun-${operation}`;
    scanned.sandbox.faults.add(refusing(operation, 'ExpiredTokenException'));
    const lost = await run({ state });
    scanned.sandbox.faults.clear();
    expect([lost.exitCode, lost.stderr]).toStrictEqual([2, expect.stringContaining('; nothing was begun\n')]);
    expect(came(await run({ state, restart: undefined }))).toBe('the same scan');
  }
});

it('a role that is deleted in the middle is no Region that is not enabled', async () => {
  scanned.sandbox.faults.add(refusing('GetCallerIdentity', 'InvalidClientTokenId', FIRST));
  const ran = await run({ controls: ['TLS-AS2-02'], regions: ['eu-south-1'], accounts: [FIRST] });
  expect(failuresIn(ran)).toStrictEqual([`${FIRST} eu-south-1 failed: InvalidClientTokenId of GetCallerIdentity`]);
  expect([ran.exitCode, verdictOf(scanOf(ran), 'TLS-AS2-02')]).toStrictEqual([3, 'NOT_EVALUATED']);
});

it('an SCP that denies the scanner in an account is told there, by its words', async () => {
  const { AttachPolicyCommand, CreatePolicyCommand, DetachPolicyCommand, OrganizationsClient } =
    await import('@aws-sdk/client-organizations');
  const { sandbox } = scanned;
  const credentials = sandbox.credentials(MANAGEMENT);
  const client = new OrganizationsClient({ region: 'us-east-1', endpoint: sandbox.url, credentials });
  const Statement = [{ Effect: 'Deny', Action: 'iam:Get*', Resource: '*' }];
  const { Policy } = await client.send(
    new CreatePolicyCommand({
      ...{ Name: 'no-reading', Description: '', Type: 'SERVICE_CONTROL_POLICY' },
      Content: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  const attachment = { PolicyId: Policy!.PolicySummary!.Id!, TargetId: SECOND };
  await client.send(new AttachPolicyCommand(attachment));
  const ran = await run();
  await client.send(new DetachPolicyCommand(attachment));
  client.destroy();
  expect(failuresIn(ran)).toStrictEqual([`${SECOND} global partial: AccessDenied of GetAccountAuthorizationDetails`]);
  const [told] = scanOf(ran).units.flatMap(({ failures }) => failures);
  expect(told!.message).toContain('with an explicit deny in a service control policy');
});
