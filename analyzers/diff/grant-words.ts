/** What kinds of policies are called. */
import type { Grant } from './grants.js';
import type { ChangeKind } from './model.js';

/** What a change of such a policy is about. */
export function changeKind({ kind }: Grant): ChangeKind {
  if (kind === 'trust') return 'trust';
  if (kind === 'vpce') return 'endpoint-policy';
  return kind === 'scp' || kind === 'rcp' ? 'organization-policy' : 'resource-policy';
}

/** Such a policy in words. */
export function policyWord({ kind, type }: Grant): string {
  if (kind === 'trust') return 'trust policy';
  if (kind === 'vpce') return 'endpoint policy';
  if (kind === 'session') return 'session policy';
  if (kind === 'resource') return type === 'AWS::KMS::Key' ? 'key policy' : 'resource policy';
  return kind.toUpperCase();
}
