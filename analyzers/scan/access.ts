/** Findings of IAM Access Analyzer as findings of the scan, each with what the organization's policies say of it. */
import { accessText, CHECK_OF_UNUSED, EXTERNAL_CHECKS, INTERNAL_CHECK, UNUSED_CHECKS } from './access-checks.js';
import type { CheckContext } from './check.js';
import { isRegionDisabled, REGION_DISABLED } from './errors.js';
import type { Reach } from './model.js';
import type { ReachJudge } from './reach.js';
import { isAlwaysEnabled } from './regions.js';
import { stored, type CheckInfo, type StoredFailure, type StoredFinding } from './result.js';
import type {
  AccessDetail,
  AnalyzerFacts,
  AnalyzerFinding,
  FindingType,
  Listing,
  Place,
  ReadFailure,
  ScanReader,
} from './source.js';
import { GLOBAL, type Task } from './tasks.js';
import type { Part } from './result.js';

/** The analyzers of an organization by Region, as they were found when the scan began. */
export type AnalyzersByRegion = Readonly<Record<string, Listing<AnalyzerFacts>>>;

export interface AccessOptions {
  readonly analyzers: AnalyzersByRegion;
  /** Account in which the analyzers of the organization are. */
  readonly via: string;
  readonly homeRegion: string;
  readonly context: CheckContext;
  readonly reach: ReachJudge;
  /** Checks that were asked for; findings of others are left out. */
  readonly isWanted: (check: CheckInfo) => boolean;
}

type Kind = 'external' | 'internal' | 'unused';

/** Reads and judges findings of Access Analyzer, part by part. */
export class AccessJudge {
  private readonly rolesRegion: string;
  private readonly unusedRegion: string;

  constructor(private readonly options: AccessOptions) {
    const { analyzers, homeRegion } = options;
    const regions = [homeRegion, ...Object.keys(analyzers).sort()];
    // Accounts that have not enabled a Region are left out there, and their roles with them.
    regions.sort((a, b) => Number(isAlwaysEnabled(b)) - Number(isAlwaysEnabled(a)));
    const first = (kind: Kind): string =>
      regions.find((region) => organizationAnalyzer(analyzers[region], kind) !== null) ?? homeRegion;
    // Roles are told of in every Region, unused access wherever there is an analyzer of it: once is enough.
    this.rolesRegion = first('external');
    this.unusedRegion = first('unused');
  }

  /** What Access Analyzer says of a part of the scan. */
  async unit(task: Task, reader: ScanReader): Promise<Part> {
    const isAccount = task.region === GLOBAL;
    if (isAccount) return this.kind('unused', task, this.unusedRegion, reader);
    const external = await this.kind('external', task, task.region, reader);
    const internal = await this.kind('internal', task, task.region, reader);
    return {
      failures: [...external.failures, ...internal.failures],
      concerned: [...external.concerned, ...internal.concerned],
      findings: [...external.findings, ...internal.findings],
    };
  }

  private async kind(kind: Kind, { account }: Task, region: string, reader: ScanReader): Promise<Part> {
    const checks = this.checksOf(kind);
    if (checks.length === 0) return NOTHING;
    const ids = checks.map(({ id }) => id).sort();
    const place = { account: account.id, region };
    const found = await this.analyzerFor(kind, place, reader);
    if ('code' in found) return { ...NOTHING, failures: [{ ...found, checks: ids }] };
    // Nobody is asked to pay for analyzers of internal access.
    if (found.analyzer === null) return NOTHING;
    const { items, failures } = await reader.findings(found.via, found.analyzer, account.id);
    const told: StoredFinding[] = [];
    const untold: StoredFailure[] = failures.map((failure) => ({ ...failure, checks: ids }));
    const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    for (const finding of sorted) {
      const check = checkOf(finding, checks);
      if (check === undefined || this.isElsewhere(finding, region)) continue;
      const isGlobal = finding.resourceType.startsWith('AWS::IAM::');
      const one = this.tell(check, finding);
      if ('code' in one) untold.push({ ...one, checks: [check.id] });
      else for (const each of one.findings) told.push(isGlobal ? { ...each, region: GLOBAL } : each);
    }
    return { failures: untold, concerned: ids, findings: told };
  }

  private checksOf(kind: Kind): readonly CheckInfo[] {
    const all = { external: EXTERNAL_CHECKS, internal: [INTERNAL_CHECK], unused: UNUSED_CHECKS }[kind];
    return all.filter(this.options.isWanted);
  }

  private isElsewhere({ type, resourceType }: AnalyzerFinding, region: string): boolean {
    return type === 'ExternalAccess' && resourceType === 'AWS::IAM::Role' && region !== this.rolesRegion;
  }

  /** The analyzer to ask: the organization's, else the account's own. */
  private async analyzerFor(
    kind: Kind,
    place: Place,
    reader: ScanReader,
  ): Promise<{ readonly analyzer: AnalyzerFacts | null; readonly via: Place } | ReadFailure> {
    const listing = this.options.analyzers[place.region];
    const own = organizationAnalyzer(listing, kind);
    if (own !== null) return { analyzer: own, via: { account: this.options.via, region: place.region } };
    // Elsewhere the account itself is asked, which must have enabled the Region.
    const closed = await reader.access(place);
    if (closed?.code === REGION_DISABLED) return closed;
    const asked = closed === null ? await reader.accountAnalyzers(place) : { items: [], failures: [closed] };
    const analyzer = pick(asked.items, `ACCOUNT${SUFFIX[kind]}`);
    if (analyzer !== null) return { analyzer, via: place };
    if (kind === 'internal') return { analyzer: null, via: place };
    const [failure] = listing?.failures ?? [];
    if (failure !== undefined && isRegionDisabled(failure)) {
      const { step, code } = failure;
      const message = `${place.region} is not enabled in the account ${this.options.via}, where the organization has its analyzers`;
      return { step, code, message };
    }
    const [first] = [...(listing?.failures ?? []), ...asked.failures];
    if (first !== undefined) return first;
    const idle = [...(listing?.items ?? []), ...asked.items].find(({ type }) => type.endsWith(kindSuffix(kind)));
    const why = idle === undefined ? 'there is none' : `${idle.name} is ${idle.status} ${idle.statusReason}`.trim();
    const charged = kind === 'unused' ? '; AWS charges for it by role and user' : '';
    return {
      step: 'ListAnalyzers',
      code: idle === undefined ? 'NO_ANALYZER' : 'ANALYZER_NOT_ACTIVE',
      message: `no analyzer of ${kind} access looks at the account in ${place.region}: ${why}${charged}`,
    };
  }

  private tell(
    check: CheckInfo,
    finding: AnalyzerFinding,
  ): { readonly findings: readonly StoredFinding[] } | ReadFailure {
    if (finding.error !== '') {
      const message = `${finding.resource} could not be analysed by Access Analyzer`;
      return { step: 'Access Analyzer', code: finding.error, message };
    }
    if (finding.type === 'ExternalAccess' || finding.type === 'InternalAccess') {
      if (finding.detailsFailure !== null) return finding.detailsFailure;
      return { findings: finding.access.flatMap((access) => this.accessFinding(check, finding, access)) };
    }
    const unused = finding.unused.length === 0 ? [null] : finding.unused;
    return {
      findings: unused.map((detail) =>
        this.withStatus(finding, {
          ...stored(check, {
            resource: { arn: finding.resource, type: finding.resourceType },
            subject: detail?.what ?? '',
            message: unusedMessage(finding.type, detail?.what ?? '', detail?.lastAccessed ?? null),
            ...(finding.created !== null && { since: finding.created }),
          }),
          attributes: attributesOf(finding),
        }),
      ),
    };
  }

  private accessFinding(check: CheckInfo, finding: AnalyzerFinding, access: AccessDetail): readonly StoredFinding[] {
    const from = finding.type === 'ExternalAccess' ? 'external' : 'internal';
    if (from === 'external' && this.isApproved(finding, access)) return [];
    const { principal, isPublic, actions } = access;
    const { resource, owner } = finding;
    const reach = agreed(this.options.reach.of({ from, principal, isPublic, actions, resource, owner }), access);
    const text = accessText(access);
    const severity = reach.verdict === 'blocked' ? 'info' : isPublic ? 'error' : check.severity;
    return [
      this.withStatus(finding, {
        ...stored(check, {
          resource: { arn: resource, type: finding.resourceType },
          subject: text.subject,
          message: text.message,
          severity,
          reach,
          ...(finding.created !== null && { since: finding.created }),
        }),
        attributes: { ...attributesOf(finding), ...accessAttributes(access) },
      }),
    ];
  }

  /** A single account, or a user or role of one, that the organization trusts by its parameter `trustedAccounts`. */
  private isApproved({ owner }: AnalyzerFinding, { principal, isPublic }: AccessDetail): boolean {
    const trusted = this.options.context.parameters(owner)['trustedAccounts'];
    const entries = Object.entries(principal);
    if (isPublic || !Array.isArray(trusted) || entries.length === 0) return false;
    return entries.every(([kind, value]) => {
      const account = /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?$/.exec(value)?.[1];
      return kind === 'AWS' && account !== undefined && trusted.includes(account);
    });
  }

  private withStatus({ status }: AnalyzerFinding, finding: StoredFinding): StoredFinding {
    return { ...finding, attributes: { ...finding.attributes, status } };
  }
}

const NOTHING: Part = { failures: [], concerned: [], findings: [] };
const SUFFIX = { external: '', internal: '_INTERNAL_ACCESS', unused: '_UNUSED_ACCESS' } as const;

/** How the types of analyzers of a kind end. */
const kindSuffix = (kind: Kind): string => (kind === 'external' ? 'N' : SUFFIX[kind]);

function pick(analyzers: readonly AnalyzerFacts[], type: string): AnalyzerFacts | null {
  const fitting = analyzers.filter((each) => each.type === type && each.status === 'ACTIVE');
  return [...fitting].sort((a, b) => (a.arn < b.arn ? -1 : 1))[0] ?? null;
}

function organizationAnalyzer(listing: Listing<AnalyzerFacts> | undefined, kind: Kind): AnalyzerFacts | null {
  return pick(listing?.items ?? [], `ORGANIZATION${SUFFIX[kind]}`);
}

function checkOf({ type, resourceType }: AnalyzerFinding, checks: readonly CheckInfo[]): CheckInfo | undefined {
  if (type === 'InternalAccess') return checks.find(({ id }) => id === INTERNAL_CHECK.id);
  if (type !== 'ExternalAccess') return checks.find(({ id }) => id === CHECK_OF_UNUSED[type]);
  const fitting = EXTERNAL_CHECKS.find(
    (check) => check.resourceTypes === null || check.resourceTypes.includes(resourceType),
  );
  return checks.find(({ id }) => id === fitting?.id);
}

/** Access Analyzer says that no RCP can restrict an access: then nobody says that one blocks it. */
function agreed(reach: Reach, { rcp, scp }: AccessDetail): Reach {
  if (reach.verdict !== 'blocked') return reach;
  if (rcp === 'FAILED_TO_EVALUATE' || scp === 'FAILED_TO_EVALUATE') return reach;
  if (rcp !== 'NOT_APPLICABLE' || reach.reason.includes('SCP')) return reach;
  return { verdict: 'cannot-tell', reason: `${reach.reason}; but Access Analyzer found no RCP that applies` };
}

function unusedMessage(type: FindingType, what: string, last: string | null): string {
  switch (type) {
    case 'UnusedIAMRole':
      return `nobody has assumed the role ${since(last)}`;
    case 'UnusedIAMUserAccessKey':
      return `the access key ${what === '' ? 'of the user' : `that ends with ${what}`} has not been used ${since(last)}`;
    case 'UnusedIAMUserPassword':
      return `the password of the user has not been used ${since(last)}`;
    default:
      return what === ''
        ? 'permissions have not been used in the time that the analyzer looks at'
        : `permissions of ${what} have not been used ${since(last)}`;
  }
}

function since(last: string | null): string {
  return last === null ? 'in the time that the analyzer looks at' : `since ${last.slice(0, 10)}`;
}

/** In the words of the filter keys of archive rules. */
function attributesOf(finding: AnalyzerFinding): Readonly<Record<string, string>> {
  return { findingType: finding.type, id: finding.id };
}

function accessAttributes({
  principal,
  condition,
  isPublic,
  rcp,
  scp,
}: AccessDetail): Readonly<Record<string, string>> {
  return {
    isPublic: String(isPublic),
    ...(rcp !== null && { resourceControlPolicyRestriction: rcp }),
    ...(scp !== null && { serviceControlPolicyRestriction: scp }),
    ...Object.fromEntries(Object.entries(principal).map(([kind, value]) => [`principal.${kind}`, value])),
    ...Object.fromEntries(Object.entries(condition).map(([key, value]) => [`condition.${key}`, value])),
  };
}
