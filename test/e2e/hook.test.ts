/** `stackade hook invoke` as it is run, and the same templates through `check` and through every target. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateBuild } from '../../cli/gate/build.js';
import { TARGETS, type TargetName } from '../../cli/hook/events.js';
import { hookInvoke, type InvokeFlags } from '../../cli/hook/invoke.js';
import { main as checkMain } from '../../cli/check/main.js';
import type { Terminal } from '../../cli/terminal.js';
import type { Report, Verdict } from '../../findings/index.js';
import type { HookDecision } from '../../hooks/lambda/index.js';
import { folderOf, removeFolders } from '../cli/check/support.js';
import { repositoryRoot } from '../support/repository.js';
import { stackade } from './check/support.js';

afterEach(removeFolders);

const examples = join(repositoryRoot(), 'examples');
const GATE = join(examples, 'gate');
const TYPES = ['AWS::S3::Bucket', 'AWS::SNS::Topic', 'AWS::KMS::Key', 'AWS::EC2::SecurityGroup'];
const PLACE = { account: '111122223333', region: 'eu-west-1' };

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(folder: string, step: (terminal: Terminal) => number | Promise<number>): Promise<Ran> {
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

/** Decides in this process, which gives the answers of the function (`test/hooks/events.test.ts`) in less time. */
const invoke = (folder: string, flags: Partial<InvokeFlags>): Promise<Ran> =>
  run(folder, (terminal) => hookInvoke({ format: 'json', inProcess: true, ...flags }, terminal));
const invocations = ({ stdout }: Ran): readonly (HookDecision & { readonly name: string })[] =>
  (JSON.parse(stdout) as { invocations: (HookDecision & { name: string })[] }).invocations;

it('decides on an event and on a template as the examples show', () => {
  const folder = folderOf({});
  stackade(['gate', 'build', '--types', ...TYPES, '--out', 'schemas'], { cwd: folder });
  const gate = ['--pack', 'none', '--schemas', 'schemas', '--overlay', join(GATE, 'overlays')];
  const event = stackade(['hook', 'invoke', '--event', join(examples, 'hooks/bucket-created.json'), ...gate], {
    cwd: folder,
  });
  expect([event.exitCode, event.stderr]).toStrictEqual([1, '']);
  expect(event.stdout).toContain('Orders (AWS::S3::Bucket) is refused (1 of 2): GAT1002 at Orders/NewFeature');
  const place = ['--account', PLACE.account, '--region', PLACE.region, '--parameters', 'Key=alias/orders'];
  const good = join(GATE, 'templates/orders.yaml');
  const passes = stackade(['hook', 'invoke', '--template', good, '--target', 'resource', ...gate, ...place], {
    cwd: folder,
  });
  expect([passes.exitCode, passes.stderr]).toStrictEqual([0, '']);
  expect(passes.stdout).toContain('SUCCESS  CREATE AWS::S3::Bucket Orders');
});

it.each(TARGETS)('refuses the diverging template of the gate for %s', async (target) => {
  const folder = folderOf({});
  await run(folder, (terminal) => gateBuild({ types: TYPES, out: 'schemas', format: 'json' }, terminal));
  const gate = { pack: ['none'], schemas: 'schemas', overlay: [join(GATE, 'overlays')] };
  const template = join(GATE, 'templates/orders-diverging.yaml');
  const ran = await invoke(folder, { template, target, ...gate, ...PLACE });
  const rules = invocations(ran).flatMap(({ answer }) => answer.annotations?.map((each) => each.annotationName) ?? []);
  expect([ran.code, [...new Set(rules)].sort()]).toStrictEqual([1, ['GAT1001', 'GAT1002', 'GAT1004']]);
});

it.each(['resource', 'change-set'] as const)(
  'the function in a process of its own answers as the decision here: %s',
  async (target) => {
    const folder = folderOf({});
    const given = { template: join(examples, 'bad/account-baseline.yaml'), target, ...PLACE };
    const here = await invoke(folder, given);
    const ran = await run(folder, (terminal) => hookInvoke({ format: 'json', verbose: true, ...given }, terminal));
    expect([ran.code, JSON.parse(ran.stdout)]).toStrictEqual([here.code, JSON.parse(here.stdout)]);
    const lines = ran.stderr.trim().split('\n');
    expect(lines).toHaveLength(invocations(ran).length);
    for (const line of lines) expect(line).toMatch(/: HOOK_COMPLETE_(?:SUCCEEDED|FAILED), \d+ ms, \d+ MB at most$/);
  },
);

describe('the same verdicts as check', () => {
  /** Rules that one resource does not suffice for; they are SKIP in its events. */
  const NEEDS_TEMPLATE: Readonly<Record<string, readonly string[]>> = {
    'bad/account-baseline.yaml': ['template-parameters-secrets-hidden'],
    'bad/serverless-api.yaml': [],
  };
  const RANK: readonly Verdict[] = ['FAIL', 'NOT_EVALUATED', 'PASS', 'SKIP'];

  it.each(Object.keys(NEEDS_TEMPLATE))('%s', async (name) => {
    const folder = folderOf({});
    const path = join(examples, name);
    const checked = await run(folder, (terminal) =>
      checkMain([path], { lint: false, format: 'json', ...PLACE }, terminal),
    );
    const [expected] = (JSON.parse(checked.stdout) as Report).files.map(({ rules }) => rules);
    for (const target of TARGETS) {
      const got = new Map<string, Verdict>();
      for (const { rules } of invocations(await invoke(folder, { template: path, target, ...PLACE }))) {
        for (const [id, verdict] of Object.entries(rules)) {
          const before = got.get(id);
          if (before === undefined || RANK.indexOf(verdict) < RANK.indexOf(before)) got.set(id, verdict);
        }
      }
      // A loop over a parameter is not expanded by a Default in the template of an event: nothing of it is known.
      const byDefault = name === 'bad/serverless-api.yaml' && !ofOneResource(target);
      if (byDefault) for (const [id, verdict] of got) if (verdict === 'NOT_EVALUATED') got.set(id, expected![id]!);
      const differing = Object.entries(expected!).filter(([id, verdict]) => got.get(id) !== verdict);
      const allowed = ofOneResource(target) ? NEEDS_TEMPLATE[name]! : [];
      expect([target, differing.map(([id]) => `${id} ${got.get(id)}`)]).toStrictEqual([
        target,
        allowed.map((id) => `${id} SKIP`),
      ]);
    }
  });

  function ofOneResource(target: TargetName): boolean {
    return target === 'resource' || target === 'cloud-control';
  }
});

it('asks for the resources whose values are known, and tells of the others', async () => {
  const folder = folderOf({
    't.yaml': `Parameters: { Zone: { Type: String } }
Resources:
  Named: { Type: AWS::SNS::Topic, Properties: { TopicName: !Select [2, !Split [/, !Ref AWS::StackId]] } }
  Zoned: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Zone } }
`,
  });
  const given = { template: 't.yaml', target: 'resource' as const, pack: ['none'], ...PLACE };
  const ran = await invoke(folder, given);
  expect([ran.code, invocations(ran).map(({ name }) => name)]).toStrictEqual([3, ['CREATE AWS::SNS::Topic Named']]);
  expect(JSON.parse(ran.stdout)).toMatchObject({ notInvoked: [{ name: 'CREATE AWS::SNS::Topic Zoned' }] });
  const shown = await run(folder, (terminal) => hookInvoke({ format: 'pretty', inProcess: true, ...given }, terminal));
  expect(shown.stdout).toContain('NOT EVALUATED  CREATE AWS::SNS::Topic Zoned\n  ');
  expect(shown.stdout).toContain('--parameters Name=value');
  expect((await invoke(folder, { ...given, allowIncomplete: true })).code).toBe(0);
});

it('an update has events for what changes, and none for what is removed', async () => {
  const topic = (name: string, more = ''): string =>
    `Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: ${name}\n${more}`;
  const folder = folderOf({
    'old.yaml': topic('a', '  B:\n    Type: AWS::SNS::Topic\n  C:\n    Type: AWS::SNS::Topic\n'),
    'new.yaml': topic('b', '  C:\n    Type: AWS::SNS::Topic\n'),
  });
  const update = { template: 'new.yaml', previous: 'old.yaml', pack: ['none'], rules: ['r.guard'], ...PLACE };
  writeFileSync(join(folder, 'r.guard'), 'rule named { Resources.* { Type exists } }\n');
  const ran = await invoke(folder, { ...update, target: 'resource' });
  expect([ran.code, invocations(ran).map(({ name }) => name)]).toStrictEqual([0, ['UPDATE AWS::SNS::Topic A']]);
  const none = await invoke(folder, { ...update, previous: 'new.yaml', target: 'resource' });
  expect([none.code, none.stderr.includes('no resource changes')]).toStrictEqual([2, true]);
});

describe('bad input', () => {
  const template =
    'Parameters: {N: {Type: String}}\nResources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref N}}}';
  const CASES: readonly (readonly [name: string, flags: Partial<InvokeFlags>, said: string])[] = [
    ['neither event nor template', {}, '--event'],
    ['both', { event: 'e.json', template: 't.yaml' }, '--event'],
    ['no target', { template: 't.yaml', ...PLACE }, '--target'],
    ['no account', { template: 't.yaml', target: 'stack', region: 'eu-west-1' }, '--account'],
    ['a payload without an event', { template: 't.yaml', payload: 'e.json', target: 'stack', ...PLACE }, '--payload'],
    ['a template that is not there', { template: 'none.yaml', target: 'stack', ...PLACE }, 'none.yaml'],
    ['a value that is not known', { template: 't.yaml', target: 'change-set', ...PLACE }, '--parameters Name=value'],
    ['an event that is not JSON', { event: 't.yaml' }, 'is not JSON'],
    ['an overlay without a snapshot', { event: 'e.json', overlay: [join(GATE, 'overlays')] }, '--schemas'],
    ['a gate that never refuses', { event: 'e.json', failOn: 'never' }, '--fail-on'],
  ];

  it.each(CASES)('%s', async (_name, flags, said) => {
    const folder = folderOf({ 't.yaml': template, 'e.json': '{}' });
    const { code, stdout, stderr } = await invoke(folder, flags);
    expect([code, stdout]).toStrictEqual([2, '']);
    expect(stderr).toContain(said);
  });

  it('an event that says nothing is blocked', async () => {
    const ran = await invoke(folderOf({ 'e.json': '{}' }), { event: 'e.json' });
    expect([ran.code, invocations(ran)[0]!.answer.errorCode]).toStrictEqual([1, 'InternalFailure']);
  });
});
