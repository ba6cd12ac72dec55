/**
 * Ids that came before, in little memory: 64 bits of each, so that a trail of two gigabytes takes some twenty megabytes.
 * Two of a million ids meet with a chance of one to thirty million.
 */

/** Tables that grow each by itself, so that there is never a second one of all. */
const SEGMENTS = 256;
const START = 16;
/** How full a table gets. */
const FULL = 0.9;
const GROWTH = 1.3;

/** A set of texts. */
export class Fingerprints {
  /** Pairs of 32 bits; a pair of zeros is a free place. */
  private tables = Array.from({ length: SEGMENTS }, () => new Uint32Array(2 * START));
  private counts = new Uint32Array(SEGMENTS);
  private used = 0;

  get size(): number {
    return this.used;
  }

  /** @returns Whether it was not there. */
  add(text: string): boolean {
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
    return this.insert(high, low === 0 && high === 0 ? 1 : low);
  }

  /** Whether an entry of another set is in this one. */
  meets(other: Fingerprints): boolean {
    return other.some((high, low) => isThere(this.tables[high % SEGMENTS]!, high, low));
  }

  /** Adds the entries of another set. */
  addAll(other: Fingerprints): void {
    other.some((high, low) => {
      this.insert(high, low);
      return false;
    });
  }

  /** What is handed to another thread. */
  entries(): readonly Uint32Array<ArrayBuffer>[] {
    return this.tables;
  }

  static of(tables: readonly Uint32Array<ArrayBuffer>[]): Fingerprints {
    const made = new Fingerprints();
    made.tables = [...tables];
    made.counts = Uint32Array.from(tables, countOf);
    made.used = made.counts.reduce((sum, count) => sum + count, 0);
    return made;
  }

  private some(asked: (high: number, low: number) => boolean): boolean {
    return this.tables.some((table) => {
      for (let at = 0; at < table.length; at += 2) {
        const [high, low] = [table[at]!, table[at + 1]!];
        if ((high !== 0 || low !== 0) && asked(high, low)) return true;
      }
      return false;
    });
  }

  private insert(signedHigh: number, signedLow: number): boolean {
    const [high, low] = [signedHigh >>> 0, signedLow >>> 0];
    const segment = high % SEGMENTS;
    let table = this.tables[segment]!;
    if (isThere(table, high, low)) return false;
    if (2 * (this.counts[segment]! + 1) > FULL * table.length) {
      table = grown(table);
      this.tables[segment] = table;
    }
    const at = placeOf(table, high, low);
    table[at] = high;
    table[at + 1] = low;
    this.counts[segment]!++;
    this.used++;
    return true;
  }
}

/** Where an entry is, or the free place where it belongs. */
function placeOf(table: Uint32Array, high: number, low: number): number {
  const places = table.length / 2;
  for (let place = low % places; ; place = place + 1 === places ? 0 : place + 1) {
    const at = 2 * place;
    if (table[at] === high && table[at + 1] === low) return at;
    if (table[at] === 0 && table[at + 1] === 0) return at;
  }
}

function isThere(table: Uint32Array, high: number, low: number): boolean {
  const at = placeOf(table, high, low);
  return table[at] === high && table[at + 1] === low;
}

function grown(before: Uint32Array): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array(2 * Math.ceil((GROWTH * before.length) / 2));
  for (let from = 0; from < before.length; from += 2) {
    const [high, low] = [before[from]!, before[from + 1]!];
    if (high === 0 && low === 0) continue;
    const at = placeOf(table, high, low);
    table[at] = high;
    table[at + 1] = low;
  }
  return table;
}

function countOf(table: Uint32Array): number {
  let count = 0;
  for (let at = 0; at < table.length; at += 2) if (table[at] !== 0 || table[at + 1] !== 0) count++;
  return count;
}

/** Spreads every bit over all others. */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
