/** Finds, counts and sorts findings. Works on columns, so that 100,000 rows take milliseconds. */
import type { Column, PageData, WordColumn } from '../page/model.js';

/** What rows are chosen by. */
export interface Query {
  readonly text: string;
  /** Values of each facet that count; an empty set lets everything through. */
  readonly chosen: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Rows that fit, and how many would fit for each value of each facet if it were chosen. */
export interface Answer {
  /** 1 for a row that fits. */
  readonly fits: Uint8Array;
  readonly count: number;
  readonly counts: ReadonlyMap<string, Uint32Array>;
}

/** Answers questions about the findings of a page. */
export class Findings {
  readonly facets: readonly WordColumn[];
  private readonly byId: ReadonlyMap<string, Column>;
  private readonly lowered = new Map<string, readonly string[]>();
  private readonly orders = new Map<string, Uint32Array>();

  constructor(readonly data: PageData) {
    this.byId = new Map(data.columns.map((column) => [column.id, column]));
    this.facets = data.columns.filter((column) => column.kind === 'words').filter(({ facet }) => facet !== null);
  }

  column(id: string): Column | null {
    return this.byId.get(id) ?? null;
  }

  text(id: string, row: number): string {
    const column = this.byId.get(id);
    if (column === undefined) return '';
    return column.kind === 'words' ? column.words[column.at[row]!]! : column.texts[row]!;
  }

  /** The row with this fingerprint; -1 when there is none. */
  find(fingerprint: string): number {
    const column = this.byId.get('fingerprint');
    return column?.kind === 'texts' ? column.texts.indexOf(fingerprint) : -1;
  }

  /** Values of a facet that a word of the column has. */
  static valuesOf(column: WordColumn, word: number): readonly number[] {
    return column.facet!.of === null ? [word] : column.facet!.of[word]!;
  }

  answer({ text, chosen }: Query): Answer {
    const { rows } = this.data;
    const misses = new Uint8Array(rows);
    const missed = new Uint8Array(rows);
    const found = this.matchText(text);
    for (const [index, column] of this.facets.entries()) {
      const values = chosen.get(column.id);
      if (values === undefined || values.size === 0) continue;
      const passes = this.passing(column, values);
      const { at } = column;
      for (let row = 0; row < rows; row += 1) {
        if (passes[at[row]!] === 1) continue;
        misses[row]! += 1;
        missed[row] = index;
      }
    }
    return this.tally(found, misses, missed);
  }

  /** All rows in the order of a column; ties keep the order of the report. */
  order(id: string | null): Uint32Array {
    const key = id ?? '';
    let order = this.orders.get(key);
    if (order === undefined) {
      order = this.sorted(id === null ? null : this.column(id));
      this.orders.set(key, order);
    }
    return order;
  }

  private passing(column: WordColumn, values: ReadonlySet<string>): Uint8Array {
    const chosen = column.facet!.values.map((value) => values.has(value));
    return Uint8Array.from(column.words, (_, word) =>
      Findings.valuesOf(column, word).some((value) => chosen[value]) ? 1 : 0,
    );
  }

  private tally(found: Uint8Array | null, misses: Uint8Array, missed: Uint8Array): Answer {
    const { rows } = this.data;
    const fits = new Uint8Array(rows);
    let count = 0;
    // Counts by word first: few words stand for many rows.
    const byWord = this.facets.map(({ words }) => new Uint32Array(words.length));
    for (let row = 0; row < rows; row += 1) {
      if (found !== null && found[row] === 0) continue;
      if (misses[row] === 0) {
        fits[row] = 1;
        count += 1;
        for (let facet = 0; facet < byWord.length; facet += 1) byWord[facet]![this.facets[facet]!.at[row]!]! += 1;
      } else if (misses[row] === 1) {
        // It would fit if the one facet that leaves it out chose its value.
        const facet = missed[row]!;
        byWord[facet]![this.facets[facet]!.at[row]!]! += 1;
      }
    }
    const counts = new Map(
      this.facets.map((column, facet) => {
        const values = new Uint32Array(column.facet!.values.length);
        for (const [word, number] of byWord[facet]!.entries()) {
          for (const value of Findings.valuesOf(column, word)) values[value]! += number;
        }
        return [column.id, values];
      }),
    );
    return { fits, count, counts };
  }

  /** Rows in which every word of the text stands somewhere; `null` when all do. */
  private matchText(text: string): Uint8Array | null {
    const parts = text
      .toLowerCase()
      .split(/\s+/)
      .filter((part) => part !== '');
    if (parts.length === 0) return null;
    const { rows } = this.data;
    const all = new Uint8Array(rows).fill(1);
    for (const part of parts) {
      const some = new Uint8Array(rows);
      for (const column of this.data.columns) this.markMatches(column, part, some);
      for (let row = 0; row < rows; row += 1) all[row]! &= some[row]!;
    }
    return all;
  }

  private markMatches(column: Column, part: string, some: Uint8Array): void {
    const texts = this.lower(column);
    const { rows } = this.data;
    if (column.kind === 'texts') {
      for (let row = 0; row < rows; row += 1) if (some[row] === 0 && texts[row]!.includes(part)) some[row] = 1;
      return;
    }
    const has = Uint8Array.from(texts, (text) => (text.includes(part) ? 1 : 0));
    if (!has.includes(1)) return;
    for (let row = 0; row < rows; row += 1) some[row]! |= has[column.at[row]!]!;
  }

  private lower(column: Column): readonly string[] {
    let texts = this.lowered.get(column.id);
    if (texts === undefined) {
      texts = (column.kind === 'words' ? column.words : column.texts).map((text) => text.toLowerCase());
      this.lowered.set(column.id, texts);
    }
    return texts;
  }

  private sorted(column: Column | null): Uint32Array {
    const { rows } = this.data;
    const order = Uint32Array.from({ length: rows }, (_, row) => row);
    if (column === null) return order;
    if (column.kind === 'texts') {
      const { texts } = column;
      return order.sort((a, b) => (texts[a]! < texts[b]! ? -1 : texts[a]! > texts[b]! ? 1 : a - b));
    }
    // Words stand in their order, so that word and row make one number to sort by.
    const keys = Float64Array.from(order, (row) => column.at[row]! * rows + row).sort();
    return Uint32Array.from(keys, (key) => key % rows);
  }
}
