/** The guardrails that are replayed: what is in force for a caller of one account at a resource of another. */
import { compilePolicies } from '../../iam/index.js';
import type { ApplicablePolicies, CompiledSet, Policy, Statement } from '../../iam/index.js';
import type { PolicyKeys } from './keys.js';

/** Policies of one account, level by level from the root; `null` where the type does not reach the account. */
export type Levels = readonly (readonly Policy[])[] | null;

/** SCPs, RCPs and boundaries of an organization. */
export interface Guardrails {
  /** @returns The same object for accounts with the same policies, so that each set is compiled once. */
  readonly scps: (account: string) => Levels;
  readonly rcps: (account: string) => Levels;
  /** Boundary of every user and role; `null` for none. */
  readonly boundary: readonly Policy[] | null;
}

const ANYTHING = { negated: false, patterns: ['*'] } as const;

/** Says yes to everything, so that what is left to decide are the guardrails. */
function allowing(principal: Pick<Statement, 'principal'>): Policy {
  const statement: Statement = { effect: 'Allow', ...principal, action: ANYTHING, resource: ANYTHING, conditions: [] };
  return { version: '2012-10-17', statements: [statement] };
}

const IDENTITY = allowing({});

/**
 * A resource policy that leaves the decision to the policies of the caller's account, as a key policy does that names the
 * account: a grant to the caller itself would lift boundaries. Callers without an account are let in.
 */
function resourcePolicy(account: string | undefined): Policy {
  return allowing({ principal: { negated: false, principals: [{ kind: 'AWS', value: account ?? '*' }] } });
}

/** How statements about some resources only are taken when the record does not name the resource. */
export type Reading = 'exact' | 'most denied' | 'least denied';

/** The compiled guardrails for pairs of accounts. */
export class GuardrailSets {
  /** By account of the caller, then by RCPs. */
  private readonly sets = new Map<string, Map<Levels, CompiledSet>>();
  private readonly byAccounts = new Map<string, CompiledSet>();

  /** @param keys - Is told of the policies that come up. */
  constructor(
    private readonly guardrails: Guardrails,
    private readonly keys: PolicyKeys,
    private readonly reading: Reading = 'exact',
  ) {}

  /** @param caller - Account of the caller. `owner`: account of the resource. Left out for those without one. */
  find(caller: string | undefined, owner: string | undefined): CompiledSet {
    const key = `${caller ?? ''} ${owner ?? ''}`;
    const known = this.byAccounts.get(key);
    if (known !== undefined) return known;
    const rcps = owner === undefined ? null : this.guardrails.rcps(owner);
    const byRcps = this.sets.get(caller ?? '') ?? new Map<Levels, CompiledSet>();
    this.sets.set(caller ?? '', byRcps);
    const set = byRcps.get(rcps) ?? compilePolicies(this.policies(caller, rcps));
    byRcps.set(rcps, set);
    this.byAccounts.set(key, set);
    return set;
  }

  private policies(caller: string | undefined, rcps: Levels): ApplicablePolicies {
    const scps = caller === undefined ? null : this.guardrails.scps(caller);
    const { boundary } = this.guardrails;
    const read = (policies: readonly Policy[]): readonly Policy[] => {
      this.keys.add(policies);
      return policies.map((policy) => readAs(policy, this.reading));
    };
    return {
      identity: [IDENTITY],
      boundary: boundary === null ? null : read(boundary),
      session: null,
      scps: scps === null ? null : scps.map(read),
      rcps: rcps === null ? null : rcps.map(read),
      resource: resourcePolicy(caller),
      vpcEndpoint: null,
    };
  }
}

/** A policy whose statements about some resources speak of all or of none. */
function readAs(policy: Policy, reading: Reading): Policy {
  if (reading === 'exact') return policy;
  const grows = reading === 'most denied' ? 'Deny' : 'Allow';
  const statements = policy.statements.flatMap((statement): Statement[] => {
    const { effect, resource } = statement;
    if (resource === undefined || (!resource.negated && resource.patterns.includes('*'))) return [statement];
    return effect === grows ? [{ ...statement, resource: ANYTHING }] : [];
  });
  return { ...policy, statements };
}
