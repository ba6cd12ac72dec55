/** What leaves the page at a reader's wish: a finding as text to paste, a list as comma-separated values to keep. */
import { csvRow } from '../csv-text.js';
import { browser, make } from './browser.js';
import type { Findings } from './data.js';

/** A finding as plain text: what it is, what was found, how to mend it, and its details. */
export function findingText(findings: Findings, row: number): string {
  const text = (id: string): string => findings.text(id, row);
  const help = text('help');
  const details = findings.data.details.flatMap((id) => {
    const label = findings.column(id)?.label;
    return label === undefined || text(id) === '' ? [] : [`${label}: ${text(id)}`];
  });
  return [
    `${text('severity').toUpperCase()} ${text('title')}`,
    text('message'),
    ...(help === '' ? [] : ['', 'How to mend it:', help]),
    '',
    ...details,
    '',
  ].join('\n');
}

/**
 * Puts a text on the clipboard. A page that was not read from a disk or over TLS has no clipboard of its own and copies a
 * selection instead ("Clipboard API and events", W3C).
 *
 * @returns Whether it is there.
 */
export async function copy(text: string): Promise<boolean> {
  const { clipboard } = browser.navigator;
  if (clipboard !== undefined) {
    try {
      await clipboard.writeText(text);
      return true;
    } catch {
      // The browser may refuse it; a selection is asked less of.
    }
  }
  const field = make('textarea', { className: 'copied', attributes: { readonly: '', 'aria-hidden': 'true' } });
  field.value = text;
  const before = browser.document.activeElement;
  browser.document.body.append(field);
  field.select();
  const isDone = browser.document.execCommand('copy');
  field.remove();
  before?.focus({ preventScroll: true });
  return isDone;
}

/** The rows as comma-separated values, a row each, all columns; the first one names them. */
export function listText({ data }: Findings, rows: Iterable<number>): string[] {
  const { columns } = data;
  const parts = [csvRow(columns.map(({ id }) => id))];
  for (const row of rows) {
    parts.push(
      csvRow(columns.map((column) => (column.kind === 'words' ? column.words[column.at[row]!]! : column.texts[row]!))),
    );
  }
  return parts;
}

/** Spreadsheet programs take a file for UTF-8 by this mark. */
const BYTE_ORDER_MARK = '\ufeff';

let kept = '';

/** Saves a text as a file. Only the newest one is kept in memory. */
export function save(parts: readonly string[], name: string): void {
  if (kept !== '') browser.URL.revokeObjectURL(kept);
  kept = browser.URL.createObjectURL(new browser.Blob([BYTE_ORDER_MARK, ...parts], { type: 'text/csv;charset=utf-8' }));
  const link = make('a');
  link.href = kept;
  link.download = name;
  link.click();
}
