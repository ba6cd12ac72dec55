import { createReport, reporters, type NotEvaluated } from '../../findings/index.js';
import { allOptions, groupOpen, groupTitle, openSentence } from '../../findings/reporters/open.js';

const at = (line: number): NotEvaluated['location'] => ({
  file: 'a.yaml',
  line,
  column: 1,
  endLine: line,
  endColumn: 5,
  pointer: `/Resources/R${line}`,
});

const entry = (parts: Partial<NotEvaluated>): NotEvaluated => ({
  path: 'a.yaml',
  ruleId: 'some-rule',
  controls: [],
  reason: 'a value is not known',
  parameters: [],
  location: null,
  ...parts,
});

const plain = (name: string): string => name;

it('tells one value once, whatever number of rules looks at it', () => {
  const groups = groupOpen([
    entry({ ruleId: 'one', location: at(3) }),
    entry({ ruleId: 'two', location: at(3) }),
    entry({ ruleId: 'three', location: at(4) }),
  ]);
  expect(groups).toHaveLength(1);
  expect(groups[0]!.causes.map(({ entries }) => entries.map(({ ruleId }) => ruleId))).toStrictEqual([
    ['one', 'two'],
    ['three'],
  ]);
});

it.each([
  [entry({ parameters: ['Env'] }), 'Parameter Env decides 1 verdict; give its value with --parameters Env=VALUE'],
  [entry({ parameters: ['AWS::Region'] }), 'The Region (AWS::Region) decides 1 verdict; give it with --region REGION'],
  [
    entry({ parameters: ['AWS::AccountId'] }),
    'The account (AWS::AccountId) decides 1 verdict; give it with --account ID',
  ],
  [entry({}), 'No parameter decides 1 verdict'],
  [entry({ ruleId: 'lint-incomplete' }), 'The schema lint did not look at everything in 1 file'],
  [entry({ ruleId: 'CLI1001' }), '1 file could not be checked'],
  [entry({ ruleId: 'TPL1004' }), '1 file could not be checked'],
])('names what decides: %#', (one, title) => {
  expect(groupOpen([one]).map((group) => groupTitle(group, plain))).toStrictEqual([title]);
});

it('puts parameters first, those with the most verdicts before the others, and unread files last', () => {
  const groups = groupOpen([
    entry({ ruleId: 'CLI1001' }),
    entry({ ruleId: 'lint-incomplete' }),
    entry({}),
    entry({ parameters: ['A'] }),
    entry({ parameters: ['B'] }),
    entry({ parameters: ['B', 'A', 'B'] }),
    entry({ parameters: ['B'] }),
  ]);
  expect(groups.map(({ kind, parameter, entries }) => [kind, parameter, entries.length])).toStrictEqual([
    ['parameter', 'B', 3],
    ['parameter', 'A', 2],
    ['other', '', 1],
    ['lint', '', 1],
    ['file', '', 1],
  ]);
});

it('calls a file that was not checked no verdict', () => {
  expect(openSentence([entry({ ruleId: 'CLI1001' })])).toBe('1 file could not be checked; nothing is known about it');
  expect(openSentence([entry({ ruleId: 'CLI1001' }), entry({})])).toBe(
    '1 verdict could not be reached, 1 file could not be checked; nothing is known about them',
  );
});

it('names the file of an unread template in annotations of GitHub', () => {
  const report = createReport({
    tool: { name: 'stackade', version: '1' },
    files: [{ path: 'a.yaml', status: 'NOT_EVALUATED', rules: {} }],
    findings: [],
    notEvaluated: [entry({ ruleId: 'CLI1001', reason: '`a.yaml` cannot be read' })],
  });
  const [first] = reporters.github(report, { color: false }).split('\n');
  expect(first).toBe('::warning file=a.yaml,title=NOT EVALUATED::`a.yaml` cannot be read');
});

it('gives all options at once when there is more than one', () => {
  const of = (...names: readonly string[]): string | null =>
    allOptions(groupOpen([entry({}), ...names.map((name) => entry({ parameters: [name] }))]));
  expect(of()).toBeNull();
  expect(of('A')).toBeNull();
  expect(of('AWS::Region', 'AWS::AccountId')).toBe('--account ID --region REGION');
  expect(of('B', 'AWS::Region', 'A')).toBe('--region REGION --parameters A=VALUE B=VALUE');
});
