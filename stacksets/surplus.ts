/** Instances that are where nothing is declared any more: units taken out of a ring, and accounts that went elsewhere. */
import { preferencesOf } from './content.js';
import type { Rollout } from './declaration/model.js';
import type { RingPlan } from './rollout-plan.js';
import { StepMaker, type Stage, type UnitWork } from './steps.js';
import { isInactive, type Tree } from './tree.js';

export interface Surplus {
  readonly work: readonly UnitWork[];
  readonly notes: readonly string[];
  /** Why accounts that stay would be without their stack for a while; `null` when none is. */
  readonly gap: string | null;
}

/** What of a ring is to be deleted, what {@link moves} deletes aside. */
export function surplus(plan: RingPlan, rings: readonly RingPlan[], tree: Tree): Surplus {
  const { ring, units, state } = plan;
  const work: UnitWork[] = [];
  const notes: string[] = [];
  let gap: string | null = null;
  const deleted = new Set<string>();
  for (const { unit, regions } of state?.autoDeploymentTargets ?? []) {
    if (!tree.has(unit)) continue;
    const above = units.find((each) => each !== unit && tree.isWithin(unit, each));
    if (above !== undefined) {
      notes.push(
        `\`${tree.shown(unit)}\` stays a target of ${ring.stackSet} beside \`${tree.shown(above)}\`, which holds it`,
      );
      continue;
    }
    const going = units.includes(unit) ? regions.filter((region) => !ring.regions.includes(region)) : regions;
    if (going.length === 0) continue;
    const inside = units.filter((each) => each !== unit && tree.isWithin(each, unit));
    if (inside.length > 0) {
      gap = `\`${tree.shown(unit)}\` is no target of the ring \`${ring.name}\` any more, and ${inside.map((each) => `\`${tree.shown(each)}\``).join(', ')} inside of it ${inside.length === 1 ? 'is' : 'are'}: its instances are deleted with it`;
    }
    const below = new Set(tree.accountsBelow(unit).map(({ id }) => id));
    const instances = (state?.instances ?? []).filter(
      ({ account, region }) => below.has(account) && going.includes(region),
    );
    for (const { account, region } of instances) deleted.add(`${account} ${region}`);
    work.push({ unit, regions: going, accounts: null, instances: instances.length });
  }
  const left = leftBehind(
    plan,
    tree,
    (account, region) => !deleted.has(`${account} ${region}`) && !isMoved(account, plan, rings),
  );
  return { work: [...work, ...left.work], notes: [...notes, ...left.notes], gap };
}

/** Instances of accounts that are not of the ring, one by one: those that automatic deployment has not taken away. */
function leftBehind(
  { ring, accounts, state }: RingPlan,
  tree: Tree,
  isMeant: (account: string, region: string) => boolean,
): Pick<Surplus, 'work' | 'notes'> {
  const notes: string[] = [];
  const regionsOf = new Map<string, string[]>();
  for (const { account, region, status } of state?.instances ?? []) {
    if ((accounts.has(account) && ring.regions.includes(region)) || !isMeant(account, region)) continue;
    const known = tree.accounts.get(account);
    if (known === undefined) {
      notes.push(`${ring.stackSet} has an instance in ${account}, which is not in the organization any more`);
    } else if (isInactive(known)) {
      notes.push(
        `${ring.stackSet} has an instance in ${account} ${region}, which is not active: nothing can be changed there`,
      );
    } else if (status !== 'INOPERABLE') {
      regionsOf.set(account, [...(regionsOf.get(account) ?? []), region]);
    }
  }
  const work = [...regionsOf].map(([account, regions]) => ({
    unit: tree.accounts.get(account)!.parentId,
    regions: regions.sort(),
    accounts: [account],
    instances: regions.length,
  }));
  return { work, notes };
}

/**
 * Accounts that went from one ring to another: the old stack is deleted before the new one is made, since both would have
 * the same names in one account.
 */
export function moves(rings: readonly RingPlan[], tree: Tree, rollout: Rollout): readonly Stage[] {
  return rings.flatMap((plan) => {
    const { work } = leftBehind(plan, tree, (account) => isMoved(account, plan, rings));
    const maker = new StepMaker(plan.ring.stackSet, preferencesOf(rollout), plan.state?.operations ?? []);
    const steps = maker.delete(work, false);
    if (steps.length === 0) return [];
    const { name } = plan.ring;
    const title = `${name}: accounts that went to another ring`;
    return [{ key: `move ${name}`, title, gate: null, awaits: [], steps, mayStayUnfinished: 0 }];
  });
}

/** Whether an account belongs to another ring of the rollout now. */
function isMoved(account: string, plan: RingPlan, rings: readonly RingPlan[]): boolean {
  return rings.some((each) => each !== plan && each.accounts.has(account));
}
