/** Reading the state that plans are made from, and what belongs to a set. */
import { API_POLICY_TYPES, POLICY_TYPES, readSnapshot } from '../../organization/index.js';
import type {
  AwsPolicy,
  OrganizationPolicyType,
  OrganizationsReader,
  OrganizationsWriter,
} from '../../organization/index.js';
import { OWNER_TAG } from './model.js';
import type { PolicyState, WantedAttachment, WantedPolicies } from './model.js';

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

/** A text that tells a policy from the others: names are unique among the policies of a type. */
export function policyKeyOf(type: OrganizationPolicyType, name: string): string {
  return `${type} ${name}`;
}

/** The ids of the targets that a policy is attached to. */
export function targetsOfPolicy(state: PolicyState, id: string): readonly string[] {
  return state.attachments.filter((each) => each.policyId === id).map(({ targetId }) => targetId);
}

/** The policies of a type attached at a target. */
export function policiesAt(state: PolicyState, targetId: string, type: OrganizationPolicyType): readonly AwsPolicy[] {
  const ids = new Set(state.attachments.filter((each) => each.targetId === targetId).map((each) => each.policyId));
  return state.policies.filter((policy) => ids.has(policy.id) && typeOf(policy) === type);
}

/**
 * The policies of a set as they are now, in the form of what is wanted: to come back to.
 *
 * @param fullAwsAccess - Targets at which it shall be told whether `FullAWSAccess` is attached.
 */
export function policiesOfSet(
  state: PolicyState,
  set: string,
  fullAwsAccess: Readonly<Record<string, boolean>> = {},
): WantedPolicies {
  const own = state.policies.filter((policy) => isOwn(state, policy, set));
  const documents = own.map((policy) => ({
    name: policy.name,
    type: typeOf(policy)!,
    description: policy.description ?? '',
    content: policy.content ?? '',
  }));
  const attachments = new Map<string, WantedAttachment>();
  for (const policy of own) {
    const type = typeOf(policy)!;
    for (const targetId of targetsOfPolicy(state, policy.id)) {
      const key = `${type} ${targetId}`;
      const known = attachments.get(key) ?? { targetId, type, documents: [] };
      attachments.set(key, { ...known, documents: [...known.documents, policy.name] });
    }
  }
  for (const [targetId, isAttached] of Object.entries(fullAwsAccess)) {
    const key = `scp ${targetId}`;
    const known = attachments.get(key) ?? { targetId, type: 'scp', documents: [] };
    attachments.set(key, { ...known, fullAwsAccess: isAttached });
  }
  return { documents, attachments: [...attachments.values()] };
}
