/** Who may use stack sets, and which they see ("Register a delegated administrator" of the CloudFormation User Guide). */
import { ServiceError } from '../../errors.js';
import { optionalWord, text, validationError } from '../input.js';
import type { CfnCall } from '../engine.js';
import { accessOf, STACK_SETS } from './data.js';
import type { OperationData, StackSetData, StackSets } from './data.js';
import { DELEGATE_PRINCIPAL } from './roles.js';

const NOT_ADMINISTRATOR =
  'You must be the management account or delegated admin account of an organization before operating a SERVICE_MANAGED stack set';

/** The sets of the caller's Region: of the management account, or of nobody when the caller has none. */
export function visibleSets(call: CfnCall): StackSets {
  const { organization } = call.by.state;
  if (callsAs(call) === 'SELF' && call.account !== organization.managementAccountId) return { sets: new Map() };
  return STACK_SETS.of(call.by.state, organization.managementAccountId, call.region);
}

/** @throws ServiceError when somebody calls as a delegated administrator who is none. */
export function callsAs(call: CfnCall): 'SELF' | 'DELEGATED_ADMIN' {
  const callAs = optionalWord(call.input, 'CallAs', ['SELF', 'DELEGATED_ADMIN'] as const) ?? 'SELF';
  const { organization } = call.by.state;
  if (callAs === 'DELEGATED_ADMIN' && organization.delegations.get(call.account)?.has(DELEGATE_PRINCIPAL) !== true) {
    throw validationError(NOT_ADMINISTRATOR);
  }
  return callAs;
}

/** @throws ServiceError when the caller is no administrator of stack sets, or trusted access is off. */
export function refuseUnlessAdministrator(call: CfnCall): void {
  const { state } = call.by;
  const isManagement = call.account === state.organization.managementAccountId;
  if (callsAs(call) === 'SELF' && !isManagement) throw validationError(NOT_ADMINISTRATOR);
  if (!accessOf(state).isEnabled) {
    throw validationError('You must enable organizations access to operate a service managed stack set');
  }
}

/** The set of an input, by name or id. @throws ServiceError when there is none that is active. */
export function namedSet(call: CfnCall): StackSetData {
  const name = text(call.input, 'StackSetName');
  const { sets } = visibleSets(call);
  const found = sets.get(name) ?? [...sets.values()].find((set) => set.name === name && set.status === 'ACTIVE');
  if (found?.status === 'ACTIVE') return found;
  throw new ServiceError('StackSetNotFoundException', `StackSet ${name} not found`, 404);
}

/** What ids of operations look like. */
export const OPERATION_ID = { pattern: /^[a-zA-Z0-9][-a-zA-Z0-9]*$/, most: 128 };

/** The operation of an input. */
export function namedOperation(call: CfnCall, set: StackSetData): OperationData {
  const id = text(call.input, 'OperationId', OPERATION_ID);
  const found = set.operations.find((each) => each.id === id);
  if (found !== undefined) return found;
  throw new ServiceError('OperationNotFoundException', `Operation ${id} not found for StackSet ${set.id}`, 404);
}
