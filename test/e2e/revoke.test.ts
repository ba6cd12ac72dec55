/** `stackade revoke` as it is run: documents on disk, calls against a sandbox, refusals. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedOrganization, startSandbox } from '../../sandbox/index.js';
import type { LogEntry, Sandbox } from '../../sandbox/index.js';
import { folderOf, removeFolders } from '../cli/check/support.js';
import { organization } from '../sandbox/organization.js';
import { operationsOn } from '../scp/apply/operations.js';
import { runs } from '../support/runs.js';

const COMMAND = join(__dirname, '../../dist/bin/main.js');

let sandbox: Sandbox;
let folder: string;
/** Told each call that the sandbox answers. */
const watching: ((entry: LogEntry) => void)[] = [];

beforeEach(async () => {
  sandbox = await startSandbox({
    organization: seedOrganization(organization(), Date.now()),
    log: (entry) => {
      for (const watch of watching) watch(entry);
    },
  });
  folder = folderOf({});
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

function stackade(
  args: readonly string[],
  account = '111111111111',
  started: (child: ChildProcess) => void = () => undefined,
): Promise<Ran> {
  const { accessKeyId, secretAccessKey } = sandbox.credentials(account);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd: folder, env });
  started(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (exitCode) => {
      resolve({ exitCode, stdout, stderr });
    });
  });
}

/** The statements of the policies of revocations at the root, by `Sid` without its times. */
function inForce(): readonly string[] {
  const { policies, attachments } = sandbox.state.organization;
  const atRoot = attachments.get('r-ab12') ?? new Set();
  return [...policies.values()]
    .filter(({ id, name }) => name.startsWith('stackade-revocations') && [...atRoot].includes(id))
    .flatMap(({ content }) => (JSON.parse(content) as { readonly Statement: { readonly Sid: string }[] }).Statement)
    .map(({ Sid }) => Sid.replace(/(?:Before|Until).*$/, ''));
}

const JOHN = ['revoke', '--user', 'john.doe'];
const DEPLOY = 'arn:aws:iam::444444444444:role/deploy';

it('is applied once, added to, and taken back with the journal', async () => {
  const first = await stackade([...JOHN, '--apply', '--format', 'json']);
  expect([first.exitCode, inForce()]).toStrictEqual([0, ['RevokeNames', 'RevokeSources']]);
  expect(JSON.parse(first.stdout)).toMatchObject({
    result: 'applied',
    done: [{ kind: 'createPolicy' }, { kind: 'attachPolicy' }],
    managementAccount: { done: [{ kind: 'createPolicy' }, { kind: 'attachPolicy' }], pending: [], failures: [] },
    leftInManagementAccount: [],
  });
  expect(first.stderr).toContain('HOLDS: everybody else is denied nothing');

  const second = await stackade([...JOHN, '--role', DEPLOY, '--apply']);
  expect([second.exitCode, inForce()]).toStrictEqual([0, ['RevokeNames', 'RevokeSources', 'RevokeRoles']]);
  expect(second.stdout).toContain('Done: 1 call.');

  const undone = await stackade(['scp', 'apply', '--undo', '--set', 'revocations', '--pause', '0']);
  expect([undone.exitCode, inForce()]).toStrictEqual([0, ['RevokeNames', 'RevokeSources']]);

  const plan = await stackade(['revoke', '--clean-up', '--plan', '--aws']);
  expect([plan.exitCode, plan.stderr]).toStrictEqual([0, '']);
  expect(plan.stdout).toContain('nothing has expired');
}, 60_000);

it('goes on after the process was killed at any call', async () => {
  // Calls that change something: CreatePolicy, AttachPolicy of the organization, CreatePolicy, AttachUserPolicy of IAM.
  for (const operation of runs(['AttachUserPolicy'], ['AttachPolicy', 'AttachUserPolicy'])) {
    sandbox.faults.add({ operation, kind: 'drop', times: 99 });
    const child = stackade([...JOHN, '--apply'], '111111111111', (process) => {
      watching.push((entry) => {
        if (entry.operation === operation) process.kill('SIGKILL');
      });
    });
    expect((await child).exitCode).toBeNull();
    sandbox.faults.clear();
    watching.length = 0;
  }
  const last = await stackade([...JOHN, '--apply', '--format', 'json']);
  expect([last.exitCode, inForce()]).toStrictEqual([0, ['RevokeNames', 'RevokeSources']]);
  expect(JSON.parse(last.stdout)).toMatchObject({ done: [], managementAccount: { done: [{ kind: 'attachPolicy' }] } });
}, 60_000);

it('cleans up what has expired, and nothing else', async () => {
  const operations = operationsOn(sandbox.state.organization);
  const old = (role: string, until: string): object => ({
    Sid: `RevokeRolesBefore20200101T100000ZUntil${until}`,
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      ArnLike: { 'aws:PrincipalArn': role },
      DateLessThan: { 'aws:TokenIssueTime': '2020-01-01T10:00:00Z' },
    },
  });
  const create = async (name: string, ...statements: readonly object[]): Promise<void> => {
    const id = await operations.createPolicy({
      name,
      type: 'SERVICE_CONTROL_POLICY',
      description: '',
      content: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
      tags: { 'stackade:set': 'revocations' },
    });
    await operations.attachPolicy(id, 'r-ab12');
  };
  await create('stackade-revocations', old(DEPLOY, '20200102T00Z'), old(`${DEPLOY}-2`, '29990101T00Z'));
  await create('stackade-revocations-2', old(DEPLOY, '20200102T00Z'));
  expect(inForce()).toHaveLength(3);
  const { exitCode } = await stackade(['revoke', '--clean-up', '--apply']);
  expect([exitCode, inForce()]).toStrictEqual([0, ['RevokeRoles']]);
  const { policies } = sandbox.state.organization;
  const left = [...policies.values()].filter(({ name }) => name.startsWith('stackade-revocations'));
  expect(left.map(({ content }) => content.includes('29990101T00Z'))).toStrictEqual([true]);
}, 60_000);

it('changes nothing in a policy that somebody has written into', async () => {
  expect((await stackade([...JOHN, '--apply'])).exitCode).toBe(0);
  const { policies } = sandbox.state.organization;
  const own = [...policies.values()].find(({ name }) => name === 'stackade-revocations')!;
  const content = own.content.replace('"Sid":"RevokeNames', '"Sid":"MyRevokeNames');
  policies.set(own.id, { ...own, content });
  const ran = await stackade(['revoke', '--user', 'mary.major', '--apply']);
  expect(ran.exitCode).toBe(2);
  expect(ran.stderr).toContain('error[SCP4002]');
  expect(policies.get(own.id)!.content).toBe(content);
}, 60_000);

it('does not lock out who asks for it', async () => {
  const operator = 'arn:aws:sts::222222222222:assumed-role/responder/john.doe';
  const ran = await stackade([...JOHN, '--apply', '--operator', operator]);
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain('you would be denied, too, by RevokeNames');
  expect(inForce()).toStrictEqual([]);
}, 60_000);

it('writes documents, or none when they do not fit', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `person.number.${index}@the-company.example.com`);
  const many = await stackade(['revoke', '--user', ...names, '--plan', '--out', 'many']);
  expect([many.exitCode, existsSync(join(folder, 'many'))]).toStrictEqual([1, false]);
  expect(many.stdout).toContain('do not fit into 1 policy: nothing is done');
  const ran = await stackade([...JOHN, '--plan', '--out', 'few', '--format', 'json']);
  expect(ran.exitCode).toBe(0);
  const plan = JSON.parse(ran.stdout) as { readonly policies: { readonly document: object }[] };
  const text = readFileSync(join(folder, 'few/scp/stackade-revocations.json'), 'utf8');
  expect(JSON.parse(text)).toStrictEqual(plan.policies[0]!.document);
  expect(existsSync(join(folder, 'few/management-account/stackade-revocations.json'))).toBe(true);
}, 60_000);

it.each<[string, readonly string[], string]>([
  ['neither plan nor apply', JOHN, 'give --plan or --apply'],
  ['a pattern', ['revoke', '--user', '*', '--plan'], 'error[SCP4001]'],
])('refuses %s', async (_name, args, said) => {
  const ran = await stackade(args);
  expect([ran.exitCode, ran.stdout]).toStrictEqual([2, '']);
  expect(ran.stderr).toContain(said);
});
