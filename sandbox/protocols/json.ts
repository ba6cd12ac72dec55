/**
 * The protocols AWS JSON 1.1 and 1.0 (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html): the operation stands in
 * `X-Amz-Target`, input and output are JSON, errors name themselves in `__type`.
 */
import { RequestError, ServiceError, type RequestFault } from '../errors.js';
import type { Answer, Protocol } from '../service.js';

type Version = '1.0' | '1.1';

/** Names of the faults that no service raises itself. */
const CODES: Readonly<Record<RequestFault, string>> = {
  missingToken: 'MissingAuthenticationTokenException',
  incompleteSignature: 'IncompleteSignatureException',
  unknownKey: 'UnrecognizedClientException',
  badSignature: 'InvalidSignatureException',
  skewedClock: 'InvalidSignatureException',
  expiredToken: 'ExpiredTokenException',
  accessDenied: 'AccessDeniedException',
  unknownOperation: 'UnknownOperationException',
  throttled: 'ThrottlingException',
};

/**
 * @param target - What stands before the operation in `X-Amz-Target`, such as `AWSOrganizationsV20161128`.
 * @param version - JSON 1.0 differs in the content type only.
 */
export function jsonProtocol(target: string, version: Version = '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    claims: ({ headers }) => (headers['x-amz-target'] ?? '').startsWith(`${target}.`),
    operationOf: ({ headers }) => (headers['x-amz-target'] ?? '').split('.')[1] ?? '',
    inputOf: ({ body }) => jsonInput(body),
    answer: (_, output) => ({ status: 200, contentType, body: JSON.stringify(output ?? {}) }),
    error: (error) => jsonError(error, contentType),
  };
}

function jsonError(error: RequestError | ServiceError, contentType: string): Answer {
  if (error instanceof RequestError) {
    const body = { __type: CODES[error.fault], message: error.message };
    return { status: 400, contentType, body: JSON.stringify(body) };
  }
  const body = { __type: error.code, Message: error.message, ...error.fields };
  return { status: error.status, contentType, body: JSON.stringify(body) };
}

/** @throws ServiceError `SerializationException` when a body is no JSON object; no body is an empty one. */
export function jsonInput(body: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ServiceError('SerializationException', 'The request body is no JSON object.');
  }
  return value as Readonly<Record<string, unknown>>;
}
