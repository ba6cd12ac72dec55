/**
 * IAM policies: model, reading, printing, decisions. What needs the catalogue of actions has faces of its own, because
 * the catalogue takes time to load: `validate/`, `prove/` and `cloudtrail/`.
 */
export * from './model.js';
export * from './arn.js';
export * from './parse/index.js';
export { printPolicy } from './print.js';
export { referenceEvaluate } from './reference/index.js';
export type { ReferenceEvaluation, ReferenceOptions } from './reference/index.js';
export { compilePolicies, CompiledSet, evaluate, mayBeAllowed } from './evaluate/index.js';
export type { DecidingStatement, EvaluateOptions, Evaluation } from './evaluate/index.js';
export { checkRequest, printAnswer, Questions, readPolicies, readRequest } from './request/index.js';
export type { ReadPart, Reply, RequestProblem } from './request/index.js';
