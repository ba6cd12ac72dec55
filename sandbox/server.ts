/** The server: one loopback port for all services, which tell themselves apart by their signatures' scopes. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Call } from './call.js';
import { RequestError, ServiceError } from './errors.js';
import { Faults, type Fault } from './faults.js';
import type { OrganizationData } from './organizations/data.js';
import { callOrganizations } from './organizations/service.js';
import { jsonAnswer, jsonError, jsonInput, type Answer } from './protocols/json.js';
import { Form, queryAnswer, queryError, type XmlValue } from './protocols/query.js';
import { STS_NAMESPACE, STS_OPERATIONS } from './sts.js';
import { verifySignature, type SignedRequest } from './sigv4.js';
import { newAccessKey, uniqueId, type Credentials, type Identity, type SandboxState } from './state.js';
import { Throttle } from './throttle.js';

export interface SandboxOptions {
  readonly organization: OrganizationData;
  /** `@default` one that is free. */
  readonly port?: number;
  /** Takes no more calls a second than AWS Organizations does. `@default` false */
  readonly throttle?: boolean;
  /** Time in milliseconds. `@default` the machine's clock. */
  readonly now?: () => number;
  /** Is told each request that was answered. */
  readonly log?: (entry: LogEntry) => void;
}

export interface LogEntry {
  readonly operation: string;
  readonly account: string | null;
  /** `200`, or the name of an error; `dropped` when the connection was closed. */
  readonly result: string;
}

/** A sandbox that runs. */
export interface Sandbox {
  readonly port: number;
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly faults: Faults;
  readonly state: SandboxState;
  /** Credentials of an administrator of an account. @throws RangeError when the organization has no such account. */
  credentials(account: string): Credentials;
  close(): Promise<void>;
}

/** Bytes of the largest request that is read. */
const MAX_BODY = 1024 * 1024;

/**
 * Starts a sandbox on the loopback interface.
 *
 * @throws the error of the system when the port is taken.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const state: SandboxState = { organization: options.organization, accessKeys: new Map() };
  const faults = new Faults();
  const service = new Service(state, faults, options);
  const server = createServer((request, response) => {
    void service.serve(request, response);
  });
  const port = await listen(server, options.port ?? 0);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    faults,
    state,
    credentials: (account) => administrator(state, account),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function administrator(state: SandboxState, account: string): Credentials {
  if (!state.organization.accounts.has(account)) throw new RangeError(`there is no account ${account}`);
  const arn = `arn:aws:iam::${account}:user/administrator`;
  for (const [accessKeyId, { identity, secretAccessKey }] of state.accessKeys) {
    if (identity.arn === arn) return { accessKeyId, secretAccessKey };
  }
  return newAccessKey(state, { account, arn, userId: uniqueId('AIDA') });
}

/** How the sandbox knows a service: by the prefix of its target, or by the version of its form. */
const JSON_SERVICES = new Set(['AWSOrganizationsV20161128']);
const QUERY_SERVICES: Readonly<Record<string, QueryService>> = {
  '2011-06-15': { namespace: STS_NAMESPACE, operations: STS_OPERATIONS },
};

interface QueryService {
  readonly namespace: string;
  readonly operations: Readonly<Record<string, (call: Call, form: Form) => Readonly<Record<string, XmlValue>> | null>>;
}

/** What is asked for, as far as it can be told before the signature is looked at. */
type Asked =
  | { readonly protocol: 'json'; readonly operation: string; readonly isKnown: boolean }
  | { readonly protocol: 'query'; readonly operation: string; readonly form: Form; readonly service: QueryService };

class Service {
  private readonly throttle = new Throttle();
  private readonly now: () => number;

  constructor(
    private readonly state: SandboxState,
    private readonly faults: Faults,
    private readonly options: SandboxOptions,
  ) {
    this.now = options.now ?? Date.now;
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(message);
    if (body === null) {
      message.socket.destroy();
      return;
    }
    const request = signedRequest(message, body);
    const asked = askedOf(request);
    const fault = this.faults.take(asked.operation);
    if (fault === 'drop') {
      this.log(asked, null, 'dropped');
      message.socket.destroy();
      return;
    }
    let identity: Identity | null = null;
    let answer: Answer;
    let result = '200';
    const requestId = randomUUID();
    try {
      identity = this.authenticate(request);
      answer = this.answer(request, asked, identity, fault, requestId);
    } catch (error) {
      const told = error instanceof RequestError || error instanceof ServiceError ? error : internal(error);
      answer = asked.protocol === 'json' ? jsonError(told) : queryError(told, asked.service.namespace, requestId);
      result = told instanceof ServiceError ? told.code : told.fault;
    }
    this.log(asked, identity, fault === 'lose' ? 'dropped' : result);
    if (fault === 'lose') {
      message.socket.destroy();
      return;
    }
    response.writeHead(answer.status, {
      'content-type': answer.contentType,
      'content-length': Buffer.byteLength(answer.body),
      'x-amzn-requestid': requestId,
    });
    response.end(answer.body);
  }

  private log({ operation }: Asked, identity: Identity | null, result: string): void {
    this.options.log?.({ operation, account: identity?.account ?? null, result });
  }

  private authenticate(request: SignedRequest): Identity {
    const now = this.now();
    const { accessKeyId } = verifySignature(request, (id) => this.state.accessKeys.get(id), now);
    const { identity, session } = this.state.accessKeys.get(accessKeyId)!;
    const token = request.headers['x-amz-security-token'];
    if (session?.token !== token) {
      throw new RequestError('unknownKey', 'The security token included in the request is invalid.');
    }
    if (session !== undefined && session.expiresAt <= now) {
      throw new RequestError('expiredToken', 'The security token included in the request is expired');
    }
    return identity;
  }

  private answer(
    request: SignedRequest,
    asked: Asked,
    identity: Identity,
    fault: Fault['kind'] | undefined,
    requestId: string,
  ): Answer {
    const { operation } = asked;
    const now = this.now();
    const isTooMuch = this.options.throttle === true && !this.throttle.take(identity.account, operation, now);
    if (fault === 'throttle' || isTooMuch) throw throttled(asked);
    if (fault === 'fail') throw internal(new Error('asked for'));
    if (typeof fault === 'object') throw new ServiceError(fault.code, fault.message);
    const call: Call = { state: this.state, identity, operation, now };
    if (asked.protocol === 'query') {
      const { operations, namespace } = asked.service;
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined) throw unknownOperation(operation);
      return queryAnswer(operation, namespace, run(call, asked.form), requestId);
    }
    const { organization } = this.state;
    const output = asked.isKnown
      ? callOrganizations(organization, operation, jsonInput(request.body), identity.account)
      : undefined;
    if (output === undefined) throw unknownOperation(operation);
    return jsonAnswer(output);
  }
}

function unknownOperation(operation: string): RequestError {
  return new RequestError('unknownOperation', `The sandbox does not know the operation ${operation}.`);
}

function throttled({ protocol }: Asked): RequestError | ServiceError {
  return protocol === 'query'
    ? new RequestError('throttled', 'Rate exceeded')
    : new ServiceError(
        'TooManyRequestsException',
        'You have sent too many requests in too short a period of time.',
        400,
        {
          Type: 'RATE',
        },
      );
}

function internal(error: unknown): ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceError('ServiceException', `The request failed because of an internal error: ${message}`, 500);
}

function askedOf({ headers, body }: SignedRequest): Asked {
  const target = headers['x-amz-target'];
  if (target === undefined && (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    const form = Form.of(body);
    const service = QUERY_SERVICES[form.get('Version') ?? ''] ?? { namespace: '', operations: {} };
    return { protocol: 'query', operation: form.get('Action') ?? '', form, service };
  }
  const [prefix = '', operation = ''] = (target ?? '').split('.');
  return { protocol: 'json', operation, isKnown: JSON_SERVICES.has(prefix) };
}

function signedRequest(message: IncomingMessage, body: Buffer): SignedRequest {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(message.headersDistinct)) headers[name] = (values ?? []).join(',');
  return { method: message.method ?? 'GET', target: message.url ?? '/', headers, body };
}

/** The body; `null` when it is too long or the connection broke. */
async function read(message: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}
