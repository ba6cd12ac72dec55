/** `stackade hook invoke`: events, recorded or made of a template, through the function that the hook is in AWS. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { visible } from '../../findings/index.js';
import { decideHook } from '../../hooks/lambda/index.js';
import type { HookAnswer, HookBundle, HookDecision } from '../../hooks/lambda/index.js';
import { badOption } from '../check/diagnostics.js';
import { shownPath } from '../check/discover.js';
import { openOutputFile } from '../check/output-file.js';
import { readFileText } from '../check/read-file.js';
import { readSettings, type CheckFlags, type CheckSettings } from '../check/settings.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE } from '../exit-codes.js';
import { collect } from '../subcommands.js';
import { placeOf, readConfigFiles, type ConfigFiles } from '../gate/places.js';
import { InputError } from '../input-error.js';
import { loadLibrary } from '../library.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { openBundle } from './bundle.js';
import {
  eventsOf,
  GIVE,
  TARGETS,
  type LocalEvent,
  type LocalEvents,
  type TargetName,
  type TemplateText,
  type Unmade,
} from './events.js';

/** Options as the command line gives them. */
export interface InvokeFlags extends Omit<CheckFlags, 'lint' | 'format'> {
  readonly event?: string;
  readonly payload?: string;
  readonly template?: string;
  readonly previous?: string;
  readonly target?: TargetName;
  readonly schemas?: string;
  readonly overlay?: readonly string[];
  readonly organization?: string;
  readonly stackName?: string;
  readonly inProcess?: true;
  readonly verbose?: true;
  readonly format: 'pretty' | 'json';
}

/** Adds `invoke` to `hook`. Sets the exit code: 0 when everything passes, 1 when something is blocked, 2 for bad input, 3 when events could not be made. */
export function registerInvoke(parent: Command): void {
  parent
    .command('invoke')
    .description('decides on an event, or on the events of a template, as the hook would')
    .option('--event <file>', 'event as Lambda hands it over')
    .option('--payload <file>', 'what stands behind the address in the event of a stack or a change set')
    .option('--template <file>', 'template of which events are made')
    .option('--previous <file>', 'the template before the update')
    .addOption(new Option('--target <target>', 'what the hook is invoked for').choices(TARGETS))
    .option('--pack <names...>', 'packs of rules (default: foundation); none for none')
    .option('--rules <paths...>', 'Guard files of your own, or folders of such files')
    .option('--schemas <folder>', 'snapshot of the feature gate (default: no gate)')
    .option('--overlay <path>', 'overlay file of the gate, or folder; may be given several times', collect)
    .option('--waivers <file>', 'file of waivers')
    .option('--parameters <assignments...>', 'values of template parameters: Name=value')
    .option('--parameter-file <file>', 'file with values of template parameters; may be given several times', collect)
    .option('--region <region>', 'Region of the deployment')
    .option('--account <id>', 'account of the deployment')
    .option('--organization <id>', 'organization of the account')
    .option('--ou <id>', 'organizational unit of the account, or the path from the root to it')
    .option('--stack-name <name>', 'name of the stack that events are made for (default: local)')
    .option(
      '--config <file>',
      'configuration (default: stackade.yaml in the working directory, if there is one); or org.yaml, which says where accounts stand',
    )
    .option('--environment <name>', 'environment of the configuration whose parameters count')
    .addOption(new Option('--fail-on <severity>', 'what blocks').choices(['error', 'warning', 'info']))
    .option(
      '--allow-incomplete',
      'do not block when something is NOT EVALUATED, and do without events that cannot be made',
    )
    .option('--in-process', 'decide in this process, and not by the built function in one of its own')
    .option('--verbose', 'tell what each event took, and what CloudFormation would show of it')
    .addOption(new Option('--format <format>', 'form of the answer').choices(['pretty', 'json']).default('pretty'))
    .option('--output-file <file>', 'write the answer to a file')
    .action(async (flags: InvokeFlags) => {
      process.exitCode = await hookInvoke(flags);
    });
}

/** Runs the command. @returns The exit code; what the user can mend has been told then. */
export async function hookInvoke(flags: InvokeFlags, terminal: Terminal = processTerminal()): Promise<number> {
  try {
    return await run(flags, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

/** What one invocation gave. */
interface Invoked {
  readonly name: string;
  readonly answer: HookAnswer;
  readonly rules: HookDecision['rules'];
}

async function run(flags: InvokeFlags, terminal: Terminal): Promise<number> {
  const { cwd } = terminal;
  const { format, config: named, ...rest } = flags;
  const files = readConfigFiles(named, terminal);
  const given = {
    ...rest,
    ...(flags.pack && { pack: flags.pack.flatMap((name) => name.split(',')) }),
    ...(named !== undefined && files.organization === null && { config: named }),
  };
  const settings = await readSettings(['.'], { ...given, format, lint: false }, cwd);
  const output = settings.outputFile === undefined ? null : openOutputFile(settings.outputFile, cwd);
  const { events, unmade } = inputs(flags, settings, cwd);
  const accounts = accountsOf(settings, flags, events, files);
  const bundle = await openBundle(settings, flags, loadLibrary(), accounts, terminal);
  const invoked =
    flags.inProcess === true
      ? decide(events, bundle, settings)
      : await inLab(events, bundle, settings, flags, terminal);
  const text = format === 'json' ? asJson(invoked, unmade) : asText(invoked, unmade);
  if (output === null) terminal.print(text);
  else output.write(text);
  if (invoked.some(({ answer }) => answer.hookStatus === 'FAILED')) return FINDINGS;
  return unmade.length > 0 && flags.allowIncomplete !== true ? INCOMPLETE : CLEAN;
}

function decide(events: readonly LocalEvent[], bundle: HookBundle, { region }: CheckSettings): readonly Invoked[] {
  // The clock is read here, once for the whole run.
  const today = new Date().toISOString().slice(0, 10);
  return events.map(({ name, event, payload }): Invoked => {
    const { answer, rules } = decideHook(event, bundle, { payload, today, ...(region !== undefined && { region }) });
    return { name, answer, rules };
  });
}

async function inLab(
  events: readonly LocalEvent[],
  bundle: HookBundle,
  { region }: CheckSettings,
  { verbose }: InvokeFlags,
  terminal: Terminal,
): Promise<readonly Invoked[]> {
  const { runInLab } = await import('./lab.js');
  const ran = await runInLab(events, bundle, region);
  return events.map(({ name }, index): Invoked => {
    const { answer, rules, figures } = ran[index]!;
    if (verbose === true) {
      const took =
        figures === null
          ? ''
          : `, ${Math.round(figures.milliseconds)} ms, ${Math.ceil(figures.peakBytes / 1e6)} MB at most`;
      terminal.tell(`${visible(name)}: ${shownAs(answer)}${took}\n`);
    }
    return { name, answer: answer ?? NO_ANSWER, rules };
  });
}

/** The status in the events of a stack (AWS CloudFormation API Reference, "HookResultSummary"). */
function shownAs(answer: HookAnswer | null): string {
  if (answer === null) return 'HOOK_FAILED';
  return answer.hookStatus === 'SUCCESS' ? 'HOOK_COMPLETE_SUCCEEDED' : 'HOOK_COMPLETE_FAILED';
}

const NO_ANSWER: HookAnswer = {
  hookStatus: 'FAILED',
  errorCode: 'InternalFailure',
  message: 'The function gave no answer within 30 s, or ended; CloudFormation counts the hook as failed.',
};

/** @throws InputError when the options do not say what to decide on. */
function inputs(flags: InvokeFlags, settings: CheckSettings, cwd: string): LocalEvents {
  if ((flags.event === undefined) === (flags.template === undefined)) {
    throw new InputError([badOption('--event', 'is one of two', 'give --event FILE, or --template FILE and --target')]);
  }
  const [wrong] =
    flags.event !== undefined
      ? (['target', 'previous'] as const).filter((name) => flags[name] !== undefined)
      : (['payload'] as const).filter((name) => flags[name] !== undefined);
  if (wrong !== undefined) {
    const other = flags.event === undefined ? '--template' : '--event';
    throw new InputError([badOption(`--${wrong}`, `does not go with ${other}`, 'leave it out')]);
  }
  if (flags.event === undefined) return ofTemplate(flags, settings, cwd);
  return { events: [ofEvent(flags.event, flags.payload, cwd)], unmade: [] };
}

function ofTemplate(flags: InvokeFlags, settings: CheckSettings, cwd: string): LocalEvents {
  const { target, stackName = 'local' } = flags;
  const { account, region, parameters } = settings;
  if (target === undefined) throw missing('--target', `choose ${TARGETS.join(', ')}`);
  if (account === undefined) throw missing('--account', 'every event names one, such as 111122223333');
  if (region === undefined) throw missing('--region', 'every event has one, such as eu-central-1');
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(stackName)) {
    throw new InputError([badOption('--stack-name', `\`${stackName}\` is not the name of a stack`)]);
  }
  const previous = flags.previous === undefined ? null : textOf(flags.previous, cwd);
  const place = { account, region, stackName, parameters };
  const made = eventsOf(textOf(flags.template!, cwd), previous, target, place);
  if (made.events.length + made.unmade.length > 0) return made;
  throw new InputError([badOption('--template', 'no resource changes, so CloudFormation would call no hook')]);
}

function ofEvent(path: string, payload: string | undefined, cwd: string): LocalEvent {
  const { text, path: name } = textOf(path, cwd);
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw new InputError([badOption('--event', `\`${name}\` is not JSON`, 'take the event as Lambda hands it over')]);
  }
  return { name, event, payload: payload === undefined ? null : textOf(payload, cwd).text };
}

function missing(option: string, help: string): InputError {
  return new InputError([badOption(option, 'is missing', help)]);
}

function textOf(path: string, cwd: string): TemplateText {
  const name = shownPath(path, cwd);
  const { text, diagnostic } = readFileText(resolve(cwd, path), name);
  if (text === null) throw new InputError([diagnostic]);
  return { path: name, text };
}

/** Where accounts stand: as the description of the organization has it; the one named, else that of the event, as options say. */
function accountsOf(
  { account, ou }: CheckSettings,
  { organization }: InvokeFlags,
  events: readonly LocalEvent[],
  files: ConfigFiles,
): HookBundle['accounts'] {
  if (organization !== undefined && !/^o-[a-z0-9]{10,32}$/.test(organization)) {
    const message = `\`${organization}\` is not the id of an organization such as o-exampleorgid`;
    throw new InputError([badOption('--organization', message)]);
  }
  const event = events[0]?.event as { readonly awsAccountId?: unknown } | null | undefined;
  const id = account ?? event?.awsAccountId;
  if (typeof id !== 'string') return files.organization?.places ?? new Map();
  const steps = ou?.split('/').filter((step) => step !== '') ?? [];
  const orgId = organization ?? steps.find((step) => step.startsWith('o-'));
  const place = {
    ...(orgId !== undefined && { orgId }),
    ...(ou !== undefined && { ouId: steps.at(-1)!, ouPath: ou }),
  };
  return new Map([...(files.organization?.places ?? []), [id, placeOf(files, id, place)]]);
}

function asJson(invoked: readonly Invoked[], notInvoked: readonly Unmade[]): string {
  return `${JSON.stringify({ version: 1, invocations: invoked, notInvoked }, null, 2)}\n`;
}

function asText(invoked: readonly Invoked[], unmade: readonly Unmade[]): string {
  const blocks = invoked.map(({ name, answer }) => {
    const { hookStatus, errorCode, message } = answer;
    const lines = message.split('\n').map((line) => `  ${visible(line)}`);
    return [`${hookStatus}${errorCode === undefined ? '' : ` ${errorCode}`}  ${visible(name)}`, ...lines].join('\n');
  });
  const rest = unmade.map(({ name, reason }) => `NOT EVALUATED  ${visible(name)}\n  ${visible(reason)}`);
  const how = unmade.length === 0 ? [] : [`${count(unmade.length)}; the hook in AWS is asked about all: ${GIVE}.`];
  return `${[...blocks, ...rest, ...how].join('\n\n')}\n`;
}

function count(unmade: number): string {
  return `Of ${unmade === 1 ? 'one resource' : `${unmade} resources`} no event could be made, because a value is known at deployment only`;
}
