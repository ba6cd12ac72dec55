/** Takes the parts of a scan, several at a time, and hands over each when it is finished. */
import type { UnitResult } from './result.js';
import { taskKey, type Task } from './tasks.js';

export interface RunOptions {
  readonly tasks: readonly Task[];
  /** Keys of what an earlier run has finished. */
  readonly isDone: (key: string) => boolean;
  /** Parts at one time. */
  readonly concurrency: number;
  readonly scan: (task: Task) => Promise<UnitResult>;
  /** Keeps a result; the part counts as finished when it returns. */
  readonly keep: (result: UnitResult) => void;
  /** Whether no further part shall be begun. */
  readonly isStopped?: () => boolean;
}

/**
 * Scans what is not done.
 *
 * @returns Whether all parts are finished; false only when it was stopped.
 * @throws what `scan` or `keep` throws, after the parts under way have ended; nothing is begun after the first error.
 */
export async function runTasks(options: RunOptions): Promise<boolean> {
  const { tasks, isDone, concurrency, scan, keep, isStopped = () => false } = options;
  const open = tasks.filter(({ account, region }) => !isDone(taskKey({ account: account.id, region })));
  let next = 0;
  let failed: { readonly error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    while (next < open.length && failed === null && !isStopped()) {
      const task = open[next++]!;
      try {
        keep(await scan(task));
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, open.length) }, worker));
  // TypeScript does not see that workers write to it.
  const first = failed as { readonly error: unknown } | null;
  if (first !== null) throw first.error;
  return next >= open.length;
}
