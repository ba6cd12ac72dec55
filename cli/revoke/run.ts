/** Plans revocations and prints or writes the plan. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compilePolicies, evaluate, readRequest } from '../../iam/index.js';
import type { Policy } from '../../iam/index.js';
import {
  checkRevocations,
  DEFAULT_BREAK_GLASS,
  HOUR,
  ImpactReader,
  planRevocations,
  policiesOf,
  proveRevocations,
  requestRevocations,
  timeText,
} from '../../scp/revoke/index.js';
import type { Revocation, RevocationImpact, RevocationPlan } from '../../scp/revoke/index.js';
import { connect } from '../aws/connect.js';
import { badOption, unwritable } from '../check/diagnostics.js';
import { openOutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE } from '../exit-codes.js';
import { readTrailFile, trailFiles } from '../iam/trail-files.js';
import { InputError } from '../input-error.js';
import { fullAccess } from '../scp/organization-policies.js';
import { readState } from '../scp/prepare-plan.js';
import type { Terminal } from '../terminal.js';
import { documentsOf, revocationReport } from './report.js';
import type { RevocationRun } from './report.js';
import { applyRevocations } from './apply.js';
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
    if (flags.apply !== true && flags.aws !== true) {
      return report(await planned(flags, readSurroundings(flags, terminal)), flags, terminal, write);
    }
    const connection = await connect();
    try {
      const state = await readState(connection);
      const run = await planned(flags, surroundingsOfState(state, flags, terminal));
      if (flags.apply !== true) return report(run, flags, terminal, write);
      // The plan is talk here: the report is what was done.
      const code = report(run, { ...flags, format: 'pretty' }, terminal, (text) => {
        terminal.tell(text);
      });
      return code === CLEAN ? await applyRevocations(run, state, flags, connection, terminal, write) : code;
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
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

async function planned(flags: RevokeFlags, surroundings: Surroundings): Promise<RevocationRun> {
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
    lockedOut: flags.operator === undefined ? [] : lockedOut(plan, flags.operator),
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

/** Names of the statements that deny the operator. */
function lockedOut(plan: RevocationPlan, operator: string): readonly string[] {
  const session = /^(arn:[a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(operator);
  const { value: request } = readRequest({
    principal: operator,
    action: 'organizations:UpdatePolicy',
    resource: '*',
    // The id of a session ends with its name, and so may its source identity. The session is open already.
    context: {
      'aws:TokenIssueTime': timeText(plan.now - HOUR),
      'aws:CurrentTime': timeText(plan.now),
      ...(session === null ? {} : { 'aws:userid': `AROAEXAMPLE:${session[4]!}`, 'aws:SourceIdentity': session[4]! }),
    },
  });
  if (request === undefined || !/^arn:[a-z-]+:(?:iam|sts)::\d{12}:./.test(operator)) {
    const help = '`aws sts get-caller-identity` prints it as `Arn`';
    throw new InputError([badOption('--operator', `\`${operator}\` is no ARN of a caller`, help)]);
  }
  const { scps, twin } = policiesOf(plan);
  const everything: Policy = fullAccess('scp');
  const none = { boundary: null, session: null, rcps: null, resource: null, vpcEndpoint: null };
  // Whether the operator works in the management account is no matter: both must let through.
  const set = compilePolicies({ ...none, identity: [everything, ...twin], scps: [[everything, ...scps]] });
  const { decision, by } = evaluate(set, request, { unknownContext: false });
  return decision === 'ALLOW' ? [] : by.map(({ sid }) => sid ?? 'a statement');
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
