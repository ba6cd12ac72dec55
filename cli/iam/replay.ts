/** `stackade iam replay`: what recorded calls would have met under other guardrails. */
import type { Command } from 'commander';
import type { Policy } from '../../iam/index.js';
import { Replay } from '../../scp/replay/index.js';
import type { Guardrails, Levels } from '../../scp/replay/index.js';
import { openOutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { fullAccess, readOrganizationPolicies } from '../scp/organization-policies.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { readPolicyFile } from './input.js';
import { rcpApplies } from './rcp-scope.js';
import { REPLAY_FORMATS, replayText } from './replay-report.js';
import type { Placed, ReplayFormat } from './replay-report.js';
import { readTrailFile, trailFiles } from './trail-files.js';

export interface ReplayFlags {
  readonly trail: readonly string[];
  readonly config?: string;
  readonly scps?: readonly string[];
  readonly rcps?: readonly string[];
  readonly boundary?: readonly string[];
  readonly baselineConfig?: string;
  readonly baselineScps?: readonly string[];
  readonly baselineRcps?: readonly string[];
  readonly baselineBoundary?: readonly string[];
  readonly format: string;
  readonly outputFile?: string;
}

/**
 * Adds `replay` to `iam`. Sets the exit code: 0 when no call is newly denied, 1 when some are, 3 when that cannot be told
 * of some, 2 for bad input.
 */
export function registerReplay(parent: Command): void {
  const command = parent
    .command('replay')
    .description('tells which recorded calls SCPs, RCPs and boundaries would deny or no longer deny')
    .requiredOption('--trail <paths...>', 'files or folders of a CloudTrail trail')
    .option('--config <file>', 'description of the organization (org.yaml): policies by account')
    .option('--scps <files...>', 'SCPs, attached beside FullAWSAccess, for every account')
    .option('--rcps <files...>', 'RCPs, for the resources of every account')
    .option('--boundary <files...>', 'permissions boundary of every user and role')
    .option('--baseline-config <file>', 'what was in force, as --config; without a baseline the trail tells')
    .option('--baseline-scps <files...>', 'what was in force, as --scps')
    .option('--baseline-rcps <files...>', 'what was in force, as --rcps')
    .option('--baseline-boundary <files...>', 'what was in force, as --boundary')
    .option('--format <format>', REPLAY_FORMATS.join(', '), 'pretty')
    .option('--output-file <file>', 'write the report to a file');
  command.action(async (flags: ReplayFlags) => {
    const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: BAD_INPUT });
    if (!(REPLAY_FORMATS as readonly string[]).includes(flags.format)) {
      refuse(`--format is one of ${REPLAY_FORMATS.join(', ')}`);
    }
    if ([flags.config, flags.scps, flags.rcps, flags.boundary].every((one) => one === undefined)) {
      refuse('give --config, --scps, --rcps or --boundary: what is to be replayed');
    }
    for (const [config, lists, name] of [
      [flags.config, [flags.scps, flags.rcps], '--config'],
      [flags.baselineConfig, [flags.baselineScps, flags.baselineRcps], '--baseline-config'],
    ] as const) {
      if (config !== undefined && lists.some((list) => list !== undefined)) {
        refuse(`${name} names SCPs and RCPs already; give one or the other`);
      }
    }
    process.exitCode = await runReplay(flags, processTerminal());
  });
}

/** Replays a trail. @returns The exit code. */
export async function runReplay(flags: ReplayFlags, terminal: Terminal): Promise<number> {
  try {
    const file = flags.outputFile === undefined ? undefined : openOutputFile(flags.outputFile, terminal.cwd);
    const { guardrails: proposed, place } = sideOf(flags, terminal);
    const baseline = baselineOf(flags, terminal);
    const replay = new Replay({ proposed, ...(baseline === undefined ? {} : { baseline }), rcpApplies });
    const files = trailFiles(flags.trail);
    for (const path of files) {
      await readTrailFile(path, (record) => {
        replay.add(record);
      });
    }
    const text = replayText(replay.report, flags.format as ReplayFormat, { files: files.length, place });
    if (file === undefined) terminal.print(text);
    else file.write(text);
    const { newlyDenied, cannotTell } = replay.report.counts;
    if (newlyDenied > 0) return FINDINGS;
    return cannotTell > 0 || replay.report.incomplete.size > 0 ? INCOMPLETE : CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

interface Side {
  readonly guardrails: Guardrails;
  readonly place: Placed | undefined;
}

type SideFlags = Pick<ReplayFlags, 'config' | 'scps' | 'rcps' | 'boundary'>;

function baselineOf(flags: ReplayFlags, terminal: Terminal): Guardrails | undefined {
  const side: SideFlags = {
    ...(flags.baselineConfig === undefined ? {} : { config: flags.baselineConfig }),
    ...(flags.baselineScps === undefined ? {} : { scps: flags.baselineScps }),
    ...(flags.baselineRcps === undefined ? {} : { rcps: flags.baselineRcps }),
    ...(flags.baselineBoundary === undefined ? {} : { boundary: flags.baselineBoundary }),
  };
  return Object.keys(side).length === 0 ? undefined : sideOf(side, terminal).guardrails;
}

function sideOf({ config, scps, rcps, boundary }: SideFlags, terminal: Terminal): Side {
  const read = (paths: readonly string[], kind: 'scp' | 'rcp' | 'boundary'): readonly Policy[] =>
    paths.map((path) => readPolicyFile(path, kind).policy);
  const bounds = boundary === undefined ? null : read(boundary, 'boundary');
  if (config !== undefined) {
    const { levels, unitOf } = readOrganizationPolicies(config, terminal);
    const of = (kind: 'scp' | 'rcp') => (account: string) => levels(account, kind);
    return { guardrails: { scps: of('scp'), rcps: of('rcp'), boundary: bounds }, place: unitOf };
  }
  const everywhere = (paths: readonly string[] | undefined, kind: 'scp' | 'rcp'): Levels =>
    paths === undefined ? null : [[fullAccess(kind), ...read(paths, kind)]];
  const [service, resource] = [everywhere(scps, 'scp'), everywhere(rcps, 'rcp')];
  return { guardrails: { scps: () => service, rcps: () => resource, boundary: bounds }, place: undefined };
}
