/**
 * JUnit XML: one suite per file, one case per verdict or finding. `file` and `line` are the attributes that GitLab,
 * Jenkins and CircleCI read. The schema is the one Jenkins publishes for its xUnit plugin, which all of them accept.
 */
import { xmlAttribute, xmlText } from '../escape.js';
import type { FileResult, Finding, NotEvaluated, Report } from '../finding.js';
import { labelNote, type Reporter, type ReportOptions, SEVERITY_RANK, waivedText } from './options.js';

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

interface Case {
  readonly outcome: Outcome;
  readonly xml: string;
}

/**
 * Prints the report as JUnit XML. Findings from `failOn` on are failures, milder ones pass with their text in
 * `system-out`, waived ones and rules that do not apply are skipped, NOT EVALUATED is an error. A run that checked
 * nothing holds one error, because an empty report reads as success.
 */
export const junit: Reporter = (report, options) => {
  const suites = suitesOf(report, options);
  const cases = [...suites.values()].flat();
  const body = [...suites].map(([name, inSuite]) => suiteXml(name, inSuite)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xmlAttribute(report.tool.name)}"${countsXml(cases)}>\n${body}</testsuites>\n`;
};

function suitesOf(report: Report, options: ReportOptions): Map<string, Case[]> {
  const suites = new Map<string, Case[]>();
  for (const file of report.files) suites.set(file.path, []);
  const suite = (name: string): Case[] => {
    const known = suites.get(name) ?? [];
    suites.set(name, known);
    return known;
  };
  for (const finding of report.findings) suite(finding.location.file).push(findingCase(finding, options));
  for (const entry of report.notEvaluated) suite(entry.path).push(notEvaluatedCase(entry));
  for (const file of report.files) suite(file.path).push(...verdictCases(file));
  if (report.files.length === 0 && suites.size === 0) {
    suite(report.tool.name).push(
      testCase(
        { name: 'templates', file: '', line: 0 },
        'error',
        element('error', 'nothing was checked', 'NOTHING_CHECKED', 'No template was found.'),
      ),
    );
  }
  return suites;
}

/** Verdicts that have no finding or entry of their own: the rules that passed and those that do not apply. */
function verdictCases(file: FileResult): Case[] {
  return Object.entries(file.rules).flatMap(([ruleId, verdict]) => {
    const place = { name: ruleId, file: file.path, line: 1 };
    if (verdict === 'PASS') return [testCase(place, 'passed', '')];
    if (verdict !== 'SKIP') return [];
    return [testCase(place, 'skipped', element('skipped', 'the rule does not apply to this file'))];
  });
}

function findingCase(finding: Finding, { failOn = 'error' }: ReportOptions): Case {
  const { ruleId, resource, location, severity, waived } = finding;
  const name = resource === null ? ruleId : `${ruleId} ${resource.logicalId}`;
  const place = { name: `${name} ${location.pointer}`.trim(), file: location.file, line: location.line };
  if (waived !== null) {
    return testCase(place, 'skipped', element('skipped', `waived ${waivedText(waived)}`));
  }
  if (failOn !== 'never' && SEVERITY_RANK[severity] >= SEVERITY_RANK[failOn]) {
    return testCase(place, 'failure', element('failure', finding.message, severity, details(finding)));
  }
  const text = `${severity}: ${finding.message}\n${details(finding)}`;
  return testCase(place, 'passed', `      <system-out>${xmlText(text)}</system-out>\n`);
}

function details(finding: Finding): string {
  const { location, controls, title, help, docs, labels, ruleId } = finding;
  return [
    `${location.file}:${location.line}:${location.column}`,
    `rule: ${ruleId} (${title})`,
    ...(controls.length === 0 ? [] : [`controls: ${controls.join(', ')}`]),
    ...labels.map((label) => `note: ${labelNote(label)}`),
    ...(help === '' ? [] : [`mend: ${help}`]),
    ...(docs === '' ? [] : [`docs: ${docs}`]),
  ].join('\n');
}

function notEvaluatedCase(entry: NotEvaluated): Case {
  const parameters = entry.parameters.length === 0 ? '' : `parameters: ${entry.parameters.join(', ')}`;
  const place = {
    name: `${entry.ruleId} ${entry.location?.pointer ?? ''}`.trim(),
    file: entry.path,
    line: entry.location?.line ?? 1,
  };
  if (entry.waived !== undefined) {
    const text = `NOT EVALUATED, waived ${waivedText(entry.waived)} (${entry.reason})`;
    return testCase(place, 'skipped', element('skipped', text));
  }
  return testCase(place, 'error', element('error', entry.reason, 'NOT_EVALUATED', parameters));
}

function testCase(place: { name: string; file: string; line: number }, outcome: Outcome, content: string): Case {
  const where = place.line === 0 ? '' : ` file="${xmlAttribute(place.file)}" line="${place.line}"`;
  const head = `    <testcase name="${xmlAttribute(place.name)}" classname="${xmlAttribute(place.file || 'stackade')}"${where} time="0"`;
  return { outcome, xml: content === '' ? `${head}/>\n` : `${head}>\n${content}    </testcase>\n` };
}

function element(name: string, message: string, type?: string, text = ''): string {
  const head = `      <${name} message="${xmlAttribute(message)}"${type === undefined ? '' : ` type="${xmlAttribute(type)}"`}`;
  return text === '' ? `${head}/>\n` : `${head}>${xmlText(text)}</${name}>\n`;
}

function countsXml(cases: readonly Case[]): string {
  const count = (outcome: Outcome): number => cases.filter((each) => each.outcome === outcome).length;
  return ` tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0"`;
}

function suiteXml(name: string, cases: readonly Case[]): string {
  return `  <testsuite name="${xmlAttribute(name)}"${countsXml(cases)}>\n${cases.map(({ xml }) => xml).join('')}  </testsuite>\n`;
}
