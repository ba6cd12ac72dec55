/**
 * The operations that change the tree: units and accounts are made, moved and closed; delegated administrators and
 * trusted access (https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html).
 */
import { randomBytes } from 'node:crypto';
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import { Part, type SandboxState } from '../state.js';
import { MANAGED_POLICIES, pathTo, type Account, type OrganizationData } from './data.js';
import { id, invalid, optionalText, page, tags, text, type Input } from './input.js';
import { unitShape } from './shapes.js';

interface Request {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly accountId: string;
}

const PART = new Part('organizations', ({ organization: { delegations, createdAt } }) => ({
  /** Principals of the services with trusted access, and since when. Who has a delegated administrator has it, too. */
  trusted: new Map<string, number>(
    [...delegations.values()].flatMap((all) => [...all].map((each) => [each, createdAt])),
  ),
  requests: new Map<string, Request>(),
}));

type Operation = (call: Call, input: Input) => object;

const ACCOUNT_ID = { start: 600_000_000_000, end: 999_999_999_999 } as const;

function word(length: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return [...randomBytes(length)].map((byte) => letters[byte % letters.length]!).join('');
}

/** What AWS attaches to each new target. */
function attachManaged(data: OrganizationData, target: string): void {
  const attached = MANAGED_POLICIES.filter(({ type }) => data.enabledPolicyTypes.has(type)).map((each) => each.id);
  data.attachments.set(target, attached);
}

function parentOf(data: OrganizationData, input: Input, key: string, code = 'ParentNotFoundException'): string {
  const found = id(input, key, 'parent');
  if (found === data.root.id || data.units.has(found)) return found;
  throw new ServiceError(code, "You specified parent that doesn't exist.");
}

function unitOf(data: OrganizationData, input: Input): string {
  const found = id(input, 'OrganizationalUnitId', 'unit');
  if (data.units.has(found)) return found;
  throw new ServiceError(
    'OrganizationalUnitNotFoundException',
    "You specified an organizational unit that doesn't exist.",
  );
}

function checkUnitName(data: OrganizationData, name: string, parentId: string, except?: string): void {
  const same = [...data.units.values()].some(
    (unit) => unit.parentId === parentId && unit.name === name && unit.id !== except,
  );
  if (same) {
    throw new ServiceError('DuplicateOrganizationalUnitException', 'An OU with the same name already exists.');
  }
}

const createOrganizationalUnit: Operation = ({ state: { organization: data } }, input) => {
  const parentId = parentOf(data, input, 'ParentId');
  const name = text(input, 'Name', 128);
  const given = tags(input);
  checkUnitName(data, name, parentId);
  // Five levels of units, below the root.
  if (pathTo(data, parentId).length > 5) {
    throw new ServiceError('ConstraintViolationException', 'You have exceeded the OU depth limit.', 400, {
      Reason: 'OU_DEPTH_LIMIT_EXCEEDED',
    });
  }
  const unit = { id: `ou-${data.root.id.slice(2)}-${word(8)}`, name, parentId };
  data.units.set(unit.id, unit);
  attachManaged(data, unit.id);
  if (given.size > 0) data.tags.set(unit.id, new Map(given));
  return { OrganizationalUnit: unitShape(data, unit) };
};

const updateOrganizationalUnit: Operation = ({ state: { organization: data } }, input) => {
  const unit = data.units.get(unitOf(data, input))!;
  const name = optionalText(input, 'Name', 128, 1) ?? unit.name;
  checkUnitName(data, name, unit.parentId, unit.id);
  const renamed = { ...unit, name };
  data.units.set(unit.id, renamed);
  return { OrganizationalUnit: unitShape(data, renamed) };
};

const deleteOrganizationalUnit: Operation = ({ state: { organization: data } }, input) => {
  const unitId = unitOf(data, input);
  const isUsed = [...data.units.values(), ...data.accounts.values()].some(({ parentId }) => parentId === unitId);
  if (isUsed) {
    throw new ServiceError('OrganizationalUnitNotEmptyException', 'The specified OU is not empty.');
  }
  for (const map of [data.units, data.attachments, data.tags]) map.delete(unitId);
  return {};
};

/** Is done at once; AWS takes minutes, and tells how far it is. */
const createAccount: Operation = (call, input) => {
  const { organization: data } = call.state;
  const name = text(input, 'AccountName', 50);
  const email = text(input, 'Email', 64, 6);
  const given = tags(input);
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw invalid('INVALID_PATTERN', 'The email address is not valid.');
  let accountId: string;
  do {
    const { start, end } = ACCOUNT_ID;
    accountId = String(start + (randomBytes(6).readUIntBE(0, 6) % (end - start)));
  } while (data.accounts.has(accountId));
  const account: Account = { id: accountId, name, email, state: 'ACTIVE', parentId: data.root.id };
  const request = { id: `car-${word(32)}`, name, at: call.now, accountId };
  const isTaken = [...data.accounts.values()].some((each) => each.email === email);
  PART.of(call.state, '').requests.set(request.id, isTaken ? { ...request, accountId: '' } : request);
  if (!isTaken) {
    data.accounts.set(accountId, account);
    attachManaged(data, accountId);
    if (given.size > 0) data.tags.set(accountId, new Map(given));
    call.tellMove({ account: accountId, from: [], to: [data.root.id] });
  }
  return { CreateAccountStatus: statusOf(call, request.id) };
};

function statusOf(call: Call, requestId: string): object {
  const request = PART.of(call.state, '').requests.get(requestId);
  if (request === undefined) {
    throw new ServiceError(
      'CreateAccountStatusNotFoundException',
      "We can't find a create account request with this id.",
    );
  }
  const { name, at, accountId } = request;
  return {
    Id: requestId,
    AccountName: name,
    State: accountId === '' ? 'FAILED' : 'SUCCEEDED',
    RequestedTimestamp: at / 1000,
    CompletedTimestamp: at / 1000,
    ...(accountId === '' ? { FailureReason: 'EMAIL_ALREADY_EXISTS' } : { AccountId: accountId }),
  };
}

function accountOf(data: OrganizationData, input: Input): Account {
  const found = data.accounts.get(id(input, 'AccountId', 'account'));
  if (found !== undefined) return found;
  throw new ServiceError('AccountNotFoundException', "You specified an account that doesn't exist.");
}

const moveAccount: Operation = (call, input) => {
  const { organization: data } = call.state;
  const account = accountOf(data, input);
  const from = parentOf(data, input, 'SourceParentId', 'SourceParentNotFoundException');
  const to = parentOf(data, input, 'DestinationParentId', 'DestinationParentNotFoundException');
  if (account.parentId !== from) {
    throw new ServiceError(
      'SourceParentNotFoundException',
      'The account is not in the source parent that you specified.',
    );
  }
  if (from === to) throw new ServiceError('DuplicateAccountException', 'That account is already in the parent.');
  data.accounts.set(account.id, { ...account, parentId: to });
  call.tellMove({ account: account.id, from: pathTo(data, from), to: pathTo(data, to) });
  return {};
};

const closeAccount: Operation = (call, input) => {
  const { organization: data } = call.state;
  const account = accountOf(data, input);
  if (account.id === data.managementAccountId) {
    throw new ServiceError('ConstraintViolationException', 'You cannot close the management account.', 400, {
      Reason: 'CANNOT_CLOSE_MANAGEMENT_ACCOUNT',
    });
  }
  if (account.state !== 'ACTIVE') {
    throw new ServiceError(
      'AccountAlreadyClosedException',
      'You attempted to close an account that is already closed.',
    );
  }
  data.accounts.set(account.id, { ...account, state: 'SUSPENDED' });
  return {};
};

const registerDelegatedAdministrator: Operation = ({ state: { organization: data } }, input) => {
  const account = accountOf(data, input);
  const service = text(input, 'ServicePrincipal', 128);
  if (account.id === data.managementAccountId) {
    throw new ServiceError('ConstraintViolationException', 'You cannot register the management account.', 400, {
      Reason: 'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
    });
  }
  const services = data.delegations.get(account.id) ?? new Set<string>();
  if (services.has(service)) {
    const message = 'The specified account is already a delegated administrator for this AWS service.';
    throw new ServiceError('AccountAlreadyRegisteredException', message);
  }
  data.delegations.set(account.id, services.add(service));
  return {};
};

const deregisterDelegatedAdministrator: Operation = ({ state: { organization: data } }, input) => {
  const account = accountOf(data, input);
  const services = data.delegations.get(account.id);
  if (services?.delete(text(input, 'ServicePrincipal', 128)) !== true) {
    const message = 'The specified account is not a delegated administrator for this AWS service.';
    throw new ServiceError('AccountNotRegisteredException', message);
  }
  if (services.size === 0) data.delegations.delete(account.id);
  return {};
};

export const CHANGES: Readonly<Record<string, Operation>> = {
  CloseAccount: closeAccount,
  CreateAccount: createAccount,
  CreateOrganizationalUnit: createOrganizationalUnit,
  DeleteOrganizationalUnit: deleteOrganizationalUnit,
  DeregisterDelegatedAdministrator: deregisterDelegatedAdministrator,
  DescribeCreateAccountStatus: (call, input) => ({
    CreateAccountStatus: statusOf(call, text(input, 'CreateAccountRequestId', 36)),
  }),
  DisableAWSServiceAccess: (call, input) => {
    PART.of(call.state, '').trusted.delete(text(input, 'ServicePrincipal', 128));
    return {};
  },
  EnableAWSServiceAccess: (call, input) => {
    const { trusted } = PART.of(call.state, '');
    const service = text(input, 'ServicePrincipal', 128);
    if (!trusted.has(service)) trusted.set(service, call.now);
    return {};
  },
  ListAWSServiceAccessForOrganization: (call, input) => {
    const { items, ...rest } = page(input, 'ListAWSServiceAccess', [...PART.of(call.state, '').trusted]);
    const principals = items.map(([ServicePrincipal, at]) => ({ ServicePrincipal, DateEnabled: at / 1000 }));
    return { EnabledServicePrincipals: principals, ...rest };
  },
  MoveAccount: moveAccount,
  RegisterDelegatedAdministrator: registerDelegatedAdministrator,
  UpdateOrganizationalUnit: updateOrganizationalUnit,
};

/** Principals of the services that have trusted access. */
export function trustedServicesOf(state: SandboxState): ReadonlyMap<string, number> {
  return PART.of(state, '').trusted;
}
