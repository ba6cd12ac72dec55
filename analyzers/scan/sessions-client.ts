/**
 * Sessions in the accounts of an organization, by one role in each. The SDK's own retries are switched off: they would
 * hide throttling from the pace of the scan.
 *
 * A session lasts an hour, which is the most for who has a session already ("role chaining",
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining): clients ask for the present one at
 * each call, so that none of them ends with the session with which it was made.
 */
import type { STSClient } from '@aws-sdk/client-sts';
import { CallerLost, isEnded, isRefused } from './errors.js';
import type { Pace } from './pace.js';

export interface SessionOptions {
  /** Name of the role, with its path if it has one. */
  readonly role: string;
  readonly partition: string;
  readonly homeRegion: string;
  /** The account of the caller, which needs no session. */
  readonly own: string;
  readonly pace: Pace;
  /** Milliseconds. */
  readonly now: () => number;
}

/** What clients of a service are made with. */
export interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: 1;
  readonly logger: typeof SILENT;
  readonly requestHandler: STSClient['config']['requestHandler'];
  /** By how much the clock of AWS is ahead, as far as that is known. */
  readonly systemClockOffset: number;
  /** Left out for the caller's own. */
  readonly credentials?: () => Promise<Credentials>;
}

/** The SDK makes a copy of each answer for a logger that has `info`, also for one that logs nothing. */
const SILENT = {
  trace: nothing,
  debug: nothing,
  info: undefined as unknown as typeof nothing,
  warn: nothing,
  error: nothing,
} as const;

function nothing(): void {
  // Nobody reads it.
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

interface Session {
  readonly credentials: Credentials;
  /** Milliseconds. */
  readonly expires: number;
}

/** A session is renewed so long before it ends. */
const MARGIN = 5 * 60_000;
/** In seconds; longer ones are refused in role chaining. */
const LASTING = 3600;

/** Gives settings of clients in accounts and Regions. */
export class Sessions {
  private readonly sessions = new Map<string, Promise<Session>>();

  private constructor(
    private readonly options: SessionOptions,
    private readonly sdk: typeof import('@aws-sdk/client-sts'),
    private readonly sts: STSClient,
  ) {}

  static async open(options: SessionOptions): Promise<Sessions> {
    const sdk = await import('@aws-sdk/client-sts');
    return new Sessions(options, sdk, new sdk.STSClient({ region: options.homeRegion, maxAttempts: 1 }));
  }

  /** What a client in an account and Region is made with. @throws the errors of the SDK when the role cannot be assumed. */
  async settings(account: string, region: string): Promise<ClientSettings> {
    const { requestHandler } = this.sts.config;
    const shared = { region, maxAttempts: 1, logger: SILENT, requestHandler } as const;
    if (account === this.options.own) return { ...shared, systemClockOffset: this.offset() };
    await this.session(account);
    const credentials = async (): Promise<Credentials> => (await this.session(account)).credentials;
    // The SDK would keep what it got once for as long as the client lives.
    return { ...shared, systemClockOffset: this.offset(), credentials: Object.assign(credentials, { memoized: true }) };
  }

  /**
   * Makes a call in an account when its turn has come; once more with another session where AWS says that the present one has
   * ended, whatever our clock says.
   *
   * @throws CallerLost when it is the caller's own credentials that have ended.
   */
  async call<T>(account: string, lane: string, call: () => Promise<T>): Promise<T> {
    const { own, pace } = this.options;
    const used = this.sessions.get(account);
    try {
      return await pace.run(lane, call);
    } catch (error) {
      if (!isEnded(error)) throw error;
      if (account === own) throw new CallerLost(error);
      if (this.sessions.get(account) === used) this.sessions.delete(account);
      return pace.run(lane, call);
    }
  }

  /** Who calls in an account and Region. @throws the errors of the SDK; in a Region that is not enabled as well. */
  async identity(account: string, region: string): Promise<void> {
    const client = new this.sdk.STSClient(await this.settings(account, region));
    await this.call(account, `sts ${account} ${region}`, () => client.send(new this.sdk.GetCallerIdentityCommand({})));
  }

  close(): void {
    // The connections are shared by all clients.
    this.sts.destroy();
  }

  private async session(account: string): Promise<Session> {
    const known = this.sessions.get(account);
    if (known !== undefined) {
      const session = await known;
      if (session.expires - MARGIN > this.options.now()) return session;
    }
    const made = this.assume(account);
    this.sessions.set(account, made);
    // One that failed is tried anew by who asks next.
    made.catch(() => this.sessions.delete(account));
    return made;
  }

  private offset(): number {
    return this.sts.config.systemClockOffset;
  }

  private async assume(account: string): Promise<Session> {
    const { role, partition, own, homeRegion, pace, now } = this.options;
    const RoleArn = `arn:${partition}:iam::${account}:role/${role.replace(/^\//, '')}`;
    const input = { RoleArn, RoleSessionName: 'stackade-scan', DurationSeconds: LASTING };
    const { Credentials } = await pace
      .run(`sts ${own} ${homeRegion}`, () => this.sts.send(new this.sdk.AssumeRoleCommand(input)))
      .catch((error: unknown): never => {
        throw isEnded(error) || isRefused(error) ? new CallerLost(error) : error;
      });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
      throw new Error(`STS gave no credentials of ${RoleArn}`);
    }
    return {
      credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
      // By our clock, which may be another than that of AWS.
      expires: Expiration === undefined ? now() + LASTING * 1000 : Expiration.getTime() - this.offset(),
    };
  }
}
