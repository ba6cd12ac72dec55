/** The page of a check of templates. */
import { reportAsHtml } from '../../../analyzers/report/index.js';
import type { PageData } from '../../../analyzers/report/page/model.js';
import type { Report } from '../../../findings/index.js';
import { REPORTS } from '../../findings/sample.js';
import { outline } from './outline.js';

const dataOf = (report: Report): PageData => JSON.parse(outline(reportAsHtml(report)).texts.get('data')!) as PageData;

it.each(Object.entries(REPORTS))(
  'holds the findings of the report "%s", errors first, places included',
  (_, report) => {
    const { rows, columns } = dataOf(report);
    expect(rows).toBe(report.findings.length);
    const findings = (['error', 'warning', 'info'] as const).flatMap((wanted) =>
      report.findings.filter(({ severity }) => severity === wanted),
    );
    const column = (id: string): readonly string[] => {
      const found = columns.find((each) => each.id === id)!;
      return found.kind === 'texts' ? found.texts : found.at.map((word) => found.words[word]!);
    };
    expect(column('fingerprint')).toStrictEqual(findings.map(({ fingerprint }) => fingerprint));
    expect(column('state')).toStrictEqual(findings.map(({ waived }) => (waived === null ? 'open' : 'waived')));
    expect(column('place')).toStrictEqual(
      findings.map(({ location: { file, line, column: at } }) => `${file}:${line}:${at}`),
    );
  },
);

it('tells what was not evaluated, and that nothing was checked', () => {
  const open = REPORTS['not-evaluated']!;
  const page = reportAsHtml(open);
  for (const { ruleId } of open.notEvaluated) expect(page).toContain(ruleId);
  expect(reportAsHtml(REPORTS['nothing']!)).toContain('Nothing was checked: no template was found.');
});

it('keeps hostile text as text', () => {
  const [finding] = REPORTS['full']!.findings;
  const evil = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>\u202e';
  const build = (text: string): Report => ({
    ...REPORTS['full']!,
    files: [{ path: text, status: 'FAIL', rules: {} }],
    findings: [
      { ...finding!, ruleId: text, message: text, help: text, location: { ...finding!.location, file: text } },
    ],
    notEvaluated: [{ path: text, ruleId: text, controls: [text], reason: text, parameters: [text], location: null }],
  });
  const page = reportAsHtml(build(evil));
  expect(outline(page).elements).toStrictEqual(outline(reportAsHtml(build('x'))).elements);
  expect(page).not.toContain('\u202e');
});
