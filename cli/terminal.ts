/** The surroundings of a command, handed in so that tests can take their place. */
import { isatty } from 'node:tty';
import { openOutput, tell } from './guard/output.js';

/** Where a command runs and what it prints to. */
export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether results go to a person's terminal, and how wide it is. */
  readonly stdout: { readonly isTTY: boolean; readonly columns: number | undefined };
  readonly stderr: { readonly isTTY: boolean };
  /** Results. */
  print(text: string): void;
  /** Talk. */
  tell(text: string): void;
}

/** The process's own surroundings. */
export function processTerminal(): Terminal {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: { isTTY: isatty(1), columns: isatty(1) ? process.stdout.columns : undefined },
    stderr: { isTTY: isatty(2) },
    print: (text) => {
      const output = openOutput(undefined);
      output.write(text);
      output.close();
    },
    tell,
  };
}

/**
 * Whether to print colours: `NO_COLOR` (https://no-color.org) forbids them, `FORCE_COLOR` other than `0` asks for them,
 * else they go to terminals that know more than plain text.
 */
export function wantsColor(stream: { readonly isTTY: boolean }, env: Terminal['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY && env['TERM'] !== 'dumb';
}
