/**
 * The organization policies over each account, as the IAM engine takes them: one list of documents for each level from the
 * root to the account ("SCP evaluation",
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html).
 */
import { compilePolicies, evaluate, readPolicy } from '../../../../iam/index.js';
import type { ApplicablePolicies, Evaluation, Policy, Request } from '../../../../iam/index.js';
import type { OrganizationFacts, OrganizationPolicy, ReadFailure, ScanAccount } from '../../source.js';

/** Accounts below one parent that the same policies are over. */
export interface AccountGroup {
  /** The root or unit that the accounts are in. */
  readonly parent: string;
  readonly accounts: readonly ScanAccount[];
  /** `null`: policies of this type are not enabled. A level is `null` when one of its documents was not read. */
  readonly levels: readonly (readonly Policy[] | null)[] | null;
}

export type LeveledType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

/** The accounts that policies of a type restrain, in groups: the management account is none of them. */
export function accountGroups(facts: OrganizationFacts, type: LeveledType): readonly AccountGroup[] {
  const attached = new Map<string, OrganizationPolicy[]>();
  for (const policy of facts.policies.items) {
    if (policy.type !== type) continue;
    for (const target of policy.targets) attached.set(target, [...(attached.get(target) ?? []), policy]);
  }
  const isEnabled = facts.enabledPolicyTypes.includes(type);
  const read = new Map<string, Policy | null>();
  const documentOf = ({ id, content }: OrganizationPolicy): Policy | null => {
    let known = read.get(id);
    if (known === undefined) {
      const kind = type === 'SERVICE_CONTROL_POLICY' ? 'scp' : 'rcp';
      known = content === null ? null : (readPolicy(content, kind, '').policy ?? null);
      read.set(id, known);
    }
    return known;
  };
  const groups = new Map<string, { parent: string; accounts: ScanAccount[]; levels: AccountGroup['levels'] }>();
  for (const account of facts.accounts) {
    if (account.id === facts.managementAccount || !isActive(account)) continue;
    const parent = account.parents.at(-1) ?? facts.rootId;
    const targets = [...account.parents, account.id];
    const ids = targets.map((target) => (attached.get(target) ?? []).map(({ id }) => id).sort());
    const key = JSON.stringify([parent, ids]);
    let group = groups.get(key);
    if (group === undefined) {
      const levels = targets.map((target) => {
        const documents = (attached.get(target) ?? []).map(documentOf);
        return documents.every((one) => one !== null) ? documents : null;
      });
      groups.set(key, (group = { parent, accounts: [], levels: isEnabled ? levels : null }));
    }
    group.accounts.push(account);
  }
  return [...groups.values()];
}

export function isActive({ state }: ScanAccount): boolean {
  return state === null || state === 'ACTIVE';
}

/** What policies over a group of accounts make of a request: `open` says what it hangs on. */
export type Answer = { readonly verdict: 'denied' | 'allowed' } | { readonly verdict: 'open'; readonly reason: string };

const ALLOW_ALL: Policy = {
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

const NOTHING: ApplicablePolicies = {
  identity: [ALLOW_ALL],
  boundary: null,
  session: null,
  scps: null,
  rcps: null,
  resource: null,
  vpcEndpoint: null,
};

/**
 * Asks whether organization policies deny a request of somebody whose own policies allow everything.
 *
 * A document that was not read can only deny more, or allow too little, so what is denied without it is denied.
 */
export function ask({ levels }: AccountGroup, type: LeveledType, request: Request): Answer {
  if (levels === null) return { verdict: 'allowed' };
  const known = levels.map((level) => level ?? [ALLOW_ALL]);
  const layer = type === 'SERVICE_CONTROL_POLICY' ? { scps: known } : { rcps: known };
  const resource: Policy = {
    ...ALLOW_ALL,
    statements: [
      { ...ALLOW_ALL.statements[0]!, principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] } },
    ],
  };
  const policies = type === 'SERVICE_CONTROL_POLICY' ? { ...NOTHING, ...layer } : { ...NOTHING, ...layer, resource };
  const answer: Evaluation = evaluate(compilePolicies(policies), request, { unknownContext: true });
  if (answer.decision === 'EXPLICIT_DENY' || answer.decision === 'IMPLICIT_DENY') return { verdict: 'denied' };
  if (answer.decision === 'UNDETERMINED') {
    return { verdict: 'open', reason: `it hangs on ${answer.missingKeys.join(', ')}` };
  }
  return levels.includes(null)
    ? { verdict: 'open', reason: 'the text of a policy in force there was not read' }
    : { verdict: 'allowed' };
}

/** What could not be read of the organization's policies, as failures of a check. */
export function policyFailures({ policies }: OrganizationFacts, step: string): readonly ReadFailure[] {
  return policies.failures.map(({ code, message }) => ({ step, code, message }));
}

const MOST_NAMED = 3;

/** Accounts for a reader: some by name, the others counted. */
export function shownAccounts(accounts: readonly ScanAccount[]): string {
  const named = accounts.slice(0, MOST_NAMED).map(({ id, name }) => `${name} (${id})`);
  const more = accounts.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
