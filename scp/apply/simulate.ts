/** What a step does to a state. */
import { API_POLICY_TYPES, MANAGED_POLICY_IDS } from '../../organization/index.js';
import type { AwsPolicy } from '../../organization/index.js';
import { OWNER_TAG } from './model.js';
import type { ApplyStep, PolicyState, StepPolicy } from './model.js';
import { isOwn } from './state.js';

/** The id that a policy has in a simulation before it is made. */
function simulatedId(type: string, name: string): string {
  return `new ${type} ${name}`;
}

/**
 * The policy that a step speaks of.
 *
 * @throws RangeError when it is not in the state.
 */
export function findPolicy(state: PolicyState, { id, type, name }: StepPolicy, set: string): AwsPolicy {
  const found = state.policies.find((each) =>
    id === null
      ? each.name === name && each.type === API_POLICY_TYPES[type] && isOwn(state, each, set)
      : each.id === id,
  );
  if (found === undefined) throw new RangeError(`there is no policy ${name}`);
  return found;
}

/** The state after a step. @param createdId - The id of a policy that the step makes, when it is known. */
export function simulate(state: PolicyState, step: ApplyStep, set: string, createdId?: string): PolicyState {
  switch (step.kind) {
    case 'enablePolicyType': {
      const type = API_POLICY_TYPES[step.type];
      const id = step.type === 'scp' || step.type === 'rcp' ? MANAGED_POLICY_IDS[step.type] : undefined;
      const targets = [state.root, ...state.units, ...state.accounts];
      const attached = id === undefined ? [] : targets.map((target) => ({ policyId: id, targetId: target.id }));
      const others = state.attachments.filter(({ policyId }) => policyId !== id);
      const policies = state.policies.filter((policy) => policy.id !== id);
      return {
        ...state,
        root: { ...state.root, enabledPolicyTypes: [...state.root.enabledPolicyTypes, type] },
        policies: id === undefined ? policies : [...policies, managedPolicy(id, type)],
        attachments: [...others, ...attached],
      };
    }
    case 'createPolicy': {
      const { type, name, description, content } = step.document;
      const id = createdId ?? simulatedId(type, name);
      const policy = { id, name, type: API_POLICY_TYPES[type], awsManaged: false, description, content };
      return { ...state, policies: [...state.policies, policy], tags: { ...state.tags, [id]: { [OWNER_TAG]: set } } };
    }
    case 'updatePolicy': {
      const found = findPolicy(state, step.policy, set);
      const { description, content } = step;
      const policies = state.policies.map((each) => (each === found ? { ...each, description, content } : each));
      return { ...state, policies };
    }
    case 'attachPolicy': {
      const { id } = findPolicy(state, step.policy, set);
      return { ...state, attachments: [...state.attachments, { policyId: id, targetId: step.target.id }] };
    }
    case 'detachPolicy': {
      const { id } = findPolicy(state, step.policy, set);
      const attachments = state.attachments.filter((each) => each.policyId !== id || each.targetId !== step.target.id);
      return { ...state, attachments };
    }
    case 'deletePolicy': {
      const { id } = findPolicy(state, step.policy, set);
      const tags = Object.fromEntries(Object.entries(state.tags).filter(([key]) => key !== id));
      return { ...state, policies: state.policies.filter((each) => each.id !== id), tags };
    }
  }
}

/** `FullAWSAccess` or `RCPFullAWSAccess`, which come with their types. */
function managedPolicy(id: string, type: string): AwsPolicy {
  const isRcp = id === MANAGED_POLICY_IDS.rcp;
  const statement = { Effect: 'Allow', ...(isRcp && { Principal: '*' }), Action: '*', Resource: '*' };
  return {
    id,
    name: isRcp ? 'RCPFullAWSAccess' : 'FullAWSAccess',
    type,
    awsManaged: true,
    content: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  };
}
