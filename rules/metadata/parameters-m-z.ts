/** The parameters of the rules from M to Z; `parameter-table.ts` holds all. */
import type { ParameterDefinition } from './parameters.js';

export const PARAMETERS_M_TO_Z: Readonly<Record<string, ParameterDefinition>> = {
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
