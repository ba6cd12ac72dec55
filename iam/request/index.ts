export { checkRequest } from './check.js';
export type { RequestProblem } from './problems.js';
export { readPolicies, readRequest } from './read.js';
export type { ReadPart } from './read.js';
export { Questions } from './question.js';
export type { Reply } from './question.js';
export { printAnswer } from './answer.js';
