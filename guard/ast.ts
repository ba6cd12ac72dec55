/**
 * The syntax tree of a Guard rule file (Guard 3.x). The parser makes it, the compiler and `parse-tree` read it.
 * Offsets are UTF-16 code units from the start of the file; lines and columns are computed when something is printed.
 */

/** A literal of the rule language. Numbers keep their kind: `5` is an int, `5.0` a float. */
export type Literal =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regex'; readonly pattern: string }
  | {
      readonly kind: 'range';
      readonly type: 'int' | 'float' | 'char';
      readonly lower: number | bigint | string;
      readonly upper: number | bigint | string;
      readonly lowerInclusive: boolean;
      readonly upperInclusive: boolean;
    }
  | { readonly kind: 'list'; readonly items: readonly Literal[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Literal])[] };

/** One step of a query. A head `%name` is `{ kind: 'variable' }`; so is an interpolated `.%name`. */
export type QueryPart =
  | { readonly kind: 'this' }
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  /** `.*`, or `[ name ]` with blanks, which captures. */
  | { readonly kind: 'allValues'; readonly capture: string | null }
  /** `[*]`, or `[name]` without blanks, which captures. */
  | { readonly kind: 'allIndices'; readonly capture: string | null }
  | {
      readonly kind: 'keyFilter';
      readonly capture: string | null;
      readonly operator: Comparator;
      readonly negated: boolean;
      readonly right: Literal | Query;
    }
  | { readonly kind: 'filter'; readonly capture: string | null; readonly conjunctions: Conjunctions<Clause> };

/** A path expression. `matchAll` is false when `some` stands before it. */
export interface Query {
  readonly kind: 'query';
  readonly parts: readonly QueryPart[];
  readonly matchAll: boolean;
  readonly offset: number;
}

/** A call of a built-in function. */
export interface FunctionCall {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly LetValue[];
  readonly offset: number;
}

/** What a `let` binds, an argument passes, or a right side compares with. */
export type LetValue =
  { readonly kind: 'literal'; readonly literal: Literal; readonly offset: number } | FunctionCall | Query;

export type Comparator = 'eq' | 'in' | 'gt' | 'ge' | 'lt' | 'le';
export type UnaryOperator =
  'exists' | 'empty' | 'isString' | 'isList' | 'isStruct' | 'isBool' | 'isInt' | 'isNull' | 'isFloat';

/** Lines joined by AND, each of them members joined by OR. */
export type Conjunctions<T> = readonly (readonly T[])[];

/** `[not] [some] query operator [right] [<<message>>]`. `negated` is the operator's own negation, `prefixNot` the one in front. */
export interface AccessClause {
  readonly kind: 'access';
  readonly query: Query;
  readonly operator: Comparator | UnaryOperator;
  readonly negated: boolean;
  readonly prefixNot: boolean;
  /** Null for unary operators. */
  readonly right: LetValue | null;
  readonly message: string | null;
  readonly offset: number;
  /** End of the clause in the file (exclusive), message included. */
  readonly end: number;
}

/** `query [!empty] { ... }`. */
export interface BlockClause {
  readonly kind: 'block';
  readonly query: Query;
  readonly notEmpty: boolean;
  readonly block: Block<Clause>;
  readonly offset: number;
}

/** `when conditions { ... }`. */
export interface WhenBlock {
  readonly kind: 'when';
  readonly conditions: Conjunctions<Condition>;
  readonly block: Block<Clause | RuleReference>;
  readonly offset: number;
}

/** `[not] name(arg, ...) [<<message>>]`. */
export interface ParameterizedCall {
  readonly kind: 'ruleCall';
  readonly name: string;
  readonly args: readonly LetValue[];
  readonly negated: boolean;
  readonly message: string | null;
  readonly offset: number;
}

/** `[not] name [<<message>>]`: the status of another rule as a clause. */
export interface RuleReference {
  readonly kind: 'reference';
  readonly name: string;
  readonly negated: boolean;
  readonly message: string | null;
  readonly offset: number;
}

/** `AWS::S3::Bucket [when ...] { ... }`, or with one clause instead of a block. */
export interface TypeBlock {
  readonly kind: 'typeBlock';
  readonly typeName: string;
  readonly conditions: Conjunctions<Condition> | null;
  readonly block: Block<Clause>;
  readonly offset: number;
}

export type Clause = AccessClause | BlockClause | WhenBlock | ParameterizedCall;
export type Condition = AccessClause | ParameterizedCall | RuleReference;
export type RuleItem = TypeBlock | Clause | RuleReference;

export interface Let {
  readonly name: string;
  readonly value: LetValue;
  readonly offset: number;
}

export interface Block<T> {
  readonly lets: readonly Let[];
  readonly conjunctions: Conjunctions<T>;
}

/** A named rule; the loose items of a file form the rule called `default`, which stands first. */
export interface Rule {
  readonly name: string;
  /** Whether this is the rule of the loose items; a file may also hold a `rule default`. */
  readonly loose: boolean;
  readonly conditions: Conjunctions<Condition> | null;
  readonly block: Block<RuleItem>;
  readonly offset: number;
  readonly end: number;
}

/** `rule name(p1, p2) { ... }`. */
export interface ParameterizedRule {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly block: Block<RuleItem>;
  readonly offset: number;
  readonly end: number;
}

export interface RuleFile {
  readonly lets: readonly Let[];
  readonly rules: readonly Rule[];
  readonly parameterizedRules: readonly ParameterizedRule[];
}
