/**
 * `stackade hook publish`: makes the policies of a package the ones that hooks decide by, in every Region, by the small
 * object that they look at. The policies themselves are there before (`stackade hook upload`).
 */
import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { visible } from '../../findings/index.js';
import {
  BundleError,
  manifestText,
  manifestToSign,
  readBundle,
  readBundleManifest,
  signManifest,
} from '../../hooks/bundle/index.js';
import type { BundleManifest } from '../../hooks/bundle/index.js';
import { calling } from '../aws/connect.js';
import { badOption } from '../check/diagnostics.js';
import { readFileText } from '../check/read-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { notAsPackaged } from './diagnostics.js';
import { readPackageFolder, type PackageFolder } from './package-folder.js';
import { openRelease, verified, type OpenBucket } from './release.js';

export interface PublishFlags {
  readonly privateKey?: string;
  readonly signWith?: string;
  readonly format: 'pretty' | 'json';
}

/** Adds `publish` to `hook`. Exit code: 0 in force everywhere, 1 stopped half-way, 2 nothing was written. */
export function registerPublish(parent: Command): void {
  parent
    .command('publish')
    .description('makes the policies of a package the ones that hooks decide by (`--live-policies`; AWS)')
    .argument('<folder>', 'what `stackade hook package --live-policies` has written, and `hook upload` has published')
    .option('--private-key <file>', 'PEM of the key to sign with')
    .option('--sign-with <command>', 'what signs: gets the bytes on standard input, prints the signature in Base64')
    .addOption(new Option('--format <format>', 'form of the report').choices(['pretty', 'json']).default('pretty'))
    .action(async (folder: string, flags: PublishFlags) => {
      process.exitCode = await runPublish(folder, flags, processTerminal(), Date.now());
    });
}

type Live = NonNullable<PackageFolder['live']>;
type Sign = (manifest: BundleManifest) => BundleManifest;

/** A manifest that is to be written, or is there already. */
interface Prepared {
  readonly bucket: OpenBucket;
  readonly manifest: BundleManifest;
  /** Tag of what it replaces; `null`: there is nothing yet. */
  readonly replaces: string | null;
  readonly isThere: boolean;
}

/** @param now - Milliseconds since 1970. @returns The exit code; what the user can mend has been told then. */
export async function runPublish(
  folder: string,
  flags: PublishFlags,
  terminal: Terminal,
  now: number,
): Promise<number> {
  const done: Prepared[] = [];
  try {
    const packaged = readPackageFolder(folder, terminal.cwd);
    const live = liveOf(packaged, folder);
    const sign = signer(flags, live, terminal);
    const session = await openRelease(packaged);
    try {
      const prepared: Prepared[] = [];
      // All of it is looked at and signed before the first function can see the new policies.
      for (const bucket of session.buckets) prepared.push(await prepare(bucket, live, sign, now));
      for (const each of prepared) {
        if (!each.isThere) await write(each, live);
        done.push(each);
      }
    } finally {
      session.close();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    const written = done.filter(({ isThere }) => !isThere).map(({ bucket }) => bucket.region);
    if (written.length === 0) return BAD_INPUT;
    terminal.tell(`the new policies count in ${written.join(', ')} only; run the command again when that is mended\n`);
    return FINDINGS;
  }
  terminal.print(flags.format === 'json' ? asJson(done) : asText(done));
  return CLEAN;
}

function liveOf({ live }: PackageFolder, folder: string): Live {
  if (live !== null) return live;
  throw new InputError([
    badOption(
      visible(folder),
      'holds hooks that carry their policies: they look for none',
      'write the package with --live-policies, or roll it out: `stackade deploy apply`',
    ),
  ]);
}

function signer({ privateKey, signWith }: PublishFlags, live: Live, terminal: Terminal): Sign {
  const option = privateKey !== undefined ? '--private-key' : '--sign-with';
  if (privateKey !== undefined && signWith !== undefined) {
    throw new InputError([badOption('--sign-with', 'is given beside --private-key', 'give one of the two')]);
  }
  if (live.publicKey === null) {
    if (privateKey === undefined && signWith === undefined) return (manifest) => manifest;
    const help = 'write the package with --public-key: hooks then take nothing that is not signed';
    throw new InputError([badOption(option, 'signs what no hook looks at: the package has no public key', help)]);
  }
  const { publicKey } = live;
  if (privateKey === undefined && signWith === undefined) {
    const help = 'give --private-key or --sign-with';
    throw new InputError([
      badOption('--private-key', 'is missing: hooks of this package take signed policies only', help),
    ]);
  }
  const sign = privateKey === undefined ? byCommand(signWith!) : byKey(privateKey, terminal);
  return (manifest) => {
    const signed = sign(manifest);
    try {
      return readBundleManifest(manifestText(signed), publicKey);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      const help = 'sign with the private part of the key that --public-key has put into the package';
      throw new InputError([badOption(option, 'gives a signature that the hooks of this package do not take', help)]);
    }
  };
}

function byKey(file: string, { cwd }: Terminal): Sign {
  const { text, diagnostic } = readFileText(resolve(cwd, file), file);
  if (text === null) throw new InputError([diagnostic]);
  try {
    createPublicKey(text);
  } catch {
    throw new InputError([badOption('--private-key', `\`${visible(file)}\` is no PEM of a private key`)]);
  }
  return (manifest) => {
    try {
      return signManifest(manifest, text);
    } catch {
      throw new InputError([badOption('--private-key', `\`${visible(file)}\` cannot sign`, 'name a private key')]);
    }
  };
}

function byCommand(command: string): Sign {
  return (manifest) => {
    const { status, stdout } = spawnSync('sh', ['-c', command], {
      input: manifestToSign(manifest),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const signature = stdout.replace(/\s/g, '');
    if (status !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) {
      const help = 'it gets the bytes to sign on standard input, and prints the signature in Base64';
      throw new InputError([
        badOption('--sign-with', status === 0 ? 'printed no Base64' : `ended with ${String(status)}`, help),
      ]);
    }
    return { ...manifest, signature };
  };
}

/** What has to be written to a bucket: the version of the policies that lies there, read and found whole. */
async function prepare(bucket: OpenBucket, live: Live, sign: Sign, now: number): Promise<Prepared> {
  const sha256 = /([0-9a-f]{64})/.exec(live.bundle)![1]!;
  const { content, versionId } = await verified(bucket, live.bundle, sha256);
  try {
    readBundle(content.toString('utf8'), { digest: sha256 });
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const help = 'write and upload the package with this version of Stackade';
    throw new InputError([notAsPackaged(`\`${live.bundle}\` cannot be read as policies: ${error.message}`, help)]);
  }
  const bundle = { key: live.bundle, versionId, sha256 };
  const shown = `s3://${bucket.name}/${live.key}`;
  const current = await calling(`\`${shown}\` cannot be read`, () => bucket.client.get(live.key));
  const before = current === null ? null : earlier(current.content.toString('utf8'), live.publicKey);
  if (before?.isGood === true && isSame(before.manifest.bundle, bundle)) {
    return { bucket, manifest: before.manifest, replaces: current!.etag, isThere: true };
  }
  const last = before === null ? 0 : Date.parse(before.manifest.published);
  if (last > now + MOST_AHEAD) {
    throw new InputError([
      notAsPackaged(
        `\`${shown}\` was published at ${before!.manifest.published}, which is still to come`,
        'functions take nothing older: check the clock of this machine, or publish when that time has passed',
      ),
    ]);
  }
  // Functions take nothing that is not newer, and the time is told in seconds.
  const time = new Date(Math.max(Math.floor(now / 1000), last / 1000 + 1) * 1000);
  const published = `${time.toISOString().slice(0, 19)}Z`;
  const manifest = sign({ format: 1, published, bundle });
  return { bucket, manifest, replaces: current?.etag ?? null, isThere: false };
}

function isSame(one: BundleManifest['bundle'], other: BundleManifest['bundle']): boolean {
  return one.key === other.key && one.versionId === other.versionId && one.sha256 === other.sha256;
}

/** Milliseconds that clocks may differ. */
const MOST_AHEAD = 60_000;

/** What counted so far. One that no function of this package takes has its time at least. */
function earlier(
  text: string,
  publicKey: string | null,
): { readonly manifest: BundleManifest; readonly isGood: boolean } | null {
  for (const key of new Set([publicKey, null])) {
    try {
      return { manifest: readBundleManifest(text, key), isGood: key === publicKey };
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
    }
  }
  return null;
}

async function write({ bucket, manifest, replaces }: Prepared, live: Live): Promise<void> {
  const { client, name } = bucket;
  const text = manifestText(manifest);
  const shown = `s3://${name}/${live.key}`;
  const isOurs = await calling(`\`${shown}\` cannot be written`, () =>
    client.replace(live.key, Buffer.from(text), replaces),
  );
  const stored = isOurs ? await calling(`\`${shown}\` cannot be read`, () => client.get(live.key)) : null;
  if (stored?.content.toString('utf8') === text) return;
  throw new InputError([
    notAsPackaged(
      `somebody else has published to \`${shown}\` meanwhile`,
      'publish from one place at a time; look which policies count now, and run the command again if they are not yours',
    ),
  ]);
}

function asJson(done: readonly Prepared[]): string {
  const regions = done.map(({ bucket: { region, name }, manifest, isThere }) => ({
    region,
    bucket: name,
    isNew: !isThere,
    manifest,
  }));
  return `${JSON.stringify({ version: 1, regions }, null, 2)}\n`;
}

function asText(done: readonly Prepared[]): string {
  const lines = done.map(
    ({ bucket: { region }, manifest: { bundle, published }, isThere }) =>
      `${region}: policies ${bundle.sha256.slice(0, 12)} count${isThere ? ' already' : ''}, published ${published}`,
  );
  return `${lines.join('\n')}\n`;
}
