/** `stackade deploy` as it is run, killed in the middle and gone on with; two runs at once. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { deploymentFaultsOf, seedOrganization, startSandbox } from '../../sandbox/index.js';
import type { Sandbox } from '../../sandbox/index.js';
import { stackSetsClient } from '../../stacksets/index.js';
import { folderOf, removeFolders } from '../cli/check/support.js';
import { DECLARATION_TEXT, organizationOf, ORGANIZATION_TEXT, TEMPLATE_TEXT } from '../stacksets/scenario.js';

const COMMAND = join(__dirname, '../../dist/bin/main.js');

let sandbox: Sandbox;
let folder: string;
/** Is asked before each request is told; kills what runs. */
let watch: (operation: string) => void = () => undefined;

beforeEach(async () => {
  sandbox = await startSandbox({
    organization: seedOrganization(organizationOf(), Date.now()),
    log: ({ operation }) => {
      watch(operation);
    },
  });
  folder = folderOf({ 'org.yaml': ORGANIZATION_TEXT, 'rollouts.yaml': DECLARATION_TEXT, 'hooks.yaml': TEMPLATE_TEXT });
  const client = await stackSetsClient({
    region: 'eu-central-1',
    callAs: 'SELF',
    endpoint: sandbox.url,
    credentials: sandbox.credentials('111111111111'),
  });
  await client.activateOrganizationsAccess();
  client.close();
});

afterEach(async () => {
  watch = () => undefined;
  await sandbox.close();
  removeFolders();
});

function begin(args: readonly string[]): ChildProcess {
  const { accessKeyId, secretAccessKey } = sandbox.credentials('222222222222');
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return spawn(process.execPath, [COMMAND, 'deploy', ...args, '--config', 'org.yaml'], {
    cwd: folder,
    env: environment,
  });
}

interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
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

it('kill -9 when the service has taken a call, then --resume: as if nothing had been', async () => {
  // Each kill comes behind a call that changes something; the next process knows nothing of the one before.
  for (const operation of ['CreateStackSet', 'CreateStackInstances', 'UpdateStackSet']) {
    const child = begin(['apply', '--resume']);
    watch = (asked) => {
      if (asked === operation) child.kill('SIGKILL');
    };
    expect([operation, (await ended(child)).exitCode]).toStrictEqual([operation, null]);
    watch = () => undefined;
  }
  expect(await ended(begin(['apply', '--resume']))).toMatchObject({
    exitCode: 0,
    stdout: 'The rollout hooks is as declared.\n',
  });
  const plan = await ended(begin(['plan']));
  expect([plan.exitCode, plan.stderr]).toStrictEqual([0, '']);
  expect(plan.stdout).toContain('ring production: 3 accounts in 2 Regions, 6 of 6 hold production-fail');
});

it('two at once: the second stops while an operation of the first is under way', async () => {
  const faults = deploymentFaultsOf(sandbox.state);
  expect(faults).toBeDefined();

  const asked = new Promise<void>((resolve) => {
    watch = (operation) => {
      if (operation !== 'CreateStackInstances') return;
      resolve();
    };
  });
  const first = ended(begin(['apply']));
  await asked;
  const second = ended(begin(['apply']));
  const [one, other] = await Promise.all([first, second]);
  expect(one).toMatchObject({ exitCode: 0, stdout: 'The rollout hooks is as declared.\n' });
  // Between two operations nothing is locked: the second then does the same work, and no operation twice.
  if (other.exitCode === 2) expect(other.stderr).toContain('error[STK2003]: the operation `stackade-');
  else expect(other.exitCode).toBe(0);
});
