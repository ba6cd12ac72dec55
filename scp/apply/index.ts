/** Bringing policies to an organization: the plan, its execution, the journal to resume and undo by. */
export * from './model.js';
export { policiesOfSet, readPolicyState } from './state.js';
export type { PolicyOperations } from './state.js';
export { StateTree } from './tree.js';
export { planPolicies } from './plan.js';
export type { PlanOptions } from './plan.js';
export { misplacedAccounts } from './placement.js';
export type { MisplacedAccount } from './placement.js';
export { wantedOf } from './wanted.js';
export type { Caller } from './own-access.js';
export { applyPlan, ChangedMeanwhileError } from './execute.js';
export type { ApplyHooks, ApplyOutcome } from './execute.js';
export { journalLine, journalStatus, readJournal } from './journal.js';
export type { Journal, JournalEntry, JournalHeader, JournalStatus } from './journal.js';
export { statusOf } from './status.js';
export type { Standing, TargetStatus } from './status.js';
export { lineDifference, textChanges } from './difference.js';
export type { DifferenceLine, TextChange } from './difference.js';
export { cloudFormationTemplate } from './cloudformation.js';
export {
  ForeignLockError,
  LOCK_LEASE,
  LockedError,
  LockLostError,
  lockName,
  sameBesideLocks,
  SetLock,
} from './lock.js';
export type { LockHolder, LockOperations, LockOptions, LockSurroundings, SeenLock } from './lock.js';
