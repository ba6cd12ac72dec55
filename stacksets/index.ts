/**
 * Rollouts of templates to the accounts of an organization by service-managed stack sets: their declaration, the plan
 * between it and what there is, its execution in waves, and what is in force where.
 */
export type * from './declaration/model.js';
export { readRollouts } from './declaration/read.js';
export type { RolloutsReading } from './declaration/read.js';
export { inOrder } from './declaration/dependencies.js';
export { readRolloutTemplate, templateDigest, templateProblems } from './template.js';
export type { FixedName, RolloutTemplate, TemplateParameter } from './template.js';
export { isDelegate, isInactive, readTree, STACK_SETS_SERVICE, Tree } from './tree.js';
export type { TreeData, TreeReader } from './tree.js';
export type * from './reader.js';
export { resolveRings } from './rings.js';
export type { Problem, ResolvedRing, ResolvedRings } from './rings.js';
export { contentOf, differences, isOwn, isRunning, operationId, preferencesOf, TAGS } from './content.js';
export type { StackSetDependency, WaveContent } from './content.js';
export { isDone, readRollout, readStackSet, runningOperations } from './state.js';
export type { RolloutState, StackSetState } from './state.js';
export { planRollout } from './plan.js';
export { tooManyOfAll } from './dependencies.js';
export type { PlanOptions } from './plan.js';
export type { RingPlan, RolloutPlan } from './rollout-plan.js';
export type * from './steps.js';
export { modeOf } from './strength.js';
export { decideGate } from './gate.js';
export type { Evidence, GateDecision } from './gate.js';
export {
  ChangedMeanwhileError,
  OperationUnderWayError,
  runDestroy,
  runRollout,
  runStep,
  StalledOperationError,
} from './execute.js';
export { inTurn } from './in-turn.js';
export type { DestroyRun, Run, RunHooks, RunOptions, RunOutcome, StackSetsOperations } from './execute.js';
export { statusOf } from './status.js';
export type { PlaceStatus, RingStatus } from './status.js';
export { nameCollisions } from './collisions.js';
export type { KnownRollout } from './collisions.js';
export { planDestroy } from './destroy.js';
export type { DestroyOptions, DestroyPlan } from './destroy.js';
export { stackSetsClient } from './stacksets-client.js';
export type { StackSetsClient, StackSetsClientOptions } from './stacksets-client.js';
export { hookResultsClient } from './hook-results-client.js';
export type { HookResultsClient, HookResultsClientOptions } from './hook-results-client.js';
