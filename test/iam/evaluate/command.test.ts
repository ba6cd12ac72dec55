/** `stackade iam evaluate` with files, without a process. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runEvaluate } from '../../../cli/iam/evaluate.js';
import type { Terminal } from '../../../cli/terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'stackade-evaluate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly code: number;
  readonly printed: string;
  readonly told: string;
}

async function run(
  text: string | Buffer,
  flags: { batch?: true; unknownContext?: true; outputFile?: string } = {},
): Promise<Run> {
  const file = join(folder, 'input.json');
  writeFileSync(file, text);
  let printed = '';
  let told = '';
  const terminal: Terminal = {
    cwd: folder,
    env: { NO_COLOR: '1' },
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (more) => void (printed += more),
    tell: (more) => void (told += more),
  };
  const { batch, ...rest } = flags;
  const code =
    batch === true
      ? await runEvaluate(undefined, { batch: file, ...rest }, terminal)
      : await runEvaluate(file, rest, terminal);
  return { code, printed, told: told.replaceAll(folder, '') };
}

const question = (name: string, condition: object = {}): string =>
  JSON.stringify({
    name,
    request: {
      principal: 'arn:aws:iam::111122223333:user/alice',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::b/x',
      context: {},
    },
    policies: {
      identity: [
        {
          Version: '2012-10-17',
          Statement: { Sid: 'Read', Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: condition },
        },
      ],
    },
  });
const byRegion = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } };

it('answers one request as JSON; a deny is an answer', async () => {
  expect(await run(question('one'))).toStrictEqual({
    code: 0,
    printed: `{
  "name": "one",
  "decision": "ALLOW",
  "by": [
    {
      "policyType": "identity",
      "policyIndex": 0,
      "sid": "Read",
      "effect": "Allow"
    }
  ],
  "missingKeys": [],
  "layers": {
    "scp": "NOT_APPLICABLE",
    "rcp": "NOT_APPLICABLE",
    "resource": "NOT_APPLICABLE",
    "identity": "ALLOW",
    "boundary": "NOT_APPLICABLE",
    "session": "NOT_APPLICABLE",
    "vpcEndpoint": "NOT_APPLICABLE"
  }
}
`,
    told: '',
  });
  const { code, printed } = await run(question('denied', byRegion));
  expect(code).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({ decision: 'IMPLICIT_DENY', by: [], missingKeys: [] });
});

it('exits 3 when the answer hangs on a key that nobody gave', async () => {
  const { code, printed } = await run(question('open', byRegion), { unknownContext: true });
  expect(code).toBe(3);
  expect(JSON.parse(printed)).toMatchObject({ decision: 'UNDETERMINED', missingKeys: ['aws:RequestedRegion'] });
});

it('exits 2 for bad input, with one message', async () => {
  expect((await run('{"request": {')).code).toBe(2);
  const { code, told, printed } = await run(question('bad').replace('s3:GetObject', 'GetObject'));
  expect([code, printed]).toStrictEqual([2, '']);
  expect(told).toContain('error[IAM1101]: the action `GetObject` has no service prefix\n  --> /input.json:1:');
  expect(told).toContain('help: write one action with the prefix of its service');
  expect((await run('')).told).toContain('holds no request');
});

it('answers lines in order, over pieces of any size, and tells the lines at fault with their numbers', async () => {
  const lines = Array.from({ length: 5_000 }, (_, index) => question(`q${index}`));
  lines[10] = '{';
  lines[4_000] = lines[4_000]!.replace('"context":{}', '"context":{"aws:username":"bob"}');
  const { code, printed, told } = await run(`${lines.join('\r\n')}\r\n`, { batch: true });
  expect(code).toBe(2);
  const names = printed
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { name: string }).name);
  expect(names).toStrictEqual(
    lines.map((_, index) => `q${index}`).filter((_, index) => index !== 10 && index !== 4_000),
  );
  expect(told).toContain('/input.json:11:2');
  expect(told).toContain('/input.json:4001:');
  expect(told).toContain('2 lines were not answered');
});

it('only the line that is not UTF-8 is refused', async () => {
  const bytes = Buffer.concat([Buffer.from(`${question('a')}\n`), Buffer.from([0xff, 10]), Buffer.from(question('b'))]);
  const { code, printed, told } = await run(bytes, { batch: true });
  expect(code).toBe(2);
  expect(printed.trimEnd().split('\n')).toHaveLength(2);
  expect(told).toContain('/input.json:2:1');
});

it('tells the first of many faults and counts the rest', async () => {
  const { code, told } = await run('{\n'.repeat(500), { batch: true });
  expect(code).toBe(2);
  expect(told.match(/^error/gm)).toHaveLength(100);
  expect(told).toContain('500 lines were not answered; the first 100 are told above');
});

it('a batch with something undetermined exits 3', async () => {
  expect(
    (await run(`${question('a')}\n${question('b', byRegion)}\n`, { batch: true, unknownContext: true })).code,
  ).toBe(3);
});

it('writes the answers to a file instead', async () => {
  const file = join(folder, 'answers.jsonl');
  const lines = `${question('a')}\n${question('b')}\n`;
  expect(await run(lines, { batch: true, outputFile: file })).toStrictEqual({ code: 0, printed: '', told: '' });
  expect(readFileSync(file, 'utf8')).toBe((await run(lines, { batch: true })).printed);
  expect(await run(question('a'), { outputFile: file })).toMatchObject({ code: 0, printed: '' });
  expect(readFileSync(file, 'utf8')).toBe((await run(question('a'))).printed);
  const { code, told } = await run(question('a'), { outputFile: folder });
  expect(code).toBe(2);
  expect(told).toContain('error');
  // What cannot be answered leaves the file as it is.
  expect((await run('{', { outputFile: file })).code).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe((await run(question('a'))).printed);
});

it('knows on which actions RCPs act, also in a batch', async () => {
  const denied = [
    [{ Version: '2012-10-17', Statement: { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' } }],
  ];
  const asked = (action: string): string =>
    question(action, {})
      .replace('s3:GetObject', action)
      .replace('"s3:*"', '"*"')
      .replace('{"identity"', `{"rcps":${JSON.stringify(denied)},"identity"`);
  const actions = [
    's3:GetObject',
    's3:ListAllMyBuckets',
    's3:NewAction',
    'lambda:InvokeFunction',
    'sts:GetCallerIdentity',
  ];
  const { code, printed } = await run([question('first'), ...actions.map(asked)].join('\n'), { batch: true });
  expect(code).toBe(0);
  const answers = printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { decision: string; layers: { rcp: string } });
  expect(answers.map(({ decision, layers }) => `${decision} ${layers.rcp}`)).toStrictEqual([
    'ALLOW NOT_APPLICABLE',
    'EXPLICIT_DENY EXPLICIT_DENY',
    'ALLOW NOT_APPLICABLE',
    'EXPLICIT_DENY EXPLICIT_DENY',
    'ALLOW NOT_APPLICABLE',
    'ALLOW NOT_APPLICABLE',
  ]);
});
