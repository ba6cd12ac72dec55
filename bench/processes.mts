/** Runs whole processes and measures what they take. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface Measured {
  readonly exitCode: number | null;
  /** Wall-clock time. */
  readonly seconds: number;
  /** Processor time of all its threads, user and system; `undefined` where /proc does not exist. */
  readonly processorSeconds: number | undefined;
  /** Highest resident memory in MB; `undefined` where /proc does not exist. */
  readonly peakMegabytes: number | undefined;
}

const POLL_MILLISECONDS = 4;
/** Clock ticks a second in /proc/PID/stat; 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Highest resident memory and processor time so far; the kernel keeps both, so that only the last moments can be missed. */
function usage(pid: number): { readonly peak: number; readonly processor: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
    return Number.isNaN(peak) ? undefined : { peak, processor: (Number(fields[11]) + Number(fields[12])) / TICKS };
  } catch {
    return undefined;
  }
}

/** Runs a program with its standard output in a file. @param options - Environment and folder where they are not ours. */
export async function run(
  program: string,
  args: readonly string[],
  output: string,
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<Measured> {
  const file = openSync(output, 'w');
  const start = performance.now();
  const child = spawn(program, args, { ...options, stdio: ['ignore', file, 'ignore'] });
  let last: ReturnType<typeof usage>;
  const timer = setInterval(() => {
    last = (child.pid === undefined ? undefined : usage(child.pid)) ?? last;
  }, POLL_MILLISECONDS);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', resolve);
    });
    const seconds = (performance.now() - start) / 1000;
    return { exitCode, seconds, processorSeconds: last?.processor, peakMegabytes: last?.peak };
  } finally {
    clearInterval(timer);
    closeSync(file);
  }
}

/** The run that took the least time. */
export async function fastest(rounds: number, once: () => Promise<Measured>): Promise<Measured> {
  let best = await once();
  for (let round = 1; round < rounds; round++) {
    const next = await once();
    if (next.seconds < best.seconds) best = next;
  }
  return best;
}
