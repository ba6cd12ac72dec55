/** Escapes and bracketed classes of a pattern. */
import { HEX_DIGIT, NOT_HEX_DIGIT, parseClass, parseProperty, perlClass } from './class.js';
import type { ClassSet } from './class-set.js';
import { PatternCursor } from './pattern-cursor.js';
import type { AssertionKind, Expr } from './syntax.js';

const LITERAL_ESCAPES: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  e: 0x1b,
};

const ASSERTION_ESCAPES: Readonly<Record<string, AssertionKind>> = {
  A: 'startText',
  z: 'endText',
  b: 'wordBoundary',
  B: 'notWordBoundary',
  '<': 'wordStart',
  '>': 'wordEnd',
};

/** What an escape in a bracketed class stands for: one character, or a set with the text that the class reader sees. */
type Escape =
  | { readonly kind: 'expr'; readonly expr: Expr }
  | { readonly kind: 'char'; readonly codePoint: number; readonly caseless: boolean }
  | { readonly kind: 'set'; readonly set: ClassSet; readonly source: string; readonly caseless: boolean };

export class PatternAtoms extends PatternCursor {
  /** A class of which the second reading left a rest; see {@link parseBracketed}. */
  protected brokenClass: Expr | null = null;

  protected parseEscape(inClass: boolean): Escape {
    const start = this.pos;
    const codePoint = this.re.codePointAt(start + 1);
    if (codePoint === undefined) this.fail('a backslash ends the pattern');
    const char = String.fromCodePoint(codePoint);
    const caseless = this.flags.caseless;
    if (char >= '0' && char <= '9') {
      this.pos = start + 1;
      return { kind: 'expr', expr: this.parseNumberedBackref() };
    }
    this.pos = start + 1 + char.length;
    if (!inClass) {
      if (char === 'k') {
        const quote = this.re[this.pos] === "'";
        return { kind: 'expr', expr: this.parseNamedBackref(quote ? "'" : '<', quote ? "'" : '>', true) };
      }
      if ((char === 'b' || char === 'B') && this.re[this.pos] === '{') this.fail(`unknown escape \\${char}{`, start);
      const assertion = Object.hasOwn(ASSERTION_ESCAPES, char) ? ASSERTION_ESCAPES[char] : undefined;
      if (assertion !== undefined) return { kind: 'expr', expr: { kind: 'assertion', assertion } };
      if (char === 'K') return { kind: 'expr', expr: { kind: 'keepOut' } };
      if (char === 'G') return { kind: 'expr', expr: { kind: 'continue' } };
    }
    switch (char) {
      case 'd':
      case 'D':
      case 's':
      case 'S':
      case 'w':
      case 'W':
        return { kind: 'set', set: perlClass(char), source: `\\${char}`, caseless };
      case 'h':
        return { kind: 'set', set: HEX_DIGIT, source: '[0-9A-Fa-f]', caseless: false };
      case 'H':
        return { kind: 'set', set: NOT_HEX_DIGIT, source: '[^0-9A-Fa-f]', caseless: false };
      case 'x':
        return { kind: 'char', codePoint: this.parseHex(2), caseless };
      case 'u':
        return { kind: 'char', codePoint: this.parseHex(4), caseless };
      case 'U':
        return { kind: 'char', codePoint: this.parseHex(8), caseless };
      case 'p':
      case 'P':
        if (this.pos < this.re.length) return this.parseUnicodeProperty(start);
        break;
      default:
        break;
    }
    if (Object.hasOwn(LITERAL_ESCAPES, char)) {
      return { kind: 'char', codePoint: LITERAL_ESCAPES[char] ?? 0, caseless: false };
    }
    // Letters of the escapes above may be escaped in a class, where they mean themselves.
    if (/^[A-Za-z]$/.test(char) && !/^[kAzBKG]$/.test(char)) this.fail(`unknown escape \\${char}`, start);
    return { kind: 'char', codePoint, caseless: false };
  }

  protected parseUnicodeProperty(start: number): Escape {
    const codePoint = this.re.codePointAt(this.pos) ?? 0;
    this.pos += codePoint > 0xffff ? 2 : 1;
    if (codePoint === 0x7b) {
      const close = this.re.indexOf('}', this.pos);
      if (close < 0) this.fail('a Unicode property lacks its closing brace', start);
      this.pos = close + 1;
    }
    const source = this.re.slice(start, this.pos);
    return { kind: 'set', set: parseProperty(source, start), source, caseless: this.flags.caseless };
  }

  protected parseHex(digits: number): number {
    const at = this.pos;
    const fixed = this.re.slice(at, at + digits);
    let text: string;
    if (fixed.length === digits && /^[0-9a-f]+$/i.test(fixed)) {
      text = fixed;
      this.pos += digits;
    } else {
      const braced = /^\{([0-9a-f]{1,8})\}/i.exec(this.re.slice(at, at + 10));
      if (braced === null) this.fail('a hexadecimal escape needs its digits, or digits in braces');
      text = braced[1] ?? '';
      this.pos += text.length + 2;
    }
    const codePoint = Number.parseInt(text, 16);
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
      this.fail(`${text} is not a Unicode character`, at);
    }
    return codePoint;
  }

  /**
   * A class is read twice, as in the reference: here for its end and its escapes, then as a set in the notation of the
   * `regex` crate, where an escaped character is written so that it means itself.
   */
  protected parseBracketed(): Expr {
    const start = this.pos;
    this.pos += 1;
    let source = '[';
    if (this.re[this.pos] === '^') {
      source += '^';
      this.pos += 1;
    }
    if (this.re[this.pos] === ']') {
      source += ']';
      this.pos += 1;
    }
    for (let nesting = 1; nesting > 0;) {
      const char = this.re[this.pos];
      if (char === undefined) this.fail('a character class is not closed', start);
      if (char === '\\') {
        const escape = this.parseEscape(true);
        if (escape.kind === 'expr') this.fail('a back-reference cannot stand in a character class');
        source += escape.kind === 'set' ? escape.source : quoteForClass(escape.codePoint);
        continue;
      }
      if (char === '[') nesting += 1;
      if (char === ']') nesting -= 1;
      source += char;
      this.pos += 1;
    }
    const { set, rest } = parseClass(source, start);
    const caseless = this.flags.caseless;
    const bracketed: Expr = { kind: 'class', set, caseless };
    if (rest === '') return bracketed;
    // `[+-\h]`: the second reading ends at the first bracket, and what follows is plain text.
    const tail = Array.from(rest, (c): Expr => ({ kind: 'literal', codePoint: c.codePointAt(0) ?? 0, caseless }));
    this.brokenClass = { kind: 'concat', items: [bracketed, ...tail] };
    return this.brokenClass;
  }
}

/** Writes a character so that the second reading of a class takes it for itself. */
function quoteForClass(codePoint: number): string {
  const char = String.fromCodePoint(codePoint);
  return /^[\\.+*?()|[\]{}^$#&\-~]$/.test(char) ? `\\${char}` : char;
}
