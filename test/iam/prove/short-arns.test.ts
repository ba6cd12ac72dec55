/**
 * AWS does not say what an ARN pattern with fewer than six parts matches. A claim holds only if it holds whether such a
 * pattern matches nothing, as the evaluator takes it, or what it matches as one text.
 */
import fc from 'fast-check';
import { parsePolicy } from '../../../iam/index.js';
import type { Condition, Policy, PolicyKind, Request } from '../../../iam/index.js';
import type { Value } from '../../../template/index.js';
import {
  accessNotGranted,
  allowsAnything,
  disjoint,
  equivalent,
  noNewAccess,
  noPublicAccess,
  proveClaim,
} from '../../../iam/prove/index.js';
import type { Proof } from '../../../iam/prove/index.js';
import { referenceAllows } from '../../../iam/prove/queries.js';

type Block = Readonly<Record<string, Readonly<Record<string, Value>>>>;

function policy(
  kind: PolicyKind,
  statements: readonly Readonly<Record<string, Value>>[],
  version = '2012-10-17',
): Policy {
  const filled = statements.map((parts) => ({ Action: 's3:GetObject', Resource: '*', ...parts }));
  const { policy: parsed, problems } = parsePolicy({ Version: version, Statement: filled }, kind);
  if (parsed === undefined) throw new Error(JSON.stringify(problems));
  return parsed;
}

const KEY = 'aws:SourceArn';
const allow = (Condition: Block = {}): Readonly<Record<string, Value>> => ({ Effect: 'Allow', Condition });
const deny = (Condition: Block = {}): Readonly<Record<string, Value>> => ({ Effect: 'Deny', Condition });
const arn = (operator: string, ...values: readonly string[]): Block => ({ [operator]: { [KEY]: values } });
const identity = (...statements: readonly Readonly<Record<string, Value>>[]): readonly Policy[] => [
  policy('identity', statements),
];
const bucket = (condition: Block): readonly Policy[] => [policy('resource', [{ ...allow(condition), Principal: '*' }])];
/** The answer, or `OPEN` where it hangs on such patterns. */
const answer = (proof: Proof<unknown>): string =>
  proof.kind === 'UNKNOWN' && proof.detail.startsWith('AWS does not say what ARN patterns') ? 'OPEN' : proof.kind;

const SHORT = ['*', 'arn:*', 'arn:aws:s?s:*:*', 'arn:aws:sns:us-east-1:111122223333'];
const getObject = { actions: ['s3:GetObject'] };
const granted = (...statements: readonly Readonly<Record<string, Value>>[]): string =>
  answer(accessNotGranted(identity(...statements), getObject, 'identity'));

describe.each(SHORT.slice(0, 3))('%s', (short) => {
  it('may turn a grant on', () => {
    for (const operator of ['ArnLike', 'ArnEquals', 'ForAnyValue:ArnLike']) {
      expect(granted(allow(arn(operator, short)))).toBe('OPEN');
    }
    expect(answer(noPublicAccess(bucket(arn('ArnLike', short)), 'AWS::S3::Bucket'))).toBe('OPEN');
  });

  it('may turn a denial off', () => {
    expect(granted(allow(), deny(arn('ArnNotLike', short)))).toBe('OPEN');
    expect(granted(allow(), deny(arn('ArnNotEqualsIfExists', short)))).toBe('OPEN');
  });

  it('may be narrower in what was there, and wider in what comes', () => {
    const grows = (before: Block, after: Block): string =>
      answer(noNewAccess(identity(allow(before)), identity(allow(after)), 'identity'));
    expect(grows({}, arn('ArnLike', short))).toBe('HOLDS');
    expect(grows(arn('ArnLike', 'arn:aws:sns:*:*:*'), arn('ArnLike', short))).toBe('OPEN');
    expect(grows(arn('ArnNotLike', short), {})).toBe('OPEN');
    expect(grows(arn('ArnLike', short), {})).toBe('FAILS');
    const held = identity(allow(), deny(arn('ArnLike', short)));
    expect(answer(noNewAccess(held, identity(allow()), 'identity'))).toBe('OPEN');
    expect(answer(equivalent(held, identity(allow()), 'identity'))).toBe('OPEN');
  });

  it('is the same on both sides', () => {
    const both = identity(allow(arn('ArnLike', short)), deny(arn('ForAllValues:ArnNotLike', short)));
    expect(answer(noNewAccess(both, both, 'identity'))).toBe('HOLDS');
    const named = identity(allow(arn('ArnEquals', short)));
    expect(answer(equivalent(named, identity(allow(arn('ArnLike', short))), 'identity'))).toBe('HOLDS');
  });
});

it('is one question for two callers too', () => {
  const left = identity(allow(arn('ArnLike', 'arn:*')));
  expect(answer(disjoint(left, identity(allow()), 'identity'))).toBe('OPEN');
  expect(answer(disjoint(left, identity(deny()), 'identity'))).toBe('HOLDS');
  expect(allowsAnything(left, 'identity')).toBe(true);
});

it('leaves a request that refutes', () => {
  expect(granted(allow(arn('ArnNotLike', '*')))).toBe('FAILS');
  expect(granted(allow(arn('ArnLike', '*', 'arn:aws:sns:*:*:*')))).toBe('FAILS');
  expect(granted(allow(), deny(arn('ArnLike', '*')))).toBe('FAILS');
});

it('keeps what holds for other reasons', () => {
  expect(granted(allow(arn('ArnLike', '*')), deny())).toBe('HOLDS');
  // The text as a whole does not match either.
  const own = { ArnLike: { 'aws:PrincipalArn': 'arn:aws:sns:*' } };
  expect(answer(noPublicAccess(bucket(own), 'AWS::S3::Bucket'))).toBe('HOLDS');
  expect(granted(allow(arn('ArnLike', SHORT[3]!)))).toBe('HOLDS');
});

it('does not take a variable for its text in a policy of 2008', () => {
  const condition = arn('ForAnyValue:ArnLike', '${aws:PrincipalTag/team}');
  const old = [policy('identity', [allow(condition)], '2008-10-17')];
  const assume = { 'aws:PrincipalTag/team': 'a|b' };
  expect(answer(noNewAccess(old, identity(allow(condition)), 'identity', { assume }))).toBe('OPEN');
});

it('counts in claims about sets of policies, on either side of a decision', () => {
  const decided = (decision: 'ALLOW' | 'DENY', scp: Block): string =>
    answer(
      proveClaim({
        forAll: { actions: ['s3:GetObject'], callers: ['user'], accounts: 'same' },
        policies: {
          identity: identity(allow()),
          boundary: null,
          session: null,
          scps: [[policy('scp', [allow(), deny(scp)])]],
          rcps: null,
          resource: null,
          vpcEndpoint: null,
        },
        decision,
      }),
    );
  expect(decided('DENY', arn('ArnNotLike', '*'))).toBe('OPEN');
  expect(decided('ALLOW', arn('ArnLike', '*'))).toBe('OPEN');
  expect(decided('ALLOW', arn('ArnNotLike', '*'))).toBe('FAILS');
});

it('says which pattern, and what to write', () => {
  const proof = accessNotGranted(
    identity(allow(arn('ArnLike', 'arn:aws:sns:*')), allow(arn('ArnLike', '*'))),
    getObject,
    'identity',
  );
  expect(proof).toStrictEqual({
    kind: 'UNKNOWN',
    reason: 'unsupported',
    detail:
      'AWS does not say what ARN patterns with fewer than six parts match (`arn:aws:sns:*` for `aws:SourceArn` and 1 more), ' +
      'and it holds only if they match nothing; write `arn:aws:sns:*:*:*`, or ask with `Null` whether the key is there',
  });
});

describe('in tiny policies', () => {
  const PATTERNS = ['arn:*', '*:b', 'arn:aws:*:::a'];
  const conditions = fc.record({
    operator: fc.constantFrom('ArnLike' as const, 'ArnNotLike' as const),
    ifExists: fc.boolean(),
    key: fc.constant(KEY),
    values: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 2 }),
  });
  const policies = fc
    .array(
      fc.record({
        effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
        action: fc.constant({ negated: false, patterns: ['s3:GetObject'] }),
        resource: fc.constant({ negated: false, patterns: ['*'] }),
        conditions: fc.array(conditions, { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 2 },
    )
    .map((statements): Policy => ({ version: '2012-10-17', statements }));
  const requests = [undefined, 'arn:aws:s3:::a', 'arn:aws:s3:::b', 'arn:aws:s3:::c'].map((value): Request => ({
    principal: 'arn:aws:iam::111122223333:role/Example',
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::z',
    context: value === undefined ? {} : { [KEY]: value },
  }));

  /** The policy with some of the short patterns as wildcards over the whole text; the others match nothing. */
  const read = ({ version, statements }: Policy, wide: readonly string[]): Policy => ({
    ...(version === undefined ? {} : { version }),
    // Several values of a negated operator are several conditions, those of a plain one several statements.
    statements: statements.flatMap((statement) =>
      statement.conditions
        .reduce<readonly (readonly Condition[])[]>(
          (all, condition) => {
            const texts = condition.values.filter((value) => wide.includes(value));
            const rest = condition.values.filter((value) => !wide.includes(value));
            const isNegated = condition.operator === 'ArnNotLike';
            const operator = isNegated ? ('StringNotLike' as const) : ('StringLike' as const);
            const parts = [
              ...(texts.length === 0 ? [] : [{ ...condition, operator, values: texts }]),
              ...(rest.length === 0 ? [] : [{ ...condition, values: rest }]),
            ];
            return isNegated
              ? all.map((each) => [...each, ...parts])
              : all.flatMap((each) => parts.map((part) => [...each, part]));
          },
          [[]],
        )
        .map((each) => ({ ...statement, conditions: each })),
    ),
  });
  const READINGS = [[], ['arn:*'], ['*:b'], ['arn:*', '*:b']];

  it('what holds holds under all readings, and no more is open', () => {
    const seen = { HOLDS: 0, FAILS: 0, OPEN: 0 };
    for (const [before, after] of fc.sample(fc.tuple(policies, policies), { seed: 20261122, numRuns: 80 })) {
      const grows = (wide: readonly string[]): boolean => {
        const [one, two] = [[read(before, wide)], [read(after, wide)]];
        return requests.some(
          (request) => referenceAllows(two, 'identity', request) && !referenceAllows(one, 'identity', request),
        );
      };
      const expected = grows([]) ? 'FAILS' : READINGS.some(grows) ? 'OPEN' : 'HOLDS';
      const got = answer(noNewAccess([before], [after], 'identity'));
      if (got !== expected) throw new Error(`${got}, not ${expected}: ${JSON.stringify([before, after])}`);
      seen[expected]++;
    }
    expect(Object.values(seen).every((count) => count > 7)).toBe(true);
  });
});
