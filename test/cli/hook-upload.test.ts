/** `stackade hook upload` and `stackade hook publish` in this process, against buckets of a sandbox: what they write, and what they refuse. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { assetBucket } from '../../cli/hook/assets-client.js';
import { runPublish } from '../../cli/hook/publish.js';
import { runUpload } from '../../cli/hook/upload.js';
import type { Terminal } from '../../cli/terminal.js';
import { packBundle, readBundleManifest } from '../../hooks/bundle/index.js';
import { buildBundle, defaultParameters, NO_WAIVERS } from '../../rules/index.js';
import { seedOrganization, startSandbox } from '../../sandbox/index.js';
import type { Sandbox } from '../../sandbox/index.js';
import { organizationOf } from '../stacksets/scenario.js';
import { folderOf, removeFolders } from './check/support.js';

const OWNER = '222222222222';
const REGIONS = ['eu-central-1', 'eu-west-1'] as const;
const bucketIn = (region: string): string => `stackade-assets-${OWNER}-${region}`;
const NOW = Date.parse('2026-11-21T08:00:00Z');

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const bundleOf = (id: string): string =>
  packBundle({
    rules: buildBundle([{ file: `${id}.guard`, text: `rule ${id} { Resources exists }\n`, rules: new Map() }]).bundle!,
    ruleParameters: defaultParameters(),
    wholeTemplate: new Set(),
    gate: null,
    waivers: NO_WAIVERS,
    accounts: new Map(),
    failOn: 'error',
    notEvaluated: 'block',
  }).text;
const [BUNDLE, OTHER] = [bundleOf('ONE'), bundleOf('TWO')];
const keys = generateKeyPairSync('ed25519');
const PUBLIC = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const PRIVATE = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let sandbox: Sandbox;
let environment: NodeJS.ProcessEnv;
let release: Readonly<Record<string, string>>;

beforeAll(async () => {
  environment = { ...process.env };
  sandbox = await startSandbox({ organization: seedOrganization(organizationOf(), Date.now()) });
  const settings = { region: 'eu-central-1', endpoint: sandbox.url, credentials: sandbox.credentials(OWNER) };
  const iam = new IAMClient(settings);
  const RoleName = 'stackade-release';
  const trust = { Effect: 'Allow', Principal: { AWS: OWNER }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' }));
  const sts = new STSClient(settings);
  const RoleArn = `arn:aws:iam::${OWNER}:role/${RoleName}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  iam.destroy();
  sts.destroy();
  release = {
    AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
    AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
    AWS_SESSION_TOKEN: Credentials!.SessionToken!,
  };
});

afterAll(async () => {
  process.env = environment;
  await sandbox.close();
});

afterEach(removeFolders);

const s3 = (region: string, account = OWNER): S3Client =>
  new S3Client({ region, endpoint: sandbox.url, credentials: sandbox.credentials(account), forcePathStyle: true });

async function makeBuckets(
  names = bucketIn,
  inRegion = (region: string): string => region,
  account = OWNER,
): Promise<void> {
  for (const region of REGIONS) {
    const client = s3(inRegion(region), account);
    const Bucket = names(region);
    await client.send(
      new CreateBucketCommand({
        Bucket,
        CreateBucketConfiguration: { LocationConstraint: inRegion(region) as 'eu-west-1' },
      }),
    );
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    if (account !== OWNER) {
      // Who made a bucket of that name lets its victim in.
      const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
      const statement = { Effect: 'Allow', Principal: { AWS: OWNER }, Action: 's3:*', Resource };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    }
    client.destroy();
  }
}

async function objectOf(region: string, Key: string, names = bucketIn): Promise<string> {
  const client = s3(region);
  const { Body } = await client.send(new GetObjectCommand({ Bucket: names(region), Key }));
  const text = await Body!.transformToString();
  client.destroy();
  return text;
}

/** Puts an object past the commands. */
async function put(region: string, Key: string, Body: string, names = bucketIn): Promise<void> {
  const client = s3(region);
  await client.send(new PutObjectCommand({ Bucket: names(region), Key, Body }));
  client.destroy();
}

interface Package {
  readonly bundle?: string;
  readonly publicKey?: string | null;
  readonly names?: (region: string) => string;
  readonly live?: boolean;
}

/** A folder as `hook package` writes it, with small assets. @returns The folder that it lies in. */
function packaged(of: Package = {}): string {
  const { bundle = BUNDLE, publicKey = null, names = bucketIn, live = true } = of;
  const folder = folderOf({});
  const contents: readonly (readonly [string, string, readonly string[]])[] = [
    [`hooks/${digest('code')}.zip`, 'code', REGIONS],
    [`bundles/${digest(bundle)}.jsonl`, bundle, REGIONS],
    [`templates/${digest('{}')}.json`, '{}', [REGIONS[0]]],
  ];
  for (const [key, text] of contents) {
    const path = join(folder, 'hooks', 'assets', key);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }
  const list = {
    version: 1,
    deployment: {
      administratorAccount: OWNER,
      homeRegion: REGIONS[0],
      partition: 'aws',
      releaseRole: 'stackade-release',
    },
    buckets: REGIONS.map((region) => ({ region, bucket: names(region) })),
    assets: contents.map(([key, text, regions]) => ({ key, sha256: digest(text), bytes: text.length, regions })),
    manifest: live ? { key: 'policies/current.json', bundle: contents[1]![0], publicKey } : null,
  };
  writeFileSync(join(folder, 'hooks', 'stackade-package.json'), JSON.stringify(list));
  return folder;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function ran(
  cwd: string,
  command: (terminal: Terminal) => Promise<number>,
  credentials: Readonly<Record<string, string>> = release,
): Promise<Ran> {
  process.env = { ...environment, HOME: cwd, AWS_ENDPOINT_URL: sandbox.url, AWS_EC2_METADATA_DISABLED: 'true' };
  Object.assign(process.env, credentials);
  let [stdout, stderr] = ['', ''];
  const code = await command({
    cwd,
    env: { NO_COLOR: '1' },
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => (stdout += text),
    tell: (text) => (stderr += text),
  });
  return { code, stdout, stderr };
}

const upload = (cwd: string, credentials = release): Promise<Ran> =>
  ran(cwd, (terminal) => runUpload('hooks', { format: 'pretty' }, terminal), credentials);
const publish = (cwd: string, flags: object = {}, now = NOW): Promise<Ran> =>
  ran(cwd, (terminal) => runPublish('hooks', { format: 'pretty', ...flags }, terminal, now));

describe('hook upload', () => {
  it('refuses before anything is written: no bucket, another caller, another Region, another owner', async () => {
    expect(await upload(packaged())).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`error[HOK1001]: there is no bucket \`${bucketIn('eu-central-1')}\``) as string,
    });
    const { accessKeyId, secretAccessKey } = sandbox.credentials(OWNER);
    const administrator = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    expect((await upload(packaged(), administrator)).stderr).toContain(
      'packages are published by `arn:aws:iam::222222222222:role/stackade-release`, and these credentials are of',
    );
    const foreign = (region: string): string => `of-others-${region}`;
    await makeBuckets(foreign, undefined, '333333333333');
    expect((await upload(packaged({ names: foreign }))).stderr).toContain(
      'the bucket `of-others-eu-central-1` is not of the account 222222222222',
    );
    const elsewhere = (region: string): string => `elsewhere-${region}`;
    await makeBuckets(elsewhere, () => 'eu-west-3');
    expect((await upload(packaged({ names: elsewhere }))).stderr).toContain('is not in eu-central-1');
  });

  it('brings each asset to its Regions, and does nothing the second time', async () => {
    await makeBuckets();
    const folder = packaged();
    expect(await upload(folder)).toStrictEqual({
      code: 0,
      stdout: `${bucketIn('eu-central-1')}: 3 written, 0 there already, 3 as packaged\n${bucketIn('eu-west-1')}: 2 written, 0 there already, 2 as packaged\n`,
      stderr: '',
    });
    expect(await objectOf('eu-west-1', `hooks/${digest('code')}.zip`)).toBe('code');
    expect((await upload(folder)).stdout).toContain('0 written, 3 there already, 3 as packaged');
  });

  it('finds an object that is not what its name says, in the folder and in the bucket', async () => {
    const folder = packaged({ bundle: OTHER });
    const key = `bundles/${digest(OTHER)}.jsonl`;
    writeFileSync(join(folder, 'hooks', 'assets', key), 'changed');
    expect((await upload(folder)).stderr).toContain(`holds \`assets/${key}\`, which is not what was packaged`);
    await put('eu-west-1', key, 'planted');
    const stopped = await upload(packaged({ bundle: OTHER }));
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain(`\`s3://${bucketIn('eu-west-1')}/${key}\` is not what its name says`);
    expect(stopped.stderr).toContain('1 objects were written before');
    expect(await objectOf('eu-west-1', key)).toBe('planted');
  });

  it.each<readonly [string, (list: Record<string, unknown>) => void, string]>([
    ['no list of assets', (list) => delete list['assets'], '`assets` of `stackade-package.json` is not of its form'],
    [
      'a way out of the folder',
      (list) => (list['assets'] = [{ key: '../secret', sha256: digest('x'), regions: [] }]),
      '`key` of `assets` is not of its form',
    ],
    [
      'a bucket that is missing',
      (list) => (list['buckets'] = [{ region: 'eu-central-1', bucket: bucketIn('eu-central-1') }]),
      'has assets for eu-west-1, and no bucket there',
    ],
  ])('refuses a list with %s', async (_, change, message) => {
    const folder = packaged();
    const path = join(folder, 'hooks', 'stackade-package.json');
    const list = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    change(list);
    writeFileSync(path, JSON.stringify(list));
    const { code, stderr } = await upload(folder);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('hook publish', () => {
  const names = (region: string): string => `published-${region}`;
  const KEY = 'policies/current.json';
  const current = async (region: string, publicKey: string | null = null) =>
    readBundleManifest(await objectOf(region, KEY, names), publicKey);

  it('says in every Region which policies count; again, nothing; others, at a later time', async () => {
    await makeBuckets(names);
    expect((await publish(packaged({ names }))).stderr).toContain('publish the package first: `stackade hook upload`');
    await upload(packaged({ names }));
    expect(await publish(packaged({ names }))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^eu-central-1: policies [0-9a-f]{12} count, published 2026-11-21T08:00:00Z\n/,
      ) as string,
    });
    const [first, second] = [await current('eu-central-1'), await current('eu-west-1')];
    expect([first.bundle.sha256, second.bundle.sha256]).toStrictEqual([digest(BUNDLE), digest(BUNDLE)]);
    expect(first.bundle.versionId).not.toBe(second.bundle.versionId);
    expect((await publish(packaged({ names }), {}, NOW + 9_000)).stdout).toContain(
      'count already, published 2026-11-21T08:00:00Z',
    );
    await upload(packaged({ names, bundle: OTHER }));
    // The clock stands still: functions take nothing that is not newer.
    await publish(packaged({ names, bundle: OTHER }));
    expect(await current('eu-west-1')).toMatchObject({
      published: '2026-11-21T08:00:01Z',
      bundle: { sha256: digest(OTHER) },
    });
    expect((await publish(packaged({ names }), {}, NOW - 3_600_000)).stderr).toContain('which is still to come');
  });

  it('signs what the functions take, and refuses every other signature', async () => {
    const signed = (): string => packaged({ names, publicKey: PUBLIC });
    expect((await publish(signed())).stderr).toContain('hooks of this package take signed policies only');
    expect((await publish(packaged({ names }), { signWith: 'true' })).stderr).toContain('signs what no hook looks at');
    const folder = signed();
    writeFileSync(join(folder, 'key.pem'), PRIVATE);
    const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    writeFileSync(join(folder, 'other.pem'), other);
    expect((await publish(folder, { privateKey: join(folder, 'other.pem') })).stderr).toContain(
      'gives a signature that the hooks of this package do not take',
    );
    expect((await publish(folder, { signWith: 'echo c2lnbmF0dXJl' })).stderr).toContain('do not take');
    expect((await publish(folder, { signWith: 'exit 3' })).stderr).toContain('--sign-with: ended with 3');
    const before = await current('eu-central-1');
    expect((await publish(folder, { privateKey: join(folder, 'key.pem') }, NOW + 60_000)).code).toBe(0);
    const after = await current('eu-central-1', PUBLIC);
    expect([before.signature, after.published]).toStrictEqual([undefined, '2026-11-21T08:01:00Z']);
  });

  it('takes the place of what no function reads, and never of what somebody else has put there meanwhile', async () => {
    await put('eu-west-1', KEY, 'no manifest', names);
    const folder = packaged({ names });
    expect((await publish(folder, {}, NOW + 120_000)).code).toBe(0);
    expect((await current('eu-west-1')).published).toBe('2026-11-21T08:02:00Z');
    const client = await assetBucket(names('eu-west-1'), 'eu-west-1', OWNER);
    const { etag } = (await client.get(KEY))!;
    await put('eu-west-1', KEY, 'of somebody else', names);
    expect(await client.replace(KEY, Buffer.from('mine'), etag)).toBe(false);
    expect(await client.replace(KEY, Buffer.from('mine'), null)).toBe(false);
    expect(await client.create(KEY, Buffer.from('mine'))).toBe(false);
    client.close();
    expect(await objectOf('eu-west-1', KEY, names)).toBe('of somebody else');
  });

  it('has nothing to say where hooks carry their policies', async () => {
    expect((await publish(packaged({ live: false }))).stderr).toContain('holds hooks that carry their policies');
  });
});
