/**
 * Questions to the evaluator about policies in which some parts are not known: what they grant whatever the unknown
 * parts are, and what they might grant.
 */
import { compilePolicies, evaluate } from '../../iam/index.js';
import type { ApplicablePolicies, Condition, Policy, Request, Statement } from '../../iam/index.js';
import type { Unknown } from '../../template/index.js';
import { ALLOW_ALL, mayAllow } from './may.js';
import { textsOf } from './principals.js';
import type { View } from './view.js';

/** A name that no policy has, for resources that nobody thought of. */
export const UNNAMED = 'zzz-nobody-named-this';

/** Whether something is granted: seen to be, seen not to be, or hanging on values that nobody knows. */
export type Answer = 'yes' | 'no' | 'open';

/** Whether a request can come through, by some values of the keys that it leaves open. */
export function comesThrough(policies: Partial<ApplicablePolicies>, request: Request): boolean {
  return mayAllow(policies)(request);
}

/** Whether a resource's policy denies a request, whatever the keys are that the request leaves open. */
export function isRefused(resource: Policy, request: Request): boolean {
  const set = compilePolicies({
    identity: [ALLOW_ALL],
    boundary: null,
    session: null,
    scps: null,
    rcps: null,
    resource,
    vpcEndpoint: null,
  });
  return evaluate(set, request, { unknownContext: true }).decision === 'EXPLICIT_DENY';
}

/** One statement of a policy, with everything that the policy denies. */
export function alone(policy: Policy, statement: Statement): Policy {
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
  return { ...policy, statements: statement.effect === 'Deny' ? denies : [...denies, statement] };
}

/**
 * Asks whether policies grant something, for the least and for the most that their unknown parts can mean.
 *
 * @param granted - Whether it is granted by policies in which everything is known.
 */
export function ask(
  view: View,
  policies: readonly Policy[],
  granted: (policies: readonly Policy[]) => boolean,
): Answer {
  if (granted(policies.map((policy) => atLeast(view, policy)))) return 'yes';
  if (policies.every((policy) => unknownsOf(view, policy).length === 0)) return 'no';
  return granted(policies.map((policy) => atMost(view, policy))) ? 'open' : 'no';
}

/** The unknowns of a policy. */
export function unknownsOf(view: View, { statements }: Policy): readonly Unknown[] {
  return view.unknownsIn(...statements.flatMap(textsOf));
}

/** The least that a policy with unknown parts can grant: what it allows is nothing, what it denies is everything. */
function atLeast(view: View, policy: Policy): Policy {
  return bounded(view, policy, 'Deny');
}

/** The most that a policy with unknown parts can grant. */
function atMost(view: View, policy: Policy): Policy {
  return bounded(view, policy, 'Allow');
}

/**
 * A list of patterns that is unknown as a whole may be `*`; a condition of numbers, addresses and the like may hold or
 * not. A name that is unknown stays a name that nobody else has.
 *
 * @param favoured - The statements that are read as wide as they can be; the others are read as narrow.
 */
function bounded(view: View, policy: Policy, favoured: Statement['effect']): Policy {
  if (unknownsOf(view, policy).length === 0) return policy;
  const statements = policy.statements.flatMap((statement): Statement[] => {
    const wide = statement.effect === favoured;
    const doubtful = statement.conditions.filter((condition) => isDoubtful(view, condition));
    if (doubtful.length > 0 && !wide) return [];
    const conditions = statement.conditions.filter((condition) => !doubtful.includes(condition));
    const { action, resource, principal } = statement;
    const patterns = (element: Statement['action']): Statement['action'] =>
      wide === element.negated
        ? element
        : { ...element, patterns: element.patterns.map((pattern) => (isUnknown(view, pattern) ? '*' : pattern)) };
    return [
      {
        ...statement,
        conditions,
        action: patterns(action),
        ...(resource === undefined ? {} : { resource: patterns(resource) }),
        ...(principal === undefined || !wide || principal.negated
          ? {}
          : {
              principal: {
                ...principal,
                principals: principal.principals.map((one) =>
                  one.kind === 'AWS' && isUnknown(view, one.value) ? { ...one, value: '*' } : one,
                ),
              },
            }),
      },
    ];
  });
  return { ...policy, statements };
}

/** An unknown stands as one character of a private plane. */
const MARK_LENGTH = 2;

/** Whether nothing of a text is known. */
export function isUnknown(view: View, text: string): boolean {
  return text.length === MARK_LENGTH && view.unknownsIn(text).length === 1;
}

/** Whether a condition may hold or not by a value that is not known. */
function isDoubtful(view: View, { operator, key, values }: Condition): boolean {
  if (view.unknownsIn(key).length > 0) return true;
  return !/^(?:String|Arn)/.test(operator) && view.unknownsIn(...values).length > 0;
}
