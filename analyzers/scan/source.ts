/**
 * What a scan reads, as plain data, and the interface through which it asks. What cannot be read is data too: a scan
 * goes on without it and says what it could not evaluate.
 */
import type { Organization } from '../../organization/index.js';
import type { AwsUnit } from '../../organization/index.js';
import type { AccountRef, UnitFailure } from './model.js';

/** JSON, as AWS answers it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Properties of a resource in the form of its CloudFormation schema. */
export type Properties = Readonly<Record<string, Json>>;

/** Why something could not be read. */
export type ReadFailure = Omit<UnitFailure, 'controls'>;

/** One thing, or why there is none. */
export type Reading<T> =
  { readonly value: T; readonly failure: null } | { readonly value: null; readonly failure: ReadFailure };

/** Things of one kind, as far as they could be read. Complete when nothing failed. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly failures: readonly ReadFailure[];
}

/** An account of the organization. */
export interface ScanAccount extends AccountRef {
  /** Such as `ACTIVE`; `null` when it was not told. */
  readonly state: string | null;
  /** Ids of the root and of the units on the way to the account. */
  readonly parents: readonly string[];
  /** Tags in AWS Organizations; `null` when they were not read. */
  readonly tags: Readonly<Record<string, string>> | null;
}

/** A policy of the organization, with where it is attached. */
export interface OrganizationPolicy {
  readonly id: string;
  readonly name: string;
  /** Name of the API, such as `SERVICE_CONTROL_POLICY`. */
  readonly type: string;
  readonly awsManaged: boolean;
  /** Its text; `null` when it was not read. */
  readonly content: string | null;
  /** Ids of roots, units and accounts. */
  readonly targets: readonly string[];
}

/** Where a control of ours differs from what was declared: a hook, an SCP or RCP, a stack set. */
export interface OwnControlDrift {
  readonly kind: 'hook' | 'policy' | 'stack-set';
  /** Name of the hook type, policy, or rollout. */
  readonly name: string;
  /** `absent`, `changed`, `detached`, `switched-off`, `outdated`, `failed`; `surplus` for what nobody declared. */
  readonly state: 'absent' | 'changed' | 'detached' | 'switched-off' | 'outdated' | 'failed' | 'surplus';
  /** The account that it is about; `null` for a root or unit. */
  readonly account: string | null;
  readonly region: string | null;
  /** Account, unit or root as a reader knows it. */
  readonly target: string;
  /** One sentence without its full stop: what is otherwise than declared. */
  readonly message: string;
}

/** What was found of our own controls. */
export interface OwnControls {
  /** Kinds that the organization declares, and that were therefore looked at. */
  readonly declared: readonly OwnControlDrift['kind'][];
  readonly drift: readonly OwnControlDrift[];
  /** What could not be looked at; `step` is the kind. */
  readonly failures: readonly ReadFailure[];
  /** What rollouts have brought to accounts, for a look at it where it lives. */
  readonly expected: readonly ExpectedStack[];
}

/** A template of a stack set of ours, with what it is given, and the places where its stacks are current. */
export interface ExpectedStack {
  readonly stackSet: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly places: readonly (readonly [account: string, region: string])[];
}

/** One stack of a stack set. */
export interface StackInstance {
  readonly stackSet: string;
  readonly account: string;
  readonly region: string;
  /** `CURRENT`, `OUTDATED`, `INOPERABLE`. */
  readonly status: string;
  /** `SUCCEEDED`, `FAILED`, …; `''` when it was not told. */
  readonly detailedStatus: string;
  /** `DRIFTED`, `IN_SYNC`, `NOT_CHECKED`, `UNKNOWN`. */
  readonly drift: string;
  /** Unit through which it is a target; `null` for none. */
  readonly unit: string | null;
  readonly reason: string;
}

/** A stack set of the organization. */
export interface StackSetFacts {
  readonly name: string;
  /** `SERVICE_MANAGED` or `SELF_MANAGED`. */
  readonly permissionModel: string;
  readonly autoDeployment: boolean;
  readonly drift: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Types of the resources in its template; `null` when it was not read. */
  readonly resourceTypes: readonly string[] | null;
  readonly instances: Listing<StackInstance>;
}

/** What is known of the organization as a whole; read once in a scan. */
export interface OrganizationFacts {
  readonly id: string;
  readonly managementAccount: string;
  readonly rootId: string;
  /** Such as `aws`. */
  readonly partition: string;
  /** The Regions of the scan; sorted. */
  readonly regions: readonly string[];
  /** All accounts, those that the scan leaves out among them; sorted by id. */
  readonly accounts: readonly ScanAccount[];
  readonly units: readonly AwsUnit[];
  /** Types of policies that are enabled, in the names of the API. */
  readonly enabledPolicyTypes: readonly string[];
  readonly policies: Listing<OrganizationPolicy>;
  /** Service principals with trusted access. */
  readonly trustedServices: Listing<string>;
  /** Ids of accounts by the service principal that they administer. */
  readonly delegatedAdministrators: Reading<Readonly<Record<string, readonly string[]>>>;
  readonly stackSets: Listing<StackSetFacts>;
  readonly ownControls: OwnControls;
  /** The description of the organization (org.yaml), as declared. */
  readonly described: Organization | null;
}

/** A policy of an identity. */
export interface IdentityPolicy {
  readonly name: string;
  /** `null` for an inline one. */
  readonly arn: string | null;
  /** Its text; `null` when it was not told. */
  readonly document: string | null;
}

interface Identity {
  readonly arn: string;
  readonly name: string;
  /** Such as `/` or `/application/`. */
  readonly path: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** ARN of its permissions boundary. */
  readonly boundary: string | null;
  readonly policies: readonly IdentityPolicy[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface IamRole extends Identity {
  /** Text of the trust policy. */
  readonly trust: string;
  /** Seconds; `null` when it was not told. */
  readonly maxSessionDuration: number | null;
  /** ISO 8601, UTC; `null`: never in the period that IAM looks at, or not told. */
  readonly lastUsed: string | null;
}

export interface AccessKey {
  /** The last four characters of its id. */
  readonly ending: string;
  readonly active: boolean;
  readonly created: string;
  /** `null`: never, or not told. */
  readonly lastUsed: string | null;
}

export interface IamUser extends Identity {
  /** Names of its groups. */
  readonly groups: readonly string[];
  readonly keys: readonly AccessKey[];
  /** Whether it may sign in to the console; `null` when it was not told. */
  readonly console: boolean | null;
  /** Whether it has a device for MFA; `null` when it was not told. */
  readonly mfa: boolean | null;
}

export interface IamGroup {
  readonly arn: string;
  readonly name: string;
  readonly policies: readonly IdentityPolicy[];
}

/** The IAM configuration of one account. */
export interface IamFacts {
  /** Without roles of services (path `/aws-service-role/`). */
  readonly roles: readonly IamRole[];
  readonly users: readonly IamUser[];
  readonly groups: readonly IamGroup[];
  /** Customer managed policies with their default version. */
  readonly policies: readonly (IdentityPolicy & { readonly tags: Readonly<Record<string, string>> })[];
  /** Figures of GetAccountSummary, such as `AccountMFAEnabled`; `null` when they could not be read. */
  readonly summary: Readonly<Record<string, number>> | null;
  /** Types of identity providers with their ARNs. */
  readonly providers: readonly { readonly arn: string; readonly kind: 'saml' | 'oidc' }[];
}

/** A resource as Cloud Control tells it. */
export interface LiveResource {
  readonly type: string;
  /** Primary identifier in the form of Cloud Control. */
  readonly identifier: string;
  /** Its ARN where a property tells it; else a text that names it. */
  readonly arn: string;
  readonly properties: Properties;
}

export const ANALYZER_TYPES = [
  'ORGANIZATION',
  'ACCOUNT',
  'ORGANIZATION_UNUSED_ACCESS',
  'ACCOUNT_UNUSED_ACCESS',
  'ORGANIZATION_INTERNAL_ACCESS',
  'ACCOUNT_INTERNAL_ACCESS',
] as const;

export type AnalyzerType = (typeof ANALYZER_TYPES)[number];

/** An analyzer of IAM Access Analyzer. */
export interface AnalyzerFacts {
  readonly arn: string;
  readonly name: string;
  readonly type: AnalyzerType;
  /** `ACTIVE`, `CREATING`, `DISABLED`, `FAILED`. */
  readonly status: string;
  /** Such as `AWS_SERVICE_ACCESS_DISABLED`; `''` for none. */
  readonly statusReason: string;
}

export type FindingType =
  | 'ExternalAccess'
  | 'InternalAccess'
  | 'UnusedIAMRole'
  | 'UnusedIAMUserAccessKey'
  | 'UnusedIAMUserPassword'
  | 'UnusedPermission';

/** A restriction by organization policies as Access Analyzer tells it; `null` when it does not. */
export type Restriction = 'APPLICABLE' | 'APPLIED' | 'NOT_APPLICABLE' | 'FAILED_TO_EVALUATE' | null;

/** One access that a finding is about. */
export interface AccessDetail {
  /** Such as `{ AWS: '444455556666' }`. */
  readonly principal: Readonly<Record<string, string>>;
  readonly actions: readonly string[];
  /** Keys that the policy asks of the request, with their values. */
  readonly condition: Readonly<Record<string, string>>;
  readonly isPublic: boolean;
  readonly rcp: Restriction;
  readonly scp: Restriction;
}

/** Something unused. */
export interface UnusedDetail {
  /** ISO 8601; `null`: never. */
  readonly lastAccessed: string | null;
  /** Service, or what else tells it from others of the resource: the last four characters of a key. */
  readonly what: string;
  readonly actions: readonly string[];
}

/** A finding of Access Analyzer, with details as far as they were asked for. */
export interface AnalyzerFinding {
  readonly id: string;
  readonly type: FindingType;
  readonly resource: string;
  readonly resourceType: string;
  readonly owner: string;
  /** `ACTIVE`, `ARCHIVED`. */
  readonly status: string;
  readonly created: string | null;
  readonly updated: string | null;
  /** Error of the analysis; `''` for none. */
  readonly error: string;
  readonly access: readonly AccessDetail[];
  readonly unused: readonly UnusedDetail[];
  /** Why there are no details; `null` when they are here. */
  readonly detailsFailure: ReadFailure | null;
}

/** Where something is read: an account in a Region. Reads of the account as a whole are made in the home Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/**
 * Asks AWS for the parts of one account or Region. Nothing here throws for what AWS refuses: it is in the answer.
 * Pages, throttling and retries are the business of who implements it.
 */
export interface ScanReader {
  /** Whether the place can be read at all: `null`, or why not (`REGION_DISABLED`, `AccessDenied`, …). */
  access(place: Place): Promise<ReadFailure | null>;
  iam(account: string): Promise<Reading<IamFacts>>;
  /**
   * Resources of one type, each with all its properties.
   * @param model - What the list has to be told, for types that are listed inside of a parent.
   */
  resources(place: Place, type: string, model?: Properties): Promise<Listing<LiveResource>>;
  /** The analyzers that judge the accounts of the scan in a Region, those of the organization first. */
  analyzers(region: string): Promise<Listing<AnalyzerFacts>>;
  /** Analyzers of an account itself, for where the organization has none. */
  accountAnalyzers(place: Place): Promise<Listing<AnalyzerFacts>>;
  /**
   * Findings of an analyzer about the resources of one account that are not resolved, with their details.
   * @param via - Where the analyzer is: the delegated administrator's account or the place itself.
   */
  findings(via: Place, analyzer: AnalyzerFacts, owner: string): Promise<Listing<AnalyzerFinding>>;
}
