/** Waivers, suppressions of other tools, and what becomes of the findings that they cover. */
export * from './model.js';
export { WAIVER_SCHEMA } from './schema.js';
export { interpretWaivers, isDate } from './interpret.js';
export type { WaivableNames } from './interpret.js';
export { OU_PLACE } from './ou.js';
export { compileGlob } from './glob.js';
export { compileScope } from './scope.js';
export type { ScopeAnswer, ScopeMatcher, Subject, Tags } from './scope.js';
export { suppressionsOf } from './suppressions.js';
export type { Suppression, SuppressingTool } from './suppressions.js';
export { WaiverSession } from './session.js';
export type { WaiverContext } from './session.js';
