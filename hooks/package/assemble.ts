/**
 * Everything that a package consists of: assets, which are named by the hash of their content and go to the buckets of
 * packages; templates; the policy that protects the hooks; and a list of it all. The same input gives the same bytes.
 */
import type { Diagnostic } from '../../findings/index.js';
import { buildPolicy } from '../../scp/index.js';
import type { PolicyTemplate } from '../../scp/index.js';
import type { PackedBundle } from '../bundle/index.js';
import type { GuardHookExport } from '../guard-hook/export.js';
import { assetTemplate } from '../templates/assets.js';
import { printTemplate } from '../../template/building/index.js';
import type { Json, JsonMap } from '../../template/building/index.js';
import { Names } from '../templates/deployment.js';
import type { HookDeployment, Wave } from '../templates/deployment.js';
import { releaseTemplate } from '../templates/release.js';
import { memberTemplate } from '../templates/member.js';
import type { FunctionPackage, GuardPackage } from '../templates/member.js';
import { privateHookTemplate } from '../templates/private-hook.js';
import { stackSetTemplate } from '../templates/stack-sets.js';
import { watchTemplate } from '../templates/watch.js';
import type { PrivateHookPackage } from './private-package.js';
import { digestOf, zipFiles } from './zip.js';
import type { ArchiveFiles } from './zip.js';

/** Lists all files of a package; by it a folder is known to be one. */
export const PACKAGE_LIST = 'stackade-package.json';

export interface PackageInput {
  readonly deployment: HookDeployment;
  /** The built function of the hooks, by file name, and that of the Config rule. */
  readonly handler: ArchiveFiles;
  readonly configRule: Uint8Array;
  readonly bundle: PackedBundle;
  /** PEM of the key with which manifests have to be signed; `null` asks for no signature. */
  readonly publicKey: string | null;
  /** Whether hooks look for a newer bundle under a fixed key of the bucket of packages, or decide by the one they carry. */
  readonly livePolicies: boolean;
  readonly guard: GuardHookExport | null;
  readonly privateHook: PrivateHookPackage | null;
  /** The template of the policy that protects the hooks. */
  readonly protection: PolicyTemplate;
}

/** A file by its path in the folder, with `/` between the parts. */
export interface PackageFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

/** Something that goes to buckets of packages. */
export interface Asset {
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The Regions whose buckets it goes to. */
  readonly regions: readonly string[];
}

export interface HookPackage {
  readonly files: readonly PackageFile[];
  readonly assets: readonly Asset[];
}

/** Where hooks look for the bundle that counts, in the bucket of packages. */
export const MANIFEST_KEY = 'policies/current.json';

/** @returns The package, or what is wrong with the parameters of the policy that protects the hooks. */
export function assemblePackage(
  input: PackageInput,
): { readonly package: HookPackage } | { readonly diagnostics: readonly Diagnostic[] } {
  const { deployment } = input;
  const policies = protection(input);
  if ('diagnostics' in policies) return policies;
  const shelf = new Shelf(deployment);
  const code = functionPackage(input, shelf);
  const guard = guardPackage(input, shelf);
  const watchKey = shelf.put('hooks', 'zip', zipFiles(new Map([['config-rule.mjs', input.configRule]])));
  const templates: PackageFile[] = [];
  const template = (path: string, content: JsonMap): string => {
    const text = printTemplate(content);
    templates.push({ path: `templates/${path}`, content: text });
    return text;
  };
  template('assets.json', assetTemplate(deployment));
  template('release.json', releaseTemplate(deployment));
  // The same for every wave, with the failure mode as a parameter: what `stackade deploy` rolls out.
  template('member.json', memberTemplate(deployment, { mode: null, code, guard }));
  template(
    'watch.json',
    watchTemplate(deployment, { mode: null, codeKey: watchKey, guardRulesKey: guard?.rulesKey ?? null }),
  );
  const hooks: Record<string, string> = {};
  const watch: Record<string, string> = {};
  for (const { ring, mode } of deployment.waves) {
    const member = template(`member-${ring}.json`, memberTemplate(deployment, { mode, code, guard }));
    const watching = { mode, codeKey: watchKey, guardRulesKey: guard?.rulesKey ?? null };
    const watcher = template(`watch-${ring}.json`, watchTemplate(deployment, watching));
    // A stack set is read in its own Region.
    hooks[ring] = shelf.put('templates', 'json', bytesOf(member), [deployment.homeRegion]);
    watch[ring] = shelf.put('templates', 'json', bytesOf(watcher), [deployment.homeRegion]);
  }
  template('stack-sets.json', stackSetTemplate(deployment, { hooks, watch }));
  if (input.privateHook !== null) template('private-hook.json', privateTemplate(input, input.privateHook, shelf));
  const files: PackageFile[] = [...shelf.files(), ...templates, ...policies.files];
  const listed = [...files.map(({ path }) => path), PACKAGE_LIST].sort();
  const list = { path: PACKAGE_LIST, content: `${JSON.stringify(contents(input, shelf.assets(), listed), null, 2)}\n` };
  return { package: { files: [...files, list], assets: shelf.assets() } };
}

/** Assets by the hash of their content. */
class Shelf {
  private readonly byKey = new Map<string, Asset & { readonly content: Uint8Array }>();

  constructor(private readonly deployment: HookDeployment) {}

  /** @returns The key of the asset in the bucket of packages. */
  put(folder: string, extension: string, content: Uint8Array, regions = this.deployment.regions): string {
    const sha256 = digestOf(content);
    const key = `${folder}/${sha256}.${extension}`;
    this.byKey.set(key, { key, sha256, bytes: content.length, regions, content });
    return key;
  }

  assets(): readonly Asset[] {
    return this.sorted().map(({ key, sha256, bytes, regions }) => ({ key, sha256, bytes, regions }));
  }

  files(): readonly PackageFile[] {
    return this.sorted().map(({ key, content }) => ({ path: `assets/${key}`, content }));
  }

  private sorted(): readonly (Asset & { readonly content: Uint8Array })[] {
    return [...this.byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}

/** The function with the bundle that it decides by; where it looks for policies in the bucket, they count instead. */
function functionPackage(input: PackageInput, shelf: Shelf): FunctionPackage {
  const { bundle, handler, publicKey, livePolicies, deployment } = input;
  const manifest = {
    version: 1,
    handler: Object.fromEntries([...handler].sort().map(([name, bytes]) => [name, { sha256: digestOf(bytes) }])),
    bundle: { sha256: bundle.digest, format: bundle.format, rules: bundle.rules, types: bundle.types },
  };
  const files = new Map<string, Uint8Array>(handler);
  // Policies that hooks look for are not in the package: another policy is the same package, and needs no rollout.
  if (!livePolicies) {
    files.set('bundle.jsonl', bytesOf(bundle.text));
    files.set('manifest.json', bytesOf(`${JSON.stringify(manifest, null, 2)}\n`));
  }
  if (publicKey !== null) files.set('bundle.pem', bytesOf(publicKey));
  const key = shelf.put('hooks', 'zip', zipFiles(files));
  if (!livePolicies) {
    return { key, handler: 'handler.handler', environment: { STACKADE_BUNDLE_DIGEST: bundle.digest }, reads: [] };
  }
  shelf.put('bundles', 'jsonl', bytesOf(bundle.text));
  const bucket = new Names(deployment).assetBucket;
  const environment = { STACKADE_BUNDLE_BUCKET: bucket, STACKADE_MANIFEST_KEY: MANIFEST_KEY };
  return { key, handler: 'handler.handler', environment, reads: ['bundles/', 'policies/'] };
}

function guardPackage({ guard }: PackageInput, shelf: Shelf): GuardPackage | null {
  if (guard === null) return null;
  const files = new Map([...guard.files].map(([name, text]) => [name, bytesOf(text)] as const));
  return {
    rulesKey: shelf.put('guard', 'zip', zipFiles(files)),
    inputParametersKey: shelf.put('guard', 'json', bytesOf(guard.inputParameters)),
  };
}

function privateTemplate({ deployment }: PackageInput, hook: PrivateHookPackage, shelf: Shelf): JsonMap {
  const key = shelf.put('hooks', 'zip', hook.content);
  const { prefix, logRetentionDays, roleBoundary, tags } = deployment;
  return privateHookTemplate({
    typeName: hook.typeName,
    packageKey: key,
    bucket: new Names(deployment).assetBucketOf('${AWS::Region}'),
    mode: lastMode(deployment.waves),
    targets: hook.targets,
    properties: hook.properties,
    actions: hook.actions,
    prefix: `${prefix}hook-`,
    logRetentionDays,
    roleBoundary,
    tags,
  });
}

/** Where the rollout ends. */
function lastMode(waves: readonly Wave[]): Wave['mode'] {
  return waves.at(-1)!.mode;
}

/** The policy `protect-hooks` of the library, with the names of this deployment. */
function protection({
  deployment,
  protection: template,
}: PackageInput): { readonly files: readonly PackageFile[] } | { readonly diagnostics: readonly Diagnostic[] } {
  const { prefix, partition, administratorAccount, releaseRole } = deployment;
  const { built, diagnostics } = buildPolicy(template, {
    resourcePrefix: prefix,
    rolloutRoles: [`arn:${partition}:iam::*:role/stacksets-exec-*`],
    releaseRoles: [`arn:${partition}:iam::${administratorAccount}:role/${releaseRole}`],
  });
  if (built === null) return { diagnostics };
  const { documents } = built;
  return {
    files: documents.map((document, index) => ({
      path: `policies/${template.name}${documents.length === 1 ? '' : `-${index + 1}`}.json`,
      // Without white space: characters count in organization policies.
      content: JSON.stringify(document),
    })),
  };
}

function contents(input: PackageInput, assets: readonly Asset[], files: readonly string[]): JsonMap {
  const { deployment, bundle, guard, livePolicies } = input;
  const names = new Names(deployment);
  return {
    version: 1,
    deployment: { ...deployment } as unknown as Json,
    buckets: deployment.regions.map((region) => ({ region, bucket: names.assetBucketOf(region) })),
    assets: assets as unknown as Json,
    bundle: { sha256: bundle.digest, rules: bundle.rules, types: bundle.types },
    manifest: livePolicies
      ? { key: MANIFEST_KEY, bundle: `bundles/${bundle.digest}.jsonl`, publicKey: input.publicKey }
      : null,
    guardHook: guard === null ? null : ({ exported: guard.exported, leftOut: guard.leftOut } as unknown as Json),
    files,
  };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
