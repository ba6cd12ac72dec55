/** `stackade deploy` in this process, against a sandbox: from nothing to everything and back, and what stands in the way. */
import { CloudFormationClient, CreateStackSetCommand } from '@aws-sdk/client-cloudformation';
import { AttachPolicyCommand, CreatePolicyCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runApply } from '../../cli/deploy/apply.js';
import { runDestroyCommand } from '../../cli/deploy/destroy.js';
import { runDrift } from '../../cli/deploy/drift.js';
import { runEnable } from '../../cli/deploy/enable.js';
import { runPlan } from '../../cli/deploy/plan.js';
import { runStatus } from '../../cli/deploy/status.js';
import type { Terminal } from '../../cli/terminal.js';
import { deploymentFaultsOf, seedOrganization, startSandbox } from '../../sandbox/index.js';
import type { Sandbox } from '../../sandbox/index.js';
import { DECLARATION_TEXT, organizationOf, ORGANIZATION_TEXT, TEMPLATE_TEXT } from '../stacksets/scenario.js';
import { folderOf, removeFolders } from './check/support.js';
import { runInProcess, variablesOf, type Ran } from '../support/in-process.js';

const GOVERNANCE = '222222222222';
const MANAGEMENT = '111111111111';

let sandbox: Sandbox;
let folder: string;

beforeEach(async () => {
  sandbox = await startSandbox({ organization: seedOrganization(organizationOf(), Date.now()) });
  folder = folderOf({ 'org.yaml': ORGANIZATION_TEXT, 'rollouts.yaml': DECLARATION_TEXT, 'hooks.yaml': TEMPLATE_TEXT });
});

afterEach(async () => {
  await sandbox.close();
  removeFolders();
});

type Flags = Readonly<Record<string, unknown>>;
type Command = (flags: never, terminal: Terminal) => number | Promise<number>;

const ran = (
  command: Command,
  flags: Flags = {},
  account = GOVERNANCE,
  more: Readonly<Record<string, string>> = {},
): Promise<Ran> =>
  runInProcess(folder, { HOME: folder, ...variablesOf(sandbox, account), ...more }, (terminal) =>
    command({ config: 'org.yaml', format: 'pretty', detect: true, ...flags } as never, terminal),
  );

/** Lets StackSets into the organization. */
async function activate(): Promise<void> {
  const enabled = await ran(runEnable, {}, MANAGEMENT);
  expect([enabled.exitCode, enabled.stdout]).toStrictEqual([
    0,
    'StackSets has trusted access to the organization now.\n222222222222 administers stack sets.\n',
  ]);
}

const plan = (flags?: Flags, account?: string, more?: Readonly<Record<string, string>>): Promise<Ran> =>
  ran(runPlan, flags, account, more);
const apply = (flags?: Flags): Promise<Ran> => ran(runApply, flags);

describe('an organization that lets StackSets in', () => {
  beforeEach(activate);

  it('is planned, applied, asked, and freed of it again', async () => {
    const planned = await plan();
    expect([planned.exitCode, planned.stderr]).toStrictEqual([1, '']);
    expect(planned.stdout).toMatch(/^Plan of the rollout hooks \(release [0-9a-f]{12}\): 6 steps in 4 stages\n/);
    expect(planned.stdout).toContain('create 6 instances of stackade-hooks-production below ou-ab12-22222222');
    const applied = await apply();
    expect([applied.exitCode, applied.stdout]).toStrictEqual([0, 'The rollout hooks is as declared.\n']);
    expect(applied.stderr).toContain('SUCCEEDED: 6 of 6 done');
    expect((await plan()).exitCode).toBe(0);
    const again = await apply();
    expect([again.exitCode, again.stdout]).toStrictEqual([0, 'The rollout hooks is as declared.\n']);
    const status = await ran(runStatus);
    expect(status.exitCode).toBe(0);
    expect(status.stdout).toContain('in force as declared');
    expect(status.stdout).toMatch(/555555555555 \(shop\) eu-west-1: current, template [0-9a-f]{12}, hook FAIL\n/);
    const json = JSON.parse((await ran(runStatus, { format: 'json' })).stdout) as unknown;
    expect(json).toMatchObject({
      rollouts: [
        { rollout: 'hooks', rings: [{ ring: 'canary', wave: 'canary-fail', mode: 'FAIL' }, { ring: 'production' }] },
      ],
    });
    const drift = await ran(runDrift, { overrides: true });
    expect([drift.exitCode, drift.stdout]).toStrictEqual([0, expect.stringContaining('0 of 6 stacks drifted')]);
    const shown = await ran(runDestroyCommand);
    expect([shown.exitCode, shown.stdout]).toStrictEqual([
      1,
      expect.stringContaining('Nothing was called; --yes does it.'),
    ]);
    const gone = await ran(runDestroyCommand, { yes: true });
    expect([gone.exitCode, gone.stdout]).toStrictEqual([0, 'The rollout hooks is gone: 8 instances deleted.\n']);
    expect((await ran(runDestroyCommand, { yes: true })).stdout).toBe('Nothing is left of the rollout hooks.\n');
    expect((await ran(runStatus)).stdout).toContain('there is no stack set stackade-hooks-canary');
  });

  describe('with a rollout that depends on another', () => {
    const BASE = `  base:
    template: base.yaml
    rings:
      canary: { targets: [/Sandbox], regions: [eu-central-1] }
      production: { targets: [/Workloads], regions: [eu-central-1] }
    waves: [{ ring: canary, promote: manually }, { ring: production }]
`;
    const write = (dependsOn: string): void => {
      const hooks = DECLARATION_TEXT.replace('    rings:', `    dependsOn: ${dependsOn}\n    rings:`);
      writeFileSync(join(folder, 'rollouts.yaml'), hooks + BASE);
      writeFileSync(join(folder, 'base.yaml'), 'Resources: { Queue: { Type: "AWS::SQS::Queue" } }\n');
    };

    it('goes on ring by ring behind it, sets the dependency, and is taken away before it', async () => {
      write('[base]');
      const planned = await plan();
      // The order is that of the dependencies, not that of the file.
      expect([...planned.stdout.matchAll(/^Plan of the rollout (\w+)/gm)].map(([, name]) => name)).toStrictEqual([
        'base',
        'hooks',
      ]);
      expect(planned.stdout).toContain(
        'behind the rollout base, ring canary: there is no stack set stackade-base-canary yet\n  1. create the stack set stackade-hooks-canary, which depends on stackade-base-canary\n',
      );
      // The canary ring of the hooks need not wait for production.
      const first = await apply();
      expect(first.exitCode).toBe(3);
      expect(first.stdout).toBe(
        [
          'The rollout base waits behind the wave canary:',
          '  it is promoted by hand',
          '`stackade deploy apply` goes on when that has come; `--promote canary` does without.',
          'The rollout hooks waits for what it depends on, before wave 3 of 4, production-warn (the hook: WARN):',
          '  the rollout base, ring production: there is no stack set stackade-base-production yet',
          '`stackade deploy apply` goes on when that is in force.\n',
        ].join('\n'),
      );
      // Also when nobody asks for the other one.
      expect((await apply({ rollout: ['hooks'] })).exitCode).toBe(3);
      expect((await apply({ promote: ['canary'] })).exitCode).toBe(0);
      const status = await ran(runStatus);
      expect([status.exitCode, status.stdout]).toStrictEqual([
        0,
        expect.stringContaining('accounts that join get before: stackade-base-production\n'),
      ]);
      const kept = await ran(runDestroyCommand, { yes: true, rollout: ['base'] });
      expect(kept.exitCode).toBe(2);
      expect(kept.stderr).toContain('the stack set `stackade-hooks-canary` of the rollout `hooks` depends on `base`');
      const gone = await ran(runDestroyCommand, { yes: true });
      expect([gone.exitCode, gone.stdout]).toStrictEqual([
        0,
        'The rollout hooks is gone: 8 instances deleted.\nThe rollout base is gone: 4 instances deleted.\n',
      ]);
    });

    it('tells when the dependency is taken away or added, and mends it', async () => {
      write('[]');
      expect((await apply({ promote: ['canary'] })).exitCode).toBe(0);
      for (const dependsOn of ['[base]', '[]']) {
        write(dependsOn);
        const drift = await ran(runDrift, { detect: false });
        expect([drift.exitCode, drift.stdout]).toStrictEqual([
          1,
          expect.stringContaining('not as declared: what it depends on'),
        ]);
        expect((await ran(runStatus)).exitCode).toBe(1);
        expect((await apply()).exitCode).toBe(0);
        expect((await ran(runStatus)).exitCode).toBe(0);
      }
    });
  });

  it('with a stack that fails in one account: incomplete, said where and why, and gone on with', async () => {
    deploymentFaultsOf(sandbox.state).add({
      account: '333333333333',
      region: 'eu-west-1',
      reason: 'AccessDenied: a policy denies it',
    });
    const stopped = await apply();
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stdout).toContain(
      'The rollout hooks is incomplete: canary-warn: what is missing was tried and is not done.',
    );
    expect(stopped.stdout).toContain('333333333333 eu-west-1: FAILED: AccessDenied: a policy denies it');
    const status = await ran(runStatus);
    expect([status.exitCode, status.stdout]).toStrictEqual([
      1,
      expect.stringContaining('333333333333 (playground) eu-west-1: '),
    ]);
    expect(status.stdout).toContain('ring production: there is no stack set');
    deploymentFaultsOf(sandbox.state).clear();
    expect((await apply()).exitCode).toBe(0);
  });

  it('that throttles, loses answers and breaks connections: comes to its end', async () => {
    sandbox.faults.add({ operation: 'CreateStackInstances', kind: 'lose' });
    sandbox.faults.add({ operation: 'CreateStackSet', kind: 'lose' });
    // The client slows down behind a throttled call, so it is the last one of its kind.
    sandbox.faults.add({ operation: 'UpdateStackSet', nth: 2, kind: 'throttle' });
    sandbox.faults.add({ operation: 'DescribeStackSetOperation', nth: 2, kind: 'drop' });
    expect((await apply()).stdout).toBe('The rollout hooks is as declared.\n');
    expect((await plan()).exitCode).toBe(0);
  });

  it('waits where a wave is promoted by hand, and says how', async () => {
    writeFileSync(
      join(folder, 'rollouts.yaml'),
      DECLARATION_TEXT.replace('    rings:', '    promote: manually\n    rings:'),
    );
    const waits = await apply();
    expect([waits.exitCode, waits.stdout]).toStrictEqual([
      3,
      'The rollout hooks waits behind the wave canary-warn:\n' +
        '  it is promoted by hand\n' +
        '`stackade deploy apply` goes on when that has come; `--promote canary-warn` does without.\n',
    ]);
    const all = await apply({ promote: ['canary-warn', 'canary-fail', 'production-warn'] });
    expect(all.exitCode).toBe(0);
    const unknown = await apply({ promote: ['canary'] });
    expect([unknown.exitCode, unknown.stderr]).toStrictEqual([2, expect.stringContaining('there is no wave `canary`')]);
  });

  it('whose policies would keep StackSets from deleting: they are named, and nothing is deleted', async () => {
    await apply();
    const client = new OrganizationsClient({
      region: 'us-east-1',
      endpoint: sandbox.url,
      credentials: sandbox.credentials(MANAGEMENT),
    });
    const content = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: ['cloudformation:DeleteStack', 'sns:DeleteTopic'], Resource: '*' }],
    };
    const { Policy } = await client.send(
      new CreatePolicyCommand({
        Name: 'keep-hooks',
        Description: '',
        Type: 'SERVICE_CONTROL_POLICY',
        Content: JSON.stringify(content),
      }),
    );
    const PolicyId = Policy?.PolicySummary?.Id;
    await client.send(new AttachPolicyCommand({ PolicyId, TargetId: 'ou-ab12-22222222' }));
    client.destroy();
    const refused = await ran(runDestroyCommand, { yes: true });
    expect([refused.exitCode, refused.stdout]).toStrictEqual([2, '']);
    expect(refused.stderr).toContain('error[STK2001]: the service control policy `keep-hooks`');
    expect(refused.stderr).toContain(
      'attached at /Workloads, may deny StackSets cloudformation:DeleteStack, sns:DeleteTopic in 3 accounts',
    );
    expect((await ran(runStatus)).exitCode).toBe(0);
  });

  it('with a stack set of somebody else under the name: refused', async () => {
    const client = new CloudFormationClient({
      region: 'eu-central-1',
      endpoint: sandbox.url,
      credentials: sandbox.credentials(MANAGEMENT),
    });
    await client.send(
      new CreateStackSetCommand({
        StackSetName: 'stackade-hooks-canary',
        TemplateBody: '{"Resources":{"A":{"Type":"AWS::SNS::Topic"}}}',
        PermissionModel: 'SERVICE_MANAGED',
        AutoDeployment: { Enabled: false },
      }),
    );
    client.destroy();
    const refused = await apply();
    expect([refused.exitCode, refused.stderr]).toStrictEqual([
      2,
      expect.stringContaining(
        'error[STK2001]: there is a stack set `stackade-hooks-canary` already, which Stackade did not make',
      ),
    ]);
  });

  it('that lost the unit of a ring: refused', async () => {
    writeFileSync(join(folder, 'org.yaml'), ORGANIZATION_TEXT.replace('ou-ab12-11111111', 'ou-ab12-99999999'));
    expect((await plan()).stderr).toContain(
      'error[STK2001]: the organization has no unit `/Sandbox` (ou-ab12-99999999), a target of the ring `canary`',
    );
  });

  it('with a suspended account: it is left out, and said', async () => {
    const account = sandbox.state.organization.accounts.get('666666666666')!;
    sandbox.state.organization.accounts.set('666666666666', { ...account, state: 'SUSPENDED' });
    const planned = await plan();
    expect(planned.stdout).toContain('note: `666666666666` of the ring production is not active and left out');
    expect(planned.stdout).toContain('ring production: 2 accounts in 2 Regions');
  });
});

describe('who may not', () => {
  it.each<readonly [what: string, run: () => Promise<Ran>, message: string]>([
    [
      'has no trusted access',
      () => plan(),
      'error[STK2002]: StackSets has no trusted access to the organization (DISABLED)',
    ],
    [
      'is no delegated administrator',
      () => plan({}, '333333333333'),
      'error[STK2002]: the account 333333333333 is neither the management account nor a delegated administrator of stack sets',
    ],
    [
      'has a wrong secret',
      () => plan({}, GOVERNANCE, { AWS_SECRET_ACCESS_KEY: 'wrong' }),
      'error[AWS1002]: it cannot be told who calls: SignatureDoesNotMatch',
    ],
    [
      'has no credentials',
      () =>
        plan({}, GOVERNANCE, {
          AWS_ACCESS_KEY_ID: '',
          AWS_SECRET_ACCESS_KEY: '',
          AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
          AWS_CONFIG_FILE: '/nonexistent',
        }),
      'error[AWS1001]: it cannot be told who calls: there are no credentials',
    ],
  ])('%s', async (_, command, message) => {
    const { exitCode, stdout, stderr } = await command();
    expect([exitCode, stdout, stderr]).toStrictEqual([2, '', expect.stringContaining(message)]);
  });

  it('wants to let StackSets in from a member account', async () => {
    expect(await ran(runEnable)).toStrictEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(
        'error[STK2002]: only the management account (111111111111) lets StackSets into',
      ) as string,
    });
  });

  it('has the description of another organization', async () => {
    writeFileSync(join(folder, 'org.yaml'), ORGANIZATION_TEXT.replace('o-exampleorgid', 'o-anotherorgid'));
    expect((await plan()).stderr).toContain(
      'error[STK2002]: the description is of the organization o-anotherorgid, the credentials (account 222222222222) are of o-exampleorgid',
    );
  });
});
