/** Does what a plan of revocations says, through the executor of policy plans. */
import { visible } from '../../findings/index.js';
import {
  applyPlan,
  ChangedMeanwhileError,
  LockLostError,
  policiesOfSet,
  readPolicyState,
  statusOf,
} from '../../scp/apply/index.js';
import type { ApplyOutcome, PolicyState, SetLock } from '../../scp/apply/index.js';
import { managementStepText, REVOCATION_SET, timeText, wantedRevocations } from '../../scp/revoke/index.js';
import type { AwsConnection } from '../aws/connect.js';
import { awsDiagnostic } from '../aws/errors.js';
import { tellDiagnostics } from '../check/tell.js';
import { CLEAN, FINDINGS } from '../exit-codes.js';
import { defaultJournal, JournalFile } from '../scp/journal-file.js';
import { statusLines, stepJson, stepText } from '../scp/plan-report.js';
import { prepare } from '../scp/prepare-plan.js';
import type { PreparedPlan } from '../scp/prepare-plan.js';
import { StoppedError, type Interruption } from '../scp/run-control.js';
import type { Terminal } from '../terminal.js';
import { prepareManagement, runManagement } from './management-apply.js';
import type { ManagementOutcome, PreparedManagement } from './management-apply.js';
import type { RevocationRun } from './report.js';
import type { RevokeFlags } from './flags.js';

/** The organization, and whether the caller is of its management account, where IAM is the caller's to change. */
export interface RevocationPlace {
  readonly state: PolicyState;
  readonly isManagement: boolean;
}

/** What is to be done, in the organization and in IAM of its management account. */
export interface PreparedRevocations {
  readonly run: RevocationRun;
  readonly prepared: PreparedPlan;
  /** `null` when IAM is not the caller's to change. */
  readonly management: PreparedManagement | null;
  /** Calls in both. */
  readonly calls: number;
  readonly close: () => void;
}

/** @throws InputError when the plan is refused: a policy of that name belongs to somebody else, or the caller would be denied. */
export async function prepareRevocations(
  run: RevocationRun,
  { state, isManagement }: RevocationPlace,
  flags: RevokeFlags,
): Promise<PreparedRevocations> {
  const wanted = wantedRevocations(run.plan, state.root.id);
  const prepared = await prepare(state, wanted, {
    set: REVOCATION_SET,
    ...(flags.callerContext === undefined ? {} : { callerContext: flags.callerContext }),
  });
  const account = state.organization.managementAccountId;
  const management =
    isManagement && flags.organizationOnly !== true ? await prepareManagement(run.plan.management, account) : null;
  return {
    run,
    prepared,
    management,
    calls: callsOf(prepared) + (management?.plan.steps.length ?? 0),
    close: () => {
      management?.client.close();
    },
  };
}

const callsOf = ({ plan }: PreparedPlan): number => plan.stages.reduce((sum, { steps }) => sum + steps.length, 0);

/** What a run goes on under. */
interface Hold {
  /** `null` when nothing is to be done. */
  readonly lock: SetLock | null;
  readonly interrupted: Interruption;
}

/**
 * Makes the calls of a plan: SCPs first, which close most accounts at once, then IAM of the management account. The
 * journal is one of `scp apply`, whose `--resume` and `--undo` take it with `--set revocations`.
 *
 * @returns The exit code: 0 done, 1 stopped half-way, or something is left that IAM refused.
 */
export async function applyRevocations(
  { run, prepared, management, calls }: PreparedRevocations,
  format: string,
  connection: AwsConnection,
  terminal: Terminal,
  write: (text: string) => void,
  hold: Hold,
): Promise<number> {
  const outcome = callsOf(prepared) === 0 ? null : await execute(prepared, calls, connection, terminal, hold);
  const failure = outcome?.failure ?? null;
  const now = failure === null ? (outcome?.state ?? null) : await stateNow(connection);
  const inIam =
    management === null || failure !== null
      ? null
      : await runManagement(management, terminal, hold, callsOf(prepared) + 1, calls);
  write(reportOf(format, { run, prepared, outcome, now, management, inIam }));
  return tellFailures(outcome, inIam, terminal);
}

/** @returns The exit code. @throws what is a fault of ours; what is in force has been told then. */
function tellFailures(outcome: ApplyOutcome | null, inIam: ManagementOutcome | null, terminal: Terminal): number {
  const failure = outcome?.failure ?? null;
  const ofSteps = (step: Parameters<typeof stepText>[0] | null): string =>
    step === null ? 'the check between two stages failed' : `the call to ${stepText(step)} failed`;
  const failures = [
    ...(failure === null ? [] : [{ error: failure.error, doing: ofSteps(failure.step) }]),
    ...(inIam?.failures ?? []).map(({ step, error }) => ({
      error,
      doing: `the call to ${managementStepText(step)} failed`,
    })),
  ];
  for (const { error, doing } of failures) {
    const diagnostic = awsDiagnostic(error, doing);
    if (diagnostic !== null) tellDiagnostics([diagnostic], new Map(), terminal);
    else terminal.tell(`${visible(`error: ${doing}: ${String(error)}`)}\n`);
    const isExpected = [StoppedError, ChangedMeanwhileError, LockLostError].some((each) => error instanceof each);
    if (diagnostic === null && !isExpected) throw error;
  }
  // A call whose answer was lost may have been made all the same.
  const isDone = failure === null && (inIam === null || inIam.pending?.length === 0);
  return isDone ? CLEAN : FINDINGS;
}

async function execute(
  { plan, state, wanted }: PreparedPlan,
  calls: number,
  { organizations }: AwsConnection,
  terminal: Terminal,
  { lock, interrupted }: Hold,
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
  try {
    journal.entry({ kind: 'begin', mode: 'apply', at: timeText(Date.now()), calls });
    const outcome = await applyPlan(plan, state, organizations, {
      begin: async (step, number) => {
        interrupted.check();
        await lock?.keep();
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

/** All that the report is made of. */
interface Done {
  readonly run: RevocationRun;
  readonly prepared: PreparedPlan;
  /** `null` when nothing was to be done in the organization. */
  readonly outcome: ApplyOutcome | null;
  readonly now: PolicyState | null;
  /** `null` when IAM is not the caller's to change. */
  readonly management: PreparedManagement | null;
  readonly inIam: ManagementOutcome | null;
}

function leftOf({ run: { plan }, management, inIam }: Done): readonly string[] {
  if (management !== null) {
    return [
      ...(inIam?.pending ?? management.plan.steps).map(managementStepText),
      ...management.plan.left.map(({ arn, why }) => `\`${arn}\`: ${why}`),
    ];
  }
  const twin = plan.management;
  return [
    ...twin.managed.map(({ name }) => `attach the managed policy \`${name}\` to the roles that people enter`),
    ...twin.inline.map(({ role, name }) => `put the inline policy \`${name}\` on \`${role}\``),
    ...twin.gone.managed.map((name) => `detach and delete the managed policy \`${name}\``),
    ...twin.gone.inline.map((role) => `delete the inline policy of \`${role}\``),
  ];
}

function reportOf(format: string, all: Done): string {
  const { prepared, outcome, now, inIam } = all;
  const { plan, state, wanted } = prepared;
  const done = outcome?.done ?? [];
  const pending = outcome?.pending ?? [];
  const failure = outcome?.failure ?? null;
  const status = statusOf(now ?? outcome?.state ?? state, wanted, plan);
  const inIamDone = inIam?.done ?? [];
  const isStopped = failure !== null || (inIam !== null && inIam.pending?.length !== 0);
  const result = isStopped ? 'stopped' : done.length + inIamDone.length === 0 ? 'nothing' : 'applied';
  const left = leftOf(all);
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
      managementAccount:
        inIam === null
          ? null
          : {
              id: inIam.account,
              done: inIam.done,
              pending: inIam.pending,
              failures: inIam.failures.map(({ step, error }) => ({ step, error: String(error) })),
              left: inIam.left,
            },
      leftInManagementAccount: left,
    };
    return `${JSON.stringify(report, null, 2)}\n`;
  }
  const made = done.length + inIamDone.length;
  const told = {
    nothing: 'Revocations are in force as asked for; no call was made.',
    applied: `Done: ${made} call${made === 1 ? '' : 's'}.`,
    stopped: `Stopped: ${made} of ${made + pending.length + (inIam?.pending?.length ?? 0)} calls were made.`,
  }[result];
  const lines = [
    told,
    ...(failure === null
      ? []
      : [
          now === null ? 'AWS Organizations does not answer; in force by the calls that it answered:' : 'In force now:',
          ...(status.length === 0 ? ['  nothing'] : statusLines(status)),
        ]),
    ...(isStopped ? ['Give the same command again to go on.'] : []),
    ...(left.length === 0 ? [] : ['Left to do in the management account (--out writes the documents):']),
    ...left.map((each) => `  ${each}`),
  ];
  return `${lines.join('\n')}\n`;
}
