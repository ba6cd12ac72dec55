/** From the description of an organization to the organization that the sandbox starts with. */
import { createHash } from 'node:crypto';
import { targetsOf } from '../organization/index.js';
import type { Organization, Target } from '../organization/index.js';
import { enableType, MANAGED_POLICIES } from './organizations/data.js';
import type { OrganizationData } from './organizations/data.js';

/** What a new organization with all features has enabled. */
const ENABLED_AT_FIRST = ['SERVICE_CONTROL_POLICY'];

/**
 * Makes the organization of a description: its tree, accounts and delegated administrators. Policies are not attached:
 * that is what is tried out in the sandbox. Ids that the description leaves out follow from names, so that each start
 * gives the same.
 *
 * @param enabledPolicyTypes - Names of the API.
 */
export function seedOrganization(
  organization: Organization,
  createdAt: number,
  enabledPolicyTypes: readonly string[] = ENABLED_AT_FIRST,
): OrganizationData {
  const rootId = organization.root.id ?? 'r-sand';
  const data: OrganizationData = {
    id: organization.id ?? 'o-sandbox0000',
    managementAccountId: organization.managementAccount,
    root: { id: rootId, name: 'Root' },
    createdAt,
    enabledPolicyTypes: new Set(),
    units: new Map(),
    accounts: new Map(),
    policies: new Map(MANAGED_POLICIES.map((policy) => [policy.id, policy])),
    attachments: new Map(),
    tags: new Map(),
    delegations: new Map(),
  };
  const ids = new Map<Target, string>([[organization.root, rootId]]);
  for (const path of targetsOf(organization)) {
    const target = path.at(-1)!;
    if (target.kind === 'root') continue;
    const parentId = ids.get(path.at(-2)!)!;
    const { name } = target;
    if (target.kind === 'account') {
      const email = `account-${target.id}@example.com`;
      data.accounts.set(target.id, { id: target.id, name, email, state: 'ACTIVE', parentId });
    } else {
      const id = target.id ?? `ou-${rootId.slice(2)}-${shortHash(path.map((each) => each.name).join('/'))}`;
      ids.set(target, id);
      data.units.set(id, { id, name, parentId });
    }
  }
  for (const [service, accounts] of Object.entries(organization.delegatedAdministrators)) {
    for (const account of accounts) {
      data.delegations.set(account, new Set([...(data.delegations.get(account) ?? []), service]));
    }
  }
  for (const type of enabledPolicyTypes) enableType(data, type);
  return data;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
