/** The surroundings of a command, handed in so that tests can take their place. */
import { isatty } from 'node:tty';
import { writeSync } from 'node:fs';
import { withoutSteering } from '../findings/index.js';
import { unwritableOutput } from './check/diagnostics.js';
import { pause } from './guard/pause.js';
import { InputError } from './input-error.js';

/** Where a command runs and what it prints to. */
export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether results go to a person's terminal, and how wide it is. */
  readonly stdout: { readonly isTTY: boolean; readonly columns: number | undefined };
  readonly stderr: { readonly isTTY: boolean };
  /**
   * Results. When nobody reads them the rest is dropped: what was found is told by the exit code all the same.
   * @throws InputError when they cannot be written, as on a full disk.
   */
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
      try {
        writeAll(1, withoutSteering(text));
      } catch (error) {
        throw new InputError([unwritableOutput(error)]);
      }
    },
    tell: (text) => {
      try {
        writeAll(2, withoutSteering(text));
      } catch {
        // There is nobody left to tell.
      }
    },
  };
}

/**
 * Writes everything before it returns, so that nothing is lost when the process ends: a pipe that is full takes only a
 * part, or asks to try again.
 *
 * @returns Whether everything was written; `false` when nobody reads any more, as with `| head`.
 * @throws the error of the system when writing fails, as on a full disk.
 */
export function writeAll(descriptor: number, text: string): boolean {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
  return true;
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
