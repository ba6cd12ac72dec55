/** Rights of roles, users, groups and permission sets, before and after. */
import type { Policy, Request, Statement } from '../../iam/index.js';
import { referencePermits } from '../../iam/prove/index.js';
import type { Permissions } from '../../iam/prove/index.js';
import { decidedBy, kindWord, NO_POLICIES, requestWords, subjectOf } from './comparison.js';
import type { Comparison } from './comparison.js';
import { EVERYTHING, GIVES_ONLY, Identities, withUnseen } from './identities.js';
import type { Boundary, Identity, Opaque } from './identity.js';
import type { DecidedRequest, Place } from './model.js';
import { withoutOpaque } from './documents.js';
import { realistic, someActions } from './realistic.js';
import { equal, keyOf } from './statement-keys.js';

/** Tells what identities may newly do, and what they may no longer. */
export function compareIdentities(comparison: Comparison): void {
  const { older, newer, unknowns } = comparison;
  const [before, after] = [new Identities(older, unknowns).all, new Identities(newer, unknowns).all];
  const pairs = paired(before, after);
  for (const identity of after) {
    if (!identity.isAttached) new IdentityDiff(comparison, pairs.get(identity), identity).run();
  }
  const kept = new Set(pairs.values());
  for (const identity of before) if (!kept.has(identity) && !identity.isAttached) gone(comparison, identity);
}

/** New identity → the old one: by logical id, else by ARN. */
function paired(before: readonly Identity[], after: readonly Identity[]): ReadonlyMap<Identity, Identity> {
  const byKey = new Map(before.map((identity) => [identity.key, identity]));
  const pairs = new Map<Identity, Identity>();
  const free = new Set(before);
  for (const identity of after) {
    const same = byKey.get(identity.key);
    if (same === undefined) continue;
    pairs.set(identity, same);
    free.delete(same);
  }
  const byArn = new Map([...free].flatMap((each) => (each.arn === undefined ? [] : [[each.arn, each] as const])));
  for (const identity of after) {
    const same = identity.arn === undefined || pairs.has(identity) ? undefined : byArn.get(identity.arn);
    if (same !== undefined) pairs.set(identity, same);
  }
  return pairs;
}

function gone({ say }: Comparison, identity: Identity): void {
  const allows = identity.policies.some(({ policy }) => policy.statements.some(({ effect }) => effect === 'Allow'));
  if (!allows && identity.opaque.size === 0) return;
  const kind = kindWord(identity.type);
  const message = identity.isDeclared
    ? `the ${kind} is gone with all that it may`
    : 'its policies of these templates are gone';
  // Somebody who is not declared here may be allowed by others what a policy of the templates has denied.
  const denies = identity.policies.some(({ policy }) => policy.statements.some(({ effect }) => effect === 'Deny'));
  const isOpen = !identity.isDeclared && (denies || identity.opaque.size > 0);
  say({
    verdict: isOpen ? 'NOT_EVALUATED' : 'NARROWED',
    kind: 'permissions',
    severity: isOpen ? 'warning' : 'info',
    subject: subjectOf(identity),
    message: isOpen ? `${message}, and among them what may deny something that others allow` : message,
    place: identity.place,
  });
}

/** Most actions that are named besides the one of the example. */
const MOST_OTHERS = 6;

/** Resources that a statement is about, with something in the place of wildcards. */
function sampleResources({ resource }: Statement): readonly string[] {
  if (resource === undefined || resource.negated) return ['*'];
  return resource.patterns
    .slice(0, 3)
    .map((pattern) => (pattern === '*' ? pattern : pattern.replace(/[*?]/g, 'example')));
}

const NOBODY: Permissions = { identity: [], boundary: null };
/** For a boundary by itself: what it lets an identity do that has every right. */
const EVERY_RIGHT: readonly Policy[] = [EVERYTHING];

class IdentityDiff {
  constructor(
    private readonly comparison: Comparison,
    private readonly before: Identity | undefined,
    private readonly after: Identity,
  ) {}

  run(): void {
    this.attachments();
    const boundary = this.boundary();
    this.permissions(boundary);
    this.session();
  }

  private get arns(): readonly string[] | undefined {
    return this.after.arn === undefined ? undefined : [this.after.arn];
  }

  private say(found: Omit<Parameters<Comparison['say']>[0], 'subject'>): void {
    this.comparison.say({ subject: subjectOf(this.after), ...found });
  }

  // ------------------------------------------------------------------------------------------- Attached policies

  private attachments(): void {
    const had = this.before?.opaque ?? new Map<string, Opaque>();
    const has = this.after.opaque;
    for (const [key, opaque] of has) if (!had.has(key)) this.attached(opaque);
    for (const [key, opaque] of had) if (!has.has(key)) this.detached(opaque);
  }

  private attached({ why, name, reason, place }: Opaque): void {
    if (why === 'unreadable') {
      const message = `a policy cannot be read here: ${reason}`;
      this.say({ verdict: 'NOT_EVALUATED', kind: 'permissions', severity: 'warning', message, place });
      return;
    }
    const what = why === 'group' ? `becomes a member of ${name}` : `gets the managed policy ${name}`;
    const message = `${what}; what it allows is not known here: ${reason}`;
    this.say({ verdict: 'BROADENED', kind: 'attachment', severity: 'warning', message, place });
  }

  private detached({ why, name, place }: Opaque): void {
    // What is not known of a statement that is gone counts where rights are compared.
    if (why === 'unreadable') return;
    const onlyGave = why === 'managed' && GIVES_ONLY.test(name);
    const isLeftWithNothing = this.after.policies.length === 0 && this.after.opaque.size === 0;
    const what = why === 'group' ? `leaves ${name}` : `loses the managed policy ${name}`;
    if (onlyGave || isLeftWithNothing) {
      this.say({ verdict: 'NARROWED', kind: 'attachment', severity: 'info', message: what, place });
      return;
    }
    const message = `${what} whose content is not known: it may have denied something`;
    this.say({ verdict: 'NOT_EVALUATED', kind: 'attachment', severity: 'warning', message, place });
  }

  // ------------------------------------------------------------------------------------------- Boundary

  /** @returns Whether a change of the boundary has been told, whatever it changes of the rights today. */
  private boundary(): 'same' | 'told' | 'changed' {
    const had: Boundary = this.before?.boundary ?? { kind: 'none' };
    const has = this.after.boundary;
    if (this.before === undefined || had.kind === 'none') {
      if (this.before !== undefined && has.kind !== 'none') {
        const message = `gets the boundary ${has.name}`;
        this.say({ verdict: 'NARROWED', kind: 'boundary', severity: 'info', message, place: has.place });
      }
      return 'same';
    }
    if (has.kind === 'none') {
      const message = `loses its permissions boundary ${had.name}`;
      const place = this.after.place;
      this.sayBoundary(message, had.kind === 'known' ? had.policy : null, null, place);
      return 'told';
    }
    if (had.kind === 'opaque' && has.kind === 'opaque') {
      if (had.key === has.key) return 'same';
    } else if (had.kind === 'known' && has.kind === 'known') {
      if (equal([had.policy], [has.policy])) return 'same';
      const compared = this.comparison.proofs.access([had.policy], [has.policy], 'identity');
      if (compared.kind === 'nothing') return 'changed';
      if (compared.kind === 'new') {
        this.sayBoundary(
          `has a boundary, ${has.name}, that lets more through than before`,
          had.policy,
          has.policy,
          has.place,
        );
        return 'told';
      }
    }
    const message = `the boundary ${had.name} becomes ${has.name}, and it cannot be told whether that lets more through`;
    this.say({ verdict: 'NOT_EVALUATED', kind: 'boundary', severity: 'warning', message, place: has.place });
    return 'told';
  }

  private sayBoundary(message: string, had: Policy | null, has: Policy | null, place: Place): void {
    const { proofs } = this.comparison;
    let decided: DecidedRequest | null = null;
    if (had !== null) {
      const boundary = (policy: Policy | null): Permissions['boundary'] => (policy === null ? null : [policy]);
      const mine = proofs.permissions(
        { identity: this.identityOf(this.before), boundary: [had] },
        { identity: this.identityOf(this.after), boundary: boundary(has) },
        this.arns,
      );
      const compared =
        mine.kind === 'new'
          ? mine
          : proofs.permissions(
              { identity: EVERY_RIGHT, boundary: [had] },
              { identity: EVERY_RIGHT, boundary: boundary(has) },
              this.arns,
            );
      if (compared.kind === 'new') {
        const identity = mine.kind === 'new' ? undefined : EVERY_RIGHT;
        decided = this.decided(
          compared.request,
          { identity: identity ?? this.identityOf(this.before), boundary: [had] },
          { identity: identity ?? this.identityOf(this.after), boundary: boundary(has) },
          true,
        );
      }
    }
    this.say({
      ...{
        verdict: 'BROADENED',
        kind: 'boundary',
        severity: 'error',
        controls: ['BND-ROLE-01'],
        message,
        place,
        decided,
      },
    });
  }

  // ------------------------------------------------------------------------------------------- Rights

  private identityOf(identity: Identity | undefined): readonly Policy[] {
    if (identity === undefined) return [];
    const other = identity === this.before ? this.after : this.before;
    return withUnseen(identity, new Set(other?.opaque.keys()), this.comparison.unknowns);
  }

  /** The rights with the boundary as far as it is known; one that is not known is on both sides or told by itself. */
  private permissionsOf(identity: Identity | undefined): Permissions {
    const boundary = identity?.boundary;
    return {
      identity: this.identityOf(identity),
      boundary: boundary?.kind === 'known' ? [boundary.policy] : null,
    };
  }

  private permissions(boundary: 'same' | 'told' | 'changed'): void {
    const { proofs } = this.comparison;
    const before = this.permissionsOf(this.before);
    const after = this.permissionsOf(this.after);
    // A boundary that has been told is left out of what follows, so that one cause is told once.
    const limits = boundary === 'told' ? { boundary: null } : {};
    const [had, has] = [
      { ...(this.before === undefined ? NOBODY : before), ...limits },
      { ...after, ...limits },
    ];
    const compared = proofs.permissions(had, has, this.arns);
    if (compared.kind === 'new') this.sayNew(compared.request, had, has);
    else if (compared.kind === 'open') {
      const message = `its policies changed, and it cannot be told whether they allow more: ${compared.reason}`;
      const place = this.after.policies[0]?.placeOf() ?? this.after.place;
      this.say({ verdict: 'NOT_EVALUATED', kind: 'permissions', severity: 'warning', message, place });
    }
    if (this.before === undefined || (equal(had.identity, has.identity) && equal(had.boundary, has.boundary))) return;
    const less = proofs.permissions(has, had, this.arns);
    if (less.kind === 'new') this.sayLess(this.before, less.request, had, has);
  }

  private sayLess(before: Identity, found: Request, had: Permissions, has: Permissions): void {
    const request = realistic(found, (each) => this.decided(each, had, has, false) !== null);
    this.say({
      verdict: 'NARROWED',
      kind: 'permissions',
      severity: 'info',
      message: `may no longer do \`${request.action}\` on \`${request.resource}\`${this.others(request, had, has, false)}`,
      example: requestWords(request),
      place: this.placeOf(before, request),
      decided: this.decided(request, had, has, false),
    });
  }

  private sayNew(found: Request, had: Permissions, has: Permissions): void {
    const request = realistic(found, (each) => this.decided(each, had, has, true) !== null);
    const kind = kindWord(this.after.type);
    const subject = this.before === undefined && this.after.isDeclared ? `the new ${kind} may do` : 'may newly do';
    this.say({
      verdict: 'BROADENED',
      kind: 'permissions',
      severity: 'warning',
      message: `${subject} \`${request.action}\` on \`${request.resource}\`${this.others(request, had, has, true)}`,
      example: requestWords(request),
      place: this.placeOf(this.after, request),
      decided: this.decided(request, had, has, true),
    });
  }

  /** Other actions of statements that only one side has, as far as a request shows that they are decided differently. */
  private others(request: Request, had: Permissions, has: Permissions, gained: boolean): string {
    const [more, less] = gained ? [has, had] : [had, has];
    const common = new Set(less.identity.flatMap(({ statements }) => statements.map(keyOf)));
    const found = new Set<string>();
    for (const statement of withoutOpaque(more.identity).flatMap(({ statements }) => statements)) {
      if (statement.effect === 'Deny' || statement.action.negated || common.has(keyOf(statement))) continue;
      for (const pattern of statement.action.patterns) {
        if (found.size > MOST_OTHERS || found.has(pattern)) continue;
        const actions = someActions(pattern, 3).filter((action) => action !== request.action);
        const resources = [request.resource, ...sampleResources(statement)];
        const isSo = actions.some((action) =>
          resources.some((resource) => this.decided({ ...request, action, resource }, had, has, gained) !== null),
        );
        if (isSo) found.add(/[*?]/.test(pattern) ? pattern : actions[0]!);
      }
    }
    const names = [...found].filter((name) => name !== request.action);
    if (names.length === 0) return '';
    const shown = names.slice(0, MOST_OTHERS).map((name) => `\`${name}\``);
    return `; besides: ${shown.join(', ')}${names.length > MOST_OTHERS ? ' and more' : ''}`;
  }

  /** The statement that allows a request. */
  private placeOf(identity: Identity, request: Request): Place {
    for (const { policy, placeOf } of identity.policies) {
      const index = policy.statements.findIndex((statement) =>
        referencePermits({ identity: [{ ...policy, statements: [statement] }], boundary: null }, request),
      );
      if (index >= 0) return placeOf(index);
    }
    return identity.place;
  }

  /** With the resource leaving it to the account of the caller where it has a say, so that these policies decide. */
  private decided(request: Request, had: Permissions, has: Permissions, gained: boolean): DecidedRequest | null {
    const [before, after] = [had, has].map(({ identity, boundary }) => ({
      ...NO_POLICIES,
      identity: withoutOpaque(identity),
      boundary: boundary === null ? null : withoutOpaque(boundary),
    }));
    const account = /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(
      typeof request.principal === 'string' ? request.principal : '',
    )?.[1];
    const resource: Policy = {
      version: '2012-10-17',
      statements: [
        {
          ...EVERYTHING.statements[0]!,
          principal: { negated: false, principals: [{ kind: 'AWS', value: account ?? '*' }] },
        },
      ],
    };
    return decidedBy(
      request,
      [
        [before!, after!],
        [
          { ...before!, resource },
          { ...after!, resource },
        ],
      ],
      gained,
    );
  }

  // ------------------------------------------------------------------------------------------- Sessions

  private session(): void {
    const [had, has] = [this.before?.session, this.after.session];
    if (had === undefined || has === undefined || had.seconds === has.seconds) return;
    const message = `sessions may last ${lengthOf(has.seconds)} instead of ${lengthOf(had.seconds)}`;
    const told = { kind: 'session', message, place: has.place, controls: ['SES-DUR-01'] } as const;
    if (typeof had.seconds === 'string' || typeof has.seconds === 'string') {
      this.say({ verdict: 'NOT_EVALUATED', severity: 'warning', ...told });
    } else if (has.seconds > had.seconds) this.say({ verdict: 'BROADENED', severity: 'warning', ...told });
    else this.say({ verdict: 'NARROWED', severity: 'info', ...told });
  }
}

function lengthOf(seconds: number | string): string {
  return typeof seconds === 'string' ? `\`${seconds}\`` : `${seconds} s`;
}
