/** Connects a scan to AWS: who calls, what the organization is, which analyzers there are. */
import {
  asksAnalyzers,
  checksOf,
  errorKind,
  organizationExtrasClient,
  organizationFacts,
  Pace,
  scanClient,
} from '../../analyzers/scan/index.js';
import type {
  AnalyzerFacts,
  Listing,
  OrganizationRecord,
  OwnControls,
  ReadFailure,
  ScanClient,
  ScanPlan,
  StackSetFacts,
} from '../../analyzers/scan/index.js';
import type { Organization } from '../../organization/index.js';
import { calling, connect } from '../aws/connect.js';
import { identity } from '../deploy/session.js';
import { InputError } from '../input-error.js';
import { tellDiagnostics } from '../check/tell.js';
import type { Terminal } from '../terminal.js';
import { analyzersIncomplete, cannotScan, organizationIncomplete } from './org-diagnostics.js';

/** The service whose delegated administrator scans. */
export const ANALYZER_SERVICE = 'access-analyzer.amazonaws.com';

export interface ScanSessionOptions {
  readonly role: string;
  readonly homeRegion: string;
  readonly details: boolean;
  readonly onThrottle: (key: string, perSecond: number) => void;
}

/** What a scan calls AWS with. */
export interface ScanSession {
  readonly reader: ScanClient;
  readonly pace: Pace;
  readonly account: string;
  readonly partition: string;
  close(): void;
}

/** Finds out who calls. @throws InputError when there are no credentials. */
export async function openScanSession(options: ScanSessionOptions): Promise<ScanSession> {
  // The SDK warns on standard error of the end of its support for Node 20; users of a command cannot act on that.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { role, homeRegion, details, onThrottle } = options;
  const { account, arn } = await calling('it cannot be told who calls', () => identity(homeRegion));
  const partition = arn.split(':')[1] ?? 'aws';
  const pace = new Pace({
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    now: () => performance.now(),
    random: Math.random,
    kindOf: errorKind,
    onThrottle,
  });
  const reader = await scanClient({ role, partition, homeRegion, own: account, pace, now: Date.now, details });
  return {
    reader,
    pace,
    account,
    partition,
    close: () => {
      reader.close();
    },
  };
}

/** What is read from others than Organizations and Access Analyzer. */
export interface OtherFacts {
  stackSets(): Promise<Listing<StackSetFacts>>;
  ownControls(): Promise<OwnControls>;
}

/**
 * Reads the organization and the analyzers that look at it.
 *
 * @throws InputError when the tree cannot be read, is another organization's, or the caller may not scan it.
 */
export async function readOrganizationRecord(
  session: ScanSession,
  described: Organization,
  regions: readonly string[],
  plan: ScanPlan,
  others: OtherFacts,
): Promise<OrganizationRecord> {
  const connection = await connect();
  const extras = await organizationExtrasClient(session.pace);
  try {
    const wide = checksOf(plan).filter(({ scope, source }) => scope === 'organization' && source !== 'attestation');
    const tagged = wide.length === 0 ? null : (): boolean => true;
    const stackSets = wide.some(({ source }) => source === 'rollout');
    const facts = await calling('the organization cannot be read', () =>
      organizationFacts(
        connection.organizations,
        { trustedServices: () => extras.trustedServices(), accountTags: (id) => extras.accountTags(id), ...others },
        { partition: session.partition, regions, described, tagged, stackSets },
      ),
    );
    const pairs = [
      [described.id, facts.id, 'organization'],
      [described.managementAccount, facts.managementAccount, 'management account'],
    ] as const;
    for (const [wanted, is, what] of pairs) {
      if (wanted === null || wanted === is) continue;
      throw new InputError([
        cannotScan(
          `the description is of the ${what} ${wanted}, the credentials (account ${session.account}) are of ${is}`,
          'take the credentials or the description of the other one',
        ),
      ]);
    }
    const delegates = facts.delegatedAdministrators.value?.[ANALYZER_SERVICE] ?? [];
    const isKnown = facts.delegatedAdministrators.failure === null;
    if (isKnown && session.account !== facts.managementAccount && !delegates.includes(session.account)) {
      const is = delegates.length === 0 ? 'there is none' : `it is ${delegates.join(', ')}`;
      throw new InputError([
        cannotScan(
          `the account ${session.account} is not the delegated administrator of IAM Access Analyzer; ${is}`,
          `call from that account; the management account makes one by \`aws organizations register-delegated-administrator --account-id ${session.account} --service-principal ${ANALYZER_SERVICE}\``,
        ),
      ]);
    }
    const analyzers: Record<string, Listing<AnalyzerFacts>> = {};
    if (asksAnalyzers(plan)) {
      for (const region of facts.regions) analyzers[region] = await session.reader.analyzers(region);
    }
    // What was refused because the credentials had ended would be kept as the organization's refusal.
    await calling('the credentials of who scans are no good any more', () => identity(described.homeRegion));
    return { kind: 'organization', facts, analyzers, via: session.account };
  } finally {
    extras.close();
    connection.close();
  }
}

/** The code of what no check asked for. */
const NOT_ASKED = 'NOT_ASKED';
/** How many refusals are told one by one. */
const MOST_TOLD = 5;

/** Tells what of the organization itself could not be read: at a control only the code of it stands. */
export function tellUnread({ facts }: OrganizationRecord, terminal: Terminal): void {
  const counts = new Map<string, number>();
  for (const { step, code, message } of failuresIn(facts)) {
    const text = message.includes(code) ? message : `${code}: ${message}`;
    counts.set(`${step}: ${text}`, (counts.get(`${step}: ${text}`) ?? 0) + 1);
  }
  const told = [...counts].map(([text, count]) => {
    const message = `the organization was not read in full: ${text}${count === 1 ? '' : ` (${count} times)`}`;
    const help =
      'controls that rest on it are NOT EVALUATED; `stackade scan rights caller` prints what the caller needs';
    return organizationIncomplete(message, help);
  });
  const more = told.length - MOST_TOLD;
  tellDiagnostics(told.slice(0, MOST_TOLD), new Map(), terminal);
  if (more > 0) terminal.tell(`and ${more} more calls for the organization that were refused\n`);
}

/** Refusals wherever they stand. What nobody asked for is none. */
function failuresIn(value: unknown): readonly ReadFailure[] {
  if (typeof value !== 'object' || value === null) return [];
  const { step, code, message } = value as Partial<ReadFailure>;
  if (typeof step === 'string' && typeof code === 'string' && typeof message === 'string') {
    return code === NOT_ASKED ? [] : [{ step, code, message }];
  }
  return Object.values(value).flatMap(failuresIn);
}

/** Tells why Access Analyzer cannot look at the organization, where that is known. */
export function tellAnalyzers({ facts, analyzers, via }: OrganizationRecord, plan: ScanPlan, terminal: Terminal): void {
  if (!asksAnalyzers(plan)) return;
  const { items, failures } = facts.trustedServices;
  if (failures.length === 0 && !items.includes(ANALYZER_SERVICE)) {
    const message =
      'IAM Access Analyzer has no trusted access to the organization: no analyzer can look at all accounts';
    const help = `call \`aws organizations enable-aws-service-access --service-principal ${ANALYZER_SERVICE}\` from the management account`;
    tellDiagnostics([analyzersIncomplete(message, help)], new Map(), terminal);
    return;
  }
  const without = Object.entries(analyzers).filter(
    ([, { items: found, failures: failed }]) =>
      failed.length === 0 && !found.some(({ type, status }) => type === 'ORGANIZATION' && status === 'ACTIVE'),
  );
  if (without.length === 0) return;
  const message = `no active analyzer of the organization's external access is in ${without.map(([region]) => region).join(', ')} (account ${via})`;
  const help =
    '--create-analyzers makes one in each Region, free of charge, as does `aws accessanalyzer create-analyzer --analyzer-name organization --type ORGANIZATION`';
  tellDiagnostics([analyzersIncomplete(message, help)], new Map(), terminal);
}
