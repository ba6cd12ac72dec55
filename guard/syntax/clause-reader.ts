import type {
  AccessClause,
  Block,
  Clause,
  Comparator,
  Condition,
  Conjunctions,
  Let,
  ParameterizedCall,
  Query,
  RuleReference,
  UnaryOperator,
  WhenBlock,
} from '../ast.js';
import * as char from './chars.js';
import {
  badReference,
  emptyBlock,
  missingAssignment,
  missingConditions,
  missingOperator,
  missingValue,
  unclosedBlock,
  unexpectedText,
} from './problems.js';
import { QueryReader } from './query-reader.js';

const WORD_OPERATORS: readonly (readonly [lower: string, upper: string, operator: 'in' | UnaryOperator])[] = [
  ['in', 'IN', 'in'],
  ['exists', 'EXISTS', 'exists'],
  ['empty', 'EMPTY', 'empty'],
  ['is_string', 'IS_STRING', 'isString'],
  ['is_list', 'IS_LIST', 'isList'],
  ['is_struct', 'IS_STRUCT', 'isStruct'],
  ['is_bool', 'IS_BOOL', 'isBool'],
  ['is_int', 'IS_INT', 'isInt'],
  ['is_null', 'IS_NULL', 'isNull'],
  ['is_float', 'IS_FLOAT', 'isFloat'],
];

/** Whether an operator compares with a right side. */
function isBinary(operator: Comparator | UnaryOperator): operator is Comparator {
  switch (operator) {
    case 'eq':
    case 'in':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return true;
    default:
      return false;
  }
}

/** Reads clauses and what is made of them: disjunctions, blocks and conditions. */
export abstract class ClauseReader extends QueryReader {
  /** Whether the operator just read carries its own negation. */
  private negated = false;
  /** The innermost open block, for messages. */
  private opened: { readonly open: number; readonly what: () => string } | null = null;
  /** Where conditions turned out to have no block, so that `when` is a key there. */
  private readonly whenIsKey = new Set<number>();

  /** Members joined by `or`; `null` when the first cannot be read. */
  protected disjunction<T>(member: () => T | null): T[] | null {
    const start = this.pos;
    this.skipBlanks();
    let next = member();
    if (next === null) {
      this.pos = start;
      return null;
    }
    const members: T[] = [next];
    for (;;) {
      const before = this.pos;
      if (!this.or()) return members;
      next = member();
      if (next === null) {
        // What follows is a clause on a key called `or`, or an error that the next reader finds.
        this.pos = before;
        return members;
      }
      members.push(next);
    }
  }

  /** Lines joined by AND; empty when the first cannot be read. */
  protected conjunction<T>(member: () => T | null): T[][] {
    const lines: T[][] = [];
    for (let line = this.disjunction(member); line !== null; line = this.disjunction(member)) lines.push(line);
    return lines;
  }

  protected filterBody(open: number): Conjunctions<Clause> {
    const conjunctions = this.conjunction(this.clause);
    return conjunctions.length === 0 ? this.noFilter(open) : conjunctions;
  }

  /** `{ ... }` with blanks before it; `null` when there is no brace. `what` names its owner in messages. */
  protected block<T>(member: () => T | null, what: () => string): Block<T> | null {
    if (!this.takeAfterBlanks(char.OPEN_BRACE)) return null;
    this.enter();
    const open = this.pos - 1;
    const outer = this.opened;
    this.opened = { open, what };
    const lets: Let[] = [];
    const conjunctions: T[][] = [];
    for (;;) {
      const assignment = this.assignment();
      if (assignment !== null) {
        lets.push(assignment);
        continue;
      }
      const line = this.disjunction(member);
      if (line === null) break;
      conjunctions.push(line);
    }
    this.skipBlanks();
    const empty = lets.length === 0 && conjunctions.length === 0;
    if (this.code() === char.CLOSE_BRACE && !empty) {
      this.pos++;
      this.leave();
      this.opened = outer;
      return { lets, conjunctions };
    }
    throw this.failure(
      this.code() === char.CLOSE_BRACE
        ? emptyBlock(this, open, this.pos, what())
        : this.pos >= this.text.length || this.atRule()
          ? unclosedBlock(this, open, this.pos, what())
          : (this.suspicion(this.pos) ?? unexpectedText(this, this.pos)),
    );
  }

  /** Whether a line begins here that only the start of another rule looks like. */
  protected atRule(): boolean {
    const before = this.text.charCodeAt(this.pos - 1);
    return (
      (this.pos === 0 || before === char.LINE_FEED) &&
      /rule[ \t]+[A-Za-z]/y.test(this.text.slice(this.pos, this.pos + 80))
    );
  }

  /** `let name = value`, with blanks before it; `null` when `let` is a key. */
  protected assignment(): Let | null {
    const start = this.pos;
    this.skipBlanks();
    const offset = this.pos;
    if (this.code() === 108 && this.word('let', 'let') && this.blanks()) {
      const name = this.name();
      if (name !== null) {
        this.skipBlanks();
        if (!this.word('=', '=') && !this.word(':=', ':=')) {
          throw this.failure(missingAssignment(this, name, this.pos));
        }
        const value = this.value();
        if (value !== null) return { name, value, offset };
        this.skipBlanks();
        throw this.failure(missingValue(this, this.pos, '='));
      }
    }
    this.pos = start;
    return null;
  }

  /** A clause of a block: `when` block, block over a query, call of a rule with parameters, or access clause. */
  protected readonly clause = (): Clause | null => {
    const start = this.pos;
    const when = this.whenBlock(this.clause);
    if (when !== null) return when;
    const query = this.query();
    const end = this.pos;
    if (query !== null) {
      this.skipBlanks();
      const notEmpty = this.not() && this.word('empty', 'EMPTY');
      if (!notEmpty) this.pos = end;
      const block = this.block<Clause>(this.clause, () => `block of \`${this.text.slice(start, end)}\``);
      if (block !== null) return { kind: 'block', query, notEmpty, block, offset: start };
    }
    this.pos = start;
    const call = this.ruleCall();
    if (call !== null) return call;
    const prefixNot = this.not();
    if (prefixNot) return this.accessClause(start, true, this.query());
    this.pos = end;
    return this.accessClause(start, false, query);
  };

  /** A line of conditions: access clause, call or reference. */
  protected readonly condition = (): Condition | null => {
    const start = this.pos;
    const prefixNot = this.not();
    return this.accessClause(start, prefixNot, this.query()) ?? this.ruleCall() ?? this.reference();
  };

  protected readonly clauseOrReference = (): Clause | RuleReference | null => this.clause() ?? this.reference();

  /** The rest of an access clause whose query has been read; goes back to `start` when no operator follows. */
  private accessClause(start: number, prefixNot: boolean, query: Query | null): AccessClause | null {
    if (query === null) {
      this.pos = start;
      return null;
    }
    const queryEnd = this.pos;
    this.skipBlanks();
    const at = this.pos;
    const operator = this.operator();
    if (operator === null) {
      this.suspect(at, () => missingOperator(this, start, queryEnd, at));
      this.pos = start;
      return null;
    }
    const { negated } = this;
    const operatorEnd = this.pos;
    const right = isBinary(operator) ? this.value() : null;
    if (right === null && isBinary(operator)) {
      this.skipBlanks();
      throw this.failure(missingValue(this, this.pos, this.text.slice(at, operatorEnd)));
    }
    const message = this.message();
    return { kind: 'access', query, operator, negated, prefixNot, right, message, offset: start, end: this.pos };
  }

  private operator(): Comparator | UnaryOperator | null {
    this.negated = false;
    const { text, pos } = this;
    const next = text.charCodeAt(pos + 1);
    switch (text.charCodeAt(pos)) {
      case char.EQUALS:
        if (next !== char.EQUALS) return null;
        this.pos += 2;
        return 'eq';
      case char.GREATER:
        this.pos += next === char.EQUALS ? 2 : 1;
        return next === char.EQUALS ? 'ge' : 'gt';
      case char.LESS:
        // `<<` begins a message.
        if (next === char.LESS) return null;
        this.pos += next === char.EQUALS ? 2 : 1;
        return next === char.EQUALS ? 'le' : 'lt';
      case char.BANG:
        if (next !== char.EQUALS) break;
        this.pos += 2;
        this.negated = true;
        return 'eq';
    }
    this.negated = this.not();
    for (const [lower, upper, operator] of WORD_OPERATORS) {
      if (this.word(lower, upper)) return operator;
    }
    this.pos = pos;
    return null;
  }

  /** `[not] name(arguments) [<<message>>]`. */
  private ruleCall(): ParameterizedCall | null {
    const offset = this.pos;
    const negated = this.not();
    const call = this.call();
    if (call === null) {
      this.pos = offset;
      return null;
    }
    return { kind: 'ruleCall', name: call.name, args: call.args, negated, message: this.message(), offset };
  }

  /**
   * `[not] name [<<message>>]`. A line end, a comment, a brace, `or` or the end of the file must follow: otherwise the
   * start of any broken clause would be a reference.
   */
  protected reference(): RuleReference | null {
    const offset = this.pos;
    const negated = this.not();
    const name = this.name();
    if (name === null) {
      this.pos = offset;
      return null;
    }
    const end = this.pos;
    const before = this.or();
    this.pos = end;
    if (!before) {
      this.skipSpaces();
      const code = this.code();
      const lineEnds =
        this.pos >= this.text.length || code === char.LINE_FEED || code === char.HASH || code === char.OPEN_BRACE;
      if (!lineEnds && !this.text.startsWith('\r\n', this.pos)) {
        const message = this.text.startsWith('<<', this.pos) ? this.message() : null;
        if (message === null) throw this.badReference(offset, name, end);
        return { kind: 'reference', name, negated, message, offset };
      }
      this.pos = end;
    }
    return { kind: 'reference', name, negated, message: null, offset };
  }

  private badReference(offset: number, name: string, end: number): Error {
    this.pos = offset;
    if (this.atRule() && this.opened !== null) {
      return this.failure(unclosedBlock(this, this.opened.open, offset, this.opened.what()));
    }
    this.pos = end;
    this.skipSpaces();
    const at = this.pos;
    const suspicion = this.suspicion(at);
    // A name before `}` is most likely meant as a reference; a malformed number looks like one.
    const operatorIsMissing = suspicion !== null && (this.text[at] !== '}' || suspicion.code === 'GRD1005');
    return this.failure(operatorIsMissing ? suspicion : badReference(this, name, at));
  }

  protected startsWhen(): boolean {
    const code = this.code();
    return (
      (code === 119 || code === 87) &&
      (this.text.startsWith('when', this.pos) || this.text.startsWith('WHEN', this.pos))
    );
  }

  /** What follows `when`: at least one blank and one condition. Whatever begins with `when` has no other reading. */
  protected conditions(): Conjunctions<Condition> {
    const start = this.pos;
    this.pos += 4;
    const conjunctions = this.blanks() ? this.conjunction(this.condition) : [];
    if (conjunctions.length > 0) return conjunctions;
    throw this.failure(this.suspicion(this.pos) ?? missingConditions(this, start, this.pos));
  }

  /** `when conditions { ... }`; `null` when no block follows the conditions: `when` may then be a key. */
  protected whenBlock(member: () => Clause | RuleReference | null): WhenBlock | null {
    const offset = this.pos;
    if (!this.startsWhen() || this.whenIsKey.has(offset)) return null;
    const conditions = this.conditions();
    const block = this.block(member, () => '`when` block');
    if (block !== null) return { kind: 'when', conditions, block, offset };
    this.whenIsKey.add(offset);
    this.pos = offset;
    return null;
  }
}
