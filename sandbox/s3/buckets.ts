/** Operations on buckets and their settings. */
import { IAM_QUOTAS } from '../../catalogue/iam/index.js';
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import { checkDocument } from '../iam/documents.js';
import { principalsIn } from '../iam/common.js';
import { timeText } from '../input.js';
import { childrenOf, readXml, textAt, XmlError, type XmlElement } from '../protocols/read-xml.js';
import type { Operation } from '../service.js';
import { allow, arnOf, bucketOf, isPublic } from './access.js';
import { BLOCKS, bucketsOf, type Bucket, type PublicAccessBlock } from './data.js';
import { addressOf, type S3Output } from './protocol.js';

const NAME =
  /^(?=.{3,63}$)(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!.*-s3alias$)[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9]))*[a-z0-9]$/;
const OK_EMPTY: S3Output = { status: 204 };

export function malformedXml(): ServiceError {
  return new ServiceError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** The body, with the root element that is asked for. */
export function bodyXml(call: Call, root: string): XmlElement {
  let read: XmlElement;
  try {
    read = readXml(call.request?.body.toString('utf8') ?? '');
  } catch (error) {
    if (error instanceof XmlError) throw malformedXml();
    throw error;
  }
  if (read.name !== root) throw malformedXml();
  return read;
}

/** Tags of a `Tagging` element. */
export function tagsIn(call: Call, most: number): Map<string, string> {
  const [set] = childrenOf(bodyXml(call, 'Tagging'), 'TagSet');
  if (set === undefined) throw malformedXml();
  const tags = new Map<string, string>();
  for (const tag of childrenOf(set, 'Tag')) addTag(tags, textAt(tag, 'Key') ?? '', textAt(tag, 'Value') ?? '');
  if (tags.size > most) throw new ServiceError('BadRequest', `Object tags cannot be greater than ${most}`);
  return tags;
}

export function addTag(tags: Map<string, string>, key: string, value: string): void {
  if (key === '' || key.length > 128) throw new ServiceError('InvalidTag', 'The TagKey you have provided is invalid');
  if (value.length > 256) throw new ServiceError('InvalidTag', 'The TagValue you have provided is invalid');
  if (key.startsWith('aws:')) throw new ServiceError('InvalidTag', 'System tags cannot be added/updated by requester');
  if (tags.has(key)) {
    throw new ServiceError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  tags.set(key, value);
}

export function tagSet(tags: ReadonlyMap<string, string>): { readonly TagSet: { readonly Tag: readonly object[] } } {
  return { TagSet: { Tag: [...tags].map(([Key, Value]) => ({ Key, Value })) } };
}

/** The bucket that a request names, when its caller may do something with it. */
function on(action: string, run: (bucket: Bucket, call: Call) => S3Output | Promise<S3Output>): Operation {
  return (call) => {
    const bucket = bucketOf(call, addressOf(call.request!).bucket);
    allow(call, action, bucket);
    return run(bucket, call);
  };
}

/** Makes a bucket, as `CreateBucket` does once it is decided. */
export function makeBucket(call: Call, name: string): Bucket {
  if (!NAME.test(name)) throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid.');
  const buckets = bucketsOf(call.state);
  const known = buckets.get(name);
  if (known !== undefined) {
    throw known.owner === call.account
      ? new ServiceError(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          409,
        )
      : new ServiceError(
          'BucketAlreadyExists',
          'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
          409,
        );
  }
  const bucket: Bucket = {
    name,
    owner: call.account,
    region: call.region,
    createdAt: call.now,
    versioning: null,
    policy: null,
    isPublic: false,
    principals: new Map(),
    publicAccessBlock: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
    encryption: { algorithm: 'AES256', keyId: null, bucketKey: false },
    ownership: 'BucketOwnerEnforced',
    tags: new Map(),
    objects: new Map(),
  };
  buckets.set(name, bucket);
  return bucket;
}

function createBucket(call: Call): S3Output {
  const { bucket: name } = addressOf(call.request!);
  const hasBody = call.request!.body.length > 0;
  const asked = hasBody ? textAt(bodyXml(call, 'CreateBucketConfiguration'), 'LocationConstraint') : undefined;
  call.authorize('s3:CreateBucket', arnOf(name), {
    owner: call.account,
    context: asked === undefined ? {} : { 's3:LocationConstraint': asked },
  });
  const wanted = asked === undefined || asked === '' ? 'us-east-1' : asked === 'EU' ? 'eu-west-1' : asked;
  if (wanted !== call.region) {
    throw new ServiceError(
      'IllegalLocationConstraintException',
      `The ${asked ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  const known = bucketsOf(call.state).get(name);
  // There alone it is no fault to make one's bucket again.
  if (known?.owner !== call.account || call.region !== 'us-east-1') makeBucket(call, name);
  return { headers: { location: `/${name}` } };
}

/** Puts a policy on a bucket, as `PutBucketPolicy` does once it is decided. */
export async function putPolicy(call: Call, bucket: Bucket, text: string): Promise<void> {
  let policy;
  try {
    policy = checkDocument(text, 'resource');
  } catch (error) {
    if (error instanceof ServiceError) throw new ServiceError('MalformedPolicy', error.message);
    throw error;
  }
  if (text.length > IAM_QUOTAS.resourcePolicy) {
    throw new ServiceError(
      'PolicyTooLarge',
      `Policy exceeds the maximum allowed document size of ${IAM_QUOTAS.resourcePolicy} characters.`,
    );
  }
  const own = arnOf(bucket.name);
  for (const { resource } of policy.statements) {
    const isForeign = resource?.patterns.some((each) => each !== '*' && each !== own && !each.startsWith(`${own}/`));
    if (isForeign !== false && resource?.negated !== true) {
      throw new ServiceError('MalformedPolicy', 'Policy has invalid resource');
    }
  }
  const principals = principalsIn(call, policy, 'MalformedPolicy');
  const open = await isPublic(policy);
  if (open && bucket.publicAccessBlock?.BlockPublicPolicy === true) {
    throw new ServiceError(
      'AccessDenied',
      `User: ${call.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${own}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      403,
    );
  }
  bucket.policy = text;
  bucket.principals = principals;
  bucket.isPublic = open;
}

function noSuch(code: string, message: string, bucket: Bucket): ServiceError {
  return new ServiceError(code, message, 404, { BucketName: bucket.name });
}

function publicAccessBlockIn(call: Call): PublicAccessBlock {
  const xml = bodyXml(call, 'PublicAccessBlockConfiguration');
  const entries = BLOCKS.map((name) => {
    const value = textAt(xml, name) ?? 'false';
    if (!/^(?:true|false)$/i.test(value)) throw malformedXml();
    return [name, value.toLowerCase() === 'true'];
  });
  return Object.fromEntries(entries) as PublicAccessBlock;
}

function encryptionIn(call: Call): Bucket['encryption'] {
  const xml = bodyXml(call, 'ServerSideEncryptionConfiguration');
  const [rule, ...others] = childrenOf(xml, 'Rule');
  const algorithm = rule && textAt(rule, 'ApplyServerSideEncryptionByDefault', 'SSEAlgorithm');
  if (rule === undefined || others.length > 0 || !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm ?? '')) {
    throw malformedXml();
  }
  return {
    algorithm: algorithm!,
    keyId: textAt(rule, 'ApplyServerSideEncryptionByDefault', 'KMSMasterKeyID') ?? null,
    bucketKey: textAt(rule, 'BucketKeyEnabled') === 'true',
  };
}

export const BUCKET_OPERATIONS: Readonly<Record<string, Operation>> = {
  ListBuckets: (call): S3Output => {
    call.authorize('s3:ListAllMyBuckets', 'arn:aws:s3:::*', { owner: call.account });
    const own = [...bucketsOf(call.state).values()]
      .filter(({ owner }) => owner === call.account)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const Bucket = own.map(({ name, createdAt, region }) => ({
      Name: name,
      CreationDate: timeText(createdAt),
      BucketRegion: region,
    }));
    return { xml: ['ListAllMyBucketsResult', { Buckets: { Bucket }, Owner: { ID: ownerId(call.account) } }] };
  },
  CreateBucket: createBucket,
  HeadBucket: on('ListBucket', ({ region }) => ({ headers: { 'x-amz-bucket-region': region } })),
  DeleteBucket: on('DeleteBucket', (bucket, call) => {
    if (bucket.objects.size > 0) {
      throw new ServiceError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: bucket.name,
      });
    }
    bucketsOf(call.state).delete(bucket.name);
    return OK_EMPTY;
  }),
  GetBucketLocation: on('GetBucketLocation', ({ region }) => ({
    xml: ['LocationConstraint', region === 'us-east-1' ? '' : region],
  })),
  GetBucketPolicy: on('GetBucketPolicy', (bucket) => {
    if (bucket.policy === null) throw noSuch('NoSuchBucketPolicy', 'The bucket policy does not exist', bucket);
    return { body: Buffer.from(bucket.policy), contentType: 'application/json' };
  }),
  GetBucketPolicyStatus: on('GetBucketPolicyStatus', (bucket) => {
    if (bucket.policy === null) throw noSuch('NoSuchBucketPolicy', 'The bucket policy does not exist', bucket);
    return { xml: ['PolicyStatus', { IsPublic: bucket.isPublic }] };
  }),
  PutBucketPolicy: on('PutBucketPolicy', async (bucket, call) => {
    await putPolicy(call, bucket, call.request!.body.toString('utf8'));
    return OK_EMPTY;
  }),
  DeleteBucketPolicy: on('DeleteBucketPolicy', (bucket) => {
    Object.assign(bucket, { policy: null, isPublic: false, principals: new Map() });
    return OK_EMPTY;
  }),
  GetPublicAccessBlock: on('GetBucketPublicAccessBlock', (bucket) => {
    const { publicAccessBlock } = bucket;
    if (publicAccessBlock === null) {
      const message = 'The public access block configuration was not found';
      throw noSuch('NoSuchPublicAccessBlockConfiguration', message, bucket);
    }
    return { xml: ['PublicAccessBlockConfiguration', publicAccessBlock] };
  }),
  PutPublicAccessBlock: on('PutBucketPublicAccessBlock', (bucket, call) => {
    bucket.publicAccessBlock = publicAccessBlockIn(call);
    return {};
  }),
  DeletePublicAccessBlock: on('PutBucketPublicAccessBlock', (bucket) => {
    bucket.publicAccessBlock = null;
    return OK_EMPTY;
  }),
  GetBucketEncryption: on('GetEncryptionConfiguration', ({ encryption }) => ({
    xml: [
      'ServerSideEncryptionConfiguration',
      {
        Rule: {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: encryption.algorithm,
            KMSMasterKeyID: encryption.keyId ?? undefined,
          },
          BucketKeyEnabled: encryption.bucketKey,
        },
      },
    ],
  })),
  PutBucketEncryption: on('PutEncryptionConfiguration', (bucket, call) => {
    bucket.encryption = encryptionIn(call);
    return {};
  }),
  DeleteBucketEncryption: on('PutEncryptionConfiguration', (bucket) => {
    bucket.encryption = { algorithm: 'AES256', keyId: null, bucketKey: false };
    return OK_EMPTY;
  }),
  GetBucketTagging: on('GetBucketTagging', (bucket) => {
    if (bucket.tags.size === 0) throw noSuch('NoSuchTagSet', 'The TagSet does not exist', bucket);
    return { xml: ['Tagging', tagSet(bucket.tags) as never] };
  }),
  PutBucketTagging: on('PutBucketTagging', (bucket, call) => {
    const tags = tagsIn(call, 50);
    bucket.tags.clear();
    for (const [key, value] of tags) bucket.tags.set(key, value);
    return OK_EMPTY;
  }),
  DeleteBucketTagging: on('PutBucketTagging', (bucket) => {
    bucket.tags.clear();
    return OK_EMPTY;
  }),
  GetBucketVersioning: on('GetBucketVersioning', ({ versioning }) => ({
    xml: ['VersioningConfiguration', { Status: versioning ?? undefined }],
  })),
  PutBucketVersioning: on('PutBucketVersioning', (bucket, call) => {
    const status = textAt(bodyXml(call, 'VersioningConfiguration'), 'Status');
    if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
    bucket.versioning = status;
    return {};
  }),
  GetBucketOwnershipControls: on('GetBucketOwnershipControls', (bucket) => {
    if (bucket.ownership === null) {
      throw noSuch('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', bucket);
    }
    return { xml: ['OwnershipControls', { Rule: { ObjectOwnership: bucket.ownership } }] };
  }),
  PutBucketOwnershipControls: on('PutBucketOwnershipControls', (bucket, call) => {
    const [rule] = childrenOf(bodyXml(call, 'OwnershipControls'), 'Rule');
    const ownership = rule && textAt(rule, 'ObjectOwnership');
    // The sandbox has no ACLs, so that the other values would say what does not hold.
    if (ownership !== 'BucketOwnerEnforced') {
      throw new ServiceError('NotImplemented', 'The sandbox has no ACLs: BucketOwnerEnforced is all it knows.', 501);
    }
    bucket.ownership = ownership;
    return {};
  }),
  DeleteBucketOwnershipControls: on('PutBucketOwnershipControls', (bucket) => {
    bucket.ownership = null;
    return OK_EMPTY;
  }),
};

/** A canonical user id: fixed for an account. */
export function ownerId(account: string): string {
  return account.padStart(64, '0');
}
