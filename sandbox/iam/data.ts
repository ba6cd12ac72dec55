/** What IAM remembers of an account: users, roles, policies. Plain data. */
import type { OrganizationData } from '../organizations/data.js';
import { Part, uniqueId, type SandboxState } from '../state.js';

/** What users and roles have in common. */
export interface Entity {
  readonly name: string;
  readonly path: string;
  /** `AIDA…` or `AROA…`. */
  readonly id: string;
  readonly arn: string;
  /** In milliseconds, as all times. */
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  /** ARN of the policy that is the boundary. */
  boundary: string | null;
  /** Texts by name. */
  readonly inline: Map<string, string>;
  /** ARNs of managed policies, in the order of attachment. */
  readonly attached: string[];
}

export interface User extends Entity {
  /** Ids of its access keys. */
  readonly accessKeys: string[];
}

export interface Role extends Entity {
  /** The trust policy as it was written. */
  trust: string;
  /** Unique ids of the users and roles that the trust policy names, by ARN: made anew, they are no longer meant. */
  trusted: ReadonlyMap<string, string>;
  description: string | null;
  /** In seconds. */
  maxSessionDuration: number;
  lastUsed: { readonly at: number; readonly region: string } | null;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly description: string | null;
  readonly createdAt: number;
  updatedAt: number;
  readonly tags: Map<string, string>;
  /** By id, `v1` and so on, the oldest first. */
  readonly versions: Map<string, { readonly text: string; readonly createdAt: number }>;
  defaultVersion: string;
  /** Number of the last version that was made. */
  lastVersion: number;
}

/** Users and roles by their names in lower case: no two may differ in case only. */
export interface IamAccount {
  readonly users: Map<string, User>;
  readonly roles: Map<string, Role>;
  /** By ARN. */
  readonly policies: Map<string, ManagedPolicy>;
}

/** The role that a new member account has, for administrators of the management account. */
export const ACCESS_ROLE = 'OrganizationAccountAccessRole';
/** The user whose credentials `sandbox start` prints; AWS makes no such user. */
export const ADMINISTRATOR = 'administrator';

export const IAM = new Part<IamAccount>('iam', ({ organization }, account) => firstOf(organization, account));

function firstOf(organization: OrganizationData, account: string): IamAccount {
  const { createdAt, managementAccountId } = organization;
  const users = new Map<string, User>();
  const roles = new Map<string, Role>();
  const entity = (kind: 'user' | 'role', name: string): Entity => ({
    name,
    path: '/',
    id: uniqueId(kind === 'user' ? 'AIDA' : 'AROA'),
    arn: `arn:aws:iam::${account}:${kind}/${name}`,
    createdAt,
    tags: new Map(),
    boundary: null,
    inline: new Map(),
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  });
  users.set(ADMINISTRATOR, { ...entity('user', ADMINISTRATOR), accessKeys: [] });
  if (account !== managementAccountId) {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${managementAccountId}:root` },
      Action: 'sts:AssumeRole',
    };
    roles.set(ACCESS_ROLE.toLowerCase(), {
      ...entity('role', ACCESS_ROLE),
      trust: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      trusted: new Map(),
      description: null,
      maxSessionDuration: 3600,
      lastUsed: null,
    });
  }
  return { users, roles, policies: new Map() };
}

/** The users and roles that a managed policy is attached to, or is the boundary of. */
export function attachmentsOf(
  state: SandboxState,
  account: string,
  arn: string,
  as: 'attached' | 'boundary' = 'attached',
): { readonly users: readonly User[]; readonly roles: readonly Role[] } {
  const { users, roles } = IAM.of(state, account);
  const has = (entity: Entity): boolean =>
    as === 'boundary' ? entity.boundary === arn : entity.attached.includes(arn);
  return { users: [...users.values()].filter(has), roles: [...roles.values()].filter(has) };
}
