/** AWS Organizations: its operations by name, and who may call them. */
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import { jsonProtocol } from '../protocols/json.js';
import type { Service } from '../service.js';
import { CHANGES } from './changes.js';
import type { OrganizationData } from './data.js';
import type { Input } from './input.js';
import * as policies from './policies.js';
import { policyArn, targetArn } from './shapes.js';
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
  checkCaller(data, operation, account);
  return run(data, input);
}

/** @throws ServiceError for an account that may not call an operation, whatever its policies say. */
function checkCaller(data: OrganizationData, operation: string, account: string): void {
  if (!data.accounts.has(account)) {
    throw new ServiceError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
  }
  const isRead = /^(?:List|Describe)/.test(operation);
  const mayCall =
    account === data.managementAccountId || FOR_EVERYBODY.has(operation) || (isRead && data.delegations.has(account));
  if (!mayCall) {
    throw new ServiceError('AccessDeniedException', "You don't have permissions to access this resource.");
  }
}

/** What signatures authorize: the policy, and the targets, that the input names. */
function resourcesOf(data: OrganizationData, input: Input): readonly string[] {
  const policy = data.policies.get(String(input['PolicyId']));
  const targets = [
    'TargetId',
    'AccountId',
    'ResourceId',
    'OrganizationalUnitId',
    'ParentId',
    'DestinationParentId',
  ].flatMap((key) => {
    const value = input[key];
    const isThere =
      typeof value === 'string' && (value === data.root.id || data.units.has(value) || data.accounts.has(value));
    return isThere ? [targetArn(data, value)] : [];
  });
  const all = [...(policy === undefined ? [] : [policyArn(data, policy)]), ...targets];
  return all.length === 0 ? ['*'] : all;
}

function answer(call: Call, operation: string, input: Input): object {
  const { organization } = call.state;
  const service = input['ServicePrincipal'];
  const type = input['Type'] ?? input['PolicyType'] ?? organization.policies.get(String(input['PolicyId']))?.type;
  call.authorize(`organizations:${operation}`, resourcesOf(organization, input), {
    // Whether another account may call is not for policies of IAM to say, but for the service, below.
    owner: call.account,
    context: {
      'aws:ResourceAccount': organization.managementAccountId,
      ...(typeof service === 'string' && { 'organizations:ServicePrincipal': service }),
      ...(typeof type === 'string' && { 'organizations:PolicyType': type }),
    },
  });
  const change = Object.hasOwn(CHANGES, operation) ? CHANGES[operation] : undefined;
  if (change === undefined) return callOrganizations(organization, operation, input, call.account)!;
  checkCaller(organization, operation, call.account);
  return change(call, input);
}

export const ORGANIZATIONS: Service = {
  name: 'organizations',
  protocol: jsonProtocol('AWSOrganizationsV20161128'),
  operations: Object.fromEntries(
    [...Object.keys(ORGANIZATIONS_OPERATIONS), ...Object.keys(CHANGES)].map((operation) => [
      operation,
      (call: Call, input: Input) => answer(call, operation, input),
    ]),
  ),
};
