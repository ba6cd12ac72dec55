/** The lines of a file around a place, with a line of carets under it, as compilers print them. */
import { visible } from './escape.js';
import type { Location } from './finding.js';
import { type LineCounter, lineCounter } from './lines.js';
import { characterWidth } from './text.js';

/** One printed row. */
export interface ExcerptRow {
  /** The line's number; `null` for a row of carets. */
  readonly line: number | null;
  /** Safe to print. */
  readonly text: string;
}

/** How much to show. */
export interface ExcerptOptions {
  /** Columns for the text, without the gutter. */
  readonly width: number;
  /** Lines of context before and after. `@default` 1 */
  readonly context?: number;
}

type Place = Pick<Location, 'line' | 'column' | 'endLine' | 'endColumn'>;

/** Finds excerpts in texts; each text is indexed once. */
export type Excerpts = (file: string, place: Place, options: ExcerptOptions) => readonly ExcerptRow[];

/** Excerpts from texts by path; a file that is not among them has none. */
export function excerptsOf(sources: ReadonlyMap<string, string> | undefined): Excerpts {
  const counters = new Map<string, LineCounter>();
  return (file, place, options) => {
    const text = sources?.get(file);
    if (text === undefined) return [];
    let counter = counters.get(file);
    if (!counter) {
      counter = lineCounter(text);
      counters.set(file, counter);
    }
    return excerpt(counter, place, options);
  };
}

/**
 * The rows for one place. Of a place over several lines only the first is marked. A long line (minified JSON) is cut
 * to the part around the place, with `…` where something is left out.
 */
export function excerpt(counter: LineCounter, place: Place, options: ExcerptOptions): readonly ExcerptRow[] {
  const { line, column } = place;
  if (line < 1 || line > counter.lineCount) return [];
  const context = options.context ?? 1;
  const first = Math.max(1, line - context);
  const last = Math.min(counter.lineCount, line + context);
  const marked = renderLine(counter.lineText(line), column, endOnLine(place, counter), options.width);
  const rows: ExcerptRow[] = [];
  for (let number = first; number <= last; number += 1) {
    if (number === line) {
      rows.push({ line: number, text: marked.text }, { line: null, text: marked.carets });
    } else if (!marked.cut) {
      const text = renderLine(counter.lineText(number), 1, 1, options.width).text;
      // Blank context at the edge tells nothing.
      if (text.trim() !== '') rows.push({ line: number, text });
    }
  }
  return rows;
}

function endOnLine(place: Place, counter: LineCounter): number {
  if (place.endLine === place.line) return Math.max(place.endColumn, place.column + 1);
  return Math.max(counter.lineText(place.line).trimEnd().length + 1, place.column + 1);
}

interface RenderedLine {
  readonly text: string;
  readonly carets: string;
  readonly cut: boolean;
}

/** Code units to look at on each side of the place; more never fits. */
const REACH = 1_000;

function renderLine(source: string, column: number, endColumn: number, width: number): RenderedLine {
  const from = Math.max(0, column - 1 - REACH);
  const cells = cellsOf(source.slice(from, column - 1 + REACH), from);
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  const startsAt = widthBefore(cells, column - 1);
  // The start of the place stands at about a third of the window when the line does not fit.
  const leave = total <= width ? 0 : Math.max(0, Math.min(startsAt - Math.floor(width / 3), total - width));
  let text = '';
  let skipped = 0;
  let used = 0;
  let caretStart = -1;
  let caretEnd = -1;
  let cutAfter = from + REACH * 2 < source.length && column - 1 + REACH < source.length;
  const cutBefore = from > 0 || leave > 0;
  if (cutBefore) {
    text = '…';
    used = 1;
  }
  for (const cell of cells) {
    if (skipped < leave) {
      skipped += cell.width;
      continue;
    }
    if (used + cell.width > width - 1 && total > width) {
      cutAfter = true;
      break;
    }
    if (cell.offset >= column - 1 && caretStart < 0) caretStart = used;
    if (cell.offset < endColumn - 1) caretEnd = used + cell.width;
    text += cell.text;
    used += cell.width;
  }
  if (caretStart < 0) caretStart = used;
  const length = Math.max(1, caretEnd - caretStart);
  const trimmed = cutAfter ? `${text}…` : text.trimEnd();
  return { text: trimmed, carets: `${' '.repeat(caretStart)}${'^'.repeat(length)}`, cut: cutBefore || cutAfter };
}

interface Cell {
  readonly text: string;
  readonly width: number;
  /** Offset in the line of the character that the cell shows. */
  readonly offset: number;
}

function cellsOf(text: string, base: number): Cell[] {
  const cells: Cell[] = [];
  let offset = base;
  for (const character of text) {
    const shown = character === '\t' ? '  ' : visible(character);
    // An escape such as `\u202e` consists of ASCII; anything else is the character itself.
    const width = shown === character ? characterWidth(character) : shown.length;
    cells.push({ text: shown, width, offset });
    offset += character.length;
  }
  return cells;
}

function widthBefore(cells: readonly Cell[], offset: number): number {
  let width = 0;
  for (const cell of cells) {
    if (cell.offset >= offset) break;
    width += cell.width;
  }
  return width;
}
