/**
 * What a policy says for certain although some of its values are not known. Such a policy has two readings: the widest
 * that any values can give it, and the narrowest. What does not hold of the narrowest is wrong whatever the values are;
 * what holds of the widest is right whatever they are; in between nobody can tell.
 */
import type { Condition, PatternElement, Policy, Principal, PrincipalElement, Statement } from '../../iam/index.js';
import { withUnknownsAs } from '../../template/index.js';

/** Both readings of a policy. */
export interface Readings {
  readonly widest: Policy;
  readonly narrowest: Policy;
  /** Whether both are the policy itself. */
  readonly same: boolean;
}

const hasUnknown = (text: string): boolean => withUnknownsAs(text, '') !== text;
/** Nothing but a value that is not known. */
const isUnknown = (text: string): boolean => withUnknownsAs(text, '') === '';

/** An account that AWS has given to nobody; it stands for one that is not known. */
export const SOME_ACCOUNT = '999999999990';

/** Keys that hold one id each, and an id that stands for one that is not known. */
const IDS: readonly (readonly [key: RegExp, id: string])[] = [
  [/^aws:(?:Principal|Source|Resource|Vpce)Account$|^aws:SourceOwner$|^kms:CallerAccount$/i, SOME_ACCOUNT],
  [/^aws:(?:Principal|Source|Resource|Vpce)OrgID$/i, 'o-unknown000'],
  [/^aws:SourceVpc$/i, 'vpc-00000000000000000'],
  [/^aws:SourceVpce$/i, 'vpce-00000000000000000'],
];

/**
 * The policy with plain values for unknown ones that can only be one thing: an id in a condition, the account of a
 * principal. What holds for one id holds for the others, as long as nothing else in the policy names it.
 */
function settled(policy: Policy): Policy {
  if (!policy.statements.some(mentionsUnknown)) return policy;
  return {
    ...policy,
    statements: policy.statements.map((statement) => {
      if (!mentionsUnknown(statement)) return statement;
      const { principal, resource, conditions } = statement;
      return {
        ...statement,
        ...(principal === undefined
          ? {}
          : { principal: { ...principal, principals: principal.principals.map(settledPrincipal) } }),
        ...(resource === undefined ? {} : { resource: { ...resource, patterns: resource.patterns.map(settledArn) } }),
        conditions: conditions.map(settledCondition),
      };
    }),
  };
}

function settledPrincipal(principal: Principal): Principal {
  const { kind, value } = principal;
  return kind === 'AWS' && !isUnknown(value) ? { kind, value: settledArn(value) } : principal;
}

/** Region and account are names of their own: no wildcard is in them but one that the template writes. */
function settledArn(text: string): string {
  const parts = text.split(':');
  if (parts[0] !== 'arn' || parts.length < 6) return text;
  const [, partition, , region, account] = parts;
  if (hasUnknown(partition!)) parts[1] = 'aws';
  if (hasUnknown(region!)) parts[3] = 'us-east-1';
  if (hasUnknown(account!)) parts[4] = SOME_ACCOUNT;
  return parts.join(':');
}

function settledCondition(condition: Condition): Condition {
  const { operator, key, values } = condition;
  const id = IDS.find(([pattern]) => pattern.test(key))?.[1];
  if (id === undefined || !/^String(?:Not)?Equals/.test(operator) || !values.some(isUnknown)) return condition;
  return { ...condition, values: values.map((value) => (isUnknown(value) ? id : value)) };
}

/** The readings of a policy whose unknown values are marks. */
export function readingsOf(written: Policy): Readings {
  const policy = settled(written);
  const widest = policy.statements.flatMap((each) => (each.effect === 'Allow' ? broad(each) : narrow(each)));
  const narrowest = policy.statements.flatMap((each) => (each.effect === 'Allow' ? narrow(each) : broad(each)));
  const same = widest.every((each, index) => each === policy.statements[index]) && widest.length === narrowest.length;
  return {
    widest: plain({ ...policy, statements: widest }),
    narrowest: plain({ ...policy, statements: narrowest }),
    same: same && narrowest.every((each, index) => each === policy.statements[index]),
  };
}

/** What stands for a part of a name that is left. */
const SOME_NAME = 'unknown';

/** The policy with a plain name in the place of every unknown that is left, so that the prover knows what there can be. */
function plain(policy: Policy): Policy {
  if (!policy.statements.some(mentionsUnknown)) return policy;
  const named = (text: string): string => withUnknownsAs(text, SOME_NAME);
  return {
    ...policy,
    statements: policy.statements.map((statement) => {
      const { principal, action, resource, conditions } = statement;
      return {
        ...statement,
        ...(principal === undefined
          ? {}
          : { principal: { ...principal, principals: principal.principals.map(someone) } }),
        action: { ...action, patterns: action.patterns.map(named) },
        ...(resource === undefined ? {} : { resource: { ...resource, patterns: resource.patterns.map(named) } }),
        conditions: conditions.map((each) => ({ ...each, key: named(each.key), values: each.values.map(named) })),
      };
    }),
  };
}

function someone({ kind, value }: Principal): Principal {
  const nobodyElse = kind === 'AWS' && isUnknown(value) && value !== '';
  return { kind, value: nobodyElse ? `arn:aws:iam::${SOME_ACCOUNT}:root` : withUnknownsAs(value, SOME_NAME) };
}

/** The statement as it applies to most requests. */
function broad(statement: Statement): readonly Statement[] {
  if (!mentionsUnknown(statement)) return [statement];
  const { principal, action, resource, conditions } = statement;
  return [
    {
      ...statement,
      ...(principal === undefined ? {} : { principal: broadPrincipal(principal) }),
      action: broadPatterns(action),
      ...(resource === undefined ? {} : { resource: broadPatterns(resource) }),
      conditions: conditions.filter(({ key, values }) => !hasUnknown(key) && !values.some(hasUnknown)),
    },
  ];
}

/**
 * The statement as it applies to fewest requests. An unknown part of a name stays: whatever it is, the name is one that
 * there can be, and no other.
 */
function narrow(statement: Statement): readonly Statement[] {
  if (!mentionsUnknown(statement)) return [statement];
  const { effect, principal, action, resource, conditions } = statement;
  const negatedOnUnknown = [action, resource].some((each) => each?.negated === true && each.patterns.some(hasUnknown));
  if (
    negatedOnUnknown ||
    (principal?.negated === true && principal.principals.some(({ value }) => hasUnknown(value)))
  ) {
    return [];
  }
  if (action.patterns.some(hasUnknown)) {
    const patterns = action.patterns.filter((each) => !hasUnknown(each));
    if (patterns.length === 0) return [];
    return narrow({ ...statement, action: { ...action, patterns } });
  }
  // A denial is worth nothing where it may speak of something else.
  if (effect === 'Deny') {
    const known = resource?.patterns.filter((each) => !hasUnknown(each));
    if (known?.length === 0) return [];
    if (principal?.principals.some(({ value }) => hasUnknown(value)) === true) return [];
    if (conditions.some(({ key, values }) => hasUnknown(key) || values.some(hasUnknown))) return [];
    return [{ ...statement, ...(resource === undefined ? {} : { resource: { ...resource, patterns: known! } }) }];
  }
  // A grant under a condition that nobody knows may be none.
  return conditions.some(({ key, values }) => hasUnknown(key) || values.some(hasUnknown)) ? [] : [statement];
}

function mentionsUnknown({ principal, action, resource, conditions }: Statement): boolean {
  return (
    action.patterns.some(hasUnknown) ||
    resource?.patterns.some(hasUnknown) === true ||
    principal?.principals.some(({ value }) => hasUnknown(value)) === true ||
    conditions.some(({ key, values }) => hasUnknown(key) || values.some(hasUnknown))
  );
}

/** An unknown value may hold wildcards; an unknown exception may be of something that there is not. */
function broadPatterns({ negated, patterns }: PatternElement): PatternElement {
  if (!negated) return { negated, patterns: patterns.map((each) => withUnknownsAs(each, '*')) };
  const known = patterns.filter((each) => !hasUnknown(each));
  return known.length > 0 ? { negated, patterns: known } : { negated: false, patterns: ['*'] };
}

/**
 * An entry that is not known at all may be everybody. One that is known in part is not: of the entries with wildcards only
 * `*` alone is taken
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 */
function broadPrincipal({ negated, principals }: PrincipalElement): PrincipalElement {
  if (negated) {
    const known = principals.filter(({ value }) => !hasUnknown(value));
    return known.length > 0
      ? { negated, principals: known }
      : { negated: false, principals: [{ kind: 'AWS', value: '*' }] };
  }
  return {
    negated,
    principals: principals.map((each) =>
      each.kind === 'AWS' && isUnknown(each.value) ? { kind: 'AWS', value: '*' } : each,
    ),
  };
}
