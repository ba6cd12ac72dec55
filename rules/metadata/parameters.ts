/**
 * The parameters of the rules: what an organization chooses. Each has a type, a default and a sentence; the rules read
 * them below one key of the document's root, which `cfn-guard validate -i` merges in the same way.
 */

/** A JSON value. */
export type ParameterValue =
  null | boolean | number | string | readonly ParameterValue[] | { readonly [key: string]: ParameterValue };

/**
 * - `pattern`: a regular expression in Guard's dialect
 * - `textOrNull`: a text, or `null` where nothing is chosen
 * - `textsOrNull`: a list of texts, or `null` where the organization keeps none
 * - `integers`: a list of whole numbers that are not negative
 * - `textsByName`: a map from a name to a list of texts
 * - `secondsByStage`: a map from a stage to a number of seconds, with the key `default` for all other stages
 * - `keyTypes`: data class → `owned`, `managed` or `customer`
 * - `retentionByName`: data set → `{ expireDays?, minYears?, byAge?, tiers?: { storageClass, afterMonths }[] }`
 * - `tagRequirements`: a list of `{ key, pattern?, values? }`; a map from key to `{ pattern?, values? }` is accepted too
 */
export type ParameterType =
  | 'boolean'
  | 'integer'
  | 'integers'
  | 'text'
  | 'pattern'
  | 'texts'
  | 'textOrNull'
  | 'textsOrNull'
  | 'textsByName'
  | 'secondsByStage'
  | 'keyTypes'
  | 'retentionByName'
  | 'tagRequirements';

/** A parameter that rules read. */
export interface ParameterDefinition {
  readonly type: ParameterType;
  readonly default: ParameterValue;
  readonly description: string;
  /** Bounds of an `integer`, both inclusive. */
  readonly range?: readonly [number, number];
}

/** A parameter that cannot be used, and why: one sentence, lower case, no full stop. */
export interface ParameterProblem {
  readonly parameter: string;
  readonly message: string;
}

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

/** The default of every parameter. */
export function defaultParameters(): Readonly<Record<string, ParameterValue>> {
  return Object.fromEntries(Object.entries(PARAMETERS).map(([name, definition]) => [name, definition.default]));
}

/**
 * Checks parameters that somebody chose, and adds the defaults of the others.
 *
 * @param chosen - Parameter name → value, such as the section of a configuration file.
 * @returns Every parameter, in the form that rules read, and what is wrong. Where there is a problem the values must not
 *   be used: a rule with a parameter of a wrong type could select nothing and so check nothing.
 */
export function completeParameters(chosen: Readonly<Record<string, unknown>>): {
  readonly values: Readonly<Record<string, ParameterValue>>;
  readonly problems: readonly ParameterProblem[];
} {
  const values: Record<string, ParameterValue> = { ...defaultParameters() };
  const problems: ParameterProblem[] = [];
  for (const [parameter, value] of Object.entries(chosen)) {
    const definition = Object.hasOwn(PARAMETERS, parameter) ? PARAMETERS[parameter] : undefined;
    if (definition === undefined) {
      problems.push({
        parameter,
        message: `there is no parameter of that name; there are ${Object.keys(PARAMETERS).join(', ')}`,
      });
      continue;
    }
    const read = READERS[definition.type](value, definition);
    if (typeof read === 'string') problems.push({ parameter, message: read });
    else values[parameter] = read.value;
  }
  return { values, problems };
}

/** A value in the form that rules read, or what is wrong with it. */
type Read = { readonly value: ParameterValue } | string;
type Reader = (value: unknown, definition: ParameterDefinition) => Read;

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const READERS: Readonly<Record<ParameterType, Reader>> = {
  boolean: (value) => (typeof value === 'boolean' ? { value } : 'must be true or false'),
  integer: (value, { range }) => {
    const [low, high] = range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high;
    return fits ? { value } : `must be a whole number from ${low} to ${high}`;
  },
  integers: (value) =>
    isList(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0)
      ? { value: value as readonly number[] }
      : 'must be a list of whole numbers',
  text: (value) => (isText(value) && value !== '' ? { value } : 'must be a text that is not empty'),
  pattern: (value) => (isText(value) && value !== '' ? { value } : 'must be a regular expression'),
  texts: (value) => (isTexts(value) ? { value } : 'must be a list of texts'),
  textOrNull: (value) =>
    value === null || (isText(value) && value !== '') ? { value } : 'must be a text that is not empty, or null',
  textsOrNull: (value) => (value === null || isTexts(value) ? { value } : 'must be a list of texts, or null'),
  textsByName: (value) =>
    isObject(value) && Object.values(value).every(isTexts)
      ? { value: value as Readonly<Record<string, readonly string[]>> }
      : 'must be a map from a name to a list of texts',
  secondsByStage: (value) => {
    if (!isObject(value)) return 'must be a map from stage to a number of seconds';
    for (const [stage, seconds] of Object.entries(value)) {
      if (!Number.isSafeInteger(seconds) || (seconds as number) < 3600 || (seconds as number) > 43_200) {
        return `stage \`${stage}\` must have a whole number from 3600 to 43200`;
      }
    }
    if (!Object.hasOwn(value, 'default')) return 'must have the key `default` for all other stages';
    return { value: value as Readonly<Record<string, number>> };
  },
  keyTypes: (value) => {
    if (!isObject(value)) return 'must be a map from data class to kind of key';
    for (const [name, kind] of Object.entries(value)) {
      if (!isText(kind) || !['owned', 'managed', 'customer'].includes(kind)) {
        return `class \`${name}\` must be owned, managed or customer`;
      }
    }
    return { value: value as Readonly<Record<string, string>> };
  },
  retentionByName: (value) => {
    if (!isObject(value)) return 'must be a map from a name to how long data is kept';
    for (const [name, kept] of Object.entries(value)) {
      const wrong = retentionProblem(kept);
      if (wrong !== null) return `\`${name}\` ${wrong}`;
    }
    return { value: value as Readonly<Record<string, ParameterValue>> };
  },
  tagRequirements: (value) => {
    const entries = isObject(value)
      ? Object.entries(value).map(([key, rest]): unknown => (isObject(rest) ? { key, ...rest } : rest))
      : value;
    if (!Array.isArray(entries)) return 'must be a list of required tags';
    const requirements: ParameterValue[] = [];
    for (const entry of entries as readonly unknown[]) {
      const wrong = tagRequirementProblem(entry);
      if (wrong !== null) return wrong;
      requirements.push(entry as ParameterValue);
    }
    return { value: requirements };
  },
};

function retentionProblem(kept: unknown): string | null {
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
  if (!isObject(kept)) return 'must be a map';
  for (const [setting, value] of Object.entries(kept)) {
    if (setting === 'expireDays' || setting === 'minYears') {
      if (!isCount(value)) return `must have a whole number above 0 as \`${setting}\``;
    } else if (setting === 'byAge') {
      if (typeof value !== 'boolean') return 'must have true or false as `byAge`';
    } else if (setting === 'tiers') {
      const isTier = (tier: unknown): boolean =>
        isObject(tier) &&
        isText(tier['storageClass']) &&
        isCount(tier['afterMonths']) &&
        Object.keys(tier).length === 2;
      if (!isList(value) || !value.every(isTier)) {
        return 'must have a list of `{ storageClass, afterMonths }` as `tiers`';
      }
    } else return `has an unknown setting \`${setting}\`; there are expireDays, minYears, byAge and tiers`;
  }
  return null;
}

function tagRequirementProblem(entry: unknown): string | null {
  if (!isObject(entry)) return 'each required tag must be a map with the key `key`';
  const { key, pattern, values, ...others } = entry;
  if (!isText(key) || key === '') return 'each required tag must name its `key`';
  if (pattern !== undefined && !(isText(pattern) && pattern !== '')) {
    return `\`pattern\` of tag \`${key}\` must be a regular expression`;
  }
  if (values !== undefined && !isTexts(values)) return `\`values\` of tag \`${key}\` must be a list of texts`;
  const [unknown] = Object.keys(others);
  return unknown === undefined
    ? null
    : `tag \`${key}\` has an unknown setting \`${unknown}\`; there are pattern and values`;
}
