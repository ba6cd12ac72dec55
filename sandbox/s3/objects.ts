/** Operations on objects. */
import { createHash, randomBytes } from 'node:crypto';
import type { Call } from '../call.js';
import { RequestError, ServiceError } from '../errors.js';
import { childrenOf, textAt } from '../protocols/read-xml.js';
import type { Operation } from '../service.js';
import { allow, bucketOf, isAllowed } from './access.js';
import { addTag, bodyXml, malformedXml, tagSet, tagsIn } from './buckets.js';
import { checkIntegrity } from './checksums.js';
import { currentOf, type Bucket, type Encryption, type ObjectVersion } from './data.js';
import { addressOf, type S3Output } from './protocol.js';

const KEPT_HEADERS = /^(?:x-amz-meta-.+|cache-control|content-disposition|content-encoding|content-language|expires)$/;
const MOST_TAGS = 10;

interface Asked {
  readonly bucket: Bucket;
  readonly key: string;
  readonly versionId: string | undefined;
}

function askedOf(call: Call): Asked {
  const { bucket, key, query } = addressOf(call.request!);
  if (Buffer.byteLength(key) > 1024) throw new ServiceError('KeyTooLongError', 'Your key is too long');
  return { bucket: bucketOf(call, bucket), key, versionId: query.get('versionId') };
}

/** The version that is asked for, once it is decided. */
function readable(call: Call, { bucket, key, versionId }: Asked, action: string): ObjectVersion {
  const found =
    versionId === undefined ? currentOf(bucket, key) : bucket.objects.get(key)?.find(({ id }) => id === versionId);
  const name = versionId === undefined ? action : `${action}Version`;
  allow(call, name.replace('TaggingVersion', 'VersionTagging'), bucket, {
    key,
    ...(found !== undefined && { objectTags: found.tags }),
  });
  if (found !== undefined && !found.isDeleted) return found;
  // Who may not list does not learn whether it is there.
  if (!isAllowed(call, 'ListBucket', bucket)) throw new RequestError('accessDenied', 'Access Denied');
  if (found?.isDeleted === true) {
    throw new ServiceError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
  }
  throw versionId === undefined
    ? new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key })
    : new ServiceError('NoSuchVersion', 'The specified version does not exist.', 404, {
        Key: key,
        VersionId: versionId,
      });
}

function headersOf(version: ObjectVersion, bucket: Bucket): Record<string, string> {
  const { etag, modifiedAt, headers, tags, encryption, id } = version;
  return {
    etag,
    'last-modified': new Date(modifiedAt).toUTCString(),
    ...headers,
    ...encryptionHeaders(encryption),
    ...(bucket.versioning !== null && { 'x-amz-version-id': id }),
    ...(tags.size > 0 && { 'x-amz-tagging-count': String(tags.size) }),
  };
}

function encryptionHeaders({ algorithm, keyId }: Encryption): Record<string, string> {
  return {
    'x-amz-server-side-encryption': algorithm,
    ...(keyId !== null && { 'x-amz-server-side-encryption-aws-kms-key-id': keyId }),
  };
}

/** `If-Match` and its like, for reading. @returns The status to answer with; `undefined` to go on. */
function checkConditions({ request }: Call, { etag, modifiedAt }: ObjectVersion): void {
  const { headers } = request!;
  const matches = (given: string): boolean =>
    given
      .split(',')
      .some(
        (each) =>
          each.trim() === '*' || each.trim().replace(/^W\//, '').replaceAll('"', '') === etag.replaceAll('"', ''),
      );
  const seconds = Math.floor(modifiedAt / 1000) * 1000;
  const failed = (): ServiceError =>
    new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  const {
    'if-match': match,
    'if-none-match': none,
    'if-modified-since': since,
    'if-unmodified-since': until,
  } = headers;
  if (match !== undefined && !matches(match)) throw failed();
  if (match === undefined && until !== undefined && seconds > Date.parse(until)) throw failed();
  const isSame = none === undefined ? since !== undefined && seconds <= Date.parse(since) : matches(none);
  if (isSame) throw new ServiceError('NotModified', 'Not Modified', 304);
}

function get(call: Call): S3Output {
  const asked = askedOf(call);
  const version = readable(call, asked, 'GetObject');
  checkConditions(call, version);
  const { body, contentType, checksum } = version;
  const headers = headersOf(version, asked.bucket);
  const { request } = call;
  const range = /^bytes=(\d*)-(\d*)$/.exec(request!.headers['range'] ?? '');
  if (range !== null && (range[1] !== '' || range[2] !== '')) {
    const first = range[1] === '' ? Math.max(0, body.length - Number(range[2])) : Number(range[1]);
    const last = range[1] === '' || range[2] === '' ? body.length - 1 : Math.min(Number(range[2]), body.length - 1);
    if (first > last) {
      throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416);
    }
    return {
      status: 206,
      body: body.subarray(first, last + 1),
      contentType,
      headers: { ...headers, 'content-range': `bytes ${first}-${last}/${body.length}` },
    };
  }
  const wantsChecksum = checksum !== null && request!.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
  return { body, contentType, headers: { ...headers, ...(wantsChecksum && { [checksum[0]]: checksum[1] }) } };
}

function head(call: Call): S3Output {
  const { body, headers, ...rest } = get(call);
  return { ...rest, headers: { ...headers, 'content-length': String(body?.length ?? 0) } };
}

/** `If-None-Match: *` lets nothing be overwritten, `If-Match` only what the client has seen. */
function checkWriteConditions({ request }: Call, bucket: Bucket, key: string): void {
  const { 'if-none-match': none, 'if-match': match } = request?.headers ?? {};
  const current = currentOf(bucket, key);
  if (none !== undefined && none !== '*') {
    throw new ServiceError(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      501,
    );
  }
  const isRefused =
    (none === '*' && current !== undefined) ||
    (match !== undefined && match.replaceAll('"', '') !== current?.etag.replaceAll('"', ''));
  if (!isRefused) return;
  if (match !== undefined && current === undefined) {
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
  throw new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: none === '*' ? 'If-None-Match' : 'If-Match',
  });
}

type NewVersion = Pick<ObjectVersion, 'body' | 'contentType' | 'headers' | 'tags' | 'encryption' | 'checksum'>;

function store(call: Call, bucket: Bucket, key: string, made: NewVersion): ObjectVersion {
  const version: ObjectVersion = {
    ...made,
    id: bucket.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null',
    isDeleted: false,
    etag: `"${createHash('md5').update(made.body).digest('hex')}"`,
    modifiedAt: call.now,
  };
  addVersion(bucket, key, version);
  return version;
}

/** What is put without a version takes the place of what was put without one before. */
function addVersion(bucket: Bucket, key: string, version: ObjectVersion): void {
  const others = (bucket.objects.get(key) ?? []).filter(({ id }) => version.id !== 'null' || id !== 'null');
  bucket.objects.set(key, [...others, version]);
}

function encryptionFor(call: Call, bucket: Bucket): Encryption {
  const { headers } = call.request!;
  const algorithm = headers['x-amz-server-side-encryption'];
  if (algorithm === undefined) return { algorithm: bucket.encryption.algorithm, keyId: bucket.encryption.keyId };
  if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm)) {
    throw new ServiceError(
      'InvalidEncryptionAlgorithmError',
      'The encryption request you specified is not valid. Supported value: AES256.',
    );
  }
  const keyId = headers['x-amz-server-side-encryption-aws-kms-key-id'] ?? null;
  return { algorithm, keyId: algorithm === 'AES256' ? null : keyId };
}

/** Tags as the header of a request has them: a query string. */
function headerTags(call: Call): Map<string, string> {
  const tags = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(call.request!.headers['x-amz-tagging'] ?? '')) {
    addTag(tags, key, value);
  }
  if (tags.size > MOST_TAGS) throw new ServiceError('BadRequest', `Object tags cannot be greater than ${MOST_TAGS}`);
  return tags;
}

function refuseAcl(call: Call): void {
  const acl = call.request!.headers['x-amz-acl'];
  if (acl === undefined || acl === 'bucket-owner-full-control') return;
  throw new ServiceError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
}

function keptHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADERS.test(name));
  return Object.fromEntries(
    kept
      // The frames of the transport are no encoding of the object.
      .map(([name, value]) => [name, name === 'content-encoding' ? value.replace(/(?:^|,\s*)aws-chunked/, '') : value])
      .filter(([, value]) => value !== ''),
  ) as Readonly<Record<string, string>>;
}

function put(call: Call): S3Output {
  const { bucket, key } = askedOf(call);
  const tags = headerTags(call);
  allow(call, 'PutObject', bucket, { key, requestTags: tags });
  if (tags.size > 0) allow(call, 'PutObjectTagging', bucket, { key, requestTags: tags });
  refuseAcl(call);
  checkWriteConditions(call, bucket, key);
  const { headers, body } = call.request!;
  const checksum = checkIntegrity(headers, body);
  const version = store(call, bucket, key, {
    body,
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    headers: keptHeaders(headers),
    tags,
    encryption: encryptionFor(call, bucket),
    checksum,
  });
  return {
    headers: {
      etag: version.etag,
      ...encryptionHeaders(version.encryption),
      ...(bucket.versioning !== null && { 'x-amz-version-id': version.id }),
      ...(checksum !== null && { [checksum[0]]: checksum[1], 'x-amz-checksum-type': 'FULL_OBJECT' }),
    },
  };
}

function copy(call: Call): S3Output {
  const { bucket, key } = askedOf(call);
  const { headers } = call.request!;
  const source = /^\/?([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(headers['x-amz-copy-source'] ?? '');
  if (source === null) {
    throw new ServiceError(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  const from: Asked = {
    bucket: bucketOf(call, source[1]!),
    key: decodeURIComponent(source[2]!),
    versionId: source[3],
  };
  const read = readable(call, from, 'GetObject');
  const tags = headers['x-amz-tagging-directive'] === 'REPLACE' ? headerTags(call) : new Map(read.tags);
  allow(call, 'PutObject', bucket, { key, requestTags: tags });
  if (tags.size > 0) allow(call, 'PutObjectTagging', bucket, { key, requestTags: tags });
  refuseAcl(call);
  const replaces = headers['x-amz-metadata-directive'] === 'REPLACE';
  const version = store(call, bucket, key, {
    body: read.body,
    contentType: replaces ? (headers['content-type'] ?? 'binary/octet-stream') : read.contentType,
    headers: replaces ? keptHeaders(headers) : read.headers,
    tags,
    encryption: encryptionFor(call, bucket),
    checksum: read.checksum,
  });
  return {
    headers: {
      ...encryptionHeaders(version.encryption),
      ...(bucket.versioning !== null && { 'x-amz-version-id': version.id }),
    },
    xml: ['CopyObjectResult', { ETag: version.etag, LastModified: new Date(version.modifiedAt).toISOString() }],
  };
}

/** Deletes, or puts a marker where versions are kept. */
function remove(call: Call, { bucket, key, versionId }: Asked): Record<string, string> {
  allow(call, versionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', bucket, { key });
  const versions = bucket.objects.get(key) ?? [];
  if (versionId !== undefined) {
    const found = versions.find(({ id }) => id === versionId);
    const left = versions.filter((each) => each !== found);
    if (left.length > 0) bucket.objects.set(key, left);
    else bucket.objects.delete(key);
    return { 'x-amz-version-id': versionId, ...(found?.isDeleted === true && { 'x-amz-delete-marker': 'true' }) };
  }
  if (bucket.versioning === null) {
    bucket.objects.delete(key);
    return {};
  }
  const marker: ObjectVersion = {
    id: bucket.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null',
    isDeleted: true,
    body: new Uint8Array(),
    etag: '',
    modifiedAt: call.now,
    contentType: '',
    headers: {},
    tags: new Map(),
    encryption: { algorithm: '', keyId: null },
    checksum: null,
  };
  addVersion(bucket, key, marker);
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.id };
}

function deleteObjects(call: Call): S3Output {
  const bucket = bucketOf(call, addressOf(call.request!).bucket);
  const xml = bodyXml(call, 'Delete');
  const objects = childrenOf(xml, 'Object');
  if (objects.length === 0 || objects.length > 1000) throw malformedXml();
  const isQuiet = textAt(xml, 'Quiet') === 'true';
  const Deleted: object[] = [];
  const failed: object[] = [];
  for (const each of objects) {
    const [key, versionId] = [textAt(each, 'Key') ?? '', textAt(each, 'VersionId')];
    const Key = key;
    const VersionId = versionId;
    try {
      const headers = remove(call, { bucket, key, versionId });
      const isMarker = headers['x-amz-delete-marker'] === 'true';
      const DeleteMarkerVersionId = isMarker ? headers['x-amz-version-id'] : undefined;
      Deleted.push({ Key, VersionId, ...(isMarker && { DeleteMarker: true, DeleteMarkerVersionId }) });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      failed.push({ Key, VersionId, Code: 'AccessDenied', Message: error.message });
    }
  }
  return { xml: ['DeleteResult', { Deleted: isQuiet ? [] : Deleted, Error: failed } as never] };
}

function changeTags(call: Call, action: string, tags: ReadonlyMap<string, string>): S3Output {
  const asked = askedOf(call);
  const { bucket, key, versionId } = asked;
  const name = versionId === undefined ? action : action.replace('ObjectTagging', 'ObjectVersionTagging');
  const found =
    versionId === undefined ? currentOf(bucket, key) : bucket.objects.get(key)?.find(({ id }) => id === versionId);
  allow(call, name, bucket, { key, requestTags: tags, ...(found !== undefined && { objectTags: found.tags }) });
  if (found === undefined || found.isDeleted) {
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
  found.tags.clear();
  for (const [each, value] of tags) found.tags.set(each, value);
  return { headers: bucket.versioning === null ? {} : { 'x-amz-version-id': found.id } };
}

export const OBJECT_OPERATIONS: Readonly<Record<string, Operation>> = {
  CopyObject: copy,
  DeleteObject: (call): S3Output => ({ status: 204, headers: remove(call, askedOf(call)) }),
  DeleteObjects: deleteObjects,
  DeleteObjectTagging: (call): S3Output => ({ status: 204, ...changeTags(call, 'DeleteObjectTagging', new Map()) }),
  GetObject: get,
  GetObjectTagging: (call): S3Output => {
    const asked = askedOf(call);
    const { tags, id } = readable(call, asked, 'GetObjectTagging');
    return {
      xml: ['Tagging', tagSet(tags) as never],
      headers: asked.bucket.versioning === null ? {} : { 'x-amz-version-id': id },
    };
  },
  HeadObject: head,
  PutObject: put,
  PutObjectTagging: (call): S3Output => changeTags(call, 'PutObjectTagging', tagsIn(call, MOST_TAGS)),
};

/**
 * Reads an object for a service of the sandbox, as the caller of `call`.
 *
 * @throws RequestError, ServiceError as `GetObject` does.
 */
export function readObject(call: Call, bucket: string, key: string, versionId?: string): Buffer {
  const asked = { bucket: bucketOf(call, bucket), key, versionId };
  return Buffer.from(readable(call, asked, 'GetObject').body);
}

/** Puts an object for a service of the sandbox, as the caller of `call`. @throws as `PutObject` does. */
export function writeObject(call: Call, bucketName: string, key: string, body: Uint8Array): ObjectVersion {
  const bucket = bucketOf(call, bucketName);
  allow(call, 'PutObject', bucket, { key });
  const { algorithm, keyId } = bucket.encryption;
  return store(call, bucket, key, {
    body,
    contentType: 'binary/octet-stream',
    headers: {},
    tags: new Map(),
    encryption: { algorithm, keyId },
    checksum: null,
  });
}
