/** The file of a journal: each line is on the disk before the next call is made. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { journalLine, readJournal } from '../../scp/apply/index.js';
import type { Journal, JournalEntry, JournalHeader } from '../../scp/apply/index.js';
import { unreadable, unwritable } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import { badJournal } from './apply-diagnostics.js';

/** Where the journal of a set is when nobody says. */
export function defaultJournal(set: string): string {
  return `.stackade/apply-${set}.jsonl`;
}

/** A journal that is written to. */
export class JournalFile {
  private constructor(private readonly descriptor: number) {}

  /** Begins a journal; one that is there is kept as `….previous`. @throws InputError when that cannot be done. */
  static begin(name: string, cwd: string, header: JournalHeader): JournalFile {
    const path = resolve(cwd, name);
    try {
      mkdirSync(dirname(path), { recursive: true });
      const draft = `${path}.new`;
      const file = new JournalFile(openSync(draft, 'w', 0o600));
      file.line(header);
      if (existsSync(path)) renameSync(path, `${path}.previous`);
      renameSync(draft, path);
      return file;
    } catch (error) {
      throw new InputError([unwritable(name, error)]);
    }
  }

  /** Goes on with a journal. @throws InputError when that cannot be done. */
  static goOn(name: string, cwd: string): JournalFile {
    try {
      const file = new JournalFile(openSync(resolve(cwd, name), 'a'));
      // A line that was cut off must not swallow the next one.
      writeSync(file.descriptor, '\n');
      return file;
    } catch (error) {
      throw new InputError([unwritable(name, error)]);
    }
  }

  entry(entry: JournalEntry): void {
    this.line(entry);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private line(value: JournalHeader | JournalEntry): void {
    writeSync(this.descriptor, journalLine(value));
    fsyncSync(this.descriptor);
  }
}

/** Reads a journal. @returns `null` when there is none. @throws InputError when it cannot be read or is none. */
export function openJournal(name: string, cwd: string): Journal | null {
  const path = resolve(cwd, name);
  if (!existsSync(path)) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError([unreadable(name, error)]);
  }
  const journal = readJournal(text);
  if (journal !== null) return journal;
  throw new InputError([
    badJournal(
      `\`${name}\` is no journal of \`scp apply\``,
      'name the right file with --journal, or move this one away; `scp plan` shows what is still to be done',
    ),
  ]);
}
