/** The requests that a written claim speaks of. */
import { expandActionPattern } from '../../catalogue/iam/index.js';
import { parsePolicy } from '../index.js';
import type { Condition } from '../index.js';
import type { RequestProperties } from '../prove/index.js';
import { asksForNothing, fillConditions, fillList } from './fill.js';
import type { WrittenClaim } from './model.js';
import type { ParameterValues } from './parameters/values.js';

/** Properties with parameters filled in. @throws FillError for a text that names no parameter. */
export function requestsOf(claim: WrittenClaim, values: ParameterValues): RequestProperties {
  const filled = (list: readonly string[] | undefined): readonly string[] | undefined =>
    list === undefined ? undefined : fillList(list, values);
  const [principals, actions, resources] = [claim.principals, claim.actions, claim.resources].map(filled);
  const [notPrincipals, notActions, notResources] = [claim.notPrincipals, claim.notActions, claim.notResources].map(
    filled,
  );
  return {
    ...(claim.callers === undefined ? {} : { callers: claim.callers }),
    ...(principals === undefined ? {} : { principalArns: principals }),
    ...(notPrincipals === undefined ? {} : { notPrincipalArns: notPrincipals }),
    ...(claim.accounts === undefined ? {} : { accounts: claim.accounts }),
    ...(actions === undefined ? {} : { actions }),
    ...(notActions === undefined ? {} : { notActions }),
    ...(resources === undefined ? {} : { resources }),
    ...(notResources === undefined ? {} : { notResources }),
    ...(claim.when === undefined ? {} : { conditions: conditionsOf(claim, values) }),
  };
}

/**
 * Whether a claim says something of a policy with these values. It does not when it speaks of what an empty list names,
 * such as partners where there are none, or when its words assume other values (`valuesOf`).
 *
 * @param ofCases - The values with which its words were written.
 */
export function saysSomething(claim: WrittenClaim, values: ParameterValues, ofCases: ParameterValues): boolean {
  const { valuesOf = [], principals, actions, resources, when } = claim;
  if (valuesOf.some((name) => JSON.stringify(values[name]) !== JSON.stringify(ofCases[name]))) return false;
  if ([principals, actions, resources].some((list) => list !== undefined && fillList(list, values).length === 0)) {
    return false;
  }
  return when === undefined || !asksForNothing(when, values);
}

function conditionsOf({ when, claim }: WrittenClaim, values: ParameterValues): readonly Condition[] {
  const Statement = { Effect: 'Deny', Action: '*', Resource: '*', Condition: fillConditions(when!, values) };
  const { policy, problems } = parsePolicy({ Version: '2012-10-17', Statement }, 'identity');
  if (policy === undefined) throw new Error(`${claim}: ${problems.map(({ message }) => message).join('; ')}`);
  return policy.statements[0]!.conditions;
}

/** Most names of actions that a counterexample may choose from. */
const MOST_NAMES = 200;

/** Names that a counterexample may choose from. */
export function namesOf(patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((pattern) => expandActionPattern(pattern)).slice(0, MOST_NAMES);
}
