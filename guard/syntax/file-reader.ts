import type { Diagnostic } from '../../findings/index.js';
import type { Clause, Conjunctions, Let, ParameterizedRule, Rule, RuleFile, RuleItem, TypeBlock } from '../ast.js';
import * as char from './chars.js';
import { ClauseReader } from './clause-reader.js';
import type { CheckRegex } from './literal-reader.js';
import { badParameters, badRuleName, badTypeBlock, missingBlock, unexpectedText } from './problems.js';
import { SyntaxFailure } from './scanner.js';

/** Enough to work on; a file with more faults is probably no rule file. */
const MOST_DIAGNOSTICS = 20;

/** What {@link parseRules} gives. */
export interface ParsedRules {
  /** Null when there is any error: one fault rejects the whole file, so that no rule is lost unnoticed. */
  readonly tree: RuleFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ParseOptions {
  /**
   * Says what is wrong with the pattern of a regular expression, or `null` when it is valid. Called once per pattern.
   * `@default` patterns are not looked at.
   */
  readonly checkRegex?: CheckRegex;
}

/** Reads rules and whole files. */
class FileReader extends ClauseReader {
  private readonly lets: Let[] = [];
  private readonly rules: Rule[] = [];
  private readonly parameterizedRules: ParameterizedRule[] = [];
  private readonly loose: (readonly RuleItem[])[] = [];
  private looseStart = 0;
  private looseEnd = 0;

  parse(): ParsedRules {
    const diagnostics: Diagnostic[] = [];
    const { length } = this.text;
    this.skipBlanks();
    while (this.pos < length && diagnostics.length < MOST_DIAGNOSTICS) {
      const start = this.pos;
      try {
        this.item();
      } catch (error) {
        // A caller that has used up most of the stack leaves too little for the depth that is allowed.
        const failure = error instanceof RangeError ? this.tooDeep(start) : error;
        if (!(failure instanceof SyntaxFailure)) throw failure;
        diagnostics.push(failure.diagnostic);
        this.recover(Math.max(start + 1, failure.offset));
      }
      this.skipBlanks();
    }
    return { tree: diagnostics.length === 0 ? this.tree() : null, diagnostics };
  }

  /** Goes on at the next line that begins a rule. */
  private recover(from: number): void {
    this.depth = 0;
    const next = /^rule[ \t]/gm;
    next.lastIndex = from;
    this.pos = next.exec(this.text)?.index ?? this.text.length;
  }

  private tree(): RuleFile {
    const { lets, rules, parameterizedRules, loose } = this;
    if (loose.length === 0) return { lets, rules, parameterizedRules };
    const block = { lets: [], conjunctions: loose as Conjunctions<RuleItem> };
    const rule: Rule = {
      name: 'default',
      loose: true,
      conditions: null,
      block,
      offset: this.looseStart,
      end: this.looseEnd,
    };
    return { lets, rules: [rule, ...rules], parameterizedRules };
  }

  private item(): void {
    const assignment = this.assignment();
    if (assignment !== null) this.lets.push(assignment);
    else if (!this.rule()) this.looseItem();
  }

  /** A `let`, a rule or a loose line has been read when this returns. */
  private looseItem(): void {
    const start = this.pos;
    const line =
      this.disjunction<TypeBlock>(this.typeBlock) ?? this.looseWhen() ?? this.disjunction<Clause>(this.clause);
    if (line === null) {
      this.pos = start;
      throw this.failure(this.suspicion(start) ?? unexpectedText(this, start));
    }
    if (this.loose.length === 0) this.looseStart = start;
    this.loose.push(line);
    this.looseEnd = this.pos;
  }

  private looseWhen(): readonly RuleItem[] | null {
    const when = this.whenBlock(this.clauseOrReference);
    return when === null ? null : [when];
  }

  /** `rule name [when conditions] { ... }` or `rule name(parameters) { ... }`; false when `rule` is a key. */
  private rule(): boolean {
    const offset = this.pos;
    if (!this.word('rule', 'rule') || !this.blanks()) {
      this.pos = offset;
      return false;
    }
    const name = this.name();
    if (name === null) throw this.failure(badRuleName(this, this.pos));
    const parameters = this.code() === char.OPEN_PARENTHESIS ? this.parameters() : null;
    const before = this.pos;
    this.skipBlanks();
    const conditions = parameters === null && this.startsWhen() ? this.conditions() : null;
    if (conditions === null) this.pos = before;
    const block = this.block(this.ruleItem, () => `rule \`${name}\``);
    if (block === null) {
      this.skipBlanks();
      const after = conditions === null ? `\`rule ${name}\`` : `the conditions of rule \`${name}\``;
      throw this.failure((conditions && this.suspicion(this.pos)) ?? missingBlock(this, this.pos, after));
    }
    const end = this.pos;
    if (parameters === null) this.rules.push({ name, loose: false, conditions, block, offset, end });
    else this.parameterizedRules.push({ name, parameters, block, offset, end });
    return true;
  }

  /** A name that is given twice counts once, as cfn-guard 3.1.1 has it (measured). */
  private parameters(): readonly string[] {
    const open = this.pos++;
    const names = new Set<string>();
    do {
      this.skipPlainBlanks();
      const name = this.name();
      if (name === null) throw this.failure(badParameters(this, open, this.pos));
      names.add(name);
      this.skipPlainBlanks();
    } while (this.take(char.COMMA));
    if (!this.take(char.CLOSE_PARENTHESIS)) throw this.failure(badParameters(this, open, this.pos));
    return [...names];
  }

  private readonly ruleItem = (): RuleItem | null =>
    this.typeBlock() ?? this.whenBlock(this.clauseOrReference) ?? this.clauseOrReference();

  /** `AWS::S3::Bucket` with a block, conditions and a block, or one clause; `null` when there is no type name. */
  private readonly typeBlock = (): TypeBlock | null => {
    const offset = this.pos;
    const typeName = this.typeName();
    if (typeName === null) return null;
    if (!this.blanks()) throw this.failure(badTypeBlock(this, typeName, this.pos));
    const conditions = this.startsWhen() ? this.conditions() : null;
    const block = this.block<Clause>(this.clause, () => `block of \`${typeName}\``);
    if (block !== null) return { kind: 'typeBlock', typeName, conditions, block, offset };
    if (conditions !== null) {
      this.skipBlanks();
      throw this.failure(this.suspicion(this.pos) ?? missingBlock(this, this.pos, `the conditions of \`${typeName}\``));
    }
    const clause = this.clause();
    if (clause === null) throw this.failure(this.suspicion(this.pos) ?? badTypeBlock(this, typeName, this.pos));
    return { kind: 'typeBlock', typeName, conditions, block: { lets: [], conjunctions: [[clause]] }, offset };
  };

  /** Two or three names joined by `::`; a `::MODULE` after three is read and thrown away. */
  private typeName(): string | null {
    const { text, pos: start } = this;
    const first = char.nameEnd(text, start);
    if (first === start || !text.startsWith('::', first)) return null;
    const second = char.nameEnd(text, first + 2);
    if (second === first + 2) return null;
    const third = text.startsWith('::', second) ? char.nameEnd(text, second + 2) : second;
    const end = third > second + 2 ? third : second;
    this.pos = end > second && text.startsWith('::MODULE', end) ? end + 8 : end;
    return text.slice(start, end);
  }
}

/**
 * Parses a Guard rule file.
 *
 * Accepts and rejects what cfn-guard 3.1.1 does (measured; https://github.com/aws-cloudformation/cloudformation-guard),
 * except that blocks, filters, lists and calls may be nested at most 1,000 levels deep (its stack ends at about 1,700). A file without rules gives an
 * empty tree.
 *
 * @param text - The whole text of the file.
 * @param file - Its name, for diagnostics only.
 * @returns The syntax tree, or `null` with at least one diagnostic. Never throws, whatever the text.
 * Cost: linear in the length of the text.
 */
export function parseRules(text: string, file: string, options: ParseOptions = {}): ParsedRules {
  return new FileReader(text, file, options.checkRegex).parse();
}
