/** The built function as its package is laid out: a bundle beside it or in a bucket, and what it does when that fails. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { manifestText, packBundle, signManifest } from '../../hooks/bundle/index.js';
import type { BundleManifest, PackedBundle } from '../../hooks/bundle/index.js';
import type { HookAnswer } from '../../hooks/lambda/index.js';
import { folderOf, removeFolders } from '../cli/check/support.js';
import { bundleOf, BUCKET, resourceEvent } from '../hooks/lambda/support.js';
import { repositoryRoot } from '../support/repository.js';

const BUILT = join(repositoryRoot(), 'dist', 'hook');
const event = resourceEvent(BUCKET, { BucketName: 'orders' });
const LENIENT = packBundle(bundleOf());
const STRICT = packBundle(bundleOf({ gate: null, accounts: new Map([['111122223333', { orgId: 'o-strict' }]]) }));

/** What a bucket answers: an object by its path, a status, or nothing for ever. */
const objects = new Map<string, { readonly text: string } | number | 'silent'>();
const asked: string[] = [];
const server = createServer((request, response) => {
  const url = new URL(request.url!, 'http://localhost');
  const key = `${url.pathname}${url.searchParams.has('versionId') ? `?${url.searchParams.get('versionId')!}` : ''}`;
  const object = objects.get(key) ?? 404;
  const tag = typeof object === 'object' ? `"${Buffer.from(object.text).toString('base64').slice(-40)}"` : '';
  const unchanged = request.headers['if-none-match'] === tag;
  asked.push(`${key} ${typeof object === 'object' ? (unchanged ? 304 : 200) : object}`);
  if (object === 'silent') return;
  if (typeof object === 'number') response.writeHead(object).end();
  else if (unchanged) response.writeHead(304, { etag: tag }).end();
  else response.writeHead(200, { etag: tag }).end(object.text);
});
beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const running: ChildProcess[] = [];
beforeEach(() => {
  objects.clear();
  asked.length = 0;
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  removeFolders();
});

/** A package in a folder of its own. */
function packageOf(files: Readonly<Record<string, string>>): string {
  const folder = folderOf(files);
  for (const name of ['handler.mjs', 's3.mjs', 'run.mjs']) copyFileSync(join(BUILT, name), join(folder, name));
  return folder;
}

/** Starts the function. @returns What gives the answer to one more event. */
function start(
  folder: string,
  environment: Readonly<Record<string, string>>,
  ...options: readonly string[]
): () => Promise<HookAnswer> {
  const { port } = server.address() as AddressInfo;
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...environment,
  };
  const child = spawn(process.execPath, [join(folder, 'run.mjs'), ...options], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  running.push(child);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    child.stdin.write(`${JSON.stringify(event)}\n`);
    const { value } = (await answers.next()) as { value: string };
    return JSON.parse(value) as HookAnswer;
  };
}

const manifestOf = ({ digest }: PackedBundle, published: string): BundleManifest => ({
  format: 1,
  published,
  bundle: { key: `bundles/${digest}`, versionId: 'v1', sha256: digest },
});
const put = (manifest: BundleManifest, bundle: PackedBundle): void => {
  objects.set('/policy/manifest.json', { text: manifestText(manifest) });
  objects.set(`/policy/${manifest.bundle.key}?v1`, { text: bundle.text });
};
const OLD = manifestOf(LENIENT, '2026-11-20T08:00:00Z');
const NEW = manifestOf(STRICT, '2026-11-21T08:00:00Z');
const BY_MANIFEST = { STACKADE_BUNDLE_BUCKET: 'policy', STACKADE_MANIFEST_KEY: 'manifest.json' };
/** Every event looks at the manifest, and a copy is of no use when that fails. */
const AT_ONCE = { ...BY_MANIFEST, STACKADE_MAX_AGE_SECONDS: '0', STACKADE_MAX_STALE_SECONDS: '0' };
/** A copy is older than nothing a moment later. */
const moment = (): Promise<void> => new Promise((done) => setTimeout(done, 20));

it('decides by the bundle beside it, and needs nothing else of this repository', async () => {
  const next = start(packageOf({ 'bundle.jsonl': LENIENT.text }), { STACKADE_BUNDLE_DIGEST: LENIENT.digest });
  expect(await next()).toMatchObject({ hookStatus: 'SUCCESS', clientRequestToken: 'token-1' });
  expect(asked).toStrictEqual([]);
});

it('without a bundle, or with another one than it was told of, every event is refused', async () => {
  const missing = await start(packageOf({}), {})();
  expect(missing).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' });
  expect(missing.message).toContain('has no `bundle.jsonl` that can be read (ENOENT); make the package again');
  const tampered = start(packageOf({ 'bundle.jsonl': `${LENIENT.text} ` }), { STACKADE_BUNDLE_DIGEST: LENIENT.digest });
  for (let count = 0; count < 2; count += 1) {
    expect((await tampered()).message).toContain('the bundle is not the one that was published');
  }
});

it('reads what a signed manifest names, looks again, and takes what is published next', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const sign = (manifest: BundleManifest): BundleManifest =>
    signManifest(manifest, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const folder = packageOf({});
  writeFileSync(join(folder, 'bundle.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  put(sign(OLD), LENIENT);
  const next = start(folder, AT_ONCE);
  expect(await next()).toMatchObject({ hookStatus: 'SUCCESS' });
  // The function looks while it starts; an event that comes later looks again.
  expect(asked.slice(0, 2)).toStrictEqual(['/policy/manifest.json 200', `/policy/bundles/${LENIENT.digest}?v1 200`]);
  await moment();
  asked.length = 0;
  expect(await next()).toMatchObject({ hookStatus: 'SUCCESS' });
  expect(asked.splice(0)).toStrictEqual(['/policy/manifest.json 304']);
  put(sign(NEW), STRICT);
  await moment();
  await next();
  expect(asked).toStrictEqual(['/policy/manifest.json 200', `/policy/bundles/${STRICT.digest}?v1 200`]);
  put(OLD, LENIENT);
  await moment();
  expect((await next()).message).toContain(
    'no signature by the key in the package of this hook; sign what is published',
  );
});

it('denied, gone and tampered with: nothing passes, and the message says what to do', async () => {
  put(OLD, LENIENT);
  const next = start(packageOf({}), AT_ONCE);
  expect(await next()).toMatchObject({ hookStatus: 'SUCCESS' });
  const faults = [
    [403, 'access is denied; the role of the function needs s3:GetObject and s3:GetObjectVersion on it'],
    [404, 'there is no such object or version; publish the bundle'],
    [{ text: '{"format":2}' }, 'has the format 2, and this handler reads 1 only; publish the handler and the bundle'],
    [{ text: manifestText(NEW) }, 'there is no such object or version'],
  ] as const;
  for (const [object, said] of faults) {
    objects.set('/policy/manifest.json', object);
    await moment();
    const answer = await next();
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure', clientRequestToken: 'token-1' });
    expect(answer.message).toContain(said);
  }
  put(NEW, LENIENT);
  await moment();
  expect((await next()).message).toContain('the bundle is not the one that was published');
  put(NEW, STRICT);
  await moment();
  expect((await next()).hookStatus).toBe('SUCCESS');
});

it('a copy that may still be used is used when the bucket is away', async () => {
  put(OLD, LENIENT);
  const next = start(packageOf({}), { ...BY_MANIFEST, STACKADE_MAX_AGE_SECONDS: '0' });
  expect(await next()).toMatchObject({ hookStatus: 'SUCCESS' });
  objects.set('/policy/manifest.json', 403);
  await moment();
  expect(await next()).toMatchObject({ hookStatus: 'SUCCESS' });
  expect(asked.at(-1)).toBe('/policy/manifest.json 403');
});

it('a bucket that does not answer: there is an answer before the function ends', async () => {
  objects.set('/policy/manifest.json', 'silent');
  const answer = await start(packageOf({}), BY_MANIFEST, '--timeout=1500')();
  expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' });
  expect(answer.message).toMatch(/no answer within|did not come within/);
});

it('is built', () => {
  expect(existsSync(join(BUILT, 'handler.mjs'))).toBe(true);
});
