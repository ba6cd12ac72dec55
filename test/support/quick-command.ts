/** A `stackade` for scripts of tests that runs the built command in a process that is already there. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './repository.js';

const main = join(repositoryRoot(), 'dist', 'bin', 'main.js');
let requests: string | undefined;

/** The named pipe of the process that runs commands. It is ended when this process has ended, whichever way. */
function requestPipe(): string {
  if (requests === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'stackade-commands-'));
    const pipe = join(folder, 'requests');
    const script = `node='${process.execPath}' folder='${folder}'
"$node" '${join(repositoryRoot(), 'test', 'support', 'command-server.mjs')}' '${main}' "$folder/requests" &
cat > /dev/null
kill -9 $!
rm -r "$folder"`;
    execFileSync('mkfifo', [pipe]);
    const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.unref();
    (child.stdin as Socket).unref();
    requests = pipe;
  }
  return requests;
}

/**
 * Writes an executable that takes the place of `stackade` for `sh`: same arguments, streams, folder, environment and exit
 * code as a process of its own. The shell that asks keeps its streams as they are, since the server opens them. Where streams of another process cannot be opened it is one.
 */
export function writeCommand(path: string): void {
  const script =
    process.platform === 'linux'
      ? `d=$(mktemp -d) && mkfifo "$d/done" && echo $$ > "$d/pid" && : > "$d/args" || exit 70
for each in "$@"; do printf '%s\\0' "$each"; done > "$d/args"
(echo "$d" > '${requestPipe()}')
read -r code < "$d/done"
rm -r "$d"
exit "$code"`
      : `exec '${process.execPath}' '${main}' "$@"`;
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
