/** Whether policies may allow requests of which not everything is known. */
import { compilePolicies, mayBeAllowed } from '../../iam/index.js';
import type { ApplicablePolicies, Policy, Request } from '../../iam/index.js';

const NO_POLICIES: ApplicablePolicies = {
  identity: [],
  boundary: null,
  session: null,
  scps: null,
  rcps: null,
  resource: null,
  vpcEndpoint: null,
};

/** A document that allows everything, for callers whose own policies are not the question. */
export const ALLOW_ALL: Policy = {
  version: '2012-10-17',
  statements: [
    {
      effect: 'Allow',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};

/**
 * Compiles policies for questions.
 *
 * @param policies - Those that apply; what is left out says nothing.
 * @returns Whether they may allow a request: also where it hangs on condition keys that the request does not give.
 */
export function mayAllow(policies: Partial<ApplicablePolicies>): (request: Request) => boolean {
  const set = compilePolicies({ ...NO_POLICIES, ...policies });
  return (request) => mayBeAllowed(set, request);
}
