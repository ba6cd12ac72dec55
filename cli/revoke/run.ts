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
} from '../../scp/revoke/index.js';
import type { Revocation, RevocationImpact, RevocationPlan } from '../../scp/revoke/index.js';
import type { Caller, PolicyState } from '../../scp/apply/index.js';
import { callerOf, calling, connect } from '../aws/connect.js';
import { badOption, unwritable } from '../check/diagnostics.js';
import { openOutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE } from '../exit-codes.js';
import { readTrailFile, trailFiles } from '../iam/trail-files.js';
import { InputError } from '../input-error.js';
import { readState } from '../scp/prepare-plan.js';
import type { Terminal } from '../terminal.js';
import { documentsOf, revocationReport } from './report.js';
import type { RevocationRun } from './report.js';
import { applyRevocations } from './apply.js';
import { lockedOut } from './locked-out.js';
import { readRoleFiles, readSurroundings, surroundingsOfState } from './sources.js';
import type { Surroundings } from './sources.js';

export interface RevokeFlags {
  readonly user?: readonly string[];
  readonly identityCenterUser?: readonly string[];
  readonly iamUserId?: readonly string[];
  readonly role?: readonly string[];
  readonly before?: string;
  readonly schedule?: boolean;
  readonly expires?: string;
  readonly breakGlass?: readonly string[];
  readonly cleanUp?: boolean;
  readonly plan?: boolean;
  readonly apply?: boolean;
  readonly aws?: boolean;
  readonly organizationOnly?: boolean;
  readonly callerContext?: readonly string[];
  readonly config?: string;
  readonly managementAccount?: string;
  readonly exports?: string;
  readonly current?: readonly string[];
  readonly slots?: string;
  readonly iam?: readonly string[];
  readonly trail?: readonly string[];
  readonly operator?: string;
  readonly at?: string;
  readonly out?: string;
  readonly format: string;
  readonly outputFile?: string;
}

/** Plans, and does what is planned. @returns The exit code; what the user can mend has been told then. */
export async function revoke(flags: RevokeFlags, terminal: Terminal): Promise<number> {
  try {
    const file = flags.outputFile === undefined ? null : openOutputFile(flags.outputFile, terminal.cwd);
    const write = (text: string): void => {
      if (file === null) terminal.print(text);
      else file.write(text);
    };
    const named = flags.operator === undefined ? null : { arn: flags.operator };
    if (flags.apply !== true && flags.aws !== true) {
      return report(await planned(flags, readSurroundings(flags, terminal), named), flags, terminal, write);
    }
    const connection = await connect();
    try {
      const state = await readState(connection);
      const caller = flags.apply === true ? await whoCalls(state, flags) : null;
      const isManagement = caller?.account === state.organization.managementAccountId;
      // SCPs spare the management account; the policies that go there do not spare who puts them.
      const operator = named ?? (isManagement && flags.organizationOnly !== true ? caller : null);
      const run = await planned(flags, surroundingsOfState(state, flags, terminal), operator);
      if (flags.apply !== true) return report(run, flags, terminal, write);
      // The plan is talk here: the report is what was done.
      const code = report(run, { ...flags, format: 'pretty' }, terminal, (text) => {
        terminal.tell(text);
      });
      if (code !== CLEAN) return code;
      return await applyRevocations(run, { state, isManagement }, flags, connection, terminal, write);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
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

async function planned(
  flags: RevokeFlags,
  surroundings: Surroundings,
  operator: (Pick<Caller, 'arn'> & Partial<Caller>) | null,
): Promise<RevocationRun> {
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
