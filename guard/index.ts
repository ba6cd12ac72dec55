export type * from './ast.js';
export type * from './explanation.js';
export { loadData, loadTestData } from './load/load-data.js';
export type { LoadedData } from './load/load-data.js';
export * from './syntax/index.js';
export { compileRegex, RegexBudgetError } from './regex/index.js';
export type { CompiledRegex, GuardRegex } from './regex/index.js';
export * from './report/index.js';
