/** Where the reader of a pattern stands, what it knows of flags and groups, and the parts that hold no other expression. */
import { RegexSyntaxError } from './syntax.js';
import type { Expr } from './syntax.js';

export interface Flags {
  caseless: boolean;
  multiLine: boolean;
  dotAll: boolean;
  swapGreed: boolean;
  ignoreSpace: boolean;
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

export class PatternCursor {
  readonly names = new Map<string, number>();
  groupCount = 0;
  protected numberedBackrefs = false;
  protected pos = 0;
  protected flags: Flags = {
    caseless: false,
    multiLine: false,
    dotAll: false,
    swapGreed: false,
    ignoreSpace: false,
  };

  constructor(protected readonly re: string) {}

  protected fail(message: string, offset = this.pos): never {
    throw new RegexSyntaxError(message, offset);
  }

  protected readQuantifier(): { lo: number; hi: number; end: number } | null {
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
  protected readBounds(): { lo: number; hi: number; end: number } | null {
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

  protected readDecimal(): number | null {
    const digits = /\d*/y;
    digits.lastIndex = this.pos;
    const text = digits.exec(this.re)?.[0] ?? '';
    // The reference reads into 64 bits and takes an overflow for "no number".
    if (text === '' || (text.length > 19 && BigInt(text) >= 1n << 64n)) return null;
    this.pos += text.length;
    return Number(text);
  }

  protected parseNumberedBackref(): Expr {
    const group = this.readDecimal();
    if (group === null || group >= Math.floor(utf8Length(this.re) / 2)) this.fail('no such group for a back-reference');
    this.numberedBackrefs = true;
    return { kind: 'backref', group };
  }

  protected parseNamedBackref(open: string, close: string, allowRelative: boolean): Expr {
    const read = readName(this.re.slice(this.pos), open, close, allowRelative);
    if (read === null) this.fail('a back-reference needs the name of a group');
    const group = this.names.get(read.name) ?? this.relativeGroup(read.name);
    if (group === null) this.fail(`no group is called ${read.name}`);
    this.pos += read.length;
    return { kind: 'backref', group };
  }

  protected relativeGroup(name: string): number | null {
    if (!/^-?\d+$/.test(name)) return null;
    const number = Number(name);
    if (!Number.isSafeInteger(number)) return null;
    if (number >= 0 && !name.startsWith('-')) return number;
    const group = this.groupCount + number + 1;
    return number < 0 && group < 0 ? null : number === 0 ? 0 : group;
  }

  /** Skips comments, and blanks under the flag `x`. */
  protected skipIgnored(): void {
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

  protected skipComment(): void {
    const open = this.pos;
    for (this.pos += 3; this.re[this.pos] !== ')'; this.pos += this.re[this.pos] === '\\' ? 2 : 1) {
      if (this.pos >= this.re.length) this.fail('a comment is not closed', open);
    }
    this.pos += 1;
  }
}

function utf8Length(text: string): number {
  let length = 0;
  for (const char of text) {
    const codePoint = char.codePointAt(0) ?? 0;
    length += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
  return length;
}
