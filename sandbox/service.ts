/** What a service is: a name, a protocol, and operations. `registry.ts` lists the services that there are. */
import type { Call } from './call.js';
import type { RequestError, ServiceError } from './errors.js';
import type { SandboxState } from './state.js';
import type { SignedRequest } from './sigv4.js';

/** The input of an operation: maps, lists and texts; JSON services give numbers and booleans, too. */
export type Input = Readonly<Record<string, unknown>>;

/**
 * Answers a call: decides with {@link Call.authorize}, changes the state, and gives the output as the operation's page
 * has it. Lists of query services are lists; their times are texts. `null`: an operation that answers nothing.
 *
 * @throws ServiceError for a refusal.
 */
export type Operation = (call: Call, input: Input) => object | null | Promise<object | null>;

/** An answer as it goes out. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a service's requests, answers and errors look on the wire. */
export interface Protocol {
  /** Whether a request is for this service; asked before the signature is looked at. */
  claims(request: SignedRequest): boolean;
  /** Never throws; empty when the request names none. */
  operationOf(request: SignedRequest): string;
  /** @throws ServiceError when the input cannot be read. */
  inputOf(request: SignedRequest): Input;
  answer(operation: string, output: object | null, requestId: string): Answer;
  error(error: RequestError | ServiceError, requestId: string, request: SignedRequest): Answer;
}

/** A change of the tree that services may have to do with. */
export interface AccountMove {
  readonly account: string;
  /** Ids of the units, from the root down; empty for an account that is new. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export interface Service {
  /** As the scope of signatures has it, such as `cloudformation`. */
  readonly name: string;
  readonly protocol: Protocol;
  /** By name; an operation that is not there is refused. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** Told after an account was made or moved. @param call - Of the one who did it. */
  readonly accountMoved?: (call: Call, move: AccountMove) => void;
  /** Told when the sandbox closes: whatever goes on by itself has to end. */
  readonly closed?: (host: Host) => void;
  /** Whether callers without a signature get through to the operations. `@default` false */
  readonly takesAnonymous?: boolean;
}

/** What calls are made in. */
export interface Host {
  readonly state: SandboxState;
  readonly services: readonly Service[];
  /** Time in milliseconds. */
  now(): number;
  /** Address that `aws:SourceIp` tells. */
  readonly sourceIp: string;
  /** For `AWS_ENDPOINT_URL` of what the sandbox runs itself, such as functions. */
  readonly url: string;
  /** To be called when something changed outside of a request that answers: what is kept in a folder is written. */
  changed(): void;
}
