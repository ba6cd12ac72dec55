/** Reads scalars: plain, in quotes, and in blocks. Line breaks fold as in libyaml. */
import * as ch from './characters.js';
import { Scanner } from './scanner.js';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export class ScalarReader extends Scanner {
  /** The indentation of a block scalar that does not give it, after {@link blockBreaks}. */
  private foundIndent = 0;

  /** The line break at a place as it counts in a scalar: Unicode's separators stay, all others become a line feed. */
  private breakText(pos: number): string {
    const code = this.text.charCodeAt(pos);
    return code > 0x2000 ? this.text.charAt(pos) : '\n';
  }

  /** Reads a plain scalar. It may end on a later line, before the next token. */
  protected plain(): string {
    const text = this.text;
    let start = this.pos;
    let end = this.plainLine(start);
    let result = text.slice(start, end);
    this.keyAllowed = false;
    for (;;) {
      this.scalarEnd = end;
      const code = text.charCodeAt(this.pos);
      if (code !== ch.LINE_FEED && !ch.isBreak(code)) return result;
      const folded = this.foldPlain(this.pos);
      if (folded === null) return result;
      start = this.pos;
      end = this.plainLine(start);
      result += folded + text.slice(start, end);
      this.keyAllowed = false;
    }
  }

  /** Moves to the end of the plain text of a line. Returns the offset after its last character that is not a blank. */
  private plainLine(start: number): number {
    const text = this.text;
    const flow = this.flow > 0;
    let pos = start;
    let end = start;
    for (;;) {
      const code = text.charCodeAt(pos);
      if (code > ch.QUESTION && code < 0x80) {
        if (flow && ch.isFlowIndicator(code)) break;
      } else if (code === ch.SPACE || code === ch.TAB) {
        pos++;
        continue;
      } else if (code === ch.COLON) {
        const next = text.charCodeAt(pos + 1);
        if (ch.isBlankOrEnd(next)) break;
        if (flow && (ch.isFlowIndicator(next) || next === ch.QUESTION)) this.fail('a colon cannot stand here', pos);
      } else if (code === ch.HASH) {
        if (pos > end) break;
      } else if (code === ch.LINE_FEED || code === ch.END || ch.isBreak(code) || (code === ch.COMMA && flow)) {
        break;
      }
      end = ++pos;
    }
    this.pos = pos;
    return end;
  }

  /** Moves over line breaks inside or after a plain scalar. Returns what they fold to, `null` when the scalar has ended. */
  private foldPlain(from: number): string | null {
    const text = this.text;
    const first = this.breakText(from);
    let breaks = '';
    let pos = this.afterBreak(from);
    let lineStart = pos;
    let code = text.charCodeAt(pos);
    for (;;) {
      while (code === ch.SPACE) code = text.charCodeAt(++pos);
      if (code === ch.TAB) {
        if (this.flow === 0 && pos - lineStart <= this.indent) {
          this.fail('found a tab character where indentation is expected', pos);
        }
        code = text.charCodeAt(++pos);
        continue;
      }
      if (code !== ch.LINE_FEED && !ch.isBreak(code)) break;
      breaks += this.breakText(pos);
      pos = this.afterBreak(pos);
      lineStart = pos;
      code = text.charCodeAt(pos);
    }
    this.pos = pos;
    this.lineStart = lineStart;
    this.keyAllowed = true;
    const column = pos - lineStart;
    if (code === ch.END || code === ch.HASH) return null;
    if (this.flow === 0 && column <= this.indent) return null;
    if (column === 0 && this.isDocumentMarker(pos)) return null;
    const next = text.charCodeAt(pos + 1);
    if (code === ch.COLON && ch.isBlankOrEnd(next)) return null;
    if (this.flow > 0 && ch.isFlowIndicator(code)) return null;
    if (first !== '\n') return first + breaks;
    return breaks === '' ? ' ' : breaks;
  }

  /** Reads a scalar in single or double quotes. */
  protected quoted(): string {
    const text = this.text;
    const start = this.pos;
    const quote = this.code;
    let result = '';
    let pos = start + 1;
    let chunk = pos;
    this.keyAllowed = false;
    for (;;) {
      const code = text.charCodeAt(pos);
      if (code === quote) {
        if (quote === ch.SINGLE_QUOTE && text.charCodeAt(pos + 1) === ch.SINGLE_QUOTE) {
          result += text.slice(chunk, pos + 1);
          pos += 2;
          chunk = pos;
          continue;
        }
        result = result === '' ? text.slice(chunk, pos) : result + text.slice(chunk, pos);
        this.pos = this.scalarEnd = pos + 1;
        return result;
      }
      if (code === ch.BACKSLASH && quote === ch.DOUBLE_QUOTE) {
        result += text.slice(chunk, pos);
        if (ch.isBreak(text.charCodeAt(pos + 1))) {
          pos = this.afterBreak(pos + 1);
          this.lineStart = pos;
          this.pos = pos;
          result += this.skipBreaks(start);
        } else {
          this.pos = pos;
          result += this.escape();
        }
        pos = chunk = this.pos;
      } else if (code === ch.LINE_FEED || ch.isBreak(code)) {
        let end = pos;
        while (end > chunk && (text.charCodeAt(end - 1) === ch.SPACE || text.charCodeAt(end - 1) === ch.TAB)) end--;
        const first = this.breakText(pos);
        this.pos = this.lineStart = this.afterBreak(pos);
        const breaks = this.skipBreaks(start);
        result += text.slice(chunk, end);
        result += first !== '\n' ? first + breaks : breaks === '' ? ' ' : breaks;
        pos = chunk = this.pos;
      } else if (code === ch.END) {
        this.fail('a quoted text is not closed', start);
      } else {
        pos++;
      }
    }
  }

  /** Moves over blank lines and the blanks before the next text inside quotes. Returns the line breaks met. */
  private skipBreaks(start: number): string {
    const text = this.text;
    let breaks = '';
    let pos = this.pos;
    for (;;) {
      if (pos === this.lineStart && this.isDocumentMarker(pos)) this.fail('a quoted text is not closed', start);
      const code = text.charCodeAt(pos);
      if (code === ch.SPACE || code === ch.TAB) {
        pos++;
      } else if (ch.isBreak(code)) {
        breaks += this.breakText(pos);
        pos = this.lineStart = this.afterBreak(pos);
      } else {
        this.pos = pos;
        return breaks;
      }
    }
  }

  /** Reads one escape in double quotes. */
  private escape(): string {
    const text = this.text;
    const start = this.pos;
    const letter = text.charAt(start + 1);
    const simple = SIMPLE_ESCAPES[letter];
    if (simple !== undefined) {
      this.pos = start + 2;
      return simple;
    }
    const length = HEX_LENGTHS[letter];
    if (length === undefined) this.fail(`there is no escape \`\\${letter === '\0' ? '' : letter}\``, start);
    const digits = text.slice(start + 2, start + 2 + length);
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) {
      this.fail(`the escape \`\\${letter}\` needs ${length} hexadecimal digits`, start);
    }
    const point = parseInt(digits, 16);
    if (point > 0x10ffff) this.fail(`there is no character \`\\${letter}${digits}\``, start);
    if (point >= 0xd800 && point <= 0xdfff && !this.surrogateEscapes) {
      this.fail(`\`\\${letter}${digits}\` is half of a character`, start);
    }
    this.pos = start + 2 + length;
    return String.fromCodePoint(point);
  }

  /** Reads a block scalar, `|` or `>`. */
  protected block(): string {
    const text = this.text;
    const literal = this.code === ch.PIPE;
    let chomp = 0;
    let increment = 0;
    let pos = this.pos + 1;
    for (let turn = 0; turn < 2; turn++) {
      const code = text.charCodeAt(pos);
      if ((code === ch.PLUS || code === ch.DASH) && chomp === 0) {
        chomp = code === ch.PLUS ? 1 : -1;
        pos++;
      } else if (code >= 48 && code <= 57 && increment === 0) {
        if (code === 48) this.fail('the indentation of a block text cannot be 0', pos);
        increment = code - 48;
        pos++;
      }
    }
    let code = text.charCodeAt(pos);
    while (code === ch.SPACE || code === ch.TAB) code = text.charCodeAt(++pos);
    if (code === ch.HASH) while (code !== ch.END && !ch.isBreak(code)) code = text.charCodeAt(++pos);
    if (code !== ch.END && !ch.isBreak(code)) this.fail('a block text starts on the next line', pos);
    if (code !== ch.END) pos = this.afterBreak(pos);
    this.lineStart = pos;
    return this.blockLines(pos, literal, chomp, increment === 0 ? 0 : Math.max(this.indent, 0) + increment);
  }

  private blockLines(from: number, literal: boolean, chomp: number, fixedIndent: number): string {
    const text = this.text;
    let result = '';
    let leadingBreak = '';
    let leadingBlank = false;
    this.pos = this.scalarEnd = from;
    this.keyAllowed = true;
    let indent = fixedIndent;
    let trailing = this.blockBreaks(indent);
    if (indent === 0) indent = this.foundIndent;
    while (this.pos - this.lineStart === indent && text.charCodeAt(this.pos) !== ch.END) {
      const start = this.pos;
      const blank = text.charCodeAt(start) === ch.SPACE || text.charCodeAt(start) === ch.TAB;
      if (!literal && leadingBreak === '\n' && !leadingBlank && !blank) {
        if (trailing === '') result += ' ';
      } else {
        result += leadingBreak;
      }
      result += trailing;
      leadingBlank = blank;
      let pos = start;
      let code = text.charCodeAt(pos);
      while (code !== ch.LINE_FEED && code !== ch.END && !ch.isBreak(code)) code = text.charCodeAt(++pos);
      result += text.slice(start, pos);
      this.scalarEnd = pos;
      leadingBreak = '';
      if (code !== ch.END) {
        leadingBreak = this.breakText(pos);
        pos = this.lineStart = this.afterBreak(pos);
      }
      this.pos = pos;
      trailing = this.blockBreaks(indent);
    }
    if (chomp >= 0) result += leadingBreak;
    if (chomp > 0) result += trailing;
    return result;
  }

  /** Moves over blank lines and indentation in a block scalar. With indent 0 it finds the indentation too. */
  private blockBreaks(indent: number): string {
    const text = this.text;
    let breaks = '';
    let deepest = 0;
    let pos = this.pos;
    for (;;) {
      let code = text.charCodeAt(pos);
      while (code === ch.SPACE && (indent === 0 || pos - this.lineStart < indent)) code = text.charCodeAt(++pos);
      const column = pos - this.lineStart;
      if (column > deepest) deepest = column;
      if (code === ch.TAB && (indent === 0 || column < indent)) {
        this.fail('found a tab character where indentation is expected', pos);
      }
      if (!ch.isBreak(code)) break;
      breaks += this.breakText(pos);
      pos = this.lineStart = this.afterBreak(pos);
    }
    this.pos = pos;
    this.foundIndent = Math.max(deepest, this.indent + 1, 1);
    return breaks;
  }
}
