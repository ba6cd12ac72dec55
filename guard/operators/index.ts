export {
  BOOL,
  CHAR,
  CHAR_RANGE,
  CharValue,
  FLOAT,
  FLOAT_RANGE,
  INT,
  INT_RANGE,
  LIST,
  MAP,
  NULL,
  REGEX,
  RangeValue,
  RegexValue,
  STRING,
  SpecialValue,
  asGuardValue,
  guardKeys,
  isGuardList,
  isGuardMap,
  isScalar,
  kindOf,
  own,
  typeName,
} from './values.js';
export type { GuardMap, GuardValue, GuardValue as RuntimeValue, Kind } from './values.js';
export { INCOMPARABLE, NO, YES, compareEqual, compareStrings, looseEqual, order } from './compare.js';
export type { Comparison } from './compare.js';
export { ORDERINGS, compareKey, compareResults, keyMatches } from './binary.js';
export type { Access, ComparisonSink, KeyOperand, Printer } from './binary.js';
export { isEmpty, isUnaryOperator, unaryHolds, unaryHoldsUnresolved } from './unary.js';
export { findKey, keySpellings } from './key-case.js';
export type { KeyAlternative, KeyConverter, KeySpellings } from './key-case.js';
export { mapOf, valueOfLiteral } from './literal.js';
export { typeSelection } from './type-selection.js';
export { EvaluationError } from './errors.js';
export type { EvaluationErrorKind } from './errors.js';
