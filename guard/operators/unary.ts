/** The unary operators on one value (cfn-guard 3.1.1, measured). */
import type { Comparator, UnaryOperator } from '../ast.js';
import { EvaluationError } from './errors.js';
import { BOOL, FLOAT, INT, LIST, MAP, NULL, STRING, guardKeys, kindOf, typeName } from './values.js';
import type { GuardMap, GuardValue, Kind } from './values.js';

const KIND_OF_TEST: Readonly<Record<Exclude<UnaryOperator, 'exists' | 'empty'>, Kind>> = {
  isString: STRING,
  isList: LIST,
  isStruct: MAP,
  isBool: BOOL,
  isInt: INT,
  isFloat: FLOAT,
  isNull: NULL,
};

/** Whether an operator takes no right side. */
export function isUnaryOperator(operator: Comparator | UnaryOperator): operator is UnaryOperator {
  return operator === 'exists' || operator === 'empty' || operator in KIND_OF_TEST;
}

/** Whether a resolved value is empty. A bool never is. @throws EvaluationError for a value that cannot be. */
export function isEmpty(value: GuardValue, offset?: number): boolean {
  switch (kindOf(value)) {
    case STRING:
      return value === '';
    case LIST:
      return (value as readonly GuardValue[]).length === 0;
    case MAP:
      return guardKeys(value as GuardMap).length === 0;
    case BOOL:
      return false;
    default:
      throw new EvaluationError(
        `Attempting EMPTY operation on type ${typeName(value)} that does not support it`,
        'incompatible',
        offset,
      );
  }
}

/**
 * Whether a unary operator, without any negation, holds for a resolved value.
 *
 * @throws EvaluationError for `empty` on a number, null, or a value of rule literals only.
 */
export function unaryHolds(operator: UnaryOperator, value: GuardValue, offset?: number): boolean {
  if (operator === 'exists') return true;
  if (operator === 'empty') return isEmpty(value, offset);
  return kindOf(value) === KIND_OF_TEST[operator];
}

/** Whether a unary operator, without any negation, holds for an unresolved result: only `empty` does. */
export function unaryHoldsUnresolved(operator: UnaryOperator): boolean {
  return operator === 'empty';
}
