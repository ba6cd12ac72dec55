/** The prover: claims about every request, shown or refuted with a request that the reference has decided. */
export { RegexError } from './automata/regex.js';
export { faultOfAssumption } from './decide.js';
export type { Proof, ProveOptions, RequestPair, UnknownReason } from './proof.js';
export { noNewPermissions, referencePermits } from './effective.js';
export type { Permissions } from './effective.js';
export { accessNotGranted, allowsAnything, disjoint, equivalent, noNewAccess } from './queries.js';
export type { Access, DocumentKind } from './queries.js';
export { noPublicAccess, PUBLIC_RESOURCE_TYPES } from './public.js';
export { proveClaim, speaksOfNothing } from './claim.js';
export type { Claim, ClaimedDecision } from './claim.js';
export type { RequestProperties } from './properties.js';
export type { CallerKind } from './principal.js';
