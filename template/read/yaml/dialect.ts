/** What differs between the readers of YAML text. */
import type { Value, ValueMap } from '../../values.js';

/** What tags, plain scalars, keys and aliases mean to one reader. */
export interface Dialect {
  /** The value of a plain scalar without a tag, or `undefined` when the reader refuses it. */
  plain(text: string): Value | undefined;
  /**
   * The value of a scalar with a tag; `plain` says whether it was written without quotes.
   * A map of one key stands for a short intrinsic form; its inner value is the text, or parts of it.
   *
   * @returns `undefined` when the tag cannot be on such a scalar.
   */
  tagged(tag: string, text: string, plain: boolean): Value | undefined;
  /** Whether a key may have a tag that starts with `!`. */
  readonly taggedKeys: boolean;
  /** The key of the map that a tagged list or map is put into, or `undefined` when the tag has no meaning. */
  wrapper(tag: string, value: readonly Value[] | ValueMap): string | undefined;
  /** The key that a plain scalar gives, or `undefined` when it cannot be a key. */
  plainKey(text: string): string | undefined;
  /** The value of an empty node without a tag. */
  readonly empty: Value;
  /** Whether an alias stands for the value of its anchor. */
  readonly aliases: boolean;
  /** Whether the key `<<` merges maps. */
  readonly mergeKeys: boolean;
  /** What a repeated key does: the last value counts, or it is an error. */
  readonly duplicateKeys: 'last' | 'error';
  /** Whether two `\u` escapes may make a surrogate pair. */
  readonly surrogateEscapes: boolean;
  /** What may follow a document's end: more documents, which are left unread; separators without a document; nothing. */
  readonly afterDocument: 'documents' | 'separators' | 'nothing';
  /** The number of lists and maps that may stand in each other. */
  readonly maxDepth: number;
  /** The number of values that aliases may bring the document to. */
  readonly maxExpanded: number;
}
