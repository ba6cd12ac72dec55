/**
 * Splits the text of a trail's file into its records, chunk by chunk: `{"Records":[{…},{…}]}`. A file of any size is read
 * with the memory of one chunk and its largest record.
 */

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [34, 92, 123, 125, 91, 93];
/** Depth inside the outer map and the list of records. */
const RECORD_DEPTH = 2;

/** Largest record that is held; those of CloudTrail have at most 256 KB. */
const MOST_BYTES = 16 * 2 ** 20;

/** Gives each record of a file as it comes. */
export class RecordSplitter {
  private depth = 0;
  private inString = false;
  private isEscaped = false;
  /** What came of the record that is open. */
  private readonly pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private list: 'before' | 'inside' | 'after' = 'before';
  /** Text of the outer map's keys, to find `Records`. */
  private key = '';
  private records = 0;

  /**
   * @param emit - Is given the JSON text of each record.
   * @param decode - UTF-8 bytes to text.
   */
  constructor(
    private readonly emit: (record: string) => void,
    private readonly decode: (bytes: Uint8Array) => string,
  ) {}

  /**
   * @throws RangeError when a record is longer than any can be; SyntaxError when the text is no such file.
   */
  push(chunk: Uint8Array): void {
    let start = this.list === 'inside' && this.depth > RECORD_DEPTH ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
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
      }
    }
    if (start >= 0) this.keep(chunk.slice(start));
  }

  /** @returns How many records there were. @throws SyntaxError when the file ended too early or has no list of records. */
  end(): number {
    if (this.depth !== 0 || this.inString) throw new SyntaxError('the file ends inside of a record');
    if (this.list === 'before') throw new SyntaxError('the file has no list `Records`');
    return this.records;
  }

  private keep(bytes: Uint8Array): void {
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes > MOST_BYTES) throw new RangeError('a record is longer than 16 MiB');
  }

  private flush(): void {
    const [first] = this.pending;
    let bytes = first!;
    if (this.pending.length > 1) {
      bytes = new Uint8Array(this.pendingBytes);
      let at = 0;
      for (const part of this.pending) {
        bytes.set(part, at);
        at += part.length;
      }
    }
    this.pending.length = 0;
    this.pendingBytes = 0;
    this.records++;
    this.emit(this.decode(bytes));
  }
}
