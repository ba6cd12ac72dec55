/**
 * What the organization's own policies say of an access that a finding shows. Access Analyzer looks at the policies of
 * resources; an RCP may still deny the call, and inside the organization an SCP.
 *
 * SCPs restrain the principals of member accounts, RCPs the resources of member accounts whoever calls ("Service control
 * policies" and "Resource control policies" in the AWS Organizations User Guide,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html, read 2026-11-21).
 *
 * *blocked* is said only when every such call is denied whatever the keys that nobody knows hold (the prover shows it),
 * *reachable* only when one is allowed whatever the keys hold that the caller cannot choose. All else is *cannot tell*.
 */
import { expandActionPattern, iamAction, supportsRcp } from '../../catalogue/iam/index.js';
import { compilePolicies, evaluate, parseArn } from '../../iam/index.js';
import type { ApplicablePolicies, CompiledSet, Condition, Evaluation, Policy, Request } from '../../iam/index.js';
import { proveClaim, type CallerKind, type RequestProperties } from '../../iam/prove/index.js';
import { EffectiveLevels, type Level, type Levels } from './levels.js';
import type { Reach } from './model.js';
import type { OrganizationFacts } from './source.js';

/** An access that a finding shows. */
export interface ShownAccess {
  /** `external`: nobody of the organization; `internal`: a user or role of it. */
  readonly from: 'external' | 'internal';
  /** As Access Analyzer tells it, such as `{ AWS: '444455556666' }`; empty for everybody. */
  readonly principal: Readonly<Record<string, string>>;
  readonly isPublic: boolean;
  readonly actions: readonly string[];
  /** ARN. */
  readonly resource: string;
  /** Account of the resource. */
  readonly owner: string;
}

/** Answers for one organization; equal questions are decided once. */
export class ReachJudge {
  private readonly levels: EffectiveLevels;
  private readonly sets = new Map<string, CompiledSet>();
  private readonly answers = new Map<string, Reach>();
  private readonly proofs = new Map<string, boolean>();

  constructor(private readonly organization: OrganizationFacts) {
    this.levels = new EffectiveLevels(organization);
  }

  /** What the policies of the organization say of an access. */
  of(access: ShownAccess): Reach {
    const key = JSON.stringify(access);
    const known = this.answers.get(key) ?? this.decide(access);
    // Findings of one resource come together: what is older is not asked for again.
    if (this.answers.size >= MOST_KEPT) this.answers.clear();
    this.answers.set(key, known);
    return known;
  }

  private decide(access: ShownAccess): Reach {
    const callers = callersOf(access);
    if (typeof callers === 'string') return cannotTell(callers);
    const [first] = callers;
    const rcp = this.levels.at(access.owner, 'RESOURCE_CONTROL_POLICY');
    const account = first?.account ?? null;
    const scp: Levels =
      access.from === 'internal' && account !== null
        ? this.levels.at(account, 'SERVICE_CONTROL_POLICY')
        : { kind: 'none', why: 'SCPs do not restrain callers from outside of the organization' };
    for (const levels of [scp, rcp]) if (levels.kind === 'unknown') return cannotTell(levels.why);
    const actions = actionsOf(access.actions);
    if (actions.length === 0) return cannotTell('the finding names no action that is known');
    const free = actions.find((action) => scp.kind !== 'levels' && (rcp.kind !== 'levels' || !rcpActsOn(action)));
    if (free !== undefined) return reachable(whyFree(free, scp, rcp, access));
    return this.compare(access, callers, actions, levelsOf(scp), levelsOf(rcp));
  }

  private compare(
    access: ShownAccess,
    callers: readonly Caller[],
    actions: readonly string[],
    scps: readonly Level[] | null,
    rcps: readonly Level[] | null,
  ): Reach {
    const set = this.setOf(scps, rcps);
    const denied: string[] = [];
    const open = new Set<string>();
    for (const caller of callers) {
      for (const action of actions.slice(0, MOST_ACTIONS)) {
        const answers = this.worldsOf(caller, rcps).map((world) =>
          evaluate(set, this.request(access, caller, action, world), OPTIONS),
        );
        if (answers.every((answer) => outcomeOf(answer) === 'ALLOW')) {
          return reachable(`no ${scps === null ? 'RCP' : 'SCP or RCP'} denies ${action}`);
        }
        for (const answer of answers) {
          if (outcomeOf(answer) === 'DENY') denied.push(...namesOf(answer, scps, rcps));
          for (const key of answer.missingKeys) open.add(key);
        }
      }
    }
    if (this.isBlocked(access, callers, actions, scps, rcps)) {
      const names = [...new Set(denied)];
      return { verdict: 'blocked', reason: names.length === 0 ? 'no such call is allowed' : listed(names) };
    }
    if (open.size > 0) return cannotTell(`it hangs on ${listed([...open].sort())}`);
    return cannotTell(`policies deny some of these calls, not all: ${listed([...new Set(denied)])}`);
  }

  /** Whether the prover shows that every such call is denied. Asked first of every resource, so that answers are shared. */
  private isBlocked(
    access: ShownAccess,
    callers: readonly Caller[],
    actions: readonly string[],
    scps: readonly Level[] | null,
    rcps: readonly Level[] | null,
  ): boolean {
    const acting = actions.filter(rcpActsOn);
    const others = actions.filter((action) => !rcpActsOn(action));
    // RCPs act on some actions only, which the prover does not know.
    const groups = [
      { actions: acting, rcps },
      { actions: others, rcps: null },
    ].filter((group) => group.actions.length > 0);
    return groups.every((group) =>
      callers.every((caller) =>
        [['*'], resourcesOf(access.resource)].some((resources) => {
          const owner = resources[0] === '*' ? '' : access.owner;
          const parts = [access.from, caller, group.actions, resources, owner, keyOf(scps), keyOf(group.rcps)];
          const key = JSON.stringify(parts);
          let holds = this.proofs.get(key);
          if (holds === undefined) {
            holds = this.prove(access, caller, group.actions, resources, scps, group.rcps);
            this.proofs.set(key, holds);
          }
          return holds;
        }),
      ),
    );
  }

  private prove(
    access: ShownAccess,
    caller: Caller,
    actions: readonly string[],
    resources: readonly string[],
    scps: readonly Level[] | null,
    rcps: readonly Level[] | null,
  ): boolean {
    const { id } = this.organization;
    const owner = resources[0] === '*' ? [] : [equals('aws:ResourceAccount', access.owner)];
    const conditions: readonly Condition[] = [
      ...(access.from === 'external' ? strangers(id) : [equals('aws:PrincipalOrgID', id)]),
      equals('aws:ResourceOrgID', id),
      ...owner,
    ];
    const forAll: RequestProperties = {
      callers: caller.kinds,
      ...(caller.account !== null && { principalAccount: caller.account }),
      ...(caller.isExact && { principalArns: [caller.principalArn] }),
      // RCPs and SCPs do not act on roles that only AWS's services can assume.
      ...(!caller.isExact && caller.kinds.includes('role') && { notPrincipalArns: [SERVICE_LINKED] }),
      actions,
      resources,
      conditions,
    };
    const policies = applicable(scps, rcps);
    return proveClaim({ forAll, policies, decision: 'DENY' }, { budget: PROOF_BUDGET }).kind === 'HOLDS';
  }

  private setOf(scps: readonly Level[] | null, rcps: readonly Level[] | null): CompiledSet {
    const key = JSON.stringify([keyOf(scps), keyOf(rcps)]);
    const set = this.sets.get(key) ?? compilePolicies(applicable(scps, rcps));
    this.sets.set(key, set);
    return set;
  }

  /** Organizations that a caller from outside may be of: none, any, and each that a policy names. */
  private worldsOf(caller: Caller, rcps: readonly Level[] | null): readonly World[] {
    if (caller.organization === 'own') return [{ organization: this.organization.id }];
    if (caller.kinds.includes('anonymous') || caller.kinds.includes('provider')) return [{ organization: null }];
    const named = new Set<string>();
    for (const { policies } of rcps ?? []) {
      for (const { policy } of policies) {
        for (const { conditions } of policy.statements) {
          for (const { key, values } of conditions) {
            if (key.toLowerCase() === 'aws:principalorgid') for (const value of values) named.add(value);
          }
        }
      }
    }
    named.delete(this.organization.id);
    const literal = [...named].filter((value) => !/[*?$]/.test(value)).sort();
    return [null, STRANGE_ORGANIZATION, ...literal].map((organization) => ({ organization }));
  }

  private request(access: ShownAccess, caller: Caller, action: string, { organization }: World): Request {
    const { id } = this.organization;
    const region = parseArn(access.resource)?.region ?? '';
    return {
      principal: caller.principal,
      action,
      resource: representative(access.resource, action),
      resourceAccount: access.owner,
      context: {
        ...CHOSEN,
        'aws:ResourceOrgID': id,
        'aws:ResourceAccount': access.owner,
        ...(region !== '' && { 'aws:RequestedRegion': region }),
        ...(organization !== null && { 'aws:PrincipalOrgID': organization }),
      },
      absent: [
        ...(organization === null ? ['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths'] : []),
        // Keys of calls that services make for others.
        'aws:CalledVia',
        'aws:CalledViaFirst',
        'aws:CalledViaLast',
        'aws:SourceArn',
        'aws:SourceAccount',
        'aws:SourceOrgID',
        'aws:SourceOrgPaths',
        'aws:PrincipalServiceName',
        'aws:PrincipalServiceNamesList',
      ],
    };
  }
}

interface World {
  /** `null`: the caller is of no organization. */
  readonly organization: string | null;
}

/** A caller as the engine knows it. */
interface Caller {
  readonly kinds: readonly CallerKind[];
  /** `null`: of any account. */
  readonly account: string | null;
  /** One who stands for them all. */
  readonly principal: Request['principal'];
  readonly principalArn: string;
  /** Whether there is no other than the one. */
  readonly isExact: boolean;
  readonly organization: 'own' | 'other';
}

const MOST_KEPT = 4_096;
const MOST_ACTIONS = 100;
const PROOF_BUDGET = 8_000_000;
const SERVICE_LINKED = 'arn:*:iam::*:role/aws-service-role/*';
const STRANGE_ORGANIZATION = 'o-0somebodyelse0';
/** Nobody's account: ids of customers do not begin with four zeros. */
const STRANGE_ACCOUNT = '000000000019';
/** What callers choose, as one chooses who wants in. */
const CHOSEN = { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false', 's3:TlsVersion': '1.3' } as const;
const SIGNED: readonly CallerKind[] = ['root', 'user', 'role', 'session', 'federatedUser'];
const OPTIONS = { unknownContext: true, rcpApplies: rcpActsOn } as const;

const reachable = (reason: string): Reach => ({ verdict: 'reachable', reason });
const cannotTell = (reason: string): Reach => ({ verdict: 'cannot-tell', reason });

/** Callers that a finding speaks of; a sentence when they cannot be told. */
function callersOf({ from, principal, isPublic }: ShownAccess): readonly Caller[] | string {
  const organization = from === 'internal' ? 'own' : 'other';
  const entries = Object.entries(principal);
  const everybody: readonly Caller[] = [
    { kinds: ['anonymous'], account: null, principal: 'anonymous', principalArn: '', isExact: false, organization },
    roleOf(STRANGE_ACCOUNT, null, organization),
  ];
  if (entries.length === 0) return isPublic ? everybody : 'the finding names no principal';
  const made: Caller[] = [];
  for (const [kind, value] of entries) {
    if (kind === 'AWS' && value === '*') made.push(...(from === 'external' ? everybody : []));
    else if (kind === 'AWS' && /^\d{12}$/.test(value)) made.push(roleOf(value, value, organization));
    else if (kind === 'AWS' && /^arn:[^:]*:iam::\d{12}:root$/.test(value)) {
      const account = parseArn(value)!.account;
      made.push(roleOf(account, account, organization));
    } else if (kind === 'AWS' && /^arn:[^:]*:iam::\d{12}:(?:role|user)\/[^*?]+$/.test(value)) {
      const { account, resource } = parseArn(value)!;
      const kinds: readonly CallerKind[] = resource.startsWith('role/') ? ['role', 'session'] : ['user'];
      made.push({ kinds, account, principal: value, principalArn: value, isExact: true, organization });
    } else if (kind === 'Federated') {
      const principal = { federated: value };
      made.push({ kinds: ['provider'], account: null, principal, principalArn: '', isExact: false, organization });
    } else return `the principal \`${kind} ${value}\` is of a kind that is not decided`;
  }
  return made.length === 0 ? 'the finding names no single principal' : made;
}

function roleOf(id: string, account: string | null, organization: Caller['organization']): Caller {
  const principal = `arn:aws:iam::${id}:role/somebody`;
  return { kinds: SIGNED, account, principal, principalArn: principal, isExact: false, organization };
}

/** Names of actions; patterns are written out as far as the catalogue knows them. */
function actionsOf(written: readonly string[]): readonly string[] {
  // An action without a resource type is about no resource: a pattern does not mean it.
  const isOfResources = (action: string): boolean => iamAction(action)?.resourceTypes.length !== 0;
  const names = written.flatMap((action) =>
    /[*?]/.test(action) ? expandActionPattern(action).filter(isOfResources) : [action],
  );
  return [...new Set(names)].sort();
}

/** RCPs act on actions with a resource type, of services that support them. */
function rcpActsOn(action: string): boolean {
  const prefix = action.slice(0, Math.max(action.indexOf(':'), 0));
  return supportsRcp(prefix) && iamAction(action)?.resourceTypes.length !== 0;
}

function whyFree(action: string, scp: Levels, rcp: Levels, { from }: ShownAccess): string {
  const why = rcp.kind === 'none' ? rcp.why : `no RCP acts on ${action}`;
  return from === 'internal' && scp.kind === 'none' ? `${scp.why}, and ${why}` : why;
}

const levelsOf = (levels: Levels): readonly Level[] | null => (levels.kind === 'levels' ? levels.levels : null);

const keyOf = (levels: readonly Level[] | null): string =>
  levels === null ? '' : levels.map(({ policies }) => policies.map(({ name }) => name).join('\n')).join('\n\n');

/** A statement that allows all, so that nothing but SCPs and RCPs decides. */
const ALL: Policy = {
  version: '2012-10-17',
  statements: [
    {
      effect: 'Allow',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};
const EVERYBODY: Policy = {
  ...ALL,
  statements: ALL.statements.map((statement) => ({
    ...statement,
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
  })),
};

function applicable(scps: readonly Level[] | null, rcps: readonly Level[] | null): ApplicablePolicies {
  const texts = (levels: readonly Level[] | null): readonly (readonly Policy[])[] | null =>
    levels === null ? null : levels.map(({ policies }) => policies.map(({ policy }) => policy));
  return {
    identity: [ALL],
    boundary: null,
    session: null,
    scps: texts(scps),
    rcps: texts(rcps),
    resource: EVERYBODY,
    vpcEndpoint: null,
  };
}

/** What SCPs and RCPs say together. */
function outcomeOf({ layers }: Evaluation): 'ALLOW' | 'DENY' | 'OPEN' {
  const outcomes = [layers.scp, layers.rcp];
  if (outcomes.some((outcome) => outcome === 'EXPLICIT_DENY' || outcome === 'IMPLICIT_DENY')) return 'DENY';
  return outcomes.includes('UNDETERMINED') ? 'OPEN' : 'ALLOW';
}

/** The policies that deny, as a reader finds them. */
function namesOf(answer: Evaluation, scps: readonly Level[] | null, rcps: readonly Level[] | null): readonly string[] {
  const names = answer.by.flatMap(({ policyType, level = 0, policyIndex, sid, statementIndex, effect }) => {
    if (effect !== 'Deny' || (policyType !== 'scp' && policyType !== 'rcp')) return [];
    const place = (policyType === 'scp' ? scps : rcps)?.[level];
    const policy = place?.policies[policyIndex];
    if (place === undefined || policy === undefined) return [];
    const statement = sid ?? `number ${(statementIndex ?? 0) + 1}`;
    return [`${policyType.toUpperCase()} ${policy.name} at ${place.shown}, statement ${statement}`];
  });
  if (names.length > 0) return names;
  return answer.layers.scp === 'IMPLICIT_DENY' ? ['no SCP allows it on every level'] : [];
}

const equals = (key: string, value: string): Condition => ({
  operator: 'StringEquals',
  ifExists: false,
  key,
  values: [value],
});

/** Callers that are not of an organization: without these keys, or with others' values. */
function strangers(id: string): readonly Condition[] {
  return [
    { operator: 'StringNotEquals', ifExists: false, key: 'aws:PrincipalOrgID', values: [id] },
    {
      operator: 'StringNotLike',
      qualifier: 'ForAllValues',
      ifExists: false,
      key: 'aws:PrincipalOrgPaths',
      values: [`${id}/*`],
    },
  ];
}

/** The resource, and what is in it. */
const resourcesOf = (arn: string): readonly string[] => (arn.includes(':s3:') ? [arn, `${arn}/*`] : [arn]);

/** One resource that an action is about: objects are in buckets. */
function representative(arn: string, action: string): string {
  const isBucket = /^arn:[^:]*:s3:::[^/]+$/.test(arn);
  return isBucket && /Object|Multipart/i.test(action) ? `${arn}/somewhere/something` : arn;
}

/** The first three, and how many more. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join('; ');
  return names.length > 3 ? `${shown}; and ${names.length - 3} more` : shown;
}
