/**
 * Trees of Guard rules as JSON, so that a hook starts without parsing: to parse the rules takes some ten times as long as to
 * read their trees. Numbers that JSON has no form for are written as texts.
 */
import type {
  Block,
  Clause,
  Comparator,
  Condition,
  Conjunctions,
  FunctionCall,
  Let,
  LetValue,
  Literal,
  ParameterizedRule,
  Query,
  QueryPart,
  Rule,
  RuleFile,
  RuleItem,
  RuleReference,
  UnaryOperator,
} from '../../guard/index.js';
import { byKind, canonicalJson, count, flag, list, object, oneOf, orNull, pair, refuse, text } from './shape.js';
import type { Reader } from './shape.js';

/** The JSON of a tree; {@link readTree} gives the tree again. */
export function writeTree(tree: RuleFile): string {
  // `toJSON` of numbers would be asked for before a replacer is; so they are replaced by hand.
  return canonicalJson(written(tree));
}

function written(value: unknown): unknown {
  if (typeof value === 'bigint') return { $integer: String(value) };
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $number: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, written(each)]));
}

const special = object<{ $number: string }>({ $number: oneOf('-0', 'Infinity', '-Infinity', 'NaN') });
const large = object<{ $integer: string }>({
  $integer: (value, at) =>
    typeof value === 'string' && /^-?[0-9]{1,40}$/.test(value) ? value : refuse(at, 'is no number'),
});

const float: Reader<number> = (value, at) => (typeof value === 'number' ? value : Number(special(value, at).$number));
const integer: Reader<number | bigint> = (value, at) => {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  const map = value as Readonly<Record<string, unknown>> | null;
  if (typeof map === 'object' && map !== null && Object.hasOwn(map, '$number')) return float(value, at);
  return BigInt(large(value, at).$integer);
};
const bound: Reader<number | bigint | string> = (value, at) => {
  if (typeof value === 'string' || typeof value === 'number') return value;
  return integer(value, at);
};
const index: Reader<number> = (value, at) =>
  Number.isSafeInteger(value) ? (value as number) : refuse(at, 'is no whole number');

const literals: Reader<Literal> = byKind<Literal>({
  null: object({ kind: oneOf('null') }),
  bool: object({ kind: oneOf('bool'), value: flag }),
  int: object({ kind: oneOf('int'), value: integer }),
  float: object({ kind: oneOf('float'), value: float }),
  string: object({ kind: oneOf('string'), value: text }),
  regex: object({ kind: oneOf('regex'), pattern: text }),
  range: object({
    kind: oneOf('range'),
    type: oneOf('int', 'float', 'char'),
    lower: bound,
    upper: bound,
    lowerInclusive: flag,
    upperInclusive: flag,
  }),
  list: object({ kind: oneOf('list'), items: list((value, at) => literals(value, at)) }),
  map: object({ kind: oneOf('map'), entries: list(pair(text, (value, at) => literals(value, at))) }),
});

const COMPARATORS = ['eq', 'in', 'gt', 'ge', 'lt', 'le'] as const satisfies readonly Comparator[];
const UNARY = [
  'exists',
  'empty',
  'isString',
  'isList',
  'isStruct',
  'isBool',
  'isInt',
  'isNull',
  'isFloat',
] as const satisfies readonly UnaryOperator[];

const queries: Reader<Query> = object<Query>({
  kind: oneOf('query'),
  parts: list((value, at) => parts(value, at)),
  matchAll: flag,
  offset: count,
});
const parts: Reader<QueryPart> = byKind<QueryPart>({
  this: object({ kind: oneOf('this') }),
  key: object({ kind: oneOf('key'), name: text }),
  variable: object({ kind: oneOf('variable'), name: text }),
  index: object({ kind: oneOf('index'), index }),
  allValues: object({ kind: oneOf('allValues'), capture: orNull(text) }),
  allIndices: object({ kind: oneOf('allIndices'), capture: orNull(text) }),
  keyFilter: object({
    kind: oneOf('keyFilter'),
    capture: orNull(text),
    operator: oneOf(...COMPARATORS),
    negated: flag,
    right: (value, at): Literal | Query =>
      (value as { readonly kind?: unknown } | null)?.kind === 'query' ? queries(value, at) : literals(value, at),
  }),
  filter: object({
    kind: oneOf('filter'),
    capture: orNull(text),
    conjunctions: conjunctions<Clause>((value, at) => clauses(value, at)),
  }),
});
const letValues: Reader<LetValue> = byKind<LetValue>({
  literal: object({ kind: oneOf('literal'), literal: literals, offset: count }),
  call: object<FunctionCall>({
    kind: oneOf('call'),
    name: text,
    args: list((value, at) => letValues(value, at)),
    offset: count,
  }),
  query: queries,
});
const lets: Reader<readonly Let[]> = list(object<Let>({ name: text, value: letValues, offset: count }));

function conjunctions<T>(reader: Reader<T>): Reader<Conjunctions<T>> {
  return list(list(reader));
}

function blocks<T>(reader: Reader<T>): Reader<Block<T>> {
  return object<Block<T>>({ lets, conjunctions: conjunctions(reader) });
}

const access: Reader<Extract<Clause, { kind: 'access' }>> = object<Extract<Clause, { kind: 'access' }>>({
  kind: oneOf('access'),
  query: queries,
  operator: oneOf(...COMPARATORS, ...UNARY),
  negated: flag,
  prefixNot: flag,
  right: orNull(letValues),
  message: orNull(text),
  offset: count,
  end: count,
});
const calls: Reader<Extract<Clause, { kind: 'ruleCall' }>> = object<Extract<Clause, { kind: 'ruleCall' }>>({
  kind: oneOf('ruleCall'),
  name: text,
  args: list(letValues),
  negated: flag,
  message: orNull(text),
  offset: count,
});
const references: Reader<RuleReference> = object<RuleReference>({
  kind: oneOf('reference'),
  name: text,
  negated: flag,
  message: orNull(text),
  offset: count,
});
const conditions: Reader<Conjunctions<Condition>> = conjunctions(
  byKind<Condition>({ access, ruleCall: calls, reference: references }),
);
const blockClauses = object<Extract<Clause, { kind: 'block' }>>({
  kind: oneOf('block'),
  query: queries,
  notEmpty: flag,
  block: blocks<Clause>((value, at) => clauses(value, at)),
  offset: count,
});
const whens = object<Extract<Clause, { kind: 'when' }>>({
  kind: oneOf('when'),
  conditions,
  block: blocks<Clause | RuleReference>((value, at) => referring(value, at)),
  offset: count,
});
const clauses: Reader<Clause> = byKind<Clause>({ access, block: blockClauses, when: whens, ruleCall: calls });
const referring: Reader<Clause | RuleReference> = byKind<Clause | RuleReference>({
  access,
  block: blockClauses,
  when: whens,
  ruleCall: calls,
  reference: references,
});
const items: Reader<RuleItem> = byKind<RuleItem>({
  access,
  block: blockClauses,
  when: whens,
  ruleCall: calls,
  reference: references,
  typeBlock: object({
    kind: oneOf('typeBlock'),
    typeName: text,
    conditions: orNull(conditions),
    block: blocks<Clause>(clauses),
    offset: count,
  }),
});

/** Reads a tree that was JSON. @throws BundleError for anything else than a tree of this version. */
export const readTree: Reader<RuleFile> = object<RuleFile>({
  lets,
  rules: list(
    object<Rule>({
      name: text,
      loose: flag,
      conditions: orNull(conditions),
      block: blocks<RuleItem>(items),
      offset: count,
      end: count,
    }),
  ),
  parameterizedRules: list(
    object<ParameterizedRule>({
      name: text,
      parameters: list(text),
      block: blocks<RuleItem>(items),
      offset: count,
      end: count,
    }),
  ),
});
