/**
 * The data of a report's page: findings column by column, so that 100,000 of them are read in one go and filtered without
 * making an object for each. Shared by what writes the page and by the script that runs in it.
 */

/** A column with few different values, each written once. */
export interface WordColumn {
  readonly kind: 'words';
  readonly id: string;
  readonly label: string;
  /** Different values in the order in which they sort. */
  readonly words: readonly string[];
  /** The word of each row. */
  readonly at: readonly number[];
  /** How rows are chosen by this column; `null` when they are not. */
  readonly facet: Facet | null;
}

/** Values that a reader can choose. A word may belong to several, as a path belongs to every unit above it. */
export interface Facet {
  readonly values: readonly string[];
  /** What is shown for a value, when it is not the value. */
  readonly labels: readonly string[] | null;
  /** How far a value is below the top; `null` when there are no levels. */
  readonly depths: readonly number[] | null;
  /** Values of each word; `null` when each word is its own value. */
  readonly of: readonly (readonly number[])[] | null;
  /** Values that are chosen at first. */
  readonly initial: readonly number[];
}

/** A column in which most values differ. */
export interface TextColumn {
  readonly kind: 'texts';
  readonly id: string;
  readonly label: string;
  readonly texts: readonly string[];
}

export type Column = WordColumn | TextColumn;

/** A cell of the table: up to two lines, each sorted by its own column. */
export interface Cell {
  readonly lines: readonly string[];
  readonly style: 'badge' | 'narrow' | 'middle' | 'broad' | 'wide';
}

/** All that the script needs to know. Every text has been made visible: no control characters, no bidirectional ones. */
export interface PageData {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly cells: readonly Cell[];
  /** Columns of the view of one finding, besides its title, message and help. */
  readonly details: readonly string[];
}
