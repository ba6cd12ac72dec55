/**
 * The policies in effect at each account: on every level from the root to the account itself, those attached there.
 * "SCP evaluation" and "RCP evaluation" in the AWS Organizations User Guide
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html): inside a level
 * the policies are joined, across levels a request must be allowed on each; a deny on any level wins.
 */
import { forEachType, isSettingType, POLICY_TYPES } from './model.js';
import type {
  Account,
  Organization,
  OrganizationParameters,
  OrganizationPolicyType,
  PolicyTemplates,
  Target,
} from './model.js';
import { accountPaths, canonicalParameter, parametersFor, shownTarget, targetsOf, type TargetPath } from './tree.js';

/** The names of the policies that AWS attaches by itself, and that allow everything. */
export const MANAGED_POLICIES = { scp: 'FullAWSAccess', rcp: 'RCPFullAWSAccess' } as const;

/** A policy that is attached somewhere. */
export type AttachedPolicy =
  | { readonly kind: 'managed'; readonly name: 'FullAWSAccess' | 'RCPFullAWSAccess' }
  | {
      readonly kind: 'template';
      readonly name: string;
      /** All that the template is used with there; see `parametersFor`. */
      readonly parameters: OrganizationParameters;
    }
  | { readonly kind: 'document'; readonly name: string; readonly file: string };

/** One level of the way to an account. */
export interface PolicyLevel {
  readonly target: Target;
  /** As a reader writes it, see `shownTarget`. */
  readonly shown: string;
  readonly policies: readonly AttachedPolicy[];
}

/** What is in effect at one account: levels from root to account, by type; `null` where a type does not reach it. */
export interface EffectivePolicies {
  readonly account: Account;
  readonly levels: Readonly<Record<OrganizationPolicyType, readonly PolicyLevel[] | null>>;
}

/** Accounts for which the same policies decide. */
export interface EffectiveGroup {
  /** One or more, in the order of the tree. */
  readonly accounts: readonly Account[];
  /** Those of the first account. The others may have them on levels of other names. */
  readonly effective: EffectivePolicies;
}

/**
 * The policies of one type attached at the last target of a path: the one of AWS first, then those chosen.
 *
 * `FullAWSAccess` is attached unless the target has `fullAwsAccess: false`; `RCPFullAWSAccess` always is.
 */
export function attachedPolicies(
  organization: Organization,
  path: TargetPath,
  type: OrganizationPolicyType,
  templates?: PolicyTemplates,
): readonly AttachedPolicy[] {
  const target = path.at(-1)!;
  const chosen = target.policies[type].map((choice): AttachedPolicy => {
    if (choice.kind === 'document') return choice;
    const { name } = choice;
    return { kind: 'template', name, parameters: parametersFor(organization, path, choice, templates?.get(name)) };
  });
  if (type === 'rcp') return [{ kind: 'managed', name: MANAGED_POLICIES.rcp }, ...chosen];
  return type === 'scp' && target.fullAwsAccess ? [{ kind: 'managed', name: MANAGED_POLICIES.scp }, ...chosen] : chosen;
}

/** Whether policies of a type have an effect at an account: SCPs and RCPs do not restrain the management account. */
export function reaches(organization: Organization, accountId: string, type: OrganizationPolicyType): boolean {
  return accountId !== organization.managementAccount || isSettingType(type);
}

/**
 * What is in effect at one account.
 *
 * @param templates - What the library knows: parameters that a template does not declare are left out of its use.
 * @throws RangeError when the account is not in the tree.
 */
export function effectivePolicies(
  organization: Organization,
  accountId: string,
  templates?: PolicyTemplates,
): EffectivePolicies {
  const path = accountPaths(organization).get(accountId);
  if (path === undefined) throw new RangeError(`there is no account ${accountId}`);
  return new Levels(organization, templates).effective(path);
}

/**
 * Groups the accounts so that each set of policies has to be decided once.
 *
 * Two accounts are in one group when each type of policy decides alike for them: SCPs and RCPs by the set of levels that
 * say more than "everything is allowed", since neither their order nor a repetition matters; other types by the
 * sequence of levels that hold anything, since there a lower level changes what a higher one says.
 *
 * @param types - Only these are compared. `@default` all.
 * @returns In the order of their first accounts; each account of the organization is in exactly one.
 */
export function effectiveGroups(
  organization: Organization,
  templates?: PolicyTemplates,
  types: readonly OrganizationPolicyType[] = POLICY_TYPES,
): readonly EffectiveGroup[] {
  const levels = new Levels(organization, templates);
  const groups = new Map<string, { accounts: Account[]; effective: EffectivePolicies }>();
  for (const path of targetsOf(organization)) {
    const account = path.at(-1)!;
    if (account.kind !== 'account') continue;
    const key = types.map((type) => levels.key(path, account.id, type)).join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { accounts: [account], effective: levels.effective(path) });
    else group.accounts.push(account);
  }
  return [...groups.values()];
}

/** The levels of targets, each made once. */
class Levels {
  private readonly known = new Map<
    Target,
    Partial<Record<OrganizationPolicyType, { level: PolicyLevel; key: string }>>
  >();
  /** Numbers for the texts of policies and levels, so that keys stay short. */
  private readonly numbers = new Map<string, number>();

  constructor(
    private readonly organization: Organization,
    private readonly templates: PolicyTemplates | undefined,
  ) {}

  effective(path: TargetPath): EffectivePolicies {
    const account = path.at(-1) as Account;
    const of = (type: OrganizationPolicyType): readonly PolicyLevel[] | null =>
      reaches(this.organization, account.id, type) ? this.along(path, type).map(({ level }) => level) : null;
    return { account, levels: forEachType(of) };
  }

  /** A text that is equal for accounts at which policies of a type decide alike. */
  key(path: TargetPath, accountId: string, type: OrganizationPolicyType): string {
    if (!reaches(this.organization, accountId, type)) return '-';
    const keys = this.along(path, type).map(({ key }) => key);
    if (isSettingType(type)) return keys.filter((key) => key !== '').join('/');
    const everything = String(this.number(policyKey({ kind: 'managed', name: MANAGED_POLICIES[type] })));
    return [...new Set(keys.filter((key) => key !== everything))].sort().join('/');
  }

  private along(path: TargetPath, type: OrganizationPolicyType): readonly { level: PolicyLevel; key: string }[] {
    return path.map((target, index) => {
      const known = this.known.get(target);
      const made = known?.[type] ?? this.make(path.slice(0, index + 1) as unknown as TargetPath, type);
      this.known.set(target, { ...known, ...this.known.get(target), [type]: made });
      return made;
    });
  }

  private make(path: TargetPath, type: OrganizationPolicyType): { level: PolicyLevel; key: string } {
    const policies = attachedPolicies(this.organization, path, type, this.templates);
    const numbers = policies.map((policy) => this.number(policyKey(policy)));
    const isSet = !isSettingType(type);
    const key = (isSet ? [...new Set(numbers)].sort((a, b) => a - b) : numbers).join(',');
    return { level: { target: path.at(-1)!, shown: shownTarget(path), policies }, key };
  }

  private number(text: string): number {
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    return number;
  }
}

/** A text that is equal for policies with equal content; the name that a document is given does not count. */
export function policyKey(policy: AttachedPolicy): string {
  switch (policy.kind) {
    case 'managed':
      return `managed ${policy.name}`;
    case 'template':
      return `template ${policy.name} ${canonicalParameter(policy.parameters)}`;
    case 'document':
      return `document ${policy.file}`;
  }
}
