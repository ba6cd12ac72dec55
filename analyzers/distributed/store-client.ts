/** The bucket of runs in Amazon S3; the SDK is loaded when a store is made. */
import type { RunStore } from './worker.js';

/** Makes a store with the credentials, Region and endpoint of the environment. */
export async function bucketStore(bucket: string): Promise<RunStore & { close(): void }> {
  const sdk = await import('@aws-sdk/client-s3');
  const s3 = new sdk.S3Client({ maxAttempts: 5, forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  const inBucket = { Bucket: bucket };
  return {
    async get(key) {
      try {
        const { Body } = await s3.send(new sdk.GetObjectCommand({ ...inBucket, Key: key }));
        return (await Body?.transformToString('utf-8')) ?? '';
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return null;
        throw error;
      }
    },
    async put(key, text) {
      // In pieces, so that a large scan is held as bytes once and never as one text.
      const bytes =
        typeof text === 'string' ? Buffer.from(text) : Buffer.concat(Array.from(text, (piece) => Buffer.from(piece)));
      const input = { ...inBucket, Key: key, Body: bytes, ContentType: 'application/json' };
      await s3.send(new sdk.PutObjectCommand(input));
    },
    async list(prefix) {
      const keys: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const input = { ...inBucket, Prefix: prefix, ContinuationToken };
        const page = await s3.send(new sdk.ListObjectsV2Command(input));
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return keys;
    },
    close: () => {
      s3.destroy();
    },
  };
}
