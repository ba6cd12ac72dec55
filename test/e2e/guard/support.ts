/** Runs the built command and the reference side by side on the same files. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand, type Ran, type RunOptions } from '../../support/quick-command.js';
import { runProgram } from '../../support/programs.js';
import { referenceBinary } from '../../support/reference.js';

export type { Ran };

/** `stackade guard` with these arguments. */
export function guard(args: readonly string[], options: RunOptions = {}): Ran {
  return runCommand(['guard', ...args], { ...options, env: { ...process.env, NO_COLOR: '1' } });
}

/** `cfn-guard` 3.1.1 with the same arguments. */
export function reference(args: readonly string[], options: RunOptions = {}): Ran {
  const binary = referenceBinary();
  if (binary === undefined) throw new Error('the cfn-guard binary is missing: run `npm ci` on a supported system');
  const { cwd, input = '' } = options;
  const { status, stdout, stderr } = runProgram(binary, args, input, cwd);
  return { exitCode: status, stdout, stderr };
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
