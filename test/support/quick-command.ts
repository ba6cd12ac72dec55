/**
 * The built command, run in a process that is there already. What a test sees is what a process of its own would do, but
 * for what ends a process: tests of that start one.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, constants, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { unlinkSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNumber } from './programs.js';
import { repositoryRoot } from './repository.js';

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const main = join(repositoryRoot(), 'dist', 'bin', 'main.js');
interface Server {
  readonly folder: string;
  /** The named pipe that takes requests. */
  readonly requests: string;
  /** The folder of requests of this process, and the pipe of their exit codes. */
  readonly call: string;
  readonly answers: number;
}

/** How many commands of a pipeline may wait at once. */
const SLOTS = 8;

let running: Server | undefined;

/** The process that runs commands. It is ended when this process has ended, whichever way. */
function server(): Server {
  if (running === undefined) {
    if (!existsSync(main)) throw new Error('the command is not built: run `npm run build`');
    const folder = mkdtempSync(join(tmpdir(), 'stackade-commands-'));
    const [requests, done] = [join(folder, 'requests'), join(folder, 'done')];
    execFileSync('mkfifo', [requests, done]);
    const script = `'${process.execPath}' '${join(repositoryRoot(), 'test', 'support', 'command-server.mjs')}' '${main}' '${requests}' &
cat > /dev/null
kill -9 $!
rm -r '${folder}'`;
    const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.unref();
    (child.stdin as Socket).unref();
    const answers = openSync(done, constants.O_RDWR | constants.O_NONBLOCK);
    running = { folder, requests, call: folder, answers };
  }
  return running;
}

/** The folder of the places of commands that `sh` runs: each has a pipe for its exit code. */
function slots(): string {
  const { folder } = server();
  const path = join(folder, 'slots');
  if (!existsSync(path)) {
    mkdirSync(path);
    execFileSync(
      'mkfifo',
      [...Array(SLOTS).keys()].map((slot) => join(path, `done${slot}`)),
    );
  }
  return path;
}

const ended = (entries: readonly string[]): string => entries.map((entry) => `${entry}\0`).join('');

/**
 * `stackade` with these arguments.
 *
 * @param options - `env`: all variables; `PATH` and `HOME` of this process when it is left out.
 * @throws Error when the command does not end.
 */
export function runCommand(args: readonly string[], options: RunOptions = {}): Ran {
  const { PATH, HOME } = process.env;
  const { cwd = process.cwd(), input = '', env = { PATH, HOME } } = options;
  const { call, requests, answers } = server();
  writeFileSync(join(call, 'args'), ended(args));
  const variables = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  writeFileSync(join(call, 'environ'), ended(variables));
  writeFileSync(join(call, '0'), input);
  for (const stream of ['1', '2']) writeFileSync(join(call, stream), '');
  symlinkSync(cwd, join(call, 'cwd'));
  try {
    writeFileSync(requests, `${call}\n`);
    const exitCode = readNumber(answers);
    return { exitCode, stdout: readFileSync(join(call, '1'), 'utf8'), stderr: readFileSync(join(call, '2'), 'utf8') };
  } finally {
    unlinkSync(join(call, 'cwd'));
  }
}

/**
 * Writes an executable that takes the place of `stackade` for `sh`. It starts no process: pages run hundreds of commands.
 * Where streams of another process cannot be opened it starts one.
 */
export function writeCommand(path: string): void {
  const script =
    process.platform === 'linux'
      ? `# What serves until it is stopped takes a process of its own.
[ "$1" = sandbox ] && exec '${process.execPath}' '${main}' "$@"
places='${slots()}' slot=0 code=70
# The file of a place is there while somebody has it.
set -C
until { command : > "$places/taken$slot"; } 2> /dev/null; do slot=$((slot + 1)); [ $slot -lt ${SLOTS} ] || exit 70; done
set +C
for each in "$@"; do printf '%s\\0' "$each"; done > "$places/args$slot"
# In a shell of its own: the streams of this one are looked at as soon as it is asked.
(echo "$slot $$" > '${server().requests}')
read -r code < "$places/done$slot"
exit "$code"`
      : `exec '${process.execPath}' '${main}' "$@"`;
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
