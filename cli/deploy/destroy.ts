/** `stackade deploy destroy`: takes rollouts away, in the right order. */
import type { Command } from 'commander';
import {
  ChangedMeanwhileError,
  OperationUnderWayError,
  planDestroy,
  runDestroy,
  StalledOperationError,
} from '../../stacksets/index.js';
import type { DestroyPlan, Problem, Rollout, RunOutcome, Tree } from '../../stacksets/index.js';
import { awsDiagnostic } from '../aws/errors.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, strongest } from '../exit-codes.js';
import { interruption, StoppedError } from '../scp/run-control.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { runHooks } from './apply.js';
import { blockingPolicies } from './blocking-policies.js';
import { readDeclaration, type DeclaredRollout, type DeployFlags } from './declaration.js';
import { underWay } from './diagnostics.js';
import { deployOptions } from './options.js';
import { readState, refusal, refuse } from './plan.js';
import { openSession, type DeploySession } from './session.js';
import { count, failedLines, stepJson, stepText, text } from './words.js';

export interface DestroyFlags extends DeployFlags {
  readonly yes?: boolean;
  readonly ring?: string;
  readonly retainStacks?: boolean;
  readonly resume?: boolean;
}

/** Adds `destroy` to `deploy`. Exit code: 0 nothing is left, 1 shown only, or incomplete, 2 refused or bad input. */
export function registerDestroy(parent: Command): void {
  deployOptions(parent.command('destroy').description('takes rollouts away: stacks, then stack sets (AWS)'))
    .option('--yes', 'do it; without, what would be done is shown')
    .option('--ring <name>', 'only this ring')
    .option('--retain-stacks', 'leave the stacks in the accounts')
    .option('--resume', 'go on with operations that a run before has begun')
    .action(async (flags: DestroyFlags) => {
      process.exitCode = await runDestroyCommand(flags, processTerminal());
    });
}

/** @returns The exit code. */
export async function runDestroyCommand(flags: DestroyFlags, terminal: Terminal): Promise<number> {
  try {
    const { organization, rollouts, all } = readDeclaration(flags, terminal);
    const session = await openSession(organization);
    try {
      const codes: number[] = [];
      // What was declared last may lean on what was declared first.
      for (const declared of [...rollouts].reverse()) {
        const leaning = all.filter(
          (each) =>
            each.dependsOn.includes(declared.rollout.name) &&
            // What is only shown goes before this one, when it goes as a whole.
            (flags.yes === true || flags.ring !== undefined || !rollouts.some(({ rollout }) => rollout === each)),
        );
        codes.push(await destroyOne(declared, leaning, session, flags, terminal));
      }
      return strongest(codes);
    } finally {
      session.close();
    }
  } catch (error) {
    return refusal(error, terminal);
  }
}

/** @param leaning - Rollouts that depend on this one. */
async function destroyOne(
  declared: DeclaredRollout,
  leaning: readonly Rollout[],
  session: DeploySession,
  flags: DestroyFlags,
  terminal: Terminal,
): Promise<number> {
  const { rollout } = declared;
  const options = { retainStacks: flags.retainStacks === true, ...(flags.ring !== undefined && { ring: flags.ring }) };
  const planned = async (tree: Tree): Promise<DestroyPlan> =>
    planDestroy(rollout, tree, await readState(declared, session), options);
  const tree = await session.tree();
  const first = await planned(tree);
  const left = leaning.length === 0 ? [] : await stillNeeded(declared, leaning, flags.ring, session);
  refuse([...first.problems, ...left]);
  const { stages, instances, notes } = first;
  if (stages.length > 0 && flags.retainStacks !== true) {
    const state = await readState(declared, session);
    const accounts = [...state.rings.values()].flatMap((each) => each.instances.map(({ account }) => account));
    refuse(await blockingPolicies(declared.template, [...new Set(accounts)], session));
  }
  if (stages.length === 0) {
    terminal.print(
      flags.format === 'json'
        ? json(rollout.name, 'nothing', first)
        : `Nothing is left of the rollout ${rollout.name}.\n`,
    );
    return CLEAN;
  }
  if (flags.yes !== true) {
    const steps = stages.flatMap((stage) => stage.steps.map(stepText));
    const lines = [
      `Destroying the rollout ${rollout.name} deletes ${count(instances, 'instance')}${flags.retainStacks === true ? ', their stacks stay' : ' with their stacks'}:`,
      ...steps.map((step, index) => `  ${index + 1}. ${step}`),
      ...notes.map((note) => `note: ${note}`),
      'Nothing was called; --yes does it.',
    ];
    terminal.print(flags.format === 'json' ? json(rollout.name, 'shown', first) : text(lines));
    return FINDINGS;
  }
  const interrupted = interruption();
  try {
    const run = {
      plan: async () => planned(await session.tree()),
      operations: session.stackSets,
      hooks: runHooks(interrupted, terminal),
    };
    return ended(rollout.name, await runDestroy(run, flags.resume), first, flags, terminal);
  } catch (error) {
    const isUnderWay = error instanceof OperationUnderWayError;
    const diagnostic =
      isUnderWay || error instanceof ChangedMeanwhileError || error instanceof StalledOperationError
        ? underWay(
            error.message,
            'wait for its end; if a run was interrupted, `stackade deploy destroy --yes --resume` goes on',
          )
        : awsDiagnostic(error, 'destroying stopped');
    if (diagnostic === null && !(error instanceof StoppedError)) throw error;
    if (diagnostic !== null) tellDiagnostics([diagnostic], new Map(), terminal);
    return isUnderWay ? BAD_INPUT : FINDINGS;
  } finally {
    interrupted.end();
  }
}

/** Why stack sets stay: those of other rollouts depend on them, and would wait for nothing. */
async function stillNeeded(
  declared: DeclaredRollout,
  leaning: readonly Rollout[],
  ring: string | undefined,
  session: DeploySession,
): Promise<readonly Problem[]> {
  const state = await readState(declared, session);
  const going = [...state.rings].flatMap(([name, { set }]) => (ring === undefined || name === ring ? [set.arn] : []));
  const found: Problem[] = [];
  for (const rollout of leaning) {
    const sets = [...(await readState({ rollout }, session)).rings.values()].map((each) => each.set);
    for (const { name, autoDeployment } of sets) {
      if (!autoDeployment.dependsOn.some((arn) => going.includes(arn))) continue;
      found.push({
        message: `the stack set \`${name}\` of the rollout \`${rollout.name}\` depends on \`${declared.rollout.name}\``,
        help: `take that away first (\`stackade deploy destroy --rollout ${rollout.name}\`), or take \`${declared.rollout.name}\` out of its \`dependsOn\` and apply it`,
      });
    }
  }
  return found;
}

function ended(
  name: string,
  outcome: RunOutcome,
  plan: DestroyPlan,
  { format, ring }: DestroyFlags,
  terminal: Terminal,
): number {
  const isDone = outcome.kind === 'finished';
  if (format === 'json') terminal.print(json(name, isDone ? 'destroyed' : 'incomplete', plan));
  else if (isDone) {
    const what = ring === undefined ? `The rollout ${name}` : `The ring ${ring} of the rollout ${name}`;
    terminal.print(`${what} is gone: ${count(plan.instances, 'instance')} deleted.\n`);
  } else {
    const failed = outcome.kind === 'incomplete' ? failedLines(outcome.failed) : [];
    terminal.print(text([`The rollout ${name} is not gone yet:`, ...failed]));
  }
  return isDone ? CLEAN : FINDINGS;
}

function json(rollout: string, result: string, { stages, instances, notes }: DestroyPlan): string {
  const steps = stages.flatMap((stage) => stage.steps.map(stepJson));
  return `${JSON.stringify({ version: 1, rollout, result, instances, steps, notes }, null, 2)}\n`;
}
