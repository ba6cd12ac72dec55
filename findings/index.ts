/** What Stackade reports, and how it is printed. Pure: files, clock and terminal belong to the caller. */
export * from './finding.js';
export * from './create.js';
export * from './lines.js';
export * from './render-diagnostic.js';
export * from './reporters/index.js';
export { visible, visibleLines } from './escape.js';
