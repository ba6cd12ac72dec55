/**
 * Lists of objects and of versions
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html and its neighbours).
 */
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import type { Operation } from '../service.js';
import { allow, bucketOf } from './access.js';
import { ownerId } from './buckets.js';
import { currentOf, type Bucket, type ObjectVersion } from './data.js';
import { addressOf, type S3Output } from './protocol.js';

interface Asked {
  readonly bucket: Bucket;
  readonly query: ReadonlyMap<string, string>;
  readonly prefix: string;
  readonly delimiter: string;
  readonly most: number;
  /** Writes a key as the client wants it. */
  readonly written: (text: string) => string;
}

function askedOf(call: Call, action: string): Asked {
  const { bucket: name, query } = addressOf(call.request!);
  const bucket = bucketOf(call, name);
  const context: Record<string, string> = {};
  for (const key of ['prefix', 'delimiter', 'max-keys']) {
    const value = query.get(key);
    if (value !== undefined) context[`s3:${key}`] = value;
  }
  allow(call, action, bucket, { context });
  const most = Number(query.get('max-keys') ?? 1000);
  if (!Number.isInteger(most) || most < 0) {
    throw new ServiceError('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  }
  return {
    bucket,
    query,
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    most: Math.min(most, 1000),
    written:
      query.get('encoding-type') === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/') : (text) => text,
  };
}

/** S3 sorts by the bytes of UTF-8. */
function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

interface Page<T> {
  readonly items: readonly T[];
  readonly prefixes: readonly string[];
  /** Key or prefix to go on behind; `null` at the end. */
  readonly next: string | null;
}

/** Rolls up what has the delimiter behind the prefix, and takes a page of the rest. */
function pageOf<T>(
  entries: readonly (readonly [key: string, item: T])[],
  { prefix, delimiter, most }: Asked,
  after: string,
): Page<T> {
  const items: T[] = [];
  const prefixes: string[] = [];
  let last: string | null = null;
  for (const [key, item] of entries) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    if (after !== '' && (compareKeys(name, after) <= 0 || (end >= 0 && after.startsWith(name)))) continue;
    if (end >= 0 && prefixes.at(-1) === name) continue;
    if (items.length + prefixes.length >= most) return { items, prefixes, next: last };
    if (end < 0) items.push(item);
    else prefixes.push(name);
    last = name;
  }
  return { items, prefixes, next: null };
}

function currentObjects(bucket: Bucket): readonly (readonly [string, readonly [string, ObjectVersion]])[] {
  return [...bucket.objects.keys()].sort(compareKeys).flatMap((key) => {
    const version = currentOf(bucket, key);
    return version === undefined ? [] : [[key, [key, version] as const] as const];
  });
}

function contents(asked: Asked, items: readonly (readonly [string, ObjectVersion])[]): readonly object[] {
  return items.map(([key, { etag, modifiedAt, body }]) => ({
    Key: asked.written(key),
    LastModified: new Date(modifiedAt).toISOString(),
    ETag: etag,
    Size: body.length,
    StorageClass: 'STANDARD',
  }));
}

function common(asked: Asked, prefixes: readonly string[]): Record<string, unknown> {
  const { bucket, prefix, delimiter, query } = asked;
  return {
    Name: bucket.name,
    Prefix: asked.written(prefix),
    Delimiter: delimiter === '' ? undefined : asked.written(delimiter),
    EncodingType: query.get('encoding-type'),
    CommonPrefixes: prefixes.map((each) => ({ Prefix: asked.written(each) })),
  };
}

function listObjectsV2(call: Call): S3Output {
  const asked = askedOf(call, 'ListBucket');
  const { query, most, bucket } = asked;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const { items, prefixes, next } = pageOf(
    currentObjects(bucket),
    asked,
    token === undefined ? (startAfter ?? '') : Buffer.from(token, 'base64').toString(),
  );
  return {
    xml: [
      'ListBucketResult',
      {
        ...common(asked, prefixes),
        StartAfter: startAfter === undefined ? undefined : asked.written(startAfter),
        ContinuationToken: token,
        NextContinuationToken: next === null ? undefined : Buffer.from(next).toString('base64'),
        KeyCount: items.length + prefixes.length,
        MaxKeys: most,
        IsTruncated: next !== null,
        Contents: contents(asked, items),
      } as never,
    ],
  };
}

function listObjects(call: Call): S3Output {
  const asked = askedOf(call, 'ListBucket');
  const marker = asked.query.get('marker') ?? '';
  const { items, prefixes, next } = pageOf(currentObjects(asked.bucket), asked, marker);
  return {
    xml: [
      'ListBucketResult',
      {
        ...common(asked, prefixes),
        Marker: asked.written(marker),
        NextMarker: next === null || asked.delimiter === '' ? undefined : asked.written(next),
        MaxKeys: asked.most,
        IsTruncated: next !== null,
        Contents: contents(asked, items),
      } as never,
    ],
  };
}

/** Versions of a key stand with the latest first; a page ends behind all versions of a key. */
function listObjectVersions(call: Call): S3Output {
  const asked = askedOf(call, 'ListBucketVersions');
  const { bucket, query, most } = asked;
  const marker = query.get('key-marker') ?? '';
  const keys = [...bucket.objects.keys()].sort(compareKeys).map((key) => [key, key] as const);
  const { items, prefixes, next } = pageOf(keys, asked, marker);
  const Version: object[] = [];
  const DeleteMarker: object[] = [];
  for (const key of items) {
    const versions = bucket.objects.get(key)!.toReversed();
    for (const [index, { id, isDeleted, modifiedAt, etag, body }] of versions.entries()) {
      const shared = {
        Key: asked.written(key),
        VersionId: id,
        IsLatest: index === 0,
        LastModified: new Date(modifiedAt).toISOString(),
        Owner: { ID: ownerId(bucket.owner) },
      };
      if (isDeleted) DeleteMarker.push(shared);
      else Version.push({ ...shared, ETag: etag, Size: body.length, StorageClass: 'STANDARD' });
    }
  }
  return {
    xml: [
      'ListVersionsResult',
      {
        ...common(asked, prefixes),
        KeyMarker: asked.written(marker),
        NextKeyMarker: next === null ? undefined : asked.written(next),
        MaxKeys: most,
        IsTruncated: next !== null,
        Version,
        DeleteMarker,
      } as never,
    ],
  };
}

export const LIST_OPERATIONS: Readonly<Record<string, Operation>> = {
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
};
