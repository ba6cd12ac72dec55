/**
 * The protocol AWS JSON 1.1 (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html): the operation stands in
 * `X-Amz-Target`, input and output are JSON, errors name themselves in `__type`.
 */
import { RequestError, ServiceError, type RequestFault } from '../errors.js';
import type { Answer, Protocol } from '../service.js';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

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

/** @param target - What stands before the operation in `X-Amz-Target`, such as `AWSOrganizationsV20161128`. */
export function jsonProtocol(target: string): Protocol {
  return {
    claims: ({ headers }) => (headers['x-amz-target'] ?? '').startsWith(`${target}.`),
    operationOf: ({ headers }) => (headers['x-amz-target'] ?? '').split('.')[1] ?? '',
    inputOf: ({ body }) => jsonInput(body),
    answer: (_, output) => ({ status: 200, contentType: CONTENT_TYPE, body: JSON.stringify(output ?? {}) }),
    error: jsonError,
  };
}

function jsonError(error: RequestError | ServiceError): Answer {
  if (error instanceof RequestError) {
    const body = { __type: CODES[error.fault], message: error.message };
    return { status: 400, contentType: CONTENT_TYPE, body: JSON.stringify(body) };
  }
  const body = { __type: error.code, Message: error.message, ...error.fields };
  return { status: error.status, contentType: CONTENT_TYPE, body: JSON.stringify(body) };
}

function jsonInput(body: Buffer): Readonly<Record<string, unknown>> {
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
