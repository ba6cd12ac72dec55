/**
 * Service and resource control policies: a library of templates with parameters, the policies that come out of them, and
 * the verification of both by cases and claims.
 */
export * from './model.js';
export { buildPolicy, twinOf } from './build-policy.js';
export type { BuiltPolicy, PolicyBuild, PolicyDocument } from './build-policy.js';
export { acceptedBy, completeParameters } from './parameters/values.js';
export type { ParameterOptions, ParameterValues } from './parameters/values.js';
export { runCases } from './cases.js';
export type { CaseResult } from './cases.js';
export { prove, propertiesOf, runClaims } from './claims.js';
export type { ClaimResult } from './claims.js';
export { mutantsOf } from './mutate.js';
export type { Mutant } from './mutate.js';
export { levelsOf, rcpApplies, surround } from './surroundings.js';
export type { Levels } from './surroundings.js';
export { coverageOf, mutationScore, verifyTemplate } from './verify.js';
export type { Coverage, MutationScore, TemplateVerification, Verified, VerifyOptions } from './verify.js';
export { loadTemplate, readTemplateFiles } from './load.js';
export type { TemplateData, TemplateFiles } from './load.js';
export { unknownTemplate } from './diagnostics.js';
export { CASES_SCHEMA, CLAIMS_SCHEMA, TEMPLATE_SCHEMA } from './schema.js';
export { describeTemplate } from './page.js';
