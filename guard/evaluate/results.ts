/** Results of queries in the evaluator that answers with statuses only: values without their paths. */
import { SpecialValue } from '../operators/index.js';
import type { Access, GuardValue, Kind } from '../operators/index.js';
import type { LeftCheck } from './tally.js';

/** A literal that a `let` binds or that stands on a right side; operators treat it unlike a value from the document. */
export class LiteralResult {
  /** Checks of one left value against this literal, by operator; made when first needed. */
  readonly checks = new Map<string, LeftCheck>();

  constructor(readonly value: GuardValue) {}
}

class Unresolved extends SpecialValue {
  readonly kind: Kind = -1;
}

/** A branch of a query that found nothing. */
export const UNRESOLVED: SpecialValue = new Unresolved();

export type Result = GuardValue | LiteralResult;
export type Results = readonly Result[];

export const NO_RESULTS: Results = [];

/** The value of a result that is not unresolved. */
export function valueOf(result: Result): GuardValue {
  return result instanceof LiteralResult ? result.value : result;
}

/** How the operators read results. */
export const ACCESS: Access<Result> = {
  isUnresolved: (item) => item === UNRESOLVED,
  isLiteral: (item) => item instanceof LiteralResult,
  value: valueOf,
  elements: (item) => valueOf(item) as readonly GuardValue[],
};
