/** Runs the built command and the reference side by side on the same files. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { referenceBinary } from '../../support/reference.js';
import { repositoryRoot } from '../../support/repository.js';

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
}

const main = join(repositoryRoot(), 'dist', 'bin', 'main.js');

function run(program: string, args: readonly string[], { cwd, input = '' }: RunOptions): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 1e9,
    env: { ...process.env, NO_COLOR: '1' },
    ...(cwd !== undefined && { cwd }),
  });
  return { exitCode: status, stdout, stderr };
}

/** `stackade guard` with these arguments. */
export function guard(args: readonly string[], options: RunOptions = {}): Ran {
  if (!existsSync(main)) throw new Error('the command is not built: run `npm run build`');
  return run(process.execPath, [main, 'guard', ...args], options);
}

/** `cfn-guard` 3.1.1 with the same arguments. */
export function reference(args: readonly string[], options: RunOptions = {}): Ran {
  const binary = referenceBinary();
  if (binary === undefined) throw new Error('the cfn-guard binary is missing: run `npm ci` on a supported system');
  return run(binary, args, options);
}

/** A new folder with these files, and what removes it. */
export function folderOf(files: Readonly<Record<string, string>>): { readonly path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'stackade-guard-')));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
