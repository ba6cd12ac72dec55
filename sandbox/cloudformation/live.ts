/**
 * Resources as they are, in the shape of CloudFormation: what Cloud Control API answers and what drift is told from. IAM,
 * S3, hooks and analyzers are read from where they live, so that what was changed behind a stack's back shows; all else
 * is a record.
 */
import { resourceType } from '../../catalogue/index.js';
import { ANALYZERS } from '../access-analyzer/data.js';
import { IAM, attachmentsOf, type Entity } from '../iam/data.js';
import { bucketsOf } from '../s3/data.js';
import type { SandboxState } from '../state.js';
import type { ResourceData } from './data.js';
import { readConfiguration } from './hooks/configuration.js';
import { hooksAt } from './hooks/data.js';
import type { Json } from './json.js';
import { madeAs } from './records.js';
import { looseStack, recordsAt, type RecordedResource } from './resources.js';

/** A resource with where it was recorded; `null` for one that no stack has made. */
export interface LiveResource {
  readonly type: string;
  /** As Cloud Control API names it: the values of the primary identifier, with `|` between them. */
  readonly identifier: string;
  readonly physicalId: string;
  /** What can be written. */
  readonly properties: Json;
  /** What can only be read. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly recorded: RecordedResource | null;
}

type Found = Pick<LiveResource, 'physicalId' | 'properties' | 'attributes'>;

interface Reader {
  /** Properties that it reads; of all others a record speaks. */
  readonly tracked: readonly string[];
  all(state: SandboxState, account: string, region: string): readonly Found[];
}

function present(values: Json): Json {
  const isThere = (value: unknown): boolean =>
    value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(values).filter(([, value]) => isThere(value)));
}

const tagsOf = (tags: ReadonlyMap<string, string>): readonly Json[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

function entityProperties(entity: Entity): Json {
  const { path, boundary, inline, attached, tags } = entity;
  return {
    Path: path,
    PermissionsBoundary: boundary,
    ManagedPolicyArns: [...attached],
    Policies: [...inline].map(([PolicyName, text]) => ({ PolicyName, PolicyDocument: JSON.parse(text) as Json })),
    Tags: tagsOf(tags),
  };
}

const ENTITY = ['Path', 'PermissionsBoundary', 'ManagedPolicyArns', 'Tags'] as const;

const ROLE: Reader = {
  tracked: ['RoleName', 'AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration', 'Policies', ...ENTITY],
  all: (state, account) =>
    [...IAM.of(state, account).roles.values()].map((role) => ({
      physicalId: role.name,
      properties: present({
        RoleName: role.name,
        AssumeRolePolicyDocument: JSON.parse(role.trust) as Json,
        Description: role.description,
        MaxSessionDuration: role.maxSessionDuration,
        ...entityProperties(role),
      }),
      attributes: { Arn: role.arn, RoleId: role.id },
    })),
};

const USER: Reader = {
  tracked: ['UserName', 'Policies', ...ENTITY],
  all: (state, account) =>
    [...IAM.of(state, account).users.values()].map((user) => ({
      physicalId: user.name,
      properties: present({ UserName: user.name, ...entityProperties(user) }),
      attributes: { Arn: user.arn },
    })),
};

const MANAGED_POLICY: Reader = {
  tracked: ['ManagedPolicyName', 'Path', 'Description', 'PolicyDocument', 'Roles', 'Users'],
  all: (state, account) =>
    [...IAM.of(state, account).policies.values()].map((policy) => {
      const { users, roles } = attachmentsOf(state, account, policy.arn);
      return {
        physicalId: policy.arn,
        properties: present({
          ManagedPolicyName: policy.name,
          Path: policy.path,
          Description: policy.description,
          PolicyDocument: JSON.parse(policy.versions.get(policy.defaultVersion)!.text) as Json,
          Roles: roles.map(({ name }) => name),
          Users: users.map(({ name }) => name),
        }),
        attributes: { PolicyArn: policy.arn },
      };
    }),
};

const BUCKET: Reader = {
  tracked: [
    'BucketName',
    'BucketEncryption',
    'VersioningConfiguration',
    'PublicAccessBlockConfiguration',
    'OwnershipControls',
    'Tags',
  ],
  all: (state, account, region) =>
    [...bucketsOf(state).values()]
      .filter((bucket) => bucket.owner === account && bucket.region === region)
      .map((bucket) => {
        const { algorithm, keyId, bucketKey } = bucket.encryption;
        const { attributes } = madeAs(looseStack(state, account, region), '', 'AWS::S3::Bucket', {}, bucket.name);
        return {
          physicalId: bucket.name,
          properties: present({
            BucketName: bucket.name,
            BucketEncryption: {
              ServerSideEncryptionConfiguration: [
                {
                  BucketKeyEnabled: bucketKey,
                  ServerSideEncryptionByDefault: present({ SSEAlgorithm: algorithm, KMSMasterKeyID: keyId }),
                },
              ],
            },
            VersioningConfiguration: bucket.versioning && { Status: bucket.versioning },
            PublicAccessBlockConfiguration: bucket.publicAccessBlock,
            OwnershipControls: bucket.ownership && { Rules: [{ ObjectOwnership: bucket.ownership }] },
            Tags: tagsOf(bucket.tags),
          }),
          attributes,
        };
      }),
};

const BUCKET_POLICY: Reader = {
  tracked: ['Bucket', 'PolicyDocument'],
  all: (state, account, region) =>
    [...bucketsOf(state).values()].flatMap(({ name, owner, region: at, policy }) =>
      owner !== account || at !== region || policy === null
        ? []
        : [
            {
              physicalId: name,
              properties: { Bucket: name, PolicyDocument: JSON.parse(policy) as Json },
              attributes: {},
            },
          ],
    ),
};

/** A managed hook: what is configured is what it is. */
function hook(originalName: string, own: (properties: Json) => Json): Reader {
  return {
    tracked: [
      ...['Alias', 'ExecutionRole', 'HookStatus', 'FailureMode', 'TargetOperations', 'TargetFilters', 'StackFilters'],
      ...['LambdaFunction', 'RuleLocation'],
    ],
    all: (state, account, region) =>
      [...hooksAt(state, account, region).types.values()]
        .filter((type) => type.originalName === originalName)
        .map((type) => {
          const read = type.configuration === undefined ? null : readConfiguration(type.configuration);
          const written = type.configuration === undefined ? {} : innerOf(type.configuration);
          return {
            physicalId: type.arn,
            properties: present({
              Alias: type.name,
              ExecutionRole: type.executionRoleArn,
              HookStatus: read?.isEnabled === true ? 'ENABLED' : 'DISABLED',
              FailureMode: read?.failureMode ?? 'WARN',
              TargetOperations: read === null ? [] : [...read.operations],
              TargetFilters: written['TargetFilters'],
              StackFilters: written['StackFilters'],
              ...own((written['Properties'] ?? {}) as Json),
            }),
            attributes: { HookArn: type.arn },
          };
        }),
  };
}

function innerOf(configuration: string): Json {
  const { CloudFormationConfiguration: outer } = JSON.parse(configuration) as { CloudFormationConfiguration: Json };
  return outer['HookConfiguration'] as Json;
}

function located(place: unknown): unknown {
  if (typeof place === 'string') return { Uri: place };
  if (Array.isArray(place)) return (place as readonly unknown[]).map(located);
  const { uri: Uri, versionId: VersionId } = (place ?? {}) as Json;
  return present({ Uri, VersionId });
}

const ANALYZER: Reader = {
  tracked: ['AnalyzerName', 'Type', 'Tags', 'AnalyzerConfiguration', 'ArchiveRules'],
  all: (state, account, region) =>
    [...ANALYZERS.of(state, account, region).analyzers.values()].map(({ name, arn, type, tags, rules }) => ({
      physicalId: arn,
      properties: present({
        AnalyzerName: name,
        Type: type,
        Tags: tagsOf(tags),
        ArchiveRules: [...rules.values()].map((rule) => ({
          RuleName: rule.name,
          Filter: Object.entries(rule.filter).map(([Property, { eq, neq, contains, exists }]) =>
            present({ Property, Eq: eq, Neq: neq, Contains: contains, Exists: exists }),
          ),
        })),
      }),
      attributes: { Arn: arn },
    })),
};

const READERS: Readonly<Record<string, Reader>> = {
  'AWS::IAM::Role': ROLE,
  'AWS::IAM::User': USER,
  'AWS::IAM::ManagedPolicy': MANAGED_POLICY,
  'AWS::S3::Bucket': BUCKET,
  'AWS::S3::BucketPolicy': BUCKET_POLICY,
  'AWS::CloudFormation::LambdaHook': hook('AWS::Hooks::LambdaHook', ({ LambdaFunction }) => ({ LambdaFunction })),
  'AWS::CloudFormation::GuardHook': hook('AWS::Hooks::GuardHook', ({ ruleLocation, logBucket }) => ({
    RuleLocation: located(ruleLocation),
    LogBucket: logBucket,
  })),
  'AWS::AccessAnalyzer::Analyzer': ANALYZER,
};

/** Whether resources of a type live outside of the records of stacks. */
export const isLive = (type: string): boolean => Object.hasOwn(READERS, type);

/** Properties of a type that are read from where it lives; `null` where a record is all that there is. */
export function trackedProperties(type: string): readonly string[] | null {
  return isLive(type) ? READERS[type]!.tracked : null;
}

/** What a resource is called by Cloud Control API. */
export function identifierOf(type: string, { physicalId, properties, attributes }: Found): string {
  const names = resourceType(type)?.primaryIdentifier ?? [];
  const values = names.map((name) => {
    const value = attributes[name] ?? properties[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  });
  // A name that CloudFormation made up stands nowhere but in the physical id.
  if (values.length <= 1 || values.includes(undefined)) return values[0] ?? physicalId;
  return values.join('|');
}

/** All resources of a type, in the order of their identifiers. */
export function liveResources(
  state: SandboxState,
  account: string,
  region: string,
  type: string,
): readonly LiveResource[] {
  const recorded = [...recordsAt(state, account, region)].filter(({ resource }) => resource.type === type);
  const shaped = (found: Found, of: RecordedResource | null): LiveResource => ({
    ...{ type, identifier: identifierOf(type, found), ...found, recorded: of },
  });
  const reader = isLive(type) ? READERS[type]! : undefined;
  const all =
    reader === undefined
      ? recorded.flatMap((of) => (of.resource.isGone === true ? [] : [shaped(recordedAs(of.resource), of)]))
      : reader.all(state, account, region).map((found) => {
          const of = recorded.find(({ resource }) => resource.physicalId === found.physicalId) ?? null;
          return shaped(merged(reader, found, of?.resource), of);
        });
  return [...all].sort((a, b) => (a.identifier < b.identifier ? -1 : a.identifier > b.identifier ? 1 : 0));
}

function recordedAs({ physicalId, properties, actual, attributes }: ResourceData): Found {
  return { physicalId: physicalId!, properties: actual ?? properties, attributes };
}

function merged({ tracked }: Reader, found: Found, record: ResourceData | undefined): Found {
  if (record === undefined) return found;
  const others = Object.entries(record.actual ?? record.properties).filter(([key]) => !tracked.includes(key));
  return { ...found, properties: { ...Object.fromEntries(others), ...found.properties } };
}

/** One resource; `undefined` when it is not there. */
export function liveResource(
  state: SandboxState,
  account: string,
  region: string,
  type: string,
  identifier: string,
): LiveResource | undefined {
  return liveResources(state, account, region, type).find((each) => each.identifier === identifier);
}
