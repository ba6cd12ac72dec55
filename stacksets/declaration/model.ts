/**
 * Rollouts as their owners declare them: which template goes to which units, in which order, under which parameters.
 * Plain data; `readRollouts` tells places and faults.
 *
 * Words follow "StackSets concepts"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html, read 2026-11-21).
 */

/** Which accounts of the target units get the template. */
export type AccountFilter =
  | { readonly kind: 'all' }
  /** The listed accounts that are below a target. */
  | { readonly kind: 'only'; readonly ids: readonly string[] }
  /** All below the targets but the listed ones. */
  | { readonly kind: 'except'; readonly ids: readonly string[] };

/** A root or unit of the description that a ring reaches, with everything below it. */
export interface RingTarget {
  /** `/Workloads/Production`; `/` for the root. */
  readonly shown: string;
  /** `null` when the description does not write it. */
  readonly id: string | null;
}

/** Units that are changed together. Each ring has a stack set of its own. */
export interface Ring {
  readonly name: string;
  /** Name of its stack set. */
  readonly stackSet: string;
  readonly targets: readonly RingTarget[];
  readonly accounts: AccountFilter;
  readonly regions: readonly string[];
}

/** What must be seen of a wave before the next one begins. */
export interface Promotion {
  /** Whether somebody has to say so on the command line. */
  readonly isManual: boolean;
  /** How long the last operation of the wave has to be over. */
  readonly quietMinutes: number;
  /** How often the hook has to have been invoked since. */
  readonly invocations: number;
  /** How many resources the hook may have found wrong since (`HOOK_COMPLETE_FAILED`), the expected ones aside. */
  readonly failures: number;
  /** How often the hook itself may have failed since (`HOOK_FAILED`). */
  readonly errors: number;
  /** In how many accounts and Regions the wave may be unfinished. */
  readonly unfinished: number;
  /** Patterns (`*` for any text) of invocation targets whose failures are expected. */
  readonly expected: readonly string[];
}

/** A step of a rollout: one ring gets the template with these parameters. */
export interface Wave {
  readonly name: string;
  readonly ring: string;
  /** Those of the rollout with what the wave changes. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly promotion: Promotion;
}

/** How operations go on: "Stack set operation options", with the names of the API. */
export interface Preferences {
  readonly regions: 'SEQUENTIAL' | 'PARALLEL';
  readonly maxConcurrent: Amount;
  readonly failureTolerance: Amount;
  readonly concurrency: 'STRICT_FAILURE_TOLERANCE' | 'SOFT_FAILURE_TOLERANCE';
}

/** A number of accounts, or a share of them, for each Region. */
export interface Amount {
  readonly value: number;
  readonly unit: 'count' | 'percent';
}

/** The hook that a rollout brings, when it brings one. */
export interface RolloutHook {
  /** `Stackade::Policy::Check`. */
  readonly type: string;
  /** Parameter of the template that sets the failure mode (`FAIL` or `WARN`); `null` when none does. */
  readonly modeParameter: string | null;
  /** Parameter that sets whether the hook is invoked (`ENABLED` or `DISABLED`); `null` when none does. */
  readonly statusParameter: string | null;
  /** Name of the role of each account under which its hook results are read; `null` when there is none. */
  readonly resultsRole: string | null;
}

/** A rollout. */
export interface Rollout {
  readonly name: string;
  /** Names of rollouts that an account has to have before it gets this one. Never in a circle. */
  readonly dependsOn: readonly string[];
  /** Path of the template, relative to the file that names it. */
  readonly template: string;
  /** Where CloudFormation finds the same template, for one too long to be sent. */
  readonly templateUrl: string | null;
  readonly capabilities: readonly string[];
  readonly autoDeployment: { readonly isEnabled: boolean; readonly retainStacks: boolean };
  readonly preferences: Preferences;
  readonly hook: RolloutHook | null;
  readonly rings: readonly Ring[];
  /** In their order. Every ring is in one at least. */
  readonly waves: readonly Wave[];
}
