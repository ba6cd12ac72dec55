/** The feature gate: restricted resource schemas, overlays, and the verdict on resources and templates. */
export { buildGate, Gate } from './gate.js';
export type { GateRequest, GateVerdict, TypeProblem } from './gate.js';
export { checkTemplateGate } from './check-template.js';
export { describedSchema } from './described.js';
export type { Described, LeftOut } from './described.js';
export { diffSchemas, reviewOverlay } from './diff.js';
export type { SchemaChange, SchemaDiff } from './diff.js';
export { editorSchema } from './editor.js';
export { explain, explainType, TITLES } from './explain.js';
export type { Explanation, GateCode } from './explain.js';
export { typeList } from './forbidden.js';
export type { TypeList } from './forbidden.js';
export { generateSchema } from './generate.js';
export type { SchemaSource } from './generate.js';
export type { Problem, ProblemKind } from './judge.js';
export { unusableSchema, unusableSnapshot } from './diagnostics.js';
export { OVERLAY_SCHEMA } from './overlay.js';
export type { Constraint, Overlay, OverlayContent, TypeOverlay } from './overlay.js';
export { PLACEHOLDERS } from './pattern.js';
export type { GateContext, Placeholder } from './pattern.js';
export { pathText } from './schema.js';
export type { FreeForm, RestrictedSchema, Scalar, Schema, SchemaPath } from './schema.js';
export {
  CATALOGUE_SOURCE,
  catalogueSet,
  fixedSet,
  MANIFEST_NAME,
  readManifest,
  readRestrictedSchema,
  snapshotFiles,
  snapshotSet,
} from './snapshot.js';
export type { LoadedSchema, Manifest, SchemaSet } from './snapshot.js';
export { freeFormPaths } from './free-form.js';
export { schemaFaults } from './verify.js';
export type { SchemaFault } from './verify.js';
