/** What stands around the policies of a template while cases and claims are decided. */
import { EVERYONE } from '../iam/index.js';
import type { ApplicablePolicies, Policy } from '../iam/index.js';
import type { PolicyName } from './model.js';

const EVERYTHING = { negated: false, patterns: ['*'] };

/** What an administrator has. */
export const ALLOW_ALL: Policy = {
  version: '2012-10-17',
  statements: [{ effect: 'Allow', action: EVERYTHING, resource: EVERYTHING, conditions: [] }],
};

/** For everybody, as a resource's owner might have it. */
export const OPEN: Policy = {
  version: '2012-10-17',
  statements: [{ ...ALLOW_ALL.statements[0]!, principal: { negated: false, principals: [EVERYONE] } }],
};

/**
 * A policy of a resource that leaves the decision to the policies of identities in its account, as the default policies of
 * keys do. Assuming a role and using a key need such a policy; it allows nothing by itself.
 */
function delegating(account: string): Policy {
  const principals = [{ kind: 'AWS' as const, value: account }];
  return {
    version: '2012-10-17',
    statements: [{ ...ALLOW_ALL.statements[0]!, principal: { negated: false, principals } }],
  };
}

/**
 * All policies that apply to a request: the one in question limits or grants, everything else allows.
 *
 * @param account - The account that the template is deployed to.
 */
export function surround(name: PolicyName, policy: Policy, account: string): ApplicablePolicies {
  const others = { session: null, scps: null, rcps: null, vpcEndpoint: null };
  switch (name) {
    case 'boundary':
      return { ...others, identity: [ALLOW_ALL], boundary: [policy], resource: delegating(account) };
    case 'permissions':
      return { ...others, identity: [policy], boundary: null, resource: delegating(account) };
    case 'trust':
      return { ...others, identity: [ALLOW_ALL], boundary: null, resource: policy };
  }
}

/** Under which name the evaluator tells of the policy in question. */
export const POLICY_TYPES = { boundary: 'boundary', permissions: 'identity', trust: 'resource' } as const;
