/** The story of waivers, end to end: options and files in, marked findings and exit codes out, in every format. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report, ReportFormat } from '../../findings/index.js';
import { check, folderOf, removeFolders } from '../cli/check/support.js';

afterEach(removeFolders);

const TOPIC = (name: string, metadata = ''): string => `  ${name}:\n    Type: AWS::SNS::Topic\n${metadata}`;
const NAG = '    Metadata: { cfn_nag: { rules_to_suppress: [{ id: ENC-SNS-01, reason: no data }] } }\n';

const TEMPLATES = {
  'a.yaml': `Resources:\n${TOPIC('Waived')}${TOPIC('Expired')}${TOPIC('Nag', NAG)}`,
  'queue.yaml': 'Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: { SqsManagedSseEnabled: false }\n',
};

const waiver = (target: string, scope: string, expires: string): string =>
  `  - ${target}\n    scope: ${scope}\n    reason: for now\n    owner: platform\n    ticket: SEC-7\n    expires: ${expires}\n`;

const WAIVERS = `version: 1
neverWaivable: [sqs-queue-encrypted]
waivers:
${waiver('control: ENC-SNS-01', '{ logicalId: Waived }', '2999-12-31')}${waiver('control: ENC-SNS-01', '{ logicalId: Expired }', '2020-01-01')}${waiver('control: ENC-SNS-01', '{ logicalId: Nothing }', '2999-12-31')}${waiver('control: ENC-SQS-01', '{ file: queue.yaml }', '2999-12-31')}${waiver('rule: sns-topic-encrypted', "{ account: '111122223333' }", '2999-12-31')}`;

const flags = { waivers: 'waivers.yaml' };

async function run(
  format: ReportFormat,
  waivers = WAIVERS,
  more: object = {},
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return check(folderOf({ ...TEMPLATES, 'waivers.yaml': waivers }), ['.'], { ...flags, format, ...more });
}

it('waived, expired, unused, undecided, never waivable and refused, in JSON', async () => {
  const { exitCode, stdout, stderr } = await run('json');
  const report = JSON.parse(stdout) as Report;
  const told = report.findings.map(({ ruleId, severity, resource, location, waived }) =>
    [location.file, location.line, ruleId, severity, resource?.logicalId ?? '', waived?.expires ?? ''].join(' ').trim(),
  );
  expect([exitCode, stderr]).toStrictEqual([1, '1 path was skipped; --list-skipped names it\n']);
  expect(told).toStrictEqual([
    'a.yaml 2 sns-topic-encrypted error Waived 2999-12-31',
    'a.yaml 4 sns-topic-encrypted error Expired',
    'a.yaml 6 sns-topic-encrypted error Nag',
    'a.yaml 8 WVR3001 warning Nag',
    'queue.yaml 4 sqs-queue-encrypted error Q',
    'waivers.yaml 10 WVR2001 warning',
    'waivers.yaml 16 WVR2002 warning',
    'waivers.yaml 22 WVR2005 error',
    'waivers.yaml 28 WVR2004 warning',
  ]);
  expect(report.findings[0]!.waived).toStrictEqual({ reason: 'for now', owner: 'platform', expires: '2999-12-31' });
  expect(report.summary).toMatchObject({ errors: 4, warnings: 4, waived: 1 });
});

it('the same in SARIF, with suppressions', async () => {
  const allow = WAIVERS.replace('neverWaivable', 'allowDeveloperSuppressions: true\nneverWaivable');
  const { runs } = JSON.parse((await run('sarif', allow, { account: '444455556666' })).stdout) as {
    runs: [
      { results: { ruleId: string; suppressions: { kind: string; justification: string; properties: object }[] }[] },
    ];
  };
  const results = runs[0].results.map(({ ruleId, suppressions }) => [
    ruleId,
    ...suppressions.map(({ kind, justification }) => `${kind}: ${justification}`),
  ]);
  expect(results).toStrictEqual([
    ['sns-topic-encrypted', 'external: for now (platform, until 2999-12-31)'],
    ['sns-topic-encrypted'],
    ['sns-topic-encrypted', 'inSource: no data (template (cfn_nag))'],
    ['sqs-queue-encrypted'],
    ['WVR2001'],
    ['WVR2002'],
    ['WVR2005'],
  ]);
  expect(runs[0].results[0]!.suppressions[0]!.properties).toStrictEqual({
    owner: 'platform',
    expires: '2999-12-31',
    ticket: 'SEC-7',
  });
});

it.each<[ReportFormat, RegExp]>([
  [
    'pretty',
    /WAIVED\n\n {2}sns-topic-encrypted {2}Waived {2}a\.yaml:2:3\n {4}until 2999-12-31, platform, SEC-7: for now\n/,
  ],
  ['junit', /<skipped message="waived until 2999-12-31, platform, SEC-7: for now"\/>/],
  [
    'github',
    /::notice file=a\.yaml,line=2,[^:]*title=WAIVED sns-topic-encrypted::.*%0Awaived: until 2999-12-31, platform, SEC-7: for now\n/,
  ],
  ['markdown', /### Waived\n\n- `sns-topic-encrypted` at `a\.yaml:2:3`: until 2999-12-31, platform, SEC-7: for now\n/],
])('shows a waived finding, marked, in %s', async (format, expected) => {
  expect((await run(format)).stdout).toMatch(expected);
});

it('a check whose findings are all waived is clean', async () => {
  const folder = folderOf({
    'a.yaml': `Resources:\n${TOPIC('Waived')}`,
    'w.yaml': `version: 1\nwaivers:\n${waiver('rule: sns-topic-encrypted', '{ logicalId: Waived }', '2999-12-31')}`,
  });
  const ran = await check(folder, ['a.yaml'], { waivers: 'w.yaml', failOn: 'info' });
  expect([ran.exitCode, (JSON.parse(ran.stdout) as Report).files[0]!.status]).toStrictEqual([0, 'PASS']);
  expect((await check(folder, ['a.yaml'])).exitCode).toBe(1);
});

it('a waiver accepts that something is NOT EVALUATED only without a resource in its scope', async () => {
  const template =
    'Parameters: { K: { Type: String } }\nResources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties: { KmsMasterKeyId: !Ref K }\n';
  const codes = async (scope: string): Promise<number> =>
    (
      await check(
        folderOf({
          'a.yaml': template,
          'w.yaml': `version: 1\nwaivers:\n${waiver('control: ENC-SNS-01', scope, '2999-12-31')}`,
        }),
        ['a.yaml'],
        { waivers: 'w.yaml' },
      )
    ).exitCode;
  expect([await codes('{ file: a.yaml }'), await codes('{ logicalId: T }')]).toStrictEqual([0, 3]);
});

it.each([
  ['version: 2\n', 'CLI2102', ':1:10'],
  ['waivers: []\n', 'CLI2102', ':1:1'],
  ['version: 1\nwaiver: []\n', 'CLI2101', ':2:1'],
  [
    'version: 1\nwaivers: [{ rule: sqs-queue-encrypted, owner: o, ticket: t, expires: 2030-01-01 }]\n',
    'CLI2102',
    ':2:11',
  ],
  [`version: 1\nwaivers:\n${waiver('rule: sns-topic-encryptd', '{}', '2030-01-01')}`, 'WVR1001', ':3:11'],
  [`version: 1\nwaivers:\n${waiver('control: ENC-XXX-01', '{}', '2030-01-01')}`, 'WVR1001', ':3:14'],
  [`version: 1\nwaivers:\n${waiver('rule: sns-topic-encrypted', '{}', '2030-02-30')}`, 'WVR1002', ':8:14'],
  [
    `version: 1\nwaivers:\n${waiver('rule: sns-topic-encrypted', '{}', '2030-01-01')}${waiver('rule: sns-topic-encrypted', '{}', '2031-01-01')}`,
    'WVR1003',
    ':9:11',
  ],
  [
    `version: 1\nwaivers:\n${waiver('rule: sns-topic-encrypted', '{ account: 111122223333 }', '2030-01-01')}`,
    'CLI2102',
    ':4:23',
  ],
  ['version: 1\nwaivers: [\n', 'TPL1001', ''],
])('refuses a waiver file, with its place: %j', async (text, code, place) => {
  const { exitCode, stdout, stderr } = await run('json', text);
  expect([exitCode, stdout]).toStrictEqual([2, '']);
  expect(stderr).toContain(`error[${code}]`);
  expect(stderr).toContain(`waivers.yaml${place}`);
});

it('a waiver file that is empty stops the check and says what belongs into it', async () => {
  const { exitCode, stdout, stderr } = await run('json', '');
  expect([exitCode, stdout]).toStrictEqual([2, '']);
  expect(stderr).toContain('write `version: 1` and `waivers: []` into it');
});

it('a waiver file that is not there stops the check', async () => {
  const ran = await check(folderOf(TEMPLATES), ['.'], { waivers: 'none.yaml' });
  expect([ran.exitCode, ran.stderr.includes('CLI1001')]).toStrictEqual([2, true]);
});

describe('baselines', () => {
  it('only new findings count; the file is written whole', async () => {
    const folder = folderOf(TEMPLATES);
    const created = await check(folder, ['.'], { createBaseline: 'base.json' });
    expect(created.exitCode).toBe(0);
    const text = readFileSync(join(folder, 'base.json'), 'utf8');
    expect((JSON.parse(text) as { findings: unknown[] }).findings).toHaveLength(4);
    expect((await check(folder, ['.'], { baseline: 'base.json' })).exitCode).toBe(0);
    writeFileSync(join(folder, 'b.yaml'), `Resources:\n${TOPIC('New')}`);
    const after = await check(folder, ['.'], { baseline: 'base.json' });
    const { findings } = JSON.parse(after.stdout) as Report;
    expect(after.exitCode).toBe(1);
    expect(
      findings
        .filter(({ waived, severity }) => waived === null && severity === 'error')
        .map(({ location }) => location.file),
    ).toStrictEqual(['b.yaml']);
  });

  it('is not written when something could not be checked, and never-waivable rules stay out of it', async () => {
    const broken = folderOf({ ...TEMPLATES, 'c.yaml': 'Resources: [\n', 'base.json': 'old' });
    const ran = await check(broken, ['.'], { createBaseline: 'base.json' });
    expect([ran.exitCode, readFileSync(join(broken, 'base.json'), 'utf8')]).toStrictEqual([2, 'old']);
    expect(ran.stderr).toContain('the baseline is not written, because not everything could be checked\n');
    const barred = folderOf({ ...TEMPLATES, 'w.yaml': 'version: 1\nneverWaivable: [sqs-queue-encrypted]\n' });
    expect((await check(barred, ['.'], { createBaseline: 'base.json', waivers: 'w.yaml' })).exitCode).toBe(1);
    expect(readFileSync(join(barred, 'base.json'), 'utf8')).not.toContain('sqs-queue-encrypted');
  });

  it('refuses both options at once, and a file that is no baseline', async () => {
    const folder = folderOf({ ...TEMPLATES, 'base.json': '{"version": 1}', 'bad.json': '{' });
    expect((await check(folder, ['.'], { baseline: 'base.json', createBaseline: 'new.json' })).stderr).toContain(
      'CLI2002',
    );
    expect((await check(folder, ['.'], { baseline: 'base.json' })).stderr).toContain('WVR4002');
    for (const baseline of ['bad.json', 'none.json', 'base.json']) {
      expect((await check(folder, ['.'], { baseline })).exitCode).toBe(2);
    }
  });
});
