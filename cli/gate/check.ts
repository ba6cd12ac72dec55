/** `stackade gate check`: templates against what is approved. Files are found, read and reported as `check` does it. */
import { Option, type Command } from 'commander';
import { createReport } from '../../findings/index.js';
import type { ReportFormat } from '../../findings/index.js';
import { checkTemplateGate } from '../../hooks/gate/index.js';
import type { Gate, GateContext } from '../../hooks/gate/index.js';
import { compileGlob, NO_WAIVERS, WaiverSession } from '../../rules/index.js';
import { partitionOf } from '../../template/index.js';
import { sortArguments } from '../check/arguments.js';
import { badOption } from '../check/diagnostics.js';
import { FileRun } from '../check/file-run.js';
import { openOutputFile } from '../check/output-file.js';
import { printReport } from '../check/print.js';
import { find } from '../check/run.js';
import { readSettings, type CheckFlags, type CheckSettings } from '../check/settings.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, strongest } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { toolName, toolVersion } from '../version.js';
import { collect } from '../subcommands.js';
import { openGate, openSnapshot, readOverlays } from './files.js';
import { placeOf, readConfigFiles } from './places.js';
import type { ConfigFiles } from './places.js';

const FORMATS: readonly ReportFormat[] = ['pretty', 'json', 'sarif', 'junit', 'github', 'markdown'];

/** Options as the command line gives them. */
export interface GateCheckFlags extends Omit<CheckFlags, 'lint' | 'format'> {
  readonly format: ReportFormat;
  readonly schemas: string;
  readonly overlay?: readonly string[];
  readonly organization?: string;
  readonly stackName?: string;
}

/** Adds `check` to `gate`. Sets the exit code: 0, 1 for findings, 2 for bad input, 3 when something was not evaluated. */
export function registerGateCheck(parent: Command): void {
  parent
    .command('check')
    .description('checks templates: types, properties and values that nobody has approved are findings')
    .argument('[paths...]', 'templates, folders, or - for standard input (default: the working directory)')
    .requiredOption('--schemas <folder>', 'the snapshot that `gate build` wrote')
    .option('--overlay <path>', 'overlay file, or folder of such files; may be given several times', collect)
    .option('--parameters <assignments...>', 'values of template parameters: Name=value')
    .option('--parameter-file <file>', 'file with values of template parameters; may be given several times', collect)
    .option('--region <region>', 'Region of the deployment: fills <region> and <partition>')
    .option('--account <id>', 'account of the deployment: fills <accountId>')
    .option('--organization <id>', 'organization of the account: fills <orgId>')
    .option('--ou <id>', 'organizational unit of the account: fills <ouId>')
    .option('--stack-name <name>', 'name of the stack: fills <stackName>')
    .option(
      '--config <file>',
      'configuration (default: stackade.yaml in the working directory, if there is one); or org.yaml, of which the account fills <orgId> and <ouId>',
    )
    .option('--environment <name>', 'environment of the configuration whose parameters count')
    .option('--allow-incomplete', 'do not fail when something is NOT EVALUATED')
    .option('--list-skipped', 'name the files of folders that are no templates')
    .addOption(new Option('--format <format>', 'form of the report').choices(FORMATS).default('pretty'))
    .option('--output-file <file>', 'write the report to a file')
    .action(async (paths: readonly string[], flags: GateCheckFlags) => {
      process.exitCode = await gateCheck(paths, flags);
    });
}

/** Runs the command. @returns The exit code; what the user can mend has been told then. */
export async function gateCheck(
  paths: readonly string[],
  flags: GateCheckFlags,
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    return await run(paths, flags, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

async function run(paths: readonly string[], flags: GateCheckFlags, terminal: Terminal): Promise<number> {
  const { cwd } = terminal;
  const sorted = sortArguments(paths, { ...flags, lint: false }, [], cwd);
  const files = readConfigFiles(flags.config, terminal);
  const { config, ...options } = sorted.flags;
  const own = config === undefined || files.organization !== null ? {} : { config };
  const given = await readSettings(sorted.paths, { ...options, ...own }, cwd);
  const context = contextOf(given, flags, files);
  const file = given.outputFile === undefined ? null : openOutputFile(given.outputFile, cwd);
  const snapshot = openSnapshot(flags.schemas, cwd);
  const overlays = readOverlays(flags.overlay ?? [], cwd);
  const gate = openGate(snapshot.set, overlays, terminal);
  // A private type that somebody approved exists, and an unapproved property is an error whatever `check` fails on.
  const settings: CheckSettings = {
    ...given,
    failOn: 'error',
    knownTypes: new Set([...given.knownTypes, ...gate.approvedTypes()]),
  };
  const fileRun = new FileRun(settings, checkText(gate, settings, context), terminal, noWaivers());
  await fileRun.checkAll(find(settings, cwd), null);
  const report = createReport({ tool: { name: toolName, version: toolVersion() }, ...fileRun.parts });
  const printed = { failOn: settings.failOn, format: flags.format };
  printReport({ report, sources: fileRun.texts, rules: [], settings: printed, file, terminal });
  const code = fileRun.conclude(report);
  tellDiagnostics(snapshot.faults, new Map(), terminal);
  return snapshot.faults.length === 0 ? code : strongest([code, BAD_INPUT]);
}

function checkText(
  gate: Gate,
  { parameters, region, account, partition }: CheckSettings,
  context: GateContext,
): ConstructorParameters<typeof FileRun>[1] {
  const { stackName } = context;
  const deployment = { parameters, region, accountId: account, partition, stackName };
  return (text, path) => checkTemplateGate(text, path, gate, deployment, context);
}

/** What is approved is said by overlays: nobody waives a finding of the gate, and no template suppresses one. */
function noWaivers(): WaiverSession {
  return new WaiverSession(NO_WAIVERS, {
    today: '',
    compileGlob,
    isChecked: () => false,
    sources: new Map(),
  });
}

const FORMS = {
  organization: {
    pattern: /^o-[a-z0-9]{10,32}$/,
    what: 'the id of an organization such as o-exampleorgid',
    option: '--organization',
  },
  stackName: { pattern: /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/, what: 'the name of a stack', option: '--stack-name' },
} as const;

/** What fills placeholders. @throws InputError when an option has another form. */
function contextOf(
  { account, region, partition, ou }: CheckSettings,
  flags: GateCheckFlags,
  files: ConfigFiles,
): GateContext {
  for (const [name, { pattern, what, option }] of Object.entries(FORMS)) {
    const value = flags[name as keyof typeof FORMS];
    if (value !== undefined && !pattern.test(value)) {
      throw new InputError([badOption(option, `\`${value}\` is not ${what}`)]);
    }
  }
  const said = { ...unitOf(ou), ...(flags.organization !== undefined && { orgId: flags.organization }) };
  const { orgId, ouId } = placeOf(files, account, said);
  const found = partition ?? (region === undefined ? undefined : partitionOf(region));
  return {
    ...(account !== undefined && { accountId: account }),
    ...(region !== undefined && { region }),
    ...(found !== undefined && { partition: found }),
    ...(orgId !== undefined && { orgId }),
    ...(ouId !== undefined && { ouId }),
    ...(flags.stackName !== undefined && { stackName: flags.stackName }),
  };
}

/** A unit may be given with the path to it, which can start with the organization. */
function unitOf(ou: string | undefined): Pick<GateContext, 'orgId' | 'ouId'> {
  const steps = ou?.split('/').filter((step) => step !== '') ?? [];
  const [orgId] = steps.filter((step) => step.startsWith('o-'));
  const ouId = steps.at(-1);
  return { ...(orgId !== undefined && { orgId }), ...(ouId !== undefined && { ouId }) };
}
