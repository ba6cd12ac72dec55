/** Reads the description of an organization: text in, organization or diagnostics out. */
import { isRegion, partitionOfRegion, PARTITIONS } from '../catalogue/iam/index.js';
import { nearestName } from '../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../findings/index.js';
import { get, isList, keysOf, readTemplate } from '../template/index.js';
import type { Path, Value, ValueMap } from '../template/index.js';
import { checkChoices } from './choices.js';
import { ambiguous, badRegion, badValue, managementAsDelegate, unknownAccount } from './diagnostics.js';
import { linkParts, type LinkedPart } from './link.js';
import { forEachType, NO_POLICIES } from './model.js';
import type { Account, Organization, OrganizationalUnit, PolicyChoice, PolicyTemplates, Target } from './model.js';
import { readRoot, type Part } from './parts.js';
import { ACCOUNT_ID, ANY_TEXT, ORGANIZATION_ID, REGION, SERVICE_PRINCIPAL, OrganizationShapes } from './shape.js';

/** What a description is read with. */
export interface ReadOrganizationOptions {
  /**
   * The policy templates that there are: choices and parameters are held to them.
   * `@default` names of templates and parameters are taken as they are.
   */
  readonly templates?: PolicyTemplates;
}

/** A description that was read. */
export interface OrganizationReading {
  /** `null` when anything is wrong: half an organization is none. */
  readonly organization: Organization | null;
  /** In the order of the file. Without an organization, at least one of severity error. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where a target or choice of the organization is written; `undefined` for one that is not its own. */
  placeOf(part: Target | PolicyChoice): SourceRange | undefined;
}

export const TOP_KEYS = ['version', 'organization', 'root'];
export const ORGANIZATION_KEYS = [
  'id',
  'managementAccount',
  'homeRegion',
  'governedRegions',
  'delegatedAdministrators',
];
/** Keys of the whole that nothing reads: a place for anchors. */
const EXTENSION = /^x-/;

/**
 * Reads the description of an organization, YAML or JSON; docs/organization.md tells its form.
 *
 * @param text - The file's characters.
 * @param file - Its name, for places and messages.
 * @returns Never throws: any text gives an organization or diagnostics. What the syntax of YAML forbids has the codes
 *   of templates (`TPL…`), all else codes `ORG…`.
 */
export function readOrganization(
  text: string,
  file: string,
  options: ReadOrganizationOptions = {},
): OrganizationReading {
  const { source, diagnostics } = readTemplate(text, file);
  if (source === null) return { organization: null, diagnostics, placeOf: () => undefined };
  const shapes = new OrganizationShapes(source);
  const places = new Map<Target | PolicyChoice, Path>();
  const organization = readTop(source.value, shapes, places);
  if (organization !== null && shapes.diagnostics.length === 0) {
    checkChoices(organization, shapes, places, options.templates);
  }
  const found = [...shapes.diagnostics].sort((a, b) => a.location!.start - b.location!.start);
  return {
    organization: found.some(({ severity }) => severity === 'error') ? null : organization,
    diagnostics: found,
    placeOf(part) {
      const path = places.get(part);
      return path && shapes.range(path);
    },
  };
}

function readTop(
  value: Value,
  shapes: OrganizationShapes,
  places: Map<Target | PolicyChoice, Path>,
): Organization | null {
  const top = shapes.map(value, [], 'the description', TOP_KEYS, EXTENSION);
  if (top === null) return null;
  const version = shapes.required(top, 'version', [], 'the description', '1');
  if (version !== undefined && version !== 1) shapes.tell(badValue('`version`', '1', shapes.range(['version'])));
  const settings = shapes.required(
    top,
    'organization',
    [],
    'the description',
    'a map with the management account and the home Region',
  );
  const tree = shapes.required(top, 'root', [], 'the description', 'a map with `units` and `accounts`');
  const root = tree === undefined ? null : readRoot(tree, ['root'], shapes);
  const linked = root && linkParts(root, shapes);
  const map =
    settings === undefined ? null : shapes.map(settings, ['organization'], '`organization`', ORGANIZATION_KEYS);
  if (map === null) return null;
  const read = readSettings(map, linked, shapes);
  if (linked === null || read === null) return null;
  return { ...read, root: buildRoot(linked, read.managementAccount, places) };
}

type Settings = Omit<Organization, 'root'>;

function readSettings(map: ValueMap, tree: LinkedPart | null, shapes: OrganizationShapes): Settings | null {
  const path: Path = ['organization'];
  const id = shapes.text(map, 'id', path, {
    pattern: ORGANIZATION_ID,
    expected: 'the id of an organization, such as o-exampleorgid',
  });
  const accounts = new AccountNames(tree, shapes);
  const management = shapes.required(map, 'managementAccount', path, '`organization`', 'the id of the account');
  const managementAccount =
    management === undefined ? null : accounts.resolve(management, [...path, 'managementAccount'], true);
  const home = shapes.required(map, 'homeRegion', path, '`organization`', 'a Region, such as eu-central-1');
  const homeRegion = home === undefined ? null : regionAt(home, [...path, 'homeRegion'], shapes);
  const governed = shapes
    .list(map, 'governedRegions', path, 'a list of Regions')
    .flatMap(({ value, path: at }) => regionAt(value, at, shapes) ?? []);
  if (homeRegion !== null) checkRegions(homeRegion, map, governed, shapes);
  const delegatedAdministrators = readDelegates(map, managementAccount, accounts, shapes);
  if (managementAccount === null || homeRegion === null) return null;
  const governedRegions = get(map, 'governedRegions') === undefined ? [homeRegion] : [...new Set(governed)];
  return { id, managementAccount, homeRegion, governedRegions, delegatedAdministrators };
}

function regionAt(value: Value, path: Path, shapes: OrganizationShapes): string | null {
  const region = shapes.textAt(value, path, { pattern: REGION, expected: 'a Region, such as eu-central-1' });
  if (region === null || isRegion(region)) return region;
  // A Region that is newer than the list has the form of its partition.
  if (PARTITIONS.some(({ form }) => form.test(region))) return region;
  const nearest = nearestName(
    region,
    PARTITIONS.flatMap(({ regions }) => regions),
  );
  const help =
    nearest === undefined ? 'write the name of a Region, such as eu-central-1' : `did you mean \`${nearest}\`?`;
  shapes.tell(badRegion(`there is no Region \`${region}\``, help, shapes.range(path)));
  return null;
}

function checkRegions(home: string, map: ValueMap, governed: readonly string[], shapes: OrganizationShapes): void {
  const at = ['organization', 'governedRegions'];
  const written = get(map, 'governedRegions');
  if (!isList(written)) return;
  if (governed.length === written.length && !governed.includes(home)) {
    const message = `the home Region \`${home}\` is not among the governed Regions`;
    shapes.tell(
      badRegion(message, `add \`${home}\` to the list: what governs from there must be governed`, shapes.range(at)),
    );
  }
  written.forEach((region, index) => {
    if (typeof region !== 'string' || !governed.includes(region) || partitionOf(region) === partitionOf(home)) return;
    const message = `the Region \`${region}\` is in another partition than the home Region \`${home}\``;
    shapes.tell(
      badRegion(
        message,
        'an organization is in one partition; describe the other one in a file of its own',
        shapes.range([...at, index]),
      ),
    );
  });
}

function partitionOf(region: string): string | undefined {
  return partitionOfRegion(region) ?? PARTITIONS.find(({ form }) => form.test(region))?.name;
}

function readDelegates(
  map: ValueMap,
  managementAccount: string | null,
  accounts: AccountNames,
  shapes: OrganizationShapes,
): Organization['delegatedAdministrators'] {
  const path = ['organization', 'delegatedAdministrators'];
  const value = get(map, 'delegatedAdministrators');
  if (value === undefined) return {};
  const delegates = shapes.map(value, path, '`delegatedAdministrators`', [], SERVICE_PRINCIPAL);
  if (delegates === null) return {};
  const read = keysOf(delegates).map((service): readonly [string, readonly string[]] => {
    const at = [...path, service];
    const named = delegates[service]!;
    const items = isList(named)
      ? named.map((item, index) => ({ item, itemPath: [...at, index] as Path }))
      : [{ item: named, itemPath: at as Path }];
    const ids = items.flatMap(({ item, itemPath }) => {
      const id = accounts.resolve(item, itemPath, false);
      if (id !== null && id === managementAccount) shapes.tell(managementAsDelegate(service, shapes.range(itemPath)));
      return id ?? [];
    });
    return [service, [...new Set(ids)]];
  });
  return Object.fromEntries(read);
}

/** Finds accounts of the tree by id or name. */
class AccountNames {
  private readonly byName = new Map<string, string[]>();
  private readonly ids = new Set<string>();

  constructor(
    private readonly tree: LinkedPart | null,
    private readonly shapes: OrganizationShapes,
  ) {
    const add = (above: LinkedPart): void => {
      for (const { part } of above.accounts) {
        this.ids.add(part.id ?? '');
        this.byName.set(part.name, [...(this.byName.get(part.name) ?? []), part.id ?? '']);
      }
      above.units.forEach(add);
    };
    if (tree !== null) add(tree);
  }

  /** @param isManagement - The management account hangs below the root when the tree does not have it. */
  resolve(value: Value, path: Path, isManagement: boolean): string | null {
    // A number here was meant as an id, whatever name an account may have.
    if (typeof value !== 'string') return this.shapes.accountId(value, path);
    if (ACCOUNT_ID.test(value) && isManagement) this.ids.add(value);
    if (this.ids.has(value)) return value;
    const text = this.shapes.textAt(value, path, ANY_TEXT);
    // Without a tree that could be read, nothing can be said of names.
    if (text === null || this.tree === null) return null;
    const ids = this.byName.get(text) ?? [];
    if (ids.length === 1) return ids[0] === '' ? null : ids[0]!;
    const range = this.shapes.range(path);
    this.shapes.tell(
      ids.length > 1
        ? ambiguous('account', text, ids, range)
        : unknownAccount(text, nearestName(text, [...this.byName.keys()]), range),
    );
    return null;
  }
}

/** The tree as data; the management account hangs below the root when it is written nowhere. */
function buildRoot(
  linked: LinkedPart,
  managementAccount: string,
  places: Map<Target | PolicyChoice, Path>,
): Organization['root'] {
  const shared = ({ name, environment, parameters, fullAwsAccess, policies }: Part): Pick<Target, SharedField> => {
    const chosen = (items: Part['policies']['scp']): readonly PolicyChoice[] =>
      items.map(({ value, path }) => {
        places.set(value, path);
        return value;
      });
    return {
      name,
      environment,
      parameters,
      fullAwsAccess,
      policies: forEachType((type) => chosen(policies[type])),
    };
  };
  const placed = <T extends Target>(target: T, part: Part): T => {
    places.set(target, part.path);
    return target;
  };
  const account = ({ part }: LinkedPart): Account => {
    return placed({ kind: 'account', id: part.id ?? '', ...shared(part) }, part);
  };
  const unit = (each: LinkedPart): OrganizationalUnit =>
    placed(
      {
        kind: 'unit',
        id: each.part.id,
        ...shared(each.part),
        units: each.units.map(unit),
        accounts: each.accounts.map(account),
      },
      each.part,
    );
  const units = linked.units.map(unit);
  const accounts = linked.accounts.map(account);
  const management: Account = {
    kind: 'account',
    id: managementAccount,
    name: 'management',
    environment: null,
    parameters: {},
    fullAwsAccess: true,
    policies: NO_POLICIES,
  };
  return placed(
    {
      kind: 'root',
      id: linked.part.id,
      ...shared(linked.part),
      units,
      accounts: hasAccount(linked, managementAccount) ? accounts : [management, ...accounts],
    },
    linked.part,
  );
}

function hasAccount(linked: LinkedPart, id: string): boolean {
  return linked.accounts.some(({ part }) => part.id === id) || linked.units.some((unit) => hasAccount(unit, id));
}

type SharedField = 'name' | 'environment' | 'parameters' | 'fullAwsAccess' | 'policies';
