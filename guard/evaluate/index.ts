export { Document, openDocument } from './document.js';
export type { DocumentOptions } from './document.js';
export { lacksTypes, typesNeeded } from './gate.js';
export { Program, compileRules } from './program.js';
export type { CompileOptions, Evaluation, RuleResult, Status } from './program.js';
export { mergeInputParameters } from './merge.js';
export type { Locate, Place } from './explain/node.js';
export { shortText } from './explain/print.js';
