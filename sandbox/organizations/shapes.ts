/** Answers of AWS Organizations: ARNs and structures (https://docs.aws.amazon.com/organizations/latest/APIReference/API_Types.html). */
import { pathTo } from './data.js';
import type { Account, OrganizationData, Policy, Unit } from './data.js';

export function arn({ id, managementAccountId }: OrganizationData, kind: string, resource: string): string {
  return `arn:aws:organizations::${managementAccountId}:${kind}/${id}/${resource}`;
}

export function policyArn(data: OrganizationData, { id, type, awsManaged }: Policy): string {
  return awsManaged
    ? `arn:aws:organizations::aws:policy/${type.toLowerCase()}/${id}`
    : arn(data, 'policy', `${type.toLowerCase()}/${id}`);
}

export function targetArn(data: OrganizationData, id: string): string {
  if (id === data.root.id) return arn(data, 'root', id);
  return arn(data, data.units.has(id) ? 'ou' : 'account', id);
}

export function organizationShape(data: OrganizationData): object {
  const management = data.accounts.get(data.managementAccountId);
  return {
    Id: data.id,
    Arn: `arn:aws:organizations::${data.managementAccountId}:organization/${data.id}`,
    FeatureSet: 'ALL',
    MasterAccountArn: targetArn(data, data.managementAccountId),
    MasterAccountId: data.managementAccountId,
    MasterAccountEmail: management?.email,
    AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
  };
}

export function rootShape(data: OrganizationData): object {
  return {
    Id: data.root.id,
    Arn: targetArn(data, data.root.id),
    Name: data.root.name,
    PolicyTypes: [...data.enabledPolicyTypes].map((Type) => ({ Type, Status: 'ENABLED' })),
  };
}

function pathText(data: OrganizationData, id: string): string {
  return `${[data.id, ...pathTo(data, id)].join('/')}/`;
}

export function unitShape(data: OrganizationData, { id, name }: Unit): object {
  return { Id: id, Arn: targetArn(data, id), Name: name, Path: pathText(data, id) };
}

export function accountShape(data: OrganizationData, account: Account): object {
  return { ...joinedShape(data, account), Paths: [pathText(data, account.id)] };
}

/** An account as it joined the organization, without its place in the tree. */
export function joinedShape(data: OrganizationData, { id, name, email, state }: Account): object {
  return {
    Id: id,
    Arn: targetArn(data, id),
    Email: email,
    Name: name,
    Status: state === 'ACTIVE' || state === 'PENDING_CLOSURE' ? state : 'SUSPENDED',
    State: state,
    JoinedMethod: id === data.managementAccountId ? 'INVITED' : 'CREATED',
    JoinedTimestamp: data.createdAt / 1000,
  };
}

export function policySummary(data: OrganizationData, policy: Policy): object {
  const { id, name, description, type, awsManaged } = policy;
  return {
    Id: id,
    Arn: policyArn(data, policy),
    Name: name,
    Description: description,
    Type: type,
    AwsManaged: awsManaged,
  };
}

export function policyShape(data: OrganizationData, policy: Policy): object {
  return { PolicySummary: policySummary(data, policy), Content: policy.content };
}
