/** Where results and talk go. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { GuardCommandError } from './files.js';
import { pause } from './pause.js';

/** Takes the pieces of a result one after the other. */
export interface Output {
  write(text: string): void;
  close(): void;
}

/**
 * Writes to a descriptor until everything is written: a pipe that is full takes only a part, or asks to try again.
 * @throws an error with code `EPIPE` when nobody reads any more.
 */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      pause();
    }
  }
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

  close(): void {
    this.flush();
    if (this.descriptor !== 1) closeSync(this.descriptor);
  }

  private flush(): void {
    const text = this.pending;
    this.pending = '';
    writeAll(this.descriptor, text);
  }
}

/** The output of a command: standard output, or a file. @throws GuardCommandError when the file cannot be opened. */
export function openOutput(file: string | undefined): Output {
  if (file === undefined) return new DescriptorOutput(1);
  try {
    return new DescriptorOutput(openSync(file, 'w'));
  } catch (error) {
    throw new GuardCommandError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Says something to the user: a line on standard error. */
export function tell(text: string): void {
  writeAll(2, text.endsWith('\n') ? text : `${text}\n`);
}
