/** What `stackade hook upload` and `stackade hook publish` have in common: who calls, and the buckets, looked at first. */
import { createHash } from 'node:crypto';
import { calling } from '../aws/connect.js';
import { identity } from '../deploy/session.js';
import { InputError } from '../input-error.js';
import { assetBucket, type AssetBucket, type StoredObject } from './assets-client.js';
import { notAsPackaged, wrongPlace } from './diagnostics.js';
import type { PackageFolder } from './package-folder.js';

/** A bucket of packages that may be written to. */
export interface OpenBucket {
  readonly region: string;
  readonly name: string;
  readonly client: AssetBucket;
}

export interface ReleaseSession {
  readonly buckets: readonly OpenBucket[];
  close(): void;
}

/**
 * Makes ready to write: the caller has to be the release role of the account that owns the buckets, and every bucket has to
 * be there, in its Region and of that account, before anything is written to one of them.
 *
 * @throws InputError when something of it is not so.
 */
export async function openRelease(folder: PackageFolder): Promise<ReleaseSession> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { administratorAccount: owner, releaseRole, homeRegion, partition } = folder;
  const { account, arn } = await calling('it cannot be told who calls', () => identity(homeRegion));
  const role = `arn:${partition}:iam::${owner}:role/${releaseRole}`;
  if (account !== owner || !arn.startsWith(`arn:${partition}:sts::${owner}:assumed-role/${releaseRole}/`)) {
    throw new InputError([
      wrongPlace(
        `packages are published by \`${role}\`, and these credentials are of \`${arn}\``,
        'take on that role, such as by a profile with `role_arn`; the stack of `templates/release.json` makes it',
      ),
    ]);
  }
  const buckets: OpenBucket[] = [];
  const close = (): void => {
    for (const { client } of buckets) client.close();
  };
  try {
    for (const { region, bucket: name } of folder.buckets) {
      const client = await assetBucket(name, region, owner);
      buckets.push({ region, name, client });
      await look(client, name, region, owner);
    }
  } catch (error) {
    close();
    throw error;
  }
  return { buckets, close };
}

/** Without a body, Amazon S3 tells no more than a status. */
async function look(client: AssetBucket, name: string, region: string, owner: string): Promise<void> {
  try {
    await client.look();
  } catch (error) {
    const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) {
      throw new InputError([
        wrongPlace(
          `there is no bucket \`${name}\``,
          `deploy \`templates/assets.json\` in ${region} first, as the release role`,
        ),
      ]);
    }
    if (status === 301 || status === 400) {
      throw new InputError([
        wrongPlace(
          `the bucket \`${name}\` is not in ${region}, where functions read it`,
          `delete that bucket, and deploy \`templates/assets.json\` in ${region}`,
        ),
      ]);
    }
    if (status === 403) {
      throw new InputError([
        wrongPlace(
          `the bucket \`${name}\` is not of the account ${owner}, or the release role may not list it`,
          `if it is of somebody else, write the package with another --prefix; else compare its policy and the role with \`templates/\``,
        ),
      ]);
    }
    await calling(`the bucket \`${name}\` cannot be looked at`, () => Promise.reject(error as Error));
  }
}

export const digestOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** An object of a bucket. @throws InputError when it is not there, has no version, or has another digest. */
export async function verified(
  { client, name }: OpenBucket,
  key: string,
  sha256: string,
): Promise<StoredObject & { readonly versionId: string }> {
  const shown = `s3://${name}/${key}`;
  const stored = await calling(`\`${shown}\` cannot be read`, () => client.get(key));
  if (stored === null) {
    throw new InputError([
      notAsPackaged(`there is no \`${shown}\``, 'publish the package first: `stackade hook upload`'),
    ]);
  }
  const { versionId } = stored;
  if (digestOf(stored.content) !== sha256) {
    throw new InputError([
      notAsPackaged(
        `\`${shown}\` is not what its name says: its digest is another one`,
        'somebody wrote it past the policy of the bucket: find out who (CloudTrail), delete that version, and upload again',
      ),
    ]);
  }
  if (versionId === null || versionId === 'null') {
    throw new InputError([
      notAsPackaged(
        `\`${shown}\` has no version: the bucket does not keep versions`,
        'deploy `templates/assets.json` again, which turns versions on',
      ),
    ]);
  }
  return { ...stored, versionId };
}
