/** Operations on roles. */
import { IAM_QUOTAS } from '../../catalogue/iam/index.js';
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import { optionalNumber, optionalText, tagList, text } from '../input.js';
import type { Input, Operation } from '../service.js';
import { uniqueId } from '../state.js';
import {
  alreadyExists,
  ARN,
  authorizeOn,
  boundaryOf,
  entityOf,
  iamOf,
  limitExceeded,
  NAME,
  PATH,
  principalsIn,
} from './common.js';
import type { Role } from './data.js';
import { checkDocument, sizeOf } from './documents.js';
import { checkDeletable, checkModifiable } from './entities.js';
import { roleShape } from './shapes.js';

const DESCRIPTION = { most: 1000 } as const;

/** A trust policy, with the unique ids of those that it names. */
function trustOf(call: Call, input: Input, key: string): Pick<Role, 'trust' | 'trusted'> {
  const trust = text(input, key, { least: 1, most: 131_072 });
  const policy = checkDocument(trust, 'trust');
  if (sizeOf(trust) > IAM_QUOTAS.trustPolicy) throw limitExceeded('ACLSizePerRole', IAM_QUOTAS.trustPolicy);
  return { trust, trusted: principalsIn(call, policy) };
}

function createRole(call: Call, input: Input): object {
  const name = text(input, 'RoleName', NAME);
  const path = optionalText(input, 'Path', PATH) ?? '/';
  const tags = tagList(input);
  const asked = optionalText(input, 'PermissionsBoundary', ARN);
  const arn = `arn:aws:iam::${call.account}:role${path}${name}`;
  call.authorize('iam:CreateRole', arn, {
    requestTags: tags,
    context: asked === undefined ? {} : { 'iam:PermissionsBoundary': asked },
  });
  if (tags.size > 0) call.authorize('iam:TagRole', arn, { requestTags: tags });
  if (path.startsWith('/aws-service-role/') || path.startsWith('/aws-reserved/')) {
    throw new ServiceError('ValidationError', `The path ${path} is reserved for AWS.`);
  }
  return {
    Role: roleShape(
      call,
      newRole(call, { name, path, tags, asked, ...trustOf(call, input, 'AssumeRolePolicyDocument'), input }),
    ),
  };
}

interface NewRole extends Pick<Role, 'name' | 'path' | 'trust' | 'trusted'> {
  readonly tags: ReadonlyMap<string, string>;
  readonly asked: string | undefined;
  readonly input: Input;
}

function newRole(call: Call, { name, path, tags, asked, trust, trusted, input }: NewRole): Role {
  const { roles } = iamOf(call);
  if (roles.has(name.toLowerCase())) throw alreadyExists(`Role with name ${name} already exists.`);
  const role: Role = {
    name,
    path,
    id: uniqueId('AROA'),
    arn: `arn:aws:iam::${call.account}:role${path}${name}`,
    createdAt: Math.floor(call.now / 1000) * 1000,
    tags: new Map(tags),
    boundary: asked === undefined ? null : boundaryOf(call, asked),
    inline: new Map(),
    attached: [],
    trust,
    trusted,
    description: optionalText(input, 'Description', DESCRIPTION) ?? null,
    maxSessionDuration: optionalNumber(input, 'MaxSessionDuration', 3600, 43_200) ?? 3600,
    lastUsed: null,
  };
  roles.set(name.toLowerCase(), role);
  return role;
}

/** Makes the role that a service has for itself; SCPs do not reach it. */
function createServiceLinkedRole(call: Call, input: Input): object {
  const service = text(input, 'AWSServiceName', { least: 1, most: 128, pattern: /^[\w+=,.@-]+$/ });
  const suffix = optionalText(input, 'CustomSuffix', { least: 1, most: 64, pattern: /^[\w+=,.@-]+$/ });
  const words = service.split('.')[0]!.split('-');
  const label = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
  const name = `AWSServiceRoleFor${label}${suffix === undefined ? '' : `_${suffix}`}`;
  const path = `/aws-service-role/${service}/`;
  call.authorize('iam:CreateServiceLinkedRole', `arn:aws:iam::${call.account}:role${path}${name}`, {
    context: { 'iam:AWSServiceName': service },
  });
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const shared = {
    name,
    path,
    tags: new Map<string, string>(),
    asked: undefined,
    trust,
    trusted: new Map<string, string>(),
  };
  return { Role: roleShape(call, newRole(call, { ...shared, input: {} })) };
}

/** A role that may be changed: those of services may not. */
function changeable(call: Call, input: Input, action: string): Role {
  const role = entityOf(call, 'Role', input) as Role;
  authorizeOn(call, action, role);
  checkModifiable(role);
  return role;
}

function getRole(call: Call, input: Input): object {
  const role = entityOf(call, 'Role', input) as Role;
  authorizeOn(call, 'GetRole', role);
  return { Role: roleShape(call, role) };
}

function updateRole(call: Call, input: Input): object {
  const role = changeable(call, input, 'UpdateRole');
  role.description = optionalText(input, 'Description', DESCRIPTION) ?? role.description;
  role.maxSessionDuration = optionalNumber(input, 'MaxSessionDuration', 3600, 43_200) ?? role.maxSessionDuration;
  return {};
}

function updateAssumeRolePolicy(call: Call, input: Input): null {
  const role = changeable(call, input, 'UpdateAssumeRolePolicy');
  Object.assign(role, trustOf(call, input, 'PolicyDocument'));
  return null;
}

function deleteRole(call: Call, input: Input): null {
  const role = changeable(call, input, 'DeleteRole');
  checkDeletable(role);
  iamOf(call).roles.delete(role.name.toLowerCase());
  return null;
}

export const ROLE_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateRole: createRole,
  CreateServiceLinkedRole: createServiceLinkedRole,
  DeleteRole: deleteRole,
  GetRole: getRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  UpdateRole: updateRole,
};
