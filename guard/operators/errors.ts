/** Errors that end the evaluation of a rule file, as they end the whole run of `cfn-guard`. */

export type EvaluationErrorKind =
  /** No variable, rule or parameterised rule of that name, or a type block without resources. */
  | 'missingValue'
  /** A value of a kind that the operation does not take. */
  | 'incompatible'
  /** A comparison or an interpolated key that cannot be. */
  | 'notComparable'
  /** A bad function call or function input. */
  | 'parse'
  /** A name bound twice. */
  | 'multipleValues'
  /** A regular expression that is invalid or that gave up. */
  | 'regex'
  /** Rules or variables that need themselves, or calls nested too deep. */
  | 'recursion';

const FRAMES: Readonly<Record<EvaluationErrorKind, readonly [string, string]>> = {
  missingValue: ['There was no variable or value object to resolve. Error = `', '`'],
  incompatible: ['Types or variable assignments are incompatible `', '`'],
  notComparable: ["Comparing incoming context with literals or dynamic results wasn't possible `", '`'],
  parse: ['Parser Error when parsing `', '`'],
  multipleValues: ['Conflicting rule or variable assignments inside the same scope `', '`'],
  regex: ['Regex expression parse error for rules file ', ''],
  recursion: ['', ''],
};

/** The evaluation of a rule file cannot go on. The message is worded as `cfn-guard` 3.1.1 words it. */
export class EvaluationError extends Error {
  /**
   * @param detail - What is wrong, without the words that the kind puts around it.
   * @param offset - Where in the rule file, in UTF-16 code units.
   */
  constructor(
    readonly detail: string,
    readonly kind: EvaluationErrorKind = 'incompatible',
    readonly offset?: number,
  ) {
    super(FRAMES[kind][0] + detail + FRAMES[kind][1]);
    this.name = 'EvaluationError';
  }
}
