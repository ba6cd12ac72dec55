/** `stackade scan package`: everything that scans an organization by a Distributed Map, in one folder. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  estimateScan,
  planBatches,
  priceList,
  printTemplate,
  SCAN_ROLE,
  scanTemplate,
} from '../../analyzers/distributed/index.js';
import type { Estimate, EstimateInput, ScanDeployment } from '../../analyzers/distributed/index.js';
import { accountActions, GLOBAL, organizationActions } from '../../analyzers/scan/index.js';
import type { Task } from '../../analyzers/scan/index.js';
import { visible } from '../../findings/index.js';
import { digestOf, zipFiles } from '../../hooks/package/index.js';
import { targetsOf } from '../../organization/index.js';
import type { Organization, Target } from '../../organization/index.js';
import { badOption } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { readText } from '../iam/input.js';
import { InputError } from '../input-error.js';
import { loadLibrary } from '../library.js';
import { readOrganizationFile } from '../org/command.js';
import { openBuildFolder } from '../scp/build-folder.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { packageRoot, toolName, toolVersion } from '../version.js';
import { readAttestationFile } from './attestations.js';
import { readArchiveFile } from './org-files.js';
import { controlsOf, regionsOf } from './org-selection.js';
import { ANALYZER_SERVICE } from './org-session.js';
import { scanPlan } from './org-plan.js';
import { readOf } from './rights.js';
import type { WorkerSettings } from './worker-parts.js';

/** Lists all files of a package; by it a folder is known to be one. */
const LIST = 'stackade-scan.json';

/** Options as the command line gives them. */
export interface ScanPackageFlags {
  readonly config: string;
  readonly out: string;
  readonly codeBucket?: string;
  readonly administratorAccount?: string;
  readonly role: string;
  readonly regions?: readonly string[];
  readonly controls?: readonly string[];
  readonly details?: true;
  readonly accounts?: readonly string[];
  readonly ou?: readonly string[];
  readonly archive?: string;
  readonly attestations?: string;
  readonly prefix: string;
  readonly roleBoundary?: string;
  readonly tags?: readonly string[];
  readonly perBatch: number;
  readonly maxConcurrency: number;
  readonly toleratedFailures: number;
  readonly memory: number;
  readonly format: 'pretty' | 'json';
}

function whole(low: number, high: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= low && number <= high) return number;
    throw new InvalidArgumentError(`It is no whole number from ${low} to ${high}.`);
  };
}

/** Adds `package` to `stackade scan`. Sets the exit code: 0 written, 2 for bad input; nothing is written then. */
export function registerScanPackage(parent: Command): void {
  parent
    .command('package')
    .description('writes functions, template and batches that scan an organization by AWS Step Functions')
    .requiredOption('--config <file>', 'the description of the organization')
    .requiredOption('--out <folder>', 'a folder that is new, or holds an earlier package')
    .option('--code-bucket <name>', 'bucket that the package of the functions is put into')
    .option('--administrator-account <id>', 'delegated administrator of IAM Access Analyzer (default: as described)')
    .option('--role <name>', 'role that is assumed in the accounts', 'stackade-scanner')
    .option('--regions <regions...>', 'Regions to scan (default: those that the description governs)')
    .option('--controls <ids...>', 'only checks of these controls')
    .option('--accounts <accounts...>', 'only these accounts, by id or name')
    .option('--ou <units...>', 'only accounts of these units, by id or way such as /Workloads')
    .option('--archive <file>', 'archive rules: findings that are set aside')
    .option('--attestations <file>', 'dated statements on controls that nobody can look at')
    .option('--details', 'ask for the details of unused access too, one call for each finding')
    .option('--prefix <text>', 'beginning of all names', 'stackade-')
    .option('--role-boundary <name>', 'permissions boundary of the roles, which the account has')
    .option('--tags <tags...>', 'tags of everything: Key=value')
    .option('--per-batch <n>', 'parts of an account that one call of a function scans', whole(1, 1000), 20)
    .option('--max-concurrency <n>', 'batches at one time', whole(1, 10_000), 200)
    .option('--tolerated-failures <percent>', 'percentage of batches that may fail', whole(0, 100), 10)
    .option('--memory <mb>', 'memory of the functions', whole(512, 10_240), 1769)
    .addOption(new Option('--format <format>', 'form of the report').choices(['pretty', 'json']).default('pretty'))
    .action(async (flags: ScanPackageFlags) => {
      process.exitCode = await scanPackage(flags);
    });
}

/** Runs the command. @returns The exit code; what the user can mend has been told then. */
export async function scanPackage(flags: ScanPackageFlags, terminal: Terminal = processTerminal()): Promise<number> {
  try {
    await run(flags, terminal);
    return CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

async function run(flags: ScanPackageFlags, terminal: Terminal): Promise<void> {
  const { config, out, format } = flags;
  const write = openBuildFolder(out, terminal.cwd, LIST);
  const described = readOrganizationFile(config, terminal);
  const regions = regionsOf(flags.regions, described);
  const library = loadLibrary();
  const controls = controlsOf(flags.controls, library);
  const { plan } = await scanPlan({ homeRegion: described.homeRegion, controls }, library);
  const archive = zipFiles(workerFiles(flags, regions, controls));
  const key = `scan/${digestOf(archive)}.zip`;
  const deployment = deploymentOf(flags, described, key, accountActions(readOf(plan)));
  const accounts = [...new Set([...targetsOf(described)].flatMap((path) => accountIn(path.at(-1)!)))].sort();
  const tasks = accounts.flatMap((id): readonly Task[] => {
    const account = { id, name: id, path: [], state: null, parents: [], tags: null };
    return [GLOBAL, ...regions].map((region) => ({ account, region, skip: null }));
  });
  const shape = {
    regions: regions.length,
    perBatch: flags.perBatch,
    maxConcurrency: flags.maxConcurrency,
    memoryMb: flags.memory,
  };
  const estimates = estimatesOf(accounts.length, shape);
  const files = [
    { path: `assets/${key}`, text: archive },
    { path: 'templates/scan.json', text: printTemplate(scanTemplate(deployment)) },
    { path: 'batches.json', text: `${JSON.stringify(planBatches(tasks, flags.perBatch), null, 2)}\n` },
    { path: 'estimate.json', text: `${JSON.stringify({ prices: priceList, estimates }, null, 2)}\n` },
  ];
  const { bucket } = deployment.code;
  const list = {
    version: 1,
    code: { bucket, key },
    deployment,
    files: [...files.map(({ path }) => path), LIST].sort(),
  };
  write([...files, { path: LIST, text: `${JSON.stringify(list, null, 2)}\n` }]);
  terminal.print(
    format === 'json' ? `${JSON.stringify({ ...list, estimates }, null, 2)}\n` : shown(list, out, estimates),
  );
}

function accountIn(target: Target): readonly string[] {
  return target.kind === 'account' ? [target.id] : [];
}

/** What the functions are packed from. Everything is found where a package of Stackade has it. */
function workerFiles(
  { config, role, details, accounts = [], ou = [], archive, attestations }: ScanPackageFlags,
  regions: readonly string[],
  controls: readonly string[] | null,
): Map<string, Uint8Array> {
  const description = readText(config).text;
  const settings: Omit<WorkerSettings, 'configuration'> = {
    config: 'org.yaml',
    role,
    regions,
    controls,
    details: details === true,
    accounts,
    ou,
    archive: archive === undefined ? null : 'archive.yaml',
    attestations: attestations === undefined ? null : 'attestations.yaml',
    at: null,
  };
  // A fault of them is told here, and not by a function in the night.
  readArchiveFile(archive);
  readAttestationFile(attestations, loadLibrary());
  const chosen = [
    ['archive.yaml', archive],
    ['attestations.yaml', attestations],
  ] as const;
  const texts = chosen.flatMap(([name, path]) => (path === undefined ? [] : [[name, readText(path).text] as const]));
  const configuration = createHash('sha256')
    .update(JSON.stringify([toolVersion(), description, settings, texts]))
    .digest('hex')
    .slice(0, 32);
  const text = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return new Map([
    ['worker.mjs', built('scan', 'worker.mjs')],
    ['package.json', text({ name: toolName, version: toolVersion(), type: 'module' })],
    ['settings.json', text({ ...settings, configuration })],
    ['org.yaml', Buffer.from(description)],
    ...texts.map(([name, content]) => [name, Buffer.from(content)] as const),
    ['dist/rules/library.json', built('rules', 'library.json')],
    ['dist/scp/library.json', built('scp', 'library.json')],
    ['dist/scp/management.json', built('scp', 'management.json')],
  ]);
}

/** @throws an Error when this version was not built whole. */
function built(...path: readonly string[]): Uint8Array {
  return readFileSync(join(packageRoot(), 'dist', ...path));
}

function deploymentOf(
  flags: ScanPackageFlags,
  described: Organization,
  key: string,
  readActions: readonly string[],
): ScanDeployment {
  const { prefix, roleBoundary, codeBucket } = flags;
  const problems: ReturnType<typeof badOption>[] = [];
  const refuse = (option: string, message: string, help: string): void => {
    problems.push(badOption(option, message, help));
  };
  const account = flags.administratorAccount ?? described.delegatedAdministrators[ANALYZER_SERVICE]?.[0] ?? '';
  if (!/^[0-9]{12}$/.test(account)) {
    const named = `name it below \`delegatedAdministrators\` as that of ${ANALYZER_SERVICE}, or give its twelve digits`;
    refuse('--administrator-account', account === '' ? 'is missing' : `\`${account}\` is no account id`, named);
  }
  if (described.id === null) {
    refuse('--config', 'the description has no `id`', 'roles are held to the organization by it');
  }
  if (!/^[a-z][a-z0-9]{1,14}-$/.test(prefix)) {
    refuse('--prefix', `\`${prefix}\` is not the beginning of names`, 'write it such as stackade-');
  }
  if (!/^[\w+=,.@/-]{1,64}$/.test(flags.role)) {
    refuse('--role', `\`${flags.role}\` is no name of a role`, 'such as stackade-scanner');
  }
  if (roleBoundary !== undefined && !/^[\w+=,.@/-]{1,512}$/.test(roleBoundary)) {
    refuse('--role-boundary', `\`${roleBoundary}\` is no name of a policy`, 'write it with its path');
  }
  const bucket = codeBucket ?? `${prefix}assets-${account}-${described.homeRegion}`;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    refuse('--code-bucket', `\`${bucket}\` is no name of a bucket`, 'name one in the home Region');
  }
  const tags: Record<string, string> = {};
  for (const tag of flags.tags ?? []) {
    const [, name, value] = /^([^=]{1,128})=(.{0,256})$/su.exec(tag) ?? [];
    if (name === undefined || value === undefined) refuse('--tags', `\`${tag}\` is no tag`, 'write Key=value');
    else tags[name] = value;
  }
  if (problems.length > 0) throw new InputError(problems);
  return {
    organizationId: described.id!,
    administratorAccount: account,
    prefix,
    scannerRole: flags.role.replace(/^\//, ''),
    readActions,
    organizationActions: organizationActions(),
    code: { bucket, key },
    environment: {},
    maxConcurrency: flags.maxConcurrency,
    toleratedFailurePercentage: flags.toleratedFailures,
    perBatch: flags.perBatch,
    memoryMb: flags.memory,
    logRetentionDays: 365,
    keptDays: 90,
    roleBoundary: roleBoundary ?? null,
    tags,
  };
}

/** The organization itself, and others to compare with. */
function estimatesOf(own: number, shape: Omit<EstimateInput, 'accounts'>): readonly Estimate[] {
  const counts = [...new Set([own, 10, 1000, 10_000])].filter((count) => count > 0);
  return counts.map((accounts) => estimateScan({ ...shape, accounts }));
}

interface Listed {
  readonly code: ScanDeployment['code'];
  readonly deployment: ScanDeployment;
  readonly files: readonly string[];
}

function shown({ code, deployment, files }: Listed, out: string, estimates: readonly Estimate[]): string {
  const { prefix, administratorAccount, scannerRole } = deployment;
  const rows = estimates.map(({ accounts, batches, seconds, cost }) => [
    `${accounts}`,
    `${batches}`,
    duration(seconds),
    `${cost < 0.01 ? '<0.01' : cost.toFixed(2)} ${priceList.currency}`,
  ]);
  return [
    ...files,
    '',
    `In ${visible(out)}: a scan from account ${administratorAccount}.`,
    `  assets/${code.key} goes to s3://${code.bucket}/${code.key}`,
    `  accounts have the role ${scannerRole}, which trusts ${prefix}${SCAN_ROLE}`,
    '',
    `Estimates, prices of ${priceList.region} read ${priceList.read}; estimate.json says what they assume:`,
    ...table([['accounts', 'batches', 'time', 'a scan costs'], ...rows]),
    '',
  ].join('\n');
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column]!)).join('  ')}`);
}
