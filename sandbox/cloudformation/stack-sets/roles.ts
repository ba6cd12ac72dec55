/**
 * The roles of service-managed stack sets ("Activate trusted access for StackSets with Organizations" of the CloudFormation
 * User Guide, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html):
 * the service makes them where it needs them. SCPs do not reach the service-linked ones, and do reach `stacksets-exec-*`.
 */
import { createHash } from 'node:crypto';
import { Call } from '../../call.js';
import { sessionCaller } from '../../callers.js';
import { IAM } from '../../iam/data.js';
import type { Role } from '../../iam/data.js';
import type { Host } from '../../service.js';
import { uniqueId } from '../../state.js';

const ADMIN = {
  name: 'AWSServiceRoleForCloudFormationStackSetsOrgAdmin',
  principal: 'stacksets.cloudformation.amazonaws.com',
};
const MEMBER = {
  name: 'AWSServiceRoleForCloudFormationStackSetsOrgMember',
  principal: 'member.org.stacksets.cloudformation.amazonaws.com',
};
export const DELEGATE_PRINCIPAL = MEMBER.principal;
const HOUR = 3_600_000;

function ensure(host: Host, account: string, path: string, name: string, principal: object, attached: string): Role {
  const { roles } = IAM.of(host.state, account);
  const known = roles.get(name.toLowerCase());
  if (known !== undefined) return known;
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
  const role: Role = {
    name,
    path,
    id: uniqueId('AROA'),
    arn: `arn:aws:iam::${account}:role${path}${name}`,
    createdAt: host.now(),
    tags: new Map(),
    boundary: null,
    inline: new Map(),
    attached: [attached],
    trust: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    trusted: new Map(),
    description: null,
    maxSessionDuration: 3600,
    lastUsed: null,
  };
  roles.set(name.toLowerCase(), role);
  return role;
}

function linked(host: Host, account: string, { name, principal }: typeof ADMIN): Role {
  const policy = `arn:aws:iam::aws:policy/aws-service-role/${name.replace('AWSServiceRoleFor', '')}ServiceRolePolicy`;
  return ensure(host, account, `/aws-service-role/${principal}/`, name, { Service: principal }, policy);
}

/** The role in the management account, which comes with trusted access. */
export function ensureAdminRole(host: Host): Role {
  return linked(host, host.state.organization.managementAccountId, ADMIN);
}

/** A call as the role that deploys in a member account. */
export function deployer(host: Host, account: string, region: string): Call {
  const admin = ensureAdminRole(host);
  linked(host, account, MEMBER);
  const suffix = createHash('sha256').update(`${host.state.organization.id}/${account}`).digest('hex').slice(0, 32);
  const role = ensure(
    host,
    account,
    '/',
    `stacksets-exec-${suffix}`,
    { AWS: admin.arn },
    'arn:aws:iam::aws:policy/AdministratorAccess',
  );
  const issuedAt = Math.floor(host.now() / 1000) * 1000;
  const caller = sessionCaller(
    { ...role, account },
    {
      name: 'AWSCloudFormation',
      issuedAt,
      expiresAt: issuedAt + HOUR,
      tags: {},
      transitiveTagKeys: [],
      sourceIdentity: null,
      policies: null,
    },
  );
  return new Call(host, { caller, region, via: [], request: null, accessKeyId: null });
}
