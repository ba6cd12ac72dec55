/** Bad input: one clear message, the right exit code, never a stack trace, a hang or a half-written file. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { BAD, folderOf, GOOD, removeFolders, type Contents } from '../../cli/check/support.js';
import type { Report } from '../../../findings/index.js';
import { stackade, type Ran } from './support.js';

afterEach(removeFolders);

const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...'bcdefghij'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[index]!}`).join(', ')}]`),
  'Resources: *j',
  '',
].join('\n');

const CONTENTS: Contents = {
  'good.yaml': GOOD,
  'bad.yaml': BAD,
  'circle.yaml': { link: 'circle.yaml' },
  'binary.yaml': new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]),
  'bomb.yaml': BOMB,
  'syntax.yaml': 'Resources:\n  A: [\n',
  'references.yaml':
    'Resources:\n  A: {Type: "AWS::SNS::Topic", Properties: {TopicName: !Ref B}}\n  B: {Type: "AWS::SNS::Topic", Properties: {TopicName: !Ref A}}\n',
  'conditions.yaml':
    'Conditions: {A: !Condition B, B: !Not [!Condition A]}\nResources: {X: {Type: "AWS::SNS::Topic", Condition: A}}\n',
  'type.yaml': 'Resources:\n  A:\n    Type: AWS::SNS::Topc\n',
  'typo.yaml': 'Resources:\n  A:\n    Type: AWS::SQS::Queu\n',
  'newer.yaml': 'knownTypes: [AWS::SNS::Topc]\n',
  'waivers.yaml': `version: 1
waivers:
  - { control: ENC-SNS-01, scope: { logicalId: Topic }, reason: one, owner: a, ticket: T-1, expires: 2999-12-31 }
  - { control: ENC-SNS-01, scope: { logicalId: Topic }, reason: two, owner: b, ticket: T-2, expires: 2999-01-31 }
`,
  'broken.guard': 'rule R { a == \n',
  'slow.guard': 'rule SLOW { Resources.*.Type == /^(?=(\\S|\\S)+$)(\\S|\\S)+!$/ }\n',
  'broken-config.yaml': 'packs: [foundation\n',
  'config.yaml': 'pack: [foundation]\n',
  'parameters.json': '{"A": {"b": 1}}',
  empty: null,
};

/** Nothing of ours is shown: no frames of a stack, no names of our files. */
const TRACE = /^\s+at .+:\d+|\.js:\d+|node:internal/m;

function run(args: readonly string[]): Ran & { readonly left: readonly string[] } {
  const cwd = folderOf(CONTENTS);
  const ran = stackade(['check', '--no-lint', '--format', 'json', ...args], { cwd });
  const left = readdirSync(cwd).filter((name) => !Object.hasOwn(CONTENTS, name));
  return { ...ran, left };
}

describe.each<[string, readonly string[], number, RegExp]>([
  [
    'a file that does not exist',
    ['missing.yaml'],
    2,
    /^error\[CLI1001\]: `missing\.yaml` cannot be read: it does not exist$/m,
  ],
  [
    'a file that cannot be opened',
    ['circle.yaml'],
    2,
    /^error\[CLI1001\]: `circle\.yaml` cannot be read: its symbolic links lead in a circle$/m,
  ],
  [
    'a binary file',
    ['binary.yaml'],
    2,
    /^error\[TPL1009\]: the file is binary: it holds NUL bytes\n {2}--> binary\.yaml/m,
  ],
  [
    'a YAML bomb',
    ['bomb.yaml'],
    2,
    /^error\[TPL1005\]: aliases bring the document to more than 1000000 values\n {2}--> bomb\.yaml:/m,
  ],
  ['a syntax error', ['syntax.yaml'], 2, /^error\[TPL1001\]: .+\n {2}--> syntax\.yaml:3:1/m],
  [
    'a circle of references',
    ['references.yaml'],
    2,
    /^references\.yaml:2:\d+: TPL3008: resources depend on each other: `A` → `B` → `A`$/m,
  ],
  [
    'a circle of conditions',
    ['conditions.yaml'],
    2,
    /^conditions\.yaml:1:\d+: TPL3007: conditions depend on each other: `A` → `B` → `A`$/m,
  ],
  [
    'a resource type that does not exist',
    ['type.yaml'],
    2,
    /^type\.yaml:3:11: CLI1007: there is no resource type `AWS::SNS::Topc`$/m,
  ],
])('%s', (_, args, exitCode, message) => {
  it('is told', () => {
    const ran = run(args);
    expect([ran.exitCode, ran.left]).toStrictEqual([exitCode, []]);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr.match(/^error\[|: (?:TPL3|CLI1007)/gm)).toHaveLength(1);
    expect(ran.stderr + ran.stdout).not.toMatch(TRACE);
  });

  it('does not stop the others', () => {
    const ran = run([...args, 'good.yaml', 'bad.yaml']);
    expect(ran.exitCode).toBe(exitCode);
    const { files, findings } = JSON.parse(ran.stdout) as Report;
    expect(
      files.filter(({ path }) => /^(good|bad)/.test(path)).map(({ path, status }) => `${path} ${status}`),
    ).toStrictEqual(['bad.yaml FAIL', 'good.yaml PASS']);
    expect(findings.some(({ location }) => location.file === 'bad.yaml')).toBe(true);
  });
});

it.each<[string, readonly string[], RegExp]>([
  ['a folder without templates', ['empty'], /^error\[CLI1004\]: nothing was checked: no template in `empty`$/m],
  [
    'an unknown pack',
    ['--pack', 'foundatoin', '--', 'good.yaml'],
    /^error\[CLI2001\]: there is no pack `foundatoin`\n {2}help: did you mean `foundation`\?/m,
  ],
  [
    'an unknown option',
    ['--pakc', 'foundation'],
    /^error: unknown option '--pakc'\n\(Did you mean --pack\?\)\n {2}help: `stackade check --help` tells/m,
  ],
  ['an option without its value', ['--config'], /^error: option '--config <file>' argument missing$/m],
  [
    'a value that is not allowed',
    ['--fail-on', 'fatal'],
    /^error: option '--fail-on <severity>' argument 'fatal' is invalid\. Allowed choices are error, warning, info, never\.$/m,
  ],
  [
    'an unknown format',
    ['--format', 'xml'],
    /^error: option '--format <format>' argument 'xml' is invalid\. Allowed choices are pretty, json, sarif, junit, github, markdown, html\.$/m,
  ],
  ['waivers', ['--waivers', 'w.yaml'], /^error\[CLI1001\]: `w\.yaml` cannot be read: it does not exist$/m],
  [
    'waivers that contradict each other',
    ['bad.yaml', '--waivers', 'waivers.yaml'],
    /^error\[WVR1003\]: .+\n {2}--> waivers\.yaml:4:/m,
  ],
  ['a baseline', ['--baseline', 'b.json'], /^error\[CLI1001\]: `b\.json` cannot be read: it does not exist$/m],
  [
    'a rule file that does not parse',
    ['good.yaml', '--rules', 'broken.guard'],
    /^error\[GRD\d+\]: .+\n {2}--> broken\.guard:/m,
  ],
  [
    'a configuration that does not parse',
    ['good.yaml', '--config', 'broken-config.yaml'],
    /^error\[TPL1001\]: .+\n {2}--> broken-config\.yaml:/m,
  ],
  [
    'a configuration with an unknown key',
    ['good.yaml', '--config', 'config.yaml'],
    /^error\[CLI2101\]: `pack` is not a setting\n {2}--> config\.yaml:1:1\n(.*\n)+ {2}help: did you mean `packs`\?/m,
  ],
  [
    'a parameter file of another shape',
    ['good.yaml', '--parameter-file', 'parameters.json'],
    /^error\[CLI2103\]: .+\n {2}--> parameters\.json:1:7/m,
  ],
  [
    'an output file that cannot be written',
    ['bad.yaml', '--output-file', 'missing/report.json'],
    /^error\[CLI2004\]: `missing\/report\.json` cannot be written: its folder does not exist$/m,
  ],
  [
    'an output file that is a folder',
    ['bad.yaml', '--output-file', 'empty'],
    /^error\[CLI2004\]: `empty` cannot be written: it is a folder$/m,
  ],
])('%s: exit code 2, one message', (_, args, message) => {
  const ran = run(args);
  expect([ran.exitCode, ran.left]).toStrictEqual([2, []]);
  expect(ran.stderr).toMatch(message);
  expect(ran.stderr.match(/^error/gm)).toHaveLength(1);
  expect(ran.stderr + ran.stdout).not.toMatch(TRACE);
});

it('a resource type that does not exist is told once, by which name it exists, and the configuration may know it', () => {
  const cwd = folderOf(CONTENTS);
  const run = (...args: readonly string[]): Ran => stackade(['check', ...args, '--format', 'json'], { cwd });
  const findings = ({ stdout }: Ran): readonly string[] =>
    (JSON.parse(stdout) as Report).findings.map(
      ({ ruleId, help, location }) => `${location.file} ${ruleId} ${help.slice(0, 31)}`,
    );
  // The schema lint knows neither of them.
  const linted = run('type.yaml', 'typo.yaml', '--config', 'newer.yaml');
  expect(findings(linted)).toStrictEqual(['typo.yaml CLI1007 did you mean `AWS::SQS::Queue`?']);
  expect(linted.exitCode).toBe(2);
  const known = run('type.yaml', '--config', 'newer.yaml', '--no-lint');
  expect([known.exitCode, findings(known)]).toStrictEqual([0, []]);
});

it('a file of 200 MB is refused at once when it is named', () => {
  const cwd = folderOf({ 'large.yaml': 'Resources: {}\n', 'bad.yaml': BAD });
  truncateSync(join(cwd, 'large.yaml'), 200_000_000);
  const ran = stackade(['check', 'large.yaml', 'bad.yaml', '--no-lint', '--format', 'json'], { cwd });
  expect(ran.exitCode).toBe(2);
  expect(ran.stderr).toMatch(/^error\[CLI1002\]: `large\.yaml` is not read: it has 191 MiB, more than 50 MiB$/m);
  expect((JSON.parse(ran.stdout) as Report).findings).not.toStrictEqual([]);
});

it('a regular expression that tries for ever ends as NOT EVALUATED', () => {
  const long = GOOD.replace('Topic:', 'Topic:').replace('AWS::SNS::Topic', `Custom::${'a'.repeat(50)}`);
  const cwd = folderOf({ ...CONTENTS, 'long.yaml': long });
  const ran = stackade(['check', 'long.yaml', '--no-lint', '--rules', 'slow.guard', '--pack', 'none'], { cwd });
  expect(ran.exitCode).toBe(3);
  expect(ran.stderr).toMatch(/^1 verdict is NOT EVALUATED \(.+\), such as SLOW on long\.yaml: .+\n$/);
});

it('a pipe with the name of a template is not waited for', () => {
  const cwd = folderOf({ 'good.yaml': GOOD });
  execFileSync('mkfifo', [join(cwd, 'pipe.yaml')]);
  const ran = stackade(['check', '.', '--no-lint'], { cwd });
  expect(ran.exitCode).toBe(2);
  expect(ran.stderr).toMatch(/^error\[CLI1006\]: `pipe\.yaml` is neither a file nor a folder$/m);
});

/** Runs a shell in which `stackade` is the built command. */
function shell(command: string): Ran {
  const main = join(__dirname, '../../../dist/bin/main.js');
  const script = `stackade() { "${process.execPath}" "${main}" "$@"; }; ${command}`;
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-c', script], {
    cwd: folderOf({ 'bad.yaml': BAD }),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return { exitCode: status, stdout, stderr };
}

it('a reader that goes away is no fault, and changes no exit code', () => {
  const ran = shell('set -o pipefail; stackade check bad.yaml --no-lint --format sarif | head -c 10');
  expect(ran).toStrictEqual({ exitCode: 1, stdout: '{\n  "$sche', stderr: '' });
});

it('standard output that takes nothing is told', () => {
  const ran = shell('stackade check bad.yaml --no-lint > /dev/full');
  expect(ran.exitCode).toBe(2);
  expect(ran.stderr).toMatch(/^error\[CLI2004\]: `standard output` cannot be written: no space is left$/m);
  expect(ran.stderr).not.toMatch(TRACE);
});

it('standard output that takes nothing is told of commands that only print, too', () => {
  const ran = shell('stackade explain CLI2004 > /dev/full');
  expect([ran.exitCode, ran.stderr]).toStrictEqual([2, expect.stringMatching(/^error\[CLI2004\]: `standard output`/)]);
});

it('standard error that takes nothing does not change the result', () => {
  const ran = shell('stackade check bad.yaml --no-lint --format json --parameters X=1 2>&-');
  expect([ran.exitCode, (JSON.parse(ran.stdout) as Report).summary.errors]).toStrictEqual([1, 1]);
  expect(shell('stackade check bad.yaml --no-lint --parameters X=1 2>/dev/full').exitCode).toBe(1);
});

it('an unknown command and no command at all are usage errors', () => {
  expect(stackade(['chekc'])).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining("unknown command 'chekc'") as string,
  });
  expect(stackade([])).toMatchObject({ exitCode: 2, stdout: '' });
  expect(stackade(['explain', 'TPL0000'])).toMatchObject({ exitCode: 2, stdout: '' });
});
