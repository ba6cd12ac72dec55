/** How words with a meaning of their own look. Class names come from here only, never from the data. */
import { make, type DomElement } from './browser.js';

const LOOKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  severity: { error: 'severity-error', warning: 'severity-warning', info: 'severity-info' },
  reach: { reachable: 'reach-reachable', blocked: 'reach-blocked', 'cannot tell': 'reach-open' },
  state: { archived: 'tag', waived: 'tag', 'not evaluated': 'tag verdict-not_evaluated' },
  change: { new: 'tag tag-new' },
};

/** The word of a column as a badge, or as plain text when it has no look. */
export function badge(column: string, word: string): DomElement | string {
  const look = LOOKS[column]?.[word];
  return look === undefined ? word : make('span', { className: `badge ${look}`, text: word });
}

/** Whether a word of this column is worth a line of its own in the table. */
export function isPlain(column: string, word: string): boolean {
  return word === '' || (column === 'state' && word === 'open');
}

/** A sentence in which names stand between backticks: they become code. A backtick without a partner is text. */
export function sentence(text: string): (DomElement | string)[] {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return [text];
  return parts.map((part, index) => (index % 2 === 1 ? make('code', { text: part }) : part));
}

/** What stands for no value at all. */
export function shown(word: string): string {
  return word === '' ? 'none' : word;
}

/** `1,234`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
