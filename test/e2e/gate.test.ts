/** `stackade gate` as it is run: snapshot, overlays, formats, exit codes, bad input, and nothing that is half-written. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../findings/index.js';
import { gateBuild } from '../../cli/gate/build.js';
import { gateCheck, type GateCheckFlags } from '../../cli/gate/check.js';
import { gateDiff } from '../../cli/gate/diff.js';
import type { Terminal } from '../../cli/terminal.js';
import { folderOf, removeFolders } from '../cli/check/support.js';
import { repositoryRoot } from '../support/repository.js';
import { stackade } from './check/support.js';

afterEach(removeFolders);

const examples = join(repositoryRoot(), 'examples', 'gate');
const PLACE = ['--account', '111122223333', '--region', 'eu-west-1'];
const TYPES = ['AWS::S3::Bucket', 'AWS::SNS::Topic', 'AWS::KMS::Key', 'AWS::EC2::SecurityGroup'];
const TOPIC = 'Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: x\n';

/** Runs the command in this process. */
async function run(
  folder: string,
  step: (terminal: Terminal) => number | Promise<number>,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const code = await step({
    cwd: folder,
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => void (stdout += text),
    tell: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}

const build = (folder: string, types?: readonly string[], more: object = {}): ReturnType<typeof run> =>
  run(folder, (terminal) => gateBuild({ out: 'schemas', format: 'json', ...(types && { types }), ...more }, terminal));
const check = (folder: string, paths: readonly string[], more: Partial<GateCheckFlags> = {}): ReturnType<typeof run> =>
  run(folder, (terminal) => gateCheck(paths, { schemas: 'schemas', format: 'json', ...more }, terminal));

it('builds, checks and compares as the examples show', () => {
  const folder = folderOf({});
  const built = stackade(
    ['gate', 'build', '--types', ...TYPES, '--out', 'schemas', '--overlay', join(examples, 'overlays')],
    { cwd: folder },
  );
  expect([built.exitCode, built.stderr]).toStrictEqual([0, '']);
  expect(built.stdout).toContain('4 schemas in schemas');
  // What an overlay opens is not told as refused.
  expect(built.stdout).not.toContain('/KeyPolicy');
  const options = ['--schemas', 'schemas', '--overlay', join(examples, 'overlays'), ...PLACE];
  const good = stackade(['gate', 'check', join(examples, 'templates/orders.yaml'), ...options], { cwd: folder });
  expect([good.exitCode, good.stderr]).toStrictEqual([0, '']);
  const bad = stackade(
    ['gate', 'check', join(examples, 'templates/orders-diverging.yaml'), ...options, '--format', 'json'],
    { cwd: folder },
  );
  expect(bad.exitCode).toBe(1);
  const { findings } = JSON.parse(bad.stdout) as Report;
  expect(findings.map(({ ruleId, location }) => `${location.line} ${ruleId} ${location.pointer}`)).toStrictEqual([
    '11 GAT1002 /Resources/Orders/Properties/NewFeature',
    '16 GAT1004 /Resources/Orders/Properties/NotificationConfiguration/TopicConfigurations/0/Topic',
    '18 GAT1001 /Resources/Queue/Type',
  ]);
  expect(findings[1]!.controls).toStrictEqual(['NET-S3-05', 'HOOK-GATE-02']);
  const diff = stackade(['gate', 'diff', 'schemas'], { cwd: folder });
  expect([diff.exitCode, diff.stdout.includes('A newer snapshot would approve nothing more.')]).toStrictEqual([
    0,
    true,
  ]);
});

it.each(['sarif', 'junit', 'github', 'markdown', 'pretty'] as const)('reports as %s', async (format) => {
  const folder = folderOf({ 't.yaml': TOPIC.replace('TopicName', 'TopicNam') });
  await build(folder, TYPES);
  const { code, stdout } = await check(folder, ['t.yaml'], { format });
  expect(code).toBe(1);
  expect(stdout).toContain('GAT1002');
  if (format === 'sarif') expect(JSON.parse(stdout)).toHaveProperty('runs');
});

it('has the exit codes of check', async () => {
  const folder = folderOf({
    'good.yaml': TOPIC,
    'bad.yaml': TOPIC.replace('SNS::Topic', 'SQS::Queue'),
    'open.yaml': TOPIC.replace('TopicName: x', 'Subscription: !Ref S').replace(
      'Resources',
      'Parameters: {S: {Type: String}}\nResources',
    ),
    'broken.yaml': 'Resources: [',
    'none.yaml': 'a: 1',
    'fault.yaml': 'version: 1\ntypes: {AWS::SNS::Topic: {forbid: [/Nowhere]}}\n',
    'shape.yaml': 'version: 1\ntypes: {AWS::SNS::Topic: {forbids: [/TopicName]}}\n',
    'suppressed.yaml': TOPIC.replace(
      'Properties:',
      'Metadata: {cfn-lint: {config: {ignore_checks: [GAT1002]}}}\n    Properties:',
    ).replace('TopicName', 'New'),
    'empty/readme.txt': 'x',
  });
  await build(folder, TYPES);
  const code = async (path: string, more: Partial<GateCheckFlags> = {}): Promise<number> =>
    (await check(folder, [path], more)).code;
  expect(await code('good.yaml')).toBe(0);
  expect(await code('bad.yaml')).toBe(1);
  expect(await code('suppressed.yaml')).toBe(1);
  expect(await code('open.yaml')).toBe(3);
  expect(await code('open.yaml', { allowIncomplete: true })).toBe(0);
  for (const path of ['broken.yaml', 'none.yaml', 'nowhere.yaml']) expect(await code(path)).toBe(2);
  for (const overlay of ['fault.yaml', 'shape.yaml', 'broken.yaml', 'nowhere.yaml', 'empty']) {
    const { code: refused, stdout, stderr } = await check(folder, ['good.yaml'], { overlay: [overlay] });
    expect([overlay, refused, stdout]).toStrictEqual([overlay, 2, '']);
    expect(stderr).toMatch(/^error\[/);
  }
  expect(await code('good.yaml', { schemas: 'nowhere' })).toBe(2);
  expect(await code('good.yaml', { organization: 'example' })).toBe(2);
  expect(await code('good.yaml', { stackName: '1' })).toBe(2);
  expect(await code('good.yaml', { account: '12' })).toBe(2);
});

it('a schema that was changed after the snapshot approves nothing', async () => {
  const folder = folderOf({ 'good.yaml': TOPIC });
  await build(folder, TYPES);
  const file = join(folder, 'schemas', 'AWS-SNS-Topic.json');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"additionalProperties": false', '"additionalProperties": true'),
  );
  const { code, stdout, stderr } = await check(folder, ['good.yaml']);
  expect(code).toBe(2);
  expect((JSON.parse(stdout) as Report).findings.map(({ ruleId }) => ruleId)).toStrictEqual(['GAT1001']);
  expect(stderr).toContain('its digest differs');
  expect((await run(folder, (terminal) => gateDiff('schemas', undefined, { format: 'pretty' }, terminal))).code).toBe(
    2,
  );
  expect((await build(folder)).code).toBe(2);
});

it('writes nothing when anything is wrong, and the same bytes twice', async () => {
  const folder = folderOf({ 'fault.yaml': 'version: 1\ntypes: {AWS::SNS::Topic: {forbid: [/Nowhere]}}\n', file: 'x' });
  for (const [types, more] of [
    [['AWS::SNS::Topik'], {}],
    [['AWS::Nothing::*'], {}],
    [TYPES, { overlay: ['fault.yaml'] }],
    [TYPES, { editorSchema: 'nowhere/editor.json' }],
    [undefined, {}],
  ] as const) {
    const { code, stdout } = await build(folder, types, more);
    expect([code, stdout]).toStrictEqual([2, '']);
  }
  expect((await build(folder, TYPES, { out: 'file' })).code).toBe(2);
  expect(existsSync(join(folder, 'schemas'))).toBe(false);
  await build(folder, TYPES);
  const bytes = (): readonly string[] =>
    readdirSync(join(folder, 'schemas')).map((name) => readFileSync(join(folder, 'schemas', name), 'utf8'));
  const before = bytes();
  await build(folder);
  expect(bytes()).toStrictEqual(before);
});

it('writes what editors and service control policies need, and a review of what a newer snapshot would approve', async () => {
  const folder = folderOf({});
  await build(folder, TYPES, { editorSchema: 'editor.json', typeList: 'types.json' });
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  expect(read('editor.json')).toHaveProperty('definitions.AWS-S3-Bucket');
  expect(read('types.json')).toMatchObject({ approved: [...TYPES].sort() });
  await build(folder, ['AWS::SNS::Topic'], { out: 'other' });
  const compare = (older: string, newer: string, format: string): ReturnType<typeof run> =>
    run(folder, (terminal) => gateDiff(older, newer, { format, overlayFile: 'review.yaml' }, terminal));
  expect((await compare('other', 'schemas', 'markdown')).stdout).toContain(
    '| + | AWS::S3::Bucket |  | type added |  |',
  );
  expect((await compare('other', 'schemas', 'json')).code).toBe(1);
  expect((await compare('schemas', 'other', 'pretty')).code).toBe(0);
  expect(readFileSync(join(folder, 'review.yaml'), 'utf8')).toContain('types: {}');
});

describe('the description of the organization as --config', () => {
  const ORGANIZATION = `version: 1
organization:
  id: o-exampleorgid
  managementAccount: '111111111111'
  homeRegion: eu-west-1
root:
  id: r-ab12
  accounts: {management: '111111111111'}
  units:
    Workloads:
      id: ou-ab12-22222222
      accounts: {orders: '111122223333'}
    Unnamed:
      accounts: {new: '444455556666'}
`;
  const overlay = (pattern: string): string =>
    `version: 1\ntypes: {AWS::SNS::Topic: {constrain: [{path: /TopicName, pattern: '${pattern}'}]}}\n`;
  const files = {
    'org.yaml': ORGANIZATION,
    't.yaml': TOPIC.replace('TopicName: x', 'TopicName: o-exampleorgid-ou-ab12-22222222'),
    'both.yaml': overlay('<orgId>-<ouId>'),
    'broken.yaml': ORGANIZATION.replace('homeRegion: eu-west-1', 'homeRegion: nowhere'),
    'settings.yaml': "account: '111122223333'\n",
  };
  const flags = { overlay: ['both.yaml'], config: 'org.yaml' };
  const verdict = async (folder: string, more: Partial<GateCheckFlags>): Promise<readonly [number, string]> => {
    const { code, stdout, stderr } = await check(folder, ['t.yaml'], { ...flags, ...more });
    const [open] = stdout === '' ? [] : (JSON.parse(stdout) as Report).notEvaluated;
    return [code, open?.reason ?? stderr.split('\n')[0]!];
  };

  it('fills organization and unit of the account, and nothing that it does not have', async () => {
    const folder = folderOf(files);
    await build(folder, ['AWS::SNS::Topic']);
    expect(await verdict(folder, { account: '111122223333' })).toStrictEqual([0, '']);
    const unit = 'nothing fills the placeholder `<ouId>` in `/TopicName` of `AWS::SNS::Topic`';
    // An account below the root is in no unit; the unit of another one has no id; nobody said which account.
    expect(await verdict(folder, { account: '111111111111' })).toStrictEqual([3, unit]);
    expect(await verdict(folder, { account: '444455556666' })).toStrictEqual([3, unit]);
    expect(await verdict(folder, {})).toStrictEqual([3, unit]);
    expect((await verdict(folder, { account: '444455556666', ou: 'ou-ab12-33333333' }))[0]).toBe(1);
  });

  it('refuses an account that it does not have, and options that contradict it', async () => {
    const folder = folderOf(files);
    await build(folder, ['AWS::SNS::Topic']);
    const cases: readonly (readonly [string, Partial<GateCheckFlags>])[] = [
      ['`999999999999` is no account of `org.yaml`', { account: '999999999999' }],
      ['is not what `org.yaml` says', { account: '111122223333', ou: 'ou-ab12-33333333' }],
      ['is not what `org.yaml` says', { account: '111122223333', organization: 'o-otherorganization' }],
      ['nowhere', { account: '111122223333', config: 'broken.yaml' }],
      ['none.yaml', { account: '111122223333', config: 'none.yaml' }],
    ];
    for (const [said, more] of cases) {
      const { code, stdout, stderr } = await check(folder, ['t.yaml'], { ...flags, ...more });
      expect([said, code, stdout]).toStrictEqual([said, 2, '']);
      expect(stderr).toContain(said);
    }
    // A configuration is still one.
    expect((await verdict(folder, { config: 'settings.yaml' }))[0]).toBe(3);
  });
});
