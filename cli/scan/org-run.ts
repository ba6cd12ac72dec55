/** Runs `stackade scan org`: from its options to the report and the exit code. */
import { createHash } from 'node:crypto';
import { CallerLost, checksOf, OrganizationScan, runTasks, scanUnit, taskKey } from '../../analyzers/scan/index.js';
import type {
  Journal,
  JournalHeader,
  OrganizationRecord,
  Scan,
  ScanPlan,
  UnitResult,
} from '../../analyzers/scan/index.js';
import { CLEAN, BAD_INPUT, FAULT as FAULT_CODE, FINDINGS, INCOMPLETE, strongest } from '../exit-codes.js';
import type { Organization } from '../../organization/index.js';
import { badOption } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { InputError } from '../input-error.js';
import { readText } from '../iam/input.js';
import { loadLibrary } from '../library.js';
import { readOrganizationFile } from '../org/command.js';
import type { Terminal } from '../terminal.js';
import { toolName, toolVersion } from '../version.js';
import { createAnalyzers } from './org-analyzers.js';
import { readArchiveFile, readEarlier, tellArchive, type ArchiveFile } from './org-files.js';
import { badCheckpoint, callerLost } from './org-diagnostics.js';
import { checkOutput, writeReport } from './org-output.js';
import { readOwnControls, readStackSets } from './org-own-controls.js';
import { scanPlan } from './org-plan.js';
import { Progress } from './org-progress.js';
import { controlsOf, regionsOf, selectionOf } from './org-selection.js';
import { openScanSession, readOrganizationRecord, tellAnalyzers, tellUnread, type ScanSession } from './org-session.js';
import { StateFolder, type StateWriter } from './org-state.js';
import type { ScanOrgFlags } from './org-flags.js';

/** @returns The exit code. */
export async function runScanOrg(flags: ScanOrgFlags, terminal: Terminal): Promise<number> {
  try {
    return await run(flags, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

async function run(flags: ScanOrgFlags, terminal: Terminal): Promise<number> {
  const described = readOrganizationFile(flags.config, terminal);
  const library = loadLibrary();
  const regions = regionsOf(flags.regions, described);
  const controls = controlsOf(flags.controls, library);
  const archiveRules = readArchiveFile(flags.archive);
  checkOutput(flags.outputFile, terminal.cwd);
  const { plan, attestations } = await scanPlan(
    { homeRegion: described.homeRegion, controls, attestations: flags.attestations },
    library,
  );
  const configuration = digestOf({
    description: readText(flags.config).text,
    version: toolVersion(),
    role: flags.role,
    regions,
    accounts: flags.accounts ?? [],
    ou: flags.ou ?? [],
    controls,
    checks: checksOf(plan).map(({ id }) => id),
    details: flags.details === true,
    at: flags.at ?? null,
    attestations,
  });
  const state = new StateFolder(flags.state, terminal.cwd);
  const free = state.lock();
  const progress = new Progress(terminal);
  try {
    return await scanIn(state, { described, plan, regions, archiveRules, configuration }, progress, flags, terminal);
  } finally {
    progress.stop();
    free();
  }
}

/** What was read of the options and files before anything is asked. */
interface Asked {
  readonly described: Organization;
  readonly plan: ScanPlan;
  readonly regions: readonly string[];
  readonly archiveRules: ArchiveFile | null;
  /** Digest of all that decides what the parts of the scan say. */
  readonly configuration: string;
}

async function scanIn(
  state: StateFolder,
  { described, plan, regions, archiveRules, configuration }: Asked,
  progress: Progress,
  flags: ScanOrgFlags,
  terminal: Terminal,
): Promise<number> {
  const found = usable(state.current(), configuration, flags);
  const fresh: JournalHeader = {
    kind: 'scan',
    version: 1,
    tool: { name: toolName, version: toolVersion() },
    started: flags.at ?? new Date().toISOString(),
    configuration,
  };
  const header = found?.header ?? fresh;
  if (found?.isFinished === true) {
    terminal.tell(
      `The scan of ${header.started} is finished: nothing is read anew. Leave --resume out to scan again.\n`,
    );
  }
  if (flags.createAnalyzers === true && !(await prepared(flags, described, regions, found, terminal))) return FINDINGS;
  const earlier = readEarlier(flags.previous, state, terminal);
  const results = new Map(found?.results);
  const begin = async (session: ScanSession): Promise<OrganizationRecord> => {
    const own = (): ReturnType<typeof readOwnControls> => readOwnControls(flags, described, terminal);
    const others = { stackSets: () => readStackSets(described), ownControls: own };
    return readOrganizationRecord(session, described, regions, plan, others);
  };
  const scan = await (found?.isFinished === true && found.organization !== null
    ? compose(plan, header, found.organization, flags)
    : scanAll({ flags, plan, header, found, state, results, begin, progress, homeRegion: described.homeRegion }));
  progress.stop();
  if (scan === null) return stopped(flags, terminal);
  tellUnread(scan.record, terminal);
  tellAnalyzers(scan.record, plan, terminal);
  const archive = archiveRules === null ? null : archiveRules.at(header.started);
  const report = scan.scan.assemble(results, archive, earlier());
  if (archiveRules !== null && archive !== null) tellArchive(archive, archiveRules, terminal);
  await writeReport(report, flags.format, earlierFigures(state, header), flags.outputFile, terminal);
  const { countScan } = await import('../../analyzers/report/index.js');
  state.note(countScan(report));
  state.finish(report);
  tellFaults(report, terminal);
  return exitCode(report, flags);
}

/** Makes analyzers before a scan. @returns Whether it may begin. */
function prepared(
  { role, yes }: ScanOrgFlags,
  described: Organization,
  regions: readonly string[],
  found: Journal | null,
  terminal: Terminal,
): Promise<boolean> {
  if (found !== null) {
    throw new InputError([
      badOption(
        '--create-analyzers',
        'a scan that goes on keeps the analyzers with which it began',
        'leave --resume out, or --create-analyzers',
      ),
    ]);
  }
  const { homeRegion } = described;
  const session = { role, homeRegion, details: false, onThrottle: () => undefined };
  return createAnalyzers({ session, described, regions, yes: yes === true }, terminal);
}

/** What is scanned, and what it is of. */
interface Composed {
  readonly scan: OrganizationScan;
  readonly record: OrganizationRecord;
}

function compose(plan: ScanPlan, header: JournalHeader, record: OrganizationRecord, flags: ScanOrgFlags): Composed {
  const selection = selectionOf(flags, record.facts);
  return { scan: new OrganizationScan({ ...plan, selection }, header, record), record };
}

interface ScanAll {
  readonly flags: ScanOrgFlags;
  readonly plan: ScanPlan;
  readonly header: JournalHeader;
  readonly found: Journal | null;
  readonly state: StateFolder;
  /** Gets what is scanned. */
  readonly results: Map<string, UnitResult>;
  readonly begin: (session: ScanSession) => Promise<OrganizationRecord>;
  readonly progress: Progress;
  readonly homeRegion: string;
}

/** Scans what is not done. @returns `null` when somebody stopped it. */
async function scanAll(options: ScanAll): Promise<Composed | null> {
  const { flags, plan, header, found, state, results, begin, progress, homeRegion } = options;
  const onThrottle = (key: string, perSecond: number): void => {
    progress.throttled(key, perSecond);
  };
  const { role, details } = flags;
  const session = await openScanSession({ role, homeRegion, details: details === true, onThrottle });
  let writer: StateWriter | null = null;
  try {
    // Nothing is kept of a scan that could not begin.
    const known = found?.organization ?? null;
    const record = known ?? (await begin(session));
    const composed = compose(plan, header, record, flags);
    writer = found === null ? state.begin(header) : state.goOn(found);
    if (known === null) writer.write(record);
    const { tasks } = composed.scan;
    checkResults(results, new Set(tasks.map(({ account, region }) => taskKey({ account: account.id, region }))));
    progress.begin(tasks.length, results.size);
    const unit = composed.scan.unitScan(session.reader);
    const kept = writer;
    const isFinished = await runTasks({
      tasks,
      isDone: (key) => results.has(key),
      concurrency: flags.concurrency,
      scan: (task) => scanUnit(task, unit),
      keep: (result) => {
        kept.write({ kind: 'unit', result });
        results.set(taskKey(result), result);
        progress.done(result);
      },
      isStopped: () => progress.isStopped,
    });
    if (!isFinished) return null;
    writer.write({ kind: 'end', units: results.size });
    return composed;
  } catch (error) {
    if (!(error instanceof CallerLost)) throw error;
    throw new InputError([callerLost(error.message, writer === null ? null : flags.state, results.size)]);
  } finally {
    writer?.close();
    session.close();
  }
}

/** A scan to go on with; `null` to begin one. @throws InputError when what is there cannot be used. */
function usable(
  current: Journal | null,
  configuration: string,
  { resume, restart, state }: ScanOrgFlags,
): Journal | null {
  if (resume === true) {
    if (current === null) {
      throw new InputError([
        badCheckpoint(
          `there is no scan in \`${state}\` to go on with`,
          'name its folder with --state, or leave --resume out',
        ),
      ]);
    }
    if (current.header.configuration === configuration) return current;
    throw new InputError([
      badCheckpoint(
        `the scan in \`${state}\` was begun with other options, another description or another version of Stackade`,
        'call it with the same ones, or leave --resume out and add --restart to begin anew',
      ),
    ]);
  }
  if (current === null || current.isFinished || restart === true) return null;
  throw new InputError([
    badCheckpoint(
      `a scan was interrupted: \`${state}\` holds ${current.results.size} finished parts of it`,
      'add --resume to go on with it, or --restart to begin anew',
    ),
  ]);
}

/** @throws InputError when a checkpoint has parts that the scan does not. */
function checkResults(results: ReadonlyMap<string, UnitResult>, keys: ReadonlySet<string>): void {
  const strange = [...results.keys()].find((key) => !keys.has(key));
  if (strange === undefined) return;
  throw new InputError([
    badCheckpoint(`the checkpoint holds ${strange}, which is no part of the scan`, 'scan anew with --restart'),
  ]);
}

function digestOf(parts: object): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function earlierFigures(state: StateFolder, { started }: JournalHeader): ReturnType<StateFolder['history']> {
  return state.history().filter((counts) => counts.started !== started);
}

function stopped({ state }: ScanOrgFlags, terminal: Terminal): number {
  terminal.tell(`The scan was stopped. \`${state}\` holds what is finished; --resume goes on with it.\n`);
  return INCOMPLETE;
}

/** The code of failures that are ours. */
const OWN_FAULT = 'FAULT';

function tellFaults({ units }: Scan, terminal: Terminal): void {
  const faults = units.flatMap(({ failures }) => failures.filter(({ code }) => code === OWN_FAULT));
  const [first] = faults;
  if (first === undefined) return;
  terminal.tell(`A fault of Stackade: the check ${first.step} failed (${first.message}). Please report it.\n`);
}

const RANK = { error: 0, warning: 1, info: 2, never: -1 } as const;

function exitCode({ findings, units, controls }: Scan, { failOn, allowIncomplete }: ScanOrgFlags): number {
  const codes: number[] = [CLEAN];
  if (units.some(({ failures }) => failures.some(({ code }) => code === OWN_FAULT))) codes.push(FAULT_CODE);
  if (findings.some(({ archived, severity }) => archived === null && RANK[severity] <= RANK[failOn])) {
    codes.push(FINDINGS);
  }
  const isPartial = units.some(({ status }) => status === 'partial' || status === 'failed');
  const isOpen = isPartial || controls.some(({ verdict }) => verdict === 'NOT_EVALUATED');
  if (isOpen && allowIncomplete !== true) codes.push(INCOMPLETE);
  return strongest(codes);
}
