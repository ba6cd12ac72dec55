/** A replay as the options of `stackade iam replay` ask for it: guardrails, and the files that are read. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Policy } from '../../iam/index.js';
import { RecordTexts, Replay } from '../../scp/replay/index.js';
import type { Fingerprints, Guardrails, Levels } from '../../scp/replay/index.js';
import type { Value } from '../../template/index.js';
import { fullAccess, readOrganizationPolicies } from '../scp/organization-policies.js';
import type { Terminal } from '../terminal.js';
import { readPolicyFile } from './input.js';
import { rcpApplies } from './rcp-scope.js';
import type { Placed } from './replay-report.js';
import type { ReplayAnswer } from './replay-threads.js';
import { readTrailFile } from './trail-files.js';
import type { ReplayFlags } from './replay-flags.js';

/** A replay that has read nothing yet. */
export interface PreparedReplay {
  readonly replay: Replay;
  /** Where accounts stand; nothing without a description of the organization. */
  readonly place: Placed | undefined;
}

/** Reads the policies. @param events - Remembers which records came before. @throws InputError when one of them cannot be read. */
export function prepareReplay(
  flags: ReplayFlags,
  terminal: Terminal,
  events: Pick<Fingerprints, 'add'>,
): PreparedReplay {
  const { guardrails: proposed, place } = sideOf(flags, terminal);
  const baseline = baselineOf(flags, terminal);
  return {
    replay: new Replay({ proposed, ...(baseline === undefined ? {} : { baseline }), rcpApplies }, events),
    place,
  };
}

/**
 * For a process that does nothing but replay: what comes out of a record is done with at once, so that a larger room for
 * new values would only hold what nobody needs.
 */
export function keepSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** From so many records on little memory counts more than time. */
const LONG = 150_000;

/**
 * From now on garbage is collected as soon as the memory has grown a little. V8 reckons with the memory that was left at the
 * last collection of all garbage; before the first one it lets the memory grow several times as large.
 */
function collectOften(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}

/** Replays files one after the other. @throws InputError when one of them cannot be read. */
export async function replayFiles(replay: Replay, files: readonly string[]): Promise<void> {
  const texts = new RecordTexts();
  let records = 0;
  const add = (record: Value): void => {
    replay.add(record);
    if (++records === LONG) collectOften();
  };
  for (const path of files) await readTrailFile(path, add, texts);
}

/** Replays the part of a thread. @throws InputError when a file cannot be read. */
export async function replayPart(
  replay: Replay,
  events: Fingerprints,
  files: readonly string[],
): Promise<ReplayAnswer> {
  await replayFiles(replay, files);
  return { kind: 'done', report: replay.report.data(), events: events.entries() };
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
