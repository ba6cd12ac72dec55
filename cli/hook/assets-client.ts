/**
 * The buckets of packages. Every call names the account that has to own the bucket, so that nothing goes to, and nothing is
 * believed of, a bucket of the same name that somebody else has made (Amazon S3 User Guide, "Verifying bucket ownership with
 * bucket owner condition").
 */
import { createHash } from 'node:crypto';

/** An object as it lies in a bucket. */
export interface StoredObject {
  readonly content: Buffer;
  readonly versionId: string | null;
  readonly etag: string;
}

export interface AssetBucket {
  /** Whether it is there, in this Region, owned by the account, and open to the caller. @throws the errors of the SDK. */
  look(): Promise<void>;
  /**
   * Puts an object where nothing may be.
   *
   * @returns `false` when something is there already; it is left as it is.
   */
  create(key: string, content: Uint8Array): Promise<boolean>;
  /** Puts an object in the place of the one with the tag; `null`: where nothing may be. @returns `false`: another is there. */
  replace(key: string, content: Uint8Array, etag: string | null): Promise<boolean>;
  /** @returns `null` when there is none. */
  get(key: string): Promise<StoredObject | null>;
  close(): void;
}

/** @param owner - The account that has to own the bucket. */
export async function assetBucket(bucket: string, region: string, owner: string): Promise<AssetBucket> {
  const sdk = await import('@aws-sdk/client-s3');
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  const client = new sdk.S3Client({
    region,
    maxAttempts: 5,
    // Lambda reads code from its own Region only: a bucket elsewhere is the wrong one.
    followRegionRedirects: false,
    // Servers at another endpoint have no name for each bucket.
    ...(endpoint !== undefined && endpoint !== '' && { forcePathStyle: true }),
  });
  const place = { Bucket: bucket, ExpectedBucketOwner: owner };
  const put = async (
    key: string,
    content: Uint8Array,
    condition: { readonly IfNoneMatch?: '*'; readonly IfMatch?: string },
  ): Promise<boolean> => {
    const ChecksumSHA256 = createHash('sha256').update(content).digest('base64');
    try {
      await client.send(new sdk.PutObjectCommand({ ...place, Key: key, Body: content, ChecksumSHA256, ...condition }));
      return true;
    } catch (error) {
      if ((error as Error).name === 'PreconditionFailed') return false;
      throw error;
    }
  };
  return {
    async look() {
      await client.send(new sdk.HeadBucketCommand(place));
    },
    create: (key, content) => put(key, content, { IfNoneMatch: '*' }),
    replace: (key, content, etag) => put(key, content, etag === null ? { IfNoneMatch: '*' } : { IfMatch: etag }),
    async get(key) {
      try {
        const { Body, VersionId, ETag } = await client.send(new sdk.GetObjectCommand({ ...place, Key: key }));
        if (Body === undefined || ETag === undefined) throw new Error(`Amazon S3 gave \`${key}\` without a body`);
        return { content: Buffer.from(await Body.transformToByteArray()), versionId: VersionId ?? null, etag: ETag };
      } catch (error) {
        if ((error as Error).name === 'NoSuchKey') return null;
        throw error;
      }
    },
    close: () => {
      client.destroy();
    },
  };
}
