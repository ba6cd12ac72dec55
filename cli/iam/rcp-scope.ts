/** On which actions resource control policies act. Loads the catalogue, so commands import it when they need it. */
import { iamAction, supportsRcp } from '../../catalogue/iam/index.js';

const known = new Map<string, boolean>();
const MOST_KEPT = 4_096;

/**
 * Whether RCPs act on an action: its service must be one that supports them, and the action must have a resource type.
 * An action that the catalogue does not know counts as one that has.
 *
 * See https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 *
 * @param action - Such as `s3:GetObject`; case does not count.
 */
export function rcpApplies(action: string): boolean {
  let applies = known.get(action);
  if (applies === undefined) {
    const isSupported = supportsRcp(action.slice(0, Math.max(action.indexOf(':'), 0)));
    applies = isSupported && iamAction(action)?.resourceTypes.length !== 0;
    if (known.size >= MOST_KEPT) known.clear();
    known.set(action, applies);
  }
  return applies;
}
