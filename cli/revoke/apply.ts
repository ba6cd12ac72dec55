/** Does what a plan of revocations says, through the executor of policy plans. */
import { visible } from '../../findings/index.js';
import { applyPlan, ChangedMeanwhileError, policiesOfSet, readPolicyState, statusOf } from '../../scp/apply/index.js';
import type { ApplyOutcome, PolicyState } from '../../scp/apply/index.js';
import { REVOCATION_SET, timeText, wantedRevocations } from '../../scp/revoke/index.js';
import type { AwsConnection } from '../aws/connect.js';
import { awsDiagnostic } from '../aws/errors.js';
import { tellDiagnostics } from '../check/tell.js';
import { CLEAN, FINDINGS } from '../exit-codes.js';
import { defaultJournal, JournalFile } from '../scp/journal-file.js';
import { statusLines, stepJson, stepText } from '../scp/plan-report.js';
import { prepare } from '../scp/prepare-plan.js';
import type { PreparedPlan } from '../scp/prepare-plan.js';
import { interruption, StoppedError } from '../scp/run-control.js';
import type { Terminal } from '../terminal.js';
import type { RevocationRun } from './report.js';
import type { RevokeFlags } from './run.js';

/**
 * Makes the calls of a plan. The journal is one of `scp apply`, whose `--resume` and `--undo` take it with
 * `--set revocations`.
 *
 * @returns The exit code: 0 done, 1 stopped half-way.
 * @throws InputError when the plan is refused: a policy of that name belongs to somebody else, or the caller would be denied.
 */
export async function applyRevocations(
  run: RevocationRun,
  state: PolicyState,
  flags: RevokeFlags,
  connection: AwsConnection,
  terminal: Terminal,
  write: (text: string) => void,
): Promise<number> {
  const wanted = wantedRevocations(run.plan, state.root.id);
  const prepared = await prepare(state, wanted, {
    set: REVOCATION_SET,
    ...(flags.callerContext === undefined ? {} : { callerContext: flags.callerContext }),
  });
  const calls = prepared.plan.stages.reduce((sum, { steps }) => sum + steps.length, 0);
  if (calls === 0) {
    write(reportOf(flags.format, run, prepared, null, null));
    return CLEAN;
  }
  const outcome = await execute(prepared, calls, connection, terminal);
  const now = outcome.failure === null ? outcome.state : await stateNow(connection);
  write(reportOf(flags.format, run, prepared, outcome, now));
  if (outcome.failure === null) return CLEAN;
  const { error, step } = outcome.failure;
  const doing = step === null ? 'the check between two stages failed' : `the call to ${stepText(step)} failed`;
  const diagnostic = awsDiagnostic(error, doing);
  if (diagnostic !== null) tellDiagnostics([diagnostic], new Map(), terminal);
  else terminal.tell(`${visible(`error: ${doing}: ${String(error)}`)}\n`);
  const isExpected = diagnostic !== null || error instanceof StoppedError || error instanceof ChangedMeanwhileError;
  // A fault of ours; what is in force has been told first.
  if (!isExpected) throw error;
  return FINDINGS;
}

async function execute(
  { plan, state, wanted }: PreparedPlan,
  calls: number,
  { organizations }: AwsConnection,
  terminal: Terminal,
): Promise<ApplyOutcome> {
  const journal = JournalFile.begin(defaultJournal(REVOCATION_SET), terminal.cwd, {
    version: 1,
    set: REVOCATION_SET,
    organizationId: state.organization.id,
    startedAt: timeText(Date.now()),
    before: policiesOfSet(state, REVOCATION_SET),
    wanted,
    waves: null,
  });
  const interrupted = interruption();
  try {
    journal.entry({ kind: 'begin', mode: 'apply', at: timeText(Date.now()), calls });
    const outcome = await applyPlan(plan, state, organizations, {
      begin: (step, number) => {
        interrupted.check();
        journal.entry({ kind: 'call', number, step: stepText(step) });
      },
      done: (step, number, policyId) => {
        journal.entry({ kind: 'made', number, policyId });
        terminal.tell(`${visible(`${number} of ${calls}: ${stepText(step)}`)}\n`);
      },
      wait: (seconds) => interrupted.wait(seconds),
    });
    if (outcome.failure === null) journal.entry({ kind: 'finished', mode: 'apply', at: timeText(Date.now()) });
    else journal.entry({ kind: 'stopped', message: String(outcome.failure.error) });
    return outcome;
  } finally {
    interrupted.end();
    journal.close();
  }
}

/** What is in force; an answer to a call can get lost. */
async function stateNow({ organizations }: AwsConnection): Promise<PolicyState | null> {
  try {
    return await readPolicyState(organizations);
  } catch {
    return null;
  }
}

function reportOf(
  format: string,
  { plan: { management } }: RevocationRun,
  { plan, state, wanted }: PreparedPlan,
  outcome: ApplyOutcome | null,
  now: PolicyState | null,
): string {
  const done = outcome?.done ?? [];
  const pending = outcome?.pending ?? [];
  const failure = outcome?.failure ?? null;
  const status = statusOf(now ?? outcome?.state ?? state, wanted, plan);
  const result = outcome === null ? 'nothing' : failure === null ? 'applied' : 'stopped';
  const left = [
    ...management.managed.map(({ name }) => `attach the managed policy \`${name}\` to the roles that people enter`),
    ...management.inline.map(({ role, name }) => `put the inline policy \`${name}\` on \`${role}\``),
    ...management.gone.managed.map((name) => `detach and delete the managed policy \`${name}\``),
    ...management.gone.inline.map((role) => `delete the inline policy of \`${role}\``),
  ];
  if (format === 'json') {
    const report = {
      version: 1,
      set: plan.set,
      organization: plan.organizationId,
      result,
      done: done.map(stepJson),
      pending: pending.map(stepJson),
      failure: failure === null ? null : String(failure.error),
      inForce: status.map(({ target, policies }) => ({ target: target.id, path: target.shown, policies })),
      inForceIsRead: failure === null || now !== null,
      leftInManagementAccount: left,
    };
    return `${JSON.stringify(report, null, 2)}\n`;
  }
  const told = {
    nothing: 'Revocations are in force as asked for; no call was made.',
    applied: `Done: ${done.length} calls.`,
    stopped: `Stopped: ${done.length} of ${done.length + pending.length} calls were made.`,
  }[result];
  const lines = [
    told,
    ...(result === 'stopped'
      ? [
          now === null ? 'AWS Organizations does not answer; in force by the calls that it answered:' : 'In force now:',
          ...(status.length === 0 ? ['  nothing'] : statusLines(status)),
          'Give the same command again to go on.',
        ]
      : []),
    ...(left.length === 0 ? [] : ['Left to do in the management account (--out writes the documents):']),
    ...left.map((each) => `  ${each}`),
  ];
  return `${lines.join('\n')}\n`;
}
