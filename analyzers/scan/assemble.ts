/** Puts a scan together from its finished parts. Equal parts give equal scans, in whatever order they were finished. */
import { createHash } from 'node:crypto';
import type { Severity, Verdict } from '../../findings/index.js';
import { ACCESS_CHECKS } from './access-checks.js';
import type { Archive } from './archive.js';
import type { AcrossCheck, Check, CheckContext, Extract } from './check.js';
import type { AccountRef, ControlResult, Scan, ScanChanges, ScanFinding, ScanUnit, UnitFailure } from './model.js';
import {
  type CheckInfo,
  type Part,
  type StoredFailure,
  type StoredFinding,
  type UnitResult,
  compare,
  sortedFailures,
} from './result.js';
import { GLOBAL, taskKey, type Task } from './tasks.js';
import { faultOf, partOf } from './unit.js';

/** A control that a scan or an attestation watches. */
export interface WatchedControl {
  readonly id: string;
  readonly title: string;
  /** Why no check watches it; `''` when one does. */
  readonly reason: string;
}

/** What an earlier scan found. */
export interface EarlierScan {
  readonly started: string;
  readonly fingerprints: ReadonlySet<string>;
}

export interface AssembleOptions {
  readonly tool: Scan['tool'];
  readonly context: CheckContext;
  readonly tasks: readonly Task[];
  /** By `taskKey`; one for each task. */
  readonly results: ReadonlyMap<string, UnitResult>;
  /** The checks that were run, those of Access Analyzer not among them. */
  readonly checks: readonly Check[];
  /** Whether checks of Access Analyzer were asked for. */
  readonly isWanted: (check: CheckInfo) => boolean;
  /** Whether the tasks are those of the whole organization. */
  readonly isWhole: boolean;
  readonly controls: readonly WatchedControl[];
  /** Only these are told of; `null`: all. */
  readonly asked: readonly string[] | null;
  readonly archive: Archive | null;
  readonly earlier: EarlierScan | null;
}

/**
 * Puts a scan together. Checks of the organization and across places are called here.
 *
 * @throws RangeError when a task has no result.
 */
export function assembleScan(options: AssembleOptions): Scan {
  const { tool, context, tasks, results, checks, isWanted, archive, earlier } = options;
  const { organization, started } = context;
  const infos = new Map<string, CheckInfo>(
    [...checks, ...ACCESS_CHECKS.filter(isWanted)].map((each) => [each.id, each]),
  );
  const accounts = new Map(organization.accounts.map(({ id, name, path }) => [id, { id, name, path }]));
  const whole = wholeParts(options);
  const concerned = new Set(whole.flatMap((part) => part.concerned));
  const maker = new FindingMaker(infos, accounts, archive);
  const units: ScanUnit[] = [];
  const failures: StoredFailure[] = [];
  const management = { account: organization.managementAccount, region: GLOBAL };
  for (const task of tasks) {
    const result = results.get(taskKey({ account: task.account.id, region: task.region }));
    if (result === undefined) throw new RangeError(`${task.account.id} ${task.region} was not scanned`);
    const isManagement = taskKey(result) === taskKey(management);
    const own = isManagement
      ? sortedFailures([...result.failures, ...whole.flatMap((part) => part.failures)])
      : result.failures;
    units.push(unitOf(task, result, own, infos));
    failures.push(...(result.outcome === 'skipped' ? [] : own));
    for (const id of result.concerned) concerned.add(id);
    for (const finding of result.findings) maker.add(finding, result);
  }
  if (!results.has(taskKey(management))) failures.push(...whole.flatMap((part) => part.failures));
  for (const finding of whole.flatMap((part) => part.findings)) maker.add(finding, management);
  const findings = maker.finish();
  return {
    version: 1,
    tool,
    organization: { id: organization.id, managementAccount: organization.managementAccount },
    started,
    units,
    findings,
    controls: controlResults(options, infos, findings, failures, concerned),
    changes: earlier === null ? null : changesSince(earlier, findings),
  };
}

/** What is judged from all places together. */
function wholeParts({ checks, context, tasks, results, isWhole }: AssembleOptions): readonly Part[] {
  return checks.flatMap((check): readonly Part[] => {
    if (check.scope !== 'organization' && check.scope !== 'across') return [];
    try {
      if (check.scope === 'organization') return [partOf(check, check.check(context))];
      const { extracts, isComplete } = extractsOf(check, tasks, results);
      return [partOf(check, check.conclude(extracts, isWhole && isComplete, context))];
    } catch (error) {
      return [{ failures: [{ ...faultOf(check.id, error), checks: [check.id] }], concerned: [], findings: [] }];
    }
  });
}

function extractsOf(
  { id, at }: AcrossCheck,
  tasks: readonly Task[],
  results: ReadonlyMap<string, UnitResult>,
): { readonly extracts: readonly Extract[]; readonly isComplete: boolean } {
  const extracts: Extract[] = [];
  let isComplete = true;
  for (const { account, region, skip } of tasks) {
    if (skip !== null || (region === GLOBAL) !== (at === 'account')) continue;
    const result = results.get(taskKey({ account: account.id, region }));
    if (result === undefined || result.outcome === 'skipped') continue;
    isComplete &&= result.outcome === 'read' && !result.failures.some(({ checks }) => checks.includes(id));
    const value = Object.hasOwn(result.extracts, id) ? result.extracts[id]! : null;
    const { name, path } = account;
    if (value !== null) extracts.push({ account: { id: account.id, name, path }, region, value });
  }
  return { extracts, isComplete };
}

function unitOf(
  { account: { id, name, path }, region }: Task,
  result: UnitResult,
  failures: readonly StoredFailure[],
  infos: ReadonlyMap<string, CheckInfo>,
): ScanUnit {
  const read = failures.length === 0 ? 'complete' : 'partial';
  const status = { read, skipped: 'skipped', closed: 'failed' } as const;
  return {
    account: { id, name, path },
    region,
    status: status[result.outcome],
    failures: toldFailures(failures, infos),
  };
}

/** Failures as they are told: one for each step, code and message, with the controls of all checks that it hits. */
function toldFailures(
  failures: readonly StoredFailure[],
  infos: ReadonlyMap<string, CheckInfo>,
): readonly UnitFailure[] {
  const told = new Map<string, { readonly failure: StoredFailure; readonly controls: Set<string> }>();
  for (const failure of failures) {
    const key = JSON.stringify([failure.step, failure.code, failure.message]);
    const known = told.get(key) ?? { failure, controls: new Set<string>() };
    for (const check of failure.checks) {
      for (const control of infos.get(check)?.controls ?? []) known.controls.add(control);
    }
    told.set(key, known);
  }
  return [...told.values()].map(({ failure: { step, code, message }, controls }) => ({
    step,
    code,
    message,
    controls: [...controls].sort(),
  }));
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Makes findings of what was kept, in the order of a scan. */
class FindingMaker {
  private readonly made: ScanFinding[] = [];
  private readonly controls = new Map<string, readonly string[]>();

  constructor(
    private readonly infos: ReadonlyMap<string, CheckInfo>,
    private readonly accounts: ReadonlyMap<string, AccountRef>,
    private readonly archive: Archive | null,
  ) {}

  add(finding: StoredFinding, place: { readonly account: string; readonly region: string }): void {
    const info = this.infos.get(finding.check);
    // A check that is not asked for any more has no say, whatever an earlier run has kept.
    if (info === undefined) return;
    const { check, arn, type, subject, message, reach = null, since = null, attributes = {} } = finding;
    const id = finding.account ?? place.account;
    const region = finding.region ?? place.region;
    const account = this.accounts.get(id) ?? { id, name: '', path: [] };
    const controls = this.controls.get(check) ?? [...info.controls].sort();
    this.controls.set(check, controls);
    const plain = {
      fingerprint: fingerprintOf([check, id, region, arn, subject]),
      checkId: check,
      controls,
      severity: finding.severity ?? info.severity,
      source: info.source,
      account,
      region,
      resource: { arn, type },
      subject,
      title: info.title,
      message,
      help: finding.help ?? info.help,
      reach,
      since,
    };
    const ruled = this.archive?.of({ ...plain, attributes }) ?? null;
    this.made.push({ ...plain, archived: ruled ?? (attributes['status'] === 'ARCHIVED' ? IN_ANALYZER : null) });
  }

  /** Sorted, each with a fingerprint of its own. */
  finish(): readonly ScanFinding[] {
    this.made.sort(
      (a, b) =>
        RANK[a.severity] - RANK[b.severity] ||
        compare(a.checkId, b.checkId) ||
        compare(a.account.id, b.account.id) ||
        compare(a.region, b.region) ||
        compare(a.resource.arn, b.resource.arn) ||
        compare(a.subject, b.subject) ||
        compare(a.message, b.message) ||
        compare(a.since ?? '', b.since ?? ''),
    );
    const seen = new Map<string, number>();
    return this.made.map((finding) => {
      const occurrence = seen.get(finding.fingerprint) ?? 0;
      seen.set(finding.fingerprint, occurrence + 1);
      if (occurrence === 0) return finding;
      return { ...finding, fingerprint: fingerprintOf([finding.fingerprint, String(occurrence)]) };
    });
  }
}

/** A finding that somebody has archived in Access Analyzer. */
const IN_ANALYZER: NonNullable<ScanFinding['archived']> = {
  rule: 'Access Analyzer',
  reason: 'archived in Access Analyzer, by a rule there or by hand',
  owner: '',
  expires: null,
};

function fingerprintOf(parts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([1, ...parts]))
    .digest('hex')
    .slice(0, 32);
}

function controlResults(
  { controls: watched, asked }: Pick<AssembleOptions, 'controls' | 'asked'>,
  infos: ReadonlyMap<string, CheckInfo>,
  findings: readonly ScanFinding[],
  failures: readonly StoredFailure[],
  concerned: ReadonlySet<string>,
): readonly ControlResult[] {
  const counts = new Map<string, number>();
  for (const { archived, controls } of findings) {
    if (archived === null) for (const control of controls) counts.set(control, (counts.get(control) ?? 0) + 1);
  }
  const open = new Map<string, Map<string, number>>();
  for (const { code, step, checks } of failures) {
    for (const control of new Set(checks.flatMap((check) => infos.get(check)?.controls ?? []))) {
      const reasons = open.get(control) ?? new Map<string, number>();
      const reason = `${step}: ${code}`;
      open.set(control, reasons.set(reason, (reasons.get(reason) ?? 0) + 1));
    }
  }
  const checked = new Set([...infos.values()].flatMap(({ controls }) => controls));
  const touched = new Set(
    [...infos.values()].filter(({ id }) => concerned.has(id)).flatMap(({ controls }) => controls),
  );
  const titles = new Map(watched.map((control) => [control.id, control]));
  const told = asked ?? [...titles.keys(), ...checked];
  return [...new Set(told)].sort().map((control) => {
    const count = counts.get(control) ?? 0;
    const reasons = open.get(control);
    const { title = control, reason = '' } = titles.get(control) ?? {};
    const says = (verdict: Verdict, why: string): ControlResult => ({
      control,
      title,
      verdict,
      findings: count,
      reason: why,
    });
    if (count > 0) return says('FAIL', '');
    if (reasons !== undefined) return says('NOT_EVALUATED', reasonText(reasons));
    if (touched.has(control)) return says('PASS', '');
    return says(
      'SKIP',
      checked.has(control) ? 'nothing there concerns it' : reason === '' ? 'its checks were not asked for' : reason,
    );
  });
}

function reasonText(reasons: ReadonlyMap<string, number>): string {
  const sorted = [...reasons].sort(([a, m], [b, n]) => n - m || compare(a, b));
  const shown = sorted.slice(0, 3).map(([reason, count]) => (count === 1 ? reason : `${reason} (${count} times)`));
  return `${shown.join('; ')}${sorted.length > 3 ? `; and ${sorted.length - 3} more` : ''}`;
}

function changesSince({ started, fingerprints }: EarlierScan, findings: readonly ScanFinding[]): ScanChanges {
  const now = new Set(findings.map(({ fingerprint }) => fingerprint));
  return {
    since: started,
    appeared: [...now].filter((each) => !fingerprints.has(each)).sort(),
    gone: [...fingerprints].filter((each) => !now.has(each)).sort(),
  };
}
