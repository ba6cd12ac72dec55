/** S3 as the sandbox serves it, by the AWS SDK. */
import { Readable } from 'node:stream';
import { createHash, createHmac } from 'node:crypto';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  type PutObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { startSandbox } from '../../../sandbox/index.js';
import type { Credentials, Sandbox } from '../../../sandbox/index.js';
import { Clients, DOCUMENT, outcome } from '../clients.js';
import { seeded } from '../organization.js';

const SHOP = '444444444444';
const Bucket = 'shop-data';

export function s3Suite(): void {
  let sandbox: Sandbox;
  let s3: S3Client;
  const clients = new Clients(() => sandbox);

  beforeEach(async () => {
    sandbox = await startSandbox({ organization: seeded() });
    s3 = clients.s3(sandbox.credentials(SHOP));
    await s3.send(new CreateBucketCommand({ Bucket }));
  });

  afterEach(async () => {
    clients.close();
    await sandbox.close();
    expect(clients.departures).toStrictEqual([]);
  });

  const put = (Key: string, Body: string, more: object = {}): Promise<PutObjectCommandOutput> =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

  async function textOf(Key: string, more: object = {}): Promise<string> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Body!.transformToString();
  }

  it('keeps settings of buckets', async () => {
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets).toMatchObject([{ Name: Bucket, BucketRegion: 'us-east-1' }]);
    await s3.send(new HeadBucketCommand({ Bucket }));
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint ?? '').toBe('');

    const Default = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(Default.ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject({
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
      BucketKeyEnabled: false,
    });
    const Rules = [
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/data' } } as const,
    ];
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    await put('encrypted', 'x');
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'encrypted' }))).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'alias/data',
      ContentLength: 1,
    });
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));

    const TagSet = [{ Key: 'team', Value: 'a & b' }];
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toStrictEqual(TagSet);
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    expect(await outcome(s3.send(new GetBucketTaggingCommand({ Bucket })))).toMatch(/^NoSuchTagSet/);

    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(PublicAccessBlockConfiguration!)).toStrictEqual([true, true, true, true]);
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await outcome(s3.send(new GetPublicAccessBlockCommand({ Bucket })))).toMatch(/^NoSuchPublicAccessBlock/);

    const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(ownership.OwnershipControls?.Rules?.[0]?.ObjectOwnership).toBe('BucketOwnerEnforced');
    const ObjectWriter = { Rules: [{ ObjectOwnership: 'ObjectWriter' } as const] };
    expect(
      await outcome(s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: ObjectWriter }))),
    ).toMatch(/^NotImplemented/);
    expect(await outcome(s3.send(new DeleteBucketCommand({ Bucket })))).toMatch(/^BucketNotEmpty/);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'encrypted' }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await outcome(s3.send(new ListObjectsV2Command({ Bucket })))).toMatch(/^NoSuchBucket/);
  });

  it('has one space of names for all accounts, and a Region for each bucket', async () => {
    const other = clients.s3(sandbox.credentials('555555555555'));
    expect(await outcome(other.send(new CreateBucketCommand({ Bucket })))).toMatch(/^BucketAlreadyExists/);
    expect(await outcome(s3.send(new CreateBucketCommand({ Bucket })))).toBe('ok');
    expect(await outcome(s3.send(new CreateBucketCommand({ Bucket: 'Upper' })))).toMatch(/^InvalidBucketName/);
    const west = clients.s3(sandbox.credentials(SHOP), 'eu-west-1');
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    await west.send(new CreateBucketCommand({ Bucket: 'west', CreateBucketConfiguration }));
    expect(await outcome(west.send(new CreateBucketCommand({ Bucket: 'west', CreateBucketConfiguration })))).toMatch(
      /^BucketAlreadyOwnedByYou/,
    );
    expect(
      await outcome(
        west.send(
          new CreateBucketCommand({ Bucket: 'wrong', CreateBucketConfiguration: { LocationConstraint: 'eu-west-2' } }),
        ),
      ),
    ).toMatch(/^IllegalLocationConstraint/);
    expect(await outcome(s3.send(new ListObjectsV2Command({ Bucket: 'west' })))).toMatch(
      /^AuthorizationHeaderMalformed.*expecting 'eu-west-1'/,
    );
  });

  it('gives back what was put, with what belongs to it', async () => {
    await put('a/b c+d%/ü.txt', 'hello', { ContentType: 'text/plain', Metadata: { owner: 'ann' }, Tagging: 'k=v&l=w' });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/b c+d%/ü.txt' }));
    expect(await got.Body!.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { owner: 'ann' },
      TagCount: 2,
      ETag: `"${createHash('md5').update('hello').digest('hex')}"`,
      ServerSideEncryption: 'AES256',
    });
    expect(await textOf('a/b c+d%/ü.txt', { Range: 'bytes=1-3' })).toBe('ell');
    expect(await textOf('a/b c+d%/ü.txt', { Range: 'bytes=-2' })).toBe('lo');
    expect(await outcome(textOf('a/b c+d%/ü.txt', { Range: 'bytes=9-' }))).toMatch(/^InvalidRange/);
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/a/b%20c%2Bd%25/%C3%BC.txt` }));
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'copy' }));
    expect(TagSet).toStrictEqual([
      { Key: 'k', Value: 'v' },
      { Key: 'l', Value: 'w' },
    ]);
    await s3.send(
      new PutObjectTaggingCommand({ Bucket, Key: 'copy', Tagging: { TagSet: [{ Key: 'n', Value: '1' }] } }),
    );
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'copy' }));
    expect(await outcome(textOf('missing'))).toMatch(/^NoSuchKey/);
    expect(await outcome(s3.send(new HeadObjectCommand({ Bucket, Key: 'missing' })))).toMatch(/^NotFound/);
  });

  it('writes and reads under conditions', async () => {
    const { ETag } = await put('once', '1', { IfNoneMatch: '*' });
    expect(await outcome(put('once', '2', { IfNoneMatch: '*' }))).toMatch(/^PreconditionFailed/);
    expect(await outcome(put('once', '2', { IfMatch: '"other"' }))).toMatch(/^PreconditionFailed/);
    expect(await outcome(put('missing', '2', { IfMatch: ETag }))).toMatch(/^NoSuchKey/);
    await put('once', '2', { IfMatch: ETag });
    expect(await textOf('once')).toBe('2');
    expect(await outcome(textOf('once', { IfMatch: ETag }))).toMatch(/^PreconditionFailed/);
    const { ETag: now } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'once' }));
    expect(await outcome(textOf('once', { IfNoneMatch: now }))).toMatch(/^NotModified|^304|^UnknownError|^Unknown/);
  });

  it('keeps versions', async () => {
    await put('k', 'before');
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const { VersionId } = await put('k', 'one');
    await put('k', 'two');
    expect(await textOf('k')).toBe('two');
    expect(await textOf('k', { VersionId })).toBe('one');
    expect(await textOf('k', { VersionId: 'null' })).toBe('before');
    const { DeleteMarker } = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(DeleteMarker).toBe(true);
    expect(await outcome(textOf('k'))).toMatch(/^NoSuchKey/);
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions?.map(({ IsLatest }) => IsLatest)).toStrictEqual([false, false, false]);
    expect(listed.DeleteMarkers).toMatchObject([{ Key: 'k', IsLatest: true }]);
    const marker = listed.DeleteMarkers![0]!.VersionId;
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: marker }));
    expect(await textOf('k')).toBe('two');
    expect(await outcome(textOf('k', { VersionId: marker }))).toMatch(/^NoSuchVersion/);
  });

  it('lists with prefixes, delimiters and pages', async () => {
    for (const key of ['a/1', 'a/2', 'b', 'c/1', 'c/d/2', 'é']) await put(key, key);
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(listed.Contents?.map(({ Key }) => Key)).toStrictEqual(['b', 'é']);
    expect(listed.CommonPrefixes).toStrictEqual([{ Prefix: 'a/' }, { Prefix: 'c/' }]);
    for (const MaxKeys of [1, 2, 3, 5]) {
      for (const Delimiter of [undefined, '/']) {
        const found: string[] = [];
        const pages = paginateListObjectsV2({ client: s3 }, { Bucket, MaxKeys, ...(Delimiter && { Delimiter }) });
        for await (const page of pages) {
          found.push(...(page.Contents ?? []).map(({ Key }) => Key!));
          found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
        }
        const all = Delimiter === undefined ? ['a/1', 'a/2', 'b', 'c/1', 'c/d/2', 'é'] : ['a/', 'b', 'c/', 'é'];
        expect([MaxKeys, ...found.sort()]).toStrictEqual([MaxKeys, ...all]);
      }
    }
    const old = await s3.send(new ListObjectsCommand({ Bucket, Prefix: 'c/', EncodingType: 'url' }));
    expect(old.Contents?.map(({ Key }) => Key)).toStrictEqual(['c/1', 'c/d/2']);
    const after = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: 'b' }));
    expect(after.KeyCount).toBe(3);
    const Objects = ['a/1', 'a/2', 'none'].map((Key) => ({ Key }));
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).toHaveLength(3);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(4);
  });

  it('refuses what did not arrive as it was sent, and what it cannot read', async () => {
    expect(await outcome(put('x', 'body', { ContentMD5: createHash('md5').update('other').digest('base64') }))).toMatch(
      /^BadDigest/,
    );
    expect(
      await outcome(put('x', 'body', { ChecksumSHA256: createHash('sha256').update('o').digest('base64') })),
    ).toMatch(/^BadDigest/);
    await put('x', 'body', { ChecksumAlgorithm: 'CRC32C' });
    await put('y', 'body', { ChecksumAlgorithm: 'SHA1' });
    expect(await textOf('x')).toBe('body');
    expect(await outcome(put('x', 'body', { ACL: 'public-read' }))).toMatch(/^AccessControlListNotSupported/);
    const Policy = '{"Version":"2012-10-17"}';
    expect(await outcome(s3.send(new PutBucketPolicyCommand({ Bucket, Policy })))).toMatch(/^MalformedPolicy/);
  });

  it('takes bodies in frames', async () => {
    const text = 'line\n'.repeat(50_000);
    await s3.send(
      new PutObjectCommand({ Bucket, Key: 'stream', Body: Readable.from([text]), ContentLength: text.length }),
    );
    expect(await textOf('stream')).toBe(text);
  });

  describe('bucket policies', () => {
    const arn = `arn:aws:s3:::${Bucket}`;
    const other = (): S3Client => clients.s3(sandbox.credentials('555555555555'));
    const Get = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${arn}/*` };
    const policy = (...statements: object[]): Promise<string> =>
      outcome(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: DOCUMENT(...statements) })));

    it('let other accounts in', async () => {
      await put('k', 'v');
      const read = (): Promise<string> => outcome(other().send(new GetObjectCommand({ Bucket, Key: 'k' })));
      expect(await read()).toBe(
        `AccessDenied: User: arn:aws:iam::555555555555:user/administrator is not authorized to perform: s3:GetObject on resource: ${arn}/k because no resource-based policy allows the s3:GetObject action`,
      );
      expect(await policy({ ...Get, Principal: { AWS: '555555555555' } })).toBe('ok');
      expect(await read()).toBe('ok');
      expect((await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic).toBe(false);
      expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toMatch(/555555555555/);
      expect(
        await policy({ ...Get, Principal: { AWS: '555555555555' } }, { ...Get, Principal: '*', Effect: 'Deny' }),
      ).toBe('ok');
      expect(await read()).toMatch(/with an explicit deny in a resource-based policy$/);
      expect(await outcome(textOf('k'))).toMatch(/with an explicit deny in a resource-based policy$/);
      await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
      expect(await outcome(s3.send(new GetBucketPolicyCommand({ Bucket })))).toMatch(/^NoSuchBucketPolicy/);
    });

    it('are not public where that is blocked', async () => {
      await put('k', 'v');
      const open = { ...Get, Principal: '*' };
      const anonymous = async (): Promise<number> => (await fetch(`${sandbox.url}/${Bucket}/k`)).status;
      expect(await policy(open)).toMatch(/^AccessDenied: .*BlockPublicPolicy/);
      const organization = { ...open, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } };
      expect(await policy(organization)).toBe('ok');
      expect(await outcome(other().send(new GetObjectCommand({ Bucket, Key: 'k' })))).toBe('ok');
      expect(await anonymous()).toBe(403);
      const blocks = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false };
      const set = (RestrictPublicBuckets: boolean): Promise<unknown> =>
        s3.send(
          new PutPublicAccessBlockCommand({
            Bucket,
            PublicAccessBlockConfiguration: { ...blocks, RestrictPublicBuckets },
          }),
        );
      await set(false);
      expect(await policy(open)).toBe('ok');
      expect((await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic).toBe(true);
      expect(await anonymous()).toBe(200);
      await set(true);
      expect(await anonymous()).toBe(403);
      expect(await outcome(other().send(new GetObjectCommand({ Bucket, Key: 'k' })))).toMatch(/^AccessDenied/);
      expect(await textOf('k')).toBe('v');
    });

    it('name only what is there, and only this bucket', async () => {
      expect(await policy({ ...Get, Principal: { AWS: 'arn:aws:iam::555555555555:role/none' } })).toMatch(
        /^MalformedPolicy: Invalid principal/,
      );
      expect(await policy({ ...Get, Principal: { AWS: '555555555555' }, Resource: 'arn:aws:s3:::another/*' })).toBe(
        'MalformedPolicy: Policy has invalid resource',
      );
    });
  });

  describe('signatures', () => {
    /** A presigned URL, made by hand: Signature Version 4 in the query. */
    function presigned(
      { accessKeyId, secretAccessKey, sessionToken }: Credentials,
      key: string,
      expires: number,
      at: Date,
    ): string {
      const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
      const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
      const query = Object.entries({
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': `${accessKeyId}/${scope}`,
        'X-Amz-Date': time,
        'X-Amz-Expires': String(expires),
        ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
        'X-Amz-SignedHeaders': 'host',
      })
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join('&');
      const host = sandbox.url.slice('http://'.length);
      const canonical = ['GET', `/${Bucket}/${key}`, query, `host:${host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
      const hmac = (by: string | Buffer, text: string): Buffer => createHmac('sha256', by).update(text).digest();
      const signing = ['us-east-1', 's3', 'aws4_request'].reduce(
        hmac,
        hmac(`AWS4${secretAccessKey}`, time.slice(0, 8)),
      );
      const hash = createHash('sha256').update(canonical).digest('hex');
      const signature = hmac(signing, ['AWS4-HMAC-SHA256', time, scope, hash].join('\n')).toString('hex');
      return `${sandbox.url}/${Bucket}/${key}?${query}&X-Amz-Signature=${signature}`;
    }

    it('in URLs hold for their time and their object', async () => {
      await put('k', 'v');
      await put('other', 'w');
      const by = sandbox.credentials(SHOP);
      const now = new Date();
      const good = await fetch(presigned(by, 'k', 60, now));
      expect([good.status, await good.text()]).toStrictEqual([200, 'v']);
      const session = await clients.session(
        sandbox.credentials('111111111111'),
        `arn:aws:iam::${SHOP}:role/OrganizationAccountAccessRole`,
      );
      expect((await fetch(presigned(session, 'k', 60, now))).status).toBe(200);
      const late = await fetch(presigned(by, 'k', 60, new Date(now.getTime() - 61_000)));
      expect([late.status, await late.text()]).toStrictEqual([403, expect.stringMatching(/Request has expired/)]);
      const changed = presigned(by, 'k', 60, now).replace(`/${Bucket}/k?`, `/${Bucket}/other?`);
      expect((await fetch(changed)).status).toBe(403);
      expect((await fetch(presigned(by, 'k', 60, now).replace('Expires=60', 'Expires=600'))).status).toBe(403);
      expect((await fetch(presigned({ ...by, secretAccessKey: 'x' }, 'k', 60, now))).status).toBe(403);
      expect((await fetch(presigned(by, 'k', 700_000, now))).status).toBe(400);
      const { sessionToken, ...rest } = session;
      expect(sessionToken).toBeDefined();
      expect((await fetch(presigned(rest, 'k', 60, now))).status).toBe(403);
    });

    it('with a wrong secret or an unknown key are refused in the words of S3', async () => {
      const by = sandbox.credentials(SHOP);
      const list = (credentials: Credentials): Promise<string> =>
        outcome(clients.s3(credentials).send(new ListObjectsV2Command({ Bucket })));
      expect(await list({ ...by, secretAccessKey: 'x' })).toMatch(/^SignatureDoesNotMatch/);
      expect(await list({ ...by, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' })).toMatch(/^InvalidAccessKeyId/);
      expect(await list({ ...by, sessionToken: 'x' })).toMatch(/^InvalidAccessKeyId/);
    });
  });

  it('answers hosts that begin with the bucket', async () => {
    await put('k', 'v');
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        `${sandbox.url}/k`,
        { headers: { host: `${Bucket}.localhost:${sandbox.port}` } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject).end();
    });
    // Nobody signed it; there is a bucket, so that is what is said.
    expect(status).toBe(403);
  });
}
