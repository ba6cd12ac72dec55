/** `stackade scp plan`, `scp apply` and `sandbox start` as they are run, against a sandbox. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { seedOrganization, startSandbox } from '../../sandbox/index.js';
import type { Sandbox } from '../../sandbox/index.js';
import { folderOf, removeFolders } from '../cli/check/support.js';
import { organization, ORGANIZATION_TEXT } from '../sandbox/organization.js';
import { inForce } from '../scp/apply/operations.js';
import { policy } from '../scp/apply/scenarios.js';

const COMMAND = join(__dirname, '../../dist/bin/main.js');

/** A description with documents at the root and in the unit Sandbox. */
function described(root: string, unit: string): Readonly<Record<string, string>> {
  const text = ORGANIZATION_TEXT.replace(
    '  id: r-ab12\n',
    '  id: r-ab12\n  policies: { scp: [{ file: root.json, name: base }] }\n',
  ).replace(
    '      id: ou-ab12-11111111\n',
    '      id: ou-ab12-11111111\n      policies: { scp: [{ file: unit.json, name: unit }] }\n',
  );
  return { 'org.yaml': text, 'root.json': root, 'unit.json': unit };
}

const FIRST = described(policy('organizations:LeaveOrganization'), policy('ec2:CreateInternetGateway'));

let sandbox: Sandbox;
let folder: string;

beforeEach(async () => {
  sandbox = await startSandbox({ organization: seedOrganization(organization(), Date.now()) });
  folder = folderOf(FIRST);
});

afterEach(async () => {
  await sandbox.close();
  removeFolders();
});

interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function begin(
  args: readonly string[],
  account = '111111111111',
  more: Readonly<Record<string, string>> = {},
): ChildProcess {
  const { accessKeyId, secretAccessKey } = sandbox.credentials(account);
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
  return spawn(process.execPath, [COMMAND, ...args], { cwd: folder, env: environment });
}

function ended(child: ChildProcess): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr!.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (exitCode) => {
      resolve({ exitCode, stdout, stderr });
    });
  });
}

const stackade = (args: readonly string[], account?: string, more?: Readonly<Record<string, string>>): Promise<Ran> =>
  ended(begin(args, account, more));
const PLAN = ['scp', 'plan', '--config', 'org.yaml'];
const APPLY = ['scp', 'apply', '--pause', '0'];
const FROM = [...APPLY, '--config', 'org.yaml'];
const data = (): Sandbox['state']['organization'] => sandbox.state.organization;

it('plans, applies, and then there is nothing left to plan', async () => {
  const plan = await stackade(PLAN);
  expect([plan.exitCode, plan.stderr]).toStrictEqual([1, '']);
  expect(plan.stdout).toContain('Plan of the set guardrails in o-exampleorgid: 4 calls in 3 stages');
  expect(plan.stdout).toContain('+       "Action": "organizations:LeaveOrganization"');
  expect(plan.stdout).toContain('4 accounts affected: 333333333333 (playground)');
  expect(plan.stdout).toContain('then 2 of 10 places');
  const applied = await stackade(FROM);
  expect([applied.exitCode, applied.stdout]).toStrictEqual([
    0,
    'The policies of the set guardrails in o-exampleorgid are in force: 4 calls.\n',
  ]);
  expect(await stackade(PLAN)).toMatchObject({ exitCode: 0, stderr: '' });
  const json = JSON.parse((await stackade([...PLAN, '--format', 'json'])).stdout) as unknown;
  expect(json).toMatchObject({ version: 1, set: 'guardrails', stages: [], problems: [], changes: [] });
});

it('kill -9 in the middle, then resume; and once more, then undo', async () => {
  const start = inForce(data());
  for (const [again, calls] of [
    ['--resume', 2],
    ['--undo', 3],
  ] as const) {
    // The run waits between two stages; there it is killed.
    const child = begin([...FROM, '--pause', '600']);
    const end = ended(child);
    await new Promise<void>((resolve) => {
      child.stderr!.on('data', (text: Buffer) => {
        if (text.toString().includes('Next: put in force, wave')) resolve();
      });
    });
    child.kill('SIGKILL');
    expect((await end).exitCode).toBeNull();
    const status = await stackade(FROM);
    expect(status.exitCode).toBe(2);
    expect(status.stderr).toContain('error[SCP5002]: a run that began at');
    const ran = await stackade([...APPLY, again]);
    expect([again, ran.exitCode, ran.stdout]).toStrictEqual([
      again,
      0,
      again === '--resume'
        ? `The policies of the set guardrails in o-exampleorgid are in force: ${calls} calls.\n`
        : expect.stringMatching(/are as they were before: \d calls/),
    ]);
    if (again === '--resume') {
      expect((await stackade(PLAN)).exitCode).toBe(0);
      expect((await stackade([...APPLY, '--resume'])).stderr).toContain('came to its end');
      expect((await stackade([...APPLY, '--undo'])).exitCode).toBe(0);
    }
    expect(inForce(data())).toStrictEqual(start);
  }
});

it('starts a sandbox, which says how to reach it', async () => {
  const child = begin(['sandbox', 'start', '--seed', 'org.yaml', '--format', 'json']);
  const end = ended(child);
  const printed = await new Promise<string>((resolve) => {
    child.stdout!.once('data', (text: Buffer) => {
      resolve(text.toString());
    });
  });
  const environment = JSON.parse(printed) as Readonly<Record<string, string>>;
  expect((await stackade(PLAN, undefined, environment)).exitCode).toBe(1);
  const port = new URL(environment['AWS_ENDPOINT_URL']!).port;
  const taken = await stackade(['sandbox', 'start', '--port', port]);
  expect([taken.exitCode, taken.stderr]).toStrictEqual([
    2,
    expect.stringContaining(`--port: the port ${port} is taken`) as string,
  ]);
  child.kill('SIGTERM');
  expect((await end).exitCode).toBe(0);
});
