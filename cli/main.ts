#!/usr/bin/env node
/**
 * The `stackade` command. Only the module of the command that is asked for is loaded, so that start-up stays short.
 * The exit code is set and the process left to end by itself: output that is still on its way is not cut off.
 */
import { Command, CommanderError } from 'commander';
import { withoutSteering } from '../findings/index.js';
import { EXAMPLES } from './examples.js';
import { InputError } from './input-error.js';
import type { Register } from './subcommands.js';
import { toolName, toolVersion } from './version.js';

/** Wrong usage. */
const USAGE = 2;
/** A fault of ours. */
const FAULT = 70;

/** Commands by name; each module is imported when it is needed. */
const COMMANDS: Readonly<
  Record<string, { readonly summary: string; readonly load: (args: readonly string[]) => Promise<Register> }>
> = {
  boundary: {
    summary: 'lists, shows and verifies permissions boundaries and roles',
    load: async () => (await import('./boundary/command.js')).registerBoundary,
  },
  check: {
    summary: 'checks CloudFormation templates',
    load: async () => (await import('./check/command.js')).registerCheck,
  },
  deploy: {
    summary: 'rolls templates out to units of the organization, in waves',
    load: async (args) => (await import('./deploy/command.js')).deployCommand(args),
  },
  demo: {
    summary: 'shows on an embedded organization what Stackade does',
    load: async () => (await import('./demo/command.js')).registerDemo,
  },
  diff: {
    summary: 'shows what a change of templates broadens',
    load: async () => (await import('./diff/command.js')).registerDiff,
  },
  explain: {
    summary: 'prints the page of a diagnostic code, a rule, a control or a policy template',
    load: async () => (await import('./explain/command.js')).registerExplain,
  },
  gate: {
    summary: 'approves resource types, properties and values, and checks templates against that',
    load: async (args) => (await import('./gate/command.js')).gateCommand(args),
  },
  guard: {
    summary: 'checks data with Guard rules; takes the place of cfn-guard',
    load: async () => (await import('./guard/command.js')).registerGuard,
  },
  hook: {
    summary: 'CloudFormation hooks: runs them here, and packs them for AWS',
    load: async (args) => (await import('./hook/command.js')).hookCommand(args),
  },
  iam: {
    summary: 'reads, validates, decides and proves IAM policies',
    load: async (args) => (await import('./iam/command.js')).iamCommand(args),
  },
  org: {
    summary: 'reads the description of an organization',
    load: async () => (await import('./org/command.js')).registerOrg,
  },
  revoke: {
    summary: 'ends sessions of people, or older sessions of roles',
    load: async () => (await import('./revoke/command.js')).registerRevoke,
  },
  sandbox: {
    summary: 'an embedded organization that answers AWS SDKs and CLIs',
    load: async () => (await import('./sandbox/command.js')).registerSandbox,
  },
  scan: {
    summary: 'looks for access that goes too far: in templates, and in an organization',
    load: async (args) => (await import('./scan/command.js')).scanCommand(args),
  },
  scp: {
    summary: 'lists, shows and verifies policies of the organization',
    load: async (args) => (await import('./scp/command.js')).scpCommand(args),
  },
  new: {
    summary: 'makes the files of a rule',
    load: async () => (await import('./new/command.js')).registerNew,
  },
};

async function main(args: readonly string[]): Promise<void> {
  const program = new Command(toolName)
    .description('Policy-as-code for AWS Organizations')
    .version(toolVersion())
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(withoutSteering(`${text}${nextStep(text, program, args)}`));
      },
    });
  const asked = args.find((arg) => !arg.startsWith('-'));
  const command = asked === undefined ? undefined : Object.hasOwn(COMMANDS, asked) ? COMMANDS[asked] : undefined;
  if (command !== undefined) (await command.load(args))(program);
  else for (const [name, { summary }] of Object.entries(COMMANDS)) program.command(name).description(summary);
  inheritExit(program);
  if (asked === undefined && args.length === 0) program.help({ error: true });
  await program.parseAsync(args, { from: 'user' });
}

/**
 * What to do about wrong usage, as a line behind what is wrong. Commander tells of an option that is missing before one that it
 * does not know, so that a misspelt `--config` would read as if it had been left out: what is not known is named, too.
 */
function nextStep(text: string, program: Command, args: readonly string[]): string {
  let command = program;
  for (const arg of args.filter((each) => !each.startsWith('-'))) {
    const next: Command | undefined = command.commands.find((each) => each.name() === arg);
    if (next === undefined) break;
    command = next;
  }
  const known = new Set(['--help', ...command.options.map(({ long }) => long)]);
  const unknown = args.map((arg) => arg.split('=')[0]!).filter((arg) => arg.startsWith('--') && arg.length > 2);
  const strange = text.includes('required option') ? unknown.filter((option) => !known.has(option)) : [];
  const found = strange.length === 0 ? '' : `there is no option ${strange.join(', ')} here; `;
  return `  help: ${found}\`${wordsOf(command).join(' ')} --help\` tells what there is\n`;
}

/** The words that call a command. */
function wordsOf(command: Command): readonly string[] {
  const words: string[] = [];
  for (let each: Command | null = command; each !== null; each = each.parent) words.unshift(each.name());
  return words;
}

/** Subcommands throw as the program does, instead of ending the process, and end their help with examples. */
function inheritExit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    const examples = EXAMPLES[wordsOf(child).slice(1).join(' ')];
    if (examples !== undefined) {
      child.addHelpText('after', `\nExamples:\n${examples.map((each) => `  ${each}`).join('\n')}`);
    }
    inheritExit(child);
  }
}

// Help is written by commander, to a stream. Nobody reads it any more, as with `| head`: there is nobody to tell, and the
// exit code stays what it is. Any other failure, such as a full disk, is told where that can be told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`${toolName}: standard output cannot be written: ${error.message}\n`);
  process.exitCode = USAGE;
});
process.stderr.on('error', () => undefined);

/** Settles when the command has ended; who runs commands in a process of its own waits for it. */
export const ended = main(process.argv.slice(2)).catch(async (error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
    return;
  }
  // Commands that only print leave it to us, such as that standard output is full.
  if (error instanceof InputError) {
    const [{ tellDiagnostics }, { processTerminal }] = await Promise.all([
      import('./check/tell.js'),
      import('./terminal.js'),
    ]);
    tellDiagnostics(error.diagnostics, error.sources, processTerminal());
    process.exitCode = USAGE;
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${toolName} ${toolVersion()}: a fault of ours, please report it:\n${text}\n`);
  process.exitCode = FAULT;
});
