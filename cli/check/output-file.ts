/** The file of `--output-file`: whole or not at all. */
import { accessSync, chmodSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../input-error.js';
import { unwritable } from './diagnostics.js';

/** A file that a report will be written to. */
export interface OutputFile {
  /** Puts the text in place of what the file held. @throws InputError when that fails; the file is as it was then. */
  write(text: string): void;
}

/**
 * Looks whether a file can be written, before any work is done. Nothing is written yet.
 *
 * @throws InputError when it cannot.
 */
export function openOutputFile(name: string, cwd: string): OutputFile {
  try {
    return prepare(resolve(cwd, name), name);
  } catch (error) {
    throw new InputError([unwritable(name, error)]);
  }
}

function prepare(path: string, name: string): OutputFile {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) throw Object.assign(new Error(path), { code: 'EISDIR' });
  if (stats !== undefined) accessSync(path, constants.W_OK);
  // A terminal, a pipe or /dev/null cannot be replaced by a file, and must not be.
  if (stats !== undefined && !stats.isFile()) {
    return {
      write: (text) => {
        attempt(name, () => {
          writeFileSync(path, text);
        });
      },
    };
  }
  // A link stays a link.
  const target = stats === undefined ? path : realpathSync(path);
  if (!statSync(dirname(target)).isDirectory()) throw Object.assign(new Error(path), { code: 'ENOTDIR' });
  accessSync(dirname(target), constants.W_OK | constants.X_OK);
  return {
    write: (text) => {
      attempt(name, () => {
        replace(target, text, stats?.mode);
      });
    },
  };
}

function attempt(name: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    throw new InputError([unwritable(name, error)]);
  }
}

function replace(target: string, text: string, mode: number | undefined): void {
  const temporary = join(dirname(target), `.stackade-${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    if (mode !== undefined) chmodSync(temporary, mode & 0o777);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
