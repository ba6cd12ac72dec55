/** Objects of the sandbox's Amazon S3, as CloudFormation reads them. */
import type { Call } from '../call.js';
import { validationError } from './input.js';
import type { ObjectAddress } from './surroundings.js';

/** @throws ServiceError, RequestError when the object is not there, or not for the caller. */
export async function readObject(_call: Call, { bucket, key }: ObjectAddress): Promise<Uint8Array> {
  await Promise.resolve();
  throw validationError(`S3 error: the object ${key} of ${bucket} cannot be read`);
}
