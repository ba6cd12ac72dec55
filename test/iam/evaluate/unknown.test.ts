/** Answers with unknown keys against brute force: a list of completions that holds one of every kind the policies tell apart. */
import fc from 'fast-check';
import { compilePolicies, evaluate, mayBeAllowed, referenceEvaluate } from '../../../iam/index.js';
import type { ApplicablePolicies, Condition, Policy, Request, Statement } from '../../../iam/index.js';
import { runs } from '../../support/runs.js';

const [TAG, TLS, NUMBER] = ['aws:RequestTag/t', 'aws:SecureTransport', 's3:max-keys'];
const [NAME, ADDRESS, TIME] = ['aws:PrincipalTag/n', 'aws:SourceIp', 'aws:CurrentTime'];

const conditionOf = (
  key: string,
  operators: readonly Condition['operator'][],
  values: readonly string[],
  qualifiers: readonly Condition['qualifier'][] = [undefined],
): fc.Arbitrary<Condition> =>
  fc
    .record({
      operator: fc.constantFrom(...operators),
      qualifier: fc.constantFrom(...qualifiers),
      ifExists: fc.boolean(),
      values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }),
    })
    .map(({ qualifier, ...rest }) => ({ ...rest, key, ...(qualifier === undefined ? {} : { qualifier }) }));

const condition = fc.oneof(
  conditionOf(TAG, ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'], ['x', 'y', 'x*', '*']),
  conditionOf(TAG, ['StringEquals', 'StringNotEquals'], ['x', 'y'], ['ForAllValues', 'ForAnyValue']),
  conditionOf(TLS, ['Bool'], ['true', 'false']),
  conditionOf(NUMBER, ['NumericLessThan', 'NumericGreaterThanEquals'], ['5', '7']),
  fc.constantFrom(TAG, TLS, NUMBER).chain((key) =>
    fc.constantFrom('true', 'false').map((value): Condition => ({
      operator: 'Null',
      ifExists: false,
      key,
      values: [value],
    })),
  ),
);
/** Texts without case, addresses and times. */
const otherCondition = fc.oneof(
  conditionOf(
    NAME,
    ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
    ['x', 'X', 'y'],
    [undefined, 'ForAnyValue'],
  ),
  conditionOf(
    ADDRESS,
    ['IpAddress', 'NotIpAddress'],
    ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '255.0.0.0/8', '2001:db8::/32', '::/0'],
  ),
  conditionOf(
    TIME,
    ['DateLessThan', 'DateGreaterThanEquals', 'DateNotEquals'],
    ['2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z', '1767225600'],
  ),
  fc
    .constantFrom(NAME, ADDRESS, TIME)
    .map((key): Condition => ({ operator: 'Null', ifExists: false, key, values: ['true'] })),
);
const policyOf = (condition: fc.Arbitrary<Condition>, withPrincipal: boolean): fc.Arbitrary<Policy> => {
  const statement = fc
    .record({
      effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Allow' as const, 'Deny' as const),
      conditions: fc.array(condition, { maxLength: 2 }),
      principal: fc.constantFrom('*', '111122223333'),
    })
    .map(({ effect, conditions, principal }): Statement => ({
      effect,
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions,
      ...(withPrincipal ? { principal: { negated: false, principals: [{ kind: 'AWS', value: principal }] } } : {}),
    }));
  return fc
    .array(statement, { minLength: 1, maxLength: 2 })
    .map((statements) => ({ version: '2012-10-17', statements }));
};
const policiesWith = (condition: fc.Arbitrary<Condition>): fc.Arbitrary<ApplicablePolicies> =>
  fc.record({
    identity: fc.array(policyOf(condition, false), { minLength: 1, maxLength: 2 }),
    boundary: fc.option(fc.tuple(policyOf(condition, false)), { nil: null }),
    session: fc.constant(null),
    scps: fc.option(fc.tuple(fc.tuple(policyOf(condition, false))), { nil: null }),
    rcps: fc.constant(null),
    resource: fc.option(policyOf(condition, true), { nil: null }),
    vpcEndpoint: fc.constant(null),
  });

const lists = (values: readonly string[]): readonly (readonly string[])[] =>
  values.flatMap((one) => values.filter((other) => other > one).map((other) => [one, other]));
const TAGS = ['x', 'y', 'xz', 'z'];
const completions: readonly Request['context'][] = [
  ...[undefined, '', 'X', ...TAGS, ...lists(TAGS), ['x', 'y', 'z'], ['x', 'xz', 'y']].flatMap((tag) =>
    [undefined, 'true', 'false', 'other', ['true', 'false']].flatMap((tls) =>
      [undefined, '4', '6', '8', 'many', ['4', '8'], ['4', '6'], ['6', '8']].map((number) => ({
        ...(tag === undefined ? {} : { [TAG]: tag }),
        ...(tls === undefined ? {} : { [TLS]: tls }),
        ...(number === undefined ? {} : { [NUMBER]: number }),
      })),
    ),
  ),
];

/** Every completion that has one of the values, or none, for each of the keys. */
const productOf = (keys: Readonly<Record<string, readonly (string | readonly string[])[]>>): Request['context'][] =>
  Object.entries(keys).reduce<Request['context'][]>(
    (all, [key, values]) => all.flatMap((each) => [each, ...values.map((value) => ({ ...each, [key]: value }))]),
    [{}],
  );
const otherCompletions = productOf({
  [NAME]: ['', 'x', 'X', 'Y', 'z', ['x', 'z'], ['x', 'Y'], ['', 'x']],
  [ADDRESS]: [
    ...['9.255.255.255', '10.0.0.0', '10.1.0.0', '10.1.2.3', '10.1.2.4', '10.2.0.0', '11.0.0.0', '255.1.1.1'],
    ...['2001:db8::1', '2001:db9::', 'no address', ''],
    ['10.1.2.3', '2001:db8::1'],
    ['9.9.9.9', '10.2.0.0'],
  ],
  [TIME]: ['2025-01-01', '2026-01-01T00:00:00Z', '2026-03-01', '1780272000', '2027-01-01', 'soon', ['2025', '2027']],
});

it.each([
  ['texts, truth values and numbers', condition, completions, runs(300, 4_000)],
  ['texts without case, addresses and times', otherCondition, otherCompletions, runs(100, 4_000)],
])('an answer is open when completions differ, and seldom when they agree: %s', (_, drawn, all, numRuns) => {
  const asked: Request = {
    principal: 'arn:aws:iam::111122223333:user/u',
    action: 's3:GetObject',
    resource: '*',
    context: {},
  };
  const seen = { decided: 0, open: 0, needless: 0, neverAllowed: 0 };
  for (const each of fc.sample(policiesWith(drawn), { seed: 3, numRuns })) {
    const set = compilePolicies(each);
    const { decision } = evaluate(set, asked, { unknownContext: true });
    const reached = new Set(all.map((context) => evaluate(set, { ...asked, context }).decision));
    // Nothing that a completion allows is taken for out of reach, and what is decided is not doubted.
    const may = mayBeAllowed(set, asked);
    if (reached.has('ALLOW')) expect([each, may]).toStrictEqual([each, true]);
    if (decision === 'IMPLICIT_DENY' || decision === 'EXPLICIT_DENY') expect(may).toBe(false);
    if (decision === 'UNDETERMINED' && !may) seen.neverAllowed++;
    const probe = { ...asked, context: all[seen.decided % all.length]! };
    expect(referenceEvaluate(probe, each).decision).toBe(evaluate(set, probe).decision);
    if (decision !== 'UNDETERMINED') {
      seen.decided++;
      if (reached.size !== 1 || !reached.has(decision)) {
        throw new Error(`${decision} against ${[...reached].join(', ')}: ${JSON.stringify(each)}`);
      }
      continue;
    }
    seen.open++;
    if (reached.size === 1) seen.needless++;
  }
  expect(seen.decided).toBeGreaterThan(30);
  expect(seen.open).toBeGreaterThan(30);
  expect(seen.neverAllowed).toBeGreaterThan(5);
  // Where statements exclude each other; the page of `iam evaluate` says so.
  expect(seen.needless / seen.open).toBeLessThan(0.04);
});

/** Denials of which few values are caught, so that each kind counts. */
it.each<readonly [title: string, value: string, conditions: readonly Pick<Condition, 'operator' | 'key' | 'values'>[]]>(
  [
    [
      'the empty text, which is there and counts as missing',
      '',
      [
        { operator: 'StringEquals', key: TAG, values: [''] },
        { operator: 'Null', key: TAG, values: ['true'] },
      ],
    ],
    [
      'addresses behind all ranges but the widest',
      '192.0.0.0',
      [
        { operator: 'IpAddress', key: ADDRESS, values: ['0.0.0.0/0'] },
        { operator: 'NotIpAddress', key: ADDRESS, values: ['0.0.0.0/1', '128.0.0.0/2'] },
      ],
    ],
    [
      'addresses of IPv6 behind a range that ends with a word',
      '2001:db8:0:1::',
      [
        { operator: 'IpAddress', key: ADDRESS, values: ['2001:db8::/62'] },
        { operator: 'NotIpAddress', key: ADDRESS, values: ['2001:db8::/64', '2001:db8:0:2::/63'] },
      ],
    ],
    [
      'a time between two',
      '2026-03-01',
      [
        { operator: 'DateGreaterThan', key: TIME, values: ['2026-01-01T00:00:00Z'] },
        { operator: 'DateLessThan', key: TIME, values: ['2026-06-01T00:00:00Z'] },
      ],
    ],
    [
      'another case',
      'X',
      [
        { operator: 'StringEqualsIgnoreCase', key: NAME, values: ['x'] },
        { operator: 'StringNotEqualsIgnoreCase', key: NAME, values: ['y'] },
      ],
    ],
  ],
)('leaves open: %s', (_, value, conditions) => {
  const any = { negated: false, patterns: ['*'] };
  const statement = (effect: 'Allow' | 'Deny', all: Statement['conditions']): Statement => ({
    effect,
    action: any,
    resource: any,
    conditions: all,
  });
  const denial = conditions.map((each): Condition => ({ ifExists: false, ...each }));
  const policies: ApplicablePolicies = {
    ...{ boundary: null, session: null, scps: null, rcps: null, resource: null, vpcEndpoint: null },
    identity: [{ version: '2012-10-17', statements: [statement('Allow', []), statement('Deny', denial)] }],
  };
  const asked = { principal: 'arn:aws:iam::111122223333:user/u', action: 's3:GetObject', resource: '*', context: {} };
  const set = compilePolicies(policies);
  expect(evaluate(set, { ...asked, context: { [denial[0]!.key]: value } }).decision).toBe('EXPLICIT_DENY');
  expect(evaluate(set, asked).decision).toBe('ALLOW');
  expect(evaluate(set, asked, { unknownContext: true }).decision).toBe('UNDETERMINED');
});
