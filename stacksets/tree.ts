/** The tree of units and accounts that there is, as AWS Organizations tells it. */
import type { AwsAccount, AwsUnit, OrganizationsReader } from '../organization/index.js';

/** The service that an account administers stack sets as. */
export const STACK_SETS_SERVICE = 'member.org.stacksets.cloudformation.amazonaws.com';

/** What is asked of AWS Organizations. */
export type TreeReader = Pick<
  OrganizationsReader,
  | 'describeOrganization'
  | 'listRoots'
  | 'listOrganizationalUnitsForParent'
  | 'listAccountsForParent'
  | 'listDelegatedAdministrators'
  | 'listDelegatedServicesForAccount'
>;

export interface TreeData {
  readonly organizationId: string;
  readonly managementAccount: string;
  readonly rootId: string;
  readonly units: readonly AwsUnit[];
  readonly accounts: readonly AwsAccount[];
}

/** Reads the tree, one call after the other, because AWS Organizations takes only a few a second. */
export async function readTree(reader: TreeReader): Promise<TreeData> {
  const { id, managementAccountId } = await reader.describeOrganization();
  const [root] = await reader.listRoots();
  if (root === undefined) throw new RangeError('AWS Organizations lists no root');
  const units: AwsUnit[] = [];
  const accounts: AwsAccount[] = [];
  const parents = [root.id];
  for (const parentId of parents) {
    for (const unit of await reader.listOrganizationalUnitsForParent(parentId)) {
      units.push({ ...unit, parentId });
      parents.push(unit.id);
    }
    for (const account of await reader.listAccountsForParent(parentId)) accounts.push({ ...account, parentId });
  }
  return { organizationId: id, managementAccount: managementAccountId, rootId: root.id, units, accounts };
}

/** Whether an account administers stack sets for the organization. */
export async function isDelegate(reader: TreeReader, account: string): Promise<boolean> {
  if (!(await reader.listDelegatedAdministrators()).includes(account)) return false;
  return (await reader.listDelegatedServicesForAccount(account)).includes(STACK_SETS_SERVICE);
}

/** An account that stack sets do not reach: it is suspended, or on its way to be. */
export function isInactive({ state }: AwsAccount): boolean {
  return state !== null && state !== 'ACTIVE';
}

/** Ways through the tree. */
export class Tree {
  private readonly names = new Map<string, string>();
  private readonly parents = new Map<string, string>();
  private readonly unitsBelow = new Map<string, string[]>();
  private readonly accountsAt = new Map<string, AwsAccount[]>();
  readonly accounts = new Map<string, AwsAccount>();

  constructor(readonly data: TreeData) {
    for (const { id, name, parentId } of data.units) {
      this.names.set(id, name);
      this.parents.set(id, parentId);
      append(this.unitsBelow, parentId, id);
    }
    for (const account of data.accounts) {
      this.accounts.set(account.id, account);
      append(this.accountsAt, account.parentId, account);
    }
  }

  /** The root's id, the ids of the units on the way, and that of the unit itself. */
  path(unit: string): readonly string[] {
    const above = this.parents.get(unit);
    return above === undefined ? [unit] : [...this.path(above), unit];
  }

  has(unit: string): boolean {
    return unit === this.data.rootId || this.parents.has(unit);
  }

  /** `/Workloads/Production`; the id of what is not there. */
  shown(unit: string): string {
    if (!this.has(unit)) return unit;
    return `/${this.path(unit)
      .slice(1)
      .map((id) => this.names.get(id) ?? id)
      .join('/')}`;
  }

  /** The units whose way from the root is this one: names are unique below one parent. */
  find(shown: string): string | null {
    return this.byWay().get(shown) ?? null;
  }

  private ways: Map<string, string> | null = null;

  private byWay(): Map<string, string> {
    this.ways ??= new Map([this.data.rootId, ...this.parents.keys()].map((id) => [this.shown(id), id]));
    return this.ways;
  }

  /** The units directly below one. */
  childrenOf(unit: string): readonly string[] {
    return this.unitsBelow.get(unit) ?? [];
  }

  /** The accounts directly below a unit, without the management account: stack sets do not reach it. */
  directAccounts(unit: string): readonly AwsAccount[] {
    return (this.accountsAt.get(unit) ?? []).filter(({ id }) => id !== this.data.managementAccount);
  }

  /** The accounts of a unit and of all below it, without the management account. */
  accountsBelow(unit: string): readonly AwsAccount[] {
    return [...this.directAccounts(unit), ...this.childrenOf(unit).flatMap((child) => this.accountsBelow(child))];
  }

  /** Whether a unit is another one or below it. */
  isWithin(unit: string, above: string): boolean {
    return this.path(unit).includes(above);
  }
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
