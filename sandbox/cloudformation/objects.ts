/** Objects of the sandbox's Amazon S3, as CloudFormation reads them. */
import type { Call } from '../call.js';
import { RequestError, ServiceError } from '../errors.js';
import { readObject as read } from '../s3/objects.js';
import { validationError } from './input.js';
import type { ObjectAddress } from './surroundings.js';

/** @throws ServiceError when the object is not there, or not for the caller. */
export function readObject(call: Call, { bucket, key, version }: ObjectAddress): Uint8Array {
  try {
    return read(call, bucket, key, version);
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof RequestError)) throw error;
    throw validationError(`S3 error: ${error.message}`);
  }
}
