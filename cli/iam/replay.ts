/** `stackade iam replay`: what recorded calls would have met under other guardrails. */
import type { Command } from 'commander';
import { Fingerprints, NearIds } from '../../scp/replay/index.js';
import type { ReplayReport } from '../../scp/replay/index.js';
import { openOutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { REPLAY_FORMATS, replayText } from './replay-report.js';
import type { ReplayFormat } from './replay-report.js';
import { keepSmall, prepareReplay, replayFiles, replayPart } from './replay-run.js';
import type { ReplayFlags } from './replay-flags.js';
import type { PreparedReplay } from './replay-run.js';
import { partsOf, replayInThreads } from './replay-threads.js';
import { trailFiles } from './trail-files.js';

export type { ReplayFlags } from './replay-flags.js';

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
    .option('--threads <number>', 'threads that read files, each with memory of its own', '1')
    .option('--format <format>', REPLAY_FORMATS.join(', '), 'pretty')
    .option('--output-file <file>', 'write the report to a file');
  command.action(async (flags: ReplayFlags) => {
    const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: BAD_INPUT });
    if (!(REPLAY_FORMATS as readonly string[]).includes(flags.format)) {
      refuse(`--format is one of ${REPLAY_FORMATS.join(', ')}`);
    }
    if (!/^(?:[1-9]|[1-5]\d|6[0-4])$/.test(flags.threads ?? '1')) refuse('--threads is a number from 1 to 64');
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
    keepSmall();
    process.exitCode = await runReplay(flags, processTerminal());
  });
}

/** Replays a trail. @returns The exit code. */
export async function runReplay(flags: ReplayFlags, terminal: Terminal): Promise<number> {
  try {
    const file = flags.outputFile === undefined ? undefined : openOutputFile(flags.outputFile, terminal.cwd);
    const files = trailFiles(flags.trail);
    const parts = partsOf(files, Number(flags.threads ?? '1'));
    const { report, place } = await replayed(flags, files, parts, terminal);
    const text = replayText(report, flags.format as ReplayFormat, { files: files.length, place });
    if (file === undefined) terminal.print(text);
    else file.write(text);
    const { newlyDenied, cannotTell } = report.counts;
    if (newlyDenied > 0) return FINDINGS;
    return cannotTell > 0 || report.incomplete.size > 0 ? INCOMPLETE : CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

/**
 * Replays files, with more memory or in fewer threads where that is needed to tell which records came before.
 *
 * @param near - Remembers the ids that came last.
 */
export async function replayed(
  flags: ReplayFlags,
  files: readonly string[],
  parts: readonly (readonly string[])[],
  terminal: Terminal,
  near = new NearIds(),
): Promise<{ readonly report: ReplayReport; readonly place: PreparedReplay['place'] }> {
  const all = new Fingerprints();
  const { replay, place } = prepareReplay(flags, terminal, parts.length > 1 ? all : near);
  if (parts.length > 1) {
    const report = await replayInThreads(flags, parts, (own) => replayPart(replay, all, own));
    if (report !== null) return { report, place };
  } else {
    await replayFiles(replay, files);
    if (!near.isTooFew) return { report: replay.report, place };
  }
  terminal.tell(
    'Records come again far from where they came first: the trail is read once more, with all ids in memory.\n',
  );
  const again = prepareReplay(flags, terminal, new Fingerprints());
  await replayFiles(again.replay, files);
  return { report: again.replay.report, place };
}
