/**
 * Ids that came before, in little memory: 64 bits of each, at some ten bytes. Two of a million ids meet with a chance of
 * one to thirty million.
 */

/** Tables that grow each by itself. */
const SEGMENTS = 64;
/**
 * Places of one piece of a table. A table grows by pieces and keeps those that it has: tables that are left behind would
 * take several times the memory until the collector of garbage comes.
 */
const PLACES = 2 ** 9;
/** How full a table gets: a place is found in a dozen steps then. */
const FULL = 0.8;
/** Pieces that come at once, as a part of those that there are. */
const GROWTH = 0.1;

/** Pieces of pairs of 32 bits; a pair of zeros is a free place. */
type Table = Uint32Array<ArrayBuffer>[];

const newPiece = (): Uint32Array<ArrayBuffer> => new Uint32Array(2 * PLACES);

/** A set of texts. */
export class Fingerprints {
  private tables: Table[] = Array.from({ length: SEGMENTS }, () => [newPiece()]);
  private counts = new Uint32Array(SEGMENTS);
  private used = 0;

  get size(): number {
    return this.used;
  }

  /** @returns Whether it was not there. */
  add(text: string): boolean {
    return this.addPrint(printOf(text));
  }

  /** @returns Whether it was not there. */
  addPrint({ high, low }: Print): boolean {
    const segment = high % SEGMENTS;
    const table = this.tables[segment]!;
    if (isThere(table, high, low)) return false;
    this.insert(segment, table, high, low);
    return true;
  }

  has({ high, low }: Print): boolean {
    return isThere(this.tables[high % SEGMENTS]!, high, low);
  }

  /** Forgets all, and keeps the memory for what comes. */
  clear(): void {
    for (const table of this.tables) for (const piece of table) piece.fill(0);
    this.counts.fill(0);
    this.used = 0;
  }

  /** Whether an entry of another set is in this one. */
  meets(other: Fingerprints): boolean {
    return other.some((high, low) => isThere(this.tables[high % SEGMENTS]!, high, low));
  }

  /** Adds the entries of another set. */
  addAll(other: Fingerprints): void {
    other.some((high, low) => {
      this.addPrint({ high, low });
      return false;
    });
  }

  /** What is handed to another thread. */
  entries(): readonly (readonly Uint32Array<ArrayBuffer>[])[] {
    return this.tables;
  }

  static of(tables: readonly (readonly Uint32Array<ArrayBuffer>[])[]): Fingerprints {
    const made = new Fingerprints();
    made.tables = tables.map((table) => [...table]);
    made.counts = Uint32Array.from(tables, countOf);
    made.used = made.counts.reduce((sum, count) => sum + count, 0);
    return made;
  }

  private some(asked: (high: number, low: number) => boolean): boolean {
    return this.tables.some((table) =>
      table.some((piece) => {
        for (let at = 0; at < piece.length; at += 2) {
          const [high, low] = [piece[at]!, piece[at + 1]!];
          if ((high !== 0 || low !== 0) && asked(high, low)) return true;
        }
        return false;
      }),
    );
  }

  private insert(segment: number, table: Table, high: number, low: number): void {
    if (this.counts[segment]! + 1 > FULL * PLACES * table.length) grow(table);
    put(table, high, low);
    this.counts[segment]!++;
    this.used++;
  }
}

/** Two numbers of 32 bits, of which not both are zero. */
export interface Print {
  readonly high: number;
  readonly low: number;
}

/** Given out again and again: it holds until the next text. */
const print: { high: number; low: number } = { high: 0, low: 1 };

/** @returns What holds until the next call. */
export function printOf(text: string): Print {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  const { length } = text;
  // Two characters at a time: together they have 32 bits.
  for (let at = 0; at < length; at += 2) {
    const pair = at + 1 < length ? text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16) : text.charCodeAt(at);
    high = Math.imul(high ^ pair, 0x01000193);
    high ^= high >>> 15;
    low = Math.imul((low << 5) ^ (low >>> 27) ^ pair, 0x85ebca6b);
    low ^= low >>> 13;
  }
  high = mixed(high ^ low);
  low = mixed(Math.imul(low, 0xc2b2ae35) ^ text.length);
  print.high = high >>> 0;
  print.low = low === 0 && high === 0 ? 1 : low >>> 0;
  return print;
}

const pieceOf = (place: number): number => place >>> 9;
const within = (place: number): number => (place & (PLACES - 1)) << 1;

/** Where an entry is, or the free place where it belongs. */
function placeOf(table: Table, high: number, low: number): number {
  const places = PLACES * table.length;
  for (let place = low % places; ; place = place + 1 === places ? 0 : place + 1) {
    const piece = table[pieceOf(place)]!;
    const at = within(place);
    const there = piece[at + 1]!;
    if (there === low && piece[at] === high) return place;
    if (there === 0 && piece[at] === 0) return place;
  }
}

function isThere(table: Table, high: number, low: number): boolean {
  const place = placeOf(table, high, low);
  const piece = table[pieceOf(place)]!;
  const at = within(place);
  return piece[at] === high && piece[at + 1] === low;
}

function put(table: Table, high: number, low: number): void {
  const place = placeOf(table, high, low);
  const piece = table[pieceOf(place)]!;
  const at = within(place);
  piece[at] = high;
  piece[at + 1] = low;
}

/** Used again and again, as large as the largest table was. */
let scratch = newPiece();

/** Takes the entries out, adds pieces, and puts them in again. */
function grow(table: Table): void {
  const size = 2 * PLACES * table.length;
  if (scratch.length < size) scratch = new Uint32Array(2 * size);
  for (const [index, piece] of table.entries()) {
    scratch.set(piece, 2 * PLACES * index);
    piece.fill(0);
  }
  for (let more = Math.max(1, Math.floor(GROWTH * table.length)); more > 0; more--) table.push(newPiece());
  for (let at = 0; at < size; at += 2) {
    const [high, low] = [scratch[at]!, scratch[at + 1]!];
    if (high !== 0 || low !== 0) put(table, high, low);
  }
}

function countOf(table: readonly Uint32Array[]): number {
  let count = 0;
  for (const piece of table) {
    for (let at = 0; at < piece.length; at += 2) if (piece[at] !== 0 || piece[at + 1] !== 0) count++;
  }
  return count;
}

/** Spreads every bit over all others. */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
