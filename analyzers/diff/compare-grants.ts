/** What resources allow by policies of their own, before and after. */
import type { ApplicablePolicies, Condition, Policy, Request, Statement } from '../../iam/index.js';
import { referenceEvaluate } from '../../iam/index.js';
import type { DocumentKind } from '../../iam/prove/index.js';
import { decidedBy, kindWord, NO_POLICIES, requestWords, subjectOf, whoOf } from './comparison.js';
import type { Comparison } from './comparison.js';
import { Grants, withoutDelegation } from './grants.js';
import type { Grant } from './grants.js';
import { changeKind, newWords, policyWord } from './grant-words.js';
import { EVERYTHING } from './identities.js';
import type { ChangeKind, DecidedRequest, Place } from './model.js';
import { withoutOpaque } from './documents.js';
import { realistic } from './realistic.js';
import { equal } from './statement-keys.js';

/** Tells what resource, trust, endpoint and organization policies newly allow. */
export function compareGrants(comparison: Comparison): void {
  const { older, newer, unknowns } = comparison;
  const [before, after] = [new Grants(older, unknowns).all, new Grants(newer, unknowns).all];
  const idsOf = (side: typeof older): ReadonlySet<string> => new Set(side.map(({ stack, id }) => `${stack}/${id}`));
  const [had, has] = [idsOf(older), idsOf(newer)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(key), after.get(key)];
    const id = `${(now ?? old)!.stack}/${(now ?? old)!.name}`;
    const isDeclared = (now ?? old)!.isDeclared;
    // What is gone altogether allows nobody anything, and a policy goes with the resource that it protects. One of the
    // organization protects its accounts, which stay.
    if (now === undefined && isDeclared && !has.has(id) && !OF_ORGANIZATION.has(old!.kind)) {
      comparison.say({
        ...{
          verdict: 'NARROWED',
          kind: changeKind(old!),
          severity: 'info',
          subject: subjectOf(old!),
          place: old!.place,
        },
        message: `the ${kindWord(old!.type)} is gone with its ${policyWord(old!)}`,
      });
      continue;
    }
    new GrantDiff(comparison, old, now, isDeclared && !had.has(id)).run();
  }
}

/** What holds where a kind of policy is left out. */
const OPEN_WHEN_ABSENT: ReadonlySet<Grant['kind']> = new Set(['vpce', 'scp', 'rcp', 'session']);
const OF_ORGANIZATION: ReadonlySet<Grant['kind']> = new Set(['scp', 'rcp']);
const EVERYBODY: Statement = {
  ...EVERYTHING.statements[0]!,
  principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
};
const OPEN: Policy = { version: '2012-10-17', statements: [EVERYBODY] };

class GrantDiff {
  /** The side that is there. */
  private readonly grant: Grant;
  private readonly accountId: string;

  constructor(
    private readonly comparison: Comparison,
    private readonly old: Grant | undefined,
    private readonly now: Grant | undefined,
    /** Whether the protected resource is new: what it allows is new then, but for what it leaves to its account. */
    private readonly isNew: boolean,
  ) {
    this.grant = (now ?? old)!;
    this.accountId = comparison.unknowns.place.accountId;
  }

  run(): void {
    this.unreadable();
    const { kind } = this.grant;
    if (OPEN_WHEN_ABSENT.has(kind)) {
      // A new endpoint or a policy that is attached newly takes something away, and gives nothing.
      if (!this.isNew) this.compareFilters();
      return;
    }
    const isTold = this.comparePublic() || this.compareAllows() || (!this.isNew && this.compareDenies());
    this.compareBack(isTold);
  }

  private say(found: Omit<Parameters<Comparison['say']>[0], 'subject' | 'kind'>, kind?: ChangeKind): void {
    this.comparison.say({ kind: kind ?? changeKind(this.grant), subject: subjectOf(this.grant), ...found });
  }

  private unreadable(): void {
    const [had, has] = [this.old?.unreadable ?? new Map(), this.now?.unreadable ?? new Map()] as const;
    for (const [text, { reason, place }] of has as Grant['unreadable']) {
      if (had.has(text)) continue;
      const message = `its ${policyWord(this.grant)} cannot be read here: ${reason}`;
      this.say({ verdict: 'NOT_EVALUATED', severity: 'warning', message, place });
    }
  }

  private policies(grant: Grant | undefined): readonly Policy[] {
    return grant?.policies.map(({ policy }) => policy) ?? [];
  }

  private get before(): readonly Policy[] {
    return this.policies(this.old);
  }

  private get after(): readonly Policy[] {
    return this.policies(this.now);
  }

  /** Whether identity policies of the own account count only where the resource says so. */
  private get mustAllow(): boolean {
    return (
      this.grant.kind === 'trust' || this.grant.type === 'AWS::KMS::Key' || this.grant.type === 'AWS::KMS::ReplicaKey'
    );
  }

  // ------------------------------------------------------------------------------------------- Allows

  private comparePublic(): boolean {
    if (equal(this.before, this.after)) return false;
    const { proofs } = this.comparison;
    const open = proofs.public(this.after);
    // A policy that may be public already is told by what it allows newly.
    if (open.kind !== 'new' || proofs.public(this.before).kind !== 'nothing') return false;
    const request = realistic(open.request, (each) => this.shows(each, true));
    this.say(
      {
        verdict: 'BROADENED',
        severity: 'error',
        message: `its ${policyWord(this.grant)} lets everybody do \`${request.action}\`: it becomes public`,
        example: requestWords(request),
        place: this.placeOf(this.now, request),
        decided: this.decided(request, true),
      },
      'public',
    );
    return true;
  }

  private compareAllows(): boolean {
    const { proofs } = this.comparison;
    const direct = (policies: readonly Policy[]): readonly Policy[] =>
      policies.map((policy) => withoutDelegation(policy, this.accountId));
    const pairs: (readonly [readonly Policy[], readonly Policy[]])[] = [[direct(this.before), direct(this.after)]];
    // Where the resource must allow, to leave the decision to its account is to allow something.
    if (this.mustAllow && !this.isNew) pairs.push([this.before, this.after]);
    for (const [before, after] of pairs) {
      const own = this.notOwnAccount();
      const cross = proofs.access(before, after.length === 0 ? after : [...after, own], 'resource');
      const compared = cross.kind === 'new' ? cross : proofs.access(before, after, 'resource');
      if (compared.kind === 'new') {
        this.sayNew(compared.request, cross.kind === 'new');
        return true;
      }
      if (compared.kind === 'open') {
        this.say({
          verdict: 'NOT_EVALUATED',
          severity: 'warning',
          message: `its ${policyWord(this.grant)} changed, and it cannot be told whether it allows more: ${compared.reason}`,
          place: (this.now ?? this.grant).policies[0]?.placeOf() ?? this.grant.place,
        });
        return true;
      }
    }
    return false;
  }

  /** Takes away what is no access of another account: the own one, services and identity providers. */
  private notOwnAccount(): Policy {
    const deny = (condition: Pick<Condition, 'operator' | 'values'>): Statement => ({
      ...EVERYBODY,
      effect: 'Deny',
      conditions: [{ ifExists: false, key: 'aws:PrincipalAccount', ...condition }],
    });
    return {
      version: '2012-10-17',
      statements: [
        deny({ operator: 'StringEquals', values: [this.accountId] }),
        deny({ operator: 'Null', values: ['true'] }),
      ],
    };
  }

  private sayNew(found: Request, isCross: boolean): void {
    const isOther = ({ principal }: Request): boolean => typeof principal === 'string' && principal !== 'anonymous';
    const request = realistic(found, (each) => isOther(each) === isOther(found) && this.shows(each, true));
    const { message, controls } = newWords(this.grant, request, {
      isNew: this.isNew,
      isCross,
      isOpen: typeof request.principal === 'string' && this.comparison.unknowns.isOpen(request.principal),
      statements: this.statementsFor(request),
    });
    this.say({
      verdict: 'BROADENED',
      severity: isCross ? 'error' : 'warning',
      controls,
      message,
      example: requestWords(request),
      place: this.placeOf(this.now, request),
      decided: this.decided(request, true),
    });
  }

  // ------------------------------------------------------------------------------------------- Denies

  /** A deny of a resource policy takes from what identity policies allow, which are not all in the templates. */
  private compareDenies(): boolean {
    if (this.mustAllow) return false;
    const denies = (policies: readonly Policy[]): readonly Policy[] =>
      policies.flatMap((policy) => {
        const statements = policy.statements.filter(({ effect }) => effect === 'Deny');
        return statements.length === 0 ? [] : [{ ...policy, statements }];
      });
    const [had, has] = [denies(this.before), denies(this.after)];
    if (had.length === 0) return false;
    const compared = this.comparison.proofs.access([this.ofAccount(), ...had], [this.ofAccount(), ...has], 'resource');
    if (compared.kind === 'nothing') return false;
    const place = this.now?.policies[0]?.placeOf() ?? this.grant.place;
    if (compared.kind === 'open') {
      const message = `its ${policyWord(this.grant)} changed, and it cannot be told whether it denies less: ${compared.reason}`;
      this.say({ verdict: 'NOT_EVALUATED', severity: 'warning', message, place });
      return true;
    }
    const request = realistic({ resourceAccount: this.accountId, ...compared.request }, (each) =>
      this.shows(each, true),
    );
    this.say({
      verdict: 'BROADENED',
      severity: 'warning',
      message: `its ${policyWord(this.grant)} no longer denies \`${request.action}\` to all whom it denied it`,
      example: requestWords(request),
      place,
      decided: this.decided(request, true),
    });
    return true;
  }

  /** Allows everything to the own account on its own resources. */
  private ofAccount(): Policy {
    const keys = ['aws:PrincipalAccount', 'aws:ResourceAccount'];
    const conditions = keys.map((key): Condition => ({
      ...{ operator: 'StringEquals', ifExists: false, key, values: [this.accountId] },
    }));
    return { version: '2012-10-17', statements: [{ ...EVERYBODY, conditions }] };
  }

  // ------------------------------------------------------------------------------------------- Filters

  /** Endpoint, session and organization policies: what is not allowed by them is denied, and without one nothing is. */
  private compareFilters(): void {
    const { kind } = this.grant;
    const documentKind: DocumentKind = kind === 'scp' ? 'scp' : kind === 'session' ? 'identity' : 'resource';
    const open = kind === 'scp' || kind === 'session' ? EVERYTHING : OPEN;
    const documents = (grant: Grant | undefined): readonly Policy[] =>
      grant === undefined ? [open] : this.policies(grant);
    const { proofs } = this.comparison;
    // What denies works beside policies that allow, such as FullAWSAccess, which are attached elsewhere.
    const denials = (grant: Grant | undefined): readonly Policy[] => [
      open,
      ...this.policies(grant).map((policy) => ({
        ...policy,
        statements: policy.statements.filter(({ effect }) => effect === 'Deny'),
      })),
    ];
    const sides = (
      of: (grant: Grant | undefined) => readonly Policy[],
    ): readonly [readonly Policy[], readonly Policy[]] => [of(this.old), of(this.now)];
    const asked = OF_ORGANIZATION.has(kind) ? [sides(denials), sides(documents)] : [sides(documents)];
    const verdictOf = (backwards: boolean) => {
      const all = asked.map(([one, other]) => ({
        had: one,
        has: other,
        compared: backwards ? proofs.access(other, one, documentKind) : proofs.access(one, other, documentKind),
      }));
      return (
        all.find(({ compared }) => compared.kind === 'new') ??
        all.find(({ compared }) => compared.kind === 'open') ??
        all[0]!
      );
    };
    const { had, has, compared } = verdictOf(false);
    const place = this.now?.policies[0]?.placeOf() ?? this.grant.place;
    const word = policyWord(this.grant);
    if (compared.kind === 'open') {
      const message = `its ${word} changed, and it cannot be told whether it lets more through: ${compared.reason}`;
      this.say({ verdict: 'NOT_EVALUATED', severity: 'warning', message, place });
    } else if (compared.kind === 'new') {
      const { request } = compared;
      const message = `its ${word} newly lets \`${request.action}\` on \`${request.resource}\` through`;
      const decided = this.decidedByFilter(request, had, has, true);
      this.say({ verdict: 'BROADENED', severity: 'warning', message, example: requestWords(request), place, decided });
    } else if (!equal(this.before, this.after)) {
      const { had: older, has: newer, compared: less } = verdictOf(true);
      if (less.kind !== 'new') return;
      const message = `its ${word} no longer lets \`${less.request.action}\` on \`${less.request.resource}\` through`;
      const decided = this.decidedByFilter(less.request, older, newer, false);
      this.say({ verdict: 'NARROWED', severity: 'info', message, example: requestWords(less.request), place, decided });
    }
  }

  private decidedByFilter(
    request: Request,
    had: readonly Policy[],
    has: readonly Policy[],
    gained: boolean,
  ): DecidedRequest | null {
    const { kind } = this.grant;
    const layer = (documents: readonly Policy[]): ApplicablePolicies => {
      const policies = withoutOpaque(documents);
      return {
        ...NO_POLICIES,
        identity: [EVERYTHING],
        resource: OPEN,
        ...(kind === 'scp' && { scps: [policies] }),
        ...(kind === 'rcp' && { rcps: [policies] }),
        ...(kind === 'session' && { session: policies }),
        ...(kind === 'vpce' && policies.length > 0 && { vpcEndpoint: merged(policies) }),
      };
    };
    return decidedBy(request, [[layer(had), layer(has)]], gained);
  }

  // ------------------------------------------------------------------------------------------- Narrowed

  private compareBack(isTold: boolean): void {
    if (this.old === undefined || equal(this.before, this.after)) return;
    const less = this.comparison.proofs.access(this.after, this.before, 'resource');
    const word = policyWord(this.grant);
    if (less.kind === 'new') {
      const request = realistic(less.request, (each) => this.shows(each, false));
      const decided = this.decided(request, false);
      const message = `its ${word} no longer allows \`${request.action}\` to ${whoOf(request)}`;
      const place = this.placeOf(this.old, request);
      this.say({ verdict: 'NARROWED', severity: 'info', message, example: requestWords(request), place, decided });
      return;
    }
    if (isTold) return;
    const denies = (policies: readonly Policy[]): number =>
      policies.flatMap(({ statements }) => statements).filter(({ effect }) => effect === 'Deny').length;
    if (denies(this.after) <= denies(this.before)) return;
    const place = this.now?.policies[0]?.placeOf() ?? this.grant.place;
    this.say({ verdict: 'NARROWED', severity: 'info', message: `its ${word} denies more`, place });
  }

  // ------------------------------------------------------------------------------------------- Evidence

  private shows(request: Request, gained: boolean): boolean {
    return this.decided(request, gained) !== null;
  }

  private decided(request: Request, gained: boolean): DecidedRequest | null {
    const policies = (identity: readonly Policy[], documents: readonly Policy[]): ApplicablePolicies => {
      const read = withoutOpaque(documents);
      return { ...NO_POLICIES, identity, resource: read.length === 0 ? null : merged(read) };
    };
    return decidedBy(
      request,
      [[], [EVERYTHING]].map((identity) => [policies(identity, this.before), policies(identity, this.after)] as const),
      gained,
    );
  }

  private statementsFor(request: Request): readonly Statement[] {
    return (this.now?.policies ?? []).flatMap(({ policy }) =>
      policy.statements.filter((statement) => applies(policy, statement, request)),
    );
  }

  private placeOf(grant: Grant | undefined, request: Request): Place {
    for (const { policy, placeOf } of grant?.policies ?? []) {
      const index = policy.statements.findIndex((statement) => applies(policy, statement, request));
      if (index >= 0) return placeOf(index);
    }
    return this.grant.place;
  }
}

/** Whether a statement allows a request by itself. */
function applies(policy: Policy, statement: Statement, request: Request): boolean {
  const resource: Policy = { ...policy, statements: [statement] };
  return referenceEvaluate(request, { ...NO_POLICIES, resource }).layers.resource === 'ALLOW';
}

/** Documents as one, as a resource has them. Variables count when all documents have them. */
function merged(documents: readonly Policy[]): Policy {
  const [first] = documents;
  if (documents.length === 1) return first!;
  const version = documents.every((document) => document.version === '2012-10-17') ? '2012-10-17' : '2008-10-17';
  return { version, statements: documents.flatMap(({ statements }) => statements) };
}
