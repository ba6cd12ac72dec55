/** The operations that read the organization, its tree and its delegated administrators, and those on tags. */
import { ServiceError } from '../errors.js';
import type { Account, OrganizationData } from './data.js';
import { id, invalid, optionalText, page, tags, text, type Input } from './input.js';
import { accountShape, joinedShape, organizationShape, rootShape, unitShape } from './shapes.js';

/** Tags that a resource may have. */
const MAX_TAGS = 50;

export function describeOrganization(data: OrganizationData): object {
  return { Organization: organizationShape(data) };
}

export function listRoots(data: OrganizationData, input: Input): object {
  const { items, ...rest } = page(input, 'ListRoots', [data]);
  return { Roots: items.map(rootShape), ...rest };
}

function parent(data: OrganizationData, input: Input): string {
  const found = id(input, 'ParentId', 'parent');
  if (found !== data.root.id && !data.units.has(found)) {
    throw new ServiceError('ParentNotFoundException', "You specified parent that doesn't exist.");
  }
  return found;
}

export function listOrganizationalUnitsForParent(data: OrganizationData, input: Input): object {
  const parentId = parent(data, input);
  const units = [...data.units.values()].filter((unit) => unit.parentId === parentId);
  const { items, ...rest } = page(input, `ListOrganizationalUnitsForParent ${parentId}`, units);
  return { OrganizationalUnits: items.map((unit) => unitShape(data, unit)), ...rest };
}

export function listAccountsForParent(data: OrganizationData, input: Input): object {
  const parentId = parent(data, input);
  const accounts = [...data.accounts.values()].filter((account) => account.parentId === parentId);
  const { items, ...rest } = page(input, `ListAccountsForParent ${parentId}`, accounts);
  return { Accounts: items.map((account) => accountShape(data, account)), ...rest };
}

export function listAccounts(data: OrganizationData, input: Input): object {
  const { items, ...rest } = page(input, 'ListAccounts', [...data.accounts.values()]);
  return { Accounts: items.map((account) => accountShape(data, account)), ...rest };
}

export function listParents(data: OrganizationData, input: Input): object {
  const child = id(input, 'ChildId', 'child');
  const found = data.units.get(child) ?? data.accounts.get(child);
  if (found === undefined) {
    throw new ServiceError(
      'ChildNotFoundException',
      "You specified an organizational unit or account that doesn't exist.",
    );
  }
  const { items, ...rest } = page(input, `ListParents ${child}`, [found.parentId]);
  const Parents = items.map((Id) => ({ Id, Type: Id === data.root.id ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }));
  return { Parents, ...rest };
}

export function listChildren(data: OrganizationData, input: Input): object {
  const parentId = parent(data, input);
  const type = text(input, 'ChildType');
  if (type !== 'ACCOUNT' && type !== 'ORGANIZATIONAL_UNIT') {
    throw invalid('INVALID_ENUM', `You specified an invalid value for ChildType: ${type}.`);
  }
  const all = type === 'ACCOUNT' ? [...data.accounts.values()] : [...data.units.values()];
  const { items, ...rest } = page(
    input,
    `ListChildren ${parentId} ${type}`,
    all.filter((each) => each.parentId === parentId),
  );
  return { Children: items.map((each) => ({ Id: each.id, Type: type })), ...rest };
}

function account(data: OrganizationData, input: Input): Account {
  const found = data.accounts.get(id(input, 'AccountId', 'account'));
  if (found === undefined) {
    throw new ServiceError('AccountNotFoundException', "You specified an account that doesn't exist.");
  }
  return found;
}

export function describeAccount(data: OrganizationData, input: Input): object {
  return { Account: accountShape(data, account(data, input)) };
}

export function describeOrganizationalUnit(data: OrganizationData, input: Input): object {
  const unit = data.units.get(id(input, 'OrganizationalUnitId', 'unit'));
  if (unit === undefined) {
    throw new ServiceError(
      'OrganizationalUnitNotFoundException',
      "You specified an organizational unit that doesn't exist.",
    );
  }
  return { OrganizationalUnit: unitShape(data, unit) };
}

export function listDelegatedAdministrators(data: OrganizationData, input: Input): object {
  const service = optionalText(input, 'ServicePrincipal', 128, 1);
  const ids = [...data.delegations].filter(([, services]) => service === undefined || services.has(service));
  const { items, ...rest } = page(input, `ListDelegatedAdministrators ${service ?? ''}`, ids);
  const DelegatedAdministrators = items.map(([accountId]) => ({
    ...joinedShape(data, data.accounts.get(accountId)!),
    DelegationEnabledDate: data.createdAt / 1000,
  }));
  return { DelegatedAdministrators, ...rest };
}

export function listDelegatedServicesForAccount(data: OrganizationData, input: Input): object {
  const { id: accountId } = account(data, input);
  const services = data.delegations.get(accountId);
  if (services === undefined) {
    throw new ServiceError(
      'AccountNotRegisteredException',
      'The specified account is not a delegated administrator for this AWS service.',
    );
  }
  const { items, ...rest } = page(input, `ListDelegatedServicesForAccount ${accountId}`, [...services]);
  const date = data.createdAt / 1000;
  return {
    DelegatedServices: items.map((ServicePrincipal) => ({ ServicePrincipal, DelegationEnabledDate: date })),
    ...rest,
  };
}

function resource(data: OrganizationData, input: Input): string {
  const found = id(input, 'ResourceId', 'taggable');
  const isThere =
    found === data.root.id || data.units.has(found) || data.accounts.has(found) || data.policies.has(found);
  if (!isThere) throw new ServiceError('TargetNotFoundException', "You specified a target that doesn't exist.");
  if (data.policies.get(found)?.awsManaged === true) {
    throw invalid('TARGET_NOT_SUPPORTED', 'You cannot tag an AWS managed policy.');
  }
  return found;
}

export function tagResource(data: OrganizationData, input: Input): object {
  const resourceId = resource(data, input);
  const all = new Map([...(data.tags.get(resourceId) ?? []), ...tags(input)]);
  if (all.size > MAX_TAGS) {
    throw new ServiceError('ConstraintViolationException', 'You have exceeded the number of tags allowed.', 400, {
      Reason: 'MAX_TAG_LIMIT_EXCEEDED',
    });
  }
  data.tags.set(resourceId, all);
  return {};
}

export function untagResource(data: OrganizationData, input: Input): object {
  const resourceId = resource(data, input);
  const keys = input['TagKeys'];
  if (!Array.isArray(keys)) throw invalid('INPUT_REQUIRED', 'You must provide a value for TagKeys.');
  for (const key of keys) data.tags.get(resourceId)?.delete(String(key));
  return {};
}

export function listTagsForResource(data: OrganizationData, input: Input): object {
  const resourceId = resource(data, input);
  const { items, ...rest } = page(input, `ListTagsForResource ${resourceId}`, [...(data.tags.get(resourceId) ?? [])]);
  return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...rest };
}
