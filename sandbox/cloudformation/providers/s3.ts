/** Buckets and their policies as resources: they are made in the sandbox's Amazon S3. */
import { allow, arnOf, bucketOf } from '../../s3/access.js';
import { makeBucket, putPolicy } from '../../s3/buckets.js';
import { bucketsOf } from '../../s3/data.js';
import type { Bucket, PublicAccessBlock } from '../../s3/data.js';
import { textOf } from '../json.js';
import type { Json } from '../json.js';
import type { ResourceData } from '../data.js';
import { generatedName, givenName, madeAs } from '../records.js';
import { ResourceFailure } from '../surroundings.js';
import type { Made, PresentCall, Provider, ResourceCall } from '../surroundings.js';

const ALL_BLOCKED: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** Actions that properties of a bucket need besides its making. */
const ACTIONS: Readonly<Record<string, string>> = {
  BucketEncryption: 's3:PutEncryptionConfiguration',
  VersioningConfiguration: 's3:PutBucketVersioning',
  PublicAccessBlockConfiguration: 's3:PutBucketPublicAccessBlock',
  OwnershipControls: 's3:PutBucketOwnershipControls',
  LifecycleConfiguration: 's3:PutLifecycleConfiguration',
  LoggingConfiguration: 's3:PutBucketLogging',
  Tags: 's3:PutBucketTagging',
};

function permitProperties({ call }: ResourceCall, name: string, properties: readonly string[]): void {
  for (const property of properties) {
    const action = ACTIONS[property];
    if (action !== undefined) call.authorize(action, arnOf(name), { owner: call.account });
  }
}

function apply(bucket: Bucket, properties: Json): void {
  const rule = at(properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration', '0');
  const byDefault = at(rule, 'ServerSideEncryptionByDefault') as Json | undefined;
  bucket.encryption = {
    algorithm: textOf(byDefault?.['SSEAlgorithm'], 'AES256'),
    keyId: typeof byDefault?.['KMSMasterKeyID'] === 'string' ? byDefault['KMSMasterKeyID'] : null,
    bucketKey: isTrue((rule as Json | undefined)?.['BucketKeyEnabled']),
  };
  const versioning = at(properties, 'VersioningConfiguration', 'Status');
  if (versioning === 'Enabled' || versioning === 'Suspended') bucket.versioning = versioning;
  const blocks = at(properties, 'PublicAccessBlockConfiguration') as Json | undefined;
  bucket.publicAccessBlock =
    blocks === undefined
      ? ALL_BLOCKED
      : {
          BlockPublicAcls: isTrue(blocks['BlockPublicAcls']),
          IgnorePublicAcls: isTrue(blocks['IgnorePublicAcls']),
          BlockPublicPolicy: isTrue(blocks['BlockPublicPolicy']),
          RestrictPublicBuckets: isTrue(blocks['RestrictPublicBuckets']),
        };
  const ownership = at(properties, 'OwnershipControls', 'Rules', '0', 'ObjectOwnership');
  if (typeof ownership === 'string') bucket.ownership = ownership;
  bucket.tags.clear();
  for (const { Key, Value } of (properties['Tags'] ?? []) as readonly Json[]) {
    bucket.tags.set(String(Key), String(Value));
  }
}

const isTrue = (value: unknown): boolean => value === true || value === 'true';

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? (found as Json)[key] : undefined),
    value,
  );
}

const BUCKET: Provider = {
  create(asked: ResourceCall): Made {
    const { stack, call, resource } = asked;
    const { logicalId, type, properties } = resource;
    const name = givenName(type, properties) ?? generatedName(stack, logicalId, type);
    call.authorize('s3:CreateBucket', arnOf(name), { owner: call.account });
    permitProperties(asked, name, Object.keys(properties));
    if (bucketsOf(call.state).has(name)) throw new ResourceFailure(`${name} already exists`);
    apply(makeBucket(call, name), properties);
    return madeAs(stack, logicalId, type, properties, name);
  },
  update(asked: ResourceCall, current: ResourceData): Made {
    const { call, resource } = asked;
    const name = current.physicalId!;
    const { properties } = resource;
    const changed = Object.keys({ ...properties, ...current.properties }).filter(
      (key) => JSON.stringify(properties[key]) !== JSON.stringify(current.properties[key]),
    );
    permitProperties(asked, name, changed);
    apply(bucketOf(call, name), properties);
    return { physicalId: name, attributes: current.attributes };
  },
  delete({ call }: PresentCall, current: ResourceData): void {
    const buckets = bucketsOf(call.state);
    const bucket = buckets.get(current.physicalId!);
    if (bucket === undefined) return;
    allow(call, 'DeleteBucket', bucket);
    if ([...bucket.objects.values()].some((versions) => versions.length > 0)) {
      throw new ResourceFailure('The bucket you tried to delete is not empty');
    }
    buckets.delete(bucket.name);
  },
};

const BUCKET_POLICY: Provider = {
  async create({ call, resource }: ResourceCall): Promise<Made> {
    const name = String(resource.properties['Bucket']);
    const bucket = bucketOf(call, name);
    allow(call, 'PutBucketPolicy', bucket);
    await putPolicy(call, bucket, JSON.stringify(resource.properties['PolicyDocument']));
    return { physicalId: name, attributes: {} };
  },
  async update(asked: ResourceCall): Promise<Made> {
    return await BUCKET_POLICY.create(asked);
  },
  delete({ call }: PresentCall, current: ResourceData): void {
    const bucket = bucketsOf(call.state).get(current.physicalId!);
    if (bucket === undefined) return;
    allow(call, 'DeleteBucketPolicy', bucket);
    bucket.policy = null;
    bucket.isPublic = false;
    bucket.principals = new Map();
  },
};

export const S3_PROVIDERS: ReadonlyMap<string, Provider> = new Map([
  ['AWS::S3::Bucket', BUCKET],
  ['AWS::S3::BucketPolicy', BUCKET_POLICY],
]);
