/**
 * Runs the built command again and again in one process: `node command-server.mjs MAIN REQUESTS`. To start a process for
 * each of the hundreds of commands that suites and pages run takes most of their time.
 *
 * Each line of the named pipe REQUESTS names a folder with the files `args`, `environ` (entries ended by NUL) and `cwd`,
 * and the streams `0`, `1` and `2`; the exit code is written to its pipe `done`.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';

const fs = createRequire(import.meta.url)('node:fs');
const { closeSync, openSync, readFileSync, readSync, realpathSync, writeFileSync, writeSync } = fs;

const main = pathToFileURL(process.argv[2]).href;
// Open for both, so that the pipe does not end where nobody asks.
const requests = openSync(process.argv[3], 'r+');
/** The streams of the command that runs, in the place of 0, 1 and 2. */
let streams = null;
let runs = 0;

const stream = (descriptor) =>
  streams !== null && descriptor >= 0 && descriptor <= 2 ? streams[descriptor] : descriptor;
fs.writeSync = (descriptor, ...rest) => writeSync(stream(descriptor), ...rest);
fs.readSync = (descriptor, ...rest) => readSync(stream(descriptor), ...rest);
fs.readFileSync = (file, ...rest) => readFileSync(file === 0 ? stream(0) : file, ...rest);
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

async function run(folder) {
  streams = [openSync(`${folder}/0`, 'r'), openSync(`${folder}/1`, 'a'), openSync(`${folder}/2`, 'a')];
  process.chdir(realpathSync(`${folder}/cwd`));
  process.env = Object.fromEntries(
    entries(`${folder}/environ`).map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  );
  const args = entries(`${folder}/args`);
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
  writeFileSync(`${folder}/done`, `${exitCode}\n`);
}

for (;;) await run(nextLine());
