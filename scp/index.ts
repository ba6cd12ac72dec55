/**
 * Service and resource control policies: a library of templates with parameters, the policies that come out of them, and
 * the verification of both by cases and claims.
 */
export * from './model.js';
export { buildPolicy, twinOf } from './build-policy.js';
export type { BuiltPolicy, PolicyBuild, PolicyDocument } from './build-policy.js';
export { runCases } from './cases.js';
export { prove, propertiesOf, runClaims } from './claims.js';
export type { PolicyClaimResult } from './claims.js';
export { levelsOf, rcpApplies, surround } from './surroundings.js';
export type { Levels } from './surroundings.js';
export { coverageOf, mutationScore, verifyTemplate } from './verify.js';
export type { TemplateVerification, Verified } from './verify.js';
export type { Coverage, VerifyOptions } from '../iam/templates/index.js';
export { verifyAccounts } from './verify-accounts.js';
export type {
  AccountCase,
  AccountClaim,
  AccountSet,
  AccountVerification,
  CaseOutcome,
  DecidedBy,
  DecidedVector,
  EffectiveLevel,
  OrganizationVerification,
  TemplateAtAccounts,
  TemplateInEffect,
} from './verify-accounts.js';
export { loadTemplate } from './load.js';
export {
  acceptedBy,
  CASES_SCHEMA,
  CLAIMS_SCHEMA,
  completeParameters,
  mutantsOf,
  readTemplateFiles,
  unknownTemplate,
} from '../iam/templates/index.js';
export type {
  CaseResult,
  Mutant,
  MutationScore,
  ParameterOptions,
  ParameterValues,
  TemplateData,
  TemplateFiles,
} from '../iam/templates/index.js';
export { TEMPLATE_SCHEMA } from './schema.js';
export { describeTemplate } from './page.js';
export * from './management/index.js';
