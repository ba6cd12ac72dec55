/** The report for people at a terminal. */
import pc from 'picocolors';
import { logLines, visible, visibleLines } from '../escape.js';
import { type Excerpts, excerptsOf } from '../excerpt.js';
import type { Finding, Location, Report, Severity } from '../finding.js';
import { counted, displayWidth, wrap } from '../text.js';
import { allOptions, type Cause, groupOpen, groupTitle, type OpenGroup, openSentence } from './open.js';
import { HIDES_VALUE, labelNote, openEntries, type Reporter, type RuleInfo, rulesById, waivedText } from './options.js';

type Colors = ReturnType<typeof pc.createColors>;

/** Places of one group of NOT EVALUATED that are listed; the rest is counted. */
const LISTED = 6;

interface Context {
  readonly colors: Colors;
  readonly width: number;
  readonly excerpts: Excerpts;
  readonly rules: ReadonlyMap<string, RuleInfo>;
  /** Advice that has been printed, so that it is not printed again. */
  readonly advised: Set<string>;
  /** Places of unknown values whose lines have been printed. */
  readonly shown: Set<string>;
}

/** Prints the report grouped by file and resource, then waived findings, what was not evaluated, and the counts. */
export const pretty: Reporter = (report, options) => {
  const context: Context = {
    colors: pc.createColors(options.color),
    width: Math.min(Math.max(options.width ?? 100, 80), 120),
    excerpts: excerptsOf(options.sources),
    rules: rulesById(options),
    advised: new Set(),
    shown: new Set(),
  };
  return logLines([
    ...findingsSection(report, context),
    ...waivedSection(report, context),
    ...notEvaluatedSection(report, context),
    ...summarySection(report, context),
  ]);
};

const SEVERITY_COLORS: Readonly<Record<Severity, (colors: Colors, text: string) => string>> = {
  error: (colors, text) => colors.bold(colors.red(text)),
  warning: (colors, text) => colors.bold(colors.yellow(text)),
  info: (colors, text) => colors.bold(colors.cyan(text)),
};

function findingsSection(report: Report, context: Context): string[] {
  const { colors, width } = context;
  const lines: string[] = [];
  const open = report.findings.filter(({ waived }) => waived === null);
  for (const [file, inFile] of groupBy(open, ({ location }) => location.file)) {
    const name = visible(file);
    const rule = '─'.repeat(Math.max(3, width - displayWidth(name) - 1));
    lines.push(`${colors.bold(name)} ${colors.dim(rule)}`, '');
    for (const [, group] of groupBy(inFile, ({ resource }) => resource?.logicalId ?? '')) {
      const { resource } = group[0]!;
      lines.push(
        resource === null
          ? `  ${colors.bold('Template')}`
          : `  ${colors.bold(visible(resource.logicalId))}  ${colors.dim(visible(resource.type))}`,
        '',
      );
      for (const finding of group) lines.push(...findingLines(finding, context), '');
    }
  }
  return lines;
}

function findingLines(finding: Finding, context: Context): string[] {
  const { colors, width } = context;
  const controls = finding.controls.map(visible).join(', ');
  const paint = SEVERITY_COLORS[finding.severity];
  const heading = [
    paint(colors, finding.severity),
    visible(finding.ruleId),
    ...(controls ? [colors.dim(controls)] : []),
  ];
  return [
    `    ${heading.join('  ')}`,
    ...paragraph(finding.message, '    ', width),
    ...excerptLines(finding.location, finding.severity, context, finding.labels.includes(HIDES_VALUE)),
    ...adviceLines(finding, context),
  ];
}

/** @param severity - Of the finding that is shown; `null` for a value that is not known. */
function excerptLines(location: Location, severity: Severity | null, context: Context, hides = false): string[] {
  const { colors, excerpts, width } = context;
  const paint = (text: string): string =>
    severity === null ? colors.bold(colors.magenta(text)) : SEVERITY_COLORS[severity](colors, text);
  const place = `${visible(location.file)}:${location.line}:${location.column}`;
  // A finding about the whole document points at its first character, which tells nothing.
  const whole = location.pointer === '' && location.line === 1 && location.column === 1;
  const rows = whole || hides ? [] : excerpts(location.file, location, { width: width - 14 });
  const numbers = Math.max(...rows.map(({ line }) => String(line ?? '').length), 1);
  const lines = [`    ${' '.repeat(numbers)}${colors.cyan('-->')} ${place}`];
  for (const { line, text } of rows) {
    const gutter = colors.cyan(`${String(line ?? '').padStart(numbers)} |`);
    lines.push(`    ${gutter} ${line === null ? paint(text) : text}`);
  }
  return lines;
}

/** Why it matters and how to mend it: in full at the first finding of a rule, afterwards only what differs. */
function adviceLines(finding: Finding, context: Context): string[] {
  const info = context.rules.get(finding.ruleId);
  const why = info?.risk ?? '';
  const help = finding.help === '' ? (info?.remediation.text ?? '') : finding.help;
  const yaml = info?.remediation.cloudformation ?? '';
  const parts: (readonly [name: string, text: string])[] = [
    ['why', why],
    ['mend', yaml === '' ? help : `${help}\n${indentBy(yaml.trimEnd(), '  ')}`],
    ['docs', finding.docs],
  ];
  const fresh = parts.filter(([name, text]) => {
    const key = `${finding.ruleId}\0${name}\0${text}`;
    if (text.trim() === '' || context.advised.has(key)) return false;
    context.advised.add(key);
    return true;
  });
  if (fresh.length === 0 && help !== '') fresh.push(['mend', 'as at the first finding of this rule, above']);
  const labels = finding.labels.map((label) => ['note', labelNote(label)] as const);
  const lines = [...labels, ...fresh].flatMap(([name, text]) => named(name, text, context));
  return lines.length === 0 ? [] : ['', ...lines];
}

/** A paragraph with its name to the left. */
function named(name: string, text: string, { colors, width }: Context): string[] {
  const lines = paragraph(text, '', width - 10);
  return lines.map((line, index) => `    ${index === 0 ? colors.dim(name.padEnd(5)) : '     '} ${line}`);
}

/** A line of YAML: an item of a list, or a key. */
const YAML = /^(?:- |['"]?[A-Za-z][\w:.-]*['"]?:(?: |$))/;

/** Wraps each line of a text; a line that is indented, or YAML behind the first line, is code and stays as it is. */
function paragraph(text: string, indent: string, width: number): string[] {
  return visibleLines(text.trimEnd()).flatMap((line, index) =>
    line.startsWith(' ') || (index > 0 && YAML.test(line))
      ? [`${indent}${line}`]
      : wrap(line, width - indent.length).map((part) => `${indent}${part}`),
  );
}

function indentBy(text: string, indent: string): string {
  return text.replace(/^/gm, indent);
}

function waivedSection(report: Report, context: Context): string[] {
  const { colors, width } = context;
  const lines: string[] = [];
  for (const { waived, ruleId, location, resource } of report.findings) {
    if (waived === null) continue;
    const where = `${visible(location.file)}:${location.line}:${location.column}`;
    lines.push(`  ${visible(ruleId)}  ${resource ? `${visible(resource.logicalId)}  ` : ''}${colors.dim(where)}`);
    lines.push(...paragraph(waivedText(waived), '    ', width));
  }
  for (const { waived, ruleId, path, location, reason } of report.notEvaluated) {
    if (waived === undefined) continue;
    const where = location === null ? visible(path) : `${visible(path)}:${location.line}:${location.column}`;
    lines.push(`  ${visible(ruleId)}  NOT EVALUATED  ${colors.dim(where)}`);
    lines.push(...paragraph(`${waivedText(waived)} (${reason})`, '    ', width));
  }
  return lines.length === 0 ? [] : [colors.bold('WAIVED'), '', ...lines, ''];
}

function notEvaluatedSection(report: Report, context: Context): string[] {
  const { colors } = context;
  const entries = openEntries(report);
  if (entries.length === 0) return [];
  const lines = [`${colors.bold(colors.magenta('NOT EVALUATED'))}  ${openSentence(entries)}`, ''];
  const groups = groupOpen(entries);
  for (const group of groups) {
    lines.push(`  ${groupTitle(group, (name) => colors.bold(visible(name)))}`, '');
    for (const cause of group.causes.slice(0, LISTED)) lines.push(...causeLines(cause, group, context), '');
    const rest = group.causes.slice(LISTED).reduce((sum, { entries }) => sum + entries.length, 0);
    if (rest > 0) lines.push(colors.dim(`    and ${counted(rest, 'more', 'more')}; --format json lists all`), '');
  }
  // One line, however long: it is there to be copied.
  const all = allOptions(groups);
  if (all !== null) lines.push(`  All options together: ${colors.bold(visible(all))}`, '');
  return lines;
}

/** A value that is not known: the reason, where it is, and the rules that look at it. */
function causeLines({ path, location, reason, entries }: Cause, { kind }: OpenGroup, context: Context): string[] {
  const { colors, width } = context;
  const lines = paragraph(reason, '    ', width);
  if (location === null) lines.push(`    ${colors.cyan('-->')} ${visible(path)}`);
  else {
    const [place, ...excerpt] = excerptLines(location, null, context);
    const key = JSON.stringify(location);
    lines.push(place!, ...(context.shown.has(key) ? [] : excerpt));
    context.shown.add(key);
  }
  if (kind === 'lint' || kind === 'file') return lines;
  const rules = entries.map(({ ruleId, controls }) =>
    visible(controls.length === 0 ? ruleId : `${ruleId} (${controls.join(', ')})`),
  );
  lines.push(...named(rules.length === 1 ? 'rule' : 'rules', rules.join(', '), context));
  return lines;
}

function summarySection(report: Report, { colors }: Context): string[] {
  const { summary } = report;
  const scope = `${counted(summary.rules, 'rule')} on ${counted(summary.files, 'file')}`;
  if (summary.files === 0) {
    return [`${colors.bold(colors.yellow('Nothing was checked'))}: no template was found.`];
  }
  const parts = [
    ...(summary.errors > 0 ? [SEVERITY_COLORS.error(colors, counted(summary.errors, 'error'))] : []),
    ...(summary.warnings > 0 ? [SEVERITY_COLORS.warning(colors, counted(summary.warnings, 'warning'))] : []),
    ...(summary.infos > 0 ? [SEVERITY_COLORS.info(colors, counted(summary.infos, 'info', 'infos'))] : []),
    ...(summary.waived > 0 ? [`${summary.waived} waived`] : []),
    ...(summary.notEvaluated > 0 ? [colors.bold(colors.magenta(`${summary.notEvaluated} not evaluated`))] : []),
  ];
  if (parts.length === 0) return [...skipNote(report), `${colors.bold(colors.green('No findings'))}: ${scope}.`];
  const label = summary.errors + summary.warnings + summary.infos === 0 ? 'No open findings' : 'Found';
  return [...skipNote(report), `${colors.bold(label)}: ${parts.join(', ')}`, `${scope}.`];
}

/** A file to which no rule applies is not a file that passed. */
function skipNote(report: Report): string[] {
  const skipped = report.files.filter(({ status }) => status === 'SKIP').length;
  return skipped === 0 ? [] : [`No rule applies to ${skipped} of ${counted(report.files.length, 'file')}.`];
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
