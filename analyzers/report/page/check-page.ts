/** The page of a check of templates: the same page, with files in place of accounts. */
import type { Finding, NotEvaluated, Report, Severity } from '../../../findings/index.js';
import { bySeverity, groupBy } from '../counts.js';
import { checkData, fileValue } from './check-data.js';
import { verdictBadge, VERDICTS, verdictText } from './controls.js';
import { counted, document, number, type View } from './document.js';
import { markup, NONE } from './markup.js';
import { linkedCount, listing, type Row, sentence, severityBar, table, type Tile, tiles } from './parts.js';

/** Rows of a table that are listed; the rest is counted. */
const LISTED = 5_000;

/**
 * Writes a report of `check` as one page of HTML that fetches nothing: counts, findings to filter and sort, verdicts on
 * files, and what was not evaluated.
 */
export function reportAsHtml(report: Report): string {
  const { tool, summary, findings } = report;
  const open = findings.filter(({ waived }) => waived === null);
  return document({
    title: `${tool.name}: ${counted(open.length, 'open finding')}`,
    heading: 'Check of templates',
    facts: [counted(summary.files, 'file'), counted(summary.rules, 'rule'), `${tool.name} ${tool.version}`],
    views: [
      {
        id: 'findings',
        title: 'Findings',
        count: open.length,
        body: markup`${tiles(summaryTiles(report))}<h2 class="only-print">Findings</h2><div id="findings"></div>`,
      },
      files(report, open),
      rules(open),
      notEvaluated(report.notEvaluated),
    ],
    data: checkData(findings),
  });
}

function summaryTiles({ summary, files: all }: Report): Tile[] {
  const failed = all.filter(({ status }) => status === 'FAIL').length;
  const tile = (severity: Severity, label: string, value: number, tone: Tile['tone']): Tile => ({
    label,
    value: number(value),
    note: 'open',
    tone: value > 0 ? tone : 'plain',
    target: listing({ severity: [severity] }),
  });
  return [
    tile('error', 'Errors', summary.errors, 'error'),
    tile('warning', 'Warnings', summary.warnings, 'warning'),
    tile('info', 'Infos', summary.infos, 'plain'),
    {
      label: 'Waived',
      value: number(summary.waived),
      note: 'findings and verdicts that are accepted',
      tone: 'plain',
      target: listing({ state: ['waived'] }),
    },
    {
      label: 'Files that fail',
      value: number(failed),
      note: `of ${number(summary.files)}`,
      tone: summary.files === 0 ? 'open' : failed > 0 ? 'error' : 'good',
      target: 'view=files',
    },
    {
      label: 'Not evaluated',
      value: number(summary.notEvaluated),
      note: 'verdicts that hang on values nobody knows',
      tone: summary.notEvaluated > 0 ? 'open' : 'plain',
      target: 'view=unknown',
    },
  ];
}

function files({ files: all }: Report, open: readonly Finding[]): View {
  const byFile = groupBy(open, ({ location }) => location.file);
  const most = Math.max(...[...byFile.values()].map(({ length }) => length), 0);
  const rank = new Map(VERDICTS.map((verdict, position) => [verdict, position]));
  const sorted = [...all].sort((a, b) => rank.get(a.status)! - rank.get(b.status)!);
  const rows = sorted.slice(0, LISTED).map(({ path, status }): Row => {
    const own = byFile.get(path) ?? [];
    const counts = bySeverity(own);
    return {
      group: verdictText(status),
      cells: [
        { body: markup`<code>${path}</code>`, sort: path },
        { body: verdictBadge(status), sort: rank.get(status)! },
        { body: severityBar(counts, most), sort: own.length },
        linkedCount(counts.error, listing({ file: [fileValue(path)], severity: ['error'] })),
        linkedCount(counts.warning, listing({ file: [fileValue(path)], severity: ['warning'] })),
        linkedCount(counts.info, listing({ file: [fileValue(path)], severity: ['info'] })),
      ],
    };
  });
  const headings = [
    { label: 'File' },
    { label: 'Verdict' },
    { label: 'Severity', bars: true },
    { label: 'Errors', numeric: true },
    { label: 'Warnings', numeric: true },
    { label: 'Infos', numeric: true },
  ];
  const rest = all.length - rows.length;
  return {
    id: 'files',
    title: 'Files',
    count: all.length,
    body: markup`<article><h2>Verdicts on files</h2><div class="chooser" data-chooser="verdict" data-table="file-table"></div>
${table('file-table', headings, rows, 'Nothing was checked: no template was found.')}${leftOut(rest)}</article>`,
  };
}

function rules(open: readonly Finding[]): View {
  const byRule = [...groupBy(open, ({ ruleId }) => ruleId)].sort(([, a], [, b]) => b.length - a.length);
  const most = byRule[0]?.[1].length ?? 0;
  const rows = byRule.slice(0, LISTED).map(([rule, findings]): Row => ({
    cells: [
      {
        body: markup`<a href="#${listing({ check: [rule] })}">${rule}</a><small>${findings[0]!.title}</small>`,
        sort: rule,
      },
      { body: findings[0]!.controls.join(', ') },
      { body: severityBar(bySeverity(findings), most), sort: findings.length },
      linkedCount(findings.length, listing({ check: [rule] })),
    ],
  }));
  const headings = [
    { label: 'Rule' },
    { label: 'Controls' },
    { label: 'Severity', bars: true },
    { label: 'Findings', numeric: true },
  ];
  return {
    id: 'rules',
    title: 'Rules',
    count: byRule.length,
    body: markup`<article><h2>Rules that fail</h2>${table('rule-table', headings, rows, 'No rule fails.')}${leftOut(byRule.length - rows.length)}</article>`,
  };
}

function notEvaluated(entries: readonly NotEvaluated[]): View {
  const rows = entries.slice(0, LISTED).map(({ path, ruleId, controls, reason, parameters, location, waived }): Row => {
    const place = location === null ? path : `${location.file}:${location.line}:${location.column}`;
    return {
      cells: [
        { body: markup`<code>${place}</code>` },
        { body: markup`${ruleId}<small>${controls.join(', ')}</small>`, sort: ruleId },
        {
          body: markup`${sentence(reason)}${waived === undefined ? NONE : markup`<small>accepted by ${waived.owner}: ${waived.reason}</small>`}`,
        },
        { body: parameters.join(', ') },
      ],
    };
  });
  const headings = ['Place', 'Rule', 'Why', 'Parameters that decide it'].map((label) => ({ label }));
  return {
    id: 'unknown',
    title: 'Not evaluated',
    count: entries.length,
    body: markup`<article><h2>Verdicts that hang on values nobody knows</h2>${table('unknown-table', headings, rows, 'Every rule was evaluated on every file.')}${leftOut(entries.length - rows.length)}</article>`,
  };
}

function leftOut(rest: number): ReturnType<typeof markup> {
  return rest > 0
    ? markup`<p class="note">and ${counted(rest, 'more row', 'more rows')}; the JSON output has all</p>`
    : NONE;
}
