/** A reader of scans through the AWS SDK, which is loaded when one is made. */
import type { CloudControlClient } from '@aws-sdk/client-cloudcontrol';
import { failureOf, isRegionDisabled, REGION_DISABLED } from './errors.js';
import { FindingsReader } from './findings-client.js';
import { IamReader } from './iam-client.js';
import { GLOBAL_TYPES } from './inside.js';
import { isAlwaysEnabled } from './regions.js';
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

/** Makes a reader with the credentials and endpoint of the environment. */
export async function scanClient(options: ScanClientOptions): Promise<ScanClient> {
  const { own, homeRegion, details } = options;
  const sessions = await Sessions.open(options);
  const findings = await FindingsReader.open(sessions, own, details);
  const iam = await IamReader.open(sessions, homeRegion);
  const resources = await ResourceReader.open(sessions);
  const refusalIn = async (account: string, region: string): Promise<ReadFailure | null> => {
    try {
      await sessions.identity(account, region);
      return null;
    } catch (error) {
      return failureOf('GetCallerIdentity', error);
    }
  };
  return {
    async access({ account, region }) {
      try {
        await sessions.settings(account, region);
      } catch (error) {
        return failureOf('AssumeRole', error);
      }
      if (isAlwaysEnabled(region)) return null;
      const failure = await refusalIn(account, region);
      if (failure === null || !isRegionDisabled(failure)) return failure;
      // Sessions of a role that was deleted meanwhile are refused in the same words, but everywhere.
      const elsewhere = region === homeRegion ? failure : await refusalIn(account, homeRegion);
      if (elsewhere !== null) return elsewhere;
      return { step: 'Region', code: REGION_DISABLED, message: `${region} is not enabled in the account` };
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
  ) {}

  static async open(sessions: Sessions): Promise<ResourceReader> {
    return new ResourceReader(await import('@aws-sdk/client-cloudcontrol'), sessions);
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

  private async send<T>({ account, region }: Place, call: (client: CloudControlClient) => Promise<T>): Promise<T> {
    const key = `${account} ${region}`;
    let client = this.clients.get(key);
    if (client === undefined) {
      client = new this.sdk.CloudControlClient(await this.sessions.settings(account, region));
      const [oldest] = this.clients.keys();
      if (this.clients.size >= MOST_CLIENTS && oldest !== undefined) this.clients.delete(oldest);
      this.clients.set(key, client);
    }
    const made = client;
    return this.sessions.call(account, `cloudcontrol ${key}`, () => call(made));
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
