export { NOT_REPORTED, POLICY_CHECKS } from './codes.js';
export type { PolicyCheck } from './codes.js';
export type { PolicyFinding, PolicyFindingType } from './finding.js';
export { RESOURCE_TYPES } from './checks/resource-kinds.js';
export { validatePolicy, validatePolicyText } from './validate.js';
export type { PlacedPolicyFinding, PolicyValidation, ValidateOptions } from './validate.js';
