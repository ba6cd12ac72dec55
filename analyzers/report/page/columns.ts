/** Makes columns out of findings. */
import { visible, visibleLines } from '../../../findings/index.js';
import type { Facet, TextColumn, WordColumn } from './model.js';

/** How a column of words is made. */
export interface WordOptions {
  /** Words that sort before all others, in this order. @default by text */
  readonly order?: readonly string[];
  /** Whether rows can be chosen by it. @default `false` */
  readonly facet?: boolean;
  /** Words that are chosen at first. @default none */
  readonly initial?: readonly string[];
}

/** A column of texts that mostly differ. @param lines - Whether line breaks stay. */
export function textColumn(id: string, label: string, texts: readonly string[]): TextColumn {
  return { kind: 'texts', id, label, texts: texts.map(safe) };
}

/** A column of words. */
export function wordColumn(
  id: string,
  label: string,
  values: readonly string[],
  { order = [], facet = false, initial = [] }: WordOptions = {},
): WordColumn {
  const { words, at } = index(values.map(once(safe)), (a, b) => rank(order, a) - rank(order, b) || compare(a, b));
  const chosen = initial.flatMap((word) => (words.includes(word) ? [words.indexOf(word)] : []));
  return {
    kind: 'words',
    id,
    label,
    words,
    at,
    facet: facet ? { values: words, labels: null, depths: null, of: null, initial: chosen } : null,
  };
}

/** A column of several words a row: rows are chosen by any of them. */
export function listColumn(id: string, label: string, lists: readonly (readonly string[])[]): WordColumn {
  const { words, at } = index(lists.map(keyMaker()), compare);
  const values = [...new Set(words.flatMap(partsOf))].sort(compare);
  const indexes = new Map(values.map((value, position) => [value, position]));
  const facet: Facet = {
    values,
    labels: null,
    depths: null,
    of: words.map((word) => partsOf(word).map((part) => indexes.get(part)!)),
    initial: [],
  };
  return { kind: 'words', id, label, words: words.map((word) => partsOf(word).join(', ')), at, facet };
}

/** A column of paths from below `root`: a row is chosen by its own place and by every place above it. */
export function pathColumn(id: string, label: string, root: string, paths: readonly (readonly string[])[]): WordColumn {
  const keyOf = keyMaker();
  const { words, at } = index(
    paths.map((path) => keyOf([root, ...path])),
    compare,
  );
  const above = words.map((word) => partsOf(word).map((_, last, parts) => parts.slice(0, last + 1).join('\n')));
  const keys = [...new Set(above.flat())].sort(compare);
  const indexes = new Map(keys.map((key, position) => [key, position]));
  const facet: Facet = {
    values: keys.map((key) => partsOf(key).join('/')),
    labels: keys.map((key) => partsOf(key).at(-1)!),
    depths: keys.map((key) => partsOf(key).length - 1),
    of: above.map((prefixes) => prefixes.map((prefix) => indexes.get(prefix)!)),
    initial: [],
  };
  return { kind: 'words', id, label, words: words.map((word) => partsOf(word).slice(1).join('/') || root), at, facet };
}

/** Text that shows all that is in it; line breaks stay. */
function safe(text: string): string {
  return /^[ !$-9;-~]*$/.test(text) ? text : visibleLines(text).join('\n');
}

/** Does the work once for each text: words are few, rows are many. */
function once(work: (text: string) => string): (text: string) => string {
  const done = new Map<string, string>();
  return (text) => {
    let result = done.get(text);
    if (result === undefined) {
      result = work(text);
      done.set(text, result);
    }
    return result;
  };
}

/** Parts one a line: none of them holds a line break after it was made visible. */
function keyMaker(): (parts: readonly string[]) => string {
  const shown = once(visible);
  return (parts) => parts.map(shown).join('\n');
}

function partsOf(key: string): string[] {
  return key === '' ? [] : key.split('\n');
}

function index(
  values: readonly string[],
  order: (a: string, b: string) => number,
): { readonly words: readonly string[]; readonly at: readonly number[] } {
  const words = [...new Set(values)].sort(order);
  const indexes = new Map(words.map((word, position) => [word, position]));
  return { words, at: values.map((value) => indexes.get(value)!) };
}

function rank(order: readonly string[], word: string): number {
  const position = order.indexOf(word);
  return position < 0 ? order.length : position;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
