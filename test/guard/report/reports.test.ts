import fc from 'fast-check';
import {
  combinedStatus,
  compareExpectations,
  compareText,
  failureDetails,
  fileReport,
  junitFailure,
  outcomeTree,
  printJunit,
  SarifLog,
  resultSentences,
  summaryTable,
  testCaseText,
  testResultSuite,
  type FailedCheck,
  type RuleFileOutcome,
  type Status,
} from '../../../guard/index.js';

const NONE = { custom_message: null, error_message: null };

/** A failed comparison of the value at a path. */
const failed = (path: string, value: string, custom = ''): FailedCheck => ({
  Clause: {
    Binary: {
      context: ` ${path} EQUALS  "x"`,
      messages: { custom_message: custom, error_message: `not equal: ${value}` },
      check: { Resolved: { from: { path, value }, to: { path: '', value: 'x' }, comparison: ['Eq', false] } },
    },
  },
});
const rule = (name: string, ...checks: FailedCheck[]): FailedCheck => ({
  Rule: { name, metadata: {}, messages: NONE, checks },
});
const outcome = (failures: readonly FailedCheck[], ...rules: (readonly [string, Status])[]): RuleFileOutcome => ({
  ruleFile: 'r.guard',
  rules: rules.map(([name, status]) => ({ name, status })),
  failures,
});

it('combines statuses: FAIL over PASS over SKIP', () => {
  expect(combinedStatus([])).toBe('SKIP');
  expect(combinedStatus(['SKIP', 'PASS', 'SKIP'])).toBe('PASS');
  expect(combinedStatus(['PASS', 'FAIL', 'PASS'])).toBe('FAIL');
});

it('lists names once in each list, sorted, whatever the order and number of rules', () => {
  const report = fileReport('d', [
    outcome([], ['b', 'PASS'], ['a', 'SKIP'], ['b', 'SKIP']),
    outcome([rule('c')], ['a', 'PASS'], ['c', 'FAIL'], ['a', 'SKIP'], ['\u{1f600}', 'PASS'], ['\uff00', 'PASS']),
  ]);
  expect(report).toStrictEqual({
    name: 'd',
    status: 'FAIL',
    failures: [rule('c')],
    skipped: ['a', 'b'],
    passed: ['a', 'b', '\uff00', '\u{1f600}'],
  });
});

it('orders texts as their UTF-8 bytes', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', 'é', '\uff00', '\u{1f600}', '\u{10000}', '\ud7ff', '\ue000'),
    maxLength: 4,
  });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

describe('expectations', () => {
  const compare = (
    rules: Record<string, Status[]>,
    expected: Record<string, Status>,
  ): ReturnType<typeof compareExpectations> =>
    compareExpectations(
      Object.entries(rules).flatMap(([name, statuses]) => statuses.map((status) => ({ name, status }))),
      new Map(Object.entries(expected)),
    );

  it('PASS and FAIL are met by any rule of the name, SKIP by all', () => {
    const rules: Record<string, Status[]> = { R: ['SKIP', 'PASS', 'FAIL'], S: ['SKIP', 'SKIP'] };
    expect(compare(rules, { R: 'PASS', S: 'SKIP' }).failed).toStrictEqual([]);
    expect(compare(rules, { R: 'FAIL' })).toStrictEqual({
      passed: [{ name: 'R', evaluated: 'FAIL' }],
      failed: [],
      skipped: ['S'],
    });
    expect(compare(rules, { R: 'SKIP', S: 'PASS' }).failed).toStrictEqual([
      { name: 'R', expected: 'SKIP', evaluated: ['SKIP', 'PASS', 'FAIL'] },
      { name: 'S', expected: 'PASS', evaluated: ['SKIP', 'SKIP'] },
    ]);
  });

  it('says nothing of rules that do not exist', () => {
    expect(compare({}, { GONE: 'PASS' })).toStrictEqual({ passed: [], failed: [], skipped: [] });
  });

  it('are shown as text and as JUnit cases', () => {
    const result = {
      name: 'first',
      timeMs: 3,
      ...compare({ A: ['PASS'], B: ['FAIL', 'SKIP'], C: ['PASS'] }, { A: 'PASS', B: 'PASS' }),
    };
    expect(testCaseText(result)).toBe(
      [
        'Name: first',
        '  No Test expectation was set for Rule C',
        '  FAIL Rules:',
        '    B: Expected = PASS, Evaluated = [FAIL, SKIP]',
        '  PASS Rules:',
        '    A: Expected = PASS',
        '',
      ].join('\n'),
    );
    expect(testResultSuite({ ruleFile: 'r.guard', cases: [result] })).toStrictEqual({
      name: 'r.guard',
      timeMs: 3,
      cases: [
        { id: 'first', name: 'A', timeMs: 3, result: { kind: 'pass' } },
        {
          id: 'first',
          name: 'B',
          timeMs: 3,
          result: { kind: 'fail', name: null, text: 'Expected = PASS, Evaluated = [FAIL, SKIP]' },
        },
      ],
    });
  });
});

describe('JUnit', () => {
  it('has all messages of a rule file under the name of the last failed rule', () => {
    const failures = [
      rule('r.guard/default', failed('/a', 'one', 'custom')),
      rule('B', failed('/b', 'two')),
      rule('EMPTY'),
    ];
    expect(junitFailure(failures)).toStrictEqual({
      kind: 'fail',
      name: 'B',
      text: 'customnot equal: onenot equal: two',
    });
    expect(junitFailure([failures[0]!])).toMatchObject({ name: 'default' });
    expect(junitFailure([])).toStrictEqual({ kind: 'fail', name: null, text: '' });
  });

  it('escapes markup and takes out what XML cannot hold', () => {
    const text = `<a b='c' d="e">&amp;\u0000\u001b\ud800\ufffe\n\t`;
    const xml = printJunit('t', [
      { name: text, timeMs: 1, cases: [{ name: 'n', timeMs: 1, result: { kind: 'error', text } }] },
    ]);
    const escaped = '&lt;a b=&apos;c&apos; d=&quot;e&quot;&gt;&amp;amp;\ufffd\ufffd\ufffd\ufffd\n\t';
    expect(xml).toContain(`<testsuite name="${escaped}" errors="1" failures="0" time="1">`);
    expect(xml).toContain(`<error>${escaped}</error>`);
  });
});

it('SARIF has a result for each leaf, with the place where the reference has one', () => {
  const unresolved = { traversed_to: { path: '/Resources/A', value: {} }, remaining_query: 'x', reason: null };
  const log = new SarifLog({ name: 'tool', version: '1.2.3' });
  const inResolved: FailedCheck = {
    Clause: {
      Binary: {
        context: '',
        messages: { custom_message: null, error_message: 'in' },
        check: { InResolved: { from: { path: '/b', value: 1 }, to: [], comparison: ['In', false] } },
      },
    },
  };
  const failures = [
    rule(
      'my.rule',
      failed('/a', 'one', 'custom'),
      { Disjunctions: { checks: [inResolved, { Block: { context: '', messages: NONE, unresolved } }] } },
      rule('inner', {
        Clause: {
          Unary: {
            check: { UnResolved: { value: unresolved, comparison: ['Exists', false] } },
            context: '',
            messages: NONE,
          },
        },
      }),
    ),
  ];
  log.add(fileReport('/x/d.yaml', [outcome(failures, ['my.rule', 'FAIL'])]), (path) => ({
    line: path.length,
    column: 0,
  }));
  log.add(fileReport('/x/passing.yaml', [outcome([], ['p', 'PASS'])]), () => ({ line: 0, column: 0 }));
  const { runs } = JSON.parse(log.print()) as {
    runs: {
      artifacts: unknown;
      results: { ruleId: string; message: { text: string }; locations: { physicalLocation: { region: unknown } }[] }[];
    }[];
  };
  expect(runs[0]!.artifacts).toStrictEqual([{ location: { uri: 'x/d.yaml' } }]);
  expect(
    runs[0]!.results.map(({ ruleId, message, locations }) => [
      ruleId,
      message.text,
      locations[0]!.physicalLocation.region,
    ]),
  ).toStrictEqual([
    ['MY', 'not equal: one custom', { startLine: 1, startColumn: 1 }],
    ['MY', 'in ', { startLine: 2, startColumn: 1 }],
    ['MY', ' ', { startLine: 1, startColumn: 1 }],
    ['MY', ' ', { startLine: 12, startColumn: 1 }],
  ]);
});

it('SARIF points at a key where the message does, and else at the value', () => {
  const member = (error_message: string): FailedCheck => ({
    Clause: {
      Binary: {
        context: '',
        messages: { custom_message: null, error_message },
        check: { InResolved: { from: { path: '/b', value: 'k' }, to: [], comparison: ['In', false] } },
      },
    },
  });
  const log = new SarifLog({ name: 'tool', version: '1.2.3' });
  const words = 'Check was not compliant as property [/b[L:7,C:9]] was not present in [x]';
  const failures = [rule('R', member(words), member('in'))];
  log.add(fileReport('d.yaml', [outcome(failures, ['R', 'FAIL'])]), () => ({ line: 3, column: 4 }));
  expect([...log.print().matchAll(/"start(?:Line|Column)": (\d+)/g)].map(([, number]) => number)).toStrictEqual([
    '7',
    '9',
    '3',
    '4',
  ]);
});

describe('the console', () => {
  const input = {
    dataName: '/d\u001b[31m.yaml',
    outcome: outcome(
      [
        rule(
          'R',
          failed('/Resources/A\u202e/x', 'bad\u001b[2J'),
          failed('/Resources/B/x', 'two'),
          failed('', 'nowhere'),
        ),
      ],
      ['R', 'FAIL'],
      ['r.guard/default', 'PASS'],
      ['R', 'SKIP'],
      ['LONGER', 'SKIP'],
    ),
    status: 'FAIL' as const,
    locate: () => ({ line: 1, column: 0 }),
    text: 'one\ntwo \u001b[0m\nthree',
    value: { Resources: { B: { Type: 'AWS::X::Y', Metadata: { 'aws:cdk:path': 'App/B' } } } },
  };

  it('shows rules by status, without the name of the file before the default rule', () => {
    expect(summaryTable(input, new Set(['SKIP', 'PASS', 'FAIL'] as const))).toBe(
      [
        '/d\\u001b[31m.yaml Status = FAIL',
        'SKIP rules',
        'r.guard/LONGER     SKIP',
        'PASS rules',
        'r.guard/default    PASS',
        'FAILED rules',
        'r.guard/R          FAIL',
        '---',
        '',
      ].join('\n'),
    );
    expect(summaryTable(input, new Set(['PASS'] as const))).not.toContain('FAILED');
    expect(summaryTable(input, new Set())).toBe('');
  });

  it('lets no text of the data move the cursor, and shows what belongs to no resource', () => {
    const plain = { ...input, value: null };
    for (const text of [
      failureDetails(input),
      resultSentences(plain, new Set(['FAIL'] as const)),
      outcomeTree(input.dataName, input.outcome, 'FAIL'),
    ]) {
      expect(text).not.toMatch(/[^\n -~]/);
      expect(text).toContain('\\u001b');
    }
    const details = failureDetails(input);
    expect(details).toContain('Resource = B {\n  Type      = AWS::X::Y\n  CDK-Path  = App/B\n');
    expect(details.slice(details.lastIndexOf('Rule = R'))).toContain('not equal: nowhere');
    expect(resultSentences(plain, new Set(['FAIL'] as const))).toContain(
      'because provided value ["two"] did not match expected value ["x"].',
    );
  });

  it('knows a resource whose name has slashes by its whole name', () => {
    const value = { Resources: { 'A/B': { Type: 'AWS::S3::Bucket' }, A: { Type: 'AWS::X::Y' } } };
    const text = failureDetails({
      ...input,
      value,
      outcome: outcome([rule('R', failed('/Resources/A/B/Properties/Name', 'v'), failed('/Resources/A/C', 'w'))]),
    });
    expect(text).toContain('Number of non-compliant resources 2');
    expect(text).toContain('Resource = A/B {\n  Type      = AWS::S3::Bucket\n');
    expect(text).toContain('Resource = A {\n  Type      = AWS::X::Y\n');
  });

  it('says of a document without resources what passed and what does not apply, where these are shown', () => {
    const about = (...shown: readonly Status[]): string => resultSentences({ ...input, value: null }, new Set(shown));
    const head = 'Evaluation of rules r.guard against data /d\\u001b[31m.yaml\n--\n';
    const passed = 'Rule [default] is compliant for template [/d\\u001b[31m.yaml]\n--\n';
    const skipped = 'Rule [LONGER] is not applicable for template [/d\\u001b[31m.yaml]\n--\n';
    expect(about('PASS')).toBe(head + passed);
    expect(about('PASS', 'SKIP')).toBe(head + passed + skipped);
    expect(about('FAIL', 'PASS', 'SKIP')).toContain(`\n--\n${passed}${skipped}`);
    expect(about('FAIL')).not.toContain('compliant for');
    expect(about()).toBe('');
    const clean = outcome([], ['R', 'PASS']);
    expect(resultSentences({ ...input, outcome: clean }, new Set(['FAIL', 'PASS'] as const))).toBe('');
    expect(resultSentences({ ...input, outcome: clean }, new Set(['SKIP'] as const))).toBe('');
  });
});
