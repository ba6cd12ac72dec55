/** Rules, their metadata and packs, and the pipeline that checks a template against them. */
export * from './metadata/types.js';
export * from './metadata/parameters.js';
export * from './metadata/parameter-document.js';
export { validatePack, validateRuleMetadata } from './metadata/validate.js';
export type { CompiledSchema, Validated } from './metadata/validate.js';
export { renderPosturePage } from './metadata/posture-page.js';
export { renderRulePage } from './metadata/page.js';
export type { RuleCase, RulePageInput } from './metadata/page.js';
export { buildBundle, BundleFile, ruleInfo } from './run/bundle.js';
export type { GuardRuleSource, RuleBundle, RuleInfo } from './run/bundle.js';
export { checkTemplate, openTemplate } from './run/check-template.js';
export type { CheckedFile, DeploymentOptions, OpenedTemplate } from './run/check-template.js';
export { runChecks } from './run/run-checks.js';
export type { CheckResult, CheckTarget, RunOptions } from './run/run-checks.js';
export * from './waivers/index.js';
export * from './baseline/index.js';
export type { CodeRule } from './code/run.js';
