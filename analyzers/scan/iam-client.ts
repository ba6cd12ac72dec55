/** The IAM configuration of an account. */
import type {
  AttachedPolicy,
  IAMClient,
  ManagedPolicyDetail,
  PolicyDetail,
  Tag,
  UserDetail,
} from '@aws-sdk/client-iam';
import { failureOf } from './errors.js';
import type { Sessions } from './sessions-client.js';
import type { AccessKey, IamFacts, IamGroup, IamRole, IamUser, IdentityPolicy, Reading } from './source.js';

type Sdk = typeof import('@aws-sdk/client-iam');

/** Configurations that are kept: parts of one account come one after the other. */
const MOST_KEPT = 32;

/** Asks IAM. */
export class IamReader {
  private readonly known = new Map<string, Promise<Reading<IamFacts>>>();

  private constructor(
    private readonly sdk: Sdk,
    private readonly sessions: Sessions,
    private readonly homeRegion: string,
  ) {}

  static async open(sessions: Sessions, homeRegion: string): Promise<IamReader> {
    return new IamReader(await import('@aws-sdk/client-iam'), sessions, homeRegion);
  }

  /** Reads it once, and keeps it for a while. */
  iam(account: string): Promise<Reading<IamFacts>> {
    let reading = this.known.get(account);
    if (reading === undefined) {
      reading = this.read(account);
      const [oldest] = this.known.keys();
      if (this.known.size >= MOST_KEPT && oldest !== undefined) this.known.delete(oldest);
      this.known.set(account, reading);
    }
    return reading;
  }

  private async read(account: string): Promise<Reading<IamFacts>> {
    let step = 'AssumeRole';
    try {
      const client = new this.sdk.IAMClient(await this.sessions.settings(account, this.homeRegion));
      const send = <T>(call: (iam: IAMClient) => Promise<T>): Promise<T> =>
        this.sessions.call(account, `iam ${account}`, () => call(client));
      step = 'GetAccountAuthorizationDetails';
      const details = await this.details(send);
      step = 'ListRoles';
      const durations = await this.durations(send);
      step = 'ListAccessKeys';
      const users: IamUser[] = [];
      for (const user of details.users) users.push(await this.user(user, send, details.documents));
      step = 'ListProviders';
      const saml = await send((iam) => iam.send(new this.sdk.ListSAMLProvidersCommand({})));
      const oidc = await send((iam) => iam.send(new this.sdk.ListOpenIDConnectProvidersCommand({})));
      step = 'GetAccountSummary';
      const { SummaryMap } = await send((iam) => iam.send(new this.sdk.GetAccountSummaryCommand({})));
      const value: IamFacts = {
        roles: details.roles.map((role) => ({ ...role, maxSessionDuration: durations.get(role.arn) ?? null })),
        users,
        groups: details.groups,
        policies: details.policies,
        summary: SummaryMap ?? {},
        providers: [
          ...(saml.SAMLProviderList ?? []).map(({ Arn = '' }) => ({ arn: Arn, kind: 'saml' as const })),
          ...(oidc.OpenIDConnectProviderList ?? []).map(({ Arn = '' }) => ({ arn: Arn, kind: 'oidc' as const })),
        ],
      };
      return { value, failure: null };
    } catch (error) {
      return { value: null, failure: failureOf(step, error) };
    }
  }

  /** GetAccountAuthorizationDetails tells everything but the longest sessions of roles, and keys. */
  private async details(send: Send): Promise<Details> {
    const roles: IamRole[] = [];
    const users: UserDetail[] = [];
    const groups: (IamGroup & { readonly attached: readonly AttachedPolicy[] })[] = [];
    const policies: ManagedPolicyDetail[] = [];
    const rolesAttached = new Map<string, readonly AttachedPolicy[]>();
    let Marker: string | undefined;
    do {
      const input = { Marker, MaxItems: 1000 };
      const page = await send((iam) => iam.send(new this.sdk.GetAccountAuthorizationDetailsCommand(input)));
      users.push(...(page.UserDetailList ?? []));
      policies.push(...(page.Policies ?? []));
      for (const group of page.GroupDetailList ?? []) {
        const { Arn = '', GroupName = '', GroupPolicyList = [], AttachedManagedPolicies = [] } = group;
        groups.push({
          arn: Arn,
          name: GroupName,
          policies: inline(GroupPolicyList),
          attached: AttachedManagedPolicies,
        });
      }
      for (const role of page.RoleDetailList ?? []) {
        const { Arn = '', Path = '/', AttachedManagedPolicies = [], AssumeRolePolicyDocument } = role;
        if (Path.startsWith('/aws-service-role/')) continue;
        rolesAttached.set(Arn, AttachedManagedPolicies);
        roles.push({
          ...identity(
            Arn,
            role.RoleName,
            Path,
            role.CreateDate,
            role.PermissionsBoundary?.PermissionsBoundaryArn,
            role.Tags,
          ),
          policies: inline(role.RolePolicyList ?? []),
          trust: decoded(AssumeRolePolicyDocument) ?? '',
          maxSessionDuration: null,
          lastUsed: role.RoleLastUsed?.LastUsedDate?.toISOString() ?? null,
        });
      }
      Marker = page.IsTruncated === true ? page.Marker : undefined;
    } while (Marker !== undefined);
    const documents = new Map(policies.map((policy) => [policy.Arn ?? '', documentOf(policy)]));
    return {
      roles: roles.map((role) => ({
        ...role,
        policies: [...role.policies, ...managed(rolesAttached.get(role.arn) ?? [], documents)],
      })),
      users,
      groups: groups.map(({ arn, name, policies: own, attached }) => ({
        arn,
        name,
        policies: [...own, ...managed(attached, documents)],
      })),
      policies: policies
        .filter(({ Arn = '' }) => !/^arn:[^:]*:iam::aws:/.test(Arn))
        .map((policy) => ({
          name: policy.PolicyName ?? '',
          arn: policy.Arn ?? '',
          document: documentOf(policy),
          tags: {},
        })),
      documents,
    };
  }

  private async durations(send: Send): Promise<ReadonlyMap<string, number>> {
    const durations = new Map<string, number>();
    let Marker: string | undefined;
    do {
      const page = await send((iam) => iam.send(new this.sdk.ListRolesCommand({ Marker, MaxItems: 1000 })));
      for (const { Arn, MaxSessionDuration } of page.Roles ?? []) {
        if (Arn !== undefined && MaxSessionDuration !== undefined) durations.set(Arn, MaxSessionDuration);
      }
      Marker = page.IsTruncated === true ? page.Marker : undefined;
    } while (Marker !== undefined);
    return durations;
  }

  private async user(user: UserDetail, send: Send, documents: Documents): Promise<IamUser> {
    const { Arn = '', UserName = '', UserPolicyList = [], AttachedManagedPolicies = [] } = user;
    const keys: AccessKey[] = [];
    const { AccessKeyMetadata = [] } = await send((iam) => iam.send(new this.sdk.ListAccessKeysCommand({ UserName })));
    for (const { AccessKeyId, Status, CreateDate } of AccessKeyMetadata) {
      const used = await send((iam) => iam.send(new this.sdk.GetAccessKeyLastUsedCommand({ AccessKeyId })));
      keys.push({
        ending: AccessKeyId?.slice(-4) ?? '',
        active: Status === 'Active',
        created: CreateDate?.toISOString() ?? '',
        lastUsed: used.AccessKeyLastUsed?.LastUsedDate?.toISOString() ?? null,
      });
    }
    const devices = await send((iam) => iam.send(new this.sdk.ListMFADevicesCommand({ UserName })));
    return {
      ...identity(
        Arn,
        UserName,
        user.Path,
        user.CreateDate,
        user.PermissionsBoundary?.PermissionsBoundaryArn,
        user.Tags,
      ),
      policies: [...inline(UserPolicyList), ...managed(AttachedManagedPolicies, documents)],
      groups: user.GroupList ?? [],
      keys,
      console: await this.hasPassword(UserName, send),
      mfa: (devices.MFADevices ?? []).length > 0,
    };
  }

  private async hasPassword(UserName: string, send: Send): Promise<boolean> {
    try {
      await send((iam) => iam.send(new this.sdk.GetLoginProfileCommand({ UserName })));
      return true;
    } catch (error) {
      if (error instanceof this.sdk.NoSuchEntityException) return false;
      throw error;
    }
  }
}

type Send = <T>(call: (iam: IAMClient) => Promise<T>) => Promise<T>;
type Documents = ReadonlyMap<string, string | null>;

interface Details {
  readonly roles: readonly IamRole[];
  readonly users: readonly UserDetail[];
  readonly groups: readonly IamGroup[];
  readonly policies: IamFacts['policies'];
  readonly documents: Documents;
}

function identity(
  arn: string,
  name: string | undefined,
  path: string | undefined,
  created: Date | undefined,
  boundary: string | undefined,
  tags: readonly Tag[] | undefined,
): Omit<IamUser, 'policies' | 'groups' | 'keys' | 'console' | 'mfa'> {
  return {
    arn,
    name: name ?? '',
    path: path ?? '/',
    created: created?.toISOString() ?? '',
    boundary: boundary ?? null,
    tags: Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  };
}

/** IAM gives documents in the encoding of URLs (RFC 3986). */
const decoded = (document: string | undefined): string | null =>
  document === undefined ? null : decodeURIComponent(document);

function documentOf({ PolicyVersionList = [] }: ManagedPolicyDetail): string | null {
  return decoded(PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion === true)?.Document);
}

function inline(list: readonly PolicyDetail[]): readonly IdentityPolicy[] {
  return list.map(({ PolicyName = '', PolicyDocument }) => ({
    name: PolicyName,
    arn: null,
    document: decoded(PolicyDocument),
  }));
}

function managed(list: readonly AttachedPolicy[], documents: Documents): readonly IdentityPolicy[] {
  return list.map(({ PolicyName = '', PolicyArn = '' }) => ({
    name: PolicyName,
    arn: PolicyArn,
    document: documents.get(PolicyArn) ?? null,
  }));
}
