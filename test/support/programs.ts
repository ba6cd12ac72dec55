/**
 * Starts programs from a small process of its own. From a process of tests, which has much memory, a start takes many
 * times as long, and suites that compare with the reference start hundreds.
 */
import { execFileSync, spawn } from 'node:child_process';
import { constants, mkdtempSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants as system, tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a program ended, as `spawnSync` tells it. */
export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a program may take, in milliseconds. */
const LONGEST = 120_000;

interface Starter {
  readonly folder: string;
  /** The pipe of exit codes. */
  readonly codes: number;
}

let running: Starter | undefined;

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The shell that starts programs. It is ended when this process has ended, whichever way. */
function starter(): Starter {
  if (running === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'stackade-programs-'));
    execFileSync('mkfifo', [join(folder, 'requests'), join(folder, 'codes')]);
    const script = `cd ${quoted(folder)} || exit
(exec 3<> requests 4<> codes; while read -r line <&3; do sh ./script < in > out 2> err 3<&- 4<&-; echo $? >&4; done) &
cat > /dev/null
kill $!
rm -r ${quoted(folder)}`;
    const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.unref();
    (child.stdin as Socket).unref();
    running = { folder, codes: openSync(join(folder, 'codes'), constants.O_RDWR | constants.O_NONBLOCK) };
  }
  return running;
}

/**
 * Runs a program to its end, in this process's folder or `cwd`.
 *
 * @throws Error when it does not end.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  input: string | Buffer,
  cwd = process.cwd(),
): Ended {
  const { folder, codes } = starter();
  writeFileSync(join(folder, 'script'), `cd ${quoted(cwd)} && exec ${[program, ...args].map(quoted).join(' ')}\n`);
  writeFileSync(join(folder, 'in'), input);
  writeFileSync(join(folder, 'requests'), '\n');
  const code = readNumber(codes);
  // A shell tells of a signal as 128 and its number.
  const signal = Object.entries(system.signals).find(([, number]) => code === 128 + number)?.[0] ?? null;
  const [stdout, stderr] = ['out', 'err'].map((name) => readFileSync(join(folder, name), 'utf8'));
  return { status: signal === null ? code : null, signal, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** The number on the next line of a pipe that does not block. */
export function readNumber(pipe: number): number {
  const bytes = Buffer.alloc(16);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (const start = Date.now(); Date.now() - start < LONGEST;) {
    try {
      return Number(bytes.toString('latin1', 0, readSync(pipe, bytes, 0, bytes.length, null)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
  throw new Error(`a program did not end in ${LONGEST / 1000} seconds`);
}
