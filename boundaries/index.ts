/**
 * Permissions boundaries and roles: a library of templates with parameters, what comes out of them as JSON and as
 * CloudFormation, and their verification by cases and claims.
 */
export * from './model.js';
export { buildBoundary, POLICY_KINDS, policyNames, twinOf } from './build.js';
export type { BoundaryBuild, BuildOptions, BuiltBoundary, PolicyDocument } from './build.js';
export { toCloudFormation } from './cloudformation.js';
export { runClaims } from './claims.js';
export type { BoundaryClaimResult } from './claims.js';
export { loadTemplate } from './load.js';
export { describeTemplate } from './page.js';
export { BOUNDARY_CASES_SCHEMA, BOUNDARY_CLAIMS_SCHEMA, BOUNDARY_SCHEMA } from './schema.js';
export { verifyTemplate } from './verify.js';
export type { TemplateVerification, Verified } from './verify.js';
export type { Coverage, VerifyOptions } from '../iam/templates/index.js';
