/**
 * Character classes in the notation of the Rust crate `regex-syntax` 0.8: nesting, `&&`, `--`, `~~`, POSIX names,
 * Unicode properties. https://docs.rs/regex/1.10.2/regex/#character-classes
 */
import type { ClassSet, SetOperator } from './class-set.js';
import { resolveProperty } from './properties.js';
import { RegexSyntaxError } from './syntax.js';

/** Classes may be nested this deep. */
const MAX_NESTING = 250;

const range = (from: string, to = from): ClassSet => ({
  kind: 'range',
  from: from.codePointAt(0) ?? 0,
  to: to.codePointAt(0) ?? 0,
});
const union = (...items: readonly ClassSet[]): ClassSet => ({ kind: 'union', items });
const property = (escape: string): ClassSet => ({ kind: 'property', escape });

/** Unicode Technical Standard 18, annex C: what `\w` is in Unicode mode. */
const WORD = union(property('Alphabetic'), property('M'), property('Nd'), property('Pc'), property('Join_Control'));
const DIGIT = property('Nd');
const SPACE = property('White_Space');
export const HEX_DIGIT = union(range('0', '9'), range('A', 'F'), range('a', 'f'));
export const NOT_HEX_DIGIT: ClassSet = { kind: 'not', set: HEX_DIGIT };

const LOWER = range('a', 'z');
const UPPER = range('A', 'Z');
const DIGITS = range('0', '9');
const POSIX: Readonly<Record<string, ClassSet>> = {
  alnum: union(DIGITS, UPPER, LOWER),
  alpha: union(UPPER, LOWER),
  ascii: range('\x00', '\x7f'),
  blank: union(range('\t'), range(' ')),
  cntrl: union(range('\x00', '\x1f'), range('\x7f')),
  digit: DIGITS,
  graph: range('!', '~'),
  lower: LOWER,
  print: range(' ', '~'),
  punct: union(range('!', '/'), range(':', '@'), range('[', '`'), range('{', '~')),
  space: union(range('\t', '\r'), range(' ')),
  upper: UPPER,
  word: union(DIGITS, UPPER, range('_'), LOWER),
  xdigit: HEX_DIGIT,
};

/** The set of `\d \s \w` and their negations. */
export function perlClass(letter: 'd' | 'D' | 's' | 'S' | 'w' | 'W'): ClassSet {
  const lower = letter.toLowerCase();
  const set = lower === 'd' ? DIGIT : lower === 's' ? SPACE : WORD;
  return lower === letter ? set : { kind: 'not', set };
}

/**
 * The set of a whole `\pL`, `\p{...}` or `\P{...}`.
 * @throws {RegexSyntaxError} when there is no such property.
 */
export function parseProperty(source: string, offset: number): ClassSet {
  const body = source.startsWith('{', 2) ? source.slice(3, -1) : source.slice(2);
  const escape = body === '\\' ? null : resolveProperty(body);
  if (escape === null) throw new RegexSyntaxError(`no Unicode property ${source}`, offset);
  const set = property(escape);
  return source.startsWith('\\P') ? { kind: 'not', set } : set;
}

/**
 * Reads a bracketed class at the start of `source`. `rest` is what follows its closing bracket.
 * @throws {RegexSyntaxError} at `offset`, the class's place in the pattern.
 */
export function parseClass(source: string, offset: number): { set: ClassSet; rest: string } {
  const reader = new ClassReader(Array.from(source), offset);
  const set = reader.readBracketed(1);
  return { set, rest: reader.rest() };
}

class ClassReader {
  private pos = 0;

  constructor(
    private readonly chars: readonly string[],
    private readonly offset: number,
  ) {}

  rest(): string {
    return this.chars.slice(this.pos).join('');
  }

  private fail(message: string): never {
    throw new RegexSyntaxError(message, this.offset);
  }

  private current(): string {
    const char = this.chars[this.pos];
    return char ?? this.fail('a character class is not closed');
  }

  /** At `[`; ends after its `]`. */
  readBracketed(nesting: number): ClassSet {
    if (nesting > MAX_NESTING) this.fail('character classes are nested too deeply');
    this.pos += 1;
    const negated = this.current() === '^';
    if (negated) this.pos += 1;
    let items: ClassSet[] = [];
    for (; this.current() === '-'; this.pos += 1) items.push(range('-'));
    if (items.length === 0 && this.current() === ']') {
      items.push(range(']'));
      this.pos += 1;
    }
    let left: { set: ClassSet; operator: SetOperator } | null = null;
    const close = (): ClassSet => {
      const right: ClassSet = items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'union', items };
      return left === null ? right : { kind: 'operation', operator: left.operator, left: left.set, right };
    };
    for (;;) {
      const char = this.current();
      if (char === ']') {
        this.pos += 1;
        return negated ? { kind: 'not', set: close() } : close();
      }
      if (char === '[') {
        items.push(this.readPosix() ?? this.readBracketed(nesting + 1));
      } else if ((char === '&' || char === '-' || char === '~') && this.chars[this.pos + 1] === char) {
        // Operators have one precedence and bind to the left.
        left = { set: close(), operator: `${char}${char}` as SetOperator };
        items = [];
        this.pos += 2;
      } else {
        items.push(this.readRange());
      }
    }
  }

  /** `[:name:]` or `[:^name:]`; null when what stands here is a nested class. */
  private readPosix(): ClassSet | null {
    const match = /^\[:(\^?)([^:]*):\]/u.exec(this.chars.slice(this.pos, this.pos + 12).join(''));
    const name = match?.[2] ?? '';
    const set = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
    if (match === null || set === undefined) return null;
    this.pos += match[0].length;
    return match[1] === '^' ? { kind: 'not', set } : set;
  }

  private readRange(): ClassSet {
    const from = this.readItem();
    const next = this.chars[this.pos + 1];
    if (this.current() !== '-' || next === ']' || next === '-') return from;
    this.pos += 1;
    this.current();
    const to = this.readItem();
    if (from.kind !== 'range' || to.kind !== 'range') this.fail('a range in a character class needs two characters');
    if (from.from > to.from) this.fail('a range in a character class has its ends in the wrong order');
    return { kind: 'range', from: from.from, to: to.from };
  }

  private readItem(): ClassSet {
    const char = this.current();
    this.pos += 1;
    if (char !== '\\') return range(char);
    const escaped = this.current();
    this.pos += 1;
    if (/^[dDsSwW]$/.test(escaped)) return perlClass(escaped as 'd');
    if (escaped !== 'p' && escaped !== 'P') return range(escaped);
    let source = `\\${escaped}${this.current()}`;
    this.pos += 1;
    if (source.endsWith('{')) {
      while (!source.endsWith('}')) {
        source += this.current();
        this.pos += 1;
      }
    }
    return parseProperty(source, this.offset);
  }
}

/** The set as an ECMAScript class for a `RegExp` with the flag `v`. */
export function classSource(set: ClassSet): string {
  switch (set.kind) {
    case 'range':
      return set.from === set.to ? charSource(set.from) : `[${charSource(set.from)}-${charSource(set.to)}]`;
    case 'property':
      return `\\p{${set.escape}}`;
    case 'union':
      return `[${set.items.map(unionPart).join('')}]`;
    case 'not':
      return `[^${classSource(set.set)}]`;
    case 'operation': {
      const left = `[${classSource(set.left)}]`;
      const right = `[${classSource(set.right)}]`;
      if (set.operator === '~~') return `[[${left}--${right}][${right}--${left}]]`;
      return `[${left}${set.operator}${right}]`;
    }
  }
}

function unionPart(item: ClassSet): string {
  return item.kind === 'range' && item.from !== item.to
    ? `${charSource(item.from)}-${charSource(item.to)}`
    : classSource(item);
}

/** One character for a `RegExp` with the flag `v`, in a class or outside. */
export function charSource(codePoint: number): string {
  const char = String.fromCodePoint(codePoint);
  return /^[A-Za-z0-9]$/.test(char) ? char : `\\u{${codePoint.toString(16)}}`;
}
