/**
 * The checkpoint of a scan: a line for each finished part, appended before the next is taken. Each line begins with a
 * digest over itself and all lines before it, so that nothing can be lost, doubled or changed in between unnoticed. A
 * process that dies while it writes leaves a last line without its end, which is cut off when the scan goes on.
 */
import { createHash } from 'node:crypto';
import type { AnalyzersByRegion } from './access.js';
import type { UnitResult } from './result.js';
import type { OrganizationFacts } from './source.js';
import { taskKey } from './tasks.js';

/** The first line: what is scanned, and by whom. */
export interface JournalHeader {
  readonly kind: 'scan';
  readonly version: 1;
  readonly tool: { readonly name: string; readonly version: string };
  /** When the scan first began, ISO 8601, UTC. */
  readonly started: string;
  /** Digest of all that decides what the parts of the scan say. */
  readonly configuration: string;
}

/** The second line: the organization as it was when the scan began. */
export interface OrganizationRecord {
  readonly kind: 'organization';
  readonly facts: OrganizationFacts;
  readonly analyzers: AnalyzersByRegion;
  /** Account in which the organization's analyzers are. */
  readonly via: string;
}

export type JournalRecord =
  | JournalHeader
  | OrganizationRecord
  | { readonly kind: 'unit'; readonly result: UnitResult }
  | { readonly kind: 'end'; readonly units: number };

/** What a journal says. */
export interface Journal {
  readonly header: JournalHeader;
  /** `null` when the scan was interrupted before the organization was read. */
  readonly organization: OrganizationRecord | null;
  /** By `taskKey`. */
  readonly results: ReadonlyMap<string, UnitResult>;
  readonly isFinished: boolean;
  /** Bytes up to the end of the last whole line; what is behind is to be cut off. */
  readonly length: number;
  /** Digest to go on with. */
  readonly digest: string;
}

/** A journal that cannot be gone on with. */
export class JournalError extends Error {
  override readonly name = 'JournalError';

  /** @param line - Counted from 1. */
  constructor(
    readonly line: number,
    readonly what: string,
  ) {
    super(`line ${line}: ${what}`);
  }
}

/** Digest before the first line. */
export const FIRST_DIGEST = '';
const DIGITS = 32;

function digestOf(before: string, json: string | Uint8Array): string {
  return createHash('sha256').update(before).update(json).digest('hex').slice(0, DIGITS);
}

/** A line, and the digest to go on with. */
export function journalLine(record: JournalRecord, before: string): { readonly line: string; readonly digest: string } {
  const json = JSON.stringify(record);
  const digest = digestOf(before, json);
  return { line: `${digest} ${json}\n`, digest };
}

const NEWLINE = 10;
const EMPTY = new Uint8Array();

/** Reads a journal from its bytes, piece by piece: it may be large. */
export class JournalReader {
  private rest: Uint8Array = EMPTY;
  private line = 0;
  private length = 0;
  private digest = FIRST_DIGEST;
  private header: JournalHeader | null = null;
  private organization: OrganizationRecord | null = null;
  private readonly results = new Map<string, UnitResult>();
  private isFinished = false;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  /** @throws JournalError for what is no journal, or was changed. */
  push(bytes: Uint8Array): void {
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const piece = bytes.subarray(from, end);
      this.take(this.rest.length === 0 ? piece : joined(this.rest, piece));
      this.rest = EMPTY;
      from = end + 1;
    }
    if (from < bytes.length) this.rest = joined(this.rest, bytes.subarray(from));
  }

  /** @returns `null` when not even the first line is whole. @throws JournalError */
  end(): Journal | null {
    const { header, organization, results, isFinished, length, digest } = this;
    return header === null ? null : { header, organization, results, isFinished, length, digest };
  }

  private take(bytes: Uint8Array): void {
    this.line++;
    const json = bytes.subarray(DIGITS + 1);
    const digest = digestOf(this.digest, json);
    let record: JournalRecord | null = null;
    try {
      if (this.decoder.decode(bytes.subarray(0, DIGITS + 1)) === `${digest} `) {
        record = JSON.parse(this.decoder.decode(json)) as JournalRecord;
      }
    } catch {
      // What is no text is no record either.
    }
    if (record === null) {
      throw new JournalError(this.line, 'it is not as it was written, or a line before it is missing');
    }
    this.add(record);
    this.length += bytes.length + 1;
    this.digest = digest;
  }

  private add(record: JournalRecord): void {
    const isFirst = this.line === 1;
    // What an older or newer version has written is whole, and still not to be gone on with.
    if (isFirst !== (record.kind === 'scan') || (record.kind === 'scan' && (record.version as number) !== 1)) {
      throw new JournalError(this.line, 'it is not of a scan of this version of Stackade');
    }
    if (this.isFinished) throw new JournalError(this.line, 'it stands behind the end of the scan');
    if (record.kind === 'scan') this.header = record;
    else if (record.kind === 'organization') this.organization = record;
    else if (record.kind === 'unit') {
      const key = taskKey(record.result);
      if (this.results.has(key)) throw new JournalError(this.line, `${key} stands there twice`);
      this.results.set(key, record.result);
    } else {
      if (record.units !== this.results.size) {
        throw new JournalError(this.line, `${record.units} parts were scanned, ${this.results.size} are there`);
      }
      this.isFinished = true;
    }
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** A journal as one text; for tests and small files. @throws JournalError */
export function readJournal(bytes: Uint8Array): Journal | null {
  const reader = new JournalReader();
  reader.push(bytes);
  return reader.end();
}
