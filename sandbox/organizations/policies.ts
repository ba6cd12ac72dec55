/**
 * The operations on policies, with the refusals and quotas of their pages
 * (https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html and its neighbours;
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html).
 */
import { randomBytes } from 'node:crypto';
import { parsePolicy } from '../../iam/index.js';
import { API_POLICY_TYPES, POLICY_TYPE_QUOTAS, POLICY_TYPES } from '../../organization/index.js';
import type { PolicyTypeQuota } from '../../organization/index.js';
import type { Value } from '../../template/index.js';
import { ServiceError } from '../errors.js';
import { enableType, MANAGED_POLICIES, targetIds } from './data.js';
import type { OrganizationData, Policy } from './data.js';
import { id, invalid, optionalText, page, policyType, tags, text, type Input } from './input.js';
import { policyShape, policySummary, rootShape, targetArn } from './shapes.js';

/** Of the types that descriptions do not know. */
const OTHER_QUOTAS: PolicyTypeQuota = { documentCharacters: 10_000, perTarget: 10, perOrganization: 1_000 };

function quotasOf(type: string): PolicyTypeQuota {
  const known = POLICY_TYPES.find((each) => API_POLICY_TYPES[each] === type);
  return known === undefined ? OTHER_QUOTAS : POLICY_TYPE_QUOTAS[known];
}

function violation(reason: string, message: string): ServiceError {
  return new ServiceError('ConstraintViolationException', message, 400, { Reason: reason });
}

function find(data: OrganizationData, input: Input): Policy {
  const policy = data.policies.get(id(input, 'PolicyId', 'policy'));
  if (policy === undefined) {
    throw new ServiceError('PolicyNotFoundException', "You specified a policy that doesn't exist.");
  }
  return policy;
}

function ownPolicy(data: OrganizationData, input: Input): Policy {
  const policy = find(data, input);
  if (policy.awsManaged) throw invalid('IMMUTABLE_POLICY', 'You cannot modify an AWS managed policy.');
  return policy;
}

function target(data: OrganizationData, input: Input): string {
  const found = id(input, 'TargetId', 'target');
  if (!targetIds(data).includes(found)) {
    throw new ServiceError('TargetNotFoundException', "You specified a target that doesn't exist.");
  }
  return found;
}

/** Refuses what is no policy of its type, and what is too long. White space counts. */
function checkContent(type: string, content: string): void {
  const most = quotasOf(type).documentCharacters;
  if (content.length > most) {
    throw violation(
      'POLICY_CONTENT_LIMIT_EXCEEDED',
      `You have exceeded the maximum policy size of ${most} characters.`,
    );
  }
  const malformed = new ServiceError(
    'MalformedPolicyDocumentException',
    'The provided policy document does not meet the requirements of the specified policy type.',
  );
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw malformed;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed;
  const kind = type === 'SERVICE_CONTROL_POLICY' ? 'scp' : type === 'RESOURCE_CONTROL_POLICY' ? 'rcp' : undefined;
  if (kind === undefined) return;
  const { policy, problems } = parsePolicy(value as Value, kind);
  if (policy === undefined || problems.length > 0) throw malformed;
}

function checkName(data: OrganizationData, type: string, name: string, except?: Policy): void {
  const same = [...data.policies.values()].some(
    (policy) => policy !== except && policy.type === type && policy.name === name,
  );
  if (same) {
    throw new ServiceError('DuplicatePolicyException', 'A policy with the specified name and type already exists.');
  }
}

function attachedTo(data: OrganizationData, policyId: string): readonly string[] {
  return targetIds(data).filter((each) => data.attachments.get(each)?.includes(policyId) === true);
}

function ofType(data: OrganizationData, targetId: string, type: string): readonly Policy[] {
  return (data.attachments.get(targetId) ?? []).flatMap((policyId) => {
    const policy = data.policies.get(policyId);
    return policy?.type === type ? [policy] : [];
  });
}

export function createPolicy(data: OrganizationData, input: Input): object {
  const type = policyType(input, 'Type');
  const name = text(input, 'Name', 128);
  const description = text(input, 'Description', 512, 0);
  const content = text(input, 'Content');
  const given = tags(input);
  checkName(data, type, name);
  checkContent(type, content);
  const count = [...data.policies.values()].filter((policy) => policy.type === type).length;
  if (count >= quotasOf(type).perOrganization) {
    throw violation('POLICY_NUMBER_LIMIT_EXCEEDED', 'You have exceeded the number of policies of this type.');
  }
  const policy = { id: newPolicyId(), name, type, description, content, awsManaged: false };
  data.policies.set(policy.id, policy);
  if (given.size > 0) data.tags.set(policy.id, new Map(given));
  return { Policy: policyShape(data, policy) };
}

function newPolicyId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return `p-${[...randomBytes(10)].map((byte) => letters[byte % letters.length]!).join('')}`;
}

export function updatePolicy(data: OrganizationData, input: Input): object {
  const policy = ownPolicy(data, input);
  const name = optionalText(input, 'Name', 128, 1) ?? policy.name;
  const description = optionalText(input, 'Description', 512) ?? policy.description;
  const content = optionalText(input, 'Content', 1_000_000, 1) ?? policy.content;
  checkName(data, policy.type, name, policy);
  checkContent(policy.type, content);
  const updated = { ...policy, name, description, content };
  data.policies.set(policy.id, updated);
  return { Policy: policyShape(data, updated) };
}

export function deletePolicy(data: OrganizationData, input: Input): object {
  const policy = ownPolicy(data, input);
  if (attachedTo(data, policy.id).length > 0) {
    throw new ServiceError('PolicyInUseException', 'The policy is attached to one or more entities.');
  }
  data.policies.delete(policy.id);
  data.tags.delete(policy.id);
  return {};
}

export function describePolicy(data: OrganizationData, input: Input): object {
  return { Policy: policyShape(data, find(data, input)) };
}

export function attachPolicy(data: OrganizationData, input: Input): object {
  const policy = find(data, input);
  const targetId = target(data, input);
  if (!data.enabledPolicyTypes.has(policy.type)) {
    throw new ServiceError(
      'PolicyTypeNotEnabledException',
      'This operation can be performed only for enabled policy types.',
    );
  }
  const attached = data.attachments.get(targetId) ?? [];
  if (attached.includes(policy.id)) {
    throw new ServiceError(
      'DuplicatePolicyAttachmentException',
      'A policy with the specified name and type already exists.',
    );
  }
  if (ofType(data, targetId, policy.type).length >= quotasOf(policy.type).perTarget) {
    throw violation(
      'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      'You have exceeded the number of policies of this type that can be attached to an entity.',
    );
  }
  data.attachments.set(targetId, [...attached, policy.id]);
  return {};
}

export function detachPolicy(data: OrganizationData, input: Input): object {
  const policy = find(data, input);
  const targetId = target(data, input);
  const attached = data.attachments.get(targetId) ?? [];
  if (!attached.includes(policy.id)) {
    throw new ServiceError('PolicyNotAttachedException', 'The policy is not attached to the specified target.');
  }
  if (policy.id === 'p-RCPFullAWSAccess') {
    throw invalid('NON_DETACHABLE_POLICY', 'You cannot detach this policy.');
  }
  if (policy.type === 'SERVICE_CONTROL_POLICY' && ofType(data, targetId, policy.type).length === 1) {
    throw violation(
      'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      'You cannot detach the last policy of this type from an entity.',
    );
  }
  data.attachments.set(
    targetId,
    attached.filter((each) => each !== policy.id),
  );
  return {};
}

export function listPolicies(data: OrganizationData, input: Input): object {
  const type = policyType(input, 'Filter');
  const all = [...data.policies.values(), ...MANAGED_POLICIES.filter((each) => !data.policies.has(each.id))];
  const { items, ...rest } = page(
    input,
    `ListPolicies ${type}`,
    all.filter((policy) => policy.type === type),
  );
  return { Policies: items.map((policy) => policySummary(data, policy)), ...rest };
}

export function listPoliciesForTarget(data: OrganizationData, input: Input): object {
  const targetId = target(data, input);
  const type = policyType(input, 'Filter');
  const { items, ...rest } = page(input, `ListPoliciesForTarget ${targetId} ${type}`, ofType(data, targetId, type));
  return { Policies: items.map((policy) => policySummary(data, policy)), ...rest };
}

export function listTargetsForPolicy(data: OrganizationData, input: Input): object {
  const policy = find(data, input);
  const { items, ...rest } = page(input, `ListTargetsForPolicy ${policy.id}`, attachedTo(data, policy.id));
  const Targets = items.map((targetId) => ({
    TargetId: targetId,
    Arn: targetArn(data, targetId),
    Name: (data.units.get(targetId) ?? data.accounts.get(targetId) ?? data.root).name,
    Type: targetId === data.root.id ? 'ROOT' : data.units.has(targetId) ? 'ORGANIZATIONAL_UNIT' : 'ACCOUNT',
  }));
  return { Targets, ...rest };
}

function root(data: OrganizationData, input: Input): void {
  if (id(input, 'RootId', 'root') === data.root.id) return;
  throw new ServiceError('RootNotFoundException', "You specified a root that doesn't exist.");
}

export function enablePolicyType(data: OrganizationData, input: Input): object {
  root(data, input);
  const type = policyType(input, 'PolicyType');
  if (data.enabledPolicyTypes.has(type)) {
    throw new ServiceError('PolicyTypeAlreadyEnabledException', 'The specified policy type is already enabled.');
  }
  enableType(data, type);
  return { Root: rootShape(data) };
}

/** Detaches all policies of the type; AWS does not remember where they were. */
export function disablePolicyType(data: OrganizationData, input: Input): object {
  root(data, input);
  const type = policyType(input, 'PolicyType');
  if (!data.enabledPolicyTypes.delete(type)) {
    throw new ServiceError('PolicyTypeNotEnabledException', 'The specified policy type is not enabled.');
  }
  for (const [targetId, attached] of data.attachments) {
    data.attachments.set(
      targetId,
      attached.filter((policyId) => data.policies.get(policyId)?.type !== type),
    );
  }
  return { Root: rootShape(data) };
}
