export * from './values.js';
export * from './unknown.js';
export * from './read/read-template.js';
export { ReadError, compose } from './read/compose.js';
export type { Dialect } from './read/compose.js';
