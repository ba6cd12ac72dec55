/**
 * From the event of a record to the actions that IAM decided on. AWS publishes no complete table: mostly the action is the
 * event's name behind the prefix of its source; the exceptions stand here, and what the catalogue does not know is told.
 */
import { iamAction } from '../../catalogue/iam/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';

/** Event sources whose name is not the prefix of the service's actions. */
const PREFIXES: Readonly<Record<string, string>> = {
  monitoring: 'cloudwatch',
  tagging: 'tag',
  email: 'ses',
  iotdata: 'iot',
  'data.iot': 'iot',
  'runtime.sagemaker': 'sagemaker',
  'runtime.lex': 'lex',
  'bedrock-runtime': 'bedrock',
  'data.mediastore': 'mediastore',
  'application-insights': 'applicationinsights',
  'entitlement.marketplace': 'aws-marketplace',
  'metering-marketplace': 'aws-marketplace',
};

/** Events named otherwise than their actions. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  's3:ListObjects': ['s3:ListBucket'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:HeadBucket': ['s3:ListBucket'],
  's3:ListObjectVersions': ['s3:ListBucketVersions'],
  's3:ListBuckets': ['s3:ListAllMyBuckets'],
  's3:HeadObject': ['s3:GetObject'],
  's3:GetObjectAttributes': ['s3:GetObject', 's3:GetObjectAttributes'],
  's3:DeleteObjects': ['s3:DeleteObject'],
  's3:CreateMultipartUpload': ['s3:PutObject'],
  's3:InitiateMultipartUpload': ['s3:PutObject'],
  's3:UploadPart': ['s3:PutObject'],
  's3:CompleteMultipartUpload': ['s3:PutObject'],
  's3:ListParts': ['s3:ListMultipartUploadParts'],
  's3:ListMultipartUploads': ['s3:ListBucketMultipartUploads'],
  's3:GetBucketEncryption': ['s3:GetEncryptionConfiguration'],
  's3:PutBucketEncryption': ['s3:PutEncryptionConfiguration'],
  's3:DeleteBucketEncryption': ['s3:PutEncryptionConfiguration'],
  's3:GetBucketLifecycle': ['s3:GetLifecycleConfiguration'],
  's3:GetBucketLifecycleConfiguration': ['s3:GetLifecycleConfiguration'],
  's3:PutBucketLifecycle': ['s3:PutLifecycleConfiguration'],
  's3:PutBucketLifecycleConfiguration': ['s3:PutLifecycleConfiguration'],
  's3:DeleteBucketLifecycle': ['s3:PutLifecycleConfiguration'],
  's3:GetBucketReplication': ['s3:GetReplicationConfiguration'],
  's3:PutBucketReplication': ['s3:PutReplicationConfiguration'],
  's3:DeleteBucketReplication': ['s3:PutReplicationConfiguration'],
  's3:DeleteBucketTagging': ['s3:PutBucketTagging'],
  's3:GetBucketCors': ['s3:GetBucketCORS'],
  's3:PutBucketCors': ['s3:PutBucketCORS'],
  's3:DeleteBucketCors': ['s3:PutBucketCORS'],
  's3:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  's3:PutPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:DeletePublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:DeleteBucketPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:DeleteBucketOwnershipControls': ['s3:PutBucketOwnershipControls'],
  's3:PutBucketNotificationConfiguration': ['s3:PutBucketNotification'],
  's3:GetBucketNotificationConfiguration': ['s3:GetBucketNotification'],
  's3:GetBucketAccelerateConfiguration': ['s3:GetAccelerateConfiguration'],
  's3:PutBucketAccelerateConfiguration': ['s3:PutAccelerateConfiguration'],
  's3:SelectObjectContent': ['s3:GetObject'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  'kms:ReEncrypt': ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  'dynamodb:TransactGetItems': ['dynamodb:GetItem'],
};

/** A copy writes one object and reads the other. */
const COPIES: ReadonlyMap<string, readonly string[]> = new Map([
  ['s3:CopyObject', ['s3:PutObject', 's3:GetObject']],
  ['s3:UploadPartCopy', ['s3:PutObject', 's3:GetObject']],
]);

/** Ends of event names that are versions of the API: `CreateFunction20150331v2`, `CreateDistribution2020_05_31`. */
const VERSION_SUFFIX = /_?(?:19|20)\d\d_?\d\d_?\d\d(?:v\d+)?$/;

/** What the event's name came to. */
export type TrailAction =
  | { readonly kind: 'actions'; readonly actions: readonly string[] }
  /** Nothing that IAM decides, such as a sign-in or the rotation of a key. */
  | { readonly kind: 'noAction' }
  /** The catalogue does not know the action. */
  | { readonly kind: 'unknown'; readonly action: string };

/** The prefix of the service that an event source, such as `s3.amazonaws.com`, belongs to. */
export function servicePrefix(eventSource: string): string {
  const source = eventSource.toLowerCase().replace(/\.amazonaws\.com(?:\.cn)?$/, '');
  return PREFIXES[source] ?? source;
}

/**
 * The actions that one call needs, in the spelling of the catalogue.
 *
 * @param parameters - Of the request; they tell apart events that need more than one action.
 */
export function actionsOf(eventSource: string, eventName: string, parameters: ValueMap): TrailAction {
  const prefix = servicePrefix(eventSource);
  if (prefix === 'signin' || (prefix === 'sso' && eventName === 'Authenticate')) return { kind: 'noAction' };
  const name = eventName.replace(VERSION_SUFFIX, '');
  const written = prefix === 'apigateway' ? gatewayAction(name) : `${prefix}:${name}`;
  const known = Object.hasOwn(NAMES, written) ? NAMES[written]! : (COPIES.get(written) ?? [written]);
  const actions = known.map((action) => iamAction(action)?.name);
  const missing = actions.indexOf(undefined);
  if (missing >= 0) return { kind: 'unknown', action: known[missing]! };
  return { kind: 'actions', actions: [...(actions as string[]), ...besides(actions as string[], parameters)] };
}

/** API Gateway decides by the method of its management API. */
function gatewayAction(name: string): string {
  if (/^(?:Get|List|Describe)/.test(name)) return 'apigateway:GET';
  if (/^(?:Create|Import|Generate|Test|Flush)/.test(name)) return 'apigateway:POST';
  if (name.startsWith('Update')) return 'apigateway:PATCH';
  if (/^(?:Put|Tag)/.test(name)) return 'apigateway:PUT';
  return /^(?:Delete|Untag)/.test(name) ? 'apigateway:DELETE' : `apigateway:${name}`;
}

/** Actions that a call needs besides its own because of what it asks for. */
function besides(actions: readonly string[], parameters: ValueMap): readonly string[] {
  const first = actions[0] ?? '';
  if (first.startsWith('sts:AssumeRole')) {
    return [
      ...(hasEntries(get(parameters, 'tags')) ? ['sts:TagSession'] : []),
      ...(typeof get(parameters, 'sourceIdentity') === 'string' ? ['sts:SetSourceIdentity'] : []),
    ];
  }
  if (first === 'sts:GetFederationToken' && hasEntries(get(parameters, 'tags'))) return ['sts:TagSession'];
  if (first.startsWith('ec2:') && first !== 'ec2:CreateTags') {
    const specifications = get(parameters, 'tagSpecificationSet');
    const items = isMap(specifications) ? get(specifications, 'items') : specifications;
    if (hasEntries(items)) return ['ec2:CreateTags'];
  }
  return [];
}

function hasEntries(value: Value | undefined): boolean {
  return isList(value) ? value.length > 0 : isMap(value) && Object.keys(value).length > 0;
}
