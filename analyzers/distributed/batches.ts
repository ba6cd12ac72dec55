/**
 * How a scan is cut into batches, each for one call of a function, and where things lie in the bucket of the scans.
 *
 * AWS Step Functions Developer Guide, "ItemReader (Map)": items are the elements of a JSON array in an object of Amazon S3.
 */
import type { Task } from '../scan/tasks.js';

/** Parts of one account that one call of the function scans. */
export interface Batch {
  /** Such as `000012-111122223333`; sorts in the order of the tasks. */
  readonly id: string;
  /** Accounts and Regions as `ACCOUNT REGION`: keys of tasks. */
  readonly parts: readonly string[];
}

/** The most items that a map run takes; Step Functions Developer Guide, "Quotas related to Map Run". */
export const MOST_BATCHES = 100_000_000;

/**
 * Cuts tasks into batches. The parts of an account stay together as far as they fit: they share a session and clients.
 *
 * @param tasks - In the order of their plan. Those that are left out need no function.
 * @throws RangeError when `most` is no whole number from 1 on.
 */
export function planBatches(tasks: readonly Task[], most: number): readonly Batch[] {
  if (!Number.isSafeInteger(most) || most < 1) throw new RangeError(`a batch cannot have ${most} parts`);
  const byAccount = new Map<string, string[]>();
  for (const { account, region, skip } of tasks) {
    if (skip !== null) continue;
    const parts = byAccount.get(account.id) ?? [];
    parts.push(`${account.id} ${region}`);
    byAccount.set(account.id, parts);
  }
  const batches: Batch[] = [];
  for (const [account, parts] of byAccount) {
    for (let from = 0; from < parts.length; from += most) {
      const id = `${String(batches.length).padStart(6, '0')}-${account}`;
      batches.push({ id, parts: parts.slice(from, from + most) });
    }
  }
  return batches;
}

/** Names of runs: what Step Functions calls an execution. */
const RUN = /^[A-Za-z0-9_-]{1,80}$/;
const BATCH = /^[0-9]{6,9}-[0-9]{12}$/;

/**
 * Keys of one run in the bucket. Each kind has a beginning of its own, so that policies can tell them apart: a `*` in a
 * policy stands for slashes as well.
 */
export class RunKeys {
  /** @throws RangeError for what is no name of a run: it becomes part of keys. */
  constructor(private readonly run: string) {
    if (!RUN.test(run)) throw new RangeError(`\`${run}\` is no name of a run`);
  }

  /** What all functions of the run have to know. */
  get begun(): string {
    return `begun/${this.run}.json`;
  }

  /** The items of the map. */
  get batches(): string {
    return `batches/${this.run}.json`;
  }

  /** Beginning of the keys of results. */
  get results(): string {
    return `results/${this.run}/`;
  }

  /** The scan. */
  get scan(): string {
    return `scans/${this.run}.json`;
  }

  /** @throws RangeError for what is no id of a batch. */
  result(batch: string): string {
    if (!BATCH.test(batch)) throw new RangeError(`\`${batch}\` is no id of a batch`);
    return `${this.results}${batch}.json`;
  }
}
