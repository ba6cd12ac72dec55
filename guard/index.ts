export type * from './ast.js';
export type * from './explanation.js';
export { loadData, loadTestData, loadTestFile } from './load/load-data.js';
export { otherKey } from './load/test-dialect.js';
export type { LoadedData, LoadedTestData } from './load/load-data.js';
export * from './syntax/index.js';
export { compileRegex, RegexBudgetError } from './regex/index.js';
export type { CompiledRegex, GuardRegex } from './regex/index.js';
export * from './lint/index.js';
export * from './report/index.js';
export { evaluateOpenRule, materialise } from './symbolic/index.js';
export type { Materialised, OpenVerdict } from './symbolic/index.js';
export {
  compileRules,
  lacksTypes,
  mergeInputParameters,
  openDocument,
  typesNeeded,
  Document,
  Program,
} from './evaluate/index.js';
export type {
  CompileOptions,
  DocumentOptions,
  Evaluation,
  Locate,
  Place,
  RuleResult,
  Status,
} from './evaluate/index.js';
export { EvaluationError } from './operators/index.js';
export type { EvaluationErrorKind } from './operators/index.js';
