/** `stackade deploy plan` and `deploy validate`: what is declared, and what lies between that and what there is. */
import type { Command } from 'commander';
import { nameCollisions, planRollout, readRollout, tooManyOfAll } from '../../stacksets/index.js';
import type { PlanOptions, Problem, RolloutPlan, RolloutState, Tree } from '../../stacksets/index.js';
import { calling } from '../aws/connect.js';
import { openOutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { readDeclaration, type DeclaredRollout, type Declaration, type DeployFlags } from './declaration.js';
import { deployRefused } from './diagnostics.js';
import { deployOptions, planningOptions } from './options.js';
import { openSession, type DeploySession } from './session.js';
import { count, planJson, planLines, text } from './words.js';

export interface PlanFlags extends DeployFlags {
  readonly allowWeaker?: boolean;
  readonly allowGap?: boolean;
  readonly outputFile?: string;
}

/** Adds `plan` to `deploy`. Exit code: 0 as declared, 1 there is something to do, 2 refused or bad input. */
export function registerPlan(parent: Command): void {
  const command = parent.command('plan').description('shows what would bring rollouts to the organization (AWS)');
  planningOptions(deployOptions(command))
    .option('--output-file <file>', 'write the report to a file')
    .action(async (flags: PlanFlags) => {
      process.exitCode = await runPlan(flags, processTerminal());
    });
}

/** Adds `validate` to `deploy`. Exit code: 0 nothing to mend, 2 bad input. */
export function registerValidate(parent: Command): void {
  deployOptions(parent.command('validate').description('checks a declaration of rollouts with its templates')).action(
    (flags: DeployFlags) => {
      process.exitCode = runValidate(flags, processTerminal());
    },
  );
}

/** @returns The exit code. */
export function runValidate(flags: DeployFlags, terminal: Terminal): number {
  try {
    const { rollouts } = readDeclaration(flags, terminal);
    if (flags.format === 'json') {
      terminal.print(`${JSON.stringify({ version: 1, rollouts: rollouts.map(({ rollout }) => rollout) }, null, 2)}\n`);
      return CLEAN;
    }
    const lines = rollouts.map(({ rollout: { name, rings, waves, dependsOn } }) => {
      const behind = dependsOn.length === 0 ? '' : `, behind ${dependsOn.join(', ')}`;
      return `${name}: ${count(rings.length, 'ring')}, ${count(waves.length, 'wave')}${behind}: ${waves.map((wave) => wave.name).join(', ')}`;
    });
    terminal.print(text(lines.length === 0 ? ['There are no rollouts.'] : lines));
    return CLEAN;
  } catch (error) {
    return refusal(error, terminal);
  }
}

/** @returns The exit code. */
export async function runPlan(flags: PlanFlags, terminal: Terminal): Promise<number> {
  try {
    const file = flags.outputFile === undefined ? undefined : openOutputFile(flags.outputFile, terminal.cwd);
    const declaration = readDeclaration(flags, terminal);
    const session = await openSession(declaration.organization);
    try {
      const plans = await planAll(declaration, session, flags);
      const report =
        flags.format === 'json'
          ? `${JSON.stringify({ version: 1, rollouts: plans.map(planJson) }, null, 2)}\n`
          : text(plans.flatMap((plan, index) => [...(index === 0 ? [] : ['']), ...planLines(plan)]));
      if (file === undefined) terminal.print(report);
      else file.write(report);
      return plans.every(({ stages }) => stages.length === 0) ? CLEAN : FINDINGS;
    } finally {
      session.close();
    }
  } catch (error) {
    return refusal(error, terminal);
  }
}

/** Tells what the user can mend. @throws everything else. @returns The exit code. */
export function refusal(error: unknown, terminal: Terminal): number {
  if (!(error instanceof InputError)) throw error;
  tellDiagnostics(error.diagnostics, error.sources, terminal);
  return BAD_INPUT;
}

/** Plans all rollouts. @throws InputError when one is refused, with every reason. */
export async function planAll(
  { rollouts }: Declaration,
  session: DeploySession,
  options: PlanOptions,
): Promise<readonly RolloutPlan[]> {
  const tree = await session.tree();
  const plans: RolloutPlan[] = [];
  for (const declared of rollouts) plans.push(await planOne(declared, tree, session, options));
  const known = rollouts.map((declared, index) => ({ ...declared, rings: plans[index]!.rings }));
  refuse([...plans.flatMap(({ problems }) => problems), ...nameCollisions(known), ...tooManyOfAll(plans)]);
  return plans;
}

/** Reads what there is of a rollout, and of those that it depends on, and plans it. */
export async function planOne(
  declared: DeclaredRollout,
  tree: Tree,
  session: DeploySession,
  options: PlanOptions,
): Promise<RolloutPlan> {
  const before: RolloutPlan[] = [];
  for (const each of declared.before) before.push(await planOne(each, tree, session, {}));
  const { rollout, template } = declared;
  return planRollout(rollout, template, tree, await readState(declared, session), options, before);
}

export function readState(
  { rollout }: Pick<DeclaredRollout, 'rollout'>,
  { stackSets }: DeploySession,
): Promise<RolloutState> {
  return calling(`the stack sets of the rollout \`${rollout.name}\` cannot be read`, () =>
    readRollout(rollout, stackSets),
  );
}

/** @throws InputError when there is a problem. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InputError(problems.map(deployRefused));
}
