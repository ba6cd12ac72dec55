/**
 * What the sandbox holds that has a policy of its own: buckets, roles, and what stacks made
 * ("Resource types for external access" of the IAM User Guide,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html).
 */
import { currentText } from '../authorize/applicable.js';
import { recordsAt } from '../cloudformation/resources.js';
import type { ResourceData } from '../cloudformation/data.js';
import { IAM } from '../iam/data.js';
import { bucketsOf } from '../s3/data.js';
import type { SandboxState } from '../state.js';

export interface PolicedResource {
  readonly arn: string;
  readonly type: string;
  readonly owner: string;
  /** `null` for a resource without one: it opens nothing to others. */
  readonly policy: string | null;
  readonly kind: 'resource' | 'trust';
  /** Block Public Access lets nobody from elsewhere in while the policy is public. */
  readonly isRestricted: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** The resources of an account that analyzers of a Region see; roles are seen in every Region. */
export function policedResources(state: SandboxState, account: string, region: string): readonly PolicedResource[] {
  return [...rolesOf(state, account), ...buckets(state, account, region), ...records(state, account, region)];
}

function rolesOf(state: SandboxState, account: string): readonly PolicedResource[] {
  return [...IAM.of(state, account).roles.values()].map(({ arn, trust, trusted }) => ({
    arn,
    type: 'AWS::IAM::Role',
    owner: account,
    policy: currentText(state, { text: trust, kind: 'trust', principals: trusted }),
    kind: 'trust',
    isRestricted: false,
  }));
}

/** Names of the buckets of each account, which are few; all buckets are one space. */
function buckets(state: SandboxState, account: string, region: string): readonly PolicedResource[] {
  const found: PolicedResource[] = [];
  for (const bucket of bucketsOf(state).values()) {
    if (bucket.owner !== account || bucket.region !== region) continue;
    const { policy, principals, publicAccessBlock, isPublic } = bucket;
    found.push({
      arn: `arn:aws:s3:::${bucket.name}`,
      type: 'AWS::S3::Bucket',
      owner: account,
      policy: policy === null ? null : currentText(state, { text: policy, kind: 'resource', principals }),
      kind: 'resource',
      isRestricted: isPublic && publicAccessBlock?.RestrictPublicBuckets === true,
    });
  }
  return found;
}

/** Types whose policy is a property of their own. */
const OWN_POLICIES: Readonly<Record<string, (properties: Json) => unknown>> = {
  'AWS::KMS::Key': (properties) => properties['KeyPolicy'],
  'AWS::ECR::Repository': (properties) => properties['RepositoryPolicyText'],
  'AWS::EFS::FileSystem': (properties) => properties['FileSystemPolicy'],
  'AWS::DynamoDB::Table': (properties) => (properties['ResourcePolicy'] as Json | undefined)?.['PolicyDocument'],
  'AWS::SQS::Queue': () => undefined,
  'AWS::SNS::Topic': () => undefined,
  'AWS::SecretsManager::Secret': () => undefined,
  'AWS::Lambda::Function': () => undefined,
};

/** Types that are the policy of another resource: names of that one, and the document. */
const POLICIES_OF_OTHERS: Readonly<
  Record<string, (properties: Json) => readonly [type: string, names: readonly unknown[], document: unknown]>
> = {
  'AWS::SQS::QueuePolicy': ({ Queues, PolicyDocument }) => ['AWS::SQS::Queue', listOf(Queues), PolicyDocument],
  'AWS::SQS::QueueInlinePolicy': ({ Queue, PolicyDocument }) => ['AWS::SQS::Queue', [Queue], PolicyDocument],
  'AWS::SNS::TopicPolicy': ({ Topics, PolicyDocument }) => ['AWS::SNS::Topic', listOf(Topics), PolicyDocument],
  'AWS::SNS::TopicInlinePolicy': ({ TopicArn, PolicyDocument }) => ['AWS::SNS::Topic', [TopicArn], PolicyDocument],
  'AWS::SecretsManager::ResourcePolicy': ({ SecretId, ResourcePolicy }) => [
    'AWS::SecretsManager::Secret',
    [SecretId],
    ResourcePolicy,
  ],
  'AWS::Lambda::Permission': (properties) => [
    'AWS::Lambda::Function',
    [properties['FunctionName']],
    { Version: '2012-10-17', Statement: [permission(properties)] },
  ],
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

/**
 * The statement that a permission of Lambda adds to the policy of its function ("Granting function access to an organization",
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-organization.html).
 */
function permission(properties: Json): Json {
  const { Principal, Action, SourceAccount, SourceArn, PrincipalOrgID } = properties;
  const principal = String(Principal);
  return {
    Effect: 'Allow',
    Principal:
      principal === '*' ? '*' : principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Action,
    Resource: '*',
    Condition: {
      ...((SourceAccount !== undefined || PrincipalOrgID !== undefined) && {
        StringEquals: {
          ...(SourceAccount !== undefined && { 'AWS:SourceAccount': SourceAccount }),
          ...(PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': PrincipalOrgID }),
        },
      }),
      ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    },
  };
}

interface Found {
  readonly arn: string;
  readonly type: string;
  /** Physical id, ARN and all else that names it. */
  readonly names: ReadonlySet<string>;
  readonly documents: Json[];
}

function records(state: SandboxState, account: string, region: string): readonly PolicedResource[] {
  const found: Found[] = [];
  const all = [...recordsAt(state, account, region)];
  for (const { resource } of all) {
    const own = OWN_POLICIES[resource.type];
    if (own === undefined) continue;
    const document = own(resource.properties);
    found.push({
      arn: arnOf(resource),
      type: resource.type,
      names: new Set([resource.physicalId ?? '', ...Object.values(resource.attributes)]),
      documents: isMap(document) ? [document] : [],
    });
  }
  for (const { resource } of all) {
    const read = POLICIES_OF_OTHERS[resource.type]?.(resource.properties);
    if (read === undefined) continue;
    const [type, names, document] = read;
    for (const each of found) {
      if (each.type === type && isMap(document) && names.some((name) => each.names.has(String(name)))) {
        each.documents.push(document);
      }
    }
  }
  return found.map(({ arn, type, documents }) => ({
    arn,
    type,
    owner: account,
    policy: documents.length === 0 ? null : joined(documents),
    kind: 'resource',
    isRestricted: false,
  }));
}

function arnOf({ physicalId, attributes }: ResourceData): string {
  const values = [
    attributes['Arn'] ?? '',
    attributes['TopicArn'] ?? '',
    physicalId ?? '',
    ...Object.values(attributes),
  ];
  return values.find((each) => each.startsWith('arn:')) ?? physicalId ?? '';
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function joined(documents: readonly Json[]): string {
  const [first] = documents;
  if (documents.length === 1) return JSON.stringify(first);
  return JSON.stringify({ ...first, Statement: documents.flatMap(({ Statement }) => Statement) });
}
