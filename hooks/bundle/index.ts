/** Policy bundles: what a hook decides by, as data that is published and read back. */
export { BUNDLE_FORMAT, digestOf, packBundle } from './pack.js';
export type { BundleParts, PackedBundle } from './pack.js';
export { readBundle } from './read.js';
export { BundleError } from './shape.js';
export { manifestText, manifestToSign, readBundleManifest, signManifest } from './manifest.js';
export type { BundleManifest } from './manifest.js';
