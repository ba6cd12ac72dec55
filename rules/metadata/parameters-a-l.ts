/** The parameters of the rules from A to L; `parameter-table.ts` holds all. */
import type { ParameterDefinition } from './parameters.js';

export const PARAMETERS_A_TO_L: Readonly<Record<string, ParameterDefinition>> = {
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
};
