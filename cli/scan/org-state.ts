/**
 * The folder in which a scan keeps its checkpoint (`scan.jsonl`, of the present scan or the last), what it found when it
 * was finished (`finished.json`), what the one before it had found (`previous.json`), and the figures of all finished
 * scans (`history.jsonl`). One scan works in it at a time (`scan.….lock`).
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { FIRST_DIGEST, JournalError, journalLine, JournalReader } from '../../analyzers/scan/index.js';
import type { EarlierScan, Journal, JournalHeader, JournalRecord, Scan } from '../../analyzers/scan/index.js';
import type { ScanCounts } from '../../analyzers/report/index.js';
import { badOption, unreadable, unwritable } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import { badCheckpoint, folderInUse } from './org-diagnostics.js';
import { FolderInUse, lockFolder } from './org-lock.js';

const CURRENT = 'scan.jsonl';
const FINISHED = 'finished.json';
const PREVIOUS = 'previous.json';
const HISTORY = 'history.jsonl';
/** Bytes that are read at one time. */
const PIECE = 1 << 20;

/** The folder of a scan's state. */
export class StateFolder {
  private readonly path: string;

  constructor(
    private readonly name: string,
    cwd: string,
  ) {
    this.path = resolve(cwd, name);
  }

  /**
   * Takes the folder for this process.
   *
   * @returns Gives it back.
   * @throws InputError when another scan works there.
   */
  lock(): () => void {
    try {
      return lockFolder(this.path);
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw new InputError([unwritable(this.name, error)]);
      const { holder, file, isHere } = error;
      const shown = this.shown(basename(file));
      const sure = isHere ? '' : `; when that process has ended, delete \`${shown}\``;
      throw new InputError([
        folderInUse(
          `a scan is at work in \`${this.name}\`: process ${holder.pid} on ${holder.host}`,
          `wait until it is finished, or name another folder with --state${sure}`,
        ),
      ]);
    }
  }

  /** The scan that is there. @throws InputError when it cannot be read or is not as it was written. */
  current(): Journal | null {
    return this.read(CURRENT);
  }

  /** What the scan before the present one had found; `null` when there is none. @throws InputError */
  previous(): EarlierScan | null {
    const file = join(this.path, PREVIOUS);
    return existsSync(file) ? earlierIn(file, this.shown(PREVIOUS)) : null;
  }

  /** Begins a scan; a finished one becomes the previous. @throws InputError when that cannot be done. */
  begin(header: JournalHeader): StateWriter {
    return this.attempt(CURRENT, (file) => {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      const finished = join(this.path, FINISHED);
      if (existsSync(finished)) renameSync(finished, join(this.path, PREVIOUS));
      const writer = new StateWriter(openSync(file, 'w', 0o600), FIRST_DIGEST, this.shown(CURRENT));
      writer.write(header);
      return writer;
    });
  }

  /** Goes on with a scan; what a dying process left of its last line is cut off. @throws InputError */
  goOn({ length, digest }: Journal): StateWriter {
    return this.attempt(CURRENT, (file) => {
      const descriptor = openSync(file, 'r+');
      ftruncateSync(descriptor, length);
      return new StateWriter(descriptor, digest, this.shown(CURRENT), length);
    });
  }

  /** Figures of finished scans, oldest first; lines that are no figures are left out. */
  history(): readonly ScanCounts[] {
    const file = join(this.path, HISTORY);
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line): readonly ScanCounts[] => {
        try {
          return [JSON.parse(line) as ScanCounts];
        } catch {
          return [];
        }
      });
  }

  /** Notes the figures of a finished scan once. @throws InputError */
  note(counts: ScanCounts): void {
    if (this.history().some(({ started }) => started === counts.started)) return;
    this.attempt(HISTORY, (file) => {
      const descriptor = openSync(file, 'a', 0o600);
      writeSync(descriptor, `${JSON.stringify(counts)}\n`);
      closeSync(descriptor);
    });
  }

  /** Keeps what a finished scan has found, for the next one. @throws InputError */
  finish({ started, findings }: Scan): void {
    const kept = { version: 1, started, findings: findings.map(({ fingerprint }) => ({ fingerprint })) };
    this.attempt(FINISHED, (file) => {
      const draft = `${file}.new`;
      writeFileSync(draft, JSON.stringify(kept), { mode: 0o600 });
      renameSync(draft, file);
    });
  }

  private read(name: string): Journal | null {
    const file = join(this.path, name);
    if (!existsSync(file)) return null;
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch (error) {
      throw new InputError([unreadable(this.shown(name), error)]);
    }
    try {
      const reader = new JournalReader();
      const buffer = new Uint8Array(PIECE);
      for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
        reader.push(buffer.slice(0, read));
      }
      return reader.end();
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      throw new InputError([
        badCheckpoint(
          `the checkpoint \`${this.shown(name)}\` cannot be used: line ${error.line}: ${error.what}`,
          `bring the file back from a copy, or delete it and scan anew with --restart; nothing of it is used as it is`,
        ),
      ]);
    } finally {
      closeSync(descriptor);
    }
  }

  private shown(name: string): string {
    return join(this.name, name);
  }

  private attempt<T>(name: string, step: (file: string) => T): T {
    try {
      return step(join(this.path, name));
    } catch (error) {
      throw new InputError([unwritable(this.shown(name), error)]);
    }
  }
}

/** What a scan has found, from its JSON. @throws InputError for what is none. */
export function earlierIn(file: string, shown: string): EarlierScan {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError([unreadable(shown, error)]);
  }
  try {
    const { version, started, findings } = JSON.parse(text) as Partial<Scan>;
    const prints = findings?.map(({ fingerprint }) => fingerprint) ?? [];
    if (version === 1 && typeof started === 'string' && findings !== undefined && prints.every(isFingerprint)) {
      return { started, fingerprints: new Set(prints) };
    }
  } catch {
    // What is no JSON is no scan either.
  }
  throw new InputError([
    badOption(
      '--previous',
      `\`${shown}\` is no scan`,
      'name a file that `stackade scan org --format json` wrote, or latest',
    ),
  ]);
}

const isFingerprint = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);

/** Appends to the checkpoint. A line is in the file, for any process to read, when `write` returns. */
export class StateWriter {
  constructor(
    private readonly descriptor: number,
    private digest: string,
    private readonly name: string,
    private position = 0,
  ) {}

  /** @throws InputError as on a full disk. */
  write(record: JournalRecord): void {
    const { line, digest } = journalLine(record, this.digest);
    try {
      const bytes = Buffer.from(line);
      for (let written = 0; written < bytes.length;) {
        const count = writeSync(this.descriptor, bytes, written, bytes.length - written, this.position);
        written += count;
        this.position += count;
      }
    } catch (error) {
      throw new InputError([unwritable(this.name, error)]);
    }
    this.digest = digest;
  }

  close(): void {
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
  }
}
