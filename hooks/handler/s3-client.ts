/**
 * Objects of Amazon S3. A file of its own in the package of the function (`s3.mjs`), loaded when the first object is asked for:
 * to load the SDK takes as long as to decide, and a bundle in the package does without.
 */
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { FetchedObject, ObjectStore, WantedObject } from './keeper.js';

/** Why there is no object: a sentence without full stop. Whoever loads this file has no other copy of its classes. */
class ObjectFault extends Error {}

/** The store that the environment of the function names: its Region, its credentials, `AWS_ENDPOINT_URL_S3`. */
export function objectStore(): ObjectStore {
  const s3 = open();
  return {
    async get(wanted, timeout) {
      const { bucket, key, versionId, unless } = wanted;
      const input = {
        Bucket: bucket,
        Key: key,
        ...(versionId !== undefined && { VersionId: versionId }),
        ...(unless !== undefined && { IfNoneMatch: unless }),
      };
      const abortSignal = AbortSignal.timeout(Math.max(1, Math.round(timeout)));
      try {
        const { Body, ContentLength = 0, ETag } = await s3.send(new GetObjectCommand(input), { abortSignal });
        if (ContentLength > wanted.limit) throw tooLarge(wanted);
        if (Body === undefined) throw fault(wanted, 'it came without a body');
        return { text: await textOf(Body as AsyncIterable<Uint8Array>, wanted), tag: ETag ?? null };
      } catch (error) {
        if (error instanceof ObjectFault) throw error;
        return failureOf(error, wanted, abortSignal, timeout);
      }
    },
  };
}

function open(): S3Client {
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  return new S3Client({
    maxAttempts: 3,
    followRegionRedirects: false,
    // Servers at another endpoint have no name for each bucket.
    ...(endpoint !== undefined && endpoint !== '' && { endpoint, forcePathStyle: true }),
  });
}

async function textOf(body: AsyncIterable<Uint8Array>, wanted: WantedObject): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > wanted.limit) throw tooLarge(wanted);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw fault(wanted, 'it is not UTF-8');
  }
}

/** @returns `null` when the object is unchanged. @throws ObjectFault for everything else. */
function failureOf(
  error: unknown,
  wanted: WantedObject,
  { aborted }: AbortSignal,
  timeout: number,
): FetchedObject | null {
  const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (status === 304 && wanted.unless !== undefined) return null;
  if (aborted) throw fault(wanted, `it did not come within ${Math.round(timeout / 100) / 10} s`);
  if (status === 404) {
    throw fault(
      wanted,
      'there is no such object or version; publish the bundle, or mend the variables of the function',
    );
  }
  if (status === 403) {
    throw fault(
      wanted,
      'access is denied; the role of the function needs s3:GetObject and s3:GetObjectVersion on it, kms:Decrypt on its key, and the policies of bucket and key have to let it',
    );
  }
  throw fault(
    wanted,
    `the request failed with ${name === '' ? 'a fault' : name}${status === undefined ? '' : ` (status ${status})`}`,
  );
}

function tooLarge(wanted: WantedObject): ObjectFault {
  return fault(wanted, `it has more than ${wanted.limit} bytes`);
}

function fault({ bucket, key }: WantedObject, what: string): ObjectFault {
  return new ObjectFault(`\`s3://${bucket}/${key}\` cannot be read: ${what}`);
}
