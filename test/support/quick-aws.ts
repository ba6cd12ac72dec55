/**
 * Debian's `awscli` for `sh`, in a process that is there already: to start Python for each call of a page takes most of its
 * time. What it calls is what it would call by itself; only waits between two looks are cut short.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './repository.js';

export interface QuickAws {
  close(): void;
}

const isThere = (): boolean =>
  process.platform === 'linux' &&
  spawnSync('/usr/bin/python3', ['-c', "import importlib.util; importlib.util.find_spec('awscli.clidriver').origin"], {
    stdio: 'ignore',
  }).status === 0;

/** `it` where there is a command line of AWS, version 2 in Python; elsewhere it is skipped, loudly, and fails in CI. */
export function itWithAwsCli(): jest.It {
  if (isThere()) return it;
  const message = 'NOT TESTED: there is no /usr/bin/aws in Python. Install it: apt-get install -y awscli';
  if (process.env['CI'] === undefined) process.stderr.write(`\n${message}\n`);
  else {
    it('is installed', () => {
      throw new Error(message);
    });
  }
  return it.skip;
}

/** Writes an executable that takes the place of `aws`. */
export function writeAwsCommand(path: string): QuickAws {
  const folder = mkdtempSync(join(tmpdir(), 'stackade-aws-'));
  const requests = join(folder, 'requests');
  execFileSync('mkfifo', [requests]);
  const server = join(repositoryRoot(), 'test', 'support', 'aws-server.py');
  const child = spawn('/usr/bin/python3', [server, requests], { stdio: ['pipe', 'ignore', 'inherit'] });
  const script = `#!/bin/sh
d=$(mktemp -d) && mkfifo "$d/done" && : > "$d/args" || exit 70
for each in "$@"; do printf '%s\\0' "$each"; done > "$d/args"
ln -s /proc/$$/environ /proc/$$/cwd "$d" && for i in 1 2; do ln -s /proc/$$/fd/$i "$d/$i"; done
(echo "$d" > '${requests}')
read -r code < "$d/done"
rm -r "$d"
exit "$code"
`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return {
    close: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}
