/** Makes columns out of findings. */
import { type Severity, visible, visibleLines } from '../../../findings/index.js';
import type { Column, Facet, TextColumn, WordColumn } from './model.js';

/** How a column of words is made. */
export interface WordOptions {
  /** Words that sort before all others, in this order. @default by text */
  readonly order?: readonly string[];
  /** Whether rows can be chosen by it. @default `false` */
  readonly facet?: boolean;
  /** Words that are chosen at first. @default none */
  readonly initial?: readonly string[];
}

/** Makes columns of things: each takes its id, its label and what a thing has in it. */
export interface ColumnMaker<T> {
  /** Few different texts. */
  readonly words: (id: string, label: string, of: (thing: T) => string, options?: WordOptions) => WordColumn;
  /** Texts that mostly differ. */
  readonly texts: (id: string, label: string, of: (thing: T) => string) => TextColumn;
  /** Several words a row: rows are chosen by any of them. */
  readonly lists: (id: string, label: string, of: (thing: T) => readonly string[]) => WordColumn;
  /** Paths from below `root`: a row is chosen by its own place and by every place above it. */
  readonly paths: (id: string, label: string, root: string, of: (thing: T) => readonly string[]) => WordColumn;
}

/** A maker of columns for these things, one row each. */
export function columnsOf<T>(things: readonly T[]): ColumnMaker<T> {
  return {
    words: (id, label, of, options) => wordColumn(id, label, things.map(of), options),
    texts: (id, label, of) => textColumn(id, label, things.map(of)),
    lists: (id, label, of) => listColumn(id, label, things.map(of)),
    paths: (id, label, root, of) => pathColumn(id, label, root, things.map(of)),
  };
}

/** What findings of every kind have. */
interface Told {
  readonly severity: Severity;
  readonly controls: readonly string[];
  readonly title: string;
  readonly message: string;
  readonly help: string;
  readonly fingerprint: string;
}

/** The columns that findings of every kind have, by their ids. */
export function toldColumns<T extends Told>({
  words,
  texts,
  lists,
}: ColumnMaker<T>): Readonly<Record<keyof Told, Column>> {
  return {
    severity: words('severity', 'Severity', ({ severity }) => severity, {
      order: ['error', 'warning', 'info'],
      facet: true,
    }),
    controls: lists('controls', 'Control', ({ controls }) => controls),
    title: words('title', 'Title', ({ title }) => title),
    message: texts('message', 'Message', ({ message }) => message),
    help: words('help', 'How to mend it', ({ help }) => help),
    fingerprint: texts('fingerprint', 'Fingerprint', ({ fingerprint }) => fingerprint),
  };
}

function textColumn(id: string, label: string, texts: readonly string[]): TextColumn {
  return { kind: 'texts', id, label, texts: texts.map(safe) };
}

function wordColumn(
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

function listColumn(id: string, label: string, lists: readonly (readonly string[])[]): WordColumn {
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

function pathColumn(id: string, label: string, root: string, paths: readonly (readonly string[])[]): WordColumn {
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
