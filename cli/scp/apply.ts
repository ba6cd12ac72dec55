/** `stackade scp apply`: makes the calls of a plan, and tells what is in force wherever it stops. */
import { Option, type Command } from 'commander';
import { visible } from '../../findings/index.js';
import { MANAGED_POLICY_IDS } from '../../organization/index.js';
import {
  applyPlan,
  ChangedMeanwhileError,
  journalStatus,
  LockLostError,
  policiesOfSet,
  readPolicyState,
  sameBesideLocks,
  statusOf,
  textChanges,
} from '../../scp/apply/index.js';
import type { ApplyOutcome, ApplyPlan, Journal, PolicyState, SetLock, WantedPolicies } from '../../scp/apply/index.js';
import type { AwsConnection } from '../aws/connect.js';
import { awsDiagnostic } from '../aws/errors.js';
import { badOption } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { CLEAN, FINDINGS } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { badJournal } from './apply-diagnostics.js';
import { defaultJournal, JournalFile, openJournal } from './journal-file.js';
import { planOptions } from './plan.js';
import { planText, statusLines, stepJson, stepText } from './plan-report.js';
import { giveBack, lockOptions, lockWait, takeLock, type LockFlags } from './lock.js';
import { check, interruption, StoppedError, type Interruption } from './run-control.js';
import { prepare, readState, wantedIn, type PlanFlags, type PreparedPlan } from './prepare-plan.js';
import { attempt, connected } from './attempt.js';

interface Flags extends PlanFlags, LockFlags {
  readonly config?: string;
  readonly resume?: boolean;
  readonly undo?: boolean;
  readonly journal?: string;
  readonly pause: string;
  readonly check?: string;
  readonly format: string;
}

/**
 * Adds `apply` to `scp`. Exit code: 0 as described (or, with `--undo`, as before), 1 stopped half-way, 2 refused, bad
 * input, or AWS not reached before the first call.
 */
export function registerApply(parent: Command): void {
  const command = parent
    .command('apply')
    .description('brings the policies of a description to the organization, in waves (AWS)')
    .option('--config <file>', 'the description of the organization')
    .addOption(new Option('--resume', 'go on with a run that was interrupted').conflicts(['config', 'undo']))
    .addOption(new Option('--undo', 'bring back what was there before the last run').conflicts(['config']));
  lockOptions(planOptions(command))
    .option('--pause <seconds>', 'how long to wait between two stages', '30')
    .option('--check <command>', 'a command that is run between two stages; the run stops when it fails')
    .option('--journal <file>', 'where the run notes what it does (default: .stackade/apply-SET.jsonl)')
    .action(async (flags: Flags) => {
      process.exitCode = await runApply(flags, processTerminal());
    });
}

/** What a run is to do. */
interface Task extends PreparedPlan {
  readonly mode: 'apply' | 'undo';
  /** Begins the journal, or goes on with it. */
  readonly open: () => JournalFile;
}

/** @returns The exit code. */
export function runApply(flags: Flags, terminal: Terminal): Promise<number> {
  return attempt(terminal, async () => {
    const pause = Number(flags.pause);
    if (flags.pause.trim() === '' || !(pause >= 0 && pause <= 86_400)) {
      throw new InputError([
        badOption('--pause', `\`${flags.pause}\` is no number of seconds`, 'such as 60; 0 to go on at once'),
      ]);
    }
    return connected(async (connection) => {
      lockWait(flags);
      const task = await taskOf(flags, connection, terminal);
      if (task.plan.stages.length === 0 && flags.resume !== true && flags.undo !== true) {
        terminal.print(reportOf(flags.format, 'nothing', task, null, [], null));
        return CLEAN;
      }
      const interrupted = interruption();
      try {
        const lock = await takeLock(flags.set, flags, connection, interrupted, terminal);
        try {
          return await run(await planLocked(task, flags, connection, terminal), pause, flags, connection, terminal, {
            lock,
            interrupted,
          });
        } finally {
          await giveBack(lock, flags.set, terminal);
        }
      } finally {
        interrupted.end();
      }
    });
  });
}

/**
 * The plan as it is now that the lock is held: what was done before, by who held the lock until then, is none of it any
 * more.
 */
async function planLocked(task: Task, flags: Flags, connection: AwsConnection, terminal: Terminal): Promise<Task> {
  const isSame = sameBesideLocks(task.state, await readState(connection));
  const now = isSame ? task : await taskOf(flags, connection, terminal);
  const { plan, state, wanted } = now;
  if (!isSame) terminal.tell('The organization has changed meanwhile: this is the plan now.\n');
  if (plan.stages.length > 0) terminal.tell(planText(plan, state, textChanges(state, wanted, plan.set), null));
  return now;
}

async function taskOf(flags: Flags, connection: AwsConnection, terminal: Terminal): Promise<Task> {
  const file = flags.journal ?? defaultJournal(flags.set);
  const journal = openJournal(file, terminal.cwd);
  if (flags.resume === true || flags.undo === true) return againTask(flags, file, journal, connection, terminal);
  if (flags.config === undefined) {
    throw new InputError([badOption('--config', 'is missing', 'name the description, or give --resume or --undo')]);
  }
  if (journal !== null && !journalStatus(journal).isFinished) {
    throw new InputError([
      badJournal(
        `a run that began at ${journal.header.startedAt} has not come to its end (\`${file}\`)`,
        '`stackade scp apply --resume` goes on with it, `--undo` takes it back',
      ),
    ]);
  }
  const state = await readState(connection);
  const prepared = await prepare(state, wantedIn(flags.config, state, terminal), flags);
  const header = {
    version: 1,
    set: flags.set,
    organizationId: state.organization.id,
    startedAt: new Date().toISOString(),
    before: policiesOfSet(state, flags.set, fullAccessTaken(prepared.plan)),
    wanted: prepared.wanted,
    waves: prepared.waves,
  } as const;
  return { ...prepared, mode: 'apply', open: () => JournalFile.begin(file, terminal.cwd, header) };
}

/** The targets that the plan takes `FullAWSAccess` away from: to undo, it has to come back there. */
function fullAccessTaken({ stages }: ApplyPlan): Readonly<Record<string, boolean>> {
  const taken = stages
    .flatMap(({ steps }) => steps)
    .flatMap((step) =>
      step.kind === 'detachPolicy' && step.policy.id === MANAGED_POLICY_IDS.scp ? [step.target.id] : [],
    );
  return Object.fromEntries(taken.map((id) => [id, true]));
}

async function againTask(
  flags: Flags,
  file: string,
  journal: Journal | null,
  connection: AwsConnection,
  terminal: Terminal,
): Promise<Task> {
  if (journal === null) {
    throw new InputError([
      badJournal(
        `there is no journal \`${file}\``,
        flags.undo === true
          ? 'name it with --journal; without one nobody knows what was there before, since AWS Organizations keeps no versions'
          : 'name it with --journal; or give --config: a plan of the same description goes on where the other stopped',
      ),
    ]);
  }
  const { header } = journal;
  const status = journalStatus(journal);
  if (flags.resume === true && status.isFinished) {
    throw new InputError([
      badJournal(`the run of \`${file}\` came to its end`, 'give --config for a new one, or --undo to take it back'),
    ]);
  }
  if (header.set !== flags.set) {
    throw new InputError([
      badJournal(
        `\`${file}\` is the journal of the set \`${header.set}\``,
        `give --set ${header.set}, or another --journal`,
      ),
    ]);
  }
  const state = await readState(connection);
  if (state.organization.id !== header.organizationId) {
    throw new InputError([
      badJournal(
        `\`${file}\` is the journal of ${header.organizationId}, the credentials are of ${state.organization.id}`,
        'take the credentials of that organization',
      ),
    ]);
  }
  // What is resumed may itself be an undo.
  const mode = flags.undo === true ? 'undo' : status.mode;
  const wanted: WantedPolicies = mode === 'undo' ? header.before : header.wanted;
  const prepared = await prepare(state, wanted, flags, {
    ...(flags.wave === undefined && header.waves !== null && { waves: header.waves }),
    restoreFullAwsAccess: mode === 'undo',
  });
  return { ...prepared, mode, open: () => JournalFile.goOn(file, terminal.cwd) };
}

async function run(
  task: Task,
  pause: number,
  flags: Flags,
  connection: AwsConnection,
  terminal: Terminal,
  { lock, interrupted }: { readonly lock: SetLock; readonly interrupted: Interruption },
): Promise<number> {
  const { plan, state, mode, wanted } = task;
  const calls = plan.stages.reduce((sum, { steps }) => sum + steps.length, 0);
  const isAgain = flags.resume === true || flags.undo === true;
  if (calls === 0 && !isAgain) {
    terminal.print(reportOf(flags.format, 'nothing', task, null, [], null));
    return CLEAN;
  }
  const journal = task.open();
  let outcome: ApplyOutcome;
  try {
    journal.entry({ kind: 'begin', mode, at: new Date().toISOString(), calls });
    outcome = await applyPlan(plan, state, connection.organizations, {
      begin: async (step, number) => {
        interrupted.check();
        await lock.keep();
        journal.entry({ kind: 'call', number, step: stepText(step) });
      },
      done: (step, number, createdId) => {
        journal.entry({ kind: 'made', number, policyId: createdId });
        terminal.tell(visible(`${number} of ${calls}: ${stepText(step)}`) + '\n');
      },
      between: async (finished, next) => {
        terminal.tell(`${finished.title}: done. Next: ${next.title}${pause > 0 ? `, in ${pause} s` : ''}\n`);
        await lock.wait(pause);
        interrupted.check();
        if (flags.check !== undefined) await lock.during(check(flags.check, next.title, terminal));
      },
      wait: (seconds) => interrupted.wait(seconds),
    });
    if (outcome.failure === null) journal.entry({ kind: 'finished', mode, at: new Date().toISOString() });
    else journal.entry({ kind: 'stopped', message: String(outcome.failure.error) });
  } finally {
    journal.close();
  }
  if (outcome.failure === null) {
    terminal.print(
      reportOf(
        flags.format,
        mode === 'undo' ? 'undone' : 'applied',
        task,
        outcome,
        statusOf(outcome.state, wanted, plan),
        null,
      ),
    );
    return CLEAN;
  }
  return stopped(task, outcome, flags, connection, terminal);
}

async function stopped(
  task: Task,
  outcome: ApplyOutcome,
  { format }: Flags,
  { organizations }: AwsConnection,
  terminal: Terminal,
): Promise<number> {
  const { error, step } = outcome.failure!;
  const doing = step === null ? 'the check between two stages failed' : `the call to ${stepText(step)} failed`;
  const diagnostic = awsDiagnostic(error, doing);
  if (diagnostic !== null) tellDiagnostics([diagnostic], new Map(), terminal);
  else terminal.tell(visible(`error: ${doing}: ${String(error)}`) + '\n');
  // What the calls were told is one thing, what is in force another: an answer can get lost.
  let now: PolicyState | null = null;
  try {
    now = await readPolicyState(organizations);
  } catch {
    // Told in the report.
  }
  const status = statusOf(now ?? outcome.state, task.wanted, task.plan);
  terminal.print(reportOf(format, 'stopped', task, outcome, status, now !== null));
  const isExpected =
    diagnostic !== null || [StoppedError, ChangedMeanwhileError, LockLostError].some((each) => error instanceof each);
  // A fault of ours; what is in force has been told first.
  if (!isExpected) throw error;
  return FINDINGS;
}

type Result = 'nothing' | 'applied' | 'undone' | 'stopped';

/** @param wasRead - Of a run that stopped: whether what is in force could be read. */
function reportOf(
  format: string,
  result: Result,
  { plan, mode }: Task,
  outcome: ApplyOutcome | null,
  status: ReturnType<typeof statusOf>,
  wasRead: boolean | null,
): string {
  const { set, organizationId, notes } = plan;
  const done = outcome?.done ?? [];
  const pending = outcome?.pending ?? [];
  const failure = outcome?.failure ?? null;
  if (format === 'json') {
    const report = {
      version: 1,
      set,
      organization: organizationId,
      result,
      done: done.map(stepJson),
      pending: pending.map(stepJson),
      failure: failure === null ? null : String(failure.error),
      inForce: status.map(({ target, type, policies, others }) => ({
        target: target.id,
        path: target.shown,
        type,
        policies,
        others,
      })),
      inForceIsRead: wasRead,
      notes,
    };
    return `${JSON.stringify(report, null, 2)}\n`;
  }
  if (result !== 'stopped') {
    const told = {
      nothing: `The policies of the set ${set} in ${organizationId} are as described.`,
      applied: `The policies of the set ${set} in ${organizationId} are in force: ${callsText(done.length)}.`,
      undone: `The policies of the set ${set} in ${organizationId} are as they were before: ${callsText(done.length)}.`,
    }[result];
    return `${told}\n`;
  }
  const source =
    wasRead === true
      ? 'In force now, as AWS Organizations says:'
      : 'AWS Organizations does not answer. In force by the calls that it answered (the one that failed may have been made as well):';
  const failed = failure?.step ?? null;
  const lines = [
    `Stopped: ${done.length} of ${done.length + pending.length} calls were made${failed === null ? '' : `, not sure is: ${stepText(failed)}`}.`,
    source,
    ...(status.length === 0 ? ['  nothing of this set'] : statusLines(status)),
    `\`stackade scp apply --resume\` goes on${mode === 'undo' ? ' with taking it back' : ', `--undo` takes it back'}.`,
  ];
  return `${lines.join('\n')}\n`;
}

const callsText = (made: number): string => `${made} call${made === 1 ? '' : 's'}`;
