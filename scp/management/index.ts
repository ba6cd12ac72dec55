/** Management policies: tag policies, settings of Amazon EC2, and the use of data by AI services. */
export * from './model.js';
export { buildManagementPolicy } from './build.js';
export type { ManagementBuild } from './build.js';
export { ownDocumentFaults } from './own-document.js';
export type { SettingFaultAt } from './own-document.js';
export { settingAt } from './inherit.js';
export { isManagementTemplate, loadManagementTemplate, MANAGEMENT_SCHEMA, SETTING_CASES_SCHEMA } from './load.js';
export { describeManagementTemplate } from './page.js';
export { syntaxFaults } from './syntax.js';
export { runSettingCases } from './verify.js';
export type { SettingResult } from './verify.js';
