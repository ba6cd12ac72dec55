/**
 * Whether condition keys exist, suit their operator, and are there for the actions of the statement
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Invalid global
 * condition key", "Type mismatch", "Missing qualifier", "Unsupported action for condition key" and their neighbours).
 */
import {
  conditionKeysOf,
  expandActionPattern,
  GLOBAL_CONDITION_KEYS,
  iamAction,
  iamConditionKey,
  iamService,
  isInstanceOfKey,
  type ConditionKeyType,
  type IamConditionKey,
} from '../../../catalogue/iam/index.js';
import { nearestName } from '../../../catalogue/index.js';
import type { PolicyKind } from '../../model.js';
import type { Budget } from '../budget.js';
import type { Report } from '../finding.js';
import { demandsKey, isNegated, type ConditionView, type StatementView } from '../view.js';
import { conditionsOn, eachStatement } from './input.js';

export const checkConditionKeys = eachStatement((statement: StatementView, { kind, budget }, report) => {
  for (const condition of statement.conditions) {
    checkReach(condition, statement, budget, report);
    const known = TAG_KEYS.test(condition.lower) ? undefined : iamConditionKey(condition.key);
    if (known === undefined) {
      checkUnknown(condition, report);
      continue;
    }
    checkType(condition, known, report);
    checkQualifier(condition, known, statement, report);
    checkActions(condition, known, statement, report);
    checkRelevance(condition, kind, report);
  }
  checkPairs(statement, report);
});

/** Keys that AWS once had, and what took their place. */
const DEPRECATED: Readonly<Record<string, string>> = { 'aws:sourceowner': 'aws:SourceAccount' };

/** Keys that are followed by the key of a tag. */
const TAG_KEYS = /^[^:]+:(?:requesttag|resourcetag|principaltag|existingobjecttag|requestobjecttag)\/?$/;

function checkUnknown({ key, lower, path }: ConditionView, report: Report): void {
  const colon = lower.indexOf(':');
  // The parser tells of keys without a prefix.
  if (colon <= 0) return;
  const prefix = lower.slice(0, colon);
  if (TAG_KEYS.test(lower)) {
    report(
      'MISSING_TAG_KEY_IN_CONDITION',
      path,
      `the condition key \`${key}\` names no tag`,
      `write \`${key.replace(/\/$/, '')}/\` and the key of the tag`,
    );
  } else if (lower === 'aws:arn') {
    report(
      'UNSUPPORTED_GLOBAL_CONDITION_KEY',
      path,
      `the condition key \`${key}\` is not supported`,
      'use `aws:PrincipalArn` for the caller, or `aws:SourceArn` for the resource that a service acts for',
    );
  } else if (Object.hasOwn(DEPRECATED, lower)) {
    report(
      'DEPRECATED_GLOBAL_CONDITION_KEY',
      path,
      `the condition key \`${key}\` is deprecated`,
      `use \`${DEPRECATED[lower]!}\``,
    );
  } else if (prefix === 'aws') {
    const nearest = nearestName(
      key,
      GLOBAL_CONDITION_KEYS.map((each) => each.key),
    );
    report(
      'INVALID_GLOBAL_CONDITION_KEY',
      path,
      `there is no condition key \`${key}\``,
      nearest === undefined
        ? 'look the key up among the global condition keys of the IAM User Guide'
        : `did you mean \`${nearest}\`?`,
    );
  } else if (!prefix.includes('.')) {
    unknownOfService(prefix, key, path, report);
  }
}

function unknownOfService(prefix: string, key: string, path: ConditionView['path'], report: Report): void {
  const service = iamService(prefix);
  // Some keys stand with a prefix that has no actions, such as `saml:aud`.
  if (service === undefined && !['saml', 'identitycenter', 'catalog', 'identitystore'].includes(prefix)) {
    report(
      'INVALID_SERVICE',
      path,
      `there is no service \`${prefix}\` that the condition key \`${key}\` could belong to`,
      'correct the prefix',
    );
    return;
  }
  const nearest = nearestName(key, service?.conditionKeys.map((each) => each.key) ?? []);
  report(
    'INVALID_SERVICE_CONDITION_KEY',
    path,
    `the service \`${prefix}\` has no condition key \`${key}\``,
    nearest === undefined ? 'look the key up in the Service Authorization Reference' : `did you mean \`${nearest}\`?`,
  );
}

/** The family of an operator, in the words of the types of keys; `Null` suits all. */
function familyOf({ operator }: ConditionView): ConditionKeyType | undefined {
  if (operator.startsWith('String')) return 'String';
  if (operator.startsWith('Numeric')) return 'Numeric';
  if (operator.startsWith('Date')) return 'Date';
  if (operator.startsWith('Arn')) return 'ARN';
  if (operator === 'Bool') return 'Bool';
  if (operator === 'BinaryEquals') return 'Binary';
  return operator === 'Null' ? undefined : 'IPAddress';
}

/** Operators to recommend, by the type of a key. */
const OPERATORS: Readonly<Record<ConditionKeyType, string>> = {
  String: '`StringEquals` or `StringLike`',
  Numeric: '`NumericEquals` and its relatives',
  Date: '`DateLessThan` and its relatives',
  Bool: '`Bool`',
  Binary: '`BinaryEquals`',
  IPAddress: '`IpAddress` or `NotIpAddress`',
  ARN: '`ArnLike` or `ArnEquals`',
};

function checkType(condition: ConditionView, { key, type }: IamConditionKey, report: Report): void {
  const family = familyOf(condition);
  if (family === undefined || family === type) return;
  if (type === 'ARN' && family === 'String') {
    if (!condition.operator.endsWith('Like')) return;
    report(
      'STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS',
      condition.path,
      `\`${condition.written}\` compares the ARN of \`${condition.key}\` as one text, so that a wildcard runs across its parts`,
      `use \`${condition.written.replace(/String(Not)?Like/i, 'Arn$1Like')}\``,
    );
    return;
  }
  // Epoch time is a date and a number; some keys that AWS calls strings hold ARNs or addresses.
  if (key === 'aws:EpochTime' && family === 'Numeric') return;
  if (type === 'String' && family === 'ARN' && condition.values.every(({ text }) => /^(?:arn:|\*|\$\{)/.test(text))) {
    return;
  }
  if (type === 'String' && family === 'IPAddress' && /ip/i.test(key)) return;
  report(
    'TYPE_MISMATCH',
    condition.path,
    `\`${condition.written}\` does not suit \`${condition.key}\`, which has the type ${type}`,
    `use ${OPERATORS[type]}`,
  );
}

/** The audience of a token: one value, whatever the provider. */
const isAudience = (lower: string): boolean => lower.endsWith(':aud');

/**
 * Keys that are listed with several values and that AWS itself compares without a set operator
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSAuditManagerAdministratorAccess.html).
 */
const WITHOUT_QUALIFIER: ReadonlySet<string> = new Set(['events:detail-type']);

function checkQualifier(
  { key, lower, operator, qualifier, written, path }: ConditionView,
  known: IamConditionKey,
  { effect }: StatementView,
  report: Report,
): void {
  if (operator === 'Null') {
    if (qualifier === undefined) return;
    report(
      'NULL_WITH_QUALIFIER',
      path,
      `\`${written}\` ${qualifier === 'ForAllValues' ? 'always holds' : 'never holds'}, whether \`${key}\` is there or not`,
      'write `Null`',
    );
    return;
  }
  if (known.multiValued) {
    if (qualifier !== undefined || WITHOUT_QUALIFIER.has(lower)) return;
    report(
      'MISSING_QUALIFIER',
      path,
      `\`${key}\` can have several values, and \`${written}\` does not say whether one or all of them must match`,
      `write \`ForAnyValue:${written}\` or \`ForAllValues:${written}\``,
    );
  } else if (qualifier !== undefined && isAudience(lower) && !isListed(known)) {
    report(
      'CONFIRM_AUDIENCE_CLAIM_TYPE',
      path,
      `\`${key}\` has one value with most providers, and \`${written}\` is for keys with several`,
      `write \`${operator}\`, if tokens of the provider name one audience`,
    );
  } else if (qualifier === 'ForAnyValue' && isAudience(lower)) {
    report(
      'FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE',
      path,
      `\`${key}\` has one value, and \`${written}\` is for keys with several`,
      `write \`${operator}\``,
    );
  } else if (qualifier === 'ForAllValues' && effect === 'Allow') {
    report(
      'FORALLVALUES_WITH_SINGLE_VALUED_KEY',
      path,
      `\`${written}\` holds when \`${key}\` is missing, and the key has one value only`,
      `write \`${operator}\``,
    );
  }
}

/** Whether AWS describes the key, other than one that every OIDC provider has. */
function isListed({ key }: IamConditionKey): boolean {
  return iamService('sts')!.conditionKeys.some((each) => isInstanceOfKey(key, each.key));
}

/** Actions that go with others, such as the tags of a session, and that no condition needs to suit. */
const COMPANIONS = ['sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'];

/**
 * Keys of one service that requests to all services carry: they come with the credentials of the caller
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, "cross-service condition keys").
 */
const CROSS_SERVICE: ReadonlySet<string> = new Set([
  'ec2:roledelivery',
  'ec2:sourceinstancearn',
  'glue:credentialissuingservice',
  'glue:roleassumedby',
  'identitystore:userid',
  'lambda:sourcefunctionarn',
  'ssm:sourceinstancearn',
]);

/**
 * Keys with actions that carry them although the Service Authorization Reference does not list them: policies of AWS limit
 * subscriptions by product (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AnthropicFullAccess.html).
 */
const BESIDES_REFERENCE: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'aws-marketplace:productid',
    ['aws-marketplace:Subscribe', 'aws-marketplace:Unsubscribe', 'aws-marketplace:ViewSubscriptions'],
  ],
]);

/** Actions by name that never carry a key of a service. Those with wildcards are not looked at, as Access Analyzer has it. */
function checkActions(
  condition: ConditionView,
  known: IamConditionKey,
  statement: StatementView,
  report: Report,
): void {
  const { action } = statement;
  if (action === undefined || action.negated || condition.lower.startsWith('aws:')) return;
  if (condition.ifExists || condition.operator === 'Null' || !iamServiceKey(known)) return;
  if (CROSS_SERVICE.has(condition.lower)) return;
  // A denial that spares some values holds for requests without the key, which is what its author wants.
  if (statement.effect === 'Deny' && isNegated(condition) && condition.qualifier !== 'ForAnyValue') return;
  const without = action.items
    .map(({ text }) => iamAction(text))
    .filter((each) => each !== undefined)
    .filter(
      (each) =>
        !COMPANIONS.includes(each.name) &&
        !BESIDES_REFERENCE.get(condition.lower)?.includes(each.name) &&
        !conditionKeysOf(each).some((listed) => isInstanceOfKey(condition.key, listed)),
    );
  if (without.length === 0) return;
  const names = without.slice(0, 3).map(({ name }) => `\`${name}\``);
  report(
    'UNSUPPORTED_ACTION_FOR_CONDITION_KEY',
    condition.path,
    `requests for ${names.join(', ')}${without.length > 3 ? ` and ${without.length - 3} more` : ''} never carry \`${condition.key}\``,
    'move these actions to a statement without this condition',
  );
}

/**
 * A key that no action of the statement carries: a condition that demands it is never met, and one that holds without it
 * limits nothing. That a key of a service is missing from an action by name is told of each of them.
 */
function checkReach(condition: ConditionView, statement: StatementView, budget: Budget, report: Report): void {
  const { lower, key, path, operator } = condition;
  const { action, effect } = statement;
  if (action === undefined || action.negated || action.items.length === 0 || operator === 'Null') return;
  const demands = demandsKey(condition);
  // A denial that spares some values holds for requests without the key, which is what its author wants.
  if (!demands && effect !== 'Allow') return;
  if (!/^aws:requesttag\/./.test(lower)) {
    const known = iamConditionKey(key);
    if (known === undefined || lower.startsWith('aws:') || !iamServiceKey(known)) return;
    if (CROSS_SERVICE.has(lower) || BESIDES_REFERENCE.has(lower)) return;
    if (demands && action.items.every(({ text }) => !/[*?]/.test(text))) return;
  }
  for (const { text } of action.items) {
    // What is not in the catalogue is not known to lack the key.
    const names = text.includes(':') && budget.spend(10) ? expandActionPattern(text) : [];
    if (names.length === 0) return;
    const carries = (name: string): boolean =>
      COMPANIONS.includes(name) || conditionKeysOf(iamAction(name)!).some((each) => isInstanceOfKey(key, each));
    if (names.some(carries)) return;
  }
  report(
    demands ? 'IAM4005' : 'IAM4020',
    path,
    `no action of the statement carries \`${key}\`, so that ${demands ? 'it never applies' : 'the condition limits nothing'}`,
    'use a key that requests for these actions carry, or remove the condition',
  );
}

/** Whether the key belongs to a service; those of identity providers come with every way to assume a role. */
function iamServiceKey({ key }: IamConditionKey): boolean {
  return iamService(key.slice(0, key.indexOf(':'))) !== undefined;
}

/** What a resource policy asks of its own resource is always the same. */
function checkRelevance({ lower, key, path }: ConditionView, kind: PolicyKind, report: Report): void {
  if (kind !== 'resource' || lower !== 's3:resourceaccount') return;
  report(
    'IRRELEVANT_CONDITION_KEY_IN_POLICY',
    path,
    `\`${key}\` is the account of the bucket, which the policy is attached to`,
    'use the key in policies of identities, or remove it',
  );
}

const SOURCE_NETWORK = [
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourcevpcarn',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
];

function checkPairs(statement: StatementView, report: Report): void {
  const { conditions, effect } = statement;
  const [address] = conditionsOn(statement, 'aws:vpcsourceip');
  if (address !== undefined && !conditions.some(({ lower }) => SOURCE_NETWORK.includes(lower))) {
    report(
      'MISSING_PAIRED_CONDITION_KEYS',
      address.path,
      `\`${address.key}\` alone does not say in which VPC the address lies, and private addresses repeat`,
      'add a condition on `aws:SourceVpc`',
    );
  }
  const [attributes] = conditionsOn(statement, 'dynamodb:attributes');
  if (attributes !== undefined && effect === 'Allow' && conditionsOn(statement, 'dynamodb:select').length === 0) {
    report(
      'DYNAMODB_ATTRIBUTES_WITHOUT_SELECT',
      attributes.path,
      'a read that names no attributes returns all of them, whatever `dynamodb:Attributes` says',
      'add `"StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}`',
    );
  }
}
