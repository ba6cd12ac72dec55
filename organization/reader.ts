/**
 * What AWS Organizations says of an organization, and the interface through which it is asked. Operations are those of
 * the API (https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html); pages, throttling and
 * retries are the business of who implements them.
 */
import { API_POLICY_TYPES, NO_POLICIES, POLICY_TYPES } from './model.js';
import type {
  Account,
  DocumentChoice,
  Organization,
  OrganizationPolicyType,
  OrganizationalUnit,
  Target,
} from './model.js';

export interface AwsOrganization {
  readonly id: string;
  readonly managementAccountId: string;
}

export interface AwsRoot {
  readonly id: string;
  readonly name: string;
  /** Names of the API of the policy types that are enabled. */
  readonly enabledPolicyTypes: readonly string[];
}

export interface AwsUnit {
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
}

export interface AwsAccount {
  readonly id: string;
  readonly name: string;
  /** `ACTIVE`, `SUSPENDED`, …; `null` when it was not told. */
  readonly state: string | null;
  readonly parentId: string;
}

export interface AwsPolicy {
  readonly id: string;
  readonly name: string;
  /** Name of the API, such as `SERVICE_CONTROL_POLICY`. */
  readonly type: string;
  readonly awsManaged: boolean;
  /** Left out when it was not told. */
  readonly description?: string;
  /** Its text; `null` when it was not read. */
  readonly content: string | null;
}

/** A policy at a root, unit or account. */
export interface AwsAttachment {
  readonly policyId: string;
  readonly targetId: string;
}

/** An organization as AWS Organizations has it at one time. */
export interface OrganizationSnapshot {
  readonly organization: AwsOrganization;
  readonly root: AwsRoot;
  readonly units: readonly AwsUnit[];
  readonly accounts: readonly AwsAccount[];
  readonly policies: readonly AwsPolicy[];
  /** Direct attachments; what is inherited follows from the tree. */
  readonly attachments: readonly AwsAttachment[];
  /** Ids of accounts by service principal. */
  readonly delegatedAdministrators: Readonly<Record<string, readonly string[]>>;
}

/** Asks AWS Organizations. Each call returns all pages; what AWS refuses is thrown. */
export interface OrganizationsReader {
  describeOrganization(): Promise<AwsOrganization>;
  listRoots(): Promise<readonly AwsRoot[]>;
  listOrganizationalUnitsForParent(parentId: string): Promise<readonly Omit<AwsUnit, 'parentId'>[]>;
  listAccountsForParent(parentId: string): Promise<readonly Omit<AwsAccount, 'parentId'>[]>;
  listPolicies(type: string): Promise<readonly Omit<AwsPolicy, 'content'>[]>;
  /** The text of a policy. */
  describePolicy(policyId: string): Promise<string>;
  /** Ids of the targets that it is attached to. */
  listTargetsForPolicy(policyId: string): Promise<readonly string[]>;
  /** Ids of accounts. */
  listDelegatedAdministrators(): Promise<readonly string[]>;
  /** Service principals. */
  listDelegatedServicesForAccount(accountId: string): Promise<readonly string[]>;
}

/**
 * Reads an organization, one call after the other, because AWS Organizations takes only a few a second.
 *
 * @throws RangeError when there is not exactly one root; and what the reader throws.
 */
export async function readSnapshot(reader: OrganizationsReader): Promise<OrganizationSnapshot> {
  const organization = await reader.describeOrganization();
  const [root, ...others] = await reader.listRoots();
  if (root === undefined || others.length > 0) {
    throw new RangeError(`AWS Organizations lists ${others.length + (root === undefined ? 0 : 1)} roots, not one`);
  }
  const units: AwsUnit[] = [];
  const accounts: AwsAccount[] = [];
  const parents = [root.id];
  for (const parentId of parents) {
    for (const unit of await reader.listOrganizationalUnitsForParent(parentId)) {
      units.push({ ...unit, parentId });
      parents.push(unit.id);
    }
    for (const account of await reader.listAccountsForParent(parentId)) accounts.push({ ...account, parentId });
  }
  const policies: AwsPolicy[] = [];
  const attachments: AwsAttachment[] = [];
  for (const type of Object.values(API_POLICY_TYPES)) {
    for (const policy of await reader.listPolicies(type)) {
      policies.push({ ...policy, content: await reader.describePolicy(policy.id) });
      for (const targetId of await reader.listTargetsForPolicy(policy.id)) {
        attachments.push({ policyId: policy.id, targetId });
      }
    }
  }
  const services = new Map<string, string[]>();
  for (const accountId of await reader.listDelegatedAdministrators()) {
    for (const service of await reader.listDelegatedServicesForAccount(accountId)) {
      services.set(service, [...(services.get(service) ?? []), accountId]);
    }
  }
  const delegatedAdministrators = Object.fromEntries(services);
  return { organization, root, units, accounts, policies, attachments, delegatedAdministrators };
}

/** The ids of the policies that AWS attaches by itself. */
export const MANAGED_POLICY_IDS = { scp: 'p-FullAWSAccess', rcp: 'p-RCPFullAWSAccess' } as const;

/**
 * The description that says what a snapshot says, to begin with or to ask what is in effect.
 *
 * Each policy becomes a document `policies/TYPE/NAME.json`; policies that AWS manages, other than `FullAWSAccess`, and
 * types that descriptions do not know are left out. Where service control policies are not enabled, `FullAWSAccess`
 * counts as attached: nothing is restrained.
 */
export function describeSnapshot(snapshot: OrganizationSnapshot, homeRegion: string): Organization {
  const { organization, root, units, accounts, delegatedAdministrators } = snapshot;
  const shared = (
    name: string,
    id: string,
  ): Pick<Target, 'name' | 'environment' | 'parameters' | 'fullAwsAccess' | 'policies'> => ({
    name,
    environment: null,
    parameters: {},
    ...attachedTo(snapshot, id),
  });
  const accountsOf = (parent: string): readonly Account[] =>
    accounts
      .filter(({ parentId }) => parentId === parent)
      .map(({ id, name }) => ({ kind: 'account', id, ...shared(name, id) }));
  const unitsOf = (parent: string): readonly OrganizationalUnit[] =>
    units
      .filter(({ parentId }) => parentId === parent)
      .map(({ id, name }) => ({
        kind: 'unit',
        id,
        ...shared(name, id),
        units: unitsOf(id),
        accounts: accountsOf(id),
      }));
  return {
    id: organization.id,
    managementAccount: organization.managementAccountId,
    homeRegion,
    governedRegions: [homeRegion],
    delegatedAdministrators,
    root: {
      kind: 'root',
      id: root.id,
      ...shared('Root', root.id),
      units: unitsOf(root.id),
      accounts: accountsOf(root.id),
    },
  };
}

function attachedTo(snapshot: OrganizationSnapshot, targetId: string): Pick<Target, 'fullAwsAccess' | 'policies'> {
  const ids = new Set(
    snapshot.attachments.filter((each) => each.targetId === targetId).map(({ policyId }) => policyId),
  );
  const chosen = (type: OrganizationPolicyType): readonly DocumentChoice[] =>
    snapshot.policies
      .filter((policy) => ids.has(policy.id) && policy.type === API_POLICY_TYPES[type] && !policy.awsManaged)
      .map(({ name }) => ({ kind: 'document', name, file: `policies/${type}/${encodeURIComponent(name)}.json` }));
  const policies = POLICY_TYPES.reduce((made, type) => ({ ...made, [type]: chosen(type) }), NO_POLICIES);
  const isEnabled = snapshot.root.enabledPolicyTypes.includes(API_POLICY_TYPES.scp);
  return { fullAwsAccess: !isEnabled || ids.has(MANAGED_POLICY_IDS.scp), policies };
}
