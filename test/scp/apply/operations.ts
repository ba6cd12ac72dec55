/** The calls of plans, answered by the sandbox without a wire, and made to fail where a test wants it. */
import { callOrganizations } from '../../../sandbox/organizations/service.js';
import type { OrganizationData } from '../../../sandbox/index.js';
import type { PolicyOperations } from '../../../scp/apply/index.js';

/** Thrown in place of a call, as when a process is killed. */
export class Killed extends Error {}

export interface Killing {
  /** The writing call that is killed, from 1; none by default. */
  readonly at?: number;
  /** Whether the call is made before the process dies. */
  readonly after?: boolean;
}

/** The operations on an organization. */
export function operationsOn(
  data: OrganizationData,
  { at, after = false }: Killing = {},
): PolicyOperations & { readonly writes: () => number } {
  let writes = 0;
  const read = <T>(operation: string, input: object): Promise<T> => {
    try {
      const account = data.managementAccountId;
      return Promise.resolve(callOrganizations(data, operation, { ...input }, account) as T);
    } catch (error) {
      // The SDK names its errors so.
      (error as Error).name = (error as { code?: string }).code ?? (error as Error).name;
      throw error;
    }
  };
  const all = async <T>(operation: string, input: object, key: string): Promise<readonly T[]> => {
    const found: T[] = [];
    let NextToken: string | undefined;
    do {
      const page: Record<string, unknown> = await read(operation, {
        ...input,
        ...(NextToken !== undefined && { NextToken }),
      });
      found.push(...(page[key] as T[]));
      NextToken = page['NextToken'] as string | undefined;
    } while (NextToken !== undefined);
    return found;
  };
  const write = async <T>(operation: string, input: object): Promise<T> => {
    writes += 1;
    if (writes === at && !after) throw new Killed();
    const answer = await read<T>(operation, input);
    if (writes === at) throw new Killed();
    return answer;
  };
  interface Named {
    readonly Id: string;
    readonly Name: string;
  }
  return {
    writes: () => writes,
    async describeOrganization() {
      const { Organization } = await read<{ Organization: { Id: string; MasterAccountId: string } }>(
        'DescribeOrganization',
        {},
      );
      return { id: Organization.Id, managementAccountId: Organization.MasterAccountId };
    },
    async listRoots() {
      const roots = await all<Named & { PolicyTypes: { Type: string }[] }>('ListRoots', {}, 'Roots');
      return roots.map(({ Id, Name, PolicyTypes }) => ({
        id: Id,
        name: Name,
        enabledPolicyTypes: PolicyTypes.map(({ Type }) => Type),
      }));
    },
    async listOrganizationalUnitsForParent(ParentId) {
      const units = await all<Named>('ListOrganizationalUnitsForParent', { ParentId }, 'OrganizationalUnits');
      return units.map(({ Id, Name }) => ({ id: Id, name: Name }));
    },
    async listAccountsForParent(ParentId) {
      const accounts = await all<Named & { State: string }>('ListAccountsForParent', { ParentId }, 'Accounts');
      return accounts.map(({ Id, Name, State }) => ({ id: Id, name: Name, state: State }));
    },
    async listPolicies(Filter) {
      const policies = await all<Named & { Type: string; AwsManaged: boolean; Description: string }>(
        'ListPolicies',
        { Filter },
        'Policies',
      );
      return policies.map(({ Id, Name, Type, AwsManaged, Description }) => ({
        id: Id,
        name: Name,
        type: Type,
        awsManaged: AwsManaged,
        description: Description,
      }));
    },
    async describePolicy(PolicyId) {
      const { Policy } = await read<{ Policy: { Content: string } }>('DescribePolicy', { PolicyId });
      return Policy.Content;
    },
    async listTargetsForPolicy(PolicyId) {
      const targets = await all<{ TargetId: string }>('ListTargetsForPolicy', { PolicyId }, 'Targets');
      return targets.map(({ TargetId }) => TargetId);
    },
    listDelegatedAdministrators: () => Promise.resolve([]),
    listDelegatedServicesForAccount: () => Promise.resolve([]),
    async listTagsForResource(ResourceId) {
      const tags = await all<{ Key: string; Value: string }>('ListTagsForResource', { ResourceId }, 'Tags');
      return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
    },
    enablePolicyType: (RootId, PolicyType) => write('EnablePolicyType', { RootId, PolicyType }),
    async createPolicy({ name, type, description, content, tags }) {
      const { Policy } = await write<{ Policy: { PolicySummary: Named } }>('CreatePolicy', {
        Name: name,
        Type: type,
        Description: description,
        Content: content,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      });
      return Policy.PolicySummary.Id;
    },
    updatePolicy: (PolicyId, { description, content }) =>
      write('UpdatePolicy', { PolicyId, Description: description, Content: content }),
    deletePolicy: (PolicyId) => write('DeletePolicy', { PolicyId }),
    attachPolicy: (PolicyId, TargetId) => write('AttachPolicy', { PolicyId, TargetId }),
    detachPolicy: (PolicyId, TargetId) => write('DetachPolicy', { PolicyId, TargetId }),
  };
}

/** What is in force, without the ids that each creation makes anew. */
export function inForce(data: OrganizationData): unknown {
  const policies = [...data.policies.values()];
  const named = (id: string): string => {
    const policy = data.policies.get(id)!;
    return `${policy.type} ${policy.name}`;
  };
  return {
    enabled: [...data.enabledPolicyTypes].sort(),
    policies: policies
      .filter(({ awsManaged }) => !awsManaged)
      .map(({ id, ...rest }) => ({ ...rest, tags: Object.fromEntries(data.tags.get(id) ?? []) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    attachments: [...data.attachments]
      .map(([target, ids]) => [target, ids.map(named).sort()])
      .filter(([, ids]) => ids!.length > 0)
      .sort(),
  };
}

/** A copy that changes apart. */
export function copyOf(data: OrganizationData): OrganizationData {
  return structuredClone(data);
}
