import type { Clause, Comparator, Conjunctions, FunctionCall, LetValue, Literal, Query, QueryPart } from '../ast.js';
import * as char from './chars.js';
import { LiteralReader } from './literal-reader.js';
import { emptyFilter, missingOperator, missingValue, unclosedBracket } from './problems.js';

const THIS: QueryPart = { kind: 'this' };
const ALL_VALUES: QueryPart = { kind: 'allValues', capture: null };
const ALL_INDICES: QueryPart = { kind: 'allIndices', capture: null };

/** A key; a name that begins with `%` is a variable, even when it stands in quotes. */
function key(name: string): QueryPart {
  return name.startsWith('%') ? { kind: 'variable', name: name.slice(1) } : { kind: 'key', name };
}

/** Reads queries, function calls and the values made of them. */
export abstract class QueryReader extends LiteralReader {
  /** The right side of the last key filter: read again when the brackets turn out to hold a filter. */
  private lastRight: { readonly start: number; readonly end: number; readonly query: Query } | null = null;

  /** The clauses of a filter. */
  protected abstract filterBody(open: number): Conjunctions<Clause>;

  /** `[some] head parts`, where the head is `this`, a variable, a name or a string. */
  protected query(): Query | null {
    const start = this.pos;
    this.skipBlanks();
    const offset = this.pos;
    if (this.lastRight?.start === offset) {
      this.pos = this.lastRight.end;
      return this.lastRight.query;
    }
    let matchAll = true;
    if (this.word('some', 'SOME')) {
      if (this.blanks()) matchAll = false;
      else this.pos = offset;
    }
    let head: QueryPart | null = null;
    if (this.word('this', 'THIS')) head = THIS;
    else if (offset === start || !matchAll) head = this.headKey();
    if (head === null) {
      this.pos = start;
      return null;
    }
    const parts: QueryPart[] = [head];
    for (;;) {
      const before = this.pos;
      this.skipBlanks();
      const code = this.code();
      const part = code === char.DOT ? this.dotted() : code === char.OPEN_BRACKET ? this.bracketed() : null;
      if (part === null) {
        this.pos = before;
        break;
      }
      // A variable stands for a list of results; the step over them is written out, as it shows in messages.
      if (parts.length === 1 && head.kind === 'variable' && part.kind !== 'allIndices') parts.push(ALL_INDICES);
      parts.push(part);
    }
    return { kind: 'query', parts, matchAll, offset };
  }

  private headKey(): QueryPart | null {
    if (this.code() === char.PERCENT) return this.variable();
    const name = this.name() ?? this.string();
    return name === null ? null : key(name);
  }

  private variable(): QueryPart | null {
    this.pos++;
    const name = this.name();
    if (name !== null) return { kind: 'variable', name };
    this.pos--;
    return null;
  }

  /** `.name`, `.'key'`, `.%variable`, `.5` or `.*`, without blanks after the dot. */
  private dotted(): QueryPart | null {
    const start = this.pos++;
    if (this.take(char.STAR)) return ALL_VALUES;
    const index = this.integer();
    if (index !== null) return indexPart(index);
    const part = this.headKey();
    if (part === null) this.pos = start;
    return part;
  }

  /** Everything that stands in brackets. What is no index, key or capture is a filter. */
  private bracketed(): QueryPart {
    const open = this.pos++;
    const inside = this.pos;
    if (this.takeAfterBlanks(char.STAR)) {
      if (this.takeAfterBlanks(char.CLOSE_BRACKET)) return ALL_INDICES;
      this.pos = inside;
    }
    const index = this.integer();
    if (index !== null) {
      if (!this.takeAfterBlanks(char.CLOSE_BRACKET)) {
        this.skipBlanks();
        throw this.failure(unclosedBracket(this, open, this.pos, ']'));
      }
      return indexPart(index);
    }
    const quoted = this.string();
    if (quoted !== null) {
      if (this.takeAfterBlanks(char.CLOSE_BRACKET)) return key(quoted);
      this.pos = inside;
    }
    this.skipBlanks();
    const direct = this.pos === inside;
    const name = this.name();
    if (name !== null && this.takeAfterBlanks(char.CLOSE_BRACKET)) {
      return { kind: direct ? 'allIndices' : 'allValues', capture: name };
    }
    let capture: string | null = null;
    if (name !== null) this.skipSpaces();
    if (name !== null && this.take(char.PIPE)) capture = name;
    else this.pos = inside;
    this.enter();
    const part = this.keyFilter(capture) ?? this.filter(capture, open);
    this.leave();
    return part;
  }

  /** `keys == value`: tried before a filter, since a filter could also look at a key called `keys`. */
  private keyFilter(capture: string | null): QueryPart | null {
    const start = this.pos;
    this.skipBlanks();
    const offset = this.pos;
    if (!this.word('keys', 'KEYS')) {
      this.pos = start;
      return null;
    }
    const nameEnd = this.pos;
    this.skipBlanks();
    let operator: Comparator = 'eq';
    let negated = false;
    if (this.text.startsWith('==', this.pos)) this.pos += 2;
    else if (this.text.startsWith('!=', this.pos)) {
      negated = true;
      this.pos += 2;
    } else {
      const before = this.pos;
      negated = this.not();
      operator = 'in';
      if (!this.word('in', 'IN')) throw this.failure(missingOperator(this, offset, nameEnd, before));
    }
    const after = this.text.slice(offset, this.pos);
    const right: Literal | Query | null = this.literal() ?? this.queryAfterBlanks();
    if (right === null) {
      this.skipBlanks();
      throw this.failure(missingValue(this, this.pos, after));
    }
    const end = this.pos;
    if (this.takeAfterBlanks(char.CLOSE_BRACKET)) return { kind: 'keyFilter', capture, operator, negated, right };
    this.lastRight = right.kind === 'query' ? { start: right.offset, end, query: right } : null;
    this.pos = start;
    return null;
  }

  private filter(capture: string | null, open: number): QueryPart {
    const conjunctions = this.filterBody(open);
    if (!this.takeAfterBlanks(char.CLOSE_BRACKET)) {
      this.skipBlanks();
      throw this.failure(this.suspicion(this.pos) ?? unclosedBracket(this, open, this.pos, ']'));
    }
    return { kind: 'filter', capture, conjunctions };
  }

  protected noFilter(open: number): never {
    this.skipBlanks();
    throw this.failure(this.suspicion(this.pos) ?? emptyFilter(this, open, this.pos));
  }

  protected queryAfterBlanks(): Query | null {
    const start = this.pos;
    this.skipBlanks();
    const query = this.query();
    if (query === null) this.pos = start;
    return query;
  }

  /** A literal, a function call or a query, with blanks and comments before it. */
  protected value(): LetValue | null {
    const start = this.pos;
    this.skipBlanks();
    const offset = this.pos;
    const literal = this.literal();
    if (literal !== null) return { kind: 'literal', literal, offset };
    const value = this.functionCall() ?? this.query();
    if (value === null) this.pos = start;
    return value;
  }

  private functionCall(): FunctionCall | null {
    const offset = this.pos;
    const call = this.call();
    return call === null ? null : { kind: 'call', name: call.name, args: call.args, offset };
  }

  /** `name(value, ...)` with at least one argument and no blank before the parenthesis. */
  protected call(): { readonly name: string; readonly args: readonly LetValue[] } | null {
    const { text, pos: start } = this;
    const end = char.nameEnd(text, start);
    if (end === start || text.charCodeAt(end) !== char.OPEN_PARENTHESIS) return null;
    this.enter();
    this.pos = end + 1;
    const args: LetValue[] = [];
    do {
      const value = this.value();
      if (value === null) {
        this.skipBlanks();
        throw this.failure(missingValue(this, this.pos, args.length === 0 ? text.slice(start, end + 1) : ','));
      }
      args.push(value);
      this.skipPlainBlanks();
    } while (this.take(char.COMMA));
    if (!this.take(char.CLOSE_PARENTHESIS)) throw this.failure(unclosedBracket(this, end, this.pos, ')'));
    this.leave();
    return { name: text.slice(start, end), args };
  }
}

/** Indexes are 32-bit numbers; larger ones wrap around, as cfn-guard 3.1.1 does (measured). */
function indexPart(value: number | bigint): QueryPart {
  return { kind: 'index', index: Number(BigInt.asIntN(32, BigInt(value))) };
}
