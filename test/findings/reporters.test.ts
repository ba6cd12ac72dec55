import {
  createFinding,
  createReport,
  githubSummary,
  type NotEvaluated,
  type Report,
  reporters,
  type Severity,
} from '../../findings/index.js';
import { parseCommands } from './commands.js';
import { NETWORK_PATH, REPORTS, RULES, SOURCES, STORAGE_PATH } from './sample.js';
import { parseXml } from './xml.js';

const full = REPORTS['full']!;
const plain = { color: false, sources: SOURCES, rules: RULES };

const many = (count: number, severity: (index: number) => Severity = () => 'error'): Report =>
  createReport({
    tool: { name: 'stackade', version: '1' },
    files: [{ path: 'a.yaml', status: 'FAIL', rules: { r: 'FAIL' } }],
    findings: Array.from({ length: count }, (_, index) =>
      createFinding({
        ruleId: 'r',
        severity: severity(index),
        title: 't',
        message: `message number ${index} é`,
        location: {
          file: 'a.yaml',
          line: index + 1,
          column: 1,
          endLine: index + 1,
          endColumn: 2,
          pointer: `/${index}`,
        },
      }),
    ),
    notEvaluated: [],
  });

describe('pretty', () => {
  it.each([80, 100, 120])('stays within %i columns, but for what must stay whole', (width) => {
    const long = reporters
      .pretty(full, { ...plain, width })
      .split('\n')
      .filter((line) => line.length > width);
    // The line that says how to give a parameter its value is copied, so it is not broken.
    expect(long.filter((line) => !line.includes('--parameters'))).toStrictEqual([]);
  });

  it('does not break the YAML of an advice', () => {
    const location = { file: 'a.yaml', line: 1, column: 1, endLine: 1, endColumn: 2, pointer: '/a' };
    const yaml = [`PermissionsBoundary: !Sub ${'x'.repeat(90)} y`, `- !Sub ${'x'.repeat(90)} y`];
    const prose = `set in the properties of the role ${'and here '.repeat(12)}`;
    const help = [prose, ...yaml].join('\n');
    const finding = createFinding({ ruleId: 'r', severity: 'error', title: 't', message: 'm', help, location });
    const files = [{ path: 'a.yaml', status: 'FAIL' as const, rules: {} }];
    const tool = { name: 'stackade', version: '1' };
    const report = createReport({ tool, files, findings: [finding], notEvaluated: [] });
    const printed = reporters.pretty(report, { ...plain, width: 100 }).split('\n');
    for (const line of yaml) expect(printed).toContain(`          ${line}`);
    expect(printed).not.toContain(`    mend  ${prose}`);
  });

  it('prints the same words with and without colour', () => {
    const colored = reporters.pretty(full, { ...plain, color: true });
    // eslint-disable-next-line no-control-regex -- the sequences looked for
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(reporters.pretty(full, plain));
    expect(colored).not.toBe(reporters.pretty(full, plain));
  });

  it('names the place when the text is not at hand', () => {
    const text = reporters.pretty(full, { color: false });
    expect(text).toContain(`--> ${STORAGE_PATH}:16:29`);
    expect(text).not.toContain('^');
  });

  it('gives advice once a rule, and says where it stands afterwards', () => {
    const text = reporters.pretty(full, plain);
    expect(text.split('KMSMasterKeyID: !GetAtt Key.Arn')).toHaveLength(2);
    expect(text).toContain('mend  as at the first finding of this rule');
  });

  it('counts what it does not list of a group', () => {
    const notEvaluated: NotEvaluated[] = Array.from({ length: 9 }, (_, index) => ({
      path: `${index}.yaml`,
      ruleId: 'r',
      controls: [],
      reason: 'why',
      parameters: ['P'],
      location: null,
    }));
    const text = reporters.pretty(createReport({ ...full, notEvaluated }), plain);
    expect(text).toContain('Parameter P decides 9 verdicts');
    expect(text).toContain('and 3 more');
  });

  it('does not call a report clean that holds something', () => {
    for (const name of ['full', 'waived', 'not-evaluated', 'nothing']) {
      expect(reporters.pretty(REPORTS[name]!, plain)).not.toContain('No findings');
    }
    expect(reporters.pretty(REPORTS['clean']!, plain)).toContain('No findings: 2 rules on 2 files.');
  });
});

it('a verdict that names a parameter twice hangs on it once', () => {
  const [entry] = REPORTS['not-evaluated']!.notEvaluated;
  const report = createReport({ ...full, notEvaluated: [{ ...entry!, parameters: ['P', 'P'] }] });
  expect(reporters.pretty(report, plain)).toContain('Parameter P decides 1 verdict;');
});

describe('junit', () => {
  const counts = (failOn?: Severity | 'never'): readonly unknown[] => {
    const { attributes } = parseXml(reporters.junit(full, failOn === undefined ? plain : { ...plain, failOn }));
    const { tests, failures, errors, skipped } = attributes('testsuites')[0]!;
    return [tests, failures, errors, skipped];
  };

  it.each<[Severity | 'never' | undefined, string]>([
    [undefined, '2'],
    ['error', '2'],
    ['warning', '3'],
    ['info', '4'],
    ['never', '0'],
  ])('with failOn %s counts %s failures', (failOn, failures) => {
    expect(counts(failOn)).toStrictEqual(['11', failures, '3', '3']);
  });

  it('adds up over the suites, and gives each case file and line', () => {
    const { attributes } = parseXml(reporters.junit(full, plain));
    const suites = attributes('testsuite');
    expect(suites.map(({ name }) => name)).toStrictEqual([NETWORK_PATH, STORAGE_PATH]);
    for (const key of ['tests', 'failures', 'errors', 'skipped']) {
      const sum = suites.reduce((total, suite) => total + Number(suite[key]), 0);
      expect(String(sum)).toBe(attributes('testsuites')[0]![key]);
    }
    const cases = attributes('testcase');
    expect(cases.map(({ file, line }) => `${file ?? ''}:${line ?? ''}`)).toContain(`${STORAGE_PATH}:16`);
    expect(new Set(cases.map(({ classname, name }) => `${classname ?? ''} ${name ?? ''}`)).size).toBe(cases.length);
  });

  it('is no success when nothing was checked', () => {
    const { attributes } = parseXml(reporters.junit(REPORTS['nothing']!, plain));
    expect(attributes('testsuites')[0]).toMatchObject({ tests: '1', errors: '1' });
  });
});

describe('github', () => {
  it('annotates each open finding at its place, columns only on one line', () => {
    const commands = parseCommands(reporters.github(full, plain));
    const errors = commands.filter(({ name }) => name === 'error');
    expect(errors.map(({ properties }) => properties)).toStrictEqual([
      {
        file: STORAGE_PATH,
        line: '16',
        endLine: '16',
        col: '29',
        endColumn: '34',
        title: 's3-bucket-kms-encrypted (ENC-S3-01)',
      },
      {
        file: STORAGE_PATH,
        line: '17',
        endLine: '17',
        col: '3',
        endColumn: '8',
        title: 's3-bucket-kms-encrypted (ENC-S3-01)',
      },
    ]);
    const [finding] = full.findings;
    const wide = { ...finding!, location: { ...finding!.location, endLine: 9 } };
    const [command] = parseCommands(reporters.github({ ...full, findings: [wide], notEvaluated: [] }, plain));
    expect(Object.keys(command!.properties)).toStrictEqual(['file', 'line', 'endLine', 'title']);
  });

  it('says what was not evaluated and that nothing was checked', () => {
    const titles = parseCommands(reporters.github(full, plain)).map(({ properties }) => properties['title']);
    expect(titles.filter((title) => title === 'NOT EVALUATED')).toHaveLength(3);
    expect(parseCommands(reporters.github(REPORTS['nothing']!, plain))).toMatchObject([{ name: 'error' }]);
  });

  it('keeps the job summary within one mebibyte', () => {
    const summary = githubSummary(many(20_000), plain);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    expect(Buffer.byteLength(summary)).toBeGreaterThan(900_000);
    expect(summary).toContain('findings left out');
  });
});

describe('markdown with a limit', () => {
  const report = many(60, (index) => (index < 40 ? 'info' : 'error'));

  it.each([500, 1_000, 2_000, 3_000])('fits into %i bytes, keeps the severe and counts the rest', (maxBytes) => {
    const text = reporters.markdown(report, { ...plain, maxBytes });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('message number'));
    expect(text).toContain(`${60 - rows.length} findings left out`);
    expect(text).toContain('**20 errors**, 40 infos');
    const errors = rows.filter((row) => row.startsWith('| **error**'));
    expect(errors).toHaveLength(Math.min(rows.length, 20));
  });

  it('leaves out nothing when there is room', () => {
    const whole = reporters.markdown(report, plain);
    expect(reporters.markdown(report, { ...plain, maxBytes: Buffer.byteLength(whole) })).toBe(whole);
    expect(whole).not.toContain('left out');
  });

  it('shortens what was not evaluated only when its list alone is too long', () => {
    const text = reporters.markdown(full, { ...plain, maxBytes: 700 });
    expect(text).toContain('**3 not evaluated**');
    expect(text).toContain('More was left out');
  });
});

describe('json', () => {
  it('has the members of the contract in order, and no others', () => {
    const [file] = full.files;
    const noisy = { ...full, extra: 1, files: [{ ...file!, secret: 1 }] };
    const parsed = JSON.parse(reporters.json(noisy, plain)) as Report;
    expect(Object.keys(parsed)).toStrictEqual(['version', 'tool', 'files', 'findings', 'notEvaluated', 'summary']);
    expect(Object.keys(parsed.files[0]!)).toStrictEqual(['path', 'status', 'rules']);
    expect(Object.keys(parsed.findings[0]!)).toStrictEqual([
      'ruleId',
      'controls',
      'severity',
      'title',
      'message',
      'help',
      'docs',
      'fingerprint',
      'location',
      'resource',
      'labels',
      'waived',
    ]);
    expect(Object.keys(parsed.findings[0]!.location)).toStrictEqual([
      'file',
      'line',
      'column',
      'endLine',
      'endColumn',
      'pointer',
    ]);
    expect(Object.keys(parsed.notEvaluated[0]!)).toStrictEqual([
      'path',
      'ruleId',
      'controls',
      'reason',
      'parameters',
      'location',
    ]);
  });

  it('keeps a rule whose name is __proto__', () => {
    const rules = Object.fromEntries([['__proto__', 'PASS' as const]]);
    const report = createReport({
      ...full,
      findings: [],
      notEvaluated: [],
      files: [{ path: 'a', status: 'PASS', rules }],
    });
    expect(reporters.json(report, plain)).toContain('"__proto__": "PASS"');
    expect(report.summary.rules).toBe(1);
  });
});
