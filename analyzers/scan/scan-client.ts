/** A reader of scans through the AWS SDK, which is loaded when one is made. */
import type { CloudControlClient } from '@aws-sdk/client-cloudcontrol';
import { failureOf, isRegionDisabled, REGION_DISABLED } from './errors.js';
import { FindingsReader } from './findings-client.js';
import { IamReader } from './iam-client.js';
import { GLOBAL_TYPES } from './inside.js';
import type { Pace } from './pace.js';
import { Sessions, type SessionOptions } from './sessions-client.js';
import type { Json, LiveResource, Listing, Place, Properties, ReadFailure, ScanReader } from './source.js';

export interface ScanClientOptions extends SessionOptions {
  /** Whether details of unused access are asked for, one call for each finding. */
  readonly details: boolean;
}

export interface ScanClient extends ScanReader {
  /** Makes an analyzer of external access in the account of the caller. @throws the errors of the SDK. */
  createAnalyzer(region: string, name: string): Promise<void>;
  /** Closes its connections. */
  close(): void;
}

/** Regions that are enabled in every account; the others have to be, by their accounts. */
const ALWAYS_ENABLED = new Set([
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
]);

/** Makes a reader with the credentials and endpoint of the environment. */
export async function scanClient(options: ScanClientOptions): Promise<ScanClient> {
  const { own, homeRegion, pace, details } = options;
  const sessions = await Sessions.open(options);
  const findings = await FindingsReader.open(sessions, pace, own, details);
  const iam = await IamReader.open(sessions, pace, homeRegion);
  const resources = await ResourceReader.open(sessions, pace);
  return {
    async access({ account, region }) {
      try {
        await sessions.settings(account, region);
      } catch (error) {
        return failureOf('AssumeRole', error);
      }
      if (ALWAYS_ENABLED.has(region)) return null;
      try {
        await sessions.identity(account, region);
        return null;
      } catch (error) {
        const failure = failureOf('GetCallerIdentity', error);
        if (!isRegionDisabled(failure)) return failure;
        return { step: 'Region', code: REGION_DISABLED, message: `${region} is not enabled in the account` };
      }
    },
    iam: (account) => iam.iam(account),
    resources: (place, type, model) => resources.resources(place, type, model),
    analyzers: (region) => findings.analyzers({ account: own, region }),
    createAnalyzer: (region, name) => findings.createAnalyzer({ account: own, region }, name),
    accountAnalyzers: (place) => findings.analyzers(place),
    findings: (via, analyzer, owner) => findings.findings(via, analyzer, owner),
    close: () => {
      sessions.close();
    },
  };
}

/** Resources that are asked for at the same time. */
const AT_ONCE = 8;

/** Asks Cloud Control. */
class ResourceReader {
  private readonly clients = new Map<string, CloudControlClient>();
  private readonly global = new Map<string, Promise<Listing<LiveResource>>>();
  /** By Region and type. */
  private readonly refusals = new Map<string, ReadFailure>();

  private constructor(
    private readonly sdk: typeof import('@aws-sdk/client-cloudcontrol'),
    private readonly sessions: Sessions,
    private readonly pace: Pace,
  ) {}

  static async open(sessions: Sessions, pace: Pace): Promise<ResourceReader> {
    return new ResourceReader(await import('@aws-sdk/client-cloudcontrol'), sessions, pace);
  }

  /** Types of which the same holds in all Regions are kept for a while: parts of one account come one after the other. */
  resources(place: Place, type: string, model?: Properties): Promise<Listing<LiveResource>> {
    if (model !== undefined || !GLOBAL_TYPES.has(type)) return this.list(place, type, model);
    const key = `${place.account} ${type}`;
    let listing = this.global.get(key);
    if (listing === undefined) {
      listing = this.list(place, type);
      const [oldest] = this.global.keys();
      if (this.global.size >= MOST_KEPT && oldest !== undefined) this.global.delete(oldest);
      this.global.set(key, listing);
    }
    return listing;
  }

  private async list(place: Place, type: string, model?: Properties): Promise<Listing<LiveResource>> {
    // Whether a type can be listed in a Region is no matter of accounts: who was told so once need not ask again.
    const refusal = `${place.region} ${type}`;
    const known = this.refusals.get(refusal);
    if (known !== undefined) return { items: [], failures: [known] };
    const items: LiveResource[] = [];
    const failures: ReadFailure[] = [];
    const ResourceModel = model === undefined ? undefined : JSON.stringify(model);
    try {
      let NextToken: string | undefined;
      do {
        const input = { TypeName: type, MaxResults: 100, NextToken, ResourceModel };
        const page = await this.send(place, (client) => client.send(new this.sdk.ListResourcesCommand(input)));
        const found = (page.ResourceDescriptions ?? []).flatMap(({ Identifier }) => Identifier ?? []);
        for (let from = 0; from < found.length; from += AT_ONCE) {
          const some = found.slice(from, from + AT_ONCE);
          for (const one of await Promise.all(some.map((each) => this.one(place, type, each)))) {
            if (one === null) continue;
            if ('code' in one) failures.push(one);
            else items.push(one);
          }
        }
        ({ NextToken } = page);
      } while (NextToken !== undefined);
    } catch (error) {
      const failure = failureOf('ListResources', error);
      const why = NOT_LISTED[failure.code];
      const told = { ...failure, message: `${type}: ${why ?? failure.message}` };
      // Before it is kept the account's own words are taken out: every account is told the same.
      if (why !== undefined) this.refusals.set(refusal, told);
      failures.push(told);
    }
    return { items, failures };
  }

  /** @returns `null` for a resource that was deleted meanwhile. */
  private async one(place: Place, type: string, identifier: string): Promise<LiveResource | ReadFailure | null> {
    try {
      const input = { TypeName: type, Identifier: identifier };
      const answer = await this.send(place, (client) => client.send(new this.sdk.GetResourceCommand(input)));
      const properties = JSON.parse(answer.ResourceDescription?.Properties ?? '{}') as Properties;
      return { type, identifier, arn: arnOf(properties, identifier), properties };
    } catch (error) {
      if (error instanceof this.sdk.ResourceNotFoundException) return null;
      const failure = failureOf('GetResource', error);
      return { ...failure, message: `${type} ${identifier}: ${failure.message}` };
    }
  }

  private async send<T>(place: Place, call: (client: CloudControlClient) => Promise<T>): Promise<T> {
    const settings = await this.sessions.settings(place.account, place.region);
    const lane = `${place.account} ${place.region}`;
    // Sessions end, and with them the clients that were made for them.
    const key = `${lane} ${settings.credentials?.accessKeyId ?? ''}`;
    const known = this.clients.get(key);
    const client = known ?? new this.sdk.CloudControlClient(settings);
    if (known === undefined) {
      const [oldest] = this.clients.keys();
      if (this.clients.size >= MOST_CLIENTS && oldest !== undefined) this.clients.delete(oldest);
      this.clients.set(key, client);
    }
    return this.pace.run(`cloudcontrol ${lane}`, () => call(client));
  }
}

const MOST_CLIENTS = 64;
const MOST_KEPT = 256;

/** What refusals of a type say, in every account: "ListResources", errors, in the Cloud Control API reference. */
const NOT_LISTED: Readonly<Record<string, string>> = {
  TypeNotFoundException: 'Cloud Control does not know the type in this Region',
  UnsupportedActionException: 'Cloud Control cannot list the type',
};

function arnOf(properties: Properties, identifier: string): string {
  if (identifier.startsWith('arn:')) return identifier;
  const value: Json | undefined = properties['Arn'];
  return typeof value === 'string' ? value : identifier;
}
