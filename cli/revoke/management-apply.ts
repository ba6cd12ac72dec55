/** Does in IAM of the management account what a plan of revocations says, which SCPs do not do there. */
import { visible } from '../../findings/index.js';
import { LockLostError } from '../../scp/apply/index.js';
import type { SetLock } from '../../scp/apply/index.js';
import { managementStepText, planManagement } from '../../scp/revoke/index.js';
import type { ManagementPlan, ManagementStep, ManagementTwin } from '../../scp/revoke/index.js';
import { calling } from '../aws/connect.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import { StoppedError, type Interruption } from '../scp/run-control.js';
import type { Terminal } from '../terminal.js';
import { managementClient, type ManagementClient } from './management.js';

/** A plan with the client that it was made by. */
export interface PreparedManagement {
  readonly plan: ManagementPlan;
  readonly client: ManagementClient;
  readonly twin: ManagementTwin;
  readonly account: string;
}

/** What came of it. */
export interface ManagementOutcome {
  readonly account: string;
  readonly done: readonly ManagementStep[];
  /** By what is there now; `null` when it could not be read. */
  readonly pending: readonly ManagementStep[] | null;
  readonly failures: readonly { readonly step: ManagementStep; readonly error: unknown }[];
  readonly left: ManagementPlan['left'];
}

/** Reads IAM and plans. @throws InputError when AWS refuses, or a policy of the name is somebody else's. */
export async function prepareManagement(twin: ManagementTwin, account: string): Promise<PreparedManagement> {
  const client = await managementClient(account);
  try {
    const state = await calling(
      'IAM of the management account cannot be read (--organization-only leaves it alone)',
      () => client.read(),
    );
    const plan = planManagement(twin, state);
    if (plan.foreign.length > 0) {
      throw new InputError(
        plan.foreign.map((name) =>
          badOption(
            '--apply',
            `the managed policy \`${name}\` of the management account was not made by \`stackade revoke\``,
            'rename it, or leave IAM alone with --organization-only',
          ),
        ),
      );
    }
    return { plan, client, twin, account };
  } catch (error) {
    client.close();
    throw error;
  }
}

/**
 * Makes the calls. A role that IAM refuses does not keep the others from being done; what is left over is read at the end.
 *
 * @param first - Number of the first call. @param all - Number of all calls, for telling.
 */
export async function runManagement(
  { plan, client, twin, account }: PreparedManagement,
  terminal: Terminal,
  { lock, interrupted }: { readonly lock: SetLock | null; readonly interrupted: Interruption },
  first: number,
  all: number,
): Promise<ManagementOutcome> {
  const done: ManagementStep[] = [];
  const failures: { step: ManagementStep; error: unknown }[] = [];
  const broken = new Set<string>();
  for (const [index, step] of plan.steps.entries()) {
    // What goes wrong with a policy itself is no basis for the calls that need it.
    if (broken.has(step.name)) continue;
    try {
      interrupted.check();
      await lock?.keep();
      await client.run(step);
      done.push(step);
      terminal.tell(`${visible(`${first + index} of ${all}: ${managementStepText(step)}`)}\n`);
    } catch (error) {
      failures.push({ step, error });
      if (/Policy(?:Version)?$/.test(step.kind) && !('entity' in step) && !('role' in step)) broken.add(step.name);
      const wasAnswered = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata
        ?.httpStatusCode;
      if (error instanceof StoppedError || error instanceof LockLostError || wasAnswered === undefined) break;
    }
  }
  if (failures.length === 0) return { account, done, pending: [], failures, left: plan.left };
  let pending: readonly ManagementStep[] | null = null;
  try {
    pending = planManagement(twin, await client.read()).steps;
  } catch {
    // It is told that nobody answered.
  }
  return { account, done, pending, failures, left: plan.left };
}
