/** Where values are written: a tree beside the value tree, made only when positions are asked for. */

/** The place of one value. Offsets count UTF-16 code units; `end` is exclusive. */
export interface Mark {
  start: number;
  end: number;
  /** Of the values of a map, by key. */
  entries?: Map<string, EntryMark>;
  /** Of the elements of a list. */
  items?: Mark[];
  /** Set on the map of one key that a tag such as `!Sub` stands for; the tag is the place of the key. */
  shortForm?: true;
}

/** The places of a key and its value. */
export interface EntryMark {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: Mark;
}

/** A key that stands in its map a second time. */
export interface Duplicate {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** The first of the two; `null` when places were not asked for. */
  readonly first: EntryMark | null;
}
