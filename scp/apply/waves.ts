/** The order in which parts of an organization are changed. */
import type { StateTree } from './tree.js';

/** Targets that are changed together: units and accounts with all below them. */
export interface Wave {
  readonly title: string;
  readonly targets: readonly string[];
}

/**
 * The waves when nobody says: each unit below the root is one, the one with the fewest accounts first; then accounts
 * directly below the root; the root itself, which reaches everybody, is last.
 */
export function defaultWaves(tree: StateTree, rootId: string): readonly Wave[] {
  const top = tree.top().map((id) => ({ id, accounts: tree.accountsBelow(id) }));
  const isAccount = ({ id, accounts }: (typeof top)[number]): boolean => accounts.length === 1 && accounts[0] === id;
  const units = top.filter((each) => !isAccount(each)).sort((a, b) => a.accounts.length - b.accounts.length);
  const accounts = top.filter(isAccount).map(({ id }) => id);
  return [
    ...units.map(({ id }) => ({ title: tree.target(id).shown, targets: [id] })),
    ...(accounts.length === 0 ? [] : [{ title: 'accounts below the root', targets: accounts }]),
    { title: 'the root', targets: [rootId] },
  ];
}

/**
 * Waves as somebody names them, and a last one for all that they leave out.
 *
 * @param named - Ids of units, accounts or the root, by wave.
 */
export function namedWaves(tree: StateTree, rootId: string, named: readonly (readonly string[])[]): readonly Wave[] {
  const waves = named.map((targets) => ({
    title: targets.map((id) => tree.target(id).shown).join(', '),
    targets,
  }));
  return [...waves, { title: 'all others', targets: [rootId] }];
}

/** The index of the wave that a target belongs to: of the one that names it, or else the nearest above it. */
export function waveOf(waves: readonly Wave[], tree: StateTree, rootId: string, target: string): number {
  // The root is in a wave of its own even where others leave a part of the tree out: it reaches those others, too.
  for (const id of target === rootId ? [rootId] : [...tree.path(target)].reverse()) {
    const index = waves.findIndex(({ targets }) => targets.includes(id));
    if (index >= 0) return index;
  }
  return waves.length - 1;
}
