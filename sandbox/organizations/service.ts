/** AWS Organizations: its operations by name, who may call them, and how often. */
import { ServiceError } from '../errors.js';
import type { OrganizationData } from './data.js';
import type { Input } from './input.js';
import * as policies from './policies.js';
import * as tree from './tree.js';

type Operation = (data: OrganizationData, input: Input) => object;

/** Operations by name (https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html). */
export const ORGANIZATIONS_OPERATIONS: Readonly<Record<string, Operation>> = {
  AttachPolicy: policies.attachPolicy,
  CreatePolicy: policies.createPolicy,
  DeletePolicy: policies.deletePolicy,
  DescribeAccount: tree.describeAccount,
  DescribeOrganization: tree.describeOrganization,
  DescribeOrganizationalUnit: tree.describeOrganizationalUnit,
  DescribePolicy: policies.describePolicy,
  DetachPolicy: policies.detachPolicy,
  DisablePolicyType: policies.disablePolicyType,
  EnablePolicyType: policies.enablePolicyType,
  ListAccounts: tree.listAccounts,
  ListAccountsForParent: tree.listAccountsForParent,
  ListChildren: tree.listChildren,
  ListDelegatedAdministrators: tree.listDelegatedAdministrators,
  ListDelegatedServicesForAccount: tree.listDelegatedServicesForAccount,
  ListOrganizationalUnitsForParent: tree.listOrganizationalUnitsForParent,
  ListParents: tree.listParents,
  ListPolicies: policies.listPolicies,
  ListPoliciesForTarget: policies.listPoliciesForTarget,
  ListRoots: tree.listRoots,
  ListTagsForResource: tree.listTagsForResource,
  ListTargetsForPolicy: policies.listTargetsForPolicy,
  TagResource: tree.tagResource,
  UntagResource: tree.untagResource,
  UpdatePolicy: policies.updatePolicy,
};

/** Operations that any account of the organization may call. */
const FOR_EVERYBODY = new Set(['DescribeOrganization']);

/**
 * Answers one call.
 *
 * @param account - Of the caller. Besides the management account, delegated administrators may call those that read.
 * @throws ServiceError as the operation's page lists it.
 */
export function callOrganizations(
  data: OrganizationData,
  operation: string,
  input: Input,
  account: string,
): object | undefined {
  const run = Object.hasOwn(ORGANIZATIONS_OPERATIONS, operation) ? ORGANIZATIONS_OPERATIONS[operation] : undefined;
  if (run === undefined) return undefined;
  if (!data.accounts.has(account)) {
    throw new ServiceError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
  }
  const isRead = /^(?:List|Describe)/.test(operation);
  const mayCall =
    account === data.managementAccountId || FOR_EVERYBODY.has(operation) || (isRead && data.delegations.has(account));
  if (!mayCall) {
    throw new ServiceError('AccessDeniedException', "You don't have permissions to access this resource.");
  }
  return run(data, input);
}
