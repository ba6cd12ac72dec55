/** The parameters of the rules, with the values that hold where an organization chooses none. */
import type { ParameterDefinition } from './parameters.js';

/** All parameters, by name. */
export const PARAMETERS: Readonly<Record<string, ParameterDefinition>> = {
  accessLogTargetTag: {
    type: 'text',
    default: 'access-log-target',
    description: 'Key of the tag of buckets that hold access logs of other buckets.',
  },
  airflowPrefixes: {
    type: 'texts',
    default: ['airflow/connections', 'airflow/variables'],
    description: 'Prefixes of the secrets that workflow environments read.',
  },
  allowedPublicPorts: {
    type: 'integers',
    default: [443],
    description: 'Ports that security groups may open to the internet.',
  },
  allowedVpce: {
    type: 'texts',
    default: [],
    description: 'Ids of the VPC endpoints from which buckets may be reached; none accepts those that policies name.',
  },
  ageTag: { type: 'text', default: 'ageing', description: 'Key of the tag of objects that says their age in months.' },
  approvalTag: {
    type: 'text',
    default: 'internet-facing-approved',
    description: 'Key of the tag that records who approved an internet-facing load balancer.',
  },
  approvedAdmins: {
    type: 'texts',
    default: [],
    description: 'ARNs of the roles that may administer the data lake; none accepts one role of any name.',
  },
  approvedImagePattern: {
    type: 'pattern',
    default: '^aws/codebuild/',
    description: 'What names of approved build images look like.',
  },
  approvedProducers: {
    type: 'texts',
    default: [],
    description: 'Accounts whose catalogues may be linked.',
  },
  approvedRoles: {
    type: 'texts',
    default: [],
    description: 'ARNs of the roles that warehouses may have; none accepts every role.',
  },
  approvedScriptBuckets: {
    type: 'texts',
    default: [],
    description: 'Names of the buckets from which bootstrap scripts may come.',
  },
  appTag: { type: 'text', default: 'application', description: 'Key of the tag that names the application.' },
  archiveTag: {
    type: 'text',
    default: 'archive',
    description: 'Key of the tag of buckets that keep records which nobody may change.',
  },
  assumeAccountBlock: {
    type: 'boolean',
    default: false,
    description: 'Whether every account blocks public access to S3, so that buckets need not.',
  },
  auditBuckets: { type: 'texts', default: [], description: 'Names of the buckets that hold audit logs.' },
  auditLogPrefixes: {
    type: 'texts',
    default: ['/audit/'],
    description: 'How names of log groups start that hold audit records.',
  },
  boundaryName: {
    type: 'text',
    default: 'developer-policy',
    description: 'Name of the permissions boundary.',
  },
  boundaryPath: {
    type: 'text',
    default: '/',
    description: 'Path of the permissions boundary.',
  },
  buildEndpoints: {
    type: 'texts',
    default: ['logs', 'codeartifact.api', 'codeartifact.repositories', 'sts', 's3'],
    description: 'Services that a private build network has endpoints for, named as after `com.amazonaws.<region>.`.',
  },
  classes: {
    type: 'texts',
    default: ['public', 'internal', 'confidential', 'restricted'],
    description: 'The data classes of the organization.',
  },
  classTag: { type: 'text', default: 'data-classification', description: 'Key of the tag that names the data class.' },
  clearedPrincipals: {
    type: 'texts',
    default: [],
    description: 'ARNs, with `*` for any text, of the principals that may read sensitive columns.',
  },
  cmkClasses: {
    type: 'texts',
    default: ['confidential', 'restricted'],
    description: 'Data classes that ask for a customer managed key.',
  },
  criticalityTag: {
    type: 'text',
    default: 'criticality',
    description: 'Key of the tag of buckets that says how much is lost with them.',
  },
  dataTypeTag: {
    type: 'text',
    default: 'data-type',
    description: 'Key of the tag that names the type of data, such as payments, within an application.',
  },
  dataZones: {
    type: 'texts',
    default: ['raw', 'masked', 'curated'],
    description: 'First parts of prefixes that tell data of different sensitivity apart.',
  },
  dbUserKey: {
    type: 'text',
    default: 'dbuser',
    description: 'Key of the tag of roles or sessions that names the database user of a tenant.',
  },
  eksLogTypes: {
    type: 'texts',
    default: ['api', 'audit', 'authenticator'],
    description: 'Logs of the control plane that EKS clusters write.',
  },
  etlRoles: {
    type: 'texts',
    default: [],
    description: 'ARNs of the roles that may write to the lake.',
  },
  exemptTypes: { type: 'texts', default: [], description: 'Resource types that need not carry the required tags.' },
  hookRuleAccounts: {
    type: 'texts',
    default: [],
    description:
      'Ids of the accounts that own the buckets with the rules of hooks; where there are none, any account that a policy names is accepted.',
  },
  hubVpc: {
    type: 'textsOrNull',
    default: null,
    description: 'Ids or `Name` tags of the central VPCs whose endpoints serve all others; `null` where there is none.',
  },
  humanRolePattern: {
    type: 'text',
    default: 'human-*',
    description: 'What names of roles look like that people assume, with `*` and `?`.',
  },
  isolatedTag: {
    type: 'text',
    default: 'isolated',
    description: 'Key of the tag of VPCs and subnets that have no way to the internet.',
  },
  keyAliasPattern: {
    type: 'pattern',
    default: '^alias/',
    description:
      'What the alias of a customer managed key looks like, where a template names the key by alias. Aliases of AWS (`alias/aws/…`) are never accepted.',
  },
  keyTypeByClass: {
    type: 'keyTypes',
    default: { public: 'owned', internal: 'managed', confidential: 'customer', restricted: 'customer' },
    description:
      'The weakest kind of encryption key for each data class: `owned` by AWS, `managed` by AWS, or `customer` managed.',
  },
  lakeBuckets: { type: 'texts', default: [], description: 'Names of the buckets that hold the data lake.' },
  maxBytes: {
    type: 'integer',
    default: 1_099_511_627_776,
    range: [1048576, 1125899906842624],
    description: 'The most bytes that one query may scan.',
  },
  maxPermissionSetHours: {
    type: 'integer',
    default: 4,
    range: [1, 12],
    description: 'The longest session of a permission set in hours.',
  },
  maxPublicPrefix: {
    type: 'integer',
    default: 8,
    range: [1, 32],
    description: 'Ranges of addresses with a shorter prefix count as the internet.',
  },
  maxRate: {
    type: 'integer',
    default: 1000,
    range: [1, 100000],
    description: 'The highest rate of requests per second that an API stage may allow.',
  },
  maxRotationDays: {
    type: 'integer',
    default: 365,
    range: [90, 2560],
    description: 'The longest time in days between two rotations of a key.',
  },
  maxSecretAgeDays: {
    type: 'integer',
    default: 90,
    range: [1, 1000],
    description: 'The longest time in days between two rotations of a secret.',
  },
  maxSessionSeconds: {
    type: 'secondsByStage',
    default: { prod: 3600, default: 14_400 },
    description: 'The longest session of a role in seconds, for each stage, and `default` for all others.',
  },
  maxUnits: {
    type: 'integer',
    default: 512,
    range: [1, 100000],
    description: 'The highest capacity that elastic compute may grow to.',
  },
  minLogDays: {
    type: 'integer',
    default: 365,
    range: [1, 3653],
    description: 'The shortest retention of log groups in days.',
  },
  minPasswordLength: {
    type: 'integer',
    default: 8,
    range: [6, 99],
    description: 'The shortest password that a user pool accepts.',
  },
  minPendingDays: {
    type: 'integer',
    default: 14,
    range: [7, 30],
    description: 'The shortest waiting period in days before a key is deleted.',
  },
  minZones: {
    type: 'integer',
    default: 2,
    range: [2, 6],
    description: 'In how many Availability Zones a component has subnets, at least.',
  },
  ontology: {
    type: 'textsByName',
    default: {
      'data-class': ['public', 'internal', 'confidential', 'restricted'],
      col_class: ['public', 'sensitive'],
      tbl_class: ['public', 'sensitive'],
      dq_tag: ['DQ100', 'DQ90', 'DQ80_90', 'DQ50_80', 'DQ_LT_50'],
    },
    description: 'The tags of the data lake, each with its values.',
  },
  openClasses: {
    type: 'texts',
    default: ['public', 'internal'],
    description: 'Data classes that the whole organization may read.',
  },
  operatingHoursTag: {
    type: 'text',
    default: 'operating-hours',
    description: 'Key of the tag that says when a cluster is used; `24x7` for one that never rests.',
  },
  orgId: {
    type: 'textOrNull',
    default: null,
    description: 'Id of the own organization, such as `o-exampleorgid`; `null` accepts any one organization.',
  },
  orgPath: {
    type: 'textOrNull',
    default: null,
    description:
      'Path of the part of the organization whose hooks read the rules, such as `o-exampleorgid/*/ou-exam-11111111/*`; `null` asks for none.',
  },
  ownerRegister: {
    type: 'textsOrNull',
    default: null,
    description: 'The owners that a data store may name; `null` accepts every owner.',
  },
  ownerTag: { type: 'text', default: 'owner', description: 'Key of the tag that names the accountable owner.' },
  personalTag: {
    type: 'text',
    default: 'personal-data',
    description: 'Key of the tag of stores that hold personal data.',
  },
  productionStages: {
    type: 'texts',
    default: ['prod'],
    description: 'The stages that count as production.',
  },
  proxySources: {
    type: 'texts',
    default: [],
    description:
      'Address ranges, security groups and prefix lists of the proxy in front of the warehouses; empty where there is none.',
  },
  publicApiExceptions: {
    type: 'texts',
    default: [],
    description: 'Names of the APIs that may answer the internet.',
  },
  replicatedTiers: {
    type: 'texts',
    default: ['tier-1'],
    description: 'Values of this tag that ask for a copy in another Region.',
  },
  requiredColumns: {
    type: 'texts',
    default: ['data_key', 'data_load_date', 'data_location'],
    description: 'Columns that every table of the catalogue has.',
  },
  requiredEndpoints: {
    type: 'texts',
    default: ['ssm', 'ssmmessages', 'ec2messages', 'secretsmanager', 'logs', 'sts'],
    description: 'Services that every isolated VPC has an endpoint for, named as after `com.amazonaws.<region>.`.',
  },
  requiredTags: {
    type: 'tagRequirements',
    default: [
      { key: 'owner', pattern: '.+@.+' },
      { key: 'cost-center', pattern: '^[0-9]{4,8}$' },
      { key: 'business-unit' },
      { key: 'project' },
    ],
    description: 'Tags that every resource carries, each with its allowed `values` or a `pattern` of them, or neither.',
  },
  requireExplicit: {
    type: 'boolean',
    default: true,
    description: 'Whether a queue must declare its encryption although the service encrypts by default.',
  },
  retention: {
    type: 'retentionByName',
    default: { inventory: { expireDays: 90 }, regulated: { minYears: 10 } },
    description:
      'How long data sets are kept, by name: `expireDays`, `minYears`, `byAge` for data that ages by tag, and `tiers`, a list of `{ storageClass, afterMonths }`.',
  },
  retentionTag: {
    type: 'text',
    default: 'retention-class',
    description: 'Key of the tag of buckets that names how long their data is kept.',
  },
  rings: {
    type: 'texts',
    default: ['canary', 'early', 'general'],
    description: 'The rings of a rollout, the first one first.',
  },
  ringTag: { type: 'text', default: 'ring', description: 'Key of the tag that names the ring of a StackSet.' },
  roleNamePattern: { type: 'pattern', default: '^app-', description: 'What names of roles look like.' },
  rolePathPattern: {
    type: 'pattern',
    default: '^/app/',
    description: 'What paths of roles with a name look like.',
  },
  routerTag: {
    type: 'text',
    default: 'network-role',
    description: 'Key of the tag of instances that route traffic for others.',
  },
  ruleBuckets: { type: 'texts', default: [], description: 'Names of the buckets that hold rules of hooks.' },
  scratchTag: {
    type: 'text',
    default: 'scratch',
    description: 'Key of the tag of buckets whose content may be lost.',
  },
  securityLakeSources: {
    type: 'texts',
    default: ['VPC_FLOW', 'SH_FINDINGS', 'CLOUD_TRAIL_MGMT', 'ROUTE53'],
    description: 'The sources that a security data lake collects, at least.',
  },
  secretPrefixes: {
    type: 'texts',
    default: [],
    description: 'Prefixes of the names of secrets and parameters that roles may read; none accepts every name.',
  },
  sensitiveColumnTag: {
    type: 'text',
    default: 'col_class',
    description: 'Key of the tag of Lake Formation that says whether a column is sensitive.',
  },
  sensitiveColumnValues: {
    type: 'texts',
    default: ['sensitive'],
    description: 'Values of this tag that mark a column as sensitive.',
  },
  sessionTag: {
    type: 'text',
    default: 'session-store',
    description: 'Key of the tag of tables that hold sessions.',
  },
  singletonTag: {
    type: 'text',
    default: 'singleton',
    description: 'Key of the tag of groups that run one instance on purpose.',
  },
  stackTagsProvided: {
    type: 'texts',
    default: [],
    description: 'Keys of tags that every stack gives to its resources, so that templates need not.',
  },
  stages: { type: 'texts', default: ['dev', 'test', 'prod'], description: 'The stages of the organization.' },
  stageTag: { type: 'text', default: 'stage', description: 'Key of the tag that names the stage.' },
  tenantBrokers: {
    type: 'texts',
    default: [],
    description: 'Names of the roles that hand out sessions of tenants; empty accepts any one role.',
  },
  tenantKey: {
    type: 'text',
    default: 's3_home',
    description: 'Key of the tag of roles or sessions that names the place of a tenant in a shared bucket.',
  },
  tenantRolePrefix: {
    type: 'text',
    default: 'assumeRole-',
    description: 'What names of the roles of tenants start with.',
  },
  tenantTags: {
    type: 'texts',
    default: ['s3_home', 'dbuser'],
    description: 'Keys of the tags that tell tenants apart.',
  },
  toleranceDays: {
    type: 'integer',
    default: 16,
    range: [0, 31],
    description: 'By how many days a transition may differ from the months that were declared.',
  },
  trustedAccounts: {
    type: 'texts',
    default: [],
    description: 'Ids of foreign accounts that policies of keys, roles and other resources may let in.',
  },
  upstreamRepositories: {
    type: 'texts',
    default: [],
    description: 'Names of the package repositories that may fetch from public ones.',
  },
  vendorAccounts: {
    type: 'texts',
    default: [],
    description: 'Ids of accounts of vendors that may assume roles, with an external id.',
  },
  workloadTag: {
    type: 'text',
    default: 'workload',
    description: 'Key of the tag that names the class of workload of a warehouse.',
  },
};
