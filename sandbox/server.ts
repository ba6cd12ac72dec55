/** The server: one loopback port for all services, which `registry.ts` lists. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { issuerOf } from './authorize/applicable.js';
import { Call } from './call.js';
import { ANONYMOUS, rootOf, userCaller, type Caller } from './callers.js';
import { RequestError, ServiceError } from './errors.js';
import { Faults, type Fault, type FaultTarget } from './faults.js';
import { ADMINISTRATOR, IAM } from './iam/data.js';
import { Keeper } from './keeper.js';
import type { OrganizationData } from './organizations/data.js';
import { trustedServicesOf } from './organizations/changes.js';
import { isForm } from './protocols/query.js';
import { SERVICES } from './registry.js';
import type { Answer, Host, Service } from './service.js';
import { claimedScopeOf, isSigned, verifySignature, type SignedRequest } from './sigv4.js';
import { newCredentials, newState, noteChange, type Credentials, type SandboxState } from './state.js';
import { Throttle } from './throttle.js';

export interface SandboxOptions {
  readonly organization: OrganizationData;
  /** `@default` one that is free. */
  readonly port?: number;
  /** Takes no more calls a second than AWS Organizations does. `@default` false */
  readonly throttle?: boolean;
  /** Time in milliseconds. `@default` the machine's clock. */
  readonly now?: () => number;
  /**
   * Requests that each account may make a second, and as many at once, over all services and Regions; what is beyond it is
   * throttled. `@default` any number
   */
  readonly requestsPerSecond?: number;
  /** Regions that no account has enabled: keys are not known there. `@default` none */
  readonly disabledRegions?: readonly string[];
  /** What `aws:SourceIp` tells of requests. `@default` 127.0.0.1 */
  readonly sourceIp?: string;
  /**
   * Folder in which the state is kept, to go on from it; it wins over `organization`. `@default` none
   */
  readonly directory?: string;
  /** Is told each request that was answered. */
  readonly log?: (entry: LogEntry) => void;
}

export interface LogEntry {
  readonly service: string;
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
  /**
   * Credentials of an account's administrator, or of its root user.
   *
   * @throws RangeError when the organization has no such account.
   */
  credentials(account: string, who?: 'administrator' | 'root'): Credentials;
  /** Ends when all is kept that was changed. */
  close(): Promise<void>;
}

/** Bytes of the largest request that is read: an object of S3 in one part. */
const MAX_BODY = 64 * 1024 * 1024;

/**
 * Starts a sandbox on the loopback interface.
 *
 * @throws the error of the system when the port is taken; StateFileError when what the folder keeps cannot be read.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const keeper = options.directory === undefined ? null : new Keeper(options.directory);
  const state = keeper?.read() ?? newState(options.organization);
  // Before anybody can register a delegated administrator, which those of the description are told from.
  trustedServicesOf(state);
  const faults = new Faults();
  const now = options.now ?? Date.now;
  let url = '';
  const host: Host = {
    state,
    services: SERVICES,
    now,
    sourceIp: options.sourceIp ?? '127.0.0.1',
    get url() {
      return url;
    },
    changed: () => {
      noteChange(state);
      void keeper?.write(state);
    },
  };
  const front = new Front(host, faults, options, keeper);
  const server = createServer((request, response) => {
    void front.serve(request, response);
  });
  const port = await listen(server, options.port ?? 0);
  url = `http://127.0.0.1:${port}`;
  await keeper?.write(state);
  return {
    port,
    url,
    faults,
    state,
    credentials: (account, who = 'administrator') => credentialsOf(state, account, who, now()),
    close: async () => {
      for (const { closed } of SERVICES) closed?.(host);
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
      await keeper?.write(state);
    },
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

function credentialsOf(state: SandboxState, account: string, who: 'administrator' | 'root', now: number): Credentials {
  if (!state.organization.accounts.has(account)) throw new RangeError(`there is no account ${account}`);
  const user = IAM.of(state, account).users.get(ADMINISTRATOR);
  if (who === 'administrator' && user === undefined) throw new RangeError(`the user ${ADMINISTRATOR} was deleted`);
  const caller = user === undefined || who === 'root' ? rootOf(account) : userCaller({ ...user, account });
  for (const [accessKeyId, { caller: of, secretAccessKey, status }] of state.accessKeys) {
    if (of.arn === caller.arn && of.session === null && status === 'Active') return { accessKeyId, secretAccessKey };
  }
  const made = newCredentials(state, caller, now);
  if (caller.kind === 'user') user!.accessKeys.push(made.accessKeyId);
  return made;
}

/** A request with the service that it is for; `null` for one that the sandbox does not have. */
interface Asked {
  readonly service: Service;
  readonly isKnown: boolean;
  readonly operation: string;
}

class Front {
  private readonly throttle = new Throttle();

  constructor(
    private readonly host: Host,
    private readonly faults: Faults,
    private readonly options: SandboxOptions,
    private readonly keeper: Keeper | null,
  ) {}

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(message);
    if (body === null) {
      message.socket.destroy();
      return;
    }
    const request = signedRequest(message, body);
    const asked = this.askedOf(request);
    const { protocol } = asked.service;
    const fault = this.faults.take(this.targetOf(request, asked));
    if (fault === 'drop') {
      this.log(asked, null, 'dropped');
      message.socket.destroy();
      return;
    }
    let call: Call | null = null;
    let answer: Answer;
    let result = '200';
    const requestId = randomUUID();
    try {
      call = this.authenticate(request, asked);
      answer = await this.answer(call, asked, fault, requestId);
    } catch (error) {
      const told = error instanceof RequestError || error instanceof ServiceError ? error : internal(error);
      answer = protocol.error(told, requestId, request);
      result = told instanceof ServiceError ? told.code : told.fault;
    }
    // What was answered is kept, also when it was refused half-way. A disk that is full must not look like success.
    if (call !== null && !READS.test(asked.operation)) {
      if (!SESSIONS.has(asked.operation)) noteChange(this.host.state);
      try {
        await this.keeper?.write(this.host.state);
      } catch (error) {
        answer = protocol.error(internal(error), requestId, request);
        result = 'ServiceException';
      }
    }
    this.log(asked, call, fault === 'lose' ? 'dropped' : result);
    if (fault === 'lose') {
      message.socket.destroy();
      return;
    }
    const hasBody = message.method !== 'HEAD';
    response.writeHead(answer.status, {
      ...(answer.contentType !== '' && { 'content-type': answer.contentType }),
      ...((hasBody || answer.headers?.['content-length'] === undefined) && {
        'content-length': Buffer.byteLength(answer.body),
      }),
      // Clients set their clocks by it.
      date: new Date(this.host.now()).toUTCString(),
      'x-amzn-requestid': requestId,
      ...answer.headers,
    });
    response.end(hasBody ? answer.body : undefined);
  }

  private log({ operation, service }: Asked, call: Call | null, result: string): void {
    const account = call === null || call.account === '' ? null : call.account;
    this.options.log?.({ service: service.name, operation, account, result });
  }

  private askedOf(request: SignedRequest): Asked {
    const { services } = this.host;
    const claimed = services.find(({ protocol }) => protocol.claims(request));
    // Told in the form that the client reads, as far as that can be known.
    const service =
      claimed ?? services.find(({ name }) => name === (isForm(request) ? 'sts' : 'organizations')) ?? services[0]!;
    return { service, isKnown: claimed !== undefined, operation: service.protocol.operationOf(request) };
  }

  private targetOf(request: SignedRequest, { service, operation }: Asked): FaultTarget {
    const { accessKeyId, region } = claimedScopeOf(request);
    const account = this.host.state.accessKeys.get(accessKeyId)?.caller.account ?? '';
    return { operation, service: service.name, account, region };
  }

  private authenticate(request: SignedRequest, { service, isKnown }: Asked): Call {
    const { host } = this;
    const { accessKeys } = host.state;
    const now = host.now();
    if (service.takesAnonymous === true && !isSigned(request)) {
      return new Call(host, { caller: ANONYMOUS, region: 'us-east-1', via: [], request, accessKeyId: null });
    }
    const scope = verifySignature(request, (id) => accessKeys.get(id), now, isKnown ? service.name : undefined);
    const { accessKeyId, region, token, payload } = scope;
    const key = accessKeys.get(accessKeyId)!;
    const { caller } = key;
    const isDisabled = this.options.disabledRegions?.includes(region) === true;
    if (isDisabled || key.token !== token || key.status !== 'Active' || !isThere(host.state, caller)) {
      throw new RequestError('unknownKey', 'The security token included in the request is invalid.');
    }
    if (caller.session !== null && caller.session.expiresAt <= now) {
      throw new RequestError('expiredToken', 'The security token included in the request is expired');
    }
    return new Call(host, { caller, region, via: [], request: { ...request, body: payload }, accessKeyId });
  }

  private async answer(
    call: Call,
    { service, isKnown, operation }: Asked,
    fault: Fault['kind'] | undefined,
    requestId: string,
  ): Promise<Answer> {
    const { throttle, requestsPerSecond } = this.options;
    const isTooMuch =
      (throttle === true && !this.throttle.take(call.account, operation, call.now)) ||
      (requestsPerSecond !== undefined && !this.throttle.takeAt(call.account, requestsPerSecond, call.now));
    if (fault === 'throttle' || isTooMuch) throw throttled(service);
    if (fault === 'fail') throw internal(new Error('asked for'));
    if (typeof fault === 'object') throw new ServiceError(fault.code, fault.message, fault.status);
    const run = isKnown && Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
    if (run === undefined) {
      throw new RequestError('unknownOperation', `The sandbox does not know the operation ${operation}.`);
    }
    const input = service.protocol.inputOf(call.request!);
    return service.protocol.answer(operation, await run(call, input), requestId);
  }
}

/** Operations that change nothing. */
const READS = /^(?:Get(?!SessionToken)|BatchGet|List|Describe|BatchDescribe|Head|Simulate|Validate|Estimate|Check)/;
/** Operations that make sessions, and change nothing of what there is. */
const SESSIONS = new Set(['AssumeRole', 'GetSessionToken']);

/** Sessions end with the role, and keys with the user: one of the same name is another. */
function isThere(state: SandboxState, caller: Caller): boolean {
  if (state.organization.accounts.get(caller.account)?.state !== 'ACTIVE') return false;
  return caller.kind === 'root' || issuerOf(state, caller) !== undefined;
}

function throttled({ name }: Service): RequestError | ServiceError {
  if (name !== 'organizations') return new RequestError('throttled', 'Rate exceeded');
  const message = 'You have sent too many requests in too short a period of time.';
  return new ServiceError('TooManyRequestsException', message, 400, { Type: 'RATE' });
}

function internal(error: unknown): ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceError('ServiceException', `The request failed because of an internal error: ${message}`, 500);
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
