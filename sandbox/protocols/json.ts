/**
 * The protocol AWS JSON 1.1 (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html): the operation stands in
 * `X-Amz-Target`, input and output are JSON, errors name themselves in `__type`.
 */
import { RequestError, ServiceError, type RequestFault } from '../errors.js';

/** An answer as it goes out. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** Names of the faults that no service raises itself. */
const CODES: Readonly<Record<RequestFault, string>> = {
  missingToken: 'MissingAuthenticationTokenException',
  incompleteSignature: 'IncompleteSignatureException',
  unknownKey: 'UnrecognizedClientException',
  badSignature: 'InvalidSignatureException',
  expiredToken: 'ExpiredTokenException',
  accessDenied: 'AccessDeniedException',
  unknownOperation: 'UnknownOperationException',
  throttled: 'ThrottlingException',
};

export function jsonAnswer(output: object): Answer {
  return { status: 200, contentType: CONTENT_TYPE, body: JSON.stringify(output) };
}

export function jsonError(error: RequestError | ServiceError): Answer {
  if (error instanceof RequestError) {
    const body = { __type: CODES[error.fault], message: error.message };
    return { status: 400, contentType: CONTENT_TYPE, body: JSON.stringify(body) };
  }
  const body = { __type: error.code, Message: error.message, ...error.fields };
  return { status: error.status, contentType: CONTENT_TYPE, body: JSON.stringify(body) };
}

/** Reads the input. @throws ServiceError when it is no JSON map. */
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
