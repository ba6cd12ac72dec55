/**
 * Policy templates: what libraries of them share. Statements with typed parameters, cases, claims with their twins, changes
 * that cases and claims have to notice, and the parts of their pages.
 */
export * from './model.js';
export { decideCases, requestOf } from './cases.js';
export type { CaseResult } from './cases.js';
export { namesOf, requestsOf, saysSomething } from './claims.js';
export { badParameter, tooLong, unknownParameter, unknownTemplate } from './diagnostics.js';
export { readTemplateFiles } from './files.js';
export type { TemplateData, TemplateFiles } from './files.js';
export { FillError, fillConditions, fillList, fillStatements, mentionedIn, textOf } from './fill.js';
export {
  caller,
  code,
  list,
  parameterTable,
  sourceList,
  statementBlocks,
  steps,
  survivorSection,
  table,
} from './markdown.js';
export { mutantsOf } from './mutate.js';
export type { Mutant } from './mutate.js';
export { acceptedBy, completeParameters } from './parameters/values.js';
export type { ParameterOptions, ParameterValues } from './parameters/values.js';
export { CASES_SCHEMA, CLAIMS_SCHEMA, templateSchema } from './schema.js';
export { scoreMutants } from './score.js';
export type { MutationScore } from './score.js';
export { changeStatements } from './twin.js';
export { caseTable, templatePage } from './page.js';
export type { PageParts } from './page.js';
export { builtTwin, claimResult, verifyWith } from './verify.js';
export type { ClaimResult, Coverage, Verification, VerifiedTemplate, Verifier, VerifyOptions } from './verify.js';
