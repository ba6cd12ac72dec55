/** `stackade scp plan`: what lies between the policies that a description chooses and those of the organization. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { cloudFormationTemplate, textChanges } from '../../scp/apply/index.js';
import type { WantedPolicies } from '../../scp/apply/index.js';
import { badOption } from '../check/diagnostics.js';
import { openOutputFile } from '../check/output-file.js';
import { CLEAN, FINDINGS } from '../exit-codes.js';
import { readText } from '../iam/input.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { planJson, planText, type ReplaySummary } from './plan-report.js';
import { compositionOf, prepare, readState, wantedIn, type PlanFlags } from './prepare-plan.js';
import { attempt, connected } from './attempt.js';

interface Flags extends PlanFlags {
  readonly config: string;
  readonly replay?: string;
  readonly emit?: string;
  readonly format: string;
  readonly outputFile?: string;
}

/** Adds the options that `plan` and `apply` have in common. */
export function planOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--set <name>', 'name of the set of policies: only those tagged with it are changed')
        .default('guardrails')
        .argParser(setName),
    )
    .option(
      '--wave <targets>',
      'units or accounts that are changed together, by way or id, joined by commas; once for each wave, in order',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .option('--allow-gap', 'go on where there is no room for the old and the new policy beside each other')
    .option(
      '--caller-context <key=value>',
      'a condition key of your own calls, where a policy asks for it; nothing after = for a key that they lack',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .addOption(new Option('--format <format>', 'form of the report').choices(['pretty', 'json']).default('pretty'));
}

function setName(value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(value)) return value;
  throw new InvalidArgumentError('It is made of letters, digits, `_`, `.` and `-`.');
}

/** Adds `plan` to `scp`. Exit code: 0 as described, 1 there is something to do, 2 refused or bad input. */
export function registerPlan(parent: Command): void {
  const command = parent
    .command('plan')
    .description('shows what would bring the policies of a description to the organization (AWS)')
    .requiredOption('--config <file>', 'the description of the organization');
  planOptions(command)
    .option('--replay <file>', 'show what `iam replay --format json` has found')
    .addOption(new Option('--emit <form>', 'print a template instead of a plan').choices(['cloudformation']))
    .option('--output-file <file>', 'write the report to a file')
    .action(async (flags: Flags) => {
      process.exitCode = await runPlan(flags, processTerminal());
    });
}

/** @returns The exit code. */
export function runPlan(flags: Flags, terminal: Terminal): Promise<number> {
  return attempt(terminal, async () => {
    const file = flags.outputFile === undefined ? undefined : openOutputFile(flags.outputFile, terminal.cwd);
    const print = (text: string): void => {
      if (file === undefined) terminal.print(text);
      else file.write(text);
    };
    const replay = flags.replay === undefined ? null : replayOf(flags.replay);
    if (flags.emit !== undefined) {
      print(`${JSON.stringify(cloudFormationTemplate(await wantedFor(flags, terminal), flags.set), null, 2)}\n`);
      return CLEAN;
    }
    return connected(async (connection) => {
      const state = await readState(connection);
      const { plan, wanted } = await prepare(state, wantedIn(flags.config, state, terminal), flags);
      const changes = textChanges(state, wanted, flags.set);
      print(
        flags.format === 'json'
          ? `${JSON.stringify(planJson(plan, changes, replay), null, 2)}\n`
          : planText(plan, state, changes, replay),
      );
      return plan.stages.length === 0 ? CLEAN : FINDINGS;
    });
  });
}

/** What is wanted; the organization is asked only when the description leaves an id out. */
async function wantedFor({ config }: Flags, terminal: Terminal): Promise<WantedPolicies> {
  const { composition } = compositionOf(config, terminal);
  const attachments = composition.attachments.flatMap(({ target, type, documents }) =>
    target.id === null ? [] : [{ targetId: target.id, type, documents }],
  );
  if (attachments.length === composition.attachments.length) return { documents: composition.documents, attachments };
  return connected(async (connection) => wantedIn(config, await readState(connection), terminal));
}

function replayOf(path: string): ReplaySummary {
  const { text } = readText(path);
  try {
    const { summary } = JSON.parse(text) as { readonly summary: ReplaySummary };
    const numbers = [summary.newlyDenied, summary.newlyAllowed, summary.cannotTell, summary.unchanged];
    if (numbers.every((each) => typeof each === 'number')) return summary;
  } catch {
    // Told below.
  }
  throw new InputError([
    badOption('--replay', `\`${path}\` is no report of \`iam replay\``, 'make it with `iam replay --format json`'),
  ]);
}
