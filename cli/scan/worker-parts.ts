/** What the functions of a distributed scan bring to its steps: the same description, checks and calls as `scan org`. */
import type { Begun, ScanParts } from '../../analyzers/distributed/index.js';
import { scanAsJson } from '../../analyzers/report/index.js';
import { ACCESS_CHECKS, checksOf, GLOBAL, OrganizationScan, scanUnit } from '../../analyzers/scan/index.js';
import type { Task, UnitScan } from '../../analyzers/scan/index.js';
import { readOrganizationFile } from '../org/command.js';
import type { Terminal } from '../terminal.js';
import { toolName, toolVersion } from '../version.js';
import { readArchiveFile, tellArchive } from './org-files.js';
import { readOwnControls, readStackSets } from './org-own-controls.js';
import { scanPlan } from './org-plan.js';
import { selectionOf } from './org-selection.js';
import { openScanSession, readOrganizationRecord, type ScanSession } from './org-session.js';

/** What a package of the functions is made with; `settings.json` in it. */
export interface WorkerSettings {
  /** The description of the organization. */
  readonly config: string;
  /** Role that is assumed in accounts. */
  readonly role: string;
  readonly regions: readonly string[];
  /** Only checks of these controls; `null`: all. */
  readonly controls: readonly string[] | null;
  readonly details: boolean;
  /** Only these accounts, and accounts of these units; both empty: all. */
  readonly accounts: readonly string[];
  readonly ou: readonly string[];
  /** Files of archive rules and attestations; `null` for none. */
  readonly archive: string | null;
  readonly attestations: string | null;
  /** Digest of all that decides what the scan says. */
  readonly configuration: string;
  /** Time up to which ages are counted; `null`: when the scan begins. */
  readonly at: string | null;
}

/** @throws InputError when one of the files cannot be read. */
export async function workerParts(
  settings: WorkerSettings,
  terminal: Terminal,
): Promise<ScanParts & { close(): void }> {
  const { config, role, regions, controls, details, configuration, at, accounts, ou } = settings;
  const described = readOrganizationFile(config, terminal);
  const { homeRegion } = described;
  const archived = readArchiveFile(settings.archive ?? undefined);
  const { plan } = await scanPlan({ homeRegion, controls, attestations: settings.attestations ?? undefined });
  let session: Promise<ScanSession> | null = null;
  const opened = (): Promise<ScanSession> =>
    (session ??= openScanSession({ role, homeRegion, details, onThrottle: () => undefined }));
  let composed: { readonly begun: string; readonly scan: OrganizationScan } | null = null;
  const compose = (begun: Begun): OrganizationScan => {
    // A function stays for many batches of one run; to judge the policies of the organization anew takes seconds.
    const key = JSON.stringify(begun.header);
    if (composed?.begun !== key) {
      const selection = selectionOf({ accounts, ou }, begun.organization.facts);
      const scan = new OrganizationScan({ ...plan, selection }, begun.header, begun.organization);
      composed = { begun: key, scan };
    }
    return composed.scan;
  };
  let unit: { readonly scan: OrganizationScan; readonly of: UnitScan } | null = null;
  return {
    begin: async () => {
      const others = {
        stackSets: () => readStackSets(described),
        ownControls: () => readOwnControls({ config }, described, terminal),
      };
      const organization = await readOrganizationRecord(await opened(), described, regions, plan, others);
      const started = at ?? new Date().toISOString();
      const tool = { name: toolName, version: toolVersion() };
      return { header: { kind: 'scan', version: 1, tool, started, configuration }, organization };
    },
    tasks: (begun) => compose(begun).tasks,
    scanner: async (begun) => {
      const scan = compose(begun);
      if (unit?.scan !== scan) unit = { scan, of: scan.unitScan((await opened()).reader) };
      const { of } = unit;
      return (task: Task) => scanUnit(task, of);
    },
    checksOf: (_, { region }) => {
      const scope = region === GLOBAL ? 'account' : 'region';
      const there = checksOf(plan).filter((check) => (check.scope === 'across' ? check.at : check.scope) === scope);
      return [...there, ...ACCESS_CHECKS].map(({ id }) => id);
    },
    assemble: (begun, _, results) => {
      const archive = archived?.at(begun.header.started) ?? null;
      const scan = compose(begun).assemble(results, archive, null);
      if (archived !== null && archive !== null) tellArchive(archive, archived, terminal);
      return scan;
    },
    print: scanAsJson,
    close: () => {
      void session?.then((open) => {
        open.close();
      });
    },
  };
}
