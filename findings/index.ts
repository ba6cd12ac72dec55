/** What Stackade reports, and how it is printed. Pure: files, clock and terminal belong to the caller. */
export * from './finding.js';
export * from './create.js';
export * from './lines.js';
export * from './render-diagnostic.js';
export * from './reporters/index.js';
export {
  jsonLine,
  jsonText,
  logLines,
  markdownSentence,
  sarifText,
  visible,
  visibleLines,
  withoutSteering,
  xmlAttribute,
  xmlText,
} from './escape.js';
export { counted, displayWidth, wrap } from './text.js';
