/** The numbers of a scan, as tiles and trends show them. */
import type { Severity, Verdict } from '../../findings/index.js';
import type { Scan, ScanFinding, ScanUnit } from '../scan/index.js';

/** What is kept of a scan to draw its place in a trend. Findings are the open ones, unless archived is said. */
export interface ScanCounts {
  /** When the scan began, ISO 8601, UTC. */
  readonly started: string;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** Open findings that show an access, by what the organization's policies say of it. */
  readonly byReach: Readonly<Record<'reachable' | 'blocked' | 'cannot-tell', number>>;
  readonly archived: number;
  readonly controls: Readonly<Record<Verdict, number>>;
  readonly units: Readonly<Record<ScanUnit['status'], number>>;
}

/** Whether a finding counts: no archive rule sets it aside. */
export function isOpen({ archived }: ScanFinding): boolean {
  return archived === null;
}

/** Counts a scan. */
export function countScan({ started, findings, controls, units }: Scan): ScanCounts {
  const counts = {
    started,
    bySeverity: { error: 0, warning: 0, info: 0 },
    byReach: { reachable: 0, blocked: 0, 'cannot-tell': 0 },
    archived: 0,
    controls: { PASS: 0, FAIL: 0, SKIP: 0, NOT_EVALUATED: 0 },
    units: { complete: 0, partial: 0, failed: 0, skipped: 0 },
  };
  for (const finding of findings) {
    if (!isOpen(finding)) {
      counts.archived += 1;
      continue;
    }
    counts.bySeverity[finding.severity] += 1;
    if (finding.reach !== null) counts.byReach[finding.reach.verdict] += 1;
  }
  for (const { verdict } of controls) counts.controls[verdict] += 1;
  for (const { status } of units) counts.units[status] += 1;
  return counts;
}

/** How many open findings there are. */
export function openCount({ bySeverity: { error, warning, info } }: Pick<ScanCounts, 'bySeverity'>): number {
  return error + warning + info;
}

/** How many of these there are of each severity. */
export function bySeverity(findings: readonly { readonly severity: Severity }[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Accounts and Regions that a scan has looked at, skipped ones included. */
export function extent({ units }: Scan): { readonly accounts: number; readonly regions: number } {
  return {
    accounts: new Set(units.map(({ account }) => account.id)).size,
    regions: new Set(units.map(({ region }) => region).filter((region) => region !== 'global')).size,
  };
}

/** Things by a key, in the order in which keys come. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
