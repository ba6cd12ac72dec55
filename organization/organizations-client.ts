/**
 * AWS Organizations through the AWS SDK: the reader and the writer. The SDK is loaded when a client is made, because it
 * takes time that commands without AWS do not have.
 */
import type { OrganizationsClient as SdkClient } from '@aws-sdk/client-organizations';
import type { OrganizationsReader } from './reader.js';
import type { OrganizationsWriter } from './writer.js';

export interface OrganizationsClientOptions {
  /** Such as `http://127.0.0.1:4567`. `@default` what `AWS_ENDPOINT_URL` or the configuration of AWS says. */
  readonly endpoint?: string;
  /** `@default` the chain of the SDK: environment, profiles, roles of the machine. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Tries of a call that is throttled or fails on its way. `@default` 10 */
  readonly maxAttempts?: number;
}

/** A client with what it holds open. */
export interface OrganizationsClient extends OrganizationsReader, OrganizationsWriter {
  /** Closes its connections. */
  close(): void;
}

/** The endpoint of the commercial partition is in us-east-1, whatever Region one works in. */
const REGION = 'us-east-1';

/** One page of a list. */
interface Page {
  readonly NextToken?: string | undefined;
}

/** Makes a client. Calls throw the errors of the SDK, whose `name` is the one of AWS. */
export async function organizationsClient(options: OrganizationsClientOptions = {}): Promise<OrganizationsClient> {
  const sdk = await import('@aws-sdk/client-organizations');
  const { endpoint, credentials, maxAttempts = 10 } = options;
  const client = new sdk.OrganizationsClient({
    region: REGION,
    retryMode: 'adaptive',
    maxAttempts,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return {
    ...reading(sdk, client),
    ...writing(sdk, client),
    close: () => {
      client.destroy();
    },
  };
}

type Sdk = typeof import('@aws-sdk/client-organizations');

/** All pages of a list. */
async function all<T extends Page, U>(
  next: (token: string | undefined) => Promise<T>,
  items: (page: T) => readonly U[] | undefined,
): Promise<readonly U[]> {
  const found: U[] = [];
  let token: string | undefined;
  do {
    const page = await next(token);
    found.push(...(items(page) ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

/** A member that AWS always gives. @throws Error when it does not: going on would take nothing for something. */
function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`AWS Organizations gave no ${what}`);
  return value;
}

function reading(sdk: Sdk, client: SdkClient): OrganizationsReader {
  return {
    async describeOrganization() {
      const { Organization } = await client.send(new sdk.DescribeOrganizationCommand({}));
      return {
        id: given(Organization?.Id, 'id of the organization'),
        managementAccountId: given(Organization?.MasterAccountId, 'management account'),
      };
    },
    async listRoots() {
      const roots = await all(
        (NextToken) => client.send(new sdk.ListRootsCommand({ NextToken })),
        ({ Roots }) => Roots,
      );
      return roots.map(({ Id, Name, PolicyTypes }) => ({
        id: given(Id, 'id of a root'),
        name: Name ?? 'Root',
        enabledPolicyTypes: (PolicyTypes ?? []).flatMap(({ Type, Status }) =>
          Status === 'ENABLED' && Type !== undefined ? [Type] : [],
        ),
      }));
    },
    async listOrganizationalUnitsForParent(ParentId) {
      const units = await all(
        (NextToken) => client.send(new sdk.ListOrganizationalUnitsForParentCommand({ ParentId, NextToken })),
        ({ OrganizationalUnits }) => OrganizationalUnits,
      );
      return units.map(({ Id, Name }) => ({ id: given(Id, 'id of a unit'), name: given(Name, 'name of a unit') }));
    },
    async listAccountsForParent(ParentId) {
      const accounts = await all(
        (NextToken) => client.send(new sdk.ListAccountsForParentCommand({ ParentId, NextToken })),
        ({ Accounts }) => Accounts,
      );
      return accounts.map(({ Id, Name, State, Status }) => ({
        id: given(Id, 'id of an account'),
        name: Name ?? '',
        // `State` takes the place of `Status`, which older versions of the API give.
        state: State ?? Status ?? null,
      }));
    },
    async listPolicies(type) {
      const policies = await all(
        (NextToken) => client.send(new sdk.ListPoliciesCommand({ Filter: type as never, NextToken })),
        ({ Policies }) => Policies,
      );
      return policies.map(({ Id, Name, Type, AwsManaged, Description }) => ({
        id: given(Id, 'id of a policy'),
        name: given(Name, 'name of a policy'),
        type: given(Type, 'type of a policy'),
        awsManaged: AwsManaged === true,
        ...(Description === undefined ? {} : { description: Description }),
      }));
    },
    async describePolicy(PolicyId) {
      const { Policy } = await client.send(new sdk.DescribePolicyCommand({ PolicyId }));
      return given(Policy?.Content, 'text of a policy');
    },
    async listTargetsForPolicy(PolicyId) {
      const targets = await all(
        (NextToken) => client.send(new sdk.ListTargetsForPolicyCommand({ PolicyId, NextToken })),
        ({ Targets }) => Targets,
      );
      return targets.map(({ TargetId }) => given(TargetId, 'id of a target'));
    },
    async listDelegatedAdministrators() {
      const accounts = await all(
        (NextToken) => client.send(new sdk.ListDelegatedAdministratorsCommand({ NextToken })),
        ({ DelegatedAdministrators }) => DelegatedAdministrators,
      );
      return accounts.map(({ Id }) => given(Id, 'id of a delegated administrator'));
    },
    async listDelegatedServicesForAccount(AccountId) {
      const services = await all(
        (NextToken) => client.send(new sdk.ListDelegatedServicesForAccountCommand({ AccountId, NextToken })),
        ({ DelegatedServices }) => DelegatedServices,
      );
      return services.map(({ ServicePrincipal }) => given(ServicePrincipal, 'name of a delegated service'));
    },
  };
}

function writing(sdk: Sdk, client: SdkClient): OrganizationsWriter {
  return {
    async listTagsForResource(ResourceId) {
      const tags = await all(
        (NextToken) => client.send(new sdk.ListTagsForResourceCommand({ ResourceId, NextToken })),
        ({ Tags }) => Tags,
      );
      return Object.fromEntries(tags.map(({ Key, Value }) => [given(Key, 'key of a tag'), Value ?? '']));
    },
    async enablePolicyType(RootId, type) {
      await client.send(new sdk.EnablePolicyTypeCommand({ RootId, PolicyType: type as never }));
    },
    async createPolicy({ name, type, description, content, tags }) {
      const { Policy } = await client.send(
        new sdk.CreatePolicyCommand({
          Name: name,
          Type: type as never,
          Description: description,
          Content: content,
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
      return given(Policy?.PolicySummary?.Id, 'id of a new policy');
    },
    async updatePolicy(PolicyId, { description, content }) {
      await client.send(new sdk.UpdatePolicyCommand({ PolicyId, Description: description, Content: content }));
    },
    async deletePolicy(PolicyId) {
      await client.send(new sdk.DeletePolicyCommand({ PolicyId }));
    },
    async attachPolicy(PolicyId, TargetId) {
      await client.send(new sdk.AttachPolicyCommand({ PolicyId, TargetId }));
    },
    async detachPolicy(PolicyId, TargetId) {
      await client.send(new sdk.DetachPolicyCommand({ PolicyId, TargetId }));
    },
  };
}
