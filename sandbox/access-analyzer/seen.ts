/** What all kinds of analysis share: the shape of what they give, and what AWS tells of resource control policies. */
import { supportsRcp, wildcardMatch } from '../../catalogue/iam/index.js';
import { documentOf } from '../authorize/documents.js';
import { pathTo } from '../organizations/data.js';
import type { SandboxState } from '../state.js';
import type { FindingData } from './data.js';
import { servicePrefixOf } from './external.js';

/** A finding as an analysis gives it, without its history. */
export type Seen = Pick<
  FindingData,
  'id' | 'findingType' | 'resource' | 'resourceType' | 'resourceOwnerAccount' | 'findingDetails'
>;

/** Whether a resource control policy of the organization is about resources of a type that an account owns. */
export function isUnderRcp({ organization }: SandboxState, owner: string, type: string): boolean {
  const { enabledPolicyTypes, managementAccountId, attachments, policies } = organization;
  const prefix = servicePrefixOf(type) ?? '';
  if (!enabledPolicyTypes.has('RESOURCE_CONTROL_POLICY') || owner === managementAccountId) return false;
  if (!supportsRcp(prefix)) return false;
  return pathTo(organization, owner).some((target) =>
    (attachments.get(target) ?? []).some((id) => {
      const policy = policies.get(id);
      if (policy?.type !== 'RESOURCE_CONTROL_POLICY') return false;
      return documentOf(policy.content, 'rcp').policy.statements.some(
        ({ effect, action }) =>
          effect === 'Deny' &&
          (action.negated ||
            action.patterns.some((pattern) => wildcardMatch(pattern.toLowerCase().split(':')[0]!, prefix))),
      );
    }),
  );
}
