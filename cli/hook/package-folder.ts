/** A folder that `stackade hook package` has written, read back and held to its own list before anything of it is published. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { visible } from '../../findings/index.js';
import { PACKAGE_LIST } from '../../hooks/package/index.js';
import { badOption, unreadable } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';

/** Something that goes to a bucket of packages, with its content. */
export interface PackagedAsset {
  readonly key: string;
  readonly sha256: string;
  readonly content: Buffer;
  readonly regions: readonly string[];
}

export interface PackageFolder {
  readonly administratorAccount: string;
  readonly homeRegion: string;
  readonly partition: string;
  readonly releaseRole: string;
  readonly buckets: readonly { readonly region: string; readonly bucket: string }[];
  readonly assets: readonly PackagedAsset[];
  /** Where hooks look for the policies that count; `null` when they carry them. */
  readonly live: { readonly key: string; readonly bundle: string; readonly publicKey: string | null } | null;
}

const ACCOUNT = /^[0-9]{12}$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-[0-9]+$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const DIGEST = /^[0-9a-f]{64}$/;
/** The digest in the name of an asset. */
const KEY = /^(hooks|bundles|guard|templates)\/([0-9a-f]{64})\.[a-z]+$/;

/**
 * Reads a folder. Each asset has to be there, with the digest that the list and its own name say.
 *
 * @throws InputError with what is wrong; nothing of such a folder may be published.
 */
export function readPackageFolder(name: string, cwd: string): PackageFolder {
  const folder = resolve(cwd, name);
  const refuse = (what: string, help = 'write the package anew: `stackade hook package`'): never => {
    throw new InputError([badOption(visible(name), what, help)]);
  };
  if (!existsSync(join(folder, PACKAGE_LIST))) {
    refuse(`is no package: it has no \`${PACKAGE_LIST}\``, 'name the folder that `stackade hook package --out` wrote');
  }
  const list = new Reader(read(join(folder, PACKAGE_LIST), `${name}/${PACKAGE_LIST}`).toString('utf8'), refuse);
  const deployment = list.map('deployment');
  const assets = list.list('assets').map((asset): PackagedAsset => {
    const [key, sha256] = [asset.text('key', KEY), asset.text('sha256', DIGEST)];
    if (KEY.exec(key)?.[2] !== sha256) refuse(`names an asset \`${key}\` that has another digest`);
    const content = read(join(folder, 'assets', key), `${name}/assets/${key}`);
    if (createHash('sha256').update(content).digest('hex') !== sha256) {
      refuse(`holds \`assets/${key}\`, which is not what was packaged: its digest is another one`);
    }
    return { key, sha256, content, regions: asset.texts('regions', REGION) };
  });
  const buckets = list.list('buckets').map((each) => ({
    region: each.text('region', REGION),
    bucket: each.text('bucket', BUCKET),
  }));
  const missing = assets.flatMap(({ regions }) => regions).find((one) => !buckets.some(({ region }) => region === one));
  if (missing !== undefined) refuse(`has assets for ${missing}, and no bucket there`);
  return {
    administratorAccount: deployment.text('administratorAccount', ACCOUNT),
    homeRegion: deployment.text('homeRegion', REGION),
    partition: deployment.text('partition', /^aws[a-z-]*$/),
    releaseRole: deployment.text('releaseRole', /^[\w+=,.@-]{1,64}$/),
    buckets,
    assets,
    live: liveOf(list, assets, refuse),
  };
}

function liveOf(
  list: Reader,
  assets: readonly PackagedAsset[],
  refuse: (what: string) => never,
): PackageFolder['live'] {
  if (list.isNull('manifest')) return null;
  const manifest = list.map('manifest');
  const bundle = manifest.text('bundle', KEY);
  if (!assets.some(({ key }) => key === bundle)) return refuse(`names the policies \`${bundle}\`, which are not in it`);
  return {
    key: manifest.text('key', /^policies\/[a-z.]+$/),
    bundle,
    publicKey: manifest.isNull('publicKey') ? null : manifest.text('publicKey', /^-----BEGIN PUBLIC KEY-----/),
  };
}

function read(path: string, shown: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new InputError([unreadable(visible(shown), error)]);
  }
}

/** Reads data that somebody may have written by hand. */
class Reader {
  private readonly value: Readonly<Record<string, unknown>>;

  constructor(
    given: unknown,
    private readonly refuse: (what: string) => never,
    private readonly where = `\`${PACKAGE_LIST}\``,
  ) {
    const value: unknown = typeof given === 'string' ? this.parsed(given) : given;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuse(`is no package that this version reads: ${where} holds no map`);
    }
    this.value = value as Readonly<Record<string, unknown>>;
  }

  private parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      return this.refuse(`is no package: ${this.where} is no JSON`);
    }
  }

  private wrong(key: string): never {
    return this.refuse(`is no package that this version reads: \`${key}\` of ${this.where} is not of its form`);
  }

  isNull(key: string): boolean {
    return this.value[key] === null;
  }

  map(key: string): Reader {
    return new Reader(this.value[key], this.refuse, `\`${key}\``);
  }

  list(key: string): readonly Reader[] {
    const value = this.value[key];
    if (!Array.isArray(value)) return this.wrong(key);
    return value.map((each: unknown) => new Reader(each, this.refuse, `\`${key}\``));
  }

  text(key: string, form: RegExp): string {
    const value = this.value[key];
    return typeof value === 'string' && form.test(value) ? value : this.wrong(key);
  }

  texts(key: string, form: RegExp): readonly string[] {
    const value = this.value[key];
    if (!Array.isArray(value)) return this.wrong(key);
    return value.map((each: unknown) => (typeof each === 'string' && form.test(each) ? each : this.wrong(key)));
  }
}
