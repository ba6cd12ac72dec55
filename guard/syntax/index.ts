export * from './file-reader.js';
export type { CheckRegex } from './literal-reader.js';
export { decimalDigits, literalValue, parseTree, printRange } from './parse-tree.js';
