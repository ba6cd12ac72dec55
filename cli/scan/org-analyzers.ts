/** `stackade scan org --create-analyzers`: analyzers of external access where the organization has none. */
import type { AnalyzerFacts, Listing } from '../../analyzers/scan/index.js';
import type { Organization } from '../../organization/index.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import { calling, connect } from '../aws/connect.js';
import { openSession, type DeploySession } from '../deploy/session.js';
import type { Terminal } from '../terminal.js';
import { ANALYZER_NAME, ANALYZERS_STACK_SET, rolledOut, rollOutAnalyzers } from './org-analyzers-rollout.js';
import { openScanSession, type ScanSession, type ScanSessionOptions } from './org-session.js';

/** Milliseconds between two looks, and how often to look. */
const PAUSE = 2_000;
const MOST_LOOKS = 30;

export interface CreateAnalyzers {
  readonly session: ScanSessionOptions;
  readonly described: Organization;
  readonly regions: readonly string[];
  /** Whether they are made; else it is told which ones would be. */
  readonly yes: boolean;
}

/**
 * Tells which analyzers are missing in the account of the caller, and makes them when that is wanted: by a stack set, so that
 * what was made is declared, tagged and can be taken back; in the management account, which stack sets do not reach, by itself.
 * What is there already is left as it is, so that it can be called again after a failure. Only analyzers of external access are
 * made: AWS charges for the others.
 *
 * @returns Whether a scan can begin: nothing was missing, or everything has been made.
 * @throws InputError with what AWS refused; what was made before stays.
 */
export async function createAnalyzers(wanted: CreateAnalyzers, terminal: Terminal): Promise<boolean> {
  const scan = await openScanSession(wanted.session);
  try {
    const missing: string[] = [];
    for (const region of wanted.regions) {
      const listing = await scan.reader.analyzers(region);
      refuseUnread(listing, region);
      if (!isThere(listing, region)) missing.push(region);
    }
    const { account } = scan;
    if (missing.length === 0) {
      terminal.tell(`An analyzer of external access is in each Region of the scan (account ${account}).\n`);
      return true;
    }
    const isManagement = account === (await managementAccount());
    // Who cannot use stack sets is told so before anything is promised.
    const stackSets = isManagement ? null : await openSession(wanted.described);
    try {
      tellMissing(missing, account, stackSets !== null, terminal);
      if (!wanted.yes) {
        terminal.tell('Nothing was created. Add --yes to create them and scan.\n');
        return false;
      }
      await (stackSets === null ? makeByItself(scan, missing) : makeByStackSet(stackSets, account, missing, terminal));
    } finally {
      stackSets?.close();
    }
    for (const region of missing) {
      await active(scan, region);
      terminal.tell(`created ${ANALYZER_NAME} in ${region}\n`);
    }
    terminal.tell('A new analyzer may take 30 minutes until it has looked at everything: scan again then.\n');
    return true;
  } finally {
    scan.close();
  }
}

async function managementAccount(): Promise<string> {
  const connection = await connect();
  try {
    const { organizations } = connection;
    const found = await calling('the organization cannot be read', () => organizations.describeOrganization());
    return found.managementAccountId;
  } finally {
    connection.close();
  }
}

function tellMissing(missing: readonly string[], account: string, byStackSet: boolean, terminal: Terminal): void {
  const how = byStackSet ? ` by the stack set ${ANALYZERS_STACK_SET}` : '';
  const lines = missing.map((region) => `  + ${ANALYZER_NAME} (ORGANIZATION, free of charge) in ${region}\n`);
  terminal.tell(`Analyzers to create in the account ${account}${how}:\n${lines.join('')}`);
}

async function makeByItself({ reader }: ScanSession, missing: readonly string[]): Promise<void> {
  for (const region of missing) {
    await calling(`the analyzer cannot be created in ${region}`, () => reader.createAnalyzer(region, ANALYZER_NAME));
  }
}

async function makeByStackSet(
  stackSets: DeploySession,
  account: string,
  missing: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const before = await rolledOut(stackSets);
  const regions = [...new Set([...before, ...missing])].sort();
  await rollOutAnalyzers(stackSets, await stackSets.tree(), { account, regions }, terminal);
}

function refuseUnread({ failures }: Listing<AnalyzerFacts>, region: string): void {
  const [failure] = failures;
  if (failure === undefined) return;
  throw new InputError([
    badOption(
      '--create-analyzers',
      `the analyzers in ${region} cannot be read: ${failure.code}: ${failure.message}`,
      'call with credentials of the delegated administrator of IAM Access Analyzer (`stackade scan rights` tells what they may do), and leave Regions out that it has not enabled',
    ),
  ]);
}

/** One that does not work is not doubled: it has to be mended where it is. */
function isThere({ items }: Listing<AnalyzerFacts>, region: string): boolean {
  const of = items.filter(({ type }) => type === 'ORGANIZATION');
  if (of.some(({ status }) => status === 'ACTIVE' || status === 'CREATING')) return true;
  const [idle] = of;
  if (idle === undefined) return false;
  throw new InputError([
    badOption(
      '--create-analyzers',
      `the analyzer ${idle.name} in ${region} is ${idle.status} (${idle.statusReason})`,
      'let IAM Access Analyzer into the organization again, or delete that analyzer; a second one would be no better',
    ),
  ]);
}

async function active({ reader }: ScanSession, region: string): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const { items } = await reader.analyzers(region);
    if (items.some(({ name, status }) => name === ANALYZER_NAME && status === 'ACTIVE')) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new InputError([
    badOption('--create-analyzers', `${ANALYZER_NAME} in ${region} is still being created`, 'call again in a while'),
  ]);
}
