/** The report of `stackade iam replay`. Names in it are what callers chose: they stay text on every terminal and sheet. */
import { csvRow } from '../../analyzers/report/index.js';
import { jsonText, logLines, visible } from '../../findings/index.js';
import type { ReplayGroup, ReplayReport, Verdict } from '../../scp/replay/index.js';
import type { DecidingStatement } from '../../iam/index.js';

export const REPLAY_FORMATS = ['pretty', 'json', 'csv'] as const;
export type ReplayFormat = (typeof REPLAY_FORMATS)[number];

/** Where an account stands in the tree, such as `root/Workloads`; nothing for one that is not in it. */
export type Placed = (account: string) => string | undefined;

export interface ReplayRun {
  readonly files: number;
  readonly place: Placed | undefined;
}

/** The report as text. */
export function replayText(report: ReplayReport, format: ReplayFormat, run: ReplayRun): string {
  if (format === 'json') return jsonText(jsonOf(report, run));
  return format === 'csv' ? csvOf(report, run) : prettyOf(report, run);
}

/** What no trail tells, whatever is in it. */
const NOT_RECORDED =
  'Calls on data (objects, items, messages, invocations) are in a trail only where it was set up for them.';

function groupJson(group: ReplayGroup, { place }: ReplayRun): object {
  const { verdict, principal, account, service, action, count, events, resources, by, missing } = group;
  return {
    verdict,
    principal,
    account,
    ...(place === undefined ? {} : { unit: place(account) ?? null }),
    service,
    action,
    count,
    events,
    resources,
    by,
    missing: [...missing].sort(),
  };
}

function jsonOf(report: ReplayReport, run: ReplayRun): object {
  const { records, duplicates, noDecision, requests, counts, incomplete } = report;
  return {
    version: 1,
    files: run.files,
    records,
    duplicates,
    noDecision,
    requests,
    summary: counts,
    groups: report.groups().map((group) => groupJson(group, run)),
    incomplete: [...incomplete].map(([reason, { count, events }]) => ({ reason, count, events })),
    notRecorded: NOT_RECORDED,
  };
}

const COLUMNS = [
  'verdict',
  'principal',
  'account',
  'unit',
  'service',
  'action',
  'count',
  'events',
  'resources',
  'by',
  'missing',
];

function csvOf(report: ReplayReport, { place }: ReplayRun): string {
  const rows = report
    .groups()
    .map((group) => [
      group.verdict,
      group.principal,
      group.account,
      place?.(group.account) ?? '',
      group.service,
      group.action,
      String(group.count),
      group.events.join(' '),
      group.resources.join(' '),
      group.by.map(statementName).join(' '),
      [...group.missing].sort().join(' '),
    ]);
  return [COLUMNS, ...rows].map((row) => csvRow(row.map(visible))).join('');
}

function statementName({ policyType, level, policyIndex, sid, statementIndex }: DecidingStatement): string {
  const place = level === undefined ? '' : ` level ${level}`;
  return `${policyType}${place} policy ${policyIndex} ${sid ?? `statement ${statementIndex ?? 0}`}`;
}

const TITLES: Readonly<Record<Exclude<Verdict, 'unchanged'>, string>> = {
  newlyDenied: 'Newly denied',
  newlyAllowed: 'No longer denied by guardrails',
  cannotTell: 'Cannot be told',
};
const MOST_ROWS = 20;

function prettyOf(report: ReplayReport, run: ReplayRun): string {
  const { records, duplicates, noDecision, requests, counts, incomplete } = report;
  const number = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  const lines = [
    `${number(requests, 'request')} of ${number(records, 'record')} in ${number(run.files, 'file')}: ` +
      `${counts.newlyDenied} newly denied, ${counts.newlyAllowed} no longer denied, ${counts.cannotTell} cannot be told, ${counts.unchanged} unchanged`,
    `${number(noDecision, 'record')} without a decision of IAM, ${number(duplicates, 'duplicate')} left out`,
  ];
  for (const verdict of ['newlyDenied', 'newlyAllowed', 'cannotTell'] as const) {
    const groups = report.groups(verdict);
    if (groups.length === 0) continue;
    lines.push('', TITLES[verdict]);
    for (const group of groups.slice(0, MOST_ROWS)) lines.push(...groupLines(group, run));
    if (groups.length > MOST_ROWS) lines.push(`  … ${groups.length - MOST_ROWS} more: --format json or csv gives all`);
    if (verdict !== 'newlyDenied') continue;
    for (const by of ['service', 'account'] as const) {
      const totals = report.totals(verdict, by).slice(0, 10);
      lines.push(
        `  by ${by}: ${totals.map(([name, count]) => `${name === '' ? '(none)' : name} ${count}`).join(', ')}`,
      );
    }
  }
  if (incomplete.size > 0) lines.push('', 'Records that do not hold enough');
  for (const [reason, { count, events }] of incomplete) lines.push(`  ${count} × ${reason} (${events.join(', ')})`);
  return logLines([...lines.map(visible), '', NOT_RECORDED]);
}

function groupLines(
  { count, action, principal, account, events, resources, by, missing }: ReplayGroup,
  { place }: ReplayRun,
): readonly string[] {
  const unit = place?.(account);
  return [
    `  ${count} × ${action}  ${principal}${unit === undefined ? '' : `  (${unit})`}`,
    `      on ${resources.join(', ')}; event ${events.join(', ')}`,
    ...(by.length === 0 ? [] : [`      denied by ${by.map(statementName).join(', ')}`]),
    ...(missing.size === 0 ? [] : [`      hangs on ${[...missing].sort().join(', ')}`]),
  ];
}
