export { attachmentsOf, attachmentTarget, targetKey } from './model.js';
export type { Attachment, AttachmentTarget, ComposedDocument, Composition } from './model.js';
