/** What S3 remembers: buckets and their objects. Names of buckets are one space for all accounts. */
import type { SandboxState } from '../state.js';
import { Part } from '../state.js';

export interface Encryption {
  readonly algorithm: string;
  readonly keyId: string | null;
}

/** One version of an object, or a marker that says that it was deleted. */
export interface ObjectVersion {
  /** `null`, as text, for one that was put while versions were not kept. */
  readonly id: string;
  readonly isDeleted: boolean;
  readonly body: Uint8Array;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly contentType: string;
  /** Headers that come back as they were sent: `x-amz-meta-…`, `content-encoding`, `cache-control` and their like. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Map<string, string>;
  readonly encryption: Encryption;
  /** Header and value of a checksum that the client sent. */
  readonly checksum: readonly [header: string, value: string] | null;
}

export const BLOCKS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;
export type PublicAccessBlock = Readonly<Record<(typeof BLOCKS)[number], boolean>>;

export interface Bucket {
  readonly name: string;
  /** Account id. */
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
  versioning: 'Enabled' | 'Suspended' | null;
  policy: string | null;
  /** Whether the policy is public, as it was found when it was put. */
  isPublic: boolean;
  /** Unique ids of the users and roles that the policy names, by ARN. */
  principals: ReadonlyMap<string, string>;
  publicAccessBlock: PublicAccessBlock | null;
  encryption: Encryption & { readonly bucketKey: boolean };
  ownership: string | null;
  readonly tags: Map<string, string>;
  /** By key, the latest version last. */
  readonly objects: Map<string, ObjectVersion[]>;
}

const PART = new Part('s3', () => ({ buckets: new Map<string, Bucket>() }));

/** All buckets by name. */
export function bucketsOf(state: SandboxState): Map<string, Bucket> {
  return PART.of(state, '').buckets;
}

/** The version of an object that counts; `undefined` when there is none, or it is deleted. */
export function currentOf(bucket: Bucket, key: string): ObjectVersion | undefined {
  const last = bucket.objects.get(key)?.at(-1);
  return last?.isDeleted === true ? undefined : last;
}
