import fc from 'fast-check';
import {
  compareFindings,
  createFinding,
  createReport,
  type Diagnostic,
  type Finding,
  type FindingInput,
  fingerprint,
  fromDiagnostic,
  type Location,
  locator,
} from '../../findings/index.js';

const at = (line: number, pointer: string, file = 'a.yaml'): Location => ({
  file,
  line,
  column: 3,
  endLine: line,
  endColumn: 9,
  pointer,
});

const input = (over: Partial<FindingInput> = {}): FindingInput => ({
  ruleId: 'r',
  severity: 'error',
  title: 't',
  message: 'm',
  location: at(4, '/Resources/A/Properties/X'),
  resource: { logicalId: 'A', type: 'AWS::S3::Bucket' },
  ...over,
});

describe('fingerprint', () => {
  const base = createFinding(input()).fingerprint;

  it('is 32 hexadecimal digits and this one for ever', () => {
    expect(fingerprint({ ruleId: 'r', file: 'a.yaml', logicalId: 'A', pointer: '/p' })).toBe(
      '2651d03f6d268f56319ec193a2d2bcb7',
    );
    expect(base).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each<[string, Partial<FindingInput>]>([
    ['the line moves', { location: at(40, '/Resources/A/Properties/X') }],
    ['the message is reworded', { message: 'other words' }],
    ['the severity changes', { severity: 'info' }],
    ['the path is written with ./', { location: at(4, '/Resources/A/Properties/X', './a.yaml') }],
    ['a waiver covers it', { waived: { reason: '', owner: '', expires: '' } }],
  ])('stays when %s', (_, over) => {
    expect(createFinding(input(over)).fingerprint).toBe(base);
  });

  it.each<[string, Partial<FindingInput>]>([
    ['rule', { ruleId: 's' }],
    ['file', { location: at(4, '/Resources/A/Properties/X', 'b.yaml') }],
    ['resource', { resource: { logicalId: 'B', type: 'AWS::S3::Bucket' } }],
    ['absent resource', { resource: null }],
    ['pointer', { location: at(4, '/Resources/A/Properties/Y') }],
    ['subject', { subject: 'clause 2' }],
  ])('differs for another %s', (_, over) => {
    expect(createFinding(input(over)).fingerprint).not.toBe(base);
  });

  it('does not mix up neighbouring parts', () => {
    const parts = { ruleId: 'r', file: 'f', logicalId: 'AB', pointer: 'C' };
    expect(fingerprint({ ...parts, logicalId: 'A', pointer: 'BC' })).not.toBe(fingerprint(parts));
  });
});

describe('createReport', () => {
  const tool = { name: 'stackade', version: '1' };
  const report = (findings: readonly Finding[]): readonly Finding[] =>
    createReport({ tool, files: [], findings, notEvaluated: [] }).findings;

  it('tells apart findings that agree in every part, whatever their order', () => {
    const same = ['one', 'two', 'three'].map((message) => createFinding(input({ message })));
    const names = report(same).map(({ message, fingerprint: name }) => [message, name] as const);
    expect(new Set(names.map(([, name]) => name)).size).toBe(3);
    expect(report([...same].reverse()).map(({ message, fingerprint: name }) => [message, name])).toStrictEqual(names);
  });

  it('leaves the fingerprints alone when unrelated findings come and lines move', () => {
    const moved = input({ location: at(9, '/Resources/A/Properties/X') });
    const other = input({ location: at(1, '/Resources/New'), resource: { logicalId: 'New', type: 'T' } });
    const before = report([createFinding(input())])[0]!.fingerprint;
    expect(report([createFinding(other), createFinding(moved)])[1]!.fingerprint).toBe(before);
  });

  it('sorts by file, line, column and rule id, and by code unit', () => {
    const place = (file: string, line: number, column: number): Location => ({ ...at(line, '', file), column });
    const findings = [
      input({ location: place('b', 1, 1) }),
      input({ location: place('a', 10, 1) }),
      input({ location: place('a', 9, 2), ruleId: 's' }),
      input({ location: place('a', 9, 2), ruleId: 'Z' }),
      input({ location: place('a', 9, 1) }),
      input({ location: place('B', 1, 1) }),
    ].map(createFinding);
    expect(
      report(findings).map(({ location, ruleId }) => `${location.file}${location.line}.${location.column}${ruleId}`),
    ).toStrictEqual(['B1.1r', 'a9.1r', 'a9.2Z', 'a9.2s', 'a10.1r', 'b1.1r']);
  });

  it('orders findings totally', () => {
    const finding = fc
      .record({
        line: fc.integer({ min: 1, max: 2 }),
        ruleId: fc.constantFrom('a', 'b'),
        message: fc.constantFrom('x', 'y'),
      })
      .map(({ line, ruleId, message }) => createFinding(input({ location: at(line, ''), ruleId, message })));
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 8 }), (findings) => {
        const once = [...findings].sort(compareFindings);
        expect([...findings].reverse().sort(compareFindings)).toStrictEqual(once);
      }),
    );
  });

  it('counts open findings by severity and waived ones apart', () => {
    const waived = { reason: 'r', owner: 'o', expires: 'e' };
    const { summary } = createReport({
      tool,
      files: [
        { path: 'a.yaml', status: 'FAIL', rules: { r: 'FAIL', p: 'PASS' } },
        { path: 'b.yaml', status: 'PASS', rules: { p: 'PASS' } },
      ],
      findings: [
        createFinding(input()),
        createFinding(input({ severity: 'warning', subject: '1' })),
        createFinding(input({ severity: 'info', subject: '2' })),
        createFinding(input({ subject: '3', waived })),
      ],
      notEvaluated: [{ path: 'b.yaml', ruleId: 'q', controls: [], reason: '', parameters: [], location: null }],
    });
    expect(summary).toStrictEqual({
      files: 2,
      rules: 2,
      errors: 1,
      warnings: 1,
      infos: 1,
      waived: 1,
      notEvaluated: 1,
    });
  });

  it('tells of verdicts that nothing else tells of', () => {
    const { findings, notEvaluated, summary } = createReport({
      tool,
      files: [{ path: 'a.yaml', status: 'FAIL', rules: { r: 'FAIL', q: 'NOT_EVALUATED', told: 'FAIL', ok: 'PASS' } }],
      findings: [
        createFinding(input({ ruleId: 'told', severity: 'warning' })),
        createFinding(input({ ruleId: 'r', location: at(1, '', 'other.yaml'), severity: 'info' })),
      ],
      notEvaluated: [],
    });
    expect(findings.filter(({ ruleId, location }) => ruleId === 'r' && location.file === 'a.yaml')).toMatchObject([
      { severity: 'error', location: { line: 1, pointer: '' } },
    ]);
    expect(notEvaluated).toMatchObject([{ path: 'a.yaml', ruleId: 'q' }]);
    expect(summary).toMatchObject({ errors: 1, warnings: 1, infos: 1, notEvaluated: 1 });
  });
});

describe('fromDiagnostic', () => {
  const sources = new Map([['a.guard', 'rule a {\n  x == 1\n']]);
  const diagnostic: Diagnostic = {
    code: 'GRD2003',
    severity: 'error',
    message: 'rule `a` is not closed',
    location: { file: 'a.guard', start: 18, end: 18 },
    labels: [
      { range: { file: 'a.guard', start: 7, end: 8 }, text: 'opened here' },
      { range: { file: 'b.guard', start: 0, end: 1 }, text: 'used here' },
    ],
    help: 'add `}`',
  };

  it('gives rule id, place, help and page, and tells labels in the message', () => {
    expect(fromDiagnostic(diagnostic, locator(sources))).toStrictEqual(
      createFinding({
        ruleId: 'GRD2003',
        severity: 'error',
        title: 'Guard rule file is well formed',
        message: 'rule `a` is not closed (opened here at 1:8; used here at b.guard:1:1)',
        help: 'add `}`',
        docs: 'docs/diagnostics/GRD2003.md',
        location: { file: 'a.guard', line: 3, column: 1, endLine: 3, endColumn: 1, pointer: '' },
      }),
    );
  });

  it('takes the parts that the engine does not know', () => {
    const { location, ...placeless } = diagnostic;
    expect(location).toBeDefined();
    const finding = fromDiagnostic(placeless, locator(sources), { file: 'c.guard', title: 'T', controls: ['C-1'] });
    expect(finding).toMatchObject({ title: 'T', controls: ['C-1'], location: { file: 'c.guard', line: 1, column: 1 } });
  });
});
