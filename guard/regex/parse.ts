/**
 * Reads a pattern the way `fancy_regex` 0.13 does (measured with cfn-guard 3.1.1).
 * https://docs.rs/fancy-regex/0.13.0/fancy_regex/#syntax
 */
import { parseClass, parseProperty, perlClass, HEX_DIGIT, NOT_HEX_DIGIT } from './class.js';
import type { ClassSet } from './class.js';
import { EMPTY, RegexSyntaxError } from './syntax.js';
import type { AssertionKind, Expr, ParsedRegex } from './syntax.js';

/** Groups may be nested this deep, less one. */
const MAX_DEPTH = 64;

interface Flags {
  caseless: boolean;
  multiLine: boolean;
  dotAll: boolean;
  swapGreed: boolean;
  ignoreSpace: boolean;
}

const FLAG_NAMES: Readonly<Record<string, keyof Flags>> = {
  i: 'caseless',
  m: 'multiLine',
  s: 'dotAll',
  U: 'swapGreed',
  x: 'ignoreSpace',
};

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

/**
 * Parses a pattern.
 * @throws {RegexSyntaxError} when the reference refuses the pattern.
 */
export function parsePattern(pattern: string): ParsedRegex {
  const parser = new Parser(pattern);
  const expr = parser.parseAll();
  return { expr, names: parser.names, groups: parser.groupCount + 1 };
}

/** Letters, digits and `_` of any script: what a group's name may hold. */
const NAME_CHARS = /^[\p{Alphabetic}\p{N}_]*/u;

/** Reads `name` between `open` and `close` at the start of `text`; also used for replacement templates. */
export function readName(
  text: string,
  open: string,
  close: string,
  allowRelative: boolean,
): { name: string; length: number } | null {
  if (!text.startsWith(open)) return null;
  const rest = text.slice(open.length);
  const found = allowRelative && rest.startsWith('-') ? /^-\d*/.exec(rest) : NAME_CHARS.exec(rest);
  const name = found?.[0] ?? '';
  // An empty name is refused, and so is one that the closing text does not follow.
  if (name === '' || !rest.startsWith(close, name.length)) return null;
  return { name, length: open.length + name.length + close.length };
}

class Parser {
  readonly names = new Map<string, number>();
  groupCount = 0;
  private numberedBackrefs = false;
  private pos = 0;
  /** A class of which the second reading left a rest; see {@link parseBracketed}. */
  private brokenClass: Expr | null = null;
  private flags: Flags = {
    caseless: false,
    multiLine: false,
    dotAll: false,
    swapGreed: false,
    ignoreSpace: false,
  };

  constructor(private readonly re: string) {}

  parseAll(): Expr {
    const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(this.re);
    if (lone !== null) throw new RegexSyntaxError('the pattern is not valid Unicode', lone.index);
    const expr = this.parseAlternation(0);
    if (this.pos < this.re.length) this.fail('unmatched closing parenthesis');
    return expr;
  }

  private fail(message: string, offset = this.pos): never {
    throw new RegexSyntaxError(message, offset);
  }

  private parseAlternation(depth: number): Expr {
    const first = this.parseBranch(depth);
    this.skipIgnored();
    if (this.re[this.pos] !== '|') {
      // The reference looks at this only where no alternation ends the group.
      if (this.numberedBackrefs && this.names.size > 0) {
        this.fail('a numbered back-reference cannot be used with named groups');
      }
      return first;
    }
    const items = [first];
    while (this.re[this.pos] === '|') {
      this.pos += 1;
      items.push(this.parseBranch(depth));
      this.skipIgnored();
    }
    return { kind: 'alt', items };
  }

  private parseBranch(depth: number): Expr {
    const items: Expr[] = [];
    while (this.pos < this.re.length) {
      const before = this.pos;
      const piece = this.parsePiece(depth);
      if (this.pos === before) break;
      if (piece.kind !== 'empty') items.push(piece);
    }
    if (items.length === 0) return EMPTY;
    return items.length === 1 ? (items[0] ?? EMPTY) : { kind: 'concat', items };
  }

  private parsePiece(depth: number): Expr {
    const child = this.parseAtom(depth);
    this.skipIgnored();
    const bounds = this.readQuantifier();
    if (bounds === null) return child;
    if (child.kind === 'look' || child.kind === 'empty' || child.kind === 'assertion') {
      this.fail('there is nothing here that can be repeated');
    }
    this.pos = bounds.end;
    this.skipIgnored();
    let greedy = true;
    if (this.re[this.pos] === '?') {
      greedy = false;
      this.pos += 1;
    }
    const broken = child.kind === 'concat' && child === this.brokenClass ? child.items : [];
    const repeat: Expr = {
      kind: 'repeat',
      child: broken.at(-1) ?? child,
      lo: bounds.lo,
      hi: bounds.hi,
      greedy: greedy !== this.flags.swapGreed,
    };
    const whole: Expr = broken.length > 0 ? { kind: 'concat', items: [...broken.slice(0, -1), repeat] } : repeat;
    if (this.re[this.pos] !== '+') return whole;
    this.pos += 1;
    return { kind: 'atomic', child: whole };
  }

  private readQuantifier(): { lo: number; hi: number; end: number } | null {
    switch (this.re[this.pos]) {
      case '?':
        return { lo: 0, hi: 1, end: this.pos + 1 };
      case '*':
        return { lo: 0, hi: Infinity, end: this.pos + 1 };
      case '+':
        return { lo: 1, hi: Infinity, end: this.pos + 1 };
      case '{':
        return this.readBounds();
      default:
        return null;
    }
  }

  /** `{lo}`, `{lo,}`, `{,hi}`, `{lo,hi}`; null means that the brace is a literal. */
  private readBounds(): { lo: number; hi: number; end: number } | null {
    const start = this.pos;
    try {
      this.pos += 1;
      this.skipIgnored();
      let lo = 0;
      if (this.re[this.pos] !== ',') {
        const value = this.readDecimal();
        if (value === null) return null;
        lo = value;
      }
      this.skipIgnored();
      let hi = lo;
      if (this.re[this.pos] === ',') {
        this.pos += 1;
        this.skipIgnored();
        hi = this.readDecimal() ?? Infinity;
        this.skipIgnored();
      }
      if (this.re[this.pos] !== '}') return null;
      return { lo, hi, end: this.pos + 1 };
    } finally {
      this.pos = start;
    }
  }

  private readDecimal(): number | null {
    const digits = /\d*/y;
    digits.lastIndex = this.pos;
    const text = digits.exec(this.re)?.[0] ?? '';
    // The reference reads into 64 bits and takes an overflow for "no number".
    if (text === '' || (text.length > 19 && BigInt(text) >= 1n << 64n)) return null;
    this.pos += text.length;
    return Number(text);
  }

  private parseAtom(depth: number): Expr {
    this.skipIgnored();
    const char = this.re[this.pos];
    switch (char) {
      case undefined:
      case '+':
      case '*':
      case '?':
      case '|':
      case ')':
        return EMPTY;
      case '.':
        this.pos += 1;
        return { kind: 'any', newline: this.flags.dotAll };
      case '^':
        this.pos += 1;
        return { kind: 'assertion', assertion: this.flags.multiLine ? 'startLine' : 'startText' };
      case '$':
        this.pos += 1;
        return { kind: 'assertion', assertion: this.flags.multiLine ? 'endLine' : 'endText' };
      case '(':
        return this.parseGroup(depth);
      case '\\': {
        const escape = this.parseEscape(false);
        if (escape.kind === 'expr') return escape.expr;
        if (escape.kind === 'char') {
          return { kind: 'literal', codePoint: escape.codePoint, caseless: escape.caseless };
        }
        return { kind: 'class', set: escape.set, caseless: escape.caseless };
      }
      case '[':
        return this.parseBracketed();
      default: {
        const codePoint = this.re.codePointAt(this.pos) ?? 0;
        this.pos += codePoint > 0xffff ? 2 : 1;
        return { kind: 'literal', codePoint, caseless: this.flags.caseless };
      }
    }
  }

  private parseEscape(inClass: boolean): Escape {
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

  private parseUnicodeProperty(start: number): Escape {
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

  private parseHex(digits: number): number {
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
  private parseBracketed(): Expr {
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

  private parseGroup(depth: number): Expr {
    if (depth + 1 >= MAX_DEPTH) this.fail('the groups are nested too deeply');
    const open = this.pos;
    this.pos += 1;
    this.skipIgnored();
    const look = /\?(<?)([=!])/y;
    look.lastIndex = this.pos;
    const lookMatch = look.exec(this.re);
    if (lookMatch !== null) {
      this.pos += lookMatch[0].length;
      const child = this.parseAlternation(depth + 1);
      this.closeGroup(open);
      return { kind: 'look', child, behind: lookMatch[1] === '<', negated: lookMatch[2] === '!' };
    }
    const at = (text: string): boolean => this.re.startsWith(text, this.pos);
    if (at('?<') || at('?P<')) {
      const skip = at('?<') ? 1 : 2;
      this.groupCount += 1;
      const name = readName(this.re.slice(this.pos + skip), '<', '>', false);
      if (name === null) this.fail('a group name needs letters, digits or _ between < and >');
      this.names.set(name.name, this.groupCount);
      this.pos += skip + name.length;
    } else if (at('?P=')) {
      this.pos += 3;
      return this.parseNamedBackref('', ')', false);
    } else if (at('?>')) {
      this.pos += 2;
      const child = this.parseAlternation(depth + 1);
      this.closeGroup(open);
      return { kind: 'atomic', child };
    } else if (at('?(')) {
      this.pos += 2;
      return this.parseConditional(depth + 1, open);
    } else if (at('?')) {
      return this.parseFlags(depth + 1, open);
    } else {
      this.groupCount += 1;
    }
    const child = this.parseAlternation(depth + 1);
    this.closeGroup(open);
    return { kind: 'group', child };
  }

  private closeGroup(open: number): void {
    this.skipIgnored();
    if (this.pos >= this.re.length) this.fail('a parenthesis is not closed', open);
    if (this.re[this.pos] !== ')') this.fail('a closing parenthesis is expected here');
    this.pos += 1;
  }

  /** `(?flags)` for the rest of the pattern or of the `(?flags: )` around it, and `(?flags:...)`. */
  private parseFlags(depth: number, open: number): Expr {
    this.pos += 1;
    const start = this.pos;
    const outer = { ...this.flags };
    let negated = false;
    for (;;) {
      this.skipIgnored();
      const char = this.re[this.pos];
      if (char === undefined) this.fail('a parenthesis is not closed', open);
      const unknown = (): never => this.fail(`unknown group flag ${char}`);
      if (char === '-') {
        if (negated) unknown();
        negated = true;
      } else if (char === 'u') {
        if (negated) this.fail('Unicode cannot be turned off');
      } else if (char === ')') {
        if (this.pos === start || (negated && this.pos === start + 1)) unknown();
        this.pos += 1;
        return EMPTY;
      } else if (char === ':') {
        if (negated && this.pos === start + 1) unknown();
        this.pos += 1;
        const child = this.parseAlternation(depth);
        if (this.pos >= this.re.length) this.fail('a parenthesis is not closed', open);
        if (this.re[this.pos] !== ')') this.fail('a closing parenthesis is expected here');
        this.pos += 1;
        this.flags = outer;
        return child;
      } else {
        const flag = Object.hasOwn(FLAG_NAMES, char) ? FLAG_NAMES[char] : undefined;
        if (flag === undefined) return unknown();
        this.flags[flag] = !negated;
      }
      this.pos += 1;
    }
  }

  /** `(?(1)yes|no)`, `(?(<name>)yes|no)`, `(?(condition)yes|no)`. */
  private parseConditional(depth: number, open: number): Expr {
    const char = this.re[this.pos];
    if (char === undefined) this.fail('a parenthesis is not closed', open);
    let condition: Expr;
    if (char >= '0' && char <= '9') condition = this.parseNumberedBackref();
    else if (char === "'") condition = this.parseNamedBackref("'", "'", true);
    else if (char === '<') condition = this.parseNamedBackref('<', '>', true);
    else condition = this.parseAlternation(depth);
    this.closeGroup(open);
    const afterCondition = this.pos;
    const child = this.parseAlternation(depth);
    if (this.pos === afterCondition) {
      if (condition.kind !== 'backref') this.fail('a conditional needs a back-reference or something to match');
      this.closeGroup(open);
      return { kind: 'backrefExists', group: condition.group };
    }
    this.closeGroup(open);
    const [yes, no] = splitBranches(child);
    const test: Expr = condition.kind === 'backref' ? { kind: 'backrefExists', group: condition.group } : condition;
    if (yes.kind === 'empty' && no.kind === 'empty') return test;
    return { kind: 'conditional', condition: test, yes, no };
  }

  private parseNumberedBackref(): Expr {
    const group = this.readDecimal();
    if (group === null || group >= Math.floor(utf8Length(this.re) / 2)) this.fail('no such group for a back-reference');
    this.numberedBackrefs = true;
    return { kind: 'backref', group };
  }

  private parseNamedBackref(open: string, close: string, allowRelative: boolean): Expr {
    const read = readName(this.re.slice(this.pos), open, close, allowRelative);
    if (read === null) this.fail('a back-reference needs the name of a group');
    const group = this.names.get(read.name) ?? this.relativeGroup(read.name);
    if (group === null) this.fail(`no group is called ${read.name}`);
    this.pos += read.length;
    return { kind: 'backref', group };
  }

  private relativeGroup(name: string): number | null {
    if (!/^-?\d+$/.test(name)) return null;
    const number = Number(name);
    if (!Number.isSafeInteger(number)) return null;
    if (number >= 0 && !name.startsWith('-')) return number;
    const group = this.groupCount + number + 1;
    return number < 0 && group < 0 ? null : number === 0 ? 0 : group;
  }

  /** Skips comments, and blanks under the flag `x`. */
  private skipIgnored(): void {
    for (;;) {
      const char = this.re[this.pos];
      if (char === '(' && this.re.startsWith('(?#', this.pos)) {
        this.skipComment();
      } else if (!this.flags.ignoreSpace) {
        return;
      } else if (char === '#') {
        const end = this.re.indexOf('\n', this.pos);
        this.pos = end < 0 ? this.re.length : end + 1;
      } else if (char === ' ' || char === '\r' || char === '\n' || char === '\t') {
        this.pos += 1;
      } else {
        return;
      }
    }
  }

  private skipComment(): void {
    const open = this.pos;
    for (this.pos += 3; this.re[this.pos] !== ')'; this.pos += this.re[this.pos] === '\\' ? 2 : 1) {
      if (this.pos >= this.re.length) this.fail('a comment is not closed', open);
    }
    this.pos += 1;
  }
}

function splitBranches(child: Expr): [Expr, Expr] {
  if (child.kind !== 'alt') return [child, EMPTY];
  const [yes, ...others] = child.items;
  const no: Expr = others.length === 1 ? (others[0] ?? EMPTY) : { kind: 'alt', items: others };
  return [yes ?? EMPTY, no];
}

/** Writes a character so that the second reading of a class takes it for itself. */
function quoteForClass(codePoint: number): string {
  const char = String.fromCodePoint(codePoint);
  return /^[\\.+*?()|[\]{}^$#&\-~]$/.test(char) ? `\\${char}` : char;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const char of text) {
    const codePoint = char.codePointAt(0) ?? 0;
    length += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
  return length;
}
