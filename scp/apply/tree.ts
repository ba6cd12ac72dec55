/** The tree of an organization's state, looked up by ids. */
import type { PolicyState, StepTarget } from './model.js';

/** Ways from the root to its targets; built once for a state, since plans change no units and accounts. */
export class StateTree {
  private readonly parents: ReadonlyMap<string, string>;
  private readonly names: ReadonlyMap<string, string>;
  private readonly children = new Map<string, string[]>();
  private readonly accountIds: ReadonlySet<string>;

  constructor(private readonly state: PolicyState) {
    const all = [...state.units, ...state.accounts];
    this.parents = new Map(all.map(({ id, parentId }) => [id, parentId]));
    this.names = new Map(all.map(({ id, name }) => [id, name]));
    this.accountIds = new Set(state.accounts.map(({ id }) => id));
    for (const { id, parentId } of all) this.children.set(parentId, [...(this.children.get(parentId) ?? []), id]);
  }

  has(id: string): boolean {
    return id === this.state.root.id || this.parents.has(id);
  }

  /** The ids from the root to a target, that one included. */
  path(id: string): readonly string[] {
    const parent = this.parents.get(id);
    return parent === undefined ? [id] : [...this.path(parent), id];
  }

  /** A target as steps and messages name it. */
  target(id: string): StepTarget {
    const names = this.path(id)
      .slice(1)
      .map((each) => this.names.get(each) ?? each);
    return { id, shown: `/${names.join('/')}` };
  }

  /** The accounts at and below a target. */
  accountsBelow(id: string): readonly string[] {
    if (this.accountIds.has(id)) return [id];
    return (this.children.get(id) ?? []).flatMap((child) => this.accountsBelow(child));
  }

  /** Whether one of two targets is the other or above it: what holds at one then decides at the other. */
  related(one: string, other: string): boolean {
    return this.path(one).includes(other) || this.path(other).includes(one);
  }

  /** The targets directly below the root. */
  top(): readonly string[] {
    return this.children.get(this.state.root.id) ?? [];
  }
}
