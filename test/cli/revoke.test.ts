/** `revoke --apply` in this process, with the sandbox as the organization: sessions that are open stop, others go on. */
import * as iamSdk from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import type { RevokeFlags } from '../../cli/revoke/flags.js';
import { revoke } from '../../cli/revoke/run.js';
import { startSandbox } from '../../sandbox/index.js';
import type { Credentials, Sandbox } from '../../sandbox/index.js';
import { IAM } from '../../sandbox/iam/data.js';
import { Clients, outcome, TRUST } from '../sandbox/clients.js';
import { seeded } from '../sandbox/organization.js';
import { folderOf, removeFolders } from './check/support.js';
import { runAt, variablesOf, type Ran } from '../support/in-process.js';

const [MANAGEMENT, SHOP] = ['111111111111', '444444444444'];
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';

let sandbox: Sandbox;
let folder: string;
const clients = new Clients(() => sandbox);
const environment = { ...process.env };

beforeEach(async () => {
  sandbox = await startSandbox({ organization: seeded() });
  folder = folderOf({});
  for (const account of [MANAGEMENT, SHOP]) {
    const iam = clients.iam(sandbox.credentials(account));
    await iam.send(new iamSdk.CreateRoleCommand({ RoleName: 'staff', AssumeRolePolicyDocument: TRUST(account) }));
    await iam.send(new iamSdk.AttachRolePolicyCommand({ RoleName: 'staff', PolicyArn: ADMIN }));
  }
});

afterEach(async () => {
  process.env = { ...environment };
  clients.close();
  await sandbox.close();
  removeFolders();
  expect(clients.departures).toStrictEqual([]);
});

const session = (account: string, RoleSessionName: string, SourceIdentity?: string): Promise<Credentials> =>
  clients.session(sandbox.credentials(account), `arn:aws:iam::${account}:role/staff`, {
    RoleSessionName,
    ...(SourceIdentity !== undefined && { SourceIdentity }),
  });

const works = async (by: Credentials): Promise<string> => {
  const said = await outcome(clients.s3(by).send(new ListBucketsCommand({})));
  return /explicit deny in an? ([a-z-]+ (?:control )?policy)/.exec(said)?.[1] ?? said;
};

/** Two of them may run at one time: the variables stay until the test has ended. */
function run(flags: Partial<RevokeFlags>, account = MANAGEMENT): Promise<Ran> {
  process.env = { ...environment, HOME: folder, ...variablesOf(sandbox, account) };
  return runAt(folder, (terminal) => revoke({ apply: true, format: 'json', ...flags }, terminal));
}

/** What is in force in IAM of the management account: attachments and inline policies of revocations by entity. */
function inIam(): Readonly<Record<string, readonly string[]>> {
  const { users, roles, policies } = IAM.of(sandbox.state, MANAGEMENT);
  const entries = [...users.values(), ...roles.values()].map(({ name, attached, inline }) => [
    name,
    [...attached.filter((arn) => arn !== ADMIN).map((arn) => arn.split('/')[1]!), ...inline.keys()],
  ]);
  return { ...(Object.fromEntries(entries) as object), policies: [...policies.values()].map(({ name }) => name) };
}

it('stops sessions of one person in all accounts, and of nobody else', async () => {
  const john = [await session(MANAGEMENT, 'john.doe'), await session(SHOP, 'john.doe')];
  const chained = [await session(MANAGEMENT, 'tool-1', 'john.doe'), await session(SHOP, 'tool-1', 'john.doe')];
  const mary = [await session(MANAGEMENT, 'mary.major'), await session(SHOP, 'mary.major', 'mary.major')];
  const others = [await session(SHOP, 'notjohn.doe'), sandbox.credentials(MANAGEMENT), sandbox.credentials(SHOP)];
  const all = [...john, ...chained, ...mary, ...others];
  for (const each of all) expect(await works(each)).toBe('ok');

  const user = ['john.doe'];
  const { exitCode, stdout } = await run({ user });
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([
    0,
    {
      result: 'applied',
      managementAccount: { id: MANAGEMENT, pending: [], failures: [] },
      leftInManagementAccount: [],
    },
  ]);
  const [scp, identity] = ['service control policy', 'identity-based policy'];
  expect(await Promise.all(john.map(works))).toStrictEqual([identity, scp]);
  expect(await Promise.all(chained.map(works))).toStrictEqual([identity, scp]);
  for (const each of [...mary, ...others]) expect(await works(each)).toBe('ok');
  // A new session of the same person is denied, too.
  expect(await works(await session(SHOP, 'john.doe'))).toBe(scp);
  expect(await works(await session(MANAGEMENT, 'john.doe'))).toBe(identity);

  const again = await run({ user });
  expect([again.exitCode, JSON.parse(again.stdout)]).toMatchObject([0, { result: 'nothing' }]);
});

it('ends the sessions of a role of the management account that are open, and lets new ones work', async () => {
  const role = [`arn:aws:iam::${MANAGEMENT}:role/staff`];
  const before = await session(MANAGEMENT, 'mary.major');
  const { exitCode } = await run({ role });
  expect(exitCode).toBe(0);
  expect(await works(before)).toBe('identity-based policy');
  expect(inIam()['staff']).toStrictEqual(['StackadeRevokeOlderSessions']);
  // A trust policy of the role lets the person in again; the new token is younger than the deny.
  const { inline } = IAM.of(sandbox.state, MANAGEMENT).roles.get('staff')!;
  const text = inline.get('StackadeRevokeOlderSessions')!;
  inline.set('StackadeRevokeOlderSessions', text.replace(/\d{4}-\d\d-\d\dT[\d:]+Z/, '2020-01-01T00:00:00Z'));
  expect(await works(before)).toBe('ok');
});

it('goes on from where a call was refused', async () => {
  expect((await run({ user: ['mary.major'] })).exitCode).toBe(0);
  const { roles, users } = IAM.of(sandbox.state, MANAGEMENT);
  roles.get('staff')!.attached.pop();
  users.get('administrator')!.attached.pop();
  const kind = { code: 'AccessDenied', message: 'no' };
  sandbox.faults.add({ operation: 'AttachRolePolicy', kind });
  sandbox.faults.add({ operation: 'CreatePolicyVersion', kind });
  const user = ['john.doe'];
  const stopped = await run({ user });
  expect([stopped.exitCode, JSON.parse(stopped.stdout)]).toMatchObject([1, { result: 'stopped' }]);
  expect(stopped.stderr).toMatch(/the call to make a new version/);
  // What goes wrong with a policy keeps the calls that need it from being made.
  expect(inIam()['staff']).toStrictEqual([]);
  const half = await run({ user });
  expect([half.exitCode, inIam()['staff'], inIam()['administrator']]).toStrictEqual([1, [], ['stackade-revocations']]);
  expect(half.stderr).toMatch(/the call to attach/);
  const { exitCode, stdout } = await run({ user, format: 'pretty' });
  expect([exitCode, stdout]).toMatchObject([0, expect.stringMatching(/^Done: \d calls?\.\n$/) as string]);
  expect(inIam()).toStrictEqual({
    administrator: ['stackade-revocations'],
    staff: ['stackade-revocations'],
    policies: ['stackade-revocations'],
  });
  expect(await works(await session(MANAGEMENT, 'john.doe'))).toBe('identity-based policy');
});

it("takes its policies away again, and leaves IAM alone when asked to, or when it is not the caller's", async () => {
  expect((await run({ user: ['john.doe'], organizationOnly: true })).exitCode).toBe(0);
  expect(inIam()['policies']).toStrictEqual([]);
  expect((await run({ user: ['john.doe'] })).exitCode).toBe(0);
  expect(inIam()['policies']).toStrictEqual(['stackade-revocations']);
  const { policies } = sandbox.state.organization;
  const own = [...policies.values()].find(({ name }) => name === 'stackade-revocations')!;
  policies.set(own.id, { ...own, content: own.content.replace(/Until\d{8}T\d\dZ/g, 'Until20200101T00Z') });
  const cleaned = await run({ cleanUp: true });
  expect([cleaned.exitCode, inIam()]).toStrictEqual([0, { administrator: [], staff: [], policies: [] }]);
  expect(await works(await session(MANAGEMENT, 'john.doe'))).toBe('ok');
});

it('does not deny the one who asks for it', async () => {
  const { users } = IAM.of(sandbox.state, MANAGEMENT);
  const id = users.get('administrator')!.id;
  const { exitCode, stderr } = await run({ iamUserId: [id] });
  expect([exitCode, inIam()]).toStrictEqual([1, { administrator: [], staff: [], policies: [] }]);
  expect(stderr).toContain('you would be denied, too, by');
});

it('refuses a policy of its name that somebody else made', async () => {
  const iam = clients.iam(sandbox.credentials(MANAGEMENT));
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }],
  });
  await iam.send(new iamSdk.CreatePolicyCommand({ PolicyName: 'stackade-revocations', PolicyDocument }));
  const { exitCode, stderr } = await run({ user: ['john.doe'] });
  expect([exitCode, inIam()['staff']]).toStrictEqual([2, []]);
  expect(stderr).toContain('was not made by `stackade revoke`');
  const mine = [...sandbox.state.organization.policies.values()].filter(({ awsManaged }) => !awsManaged);
  expect(mine).toStrictEqual([]);
});

it('waits for another run of revocations only, and plans with what that has done', async () => {
  const { policies, tags } = sandbox.state.organization;
  const hold = (set: string): void => {
    const now = new Date().toISOString();
    const policy = { id: `p-held${set}`, name: `stackade-lock-${set}`, type: 'SERVICE_CONTROL_POLICY', content: '{}' };
    const description = `… Run 1f2e of bob@ci-7, machine abc, process 7, since ${now}, alive ${now}`;
    policies.set(policy.id, { ...policy, description, awsManaged: false });
    tags.set(policy.id, new Map([['stackade:lock', set]]));
  };
  hold('guardrails');
  expect((await run({ user: ['john.doe'] })).exitCode).toBe(0);
  hold('revocations');
  const refused = await run({ user: ['mary.major'] });
  expect([refused.exitCode, refused.stdout]).toStrictEqual([2, '']);
  expect(refused.stderr).toContain(
    'error[SCP5003]: the set `revocations` is being changed by another run: of bob@ci-7',
  );
  expect((await run({ user: ['john.doe'] })).exitCode).toBe(0);
  // Two at once: whichever comes second has both revocations in the end.
  policies.delete('p-heldrevocations');
  const both = await Promise.all(['mary.major', 'eve.adams'].map((user) => run({ user: [user], lockWait: '60' })));
  expect(both.map(({ exitCode }) => exitCode)).toStrictEqual([0, 0]);
  const own = [...policies.values()].filter(({ name }) => name.startsWith('stackade-revocations'));
  for (const user of ['john.doe', 'mary.major', 'eve.adams']) {
    expect(own.map(({ content }) => content).join('\n')).toContain(`:${user}`);
  }
  expect([...policies.values()].filter(({ name }) => name === 'stackade-lock-revocations')).toStrictEqual([]);
});

it('ends chained sessions by role, spares break-glass, ends keys of a user, and refuses a time that is to come', async () => {
  const { administrator } = Object.fromEntries(IAM.of(sandbox.state, SHOP).users);
  const iam = clients.iam(sandbox.credentials(SHOP));
  const assume = { AssumeRolePolicyDocument: TRUST(SHOP) };
  for (const RoleName of ['deploy', 'break-glass']) {
    await iam.send(new iamSdk.CreateRoleCommand({ RoleName, ...assume }));
    await iam.send(new iamSdk.AttachRolePolicyCommand({ RoleName, PolicyArn: ADMIN }));
  }
  const into = (by: Credentials, role: string, RoleSessionName: string): Promise<Credentials> =>
    clients.session(by, `arn:aws:iam::${SHOP}:role/${role}`, { RoleSessionName });
  const john = await session(SHOP, 'john.doe');
  const chained = await into(john, 'deploy', 'build-17');
  const glass = await into(sandbox.credentials(SHOP), 'break-glass', 'john.doe');
  const scp = 'service control policy';

  // A chained session without source identity goes on: its name is another.
  await run({ user: ['john.doe'] });
  expect(await Promise.all([john, chained, glass].map(works))).toStrictEqual([scp, 'ok', 'ok']);

  const deploy = [`arn:aws:iam::${SHOP}:role/deploy`];
  const ahead = await run({
    role: deploy,
    before: new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, ''),
  });
  expect([ahead.exitCode, ahead.stdout]).toStrictEqual([2, '']);
  expect(ahead.stderr).toContain('--schedule');
  expect(await works(chained)).toBe('ok');

  // What a plan shows changes nothing.
  const shown = await run({ role: deploy, apply: false, plan: true, aws: true });
  expect([shown.exitCode, await works(chained)]).toStrictEqual([0, 'ok']);
  expect((await run({ role: deploy })).exitCode).toBe(0);
  expect(await works(chained)).toBe(scp);

  // Sessions of users and of roles have ids of their own: the user is ended, a role that others enter is not.
  expect((await run({ iamUserId: [administrator!.id] })).exitCode).toBe(0);
  expect(await Promise.all([sandbox.credentials(SHOP), glass].map(works))).toStrictEqual([scp, 'ok']);
  expect(await works(await session(MANAGEMENT, 'mary.major'))).toBe('ok');
});
