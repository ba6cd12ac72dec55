/** Reading the state that plans are made from, and what belongs to a set. */
import { API_POLICY_TYPES, POLICY_TYPES, readSnapshot } from '../../organization/index.js';
import type {
  AwsPolicy,
  OrganizationPolicyType,
  OrganizationsReader,
  OrganizationsWriter,
} from '../../organization/index.js';
import { OWNER_TAG } from './model.js';
import type { PolicyState, StepTarget, WantedAttachment, WantedPolicies } from './model.js';

/** What a plan and its execution ask of AWS Organizations. */
export type PolicyOperations = OrganizationsReader & OrganizationsWriter;

/** Reads an organization and the tags of its policies. @throws what the operations throw. */
export async function readPolicyState(operations: PolicyOperations): Promise<PolicyState> {
  const snapshot = await readSnapshot(operations);
  const tags: Record<string, Readonly<Record<string, string>>> = {};
  for (const { id, awsManaged } of snapshot.policies) {
    if (!awsManaged) tags[id] = await operations.listTagsForResource(id);
  }
  return { ...snapshot, tags };
}

const TYPES_BY_API_NAME = new Map(POLICY_TYPES.map((type) => [API_POLICY_TYPES[type], type]));

/** The type of a policy, or `undefined` for types that descriptions do not know. */
export function typeOf({ type }: Pick<AwsPolicy, 'type'>): OrganizationPolicyType | undefined {
  return TYPES_BY_API_NAME.get(type);
}

/** Whether a policy is one of a set. */
export function isOwn({ tags }: PolicyState, policy: AwsPolicy, set: string): boolean {
  return !policy.awsManaged && Object.hasOwn(tags, policy.id) && tags[policy.id]![OWNER_TAG] === set;
}

/** The policies of a set as they are now, in the form of what is wanted: to come back to. */
export function policiesOfSet(state: PolicyState, set: string): WantedPolicies {
  const own = state.policies.filter((policy) => isOwn(state, policy, set));
  const documents = own.map((policy) => ({
    name: policy.name,
    type: typeOf(policy)!,
    description: policy.description ?? '',
    content: policy.content ?? '',
  }));
  const attachments = new Map<string, { -readonly [K in keyof WantedAttachment]: WantedAttachment[K] }>();
  for (const policy of own) {
    const type = typeOf(policy)!;
    for (const { targetId } of state.attachments.filter(({ policyId }) => policyId === policy.id)) {
      const key = `${type} ${targetId}`;
      const known = attachments.get(key) ?? { targetId, type, documents: [] };
      attachments.set(key, { ...known, documents: [...known.documents, policy.name] });
    }
  }
  return { documents, attachments: [...attachments.values()] };
}

/** The ids from the root to a target, that one included; empty when it is not in the tree. */
export function pathOf(state: PolicyState, targetId: string): readonly string[] {
  const parents = new Map([...state.units, ...state.accounts].map(({ id, parentId }) => [id, parentId]));
  const path: string[] = [];
  for (let id: string | undefined = targetId; id !== undefined && !path.includes(id); id = parents.get(id)) {
    path.unshift(id);
  }
  return path[0] === state.root.id ? path : [];
}

/** A target as steps and messages name it. */
export function stepTarget(state: PolicyState, id: string): StepTarget {
  const names = new Map([...state.units, ...state.accounts].map((each) => [each.id, each.name]));
  const shown = pathOf(state, id).slice(1);
  return { id, shown: `/${shown.map((each) => names.get(each) ?? each).join('/')}` };
}

/** The accounts at and below a target. */
export function accountsBelow(state: PolicyState, targetId: string): readonly string[] {
  return state.accounts.filter(({ id }) => pathOf(state, id).includes(targetId)).map(({ id }) => id);
}
