/** Literals of the rule language as values. */
import { Float, KEY_ORDER } from '../../template/index.js';
import type { Literal } from '../ast.js';
import { compileRegex } from '../regex/index.js';
import { EvaluationError } from './errors.js';
import { CHAR_RANGE, FLOAT_RANGE, INT_RANGE, RangeValue, RegexValue } from './values.js';
import type { GuardValue } from './values.js';

const RANGE_KINDS = { int: INT_RANGE, float: FLOAT_RANGE, char: CHAR_RANGE } as const;

/** A map with these entries, in this order; of equal keys the first keeps its place and the last its value. */
export function mapOf(entries: readonly (readonly [string, GuardValue])[]): GuardValue {
  const map = Object.fromEntries(entries) as Record<string, GuardValue>;
  const written = [...new Set(entries.map(([key]) => key))];
  if (Object.keys(map).some((key, index) => key !== written[index])) {
    Object.defineProperty(map, KEY_ORDER, { value: written });
  }
  return map;
}

/**
 * The value of a literal.
 *
 * @throws EvaluationError when a regex is invalid; the parser refuses such a file before it comes here.
 */
export function valueOfLiteral(literal: Literal): GuardValue {
  switch (literal.kind) {
    case 'null':
      return null;
    case 'bool':
    case 'int':
    case 'string':
      return literal.value;
    case 'float':
      return Number.isInteger(literal.value) ? new Float(literal.value) : literal.value;
    case 'regex': {
      const compiled = compileRegex(literal.pattern);
      if (!compiled.ok) throw new EvaluationError(compiled.message, 'regex');
      return new RegexValue(literal.pattern, compiled.regex);
    }
    case 'range':
      return new RangeValue(
        RANGE_KINDS[literal.type],
        literal.lower,
        literal.upper,
        literal.lowerInclusive,
        literal.upperInclusive,
      );
    case 'list':
      return literal.items.map(valueOfLiteral);
    case 'map':
      return mapOf(literal.entries.map(([key, value]) => [key, valueOfLiteral(value)] as const));
  }
}
