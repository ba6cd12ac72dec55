import type { Diagnostic } from '../../findings/index.js';
import * as char from './chars.js';
import { nestedTooDeeply, unclosedMessage, unclosedString, type Source } from './problems.js';

/** Most levels of blocks, filters, lists and calls inside one another; keeps any input off the end of the stack. */
export const MAX_DEPTH = 1000;

/** The file cannot be a rule file, whatever follows. Thrown inside the parser only. */
export class SyntaxFailure extends Error {
  constructor(
    readonly diagnostic: Diagnostic,
    /** Where the parser stood. */
    readonly offset: number,
  ) {
    super(diagnostic.message);
  }
}

/**
 * A position in a rule file and the smallest readers. A reader that finds something else gives `null` (or `false`) and
 * stays where it was, so that another reading can be tried; it throws {@link SyntaxFailure} once no reading is left.
 */
export abstract class Scanner implements Source {
  protected pos = 0;
  protected depth = 0;
  /** The furthest missing operator: the likeliest fault when a clause cannot be read. */
  private likeliestAt = -1;
  private likeliest: (() => Diagnostic) | null = null;

  constructor(
    readonly text: string,
    readonly file: string,
  ) {}

  protected failure(diagnostic: Diagnostic): SyntaxFailure {
    return new SyntaxFailure(diagnostic, this.pos);
  }

  /** Remembers what seems to be wrong at an offset, should no other reading help. */
  protected suspect(offset: number, diagnose: () => Diagnostic): void {
    if (offset < this.likeliestAt) return;
    this.likeliestAt = offset;
    this.likeliest = diagnose;
  }

  /** What was suspected at or after an offset. */
  protected suspicion(offset: number): Diagnostic | null {
    return this.likeliest !== null && this.likeliestAt >= offset ? this.likeliest() : null;
  }

  protected enter(): void {
    if (++this.depth > MAX_DEPTH) throw this.tooDeep(this.pos);
  }

  protected tooDeep(offset: number): SyntaxFailure {
    return this.failure(nestedTooDeeply(this, offset, MAX_DEPTH));
  }

  protected leave(): void {
    this.depth--;
  }

  /** Skips blanks and comments. */
  protected skipBlanks(): void {
    const { text } = this;
    let { pos } = this;
    for (;;) {
      const code = text.charCodeAt(pos);
      if (char.isBlank(code)) pos++;
      else if (code === char.HASH) {
        const end = text.indexOf('\n', pos);
        pos = end < 0 ? text.length : end + 1;
      } else break;
    }
    this.pos = pos;
  }

  /** Skips blanks and comments; false when there are none. */
  protected blanks(): boolean {
    const start = this.pos;
    this.skipBlanks();
    return this.pos > start;
  }

  /** Skips blanks of any kind, but no comments. */
  protected skipPlainBlanks(): void {
    while (char.isBlank(this.text.charCodeAt(this.pos))) this.pos++;
  }

  /** Skips spaces and tabs. */
  protected skipSpaces(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.pos);
      if (code !== char.SPACE && code !== char.TAB) return;
      this.pos++;
    }
  }

  protected code(): number {
    return this.text.charCodeAt(this.pos);
  }

  /** Reads one character. */
  protected take(code: number): boolean {
    if (this.text.charCodeAt(this.pos) !== code) return false;
    this.pos++;
    return true;
  }

  /** Reads one character with blanks and comments before it; stays before the blanks when it is not there. */
  protected takeAfterBlanks(code: number): boolean {
    const start = this.pos;
    this.skipBlanks();
    if (this.take(code)) return true;
    this.pos = start;
    return false;
  }

  /** Reads a text in one of its two spellings. Keywords need no word boundary: `in[5]` is `in` and `[5]`. */
  protected word(lower: string, upper: string): boolean {
    if (!this.text.startsWith(lower, this.pos) && !this.text.startsWith(upper, this.pos)) return false;
    this.pos += lower.length;
    return true;
  }

  protected name(): string | null {
    const end = char.nameEnd(this.text, this.pos);
    if (end === this.pos) return null;
    const name = this.text.slice(this.pos, end);
    this.pos = end;
    return name;
  }

  /** `not` with a space or tab after it, or `!`. */
  protected not(): boolean {
    const code = this.text.charCodeAt(this.pos);
    if (code === char.BANG) {
      this.pos++;
      return true;
    }
    if (code !== 110 && code !== 78) return false;
    const start = this.pos;
    if (!this.word('not', 'NOT')) return false;
    this.skipSpaces();
    if (this.pos > start + 3) return true;
    this.pos = start;
    return false;
  }

  /** `or` between members of a disjunction, with the blanks around it. */
  protected or(): boolean {
    const start = this.pos;
    this.skipBlanks();
    const code = this.text.charCodeAt(this.pos);
    if (code === char.PIPE ? this.word('|OR|', '|OR|') : this.word('or', 'OR')) {
      if (this.blanks()) return true;
    }
    this.pos = start;
    return false;
  }

  /** A string in single or double quotes; a backslash escapes the same quote and nothing else. */
  protected string(): string | null {
    const { text, pos: start } = this;
    const quote = text.charCodeAt(start);
    if (quote !== char.SINGLE_QUOTE && quote !== char.DOUBLE_QUOTE) return null;
    const mark = quote === char.SINGLE_QUOTE ? "'" : '"';
    let from = start + 1;
    let end = text.indexOf(mark, from);
    if (end >= 0 && text.charCodeAt(end - 1) !== char.BACKSLASH) {
      this.pos = end + 1;
      return text.slice(from, end);
    }
    let value = '';
    while (end >= from && text.charCodeAt(end - 1) === char.BACKSLASH && end > from) {
      value += text.slice(from, end - 1) + mark;
      from = end + 1;
      end = text.indexOf(mark, from);
    }
    if (end < 0) throw this.failure(unclosedString(this, start));
    this.pos = end + 1;
    return value + text.slice(from, end);
  }

  /** A message between `<<` and `>>`, with blanks and comments allowed before it. */
  protected message(): string | null {
    const start = this.pos;
    this.skipBlanks();
    if (this.text.charCodeAt(this.pos) !== char.LESS || !this.text.startsWith('<<', this.pos)) {
      this.pos = start;
      return null;
    }
    const end = this.text.indexOf('>>', this.pos + 2);
    if (end < 0) throw this.failure(unclosedMessage(this, this.pos));
    const message = this.text.slice(this.pos + 2, end);
    this.pos = end + 2;
    return message;
  }
}
