/** A call whose signature is right, or one that a service makes on behalf of somebody. */
import { authorize, type AuthorizeOptions } from './authorize/authorize.js';
import type { Caller } from './callers.js';
import { RequestError } from './errors.js';
import type { AccountMove, Host, Input } from './service.js';
import type { SandboxState } from './state.js';
import type { SignedRequest } from './sigv4.js';

interface CallParts {
  readonly caller: Caller;
  readonly region: string;
  /** Principals of the services that the call came through, the first first; empty for one over the wire. */
  readonly via: readonly string[];
  /** As it arrived; `null` for a call that a service makes. */
  readonly request: SignedRequest | null;
  /** What the signature was made with. */
  readonly accessKeyId: string | null;
}

export class Call {
  constructor(
    readonly host: Host,
    private readonly parts: CallParts,
  ) {}

  get state(): SandboxState {
    return this.host.state;
  }

  get caller(): Caller {
    return this.parts.caller;
  }

  /** The account of the caller. */
  get account(): string {
    return this.parts.caller.account;
  }

  /** As the scope of the signature names it. */
  get region(): string {
    return this.parts.region;
  }

  get via(): readonly string[] {
    return this.parts.via;
  }

  get request(): SignedRequest | null {
    return this.parts.request;
  }

  get accessKeyId(): string | null {
    return this.parts.accessKeyId;
  }

  /** Time in milliseconds. */
  get now(): number {
    return this.host.now();
  }

  /**
   * Decides, by all policies that apply, whether the caller may do an action on resources.
   *
   * @param resources - ARNs, or `*` for an action that has none; each is decided by itself.
   * @throws RequestError `accessDenied`, with the message of AWS, which names the kind of policy that denies.
   */
  authorize(action: string, resources: string | readonly string[] = '*', options: AuthorizeOptions = {}): void {
    for (const resource of typeof resources === 'string' ? [resources] : resources) {
      authorize(this, action, resource, options);
    }
  }

  /** The same call in another's name, or in another Region. A service that goes on in its caller's name is `through`. */
  as(caller: Caller, region: string = this.region): Call {
    return new Call(this.host, { ...this.parts, caller, region, request: null, accessKeyId: null });
  }

  /** A call that a service makes with its caller's rights: `aws:CalledVia` names it. */
  through(service: string, region: string = this.region): Call {
    return new Call(this.host, { ...this.parts, region, via: [...this.via, service], request: null });
  }

  /**
   * Calls an operation of a service of this sandbox, which decides as if the call had come over the wire.
   *
   * @param input - Of query services: texts, lists and maps. S3 has functions of its own in `s3/objects.ts`.
   * @throws ServiceError, RequestError as the operation does.
   */
  async invoke(service: string, operation: string, input: Input): Promise<Readonly<Record<string, unknown>>> {
    const found = this.host.services.find(({ name }) => name === service);
    const run = found && Object.hasOwn(found.operations, operation) ? found.operations[operation] : undefined;
    if (run === undefined) {
      throw new RequestError('unknownOperation', `The sandbox does not know the operation ${service}:${operation}.`);
    }
    const output = await run(this, input);
    return (output ?? {}) as Readonly<Record<string, unknown>>;
  }

  /** Tells all services that an account was made or moved. */
  tellMove(move: AccountMove): void {
    for (const { accountMoved } of this.host.services) accountMoved?.(this, move);
  }
}
