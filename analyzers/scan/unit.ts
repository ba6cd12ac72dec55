/** Scans one part: reads what the checks ask for, each thing once, and calls them. */
import type { AccessJudge } from './access.js';
import { REGION_DISABLED } from './errors.js';
import type { AcrossCheck, AccountFacts, Check, CheckContext, CheckOutcome, PlaceCheck } from './check.js';
import { GLOBAL_TYPES, neededBy } from './inside.js';
import { sortedFailures, stored } from './result.js';
import type { Part, StoredFailure, UnitResult } from './result.js';
import { listInside, modelOf, type ListInside } from './handlers.js';
import type { IamFacts, Listing, LiveResource, Place, ReadFailure, Reading, ScanReader } from './source.js';
import { GLOBAL, type Task } from './tasks.js';

/** What all parts of a scan share. */
export interface UnitScan {
  readonly reader: ScanReader;
  readonly checks: readonly Check[];
  readonly context: CheckContext;
  /** Region in which what is the same everywhere is read. */
  readonly homeRegion: string;
  /** Reads and judges the findings of Access Analyzer; `null` to leave them out. */
  readonly access: AccessJudge | null;
}

/** The code of a failure that is a fault of ours. */
export const FAULT = 'FAULT';

/**
 * Scans one part. Does not throw for what cannot be read: the result says so.
 *
 * @returns Equal answers of the reader give equal results.
 */
export async function scanUnit(task: Task, scan: UnitScan): Promise<UnitResult> {
  const { account, region, skip } = task;
  const nothing = { account: account.id, region, concerned: [], findings: [], extracts: {} };
  if (skip !== null) return { ...nothing, outcome: 'skipped', failures: [{ ...skip, checks: [] }] };
  const isAccount = region === GLOBAL;
  const place = { account: account.id, region: isAccount ? scan.homeRegion : region };
  const { managementAccount } = scan.context.organization;
  const checks = scan.checks.filter(
    (check): check is PlaceCheck | AcrossCheck =>
      isAt(check, isAccount) && (check.reads.only === undefined || account.id === managementAccount),
  );
  // Findings of the organization's analyzers are read where those are: accounts need not be entered for them.
  const closed = checks.length === 0 ? null : await scan.reader.access(place);
  const skipped = ({ step, code, message }: ReadFailure): UnitResult => ({
    ...nothing,
    outcome: 'skipped',
    failures: [{ step, code, message, checks: [] }],
  });
  // The account as a whole is in no Region: where the home Region is not enabled, it was not looked at.
  if (closed?.code === REGION_DISABLED && !isAccount) return skipped(closed);
  const parts: Part[] = [];
  if (closed !== null) {
    const ids = checks.map(({ id }) => id).sort();
    parts.push({ failures: [{ ...closed, checks: ids }], concerned: [], findings: [] });
  } else {
    const facts = new Facts(task, place.region, scan, checks);
    for (const check of checks) parts.push(await runCheck(check, facts, scan.context));
  }
  if (scan.access !== null) {
    const access = await scan.access.unit(task, scan.reader);
    const disabled = access.failures.find(({ code }) => code === REGION_DISABLED);
    if (disabled !== undefined && !isAccount) return skipped(disabled);
    parts.push(access);
  }
  const concerned = parts.flatMap((part) => part.concerned).sort();
  return {
    ...nothing,
    outcome: closed !== null && concerned.length === 0 ? 'closed' : 'read',
    failures: sortedFailures(parts.flatMap(({ failures }) => failures)),
    concerned,
    findings: parts.flatMap(({ findings }) => findings),
    extracts: Object.fromEntries(parts.flatMap(({ extract }) => (extract === undefined ? [] : [extract]))),
  };
}

function isAt(check: Check, isAccount: boolean): check is PlaceCheck | AcrossCheck {
  if (check.scope === 'organization') return false;
  return (check.scope === 'across' ? check.at : check.scope) === (isAccount ? 'account' : 'region');
}

async function runCheck(check: PlaceCheck | AcrossCheck, facts: Facts, context: CheckContext): Promise<Part> {
  const checks = [check.id];
  const failed = (failures: readonly ReadFailure[]): readonly StoredFailure[] =>
    failures.map((failure) => ({ ...failure, checks }));
  const unread = await facts.missing(check);
  if (unread.isClosed) return { failures: failed(unread.failures), concerned: [], findings: [] };
  try {
    const view = facts.view(check);
    if (check.scope === 'across') {
      const value = check.extract(view, context);
      return {
        failures: failed(unread.failures),
        concerned: [],
        findings: [],
        ...(value !== null && { extract: [check.id, value] as const }),
      };
    }
    return partOf(check, check.check(view, context), unread.failures);
  } catch (error) {
    return { failures: failed([...unread.failures, faultOf(check.id, error)]), concerned: [], findings: [] };
  }
}

/** What a check said, as it is kept. */
export function partOf(check: Check, outcome: CheckOutcome, before: readonly ReadFailure[] = []): Part {
  const checks = [check.id];
  return {
    failures: [...before, ...(outcome.failures ?? [])].map((failure) => ({ ...failure, checks })),
    concerned: outcome.concerned === false ? [] : checks,
    findings: outcome.findings.map((finding) => stored(check, finding)),
  };
}

/** A check that fails must not end a scan of hours; the command tells that it is our fault. */
export function faultOf(step: string, error: unknown): ReadFailure {
  return { step, code: FAULT, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

/** The things read for one part, each once. */
class Facts {
  private readonly listings = new Map<string, Promise<Listing<LiveResource>>>();
  private readonly read = new Map<string, readonly LiveResource[]>();
  private iamReading: Promise<Reading<IamFacts>> | null = null;
  private iamFacts: IamFacts | null = null;

  private readonly types: ReadonlySet<string>;

  constructor(
    private readonly task: Task,
    private readonly region: string,
    private readonly scan: UnitScan,
    checks: readonly (PlaceCheck | AcrossCheck)[],
  ) {
    this.types = new Set(checks.flatMap(({ reads }) => reads.resources ?? []));
  }

  /** Reads what a check needs. `isClosed`: too much is missing for the check to be called. */
  async missing({ reads }: PlaceCheck | AcrossCheck): Promise<{ failures: readonly ReadFailure[]; isClosed: boolean }> {
    const failures: ReadFailure[] = [];
    let isClosed = false;
    if (reads.iam === true) {
      this.iamReading ??= this.scan.reader.iam(this.task.account.id);
      const { value, failure } = await this.iamReading;
      this.iamFacts = value;
      if (failure !== null) {
        failures.push(failure);
        isClosed = true;
      }
    }
    for (const type of reads.resources ?? []) {
      const listing = await this.listing(type);
      this.read.set(type, listing.items);
      failures.push(...listing.failures);
      isClosed ||= listing.failures.length > 0 && reads.whole === true;
    }
    return { failures, isClosed };
  }

  view({ reads }: PlaceCheck | AcrossCheck): AccountFacts {
    const { id, name, path } = this.task.account;
    return {
      account: { id, name, path },
      region: this.task.region,
      resources: (type) => {
        if (!(reads.resources ?? []).includes(type)) {
          throw new RangeError(`the check does not say that it reads ${type}`);
        }
        return this.read.get(type)!;
      },
      iam: () => {
        if (reads.iam !== true) throw new RangeError('the check does not say that it reads IAM');
        return this.iamFacts!;
      },
    };
  }

  private listing(type: string): Promise<Listing<LiveResource>> {
    let listing = this.listings.get(type);
    if (listing === undefined) {
      listing = this.ask(type);
      this.listings.set(type, listing);
    }
    return listing;
  }

  /** What cannot be there is not asked for. */
  private async ask(type: string): Promise<Listing<LiveResource>> {
    const needed = neededBy(type);
    if (needed !== null && this.types.has(needed)) {
      const { items, failures } = await this.listing(needed);
      if (items.length === 0 && failures.length === 0) return { items: [], failures: [] };
    }
    const region = GLOBAL_TYPES.has(type) ? this.scan.homeRegion : this.region;
    const place = { account: this.task.account.id, region };
    const inside = listInside(type);
    return inside === null
      ? this.scan.reader.resources(place, type)
      : this.within(place, type, inside, await this.listing(inside.parent));
  }

  /** Lists what is in each parent. What cannot be told of the parents is missing of their resources, too. */
  private async within(
    place: Place,
    type: string,
    inside: ListInside,
    parents: Listing<LiveResource>,
  ): Promise<Listing<LiveResource>> {
    const items: LiveResource[] = [];
    const failures = parents.failures.map((failure) => ({ ...failure, message: `${type}: ${failure.message}` }));
    for (const parent of parents.items) {
      const model = modelOf(inside, parent.properties);
      if (model === null) {
        const message = `${type}: ${inside.parent} ${parent.identifier} does not tell ${Object.values(inside.model).join(', ')}`;
        failures.push({ step: 'ListResources', code: 'UNREAD', message });
        continue;
      }
      const listing = await this.scan.reader.resources(place, type, model);
      items.push(...listing.items);
      failures.push(...listing.failures);
    }
    return { items, failures };
  }
}
