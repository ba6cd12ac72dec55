/** Runs the built command. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repository.js';

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

const main = join(repositoryRoot(), 'dist', 'bin', 'main.js');

/** `stackade` with these arguments; a run that does not end is ended and has the exit code `null`. */
export function stackade(args: readonly string[], { cwd, input = '', env = {} }: RunOptions = {}): Ran {
  if (!existsSync(main)) throw new Error('the command is not built: run `npm run build`');
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 1e9,
    timeout: 120_000,
    env: { PATH, HOME, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  return { exitCode: status, stdout, stderr };
}
