/**
 * From the declared targets to accounts and Regions. An account gets the stack of one ring of a rollout: that of the
 * first wave that reaches it. The management account is never reached ("the management account", same page as in
 * template.ts), accounts that are not active neither.
 */
import type { Ring, Rollout } from './declaration/model.js';
import { listed } from './diagnostics.js';
import { isInactive, type Tree } from './tree.js';

/** What stands against a plan, or should be known of it. */
export interface Problem {
  readonly message: string;
  readonly help: string;
}

/** A ring in the organization that there is. */
export interface ResolvedRing {
  readonly ring: Ring;
  /** Ids of units that hold no other of them. Automatic deployment is on for these. */
  readonly units: readonly string[];
  /** Ids of active accounts, sorted. */
  readonly accounts: ReadonlySet<string>;
  /** Accounts of the units that are not active. */
  readonly inactive: readonly string[];
}

export interface ResolvedRings {
  readonly rings: readonly ResolvedRing[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** Finds the accounts of each ring, in the order of waves: what an earlier ring has, a later one leaves out. */
export function resolveRings(rollout: Rollout, tree: Tree): ResolvedRings {
  const resolver = new Resolver(rollout, tree);
  const order = [...new Set(rollout.waves.map(({ ring }) => ring))];
  const rings = order.map((name) => resolver.resolve(rollout.rings.find((ring) => ring.name === name)!));
  return { rings, problems: resolver.problems, notes: resolver.notes };
}

class Resolver {
  readonly problems: Problem[] = [];
  readonly notes: string[] = [];
  /** Units of the rings before, with the name of the ring. */
  private readonly taken = new Map<string, string>();
  private readonly takenAccounts = new Map<string, string>();

  constructor(
    private readonly rollout: Rollout,
    private readonly tree: Tree,
  ) {}

  resolve(ring: Ring): ResolvedRing {
    const { tree } = this;
    const targets = this.outermost(
      ring,
      ring.targets.flatMap((target) => this.unitOf(ring, target) ?? []),
    );
    const byUnits = this.rollout.autoDeployment.isEnabled;
    const units = byUnits ? targets.flatMap((unit) => this.without(ring, unit)) : targets;
    const below = units.flatMap((unit) => tree.accountsBelow(unit)).filter(({ id }) => this.isChosen(ring, id));
    const free = below.filter(({ id }) => !this.takenAccounts.has(id));
    const accounts = free.filter((account) => !isInactive(account)).map(({ id }) => id);
    for (const unit of targets) if (!this.taken.has(unit)) this.taken.set(unit, ring.name);
    for (const id of accounts) this.takenAccounts.set(id, ring.name);
    const inactive = free.filter(isInactive).map(({ id }) => id);
    if (inactive.length > 0) {
      this.notes.push(
        `${listed(inactive, 5)} of the ring ${ring.name} ${inactive.length === 1 ? 'is' : 'are'} not active and left out`,
      );
    }
    const parent = tree.accounts.get(tree.data.managementAccount)?.parentId;
    if (parent !== undefined && targets.some((unit) => tree.isWithin(parent, unit))) {
      this.notes.push(
        `the management account ${tree.data.managementAccount} is below the ring ${ring.name} and gets nothing: stack sets do not reach it; give it the same template as an ordinary stack`,
      );
    }
    for (const id of ring.accounts.kind === 'only' ? ring.accounts.ids : []) {
      if (below.some((account) => account.id === id)) continue;
      this.problems.push({
        message: `the account ${id} of the ring \`${ring.name}\` is not below its targets`,
        help: 'add its unit to `targets`, or take the account out',
      });
    }
    return { ring, units, accounts: new Set(accounts.sort()), inactive };
  }

  private unitOf(ring: Ring, { shown, id }: Ring['targets'][number]): string | null {
    const { tree } = this;
    const found = id ?? tree.find(shown);
    if (found !== null && tree.has(found)) return found;
    this.problems.push({
      message: `the organization has no unit \`${shown}\`${id === null ? '' : ` (${id})`}, a target of the ring \`${ring.name}\``,
      help: 'create it, or mend the description: `stackade org compare` tells what lies between the two',
    });
    return null;
  }

  /** A unit below another target adds nothing. */
  private outermost(ring: Ring, units: readonly string[]): readonly string[] {
    const unique = [...new Set(units)];
    return unique.filter((unit) => {
      const above = unique.find((other) => other !== unit && this.tree.isWithin(unit, other));
      if (above === undefined) return true;
      this.notes.push(
        `\`${this.tree.shown(unit)}\` is below \`${this.tree.shown(above)}\`, which the ring ${ring.name} reaches already`,
      );
      return false;
    });
  }

  private isChosen({ accounts }: Ring, id: string): boolean {
    return accounts.kind === 'all' || accounts.ids.includes(id) === (accounts.kind === 'only');
  }

  /**
   * A unit without those that rings before have. Automatic deployment takes no notice of chosen accounts, so the unit is
   * written out as the units below it; where accounts are directly in it, that cannot be said by units.
   */
  private without(ring: Ring, unit: string): readonly string[] {
    const { tree, taken } = this;
    const holder = [...taken.keys()].find((each) => tree.isWithin(unit, each));
    if (holder !== undefined) {
      this.problems.push({
        message: `\`${tree.shown(unit)}\` of the ring \`${ring.name}\` is reached by the ring \`${taken.get(holder)!}\` already`,
        help: 'an account gets the stack of one ring: take it out of one of the two',
      });
      return [];
    }
    if (![...taken.keys()].some((each) => tree.isWithin(each, unit))) return [unit];
    const direct = tree.directAccounts(unit);
    if (direct.length > 0) {
      this.problems.push({
        message: `\`${tree.shown(unit)}\` of the ring \`${ring.name}\` has accounts of its own (${listed(
          direct.map(({ id }) => id),
          3,
        )}) beside a unit of a ring before it`,
        help: 'move them to a unit below, or name units that do not overlap, or write `autoDeployment: false`: it knows units only',
      });
    }
    const parts = tree.childrenOf(unit).flatMap((child) => (taken.has(child) ? [] : this.without(ring, child)));
    this.notes.push(
      `\`${tree.shown(unit)}\` of the ring ${ring.name} holds a unit of a ring before it and is written out as ${parts.length} unit${parts.length === 1 ? '' : 's'}; a unit that is added there is reached by the next \`deploy apply\``,
    );
    return parts;
  }
}
