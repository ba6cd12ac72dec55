/**
 * The protocol of S3: REST with XML. The operation follows from method, path and query
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html).
 */
import { RequestError, type RequestFault, type ServiceError } from '../errors.js';
import { element, type XmlValue } from '../protocols/xml.js';
import { isForm } from '../protocols/query.js';
import type { Answer, Protocol } from '../service.js';
import type { SignedRequest } from '../sigv4.js';

/** What a request is about. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
}

/** What operations answer. */
export interface S3Output {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Root element and what is in it; lists repeat their own name. */
  readonly xml?: readonly [root: string, value: XmlValue];
  readonly body?: Uint8Array;
  readonly contentType?: string;
}

const addresses = new WeakMap<SignedRequest, S3Address>();

/**
 * Path style (`/bucket/key`), and virtual-hosted style where the host is `bucket.localhost`.
 */
export function addressOf(request: SignedRequest): S3Address {
  let found = addresses.get(request);
  if (found === undefined) addresses.set(request, (found = readAddress(request)));
  return found;
}

function readAddress({ target, headers }: SignedRequest): S3Address {
  const question = target.indexOf('?');
  const path = (question < 0 ? target : target.slice(0, question)).replace(/^\//, '');
  const query = new Map<string, string>();
  for (const pair of question < 0 ? [] : target.slice(question + 1).split('&')) {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    if (name !== '') query.set(decoded(name.replaceAll('+', ' ')), decoded(value.replaceAll('+', ' ')));
  }
  const host = /^(.+)\.localhost(?::\d+)?$/.exec(headers['host'] ?? '')?.[1];
  if (host !== undefined) return { bucket: host, key: decoded(path), query };
  const slash = path.indexOf('/');
  return slash < 0
    ? { bucket: decoded(path), key: '', query }
    : { bucket: decoded(path.slice(0, slash)), key: decoded(path.slice(slash + 1)), query };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Names = Readonly<Record<string, string>>;

/** Operations on a bucket by method and the part of it that the query names; empty for the bucket itself. */
const BUCKET_OPERATIONS: Readonly<Record<string, Names>> = {
  GET: {
    '': 'ListObjects',
    'list-type': 'ListObjectsV2',
    versions: 'ListObjectVersions',
    policy: 'GetBucketPolicy',
    policyStatus: 'GetBucketPolicyStatus',
    publicAccessBlock: 'GetPublicAccessBlock',
    encryption: 'GetBucketEncryption',
    tagging: 'GetBucketTagging',
    versioning: 'GetBucketVersioning',
    location: 'GetBucketLocation',
    ownershipControls: 'GetBucketOwnershipControls',
  },
  HEAD: { '': 'HeadBucket' },
  PUT: {
    '': 'CreateBucket',
    policy: 'PutBucketPolicy',
    publicAccessBlock: 'PutPublicAccessBlock',
    encryption: 'PutBucketEncryption',
    tagging: 'PutBucketTagging',
    versioning: 'PutBucketVersioning',
    ownershipControls: 'PutBucketOwnershipControls',
  },
  DELETE: {
    '': 'DeleteBucket',
    policy: 'DeleteBucketPolicy',
    publicAccessBlock: 'DeletePublicAccessBlock',
    encryption: 'DeleteBucketEncryption',
    tagging: 'DeleteBucketTagging',
    ownershipControls: 'DeleteBucketOwnershipControls',
  },
  POST: { delete: 'DeleteObjects' },
};

const OBJECT_OPERATIONS: Readonly<Record<string, Names>> = {
  GET: { '': 'GetObject', tagging: 'GetObjectTagging' },
  HEAD: { '': 'HeadObject' },
  PUT: { '': 'PutObject', tagging: 'PutObjectTagging' },
  DELETE: { '': 'DeleteObject', tagging: 'DeleteObjectTagging' },
};

/** Parts of buckets and objects that S3 has, whether or not the sandbox does: their names are no object's query. */
const PARTS = new Set(
  (
    'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle location ' +
    'logging metadataTable metrics notification object-lock ownershipControls partNumber policy policyStatus ' +
    'publicAccessBlock replication requestPayment restore retention select tagging torrent uploadId uploads versioning ' +
    'versions website list-type'
  ).split(' '),
);

function operationOf(request: SignedRequest): string {
  const { bucket, key, query } = addressOf(request);
  const { method, headers } = request;
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : '';
  const part = [...query.keys()].find((name) => PARTS.has(name)) ?? '';
  const names = (key === '' ? BUCKET_OPERATIONS : OBJECT_OPERATIONS)[method] ?? {};
  const name = Object.hasOwn(names, part) ? names[part]! : '';
  return name === 'PutObject' && headers['x-amz-copy-source'] !== undefined ? 'CopyObject' : name;
}

const CODES: Readonly<Record<RequestFault, readonly [code: string, status: number]>> = {
  missingToken: ['AccessDenied', 403],
  incompleteSignature: ['AuthorizationHeaderMalformed', 400],
  unknownKey: ['InvalidAccessKeyId', 403],
  badSignature: ['SignatureDoesNotMatch', 403],
  skewedClock: ['RequestTimeTooSkewed', 403],
  expiredToken: ['ExpiredToken', 400],
  accessDenied: ['AccessDenied', 403],
  unknownOperation: ['NotImplemented', 501],
  throttled: ['SlowDown', 503],
};

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

export const S3_PROTOCOL: Protocol = {
  claims(request) {
    if (request.headers['x-amz-target'] !== undefined) return false;
    const isScoped = /\/s3\/aws4_request|%2Fs3%2Faws4_request/i.test(
      `${request.headers['authorization'] ?? ''} ${request.target}`,
    );
    return isScoped || (!isForm(request) && operationOf(request) !== '');
  },
  operationOf,
  inputOf: () => ({}),
  answer: (_, output, requestId) => s3Answer(output ?? {}, requestId),
  error: s3Error,
};

function s3Answer({ status = 200, headers = {}, xml, body, contentType }: S3Output, requestId: string): Answer {
  const ids = { ...headers, 'x-amz-request-id': requestId, 'accept-ranges': 'bytes' };
  if (xml === undefined) {
    return { status, contentType: contentType ?? '', body: body ?? '', headers: ids };
  }
  const text = element(xml[0], xml[1], null).replace(/^<[^\s/>]+/, `$& xmlns="${NAMESPACE}"`);
  return { status, contentType: 'application/xml', body: DECLARATION + text, headers: ids };
}

function s3Error(error: RequestError | ServiceError, requestId: string, request: SignedRequest): Answer {
  const [code, status] = error instanceof RequestError ? CODES[error.fault] : ([error.code, error.status] as const);
  const fields = error instanceof RequestError ? {} : error.fields;
  const { bucket } = addressOf(request);
  const told = { Code: code, Message: error.message, ...fields, RequestId: requestId, HostId: requestId };
  // A client that asks for the head of something in another Region finds the Region here.
  const region = fields['Region'];
  const headers = typeof region === 'string' ? { 'x-amz-bucket-region': region } : {};
  return {
    status,
    contentType: 'application/xml',
    body:
      status === 304
        ? ''
        : DECLARATION + element('Error', bucket === '' ? told : { ...told, BucketName: bucket }, null),
    headers: { 'x-amz-request-id': requestId, ...headers },
  };
}
