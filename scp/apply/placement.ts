/**
 * Accounts that are elsewhere than a description says. What is chosen for a unit holds for the accounts that are in it: one
 * that has been moved since has lost the guards of the unit, although all policies are attached as described.
 */
import { accountPaths, shownTarget } from '../../organization/index.js';
import type { Organization, TargetPath } from '../../organization/index.js';
import { attachmentTarget } from '../compose/index.js';
import type { PolicyState } from './model.js';
import { StateTree } from './tree.js';
import { targetIdOf } from './wanted.js';

/** An account that is not where its description puts it. */
export interface MisplacedAccount {
  readonly id: string;
  readonly name: string;
  /** The root or unit that the description says, as a reader writes it. */
  readonly described: string;
  /** The one where it is; `null` when the organization does not have the account. */
  readonly is: string | null;
}

/** The accounts of a description that are elsewhere in an organization, in the order of the description. */
export function misplacedAccounts(organization: Organization, state: PolicyState): readonly MisplacedAccount[] {
  const tree = new StateTree(state);
  const parents = new Map(state.accounts.map(({ id, parentId }) => [id, parentId]));
  const found: MisplacedAccount[] = [];
  for (const [id, path] of accountPaths(organization)) {
    const above: TargetPath = [path[0], ...path.slice(1, -1)];
    const parent = parents.get(id);
    if (parent !== undefined && parent === targetIdOf(attachmentTarget(above), state)) continue;
    found.push({
      id,
      name: path.at(-1)!.name,
      described: shownTarget(above),
      is: parent === undefined ? null : tree.target(parent).shown,
    });
  }
  return found;
}
