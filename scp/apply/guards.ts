/** What no step may do, looked at before and after it in a simulation. */
import { MANAGED_POLICY_IDS, POLICY_TYPE_QUOTAS, POLICY_TYPE_TITLES } from '../../organization/index.js';
import type { AwsPolicy, OrganizationPolicyType } from '../../organization/index.js';
import { hasAllow } from './content.js';
import type { ApplyProblem, ApplyStep, PolicyState } from './model.js';
import { findPolicy } from './simulate.js';
import { isOwn, policiesAt, targetsOfPolicy, typeOf } from './state.js';
import type { StateTree } from './tree.js';

/** The targets at which a step changes what is in force, and the type of policy that it changes there. */
export function touchedBy(
  state: PolicyState,
  step: ApplyStep,
  set: string,
): { readonly type: OrganizationPolicyType; readonly targets: readonly string[] } | null {
  switch (step.kind) {
    case 'enablePolicyType':
    case 'createPolicy':
      return null;
    case 'updatePolicy':
    case 'deletePolicy': {
      const policy = findPolicy(state, step.policy, set);
      return { type: typeOf(policy)!, targets: targetsOfPolicy(state, policy.id) };
    }
    case 'attachPolicy':
    case 'detachPolicy':
      return { type: step.policy.type, targets: [step.target.id] };
  }
}

/** Why a step must not be made; `null` when it may. */
export function refusal(
  before: PolicyState,
  after: PolicyState,
  step: ApplyStep,
  set: string,
  tree: StateTree,
): ApplyProblem | null {
  const touched = touchedBy(before, step, set);
  if (touched === null) return null;
  const { type, targets } = touched;
  for (const target of targets) {
    const { shown } = tree.target(target);
    const now = policiesAt(after, target, type);
    const { perTarget } = POLICY_TYPE_QUOTAS[type];
    if (step.kind === 'attachPolicy' && now.length > perTarget) {
      return {
        kind: 'quota',
        of: shown,
        message: `\`${shown}\` would have ${now.length} policies of the type ${POLICY_TYPE_TITLES[type]}, ${now.length - perTarget} more than AWS Organizations attaches`,
        help: roomHelp(after, now, set),
      };
    }
    if (type !== 'scp') continue;
    const allowed = policiesAt(before, target, type).some(({ content }) => hasAllow(content));
    if (allowed && !now.some(({ content }) => hasAllow(content))) {
      return {
        kind: 'lastAllow',
        of: shown,
        message: `nothing would be allowed at \`${shown}\` any more: no other service control policy there allows anything`,
        help: `attach one that allows what is needed, such as FullAWSAccess (${MANAGED_POLICY_IDS.scp}), at \`${shown}\` first`,
      };
    }
  }
  return null;
}

/** Names the policies of others: one that AWS attaches may be what allows everything there. */
function roomHelp(state: PolicyState, policies: readonly AwsPolicy[], set: string): string {
  const others = policies.filter((policy) => !policy.awsManaged && !isOwn(state, policy, set));
  if (others.length === 0) return 'attach some higher up';
  return `detach policies there that nobody needs (${others.map(({ name }) => `\`${name}\``).join(', ')}), or attach some higher up`;
}
