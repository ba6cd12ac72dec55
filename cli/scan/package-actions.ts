/** What the functions of a distributed scan read by name: the calls that the readers of a scan make. */

/** In the account of the scan, where no role is taken on: its own settings, and findings of the organization's analyzers. */
export const OWN_ACTIONS = [
  'access-analyzer:GetFindingV2',
  'access-analyzer:ListAnalyzers',
  'access-analyzer:ListFindings',
  'access-analyzer:ListFindingsV2',
  'cloudformation:GetResource',
  'cloudformation:ListResources',
  'iam:GetAccessKeyLastUsed',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetAccountSummary',
  'iam:GetLoginProfile',
  'iam:ListAccessKeys',
  'iam:ListMFADevices',
  'iam:ListOpenIDConnectProviders',
  'iam:ListRoles',
  'iam:ListSAMLProviders',
] as const;

/** Of the organization: its tree, policies, delegations, tags, analyzers and stack sets. */
export const ORGANIZATION_ACTIONS = [
  'access-analyzer:ListAnalyzers',
  'cloudformation:DescribeStackInstance',
  'cloudformation:DescribeStackSet',
  'cloudformation:DescribeStackSetOperation',
  'cloudformation:ListStackInstances',
  'cloudformation:ListStackSetOperations',
  'cloudformation:ListStackSets',
  'organizations:DescribeOrganization',
  'organizations:DescribePolicy',
  'organizations:ListAWSServiceAccessForOrganization',
  'organizations:ListAccountsForParent',
  'organizations:ListDelegatedAdministrators',
  'organizations:ListDelegatedServicesForAccount',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListPolicies',
  'organizations:ListRoots',
  'organizations:ListTagsForResource',
  'organizations:ListTargetsForPolicy',
] as const;
