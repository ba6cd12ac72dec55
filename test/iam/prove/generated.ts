/** Generated policies from small pools, and requests near them: their literals, patterns filled in, and boundary values. */
import fc from 'fast-check';
import type { Condition, Policy, PrincipalElement, Request, Statement } from '../../../iam/index.js';

const actions = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 'sqs:SendMessage'];
const actionPatterns = [...actions, '*', 's3:*', 's3:Get*', 's3:?utObject', '*:*Object', 'sqs:*', 'S3:getobject'];
const resourcePatterns = [
  ...['*', 'arn:aws:s3:::a', 'arn:aws:s3:::a/*', 'arn:aws:s3:::*', 'arn:aws:s3:::a/b*', 'arn:aws:s3:::a/?'],
  ...['arn:aws:sqs:*:111122223333:*', 'arn:aws:sqs:eu-*:*:q', 'arn:aws:s3:::a/${aws:PrincipalTag/t}/*', 'arn:aws:s3'],
  ...['arn:*:s3:::*b', "arn:aws:s3:::${aws:PrincipalTag/t, 'a'}", 'arn:aws:s3:::a*b*'],
];
const accounts = ['111122223333', '444455556666'];
const principals = ['*', ...accounts, 'arn:aws:iam::111122223333:role/p/r', 'arn:aws:iam::111122223333:user/u'].concat([
  'arn:aws:sts::111122223333:assumed-role/r/s1',
  'arn:aws:iam::444455556666:root',
]);

type Maker = readonly [operators: readonly Condition['operator'][], keys: readonly string[], values: readonly string[]];
const makers: readonly Maker[] = [
  [
    [
      'StringEquals',
      'StringNotEquals',
      'StringLike',
      'StringNotLike',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
    ],
    ['aws:PrincipalTag/t', 'aws:ResourceTag/t', 's3:prefix'],
    ['a', 'b', 'A', 'a*', '*', '?', '', '${aws:PrincipalTag/t}', 'a/b'],
  ],
  [
    ['ArnLike', 'ArnNotLike', 'ArnEquals', 'StringLike', 'StringNotLike'],
    ['aws:PrincipalArn', 'aws:SourceArn'],
    ['arn:aws:iam::111122223333:role/*', 'arn:aws:iam::*:role/p/r', 'arn:aws:iam::111122223333:user/u', 'arn:*'],
  ],
  [
    [
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericGreaterThanEquals',
      'NumericLessThanEquals',
      'NumericGreaterThan',
    ],
    ['s3:max-keys', 'aws:MultiFactorAuthAge'],
    ['5', '10', '5.0', '7.25', '-1'],
  ],
  [
    ['DateLessThan', 'DateGreaterThan', 'DateEquals', 'DateNotEquals', 'DateGreaterThanEquals', 'DateLessThanEquals'],
    ['aws:CurrentTime'],
    ['2026-01-01T00:00:00Z', '2026-01-01', '2027-06-01T12:00:00+02:00', '1800000000'],
  ],
  [
    ['IpAddress', 'NotIpAddress'],
    ['aws:SourceIp'],
    ['10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9', '192.0.2.1', '2001:db8::/32', '0.0.0.0/0', '::/0'],
  ],
  [['Bool'], ['aws:SecureTransport', 'aws:MultiFactorAuthPresent'], ['true', 'false']],
  [
    ['StringEquals', 'StringLike', 'StringNotEquals'],
    ['aws:PrincipalAccount', 'aws:ResourceAccount'],
    [...accounts, '1*'],
  ],
  [['BinaryEquals'], ['s3:bin'], ['YQ==', 'YR==', 'YWI=']],
];
const listKeys = ['aws:TagKeys', 'aws:CalledVia', 'svc:unknownlist'];
const listValues = ['a', 'b', 'c', 'a*', ''];

const some = <T>(pool: readonly T[], max = 2): fc.Arbitrary<readonly T[]> =>
  fc.uniqueArray(fc.constantFrom(...pool), { minLength: 1, maxLength: max });

const plainCondition: fc.Arbitrary<Condition> = fc.constantFrom(...makers).chain(([operators, keys, values]) =>
  fc.record({
    operator: fc.constantFrom(...operators),
    ifExists: fc.boolean(),
    key: fc.constantFrom(...keys),
    values: some(values),
  }),
);
const listCondition: fc.Arbitrary<Condition> = fc.record({
  operator: fc.constantFrom(
    'StringEquals' as const,
    'StringNotEquals' as const,
    'StringLike' as const,
    'StringNotLike' as const,
  ),
  qualifier: fc.constantFrom('ForAllValues' as const, 'ForAnyValue' as const),
  ifExists: fc.boolean(),
  key: fc.constantFrom(...listKeys),
  values: some(listValues),
});
const nullCondition: fc.Arbitrary<Condition> = fc.record({
  operator: fc.constant('Null' as const),
  ifExists: fc.constant(false),
  key: fc.constantFrom('aws:TagKeys', 'aws:PrincipalTag/t', 'aws:SourceIp', 's3:prefix'),
  values: fc.constantFrom(['true'], ['false']),
});
const condition = fc.oneof(
  { weight: 5, arbitrary: plainCondition },
  { weight: 2, arbitrary: listCondition },
  nullCondition,
);

const element = (pool: readonly string[]): fc.Arbitrary<Statement['action']> =>
  fc.record({
    negated: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    patterns: some(pool, 3),
  });

export const principalElement: fc.Arbitrary<PrincipalElement> = fc.oneof(
  fc.record({
    negated: fc.constant(false),
    principals: some(principals).map((values) => values.map((value) => ({ kind: 'AWS' as const, value }))),
  }),
  fc.constant({ negated: false, principals: [{ kind: 'Service' as const, value: 'sns.amazonaws.com' }] }),
);
const deniedPrincipal: fc.Arbitrary<PrincipalElement> = fc
  .tuple(principalElement, fc.boolean())
  .map(([each, negated]) => ({
    ...each,
    negated,
  }));

/** @param withPrincipal - For resource policies. */
export function statementOf(withPrincipal: boolean): fc.Arbitrary<Statement> {
  const common = {
    action: element(actionPatterns),
    resource: element(resourcePatterns),
    conditions: fc.array(condition, { maxLength: 2 }),
  };
  const allow = fc.record({ effect: fc.constant('Allow' as const), ...common });
  const deny = fc.record({ effect: fc.constant('Deny' as const), ...common });
  if (!withPrincipal) return fc.oneof({ weight: 3, arbitrary: allow }, deny);
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(allow, principalElement).map(([each, principal]) => ({ ...each, principal })) },
    fc.tuple(deny, deniedPrincipal).map(([each, principal]) => ({ ...each, principal })),
  );
}

/** Policies of one to four statements. */
export function policyOf(withPrincipal: boolean): fc.Arbitrary<Policy> {
  return fc.record({
    version: fc.oneof({ weight: 6, arbitrary: fc.constant('2012-10-17' as const) }, fc.constant('2008-10-17' as const)),
    statements: fc.array(statementOf(withPrincipal), { minLength: 1, maxLength: 4 }),
  });
}

/** A policy and one made from it by small changes, so that neither answer is rare. */
export function pairOf(withPrincipal: boolean): fc.Arbitrary<readonly [Policy, Policy]> {
  return fc
    .tuple(policyOf(withPrincipal), policyOf(withPrincipal), fc.nat(5), fc.nat(100))
    .map(([first, second, change, pick]) => [first, changed(first, second, change, pick)]);
}

function changed(policy: Policy, other: Policy, change: number, pick: number): Policy {
  const at = pick % policy.statements.length;
  const replace = (statement: Statement): Policy => ({
    ...policy,
    statements: policy.statements.map((each, index) => (index === at ? statement : each)),
  });
  const statement = policy.statements[at]!;
  switch (change) {
    case 0:
      return other;
    case 1:
      return { ...policy, statements: [...policy.statements, ...other.statements.slice(0, 1)] };
    case 2:
      return { ...policy, statements: policy.statements.filter((_, index) => index !== at) };
    case 3:
      return replace({ ...statement, conditions: other.statements[0]!.conditions });
    case 4:
      return replace({ ...statement, resource: other.statements[0]!.resource! });
    default:
      return replace({ ...statement, action: other.statements[0]!.action });
  }
}

const fill = (pattern: string, filler: string): string =>
  pattern
    .replace(/\$\{[^}]*\}/g, filler)
    .replace(/\*/g, filler)
    .replace(/\?/g, 'b');
const resources = [
  ...new Set(resourcePatterns.flatMap((each) => ['', 'a', 'b', 'a/b'].map((filler) => fill(each, filler)))),
]
  .filter((each) => /^arn:aws:[a-z0-9-]+:[^:]*:[^:]*:./.test(each))
  .concat(
    '*',
    'arn:aws:s3:::a/b/c',
    'arn:aws:s3:::a/a/c',
    'arn:aws:sqs:eu-1:111122223333:q',
    'arn:aws:sqs:eu-1:444455556666:q',
  );
const callers: readonly Request['principal'][] = [
  ...['arn:aws:iam::111122223333:role/p/r', 'arn:aws:iam::111122223333:user/u', 'arn:aws:iam::444455556666:user/x/u'],
  ...['arn:aws:iam::444455556666:role/r'],
];
const otherCallers: readonly Request['principal'][] = [
  'anonymous',
  { service: 'sns.amazonaws.com' },
  'arn:aws:iam::111122223333:root',
];
const contextValues: Readonly<Record<string, readonly string[]>> = {
  'aws:PrincipalTag/t': ['a', 'b', 'A', 'a/b', '', 'ab', '*', 'a/'],
  'aws:ResourceTag/t': ['a', 'b', 'A', 'a/b', '', 'ab'],
  's3:prefix': ['a', 'b', '', 'a/b', 'ab', 'A'],
  'aws:SourceArn': ['arn:aws:iam::111122223333:role/x', 'arn:aws:sns:eu-1:444455556666:t'],
  's3:max-keys': ['5', '4.9', '5.1', '10', '9', '11', '7.25', 'many', '-1', '-2', '0'],
  'aws:MultiFactorAuthAge': ['5', '4', '6', '10', '7.25', '-1'],
  'aws:CurrentTime': [
    '2026-01-01T00:00:00Z',
    '2025-12-31T23:59:59Z',
    '2027-06-01T10:00:00Z',
    '1800000000',
    '2028-01-01',
  ],
  'aws:SourceIp': ['10.0.0.0', '10.127.255.255', '10.128.0.0', '11.0.0.0', '192.0.2.1', '2001:db8::1', '2001:db9::'],
  'aws:SecureTransport': ['true', 'false'],
  'aws:MultiFactorAuthPresent': ['true', 'false'],
  's3:bin': ['YQ==', 'YR==', 'YWI=', 'YWJj'],
};
const listContext = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'ab', ''), { maxLength: 3 });

const context: fc.Arbitrary<Record<string, string | readonly string[]>> = fc
  .tuple(
    ...Object.entries(contextValues).map(([key, values]) => maybe(key, fc.constantFrom(...values))),
    ...listKeys.map((key) => maybe(key, listContext)),
  )
  .map((entries) => Object.fromEntries(entries.flat()));

type Entry = readonly [string, string | readonly string[]];

function maybe(key: string, values: fc.Arbitrary<string | readonly string[]>): fc.Arbitrary<readonly Entry[]> {
  return fc.option(values, { nil: undefined }).map((value) => (value === undefined ? [] : [[key, value]]));
}

const session = {
  principal: 'arn:aws:sts::111122223333:assumed-role/r/s1',
  sessionIssuer: 'arn:aws:iam::111122223333:role/p/r',
};

/** Requests near the pools. */
export function requestOf(everybody: boolean): fc.Arbitrary<Request> {
  const caller = fc.constantFrom<Pick<Request, 'principal' | 'sessionIssuer'>>(
    ...callers.map((principal) => ({ principal })),
    ...(everybody ? otherCallers.map((principal) => ({ principal })) : []),
    session,
  );
  return fc
    .record({
      caller,
      action: fc.constantFrom(...actions, 's3:getobjectx', 'ec2:runinstances'),
      resource: fc.constantFrom(...resources),
      context,
      owner: fc.option(fc.constantFrom(...accounts), { nil: undefined }),
    })
    .map(({ caller: who, owner, ...rest }) => {
      const isWritten = /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(rest.resource);
      return { ...who, ...rest, ...(owner === undefined || isWritten ? {} : { resourceAccount: owner }) };
    });
}
