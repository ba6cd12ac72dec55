/** Why an operation on a stack, or on one of its resources, failed: as CloudFormation says it in events. */
import { RequestError, ServiceError } from '../errors.js';
import { newId } from './data.js';
import { ResourceFailure } from './surroundings.js';

/** Why a run ended, when it ended badly. */
export class RunFailure extends Error {}

export function asked(isDeleted: boolean): string {
  return `${isDeleted ? 'Delete' : 'Rollback'} requested by user.`;
}

export function undeleted(ids: readonly string[]): string {
  return `The following resource(s) failed to delete: [${[...ids].sort().join(', ')}]. `;
}

export function hooksFailed(names: readonly string[]): string {
  return `The following hook(s) failed: [${names.join(', ')}]`;
}

/** What the event of a stack says. @throws what is no failure of the stack. */
export function reasonOf(error: unknown): string {
  if (error instanceof RunFailure || error instanceof ServiceError) return error.message;
  throw error;
}

/** What an event says of a resource that could not be made, changed or deleted. */
export function failureOf(error: unknown): string {
  if (error instanceof ResourceFailure) return error.message;
  if (!(error instanceof ServiceError || error instanceof RequestError)) throw error;
  const code = error instanceof RequestError ? 'AccessDenied' : handlerCode(error.code);
  return `Resource handler returned message: "${error.message}" (RequestToken: ${newId()}, HandlerErrorCode: ${code})`;
}

/** The code of a handler for the error of a service. */
export function handlerCode(code: string): string {
  if (code.includes('AlreadyExists')) return 'AlreadyExists';
  if (/NoSuch|NotFound/.test(code)) return 'NotFound';
  if (code.includes('LimitExceeded')) return 'ServiceLimitExceeded';
  return /DeleteConflict|InUse/.test(code) ? 'ResourceConflict' : 'InvalidRequest';
}
