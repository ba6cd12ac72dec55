/** The composer: the policies that a description chooses, as documents and attachments that AWS Organizations takes. */
export { attachmentsOf, attachmentTarget, targetKey } from './model.js';
export type { Attachment, AttachmentTarget, ComposedDocument, Composition } from './model.js';
export { compose } from './compose.js';
export type { Composed, ComposeOptions, DoesNotFit, PolicySource } from './compose.js';
export type { Certificate, CertifiedAccounts, CertifiedLevel } from './certificate.js';
export type { ComposedLevel, Idle, Level, Wildcards } from './level.js';
export { PathProver } from './proof.js';
export type { ComparedLevel, Obligation, PathProof } from './proof.js';
