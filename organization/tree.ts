/** The ways through an organization: who stands below whom, what is inherited, what a name means. */
import type {
  Account,
  Organization,
  OrganizationParameter,
  OrganizationParameters,
  OrganizationRoot,
  OrganizationalUnit,
  PolicyTemplateInfo,
  Target,
  TemplateChoice,
} from './model.js';

/** The targets from the root to one of them, that one included: where a policy reaches it from. */
export type TargetPath = readonly [OrganizationRoot, ...Target[]];

/** Each target with the targets above it, parents before children, accounts of a unit before its units. */
export function* targetsOf(organization: Organization): Generator<TargetPath> {
  yield* below([organization.root]);
}

function* below(path: TargetPath): Generator<TargetPath> {
  yield path;
  const last = path.at(-1)!;
  if (last.kind === 'account') return;
  for (const account of last.accounts) yield [...path, account];
  for (const unit of last.units) yield* below([...path, unit]);
}

/** The way to each account, by account id. */
export function accountPaths(organization: Organization): ReadonlyMap<string, TargetPath> {
  const paths = new Map<string, TargetPath>();
  for (const path of targetsOf(organization)) {
    const last = path.at(-1)!;
    if (last.kind === 'account') paths.set(last.id, path);
  }
  return paths;
}

/** All accounts, in the order of {@link targetsOf}. */
export function accountsOf(organization: Organization): readonly Account[] {
  return [...accountPaths(organization).values()].map((path) => path.at(-1) as Account);
}

/** The way to a target as a reader writes it: `/` for the root, `/Workloads/Production` for a unit below it. */
export function shownTarget(path: readonly Target[]): string {
  return `/${path
    .slice(1)
    .map(({ name }) => name)
    .join('/')}`;
}

/** The environment of the last target of a path: its own or the nearest above; `null` when none says. */
export function environmentOf(path: readonly Target[]): string | null {
  return path.findLast(({ environment }) => environment !== null)?.environment ?? null;
}

/** The parameters that hold at the last target of a path: those set nearer win as whole values. */
export function parametersOf(path: readonly Target[]): OrganizationParameters {
  return Object.fromEntries(path.flatMap(({ parameters }) => Object.entries(parameters)));
}

/** A text that two values share when they are the same; the order of keys does not count. */
export function canonicalParameter(value: OrganizationParameter): string {
  return JSON.stringify(value, (_, part: OrganizationParameter) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1))) : part,
  );
}

function isRecord(value: OrganizationParameter): value is OrganizationParameters {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two values of a parameter mean the same. */
export function sameParameter(left: OrganizationParameter, right: OrganizationParameter): boolean {
  return canonicalParameter(left) === canonicalParameter(right);
}

/** Names of parameters whose values come from the organization itself; nobody sets them. */
export const IMPLIED_PARAMETERS = [
  'delegatedAdministrators',
  'environment',
  'governedRegions',
  'homeRegion',
  'managementAccount',
  'organizationId',
  'rootId',
] as const;

/** The values of {@link IMPLIED_PARAMETERS} at a target; what the description does not say is left out. */
export function impliedParameters(organization: Organization, path: readonly Target[]): OrganizationParameters {
  const values: Readonly<Record<(typeof IMPLIED_PARAMETERS)[number], OrganizationParameter>> = {
    delegatedAdministrators: organization.delegatedAdministrators,
    environment: environmentOf(path),
    governedRegions: organization.governedRegions,
    homeRegion: organization.homeRegion,
    managementAccount: organization.managementAccount,
    organizationId: organization.id,
    rootId: organization.root.id,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/**
 * The parameters with which a template is used at the last target of a path: implied ones, those of the path, those of
 * the choice; the later win.
 *
 * @param template - What the library knows of it: only the parameters that it declares are given then.
 *   `@default` all parameters are given.
 */
export function parametersFor(
  organization: Organization,
  path: readonly Target[],
  choice: TemplateChoice,
  template?: PolicyTemplateInfo,
): OrganizationParameters {
  const all = { ...impliedParameters(organization, path), ...parametersOf(path), ...choice.parameters };
  if (template === undefined) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(template.parameters, name)));
}

/**
 * Moves an account below another unit or the root.
 *
 * @param parent - The target below which it shall be; a member of the tree.
 * @throws RangeError when the account or the parent is not in the tree.
 */
export function moveAccount(
  organization: Organization,
  accountId: string,
  parent: OrganizationRoot | OrganizationalUnit,
): Organization {
  const account = accountPaths(organization).get(accountId)?.at(-1);
  if (account?.kind !== 'account') throw new RangeError(`there is no account ${accountId}`);
  if (![...targetsOf(organization)].some((path) => path.at(-1) === parent)) {
    throw new RangeError(`\`${parent.name}\` is not in the tree`);
  }
  const accounts = (target: OrganizationRoot | OrganizationalUnit): readonly Account[] => {
    const rest = target.accounts.filter(({ id }) => id !== accountId);
    return target === parent ? [...rest, account] : rest;
  };
  const unit = (target: OrganizationalUnit): OrganizationalUnit => ({
    ...target,
    accounts: accounts(target),
    units: target.units.map(unit),
  });
  const { root } = organization;
  return { ...organization, root: { ...root, accounts: accounts(root), units: root.units.map(unit) } };
}
