/**
 * Verifies what is in effect at each account of an organization: the claims of the templates that are chosen there, their
 * cases as if they came from the account, and requests that users bring. Accounts with the same policies are decided once.
 *
 * A denial stays one however many policies are added, so that a claim of denial which holds of its own template holds
 * wherever that is in effect. What a template allows, another policy may deny: such cases are told as overruled, with the
 * statement and the level that did it.
 */
import { formatArn, parseArn } from '../iam/index.js';
import type { ApplicablePolicies, Decision, Policy } from '../iam/index.js';
import type { Proof } from '../iam/prove/index.js';
import { proveClaim } from '../iam/prove/index.js';
import { namesOf, requestOf } from '../iam/templates/index.js';
import type { CaseFile, CaseResult, PolicyCase } from '../iam/templates/index.js';
import type { BuiltPolicy } from './build-policy.js';
import { runCases } from './cases.js';
import { claimsFor, propertiesOf, prove } from './claims.js';
import type { PolicyTemplate, WrittenClaim } from './model.js';
import { levelsOf, surround } from './surroundings.js';
import type { Levels } from './surroundings.js';

/** One level of the way to an account. */
export interface EffectiveLevel {
  /** As a reader writes it: `/` for the root. */
  readonly shown: string;
  readonly policies: readonly { readonly name: string; readonly policy: Policy }[];
}

/** A template that is in effect, with the values that it has there. */
export interface TemplateInEffect {
  readonly template: PolicyTemplate;
  readonly built: BuiltPolicy;
  /** The place at which it is chosen. */
  readonly shown: string;
}

/** Accounts at which the same policies decide. */
export interface AccountSet {
  readonly accounts: readonly { readonly id: string; readonly shown: string }[];
  /** From the root to the first of the accounts; `null` where the type does not reach them. */
  readonly scps: readonly EffectiveLevel[] | null;
  readonly rcps: readonly EffectiveLevel[] | null;
  readonly templates: readonly TemplateInEffect[];
}

/** A statement that decided, with its level in words. */
export interface DecidedBy {
  readonly policyType: 'scp' | 'rcp';
  readonly level: string;
  readonly policy: string;
  /** Its Sid, or `statement` and its number in the policy from 1. */
  readonly statement: string;
  readonly effect: 'Allow' | 'Deny';
}

/**
 * `OVERRULED`: the template lets it pass, another policy does not. `OTHER_PARAMETERS`: with the values of the organization
 * the template decides otherwise than with those of its cases.
 */
export type CaseOutcome = 'AS_EXPECTED' | 'OVERRULED' | 'OTHER_PARAMETERS' | 'FAIL';

export interface AccountCase {
  readonly name: string;
  readonly decision: CaseResult['decision'];
  readonly by: readonly DecidedBy[];
  /** Of an implicit denial: the levels on which nothing allows it. */
  readonly unallowedAt?: readonly string[];
  readonly outcome: CaseOutcome;
}

export interface AccountClaim {
  readonly claim: WrittenClaim;
  readonly proof: Proof;
  /** Whether it was proven of the template alone, or of all that is in effect. */
  readonly of: 'template' | 'all';
  readonly ok: boolean;
}

export interface TemplateAtAccounts extends TemplateInEffect {
  readonly claims: readonly AccountClaim[];
  readonly cases: readonly AccountCase[];
}

/** A request of a user, as it is decided at an account. */
export interface DecidedVector {
  readonly vector: PolicyCase;
  readonly decision: CaseResult['decision'];
  readonly by: readonly DecidedBy[];
  /** Of an implicit denial: the levels on which nothing allows it. */
  readonly unallowedAt?: readonly string[];
  readonly ok: boolean;
  readonly fault?: string;
  /** The accounts for which it was asked; none for a caller from outside whose resource is outside too. */
  readonly accounts: readonly string[];
}

export interface AccountVerification {
  readonly set: AccountSet;
  readonly templates: readonly TemplateAtAccounts[];
}

export interface OrganizationVerification {
  readonly sets: readonly AccountVerification[];
  readonly vectors: readonly DecidedVector[];
}

/**
 * Verifies sets of accounts.
 *
 * @param vectors - A request whose principal has the account `*` is asked at every account; others at their own.
 */
export function verifyAccounts(sets: readonly AccountSet[], vectors: CaseFile | null): OrganizationVerification {
  const claims = new ClaimMemory();
  const byAccount = new Map(sets.flatMap((set) => set.accounts.map(({ id }) => [id, set] as const)));
  return {
    sets: sets.map((set) => verifySet(set, claims)),
    vectors: vectors === null ? [] : vectors.cases.flatMap((each) => decideVector(each, vectors, sets, byAccount)),
  };
}

function verifySet(set: AccountSet, memory: ClaimMemory): AccountVerification {
  const all = surround({ scps: levelPolicies(set.scps), rcps: levelPolicies(set.rcps) });
  const cases = set.templates.map((each) => casesFor(set.accounts[0]!.id, each));
  // All at once, since the policies are compiled for each set of requests.
  const decided = decideAt(cases.flat(), set, set, set.accounts[0]!.id);
  let next = 0;
  const templates = set.templates.map((each, index): TemplateAtAccounts => {
    const own = cases[index]!;
    const results = decided.slice(next, (next += own.length));
    return { ...each, claims: claimsAt(each, all, memory), cases: outcomesOf(each, own, results) };
  });
  return { set, templates };
}

function claimsAt(each: TemplateInEffect, all: ApplicablePolicies, memory: ClaimMemory): readonly AccountClaim[] {
  const { template, built } = each;
  return claimsFor(template, built.values).map((claim): AccountClaim => {
    const proof = memory.prove(claim, each);
    const isDenial = claim.decision === 'EXPLICIT_DENY' || claim.decision === 'DENY';
    // Another policy may deny what this one with these values does not.
    if (proof.kind === 'HOLDS' || !isDenial) return { claim, proof, of: 'template', ok: proof.kind === 'HOLDS' };
    const forAll = propertiesOf(claim, template.kind, built.values);
    const whole = proveClaim(
      { forAll, policies: all, decision: claim.decision },
      { actions: namesOf(forAll.actions ?? []), ...(claim.assume === undefined ? {} : { assume: claim.assume }) },
    );
    return { claim, proof: whole, of: 'all', ok: whole.kind === 'HOLDS' };
  });
}

/** Proves each claim of a template with the same values once. */
class ClaimMemory {
  private readonly known = new Map<string, Proof>();

  prove(claim: WrittenClaim, { template, built }: TemplateInEffect): Proof {
    const key = JSON.stringify([template.name, claim.claim, built.values]);
    const proof = this.known.get(key) ?? prove(claim, template.kind, built.policies, built.values);
    this.known.set(key, proof);
    return proof;
  }
}

/** The cases of a template as if they came from an account. */
function casesFor(id: string, { template: { kind, cases } }: TemplateInEffect): readonly PolicyCase[] {
  return cases.cases.map((each): PolicyCase => {
    const written = { ...each, context: requestOf(each, cases.context).context };
    const home = kind === 'scp' ? callerOf(written) : (ownerOf(written) ?? callerOf(written));
    if (home === null) return written;
    // The account stands in ARNs and in values of condition keys.
    return JSON.parse(JSON.stringify(written).replaceAll(home, id)) as PolicyCase;
  });
}

function outcomesOf(
  { template, built }: TemplateInEffect,
  cases: readonly PolicyCase[],
  results: readonly Decided[],
): readonly AccountCase[] {
  const own = runCases(levelsOf(template.kind, built.policies), { cases });
  return cases.map(({ name, decision: written }, index): AccountCase => {
    const alone = own[index]!.decision;
    const { decision, by, unallowedAt } = results[index]!;
    const outcome = outcomeOf(written, alone, decision);
    return { name, decision, by, ...(unallowedAt === undefined ? {} : { unallowedAt }), outcome };
  });
}

/** @param alone - What the template decides by itself. */
function outcomeOf(written: Decision, alone: Decision, decision: Decision): CaseOutcome {
  if (alone === decision) return alone === written ? 'AS_EXPECTED' : 'OTHER_PARAMETERS';
  return decision === 'ALLOW' ? 'FAIL' : 'OVERRULED';
}

function decideVector(
  vector: PolicyCase,
  { context }: CaseFile,
  sets: readonly AccountSet[],
  byAccount: ReadonlyMap<string, AccountSet>,
): readonly DecidedVector[] {
  const written = { ...vector, context: requestOf(vector, context).context };
  const caller = callerOf(written);
  if (caller === EVERY_ACCOUNT) {
    return sets.map((set) => {
      const [decided] = decideAt([fromAccount(written, set.accounts[0]!.id)], set, set);
      return { vector, ...decided!, accounts: set.accounts.map(({ id }) => id) };
    });
  }
  const owner = ownerOf(written) ?? caller;
  const [callers, owners] = [caller, owner].map((id) => (id === null ? undefined : byAccount.get(id)));
  const accounts = [...new Set([caller, owner])].filter((id): id is string => id !== null && byAccount.has(id));
  const [decided] = decideAt([written], callers, owners);
  return [{ vector, ...decided!, accounts }];
}

/** In place of an account id: the request is asked at each. */
const EVERY_ACCOUNT = '*';

function fromAccount(one: PolicyCase, id: string): PolicyCase {
  const withAccount = (text: string): string => {
    const arn = parseArn(text);
    return arn?.account === EVERY_ACCOUNT ? formatArn({ ...arn, account: id }) : text;
  };
  const { principal, resource, sessionIssuer } = one;
  return {
    ...one,
    principal: typeof principal === 'string' ? withAccount(principal) : principal,
    resource: withAccount(resource),
    ...(sessionIssuer === undefined ? {} : { sessionIssuer: withAccount(sessionIssuer) }),
  };
}

type Decided = Pick<DecidedVector, 'decision' | 'by' | 'unallowedAt' | 'ok' | 'fault'>;

/**
 * Decides requests by the SCPs of the caller's account and the RCPs of the resource's.
 *
 * @param only - Of requests at one account: a caller or resource of another account is not bound there.
 */
function decideAt(
  cases: readonly PolicyCase[],
  callers: AccountSet | undefined,
  owners: AccountSet | undefined,
  only?: string,
): readonly Decided[] {
  const decided = new Map<PolicyCase, Decided>();
  const ways = cases.map((one) => {
    const caller = callerOf(one);
    const owner = ownerOf(one) ?? caller;
    const isBound = (id: string | null): boolean => id !== null && (only === undefined || id === only);
    return {
      one,
      scps: isBound(caller) ? (callers?.scps ?? null) : null,
      rcps: isBound(owner) ? (owners?.rcps ?? null) : null,
    };
  });
  for (const hasScps of [true, false]) {
    for (const hasRcps of [true, false]) {
      const alike = ways.filter(({ scps, rcps }) => (scps !== null) === hasScps && (rcps !== null) === hasRcps);
      if (alike.length === 0) continue;
      const { scps, rcps } = alike[0]!;
      const levels: Levels = { scps: levelPolicies(scps), rcps: levelPolicies(rcps) };
      for (const { case: one, decision, by, ok, fault } of runCases(levels, { cases: alike.map((way) => way.one) })) {
        decided.set(one, {
          ...{ decision, ok, by: by.flatMap((each) => sayStatement(each, scps, rcps)) },
          ...(fault === undefined ? {} : { fault }),
          ...(decision === 'IMPLICIT_DENY' ? { unallowedAt: levelsWithoutAllow(one, scps ?? []) } : {}),
        });
      }
    }
  }
  return cases.map((one) => decided.get(one)!);
}

/** The levels on which no statement allows a request. */
function levelsWithoutAllow(one: PolicyCase, scps: readonly EffectiveLevel[]): readonly string[] {
  return scps
    .filter(
      (level) => runCases({ scps: levelPolicies([level]), rcps: null }, { cases: [one] })[0]!.decision !== 'ALLOW',
    )
    .map(({ shown }) => shown);
}

function sayStatement(
  { policyType, level, policyIndex, sid, statementIndex, effect }: CaseResult['by'][number],
  scps: readonly EffectiveLevel[] | null,
  rcps: readonly EffectiveLevel[] | null,
): readonly DecidedBy[] {
  if (policyType !== 'scp' && policyType !== 'rcp') return [];
  const at = (policyType === 'scp' ? scps : rcps)![level ?? 0]!;
  const statement = sid ?? `statement ${(statementIndex ?? 0) + 1}`;
  return [{ policyType, level: at.shown, policy: at.policies[policyIndex]!.name, statement, effect }];
}

function levelPolicies(levels: readonly EffectiveLevel[] | null): Levels['scps'] {
  return levels === null ? null : levels.map(({ policies }) => policies.map(({ policy }) => policy));
}

/** The account of the caller; `null` for a service and for everybody. */
function callerOf({ principal }: PolicyCase): string | null {
  return typeof principal === 'string' ? (parseArn(principal)?.account ?? null) : null;
}

/** The account that the resource belongs to, when it is said. */
function ownerOf({ resource, resourceAccount }: PolicyCase): string | null {
  const account = resourceAccount ?? parseArn(resource)?.account;
  return account === undefined || account === '' ? null : account;
}
