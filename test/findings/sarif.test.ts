import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import {
  createFinding,
  createReport,
  type Finding,
  type Report,
  reporters,
  SARIF_MAX_RESULTS,
} from '../../findings/index.js';
import { REPORTS, RULES, SOURCES } from './sample.js';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly partialFingerprints?: Readonly<Record<string, string>>;
  readonly suppressions?: readonly unknown[];
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
}

interface Run {
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly fullDescription: { readonly text: string };
        readonly help: { readonly text: string; readonly markdown: string };
        readonly properties: { readonly tags: readonly string[] };
      }[];
    };
  };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
  }[];
  readonly results: readonly Result[];
}

function schema(): ValidateFunction {
  const text = readFileSync(join(__dirname, 'fixtures/sarif-schema-2.1.0.json'), 'utf8');
  // The schema is of draft 4; apart from the names of these two members it uses nothing that later drafts changed.
  const { $schema, id, ...rest } = JSON.parse(text) as Record<string, unknown>;
  expect([$schema, typeof id]).toStrictEqual(['http://json-schema.org/draft-04/schema#', 'string']);
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  ajv.addFormat('uri', /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i);
  ajv.addFormat('uri-reference', /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-F]{2})*$/i);
  ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T/);
  return ajv.compile(rest);
}

const validate = schema();

function expectValid(text: string): Run {
  const log = JSON.parse(text) as { readonly runs: readonly [Run] };
  expect(validate(log) ? [] : validate.errors).toStrictEqual([]);
  return log.runs[0];
}

const print = (report: Report): string => reporters.sarif(report, { color: false, sources: SOURCES, rules: RULES });

describe('the schema', () => {
  it('refuses what is no SARIF', () => {
    expect(validate({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
    expect(validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, columnKind: 'bytes' }] })).toBe(
      false,
    );
  });

  it.each(Object.entries(REPORTS))('accepts the report "%s"', (_, report) => {
    expectValid(print(report));
  });
});

describe('results', () => {
  const run = expectValid(print(REPORTS['full']!));

  it('name their rule by id and index', () => {
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
  });

  it.each(Object.entries(REPORTS))('have rules with the texts that GitHub asks for: %s', (_, report) => {
    const stripped = { ...report, findings: report.findings.map((finding) => ({ ...finding, help: '', docs: '' })) };
    for (const { tool } of [expectValid(print(report)), expectValid(print(stripped))]) {
      for (const { id, fullDescription, help } of tool.driver.rules) {
        expect([id, fullDescription.text, help.text, help.markdown]).not.toContain('');
      }
    }
  });

  it('carry the fingerprint of the finding', () => {
    const prints = run.results
      .filter(({ kind }) => kind === 'fail')
      .map((result) => result.partialFingerprints?.['stackade/v1']);
    expect(prints).toStrictEqual(REPORTS['full']!.findings.map(({ fingerprint }) => fingerprint));
  });

  it('suppress the waived finding only, and say so for all', () => {
    const suppressed = run.results.map(({ ruleId, suppressions }) => [ruleId, suppressions?.length]);
    expect(suppressed.filter(([, count]) => count === 1)).toStrictEqual([['sqs-queue-encrypted', 1]]);
    expect(suppressed.every(([, count]) => count !== undefined)).toBe(true);
    const { results } = expectValid(print(REPORTS['not-evaluated']!));
    expect(results.every((result) => !('suppressions' in result))).toBe(true);
  });

  it('of what was not evaluated are open, without a level, and told in notifications', () => {
    const open = run.results.filter(({ kind }) => kind === 'open');
    expect(open.map(({ level }) => level)).toStrictEqual(['none', 'none', 'none']);
    const texts = run.invocations[0]!.toolExecutionNotifications.map(({ message }) => message.text);
    expect(texts).toHaveLength(3);
    expect(texts[0]).toContain('Parameter `KmsKeyArn` decides 2 verdicts');
  });

  it('say that a run which checked nothing did not succeed', () => {
    const nothing = expectValid(print(REPORTS['nothing']!));
    expect(nothing.invocations[0]!.executionSuccessful).toBe(false);
    expect(run.invocations[0]!.executionSuccessful).toBe(true);
  });
});

describe('messages', () => {
  const messageOf = (message: string): string => {
    const finding = createFinding({ ...template, message });
    const report = createReport({
      tool: { name: 's', version: '1' },
      files: [],
      findings: [finding],
      notEvaluated: [],
    });
    return expectValid(print(report)).results[0]!.message.text;
  };
  it.each([
    ['are no placeholders', 'key {0} of ${AWS::Region}', 'key {{0}} of ${AWS::Region}'],
    ['are no links', 'see [this](http://evil)', 'see [this] (http://evil)'],
    ['are no links behind backslashes', 'see [this\\](http://evil)', 'see [this\\] (http://evil)'],
    ['have text', '', 'The rule failed.'],
  ])('%s', (_, message, expected) => {
    expect(messageOf(message)).toBe(expected);
  });
});

const template = {
  ruleId: 'r',
  severity: 'error',
  title: 't',
  message: 'm',
  location: { file: 'a b/ü.yaml', line: 1, column: 1, endLine: 1, endColumn: 2, pointer: '' },
  controls: Array.from({ length: 30 }, (_, index) => `C-${index}`),
} as const;

describe('the limits of GitHub', () => {
  const make = (count: number): Finding[] =>
    Array.from({ length: count }, (_, index) =>
      createFinding({
        ...template,
        severity: index % 3 === 0 ? 'error' : index % 3 === 1 ? 'info' : 'warning',
        location: { ...template.location, line: index + 1 },
        subject: String(index),
      }),
    );

  it('keep the most severe results and say how many are left out', () => {
    const findings = make(SARIF_MAX_RESULTS + 300);
    const notEvaluated = [{ path: 'a', ruleId: 'q', controls: [], reason: 'x', parameters: [], location: null }];
    const report = createReport({ tool: { name: 's', version: '1' }, files: [], findings, notEvaluated });
    const run = JSON.parse(print(report)) as { runs: [Run] };
    const levels = run.runs[0].results.map(({ level }) => level);
    expect(levels).toHaveLength(25_000);
    const count = (level: string): number => levels.filter((each) => each === level).length;
    expect(count('error')).toBe(report.summary.errors);
    expect(count('warning')).toBe(report.summary.warnings);
    expect(count('note')).toBe(25_000 - report.summary.errors - report.summary.warnings);
    const texts = run.runs[0].invocations[0]!.toolExecutionNotifications.map(({ message }) => message.text);
    expect(texts.at(-1)).toContain('301 results left out');
  });

  it('leave a report at the limit whole', () => {
    const report = createReport({
      tool: { name: 's', version: '1' },
      files: [],
      findings: make(SARIF_MAX_RESULTS),
      notEvaluated: [],
    });
    const run = JSON.parse(print(report)) as { runs: [Run] };
    expect(run.runs[0].results).toHaveLength(SARIF_MAX_RESULTS);
    expect(
      run.runs[0].invocations[0]!.toolExecutionNotifications.filter(({ message }) => message.text.includes('left out')),
    ).toStrictEqual([]);
  });

  it('allow ten tags', () => {
    const report = createReport({ tool: { name: 's', version: '1' }, files: [], findings: make(1), notEvaluated: [] });
    const run = expectValid(print(report));
    expect(run.tool.driver.rules.find(({ id }) => id === 'r')!.properties.tags).toHaveLength(10);
    expect(run.results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('a%20b/%C3%BC.yaml');
  });
});
