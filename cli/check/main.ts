/** From options to an exit code. */
import { BAD_INPUT } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { loadLibrary } from '../library.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { sortArguments } from './arguments.js';
import { check } from './run.js';
import { readSettings, type CheckFlags } from './settings.js';
import { tellDiagnostics } from './tell.js';

/** Runs the command. @returns The exit code; what the user can mend has been told then. */
export async function main(
  paths: readonly string[],
  given: CheckFlags,
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    const library = loadLibrary();
    const packs = library.packs.map(({ id }) => id);
    const sorted = sortArguments(paths, given, packs, terminal.cwd);
    return await check(await readSettings(sorted.paths, sorted.flags, terminal.cwd), library, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}
