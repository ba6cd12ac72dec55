/** Session revocation: who is cut off by which policies, until when, and whom that hits. */
export * from './model.js';
export { DEFAULT_BREAK_GLASS, requestRevocations, ROLE_HOURS, USER_HOURS } from './request.js';
export type { RequestReading, RevocationRequest } from './request.js';
export { readRevocations, revocationPolicy, revocationText, roleSessionsPolicy } from './statements.js';
export type { RevocationOverflow } from './place.js';
export {
  INLINE_NAME,
  isRevocationName,
  planRevocations,
  policiesOf,
  readInForce,
  REVOCATION_NAME,
  REVOCATION_SET,
  wantedRevocations,
} from './plan.js';
export type { ManagementTwin, PlannedPolicy, PlanOptions, RevocationPlan, RevocationsInForce } from './plan.js';
export { ImpactReader } from './trail.js';
export type { ChainedSessions, HitPrincipal, RevocationImpact, SignIns } from './trail.js';
export { readRoles } from './roles.js';
export type { RoleFacts } from './roles.js';
export { isManagementName, managementStepText, planManagement } from './management.js';
export type {
  ManagementEntity,
  ManagementPlan,
  ManagementPolicy,
  ManagementState,
  ManagementStep,
} from './management.js';
export { checkRevocations } from './checks.js';
export type { CheckInput, RevocationCheck } from './checks.js';
export { proveRevocations } from './prove.js';
export type { RevocationProof } from './prove.js';
