/**
 * Analyzers and findings of IAM Access Analyzer. External findings are listed by ListFindings, whose pages hold
 * principal, actions and condition; the others by ListFindingsV2, and internal ones are asked for one by one
 * (https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_GetFindingV2.html, read 2026-11-21).
 */
import type {
  AccessAnalyzerClient,
  Criterion,
  FindingDetails,
  FindingSummary,
  FindingSummaryV2,
} from '@aws-sdk/client-accessanalyzer';
import { failureOf } from './errors.js';
import type { Sessions } from './sessions-client.js';
import { ANALYZER_TYPES } from './source.js';
import type {
  AccessDetail,
  AnalyzerFacts,
  AnalyzerFinding,
  AnalyzerType,
  FindingType,
  Listing,
  Place,
  ReadFailure,
  Restriction,
  UnusedDetail,
} from './source.js';

type Sdk = typeof import('@aws-sdk/client-accessanalyzer');

/** Findings of a page. */
const PAGE = 100;
/** Findings that are asked for one by one at the same time. */
const AT_ONCE = 8;

/** Asks Access Analyzer. */
export class FindingsReader {
  private readonly clients = new Map<string, AccessAnalyzerClient>();

  private constructor(
    private readonly sdk: Sdk,
    private readonly sessions: Sessions,
    /** Accounts whose clients are kept. */
    private readonly kept: string,
    /** Whether details of unused access are asked for, one call each. */
    private readonly details: boolean,
  ) {}

  static async open(sessions: Sessions, kept: string, details: boolean): Promise<FindingsReader> {
    return new FindingsReader(await import('@aws-sdk/client-accessanalyzer'), sessions, kept, details);
  }

  async analyzers(place: Place): Promise<Listing<AnalyzerFacts>> {
    const items: AnalyzerFacts[] = [];
    try {
      let nextToken: string | undefined;
      do {
        const input = { maxResults: PAGE, nextToken };
        const page = await this.send(place, (client) => client.send(new this.sdk.ListAnalyzersCommand(input)));
        for (const { arn = '', name = '', type, status = '', statusReason } of page.analyzers ?? []) {
          if (!isAnalyzerType(type)) continue;
          items.push({ arn, name, type, status, statusReason: statusReason?.code ?? '' });
        }
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      return { items, failures: [] };
    } catch (error) {
      return { items, failures: [failureOf('ListAnalyzers', error)] };
    }
  }

  /**
   * Makes an analyzer of external access to the organization. The same name gives the same analyzer: a call that is made again
   * after its answer was lost does no harm.
   *
   * @throws the errors of the SDK.
   */
  async createAnalyzer(place: Place, analyzerName: string): Promise<void> {
    const input = { analyzerName, type: 'ORGANIZATION', tags: { ManagedBy: 'stackade' } } as const;
    try {
      await this.send(place, (client) => client.send(new this.sdk.CreateAnalyzerCommand(input)));
    } catch (error) {
      const { items } = error instanceof this.sdk.ConflictException ? await this.analyzers(place) : { items: [] };
      if (!items.some(({ name, type }) => name === analyzerName && type === 'ORGANIZATION')) throw error;
    }
  }

  async findings(via: Place, analyzer: AnalyzerFacts, owner: string): Promise<Listing<AnalyzerFinding>> {
    const isExternal = analyzer.type === 'ACCOUNT' || analyzer.type === 'ORGANIZATION';
    const step = isExternal ? 'ListFindings' : 'ListFindingsV2';
    const filter: Record<string, Criterion> = {
      resourceOwnerAccount: { eq: [owner] },
      status: { eq: ['ACTIVE', 'ARCHIVED'] },
    };
    const items: AnalyzerFinding[] = [];
    const failures: ReadFailure[] = [];
    try {
      let nextToken: string | undefined;
      do {
        const input = { analyzerArn: analyzer.arn, filter, maxResults: PAGE, nextToken };
        if (isExternal) {
          const page = await this.send(via, (client) => client.send(new this.sdk.ListFindingsCommand(input)));
          items.push(...(page.findings ?? []).map(externalOf));
          ({ nextToken } = page);
        } else {
          const page = await this.send(via, (client) => client.send(new this.sdk.ListFindingsV2Command(input)));
          items.push(...(await this.detailed(via, analyzer.arn, page.findings ?? [])));
          ({ nextToken } = page);
        }
      } while (nextToken !== undefined);
    } catch (error) {
      const failure = failureOf(step, error);
      const isGone = failure.code === 'ResourceNotFoundException';
      const message = `the analyzer ${analyzer.name} was deleted during the scan`;
      failures.push(isGone ? { step, code: 'ANALYZER_DELETED', message } : failure);
    }
    return { items, failures };
  }

  private async detailed(
    via: Place,
    analyzerArn: string,
    found: readonly FindingSummaryV2[],
  ): Promise<readonly AnalyzerFinding[]> {
    const made: AnalyzerFinding[] = [];
    for (let from = 0; from < found.length; from += AT_ONCE) {
      const some = found.slice(from, from + AT_ONCE);
      made.push(...(await Promise.all(some.map((each) => this.withDetails(via, analyzerArn, each)))));
    }
    return made;
  }

  private async withDetails(via: Place, analyzerArn: string, summary: FindingSummaryV2): Promise<AnalyzerFinding> {
    const plain = plainOf(summary, summary.findingType ?? 'UnusedPermission');
    if (plain.type !== 'InternalAccess' && !this.details) return plain;
    const access: AccessDetail[] = [];
    const unused: UnusedDetail[] = [];
    try {
      let nextToken: string | undefined;
      do {
        const input = { analyzerArn, id: plain.id, nextToken };
        const page = await this.send(via, (client) => client.send(new this.sdk.GetFindingV2Command(input)));
        for (const detail of page.findingDetails ?? []) addDetail(detail, access, unused);
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      return { ...plain, access, unused };
    } catch (error) {
      return { ...plain, detailsFailure: failureOf('GetFindingV2', error) };
    }
  }

  private async send<T>({ account, region }: Place, call: (client: AccessAnalyzerClient) => Promise<T>): Promise<T> {
    const key = `${account} ${region}`;
    const client =
      this.clients.get(key) ?? new this.sdk.AccessAnalyzerClient(await this.sessions.settings(account, region));
    // Clients of the many accounts are made anew; they are asked once or twice.
    if (account === this.kept) this.clients.set(key, client);
    return this.sessions.call(account, `access-analyzer ${key}`, () => call(client));
  }
}

function isAnalyzerType(type: string | undefined): type is AnalyzerType {
  return (ANALYZER_TYPES as readonly (string | undefined)[]).includes(type);
}

function plainOf(summary: FindingSummaryV2 | FindingSummary, type: FindingType): AnalyzerFinding {
  const { id = '', resource = '', resourceType = '', resourceOwnerAccount = '', status = '', error = '' } = summary;
  return {
    id,
    type,
    resource,
    resourceType,
    owner: resourceOwnerAccount,
    status,
    created: summary.createdAt?.toISOString() ?? null,
    updated: summary.updatedAt?.toISOString() ?? null,
    error,
    access: [],
    unused: [],
    detailsFailure: null,
  };
}

function externalOf(summary: FindingSummary): AnalyzerFinding {
  const { principal = {}, action = [], condition = {}, isPublic = false, resourceControlPolicyRestriction } = summary;
  const rcp = restrictionOf(resourceControlPolicyRestriction);
  return {
    ...plainOf(summary, 'ExternalAccess'),
    access: [{ principal, actions: action, condition, isPublic, rcp, scp: null }],
  };
}

function addDetail(detail: FindingDetails, access: AccessDetail[], unused: UnusedDetail[]): void {
  const { internalAccessDetails: internal, externalAccessDetails: external } = detail;
  if (internal !== undefined) {
    const { principal = {}, action = [], condition = {} } = internal;
    const rcp = restrictionOf(internal.resourceControlPolicyRestriction);
    const scp = restrictionOf(internal.serviceControlPolicyRestriction);
    access.push({ principal, actions: action, condition, isPublic: false, rcp, scp });
  } else if (external !== undefined) {
    const { principal = {}, action = [], condition = {}, isPublic = false } = external;
    const rcp = restrictionOf(external.resourceControlPolicyRestriction);
    access.push({ principal, actions: action, condition, isPublic, rcp, scp: null });
  } else {
    const { unusedPermissionDetails: permission, unusedIamUserAccessKeyDetails: key } = detail;
    const other = detail.unusedIamRoleDetails ?? detail.unusedIamUserPasswordDetails;
    const last = (permission ?? key ?? other)?.lastAccessed?.toISOString() ?? null;
    const what = permission?.serviceNamespace ?? key?.accessKeyId?.slice(-4) ?? '';
    const actions = (permission?.actions ?? []).flatMap(({ action }) => action ?? []);
    unused.push({ lastAccessed: last, what, actions });
  }
}

function restrictionOf(text: string | undefined): Restriction {
  if (text === undefined) return null;
  if (text.startsWith('FAILED_TO_EVALUATE')) return 'FAILED_TO_EVALUATE';
  return text === 'APPLICABLE' || text === 'APPLIED' || text === 'NOT_APPLICABLE' ? text : null;
}
