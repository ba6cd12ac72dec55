/** Clients of the AWS SDK against a sandbox. Every answer that they get is held to the schema of its operation. */
import { Readable } from 'node:stream';
import * as iamSdk from '@aws-sdk/client-iam';
import * as organizationsSdk from '@aws-sdk/client-organizations';
import * as s3Sdk from '@aws-sdk/client-s3';
import * as stsSdk from '@aws-sdk/client-sts';
import type { Credentials, Sandbox } from '../../sandbox/index.js';
import { departures, errorDepartures } from './schema.js';
import { queryDepartures, s3Departures } from './xml-schema.js';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** What an SDK client has in common as far as this needs it. */
interface Client {
  readonly config: { readonly requestHandler: unknown };
  destroy(): void;
}

interface Handled {
  readonly response: { statusCode: number; headers: Record<string, string>; body: unknown };
}
interface Handler {
  handle(request: unknown, options?: unknown): Promise<Handled>;
}

/** A module of the SDK: it holds the schemas, too. */
type SdkModule = Readonly<Record<string, unknown>>;

/** What the constructors of clients have in common as far as this needs it. */
type ClientOf<T> = new (options: ReturnType<Clients['options']>) => T;

type Departures = (operation: string, body: string, headers: Readonly<Record<string, string>>) => readonly string[];

export class Clients {
  private readonly made: Client[] = [];
  /** What answers had that schemas have not; empty when all is well. */
  readonly departures: string[] = [];
  /** Names of the operations whose answers were looked at. */
  readonly seen = new Set<string>();

  /** @param clock - Milliseconds that the clients' clocks are ahead. */
  constructor(
    private readonly sandbox: () => Sandbox,
    private readonly clock: () => number = () => 0,
  ) {}

  /** To be called after each test. */
  close(): void {
    for (const client of this.made.splice(0)) client.destroy();
  }

  /** What clients are made with. */
  options(
    credentials: Credentials,
    region: string,
  ): {
    endpoint: string;
    region: string;
    credentials: Credentials;
    maxAttempts: number;
    systemClockOffset: number;
  } {
    return { endpoint: this.sandbox().url, region, credentials, maxAttempts: 1, systemClockOffset: this.clock() };
  }

  /** A client of a service that speaks JSON. Its errors are held to their schemas, too. */
  json<T extends Client>(sdk: SdkModule, make: ClientOf<T>, credentials: Credentials, region = 'us-east-1'): T {
    const body = (text: string): unknown => (text === '' ? {} : JSON.parse(text));
    const answer: Departures = (operation, text) => {
      const schema = sdk[`${operation}$`] as readonly unknown[];
      return departures(schema[5] as never, body(text));
    };
    const error: Departures = (_, text, headers) => {
      const read = body(text) as Readonly<Record<string, unknown>>;
      const name = headers['x-amzn-errortype'] ?? String(read['__type']);
      return errorDepartures(sdk[`${name}$`] as never, name, read);
    };
    return this.watched(new make(this.options(credentials, region)), answer, error);
  }

  private watched<T extends Client>(client: T, departures: Departures, errors?: Departures): T {
    this.made.push(client);
    const handler = client.config.requestHandler as Handler;
    const handle = handler.handle.bind(handler);
    let operation = '';
    const stack = (client as unknown as { middlewareStack: { add(run: unknown, options: object): void } })
      .middlewareStack;
    stack.add(
      (next: (given: unknown) => unknown, context: { commandName: string }) => (given: unknown) => {
        operation = context.commandName.replace(/Command$/, '');
        return next(given);
      },
      { step: 'initialize', name: 'watch' },
    );
    handler.handle = async (request, options) => {
      const handled = await handle(request, options);
      const { response } = handled;
      const chunks: Buffer[] = [];
      for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      response.body = Readable.from(body.length === 0 ? [] : [body]);
      if (response.statusCode < 300) {
        this.seen.add(operation);
        const found = departures(operation, body.toString('utf8'), response.headers);
        this.departures.push(...found.map((each) => `${operation}: ${each}`));
      } else if (errors !== undefined) {
        const found = errors(operation, body.toString('utf8'), response.headers);
        this.departures.push(...found.map((each) => `error of ${operation}: ${each}`));
      }
      return handled;
    };
    return client;
  }

  iam(credentials: Credentials): iamSdk.IAMClient {
    return this.watched(new iamSdk.IAMClient(this.options(credentials, 'us-east-1')), (operation, body) =>
      queryDepartures(iamSdk, operation, body),
    );
  }

  sts(credentials: Credentials): stsSdk.STSClient {
    return this.watched(new stsSdk.STSClient(this.options(credentials, 'us-east-1')), (operation, body) =>
      queryDepartures(stsSdk, operation, body),
    );
  }

  s3(credentials: Credentials, region = 'us-east-1'): s3Sdk.S3Client {
    return this.watched(
      new s3Sdk.S3Client({ ...this.options(credentials, region), forcePathStyle: true }),
      (operation, body, headers) => s3Departures(s3Sdk, operation, body, headers),
    );
  }

  organizations(credentials: Credentials): organizationsSdk.OrganizationsClient {
    return this.watched(new organizationsSdk.OrganizationsClient(this.options(credentials, 'us-east-1')), () => []);
  }

  /** Assumes a role. */
  async session(
    credentials: Credentials,
    RoleArn: string,
    input: Partial<stsSdk.AssumeRoleCommandInput> = {},
  ): Promise<Credentials> {
    const { Credentials: made } = await this.sts(credentials).send(
      new stsSdk.AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ...input }),
    );
    return {
      accessKeyId: made!.AccessKeyId!,
      secretAccessKey: made!.SecretAccessKey!,
      sessionToken: made!.SessionToken!,
    };
  }
}

/** Name and message of the error of a call; `ok` when there is none. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
}

export const DOCUMENT = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
export const TRUST = (principal: string | object, more: object = {}): string =>
  DOCUMENT({
    Effect: 'Allow',
    Principal: typeof principal === 'string' ? { AWS: principal } : principal,
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    ...more,
  });
