/** Plans revocations and prints or writes the plan. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkRevocations,
  DEFAULT_BREAK_GLASS,
  ImpactReader,
  planRevocations,
  proveRevocations,
  requestRevocations,
  REVOCATION_SET,
} from '../../scp/revoke/index.js';
import type { Revocation, RevocationImpact, RevocationPlan } from '../../scp/revoke/index.js';
import { sameBesideLocks } from '../../scp/apply/index.js';
import type { Caller, PolicyState, SetLock } from '../../scp/apply/index.js';
import { callerOf, calling, type AwsConnection } from '../aws/connect.js';
import { badOption, unwritable } from '../check/diagnostics.js';
import { openOutputFile } from '../check/output-file.js';
import { CLEAN, FINDINGS, INCOMPLETE } from '../exit-codes.js';
import { readTrailFile, trailFiles } from '../iam/trail-files.js';
import { InputError } from '../input-error.js';
import { giveBack, lockWait, takeLock } from '../scp/lock.js';
import { readState } from '../scp/prepare-plan.js';
import { interruption } from '../scp/run-control.js';
import type { Terminal } from '../terminal.js';
import { documentsOf, revocationReport } from './report.js';
import type { RevocationRun } from './report.js';
import { applyRevocations, prepareRevocations, type PreparedRevocations } from './apply.js';
import { lockedOut } from './locked-out.js';
import { readRoleFiles, readSurroundings, surroundingsOfState } from './sources.js';
import type { Surroundings } from './sources.js';
import { attempt, connected } from '../scp/attempt.js';
import type { RevokeFlags } from './flags.js';

/** Plans, and does what is planned. @returns The exit code; what the user can mend has been told then. */
export function revoke(flags: RevokeFlags, terminal: Terminal): Promise<number> {
  return attempt(terminal, async () => {
    const file = flags.outputFile === undefined ? null : openOutputFile(flags.outputFile, terminal.cwd);
    const write = (text: string): void => {
      if (file === null) terminal.print(text);
      else file.write(text);
    };
    const named = flags.operator === undefined ? null : { arn: flags.operator };
    if (flags.apply !== true && flags.aws !== true) {
      return report(await planned(flags, readSurroundings(flags, terminal), named), flags, terminal, write);
    }
    return connected(async (connection) => {
      if (flags.apply === true) return await applied(flags, named, connection, terminal, write);
      const state = await readState(connection);
      return report(await planned(flags, surroundingsOfState(state, flags, terminal), named), flags, terminal, write);
    });
  });
}

type Operator = (Pick<Caller, 'arn'> & Partial<Caller>) | null;

/** Plans and does it; what another run did while this one waited for the lock is planned with anew. */
async function applied(
  flags: RevokeFlags,
  named: Operator,
  connection: AwsConnection,
  terminal: Terminal,
  write: (text: string) => void,
): Promise<number> {
  lockWait(flags);
  const interrupted = interruption();
  let lock: SetLock | null = null;
  try {
    for (;;) {
      const state = await readState(connection);
      const caller = await whoCalls(state, flags);
      const isManagement = caller.account === state.organization.managementAccountId;
      // SCPs spare the management account; the policies that go there do not spare who puts them.
      const operator = named ?? (isManagement && flags.organizationOnly !== true ? caller : null);
      const run = await planned(flags, surroundingsOfState(state, flags, terminal), operator);
      // The plan is talk here: the report is what was done.
      const code = report(run, { ...flags, format: 'pretty' }, terminal, (text) => {
        terminal.tell(text);
      });
      if (code !== CLEAN) return code;
      const prepare = (): Promise<PreparedRevocations> => prepareRevocations(run, { state, isManagement }, flags);
      let prepared = await prepare();
      try {
        if (lock === null && prepared.calls > 0) {
          lock = await takeLock(REVOCATION_SET, flags, connection, interrupted, terminal);
          if (!sameBesideLocks(state, await readState(connection))) {
            terminal.tell('The organization has changed meanwhile: this is the plan now.\n');
            continue;
          }
          // IAM may have changed meanwhile as well.
          prepared.close();
          prepared = await prepare();
        }
        return await applyRevocations(prepared, flags.format, connection, terminal, write, { lock, interrupted });
      } finally {
        prepared.close();
      }
    }
  } finally {
    if (lock !== null) await giveBack(lock, REVOCATION_SET, terminal);
    interrupted.end();
  }
}

/** Who makes the calls. @throws InputError when AWS refuses. */
function whoCalls(state: PolicyState, { callerContext }: RevokeFlags): Promise<Caller> {
  return calling('it cannot be told who calls', () => callerOf(state, callerContext ?? [], Date.now()));
}

/** Tells the plan and writes its documents. @returns The exit code of a plan. */
function report(run: RevocationRun, flags: RevokeFlags, terminal: Terminal, write: (text: string) => void): number {
  const isWhole = run.plan.overflow === null && run.lockedOut.length === 0;
  // Half of what was asked for must not look like all of it.
  if (flags.out !== undefined && isWhole) writeDocuments(flags.out, run, terminal.cwd);
  write(revocationReport(run, flags.format, isWhole ? flags.out : undefined));
  if (!isWhole || run.proofs.some(({ proof }) => proof.kind === 'FAILS')) return FINDINGS;
  return run.proofs.some(({ proof }) => proof.kind === 'UNKNOWN') ? INCOMPLETE : CLEAN;
}

async function planned(flags: RevokeFlags, surroundings: Surroundings, operator: Operator): Promise<RevocationRun> {
  const now = timeOf(flags.at);
  const roles = readRoleFiles(flags.iam);
  const { added, breakGlass } = asked(flags, now, surroundings);
  const { inForce, slots, managementAccount } = surroundings;
  const plan = planRevocations({ now, inForce, added, breakGlass, slots, managementAccount });
  const impact = flags.trail === undefined ? null : await impactOf(plan, flags.trail, managementAccount);
  return {
    plan,
    impact,
    surroundings,
    isCleanUp: flags.cleanUp === true,
    lockedOut: operator === null ? [] : lockedOut(plan, operator.arn, operator.context),
    checks: checkRevocations({ plan, impact, roles, managementAccount }),
    // What does not fit is not done, and need not be proven.
    proofs: plan.overflow === null ? proveRevocations(plan) : [],
  };
}

/** What is asked for, with the roles that are spared already unless others are named. */
function asked(
  flags: RevokeFlags,
  now: number,
  { inForce }: Surroundings,
): { readonly added: readonly Revocation[]; readonly breakGlass: readonly string[] } {
  const known = inForce.find(({ breakGlass }) => breakGlass.length > 0)?.breakGlass;
  const breakGlass = flags.breakGlass ?? known ?? DEFAULT_BREAK_GLASS;
  if (flags.cleanUp === true) return { added: [], breakGlass };
  const { revocations, diagnostics } = requestRevocations({
    now,
    breakGlass,
    users: flags.user ?? [],
    identityCenterUsers: flags.identityCenterUser ?? [],
    iamUsers: flags.iamUserId ?? [],
    roles: flags.role ?? [],
    scheduled: flags.schedule === true,
    ...(flags.before === undefined ? {} : { before: flags.before }),
    ...(flags.expires === undefined ? {} : { expires: flags.expires }),
  });
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return { added: revocations, breakGlass };
}

function timeOf(at: string | undefined): number {
  if (at === undefined) return Date.now();
  const time = Date.parse(at);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at) && !Number.isNaN(time)) return time;
  throw new InputError([badOption('--at', `\`${at}\` is no time in UTC`, 'such as `2026-01-31T10:00:00Z`')]);
}

async function impactOf(
  plan: RevocationPlan,
  paths: readonly string[],
  managementAccount: string | undefined,
): Promise<RevocationImpact> {
  const reader = new ImpactReader(plan, managementAccount);
  for (const path of trailFiles(paths)) {
    await readTrailFile(path, (record) => {
      reader.add(record);
    });
  }
  return reader.finish();
}

function writeDocuments(folder: string, run: RevocationRun, cwd: string): void {
  const documents = documentsOf(run);
  try {
    for (const { file } of documents) mkdirSync(join(folder, file, '..'), { recursive: true });
  } catch (error) {
    throw new InputError([unwritable(folder, error)]);
  }
  // All are looked at before the first is written.
  const files = documents.map(({ file, text }) => ({ text, output: openOutputFile(join(folder, file), cwd) }));
  for (const { text, output } of files) output.write(text);
}
