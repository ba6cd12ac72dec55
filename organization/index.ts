/**
 * The organization: its description (org.yaml), the tree of units and accounts, the policies in effect at each account,
 * and what AWS Organizations says of the real one, through an interface.
 */
export * from './model.js';
export * from './tree.js';
export { readOrganization } from './read.js';
export type { OrganizationReading, ReadOrganizationOptions } from './read.js';
export { ORGANIZATION_QUOTAS, POLICY_TYPE_QUOTAS } from './quotas.js';
export type { PolicyTypeQuota } from './quotas.js';
export { badSetting } from './diagnostics.js';
export { printOrganization } from './print.js';
export {
  attachedPolicies,
  effectiveGroups,
  effectivePolicies,
  MANAGED_POLICIES,
  policyKey,
  reaches,
} from './effective.js';
export type { AttachedPolicy, EffectiveGroup, EffectivePolicies, PolicyLevel } from './effective.js';
export { attachmentSlots, quotaProblems } from './slots.js';
export type { AttachmentSlots, PlacedDocument, QuotaProblem } from './slots.js';
export { describeSnapshot, MANAGED_POLICY_IDS, readSnapshot } from './reader.js';
export type {
  AwsAccount,
  AwsAttachment,
  AwsOrganization,
  AwsPolicy,
  AwsRoot,
  AwsUnit,
  OrganizationSnapshot,
  OrganizationsReader,
} from './reader.js';
export { compareOrganization } from './compare.js';
export type { CompareOptions, OrganizationPlan, PlanProblem, PlanStep, PlanTarget } from './compare.js';
export { readExports } from './exports.js';
export type { ExportFile } from './exports.js';
export type { NewPolicy, OrganizationsWriter, PolicyChange } from './writer.js';
export { organizationsClient } from './organizations-client.js';
export type { OrganizationsClient, OrganizationsClientOptions } from './organizations-client.js';
