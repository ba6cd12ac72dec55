/** What the sandbox knows of its organization: plain data. */

export interface Policy {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly content: string;
  readonly awsManaged: boolean;
}

export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly state: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';
  readonly parentId: string;
}

/** An organization with what belongs to it; the maps keep the order in which things were made. */
export interface OrganizationData {
  readonly id: string;
  readonly managementAccountId: string;
  readonly root: { readonly id: string; readonly name: string };
  /** When everything was made, in milliseconds. */
  readonly createdAt: number;
  readonly enabledPolicyTypes: Set<string>;
  readonly units: Map<string, Unit>;
  readonly accounts: Map<string, Account>;
  readonly policies: Map<string, Policy>;
  /** Ids of policies by target, in the order of attachment. */
  readonly attachments: Map<string, string[]>;
  readonly tags: Map<string, Map<string, string>>;
  /** Service principals by account. */
  readonly delegations: Map<string, Set<string>>;
}

/** The types of policies, with the quotas of those that differ from the rest. */
export const POLICY_TYPES = [
  'SERVICE_CONTROL_POLICY',
  'RESOURCE_CONTROL_POLICY',
  'TAG_POLICY',
  'BACKUP_POLICY',
  'AISERVICES_OPT_OUT_POLICY',
  'CHATBOT_POLICY',
  'DECLARATIVE_POLICY_EC2',
  'SECURITYHUB_POLICY',
  'INSPECTOR_POLICY',
  'UPGRADE_ROLLOUT_POLICY',
  'BEDROCK_POLICY',
  'S3_POLICY',
  'NETWORK_SECURITY_DIRECTOR_POLICY',
] as const;

/** The policies that AWS attaches everywhere when their type is enabled. */
export const MANAGED_POLICIES: readonly Policy[] = [
  {
    id: 'p-FullAWSAccess',
    name: 'FullAWSAccess',
    type: 'SERVICE_CONTROL_POLICY',
    description: 'Allows access to every operation',
    content: JSON.stringify(
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      null,
      2,
    ),
    awsManaged: true,
  },
  {
    id: 'p-RCPFullAWSAccess',
    name: 'RCPFullAWSAccess',
    type: 'RESOURCE_CONTROL_POLICY',
    description: 'Allows access to every resource',
    content: JSON.stringify(
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] },
      null,
      2,
    ),
    awsManaged: true,
  },
];

/** All targets of an organization, the root first. */
export function targetIds({ root, units, accounts }: OrganizationData): readonly string[] {
  return [root.id, ...units.keys(), ...accounts.keys()];
}

/** Enables a type: the policy of AWS that belongs to it is attached everywhere. */
export function enableType(data: OrganizationData, type: string): void {
  data.enabledPolicyTypes.add(type);
  for (const policy of MANAGED_POLICIES.filter((each) => each.type === type)) {
    data.policies.set(policy.id, policy);
    for (const target of targetIds(data)) {
      data.attachments.set(target, [...(data.attachments.get(target) ?? []), policy.id]);
    }
  }
}

/** The ids from the root to a target. */
export function pathTo(data: OrganizationData, id: string): readonly string[] {
  const parentId = data.units.get(id)?.parentId ?? data.accounts.get(id)?.parentId;
  return parentId === undefined ? [id] : [...pathTo(data, parentId), id];
}
