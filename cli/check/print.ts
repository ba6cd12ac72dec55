/** Reports on their way out: standard output or a file, and the job summary of GitHub Actions. */
import { appendFileSync } from 'node:fs';
import { githubSummary, reporters, visible } from '../../findings/index.js';
import type { Report, ReportFormat, ReportOptions, RuleInfo as ReporterRuleInfo } from '../../findings/index.js';
import type { LibraryRule } from '../library.js';
import { rulePage } from '../library.js';
import { wantsColor, type Terminal } from '../terminal.js';
import { reasonOf } from './diagnostics.js';
import type { OutputFile } from './output-file.js';
import type { CheckSettings } from './settings.js';

/** What a report is printed with. */
export interface PrintInput {
  readonly report: Report;
  /** Texts by path, for excerpts. */
  readonly sources: ReadonlyMap<string, string>;
  readonly rules: readonly LibraryRule[];
  readonly settings: Pick<CheckSettings, 'failOn'> & { readonly format: ReportFormat };
  readonly file: OutputFile | null;
  readonly terminal: Terminal;
}

/** Prints a report. @throws InputError when it cannot be written to its file. */
export function printReport({ report, sources, rules, settings, file, terminal }: PrintInput): void {
  const { stdout, env } = terminal;
  const options: ReportOptions = {
    color: file === null && wantsColor(stdout, env),
    ...(file === null && stdout.columns !== undefined && { width: stdout.columns }),
    sources,
    rules: rules.map((rule) => ruleInfo(rule, settings.format)),
    failOn: settings.failOn,
  };
  const text = reporters[settings.format](report, options);
  if (file === null) terminal.print(text);
  else file.write(text);
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (settings.format !== 'github' || summary === undefined || summary === '') return;
  try {
    appendFileSync(summary, githubSummary(report, options));
  } catch (error) {
    terminal.tell(`${visible(`the job summary \`${summary}\` cannot be written: ${reasonOf(error)}`)}\n`);
  }
}

/** Prints a report as one page of HTML. @throws InputError when it cannot be written to its file. */
export async function printPage({
  report,
  file,
  terminal,
}: Omit<PrintInput, 'settings' | 'sources' | 'rules'>): Promise<void> {
  const { reportAsHtml } = await import('../../analyzers/report/index.js');
  const text = reportAsHtml(report);
  if (file === null) terminal.print(text);
  else file.write(text);
}

/** SARIF describes rules apart from findings; elsewhere the snippet of a rule stands in the help of its findings already. */
function ruleInfo(rule: LibraryRule, format: ReportFormat): ReporterRuleInfo {
  const { remediation, ...rest } = rule.metadata;
  return {
    ...rest,
    remediation: format === 'sarif' ? remediation : { text: remediation.text },
    docs: rulePage(rule),
  };
}
