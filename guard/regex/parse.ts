/**
 * Reads a pattern the way `fancy_regex` 0.13 does (measured with cfn-guard 3.1.1).
 * https://docs.rs/fancy-regex/0.13.0/fancy_regex/#syntax
 */
import { PatternAtoms } from './pattern-atoms.js';
import { readName, type Flags } from './pattern-cursor.js';
import { EMPTY, RegexSyntaxError } from './syntax.js';
import type { Expr, ParsedRegex } from './syntax.js';

/** Groups may be nested this deep, less one. */
const MAX_DEPTH = 64;

const FLAG_NAMES: Readonly<Record<string, keyof Flags>> = {
  i: 'caseless',
  m: 'multiLine',
  s: 'dotAll',
  U: 'swapGreed',
  x: 'ignoreSpace',
};

/**
 * Parses a pattern.
 * @throws {RegexSyntaxError} when the reference refuses the pattern.
 */
export function parsePattern(pattern: string): ParsedRegex {
  const parser = new Parser(pattern);
  const expr = parser.parseAll();
  return { expr, names: parser.names, groups: parser.groupCount + 1 };
}

class Parser extends PatternAtoms {
  parseAll(): Expr {
    const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(this.re);
    if (lone !== null) throw new RegexSyntaxError('the pattern is not valid Unicode', lone.index);
    const expr = this.parseAlternation(0);
    if (this.pos < this.re.length) this.fail('unmatched closing parenthesis');
    return expr;
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
}

function splitBranches(child: Expr): [Expr, Expr] {
  if (child.kind !== 'alt') return [child, EMPTY];
  const [yes, ...others] = child.items;
  const no: Expr = others.length === 1 ? (others[0] ?? EMPTY) : { kind: 'alt', items: others };
  return [yes ?? EMPTY, no];
}
