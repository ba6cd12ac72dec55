/** Markdown (GitHub Flavored) for pull-request comments and job summaries: counts, a table of findings, what to do. */
import { htmlText, markdownBlock, markdownCode, markdownSentence, markdownText } from '../escape.js';
import type { Finding, Location, Report, Severity } from '../finding.js';
import { counted } from '../text.js';
import { groupOpen, groupTitle, openSentence } from './open.js';
import {
  isWebAddress,
  labelNote,
  openEntries,
  type Reporter,
  type RuleInfo,
  rulesById,
  SEVERITY_RANK,
  waivedText,
} from './options.js';

/**
 * Prints the report as Markdown. With `maxBytes` it leaves out first advice, then rows of the table, the mildest
 * first, and says how many; the counts at the top are always those of the whole report.
 */
export const markdown: Reporter = (report, options) => {
  const limit = options.maxBytes ?? Infinity;
  const head = heading(report);
  const tail = [...waivedPart(report), ...notEvaluatedPart(report)];
  const open = report.findings.filter(({ waived }) => waived === null);
  const whole = join([...head, ...table(open.map(row), 0), ...adviceParts(open, rulesById(options)), ...tail]);
  if (utf8Length(whole) <= limit) return whole;
  const rows = [...open].sort((a, b) => SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity]).map(row);
  const render = (count: number, rest: readonly string[]): string =>
    join([...head, ...table(rows.slice(0, count), rows.length - count), ...rest]);
  const rest = utf8Length(render(0, tail)) <= limit ? tail : ['More was left out because the text would be too long.'];
  // A table of one row has a head besides; whatever the count of rows left out is, it takes no more digits than now.
  let room = limit - utf8Length(render(0, rest)) - utf8Length(join(table([''], 0)));
  let fitting = 0;
  while (fitting < rows.length && room >= 0) {
    room -= utf8Length(rows[fitting]!) + ROW_FRAME;
    if (room >= 0) fitting += 1;
  }
  return render(fitting, rest);
};

function join(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}

const SEVERITY_NAMES: Readonly<Record<Severity, string>> = { error: '**error**', warning: 'warning', info: 'info' };

function heading({ summary, files, tool }: Report): string[] {
  const title = `## ${markdownText(tool.name)}`;
  const scope = `${counted(summary.rules, 'rule')} on ${counted(summary.files, 'file')}`;
  if (summary.files === 0) return [title, '**Nothing was checked**: no template was found.'];
  const parts = [
    ...(summary.errors > 0 ? [`**${counted(summary.errors, 'error')}**`] : []),
    ...(summary.warnings > 0 ? [counted(summary.warnings, 'warning')] : []),
    ...(summary.infos > 0 ? [counted(summary.infos, 'info')] : []),
    ...(summary.waived > 0 ? [`${summary.waived} waived`] : []),
    ...(summary.notEvaluated > 0 ? [`**${summary.notEvaluated} not evaluated**`] : []),
  ];
  const skipped = files.filter(({ status }) => status === 'SKIP').length;
  const note = skipped === 0 ? '' : ` No rule applies to ${skipped} of ${counted(files.length, 'file')}.`;
  return [title, `${parts.length === 0 ? 'No findings' : parts.join(', ')}: ${scope}.${note}`];
}

/** What a row takes besides its cells: the outer pipes and the line break. */
const ROW_FRAME = 5;

function table(rows: readonly string[], leftOut: number): string[] {
  const note = leftOut === 0 ? [] : [`${counted(leftOut, 'finding')} left out because the text would be too long.`];
  if (rows.length === 0) return note;
  const head = ['Severity | Rule | Resource | Place | Message', '--- | --- | --- | --- | ---'];
  return [[...head, ...rows].map((cells) => `| ${cells} |`).join('\n'), ...note];
}

function row({ severity, ruleId, controls, resource, location, message, labels }: Finding): string {
  const notes = labels.map((label) => ` (${markdownSentence(labelNote(label))})`).join('');
  return [
    SEVERITY_NAMES[severity],
    [markdownCode(ruleId), ...controls.map(markdownText)].join(' '),
    resource === null ? '' : `${markdownCode(resource.logicalId)} ${markdownText(resource.type)}`,
    markdownCode(place(location)),
    markdownSentence(oneLine(message)) + notes,
  ].join(' | ');
}

function place({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ').trim();
}

/** Once per rule: why it matters, how to mend it, the YAML to write. */
function adviceParts(findings: readonly Finding[], rules: ReadonlyMap<string, RuleInfo>): string[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) if (!first.has(finding.ruleId)) first.set(finding.ruleId, finding);
  return [...first.values()].flatMap((finding) => {
    const info = rules.get(finding.ruleId);
    const help = finding.help === '' ? (info?.remediation.text ?? '') : finding.help;
    const body = [
      ...(info === undefined || info.risk === '' ? [] : [markdownSentence(oneLine(info.risk))]),
      ...helpParts(help),
      ...(info?.remediation.cloudformation === undefined
        ? []
        : [markdownBlock(info.remediation.cloudformation.trimEnd(), 'yaml')]),
      ...docsPart(finding.docs),
    ];
    if (body.length === 0) return [];
    const summary = `<summary>${htmlText(finding.ruleId)}: ${htmlText(finding.title)}</summary>`;
    return [`<details>${summary}`, ...body, '</details>'];
  });
}

/** Help of several lines may hold code, so it keeps its lines. */
function helpParts(help: string): string[] {
  const trimmed = help.trim();
  if (trimmed === '') return [];
  return /[\r\n]/.test(trimmed) ? [markdownBlock(trimmed, 'text')] : [markdownSentence(trimmed)];
}

function docsPart(docs: string): string[] {
  if (docs === '') return [];
  return [isWebAddress(docs) ? `<${docs}>` : markdownCode(docs)];
}

function waivedPart(report: Report): string[] {
  const rows = report.findings.flatMap(({ waived, ruleId, location }) =>
    waived === null
      ? []
      : [`- ${markdownCode(ruleId)} at ${markdownCode(place(location))}: ${markdownText(oneLine(waivedText(waived)))}`],
  );
  for (const { waived, ruleId, path, location } of report.notEvaluated) {
    if (waived === undefined) continue;
    const where = markdownCode(location === null ? path : place(location));
    rows.push(`- ${markdownCode(ruleId)}, NOT EVALUATED, at ${where}: ${markdownText(oneLine(waivedText(waived)))}`);
  }
  return rows.length === 0 ? [] : ['### Waived', rows.join('\n')];
}

function notEvaluatedPart(report: Report): string[] {
  const entries = openEntries(report);
  if (entries.length === 0) return [];
  const groups = groupOpen(entries).map((group) => {
    const rows = group.causes.map(({ path, location, reason, entries }) => {
      const where = markdownCode(location === null ? path : place(location));
      const rules = entries.map(({ ruleId }) => markdownCode(ruleId)).join(', ');
      const shown = group.kind === 'file' || group.kind === 'lint' ? '' : ` (${rules})`;
      return `- ${where}: ${markdownSentence(oneLine(reason))}${shown}`;
    });
    return `${groupTitle(group, markdownCode)}:\n\n${rows.join('\n')}`;
  });
  return ['### NOT EVALUATED', `${openSentence(entries)}.`, ...groups];
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
