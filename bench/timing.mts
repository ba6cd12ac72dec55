/** Times of short work inside one process. */
import { performance } from 'node:perf_hooks';

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** What the timed work gave, kept so that no engine can leave the work out. */
export const kept: unknown[] = [];

/** Median milliseconds of one call, after as many rounds of warming up. */
export function milliseconds(rounds: number, work: (round: number) => unknown): number {
  const times: number[] = [];
  for (let round = -rounds; round < rounds; round++) {
    const start = performance.now();
    const result = work(Math.abs(round));
    const time = performance.now() - start;
    if (round >= 0) times.push(time);
    kept[0] = result;
  }
  return median(times);
}

/** Median milliseconds of several kinds of work, done in turns, so that a busy moment meets all of them. */
export function sideBySide(rounds: number, works: readonly (() => unknown)[]): number[] {
  const times = works.map((): number[] => []);
  for (let round = -rounds; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      const start = performance.now();
      const result = work();
      const time = performance.now() - start;
      if (round >= 0) times[index]!.push(time);
      kept[index] = result;
    }
  }
  return times.map(median);
}
