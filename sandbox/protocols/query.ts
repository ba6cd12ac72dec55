/**
 * The protocol AWS Query (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html): input is a form with the
 * operation in `Action`, output is XML.
 */
import { RequestError, type RequestFault, type ServiceError } from '../errors.js';
import type { Answer, Input, Protocol } from '../service.js';
import type { SignedRequest } from '../sigv4.js';
import { element, type XmlValue } from './xml.js';

export type { XmlValue } from './xml.js';

const CONTENT_TYPE = 'text/xml';

const CODES: Readonly<Record<RequestFault, readonly [code: string, status: number]>> = {
  missingToken: ['MissingAuthenticationToken', 403],
  incompleteSignature: ['IncompleteSignature', 403],
  unknownKey: ['InvalidClientTokenId', 403],
  badSignature: ['SignatureDoesNotMatch', 403],
  skewedClock: ['SignatureDoesNotMatch', 403],
  expiredToken: ['ExpiredToken', 403],
  accessDenied: ['AccessDenied', 403],
  unknownOperation: ['InvalidAction', 400],
  throttled: ['Throttling', 400],
};

/** @param version - Of the service's interface, which tells services apart. @param namespace - Of its XML. */
export function queryProtocol(version: string, namespace: string): Protocol {
  return {
    claims: (request) => isForm(request) && fieldsOf(request).get('Version') === version,
    operationOf: (request) => fieldsOf(request).get('Action') ?? '',
    inputOf: (request) => formInput(fieldsOf(request)),
    answer: (operation, output, requestId) => {
      const result = output === null ? '' : element(`${operation}Result`, output as XmlValue);
      const metadata = element('ResponseMetadata', { RequestId: requestId });
      const body = `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`;
      return { status: 200, contentType: CONTENT_TYPE, body };
    },
    error: (error, requestId) => queryError(error, namespace, requestId),
  };
}

export function isForm({ headers }: SignedRequest): boolean {
  return (
    headers['x-amz-target'] === undefined &&
    (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  );
}

const fields = new WeakMap<SignedRequest, URLSearchParams>();

function fieldsOf(request: SignedRequest): URLSearchParams {
  let found = fields.get(request);
  if (found === undefined) {
    found = new URLSearchParams(request.body.toString('utf8'));
    fields.set(request, found);
  }
  return found;
}

function queryError(error: RequestError | ServiceError, namespace: string, requestId: string): Answer {
  const [code, status] = error instanceof RequestError ? CODES[error.fault] : ([error.code, error.status] as const);
  const told = { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: error.message };
  const body = `<ErrorResponse xmlns="${namespace}">${element('Error', told)}${element('RequestId', requestId)}</ErrorResponse>`;
  return { status, contentType: CONTENT_TYPE, body };
}

interface Branch {
  readonly [key: string]: Node;
}
type Node = string | Branch;

/** Members of lists and structures, told by dots (`Tags.member.1.Key`), as lists and maps. An empty list is empty text. */
function formInput(form: URLSearchParams): Input {
  const top: Record<string, Node> = Object.create(null) as Record<string, Node>;
  for (const [name, value] of form) {
    const segments = name.split('.');
    let at = top;
    for (const segment of segments.slice(0, -1)) {
      let next = at[segment];
      if (next === undefined || typeof next === 'string') {
        next = Object.create(null) as Record<string, Node>;
        at[segment] = next;
      }
      at = next;
    }
    at[segments.at(-1)!] = value;
  }
  const read: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, node] of Object.entries(top)) read[key] = plain(node);
  return read;
}

function plain(node: Node): unknown {
  if (typeof node === 'string') return node;
  const entries = Object.entries(node);
  const [only] = entries;
  if (entries.length === 1 && only![0] === 'member' && typeof only![1] !== 'string') {
    return Object.entries(only![1])
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, each]) => plain(each));
  }
  const read: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, each] of entries) read[key] = plain(each);
  return read;
}
