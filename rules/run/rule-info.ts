/** What reports say of a rule. */
import type { Severity } from '../../findings/index.js';

/** How a rule appears in reports. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly controls: readonly string[];
  /** Why it matters and how to mend it, printed below each finding. */
  readonly help: string;
  readonly docs: string;
  /** Whether the values that it looks at may be secrets: reports do not show them. `@default` false. */
  readonly secret?: boolean;
  /**
   * Whether the rule judges what is written out: a value that stands nowhere in the template, and that nobody gave, is none
   * of its concern. `@default` false.
   */
  readonly written?: boolean;
}
