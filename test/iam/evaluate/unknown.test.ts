/** Answers with unknown keys against brute force: a list of completions that holds one of every kind the policies tell apart. */
import fc from 'fast-check';
import { compilePolicies, evaluate, mayBeAllowed, referenceEvaluate } from '../../../iam/index.js';
import type { ApplicablePolicies, Condition, Policy, Request, Statement } from '../../../iam/index.js';

const [TAG, TLS, NUMBER] = ['aws:RequestTag/t', 'aws:SecureTransport', 's3:max-keys'];

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
const policyOf = (withPrincipal: boolean): fc.Arbitrary<Policy> => {
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
const policies: fc.Arbitrary<ApplicablePolicies> = fc.record({
  identity: fc.array(policyOf(false), { minLength: 1, maxLength: 2 }),
  boundary: fc.option(fc.tuple(policyOf(false)), { nil: null }),
  session: fc.constant(null),
  scps: fc.option(fc.tuple(fc.tuple(policyOf(false))), { nil: null }),
  rcps: fc.constant(null),
  resource: fc.option(policyOf(true), { nil: null }),
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

it('an answer is open when completions differ, and seldom when they agree', () => {
  const asked: Request = {
    principal: 'arn:aws:iam::111122223333:user/u',
    action: 's3:GetObject',
    resource: '*',
    context: {},
  };
  const seen = { decided: 0, open: 0, needless: 0, neverAllowed: 0 };
  for (const each of fc.sample(policies, { seed: 3, numRuns: 400 })) {
    const set = compilePolicies(each);
    const { decision } = evaluate(set, asked, { unknownContext: true });
    const reached = new Set(completions.map((context) => evaluate(set, { ...asked, context }).decision));
    // Nothing that a completion allows is taken for out of reach, and what is decided is not doubted.
    const may = mayBeAllowed(set, asked);
    if (reached.has('ALLOW')) expect([each, may]).toStrictEqual([each, true]);
    if (decision === 'IMPLICIT_DENY' || decision === 'EXPLICIT_DENY') expect(may).toBe(false);
    if (decision === 'UNDETERMINED' && !may) seen.neverAllowed++;
    const probe = { ...asked, context: completions[seen.decided % completions.length]! };
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
  expect(seen.decided).toBeGreaterThan(100);
  expect(seen.open).toBeGreaterThan(100);
  expect(seen.neverAllowed).toBeGreaterThan(5);
  // Where statements exclude each other; the page of `iam evaluate` says so.
  expect(seen.needless / seen.open).toBeLessThan(0.08);
});
