/**
 * What stands around the policies of an organization while cases and claims are decided: every other policy allows
 * everything, so that a request which is not allowed is denied by the policies in question.
 */
import { iamAction, supportsRcp } from '../catalogue/iam/index.js';
import { EVERYONE } from '../iam/index.js';
import type { ApplicablePolicies, Policy } from '../iam/index.js';
import type { ControlPolicyKind } from './model.js';

/** Policies of each kind, level by level from the root to the account; `null` when there are none of that kind. */
export interface Levels {
  readonly scps: readonly (readonly Policy[])[] | null;
  readonly rcps: readonly (readonly Policy[])[] | null;
}

/** Roles that the evaluation takes for service-linked: neither SCPs nor RCPs restrain them. */
export const SERVICE_LINKED = 'arn:*:iam::*:role/aws-service-role/*';

const EVERYTHING = { negated: false, patterns: ['*'] };

/** `FullAWSAccess`, and what an administrator has. */
export const ALLOW_ALL: Policy = {
  version: '2012-10-17',
  statements: [{ effect: 'Allow', action: EVERYTHING, resource: EVERYTHING, conditions: [] }],
};

/** A policy of a resource that lets everybody in; `RCPFullAWSAccess` reads the same. */
const OPEN: Policy = {
  version: '2012-10-17',
  statements: [{ ...ALLOW_ALL.statements[0]!, principal: { negated: false, principals: [EVERYONE] } }],
};

/** The policies of one template as an organization has them: at the root, beside the one that AWS attaches. */
export function levelsOf(kind: ControlPolicyKind, policies: readonly Policy[]): Levels {
  return kind === 'scp'
    ? { scps: [[ALLOW_ALL, ...policies]], rcps: null }
    : { scps: null, rcps: [[OPEN, ...policies]] };
}

/** Everything that applies to a request. */
export function surround({ scps, rcps }: Levels): ApplicablePolicies {
  return { identity: [ALLOW_ALL], boundary: null, session: [ALLOW_ALL], scps, rcps, resource: OPEN, vpcEndpoint: null };
}

/**
 * Whether RCPs act on an action: its service is one that RCPs support, and the action has a resource type. An action that
 * the catalogue does not know counts as one that has.
 *
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function rcpApplies(action: string): boolean {
  if (!supportsRcp(action.slice(0, Math.max(action.indexOf(':'), 0)))) return false;
  const known = iamAction(action);
  return known === undefined || known.resourceTypes.length > 0;
}
