/**
 * One scan: what it consists of, how a part of it is scanned, how it is put together. Whoever runs the parts, here or
 * elsewhere, gets the same scan.
 */
import { parametersOf } from '../../organization/index.js';
import type { Organization, OrganizationalUnit, Target } from '../../organization/index.js';
import { AccessJudge } from './access.js';
import { ACCESS_CHECKS } from './access-checks.js';
import type { Archive } from './archive.js';
import { assembleScan, type EarlierScan, type WatchedControl } from './assemble.js';
import type { Check, CheckContext } from './check.js';
import type { JournalHeader, OrganizationRecord } from './journal.js';
import type { Scan } from './model.js';
import { OWN_CONTROL_CHECKS } from './own-controls.js';
import { OWN_STACK_CHECKS } from './own-stacks.js';
import { ReachJudge } from './reach.js';
import type { CheckInfo, UnitResult } from './result.js';
import type { Json, OrganizationFacts, ScanReader } from './source.js';
import { planTasks, type Selection, type Task } from './tasks.js';
import type { UnitScan } from './unit.js';

/** What is asked of a scan. */
export interface ScanPlan {
  /** All checks that there are, those of Access Analyzer and of our own controls not among them. */
  readonly checks: readonly Check[];
  /** Only checks of these controls; `null`: all. */
  readonly controls: readonly string[] | null;
  readonly selection: Selection;
  readonly homeRegion: string;
  /** Controls that a scan or an attestation watches. */
  readonly watched: readonly WatchedControl[];
}

/** The checks of a plan that are asked for, those of our own controls among them. */
export function checksOf({ checks, controls }: Pick<ScanPlan, 'checks' | 'controls'>): readonly Check[] {
  return [...checks, ...OWN_CONTROL_CHECKS, ...OWN_STACK_CHECKS].filter((check) => isWantedBy(controls, check));
}

function isWantedBy(controls: readonly string[] | null, check: CheckInfo): boolean {
  return controls === null || check.controls.some((control) => controls.includes(control));
}

/** Whether any check of Access Analyzer is asked for. */
export function asksAnalyzers({ controls }: Pick<ScanPlan, 'controls'>): boolean {
  return ACCESS_CHECKS.some((check) => isWantedBy(controls, check));
}

/** A scan whose organization is known. */
export class OrganizationScan {
  readonly tasks: readonly Task[];
  private readonly context: CheckContext;
  private readonly checks: readonly Check[];
  private readonly reach: ReachJudge;

  constructor(
    private readonly plan: ScanPlan,
    private readonly header: JournalHeader,
    private readonly record: OrganizationRecord,
  ) {
    const { facts } = record;
    this.tasks = planTasks(facts, plan.selection);
    this.checks = checksOf(plan);
    this.reach = new ReachJudge(facts);
    const known = new Map<string, Readonly<Record<string, Json>>>();
    this.context = {
      organization: facts,
      started: header.started,
      parameters: (account) => {
        const parameters = known.get(account) ?? parametersAt(facts, account);
        known.set(account, parameters);
        return parameters;
      },
    };
  }

  /** What scans its parts. */
  unitScan(reader: ScanReader): UnitScan {
    const { homeRegion } = this.plan;
    const { analyzers, via } = this.record;
    const { reach, context } = this;
    const options = { analyzers, via, homeRegion, context, reach, isWanted: this.isWanted };
    const access = asksAnalyzers(this.plan) ? new AccessJudge(options) : null;
    return { reader, checks: this.checks, context, homeRegion, access };
  }

  /** @param results - By `taskKey`; one for each task. @throws RangeError when one is missing. */
  assemble(results: ReadonlyMap<string, UnitResult>, archive: Archive | null, earlier: EarlierScan | null): Scan {
    const { context, tasks, checks, isWanted } = this;
    const { selection, controls, watched } = this.plan;
    return assembleScan({
      tool: this.header.tool,
      context,
      tasks,
      results,
      checks,
      isWanted,
      isWhole: selection.accounts.length === 0 && selection.units.length === 0,
      controls: watched,
      asked: controls,
      archive,
      earlier,
    });
  }

  private readonly isWanted = (check: CheckInfo): boolean => isWantedBy(this.plan.controls, check);
}

/** The parameters of the description at an account, found by its id or else by the names of its units. */
function parametersAt({ described, accounts }: OrganizationFacts, id: string): Readonly<Record<string, Json>> {
  if (described === null) return {};
  const path = accounts.find((account) => account.id === id)?.path ?? [];
  return parametersOf(pathIn(described, id, path));
}

function pathIn({ root }: Organization, id: string, names: readonly string[]): readonly Target[] {
  const path: Target[] = [root];
  let at: Exclude<Target, { readonly kind: 'account' }> = root;
  for (const name of names) {
    const next: OrganizationalUnit | undefined = at.units.find((unit) => unit.name === name);
    if (next === undefined) break;
    path.push(next);
    at = next;
  }
  const account = at.accounts.find((each) => each.id === id);
  return account === undefined ? path : [...path, account];
}
