/** Answers of IAM: structures (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Types.html). */
import { currentText } from '../authorize/applicable.js';
import type { Call } from '../call.js';
import { timeText } from '../input.js';
import { encoded, entityShape, tagShapes } from './common.js';
import type { ManagedPolicy, Role } from './data.js';
import { attachmentsOf } from './data.js';

export function roleShape({ state }: Call, role: Role): object {
  const { trust, trusted, description, maxSessionDuration, lastUsed } = role;
  return {
    ...entityShape('Role', role),
    AssumeRolePolicyDocument: encoded(currentText(state, { text: trust, kind: 'trust', principals: trusted })),
    Description: description ?? undefined,
    MaxSessionDuration: maxSessionDuration,
    RoleLastUsed: lastUsed === null ? {} : { LastUsedDate: timeText(lastUsed.at), Region: lastUsed.region },
  };
}

export function policyShape(call: Call, policy: ManagedPolicy): object {
  const { name, id, arn, path, defaultVersion, description, createdAt, updatedAt, tags } = policy;
  const { users, roles } = attachmentsOf(call.state, call.account, arn);
  const { users: boundUsers, roles: boundRoles } = attachmentsOf(call.state, call.account, arn, 'boundary');
  return {
    PolicyName: name,
    PolicyId: id,
    Arn: arn,
    Path: path,
    DefaultVersionId: defaultVersion,
    AttachmentCount: users.length + roles.length,
    PermissionsBoundaryUsageCount: boundUsers.length + boundRoles.length,
    IsAttachable: true,
    Description: description ?? undefined,
    CreateDate: timeText(createdAt),
    UpdateDate: timeText(updatedAt),
    Tags: tagShapes(tags),
  };
}

export function versionShape(policy: ManagedPolicy, id: string, withDocument = false): object {
  const { text, createdAt } = policy.versions.get(id)!;
  return {
    ...(withDocument && { Document: encoded(text) }),
    VersionId: id,
    IsDefaultVersion: policy.defaultVersion === id,
    CreateDate: timeText(createdAt),
  };
}
