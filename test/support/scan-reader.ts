/** An organization in memory, for tests of the scan: what is not given is empty, what shall fail fails. */
import type {
  AnalyzerFacts,
  AnalyzerFinding,
  IamFacts,
  Listing,
  LiveResource,
  OrganizationFacts,
  Place,
  ReadFailure,
  Reading,
  ScanAccount,
  ScanReader,
} from '../../analyzers/scan/index.js';

/** One account of it. */
export interface MemoryAccount {
  readonly iam?: Partial<IamFacts>;
  /** Resources by Region. */
  readonly resources?: Readonly<Record<string, readonly LiveResource[]>>;
  /** Findings of the organization's analyzers by Region. */
  readonly findings?: Readonly<Record<string, readonly AnalyzerFinding[]>>;
  /** Failures by `STEP` or `STEP REGION`: `access`, `iam`, a resource type, `findings`. */
  readonly failures?: Readonly<Record<string, ReadFailure>>;
}

export interface MemoryOptions {
  readonly accounts: Readonly<Record<string, MemoryAccount>>;
  /** Analyzers of the organization by Region. */
  readonly analyzers?: Readonly<Record<string, readonly AnalyzerFacts[]>>;
}

export const NO_IAM: IamFacts = { roles: [], users: [], groups: [], policies: [], summary: {}, providers: [] };

/** A failure with AWS's code. */
export function failure(step: string, code: string, message = `${code} of the test`): ReadFailure {
  return { step, code, message };
}

/** Makes a reader of it. */
export function memoryReader({ accounts, analyzers = {} }: MemoryOptions): ScanReader & { readonly calls: string[] } {
  const calls: string[] = [];
  const failureOf = ({ account, region }: Place, step: string): ReadFailure | null =>
    accounts[account]?.failures?.[`${step} ${region}`] ?? accounts[account]?.failures?.[step] ?? null;
  const listing = <T>(failed: ReadFailure | null, items: readonly T[]): Listing<T> =>
    failed === null ? { items, failures: [] } : { items: [], failures: [failed] };
  return {
    calls,
    access: (place) => {
      calls.push(`access ${place.account} ${place.region}`);
      return Promise.resolve(failureOf(place, 'access'));
    },
    iam: (account) => {
      calls.push(`iam ${account}`);
      const failed = failureOf({ account, region: 'global' }, 'iam');
      const reading: Reading<IamFacts> =
        failed === null
          ? { value: { ...NO_IAM, ...accounts[account]?.iam }, failure: null }
          : { value: null, failure: failed };
      return Promise.resolve(reading);
    },
    resources: (place, type) => {
      calls.push(`resources ${place.account} ${place.region} ${type}`);
      const all = accounts[place.account]?.resources?.[place.region] ?? [];
      return Promise.resolve(
        listing(
          failureOf(place, type),
          all.filter((resource) => resource.type === type),
        ),
      );
    },
    analyzers: (region) => Promise.resolve(listing(null, analyzers[region] ?? [])),
    accountAnalyzers: () => Promise.resolve(listing<AnalyzerFacts>(null, [])),
    findings: (via, analyzer, owner) => {
      calls.push(`findings ${owner} ${via.region} ${analyzer.name}`);
      return Promise.resolve(
        listing(
          failureOf({ account: owner, region: via.region }, 'findings'),
          accounts[owner]?.findings?.[via.region] ?? [],
        ),
      );
    },
  };
}

/** An active account directly below the root. */
export function memoryAccount(id: string, options: Partial<ScanAccount> = {}): ScanAccount {
  return { id, name: `account ${id}`, path: [], state: 'ACTIVE', parents: ['r-root'], tags: {}, ...options };
}

/** An organization with nothing in it but what is given. */
export function memoryOrganization(options: Partial<OrganizationFacts> = {}): OrganizationFacts {
  const none = { items: [], failures: [] };
  return {
    id: 'o-exampleorgid',
    managementAccount: '111111111111',
    rootId: 'r-root',
    partition: 'aws',
    regions: ['eu-central-1'],
    accounts: [memoryAccount('111111111111'), memoryAccount('222222222222')],
    units: [],
    enabledPolicyTypes: ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'],
    policies: none,
    trustedServices: none,
    delegatedAdministrators: { value: {}, failure: null },
    stackSets: none,
    ownControls: { declared: [], drift: [], failures: [], expected: [] },
    described: null,
    ...options,
  };
}
