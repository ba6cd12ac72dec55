/**
 * Whom a plan hits, according to a trail: sessions that are cut off, what they were opened from, and sessions that go on
 * although a person who is cut off opened them.
 */
import { compilePolicies, evaluate } from '../../iam/index.js';
import type { CompiledSet, Policy, Request } from '../../iam/index.js';
import { requestsOfRecord } from '../../iam/cloudtrail/index.js';
import { get, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import { timeText } from './model.js';
import { policiesOf } from './plan.js';
import type { RevocationPlan } from './plan.js';
import { isSpared } from './request.js';

/** Sessions of one role, user or account that lose access. */
export interface HitPrincipal {
  /** The role behind the sessions, or the user. */
  readonly principal: string;
  readonly account: string;
  /** Whether only the policies of the management account deny it. */
  readonly isManagement: boolean;
  /** Different sessions. */
  sessions: number;
  calls: number;
  /** Source identity, or the name of the session. */
  readonly people: Set<string>;
}

/** Sessions that a revoked session opened and that the plan does not end. */
export interface ChainedSessions {
  readonly role: string;
  readonly sessions: Set<string>;
  /** The last one was opened then. */
  last: string;
}

/** Sign-ins through one identity provider. */
export interface SignIns {
  readonly provider: string;
  count: number;
  withoutSourceIdentity: number;
  /** Longest session asked for, in seconds. */
  longest: number;
}

/** What a trail says of a plan. */
export interface RevocationImpact {
  readonly records: number;
  /** Times of the first and the last record; `null` without records. */
  readonly from: string | null;
  readonly to: string | null;
  /** Most calls first. */
  readonly hit: readonly HitPrincipal[];
  readonly people: readonly string[];
  /** Sessions for which the records do not tell. */
  readonly cannotTell: number;
  /** Sessions in roles that are spared, opened by people who are cut off. */
  readonly spared: readonly string[];
  /** Names of sessions that differ from a revoked one in case only. */
  readonly spellings: readonly string[];
  readonly chained: readonly ChainedSessions[];
  readonly signIns: readonly SignIns[];
  /** IAM users called as somebody who is cut off: their keys go on. */
  readonly users: readonly { readonly arn: string; readonly id: string }[];
}

const ALL = { negated: false, patterns: ['*'] } as const;
const FULL: Policy = {
  version: '2012-10-17',
  statements: [{ effect: 'Allow', action: ALL, resource: ALL, conditions: [] }],
};

/** What a session is, and what becomes of it. */
interface Session {
  readonly outcome: 'hit' | 'goes on' | 'cannot tell';
  readonly role: string;
  readonly isManagement: boolean;
}

/** One call that opened a session. */
interface Opened {
  readonly by: string;
  readonly id: string;
  readonly role: string;
  readonly time: string;
}

/** Looks at records one after the other; memory grows with sessions, not with records. */
export class ImpactReader {
  private records = 0;
  private from: string | null = null;
  private to: string | null = null;
  private readonly sessions = new Map<string, Session>();
  private readonly hit = new Map<string, HitPrincipal>();
  private readonly spared = new Set<string>();
  private readonly spellings = new Set<string>();
  private readonly opened = new Map<string, Opened>();
  private readonly signIns = new Map<string, SignIns>();
  private readonly users = new Map<string, string>();
  private readonly names: ReadonlySet<string>;
  private readonly lowerNames: ReadonlySet<string>;
  /** When all of the plan is in force. */
  private readonly time: string;
  private readonly member: CompiledSet;
  private readonly management: CompiledSet;

  constructor(
    private readonly plan: RevocationPlan,
    private readonly managementAccount: string | undefined,
  ) {
    const targets = plan.policies.flatMap(({ document }) => document.revocations.map(({ target }) => target));
    this.names = new Set(targets.flatMap((target) => (target.kind === 'name' ? [target.name] : [])));
    this.lowerNames = new Set([...this.names].map((name) => name.toLowerCase()));
    const waits = targets.flatMap((target) => (target.kind === 'role' && target.scheduled ? [target.before] : []));
    this.time = timeText(Math.max(plan.now, ...waits));
    const none = { boundary: null, session: null, rcps: null, resource: null, vpcEndpoint: null };
    const { scps, twin } = policiesOf(plan);
    this.member = compilePolicies({ ...none, identity: [FULL], scps: [[FULL, ...scps]] });
    this.management = compilePolicies({ ...none, identity: [FULL, ...twin], scps: null });
  }

  /** @param record - One element of `Records`. */
  add(record: Value): void {
    if (!isMap(record)) return;
    this.records++;
    const time = textOf(record, 'eventTime') ?? '';
    if (time !== '' && (this.from === null || time < this.from)) this.from = time;
    if (time !== '' && (this.to === null || time > this.to)) this.to = time;
    this.addSignIn(record);
    // Who called does not hang on what was called, and not all of what is called is known.
    const reading = requestsOfRecord({ ...record, ...NEUTRAL });
    if (reading.kind !== 'requests') return;
    const { request } = reading.requests[0]!;
    const id = textIn(request, 'aws:userid');
    if (id === undefined || typeof request.principal !== 'string') return;
    const key = `${id} ${textIn(request, 'aws:TokenIssueTime') ?? ''}`;
    let session = this.sessions.get(key);
    if (session === undefined) {
      session = this.decide(request);
      this.sessions.set(key, session);
      this.note(request, session, id);
    }
    if (session.outcome === 'hit') this.hit.get(session.role)!.calls++;
    this.addOpened(record, request, key, time);
  }

  finish(): RevocationImpact {
    const hit = [...this.hit.values()].sort((a, b) => b.calls - a.calls || (a.principal < b.principal ? -1 : 1));
    return {
      records: this.records,
      from: this.from,
      to: this.to,
      hit,
      people: [...new Set(hit.flatMap(({ people }) => [...people]))].sort(),
      cannotTell: [...this.sessions.values()].filter(({ outcome }) => outcome === 'cannot tell').length,
      spared: [...this.spared].sort(),
      spellings: [...this.spellings].sort(),
      chained: this.chained(),
      signIns: [...this.signIns.values()].sort((a, b) => (a.provider < b.provider ? -1 : 1)),
      users: [...this.users].map(([arn, id]) => ({ arn, id })),
    };
  }

  private decide(request: Request): Session {
    const role = request.sessionIssuer ?? (request.principal as string);
    const isManagement =
      this.managementAccount !== undefined && textIn(request, 'aws:PrincipalAccount') === this.managementAccount;
    const context = { ...request.context, 'aws:CurrentTime': this.time };
    // The key is in sessions that IAM Identity Center gives, whether the record has it or not.
    const isOfIdentityCenter = role.includes(':role/aws-reserved/sso.amazonaws.com/');
    const hasUser = isOfIdentityCenter || Object.hasOwn(context, 'identitystore:UserId');
    const absent = [...(request.absent ?? []), ...(hasUser ? [] : ['identitystore:UserId'])];
    const { decision } = evaluate(
      isManagement ? this.management : this.member,
      { ...request, context, absent },
      { unknownContext: true },
    );
    const outcome = decision === 'ALLOW' ? 'goes on' : decision === 'UNDETERMINED' ? 'cannot tell' : 'hit';
    return { outcome, role, isManagement };
  }

  /** Counts a session that was not there before. */
  private note(request: Request, { outcome, role, isManagement }: Session, id: string): void {
    const name = id.includes(':') ? id.slice(id.indexOf(':') + 1) : undefined;
    const source = textIn(request, 'aws:SourceIdentity');
    const person = source ?? name ?? textIn(request, 'aws:username') ?? id;
    if (outcome === 'hit') {
      const account = textIn(request, 'aws:PrincipalAccount') ?? '';
      const known = this.hit.get(role) ?? {
        principal: role,
        account,
        isManagement,
        sessions: 0,
        calls: 0,
        people: new Set(),
      };
      known.sessions++;
      known.people.add(person);
      this.hit.set(role, known);
      return;
    }
    for (const each of [name, source]) {
      if (each === undefined) continue;
      if (!this.names.has(each) && this.lowerNames.has(each.toLowerCase())) this.spellings.add(each);
      if (this.names.has(each) && isSpared(role, this.plan.breakGlass)) this.spared.add(`${role} (${each})`);
    }
    const user = textIn(request, 'aws:username');
    if (user !== undefined && this.names.has(user)) this.users.set(role, id);
  }

  private addOpened(record: ValueMap, request: Request, by: string, time: string): void {
    if (textOf(record, 'eventName') !== 'AssumeRole' || textOf(record, 'errorCode') !== undefined) return;
    const answer = mapOf(record, 'responseElements');
    const role = textOf(mapOf(record, 'requestParameters'), 'roleArn');
    const id = textOf(mapOf(answer, 'assumedRoleUser'), 'assumedRoleId');
    const source = textOf(answer, 'sourceIdentity') ?? textIn(request, 'aws:SourceIdentity');
    // What carries the person's name is denied already.
    if (role === undefined || id === undefined) return;
    if (source !== undefined && this.names.has(source)) return;
    this.opened.set(`${by} ${id} ${time}`, { by, id, role, time });
  }

  /** Follows sessions from those that are cut off, over any number of roles. */
  private chained(): readonly ChainedSessions[] {
    const byCaller = groupBy(this.opened.values(), ({ by }) => by);
    const byId = groupBy(this.sessions.keys(), (key) => key.slice(0, key.lastIndexOf(' ')));
    const found = new Map<string, ChainedSessions>();
    const open = [...this.sessions].filter(([, { outcome }]) => outcome === 'hit').map(([key]) => key);
    const seen = new Set(open);
    for (const key of open) {
      for (const { id, role, time } of byCaller.get(key) ?? []) {
        // The session's token is from the time of the call, to the second or the next.
        const own = (byId.get(id) ?? []).filter((each) => isNear(each.slice(id.length + 1), time));
        const goesOn = own.filter((each) => this.sessions.get(each)?.outcome !== 'hit');
        for (const each of own) {
          if (seen.has(each)) continue;
          seen.add(each);
          open.push(each);
        }
        if (own.length > 0 && goesOn.length === 0) continue;
        if (own.length === 0 && this.endsSessions(role, id, time)) continue;
        const known = found.get(role) ?? { role, sessions: new Set<string>(), last: time };
        known.sessions.add(id);
        if (time > known.last) known.last = time;
        found.set(role, known);
      }
    }
    return [...found.values()].sort((a, b) => (a.role < b.role ? -1 : 1));
  }

  /** Whether the plan ends a session that has made no call yet. */
  private endsSessions(role: string, id: string, time: string): boolean {
    const name = id.slice(id.indexOf(':') + 1);
    if (this.names.has(name)) return true;
    return this.plan.policies.some(({ document }) =>
      document.revocations.some(
        ({ target }) => target.kind === 'role' && target.arn === role && Date.parse(time) < target.before,
      ),
    );
  }

  private addSignIn(record: ValueMap): void {
    const name = textOf(record, 'eventName');
    if (name !== 'AssumeRoleWithSAML' && name !== 'AssumeRoleWithWebIdentity') return;
    if (textOf(record, 'errorCode') !== undefined) return;
    const parameters = mapOf(record, 'requestParameters');
    const identity = mapOf(record, 'userIdentity');
    const provider = textOf(parameters, 'principalArn') ?? textOf(identity, 'identityProvider') ?? 'unknown provider';
    const known = this.signIns.get(provider) ?? { provider, count: 0, withoutSourceIdentity: 0, longest: 0 };
    const source = textOf(parameters, 'sourceIdentity') ?? textOf(mapOf(record, 'responseElements'), 'sourceIdentity');
    known.count++;
    if (source === undefined) known.withoutSourceIdentity++;
    const seconds = get(parameters, 'durationSeconds');
    if (typeof seconds === 'number') known.longest = Math.max(known.longest, seconds);
    this.signIns.set(provider, known);
  }
}

/** Any call, so that only the caller is read. */
const NEUTRAL = {
  eventSource: 'sts.amazonaws.com',
  eventName: 'GetCallerIdentity',
  eventType: 'AwsApiCall',
  requestParameters: null,
  resources: null,
} as const;

const NEAR = 5_000;

function isNear(issued: string, opened: string): boolean {
  const distance = Math.abs(Date.parse(issued) - Date.parse(opened));
  return Number.isNaN(distance) || distance <= NEAR;
}

function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function textOf(map: ValueMap, key: string): string | undefined {
  const value = get(map, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function mapOf(map: ValueMap, key: string): ValueMap {
  const value = get(map, key);
  return isMap(value) ? value : {};
}

function textIn({ context }: Request, key: string): string | undefined {
  const value = context[key];
  return typeof value === 'string' ? value : undefined;
}
