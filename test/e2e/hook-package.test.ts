/** `stackade hook package` as it is run: what is written, what is refused, and that nothing is half-written. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { hookPackage, type PackageFlags } from '../../cli/hook/package.js';
import type { Terminal } from '../../cli/terminal.js';
import { readBundle } from '../../hooks/bundle/index.js';
import { folderOf, removeFolders } from '../cli/check/support.js';
import { repositoryRoot } from '../support/repository.js';
import { stackade } from './check/support.js';

afterEach(removeFolders);

const ORG = join(repositoryRoot(), 'examples', 'organization', 'org.yaml');
const DEFAULTS = {
  org: ORG,
  out: 'out',
  ou: ['Workloads'],
  mode: 'fail',
  canaryMode: 'warn',
  alias: 'Stackade::Policy',
  prefix: 'stackade-',
  releaseRole: 'stackade-release',
  targets: ['resource', 'cloud-control'],
  logRetention: '365',
  format: 'json',
} as const;
const RULE =
  "rule NAMED when Resources.*[ Type == 'AWS::S3::Bucket' ] !empty {\n  Resources.*.Properties.BucketName exists\n}\n";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(folder: string, flags: Partial<PackageFlags>): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => void (stdout += text),
    tell: (text) => void (stderr += text),
  };
  const code = await hookPackage({ pack: ['none'], rules: ['own.guard'], ...DEFAULTS, ...flags }, terminal);
  return { code, stdout, stderr };
}

const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path).toString('base64')]),
  );

it('writes the same bytes twice, and other names for another rule', async () => {
  const folder = folderOf({ 'own.guard': RULE });
  const flags = { canaryOu: ['Platform'], guardHook: true } as const;
  expect((await run(folder, flags)).code).toBe(0);
  expect((await run(folder, { ...flags, out: 'again' })).code).toBe(0);
  const before = filesIn(join(folder, 'out'));
  expect(filesIn(join(folder, 'again'))).toStrictEqual(before);
  writeFileSync(join(folder, 'own.guard'), RULE.replace('NAMED', 'CALLED'));
  expect((await run(folder, flags)).code).toBe(0);
  const after = filesIn(join(folder, 'out'));
  const gone = Object.keys(before).filter((path) => !Object.hasOwn(after, path));
  // Function, rules of the Guard Hook, and both templates of the hooks; the older build is gone.
  expect(gone.map((path) => path.split('/').slice(0, 2).join('/'))).toStrictEqual(
    expect.arrayContaining(['assets/hooks', 'assets/guard', 'assets/templates']),
  );
});

it('holds the built function and the bundle with the accounts of the organization', async () => {
  const folder = folderOf({ 'own.guard': RULE });
  const { code, stderr } = await run(folder, {});
  expect([code, stderr]).toStrictEqual([0, '']);
  const member = JSON.parse(readFileSync(join(folder, 'out/templates/member-general.json'), 'utf8')) as {
    Resources: { Function: { Properties: { Code: { S3Key: string } } } };
  };
  const key = member.Resources.Function.Properties.Code.S3Key;
  const archive = unzipSync(readFileSync(join(folder, 'out/assets', key)));
  const built = readFileSync(join(repositoryRoot(), 'dist', 'hook', 'handler.mjs'));
  expect(Buffer.from(archive['handler.mjs']!).equals(built)).toBe(true);
  const bundle = readBundle(new TextDecoder().decode(archive['bundle.jsonl']));
  expect(bundle.rules.rules.map(({ id }) => id)).toStrictEqual(['NAMED']);
  expect(bundle.accounts.get('222222222201')).toMatchObject({ orgId: 'o-exampleorgid', ouId: 'ou-ab12-11111111' });
});

it('runs as a command, and tells what the Guard Hook does not have', () => {
  const folder = folderOf({});
  const units = ['--org', ORG, '--ou', '/Workloads'];
  const { exitCode, stdout, stderr } = stackade(['hook', 'package', '--out', 'out', ...units, '--guard-hook'], {
    cwd: folder,
  });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/assets\/hooks\/[0-9a-f]{64}\.zip {2}[0-9]+ KiB\n/);
  expect(stdout).toContain('general: FAIL in ou-ab12-22222222');
  expect(stderr).toMatch(/^The Guard Hook has [0-9]+ rules\.\n {2}[0-9]+ left out: it is written in TypeScript/);
});

it('refuses a folder with something else, and leaves it as it is', async () => {
  const folder = folderOf({ 'own.guard': RULE, 'out/notes.txt': 'mine' });
  const { code, stderr } = await run(folder, {});
  expect([code, readdirSync(join(folder, 'out'))]).toStrictEqual([2, ['notes.txt']]);
  expect(stderr).toContain('holds what is of no build: `notes.txt`');
});

it.each<readonly [Partial<PackageFlags>, string]>([
  [{ ou: ['Workload'] }, '--ou: the organization has no unit `Workload`'],
  [{ canaryOu: ['/'] }, 'would get the hooks twice, since `/` is chosen, too'],
  [{ canaryOu: ['Workloads'] }, 'would get the hooks twice'],
  [{ administratorAccount: '111111111111' }, '--administrator-account: is the management account'],
  [{ administratorAccount: '1' }, '--administrator-account: `1` is not an account id of 12 digits'],
  [{ organization: 'o-1' }, '--organization: `o-1` is not the id of an organization'],
  [{ regions: ['eu-west-1'] }, '--regions: leaves out the home Region `eu-central-1`'],
  [{ regions: ['eu-central-1', 'x'] }, '--regions: `x` is not a Region'],
  [{ alias: 'AWS::Hooks' }, '--alias: `AWS::Hooks` is not two names'],
  [{ prefix: '-' }, '--prefix: `-` is not the beginning of names'],
  [{ releaseRole: 'a b' }, '--release-role: `a b` is not the name of a role'],
  [{ logRetention: '100' }, '--log-retention: `100` is no number of days'],
  [{ tags: ['owner'] }, '--tags: `owner` is no tag'],
  [{ rules: ['nothing.guard'] }, '`nothing.guard` cannot be read'],
  [{ publicKey: 'own.guard' }, '--public-key: is for policies that hooks look for'],
  [{ publicKey: 'own.guard', livePolicies: true }, '--public-key: `own.guard` is no PEM of a public key'],
  [{ privateHook: 'own.guard' }, '--private-hook: `own.guard` is no zip archive'],
  [{ privateHookProperties: 'own.guard' }, '--private-hook-properties: needs a hook'],
])('refuses %j, and writes nothing', async (flags, message) => {
  const folder = folderOf({ 'own.guard': RULE });
  const { code, stderr } = await run(folder, flags);
  expect([code, existsSync(join(folder, 'out'))]).toStrictEqual([2, false]);
  expect(stderr).toContain(message);
});

describe('hooks that would refuse their own templates', () => {
  const NO_ROLES = "rule NO_ROLES when Resources.*[ Type == 'AWS::IAM::Role' ] !empty {\n  Resources empty\n}\n";

  it('are not written where they refuse, and told where they only warn', async () => {
    const folder = folderOf({ 'own.guard': NO_ROLES });
    const { code, stderr } = await run(folder, {});
    expect([code, existsSync(join(folder, 'out'))]).toStrictEqual([2, false]);
    expect(stderr).toContain(
      'error[HOK1003]: the hooks would refuse their own `templates/member.json`, and the next rollout with it: ResultsRole (AWS::IAM::Role) is refused: NO_ROLES at ',
    );
    expect(stderr).toContain('`templates/watch.json`, and the next rollout with it: Role (AWS::IAM::Role) is refused');
    const warned = await run(folder, { mode: 'warn' });
    expect([warned.code, existsSync(join(folder, 'out'))]).toStrictEqual([0, true]);
    expect(warned.stderr).toContain('warning[HOK1003]');
  });

  it('are asked as the targets show it', async () => {
    const folder = folderOf({ 'own.guard': NO_ROLES });
    const { stderr } = await run(folder, { targets: ['stack', 'change-set'] });
    expect(
      stderr.match(/Stack StackSet-stackade-hooks is refused|Change set StackSet-stackade-hooks is/g),
    ).toHaveLength(4);
  });

  it('are none of the packs that find little, on any target', async () => {
    const folder = folderOf({});
    const targets = ['resource', 'cloud-control', 'stack', 'change-set'] as const;
    const { code, stderr } = await run(folder, { pack: ['foundation'], rules: [], targets, guardHook: true });
    expect([code, stderr.includes('HOK1003')]).toStrictEqual([0, false]);
  });

  it('are those of a gate that does not approve their types', async () => {
    const folder = folderOf({ 'own.guard': RULE });
    stackade(['gate', 'build', '--types', 'AWS::S3::Bucket', '--out', 'schemas'], { cwd: folder });
    const { code, stderr } = await run(folder, { schemas: 'schemas' });
    expect([code, stderr.match(/ is refused: GAT1001 at /g)!.length > 10]).toStrictEqual([2, true]);
  });
});
