/** The plan of one rollout. */
import type { StackSetDependency } from './content.js';
import type { Wave } from './declaration/model.js';
import type { Problem, ResolvedRing } from './rings.js';
import type { StackSetState } from './state.js';
import type { AwaitOperation, Place, Stage } from './steps.js';

/** A ring in a plan. */
export interface RingPlan extends ResolvedRing {
  readonly state: StackSetState | undefined;
  /** The last wave of this release whose content the stack set holds; `null` for another content or none. */
  readonly wave: Wave | null;
  /** Where that content is not. */
  readonly unfinished: readonly Place[];
  /** Stack sets that the one of the ring is to depend on. */
  readonly dependsOn: readonly StackSetDependency[];
}

export interface RolloutPlan {
  readonly rollout: string;
  readonly release: string;
  readonly rings: readonly RingPlan[];
  readonly stages: readonly Stage[];
  /** Why nothing may be done. No stages then. */
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** Operations that have not come to their end. */
  readonly running: readonly (AwaitOperation & { readonly isOwn: boolean; readonly status: string })[];
}
