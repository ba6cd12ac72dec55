/** Baselines: what they know stays known under moved lines and renamed files, and nothing else is known. */
import { createFinding, createReport } from '../../findings/index.js';
import type { Report } from '../../findings/index.js';
import { applyBaseline, printBaseline, readBaseline } from '../../rules/index.js';
import type { BaselineContext } from '../../rules/index.js';
import { readJsonSource, readTemplate } from '../../template/index.js';

interface Place {
  readonly file?: string;
  readonly ruleId?: string;
  readonly path: readonly (string | number)[];
}

/** A report with one finding for each place, and the texts. */
function reportOf(
  templates: Readonly<Record<string, string>>,
  places: readonly Place[],
): { report: Report; context: BaselineContext } {
  const findings = places.map(({ file = 'a.yaml', ruleId = 'rule-a', path }) =>
    createFinding({
      ruleId,
      severity: 'error',
      title: '',
      message: 'm',
      location: { ...readTemplate(templates[file]!, file).source!.locationOf(path), file },
      resource: { logicalId: String(path[1]), type: 'AWS::SQS::Queue' },
    }),
  );
  const files = Object.keys(templates).map((path) => ({
    path,
    status: 'FAIL' as const,
    rules: Object.fromEntries([
      ['rule-a', 'PASS' as const],
      ...findings
        .filter(({ location }) => location.file === path)
        .map(({ ruleId }) => [ruleId, 'FAIL' as const] as const),
    ]),
  }));
  const report = createReport({ tool: { name: 't', version: '1' }, files, findings, notEvaluated: [] });
  const texts = new Map(Object.entries(templates));
  return { report, context: { name: 'base.json', texts, exists: (file) => texts.has(file), isBarred: () => false } };
}

/** @returns For each finding of the second report whether it is known; then what is said of the baseline. */
function compare(before: ReturnType<typeof reportOf>, after: ReturnType<typeof reportOf>): (boolean | string)[] {
  const text = printBaseline(before.report, before.context);
  const { baseline } = readBaseline(readJsonSource(text, 'base.json').source!);
  const { findings } = applyBaseline(after.report, baseline!, after.context);
  return findings.map(({ ruleId, waived, message }) => (ruleId === 'WVR4001' ? message : waived?.by === 'baseline'));
}

const QUEUE = 'Resources:\n  Q:\n    Type: T\n    Properties:\n      List: [one, two]\n';
const AT = { path: ['Resources', 'Q', 'Properties'] };
const ITEM = { path: ['Resources', 'Q', 'Properties', 'List', 1] };

it('knows a finding again, also when lines move', () => {
  const before = reportOf({ 'a.yaml': QUEUE }, [AT, ITEM]);
  expect(compare(before, before)).toStrictEqual([true, true]);
  expect(compare(before, reportOf({ 'a.yaml': `# a\n# b\n${QUEUE}` }, [AT, ITEM]))).toStrictEqual([true, true]);
});

it('a file status follows what is open, and the report counts the known as waived', () => {
  const before = reportOf({ 'a.yaml': QUEUE }, [AT]);
  const { baseline } = readBaseline(readJsonSource(printBaseline(before.report, before.context), 'b').source!);
  const after = applyBaseline(before.report, baseline!, before.context);
  expect([after.files[0]!.status, after.summary.errors, after.summary.waived]).toStrictEqual(['PASS', 0, 1]);
});

it('a new finding is new: another rule, another resource, one more of the same', () => {
  const before = reportOf({ 'a.yaml': QUEUE }, [AT]);
  expect(compare(before, reportOf({ 'a.yaml': QUEUE }, [AT, { ...AT, ruleId: 'rule-b' }]))).toStrictEqual([
    true,
    false,
  ]);
  expect(compare(before, reportOf({ 'a.yaml': QUEUE }, [AT, AT])).sort()).toStrictEqual([false, true]);
  const other = `${QUEUE}  R:\n    Type: T\n    Properties: {}\n`;
  const ran = compare(before, reportOf({ 'a.yaml': other }, [AT, { path: ['Resources', 'R', 'Properties'] }]));
  expect(ran).toStrictEqual([true, false]);
});

it('an element of a list is known by what it says, not by where it stands', () => {
  const before = reportOf({ 'a.yaml': QUEUE }, [ITEM]);
  const moved = QUEUE.replace('[one, two]', '[zero, one, two]');
  expect(compare(before, reportOf({ 'a.yaml': moved }, [{ path: [...ITEM.path.slice(0, 4), 2] }]))).toStrictEqual([
    true,
  ]);
  const swapped = QUEUE.replace('[one, two]', '[one, other]');
  // The message stands at the baseline's own file, which comes behind the template.
  expect(compare(before, reportOf({ 'a.yaml': swapped }, [ITEM]))[0]).toBe(false);
});

describe('an element of a list that is a map', () => {
  const PORTS = [
    '{ Port: 443, From: { Cidr: 0.0.0.0/0 } }',
    '{ Port: 22, From: { Cidr: 10.0.0.0/8 } }',
    '{ Port: 80, From: { Cidr: 0.0.0.0/0 } }',
  ] as const;
  const group = (...elements: readonly string[]): string =>
    `Resources:\n  G:\n    Type: T\n    Properties:\n      Ingress:\n${elements.map((each) => `        - ${each}\n`).join('')}`;
  const cidr = (index: number): Place => ({
    path: ['Resources', 'G', 'Properties', 'Ingress', index, 'From', 'Cidr'],
  });
  const before = reportOf({ 'a.yaml': group(PORTS[0], PORTS[1]) }, [cidr(0)]);
  const now = (elements: readonly string[], ...places: readonly number[]): boolean[] =>
    compare(before, reportOf({ 'a.yaml': group(...elements) }, places.map(cidr))).filter(
      (each) => typeof each === 'boolean',
    );

  it('is new when something else in it changes', () => {
    expect(now(['{ Port: 3389, From: { Cidr: 0.0.0.0/0 } }', PORTS[1]], 0)).toStrictEqual([false]);
    expect(now(['{ Port: 443.0, From: { Cidr: 0.0.0.0/0 } }', PORTS[1]], 0)).toStrictEqual([false]);
  });

  it('stays known when it moves, or is written in another way', () => {
    expect(now([PORTS[1], PORTS[0]], 1)).toStrictEqual([true]);
    expect(now(['{ From: { "Cidr": 0.0.0.0/0 }, Port: 443 } # the shop', PORTS[1]], 0)).toStrictEqual([true]);
  });

  it('does not cover its copy or a new neighbour', () => {
    expect(now([PORTS[0], PORTS[0]], 0, 1).sort()).toStrictEqual([false, true]);
    expect(now([PORTS[0], PORTS[2]], 0, 1)).toStrictEqual([true, false]);
  });
});

describe('lists in lists', () => {
  const policy = (resource: string, port: number): ReturnType<typeof reportOf> =>
    reportOf(
      {
        'a.yaml': `Resources: { P: { Type: T, Properties: { Name: n${port}, Statement: [{ Action: [a, 's3:*'], Resource: ${resource} }], Containers: [{ Image: i${port}, Env: [{ Name: KEY, Value: x }] }] } } }\n`,
      },
      [
        { path: ['Resources', 'P', 'Properties', 'Statement', 0, 'Action', 1] },
        { path: ['Resources', 'P', 'Properties', 'Containers', 0, 'Env', 0, 'Value'] },
      ],
    );
  const results = (resource: string, port: number): unknown[] =>
    compare(policy('one', 1), policy(resource, port)).slice(0, 2).sort();

  it('a text counts with the map around it', () => {
    expect(results('one', 1)).toStrictEqual([true, true]);
    expect(results("'*'", 1)).toStrictEqual([false, true]);
  });

  it('what stands outside of the innermost map does not count', () => {
    expect(results('one', 2)).toStrictEqual([true, true]);
  });
});

it('a value at fault that changes is new', () => {
  const days = (count: number): ReturnType<typeof reportOf> =>
    reportOf({ 'a.yaml': `Resources: { G: { Type: T, Properties: { Days: ${count}, Name: n${count} } } }\n` }, [
      { path: ['Resources', 'G', 'Properties', 'Days'] },
    ]);
  expect(compare(days(30), days(30))).toStrictEqual([true]);
  expect(compare(days(30), days(1))).toStrictEqual([false]);
});

it('an argument of a function is no element of a list', () => {
  const choice = (other: string): ReturnType<typeof reportOf> =>
    reportOf({ 'a.yaml': `Resources: { G: { Type: T, Properties: { Fn::If: [C, { A: 1, B: ${other} }, {}] } } }\n` }, [
      { path: ['Resources', 'G', 'Properties', 'Fn::If', 1, 'A'] },
    ]);
  expect(compare(choice('1'), choice('2'))).toStrictEqual([true]);
});

it('a renamed file stays known; a copy of a file that is still there does not', () => {
  const before = reportOf({ 'a.yaml': QUEUE }, [AT, ITEM]);
  const at = (file: string): Place[] => [
    { ...AT, file },
    { ...ITEM, file },
  ];
  expect(compare(before, reportOf({ 'b/c.yaml': QUEUE }, at('b/c.yaml')))).toStrictEqual([true, true]);
  const copied = compare(before, reportOf({ 'a.yaml': 'Resources: {}', 'b.yaml': QUEUE }, at('b.yaml')));
  expect(copied.slice(0, 2)).toStrictEqual([false, false]);
});

it('tells what is gone, of files and rules that were looked at', () => {
  const before = reportOf({ 'a.yaml': QUEUE }, [AT]);
  const clean = 'Resources: { Q: { Type: T, Properties: {} } }';
  expect(compare(before, reportOf({ 'a.yaml': clean }, []))).toStrictEqual([
    'the baseline knows a finding that is gone: `rule-a` in a.yaml (Q)',
  ]);
  const elsewhere = reportOf({ 'b.yaml': clean }, []);
  const there = { ...elsewhere, context: { ...elsewhere.context, exists: () => true } };
  expect(compare(before, there)).toStrictEqual([]);
});

it('takes in nothing that is waived, barred or said by an engine', () => {
  const { report, context } = reportOf({ 'a.yaml': QUEUE }, [
    AT,
    { ...AT, ruleId: 'TPL3001' },
    { ...AT, ruleId: 'rule-b' },
  ]);
  const barred = { ...context, isBarred: ({ ruleId }: { ruleId: string }) => ruleId === 'rule-b' };
  const text = printBaseline(report, barred);
  expect((JSON.parse(text) as { findings: { ruleId: string }[] }).findings.map(({ ruleId }) => ruleId)).toStrictEqual([
    'rule-a',
  ]);
  const { baseline } = readBaseline(readJsonSource(printBaseline(report, context), 'b').source!);
  const after = applyBaseline(report, baseline!, barred);
  expect(after.findings.filter(({ waived }) => waived === null).map(({ ruleId }) => ruleId)).toStrictEqual([
    'TPL3001',
    'rule-b',
  ]);
});

it.each([
  ['[]', 'it is no JSON object'],
  ['{}', 'it has no `version`'],
  ['{"version": 2, "findings": []}', 'its `version` is not 1'],
  ['{"version": 1}', '`findings` is no list'],
  ['{"version": 1, "findings": [1]}', '`findings[0]` is no object'],
  ['{"version": 1, "findings": [{"fingerprint": 1}]}', '`findings[0]` has no text `fingerprint`'],
  [
    '{"version": 1, "findings": [{"fingerprint": "a", "ruleId": "r", "file": "f", "pointer": "", "text": "", "logicalId": 1}]}',
    '`findings[0]` has a `logicalId` that is no text',
  ],
])('refuses %s', (text, why) => {
  const { baseline, diagnostics } = readBaseline(readJsonSource(text, 'base.json').source!);
  expect([baseline, diagnostics.map(({ code, message }) => `${code} ${message}`)]).toStrictEqual([
    null,
    [`WVR4002 the baseline cannot be used: ${why}`],
  ]);
});
