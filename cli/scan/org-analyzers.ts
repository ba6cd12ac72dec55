/** `stackade scan org --create-analyzers`: analyzers of external access where the organization has none. */
import type { AnalyzerFacts, Listing } from '../../analyzers/scan/index.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import { calling } from '../aws/connect.js';
import type { Terminal } from '../terminal.js';
import { openScanSession, type ScanSession, type ScanSessionOptions } from './org-session.js';

/** Name of the analyzers that are made. */
export const ANALYZER_NAME = 'stackade-organization';

/** Milliseconds between two looks, and how often to look. */
const PAUSE = 2_000;
const MOST_LOOKS = 30;

/**
 * Tells which analyzers are missing in the account of the caller, and makes them when that is wanted. What is there already is
 * left as it is, so that it can be called again after a failure. Only analyzers of external access are made: AWS charges for the
 * others.
 *
 * @returns Whether a scan can begin: nothing was missing, or everything has been made.
 * @throws InputError with what AWS refused; what was made before stays.
 */
export async function createAnalyzers(
  options: ScanSessionOptions,
  regions: readonly string[],
  yes: boolean,
  terminal: Terminal,
): Promise<boolean> {
  const session = await openScanSession(options);
  try {
    const missing: string[] = [];
    for (const region of regions) {
      const listing = await session.reader.analyzers(region);
      refuseUnread(listing, region);
      if (!isThere(listing, region)) missing.push(region);
    }
    const { account } = session;
    if (missing.length === 0) {
      terminal.tell(`An analyzer of external access is in each Region of the scan (account ${account}).\n`);
      return true;
    }
    const lines = missing.map((region) => `  + ${ANALYZER_NAME} (ORGANIZATION, free of charge) in ${region}\n`);
    terminal.tell(`Analyzers to create in the account ${account}:\n${lines.join('')}`);
    if (!yes) {
      terminal.tell('Nothing was created. Add --yes to create them and scan.\n');
      return false;
    }
    for (const region of missing) {
      await calling(`the analyzer cannot be created in ${region}`, () =>
        session.reader.createAnalyzer(region, ANALYZER_NAME),
      );
      await active(session, region);
      terminal.tell(`created ${ANALYZER_NAME} in ${region}\n`);
    }
    terminal.tell('A new analyzer may take 30 minutes until it has looked at everything: scan again then.\n');
    return true;
  } finally {
    session.close();
  }
}

function refuseUnread({ failures }: Listing<AnalyzerFacts>, region: string): void {
  const [failure] = failures;
  if (failure === undefined) return;
  throw new InputError([
    badOption(
      '--create-analyzers',
      `the analyzers in ${region} cannot be read: ${failure.code}: ${failure.message}`,
      'call with credentials of the delegated administrator of IAM Access Analyzer (docs/scan-org.md lists the rights), and leave Regions out that it has not enabled',
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
