/** `stackade hook package`: everything that rolls the hooks out to an organization, in one folder. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { visible } from '../../findings/index.js';
import { packBundle } from '../../hooks/bundle/index.js';
import { assemblePackage, exportGuardHook, PACKAGE_LIST, readPrivatePackage } from '../../hooks/package/index.js';
import type { GuardHookExport, HookDeployment, HookPackage, PrivateHookPackage } from '../../hooks/package/index.js';
import { badOption, unreadable } from '../check/diagnostics.js';
import { readFileText } from '../check/read-file.js';
import { readSettings, type CheckFlags, type CheckSettings } from '../check/settings.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { collect } from '../subcommands.js';
import { readOverlays } from '../gate/files.js';
import { accountPlaces } from '../gate/places.js';
import { InputError } from '../input-error.js';
import { loadLibrary } from '../library.js';
import { readOrganizationFile } from '../org/command.js';
import { openBuildFolder } from '../scp/build-folder.js';
import { loadTemplates } from '../scp/library.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { packageRoot } from '../version.js';
import { openBundle } from './bundle.js';
import { TARGETS } from './events.js';
import { refusedTemplates } from './own-templates.js';
import { readDeployment } from './package-deployment.js';
import type { DeploymentFlags } from './package-deployment.js';

/** Options as the command line gives them. */
export interface PackageFlags
  extends
    Pick<CheckFlags, 'pack' | 'rules' | 'waivers' | 'config' | 'environment' | 'failOn' | 'allowIncomplete'>,
    DeploymentFlags {
  readonly out: string;
  readonly org: string;
  readonly schemas?: string;
  readonly overlay?: readonly string[];
  readonly guardHook?: true;
  readonly livePolicies?: true;
  readonly publicKey?: string;
  readonly privateHook?: string;
  readonly privateHookProperties?: string;
  readonly format: 'pretty' | 'json';
}

const modes = ['warn', 'fail'];

/** Adds `package` to `hook`. Sets the exit code: 0 written, 2 for bad input; nothing is written then. */
export function registerPackage(parent: Command): void {
  parent
    .command('package')
    .description('writes packages, CloudFormation templates and the protecting policy of the hooks into a folder')
    .requiredOption('--out <folder>', 'a folder that is new, or holds an earlier package')
    .requiredOption('--org <file>', 'the description of the organization')
    .requiredOption(
      '--ou <units...>',
      'units that get the hooks: ids, names, or paths such as /Workloads; / is the root',
    )
    .addOption(new Option('--mode <mode>', 'what a refusal does there').choices(modes).default('fail'))
    .option('--canary-ou <units...>', 'units that get the hooks before the others')
    .addOption(new Option('--canary-mode <mode>', 'what a refusal does there').choices(modes).default('warn'))
    .option('--pack <names...>', 'packs of rules (default: foundation); none for none')
    .option('--rules <paths...>', 'Guard files of your own, or folders of such files')
    .option('--schemas <folder>', 'snapshot of the feature gate (default: no gate)')
    .option('--overlay <path>', 'overlay file of the gate, or folder; may be given several times', collect)
    .option('--waivers <file>', 'file of waivers')
    .option('--config <file>', 'configuration (default: stackade.yaml in the working directory, if there is one)')
    .option('--environment <name>', 'environment of the configuration whose parameters count')
    .addOption(new Option('--fail-on <severity>', 'what is refused').choices(['error', 'warning', 'info']))
    .option('--allow-incomplete', 'do not refuse what is NOT EVALUATED')
    .addOption(
      new Option('--targets <targets...>', 'what the hooks are asked about')
        .choices(TARGETS)
        .default(['resource', 'cloud-control']),
    )
    .option('--guard-hook', 'add a Guard Hook of AWS with the rules that it can run')
    .option(
      '--live-policies',
      'hooks look for the policy that counts in the bucket of packages, and not in their package',
    )
    .option('--public-key <file>', 'PEM of the key with which such a policy has to be signed')
    .option('--private-hook <zip>', 'a hook type of your own: the package of `cfn submit --dry-run`')
    .option('--private-hook-properties <file>', 'its settings, as JSON')
    .option('--alias <name>', 'first two parts of the type names of the hooks', 'Stackade::Policy')
    .option('--prefix <text>', 'beginning of all names', 'stackade-')
    .option('--release-role <name>', 'role that publishes packages', 'stackade-release')
    .option('--role-boundary <name>', 'permissions boundary of the roles, which every account has')
    .option('--tags <tags...>', 'tags of everything: Key=value')
    .option('--log-retention <days>', 'days for which logs are kept', '365')
    .option('--organization <id>', 'id of the organization (default: as described)')
    .option('--administrator-account <id>', 'account that administers the stack sets (default: as described)')
    .option('--regions <regions...>', 'Regions that get the hooks (default: the governed Regions)')
    .addOption(new Option('--format <format>', 'form of the report').choices(['pretty', 'json']).default('pretty'))
    .action(async (flags: PackageFlags) => {
      process.exitCode = await hookPackage(flags);
    });
}

/** Runs the command. @returns The exit code; what the user can mend has been told then. */
export async function hookPackage(flags: PackageFlags, terminal: Terminal = processTerminal()): Promise<number> {
  try {
    await run(flags, terminal);
    return CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

async function run(flags: PackageFlags, terminal: Terminal): Promise<void> {
  const { cwd } = terminal;
  const write = openBuildFolder(flags.out, cwd, PACKAGE_LIST);
  const organization = readOrganizationFile(flags.org, terminal);
  const deployment = readDeployment(organization, flags, refusesDeletions(flags, cwd));
  const settings = await readSettings(['.'], checkFlags(flags), cwd);
  const places = accountPlaces(organization, deployment.organizationId);
  const bundle = await openBundle(settings, flags, loadLibrary(), places, terminal);
  const guard = flags.guardHook === true ? guardExport(bundle) : null;
  const assembled = assemblePackage({
    deployment,
    handler: new Map(HANDLER_FILES.map((name) => [name, builtFunction(name)])),
    configRule: builtFunction('config-rule.mjs'),
    bundle: packBundle(bundle),
    publicKey: publicKey(flags, cwd),
    livePolicies: flags.livePolicies === true,
    guard,
    privateHook: privateHook(flags, cwd),
    protection: loadTemplates().find(({ name }) => name === 'protect-hooks')!,
  });
  if ('diagnostics' in assembled) throw new InputError(assembled.diagnostics);
  // The clock is read here, once for the whole run.
  const today = new Date().toISOString().slice(0, 10);
  const refused = refusedTemplates(assembled.package, bundle, deployment, today);
  if (refused.some(({ severity }) => severity === 'error')) throw new InputError(refused);
  tellDiagnostics(refused, new Map(), terminal);
  write(assembled.package.files.map(({ path, content }) => ({ path, text: content })));
  const report = flags.format === 'json' ? asJson(assembled.package) : asText(assembled.package, deployment, flags);
  terminal.print(report);
  if (guard !== null) tellLeftOut(guard, settings, terminal);
}

/** The function of the hooks, and its reader of buckets, which is loaded only when one is configured. */
const HANDLER_FILES = ['handler.mjs', 's3.mjs'];

/** Options that mean the same as in `check`. */
const SETTINGS = ['rules', 'waivers', 'config', 'environment', 'failOn', 'allowIncomplete'] as const;

function checkFlags(flags: PackageFlags): CheckFlags {
  const given = SETTINGS.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]] as const]));
  const { pack, format } = flags;
  const packs = pack && { pack: pack.flatMap((name) => name.split(',')) };
  return {
    ...(Object.fromEntries(given) as Pick<CheckFlags, (typeof SETTINGS)[number]>),
    ...packs,
    format,
    lint: false,
  };
}

/** Whether an overlay of the gate has a delete rule: hooks are asked about deletions only then. */
function refusesDeletions({ overlay }: PackageFlags, cwd: string): boolean {
  const { overlays } = readOverlays(overlay ?? [], cwd);
  return overlays.some(({ content }) => Object.values(content.types ?? {}).some((type) => type.delete === 'refuse'));
}

function guardExport(bundle: Awaited<ReturnType<typeof openBundle>>): GuardHookExport {
  const made = exportGuardHook(bundle);
  if (made.exported.length > 0) return made;
  throw new InputError([
    badOption('--guard-hook', 'none of the chosen rules can be exported', 'leave it out, or choose another pack'),
  ]);
}

/** @throws an Error when this version was not built whole. */
function builtFunction(name: string): Uint8Array {
  return readFileSync(join(packageRoot(), 'dist', 'hook', name));
}

function publicKey({ publicKey: file, livePolicies }: PackageFlags, cwd: string): string | null {
  if (file === undefined) return null;
  if (livePolicies !== true) {
    throw new InputError([badOption('--public-key', 'is for policies that hooks look for', 'add --live-policies')]);
  }
  const { text, diagnostic } = readFileText(resolve(cwd, file), file);
  if (text === null) throw new InputError([diagnostic]);
  if (/^-----BEGIN PUBLIC KEY-----\r?\n[^-]+-----END PUBLIC KEY-----\s*$/.test(text)) return text;
  const help = 'a private key stays where it is; `openssl pkey -in key.pem -pubout` makes the public one';
  throw new InputError([badOption('--public-key', `\`${file}\` is no PEM of a public key`, help)]);
}

function privateHook(flags: PackageFlags, cwd: string): PrivateHookPackage | null {
  const { privateHook: file, privateHookProperties: settings } = flags;
  if (file === undefined) {
    if (settings === undefined) return null;
    throw new InputError([badOption('--private-hook-properties', 'needs a hook', 'name it with --private-hook')]);
  }
  let content: Uint8Array;
  try {
    content = readFileSync(resolve(cwd, file));
  } catch (error) {
    throw new InputError([unreadable(file, error)]);
  }
  const read = readPrivatePackage(content, settings === undefined ? {} : propertiesIn(settings, cwd));
  if ('problem' in read) throw new InputError([badOption('--private-hook', `\`${file}\` ${read.problem}`)]);
  return read;
}

function propertiesIn(file: string, cwd: string): PrivateHookPackage['properties'] {
  const { text, diagnostic } = readFileText(resolve(cwd, file), file);
  if (text === null) throw new InputError([diagnostic]);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as PrivateHookPackage['properties'];
    }
  } catch {
    // Told below.
  }
  throw new InputError([badOption('--private-hook-properties', `\`${file}\` holds no JSON object`)]);
}

function asJson({ files, assets }: HookPackage): string {
  return `${JSON.stringify({ version: 1, files: files.map(({ path }) => path).sort(), assets }, null, 2)}\n`;
}

function asText({ files, assets }: HookPackage, deployment: HookDeployment, { out }: PackageFlags): string {
  const lines = assets.map(({ key, bytes }) => `assets/${key}  ${size(bytes)}`);
  const others = files.map(({ path }) => path).filter((path) => !path.startsWith('assets/'));
  const waves = deployment.waves.map(({ ring, mode, unitIds }) => `  ${ring}: ${mode} in ${unitIds.join(', ')}`);
  const hooks = `Hooks for ${deployment.regions.join(', ')} in ${visible(out)}:`;
  return `${[...lines, ...others.sort(), '', hooks, ...waves].join('\n')}\n`;
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** What the Guard Hook does not do is said each time: it must not be taken for the whole. */
function tellLeftOut({ exported, leftOut }: GuardHookExport, { waivers }: CheckSettings, terminal: Terminal): void {
  const reasons = new Map<string, number>();
  for (const { reason } of leftOut) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const lines = [...reasons].map(([reason, count]) => `  ${count} left out: ${reason}`);
  const waived = waivers === undefined ? [] : ['  it knows no waivers: it refuses what they let through'];
  terminal.tell(
    `The Guard Hook has ${exported.length} rules.\n${[...lines, ...waived].map((line) => `${line}\n`).join('')}`,
  );
}
