/** `stackade deploy drift`: stacks that were changed behind the back of their stack set, and what is not as declared. */
import type { Command } from 'commander';
import { operationId, preferencesOf, runStep, StalledOperationError, statusOf } from '../../stacksets/index.js';
import type { AwsStackSetDrift, RingPlan, RolloutPlan, Step } from '../../stacksets/index.js';
import { awsDiagnostic } from '../aws/errors.js';
import { CLEAN, FINDINGS, INCOMPLETE, strongest } from '../exit-codes.js';
import { interruption } from '../scp/run-control.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { runHooks } from './apply.js';
import { readDeclaration, type DeclaredRollout, type DeployFlags } from './declaration.js';
import { deployOptions } from './options.js';
import { planOne, refusal } from './plan.js';
import { openSession, type DeploySession } from './session.js';
import { count, stepText, text } from './words.js';

export interface DriftFlags extends DeployFlags {
  readonly detect: boolean;
  readonly overrides?: boolean;
}

/** Adds `drift` to `deploy`. Exit code: 0 none, 1 drift, 2 bad input, 3 something could not be looked at. */
export function registerDrift(parent: Command): void {
  deployOptions(parent.command('drift').description('tells what was changed behind the back of rollouts (AWS)'))
    .option('--no-detect', 'begin no drift detection; tell of the last one')
    .option('--overrides', 'ask each instance for parameters of its own (one call for each)')
    .action(async (flags: DriftFlags) => {
      process.exitCode = await runDrift(flags, processTerminal());
    });
}

/** What was found of one ring. */
interface RingDrift {
  readonly ring: string;
  readonly stackSet: string;
  readonly drift: AwsStackSetDrift | null;
  /** Why drift was not detected; `null` when it was. */
  readonly notDetected: string | null;
  readonly drifted: readonly { readonly account: string; readonly region: string }[];
  /** In what the stack set is not as declared. */
  readonly differences: readonly string[];
  /** Instances with parameters of their own; `null` when they were not asked. */
  readonly overrides:
    readonly { readonly account: string; readonly region: string; readonly parameters: object }[] | null;
}

/** @returns The exit code. */
export async function runDrift(flags: DriftFlags, terminal: Terminal): Promise<number> {
  try {
    const { organization, rollouts } = readDeclaration(flags, terminal);
    const session = await openSession(organization);
    try {
      const tree = await session.tree();
      const codes: number[] = [];
      const reports: object[] = [];
      for (const declared of rollouts) {
        const before = await planOne(declared, tree, session, {});
        const notDetected = new Map<string, string>();
        if (flags.detect) {
          for (const ring of before.rings) {
            const why = await detect(declared, ring, session, terminal);
            if (why !== null) notDetected.set(ring.ring.name, why);
          }
        }
        const plan = await planOne(declared, tree, session, {});
        const last = statusOf(declared.rollout, declared.template, plan, tree);
        const rings: RingDrift[] = [];
        for (const ring of plan.rings) {
          const { name } = ring.ring;
          const differences = last.find((each) => each.ring === name)!.differences;
          rings.push(await driftOf(ring, differences, notDetected.get(name) ?? null, flags, session));
        }
        codes.push(...rings.map(codeOf), plan.stages.length > 0 || plan.problems.length > 0 ? FINDINGS : CLEAN);
        const steps = plan.stages.flatMap((stage) => stage.steps.map(stepText));
        if (flags.format === 'json') reports.push({ rollout: plan.rollout, rings, steps });
        else terminal.print(text(driftLines(plan, rings, steps)));
      }
      if (flags.format === 'json') terminal.print(`${JSON.stringify({ version: 1, rollouts: reports }, null, 2)}\n`);
      return strongest(codes);
    } finally {
      session.close();
    }
  } catch (error) {
    return refusal(error, terminal);
  }
}

/** Detects drift of a ring. @returns Why it could not be done; `null` when it was. */
async function detect(
  { rollout }: DeclaredRollout,
  { ring, state }: RingPlan,
  { stackSets }: DeploySession,
  terminal: Terminal,
): Promise<string | null> {
  if (state === undefined || state.instances.length === 0) return null;
  const id = operationId([ring.stackSet, 'drift'], state.operations);
  const interrupted = interruption();
  try {
    try {
      await stackSets.detectDrift(ring.stackSet, preferencesOf(rollout), id);
    } catch (error) {
      if ((error as Error).name !== 'OperationIdAlreadyExistsException') throw error;
    }
    const step: Step = { kind: 'awaitOperation', stackSet: ring.stackSet, operationId: id, action: 'DETECT_DRIFT' };
    const failed = await runStep(step, stackSets, runHooks(interrupted, terminal));
    return failed.length === 0 ? null : `it failed in ${count(failed.length, 'place')}`;
  } catch (error) {
    if (error instanceof StalledOperationError) return error.message;
    const diagnostic = awsDiagnostic(error, 'drift cannot be detected');
    if (diagnostic === null) throw error;
    return diagnostic.message;
  } finally {
    interrupted.end();
  }
}

async function driftOf(
  { ring, state }: RingPlan,
  differences: readonly string[],
  notDetected: string | null,
  { overrides }: DriftFlags,
  { stackSets }: DeploySession,
): Promise<RingDrift> {
  const found: { account: string; region: string; parameters: object }[] = [];
  const instances = state?.instances ?? [];
  if (overrides === true) {
    for (const { account, region } of instances) {
      const parameters = await stackSets.parameterOverrides(ring.stackSet, account, region);
      if (Object.keys(parameters).length > 0) found.push({ account, region, parameters });
    }
  }
  return {
    ring: ring.name,
    stackSet: ring.stackSet,
    drift: state?.set.drift ?? null,
    notDetected,
    drifted: instances
      .filter(({ driftStatus }) => driftStatus === 'DRIFTED')
      .map(({ account, region }) => ({ account, region })),
    differences,
    overrides: overrides === true ? found : null,
  };
}

function codeOf({ drifted, differences, overrides, notDetected, drift }: RingDrift): number {
  if (drifted.length > 0 || differences.length > 0 || (overrides ?? []).length > 0) return FINDINGS;
  return notDetected !== null || (drift !== null && drift.status === 'NOT_CHECKED') ? INCOMPLETE : CLEAN;
}

function driftLines(plan: RolloutPlan, rings: readonly RingDrift[], steps: readonly string[]): readonly string[] {
  const lines = [`rollout ${plan.rollout}, release ${plan.release}`];
  for (const { ring, stackSet, drift, notDetected, drifted, differences, overrides } of rings) {
    if (drift === null) {
      lines.push(`ring ${ring}: there is no stack set ${stackSet}`);
      continue;
    }
    const counts = drift.status === 'NOT_CHECKED' ? 'not checked' : `${drift.drifted} of ${drift.total} stacks drifted`;
    lines.push(`ring ${ring}: stack set ${stackSet}, ${counts}${notDetected === null ? '' : ` (${notDetected})`}`);
    for (const { account, region } of drifted) {
      lines.push(`  ${account} ${region}: resources are not as the template says`);
    }
    if (differences.length > 0) lines.push(`  not as declared: ${differences.join(', ')}`);
    for (const { account, region, parameters } of overrides ?? []) {
      lines.push(`  ${account} ${region}: parameters of its own: ${JSON.stringify(parameters)}`);
    }
    if (overrides === null) lines.push('  parameters of single instances were not looked at (--overrides)');
  }
  if (steps.length > 0) lines.push('to what is declared:', ...steps.map((step) => `  ${step}`));
  return lines;
}
