/** The built command on good input: standard input, options that take several values, the schema lint, speed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BAD, folderOf, GOOD, removeFolders } from '../../cli/check/support.js';
import type { Report } from '../../../findings/index.js';
import { stackade, type Ran } from './support.js';

afterEach(removeFolders);

const reportOf = ({ stdout }: Ran): Report => JSON.parse(stdout) as Report;

it('reads standard input', () => {
  const ran = stackade(['check', '-', '-', '--no-lint', '--format', 'json'], { input: BAD });
  expect(ran.exitCode).toBe(1);
  expect(reportOf(ran).files.map(({ path, status }) => `${path} ${status}`)).toStrictEqual(['<stdin> FAIL']);
  expect(stackade(['check', '-', '--no-lint'], { input: '' }).exitCode).toBe(2);
  expect(stackade(['check', '-', '--no-lint'], { input: '{"a": 1}' }).exitCode).toBe(2);
});

it.each([
  [['--pack', 'encryption', 'bad.yaml']],
  [['--pack', 'encryption', '--', 'bad.yaml']],
  [['bad.yaml', '--pack', 'foundation', 'tagging']],
  [['--pack', 'foundation,tagging', 'bad.yaml']],
  [['--parameters', 'A=1', 'bad.yaml']],
  [['--rules', 'own.guard', 'bad.yaml']],
])('takes paths before and behind options with several values: %j', (args) => {
  const cwd = folderOf({ 'bad.yaml': BAD, 'good.yaml': GOOD, 'own.guard': 'rule OWN { Resources exists }' });
  const ran = stackade(['check', '--no-lint', '--format', 'json', ...args], { cwd });
  expect([ran.exitCode, reportOf(ran).files.map(({ path }) => path)]).toStrictEqual([1, ['bad.yaml']]);
});

it('checks the working directory when no path is given', () => {
  const cwd = folderOf({ 'a/bad.yaml': BAD, 'good.yaml': GOOD });
  expect(
    reportOf(stackade(['check', '--no-lint', '--format', 'json'], { cwd })).files.map(({ path }) => path),
  ).toStrictEqual(['a/bad.yaml', 'good.yaml']);
});

it('adds what the schema lint says of all templates, but for codes that are off', () => {
  const text =
    'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      KmsMasterKeyId: alias/topics\n      TopcName: x\n';
  const escaped =
    '{"Resour\\u0063es": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "alias/x", "TopcName": "x"}}}}';
  const missing = 'Resources: { Role: { Type: AWS::IAM::Role, Properties: {} } }\n';
  const cwd = folderOf({
    't/a.yaml': text,
    // Nothing in the text says that it is a template.
    'b.json': escaped,
    't/c.yaml': missing,
    't/data.json': '{"a": 1}',
    'stackade.yaml': 'lint: { codes: { F3003: off } }\n',
  });
  const linted = stackade(['check', 't', 'b.json', '--pack', 'cost', '--format', 'json'], { cwd });
  expect(linted.stderr).toBe('1 path was skipped; --list-skipped names it\n');
  expect([
    linted.exitCode,
    ...reportOf(linted).findings.map(({ ruleId, severity, location }) => [
      ruleId,
      severity,
      location.file,
      location.line,
    ]),
  ]).toStrictEqual([1, ['F3002', 'error', 'b.json', 1], ['F3002', 'error', 't/a.yaml', 6]]);
  expect(reportOf(linted).files.map(({ path, status }) => `${path} ${status}`)).toStrictEqual([
    'b.json FAIL',
    't/a.yaml FAIL',
    't/c.yaml SKIP',
  ]);
  expect(stackade(['check', 't', 'b.json', '--no-lint', '--pack', 'cost'], { cwd }).exitCode).toBe(0);
});

it('writes the report to a file', () => {
  const cwd = folderOf({ 'bad.yaml': BAD });
  const ran = stackade(['check', 'bad.yaml', '--no-lint', '--format', 'sarif', '--output-file', 'out.sarif'], { cwd });
  expect([ran.exitCode, ran.stdout, ran.stderr]).toStrictEqual([1, '', '']);
  const log = JSON.parse(readFileSync(join(cwd, 'out.sarif'), 'utf8')) as {
    readonly runs: readonly { readonly results: unknown[] }[];
  };
  expect(log.runs[0]!.results).toHaveLength(1);
});

it('prints colours only when asked to', () => {
  const cwd = folderOf({ 'bad.yaml': BAD });
  const escapes = (env: Readonly<Record<string, string>>): boolean =>
    stackade(['check', 'bad.yaml', '--no-lint'], { cwd, env }).stdout.includes('\u001b');
  expect([escapes({}), escapes({ FORCE_COLOR: '1' }), escapes({ FORCE_COLOR: '1', NO_COLOR: '1' })]).toStrictEqual([
    false,
    true,
    false,
  ]);
});

it('explains', () => {
  expect(stackade(['explain', 'enc-s3-01'])).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringContaining('`s3-bucket-default-encryption`') as string,
  });
  expect(stackade(['explain', 'cli1004']).stdout).toMatch(/^# .*nothing was checked\n/i);
});

it('has help', () => {
  const { exitCode, stdout } = stackade(['check', '--help']);
  expect(exitCode).toBe(0);
  for (const option of [
    '--pack',
    '--rules',
    '--parameters',
    '--parameter-file',
    '--region',
    '--account',
    '--ou',
    '--config',
    '--fail-on',
    '--allow-incomplete',
    '--no-lint',
    '--list-rules',
    '--list-skipped',
    '--format',
    '--output-file',
  ]) {
    expect(stdout).toContain(`  ${option}`);
  }
});
