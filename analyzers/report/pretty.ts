/** A scan for people at a terminal: what to mend first, what nobody knows, and what to do next. */
import pc from 'picocolors';
import { counted, displayWidth, logLines, type Severity, visible, visibleLines, wrap } from '../../findings/index.js';
import type { AccountRef, Scan, ScanFinding, UnitFailure } from '../scan/index.js';
import { countScan, extent, groupBy, isOpen, openCount, type ScanCounts } from './counts.js';

type Colors = ReturnType<typeof pc.createColors>;

/** How to print a scan. */
export interface ScanPrettyOptions {
  readonly color: boolean;
  /** Columns of the terminal. `@default` 100; never less than 80 nor more than 120 */
  readonly width?: number;
}

interface Context {
  readonly colors: Colors;
  readonly width: number;
}

/** Findings of one check, controls of one verdict, and units of one failure that are listed; the rest is counted. */
const LISTED = 3;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

const PAINT: Readonly<Record<Severity, (colors: Colors, text: string) => string>> = {
  error: (colors, text) => colors.bold(colors.red(text)),
  warning: (colors, text) => colors.bold(colors.yellow(text)),
  info: (colors, text) => colors.bold(colors.cyan(text)),
};

/**
 * Prints a scan: findings by severity and check with the first places of each, archived ones as a count, controls that
 * failed or are NOT EVALUATED, what could not be read, changes, the counts, and the next steps.
 */
export function scanAsPretty(scan: Scan, options: ScanPrettyOptions): string {
  const context: Context = {
    colors: pc.createColors(options.color),
    width: Math.min(Math.max(options.width ?? 100, 80), 120),
  };
  const counts = countScan(scan);
  return logLines([
    ...headLines(scan, context),
    ...SEVERITIES.flatMap((severity) => severityLines(scan, severity, context)),
    ...controlLines(scan, context),
    ...failureLines(scan, context),
    ...summaryLines(scan, counts, context),
    ...nextLines(counts, context),
  ]);
}

function headLines(scan: Scan, { colors, width }: Context): string[] {
  const { organization, started } = scan;
  const { accounts, regions } = extent(scan);
  const title = `Organization ${visible(organization.id)}`;
  const scope = `${counted(accounts, 'account')}, ${counted(regions, 'Region')}, begun ${visible(started)}`;
  const line = '─'.repeat(Math.max(3, width - displayWidth(title) - displayWidth(scope) - 2));
  return [`${colors.bold(title)} ${colors.dim(line)} ${scope}`, ''];
}

function severityLines(scan: Scan, severity: Severity, context: Context): string[] {
  const open = scan.findings.filter((finding) => isOpen(finding) && finding.severity === severity);
  const byCheck = [...groupBy(open, ({ checkId }) => checkId)].sort(([, a], [, b]) => b.length - a.length);
  return byCheck.flatMap(([checkId, findings]) => checkLines(checkId, findings, context));
}

function checkLines(checkId: string, findings: readonly ScanFinding[], context: Context): string[] {
  const { colors, width } = context;
  const { severity, title, help } = findings[0]!;
  const controls = [...new Set(findings.flatMap((finding) => finding.controls))].sort().map(visible).join(', ');
  const accounts = new Set(findings.map(({ account }) => account.id)).size;
  const heading = [PAINT[severity](colors, severity), colors.bold(visible(checkId)), colors.dim(controls)];
  const rest = findings.length - LISTED;
  // What can be reached is worth reading first.
  const listed = [...findings].sort((a, b) => reachRank(a) - reachRank(b)).slice(0, LISTED);
  return [
    heading.filter((part) => part !== '').join('  '),
    `  ${visible(title)}: ${counted(findings.length, 'finding')} in ${counted(accounts, 'account')}${reachSummary(findings)}`,
    '',
    ...listed.flatMap((finding) => findingLines(finding, context)),
    ...(rest > 0 ? [colors.dim(`    and ${counted(rest, 'more', 'more')}; --format html lists all`)] : []),
    ...named('mend', help, context, width),
    '',
  ];
}

const REACH_RANK: Readonly<Record<string, number>> = { reachable: 0, 'cannot-tell': 1, blocked: 2 };

function reachRank({ reach }: ScanFinding): number {
  return reach === null ? 1 : REACH_RANK[reach.verdict]!;
}

function reachSummary(findings: readonly ScanFinding[]): string {
  const parts = Object.keys(REACH_RANK).flatMap((verdict) => {
    const count = findings.filter(({ reach }) => reach?.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict.replace('-', ' ')}`];
  });
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function findingLines({ account, region, resource, message, reach }: ScanFinding, context: Context): string[] {
  const { colors, width } = context;
  const where = [visible(region), accountText(account)].join('  ');
  const reached =
    reach === null
      ? []
      : [`reach: ${reach.verdict.replace('-', ' ')}${reach.reason === '' ? '' : ` (${reach.reason})`}`];
  return [
    `    ${visible(resource.arn === '' ? resource.type : resource.arn)}`,
    `      ${colors.dim(where)}`,
    ...paragraph(message, '      ', width),
    ...reached.flatMap((text) => paragraph(text, '      ', width)),
  ];
}

function accountText({ id, name, path }: AccountRef): string {
  return [id, name, ...(path.length === 0 ? [] : [path.join('/')])].map(visible).join('  ');
}

function controlLines({ controls }: Scan, context: Context): string[] {
  const { colors } = context;
  const failed = controls.filter(({ verdict }) => verdict === 'FAIL');
  const open = controls.filter(({ verdict }) => verdict === 'NOT_EVALUATED');
  const lines: string[] = [];
  if (failed.length > 0) {
    lines.push(colors.bold('CONTROLS THAT FAIL'), '');
    for (const { control, title, findings } of failed) {
      lines.push(`  ${visible(control)}  ${visible(title)}  ${colors.dim(counted(findings, 'finding'))}`);
    }
    lines.push('');
  }
  if (open.length > 0) {
    lines.push(colors.bold(colors.magenta('CONTROLS NOT EVALUATED')), '');
    for (const { control, title, reason } of open) {
      lines.push(`  ${visible(control)}  ${visible(title)}`, ...paragraph(reason, '    ', context.width));
    }
    lines.push('');
  }
  return lines;
}

function failureLines({ units }: Scan, context: Context): string[] {
  const { colors, width } = context;
  const failures = units.flatMap(({ account, region, failures: all }) =>
    all.map((failure) => ({ account, region, failure })),
  );
  if (failures.length === 0) return [];
  const lines = [colors.bold(colors.magenta('COULD NOT BE READ')), ''];
  const key = ({ step, code }: UnitFailure): string => `${step}: ${code}`;
  for (const [name, group] of groupBy(failures, ({ failure }) => key(failure))) {
    const accounts = new Set(group.map(({ account }) => account.id)).size;
    lines.push(`  ${colors.bold(visible(name))}  in ${counted(accounts, 'account')}`);
    lines.push(...paragraph(group[0]!.failure.message, '    ', width));
    for (const { account, region } of group.slice(0, LISTED)) {
      lines.push(colors.dim(`    ${visible(region)}  ${accountText(account)}`));
    }
    const rest = group.length - LISTED;
    if (rest > 0) lines.push(colors.dim(`    and ${counted(rest, 'more', 'more')}; --format html lists all`));
  }
  return [...lines, ''];
}

function summaryLines(scan: Scan, counts: ScanCounts, { colors }: Context): string[] {
  const { bySeverity, archived, controls, units } = counts;
  const parts = [
    ...(bySeverity.error > 0 ? [PAINT.error(colors, counted(bySeverity.error, 'error'))] : []),
    ...(bySeverity.warning > 0 ? [PAINT.warning(colors, counted(bySeverity.warning, 'warning'))] : []),
    ...(bySeverity.info > 0 ? [PAINT.info(colors, counted(bySeverity.info, 'info', 'infos'))] : []),
  ];
  const set = archived > 0 ? `, ${archived} archived` : '';
  const found =
    parts.length === 0 ? colors.bold(colors.green('No open findings')) : `${colors.bold('Found')}: ${parts.join(', ')}`;
  const verdicts = `${controls.PASS} PASS, ${controls.FAIL} FAIL, ${controls.NOT_EVALUATED} NOT EVALUATED, ${controls.SKIP} SKIP`;
  const incomplete = units.partial + units.failed + units.skipped;
  const lines = [`${found}${set}`, `Controls: ${verdicts}`];
  if (incomplete > 0) {
    lines.push(
      colors.bold(
        colors.magenta(
          `Incomplete: ${units.partial} in part, ${units.failed} failed and ${units.skipped} skipped of ${counted(scan.units.length, 'unit')} (an account in a Region)`,
        ),
      ),
    );
  }
  if (scan.units.length === 0) lines.push(colors.bold(colors.yellow('Nothing was scanned: there is no account.')));
  if (scan.changes !== null) {
    const { since, appeared, gone } = scan.changes;
    lines.push(`Since ${visible(since)}: ${appeared.length} new, ${gone.length} gone`);
  }
  return lines;
}

/** What to do next, most useful first. */
function nextLines(counts: ScanCounts, { colors }: Context): string[] {
  const steps: string[] = [];
  if (counts.byReach.reachable > 0) {
    steps.push(`close what can be reached: ${counted(counts.byReach.reachable, 'open finding')}`);
  }
  if (counts.units.failed + counts.units.partial > 0) {
    // What is finished is not read anew by --resume.
    steps.push('give the scanner the access that is missing (`stackade scan rights` prints it), and scan again');
  }
  if (openCount(counts) > LISTED) steps.push('--format html --output-file report.html makes a page to sort and filter');
  return steps.length === 0 ? [] : ['', colors.bold('Next'), ...steps.map((step) => `  - ${step}`)];
}

function named(name: string, text: string, { colors }: Context, width: number): string[] {
  if (text.trim() === '') return [];
  return paragraph(text, '', width - 7).map(
    (line, index) => `  ${index === 0 ? colors.dim(name.padEnd(4)) : '    '} ${line}`,
  );
}

/** Wraps each line of a text; a line that is indented is code and stays as it is. */
function paragraph(text: string, indent: string, width: number): string[] {
  return visibleLines(text.trimEnd()).flatMap((line) =>
    line.startsWith(' ') ? [`${indent}${line}`] : wrap(line, width - indent.length).map((part) => `${indent}${part}`),
  );
}
