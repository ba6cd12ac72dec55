/** What is known of the organization as a whole, from what AWS Organizations says. */
import { readSnapshot } from '../../organization/index.js';
import type { Organization, OrganizationSnapshot, OrganizationsReader } from '../../organization/index.js';
import { CallerLost, failureOf, isEnded } from './errors.js';
import type {
  Listing,
  OrganizationFacts,
  OwnControls,
  ReadFailure,
  Reading,
  ScanAccount,
  StackSetFacts,
} from './source.js';

/** What is asked besides the snapshot; each may be refused. */
export interface OrganizationExtras {
  /** Service principals with trusted access. */
  trustedServices(): Promise<readonly string[]>;
  /** Tags of an account. */
  accountTags(account: string): Promise<Readonly<Record<string, string>>>;
  stackSets(): Promise<Listing<StackSetFacts>>;
  ownControls(): Promise<OwnControls>;
}

export interface OrganizationFactsOptions {
  readonly partition: string;
  readonly regions: readonly string[];
  readonly described: Organization | null;
  /** Accounts whose tags are asked for, one call each; `null`: of none. */
  readonly tagged: ((account: string) => boolean) | null;
  readonly stackSets: boolean;
}

/**
 * Reads the facts. What is refused is in them.
 *
 * @throws what the reader throws for the tree, without which there is no scan.
 */
export async function organizationFacts(
  reader: OrganizationsReader,
  extras: OrganizationExtras,
  options: OrganizationFactsOptions,
): Promise<OrganizationFacts> {
  const { snapshot, policyFailures, delegateFailure } = await readTolerantly(reader);
  const { organization, root, units, policies, attachments } = snapshot;
  const { partition, regions, described, tagged } = options;
  const services = await attempt('ListAWSServiceAccessForOrganization', () => extras.trustedServices());
  const stackSets = options.stackSets ? await attempt('ListStackSets', () => extras.stackSets()) : null;
  const own = await attempt('drift', () => extras.ownControls());
  const accounts: ScanAccount[] = [];
  for (const { id, name, state, parentId } of [...snapshot.accounts].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const parents = parentsOf(parentId, units);
    const names = parents.slice(1).map((unit) => units.find((each) => each.id === unit)?.name ?? unit);
    const isAsked = tagged?.(id) === true;
    const tags = isAsked ? await attempt('ListTagsForResource', () => extras.accountTags(id)) : null;
    accounts.push({ id, name, path: names, state, parents, tags: tags?.value ?? null });
  }
  return {
    id: organization.id,
    managementAccount: organization.managementAccountId,
    rootId: root.id,
    partition,
    regions: [...regions].sort(),
    accounts,
    units,
    enabledPolicyTypes: root.enabledPolicyTypes,
    policies: {
      items: policies.map((policy) => ({
        id: policy.id,
        name: policy.name,
        type: policy.type,
        awsManaged: policy.awsManaged,
        content: policy.content,
        targets: attachments.filter(({ policyId }) => policyId === policy.id).map(({ targetId }) => targetId),
      })),
      failures: policyFailures,
    },
    trustedServices: listingOf(services),
    delegatedAdministrators:
      delegateFailure === null
        ? { value: snapshot.delegatedAdministrators, failure: null }
        : { value: null, failure: delegateFailure },
    stackSets:
      stackSets === null ? failed(NOT_ASKED) : stackSets.failure === null ? stackSets.value : failed(stackSets.failure),
    ownControls: own.failure === null ? own.value : { declared: [], drift: [], failures: [own.failure], expected: [] },
    described,
  };
}

const NOT_ASKED: ReadFailure = {
  step: 'ListStackSets',
  code: 'NOT_ASKED',
  message: 'stack sets are read only by administrators of stack sets, for checks that need them',
};

async function attempt<T>(step: string, read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await read(), failure: null };
  } catch (error) {
    if (isEnded(error)) throw new CallerLost(error);
    return { value: null, failure: failureOf(step, error) };
  }
}

function listingOf<T>(reading: Reading<readonly T[]>): Listing<T> {
  return reading.failure === null ? { items: reading.value, failures: [] } : failed(reading.failure);
}

function failed<T>(failure: ReadFailure): Listing<T> {
  return { items: [], failures: [failure] };
}

/**
 * Reads a snapshot as a delegated administrator may: policies and delegations can be closed to it, the tree is not.
 */
async function readTolerantly(reader: OrganizationsReader): Promise<{
  readonly snapshot: OrganizationSnapshot;
  readonly policyFailures: readonly ReadFailure[];
  readonly delegateFailure: ReadFailure | null;
}> {
  const policyFailures: ReadFailure[] = [];
  const delegateFailures: ReadFailure[] = [];
  const policies = async <T>(step: string, read: () => Promise<T>, instead: T): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if ((error as Error).name !== 'AccessDeniedException') throw error;
      policyFailures.push(failureOf(step, error));
      return instead;
    }
  };
  const delegates = async (step: string, read: () => Promise<readonly string[]>): Promise<readonly string[]> => {
    try {
      return await read();
    } catch (error) {
      if ((error as Error).name !== 'AccessDeniedException') throw error;
      delegateFailures.push(failureOf(step, error));
      return [];
    }
  };
  const snapshot = await readSnapshot({
    describeOrganization: () => reader.describeOrganization(),
    listRoots: () => reader.listRoots(),
    listOrganizationalUnitsForParent: (parent) => reader.listOrganizationalUnitsForParent(parent),
    listAccountsForParent: (parent) => reader.listAccountsForParent(parent),
    listPolicies: (type) => policies('ListPolicies', () => reader.listPolicies(type), []),
    describePolicy: (id) => policies('DescribePolicy', () => reader.describePolicy(id), ''),
    listTargetsForPolicy: (id) => policies('ListTargetsForPolicy', () => reader.listTargetsForPolicy(id), []),
    listDelegatedAdministrators: () =>
      delegates('ListDelegatedAdministrators', () => reader.listDelegatedAdministrators()),
    listDelegatedServicesForAccount: (account) =>
      delegates('ListDelegatedServicesForAccount', () => reader.listDelegatedServicesForAccount(account)),
  });
  return { snapshot, policyFailures, delegateFailure: delegateFailures[0] ?? null };
}

/** Ids from the root down to a parent. */
function parentsOf(parent: string, units: OrganizationSnapshot['units']): readonly string[] {
  const unit = units.find(({ id }) => id === parent);
  return unit === undefined ? [parent] : [...parentsOf(unit.parentId, units), parent];
}
