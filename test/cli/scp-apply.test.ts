/** `scp plan` and `scp apply` in this process, against a sandbox: where a run stops, what is refused. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runApply } from '../../cli/scp/apply.js';
import { runPlan } from '../../cli/scp/plan.js';
import type { Terminal } from '../../cli/terminal.js';
import { seedOrganization, startSandbox } from '../../sandbox/index.js';
import type { Fault, Sandbox } from '../../sandbox/index.js';
import { organization, ORGANIZATION_TEXT } from '../sandbox/organization.js';
import { inForce, operationsOn } from '../scp/apply/operations.js';
import { policy, SANDBOX } from '../scp/apply/scenarios.js';
import { folderOf, removeFolders } from './check/support.js';
import { runInProcess, variablesOf, type Ran } from '../support/in-process.js';

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

type Flags = Readonly<Record<string, unknown>>;

const ran = (
  run: (flags: never, terminal: Terminal) => Promise<number>,
  flags: Flags,
  account = '111111111111',
  more: Readonly<Record<string, string>> = {},
): Promise<Ran> =>
  runInProcess(folder, { HOME: folder, ...variablesOf(sandbox, account), ...more }, (terminal) =>
    run({ set: 'guardrails', format: 'pretty', pause: '0', ...flags } as never, terminal),
  );

const CONFIG = { config: 'org.yaml' };
const plan = (flags: Flags = {}, account?: string, more?: Readonly<Record<string, string>>): Promise<Ran> =>
  ran(runPlan, { ...CONFIG, ...flags }, account, more);
const apply = (flags: Flags = CONFIG, account?: string): Promise<Ran> => ran(runApply, flags, account);
const data = (): Sandbox['state']['organization'] => sandbox.state.organization;

it('says what is in force when it stops, and goes on from there', async () => {
  sandbox.faults.add({
    operation: 'AttachPolicy',
    nth: 2,
    kind: { code: 'AccessDeniedException', message: "You don't have permissions to access this resource." },
  });
  const stopped = await apply();
  expect(stopped.exitCode).toBe(1);
  expect(stopped.stderr).toContain('error[AWS1002]: the call to attach the service control policy');
  expect(stopped.stdout).toContain('Stopped: 3 of 4 calls were made');
  expect(stopped.stdout).toContain('In force now, as AWS Organizations says:');
  expect(stopped.stdout).toMatch(
    /`\/Sandbox` \(ou-ab12-11111111\), service control policy: `\S+` as wanted \(besides: FullAWSAccess\)/,
  );
  expect(stopped.stdout).toMatch(/the root \(r-ab12\), service control policy: `\S+` not attached yet/);
  expect((await apply({ resume: true, format: 'json' })).stdout).toContain('"result": "applied"');
  expect((await plan()).exitCode).toBe(0);
});

it('brings settings of services as it brings SCPs', async () => {
  const text = FIRST['org.yaml']!.replace(
    'scp: [{ file: root.json, name: base }]',
    'tag: [{ template: required-tags-reported, parameters: { requiredTags: [{ key: Owner }] } }], declarativeEc2: [ec2-account-settings]',
  );
  writeFileSync(join(folder, 'org.yaml'), text);
  const planned = await plan();
  expect([planned.exitCode, planned.stderr]).toStrictEqual([1, '']);
  expect(planned.stdout).toMatch(/tag policy/);
  expect((await apply()).exitCode).toBe(0);
  const contents = [...data().policies.values()].map(({ type, content }) => [type, content]);
  expect(contents).toContainEqual(['TAG_POLICY', expect.stringContaining('"@@assign":"Owner"')]);
  expect(contents).toContainEqual(['DECLARATIVE_POLICY_EC2', expect.stringContaining('block_new_sharing')]);
  expect((await plan()).exitCode).toBe(0);
  expect((await apply({ undo: true })).exitCode).toBe(0);
  expect([...data().policies.values()].map(({ type }) => type)).not.toContain('TAG_POLICY');
});

it('brings documents of each type of settings, and takes them back', async () => {
  const documents: Readonly<Record<string, readonly [api: string, document: object]>> = {
    backup: ['BACKUP_POLICY', { plans: { daily: { regions: { '@@append': ['eu-central-1'] } } } }],
    chatApplications: ['CHATBOT_POLICY', { chatbot: { platforms: { slack: { client: { '@@assign': 'disabled' } } } } }],
    securityHub: ['SECURITYHUB_POLICY', { securityhub: { enable_in_regions: { '@@append': ['ALL_SUPPORTED'] } } }],
    aiServicesOptOut: [
      'AISERVICES_OPT_OUT_POLICY',
      { services: { default: { opt_out_policy: { '@@assign': 'optOut' } } } },
    ],
  };
  const types = Object.values(documents).map(([api]) => api);
  const brought = (): readonly unknown[] =>
    [...data().policies.values()]
      .filter(({ type }) => types.includes(type))
      .map(({ type, content }) => [type, JSON.parse(content) as unknown]);
  for (const [type, [, document]] of Object.entries(documents)) {
    writeFileSync(join(folder, `${type}.json`), JSON.stringify(document, null, 2));
  }
  const choices = Object.keys(documents).map((type) => `${type}: [{ file: ${type}.json, name: ${type} }]`);
  const text = FIRST['org.yaml']!.replace('scp: [{ file: root.json, name: base }]', choices.join(', '));
  writeFileSync(join(folder, 'org.yaml'), text);
  expect((await plan()).exitCode).toBe(1);
  expect((await apply()).exitCode).toBe(0);
  expect(brought()).toHaveLength(types.length);
  expect(brought()).toStrictEqual(expect.arrayContaining(Object.values(documents)));
  expect((await plan()).exitCode).toBe(0);
  expect((await apply({ undo: true })).exitCode).toBe(0);
  expect(brought()).toStrictEqual([]);
});

it('changes texts in place, and takes them back', async () => {
  await apply();
  const before = inForce(data());
  const changed = described(
    policy('organizations:LeaveOrganization', 'account:CloseAccount'),
    policy('ec2:CreateVpcPeeringConnection'),
  );
  for (const [name, text] of Object.entries(changed)) writeFileSync(join(folder, name), text);
  const planned = await plan();
  expect(planned.stdout).toMatch(/- +"Action": "ec2:CreateInternetGateway"/);
  expect(planned.stdout).toMatch(/\+ +"Action": "ec2:CreateVpcPeeringConnection"/);
  expect((await apply()).exitCode).toBe(0);
  expect(inForce(data())).not.toStrictEqual(before);
  expect((await apply({ undo: true })).exitCode).toBe(0);
  expect(inForce(data())).toStrictEqual(before);
});

it.each<readonly [what: string, fault: Fault]>([
  ['throttled', { operation: 'CreatePolicy', kind: 'throttle' }],
  ['answered after the answer got lost', { operation: 'CreatePolicy', kind: 'lose' }],
  ['cut off', { operation: 'AttachPolicy', kind: 'drop' }],
  ['concurrent', { operation: 'AttachPolicy', kind: { code: 'ConcurrentModificationException', message: 'busy' } }],
])('comes to its end when a call is %s', async (_, fault) => {
  sandbox.faults.add(fault);
  const applied = await apply();
  expect([applied.exitCode, applied.stdout]).toStrictEqual([0, expect.stringContaining('are in force: 4 calls')]);
  expect((await plan()).exitCode).toBe(0);
});

it('runs a check between stages, and stops when it fails', async () => {
  const stopped = await apply({
    ...CONFIG,
    check: 'echo "$STACKADE_NEXT"; test "$STACKADE_NEXT" != "put in force, wave 2 of 2: the root"',
  });
  expect(stopped.exitCode).toBe(1);
  expect(stopped.stderr).toContain('put in force, wave 1 of 2: /Sandbox\n');
  expect(stopped.stderr).toContain('the check between two stages failed');
  expect(stopped.stdout).toContain('Stopped: 3 of 4 calls were made.');
});

it('tells of an account that was moved out of the unit whose policies it needs', async () => {
  await apply();
  expect((await plan()).stderr).toBe('');
  const account = [...data().accounts.values()].find(({ parentId }) => parentId !== data().root.id)!;
  const unit = data().units.get(account.parentId)!;
  data().accounts.set(account.id, { ...account, parentId: data().root.id });
  const { exitCode, stderr } = await plan();
  expect([exitCode, stderr]).toStrictEqual([0, expect.stringContaining('warning[SCP5004]')]);
  expect(stderr).toContain(`the account ${account.id} (`);
  expect(stderr).toMatch(new RegExp(`is in \`/\`, not in \`/.*${unit.name}\` as described`));
  data().accounts.delete(account.id);
  expect((await plan()).stderr).toContain(`the organization has no account ${account.id}`);
});

describe('bad input', () => {
  it.each<[what: string, run: () => Promise<Ran>, told: RegExp]>([
    [
      'a wrong secret',
      () => plan({}, undefined, { AWS_SECRET_ACCESS_KEY: 'x' }),
      /error\[AWS1002\].*InvalidSignatureException[^]*help: check the secret/,
    ],
    [
      'no credentials',
      () => plan({}, undefined, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }),
      /error\[AWS1001\].*no credentials/,
    ],
    ['no description', () => apply({}), /error\[CLI2002\]: --config: is missing/],
    ['no journal', () => apply({ undo: true }), /error\[SCP5002\]: there is no journal/],
    ['a wait that is no number', () => apply({ ...CONFIG, lockWait: '' }), /--lock-wait: `` is no number of seconds/],
    ['a pause that is no number', () => apply({ ...CONFIG, pause: 'x' }), /--pause: `x` is no number of seconds/],
    ['a wave that is not there', () => plan({ wave: ['/Sandbo'] }), /--wave: there is no `\/Sandbo`/],
    ['a context that is none', () => plan({ callerContext: ['x'] }), /is not KEY=VALUE/],
    ['a report that is none', () => plan({ replay: 'root.json' }), /is no report of `iam replay`/],
  ])('%s', async (_, run, told) => {
    const result = await run();
    expect([result.exitCode, result.stdout]).toStrictEqual([2, '']);
    expect(result.stderr).toMatch(told);
    expect(existsSync(join(folder, '.stackade'))).toBe(false);
  });

  it('an account that may not', async () => {
    const result = await plan({}, '333333333333');
    expect([result.exitCode, result.stderr]).toStrictEqual([
      2,
      expect.stringContaining('AccessDeniedException') as string,
    ]);
  });

  it('another organization', async () => {
    writeFileSync(
      join(folder, 'org.yaml'),
      readFileSync(join(folder, 'org.yaml'), 'utf8').replace('o-exampleorgid', 'o-otherorgid00'),
    );
    const result = await plan();
    expect(result.stderr).toContain('error[SCP5001]: the description is of the organization o-otherorgid00');
  });

  it('a policy of somebody else', async () => {
    await apply();
    for (const tags of data().tags.values()) tags.clear();
    const result = await apply();
    expect([result.exitCode, result.stderr]).toStrictEqual([
      2,
      expect.stringContaining('error[SCP5001]: there is a service control policy') as string,
    ]);
    const theirs = operationsOn(data());
    expect((await theirs.listTargetsForPolicy([...data().policies.keys()].at(-1)!)).length).toBe(1);
  });

  it('a journal that is none', async () => {
    writeFileSync(join(folder, 'journal'), '{}\n');
    const result = await apply({ resume: true, journal: 'journal' });
    expect(result.stderr).toContain('error[SCP5002]: `journal` is no journal');
  });
});

it('prints a template of CloudFormation without asking AWS, where the description has the ids', async () => {
  const result = await plan({ emit: 'cloudformation' }, undefined, {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  });
  const { Resources } = JSON.parse(result.stdout) as {
    Resources: Record<string, { Type: string; Properties: object }>;
  };
  const resources = Object.values(Resources);
  expect(resources.map(({ Type }) => Type)).toStrictEqual(Array(2).fill('AWS::Organizations::Policy'));
  expect(resources.map(({ Properties }) => Properties)).toMatchObject([
    { Type: 'SERVICE_CONTROL_POLICY', TargetIds: ['r-ab12'], Tags: [{ Key: 'stackade:set', Value: 'guardrails' }] },
    { TargetIds: [SANDBOX], Content: { Version: '2012-10-17' } },
  ]);
});

describe('the lock', () => {
  const locks = (): readonly string[] =>
    [...data().policies.values()].map(({ name }) => name).filter((name) => name.startsWith('stackade-lock-'));
  /** A description as a holder writes it. */
  const description = (run: Partial<Readonly<Record<'machine' | 'process' | 'alive', string>>> = {}): string =>
    `… Run 1f2e of bob@ci-7, machine ${run.machine ?? 'abc'}, process ${run.process ?? '7'}, since ${run.alive ?? new Date().toISOString()}, alive ${run.alive ?? new Date().toISOString()}`;
  /** Another run holds the lock. */
  function held(text: string): void {
    const policy = { id: 'p-heldheld', name: 'stackade-lock-guardrails', type: 'SERVICE_CONTROL_POLICY' } as const;
    data().policies.set(policy.id, { ...policy, description: text, content: '{}', awsManaged: false });
    data().tags.set(policy.id, new Map([['stackade:lock', 'guardrails']]));
  }

  it('keeps a run out while another holds it, and not one that has nothing to do or is of another set', async () => {
    held(description());
    const refused = await apply();
    expect([refused.exitCode, refused.stdout, existsSync(join(folder, '.stackade'))]).toStrictEqual([2, '', false]);
    expect(refused.stderr).toMatch(
      /^error\[SCP5003\]: the set `guardrails` is being changed by another run: of bob@ci-7, process 7, since .*, last sign of life .* \(lock: the policy `stackade-lock-guardrails`, p-heldheld\)\n +help: wait until it is done \(--lock-wait 600/,
    );
    const taken = await apply({ ...CONFIG, takeLock: true });
    expect(taken.stderr).toMatch(/^the lock of a run of bob@ci-7, process 7, .* is taken over, as --take-lock says\n/);
    expect([taken.exitCode, locks()]).toStrictEqual([0, []]);
    held(description());
    expect(await apply()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('are as described') as string });
    expect((await apply({ undo: true })).exitCode).toBe(2);
  });

  it('is waited for; what the other run did is planned with', async () => {
    const first = await apply();
    expect([first.exitCode, locks()]).toStrictEqual([0, []]);
    await apply({ undo: true });
    held(description());
    const started = inForce(data());
    const waiting = ran(
      (flags: never, terminal) =>
        runApply(flags, {
          ...terminal,
          tell: (text) => {
            terminal.tell(text);
            if (!text.startsWith('waiting: the set `guardrails` is being changed by a run of bob@ci-7')) return;
            // The other run makes the policy of the root, and ends.
            const policy = { id: 'p-baseofbob1', name: 'base', type: 'SERVICE_CONTROL_POLICY' } as const;
            const content = FIRST['root.json']!;
            data().policies.set(policy.id, { ...policy, description: 'x', content, awsManaged: false });
            data().policies.delete('p-heldheld');
            data().tags.delete('p-heldheld');
          },
        }),
      { ...CONFIG, lockWait: '1' },
    );
    const { exitCode, stderr } = await waiting;
    expect([exitCode, locks(), stderr]).toStrictEqual([
      0,
      [],
      expect.stringContaining('The organization has changed meanwhile: this is the plan now.\n') as string,
    ]);
    expect(inForce(data())).not.toStrictEqual(started);
  });

  it('is taken over from a run that gives no sign of life, and ends the run that had it', async () => {
    held(description({ alive: '2026-01-01T00:00:00.000Z' }));
    const stopped = await ran(
      (flags: never, terminal) =>
        runApply(flags, {
          ...terminal,
          tell: (text) => {
            terminal.tell(text);
            // Behind the second call somebody takes it over.
            if (text.startsWith('2 of 4')) {
              data().policies.delete([...data().policies].find(([, { name }]) => name.startsWith('stackade-lock'))![0]);
            }
          },
        }),
      CONFIG,
    );
    expect(stopped.stderr).toContain('is taken over: no sign of life for more than 10 minutes\n');
    expect(stopped.stderr).toContain('another run has taken the lock of the set `guardrails` over');
    expect([stopped.exitCode, stopped.stdout]).toStrictEqual([
      1,
      expect.stringContaining('Stopped: 2 of 4 calls') as string,
    ]);
    expect((await apply({ resume: true })).exitCode).toBe(0);
    expect((await plan()).exitCode).toBe(0);
  });

  it('that cannot be given back is told, and changes nothing else', async () => {
    sandbox.faults.add({ operation: 'DeletePolicy', kind: { code: 'AccessDeniedException', message: 'no' } });
    const applied = await apply();
    expect(applied.exitCode).toBe(0);
    expect(applied.stderr).toContain('warning: the lock of the set `guardrails` could not be given back');
    expect(locks()).toHaveLength(1);
  });
});
