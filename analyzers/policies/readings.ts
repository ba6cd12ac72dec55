/**
 * What a policy says for certain although some of its values are not known. Such a policy has two readings: the widest
 * that any values can give it, and the narrowest. What does not hold of the narrowest is wrong whatever the values are;
 * what holds of the widest is right whatever they are; in between nobody can tell.
 */
import type { Condition, PatternElement, Policy, Principal, PrincipalElement, Statement } from '../../iam/index.js';
import { get, isList, isMap, withUnknownsAs } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { hasUnknown, isUnknown } from './values.js';

/** Both readings of a policy. */
export interface Readings {
  readonly widest: Policy;
  readonly narrowest: Policy;
  /** Whether both are the policy itself. */
  readonly same: boolean;
}

/** An account that AWS has given to nobody; it stands for one that is not known. */
export const SOME_ACCOUNT = '999999999990';

/** Begins the ARN that stands for a principal of which nothing is known: it may be everybody. */
const SOMEBODY = `arn:aws:iam::${SOME_ACCOUNT}:role/somebody/`;

/** Whether a principal is not known, in part or at all. */
const isOpen = ({ value }: Principal): boolean => value.includes(SOME_ACCOUNT) || hasUnknown(value);

/** Whether nothing is known of a principal. */
export const isSomebody = ({ kind, value }: Principal): boolean => kind === 'AWS' && value.startsWith(SOMEBODY);

/**
 * A document that can be read although principals and actions of it are not known: the account of an ARN becomes
 * {@link SOME_ACCOUNT}, a principal that is not known at all a role of it.
 *
 * @param value - A document with marks in the place of unknown values.
 */
export function readable(value: Value): Value {
  const statements = isMap(value) ? get(value, 'Statement') : undefined;
  if (!isMap(value) || statements === undefined) return value;
  const read = isList(statements) ? statements.map(readableStatement) : readableStatement(statements);
  return { ...value, Statement: read };
}

/** Begins an action of which nothing is known. */
const SOME_ACTION = 'unknown-action:';

function readableAction(value: Value): Value {
  return typeof value === 'string' && isUnknown(value) ? SOME_ACTION + value : value;
}

function readableStatement(statement: Value): Value {
  if (!isMap(statement)) return statement;
  const changed: Record<string, Value> = {};
  for (const element of ['Action', 'NotAction']) {
    const actions = get(statement, element);
    if (actions === undefined) continue;
    changed[element] = isList(actions) ? actions.map(readableAction) : readableAction(actions);
  }
  for (const element of ['Principal', 'NotPrincipal']) {
    const kinds = get(statement, element);
    if (typeof kinds === 'string' && hasUnknown(kinds)) changed[element] = { AWS: readableText(kinds) };
    const named = kinds !== undefined && isMap(kinds) ? get(kinds, 'AWS') : undefined;
    if (named === undefined || kinds === undefined || !isMap(kinds)) continue;
    changed[element] = { ...kinds, AWS: isList(named) ? named.map(readableText) : readableText(named) };
  }
  return { ...statement, ...changed };
}

function readableText(value: Value): Value {
  if (typeof value !== 'string' || !hasUnknown(value)) return value;
  const settledText = settledArn(value);
  return /^arn:[^:]*:(?:iam|sts)::\d{12}:./.test(settledText) ? settledText : SOMEBODY + value;
}

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
      const { resource, conditions } = statement;
      return {
        ...statement,
        ...(resource === undefined ? {} : { resource: { ...resource, patterns: resource.patterns.map(settledArn) } }),
        conditions: conditions.map(settledCondition),
      };
    }),
  };
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
          : {
              principal: {
                ...principal,
                principals: principal.principals.map((each) => ({ ...each, value: named(each.value) })),
              },
            }),
        action: { ...action, patterns: action.patterns.map(named) },
        ...(resource === undefined ? {} : { resource: { ...resource, patterns: resource.patterns.map(named) } }),
        conditions: conditions.map((each) => ({ ...each, key: named(each.key), values: each.values.map(named) })),
      };
    }),
  };
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
  if (negatedOnUnknown || (principal?.negated === true && principal.principals.some(isOpen))) {
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
    if (principal?.principals.some(isOpen) === true) return [];
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
    principal?.principals.some(isOpen) === true ||
    conditions.some(({ key, values }) => hasUnknown(key) || values.some(hasUnknown))
  );
}

/** An unknown value may hold wildcards; an unknown exception may be of something that there is not. */
function broadPatterns({ negated, patterns }: PatternElement): PatternElement {
  if (!negated) {
    const widened = patterns.map((each) => (each.startsWith(SOME_ACTION) ? '*' : withUnknownsAs(each, '*')));
    return { negated, patterns: widened };
  }
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
    const known = principals.filter((each) => !isOpen(each));
    return known.length > 0
      ? { negated, principals: known }
      : { negated: false, principals: [{ kind: 'AWS', value: '*' }] };
  }
  return {
    negated,
    principals: principals.map((each) => (isSomebody(each) ? { kind: 'AWS', value: '*' } : each)),
  };
}
