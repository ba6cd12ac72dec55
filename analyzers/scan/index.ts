/** The scan of an organization: what it reads, what it checks, how it goes on after an interruption. */
export type * from './model.js';
export type * from './source.js';
export { ANALYZER_TYPES } from './source.js';
export type * from './check.js';
export * from './checks/index.js';
