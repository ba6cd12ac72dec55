import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  OFF_BY_DEFAULT,
  startLint,
  type LintOptions,
  type LintResult,
  type LintService,
} from '../../../cli/lint/service.js';
import { repositoryRoot } from '../../support/repository.js';

// Jest runs from the sources; a worker thread needs the built file.
const built = join(repositoryRoot(), 'dist', 'cli', 'lint', 'worker.js');
const worker = pathToFileURL(built);
const fake = pathToFileURL(join(__dirname, 'fake-worker.mjs'));

// The library takes seconds to start, more on a busy machine.
jest.setTimeout(180_000);

async function lint(files: Readonly<Record<string, string>>, options: LintOptions = {}): Promise<LintResult[]> {
  const service = startLint({ worker, ...options });
  try {
    return await service.lint(Object.entries(files).map(([path, text]) => ({ path, text })));
  } finally {
    await service.close();
  }
}

const places = (result: LintResult | undefined): string[] =>
  (result?.findings ?? []).map(
    ({ ruleId, severity, location: { line, column, endLine, endColumn, pointer } }) =>
      `${ruleId} ${severity} ${line}:${column}-${endLine}:${endColumn} ${pointer}`,
  );

const queue = `Resources:
  Q:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: abc
      Nope: 1
      Tags:
        - { Key: a, Value: b }
        - { Key: é😀, Valu: c }
`;

describe('the library in its worker', () => {
  let shared: LintService | undefined;

  beforeAll(() => {
    if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run build" before these tests`);
    shared = startLint({ worker });
  });
  afterAll(async () => shared?.close());

  async function lintOne(path: string, text: string): Promise<LintResult | undefined> {
    return (await shared?.lint([{ path, text }]))?.[0];
  }

  it('looks at a serverless function whose deployment preference is off', async () => {
    const text = (enabled: string): string => `Transform: AWS::Serverless-2016-10-31
Resources:
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs24.x
      CodeUri: s3://bucket/key.zip
      DeploymentPreference: { Enabled: ${enabled} }
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: { ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, MetricName: !Ref ServerlessDeploymentApplication, Nope: 1.0 }
`;
    const off = await lintOne('t.yaml', text('false'));
    expect(places(off).filter((place) => place.includes(' error '))).toStrictEqual([
      'F3002 error 12:133-12:137 /Resources/Alarm/Properties/Nope',
    ]);
    const on = await lintOne('t.yaml', text('true'));
    expect(places(on)).toStrictEqual([expect.stringMatching(/^E0001 error /)]);
  });

  it('gives findings with our severities and places', async () => {
    const result = await lintOne('a/q.yaml', queue);
    expect(places(result)).toStrictEqual([
      'F3002 error 6:7-6:11 /Resources/Q/Properties/Nope',
      'F3002 error 9:23-9:27 /Resources/Q/Properties/Tags/1/Valu',
      'F3003 error 9:11-9:32 /Resources/Q/Properties/Tags/1',
      'F3012 error 5:21-5:24 /Resources/Q/Properties/DelaySeconds',
      'I3011 info 2:3-2:4 /Resources/Q',
      'I3011 info 2:3-2:4 /Resources/Q',
      'I3013 info 4:5-4:15 /Resources/Q/Properties',
    ]);
    expect(result).toMatchObject({ path: 'a/q.yaml', notEvaluated: [] });
    const [first] = result?.findings ?? [];
    expect(first).toMatchObject({
      location: { file: 'a/q.yaml' },
      resource: { logicalId: 'Q', type: 'AWS::SQS::Queue' },
      message: "Additional properties are not allowed ('Nope' was unexpected)",
    });
    expect(first?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(first?.title).not.toBe('');
    expect(result?.findings.map(({ docs }) => docs).filter((docs) => docs.endsWith('.git'))).toStrictEqual([]);
  });

  it('places findings alike in JSON, with a byte order mark and carriage returns', async () => {
    const json =
      '\ufeff{\r\n  "Resources": {\r\n    "Q": {\r\n      "Type": "AWS::SQS::Queue",\r\n      "Properties": { "é": "😀", "Nope": 1 }\r\n    }\r\n  }\r\n}';
    const result = await lintOne('q.json', json);
    expect(places(result).filter((place) => place.startsWith('F'))).toStrictEqual([
      'F3002 error 5:23-5:26 /Resources/Q/Properties/é',
      'F3002 error 5:34-5:40 /Resources/Q/Properties/Nope',
    ]);
  });

  it('maps the levels', async () => {
    const template = `Parameters:\n  Unused: { Type: String }\nResources:\n  L:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: nodejs12.x\n      Handler: x\n      Role: arn:aws:iam::111122223333:role/x\n      Code: { ZipFile: x }\n`;
    const result = await lintOne('l.yaml', template);
    expect(places(result)).toStrictEqual([
      'E2533 error 7:16-7:26 /Resources/L/Properties/Runtime',
      'W2001 warning 2:3-2:9 /Parameters/Unused',
    ]);
  });

  it('tells the conditions under which something is wrong', async () => {
    const template = `Parameters:\n  P: { Type: String }\nConditions:\n  C: !Equals [!Ref P, x]\nResources:\n  Q:\n    Type: AWS::SQS::Queue\n    DeletionPolicy: Delete\n    UpdateReplacePolicy: Delete\n    Properties:\n      MessageRetentionPeriod: 60\n      DelaySeconds: !If [C, abc, 5]\n`;
    const result = await lintOne('c.yaml', template);
    expect(result?.findings.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toStrictEqual([
      "F3012: 'abc' (from Fn::If on condition 'C') is not of type 'integer' (when C is true)",
    ]);
  });

  it('keeps codes off that are off by default, reports them when asked, and leaves out others', async () => {
    const template =
      'Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: { Nope: 1, BucketName: some-name }\n';
    const codes = (result: LintResult | undefined): string[] => (result?.findings ?? []).map(({ ruleId }) => ruleId);
    expect(OFF_BY_DEFAULT).toStrictEqual(['I9001', 'I9003', 'I9040', 'W9002', 'W9013']);
    const usual = codes(await lintOne('b.yaml', template));
    expect(usual).toContain('F3002');
    expect(usual.filter((code) => OFF_BY_DEFAULT.includes(code))).toStrictEqual([]);
    const [other] = await lint({ 'b.yaml': template }, { enable: ['I9040'], disable: ['F3002'] });
    expect(codes(other).sort()).toStrictEqual([...usual.filter((code) => code !== 'F3002'), 'I9040'].sort());
  });

  it('says that a file could not be analysed', async () => {
    const result = await lintOne('x.yaml', 'Resources: [');
    expect(places(result)[0]).toMatch(/^F1101 error 1:/);
    expect(result?.notEvaluated).toMatchObject([
      {
        path: 'x.yaml',
        ruleId: 'lint-incomplete',
        reason: expect.stringContaining('could not run: YAML parse error') as string,
      },
    ]);
  });

  it('answers several calls in order', async () => {
    const one = shared?.lint([{ path: 'a.yaml', text: queue }]);
    const two = shared?.lint([
      { path: 'b.yaml', text: 'Resources: {}' },
      { path: 'c.yaml', text: queue },
    ]);
    expect((await two)?.map(({ path }) => path)).toStrictEqual(['b.yaml', 'c.yaml']);
    expect((await one)?.map(({ path }) => path)).toStrictEqual(['a.yaml']);
  });
});

it('tells of a call after the end', async () => {
  const service = startLint({ worker: fake });
  expect((await service.lint([{ path: 'a.yaml', text: 'fine' }]))[0]?.findings[0]?.ruleId).toBe('F0001');
  await service.close();
  const [late] = await service.lint([{ path: 'd.yaml', text: 'fine' }]);
  expect(late?.findings[0]).toMatchObject({
    ruleId: 'lint-crashed',
    message: expect.stringContaining('ended') as string,
  });
});

describe('a library that fails', () => {
  // The fake worker does what the text of a file says.
  const ask = (files: Readonly<Record<string, string>>, options: LintOptions = {}): Promise<LintResult[]> =>
    lint(files, { worker: fake, timeout: 300, startTimeout: 3000, ...options });

  it.each([
    ['throw', 'RuntimeError: unreachable'],
    ['exit', 'its worker thread ended with code 3'],
    ['hang', 'it took longer than 300 ms'],
    ['uncaught', 'Error: on its own'],
    ['panic', 'RuntimeError: unreachable (panicked at src/lib.rs:1: index out of bounds'],
  ])('that does "%s" on one file is told of, and the other files are analysed', async (fault, reason) => {
    const results = await ask({ 'a.yaml': 'fine', 'b.yaml': fault, 'c.yaml': 'fine' });
    expect(results.map(({ path }) => path)).toStrictEqual(['a.yaml', 'b.yaml', 'c.yaml']);
    expect(results.map(({ findings }) => findings.map(({ ruleId }) => ruleId))).toStrictEqual([
      ['F0001'],
      ['lint-crashed'],
      ['F0001'],
    ]);
    expect(results[1]).toMatchObject({
      findings: [{ severity: 'error', location: { file: 'b.yaml', line: 1, column: 1 } }],
      notEvaluated: [{ path: 'b.yaml', ruleId: 'lint-crashed' }],
    });
    expect(results[1]?.findings[0]?.message).toContain(reason);
  });

  it('runs out of memory on one file', async () => {
    const [broken, fine] = await ask({ 'a.yaml': 'memory', 'b.yaml': 'fine' }, { timeout: 60_000 });
    expect(broken?.findings[0]?.message).toMatch(/memory/i);
    expect(fine?.findings[0]?.ruleId).toBe('F0001');
  }, 60_000);

  it('that never starts is tried twice', async () => {
    const starts = join(mkdtempSync(join(tmpdir(), 'stackade-lint-')), 'starts');
    const region = `never-ready:${starts}`;
    const results = await ask({ 'a.yaml': 'fine', 'b.yaml': 'fine' }, { region, startTimeout: 1000 });
    expect(readFileSync(starts, 'utf8')).toBe('started\n'.repeat(2));
    expect(results.map(({ findings }) => findings[0]?.message)).toStrictEqual(
      Array(2).fill('the schema lint gave up on this file: it could not be started: it was not ready after 1000 ms'),
    );
  });

  it('that fails to load is tried twice', async () => {
    const [result] = await ask({ 'a.yaml': 'fine' }, { region: 'fails-to-load' });
    expect(result?.findings[0]?.message).toContain('it could not be started: Error: no such library');
  });

  it('that is missing is a finding', async () => {
    const [result] = await ask({ 'a.yaml': 'fine' }, { worker: new URL('./missing.mjs', fake) });
    expect(result?.findings[0]?.message).toContain('it could not be started');
  });

  it('that gave up its analysis leaves an entry for what was not evaluated', async () => {
    const [result] = await ask({ 'a.yaml': 'incomplete' });
    expect(result).toMatchObject({
      findings: [],
      notEvaluated: [
        { path: 'a.yaml', ruleId: 'lint-incomplete', reason: 'the schema lint is incomplete: too many conditions' },
      ],
    });
  });

  it('drops debug messages and takes the place that the library names where the template cannot be read', async () => {
    const [result] = await ask({ 'a.yaml': 'debug and é😀x' });
    expect(places(result)).toStrictEqual(['F1101 error 1:14-1:15 ']);
  });

  it('is not given a file that is too large', async () => {
    const [result] = await ask({ 'a.yaml': 'x'.repeat(4_000_001) });
    expect(result).toMatchObject({ findings: [], notEvaluated: [{ ruleId: 'lint-incomplete' }] });
  });
});
