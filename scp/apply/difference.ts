/** How the texts of a set change, statement by statement. */
import type { OrganizationPolicyType } from '../../organization/index.js';
import { sameContent } from './content.js';
import type { PolicyState, WantedPolicies } from './model.js';
import { isOwn, policyKeyOf, typeOf } from './state.js';

/** One policy of which the text changes. */
export interface TextChange {
  readonly type: OrganizationPolicyType;
  readonly name: string;
  /** `null` for a policy that is made, and for one that is deleted. */
  readonly before: string | null;
  readonly after: string | null;
}

export function textChanges(state: PolicyState, wanted: WantedPolicies, set: string): readonly TextChange[] {
  const own = state.policies.filter((policy) => isOwn(state, policy, set));
  const before = new Map(own.map((policy) => [policyKeyOf(typeOf(policy)!, policy.name), policy.content ?? '']));
  const keys = new Set(wanted.documents.map(({ type, name }) => policyKeyOf(type, name)));
  const changed = wanted.documents.flatMap(({ type, name, content }): readonly TextChange[] => {
    const old = before.get(policyKeyOf(type, name)) ?? null;
    return old !== null && sameContent(old, content) ? [] : [{ type, name, before: old, after: content }];
  });
  const gone = own.flatMap((policy): readonly TextChange[] => {
    const type = typeOf(policy)!;
    if (keys.has(policyKeyOf(type, policy.name))) return [];
    return [{ type, name: policy.name, before: policy.content ?? '', after: null }];
  });
  return [...changed, ...gone];
}

/** A line of a difference: what both have, only the old or only the new one. */
export interface DifferenceLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** Compares texts line by line, by a longest common subsequence. */
export function lineDifference(before: readonly string[], after: readonly string[]): readonly DifferenceLine[] {
  const width = after.length + 1;
  // Lengths of the longest common subsequence of what is left of both.
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const lines: DifferenceLine[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ mark: ' ', text: before[i]! });
      i += 1;
      j += 1;
    } else if (
      j >= after.length ||
      (i < before.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)
    ) {
      lines.push({ mark: '-', text: before[i]! });
      i += 1;
    } else {
      lines.push({ mark: '+', text: after[j]! });
      j += 1;
    }
  }
  return lines;
}
