/** Resources that are there from the start, for tests and benches. */
import { resourceType } from '../../catalogue/index.js';
import { isLive } from '../cloudformation/live.js';
import { generatedName, givenName, madeAs } from '../cloudformation/records.js';
import { looseStack } from '../cloudformation/resources.js';
import { HANDLER_RIGHTS } from './data.js';
import { noteChange, type SandboxState } from '../state.js';

export interface SeededResource {
  readonly account: string;
  readonly region: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** From now on reading a type takes the rights of its handlers too: what is missing is denied, as with AWS. */
export function askHandlerRights(state: SandboxState): void {
  HANDLER_RIGHTS.of(state, state.organization.managementAccountId).areAsked = true;
}

/**
 * Adds a resource as a record, as if somebody had made it without a stack.
 *
 * @throws RangeError for an account that is not there, an unknown type, and types that live in services of the sandbox:
 *   those are made by calls.
 */
export function seedResource(state: SandboxState, { account, region, type, properties }: SeededResource): void {
  if (!state.organization.accounts.has(account)) throw new RangeError(`there is no account ${account}`);
  if (resourceType(type) === undefined) throw new RangeError(`there is no resource type ${type}`);
  if (isLive(type)) throw new RangeError(`${type} is made by a call of its service`);
  const stack = looseStack(state, account, region);
  const logicalId = `Seeded${stack.resources.size}`;
  const name = givenName(type, properties) ?? generatedName(stack, logicalId, type);
  const { physicalId, attributes } = madeAs(stack, logicalId, type, properties, name);
  stack.resources.set(logicalId, {
    ...{ logicalId, type, physicalId, attributes, properties, deletionPolicy: 'Delete' },
    ...{ status: 'CREATE_COMPLETE', reason: undefined, updatedAt: state.organization.createdAt },
  });
  noteChange(state);
}
