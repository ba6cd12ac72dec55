/** Bringing policies to an organization: the plan, its execution, the journal to resume and undo by. */
export * from './model.js';
export { policiesOfSet, readPolicyState } from './state.js';
export type { PolicyOperations } from './state.js';
