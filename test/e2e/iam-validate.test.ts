/** `stackade iam validate` as it is run: formats, exit codes, standard input, folders, bad input. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../findings/index.js';
import { folderOf, removeFolders } from '../cli/check/support.js';
import { stackade, type Ran } from './check/support.js';

afterEach(removeFolders);

const GOOD = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' }],
});
const WRONG = GOOD.replace('s3:GetObject', 's3:GetObjet');
const OPEN = GOOD.replace('s3:GetObject', 'iam:PassRole').replace('arn:aws:s3:::amzn-s3-demo-bucket/*', '*');
const STYLE = GOOD.replace('"s3:GetObject"', '["s3:Get*", "s3:GetObject"]');

const FILES = {
  'good.json': GOOD,
  'wrong.json': WRONG,
  'open.json': OPEN,
  'style.json': STYLE,
  'list.json': '[1]',
  'broken.json': '{"Version": ',
  'twice.json': '{"Version": "2012-10-17", "Version": "2012-10-17"}',
  'other/package.json': '{"name": "no policy"}',
  'mixed/package.json': '{"name": "no policy"}',
  'mixed/policy.json': WRONG,
};

const validate = (args: readonly string[], input = ''): Ran =>
  stackade(['iam', 'validate', '--type', 'identity', ...args], { cwd: folderOf(FILES), input });

const TRACE = /^\s+at .+:\d+|\.js:\d+|node:internal/m;

describe('exit codes', () => {
  it.each<[string, readonly string[], number]>([
    ['a clean policy', ['good.json'], 0],
    ['an error', ['wrong.json'], 1],
    ['a security warning', ['open.json'], 1],
    ['a security warning, errors only', ['open.json', '--fail-on', 'error'], 0],
    ['a suggestion', ['style.json'], 0],
    ['a suggestion, everything', ['style.json', '--fail-on', 'info'], 1],
    ['an error, never', ['wrong.json', '--fail-on', 'never'], 0],
    ['JSON that is no policy', ['list.json'], 2],
    ['no JSON', ['broken.json'], 2],
    ['a key that stands twice', ['twice.json'], 2],
    ['a file that does not exist', ['nowhere.json'], 2],
    ['a folder without policies', ['other'], 2],
    ['a folder with one', ['mixed'], 1],
    ['a broken file beside a wrong one', ['broken.json', 'wrong.json'], 2],
    ['a type of resource for an identity', ['good.json', '--resource-type', 'AWS::S3::Bucket'], 2],
    ['an unknown type of resource', ['good.json', '--resource-type', 'AWS::S3::Bucke'], 2],
    ['an unknown format', ['good.json', '--format', 'html'], 2],
    ['no file', [], 2],
  ])('%s', (_title, args, code) => {
    const ran = validate(args);
    expect(ran.exitCode).toBe(code);
    expect(`${ran.stdout}${ran.stderr}`).not.toMatch(TRACE);
    if (code === 2) expect(ran.stderr).toMatch(/\S/);
  });

  it('no type', () => {
    const ran = stackade(['iam', 'validate', 'good.json'], { cwd: folderOf(FILES) });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain('--type');
  });
});

it('names what it finds, where, and how to mend it', () => {
  const { files, findings, summary } = JSON.parse(
    validate(['wrong.json', 'good.json', '--format', 'json']).stdout,
  ) as Report;
  expect(files.map(({ path, status }) => [path, status])).toStrictEqual([
    ['good.json', 'PASS'],
    ['wrong.json', 'FAIL'],
  ]);
  expect(files[1]!.rules).toMatchObject({ INVALID_ACTION: 'FAIL', INVALID_ARN_PREFIX: 'PASS' });
  expect(summary).toMatchObject({ files: 2, errors: 1, warnings: 0, infos: 0, notEvaluated: 0 });
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    ruleId: 'INVALID_ACTION',
    severity: 'error',
    title: 'Actions exist',
    message: 'there is no action `s3:GetObjet`',
    help: 'did you mean `s3:GetObject`?',
    docs: 'docs/iam/codes/INVALID_ACTION.md',
    labels: ['ERROR'],
    resource: { logicalId: 'Read', type: 'policy' },
    location: {
      file: 'wrong.json',
      line: 1,
      column: WRONG.indexOf('"s3:GetObjet"') + 1,
      pointer: '/Statement/0/Action',
    },
  });
});

it('reads standard input', () => {
  const ran = validate(['-', '--format', 'json'], WRONG);
  expect(ran.exitCode).toBe(1);
  expect((JSON.parse(ran.stdout) as Report).findings[0]!.location.file).toBe('<stdin>');
});

it('validates the other files when one cannot be read', () => {
  const ran = validate(['broken.json', 'wrong.json', '--format', 'json']);
  const { findings, notEvaluated } = JSON.parse(ran.stdout) as Report;
  expect(findings.map(({ ruleId }) => ruleId)).toStrictEqual(['INVALID_ACTION']);
  expect(notEvaluated.map(({ path }) => path)).toStrictEqual(['broken.json']);
  expect(ran.stderr).toContain('broken.json:1:');
});

it.each([
  [
    'sarif',
    (text: string) => {
      expect(JSON.parse(text)).toMatchObject({
        version: '2.1.0',
        runs: [{ results: [{ ruleId: 'INVALID_ACTION', level: 'error' }] }],
      });
    },
  ],
  [
    'junit',
    (text: string) => {
      expect(text).toMatch(/<testsuites[^>]*failures="1"/);
    },
  ],
  [
    'github',
    (text: string) => {
      expect(text).toContain('::error file=wrong.json,line=1,');
    },
  ],
  [
    'markdown',
    (text: string) => {
      expect(text).toContain('INVALID_ACTION');
    },
  ],
  [
    'pretty',
    (text: string) => {
      expect(text).toContain('did you mean `s3:GetObject`?');
    },
  ],
] as const)('prints %s', (format, holds) => {
  holds(validate(['wrong.json', '--format', format]).stdout);
});

it('writes the report to a file', () => {
  const cwd = folderOf(FILES);
  const ran = stackade(
    ['iam', 'validate', '--type', 'identity', 'wrong.json', '--format', 'json', '--output-file', 'out.json'],
    { cwd },
  );
  expect([ran.exitCode, ran.stdout]).toStrictEqual([1, '']);
  expect((JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')) as Report).findings).toHaveLength(1);
});

it('reads the other kinds of policies', () => {
  const policy = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: statement });
  const codes = (type: string, statement: object, ...more: readonly string[]): readonly string[] => {
    const { stdout } = stackade(['iam', 'validate', '--type', type, '--format', 'json', '-', ...more], {
      input: policy(statement),
    });
    return (JSON.parse(stdout) as Report).findings.map(({ ruleId }) => ruleId);
  };
  expect(codes('trust', { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' })).toStrictEqual([
    'IAM4012',
  ]);
  expect(codes('scp', { Effect: 'Deny', Action: '*', Resource: '*' })).toStrictEqual(['IAM4009']);
  expect(codes('rcp', { Effect: 'Deny', Principal: '*', Action: 'iam:*', Resource: '*' })).toStrictEqual(['IAM4011']);
  expect(codes('boundary', { Effect: 'Allow', Action: '*', Resource: '*' })).toStrictEqual([]);
  const bucket = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sqs:SendMessage', Resource: '*' };
  expect(codes('resource', bucket, '--resource-type', 'AWS::S3::Bucket')).toStrictEqual([
    'UNSUPPORTED_ACTION_IN_POLICY',
  ]);
});

it('explains codes, whatever their case', () => {
  const ran = stackade(['explain', 'invalid_action']);
  expect(ran.exitCode).toBe(0);
  expect(ran.stdout).toBe(readFileSync(join(__dirname, '../../docs/iam/codes/INVALID_ACTION.md'), 'utf8'));
  expect(stackade(['explain', 'IAM4003']).stdout).toMatch(/^# IAM4003: /);
});
