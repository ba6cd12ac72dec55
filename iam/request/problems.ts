/** What is wrong with a request or with the policies beside it. */
import type { Path } from '../../template/index.js';

/** One fault of an input of the evaluator. */
export interface RequestProblem {
  /**
   * `IAM1101`: not in the form of a request; `IAM1102`: says two things that cannot both be; `IAM1103`: names a set of
   * policies that is not defined, or defines one twice; otherwise the parser's code for a policy.
   */
  readonly code: string;
  /** What is wrong: one sentence, lower case, no full stop, the reader's own text in backticks. */
  readonly message: string;
  /** The next step, as an instruction. */
  readonly help: string;
  /** The way to the value at fault. */
  readonly path: Path;
}

const MALFORMED = 'IAM1101';
const CONTRADICTORY = 'IAM1102';
const POLICY_SET = 'IAM1103';

export const malformed = (path: Path, message: string, help: string): RequestProblem => ({
  code: MALFORMED,
  message,
  help,
  path,
});

export const contradictory = (path: Path, message: string, help: string): RequestProblem => ({
  code: CONTRADICTORY,
  message,
  help,
  path,
});

export const policySet = (path: Path, message: string, help: string): RequestProblem => ({
  code: POLICY_SET,
  message,
  help,
  path,
});

const SHOWN = 80;

/** A text of the input as messages show it. */
export const shown = (text: string): string => `\`${text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`}\``;
