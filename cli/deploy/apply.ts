/** `stackade deploy apply`: goes through the waves, and tells what is in force wherever it stops. */
import type { Command } from 'commander';
import { visible } from '../../findings/index.js';
import {
  ChangedMeanwhileError,
  OperationUnderWayError,
  runRollout,
  StalledOperationError,
} from '../../stacksets/index.js';
import type { RolloutPlan, RunHooks, RunOutcome, Step } from '../../stacksets/index.js';
import { awsDiagnostic } from '../aws/errors.js';
import { badOption } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE, strongest } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { interruption, StoppedError } from '../scp/run-control.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { readDeclaration, type DeclaredRollout } from './declaration.js';
import { underWay } from './diagnostics.js';
import { deployOptions, planningOptions, promotionOptions } from './options.js';
import { planAll, planOne, refusal, refuse, type PlanFlags } from './plan.js';
import { openSession, type DeploySession } from './session.js';
import { awaitedText, count, decisionText, failedLines, planJson, planLines, stepText, text } from './words.js';

export interface ApplyFlags extends PlanFlags {
  readonly resume?: boolean;
  readonly promote?: readonly string[];
  readonly wait?: string;
}

/**
 * Adds `apply` to `deploy`. Exit code: 0 as declared; 1 stopped, or a wave is not good; 2 refused, bad input, or another
 * run is at work; 3 a gate waits for time or use, or places stay unfinished that may.
 */
export function registerApply(parent: Command): void {
  const command = parent.command('apply').description('brings rollouts to the organization, wave by wave (AWS)');
  promotionOptions(planningOptions(deployOptions(command)))
    .option('--resume', 'go on with operations that a run before has begun')
    .action(async (flags: ApplyFlags) => {
      process.exitCode = await runApply(flags, processTerminal());
    });
}

/** How one rollout ended. */
interface Ended {
  readonly plan: RolloutPlan | null;
  readonly outcome: RunOutcome | null;
  readonly failure: string | null;
  readonly code: number;
}

/** @returns The exit code. */
export async function runApply(flags: ApplyFlags, terminal: Terminal): Promise<number> {
  try {
    const minutes = Number(flags.wait ?? '0');
    if (!(minutes >= 0 && minutes <= 10_080)) {
      throw new InputError([
        badOption('--wait', `\`${flags.wait ?? ''}\` is no number of minutes`, 'up to a week: 10080'),
      ]);
    }
    const declaration = readDeclaration(flags, terminal);
    checkPromoted(flags.promote ?? [], declaration.rollouts);
    const session = await openSession(declaration.organization);
    try {
      // All rollouts are looked at before the first call for one of them.
      await planAll(declaration, session, flags);
      const ended: Ended[] = [];
      for (const declared of declaration.rollouts) {
        const one = await applyOne(declared, session, flags, minutes * 60, terminal);
        ended.push(one);
        report(declared, one, flags.format, terminal);
        if (one.code !== CLEAN && one.code !== INCOMPLETE) break;
      }
      return strongest(ended.map(({ code }) => code));
    } finally {
      session.close();
    }
  } catch (error) {
    return refusal(error, terminal);
  }
}

function checkPromoted(promoted: readonly string[], rollouts: readonly DeclaredRollout[]): void {
  const names = rollouts.flatMap(({ rollout: { waves } }) => waves.map(({ name }) => name));
  for (const name of promoted) {
    if (names.includes(name)) continue;
    throw new InputError([badOption('--promote', `there is no wave \`${name}\``, `name one of ${names.join(', ')}`)]);
  }
}

async function applyOne(
  declared: DeclaredRollout,
  session: DeploySession,
  flags: ApplyFlags,
  patienceSeconds: number,
  terminal: Terminal,
): Promise<Ended> {
  const interrupted = interruption();
  let last: RolloutPlan | null = null;
  const plan = async (): Promise<RolloutPlan> => {
    const isFirst = last === null;
    last = await planOne(declared, await session.tree(), session, flags);
    if (isFirst) {
      refuse(last.problems);
      terminal.tell(text(planLines(last)));
    }
    return last;
  };
  try {
    const { rollout } = declared;
    const outcome = await runRollout(
      {
        plan,
        operations: session.stackSets,
        results: await session.results(rollout),
        hookType: rollout.hook?.type ?? null,
        hooks: runHooks(interrupted, terminal),
      },
      { resume: flags.resume === true, promoted: flags.promote ?? [], patienceSeconds },
    );
    return { plan: last, outcome, failure: null, code: codeOf(outcome, last) };
  } catch (error) {
    return failed(error, last, terminal);
  } finally {
    interrupted.end();
  }
}

function codeOf(outcome: RunOutcome, plan: RolloutPlan | null): number {
  if (outcome.kind === 'waits' || outcome.kind === 'awaits') return INCOMPLETE;
  if (outcome.kind !== 'finished') return FINDINGS;
  return plan?.rings.some(({ unfinished }) => unfinished.length > 0) === true ? INCOMPLETE : CLEAN;
}

/** Tells what ended a run. @throws what the user cannot mend. */
function failed(error: unknown, plan: RolloutPlan | null, terminal: Terminal): Ended {
  if (error instanceof InputError) {
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return { plan, outcome: null, failure: error.message, code: plan === null ? BAD_INPUT : FINDINGS };
  }
  const stopped = { plan, outcome: null, failure: String(error), code: FINDINGS };
  if (error instanceof OperationUnderWayError) {
    const help =
      'another run may be at work: wait for its end; if it was interrupted, `stackade deploy apply --resume` goes on with it';
    tellDiagnostics([underWay(error.message, help)], new Map(), terminal);
    return { ...stopped, code: BAD_INPUT };
  }
  if (error instanceof ChangedMeanwhileError) {
    const help = 'apply from one place at a time; `stackade deploy status` tells what is in force';
    tellDiagnostics([underWay(error.message, help)], new Map(), terminal);
    return stopped;
  }
  if (error instanceof StalledOperationError) {
    const help = `look into the accounts (\`stackade deploy status\`); \`aws cloudformation stop-stack-set-operation --stack-set-name ${error.stackSet} --operation-id ${error.operationId}\` ends it, \`--resume\` waits on`;
    tellDiagnostics([underWay(error.message, help)], new Map(), terminal);
    return stopped;
  }
  if (error instanceof StoppedError) return stopped;
  const diagnostic = awsDiagnostic(error, 'the rollout stopped');
  if (diagnostic === null) throw error;
  tellDiagnostics([diagnostic], new Map(), terminal);
  return stopped;
}

/** Tells on standard error what is done, and how far an operation is. */
export function runHooks(interrupted: ReturnType<typeof interruption>, terminal: Terminal): RunHooks {
  let told = '';
  const tell = (line: string): void => {
    terminal.tell(`${visible(line)}\n`);
  };
  return {
    now: Date.now,
    wait: async (seconds) => {
      await interrupted.wait(seconds);
      interrupted.check();
    },
    stage: ({ title }) => {
      tell(`${title}:`);
    },
    begin: (step: Step) => {
      interrupted.check();
      told = '';
      tell(`  ${stepText(step)}`);
    },
    progress: (_, operation, results) => {
      const over = results.filter(({ status }) => status !== 'PENDING' && status !== 'RUNNING');
      const bad = over.filter(({ status }) => status !== 'SUCCEEDED').length;
      // Of a long operation a line is told for each tenth.
      const tenth = results.length === 0 ? 0 : Math.floor((over.length * 10) / results.length);
      const key = `${operation.status} ${tenth} ${bad}`;
      if (key === told) return;
      told = key;
      tell(`    ${operation.status}: ${over.length} of ${results.length} done${bad === 0 ? '' : `, ${bad} failed`}`);
    },
    done: (_, bad) => {
      for (const line of failedLines(bad)) tell(`  ${line}`);
    },
    gate: ({ wave }, decision) => {
      tell(`gate behind ${wave}: ${decisionText(decision)}`);
    },
  };
}

function report({ rollout }: DeclaredRollout, ended: Ended, format: string, terminal: Terminal): void {
  const { plan, outcome, failure } = ended;
  const unfinished =
    plan?.rings.flatMap((ring) => ring.unfinished.map((place) => ({ ring: ring.ring.name, ...place }))) ?? [];
  const result = outcome?.kind ?? 'stopped';
  const reasons = reasonsOf(outcome);
  if (format === 'json') {
    const json = {
      version: 1,
      rollout: rollout.name,
      result,
      reasons,
      failure,
      unfinished,
      plan: plan && planJson(plan),
    };
    terminal.print(`${JSON.stringify(json, null, 2)}\n`);
    return;
  }
  const lines: string[] = [];
  if (outcome?.kind === 'finished') {
    lines.push(
      `The rollout ${rollout.name} is as declared${unfinished.length === 0 ? '.' : `, but for ${count(unfinished.length, 'place')}:`}`,
    );
  } else if (outcome !== null && 'gate' in outcome) {
    const how = outcome.kind === 'waits' ? 'waits' : 'is held';
    lines.push(
      `The rollout ${rollout.name} ${how} behind the wave ${outcome.gate.wave}:`,
      ...reasons.map((reason) => `  ${reason}`),
    );
    lines.push(
      outcome.kind === 'waits'
        ? `\`stackade deploy apply\` goes on when that has come; \`--promote ${outcome.gate.wave}\` does without.`
        : '`stackade deploy apply` goes on when that is mended.',
    );
  } else if (outcome?.kind === 'awaits') {
    lines.push(
      `The rollout ${rollout.name} waits for what it depends on, before ${outcome.stage.title}:`,
      ...reasons.map((reason) => `  ${reason}`),
      '`stackade deploy apply` goes on when that is in force.',
    );
  } else if (outcome?.kind === 'incomplete') {
    lines.push(
      `The rollout ${rollout.name} is incomplete: ${outcome.stage.title} was tried and is not done.`,
      ...failedLines(outcome.failed),
    );
  } else if (plan !== null) {
    lines.push(`The rollout ${rollout.name} stopped; \`stackade deploy apply --resume\` goes on.`);
  }
  if (outcome?.kind === 'finished') {
    for (const { ring, account, region, why } of unfinished.slice(0, MOST_UNFINISHED)) {
      lines.push(`  ${ring} ${account} ${region}: ${why}`);
    }
    const more = unfinished.length - MOST_UNFINISHED;
    if (more > 0) lines.push(`  and ${more} more: \`stackade deploy status\``);
  }
  if (lines.length > 0) terminal.print(text(lines));
}

/** What a run waits for. */
function reasonsOf(outcome: RunOutcome | null): readonly string[] {
  if (outcome?.kind === 'awaits') return outcome.stage.awaits.map(awaitedText);
  return outcome !== null && 'decision' in outcome ? outcome.decision.reasons : [];
}

const MOST_UNFINISHED = 20;
