/**
 * Ids that came before, in little memory: 64 bits of each, so that a trail of two gigabytes takes some twenty megabytes.
 * Two of a million ids meet with a chance of one to thirty million.
 */

const START = 2 ** 12;
/** How full the table gets. */
const FULL = 0.7;
const GROWTH = 1.5;

/** A set of texts. */
export class Fingerprints {
  /** Pairs of 32 bits; a pair of zeros is a free place. */
  private table = new Uint32Array(2 * START);
  private used = 0;

  get size(): number {
    return this.used;
  }

  /** @returns Whether it was not there. */
  add(text: string): boolean {
    let high = 0x811c9dc5;
    let low = 0x9e3779b9;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul((low << 5) ^ (low >>> 27) ^ code, 0x85ebca6b);
    }
    high = mixed(high ^ low);
    low = mixed(Math.imul(low, 0xc2b2ae35) ^ text.length);
    return this.insert(high, low === 0 && high === 0 ? 1 : low);
  }

  /** Whether an entry of another set is in this one. */
  meets(other: Fingerprints): boolean {
    for (let at = 0; at < other.table.length; at += 2) {
      const [high, low] = [other.table[at]!, other.table[at + 1]!];
      if ((high !== 0 || low !== 0) && this.find(this.table, high, low).isThere) return true;
    }
    return false;
  }

  /** Adds the entries of another set. */
  addAll(other: Fingerprints): void {
    for (let at = 0; at < other.table.length; at += 2) {
      const [high, low] = [other.table[at]!, other.table[at + 1]!];
      if (high !== 0 || low !== 0) this.insert(high, low);
    }
  }

  /** What is handed to another thread. */
  entries(): Uint32Array<ArrayBuffer> {
    return this.table;
  }

  static of(table: Uint32Array<ArrayBuffer>, used: number): Fingerprints {
    const made = new Fingerprints();
    made.table = table;
    made.used = used;
    return made;
  }

  private insert(high: number, low: number): boolean {
    const { at, isThere } = this.find(this.table, high, low);
    if (isThere) return false;
    this.table[at] = high;
    this.table[at + 1] = low;
    this.used++;
    if (2 * this.used > FULL * this.table.length) this.grow();
    return true;
  }

  private find(table: Uint32Array, high: number, low: number): { readonly at: number; readonly isThere: boolean } {
    const [h, l] = [high >>> 0, low >>> 0];
    const places = table.length / 2;
    for (let place = h % places; ; place = place + 1 === places ? 0 : place + 1) {
      const at = 2 * place;
      if (table[at] === h && table[at + 1] === l) return { at, isThere: true };
      if (table[at] === 0 && table[at + 1] === 0) return { at, isThere: false };
    }
  }

  private grow(): void {
    const before = this.table;
    const table = new Uint32Array(2 * Math.ceil((GROWTH * before.length) / 2));
    for (let from = 0; from < before.length; from += 2) {
      const [high, low] = [before[from]!, before[from + 1]!];
      if (high === 0 && low === 0) continue;
      const { at } = this.find(table, high, low);
      table[at] = high;
      table[at + 1] = low;
    }
    this.table = table;
  }
}

/** Spreads every bit over all others. */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
