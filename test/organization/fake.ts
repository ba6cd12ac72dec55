/** AWS Organizations in memory, as far as plans need it: it does to a snapshot what the calls of a plan would do. */
import { API_POLICY_TYPES, MANAGED_POLICY_IDS, POLICY_TYPES, targetsOf } from '../../organization/index.js';
import type {
  AwsAccount,
  AwsAttachment,
  AwsPolicy,
  AwsUnit,
  Organization,
  OrganizationSnapshot,
  OrganizationsReader,
  PlanStep,
  Target,
} from '../../organization/index.js';

const ALL_TYPES = Object.values(API_POLICY_TYPES);

/** The snapshot of an organization that is as described; what is written without an id is given one. */
export function snapshotOf(
  organization: Organization,
  enabledPolicyTypes: readonly string[] = ALL_TYPES,
): OrganizationSnapshot {
  const ids = new Map<Target, string>();
  const units: AwsUnit[] = [];
  const accounts: AwsAccount[] = [];
  const policies = new Map<string, AwsPolicy>(managedPolicies().map((policy) => [policy.id, policy]));
  const attachments: AwsAttachment[] = [];
  for (const path of targetsOf(organization)) {
    const target = path.at(-1)!;
    const id = target.id ?? (target.kind === 'root' ? 'r-ab12' : `ou-zz99-${String(ids.size).padStart(8, '0')}`);
    ids.set(target, id);
    const parentId = ids.get(path.at(-2) ?? target)!;
    if (target.kind === 'unit') units.push({ id, name: target.name, parentId });
    if (target.kind === 'account') accounts.push({ id, name: target.name, state: 'ACTIVE', parentId });
    for (const type of POLICY_TYPES) {
      if (!enabledPolicyTypes.includes(API_POLICY_TYPES[type])) continue;
      if (type === 'rcp') attachments.push({ policyId: MANAGED_POLICY_IDS.rcp, targetId: id });
      if (type === 'scp' && target.fullAwsAccess) attachments.push({ policyId: MANAGED_POLICY_IDS.scp, targetId: id });
      for (const { name } of target.policies[type]) {
        const policyId = idOfPolicy(type, name);
        policies.set(policyId, { id: policyId, name, type: API_POLICY_TYPES[type], awsManaged: false, content: '{}' });
        attachments.push({ policyId, targetId: id });
      }
    }
  }
  return {
    organization: { id: organization.id ?? 'o-exampleorgid', managementAccountId: organization.managementAccount },
    root: { id: ids.get(organization.root)!, name: 'Root', enabledPolicyTypes },
    units,
    accounts,
    policies: [...policies.values()].filter(({ type }) => enabledPolicyTypes.includes(type)),
    attachments,
    delegatedAdministrators: organization.delegatedAdministrators,
  };
}

function managedPolicies(): readonly AwsPolicy[] {
  return [
    { id: MANAGED_POLICY_IDS.scp, name: 'FullAWSAccess', type: API_POLICY_TYPES.scp, awsManaged: true, content: '{}' },
    {
      id: MANAGED_POLICY_IDS.rcp,
      name: 'RCPFullAWSAccess',
      type: API_POLICY_TYPES.rcp,
      awsManaged: true,
      content: '{}',
    },
  ];
}

const idOfPolicy = (type: string, name: string): string =>
  `p-${Buffer.from(`${type}/${name}`).toString('hex').padEnd(8, '0')}`;

/** The units that steps made, by path, beside the snapshot that they were made in. */
export class FakeOrganizations {
  private made = new Map<string, string>();

  constructor(private state: OrganizationSnapshot) {}

  snapshot(): OrganizationSnapshot {
    return this.state;
  }

  /** Does what a step says; refuses what AWS would refuse. */
  apply(step: PlanStep): void {
    const { state } = this;
    const idOf = ({ id, shown }: { readonly id: string | null; readonly shown: string }): string => {
      const known = id ?? this.made.get(shown);
      if (known === undefined) throw new Error(`${shown} is not there yet`);
      return known;
    };
    switch (step.kind) {
      case 'enablePolicyType': {
        const type = API_POLICY_TYPES[step.type];
        const managed = managedPolicies().filter((policy) => policy.type === type);
        const targets = [state.root, ...state.units, ...state.accounts].map(({ id }) => id);
        this.state = {
          ...state,
          root: { ...state.root, enabledPolicyTypes: [...state.root.enabledPolicyTypes, type] },
          policies: [...state.policies, ...managed],
          attachments: [
            ...state.attachments,
            ...managed.flatMap(({ id }) => targets.map((targetId) => ({ policyId: id, targetId }))),
          ],
        };
        return;
      }
      case 'createUnit': {
        const id = `ou-new1-${String(state.units.length).padStart(8, '0')}`;
        this.made.set(step.shown, id);
        const managed = managedPolicies().filter(({ type }) => state.root.enabledPolicyTypes.includes(type));
        this.state = {
          ...state,
          units: [...state.units, { id, name: step.name, parentId: idOf(step.parent) }],
          attachments: [...state.attachments, ...managed.map((policy) => ({ policyId: policy.id, targetId: id }))],
        };
        return;
      }
      case 'renameUnit':
        this.state = {
          ...state,
          units: state.units.map((unit) => (unit.id === step.id ? { ...unit, name: step.to } : unit)),
        };
        return;
      case 'createPolicy': {
        const { type, name } = step;
        const policy = {
          id: idOfPolicy(type, name),
          name,
          type: API_POLICY_TYPES[type],
          awsManaged: false,
          content: '',
        };
        if (state.policies.some(({ id }) => id === policy.id)) throw new Error('DuplicatePolicyException');
        this.state = { ...state, policies: [...state.policies, policy] };
        return;
      }
      case 'attachPolicy':
      case 'detachPolicy': {
        const policyId = step.policyId ?? idOfPolicy(step.type, step.policy);
        const targetId = idOf(step.target);
        if (!state.policies.some(({ id }) => id === policyId)) throw new Error('PolicyNotFoundException');
        const others = state.attachments.filter((each) => each.policyId !== policyId || each.targetId !== targetId);
        const isThere = others.length < state.attachments.length;
        if (isThere !== (step.kind === 'detachPolicy')) throw new Error('attached already, or not at all');
        this.state = { ...state, attachments: isThere ? others : [...others, { policyId, targetId }] };
        return;
      }
      case 'moveAccount': {
        const parentId = idOf(step.to);
        const account = state.accounts.find(({ id }) => id === step.id);
        if (account?.parentId !== step.from.id) throw new Error('SourceParentNotFoundException');
        this.state = {
          ...state,
          accounts: state.accounts.map((each) => (each === account ? { ...each, parentId } : each)),
        };
        return;
      }
      case 'registerDelegate': {
        const known = state.delegatedAdministrators;
        const ids = [...(known[step.service] ?? []), step.accountId];
        this.state = { ...state, delegatedAdministrators: { ...known, [step.service]: ids } };
      }
    }
  }

  /** The state through the interface. */
  reader(): OrganizationsReader {
    const { state } = this;
    const below = <T extends { readonly parentId: string }>(
      items: readonly T[],
      parent: string,
    ): Omit<T, 'parentId'>[] =>
      items.filter(({ parentId }) => parentId === parent).map((item) => without(item, 'parentId'));
    const answer = <T>(value: T): Promise<T> => Promise.resolve(value);
    const delegates = Object.entries(state.delegatedAdministrators);
    return {
      describeOrganization: () => answer(state.organization),
      listRoots: () => answer([state.root]),
      listOrganizationalUnitsForParent: (parent) => answer(below(state.units, parent)),
      listAccountsForParent: (parent) => answer(below(state.accounts, parent)),
      listPolicies: (type) =>
        answer(state.policies.filter((policy) => policy.type === type).map((policy) => without(policy, 'content'))),
      describePolicy: (id) => answer(state.policies.find((policy) => policy.id === id)!.content!),
      listTargetsForPolicy: (id) =>
        answer(state.attachments.filter(({ policyId }) => policyId === id).map(({ targetId }) => targetId)),
      listDelegatedAdministrators: () => answer([...new Set(delegates.flatMap(([, ids]) => ids))]),
      listDelegatedServicesForAccount: (id) =>
        answer(delegates.filter(([, ids]) => ids.includes(id)).map(([service]) => service)),
    };
  }

  /** The state as the AWS CLI prints it, one output a file. */
  exports(): { name: string; text: string }[] {
    const { state } = this;
    const file = (name: string, value: unknown): { name: string; text: string } => ({
      name: `exports/${name}.json`,
      text: JSON.stringify(value),
    });
    const named = ({ id, name }: { readonly id: string; readonly name: string }): object => ({ Id: id, Name: name });
    const { id, managementAccountId } = state.organization;
    const delegates = Object.entries(state.delegatedAdministrators);
    const delegateIds = [...new Set(delegates.flatMap(([, ids]) => ids))];
    return [
      file('describe-organization', {
        Organization: { Id: id, MasterAccountId: managementAccountId, FeatureSet: 'ALL' },
      }),
      file('list-roots', {
        Roots: [
          {
            ...named(state.root),
            PolicyTypes: state.root.enabledPolicyTypes.map((Type) => ({ Type, Status: 'ENABLED' })),
          },
        ],
      }),
      ...[state.root, ...state.units].flatMap((parent) => [
        file(`organizational-units-${parent.id}`, {
          OrganizationalUnits: state.units.filter(({ parentId }) => parentId === parent.id).map(named),
        }),
        file(`accounts-${parent.id}`, {
          Accounts: state.accounts
            .filter(({ parentId }) => parentId === parent.id)
            .map((account) => ({ ...named(account), State: account.state, JoinedMethod: 'CREATED' })),
        }),
      ]),
      ...ALL_TYPES.map((type) =>
        file(`policies-${type}`, {
          Policies: state.policies
            .filter((policy) => policy.type === type)
            .map((policy) => ({ ...named(policy), Type: type, AwsManaged: policy.awsManaged })),
        }),
      ),
      ...state.policies.flatMap((policy) => [
        file(`targets-${policy.id}`, {
          Targets: state.attachments
            .filter(({ policyId }) => policyId === policy.id)
            .map(({ targetId }) => ({ TargetId: targetId })),
        }),
        file(`policy-${policy.id}`, { Policy: { PolicySummary: { Id: policy.id }, Content: policy.content } }),
      ]),
      file('list-delegated-administrators', { DelegatedAdministrators: delegateIds.map((Id) => ({ Id })) }),
      ...delegateIds.map((account) =>
        file(`services-${account}`, {
          DelegatedServices: delegates
            .filter(([, ids]) => ids.includes(account))
            .map(([ServicePrincipal]) => ({ ServicePrincipal })),
        }),
      ),
    ];
  }
}

function without<T extends object, K extends keyof T & string>(item: T, key: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(item).filter(([each]) => each !== key)) as Omit<T, K>;
}
