export { parsePolicy, statementPath } from './parse-policy.js';
export type { ParsedPolicy } from './parse-policy.js';
export { diagnosticOf, readPolicy } from './read-policy.js';
export type { PolicySource } from './read-policy.js';
export { parseOperator, printOperator } from './condition.js';
export type { OperatorName } from './condition.js';
export { EVERYONE } from './principal.js';
export type { PolicyProblem } from './problems.js';
