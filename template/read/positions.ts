/** Finds the place of a value in the tree of places. */
import { lineCounter } from '../../findings/index.js';
import type { LineCounter, Location, SourceRange } from '../../findings/index.js';
import type { Path } from '../values.js';
import type { EntryMark, Mark } from './yaml/index.js';

/** The JSON pointer (RFC 6901) of a path. */
export function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The places of one file's values. They are computed at the first question. */
export class Positions {
  private root: Mark | undefined;
  private lines: LineCounter | undefined;

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly marks: () => Mark,
  ) {}

  rangeOf(path: Path): SourceRange | undefined {
    const { mark, depth } = this.find(path);
    return depth === path.length ? this.range(mark.start, mark.end) : undefined;
  }

  keyRangeOf(path: Path): SourceRange | undefined {
    const { entry, depth } = this.find(path);
    return depth === path.length && entry !== null ? this.range(entry.keyStart, entry.keyEnd) : undefined;
  }

  locationOf(path: Path, which: 'value' | 'key' = 'value'): Location {
    const { mark, entry, depth } = this.find(path);
    const byKey = which === 'key' && entry !== null;
    this.lines ??= lineCounter(this.text);
    const start = this.lines.positionOf(byKey ? entry.keyStart : mark.start);
    const end = this.lines.positionOf(byKey ? entry.keyEnd : mark.end);
    return {
      file: this.file,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      pointer: pointerOf(path.slice(0, depth)),
    };
  }

  private range(start: number, end: number): SourceRange {
    return { file: this.file, start, end };
  }

  /** Follows a path as far as the document has it. */
  private find(path: Path): { mark: Mark; entry: EntryMark | null; depth: number } {
    let mark = (this.root ??= this.marks());
    let entry: EntryMark | null = null;
    let depth = 0;
    for (const step of path) {
      const next: EntryMark | undefined = mark.entries?.get(String(step));
      const item = next === undefined ? mark.items?.[Number(step)] : next.value;
      if (item === undefined) break;
      mark = item;
      entry = next ?? null;
      depth++;
    }
    return { mark, entry, depth };
  }
}
