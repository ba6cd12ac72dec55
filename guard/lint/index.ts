/** The lint of Guard rules and their tests: what proves nothing. */
export type { TypeKnowledge } from './knowledge.js';
export { lintRules } from './lint-rules.js';
export type { LintedRules } from './lint-rules.js';
export { lintTests } from './lint-tests.js';
export type { LintedCase } from './lint-tests.js';
