/** The GitHub Action: its steps are run by bash, as the runner does. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.js';
import { readAction, runAction, type ActionRun } from './github.js';
import { BAD, emptyFolder, GOOD, Programs, put, removeFolders } from './programs.js';

afterEach(removeFolders);

const action = readAction(join(repositoryRoot(), 'action.yml'));
const USUAL = { lint: 'false' };

/** Runs the action with the built command on files of a workspace. */
function run(
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>>,
): ActionRun & { folder: string } {
  const folder = emptyFolder();
  const programs = new Programs(folder);
  programs.stackadeByNode();
  put(join(folder, 'workspace'), files);
  const surroundings = { folder, actionPath: repositoryRoot(), env: programs.env() };
  return { ...runAction(action, { ...USUAL, ...inputs }, surroundings), folder };
}

/** Runs the action with a program that notes how it is started in place of Stackade. */
function started(
  inputs: Readonly<Record<string, string>>,
): ActionRun & { readonly arguments: readonly string[] | undefined } {
  const folder = emptyFolder();
  const programs = new Programs(folder);
  programs.recorded('node', `[ "$1" = -e ] && exec '${process.execPath}' "$@"\nexit 0`);
  put(folder, { 'action/dist/bin/main.js': '' });
  const surroundings = { folder, actionPath: join(folder, 'action'), env: programs.env() };
  const ran = runAction(action, inputs, surroundings);
  const [, call] = programs.started();
  return { ...ran, arguments: call?.slice(2) };
}

it('is a composite action whose scripts hold no expression', () => {
  expect(action.runs.using).toBe('composite');
  expect(action.runs.steps.length).toBe(2);
  for (const { shell, run: script } of action.runs.steps) {
    expect(shell).toBe('bash');
    expect(script).not.toContain('${{');
  }
});

it('gives each input to a step', () => {
  const given = action.runs.steps.flatMap(({ env }) =>
    Object.values(env).map((text) => /inputs\.([a-z-]+)/.exec(text)?.[1]),
  );
  expect(given.filter((name) => name !== undefined).sort()).toStrictEqual(Object.keys(action.inputs).sort());
});

it('annotates findings, writes the summary and the report, and fails', () => {
  const { exitCode, stdout, summary, outputs, folder } = run({ 'templates/topic.yaml': BAD }, { paths: 'templates' });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^::error file=templates\/topic\.yaml,line=2,[^\n]*title=sns-topic-/m);
  expect(summary).toContain('templates/topic.yaml');
  const report = join(folder, 'workspace', 'stackade.sarif');
  expect(outputs).toStrictEqual({ sarif: report, 'exit-code': '1' });
  expect((JSON.parse(readFileSync(report, 'utf8')) as { version: string }).version).toBe('2.1.0');
});

it('passes what is clean; several paths, one of them with white space', () => {
  const files = { 'a folder/topic.yaml': GOOD, 'other/topic.yaml': GOOD };
  const { exitCode, outputs, stdout } = run(files, { paths: 'a folder\nother\r\n', 'sarif-file': '' });
  expect([exitCode, outputs]).toStrictEqual([0, { sarif: '', 'exit-code': '0' }]);
  expect(stdout).toContain(' on 2 files');
});

it('runs in a folder of the workspace', () => {
  const files = { 'stacks/stackade.yaml': 'packs: [foundation]\nfailOn: never\n', 'stacks/topic.yaml': BAD };
  const inputs = { 'working-directory': 'stacks', 'fail-on': '' };
  const { exitCode, outputs, folder } = run(files, inputs);
  expect([exitCode, outputs['sarif']]).toStrictEqual([0, join(folder, 'workspace', 'stacks', 'stackade.sarif')]);
});

it('tells bad input once, and does not take an old report for its own', () => {
  const files = { 'stackade.sarif': 'old', 'templates/topic.yaml': BAD };
  const { exitCode, outputs, stderr } = run(files, { packs: 'nowhere' });
  expect([exitCode, outputs]).toStrictEqual([2, { sarif: '', 'exit-code': '2' }]);
  expect(stderr.match(/nowhere/g)).toHaveLength(1);
});

describe('inputs', () => {
  it('become options, each value joined to its name', () => {
    const inputs = {
      paths: 'a\n- b',
      packs: 'foundation  network\ntagging',
      rules: 'one rule\ntwo',
      parameters: 'Env=a b\nOther=$(x)',
      config: 'c.yaml',
      environment: 'e',
      account: '111122223333',
      region: 'eu-west-1',
      waivers: 'w.yaml',
      baseline: 'b.json',
      'fail-on': 'warning',
      'allow-incomplete': 'true',
      lint: 'false',
      'sarif-file': '',
    };
    expect(started(inputs).arguments).toStrictEqual([
      'check',
      ...['foundation', 'network', 'tagging'].map((name) => `--pack=${name}`),
      '--rules=one rule',
      '--rules=two',
      '--parameters=Env=a b',
      '--parameters=Other=$(x)',
      '--config=c.yaml',
      '--environment=e',
      '--account=111122223333',
      '--region=eu-west-1',
      '--waivers=w.yaml',
      '--baseline=b.json',
      '--fail-on=warning',
      '--allow-incomplete',
      '--no-lint',
      '--format=github',
      '--',
      'a',
      '- b',
    ]);
    expect(started({ 'sarif-file': '' }).arguments).toStrictEqual([
      'check',
      '--fail-on=error',
      '--format=github',
      '--',
      '.',
    ]);
  });

  const HOSTILE = ['$(touch hit)', '`touch hit`', '"; touch hit; "', "'; touch hit; '", '--output-file=hit', '*'];
  const TEXTS = Object.keys(action.inputs).filter(
    (name) => !['source', 'ref', 'working-directory', 'allow-incomplete', 'lint', 'sarif-file', 'packs'].includes(name),
  );

  it('that look like shell or options stay values', () => {
    for (const hostile of HOSTILE) {
      const inputs = Object.fromEntries(TEXTS.map((name) => [name, hostile]));
      // White space lies between packs.
      const pack = hostile.replaceAll(' ', '');
      const ran = started({ ...inputs, packs: pack, 'sarif-file': '' });
      expect(ran.exitCode).toBe(0);
      expect(ran.arguments!.at(-1)).toBe(hostile);
      expect(ran.arguments!.at(-2)).toBe('--');
      expect(ran.arguments!.filter((each) => each.endsWith(`=${hostile}`)).length).toBe(
        TEXTS.length - (pack === hostile ? 0 : 1),
      );
      const own =
        /^(?:check|--(?:pack|rules|parameters|config|environment|account|region|waivers|baseline|fail-on|format)=.*)$/;
      expect(ran.arguments!.slice(0, -2).filter((each) => !own.test(each))).toStrictEqual([]);
    }
  });

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['a switch that is neither on nor off', { lint: '$(touch hit)' }],
    ['another one', { 'allow-incomplete': 'yes' }],
    ['no path', { paths: '\n\n' }],
    ['no such folder', { 'working-directory': '-x; touch hit' }],
    ['a report with a line break, which would write an output of its own', { 'sarif-file': 'x\nexit-code=0' }],
    ['a report that is a folder', { 'sarif-file': '.' }],
  ])('%s: refused', (_, inputs) => {
    const ran = started(inputs);
    expect([ran.exitCode, ran.arguments, ran.outputs]).toStrictEqual([2, undefined, { sarif: '', 'exit-code': '2' }]);
    expect(ran.stdout).toMatch(/^::error title=Stackade::The input /m);
  });
});

describe('the version of Stackade', () => {
  function install(inputs: Readonly<Record<string, string>>, built: boolean): ActionRun & { programs: Programs } {
    const folder = emptyFolder();
    const programs = new Programs(folder);
    programs.recorded('npm', 'mkdir -p "$2/dist/bin" && : > "$2/dist/bin/main.js"');
    programs.recorded('node', 'exit 0');
    put(folder, { 'action/x': '', 'clone/x': '', ...(built && { 'clone/dist/bin/main.js': '' }) });
    mkdirSync(join(folder, 'workspace'));
    const surroundings = { folder, actionPath: join(folder, 'action'), env: programs.env() };
    const source = inputs['source']?.replace('FOLDER', folder) ?? '';
    return { ...runAction(action, { 'sarif-file': '', ...inputs, source }, surroundings), programs };
  }
  const npm = ({ programs }: ReturnType<typeof install>): readonly (readonly string[])[] =>
    programs.started().filter(([name]) => name === 'npm');
  const main = ({ programs }: ReturnType<typeof install>): string | undefined => programs.started().at(-1)?.[1];

  it('is that of the action, installed where it lies', () => {
    const ran = install({}, true);
    const folder = join(ran.programs.folder, 'action');
    expect(npm(ran)).toStrictEqual([['npm', '--prefix', folder, 'ci']]);
    expect(main(ran)).toBe(join(folder, 'dist/bin/main.js'));
  });

  it('is that of a folder, which is not built again', () => {
    const ran = install({ source: '../clone' }, true);
    expect(npm(ran)).toStrictEqual([]);
    expect(main(ran)).toBe(join(ran.programs.folder, 'clone/dist/bin/main.js'));
    expect(npm(install({ source: '../clone' }, false))).toHaveLength(1);
  });

  it('is that of an address and a tag', () => {
    const origin = join(emptyFolder(), 'origin');
    put(origin, { 'version.txt': 'one' });
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-C', origin, '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
        encoding: 'utf8',
      });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'one');
    git('tag', 'v1');
    put(origin, { 'version.txt': 'two' });
    git('commit', '--quiet', '-am', 'two');
    for (const [ref, version] of [
      ['v1', 'one'],
      ['', 'two'],
    ] as const) {
      const ran = install({ source: `file://${origin}`, ref }, true);
      expect([ran.exitCode, ran.stdout]).toStrictEqual([0, '']);
      const folder = join(ran.programs.folder, 'runner', 'stackade');
      expect(readFileSync(join(folder, 'version.txt'), 'utf8')).toBe(version);
      expect(npm(ran)).toStrictEqual([['npm', '--prefix', folder, 'ci']]);
    }
  });

  it.each([
    { source: 'ext::sh -c touch% FOLDER/hit' },
    { source: '--upload-pack=touch FOLDER/hit' },
    { source: 'file:///nowhere', ref: 'a:b' },
    { source: 'file:///nowhere', ref: '--x' },
    { source: '../clone', ref: 'v1' },
    { ref: 'v1' },
  ])('%j: refused', (inputs) => {
    const ran = install(inputs, true);
    expect([ran.exitCode, ran.steps]).toStrictEqual([2, ['install']]);
    expect(ran.stdout).toMatch(/^::error title=Stackade::The input (?:source|ref) /m);
    expect(npm(ran)).toStrictEqual([]);
    expect(readdirSync(ran.programs.folder)).not.toContain('hit');
  });
});

it('asks for a Node.js that is new enough', () => {
  const folder = emptyFolder();
  const programs = new Programs(folder);
  programs.write('node', 'exit 1');
  const ran = runAction(action, {}, { folder, actionPath: repositoryRoot(), env: programs.env() });
  expect([ran.exitCode, ran.steps]).toStrictEqual([2, ['install']]);
  expect(ran.stdout).toContain('Node.js 20');
  expect(existsSync(join(folder, 'workspace', 'stackade.sarif'))).toBe(false);
});
