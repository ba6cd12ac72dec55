export { compressActions, covers, mayMeet } from './actions.js';
export type { Tightness } from './actions.js';
export { compact, statementText } from './compact.js';
export type { Compacted, CompactOptions, ShortenedActions, Step } from './compact.js';
export { fill } from './documents.js';
export type { Filled, Overflow, Room } from './documents.js';
export { mergeStatements, tidied } from './merge.js';
export { deniedBy, mayDeny, sameDecisions } from './prove.js';
export type { GuardrailKind } from './prove.js';
