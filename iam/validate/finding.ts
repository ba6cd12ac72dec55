/** What the validation of a policy finds. */
import type { Path } from '../../template/index.js';

/**
 * The finding types of Access Analyzer's ValidatePolicy: `ERROR` for a part that does not work, `SECURITY_WARNING` for
 * access that is too broad, `WARNING` for other departures from good practice, `SUGGESTION` for what changes no access
 * (https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicyFinding.html).
 */
export type PolicyFindingType = 'ERROR' | 'SECURITY_WARNING' | 'WARNING' | 'SUGGESTION';

/** One finding on a policy document. */
export interface PolicyFinding {
  /** An issue code of Access Analyzer, or one of ours, which begins with `IAM`. */
  readonly code: string;
  readonly type: PolicyFindingType;
  /** What is wrong: one sentence, lower case, no full stop, the reader's own text in backticks. */
  readonly message: string;
  /** The next step, as an instruction. */
  readonly help: string;
  /** The way from the document's root to the value at fault; for something missing, to what lacks it. */
  readonly path: Path;
}

/** Takes a finding: its type comes from the table of codes. */
export type Report = (code: string, path: Path, message: string, help: string) => void;
