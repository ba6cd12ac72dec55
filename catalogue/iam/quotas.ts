/**
 * Quotas on policies, as of 2026-11-21.
 * IAM and STS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (white space does not count).
 * AWS Organizations: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (white space
 * counts when a policy is saved through the API).
 * VPC endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export const IAM_QUOTAS = {
  date: '2026-11-21',
  /** Characters without white space. */
  managedPolicy: 6_144,
  managedPolicyVersions: 5,
  inlineUser: 2_048,
  inlineRole: 10_240,
  inlineGroup: 5_120,
  trustPolicy: 2_048,
  /** What the quota on trust policies can be raised to. */
  trustPolicyMaximum: 8_192,
  managedPoliciesPerRole: 20,
  managedPoliciesPerUser: 10,
  managedPoliciesPerGroup: 10,
  sessionPolicy: 2_048,
  sessionManagedPolicies: 10,
  sessionTags: 50,
  roleName: 64,
  roleSessionName: 64,
  path: 512,
  /** Characters, white space too. */
  vpcEndpointPolicy: 20_480,
  /** Characters of a bucket policy: 20 KB, the largest quota on resource policies that many services share. */
  resourcePolicy: 20_480,
  scp: 10_240,
  scpsPerTarget: 10,
  rcp: 5_120,
  rcpsPerTarget: 5,
} as const;
