/** What a user can mend: bad usage, bad configuration, input that cannot be read. Ends a command with exit code 2. */
import type { Diagnostic } from '../findings/index.js';

/** Carries the diagnostics that tell the user; they are printed as the only message. */
export class InputError extends Error {
  /** @param sources - Texts by path, for the lines that the diagnostics speak of. */
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    readonly sources: ReadonlyMap<string, string> = new Map(),
  ) {
    super(diagnostics.map(({ message }) => message).join('; '));
  }
}
