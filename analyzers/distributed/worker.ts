/**
 * The three steps of a distributed scan: begin, scan a batch, put together. Each may be made again: what lies in the bucket
 * already is not scanned twice, and equal answers give equal bytes, whoever scans the parts and in whatever order.
 */
import type { Scan } from '../scan/model.js';
import type { StoredFailure, UnitResult } from '../scan/result.js';
import { runTasks } from '../scan/run.js';
import type { JournalHeader, OrganizationRecord } from '../scan/journal.js';
import { taskKey, type Task } from '../scan/tasks.js';
import { planBatches, RunKeys, type Batch } from './batches.js';

/** Texts by key. */
export interface RunStore {
  /** @returns `null` when there is none. */
  get(key: string): Promise<string | null>;
  /** In place of what is there. */
  put(key: string, text: string | Iterable<string>): Promise<void>;
  /** All keys that begin so. */
  list(prefix: string): Promise<readonly string[]>;
}

/** What a scan begins with: the first two records of its journal. */
export interface Begun {
  readonly header: JournalHeader;
  readonly organization: OrganizationRecord;
}

/** What only who runs the steps can bring: calls of AWS, checks, settings. */
export interface ScanParts {
  /** Reads the organization as it is now. */
  begin(): Promise<Begun>;
  /** All parts of the scan, in order. */
  tasks(begun: Begun): readonly Task[];
  /** Makes ready to scan parts. */
  scanner(begun: Begun): Promise<(task: Task) => Promise<UnitResult>>;
  /** Ids of the checks of one part, for a part that nobody could scan. */
  checksOf(begun: Begun, task: Task): readonly string[];
  /** @param results - By `taskKey`, one for each task. */
  assemble(begun: Begun, tasks: readonly Task[], results: ReadonlyMap<string, UnitResult>): Scan;
  /** The form in which scans are kept, piece by piece. */
  print(scan: Scan): string | Iterable<string>;
}

/** A run that was not begun, or a batch of another one. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** A batch whose time ended before its parts did; the next attempt goes on where this one stopped. */
export class UnfinishedBatch extends Error {
  override readonly name = 'UnfinishedBatch';
}

/** What the first step tells the map. */
export interface BeginAnswer {
  readonly run: string;
  /** Key of the items. */
  readonly batches: string;
  readonly count: number;
}

/**
 * Reads the organization and writes the batches. A run that was begun already is not begun anew: its parts belong to the
 * organization as it was then.
 *
 * @param perBatch - Parts of a batch, at most.
 */
export async function beginRun(run: string, perBatch: number, store: RunStore, parts: ScanParts): Promise<BeginAnswer> {
  const keys = new RunKeys(run);
  const begun = (await readBegun(keys, store)) ?? (await parts.begin());
  const batches = planBatches(parts.tasks(begun), perBatch);
  await store.put(keys.begun, JSON.stringify(begun));
  await store.put(keys.batches, JSON.stringify(batches));
  return { run, batches: keys.batches, count: batches.length };
}

export interface BatchOptions {
  /** Parts at one time. */
  readonly concurrency: number;
  /** Whether the time is running out, so that no further part shall be begun. */
  readonly isLate: () => boolean;
}

/**
 * Scans a batch and keeps what it found, also when it could not finish.
 *
 * @returns How many parts it has; no more, since answers of functions are small.
 * @throws UnfinishedBatch when its time ended; RunError when the run does not know the batch.
 */
export async function scanBatch(
  run: string,
  batch: Batch,
  { concurrency, isLate }: BatchOptions,
  store: RunStore,
  parts: ScanParts,
): Promise<{ readonly batch: string; readonly parts: number }> {
  const keys = new RunKeys(run);
  const begun = await readBegun(keys, store);
  if (begun === null) throw new RunError(`the run \`${run}\` was not begun: \`${keys.begun}\` is missing`);
  const known = new Map(parts.tasks(begun).map((task) => [keyOf(task), task]));
  const tasks = batch.parts.map((key) => {
    const task = known.get(key);
    if (task === undefined) throw new RunError(`the run \`${run}\` has no part \`${key}\``);
    return task;
  });
  const results = new Map((await readResults(keys.result(batch.id), store)).map((result) => [taskKey(result), result]));
  const before = results.size;
  const scan = await parts.scanner(begun);
  let finished: boolean;
  try {
    finished = await runTasks({
      tasks,
      isDone: (key) => results.has(key),
      concurrency,
      scan,
      keep: (result) => results.set(taskKey(result), result),
      isStopped: isLate,
    });
  } finally {
    // In the order of the batch, so that the bytes do not tell which part was faster.
    const inOrder = batch.parts.flatMap((key) => results.get(key) ?? []);
    if (results.size > before) await store.put(keys.result(batch.id), JSON.stringify(inOrder));
  }
  if (!finished) {
    throw new UnfinishedBatch(`${results.size} of ${tasks.length} parts of batch ${batch.id} are finished`);
  }
  return { batch: batch.id, parts: tasks.length };
}

/** The code of parts that no attempt could scan. */
export const NOT_SCANNED = 'NOT_SCANNED';

/** What putting together says. */
export interface MergeAnswer {
  readonly run: string;
  /** Key of the scan. */
  readonly scan: string;
  readonly findings: number;
  /** Parts that no attempt could scan; all their checks are NOT EVALUATED there. */
  readonly lost: number;
}

/**
 * Puts the scan together and writes it. A part that no batch has is not left out: it says that nothing could be evaluated.
 *
 * @throws RunError when the run was not begun.
 */
export async function mergeRun(run: string, store: RunStore, parts: ScanParts): Promise<MergeAnswer> {
  const keys = new RunKeys(run);
  const begun = await readBegun(keys, store);
  if (begun === null) throw new RunError(`the run \`${run}\` was not begun: \`${keys.begun}\` is missing`);
  const tasks = parts.tasks(begun);
  const results = new Map<string, UnitResult>();
  const wanted = new Set(tasks.map(keyOf));
  const found = [...(await store.list(keys.results))].sort();
  // Several at a time: a large run has tens of thousands of objects.
  for (let from = 0; from < found.length; from += READS_AT_ONCE) {
    const some = found.slice(from, from + READS_AT_ONCE);
    for (const batch of await Promise.all(some.map((key) => readResults(key, store)))) {
      for (const result of batch) if (wanted.has(taskKey(result))) results.set(taskKey(result), result);
    }
  }
  let lost = 0;
  let scanSkipped: ((task: Task) => Promise<UnitResult>) | null = null;
  for (const task of tasks) {
    const key = keyOf(task);
    if (results.has(key)) continue;
    if (task.skip === null) {
      lost++;
      results.set(key, lostPart(task, parts.checksOf(begun, task)));
    } else {
      scanSkipped ??= await parts.scanner(begun);
      results.set(key, await scanSkipped(task));
    }
  }
  const scan = parts.assemble(begun, tasks, results);
  await store.put(keys.scan, parts.print(scan));
  return { run, scan: keys.scan, findings: scan.findings.length, lost };
}

const READS_AT_ONCE = 32;

function keyOf({ account, region }: Task): string {
  return taskKey({ account: account.id, region });
}

function lostPart({ account, region }: Task, checks: readonly string[]): UnitResult {
  const message = 'no attempt to scan it has ended; the run of the state machine tells why';
  const failures: readonly StoredFailure[] = [
    { step: 'batch', code: NOT_SCANNED, message, checks: [...checks].sort() },
  ];
  return { account: account.id, region, outcome: 'closed', failures, concerned: [], findings: [], extracts: {} };
}

async function readBegun(keys: RunKeys, store: RunStore): Promise<Begun | null> {
  const text = await store.get(keys.begun);
  return text === null ? null : (JSON.parse(text) as Begun);
}

async function readResults(key: string, store: RunStore): Promise<readonly UnitResult[]> {
  const text = await store.get(key);
  return text === null ? [] : (JSON.parse(text) as readonly UnitResult[]);
}
