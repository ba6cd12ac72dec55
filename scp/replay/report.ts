/** What a replay found, counted by who, what and where. */
import type { DecidingStatement, Request } from '../../iam/index.js';

/** `newlyAllowed`: the guardrails no longer deny; other policies may. */
export type Verdict = 'newlyDenied' | 'newlyAllowed' | 'unchanged' | 'cannotTell';

/** One request of a record, with what would have become of it. */
export interface ReplayedRequest {
  readonly verdict: Verdict;
  readonly request: Request;
  readonly eventId: string;
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

  add({ verdict, request, eventId, by, missing }: ReplayedRequest): void {
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
    if (group.resources.length < MOST_EXAMPLES && !group.resources.includes(resource)) group.resources.push(resource);
    for (const one of by) {
      if (!group.by.some((known) => JSON.stringify(known) === JSON.stringify(one))) group.by.push(one);
    }
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

function callerOf({ principal, sessionIssuer }: Request): string {
  if (sessionIssuer !== undefined) return sessionIssuer;
  if (typeof principal === 'string') return principal;
  return 'service' in principal ? principal.service : principal.federated;
}
