/** What a hook decides by: data that is loaded once, and what is known of one call. */
import type { Severity } from '../../findings/index.js';
import type { CompileGlob, ParameterValue, RuleBundle, WaiverFile } from '../../rules/index.js';
import type { Gate } from '../gate/index.js';

/** Where an account stands. */
export interface AccountPlace {
  readonly orgId?: string;
  /** The unit that the account is in. */
  readonly ouId?: string;
  /** The way from the root to the unit, as scopes of waivers read it. `@default` the unit alone. */
  readonly ouPath?: string;
}

export interface HookBundle {
  readonly rules: RuleBundle;
  /** Values of the parameters of rules. */
  readonly ruleParameters: Readonly<Record<string, ParameterValue>>;
  /**
   * Ids of rules that need more of a template than the properties of one resource: what is known of other resources, or
   * attributes such as `DeletionPolicy`. Where only one resource is seen they are SKIP: the targets that see the template
   * decide them.
   */
  readonly wholeTemplate: ReadonlySet<string>;
  /** `null`: this hook has rules only. */
  readonly gate: Gate | null;
  readonly waivers: WaiverFile;
  readonly compileGlob: CompileGlob;
  readonly accounts: ReadonlyMap<string, AccountPlace>;
  /** From which severity on a finding blocks. */
  readonly failOn: Severity;
  /** What becomes of a verdict that could not be reached. */
  readonly notEvaluated: 'block' | 'warn';
}

/** What is known of one call besides its event. */
export interface HookCall {
  /** The text behind the address that the event carries; `null` when there is none. */
  readonly payload: string | null;
  /** The day in UTC, `YYYY-MM-DD`: waivers end. */
  readonly today: string;
  /** The Region in which the hook runs: Cloud Control names none. */
  readonly region?: string;
}
