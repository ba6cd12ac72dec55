import type { Literal } from '../ast.js';
import * as char from './chars.js';
import {
  integerTooLarge,
  invalidRegex,
  malformedNumber,
  mixedRange,
  unclosedBracket,
  unclosedRegex,
} from './problems.js';
import { Scanner } from './scanner.js';

/** Says what is wrong with a pattern, or `null` when it compiles. */
export type CheckRegex = (pattern: string) => string | null;

const NULL: Literal = { kind: 'null' };
const TRUE: Literal = { kind: 'bool', value: true };
const FALSE: Literal = { kind: 'bool', value: false };
const LARGEST_INTEGER = 9223372036854775807n;

/** Reads literals: scalars, regular expressions, ranges, lists and maps. */
export abstract class LiteralReader extends Scanner {
  private readonly validPatterns = new Set<string>();

  constructor(
    text: string,
    file: string,
    private readonly checkRegex: CheckRegex | undefined,
  ) {
    super(text, file);
  }

  /** A literal with blanks and comments before it. */
  protected literal(): Literal | null {
    const start = this.pos;
    this.skipBlanks();
    const literal = this.literalHere();
    if (literal === null) this.pos = start;
    return literal;
  }

  private literalHere(): Literal | null {
    const code = this.code();
    switch (code) {
      case 110: // n
      case 78: // N
        return this.word('null', 'NULL') ? NULL : null;
      case 116: // t
      case 84: // T
        return this.word('true', 'True') ? TRUE : null;
      case 102: // f
      case 70: // F
        return this.word('false', 'False') ? FALSE : null;
      case 114: // r
        return this.range();
      case char.SINGLE_QUOTE:
      case char.DOUBLE_QUOTE:
        return { kind: 'string', value: this.string()! };
      case char.SLASH:
        return this.regex();
      case char.OPEN_BRACKET:
        return this.list();
      case char.OPEN_BRACE:
        return this.map();
      default:
        return code === char.MINUS || char.isDigit(code) ? this.number() : null;
    }
  }

  /** A float or an integer; a float is never negative and its exponent, standing alone, is signed. */
  private number(): Literal | null {
    const { text, pos: start } = this;
    if (this.code() !== char.MINUS) {
      const float = /\d+(?:\.\d+|(?=[eE][+-]\d))(?:[eE][+-]?\d+)?/y;
      float.lastIndex = start;
      if (float.test(text)) {
        const end = float.lastIndex;
        const after = text.charCodeAt(end) | 32;
        if (after === 101 && !/[eE]/.test(text.slice(start, end))) {
          throw this.failure(malformedNumber(this, start, end + 1));
        }
        this.pos = end;
        return { kind: 'float', value: Number(text.slice(start, end)) };
      }
    }
    const value = this.integer();
    if (value === null) return null;
    if (
      text.charCodeAt(start) === char.MINUS &&
      this.code() === char.DOT &&
      char.isDigit(text.charCodeAt(this.pos + 1))
    ) {
      let end = this.pos + 1;
      while (char.isDigit(text.charCodeAt(end))) end++;
      throw this.failure(malformedNumber(this, start, end));
    }
    return { kind: 'int', value };
  }

  /** Digits, with or without a minus; beyond 2^53 a `bigint`. */
  protected integer(): number | bigint | null {
    const { text, pos: start } = this;
    let end = text.charCodeAt(start) === char.MINUS ? start + 1 : start;
    const digits = end;
    while (char.isDigit(text.charCodeAt(end))) end++;
    if (end === digits) return null;
    let value: number | bigint = end - digits <= 15 ? Number(text.slice(digits, end)) : BigInt(text.slice(digits, end));
    if (value > LARGEST_INTEGER) throw this.failure(integerTooLarge(this, start, end));
    if (value <= Number.MAX_SAFE_INTEGER) value = Number(value);
    this.pos = end;
    if (digits === start || value === 0) return value;
    return -value;
  }

  private regex(): Literal {
    const { text, pos: start } = this;
    let pattern = '';
    let from = start + 1;
    for (;;) {
      const end = text.indexOf('/', from);
      // Each stretch between slashes needs a character, so that `//` and a pattern ending in `\/` are errors.
      if (end <= from) throw this.failure(unclosedRegex(this, start));
      if (text.charCodeAt(end - 1) !== char.BACKSLASH) {
        pattern += text.slice(from, end);
        this.pos = end + 1;
        break;
      }
      pattern += `${text.slice(from, end - 1)}/`;
      from = end + 1;
    }
    if (this.checkRegex !== undefined && !this.validPatterns.has(pattern)) {
      const reason = this.checkRegex(pattern);
      if (reason !== null) throw this.failure(invalidRegex(this, start, this.pos, reason));
      this.validPatterns.add(pattern);
    }
    return { kind: 'regex', pattern };
  }

  /** `r[1,5)`; anything else that begins with `r` is a query or a call. */
  private range(): Literal | null {
    const start = this.pos;
    const open = this.text[start + 1];
    if (open !== '[' && open !== '(') return null;
    this.pos += 2;
    const lower = this.bound();
    if (lower !== null && this.take(char.COMMA)) {
      const upper = this.bound();
      const close = this.text[this.pos];
      if (upper !== null && (close === ']' || close === ')')) {
        this.pos++;
        if (lower.type !== upper.type) throw this.failure(mixedRange(this, start, this.pos));
        return {
          kind: 'range',
          type: lower.type,
          lower: lower.value,
          upper: upper.value,
          lowerInclusive: open === '[',
          upperInclusive: close === ']',
        };
      }
    }
    this.pos = start;
    return null;
  }

  private bound(): { type: 'int' | 'float' | 'char'; value: number | bigint | string } | null {
    this.skipSpaces();
    const code = this.code();
    const number = code === char.MINUS || char.isDigit(code) ? this.number() : null;
    if (number !== null && (number.kind === 'int' || number.kind === 'float')) {
      this.skipSpaces();
      return { type: number.kind, value: number.value };
    }
    const point = this.text.codePointAt(this.pos);
    if (point === undefined) return null;
    const value = String.fromCodePoint(point);
    this.pos += value.length;
    this.skipSpaces();
    return { type: 'char', value };
  }

  private list(): Literal {
    const open = this.pos;
    this.enter();
    this.pos++;
    const items: Literal[] = [];
    let item = this.literal();
    while (item !== null) {
      items.push(item);
      if (!this.takeAfterBlanks(char.COMMA)) break;
      item = this.literal();
    }
    const closed = (item !== null || items.length === 0) && this.takeAfterBlanks(char.CLOSE_BRACKET);
    if (!closed) {
      this.skipBlanks();
      throw this.failure(unclosedBracket(this, open, this.pos, ']', item === null && items.length > 0));
    }
    this.leave();
    return { kind: 'list', items };
  }

  private map(): Literal {
    const open = this.pos;
    this.enter();
    this.pos++;
    const entries = new Map<string, Literal>();
    do {
      this.skipBlanks();
      const key = this.mapKey();
      if (key === null && entries.size === 0) break;
      const value = key !== null && this.takeAfterBlanks(char.COLON) ? this.literal() : null;
      if (key === null || value === null) {
        this.skipBlanks();
        throw this.failure(unclosedBracket(this, open, this.pos, '}', key === null));
      }
      // A key that is written again keeps its place and takes the later value.
      entries.set(key, value);
    } while (this.takeAfterBlanks(char.COMMA));
    if (!this.takeAfterBlanks(char.CLOSE_BRACE)) {
      this.skipBlanks();
      throw this.failure(unclosedBracket(this, open, this.pos, '}'));
    }
    this.leave();
    return { kind: 'map', entries: [...entries] };
  }

  private mapKey(): string | null {
    const start = this.pos;
    for (;;) {
      const code = this.code();
      const width = code === char.MINUS || code === char.UNDERSCORE ? 1 : char.alphanumericAt(this.text, this.pos);
      if (width === 0) break;
      this.pos += width;
    }
    return this.pos > start ? this.text.slice(start, this.pos) : this.string();
  }
}
