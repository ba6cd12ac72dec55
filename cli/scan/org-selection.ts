/** What of an organization is scanned: Regions, accounts, units, controls. */
import { isSelected } from '../../analyzers/scan/index.js';
import type { OrganizationFacts, Selection } from '../../analyzers/scan/index.js';
import { isRegion } from '../../catalogue/iam/index.js';
import { nearestName } from '../../catalogue/index.js';
import type { Organization } from '../../organization/index.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import type { Library } from '../library.js';
import type { ScanOrgFlags } from './org-flags.js';

/** @throws InputError for what is no Region. */
export function regionsOf(given: readonly string[] | undefined, { governedRegions }: Organization): readonly string[] {
  const wrong = given?.find((region) => !isRegion(region));
  if (wrong !== undefined) {
    throw new InputError([
      badOption('--regions', `there is no Region \`${wrong}\``, 'write its code, such as eu-central-1'),
    ]);
  }
  return [...new Set(given ?? governedRegions)].sort();
}

/** @throws InputError for what is no control. */
export function controlsOf(given: readonly string[] | undefined, library: Library): readonly string[] | null {
  if (given === undefined) return null;
  const ids = library.controls.map(({ id }) => id);
  const wrong = given.find((id) => !ids.includes(id));
  if (wrong !== undefined) {
    const near = nearestName(wrong, ids);
    const help = near === undefined ? '`stackade check --list-rules` lists controls' : `did you mean ${near}?`;
    throw new InputError([badOption('--controls', `there is no control \`${wrong}\``, help)]);
  }
  return [...new Set(given)].sort();
}

/** @throws InputError for accounts and units that are not in the organization. */
export function selectionOf(
  { accounts = [], ou = [] }: Pick<ScanOrgFlags, 'accounts' | 'ou'>,
  facts: OrganizationFacts,
): Selection {
  const selection = {
    accounts: accounts.map((name) => {
      const found = facts.accounts.filter((account) => account.id === name || account.name === name);
      const names = facts.accounts.map((account) => account.name);
      return single(found, '--accounts', name, 'account', didYouMean(name, names) ?? 'write its id of twelve digits');
    }),
    units: ou.map((name) => {
      const ways = [{ id: facts.rootId, way: '/' }, ...facts.units.map(({ id }) => ({ id, way: wayTo(id, facts) }))];
      const found = ways.filter(({ id, way }) => id === name || way === name || way === `/${name}`);
      const near = didYouMean(name.replace(/^\/?/, '/'), new Set(ways.map(({ way }) => way)));
      return single(found, '--ou', name, 'unit', near ?? 'write its id, or its way from the root such as /Workloads');
    }),
  };
  if (facts.accounts.some((account) => isSelected(account, selection))) return selection;
  throw new InputError([badOption('--ou', 'there is no account in these units', 'name a unit with accounts in it')]);
}

function didYouMean(name: string, names: Iterable<string>): string | undefined {
  const near = nearestName(name, names);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

function single(
  found: readonly { readonly id: string }[],
  option: string,
  name: string,
  what: string,
  help: string,
): string {
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first.id;
  const message =
    first === undefined
      ? `there is no ${what} \`${name}\` in the organization`
      : `\`${name}\` can be ${found.map(({ id }) => id).join(' or ')}`;
  throw new InputError([badOption(option, message, help)]);
}

function wayTo(id: string, facts: OrganizationFacts): string {
  const unit = facts.units.find((each) => each.id === id);
  return unit === undefined ? '' : `${wayTo(unit.parentId, facts)}/${unit.name}`;
}
