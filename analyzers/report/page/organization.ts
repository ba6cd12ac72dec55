/** Findings by organizational unit and by account. */
import type { AccountRef, Scan, ScanFinding, ScanUnit } from '../../scan/index.js';
import { bySeverity, groupBy, isOpen } from '../counts.js';
import { counted, number, type View } from './document.js';
import { markup, type Markup, NONE } from './markup.js';
import { linkedCount, listing, type Row, severityBar, table } from './parts.js';
import { accountName, ROOT } from './scan-data.js';

/** Accounts that are listed, those with most findings. */
const LISTED = 40;

/** Findings that nothing blocks. */
export function reachable(findings: readonly ScanFinding[]): number {
  return findings.filter(({ reach }) => reach?.verdict === 'reachable').length;
}

interface UnitRow {
  readonly path: readonly string[];
  readonly findings: ScanFinding[];
  readonly accounts: Set<string>;
  readonly unread: Set<string>;
}

/** What lies in each unit and below it, from the root on; a unit comes after the one above it. */
function unitRows(findings: readonly ScanFinding[], units: readonly ScanUnit[]): UnitRow[] {
  const rows = new Map<string, UnitRow>();
  const above = ({ path }: AccountRef): UnitRow[] =>
    [ROOT, ...path].map((_, last, whole) => {
      const own = whole.slice(0, last + 1);
      const key = JSON.stringify(own);
      const known = rows.get(key);
      if (known) return known;
      const row: UnitRow = { path: own, findings: [], accounts: new Set(), unread: new Set() };
      rows.set(key, row);
      return row;
    });
  for (const { account, status } of units) {
    for (const row of above(account)) {
      row.accounts.add(account.id);
      if (status !== 'complete') row.unread.add(account.id);
    }
  }
  for (const finding of findings) for (const row of above(finding.account)) row.findings.push(finding);
  return [...rows.values()].sort((a, b) => comparePaths(a.path, b.path));
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (const [level, name] of a.entries()) {
    const other = b[level];
    if (other === undefined) return 1;
    if (name !== other) return name < other ? -1 : 1;
  }
  return a.length - b.length;
}

/** A table of units. @param isBrief - Only the units directly below the root. */
export function unitTable(
  open: readonly ScanFinding[],
  units: readonly ScanUnit[],
  id: string,
  isBrief: boolean,
): Markup {
  const all = unitRows(open, units);
  const shown = isBrief ? all.filter(({ path }) => path.length === 2) : all;
  const chosen = isBrief && shown.length === 0 ? all : shown;
  const most = Math.max(...chosen.map(({ findings }) => findings.length), 0);
  const rows = chosen.map(({ path, findings, accounts, unread }): Row => {
    const ou = [path.join('/')];
    const counts = bySeverity(findings);
    const name = markup`<a class="level-${Math.min(isBrief ? 0 : path.length - 1, 6)}" href="#${listing({ ou })}"
      >${path.at(-1)!}</a
    >`;
    return {
      cells: [
        { body: name, sort: path.join('/') },
        { body: severityBar(counts, most), sort: findings.length },
        linkedCount(counts.error, listing({ ou, severity: ['error'] })),
        linkedCount(counts.warning, listing({ ou, severity: ['warning'] })),
        ...(isBrief ? [] : [linkedCount(counts.info, listing({ ou, severity: ['info'] }))]),
        linkedCount(reachable(findings), listing({ ou, reach: ['reachable'] })),
        { body: number(accounts.size), sort: accounts.size },
        ...(isBrief ? [] : [linkedCount(unread.size, 'view=coverage')]),
      ],
    };
  });
  const headings = [
    { label: 'Unit' },
    { label: 'Severity', bars: true },
    { label: 'Errors', numeric: true },
    { label: 'Warnings', numeric: true },
    ...(isBrief ? [] : [{ label: 'Infos', numeric: true }]),
    { label: 'Reachable', numeric: true },
    { label: 'Accounts', numeric: true },
    ...(isBrief ? [] : [{ label: 'Not read in full', numeric: true }]),
  ];
  return table(id, headings, rows, 'No account was scanned.');
}

/** The view. */
export function organization(scan: Scan): View {
  const open = scan.findings.filter(isOpen);
  const all = [...groupBy(open, ({ account }) => accountName(account))].sort(([, a], [, b]) => b.length - a.length);
  const most = all[0]?.[1].length ?? 0;
  const top = all.slice(0, LISTED);
  const rows = top.map(([account, findings]): Row => {
    const counts = bySeverity(findings);
    return {
      cells: [
        {
          body: markup`<a href="#${listing({ account: [account] })}">${account}</a
            ><small>${findings[0]!.account.path.join('/')}</small>`,
          sort: account,
        },
        { body: severityBar(counts, most), sort: findings.length },
        linkedCount(counts.error, listing({ account: [account], severity: ['error'] })),
        linkedCount(counts.warning, listing({ account: [account], severity: ['warning'] })),
        linkedCount(counts.info, listing({ account: [account], severity: ['info'] })),
        linkedCount(reachable(findings), listing({ account: [account], reach: ['reachable'] })),
      ],
    };
  });
  const headings = [
    { label: 'Account' },
    { label: 'Severity', bars: true },
    { label: 'Errors', numeric: true },
    { label: 'Warnings', numeric: true },
    { label: 'Infos', numeric: true },
    { label: 'Reachable', numeric: true },
  ];
  const rest = all.length - top.length;
  return {
    id: 'organization',
    title: 'Organization',
    count: null,
    body: markup`<article>
        <h2>Organizational units</h2>
        ${unitTable(open, scan.units, 'units', false)}
      </article>
      <article>
        <h2>Accounts with open findings</h2>
        ${table('accounts', headings, rows, 'No account has open findings.')}${
          rest > 0
            ? markup`<p class="note">
                and ${counted(rest, 'more account', 'more accounts')}; the filter of
                <a href="#view=findings">Findings</a> lists all
              </p>`
            : NONE
        }
      </article>`,
  };
}
