/** What a replay found, counted by who, what and where. */
import type { DecidingStatement, Request } from '../../iam/index.js';

/** `newlyAllowed`: the guardrails no longer deny; other policies may. */
export type Verdict = 'newlyDenied' | 'newlyAllowed' | 'unchanged' | 'cannotTell';

/** One request of a record, with what would have become of it. */
export interface ReplayedRequest {
  readonly verdict: Verdict;
  readonly request: Pick<Request, 'principal' | 'sessionIssuer' | 'action' | 'resource'>;
  /** Statements that deny it now. */
  readonly by: readonly DecidingStatement[];
  /** What the answer hangs on, when it cannot be told. */
  readonly missing: readonly string[];
}

/** Requests alike: one caller, one action, one verdict. */
export interface ReplayGroup {
  readonly verdict: Exclude<Verdict, 'unchanged'>;
  /** The user or the role behind the session, or the service. */
  readonly principal: string;
  readonly account: string;
  readonly service: string;
  readonly action: string;
  count: number;
  /** The first few. */
  readonly events: string[];
  readonly resources: string[];
  readonly by: DecidingStatement[];
  readonly missing: Set<string>;
}

const MOST_EXAMPLES = 3;
const VERDICTS: readonly Verdict[] = ['newlyDenied', 'newlyAllowed', 'unchanged', 'cannotTell'];

/** A report as plain data, to be handed from one thread to another. */
export interface ReportData {
  readonly records: number;
  readonly duplicates: number;
  readonly noDecision: number;
  readonly requests: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly incomplete: readonly (readonly [
    reason: string,
    found: { readonly count: number; readonly events: readonly string[] },
  ])[];
  readonly groups: readonly (readonly [key: string, group: ReplayGroup])[];
}

/** Grows with what differs, not with the trail. */
export class ReplayReport {
  records = 0;
  duplicates = 0;
  noDecision = 0;
  requests = 0;
  readonly counts: Record<Verdict, number> = { newlyDenied: 0, newlyAllowed: 0, unchanged: 0, cannotTell: 0 };
  /** Records that do not hold enough, by reason. */
  readonly incomplete = new Map<string, { count: number; readonly events: string[] }>();
  private readonly byKey = new Map<string, ReplayGroup>();

  /** What another thread is given. */
  data(): ReportData {
    const { records, duplicates, noDecision, requests, counts } = this;
    return {
      records,
      duplicates,
      noDecision,
      requests,
      counts,
      incomplete: [...this.incomplete],
      groups: [...this.byKey],
    };
  }

  /** Adds what was found in records that come after those of this report. */
  addAll(other: ReportData): void {
    this.records += other.records;
    this.duplicates += other.duplicates;
    this.noDecision += other.noDecision;
    this.requests += other.requests;
    for (const verdict of VERDICTS) this.counts[verdict] += other.counts[verdict];
    for (const [reason, { count, events }] of other.incomplete) {
      const known = this.incomplete.get(reason) ?? { count: 0, events: [] };
      this.incomplete.set(reason, {
        count: known.count + count,
        events: [...known.events, ...events].slice(0, MOST_EXAMPLES),
      });
    }
    for (const [key, group] of other.groups) {
      const known = this.byKey.get(key);
      if (known === undefined) {
        this.byKey.set(key, group);
        continue;
      }
      known.count += group.count;
      known.events.push(...group.events.slice(0, MOST_EXAMPLES - known.events.length));
      for (const resource of group.resources) addExample(known.resources, resource);
      for (const one of group.by) addStatement(known.by, one);
      for (const one of group.missing) known.missing.add(one);
    }
  }

  addIncomplete(reason: string, eventId: string): void {
    const known = this.incomplete.get(reason);
    if (known === undefined) this.incomplete.set(reason, { count: 1, events: [eventId] });
    else {
      known.count++;
      if (known.events.length < MOST_EXAMPLES) known.events.push(eventId);
    }
  }

  /** Some requests of which nothing changes. */
  addUnchanged(count: number): void {
    this.requests += count;
    this.counts.unchanged += count;
  }

  add({ verdict, request, by, missing }: ReplayedRequest, eventId: string): void {
    this.requests++;
    this.counts[verdict]++;
    if (verdict === 'unchanged') return;
    const principal = callerOf(request);
    const { action, resource } = request;
    const key = `${verdict} ${principal} ${action}`;
    let group = this.byKey.get(key);
    if (group === undefined) {
      group = {
        verdict,
        principal,
        account: /^arn:[^:]*:[^:]*::(\d{12}):/.exec(principal)?.[1] ?? '',
        service: action.slice(0, action.indexOf(':')),
        action,
        count: 0,
        events: [],
        resources: [],
        by: [],
        missing: new Set(),
      };
      this.byKey.set(key, group);
    }
    group.count++;
    if (group.events.length < MOST_EXAMPLES) group.events.push(eventId);
    addExample(group.resources, resource);
    for (const one of by) addStatement(group.by, one);
    for (const one of missing) group.missing.add(one);
  }

  /** Those with most requests first. */
  groups(verdict?: Verdict): readonly ReplayGroup[] {
    return [...this.byKey.values()]
      .filter((group) => verdict === undefined || group.verdict === verdict)
      .sort((a, b) => b.count - a.count || (a.principal + a.action < b.principal + b.action ? -1 : 1));
  }

  /** How many requests of a verdict each principal, account, service or action has; most first. */
  totals(
    verdict: Verdict,
    by: 'principal' | 'account' | 'service' | 'action',
  ): readonly (readonly [name: string, count: number])[] {
    const totals = new Map<string, number>();
    for (const group of this.groups(verdict)) totals.set(group[by], (totals.get(group[by]) ?? 0) + group.count);
    return [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
}

function addExample(examples: string[], one: string): void {
  if (examples.length < MOST_EXAMPLES && !examples.includes(one)) examples.push(one);
}

function addStatement(statements: DecidingStatement[], one: DecidingStatement): void {
  if (!statements.some((known) => JSON.stringify(known) === JSON.stringify(one))) statements.push(one);
}

function callerOf({ principal, sessionIssuer }: ReplayedRequest['request']): string {
  if (sessionIssuer !== undefined) return sessionIssuer;
  if (typeof principal === 'string') return principal;
  return 'service' in principal ? principal.service : principal.federated;
}
