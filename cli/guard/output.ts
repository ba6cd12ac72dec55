/** Where results and talk go. */
import { chmodSync, closeSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withoutSteering } from '../../findings/index.js';
import { writeAll } from '../terminal.js';
import { GuardCommandError } from './files.js';

/** Takes the pieces of a result one after the other. */
export interface Output {
  write(text: string): void;
}

/** Nobody reads the results any more, as with `| head`. */
export class ReaderGoneError extends Error {}

/** @throws ReaderGoneError when nobody reads any more. @throws GuardCommandError when it cannot be written. */
function writeText(descriptor: number, text: string): void {
  let complete: boolean;
  try {
    // A file keeps what the reference writes; a stream may be a terminal, or the log of a pipeline.
    complete = writeAll(descriptor, descriptor <= 2 ? withoutSteering(text) : text);
  } catch (error) {
    throw new GuardCommandError(`results cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!complete) throw new ReaderGoneError();
}

/** Pieces are gathered up to this length, so that a report of many small ones costs few system calls. */
const BUFFER_LENGTH = 1 << 16;

class DescriptorOutput implements Output {
  private pending = '';

  constructor(private readonly descriptor: number) {}

  write(text: string): void {
    this.pending += text;
    if (this.pending.length >= BUFFER_LENGTH) this.flush();
  }

  flush(): void {
    const text = this.pending;
    this.pending = '';
    writeText(this.descriptor, text);
  }
}

/**
 * Runs what writes a result, to standard output or to a file. A file is replaced when the result is whole: until then,
 * and when the run ends with an error, it holds what it held.
 *
 * @throws GuardCommandError when the file cannot be written.
 */
export function withOutput<T>(file: string | undefined, run: (output: Output) => T): T {
  if (file === undefined) return writing(1, run);
  const stats = opening(file, () => statSync(file, { throwIfNoEntry: false }));
  // A terminal, a pipe or /dev/null cannot be replaced by a file, and must not be.
  const isReplaced = stats === undefined || stats.isFile();
  const target = stats === undefined ? file : opening(file, () => realpathSync(file));
  const written = isReplaced ? join(dirname(target), `.stackade-${process.pid}.tmp`) : target;
  const descriptor = opening(file, () => openSync(written, isReplaced ? 'wx' : 'w'));
  let open = true;
  try {
    const result = writing(descriptor, run);
    closeSync(descriptor);
    open = false;
    opening(file, () => {
      if (!isReplaced) return;
      if (stats !== undefined) chmodSync(written, stats.mode & 0o777);
      renameSync(written, target);
    });
    return result;
  } catch (error) {
    if (open) closeSync(descriptor);
    if (isReplaced) rmSync(written, { force: true });
    throw error;
  }
}

function writing<T>(descriptor: number, run: (output: Output) => T): T {
  const output = new DescriptorOutput(descriptor);
  const result = run(output);
  output.flush();
  return result;
}

function opening<T>(file: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new GuardCommandError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Says something to the user: a line on standard error. */
export function tell(text: string): void {
  writeText(2, text.endsWith('\n') ? text : `${text}\n`);
}
