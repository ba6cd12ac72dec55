/**
 * The plain data that `cfn-guard parse-tree` prints for a rule file. It differs from the syntax tree in its names and
 * in that positions are lines and columns.
 */
import { Float, KEY_ORDER, type Value, type ValueMap } from '../../template/index.js';
import type {
  AccessClause,
  Block,
  Clause,
  Comparator,
  Condition,
  Conjunctions,
  Let,
  LetValue,
  Literal,
  Query,
  QueryPart,
  Rule,
  RuleFile,
  RuleItem,
  RuleReference,
  TypeBlock,
  UnaryOperator,
} from '../ast.js';

const OPERATOR_NAMES: Readonly<Record<Comparator | UnaryOperator, string>> = {
  eq: 'Eq',
  in: 'In',
  gt: 'Gt',
  ge: 'Ge',
  lt: 'Lt',
  le: 'Le',
  exists: 'Exists',
  empty: 'Empty',
  isString: 'IsString',
  isList: 'IsList',
  isStruct: 'IsMap',
  isBool: 'IsBool',
  isInt: 'IsInt',
  isNull: 'IsNull',
  isFloat: 'IsFloat',
};

/** A float in decimal digits without an exponent, as bounds of ranges are printed: `1`, `3.5`, `0.0000001`. */
export function decimalDigits(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
  const [mantissa = '', exponentText] = String(value).split('e');
  if (exponentText === undefined) return mantissa;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(exponentText);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0').slice(0, point) + (digits.length > point ? `.${digits.slice(point)}` : '');
}

/** The printed form of a range, such as `[1,9)`. */
export function printRange(range: Extract<Literal, { kind: 'range' }>): string {
  const bound = (value: number | bigint | string): string =>
    typeof value === 'number' ? decimalDigits(value) : String(value);
  return `${range.lowerInclusive ? '[' : '('}${bound(range.lower)},${bound(range.upper)}${range.upperInclusive ? ']' : ')'}`;
}

/** A literal as a value of a document: regular expressions and ranges in their printed form. */
export function literalValue(literal: Literal): Value {
  switch (literal.kind) {
    case 'null':
      return null;
    case 'bool':
    case 'int':
    case 'string':
      return literal.value;
    case 'float':
      return Number.isInteger(literal.value) ? new Float(literal.value) : literal.value;
    case 'regex':
      return `/${literal.pattern}/`;
    case 'range':
      return printRange(literal);
    case 'list':
      return literal.items.map(literalValue);
    case 'map': {
      const entries = literal.entries.map(([key, value]) => [key, literalValue(value)] as const);
      const map: ValueMap = Object.fromEntries(entries);
      return Object.keys(map).every((key, index) => key === entries[index]![0])
        ? map
        : Object.defineProperty(map, KEY_ORDER, { value: entries.map(([key]) => key) });
    }
  }
}

/** Finds lines and columns, both 1-based, columns counting characters. */
class Places {
  private readonly lineStarts: number[] = [0];

  constructor(private readonly text: string) {
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) this.lineStarts.push(end + 1);
  }

  at(offset: number, unit: 'characters' | 'bytes' = 'characters'): Value {
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.lineStarts[middle]! <= offset) low = middle;
      else high = middle;
    }
    let column = 1;
    for (const character of this.text.slice(this.lineStarts[low], offset)) {
      column += unit === 'characters' ? 1 : utf8Length(character.codePointAt(0)!);
    }
    return { line: low + 1, column };
  }
}

function utf8Length(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

class Printer {
  private readonly places: Places;

  constructor(text: string) {
    this.places = new Places(text);
  }

  file(tree: RuleFile): Value {
    if (tree.lets.length + tree.rules.length + tree.parameterizedRules.length === 0) return null;
    return {
      assignments: tree.lets.map((assignment) => this.assignment(assignment)),
      guard_rules: tree.rules.map((rule) => this.rule(rule)),
      parameterized_rules: tree.parameterizedRules.map((rule) => ({
        parameter_names: rule.parameters,
        rule: this.rule({ ...rule, loose: false, conditions: null }),
      })),
    };
  }

  private rule(rule: Rule): Value {
    return {
      rule_name: rule.name,
      conditions: rule.conditions && this.conditions(rule.conditions),
      block: this.block(rule.block, (item, alone) => this.ruleItem(item, !rule.loose || alone)),
    };
  }

  private assignment({ name, value }: Let): Value {
    return { var: name, value: this.letValue(value) };
  }

  private letValue(value: LetValue): Value {
    switch (value.kind) {
      case 'literal':
        return { Value: { path: '', value: literalValue(value.literal) } };
      case 'call':
        return {
          FunctionCall: {
            parameters: value.args.map((argument) => this.letValue(argument)),
            name: value.name,
            // Calls are the one place where the reference counts columns in bytes.
            location: this.places.at(value.offset, 'bytes'),
          },
        };
      case 'query':
        return { AccessClause: this.query(value) };
    }
  }

  private query(query: Query): Value {
    return { query: query.parts.map((part) => this.part(part)), match_all: query.matchAll };
  }

  private part(part: QueryPart): Value {
    switch (part.kind) {
      case 'this':
        return 'This';
      case 'key':
        return { Key: part.name };
      case 'variable':
        return { Key: `%${part.name}` };
      case 'index':
        return { Index: part.index };
      case 'allValues':
        return { AllValues: part.capture };
      case 'allIndices':
        return { AllIndices: part.capture };
      case 'filter':
        return { Filter: [part.capture, this.lines(part.conjunctions, (clause) => this.clause(clause))] };
      case 'keyFilter': {
        const { right } = part;
        const compare_with: Value =
          right.kind === 'query'
            ? { AccessClause: this.query(right) }
            : { Value: { path: '', value: literalValue(right) } };
        const comparator = [OPERATOR_NAMES[part.operator], part.negated];
        return { MapKeyFilter: [part.capture, { comparator, compare_with }] };
      }
    }
  }

  private lines<T>(lines: Conjunctions<T>, print: (member: T, alone: boolean) => Value): Value {
    return lines.map((line) => line.map((member) => print(member, line.length === 1)));
  }

  private block<T>(block: Block<T>, print: (member: T, alone: boolean) => Value): Value {
    return {
      assignments: block.lets.map((assignment) => this.assignment(assignment)),
      conjunctions: this.lines(block.conjunctions, print),
    };
  }

  private conditions(conditions: Conjunctions<Condition>): Value {
    return this.lines(conditions, (condition) => this.clause(condition));
  }

  /** In a disjunction of loose clauses a `when` block is a clause among others; elsewhere in rules it is an item. */
  private ruleItem(item: RuleItem, whenIsItem: boolean): Value {
    if (item.kind === 'typeBlock') return this.typeBlock(item);
    if (item.kind === 'when' && whenIsItem) return this.clause(item);
    return { Clause: this.clause(item) };
  }

  private typeBlock(item: TypeBlock): Value {
    const type: AccessClause = {
      kind: 'access',
      query: { kind: 'query', parts: [{ kind: 'key', name: 'Type' }], matchAll: true, offset: item.offset },
      operator: 'eq',
      negated: false,
      prefixNot: false,
      right: { kind: 'literal', literal: { kind: 'string', value: item.typeName }, offset: item.offset },
      message: null,
      offset: item.offset,
      end: item.offset,
    };
    return {
      TypeBlock: {
        type_name: item.typeName,
        conditions: item.conditions && this.conditions(item.conditions),
        block: this.block(item.block, (clause) => this.clause(clause)),
        query: [{ Key: 'Resources' }, { AllValues: null }, { Filter: [null, [[this.clause(type)]]] }],
      },
    };
  }

  private clause(clause: Clause | RuleReference): Value {
    switch (clause.kind) {
      case 'access':
        return {
          Clause: {
            access_clause: {
              query: this.query(clause.query),
              comparator: [OPERATOR_NAMES[clause.operator], clause.negated],
              compare_with: clause.right && this.letValue(clause.right),
              custom_message: clause.message,
              location: this.places.at(clause.offset),
            },
            negation: clause.prefixNot,
          },
        };
      case 'block':
        return {
          BlockClause: {
            query: this.query(clause.query),
            block: this.block(clause.block, (member) => this.clause(member)),
            location: this.places.at(clause.offset),
            not_empty: clause.notEmpty,
          },
        };
      case 'when':
        return {
          WhenBlock: [this.conditions(clause.conditions), this.block(clause.block, (member) => this.clause(member))],
        };
      case 'ruleCall':
        return {
          ParameterizedNamedRule: {
            parameters: clause.args.map((argument) => this.letValue(argument)),
            named_rule: this.named(clause),
          },
        };
      case 'reference':
        return { NamedRule: this.named(clause) };
    }
  }

  private named(clause: {
    readonly name: string;
    readonly negated: boolean;
    readonly message: string | null;
    readonly offset: number;
  }): Value {
    return {
      dependent_rule: clause.name,
      negation: clause.negated,
      custom_message: clause.message,
      location: this.places.at(clause.offset),
    };
  }
}

/**
 * The data that `cfn-guard parse-tree` prints (shape measured with 3.1.1).
 *
 * @param tree - What `parseRules` gave for `text`.
 * @returns `null` for a file without rules.
 */
export function parseTree(tree: RuleFile, text: string): Value {
  return new Printer(text).file(tree);
}
