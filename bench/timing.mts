/** Times of short work inside one process. */
import { performance } from 'node:perf_hooks';

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** What the timed work gave, kept so that no engine can leave the work out. */
export const kept: unknown[] = [];

const BLOCKS = 8;

/** Median milliseconds of one call: by the clock, and of processor time, which other programs on the machine do not change. */
export interface Taken {
  readonly clock: number;
  readonly processor: number;
}

/**
 * Times several kinds of work, done in turns, so that a busy moment meets all of them. There are eight blocks of so many
 * rounds after one to warm up; the best block counts, because other programs can only add time.
 */
export function sideBySide(rounds: number, works: readonly (() => unknown)[]): Taken[] {
  const best = works.map(() => ({ clock: Infinity, processor: Infinity }));
  for (let block = -1; block < BLOCKS; block++) {
    const times = works.map(() => ({ clock: [] as number[], processor: [] as number[] }));
    for (let round = 0; round < rounds; round++) {
      for (const [index, work] of works.entries()) {
        const used = process.cpuUsage();
        const start = performance.now();
        kept[index] = work();
        times[index]!.clock.push(performance.now() - start);
        const { user, system } = process.cpuUsage(used);
        times[index]!.processor.push((user + system) / 1000);
      }
    }
    if (block < 0) continue;
    for (const [index, { clock, processor }] of times.entries()) {
      const known = best[index]!;
      best[index] = {
        clock: Math.min(known.clock, median(clock)),
        processor: Math.min(known.processor, median(processor)),
      };
    }
  }
  return best;
}

/** Times one kind of work. */
export function timeOf(rounds: number, work: () => unknown): Taken {
  return sideBySide(rounds, [work])[0]!;
}

/** Both times in one cell. */
export const shown = ({ clock, processor }: Taken): string =>
  `${clock.toFixed(2)} ms (processor ${processor.toFixed(2)} ms)`;

/** How many times as long one kind of work took as another. */
export const ratio = (long: Taken, short: Taken): string =>
  `**${(long.clock / short.clock).toFixed(2)} times** (processor time ${(long.processor / short.processor).toFixed(2)} times; ${shown(long)} against ${shown(short)})`;
