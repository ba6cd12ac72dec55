/**
 * Quotas of AWS Organizations, as of 2026-11-21: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 * Those on SCPs and RCPs are the catalogue's, because the policy validator holds documents to the same figures. White
 * space counts, since policies are saved through the API.
 */
import { IAM_QUOTAS } from '../catalogue/iam/index.js';
import type { OrganizationPolicyType } from './model.js';

/** What one policy type allows. */
export interface PolicyTypeQuota {
  /** Characters of one document, white space too. */
  readonly documentCharacters: number;
  /** Policies attached to one root, unit or account, those that AWS attaches among them. */
  readonly perTarget: number;
  /** Policies of the type in the organization. */
  readonly perOrganization: number;
}

export const ORGANIZATION_QUOTAS = {
  date: '2026-11-21',
  /** Levels of units below the root. */
  unitDepth: 5,
  units: 2_000,
} as const;

export const POLICY_TYPE_QUOTAS: Readonly<Record<OrganizationPolicyType, PolicyTypeQuota>> = {
  scp: { documentCharacters: IAM_QUOTAS.scp, perTarget: IAM_QUOTAS.scpsPerTarget, perOrganization: 10_000 },
  rcp: { documentCharacters: IAM_QUOTAS.rcp, perTarget: IAM_QUOTAS.rcpsPerTarget, perOrganization: 2_000 },
  tag: { documentCharacters: 10_000, perTarget: 10, perOrganization: 1_000 },
  declarativeEc2: { documentCharacters: 10_000, perTarget: 10, perOrganization: 1_000 },
  aiServicesOptOut: { documentCharacters: 2_500, perTarget: 5, perOrganization: 1_000 },
  backup: { documentCharacters: 10_000, perTarget: 10, perOrganization: 1_000 },
  chatApplications: { documentCharacters: 10_000, perTarget: 5, perOrganization: 1_000 },
  securityHub: { documentCharacters: 10_000, perTarget: 10, perOrganization: 1_000 },
};
