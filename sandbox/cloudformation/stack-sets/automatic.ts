/**
 * Follows accounts that join, leave and move between units ("Enable or disable automatic deployments" of the CloudFormation
 * User Guide, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html).
 * Account filters, overrides and preferences of earlier operations do not count.
 */
import type { AccountMove, Host } from '../../service.js';
import { newId } from '../data.js';
import { keyOf } from './data.js';
import type { Action, StackSetData } from './data.js';
import { operationOf } from './instances.js';
import type { Operations } from './operations.js';
import { DEFAULT_PREFERENCES } from './preferences.js';
import { followsAccounts } from './sets.js';

export function follow(host: Host, operations: Operations, { account, from, to }: AccountMove): void {
  if (account === host.state.organization.managementAccountId) return;
  const event = newId();
  const touched: StackSetData[] = [];
  for (const set of operations.sets()) {
    if (!followsAccounts(set)) continue;
    const before = targetsAmong(set, from);
    const after = targetsAmong(set, to);
    // A move within what is followed anyway changes nothing.
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    const present = [...set.instances.values()].filter((each) => each.account === account);
    if (present.length > 0) {
      add(
        host,
        set,
        'DELETE',
        { account, event },
        present.map(({ region, unitId }) => ({ region, unitId })),
      );
    }
    const joined = after.flatMap(([unitId, regions]) => regions.map((region) => ({ region, unitId })));
    const wanted = [...new Map(joined.map((each) => [keyOf(account, each.region), each])).values()];
    if (wanted.length > 0) add(host, set, 'CREATE', { account, event }, wanted);
    touched.push(set);
  }
  // Only when all is queued it is known what waits for what.
  for (const set of touched) operations.kick(set);
}

/** Units of a path that a set follows, with their Regions. */
function targetsAmong(
  { autoTargets }: StackSetData,
  path: readonly string[],
): readonly (readonly [string, string[]])[] {
  return path.flatMap((unit) => {
    const regions = autoTargets.get(unit);
    return regions === undefined ? [] : [[unit, [...regions]] as const];
  });
}

function add(
  host: Host,
  set: StackSetData,
  action: Action,
  { account, event }: { readonly account: string; readonly event: string },
  places: readonly { readonly region: string; readonly unitId: string }[],
): void {
  const chosen = places.map(({ region, unitId }) => ({ account, region, unitId }));
  const retainStacks = set.autoDeployment.retainStacks;
  const plan = { id: newId(), action, targets: undefined, chosen, retainStacks, event };
  set.operations.push(operationOf(plan, DEFAULT_PREFERENCES, host.now()));
}
