/** Whether policies may allow requests of which not everything is known. */
import { compilePolicies, mayBeAllowed } from '../../iam/index.js';
import type { ApplicablePolicies, Condition, Policy, Request, Statement } from '../../iam/index.js';
import { withUnknownsAs } from '../../template/index.js';

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
  const { identity, resource, ...rest } = { ...NO_POLICIES, ...policies };
  const set = compilePolicies({
    ...rest,
    identity: identity.map(withoutUnreadable),
    resource: resource && withoutUnreadable(resource),
  });
  return (request) => mayBeAllowed(set, request);
}

/** Operators whose values are no texts: what stands for an unknown value would be a wrong one, which never holds. */
const NO_TEXT = /^(?:Bool|Numeric|Date|IpAddress|NotIpAddress)/;

/** An allow whose condition hangs on an unknown value may hold, and a deny may not. */
function withoutUnreadable(policy: Policy): Policy {
  const isOpen = ({ operator, values }: Condition): boolean =>
    NO_TEXT.test(operator) && values.some((value) => withUnknownsAs(value, '') !== value);
  if (!policy.statements.some(({ conditions }) => conditions.some(isOpen))) return policy;
  const statements = policy.statements.flatMap((statement): readonly Statement[] => {
    if (!statement.conditions.some(isOpen)) return [statement];
    if (statement.effect === 'Deny') return [];
    return [{ ...statement, conditions: statement.conditions.filter((condition) => !isOpen(condition)) }];
  });
  return { ...policy, statements };
}
