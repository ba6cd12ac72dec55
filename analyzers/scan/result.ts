/** What a finished part of a scan leaves behind: JSON, kept in the journal, from which the scan is put together. */
import type { Severity } from '../../findings/index.js';
import type { Check, CheckFinding } from './check.js';
import type { Reach } from './model.js';
import type { Json, ReadFailure } from './source.js';

/** A finding without what its check says of all of them. */
export interface StoredFinding {
  /** Id of the check. */
  readonly check: string;
  readonly arn: string;
  readonly type: string;
  readonly subject: string;
  readonly message: string;
  readonly help?: string;
  readonly severity?: Severity;
  readonly reach?: Reach;
  readonly since?: string;
  /** Where it differs from the part's. */
  readonly account?: string;
  readonly region?: string;
  /** Attributes that archive rules may ask for, in the words of Access Analyzer. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A failure with the ids of the checks that it keeps from telling; sorted. */
export interface StoredFailure extends ReadFailure {
  readonly checks: readonly string[];
}

export interface UnitResult {
  readonly account: string;
  readonly region: string;
  readonly outcome: 'read' | 'skipped' | 'closed';
  readonly failures: readonly StoredFailure[];
  /** Ids of the checks that found something to judge; sorted. */
  readonly concerned: readonly string[];
  readonly findings: readonly StoredFinding[];
  /** What checks across places took from here, by id. */
  readonly extracts: Readonly<Record<string, Json>>;
}

/** What all findings of a check share. */
export type CheckInfo = Pick<Check, 'id' | 'controls' | 'severity' | 'source' | 'title' | 'help'>;

/** A finding as it is kept. */
export function stored(check: CheckInfo, finding: CheckFinding): StoredFinding {
  const { resource, subject = '', message, help, severity, reach, since, account, region } = finding;
  return {
    check: check.id,
    arn: resource.arn,
    type: resource.type,
    subject,
    message,
    ...(help !== undefined && { help }),
    ...(severity !== undefined && { severity }),
    ...(reach !== undefined && { reach }),
    ...(since !== undefined && { since }),
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
  };
}

/** Sorted by what tells them apart, so that no order depends on which answer came first. */
export function sortedFailures(failures: readonly StoredFailure[]): readonly StoredFailure[] {
  return [...failures].sort(
    (a, b) => compare(a.step, b.step) || compare(a.code, b.code) || compare(a.message, b.message),
  );
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What one step of a part gave. */
export interface Part {
  readonly failures: readonly StoredFailure[];
  readonly concerned: readonly string[];
  readonly findings: readonly StoredFinding[];
  readonly extract?: readonly [string, Json];
}
