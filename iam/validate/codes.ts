/**
 * The findings that exist: issue codes of Access Analyzer's policy validation
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html), with its finding
 * types, and our own, which begin with `IAM`.
 */
import type { PolicyFindingType } from './finding.js';

/** One kind of finding. */
export interface PolicyCheck {
  readonly code: string;
  readonly type: PolicyFindingType;
  /** The good condition, in a few words. */
  readonly title: string;
}

/** `CODE: the good condition`, one a line, by finding type. */
const TABLE: Readonly<Record<PolicyFindingType, string>> = {
  ERROR: `
ARN_ACCOUNT_NOT_ALLOWED: ARNs of resources without account leave it empty
ARN_REGION_NOT_ALLOWED: ARNs of global resources leave the Region empty
DATA_TYPE_MISMATCH: Each element holds the type of value that it takes
DUPLICATE_KEYS_WITH_DIFFERENT_CASE: A condition key stands once under its operator
EMPTY_VARIABLE: Policy variables name a condition key
FEDERATED_PRINCIPAL_NOT_SUPPORTED: Identity providers are principals of trust policies only
INVALID_ACTION: Actions exist
INVALID_ARN_ACCOUNT: Accounts in ARNs have 12 digits
INVALID_ARN_PREFIX: Resources are ARNs
INVALID_ARN_REGION: Regions in ARNs exist
INVALID_ARN_RESOURCE: ARNs have the form of a resource type of their service
INVALID_ARN_SERVICE_CASE: Services in ARNs are in lower case
INVALID_CONDITION_DATA_TYPE: Values of one condition have one type
INVALID_CONDITION_KEY_FORMAT: Condition keys begin with the prefix of a service
INVALID_CONDITION_MULTIPLE_BOOLEAN: A condition compares with one boolean
INVALID_CONDITION_OPERATOR: Condition operators exist
INVALID_EFFECT: The effect is Allow or Deny
INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY: Federated principals are domains or ARNs of providers
INVALID_GLOBAL_CONDITION_KEY: Global condition keys exist
INVALID_KMS_KEY_VALUE: Conditions on KMS keys hold ARNs of keys
INVALID_PARTITION: Partitions in ARNs exist
INVALID_POLICY_ELEMENT: Policies have known elements only
INVALID_PRINCIPAL_FORMAT: Principals have one of the forms that AWS knows
INVALID_PRINCIPAL_KEY: Kinds of principals exist
INVALID_REGION: Conditions name Regions that exist
INVALID_SERVICE: Services in ARNs and condition keys exist
INVALID_SERVICE_CONDITION_KEY: Condition keys of services exist
INVALID_SERVICE_IN_ACTION: Services of actions exist
INVALID_SERVICE_PRINCIPAL_FORMAT: Service principals have the form of a service principal
INVALID_VARIABLE_FOR_OPERATOR: Variables stand under String and ARN operators only
INVALID_VERSION: The version of the policy language exists
INVALID_VPCE_FORMAT: Ids of VPC endpoints are well-formed
INVALID_VPC_FORMAT: Ids of VPCs are well-formed
JSON_SYNTAX_ERROR: The policy is JSON
MISMATCHED_ACTION_FOR_PRINCIPAL: Principals of a trust policy can make the calls that it allows
MISSING_ACTION: Statements have an action
MISSING_ACTION_FOR_CONDITION_KEY: Who assumes a role can set what its conditions ask for
MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY: IAM Roles Anywhere can assume the role that trusts it
MISSING_ARN_ACCOUNT: ARNs of resources in an account name the account
MISSING_ARN_FIELD: ARNs have six parts
MISSING_ARN_REGION: ARNs of regional resources name the Region
MISSING_BRACE_IN_VARIABLE: Policy variables end with a brace
MISSING_EFFECT: Statements have an effect
MISSING_PRINCIPAL: Statements of resource policies have a principal
MISSING_QUALIFIER: Conditions on keys with several values have a set operator
MISSING_QUOTE_IN_VARIABLE: Defaults of policy variables stand in single quotes
MISSING_RESOURCE: Statements have a resource
MISSING_STATEMENT: Policies have a statement
MISSING_TAG_KEY_IN_CONDITION: Condition keys of tags name the tag
NULL_WITH_IF_EXISTS: Null stands without IfExists
POLICY_SIZE_EXCEEDS_RCP_QUOTA: Resource control policies are within their quota
POLICY_SIZE_EXCEEDS_SCP_QUOTA: Service control policies are within their quota
PRIVATE_IP_ADDRESS: Conditions on public addresses hold public addresses
PRIVATE_NOT_IP_ADDRESS: Negated conditions on public addresses hold public addresses
RCP_SYNTAX_ERROR_ACTION: Actions of resource control policies name their service
RCP_SYNTAX_ERROR_ALLOW: Resource control policies deny
RCP_SYNTAX_ERROR_NOTACTION: Resource control policies have no NotAction
RCP_SYNTAX_ERROR_PRINCIPAL: The principal of resource control policies is everybody
ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL: Trust policies have no NotPrincipal
ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE: Trust policies have no resource
ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL: Trust policies name who may assume the role
SCP_SYNTAX_ERROR_PRINCIPAL: Service control policies have no principal
TYPE_MISMATCH_IP_RANGE: Conditions on addresses hold addresses or ranges
UNIQUE_SIDS_REQUIRED: Sids differ
UNSUPPORTED_ACTION_FOR_CONDITION_KEY: Conditions stand with actions that carry their key
UNSUPPORTED_ACTION_IN_POLICY: Resource policies speak of actions on their resource
UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL: Conditions on service principals use keys that they carry
UNSUPPORTED_ELEMENT_COMBINATION: An element stands without its negation
UNSUPPORTED_GLOBAL_CONDITION_KEY: Condition keys are supported
UNSUPPORTED_PRINCIPAL: Policies of identities have no principal
UNSUPPORTED_RESOURCE_ARN_IN_POLICY: Resource policies speak of their resource
UNSUPPORTED_SID: Sids hold letters and digits
UNSUPPORTED_SPACE_IN_VARIABLE: Policy variables hold no white space
UNSUPPORTED_WILDCARD_IN_PRINCIPAL: Principals are written in full
VARIABLE_UNSUPPORTED_IN_ELEMENT: Variables stand in resources and conditions only
VARIABLE_UNSUPPORTED_IN_VERSION: Policies with variables have the version that knows them
VARIABLE_USAGE_TOO_PERMISSIVE: Variables do not stand for values of others
WILDCARD_USAGE_TOO_PERMISSIVE: Wildcards do not stand for values of others
IAM4017: Lists of actions and resources hold something
IAM4018: Managed policies and policies of organizations have the current version
`,
  SECURITY_WARNING: `
ALLOW_WITH_NOT_PRINCIPAL: Grants name their principals
DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: Denials by tag list their actions
DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: Denials by tag name actions that carry tags
DYNAMODB_ATTRIBUTES_WITHOUT_SELECT: Limits on attributes hold for reads that name none
FORALLVALUES_WITH_SINGLE_VALUED_KEY: ForAllValues stands with keys that have several values
FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE: Audiences are compared without a set operator
MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL: Trust in an OIDC provider has conditions on its tokens
MISSING_GITHUB_REPO_CONDITION_KEY: Trust in GitHub names the repository
MISSING_PAIRED_CONDITION_KEYS: Keys that need another one stand with it
PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE: iam:PassRole names its roles
PASS_ROLE_WITH_NOT_RESOURCE: iam:PassRole names its roles
PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE: iam:PassRole names its roles
PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE: iam:PassRole names its roles
PASS_ROLE_WITH_STAR_IN_RESOURCE: iam:PassRole names its roles
PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION: iam:PassRole names its roles
RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL: Grants to services say for whom they may act
S3_PREFIX_IN_NEGATIVE_CONTEXT: Limits on prefixes cannot be passed by
STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS: ARNs are compared part by part
UNTRUSTWORTHY_CONDITION_KEY: Conditions use keys that the caller cannot choose
IAM4001: No statement allows everything
IAM4002: Nobody can change policies, credentials or trust of their choice
IAM4003: Nobody can act as any role through a service
IAM4004: Grants list their actions
IAM4012: Resources are not open to everybody
IAM4020: Conditions of grants limit something
IAM4022: Conditions on MFA hold for access keys too
`,
  WARNING: `
CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE: Service-linked roles that can be created are named
CREATE_SLR_WITH_NOT_RESOURCE: Service-linked roles that can be created are named
CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE: Service-linked roles that can be created are named
CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE: Service-linked roles that can be created are named
CREATE_SLR_WITH_STAR_IN_RESOURCE: Service-linked roles that can be created are named
CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION: Service-linked roles that can be created are named
DEPRECATED_GLOBAL_CONDITION_KEY: Condition keys are current
INVALID_DATE_VALUE: Dates are written as dates
INVALID_ROLE_REFERENCE: Roles are named by their ARN
INVALID_USER_REFERENCE: Users are named by their ARN
MISSING_VERSION: Policies state their version
POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA: Policies of identities are within their quota
POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA: Resource policies are within their quota
POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA: Trust policies are within their quota
RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY: Denials by the caller's organization leave services of AWS out
RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY: Denials by the source of a service leave own principals out
RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK: Denials by the source of a service ask whether there is one
SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED: Trust in GitHub names repository and branch
TYPE_MISMATCH: Operators suit their condition key
TYPE_MISMATCH_BOOLEAN: Bool and Null hold booleans
TYPE_MISMATCH_DATE: Date operators hold dates
TYPE_MISMATCH_NUMBER: Numeric operators hold numbers
TYPE_MISMATCH_STRING: BinaryEquals holds Base64
UNIQUE_SIDS_RECOMMENDED: Sids differ
USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES: Keys of some services stand with actions of theirs
WILDCARD_WITHOUT_LIKE_OPERATOR: Wildcards stand under operators that know them
IAM4005: Statements can apply
IAM4006: Grants are not denied by the same policy
IAM4009: Service control policies leave somebody who can mend them
IAM4010: Limits on Regions leave global services out
IAM4011: Resource control policies name services that they apply to
IAM4013: Policy variables have a value
IAM4015: Policies hold characters that IAM takes
IAM4016: Denials name exceptions in a condition
IAM4019: Policies of identities have the current version
IAM4021: ARN conditions have the six parts of ARNs
`,
  SUGGESTION: `
ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: Grants by tag list their actions
ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: Grants by tag name actions that carry tags
CONFIRM_AUDIENCE_CLAIM_TYPE: Audiences are compared without a set operator
EMPTY_ARRAY_ACTION: Lists of actions hold actions
EMPTY_ARRAY_CONDITION: Conditions have values
EMPTY_ARRAY_CONDITION_FORALLVALUES: Conditions have values
EMPTY_ARRAY_CONDITION_FORANYVALUE: Conditions have values
EMPTY_ARRAY_CONDITION_IFEXISTS: Conditions have values
EMPTY_ARRAY_PRINCIPAL: Lists of principals hold principals
EMPTY_ARRAY_RESOURCE: Lists of resources hold resources
EMPTY_OBJECT_CONDITION: Condition blocks hold conditions
EMPTY_OBJECT_PRINCIPAL: Principal elements hold principals
EMPTY_SID_VALUE: Sids are not empty
EQUIVALENT_TO_NULL_FALSE: Whether a key is there is asked with Null
EQUIVALENT_TO_NULL_TRUE: Whether a key is missing is asked with Null
IMPROVE_IP_RANGE: Ranges begin at their first address
IRRELEVANT_CONDITION_KEY_IN_POLICY: Resource policies ask nothing about their own resource
NULL_WITH_QUALIFIER: Null stands without a set operator
PRIVATE_IP_ADDRESS_SUBSET: Conditions on public addresses hold public addresses
PRIVATE_NOT_IP_ADDRESS_SUBSET: Negated conditions on public addresses hold public addresses
RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL: Grants to services use the keys made for them
REDUNDANT_ACTION: Actions stand once
REDUNDANT_CONDITION_VALUE_NUM: Bounds stand once
REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION: Conditions can fail
REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY: Principals stand once
REDUNDANT_RESOURCE: Resources stand once
REDUNDANT_STATEMENT: Statements stand once
REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION: Conditions can hold
WILDCARD_IN_SERVICE_NAME: ARNs name their service
IAM4007: Statements say something new
IAM4008: Service control policies deny what is unwanted
IAM4014: Actions suit the resources of their statement
IAM4090: The whole policy was searched
`,
};

/** All kinds of findings by code. */
export const POLICY_CHECKS: ReadonlyMap<string, PolicyCheck> = new Map(
  (Object.keys(TABLE) as PolicyFindingType[]).flatMap((type) =>
    TABLE[type]
      .trim()
      .split('\n')
      .map((line): [string, PolicyCheck] => {
        const colon = line.indexOf(': ');
        const code = line.slice(0, colon);
        return [code, { code, type, title: line.slice(colon + 2) }];
      }),
  ),
);

/** Codes that Access Analyzer has and we do not report, and why. */
export const NOT_REPORTED: Readonly<Record<string, string>> = {
  SCP_SYNTAX_ERROR_ACTION_WILDCARD:
    'does not hold any more: since September 2025 service control policies take wildcards anywhere in an action',
  UNSUPPORTED_SYMBOL_IN_VARIABLE: 'not yet: the page that names the symbols was taken back',
};
