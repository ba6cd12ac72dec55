/**
 * Annotations of GitHub Actions: workflow commands on stdout, and a job summary for `$GITHUB_STEP_SUMMARY`.
 * Commands and their escapes: "Workflow commands for GitHub Actions" in the GitHub documentation.
 */
import { commandMessage, commandProperty } from '../escape.js';
import type { Finding, Location, NotEvaluated, Severity, Waived } from '../finding.js';
import { counted } from '../text.js';
import { markdown } from './markdown.js';
import { type Cause, groupOpen, groupTitle, type OpenGroup } from './open.js';
import { labelNote, openEntries, type Reporter, waivedText } from './options.js';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * Prints one command per open finding and one per parameter or place that verdicts hang on, then one line of counts.
 * GitHub shows the first 10 errors, 10 warnings and 10 notices of a step beside the code; all are in the log.
 */
export const github: Reporter = (report) => {
  const { summary } = report;
  const lines = report.findings.filter(({ waived }) => waived === null).map(annotation);
  for (const group of groupOpen(openEntries(report))) {
    const causes = group.kind === 'parameter' ? group.causes.slice(0, 1) : group.causes;
    for (const cause of causes) lines.push(notEvaluated(cause, group));
  }
  for (const entry of [...report.findings, ...report.notEvaluated]) {
    if (entry.waived) lines.push(waivedNotice(entry, entry.waived));
  }
  if (summary.files === 0) lines.push(command('error', null, 'Nothing was checked', 'No template was found.'));
  lines.push(
    `stackade: ${counted(summary.errors, 'error')}, ${counted(summary.warnings, 'warning')}, ${counted(summary.infos, 'info')}, ` +
      `${summary.waived} waived, ${summary.notEvaluated} not evaluated; ${counted(summary.rules, 'rule')} on ${counted(summary.files, 'file')}`,
  );
  return lines.map((line) => `${line}\n`).join('');
};

function annotation(finding: Finding): string {
  const { ruleId, controls, message, help, labels, resource, location, severity, docs } = finding;
  const title = controls.length === 0 ? ruleId : `${ruleId} (${controls.join(', ')})`;
  const text = [
    resource === null ? message : `${resource.logicalId}: ${message}`,
    ...labels.map((label) => `note: ${labelNote(label)}`),
    ...(help === '' ? [] : [`mend: ${help}`]),
    ...(docs === '' ? [] : [`docs: ${docs}`]),
  ].join('\n');
  return command(COMMANDS[severity], location, title, text);
}

/** What is waived stays visible, and never looks like something to mend. */
function waivedNotice(entry: Finding | NotEvaluated, waived: Waived): string {
  const where = 'path' in entry ? (entry.location ?? entry.path) : entry.location;
  const what = 'path' in entry ? `NOT EVALUATED: ${entry.reason}` : entry.message;
  return command('notice', where, `WAIVED ${entry.ruleId}`, `${what}\nwaived: ${waivedText(waived)}`);
}

/** A parameter is told once, where it is first needed; what no parameter decides is told at each place. */
function notEvaluated({ path, location, reason, entries }: Cause, group: OpenGroup): string {
  const told = group.kind === 'parameter' ? group.entries : entries;
  const rules = [...new Set(told.map(({ ruleId }) => ruleId))].join(', ');
  const text = [
    ...(group.kind === 'parameter' ? [groupTitle(group, (name) => name)] : []),
    reason,
    ...(group.kind === 'file' || group.kind === 'lint' ? [] : [`rules: ${rules}`]),
  ].join('\n');
  return command('warning', location ?? path, 'NOT EVALUATED', text);
}

function command(name: string, where: Location | string | null, title: string, message: string): string {
  const properties = where === null ? [] : typeof where === 'string' ? [fileProperty(where)] : place(where);
  properties.push(`title=${commandProperty(title)}`);
  return `::${name} ${properties.join(',')}::${commandMessage(message)}`;
}

function fileProperty(file: string): string {
  return `file=${commandProperty(file.replace(/^(\.\/)+/, ''))}`;
}

function place({ file, line, column, endLine, endColumn }: Location): string[] {
  const properties = [fileProperty(file), `line=${line}`, `endLine=${endLine}`];
  // GitHub takes columns only when the annotation stays on one line; its end column is the last one, ours the next.
  if (line === endLine) properties.push(`col=${column}`, `endColumn=${Math.max(column, endColumn - 1)}`);
  return properties;
}

/** GitHub refuses a job summary above 1 MiB; some room is left for what else the step writes there. */
const SUMMARY_BYTES = 1_000_000;

/** Markdown for the file that `$GITHUB_STEP_SUMMARY` names. */
export const githubSummary: Reporter = (report, options) =>
  markdown(report, { ...options, maxBytes: Math.min(options.maxBytes ?? SUMMARY_BYTES, SUMMARY_BYTES) });
