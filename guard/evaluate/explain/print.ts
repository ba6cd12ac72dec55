/** Values and queries as messages of cfn-guard 3.1.1 print them (measured). */
import { Float, KEY_ORDER } from '../../../template/index.js';
import type { Value } from '../../../template/index.js';
import type { AccessClause, Comparator, LetValue, Query, QueryPart, UnaryOperator } from '../../ast.js';
import type { ComparisonName, PathValue, UnresolvedValue } from '../../explanation.js';
import {
  CHAR_RANGE,
  CharValue,
  FLOAT,
  FLOAT_RANGE,
  RangeValue,
  RegexValue,
  guardKeys,
  isGuardList,
  isGuardMap,
  kindOf,
  valueOfLiteral,
} from '../../operators/index.js';
import type { GuardMap, GuardValue, Kind } from '../../operators/index.js';
import { decimalDigits } from '../../syntax/index.js';
import { partsOf } from '../keys.js';
import type { Node, Traced, UnresolvedResult } from './node.js';

function decimal(number: number): string {
  return Object.is(number, -0) ? '-0' : decimalDigits(number);
}

function floatOf(value: GuardValue): number {
  return value instanceof Float ? value.value : (value as number);
}

function rangeText({ lower, upper, lowerInclusive, upperInclusive }: RangeValue): string {
  const bound = (value: number | bigint | string): string =>
    typeof value === 'number' ? decimal(value) : String(value);
  return `${lowerInclusive ? '[' : '('}${bound(lower)},${bound(upper)}${upperInclusive ? ']' : ')'}`;
}

/** Puts texts together piece by piece, so that deep values need no deep stack. Pieces are taken from the end. */
function assemble<T extends object>(pieces: (T | string)[], split: (piece: T) => readonly (T | string)[]): string {
  let text = '';
  for (let piece = pieces.pop(); piece !== undefined; piece = pieces.pop()) {
    if (typeof piece === 'string') text += piece;
    else {
      const parts = split(piece);
      for (let index = parts.length - 1; index >= 0; index--) pieces.push(parts[index]!);
    }
  }
  return text;
}

/** The items with a separator between them. */
function separated<T>(items: readonly T[], separator: string): (T | string)[] {
  return items.flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
}

function shortScalar(value: GuardValue): string {
  if (value === null) return '"NULL"';
  if (typeof value === 'string') return `"${value}"`;
  if (value instanceof RegexValue) return `"/${value.pattern}/"`;
  if (value instanceof CharValue) return `'${value.char}'`;
  if (value instanceof RangeValue) return rangeText(value);
  if (kindOf(value) === FLOAT) return decimal(floatOf(value));
  return integerOrBool(value);
}

function integerOrBool(value: GuardValue): string {
  return typeof value === 'object' ? '' : String(value);
}

/** A value on one line. Strings are quoted, and nothing in them is escaped. */
export function shortText(value: GuardValue): string {
  return shortAt(value, 0);
}

/** Levels printed by plain recursion, which is fast; deeper ones are put together piece by piece. */
const SHALLOW = 200;

function shortAt(value: GuardValue, depth: number): string {
  if (depth > SHALLOW) return shortDeep(value);
  if (isGuardList(value)) {
    let text = '[';
    for (let index = 0; index < value.length; index++) {
      text += (index === 0 ? '' : ',') + shortAt(value[index]!, depth + 1);
    }
    return `${text}]`;
  }
  if (!isGuardMap(value)) return shortScalar(value);
  let text = '{';
  for (const key of guardKeys(value)) {
    text += `${text.length === 1 ? '' : ','}"${key}":${shortAt(value[key]!, depth + 1)}`;
  }
  return `${text}}`;
}

interface Boxed {
  readonly value: GuardValue;
}

function shortDeep(value: GuardValue): string {
  return assemble<Boxed>([{ value }], ({ value: each }) => {
    if (isGuardList(each)) {
      return [
        '[',
        ...separated<Boxed | string>(
          each.map((element) => ({ value: element })),
          ',',
        ),
        ']',
      ];
    }
    if (!isGuardMap(each)) return [shortScalar(each)];
    const entries = guardKeys(each).map((key, index): (Boxed | string)[] => [
      `${index === 0 ? '' : ','}"${key}":`,
      { value: each[key]! },
    ]);
    return ['{', ...entries.flat(), '}'];
  });
}

/** A path with its place. */
export function placeText(node: Node): string {
  const { line, column } = node.place;
  return `${node.path}[L:${line},C:${column}]`;
}

/** A value with its path and place. */
export function nodeText(node: Node): string {
  return `Path=${placeText(node)} Value=${shortText(node.value)}`;
}

/** Literals count as resolved here. */
function resultText(result: Traced): string {
  return `(${result.kind === 'unresolved' ? 'unresolved' : 'resolved'}, ${nodeText(result.node)})`;
}

/** Results or query parts in a row. */
function joined(texts: readonly string[]): string {
  return texts.join('.').replaceAll('.[', '[');
}

export function resultsText(results: readonly Traced[]): string {
  return joined(results.map(resultText));
}

/** The value as data: regexes, ranges and characters in their printed form. */
export function printedValue(value: GuardValue): Value {
  if (value instanceof RegexValue) return `/${value.pattern}/`;
  if (value instanceof CharValue) return value.char;
  if (value instanceof RangeValue) return rangeText(value);
  if (!holdsSpecial(value)) return value as Value;
  if (isGuardList(value)) return value.map(printedValue);
  const map = value as GuardMap;
  const keys = guardKeys(map);
  const printed = Object.fromEntries(keys.map((key) => [key, printedValue(map[key]!)]));
  const same = Object.keys(printed).every((key, index) => key === keys[index]);
  return same ? printed : Object.defineProperty(printed, KEY_ORDER, { value: keys });
}

/** Whether a list or map of a rule literal holds something that no document can. */
function holdsSpecial(value: GuardValue): boolean {
  const pending: GuardValue[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next instanceof RegexValue || next instanceof CharValue || next instanceof RangeValue) return true;
    if (isGuardList(next)) for (const each of next) pending.push(each);
    else if (isGuardMap(next)) for (const key of guardKeys(next)) pending.push(next[key]!);
  }
  return false;
}

export function pathValue(node: Node): PathValue {
  return { path: node.path, value: node.isWritten ? (node.value as Value) : printedValue(node.value) };
}

/** The reason prints whole values, so its text is made when somebody reads it. */
export function unresolvedValue(result: UnresolvedResult): UnresolvedValue {
  let known: string | null = null;
  return {
    traversed_to: pathValue(result.node),
    remaining_query: result.remaining(),
    get reason(): string {
      return (known ??= result.reason());
    },
  };
}

/** What the Rust formatter `{:?}` does to a character of a string. */
function escaped(text: string, quote: string): string {
  let result = '';
  for (const char of text) {
    if (char === quote || char === '\\') result += `\\${char}`;
    else if (char === '\n') result += '\\n';
    else if (char === '\r') result += '\\r';
    else if (char === '\t') result += '\\t';
    else if (char === '\0') result += '\\0';
    else if (char !== ' ' && /[\p{C}\p{Z}\p{Grapheme_Extend}]/u.test(char)) {
      result += `\\u{${char.codePointAt(0)!.toString(16)}}`;
    } else result += char;
  }
  return quote + result + quote;
}

function debugFloat(number: number): string {
  const size = Math.abs(number);
  if (!Number.isFinite(number) || size === 0 || (size >= 1e-4 && size < 1e16)) {
    const text = decimal(number);
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  }
  return number.toExponential().replace('e+', 'e');
}

function debugBound(kind: Kind, bound: number | bigint | string): string {
  if (kind === CHAR_RANGE) return escaped(String(bound), "'");
  return kind === FLOAT_RANGE ? debugFloat(Number(bound)) : String(bound);
}

function debugScalar(path: string, value: GuardValue): string {
  if (value === null) return `Null(${path})`;
  if (typeof value === 'string') return `String((${path}, ${escaped(value, '"')}))`;
  if (typeof value === 'boolean') return `Bool((${path}, ${value}))`;
  if (value instanceof RegexValue) return `Regex((${path}, ${escaped(value.pattern, '"')}))`;
  if (value instanceof CharValue) return `Char((${path}, ${escaped(value.char, "'")}))`;
  if (value instanceof RangeValue) {
    const { kind, lower, upper } = value;
    const name = kind === CHAR_RANGE ? 'RangeChar' : kind === FLOAT_RANGE ? 'RangeFloat' : 'RangeInt';
    const inclusive = (value.lowerInclusive ? 1 : 0) + (value.upperInclusive ? 2 : 0);
    const bounds = `upper: ${debugBound(kind, upper)}, lower: ${debugBound(kind, lower)}`;
    return `${name}((${path}, RangeType { ${bounds}, inclusive: ${inclusive} }))`;
  }
  if (kindOf(value) === FLOAT) return `Float((${path}, ${debugFloat(floatOf(value))}))`;
  return `Int((${path}, ${integerOrBool(value)}))`;
}

/** The dump of a value that reasons hold. */
export function dump(node: Node): string {
  return assemble<Node>([node], dumpParts);
}

function dumpParts(node: Node): readonly (Node | string)[] {
  const { line, column } = node.place;
  const path = `Path(${escaped(node.path, '"')}, Location { line: ${line}, col: ${column} })`;
  if (isGuardList(node.value)) return [`List((${path}, [`, ...separated<Node | string>(node.elements(), ', '), ']))'];
  if (!isGuardMap(node.value)) return [debugScalar(path, node.value)];
  const entries = node.entries();
  const keys = separated<Node | string>(
    entries.map(([key]) => node.key(key)),
    ', ',
  );
  const values = entries.map(([key, child], index): (Node | string)[] => [
    `${index === 0 ? '' : ', '}${escaped(key, '"')}: `,
    child,
  ]);
  return [`Map((${path}, MapValue { keys: [`, ...keys, '], values: {', ...values.flat(), '} }))'];
}

/** The dump of a list's elements. */
export function dumpElements(node: Node): string {
  return assemble<Node>(['[', ...separated<Node | string>(node.elements(), ', '), ']'].reverse(), dumpParts);
}

export function dumpResults(results: readonly Traced[]): string {
  const texts = results.map((result) => {
    if (result.kind !== 'unresolved') {
      return `${result.kind === 'literal' ? 'Literal' : 'Resolved'}(${dump(result.node)})`;
    }
    const remaining = escaped(result.remaining(), '"');
    const reason = escaped(result.reason(), '"');
    return `UnResolved(UnResolved { traversed_to: ${dump(result.node)}, remaining_query: ${remaining}, reason: Some(${reason}) })`;
  });
  return `[${texts.join(', ')}]`;
}

function partText(part: QueryPart): string {
  switch (part.kind) {
    case 'this':
      return '_';
    case 'key':
      return part.name;
    case 'variable':
      return `%${part.name}`;
    case 'index':
      return String(part.index);
    case 'allValues':
      return '*';
    case 'allIndices':
      return '[*]';
    case 'filter':
      return `${part.capture ?? ''} (filter-clauses)`;
    case 'keyFilter':
      return `${part.capture ?? ''} (map-key-filter-clauses)`;
  }
}

export function partsText(parts: readonly QueryPart[]): string {
  return joined(parts.map(partText));
}

function queryText(query: Query): string {
  return partsText(partsOf(query));
}

function operandText(value: LetValue): string {
  if (value.kind === 'query') return queryText(value);
  if (value.kind === 'literal') return shortText(valueOfLiteral(value.literal));
  return `${value.name}(${value.args.map(operandText).join(', ')})`;
}

const OPERATORS: Readonly<Record<Comparator | UnaryOperator, readonly [text: string, name: ComparisonName]>> = {
  eq: ['EQUALS', 'Eq'],
  in: ['IN', 'In'],
  gt: ['GREATER THAN', 'Gt'],
  ge: ['GREATER THAN EQUALS', 'Ge'],
  lt: ['LESS THAN', 'Lt'],
  le: ['LESS THAN EQUALS', 'Le'],
  exists: ['EXISTS', 'Exists'],
  empty: ['EMPTY', 'Empty'],
  isString: ['IS STRING', 'IsString'],
  isList: ['IS LIST', 'IsList'],
  isStruct: ['IS MAP', 'IsMap'],
  isBool: ['IS BOOL', 'IsBool'],
  isInt: ['IS INT', 'IsInt'],
  isNull: ['IS NULL', 'IsNull'],
  isFloat: ['IS FLOAT', 'IsFloat'],
};

export function comparisonName(operator: Comparator | UnaryOperator): ComparisonName {
  return OPERATORS[operator][1];
}

/** A clause in the words of reports. */
export function clauseText(clause: AccessClause): string {
  const negation = clause.negated ? 'not ' : '';
  const right = clause.right === null ? '' : operandText(clause.right);
  return `${clause.prefixNot ? 'not' : ''} ${queryText(clause.query)} ${negation}${OPERATORS[clause.operator][0]}  ${right}`;
}
