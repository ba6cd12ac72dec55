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
