/** Where hooks are rolled out to: the description of the organization, and what the options say of the rollout. */
import { nearestName } from '../../catalogue/index.js';
import type { Diagnostic } from '../../findings/index.js';
import type { FailureMode, HookDeployment, HookTarget, Wave } from '../../hooks/package/index.js';
import { shownTarget, targetsOf } from '../../organization/index.js';
import type { Organization, OrganizationRoot, OrganizationalUnit, Target } from '../../organization/index.js';
import { partitionOf } from '../../template/index.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import { TARGETS, type TargetName } from './events.js';

/** Options of the rollout, as the command line gives them. */
export interface DeploymentFlags {
  readonly ou: readonly string[];
  readonly mode: 'warn' | 'fail';
  readonly canaryOu?: readonly string[];
  readonly canaryMode: 'warn' | 'fail';
  readonly organization?: string;
  readonly administratorAccount?: string;
  readonly regions?: readonly string[];
  readonly alias: string;
  readonly prefix: string;
  readonly releaseRole: string;
  readonly targets: readonly TargetName[];
  readonly logRetention: string;
  readonly roleBoundary?: string;
  readonly tags?: readonly string[];
}

/** The service whose delegated administrator runs stack sets for the organization. */
const STACK_SETS = 'member.org.stacksets.cloudformation.amazonaws.com';

/** AWS::Logs::LogGroup, RetentionInDays. */
const RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const TARGET_NAMES: Readonly<Record<TargetName, HookTarget>> = {
  resource: 'RESOURCE',
  'cloud-control': 'CLOUD_CONTROL',
  stack: 'STACK',
  'change-set': 'CHANGE_SET',
};

/** What the options have to look like. */
const FORMS = {
  alias: { pattern: /^(?!AWS::)[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}$/, what: 'two names such as Stackade::Policy' },
  prefix: { pattern: /^[a-z][a-z0-9]{1,14}-$/, what: 'the beginning of names, such as stackade-' },
  releaseRole: { pattern: /^[\w+=,.@-]{1,64}$/, what: 'the name of a role' },
  roleBoundary: { pattern: /^[\w+=,.@/-]{1,512}$/, what: 'the name of a managed policy, with its path' },
  organization: { pattern: /^o-[a-z0-9]{10,32}$/, what: 'the id of an organization such as o-exampleorgid' },
  administratorAccount: { pattern: /^[0-9]{12}$/, what: 'an account id of 12 digits' },
} as const;

const OPTIONS: Readonly<Record<keyof typeof FORMS, string>> = {
  alias: '--alias',
  prefix: '--prefix',
  releaseRole: '--release-role',
  roleBoundary: '--role-boundary',
  organization: '--organization',
  administratorAccount: '--administrator-account',
};

/**
 * @param deletes - Whether something refuses deletions, so that the hooks have to be asked about them.
 * @throws InputError with everything that is wrong.
 */
export function readDeployment(organization: Organization, flags: DeploymentFlags, deletes: boolean): HookDeployment {
  const problems: Diagnostic[] = [];
  const refuse = (option: string, message: string, help?: string): void => {
    problems.push(badOption(option, message, help));
  };
  for (const name of Object.keys(FORMS) as (keyof typeof FORMS)[]) {
    const value = flags[name];
    const { pattern, what } = FORMS[name];
    if (value !== undefined && !pattern.test(value)) refuse(OPTIONS[name], `\`${value}\` is not ${what}`);
  }
  const organizationId = flags.organization ?? organization.id;
  if (organizationId === null) refuse('--organization', 'is missing, and the description has no `id`', GIVE_ID);
  const administrator = flags.administratorAccount ?? organization.delegatedAdministrators[STACK_SETS]?.[0];
  if (administrator === undefined) {
    refuse(
      '--administrator-account',
      `is missing, and the description names no delegated administrator`,
      NAME_DELEGATE,
    );
  } else if (administrator === organization.managementAccount) {
    refuse('--administrator-account', 'is the management account', 'delegate stack sets to a member account');
  }
  const waves = wavesOf(organization, flags, problems);
  const retention = Number(flags.logRetention);
  if (!RETENTION.includes(retention)) {
    refuse(
      '--log-retention',
      `\`${flags.logRetention}\` is no number of days that CloudWatch Logs has`,
      `choose ${RETENTION.join(', ')}`,
    );
  }
  const regions = [...new Set(flags.regions ?? organization.governedRegions)].sort();
  if (!regions.includes(organization.homeRegion)) {
    refuse(
      '--regions',
      `leaves out the home Region \`${organization.homeRegion}\``,
      'add it: the stack sets live there',
    );
  }
  const unknown = regions.find((region) => !/^[a-z]{2,4}(-[a-z]+)+-[0-9]+$/.test(region));
  if (unknown !== undefined) refuse('--regions', `\`${unknown}\` is not a Region such as eu-central-1`);
  const tags = tagsOf(flags.tags ?? [], problems);
  if (problems.length > 0) throw new InputError(problems);
  return {
    organizationId: organizationId!,
    administratorAccount: administrator!,
    managementAccount: organization.managementAccount,
    partition: partitionOf(organization.homeRegion),
    homeRegion: organization.homeRegion,
    regions,
    waves,
    prefix: flags.prefix,
    releaseRole: flags.releaseRole,
    alias: flags.alias,
    targets: TARGETS.filter((name) => flags.targets.includes(name)).map((name) => TARGET_NAMES[name]),
    actions: deletes ? ['CREATE', 'UPDATE', 'DELETE'] : ['CREATE', 'UPDATE'],
    logRetentionDays: retention,
    roleBoundary: flags.roleBoundary ?? null,
    tags,
  };
}

const GIVE_ID = 'give it, or write `id` below `organization`';
const NAME_DELEGATE = `give it, or write \`${STACK_SETS}\` below \`delegatedAdministrators\``;

function wavesOf(organization: Organization, flags: DeploymentFlags, problems: Diagnostic[]): readonly Wave[] {
  const general = unitsOf(organization, '--ou', flags.ou, problems);
  const canary = unitsOf(organization, '--canary-ou', flags.canaryOu ?? [], problems);
  const all = [...general, ...canary];
  for (const [index, path] of all.entries()) {
    const other = all.find((one, at) => at !== index && (one.at(-1) === path.at(-1) ? at < index : isAbove(one, path)));
    if (other === undefined) continue;
    const option = index < general.length ? '--ou' : '--canary-ou';
    const message = `accounts of \`${shownTarget(path)}\` would get the hooks twice, since \`${shownTarget(other)}\` is chosen, too`;
    problems.push(
      badOption(option, message, 'choose units of which none lies in another: new accounts go by their unit'),
    );
  }
  const wave = (ring: string, paths: readonly Path[], suffix: string, mode: 'warn' | 'fail'): Wave => ({
    ring,
    stackSetName: `${flags.prefix}hooks${suffix}`,
    unitIds: paths.map((path) => (path.at(-1) as Unit).id!).sort(),
    mode: mode.toUpperCase() as FailureMode,
  });
  return [
    ...(canary.length === 0 ? [] : [wave('canary', canary, '-canary', flags.canaryMode)]),
    wave('general', general, '', flags.mode),
  ];
}

type Unit = OrganizationRoot | OrganizationalUnit;
type Path = readonly Target[];

/** The ways to units that are named by id, by path from the root or by name. */
function unitsOf(
  organization: Organization,
  option: string,
  names: readonly string[],
  problems: Diagnostic[],
): readonly Path[] {
  const units = [...targetsOf(organization)].filter((path) => path.at(-1)!.kind !== 'account');
  return names.flatMap((name) => {
    const found = units.filter((path) => {
      const unit = path.at(-1) as Unit;
      return unit.id === name || shownTarget(path) === name || unit.name === name;
    });
    const [path] = found;
    if (path === undefined) {
      const known = units.map(shownTarget);
      const nearest = nearestName(name, known);
      const help = nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
      problems.push(badOption(option, `the organization has no unit \`${name}\``, help));
      return [];
    }
    if (found.length > 1) {
      const help = `name one of ${found.map(shownTarget).join(', ')}`;
      problems.push(badOption(option, `the organization has ${found.length} units \`${name}\``, help));
      return [];
    }
    if ((path.at(-1) as Unit).id === null) {
      const help = 'write its `id` into the description: stack sets go by ids';
      problems.push(badOption(option, `the unit \`${name}\` has no id`, help));
      return [];
    }
    return [path];
  });
}

function isAbove(upper: Path, lower: Path): boolean {
  return upper.length < lower.length && upper.every((target, index) => target === lower[index]);
}

function tagsOf(written: readonly string[], problems: Diagnostic[]): Readonly<Record<string, string>> {
  const entries = written.flatMap((text): (readonly [string, string])[] => {
    const [, key, value] = /^([^=]{1,128})=(.{0,256})$/s.exec(text) ?? [];
    if (key !== undefined && value !== undefined && !key.toLowerCase().startsWith('aws:')) return [[key, value]];
    problems.push(badOption('--tags', `\`${text}\` is no tag`, 'write Key=value; keys do not begin with aws:'));
    return [];
  });
  return Object.fromEntries(entries);
}
