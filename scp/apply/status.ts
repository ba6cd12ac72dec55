/** What is in force of a set, place by place. */
import type { OrganizationPolicyType } from '../../organization/index.js';
import { contentChange, sameContent } from './content.js';
import type { ApplyPlan, PolicyState, StepTarget, WantedPolicies } from './model.js';
import { isOwn, policiesAt, policyKeyOf, targetsOfPolicy, typeOf } from './state.js';
import { StateTree } from './tree.js';

/**
 * How a policy of the set stands: `wanted`, as it shall be; `old`, with another text; `both`, with the statements of the
 * old and of the new text; `leaving`, attached and not wanted here; `missing`, wanted here and not attached.
 */
export type Standing = 'wanted' | 'old' | 'both' | 'leaving' | 'missing';

/** The policies of the set at one target. */
export interface TargetStatus {
  readonly target: StepTarget;
  readonly type: OrganizationPolicyType;
  readonly policies: readonly { readonly name: string; readonly standing: Standing }[];
  /** Names of those that belong to others. */
  readonly others: readonly string[];
}

/**
 * Compares what is in force with what is wanted, at every target that has or shall have a policy of the set.
 *
 * @param state - As it was read from AWS Organizations.
 */
export function statusOf(
  state: PolicyState,
  wanted: WantedPolicies,
  { set }: Pick<ApplyPlan, 'set'>,
): readonly TargetStatus[] {
  const tree = new StateTree(state);
  const contents = new Map(wanted.documents.map(({ type, name, content }) => [policyKeyOf(type, name), content]));
  const places = new Map<
    string,
    { readonly targetId: string; readonly type: OrganizationPolicyType; names: string[] }
  >();
  const place = (targetId: string, type: OrganizationPolicyType): { names: string[] } => {
    const key = `${type} ${targetId}`;
    const known = places.get(key) ?? { targetId, type, names: [] };
    places.set(key, known);
    return known;
  };
  for (const { targetId, type, documents } of wanted.attachments) {
    if (documents.length > 0) place(targetId, type).names.push(...documents);
  }
  for (const policy of state.policies.filter((each) => isOwn(state, each, set))) {
    for (const target of targetsOfPolicy(state, policy.id)) place(target, typeOf(policy)!);
  }
  return [...places.values()].map(({ targetId, type, names }) => {
    const attached = policiesAt(state, targetId, type);
    const own = attached.filter((policy) => isOwn(state, policy, set));
    const standing = (name: string, content: string): Standing => {
      const text = contents.get(policyKeyOf(type, name));
      if (text === undefined || !names.includes(name)) return 'leaving';
      if (sameContent(content, text)) return 'wanted';
      const { adds, loses } = contentChange(type, content, text);
      return loses && !adds ? 'both' : 'old';
    };
    return {
      target: tree.target(targetId),
      type,
      policies: [
        ...own.map(({ name, content }) => ({ name, standing: standing(name, content ?? '') })),
        ...names
          .filter((name) => !own.some((policy) => policy.name === name))
          .map((name) => ({ name, standing: 'missing' as const })),
      ],
      others: attached.filter((policy) => !isOwn(state, policy, set)).map(({ name }) => name),
    };
  });
}
