/** Packages of the hooks: reproducible archives, CloudFormation templates, and rules for the Guard Hook of AWS. */
export { assemblePackage, MANIFEST_KEY, PACKAGE_LIST } from './assemble.js';
export type { Asset, HookPackage, PackageFile, PackageInput } from './assemble.js';
export { readPrivatePackage } from './private-package.js';
export type { PrivateHookPackage } from './private-package.js';
export { digestOf, zipFiles } from './zip.js';
export type { ArchiveFiles } from './zip.js';
export { exportGuardHook } from '../guard-hook/export.js';
export type { GuardHookExport, GuardHookInput, LeftOut } from '../guard-hook/export.js';
export { assetTemplate, pathOf } from '../templates/assets.js';
export { memberTemplate } from '../templates/member.js';
export type { FunctionPackage, GuardPackage, MemberOptions } from '../templates/member.js';
export { stackSetTemplate } from '../templates/stack-sets.js';
export type { TemplateKeys } from '../templates/stack-sets.js';
export { watchTemplate } from '../templates/watch.js';
export type { WatchOptions } from '../templates/watch.js';
export { releaseTemplate } from '../templates/release.js';
export { privateHookTemplate } from '../templates/private-hook.js';
export type { PrivateHook } from '../templates/private-hook.js';
export { Names, printTemplate, RESOURCE_TARGETS, TEMPLATE_TARGETS } from '../templates/deployment.js';
export type {
  FailureMode,
  HookAction,
  HookDeployment,
  HookTarget,
  Json,
  JsonMap,
  Wave,
} from '../templates/deployment.js';
