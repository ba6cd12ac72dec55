/** The decision of a Lambda Hook: an event and a bundle in, the answer that CloudFormation gets out. */
export type { AccountPlace, HookBundle, HookCall } from './bundle.js';
export { decideHook } from './decide.js';
export type { HookDecision, Told } from './decide.js';
export { internalFailure } from './answer.js';
export type { Annotation, HookAnswer } from './answer.js';
export { payloadAddress, tokenOf } from './event.js';
