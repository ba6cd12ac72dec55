/**
 * Brings a rollout to what is declared. Before each stage what there is is read again and planned anew: so a run that was
 * killed at any call is gone on with by the next one, from any machine, without a file of its own.
 */
import { isOwn, isRunning } from './content.js';
import type { DestroyPlan } from './destroy.js';
import { decideGate, type Evidence, type GateDecision } from './gate.js';
import { inTurn } from './in-turn.js';
import type { RolloutPlan } from './rollout-plan.js';
import type {
  AwsOperation,
  AwsOperationResult,
  HookResultsReader,
  StackSetsReader,
  StackSetsWriter,
} from './reader.js';
import type { Gate, Stage, Step } from './steps.js';

/** What happens around the calls. Whatever is thrown here ends the run. */
export interface RunHooks {
  /** Time in milliseconds. */
  readonly now: () => number;
  /** Waits before an operation is looked at again. */
  readonly wait: (seconds: number) => Promise<void>;
  readonly stage?: (stage: Stage) => void;
  /** Before a call. */
  readonly begin?: (step: Step) => void;
  /** While an operation runs, with what is known of its places. */
  readonly progress?: (step: Step, operation: AwsOperation, results: readonly AwsOperationResult[]) => void;
  /** After a step, with the places in which it failed. */
  readonly done?: (step: Step, failed: readonly AwsOperationResult[]) => void;
  readonly gate?: (gate: Gate, decision: GateDecision) => void;
}

export interface RunOptions {
  /** Goes on with operations that are running already. `@default` false: they are somebody else's */
  readonly resume?: boolean;
  /** Waves that somebody has promoted. */
  readonly promoted?: readonly string[];
  /** How long to wait for gates that time or use may open. `@default` 0 */
  readonly patienceSeconds?: number;
}

/** Another run is at work. */
export class OperationUnderWayError extends Error {
  constructor(
    readonly stackSet: string,
    readonly operationId: string | null,
  ) {
    super(
      operationId === null
        ? `an operation is under way on the stack set \`${stackSet}\``
        : `the operation \`${operationId}\` is under way on the stack set \`${stackSet}\``,
    );
  }
}

/** Something changes what this run has made. */
export class ChangedMeanwhileError extends Error {}

/** An operation is under way, and nothing of it comes to its end. */
export class StalledOperationError extends Error {
  constructor(
    readonly stackSet: string,
    readonly operationId: string,
    readonly status: string,
  ) {
    super(
      `the operation \`${operationId}\` of the stack set \`${stackSet}\` is ${status}, and in ${STILL_SECONDS / 3_600} hours no account of it came to its end`,
    );
  }
}

/** How a run ended. */
export type RunOutcome =
  | { readonly kind: 'finished' }
  /** A gate is not open. */
  | { readonly kind: 'waits' | 'held'; readonly gate: Gate; readonly decision: GateDecision }
  /** Rollouts that this one depends on are not in force where it goes on. */
  | { readonly kind: 'awaits'; readonly stage: Stage }
  /** A stage was tried and is not done. */
  | { readonly kind: 'incomplete'; readonly stage: Stage; readonly failed: readonly AwsOperationResult[] };

export type StackSetsOperations = StackSetsReader & StackSetsWriter;

/** Seconds between two looks at an operation: short at first, for small rings. */
const LOOKS = [0.03, 0.07, 0.2, 0.3, 0.5, 1, 2, 2, 5, 5, 10];
/** For so long an operation may show no change; a stack may take hours by itself, but not that many. */
const STILL_SECONDS = 3 * 3_600;
/** Stages of one run, waits for operations of others among them: more means that somebody begins others all the time. */
const MOST_STAGES = 1_000;
/** A look at each place costs a page for each hundred of them: done every few looks only. */
const LOOKS_PER_RESULTS = 3;
/** Tries for a call while another operation runs. */
const BUSY_TRIES = 5;
const GATE_PAUSE_SECONDS = 30;

export interface Run {
  /** Reads what there is and plans. */
  readonly plan: () => Promise<RolloutPlan>;
  readonly operations: StackSetsOperations;
  /** Asks for hook results; `null` when nobody can be asked. */
  readonly results: HookResultsReader | null;
  readonly hookType: string | null;
  readonly hooks: RunHooks;
}

/**
 * Runs until everything is as declared, a gate is shut, or a stage cannot be brought to its end.
 *
 * @throws OperationUnderWayError, ChangedMeanwhileError, what the operations throw, and what the hooks throw.
 */
export async function runRollout(run: Run, options: RunOptions = {}): Promise<RunOutcome> {
  const tries = new Map<string, number>();
  let failed: readonly AwsOperationResult[] = [];
  let patience = options.patienceSeconds ?? 0;
  for (let isFirst = true; ; isFirst = false) {
    if (tries.size > MOST_STAGES) {
      throw new ChangedMeanwhileError(
        `after ${MOST_STAGES} stages there is still something else to do: somebody else changes the stack sets`,
      );
    }
    // INVARIANT: nothing is remembered of what was done but which stages were tried; a run that begins here goes on.
    const plan = await run.plan();
    if (plan.problems.length > 0) {
      throw new ChangedMeanwhileError(plan.problems.map(({ message }) => message).join('; '));
    }
    const own = plan.running.find((each) => each.isOwn);
    if (own !== undefined && isFirst && options.resume !== true) {
      throw new OperationUnderWayError(own.stackSet, own.operationId);
    }
    const stage = nextStage(plan, tries);
    if (stage === null) return { kind: 'finished' };
    const tried = tries.get(stage.key) ?? 0;
    if (tried > 0) {
      // A wave begins once: when its content is not there afterwards, somebody has put another in its place.
      if (stage.key.startsWith('wave ')) {
        throw new ChangedMeanwhileError(
          `after the stage "${stage.title}" the stack set does not hold what it was given: somebody else changes it`,
        );
      }
      return { kind: 'incomplete', stage, failed };
    }
    if (stage.awaits.length > 0) {
      if (patience <= 0) return { kind: 'awaits', stage };
      await run.hooks.wait(GATE_PAUSE_SECONDS);
      patience -= GATE_PAUSE_SECONDS;
      continue;
    }
    if (stage.gate !== null) {
      const decision = await decide(run, stage.gate, options);
      run.hooks.gate?.(stage.gate, decision);
      if (decision.verdict !== 'OPEN') {
        if (decision.verdict === 'CLOSED' || patience <= 0) {
          return { kind: decision.verdict === 'CLOSED' ? 'held' : 'waits', gate: stage.gate, decision };
        }
        await run.hooks.wait(GATE_PAUSE_SECONDS);
        patience -= GATE_PAUSE_SECONDS;
        continue;
      }
    }
    tries.set(stage.key, tried + 1);
    failed = await runStage(run, stage);
  }
}

/** The first stage that has not been tried, or whose being unfinished is not accepted. */
function nextStage(plan: RolloutPlan, tries: ReadonlyMap<string, number>): Stage | null {
  return (
    plan.stages.find((stage) => {
      if (!tries.has(stage.key) || stage.key.startsWith('wave ')) return true;
      const ring = plan.rings.find(({ ring: { stackSet } }) => stackSet === stage.steps[0]?.stackSet);
      return ring === undefined || ring.unfinished.length > stage.mayStayUnfinished || ring.unfinished.length === 0;
    }) ?? null
  );
}

async function decide(run: Run, gate: Gate, { promoted = [] }: RunOptions): Promise<GateDecision> {
  const { results, hookType, hooks } = run;
  const evidence: Evidence = { now: hooks.now(), isPromoted: promoted.includes(gate.wave), results: null, notRead: [] };
  if (hookType === null || results === null) return decideGate(gate, evidence);
  const places = gate.accounts.flatMap((account) => gate.regions.map((region) => ({ account, region })));
  const read = await inTurn(places, async ({ account, region }) => {
    try {
      return { results: await results.hookResults(account, region, hookType), notRead: [] };
    } catch (error) {
      return { results: [], notRead: [{ account, region, why: (error as Error).message.split('\n', 1)[0]! }] };
    }
  });
  return decideGate(gate, {
    ...evidence,
    results: read.flatMap((each) => each.results),
    notRead: read.flatMap((each) => each.notRead),
  });
}

async function runStage(run: Pick<Run, 'operations' | 'hooks'>, stage: Stage): Promise<readonly AwsOperationResult[]> {
  run.hooks.stage?.(stage);
  const failed: AwsOperationResult[] = [];
  for (const step of stage.steps) {
    run.hooks.begin?.(step);
    const here = await runStep(step, run.operations, run.hooks);
    failed.push(...here);
    run.hooks.done?.(step, here);
  }
  return failed;
}

/** What is left of a rollout that is taken away. */
export interface DestroyRun {
  readonly plan: () => Promise<DestroyPlan>;
  readonly operations: StackSetsOperations;
  readonly hooks: RunHooks;
}

/**
 * Takes a rollout away, planning anew before each step.
 *
 * @throws what {@link runRollout} throws.
 */
export async function runDestroy({ plan, operations, hooks }: DestroyRun, resume = false): Promise<RunOutcome> {
  const tried = new Set<string>();
  let failed: readonly AwsOperationResult[] = [];
  for (let isFirst = true; ; isFirst = false) {
    const { stages, problems } = await plan();
    if (problems.length > 0) throw new ChangedMeanwhileError(problems.map(({ message }) => message).join('; '));
    const [stage] = stages;
    if (stage === undefined) return { kind: 'finished' };
    const [step] = stage.steps;
    if (isFirst && !resume && step?.kind === 'awaitOperation' && isOwn({ id: step.operationId })) {
      throw new OperationUnderWayError(step.stackSet, step.operationId);
    }
    if (tried.has(stage.key)) return { kind: 'incomplete', stage, failed };
    tried.add(stage.key);
    failed = await runStage({ operations, hooks }, stage);
  }
}

/** Makes one step and waits for its end. @returns The places in which it failed. */
export async function runStep(
  step: Step,
  operations: StackSetsOperations,
  hooks: RunHooks,
): Promise<readonly AwsOperationResult[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      await call(step, operations);
      break;
    } catch (error) {
      const { name } = error as Error;
      // The same operation, begun by a call whose answer got lost, or by another run of the same declaration.
      if (name === 'OperationIdAlreadyExistsException') break;
      if (name === 'StackSetNotFoundException' && step.kind === 'deleteStackSet') break;
      if (name === 'NameAlreadyExistsException' && step.kind === 'createStackSet' && (await isMade(step, operations))) {
        break;
      }
      if (name !== 'OperationInProgressException') throw error;
      if (tries >= BUSY_TRIES) throw new OperationUnderWayError(step.stackSet, null);
      await hooks.wait(2 ** tries);
    }
  }
  if (step.kind === 'createStackSet' || step.kind === 'deleteStackSet') return [];
  return ended(step, operations, hooks);
}

async function isMade(
  { stackSet, content }: Extract<Step, { readonly kind: 'createStackSet' }>,
  operations: StackSetsOperations,
): Promise<boolean> {
  const set = await operations.describeStackSet(stackSet);
  return set !== null && Object.entries(content.tags).every(([key, value]) => set.tags[key] === value);
}

async function call(step: Step, operations: StackSetsOperations): Promise<void> {
  switch (step.kind) {
    case 'createStackSet':
      return operations.createStackSet(step.stackSet, step.content, `stackade-${step.content.digest}`);
    case 'updateStackSet':
      return operations.updateStackSet(step.stackSet, step.content, step.preferences, step.operationId);
    case 'stopAutoDeployment':
      return operations.stopAutoDeployment(step.stackSet, step.preferences, step.operationId);
    case 'createInstances':
      return operations.createInstances(step.stackSet, step.targets, step.regions, step.preferences, step.operationId);
    case 'deleteInstances': {
      const { stackSet, targets, regions, retainStacks, preferences } = step;
      return operations.deleteInstances(stackSet, targets, regions, retainStacks, preferences, step.operationId);
    }
    case 'deleteStackSet':
      return operations.deleteStackSet(step.stackSet);
    case 'awaitOperation':
      return undefined;
  }
}

/** Waits for the end of an operation. An operation that SUCCEEDED can hide places that failed, so each is looked at. */
async function ended(
  step: Exclude<Step, { readonly kind: 'createStackSet' | 'deleteStackSet' }>,
  operations: StackSetsOperations,
  hooks: RunHooks,
): Promise<readonly AwsOperationResult[]> {
  const { stackSet, operationId } = step;
  let before = '';
  let still = 0;
  for (let looks = 0; ; looks += 1) {
    const operation = await operations.describeOperation(stackSet, operationId);
    if (operation === null) {
      throw new ChangedMeanwhileError(`the stack set \`${stackSet}\` knows no operation \`${operationId}\``);
    }
    if (!isRunning(operation)) {
      const results = await operations.listOperationResults(stackSet, operationId);
      hooks.progress?.(step, operation, results);
      return results.filter(({ status }) => status === 'FAILED' || status === 'CANCELLED');
    }
    if (looks % LOOKS_PER_RESULTS === 0) {
      const results = await operations.listOperationResults(stackSet, operationId);
      hooks.progress?.(step, operation, results);
      const now = `${operation.status} ${results.filter(({ status }) => status !== 'PENDING' && status !== 'RUNNING').length}`;
      if (now !== before) still = 0;
      before = now;
    }
    if (still > STILL_SECONDS) throw new StalledOperationError(stackSet, operationId, operation.status);
    const pause = LOOKS[Math.min(looks, LOOKS.length - 1)]!;
    await hooks.wait(pause);
    still += pause;
  }
}
