/** Lines and columns of a text: the one place where offsets become what an editor shows. */

/** A 1-based line and column; the column counts UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Answers questions about the lines of one text. */
export interface LineCounter {
  /** How many lines there are; an empty text has one. */
  readonly lineCount: number;
  /** The line and column of an offset; offsets outside the text are moved to its nearest end. */
  positionOf(offset: number): Position;
  /** The offset of a line and column; places outside the text are moved to the nearest one inside. */
  offsetOf(position: Position): number;
  /** A line without its line ending; `''` when there is no such line. */
  lineText(line: number): string;
}

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Indexes the line starts of `text`. A line ends with CR LF, LF or CR, as editors and SARIF 2.1.0 (3.30.2) see it.
 * A byte order mark at the start takes no column, because no editor shows it.
 *
 * @param text - A whole file. The index is made at the first question, in one pass over the text.
 * @returns Answers in O(log lines).
 */
export function lineCounter(text: string): LineCounter {
  let known: readonly number[] | undefined;
  const lineStarts = (): readonly number[] => (known ??= startsOf(text));
  const markLength = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  const textStart = (line: number): number => (line === 1 ? markLength : lineStarts()[line - 1]!);
  const textEnd = (line: number): number => {
    let end = lineStarts()[line] ?? text.length;
    if (line === lineStarts().length) return end;
    if (text[end - 1] === '\n') end -= 1;
    // A lone LF leaves the character before it alone; CR LF loses both.
    if (text[end - 1] === '\r') end -= 1;
    return end;
  };
  return {
    get lineCount(): number {
      return lineStarts().length;
    },
    positionOf(offset: number): Position {
      const at = Math.min(Math.max(offset, 0), text.length);
      const line = lastAtMost(lineStarts(), at) + 1;
      return { line, column: Math.max(at - textStart(line), 0) + 1 };
    },
    offsetOf({ line, column }: Position): number {
      const inside = Math.min(Math.max(line, 1), lineStarts().length);
      return Math.min(textStart(inside) + Math.max(column - 1, 0), lineStarts()[inside] ?? text.length);
    },
    lineText(line: number): string {
      if (line < 1 || line > lineStarts().length) return '';
      return text.slice(textStart(line), Math.max(textEnd(line), textStart(line)));
    },
  };
}

function startsOf(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

/** The index of the last element that is at most `value`; the first element always is. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
