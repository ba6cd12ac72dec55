/**
 * Runs the built command again and again in one process: `node command-server.mjs MAIN REQUESTS`. To start a process for
 * each of the hundreds of commands that suites and pages run takes most of their time.
 *
 * A line of the named pipe REQUESTS names a folder with the files `args`, `environ` (entries ended by NUL) and `cwd`, and
 * the streams `0`, `1` and `2`; the exit code is written to its pipe `done`. Or it gives a number N and the id of a process
 * whose surroundings and streams the command takes: its arguments lie in `slots/argsN` beside the pipe, and `slots/takenN`
 * is removed when its exit code is written to `slots/doneN`.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers';
import { pathToFileURL } from 'node:url';

const fs = createRequire(import.meta.url)('node:fs');
const { closeSync, openSync, readFileSync, readSync, realpathSync, unlinkSync, writeFileSync, writeSync } = fs;

const main = pathToFileURL(process.argv[2]).href;
// Open for both, so that the pipe does not end where nobody asks.
const requests = openSync(process.argv[3], 'r+');
const slots = `${dirname(process.argv[3])}/slots`;
/** The streams of the command that runs, in the place of 0, 1 and 2. */
let streams = null;
let runs = 0;

const stream = (descriptor) =>
  streams !== null && descriptor >= 0 && descriptor <= 2 ? streams[descriptor] : descriptor;
fs.writeSync = (descriptor, ...rest) => writeSync(stream(descriptor), ...rest);
fs.readSync = (descriptor, ...rest) => readSync(stream(descriptor), ...rest);
fs.readFileSync = (file, ...rest) => readFileSync(file === 0 ? stream(0) : file, ...rest);

const threads = createRequire(import.meta.url)('node:worker_threads');
/** The thread of the schema lint that the last command left, which takes about a second to start. */
let idle = null;
threads.Worker = class extends threads.Worker {
  constructor(file, options) {
    const settings = JSON.stringify([String(file), options.workerData]);
    if (idle?.settings === settings) {
      const kept = idle;
      idle = null;
      setImmediate(() => kept.emit('message', { kind: 'ready' }));
      return kept;
    }
    super(file, options);
    this.settings = settings;
    /** Answers that are awaited: one that it is ready, and one of each request. */
    this.waiting = 'excluded' in options.workerData ? 1 : Infinity;
  }
  emit(event, message, ...rest) {
    if (event === 'message' && ['ready', 'report'].includes(message?.kind)) this.waiting -= 1;
    if (event === 'exit' && idle === this) idle = null;
    return super.emit(event, message, ...rest);
  }
  postMessage(...all) {
    this.waiting += 1;
    super.postMessage(...all);
  }
  end() {
    return super.terminate();
  }
  /** Only a thread that has answered everything may serve another command. */
  async terminate() {
    if (idle === this) return 0;
    if (this.waiting !== 0) return this.end();
    for (const event of ['message', 'error', 'exit']) this.removeAllListeners(event);
    this.stderr.removeAllListeners('data');
    this.waiting = 1;
    void idle?.end();
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- what is kept is the thread itself
    idle = this;
    return 0;
  }
};
syncBuiltinESMExports();
for (const [name, descriptor] of [
  ['stdout', 1],
  ['stderr', 2],
]) {
  process[name].write = (chunk) => {
    try {
      fs.writeSync(descriptor, chunk);
    } catch (error) {
      if (error.code !== 'EPIPE') throw error;
    }
    return true;
  };
}

function nextLine() {
  const byte = Buffer.alloc(1);
  let line = '';
  while (readSync(requests, byte, 0, 1, null) === 1 && byte[0] !== 10) line += byte.toString('latin1');
  return line;
}

/** The entries of a file that ends each with NUL. */
const entries = (file) => readFileSync(file, 'utf8').split('\0').slice(0, -1);

/** Where the parts of a request lie. */
function placesOf(line) {
  if (line.startsWith('/')) {
    const [cwd, environ, args, done] = ['cwd', 'environ', 'args', 'done'].map((name) => `${line}/${name}`);
    return { cwd, environ, args, done, stream: `${line}/`, taken: null };
  }
  const [slot, id] = line.split(' ');
  const [args, done, taken] = ['args', 'done', 'taken'].map((name) => `${slots}/${name}${slot}`);
  return { cwd: `/proc/${id}/cwd`, environ: `/proc/${id}/environ`, args, done, stream: `/proc/${id}/fd/`, taken };
}

async function run(places) {
  const { stream } = places;
  streams = [openSync(`${stream}0`, 'r'), openSync(`${stream}1`, 'a'), openSync(`${stream}2`, 'a')];
  process.chdir(realpathSync(places.cwd));
  process.env = Object.fromEntries(
    entries(places.environ).map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  );
  const args = entries(places.args);
  process.argv = [process.execPath, main, ...args];
  process.exitCode = undefined;
  runs += 1;
  await (
    await import(`${main}?run=${runs}`)
  ).ended;
  const exitCode = process.exitCode ?? 0;
  for (const descriptor of streams) closeSync(descriptor);
  streams = null;
  process.chdir('/');
  for (const event of ['SIGINT', 'SIGTERM']) process.removeAllListeners(event);
  for (const name of ['stdout', 'stderr']) process[name].removeAllListeners('error');
  writeFileSync(places.done, `${exitCode}\n`);
  if (places.taken !== null) unlinkSync(places.taken);
}

for (;;) await run(placesOf(nextLine()));
