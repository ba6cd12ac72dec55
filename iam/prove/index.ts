/** The prover: claims about every request, shown or refuted with a request that the reference has decided. */
export { RegexError } from './automata/regex.js';
export type { Proof, ProveOptions, RequestPair, UnknownReason } from './proof.js';
export { accessNotGranted, disjoint, equivalent, noNewAccess } from './queries.js';
export type { Access, DocumentKind } from './queries.js';
