/**
 * Reads the records out of the text of a trail's file, chunk by chunk: `{"Records":[{…},{…}]}`. A file of any size is read
 * with the memory of one chunk and its largest record.
 *
 * Records of CloudTrail begin with the same key and stand close together, so that the text between two of them is found
 * without looking at every character, and many records are parsed at once. That is only a faster way: the text between the
 * beginning of a record and a boundary either is a list of whole records, or does not parse and is read character by
 * character.
 */
import { isMap } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { BOUNDARY, RecordTexts } from './record-texts.js';

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA] = [34, 92, 123, 125, 91, 93, 44];
/** Depth inside the outer map and the list of records. */
const RECORD_DEPTH = 2;

/** Largest record that is held; those of CloudTrail have at most 256 KB. */
const MOST_BYTES = 16 * 2 ** 20;

/** Text that has no boundary although it is longer than a record is read character by character. */
const LONGEST_GUESS = 2 ** 20;
/**
 * Bytes that are parsed at once: records of so few are done with before the collector of garbage comes, which otherwise takes
 * them for old and leaves them for long.
 */
const PART = 16 * 2 ** 10;

/** How bytes are read; handed in, because the rooms of engines know no runtime. */
export interface Bytes {
  /** UTF-8 bytes to text. */
  readonly decode: (bytes: Uint8Array) => string;
  /** Place of the last occurrence of an ASCII text, or -1. */
  readonly lastIndexOf: (bytes: Uint8Array, text: string) => number;
}

/** Gives each record of a file as it comes. */
export class RecordReader {
  private depth = 0;
  private inString = false;
  private isEscaped = false;
  private list: 'before' | 'inside' | 'after' = 'before';
  /** Text of the outer map's keys, to find `Records`. */
  private key = '';
  private records = 0;
  /** Bytes from the beginning of a record on that are not parsed yet. */
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  /** Whether `pending` begins with a record and its brackets are not counted yet. */
  private isGuessing = false;

  /** @param add - Is given each record. */
  constructor(
    private readonly add: (record: Value) => void,
    private readonly bytes: Bytes,
    /** May be that of the file before. */
    private readonly texts = new RecordTexts(),
  ) {}

  /**
   * @throws RangeError when a record is longer than any can be; SyntaxError when the text is no such file.
   */
  push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + PART);
      if (this.isGuessing) from += this.guess(part);
      else from += this.scan(part);
    }
  }

  /** @returns How many records there were. @throws SyntaxError when the file ended too early or has no list of records. */
  end(): number {
    if (this.isGuessing) this.scanPending();
    if (this.depth !== 0 || this.inString) throw new SyntaxError('the file ends inside of a record');
    if (this.list === 'before') throw new SyntaxError('the file has no list `Records`');
    return this.records;
  }

  /** Parses all records up to the last boundary of a chunk. @returns How many bytes are done with. */
  private guess(chunk: Uint8Array): number {
    // A boundary may lie across two chunks; then the next one serves.
    const at = this.bytes.lastIndexOf(chunk, BOUNDARY);
    if (at < 0) {
      this.keep(chunk.slice());
      if (this.pendingBytes > LONGEST_GUESS) this.scanPending();
      return chunk.length;
    }
    this.keep(chunk.subarray(0, at + 1));
    const text = this.bytes.decode(joined(this.pending, this.pendingBytes));
    let records: readonly Value[];
    try {
      records = this.texts.parse(text);
    } catch {
      this.keep(chunk.slice(at + 1));
      this.scanPending();
      return chunk.length;
    }
    this.pending = [];
    this.pendingBytes = 0;
    for (const record of records) if (isMap(record)) this.give(record);
    // Behind the comma.
    return at + 2;
  }

  /** Goes through all that is pending character by character: to guess again at each record would take its time. */
  private scanPending(): void {
    const bytes = joined(this.pending, this.pendingBytes);
    this.pending = [];
    this.pendingBytes = 0;
    this.isGuessing = false;
    this.scan(bytes, false);
  }

  /** @returns How many bytes are done with: fewer than all where guessing begins. */
  private scan(chunk: Uint8Array, mayGuess = true): number {
    let start = this.list === 'inside' && this.depth > RECORD_DEPTH ? 0 : -1;
    const { length } = chunk;
    for (let at = 0; at < length; at++) {
      const byte = chunk[at]!;
      if (this.inString) {
        if (this.isEscaped) this.isEscaped = false;
        else if (byte === BACKSLASH) this.isEscaped = true;
        else if (byte === QUOTE) this.inString = false;
        else if (this.depth === 1) this.key += String.fromCharCode(byte);
        continue;
      }
      if (byte === QUOTE) {
        this.inString = true;
        if (this.depth === 1) this.key = '';
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (this.depth === 1 && byte === OPEN_BRACKET && this.key === 'Records') this.list = 'inside';
        if (this.depth === RECORD_DEPTH && this.list === 'inside' && byte === OPEN_BRACE) start = at;
        this.depth++;
        if (this.depth === 1 && byte !== OPEN_BRACE) throw new SyntaxError('the file does not begin with a map');
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.depth--;
        if (this.depth < 0) throw new SyntaxError('a bracket closes that was never opened');
        if (this.depth === RECORD_DEPTH && start >= 0) {
          this.keep(chunk.subarray(start, at + 1));
          this.flush();
          start = -1;
        }
        if (this.depth === 1 && this.list === 'inside') this.list = 'after';
      } else if (byte === COMMA && mayGuess && this.depth === RECORD_DEPTH && this.list === 'inside') {
        // Between two records: what follows is one.
        if (chunk[at + 1] !== OPEN_BRACE) continue;
        this.isGuessing = true;
        return at + 1;
      }
    }
    if (start >= 0) this.keep(chunk.slice(start));
    return length;
  }

  private keep(bytes: Uint8Array): void {
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes > MOST_BYTES) throw new RangeError('a record is longer than 16 MiB');
  }

  private flush(): void {
    const bytes = joined(this.pending, this.pendingBytes);
    this.pending = [];
    this.pendingBytes = 0;
    this.give(JSON.parse(this.bytes.decode(bytes)) as Value);
  }

  private give(record: Value): void {
    this.records++;
    this.add(record);
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
