/** `stackade new rule`: what it makes passes the checks of rule folders; what it refuses leaves nothing behind. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { nearestName, nearestTypeName, propertyAt, resourceType, resourceTypeNames } from '../../../catalogue/index.js';
import { newRule, type NewRuleOptions } from '../../../cli/new/rule.js';
import type { Terminal } from '../../../cli/terminal.js';
import { compileRules, lintRules, lintTests, openDocument, parseRules } from '../../../guard/index.js';
import { guardName, renderRulePage, validateRuleMetadata } from '../../../rules/index.js';
import type { Control, RuleMetadata } from '../../../rules/index.js';
import { loadLibrary } from '../../../cli/library.js';
import { readCases } from '../../rules/library.js';
import { repositoryRoot } from '../../support/repository.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackade-new-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function make(id: string, options: NewRuleOptions = {}): { code: number; out: string; err: string } {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => {
      out += text;
    },
    tell: (text) => {
      err += text;
    },
  };
  return { code: newRule(id, options, terminal), out, err };
}

const ajv = new Ajv({ allErrors: true });
const schema = ajv.compile(
  JSON.parse(readFileSync(join(repositoryRoot(), 'rules', 'schema', 'rule.schema.json'), 'utf8')) as object,
);
const controls: readonly Control[] = loadLibrary().controls;

const KNOWLEDGE = {
  typeNames: resourceTypeNames,
  isType: (name: string) => resourceType(name) !== undefined,
  nearestType: nearestTypeName,
  hasProperty: (type: string, path: readonly string[]) => propertyAt(type, path) !== undefined,
  nearest: nearestName,
};

/** What the checks of the library ask of the files of one rule. */
function expectWellMade(id: string): RuleMetadata {
  const service = id.split('-')[0]!;
  const path = (name: string): string => join(folder, 'rules', service, name);
  const read = (name: string): string => readFileSync(path(name), 'utf8');
  const guard = read(`${id}.guard`);
  const metadata = JSON.parse(read(`${id}.json`)) as RuleMetadata;
  const cases = readCases(read(`tests/${id}_tests.yml`), id);
  expect(validateRuleMetadata(metadata, schema)).toStrictEqual({ value: metadata });
  const { tree, diagnostics } = parseRules(guard, `${id}.guard`);
  expect(diagnostics).toStrictEqual([]);
  expect(tree!.rules.map(({ name }) => name)).toStrictEqual([guardName(id)]);
  expect(guard.startsWith(`# ${id}: `)).toBe(true);
  expect(guard).toMatch(/<<\s*[^\n]+\n\s*help: /);
  const program = compileRules(tree!, { file: `${id}.guard`, text: guard });
  for (const { name, input, verdict } of cases) {
    expect([name, program.evaluate(openDocument(input)).rules[0]!.status]).toStrictEqual([name, verdict]);
    expect(name.endsWith(`, ${verdict}`)).toBe(true);
  }
  expect(new Set(cases.map(({ verdict }) => verdict))).toStrictEqual(new Set(['SKIP', 'PASS', 'FAIL']));
  const names = cases.map(({ name }) => name).join('\n');
  for (const wanted of [
    /^other types only, SKIP$/m,
    /^no resource, SKIP$/m,
    /^no Resources section, SKIP$/m,
    /^Properties missing, FAIL$/m,
    /^one .+ and one .+, FAIL$/m,
    /from a parameter/,
  ]) {
    expect(names).toMatch(wanted);
  }
  expect(read(`${id}.md`)).toBe(renderRulePage({ metadata, guard, cases, controls, packs: [] }));
  const linted = { file: `${id}.guard`, text: guard, tree: tree! };
  expect(lintRules(linted, KNOWLEDGE)).toStrictEqual([]);
  const expected = cases.map(({ name, verdict }) => ({
    name,
    expectations: new Map([[guardName(id), verdict]]),
    range: { file: 't', start: 0, end: 0 },
  }));
  expect(lintTests([linted], expected, nearestName)).toStrictEqual([]);
  // The snippet is YAML that a template can hold.
  expect(parse(metadata.remediation.cloudformation)).not.toBeNull();
  return metadata;
}

it('tells type, property and control from the id', () => {
  const { code, out } = make('sqs-queue-fifo-queue');
  expect([code, out]).toStrictEqual([
    0,
    ['.guard', '.json', '_tests.yml', '.md']
      .map((end) => `rules/sqs/${end === '_tests.yml' ? 'tests/' : ''}sqs-queue-fifo-queue${end}\n`)
      .join(''),
  ]);
  const metadata = expectWellMade('sqs-queue-fifo-queue');
  expect([metadata.resourceTypes, metadata.controls, metadata.title]).toStrictEqual([
    ['AWS::SQS::Queue'],
    ['ENC-SQS-01'],
    'Queue declares FifoQueue',
  ]);
});

it.each([
  ['AWS::S3::Bucket', 'BucketEncryption'],
  ['AWS::EC2::SecurityGroup', 'SecurityGroupIngress'],
  ['AWS::RDS::DBInstance', 'StorageEncrypted'],
  ['AWS::Lambda::Function', 'Environment'],
  ['AWS::SSM::Parameter', 'Value'],
  ['AWS::IAM::Role', 'AssumeRolePolicyDocument'],
  ['AWS::SQS::Queue', 'DelaySeconds'],
])('makes a rule of %s and %s', (type, property) => {
  expect(make('own-thing-of-mine', { type, property, control: 'ENC-SQS-01' }).code).toBe(0);
  const { resourceTypes } = expectWellMade('own-thing-of-mine');
  expect(resourceTypes).toStrictEqual([type]);
});

it('makes a rule of any type with a property', () => {
  const names = resourceTypeNames().filter((_, index) => index % 97 === 5);
  expect(names.length).toBeGreaterThan(10);
  for (const [index, type] of names.entries()) {
    if (resourceType(type)!.properties.size === 0) continue;
    const id = `any-type-n${String(index).padStart(3, '0')}`;
    expect(make(id, { type, control: 'TAG-REQ-01' })).toMatchObject({ code: 0 });
    expectWellMade(id);
  }
});

it.each<[string, NewRuleOptions, string]>([
  ['sqs-queue', {}, 'is no id of a rule'],
  ['Sqs-Queue-Good', {}, 'is no id of a rule'],
  ['../sqs-queue-good', {}, 'is no id of a rule'],
  ['sqs-queue-', {}, 'is no id of a rule'],
  [`sqs-queue-${'x'.repeat(70)}`, {}, 'is no id of a rule'],
  ['sqs-queue-encrypted', {}, 'there is a rule `sqs-queue-encrypted` already'],
  ['sqs-queue-encrypted-well', {}, '`sqs-queue-encrypted-well` and the rule `sqs-queue-encrypted` begin alike'],
  ['nothing-like-this', {}, 'no resource type can be told'],
  ['sqs-queue-good', { type: 'AWS::SQS::Queu' }, 'did you mean `AWS::SQS::Queue`?'],
  ['sqs-queue-good', { property: 'FifoQueu' }, 'did you mean `FifoQueue`?'],
  ['sqs-queue-good', { control: 'ENC-SQS-99' }, 'there is no control `ENC-SQS-99`'],
  ['braket-quantum-good', { type: 'AWS::SQS::Queue' }, 'no control can be told'],
])('refuses %s with %j', (id, options, why) => {
  const { code, out, err } = make(id, options);
  expect([code, out]).toStrictEqual([2, '']);
  expect(err).toContain('error[CLI2007]');
  expect(err).toContain(why);
  expect(existsSync(join(folder, 'rules'))).toBe(false);
});

it('writes its files as Prettier would', () => {
  make('sqs-queue-fifo-queue');
  make('own-thing-of-mine', {
    type: 'AWS::EC2::SecurityGroup',
    property: 'SecurityGroupIngress',
    control: 'ENC-SQS-01',
  });
  make('own-other-of-mine', { type: 'AWS::S3::Bucket', property: 'BucketEncryption', control: 'ENC-SQS-01' });
  const root = repositoryRoot();
  const prettier = join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  const args = [
    prettier,
    '--check',
    '--config',
    join(root, '.prettierrc.json'),
    '--ignore-path',
    '/dev/null',
    join(folder, 'rules'),
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect([stdout.split('\n').slice(1), stderr, status]).toStrictEqual([
    ['All matched files use Prettier code style!', ''],
    '',
    0,
  ]);
});

it('touches no file that is there, and leaves no half of a rule', () => {
  mkdirSync(join(folder, 'rules', 'sqs'), { recursive: true });
  writeFileSync(join(folder, 'rules', 'sqs', 'sqs-queue-good.md'), 'mine');
  const { code, err } = make('sqs-queue-good');
  expect([code, err.includes('CLI2007')]).toStrictEqual([2, true]);
  expect(readFileSync(join(folder, 'rules', 'sqs', 'sqs-queue-good.md'), 'utf8')).toBe('mine');
  expect(readdirSync(join(folder, 'rules', 'sqs')).filter((name) => name !== 'tests')).toStrictEqual([
    'sqs-queue-good.md',
  ]);
  expect(make('sqs-topic-good', { type: 'AWS::SQS::Queue' }).code).toBe(0);
  expect(make('sqs-topic-good', { type: 'AWS::SQS::Queue' }).code).toBe(2);
});
