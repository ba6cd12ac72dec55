/**
 * What lies between a description and the organization that there is: calls of AWS Organizations that would bring the
 * second to the first, and what no call can mend. Pure; nothing is called here.
 *
 * The order is safe to follow: a new unit has its policies before an account moves into it, and a policy goes away only
 * when all that replace it are attached.
 */
import { MANAGED_POLICIES } from './effective.js';
import { API_POLICY_TYPES, POLICY_TYPES } from './model.js';
import type { Organization, OrganizationPolicyType, OrganizationRoot, OrganizationalUnit, Target } from './model.js';
import { MANAGED_POLICY_IDS, type AwsUnit, type OrganizationSnapshot } from './reader.js';
import { shownTarget, targetsOf } from './tree.js';

/** Something that a call is made for: its id, or `null` when an earlier step makes it; and its path. */
export interface PlanTarget {
  readonly id: string | null;
  readonly shown: string;
}

/** One call. */
export type PlanStep =
  | { readonly kind: 'enablePolicyType'; readonly rootId: string; readonly type: OrganizationPolicyType }
  | { readonly kind: 'createUnit'; readonly name: string; readonly parent: PlanTarget; readonly shown: string }
  | { readonly kind: 'renameUnit'; readonly id: string; readonly from: string; readonly to: string }
  | { readonly kind: 'createPolicy'; readonly type: OrganizationPolicyType; readonly name: string }
  | {
      readonly kind: 'attachPolicy' | 'detachPolicy';
      readonly type: OrganizationPolicyType;
      readonly policy: string;
      /** `null` when an earlier step makes it. */
      readonly policyId: string | null;
      readonly target: PlanTarget;
    }
  | {
      readonly kind: 'moveAccount';
      readonly id: string;
      readonly name: string;
      readonly from: PlanTarget;
      readonly to: PlanTarget;
    }
  | { readonly kind: 'registerDelegate'; readonly service: string; readonly accountId: string };

/** What no call of a plan mends. */
export type PlanProblem =
  /** The snapshot is one of another organization; nothing else is compared then. */
  | { readonly kind: 'otherOrganization'; readonly described: string; readonly found: string }
  /** An account of the description is not in the organization. */
  | { readonly kind: 'missingAccount'; readonly id: string; readonly shown: string }
  /** An account of the organization is not described: nobody said which policies it shall have. */
  | { readonly kind: 'undescribedAccount'; readonly id: string; readonly name: string; readonly parentId: string }
  | { readonly kind: 'inactiveAccount'; readonly id: string; readonly state: string }
  /** A unit is described with an id that the organization does not have. */
  | { readonly kind: 'missingUnit'; readonly id: string; readonly shown: string }
  | { readonly kind: 'undescribedUnit'; readonly id: string; readonly name: string; readonly parentId: string }
  /** A delegated administrator that is not described: some service may depend on it. */
  | { readonly kind: 'undescribedDelegate'; readonly service: string; readonly accountId: string }
  /** AWS Organizations cannot move a unit: make a new one, move the accounts, delete the old one. */
  | { readonly kind: 'unitElsewhere'; readonly id: string; readonly shown: string; readonly parentId: string };

export interface OrganizationPlan {
  readonly steps: readonly PlanStep[];
  readonly problems: readonly PlanProblem[];
}

export interface CompareOptions {
  /**
   * Names of the policies that shall be attached at a target, those of AWS not among them.
   * `@default` the names of what is chosen there.
   */
  readonly attachments?: (target: Target, type: OrganizationPolicyType) => readonly string[];
}

/** Compares a description with an organization. The plan of what agrees has no steps and no problems. */
export function compareOrganization(
  organization: Organization,
  snapshot: OrganizationSnapshot,
  options: CompareOptions = {},
): OrganizationPlan {
  const others = differentIdentity(organization, snapshot);
  if (others.length > 0) return { steps: [], problems: others };
  const ids = new Map<Target, string | null>([[organization.root, snapshot.root.id]]);
  const shape = compareUnits(organization, snapshot, ids);
  const accounts = compareAccounts(organization, snapshot, ids);
  const delegates = compareDelegates(organization, snapshot);
  const wanted = options.attachments ?? ((target, type) => target.policies[type].map(({ name }) => name));
  const policies = compareAttachments(organization, snapshot, ids, wanted);
  return {
    steps: [
      ...policies.enable,
      ...shape.steps,
      ...policies.create,
      ...policies.attach,
      ...accounts.steps,
      ...policies.detach,
      ...delegates.steps,
    ],
    problems: [...shape.problems, ...accounts.problems, ...delegates.problems],
  };
}

function differentIdentity(organization: Organization, snapshot: OrganizationSnapshot): readonly PlanProblem[] {
  const { id, managementAccountId } = snapshot.organization;
  const pairs: readonly (readonly [described: string | null, found: string])[] = [
    [organization.id, id],
    [organization.managementAccount, managementAccountId],
    [organization.root.id, snapshot.root.id],
  ];
  return pairs.flatMap(([described, found]) =>
    described === null || described === found ? [] : [{ kind: 'otherOrganization', described, found }],
  );
}

interface Part {
  readonly steps: PlanStep[];
  readonly problems: PlanProblem[];
}

/** Finds the unit of the organization for each described one, by its id or else by its path. */
function compareUnits(
  organization: Organization,
  { root, units }: OrganizationSnapshot,
  ids: Map<Target, string | null>,
): Part {
  const part: Part = { steps: [], problems: [] };
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const described = new Set([...targetsOf(organization)].map((path) => path.at(-1)!.id));
  const found = new Set<AwsUnit>();
  const below = (target: OrganizationRoot | OrganizationalUnit, parentId: string | null, shown: string): void => {
    for (const unit of target.units) {
      const path = `${shown}/${unit.name}`;
      const aws =
        unit.id === null
          ? units.find(
              (each) =>
                parentId !== null && each.parentId === parentId && each.name === unit.name && !described.has(each.id),
            )
          : byId.get(unit.id);
      ids.set(unit, aws?.id ?? null);
      if (aws === undefined) {
        if (unit.id === null) {
          const parent = { id: parentId, shown: shown === '' ? '/' : shown };
          part.steps.push({ kind: 'createUnit', name: unit.name, parent, shown: path });
        } else part.problems.push({ kind: 'missingUnit', id: unit.id, shown: path });
      } else {
        found.add(aws);
        if (aws.parentId !== parentId) {
          part.problems.push({ kind: 'unitElsewhere', id: aws.id, shown: path, parentId: aws.parentId });
        }
        if (aws.name !== unit.name) part.steps.push({ kind: 'renameUnit', id: aws.id, from: aws.name, to: unit.name });
      }
      below(unit, aws?.id ?? null, path);
    }
  };
  below(organization.root, root.id, '');
  for (const unit of units) if (!found.has(unit)) part.problems.push({ kind: 'undescribedUnit', ...unit });
  return part;
}

function compareAccounts(
  organization: Organization,
  { accounts, units, root }: OrganizationSnapshot,
  ids: Map<Target, string | null>,
): Part {
  const part: Part = { steps: [], problems: [] };
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const names = new Map(units.map((unit) => [unit.id, unit]));
  const shownId = (id: string): string => {
    const unit = names.get(id);
    return unit === undefined ? (id === root.id ? '' : id) : `${shownId(unit.parentId)}/${unit.name}`;
  };
  for (const path of targetsOf(organization)) {
    const account = path.at(-1)!;
    if (account.kind !== 'account') continue;
    const aws = byId.get(account.id);
    const shown = shownTarget(path);
    if (aws === undefined) {
      part.problems.push({ kind: 'missingAccount', id: account.id, shown });
      continue;
    }
    ids.set(account, account.id);
    byId.delete(account.id);
    if (aws.state !== null && aws.state !== 'ACTIVE') {
      part.problems.push({ kind: 'inactiveAccount', id: account.id, state: aws.state });
    }
    const parent = path.at(-2)!;
    const to = ids.get(parent) ?? null;
    // Below a unit whose id does not exist there is nowhere to move to; that problem is told.
    if (to === aws.parentId || (to === null && parent.id !== null)) continue;
    part.steps.push({
      kind: 'moveAccount',
      id: account.id,
      name: account.name,
      from: { id: aws.parentId, shown: shownId(aws.parentId) || '/' },
      to: { id: to, shown: shownTarget(path.slice(0, -1)) },
    });
  }
  for (const { id, name, parentId } of byId.values()) {
    part.problems.push({ kind: 'undescribedAccount', id, name, parentId });
  }
  return part;
}

function compareAttachments(
  organization: Organization,
  snapshot: OrganizationSnapshot,
  ids: ReadonlyMap<Target, string | null>,
  wanted: NonNullable<CompareOptions['attachments']>,
): Record<'enable' | 'create' | 'attach' | 'detach', PlanStep[]> {
  const steps: Record<'enable' | 'create' | 'attach' | 'detach', PlanStep[]> = {
    enable: [],
    create: [],
    attach: [],
    detach: [],
  };
  const paths = [...targetsOf(organization)];
  const atTarget = new Map<string, Set<string>>();
  for (const { targetId, policyId } of snapshot.attachments) {
    atTarget.set(targetId, (atTarget.get(targetId) ?? new Set()).add(policyId));
  }
  for (const type of POLICY_TYPES) {
    const isEnabled = snapshot.root.enabledPolicyTypes.includes(API_POLICY_TYPES[type]);
    const isUsed = paths.some((path) => {
      const target = path.at(-1)!;
      return wanted(target, type).length > 0 || (type === 'scp' && !target.fullAwsAccess);
    });
    if (!isEnabled && !isUsed) continue;
    if (!isEnabled) steps.enable.push({ kind: 'enablePolicyType', rootId: snapshot.root.id, type });
    const policies = snapshot.policies.filter((policy) => policy.type === API_POLICY_TYPES[type]);
    const idOf = new Map(policies.map(({ name, id }) => [name, id]));
    if (type === 'scp') idOf.set(MANAGED_POLICIES.scp, MANAGED_POLICY_IDS.scp);
    const made = new Set<string>();
    for (const path of paths) {
      const target = path.at(-1)!;
      const id = ids.get(target) ?? null;
      // What is not in the organization and is not made by a step cannot have policies.
      if (id === null && (target.kind === 'account' || target.id !== null)) continue;
      const at = { id, shown: shownTarget(path) };
      const want = new Set(wanted(target, type));
      if (type === 'scp' && target.fullAwsAccess) want.add(MANAGED_POLICIES.scp);
      const has = new Set<string>();
      // AWS attaches FullAWSAccess to what is new, and everywhere when the type is enabled.
      if (type === 'scp' && (id === null || !isEnabled)) has.add(MANAGED_POLICIES.scp);
      else if (id !== null) {
        const here = atTarget.get(id) ?? new Set<string>();
        for (const policy of policies) if (here.has(policy.id)) has.add(policy.name);
      }
      if (type === 'rcp') has.delete(MANAGED_POLICIES.rcp);
      for (const policy of want) {
        if (has.has(policy)) continue;
        const policyId = idOf.get(policy) ?? null;
        if (policyId === null && !made.has(policy)) steps.create.push({ kind: 'createPolicy', type, name: policy });
        made.add(policy);
        steps.attach.push({ kind: 'attachPolicy', type, policy, policyId, target: at });
      }
      for (const policy of has) {
        if (want.has(policy)) continue;
        steps.detach.push({ kind: 'detachPolicy', type, policy, policyId: idOf.get(policy) ?? null, target: at });
      }
    }
  }
  return steps;
}

function compareDelegates(organization: Organization, snapshot: OrganizationSnapshot): Part {
  const part: Part = { steps: [], problems: [] };
  const want = new Map(Object.entries(organization.delegatedAdministrators));
  const has = new Map(Object.entries(snapshot.delegatedAdministrators));
  for (const [service, ids] of want) {
    for (const accountId of ids) {
      if (!has.get(service)?.includes(accountId)) part.steps.push({ kind: 'registerDelegate', service, accountId });
    }
  }
  for (const [service, ids] of has) {
    for (const accountId of ids) {
      if (want.get(service)?.includes(accountId)) continue;
      part.problems.push({ kind: 'undescribedDelegate', service, accountId });
    }
  }
  return part;
}
