/** Operations on managed policies and their versions, and those on the account as a whole. */
import { IAM_QUOTAS } from '../../catalogue/iam/index.js';
import type { Call } from '../call.js';
import { RequestError } from '../errors.js';
import { given, optionalBoolean, optionalText, tagList, text, texts, unsatisfied } from '../input.js';
import type { Input, Operation } from '../service.js';
import { uniqueId } from '../state.js';
import { AWS_MANAGED, isAwsManaged } from './aws-managed.js';
import {
  addTags,
  alreadyExists,
  ARN,
  conflict,
  encoded,
  entityShape,
  iamOf,
  limitExceeded,
  noSuchEntity,
  paged,
  PATH,
  pathPrefix,
  policyName,
  removeTags,
  tagShapes,
} from './common.js';
import { attachmentsOf, type ManagedPolicy } from './data.js';
import { checkDocument, sizeOf } from './documents.js';
import { attachedShapes } from './entities.js';
import { policyShape, roleShape, versionShape } from './shapes.js';

function documentIn(input: Input): string {
  const document = text(input, 'PolicyDocument', { least: 1, most: 131_072 });
  checkDocument(document, 'identity');
  if (sizeOf(document) > IAM_QUOTAS.managedPolicy) throw limitExceeded('PolicySize', IAM_QUOTAS.managedPolicy);
  return document;
}

/** Decides and finds a policy. */
function find(call: Call, input: Input, action: string, options: Parameters<Call['authorize']>[2] = {}): ManagedPolicy {
  const arn = text(input, 'PolicyArn', ARN);
  const policy = iamOf(call).policies.get(arn) ?? AWS_MANAGED.get(arn);
  call.authorize(`iam:${action}`, arn, {
    ...options,
    owner: call.account,
    ...(policy !== undefined && { resourceTags: policy.tags }),
  });
  if (policy === undefined) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return policy;
}

/** A policy that may be changed: those of AWS may not. */
function own(call: Call, input: Input, action: string, options: Parameters<Call['authorize']>[2] = {}): ManagedPolicy {
  const policy = find(call, input, action, options);
  if (!isAwsManaged(policy.arn)) return policy;
  const message = `User: ${call.caller.arn} is not authorized to perform: iam:${action} on resource: policy ${policy.arn}`;
  throw new RequestError('accessDenied', message);
}

function createPolicy(call: Call, input: Input): object {
  const name = policyName(input);
  const path = optionalText(input, 'Path', PATH) ?? '/';
  const tags = tagList(input);
  const arn = `arn:aws:iam::${call.account}:policy${path}${name}`;
  call.authorize('iam:CreatePolicy', arn, { requestTags: tags });
  if (tags.size > 0) call.authorize('iam:TagPolicy', arn, { requestTags: tags });
  const document = documentIn(input);
  const { policies } = iamOf(call);
  const same = [...policies.values()].some((policy) => policy.name.toLowerCase() === name.toLowerCase());
  if (same) throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  const createdAt = Math.floor(call.now / 1000) * 1000;
  const policy: ManagedPolicy = {
    name,
    path,
    id: uniqueId('ANPA'),
    arn,
    description: optionalText(input, 'Description', { most: 1000 }) ?? null,
    createdAt,
    updatedAt: createdAt,
    tags: new Map(tags),
    versions: new Map([['v1', { text: document, createdAt }]]),
    defaultVersion: 'v1',
    lastVersion: 1,
  };
  policies.set(arn, policy);
  return { Policy: policyShape(call, policy) };
}

function deletePolicy(call: Call, input: Input): null {
  const policy = own(call, input, 'DeletePolicy');
  const uses = (['attached', 'boundary'] as const).map((as) => attachmentsOf(call.state, call.account, policy.arn, as));
  if (uses.some(({ users, roles }) => users.length + roles.length > 0)) {
    throw conflict('Cannot delete a policy attached to entities.');
  }
  if (policy.versions.size > 1) {
    throw conflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  iamOf(call).policies.delete(policy.arn);
  return null;
}

function listPolicies(call: Call, input: Input): object {
  call.authorize('iam:ListPolicies');
  const scope = optionalText(input, 'Scope') ?? 'All';
  if (!['All', 'AWS', 'Local'].includes(scope)) {
    throw unsatisfied(scope, 'Scope', 'satisfy enum value set: [All, AWS, Local]');
  }
  const prefix = pathPrefix(input);
  const onlyAttached = optionalBoolean(input, 'OnlyAttached') === true;
  const usage = optionalText(input, 'PolicyUsageFilter');
  const as = usage === 'PermissionsBoundary' ? 'boundary' : 'attached';
  const all = [
    ...(scope === 'AWS' ? [] : iamOf(call).policies.values()),
    ...(scope === 'Local' ? [] : AWS_MANAGED.values()),
  ].filter(({ path, arn }) => {
    if (!path.startsWith(prefix)) return false;
    if (!onlyAttached && usage === undefined) return true;
    const { users, roles } = attachmentsOf(call.state, call.account, arn, as);
    return users.length + roles.length > 0;
  });
  const { items, rest } = paged(input, all);
  return {
    Policies: items.map((each) => ({ ...policyShape(call, each), Tags: undefined, Description: undefined })),
    ...rest,
  };
}

function createPolicyVersion(call: Call, input: Input): object {
  const policy = own(call, input, 'CreatePolicyVersion');
  const document = documentIn(input);
  if (policy.versions.size >= IAM_QUOTAS.managedPolicyVersions) {
    throw limitExceeded('VersionsPerPolicy', IAM_QUOTAS.managedPolicyVersions);
  }
  policy.lastVersion += 1;
  const id = `v${policy.lastVersion}`;
  const createdAt = Math.floor(call.now / 1000) * 1000;
  policy.versions.set(id, { text: document, createdAt });
  policy.updatedAt = createdAt;
  if (optionalBoolean(input, 'SetAsDefault') === true) policy.defaultVersion = id;
  return { PolicyVersion: versionShape(policy, id) };
}

function versionOf(policy: ManagedPolicy, input: Input): string {
  const id = text(input, 'VersionId', { pattern: /^v[1-9][0-9]*(?:\.[A-Za-z0-9-]*)?$/ });
  if (!policy.versions.has(id)) {
    throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  }
  return id;
}

function deletePolicyVersion(call: Call, input: Input): null {
  const policy = own(call, input, 'DeletePolicyVersion');
  const id = versionOf(policy, input);
  if (id === policy.defaultVersion) throw conflict('Cannot delete the default version of a policy.');
  policy.versions.delete(id);
  return null;
}

function setDefaultPolicyVersion(call: Call, input: Input): null {
  const policy = own(call, input, 'SetDefaultPolicyVersion');
  policy.defaultVersion = versionOf(policy, input);
  policy.updatedAt = Math.floor(call.now / 1000) * 1000;
  return null;
}

function listEntitiesForPolicy(call: Call, input: Input): object {
  const { arn } = find(call, input, 'ListEntitiesForPolicy');
  const filter = optionalText(input, 'EntityFilter');
  const as = optionalText(input, 'PolicyUsageFilter') === 'PermissionsBoundary' ? 'boundary' : 'attached';
  const { users, roles } = attachmentsOf(call.state, call.account, arn, as);
  const wanted = [
    ...(filter === undefined || filter === 'Role' ? roles.map((each) => ['Role', each] as const) : []),
    ...(filter === undefined || filter === 'User' ? users.map((each) => ['User', each] as const) : []),
  ];
  const { items, rest } = paged(input, wanted);
  const shapes = (kind: string): readonly object[] =>
    items.filter(([of]) => of === kind).map(([, { name, id }]) => ({ [`${kind}Name`]: name, [`${kind}Id`]: id }));
  return { PolicyGroups: [], PolicyUsers: shapes('User'), PolicyRoles: shapes('Role'), ...rest };
}

/** Everything of an account at once. */
function getAccountAuthorizationDetails(call: Call, input: Input): object {
  call.authorize('iam:GetAccountAuthorizationDetails');
  const filter = texts(input, 'Filter');
  const wants = (kind: string): boolean => filter.length === 0 || filter.includes(kind);
  const { users, roles, policies } = iamOf(call);
  const attachedArns = new Set([...users.values(), ...roles.values()].flatMap(({ attached }) => attached));
  const inlineShapes = (inline: ReadonlyMap<string, string>): readonly object[] =>
    [...inline].map(([PolicyName, document]) => ({ PolicyName, PolicyDocument: encoded(document) }));
  const detail = (policy: ManagedPolicy): object => ({
    ...policyShape(call, policy),
    Tags: undefined,
    PolicyVersionList: [...policy.versions.keys()].map((id) => versionShape(policy, id, true)),
  });
  const all: (readonly [list: string, shape: () => object])[] = [
    ...(wants('User') ? [...users.values()] : []).map(
      (user) =>
        [
          'UserDetailList',
          () => ({
            ...entityShape('User', user),
            UserPolicyList: user.inline.size === 0 ? undefined : inlineShapes(user.inline),
            GroupList: [],
            AttachedManagedPolicies: attachedShapes(call, user.attached),
          }),
        ] as const,
    ),
    ...(wants('Role') ? [...roles.values()] : []).map(
      (role) =>
        [
          'RoleDetailList',
          () => ({
            ...roleShape(call, role),
            Description: undefined,
            MaxSessionDuration: undefined,
            InstanceProfileList: [],
            RolePolicyList: inlineShapes(role.inline),
            AttachedManagedPolicies: attachedShapes(call, role.attached),
          }),
        ] as const,
    ),
    ...[...policies.values(), ...AWS_MANAGED.values()]
      .filter(({ arn }) =>
        isAwsManaged(arn) ? wants('AWSManagedPolicy') && attachedArns.has(arn) : wants('LocalManagedPolicy'),
      )
      .map((policy) => ['Policies', () => detail(policy)] as const),
  ];
  const { items, rest } = paged(input, all);
  const shapes = (list: string): readonly object[] => items.flatMap(([of, shape]) => (of === list ? [shape()] : []));
  return {
    UserDetailList: shapes('UserDetailList'),
    GroupDetailList: [],
    RoleDetailList: shapes('RoleDetailList'),
    Policies: shapes('Policies'),
    ...rest,
  };
}

export const POLICY_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreatePolicy: createPolicy,
  CreatePolicyVersion: createPolicyVersion,
  DeletePolicy: deletePolicy,
  DeletePolicyVersion: deletePolicyVersion,
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
  GetPolicy: (call, input) => ({ Policy: policyShape(call, find(call, input, 'GetPolicy')) }),
  GetPolicyVersion: (call, input) => {
    const policy = find(call, input, 'GetPolicyVersion');
    return { PolicyVersion: versionShape(policy, versionOf(policy, input), true) };
  },
  ListEntitiesForPolicy: listEntitiesForPolicy,
  ListPolicies: listPolicies,
  ListPolicyTags: (call, input) => {
    const { items, rest } = paged(input, tagShapes(find(call, input, 'ListPolicyTags').tags) ?? []);
    return { Tags: items, ...rest };
  },
  ListPolicyVersions: (call, input) => {
    const policy = find(call, input, 'ListPolicyVersions');
    const { items, rest } = paged(input, [...policy.versions.keys()].reverse());
    return { Versions: items.map((id) => versionShape(policy, id)), ...rest };
  },
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  TagPolicy: (call, input) => {
    const added = tagList(given(input, 'Tags'));
    addTags(own(call, input, 'TagPolicy', { requestTags: added }).tags, added);
    return null;
  },
  UntagPolicy: (call, input) => {
    const keys = texts(given(input, 'TagKeys'), 'TagKeys');
    removeTags(own(call, input, 'UntagPolicy', { tagKeys: keys }).tags, keys);
    return null;
  },
};
