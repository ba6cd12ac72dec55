/**
 * Claims that comparing parts of statements decides, without a search: most claims of a template are of this kind, and an
 * organization with many units has them once for each set of parameters. Both answers are sufficient, not necessary: what
 * is not seen here, the prover decides.
 *
 * Sound, because the requests of a claim are written as a statement that applies to all of them, and perhaps to more: what
 * else narrows them, such as kinds of callers, assumptions, or exceptions beside a list, is left out.
 */
import type { Condition, Policy, Statement } from '../iam/index.js';
import { proveClaim } from '../iam/prove/index.js';
import type { RequestProperties } from '../iam/prove/index.js';
import type { ControlPolicyKind } from './model.js';
import { coversResource, isIncluded, mayDeny } from './pack/index.js';
import { levelsOf, SERVICE_LINKED, surround } from './surroundings.js';

/**
 * Whether every request with some properties is denied: each piece of what is asked is inside a statement that denies, and
 * a denial in an SCP or RCP decides whatever else is attached. Service-linked roles, which are not bound, must be among
 * the callers that the properties leave out.
 */
export function isPlainlyDenied(forAll: RequestProperties, policies: readonly Policy[]): boolean {
  if (!canBeCompared(policies)) return false;
  const denials = policies.flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Deny'));
  return isIncluded(askedOf(forAll), denials.map(withoutPrincipal));
}

/**
 * Whether no request with some properties is denied: no statement speaks of any of them, so that the decision is that of
 * the surroundings alone; which the prover shows to be `ALLOW`, once for each choice of kinds of callers.
 */
export function isPlainlyAllowed(
  forAll: RequestProperties,
  policies: readonly Policy[],
  kind: ControlPolicyKind,
): boolean {
  const statements = policies.flatMap((policy) => policy.statements);
  if (!canBeCompared(policies) || statements.some(({ effect }) => effect === 'Allow')) return false;
  const asked = askedOf(forAll);
  return statements.every((each) => isApart(asked, each)) && surroundingsAllow(kind, forAll);
}

/** In older policies variables are plain text; and a statement of a resource policy could name some callers only. */
function canBeCompared(policies: readonly Policy[]): boolean {
  return policies.every(
    ({ version, statements }) =>
      version === '2012-10-17' &&
      statements.every(
        ({ principal }) =>
          principal === undefined ||
          (!principal.negated && principal.principals.some(({ kind, value }) => kind === 'AWS' && value === '*')),
      ),
  );
}

function askedOf(forAll: RequestProperties): Statement {
  const { principalArns, notPrincipalArns, actions, notActions, resources, notResources, conditions = [] } = forAll;
  const element = (some: readonly string[] | undefined, others: readonly string[] | undefined): Statement['action'] =>
    some === undefined && others !== undefined
      ? { negated: true, patterns: others }
      : { negated: false, patterns: some ?? ['*'] };
  const callers = (operator: 'ArnLike' | 'ArnNotLike', values: readonly string[] | undefined): readonly Condition[] =>
    values === undefined ? [] : [{ operator, ifExists: false, key: 'aws:PrincipalArn', values }];
  return {
    effect: 'Deny',
    action: element(actions, notActions),
    resource: element(resources, notResources),
    conditions: [...conditions, ...callers('ArnLike', principalArns), ...callers('ArnNotLike', notPrincipalArns)],
  };
}

function withoutPrincipal({ effect, action, resource, conditions }: Statement): Statement {
  return { effect, action, ...(resource === undefined ? {} : { resource }), conditions };
}

/** Whether it is plain that no request is in both. */
function isApart(asked: Statement, other: Statement): boolean {
  return (
    asked.conditions.some((one) =>
      other.conditions.some((another) => exclude(one, another) || exclude(another, one)),
    ) ||
    areActionsApart(asked, other) ||
    areResourcesApart(asked.resource, other.resource)
  );
}

function areActionsApart(asked: Statement, other: Statement): boolean {
  if (!mayDeny(other, asked)) return true;
  const folded = (patterns: readonly string[]): readonly string[] => patterns.map((each) => each.toLowerCase());
  return isExcepted(asked.action, other.action, folded) || isExcepted(other.action, asked.action, folded);
}

function areResourcesApart(asked: Statement['resource'], other: Statement['resource']): boolean {
  if (asked === undefined || other === undefined) return false;
  const same = (patterns: readonly string[]): readonly string[] => patterns;
  return isExcepted(asked, other, same) || isExcepted(other, asked, same);
}

/** Whether all that one element lists is among what the other leaves out. */
function isExcepted(
  listed: Statement['action'],
  other: Statement['action'],
  folded: (patterns: readonly string[]) => readonly string[],
): boolean {
  if (listed.negated || !other.negated) return false;
  const exceptions = folded(other.patterns);
  return folded(listed.patterns).every((pattern) => exceptions.some((each) => coversResource(each, pattern)));
}

/** Plain operators by their contraries. */
const CONTRARIES: Readonly<Partial<Record<Condition['operator'], Condition['operator']>>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

/**
 * Whether two conditions never hold together: without a set operator a negated operator is the contrary of the plain one,
 * also for a key with several values, and the plain one asks for a value of the key, unless it says `IfExists`.
 */
function exclude(plain: Condition, negated: Condition): boolean {
  if (plain.key.toLowerCase() !== negated.key.toLowerCase()) return false;
  if (plain.qualifier !== undefined || negated.qualifier !== undefined) return false;
  if (plain.operator === 'Null' && negated.operator === 'Null') {
    const [one, other] = [plain, negated].map(({ values }) => values.map((value) => value.toLowerCase()));
    return !one!.some((value) => other!.includes(value));
  }
  return (
    CONTRARIES[negated.operator] === plain.operator &&
    !plain.ifExists &&
    plain.values.every((value) => negated.values.includes(value))
  );
}

const shown = new Map<string, boolean>();

/** Whether the prover shows that callers of some kinds may do everything where no policy of an organization denies. */
function surroundingsAllow(kind: ControlPolicyKind, { callers }: RequestProperties): boolean {
  const name = JSON.stringify([kind, callers]);
  let allow = shown.get(name);
  if (allow === undefined) {
    const forAll = { ...(callers === undefined ? {} : { callers }), notPrincipalArns: [SERVICE_LINKED] };
    allow = proveClaim({ forAll, policies: surround(levelsOf(kind, [])), decision: 'ALLOW' }).kind === 'HOLDS';
    shown.set(name, allow);
  }
  return allow;
}
