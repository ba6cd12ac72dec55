/** What a check says of a policy. */
import type { Severity } from '../../../findings/index.js';
import type { Path, Unknown } from '../../../template/index.js';

/** One thing to mend. */
export interface PolicyIssue {
  readonly ruleId: string;
  readonly severity: Severity;
  /** The good condition, in a few words. */
  readonly title: string;
  readonly message: string;
  readonly help: string;
  readonly docs: string;
  /** From the document's root. */
  readonly path: Path;
  /** Tells findings of one place apart. */
  readonly subject: string;
  readonly labels: readonly string[];
}

/** A check that could not be decided. */
export interface OpenCheck {
  readonly ruleId: string;
  readonly path: Path;
  readonly reason: string;
  readonly unknowns: readonly Unknown[];
}

/** What checks take down. */
export interface Notes {
  fail(issue: PolicyIssue): void;
  open(check: OpenCheck): void;
}

/** The rules of a scan that are no check of IAM Access Analyzer's policy validation. */
export const RULES = {
  validation: 'policy-validation',
  public: 'policy-no-public-access',
  notGranted: 'policy-access-not-granted',
  noNewAccess: 'policy-no-new-access',
  external: 'policy-no-external-access',
} as const;

/** The page of a rule. */
export function pageOf(ruleId: string): string {
  return `docs/scan-template.md#${ruleId}`;
}
