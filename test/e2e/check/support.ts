/** Runs the built command. */
import { runCommand, type Ran, type RunOptions } from '../../support/quick-command.js';

export type { Ran };

/** `stackade` with these arguments, and these variables besides `PATH` and `HOME`. */
export function stackade(args: readonly string[], { env = {}, ...options }: RunOptions = {}): Ran {
  const { PATH, HOME } = process.env;
  return runCommand(args, { ...options, env: { PATH, HOME, ...env } });
}
