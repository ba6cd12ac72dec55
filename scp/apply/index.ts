/** Bringing policies to an organization: the plan, its execution, the journal to resume and undo by. */
export * from './model.js';
export { policiesOfSet, readPolicyState } from './state.js';
export type { PolicyOperations } from './state.js';
export { planPolicies } from './plan.js';
export type { PlanOptions } from './plan.js';
export { wantedOf } from './wanted.js';
export type { Caller } from './own-access.js';
export { applyPlan, ChangedMeanwhileError } from './execute.js';
export type { ApplyHooks, ApplyOutcome } from './execute.js';
