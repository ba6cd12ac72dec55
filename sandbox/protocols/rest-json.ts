/**
 * The protocol AWS restJson1 (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html): the operation follows from
 * method and path, input comes from path, query and a body of JSON, errors name themselves in a header.
 */
import { RequestError, ServiceError, type RequestFault } from '../errors.js';
import type { Answer, Input, Protocol } from '../service.js';
import { claimedScopeOf, type SignedRequest } from '../sigv4.js';
import { jsonInput } from './json.js';

const CONTENT_TYPE = 'application/json';

const CODES: Readonly<Record<RequestFault, readonly [code: string, status: number]>> = {
  missingToken: ['MissingAuthenticationTokenException', 403],
  incompleteSignature: ['IncompleteSignatureException', 403],
  unknownKey: ['UnrecognizedClientException', 403],
  badSignature: ['InvalidSignatureException', 403],
  skewedClock: ['InvalidSignatureException', 403],
  expiredToken: ['ExpiredTokenException', 403],
  accessDenied: ['AccessDeniedException', 403],
  unknownOperation: ['UnknownOperationException', 404],
  throttled: ['ThrottlingException', 429],
};

/** An operation's method and path, such as `GET /analyzer/{analyzerName}`. */
export type Routes = Readonly<Record<string, string>>;

interface Route {
  readonly operation: string;
  readonly method: string;
  readonly segments: readonly string[];
}

interface Match {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * @param service - As the scope of signatures has it: paths alone do not tell such services apart.
 * @param routes - By operation.
 * @param statuses - Of errors, by code, where they are not 400.
 */
export function restJsonProtocol(
  service: string,
  routes: Routes,
  statuses: Readonly<Record<string, number>>,
): Protocol {
  const table = Object.entries(routes).map(([operation, text]): Route => {
    const [method = '', path = ''] = text.split(' ');
    return { operation, method, segments: path.split('/') };
  });
  const matches = new WeakMap<SignedRequest, Match>();
  const matchOf = (request: SignedRequest): Match => {
    let found = matches.get(request);
    if (found === undefined) matches.set(request, (found = match(table, request)));
    return found;
  };
  return {
    claims: (request) => request.headers['x-amz-target'] === undefined && claimedScopeOf(request).service === service,
    operationOf: (request) => matchOf(request).operation,
    inputOf: (request): Input => {
      const { labels, query } = match(table, request);
      return { ...jsonInput(request.body), ...query, ...labels };
    },
    answer: (_, output) => ({ status: 200, contentType: CONTENT_TYPE, body: JSON.stringify(output ?? {}) }),
    error: (error) => restJsonError(error, statuses),
  };
}

function match(table: readonly Route[], { method, target }: SignedRequest): Match {
  const question = target.indexOf('?');
  const segments = (question < 0 ? target : target.slice(0, question)).split('/');
  for (const route of table) {
    if (route.method !== method || route.segments.length !== segments.length) continue;
    const labels: Record<string, string> = {};
    const fits = route.segments.every((segment, index) => {
      const given = segments[index]!;
      const label = /^\{(.+)\}$/.exec(segment)?.[1];
      if (label === undefined) return segment === given;
      labels[label] = decoded(given);
      return given !== '';
    });
    if (fits) {
      return { operation: route.operation, labels, query: queryOf(question < 0 ? '' : target.slice(question + 1)) };
    }
  }
  return { operation: '', labels: {}, query: {} };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A name that stands there more than once is a list. */
function queryOf(text: string): Readonly<Record<string, string | readonly string[]>> {
  const query: Record<string, string | readonly string[]> = {};
  const given = new URLSearchParams(text);
  for (const name of new Set(given.keys())) {
    const values = given.getAll(name);
    query[name] = values.length === 1 ? values[0]! : values;
  }
  return query;
}

function restJsonError(error: RequestError | ServiceError, statuses: Readonly<Record<string, number>>): Answer {
  const isOfRequest = error instanceof RequestError;
  const [asked, byDefault] = isOfRequest ? CODES[error.fault] : ([error.code, error.status] as const);
  const code = asked === 'ServiceException' ? 'InternalServerException' : asked;
  return {
    status: statuses[code] ?? byDefault,
    contentType: CONTENT_TYPE,
    headers: { 'x-amzn-errortype': code },
    body: JSON.stringify({ message: error.message, ...(isOfRequest ? {} : error.fields) }),
  };
}
