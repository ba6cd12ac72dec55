/**
 * An organization as its owners describe it: the tree of root, organizational units and accounts, and what is chosen at
 * each of them. Plain data without places, so that two descriptions can be compared; `readOrganization` tells places.
 *
 * Names follow "AWS Organizations terminology and concepts"
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html).
 */

/**
 * The types of organization policies that can be chosen: those whose quotas AWS states
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html).
 */
export const POLICY_TYPES = [
  'scp',
  'rcp',
  'tag',
  'declarativeEc2',
  'aiServicesOptOut',
  'backup',
  'chatApplications',
  'securityHub',
] as const;

export type OrganizationPolicyType = (typeof POLICY_TYPES)[number];

/** Types whose policies set what services do, outside of the evaluation of requests. */
export type SettingPolicyType = Exclude<OrganizationPolicyType, 'scp' | 'rcp'>;

/** Whether policies of a type are settings, which reach the management account too and decide no requests. */
export function isSettingType(type: OrganizationPolicyType): type is SettingPolicyType {
  return type !== 'scp' && type !== 'rcp';
}

/** The names of the types in the API of AWS Organizations. */
export const API_POLICY_TYPES: Readonly<Record<OrganizationPolicyType, string>> = {
  scp: 'SERVICE_CONTROL_POLICY',
  rcp: 'RESOURCE_CONTROL_POLICY',
  tag: 'TAG_POLICY',
  declarativeEc2: 'DECLARATIVE_POLICY_EC2',
  aiServicesOptOut: 'AISERVICES_OPT_OUT_POLICY',
  backup: 'BACKUP_POLICY',
  chatApplications: 'CHATBOT_POLICY',
  securityHub: 'SECURITYHUB_POLICY',
};

/** How the types are called in sentences. */
export const POLICY_TYPE_TITLES: Readonly<Record<OrganizationPolicyType, string>> = {
  scp: 'service control policy',
  rcp: 'resource control policy',
  tag: 'tag policy',
  declarativeEc2: 'declarative policy for EC2',
  aiServicesOptOut: 'AI services opt-out policy',
  backup: 'backup policy',
  chatApplications: 'chat applications policy',
  securityHub: 'Security Hub policy',
};

/**
 * Types that AWS Organizations has and that cannot be chosen, as somebody may call them, with their names in the API: AWS
 * states no quota of attachments for them, so that no plan could tell whether one goes through.
 */
export const OTHER_POLICY_TYPES: Readonly<Record<string, string>> = {
  bedrock: 'BEDROCK_POLICY',
  guardDuty: 'GUARDDUTY_POLICY',
  inspector: 'INSPECTOR_POLICY',
  networkSecurityDirector: 'NETWORK_SECURITY_DIRECTOR_POLICY',
  s3: 'S3_POLICY',
  securityHubCspm: 'SECURITYHUB_CSPM_POLICY',
  upgradeRollout: 'UPGRADE_ROLLOUT_POLICY',
};

/** A value for each type. */
export function forEachType<T>(make: (type: OrganizationPolicyType) => T): Readonly<Record<OrganizationPolicyType, T>> {
  return Object.fromEntries(POLICY_TYPES.map((type) => [type, make(type)])) as Record<OrganizationPolicyType, T>;
}

/** A value of a parameter: JSON. */
export type OrganizationParameter =
  | null
  | boolean
  | number
  | string
  | readonly OrganizationParameter[]
  | { readonly [key: string]: OrganizationParameter };

/** Parameters by name. Look up with `Object.hasOwn`: a name may be `constructor`. */
export type OrganizationParameters = Readonly<Record<string, OrganizationParameter>>;

/** A policy that is made from a template of the library. */
export interface TemplateChoice {
  readonly kind: 'template';
  /** Name of the template. */
  readonly name: string;
  /** Values for this use of the template alone; they win over those of the target. */
  readonly parameters: OrganizationParameters;
}

/** A policy document of the organization's own. */
export interface DocumentChoice {
  readonly kind: 'document';
  readonly name: string;
  /** Path of the JSON document, relative to the file that names it. */
  readonly file: string;
}

export type PolicyChoice = TemplateChoice | DocumentChoice;

/** What root, units and accounts have in common. */
interface TargetFields {
  readonly name: string;
  /** Such as `production`; `null` when it is the one of the parent. */
  readonly environment: string | null;
  /** Values for the policies chosen here and below. */
  readonly parameters: OrganizationParameters;
  /** Whether the AWS managed SCP `FullAWSAccess` is attached here; without it, only what an SCP here allows is allowed. */
  readonly fullAwsAccess: boolean;
  /** The policies chosen here, in the order written. */
  readonly policies: Readonly<Record<OrganizationPolicyType, readonly PolicyChoice[]>>;
}

/** The root of the tree. */
export interface OrganizationRoot extends TargetFields {
  readonly kind: 'root';
  /** `r-…`; `null` when it is not written. */
  readonly id: string | null;
  readonly units: readonly OrganizationalUnit[];
  readonly accounts: readonly Account[];
}

/** An organizational unit. Names are unique among the units of one parent. */
export interface OrganizationalUnit extends TargetFields {
  readonly kind: 'unit';
  /** `ou-…`; `null` when it is not written. */
  readonly id: string | null;
  readonly units: readonly OrganizationalUnit[];
  readonly accounts: readonly Account[];
}

/** An account. Its id is unique in the organization, its name need not be. */
export interface Account extends TargetFields {
  readonly kind: 'account';
  readonly id: string;
}

/** What a policy can be attached to. */
export type Target = OrganizationRoot | OrganizationalUnit | Account;

/** An organization. */
export interface Organization {
  /** `o-…`; `null` when it is not written. */
  readonly id: string | null;
  /** The account that SCPs and RCPs do not restrain. It is in the tree. */
  readonly managementAccount: string;
  readonly homeRegion: string;
  /** The Regions in which the organization works; the home Region is one of them. */
  readonly governedRegions: readonly string[];
  /** Ids of the accounts that administer a service for the organization, by service principal. */
  readonly delegatedAdministrators: Readonly<Record<string, readonly string[]>>;
  readonly root: OrganizationRoot;
}

/** A policy template as the library knows it: what the reader must know to check a choice of it. */
export interface PolicyTemplateInfo {
  readonly types: readonly OrganizationPolicyType[];
  readonly parameters: Readonly<Record<string, PolicyTemplateParameter>>;
}

export interface PolicyTemplateParameter {
  /** Whether the template has no default for it. */
  readonly required: boolean;
  /** Why a value cannot be used: a sentence's end such as `must be a list of Regions`; `null` when it can. */
  readonly problemOf?: (value: OrganizationParameter) => string | null;
}

/** Templates by name. */
export type PolicyTemplates = ReadonlyMap<string, PolicyTemplateInfo>;

/** No policies of any type. */
export const NO_POLICIES: Target['policies'] = forEachType(() => []);
