/**
 * The prover against brute force. The policies are made of few actions, resources and values, so that a list of requests
 * holds one of every kind that they tell apart: then a claim holds exactly if the reference refutes it on none of the list.
 */
import fc from 'fast-check';
import { accessNotGranted, disjoint, noNewAccess, referenceAllows } from '../../../iam/prove/queries.js';
import type { DocumentKind } from '../../../iam/prove/index.js';
import type { Condition, Policy, PrincipalElement, Request, Statement } from '../../../iam/index.js';
import { quickly } from './near.js';
import { runs } from '../../support/runs.js';

const SEED = 77;
const A = '111122223333';
const B = '444455556666';
const C = '777788889999';
const ROLE = `arn:aws:iam::${A}:role/r`;
const BUDGET = { budget: 4_000_000 };

/** Requests of every kind that the conditions of a scenario tell apart; `caller` holds what belongs to the caller. */
interface Scenario {
  readonly conditions: fc.Arbitrary<Condition>;
  readonly principals?: fc.Arbitrary<PrincipalElement>;
  readonly callers: readonly Pick<Request, 'principal' | 'sessionIssuer' | 'context'>[];
  readonly shared: readonly Request['context'][];
}

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
const isNull = (key: string): fc.Arbitrary<Condition> =>
  fc
    .constantFrom('true', 'false')
    .map((value) => ({ operator: 'Null' as const, ifExists: false, key, values: [value] }));

/** Contexts in which a key is absent or has one of some values. */
const each = (key: string, values: readonly (string | readonly string[])[]): readonly Request['context'][] => [
  {},
  ...values.map((value) => ({ [key]: value })),
];
const product = (left: readonly Request['context'][], right: typeof left): typeof left =>
  left.flatMap((one) => right.map((other) => ({ ...one, ...other })));
const subsets = (list: readonly string[]): readonly (readonly string[])[] =>
  list.reduce<readonly (readonly string[])[]>((all, item) => [...all, ...all.map((set) => [...set, item])], [[]]);

const TAG = 'aws:PrincipalTag/t';
const OTHER_TAG = 'aws:ResourceTag/t';
const byRole = (contexts: readonly Request['context'][]): Scenario['callers'] =>
  contexts.map((context) => ({ principal: ROLE, context }));
const TEXTS = ['x', 'X', 'xz', 'y', 'Y', '', 'z', 'zz'];
const EQUALS = ['StringEquals', 'StringNotEquals'] as const;
const NUMERIC = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'] as const;
const DATES = NUMERIC.map((name) => `Date${name}` as const);
const tagKeys = subsets(['x', 'y', 'xz', 'x*', 'z', '']);
const signed = [
  ...['aws', 'aws-us-gov'].flatMap((partition) =>
    ['role/r', 'user/u', 'root'].map((name) => `arn:${partition}:iam::${A}:${name}`),
  ),
  ...['role/q', 'role/p/r', 'user/v'].map((name) => `arn:aws:iam::${A}:${name}`),
  ...[B, C].flatMap((account) => ['role/r', 'user/u', 'root'].map((name) => `arn:aws:iam::${account}:${name}`)),
  ...[A, B, C].map((account) => `arn:aws:sts::${account}:federated-user/f`),
];
const sessions = ['r', 'q'].flatMap((role) =>
  ['s1', 's2'].map((name) => ({
    principal: `arn:aws:sts::${A}:assumed-role/${role}/${name}`,
    sessionIssuer: `arn:aws:iam::${A}:role/${role}`,
  })),
);
const outsiders: readonly Request['principal'][] = [
  'anonymous',
  { service: 'sns.amazonaws.com' },
  { service: 'sqs.amazonaws.com' },
  { federated: 'accounts.google.com' },
];
const named = fc
  .uniqueArray(
    fc.constantFrom(
      '*',
      A,
      `arn:aws:iam::${B}:root`,
      ROLE,
      `arn:aws:sts::${A}:assumed-role/r/s1`,
      `arn:aws:iam::${A}:user/u`,
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((values) => values.map((value) => ({ kind: 'AWS' as const, value })));
const services = fc.constant([{ kind: 'Service' as const, value: 'sns.amazonaws.com' }]);

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  texts: {
    conditions: fc.oneof(
      ...[TAG, OTHER_TAG].flatMap((key) => [
        conditionOf(key, EQUALS, ['x', 'X', 'y']),
        conditionOf(key, ['StringLike', 'StringNotLike'], ['x*', '?', 'y', '*']),
        conditionOf(key, ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'], ['x', 'y']),
        isNull(key),
      ]),
      conditionOf(OTHER_TAG, EQUALS, [`\${${TAG}}`, `\${${TAG}, 'x'}`, 'y']),
    ),
    callers: byRole(each(TAG, TEXTS)),
    shared: each(OTHER_TAG, TEXTS),
  },
  'numbers and lists': {
    conditions: fc.oneof(
      conditionOf(
        's3:max-keys',
        NUMERIC.map((name) => `Numeric${name}` as const),
        ['5', '7', '7.0'],
      ),
      conditionOf(
        'aws:TagKeys',
        [...EQUALS, 'StringLike', 'StringNotLike'],
        ['x', 'y', 'x*'],
        ['ForAllValues', 'ForAnyValue'],
      ),
      conditionOf('aws:TagKeys', [...EQUALS, 'StringLike'], ['x', 'y', 'x*']),
      isNull('aws:TagKeys'),
      isNull('s3:max-keys'),
    ),
    callers: byRole([{}]),
    shared: product(each('s3:max-keys', ['4', '5', '6', '7', '8']), each('aws:TagKeys', tagKeys)),
  },
  'dates, addresses and truth': {
    conditions: fc.oneof(
      conditionOf('aws:CurrentTime', DATES, ['2026-01-01', '2026-01-01T01:00:00+01:00', '2027-01-01T00:00:00Z']),
      conditionOf('aws:SourceIp', ['IpAddress', 'NotIpAddress'], ['10.0.0.0/8', '10.0.0.0/9', '10.1.2.3', '::/0']),
      conditionOf('aws:SecureTransport', ['Bool'], ['true', 'false']),
      isNull('aws:SecureTransport'),
    ),
    callers: byRole(
      product(
        product(
          each('aws:CurrentTime', ['2025-12-31', '2026-01-01', '2026-06-01', '2027-01-01', '2028-01-01']),
          each('aws:SourceIp', ['10.0.0.0', '10.1.2.3', '10.128.0.0', '10.255.255.255', '11.0.0.0', '9.9.9.9', '::1']),
        ),
        each('aws:SecureTransport', ['true', 'false']),
      ),
    ),
    shared: [{}],
  },
  callers: {
    conditions: fc.oneof(
      conditionOf(
        'aws:PrincipalArn',
        ['ArnLike', 'ArnNotLike', 'StringLike'],
        [`arn:aws:iam::${A}:role/*`, 'arn:*:i?m:*:*:user/u', ROLE],
      ),
      conditionOf('aws:PrincipalAccount', EQUALS, [A, B]),
      conditionOf('aws:PrincipalType', EQUALS, ['User', 'AssumedRole', 'Anonymous']),
      conditionOf('aws:PrincipalIsAWSService', ['Bool'], ['true', 'false']),
      conditionOf('aws:username', ['StringEquals', 'StringNotLike'], ['u']),
    ),
    principals: fc.oneof(
      { weight: 4, arbitrary: named.map((principals) => ({ negated: false, principals })) },
      { weight: 1, arbitrary: services.map((principals) => ({ negated: false, principals })) },
      { weight: 2, arbitrary: named.map((principals) => ({ negated: true, principals })) },
    ),
    callers: [
      ...[...signed, ...outsiders].map((principal) => ({ principal, context: {} })),
      ...sessions.map((session) => ({ ...session, context: {} })),
    ],
    shared: [{}],
  },
};

const ACTIONS = ['s3:getobject', 's3:getz', 's3:z', 'z:z'];
const RESOURCES = ['arn:aws:s3:::a', 'arn:aws:s3:::a/z', 'arn:aws:s3:::z', 'arn:aws:z:::z', '*'];

const pattern = (patterns: readonly string[]): fc.Arbitrary<Statement['action']> =>
  fc.record({
    negated: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    patterns: fc.uniqueArray(fc.constantFrom(...patterns), { minLength: 1, maxLength: 2 }),
  });

function policies({ conditions, principals }: Scenario): fc.Arbitrary<Policy> {
  const statement = fc
    .record({
      effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
      action: pattern(['s3:GetObject', 's3:Get*', 's3:*', '*']),
      resource: pattern(['arn:aws:s3:::a', 'arn:aws:s3:::a/*', 'arn:aws:s3:::*', '*']),
      conditions: fc.array(conditions, { minLength: 1, maxLength: 2 }),
      principal: principals ?? fc.constant(undefined),
    })
    .map(({ principal, ...rest }): Statement => {
      if (principal === undefined) return rest;
      // `Allow` with `NotPrincipal` lets in callers without end, of kinds that the list does not have.
      const allowed = rest.effect === 'Allow' ? { ...principal, negated: false } : principal;
      return { ...rest, principal: allowed };
    });
  return fc
    .array(statement, { minLength: 1, maxLength: 2 })
    .map((statements) => ({ version: '2012-10-17', statements }));
}

/** Requests by what is asked; the callers of one list differ in nothing else. */
function universe({ callers, shared }: Scenario): readonly (readonly Request[])[] {
  return ACTIONS.flatMap((action) =>
    RESOURCES.flatMap((resource) =>
      shared.map((asked) =>
        callers.map(({ context, ...caller }) => ({ ...caller, action, resource, context: { ...asked, ...context } })),
      ),
    ),
  );
}

describe.each(Object.entries(SCENARIOS))('%s', (name, scenario) => {
  const kind: DocumentKind = scenario.principals === undefined ? 'identity' : 'resource';
  const requests = universe(scenario);
  const allowed = (policy: Policy): readonly (readonly boolean[])[] => {
    const quick = quickly(policy, kind);
    // The quick evaluator finds the way, and a request in seven is decided by the reference as well.
    return requests.map((group, at) =>
      group.map((request, index) => {
        const answer = quick(request);
        if ((at + index) % 7 === 0 && referenceAllows([policy], kind, request) !== answer) {
          throw new Error(`the evaluators differ: ${JSON.stringify({ policy, request })}`);
        }
        return answer;
      }),
    );
  };

  it('the prover says what trying all requests says', () => {
    const seen = { HOLDS: 0, FAILS: 0, UNKNOWN: 0 };
    for (const [one, two] of fc.sample(fc.tuple(policies(scenario), policies(scenario)), {
      seed: SEED,
      numRuns: runs(20, 100),
    })) {
      const [left, right] = [allowed(one), allowed(two)];
      const isNew = left.some((group, at) => group.some((was, index) => !was && right[at]![index]!));
      const answer = noNewAccess([one], [two], kind, BUDGET).kind;
      if (answer !== (isNew ? 'FAILS' : 'HOLDS')) throw new Error(`${answer}: ${JSON.stringify([one, two])}`);
      seen[answer]++;
      const isGranted = requests.some((group, at) =>
        group.some(
          ({ action, resource }, index) =>
            right[at]![index]! && action.startsWith('s3:get') && resource === RESOURCES[0],
        ),
      );
      const grants = accessNotGranted([two], { actions: ['s3:Get*'], resources: [RESOURCES[0]!] }, kind, BUDGET).kind;
      if (grants !== (isGranted ? 'FAILS' : 'HOLDS')) throw new Error(`${grants}: ${JSON.stringify(two)}`);
      if (kind !== 'identity') continue;
      const meet = left.some((group, at) => group.includes(true) && right[at]!.includes(true));
      const apart = disjoint([one], [two], kind, [], BUDGET).kind;
      if (apart !== (meet ? 'FAILS' : 'HOLDS')) throw new Error(`${apart}, disjoint: ${JSON.stringify([one, two])}`);
    }
    expect([name, seen.HOLDS > 4, seen.FAILS > 4]).toStrictEqual([name, true, true]);
  });
});

/** All texts over some letters up to a length. */
function textsOver(letters: readonly string[], length: number): readonly string[] {
  return length === 0
    ? ['']
    : ['', ...letters.flatMap((letter) => textsOver(letters, length - 1).map((text) => letter + text))];
}

describe.each(['resource', 's3:prefix'] as const)('variables between separators in %s', (place) => {
  const variable = [`\${${TAG}}`, `\${${TAG}, 'a'}`, `\${${TAG}, ''}`];
  const part = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...variable) },
    { weight: 3, arbitrary: fc.constantFrom('', 'a', 'ab', '?', '*', 'a*', '*b', 'b?') },
  );
  const statement = fc
    .record({
      effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
      negated: fc.constantFrom(false, false, false, true),
      lists: fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }),
      conditions: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        {
          weight: 1,
          arbitrary: conditionOf(TAG, ['StringLike', 'StringNotEquals'], ['a*', 'b', '']).map((one) => [one]),
        },
        { weight: 1, arbitrary: isNull(TAG).map((one) => [one]) },
      ),
    })
    .map(({ effect, negated, lists, conditions }): Statement => {
      const texts = lists.map((parts) => `h/${parts.join('/')}`);
      const action = { negated: false, patterns: ['*'] };
      if (place === 'resource') {
        const patterns = texts.map((text) => `arn:aws:s3:::${text}`);
        return { effect, action, resource: { negated, patterns }, conditions };
      }
      const operator = negated ? 'StringNotLike' : 'StringLike';
      const own: Condition = { operator, ifExists: false, key: place, values: texts };
      return { effect, action, resource: { negated: false, patterns: ['*'] }, conditions: [own, ...conditions] };
    });
  const policy = fc
    .array(statement, { minLength: 1, maxLength: 2 })
    .map((statements): Policy => ({ version: '2012-10-17', statements }));
  const requests = textsOver(['a', 'b', '/', 'c'], 5).flatMap((text) =>
    [undefined, '', 'a', 'b', 'c', 'ab', 'ba', 'bb'].map((tag) => ({
      principal: ROLE,
      action: 's3:GetObject',
      resource: place === 'resource' ? `arn:aws:s3:::h/${text}` : '*',
      context: {
        ...(place === 'resource' ? {} : { [place]: `h/${text}` }),
        ...(tag === undefined ? {} : { [TAG]: tag }),
      },
    })),
  );

  it('no short request refutes what holds, and nothing is left open', () => {
    const options = { ...BUDGET, assume: { [TAG]: '[abc]{0,2}' } };
    const seen = { HOLDS: 0, FAILS: 0, UNKNOWN: 0 };
    for (const [one, two] of fc.sample(fc.tuple(policy, policy), { seed: SEED, numRuns: runs(60, 200) })) {
      const answer = noNewAccess([one], [two], 'identity', options).kind;
      seen[answer]++;
      if (answer !== 'HOLDS') continue;
      const [before, after] = [quickly(one, 'identity'), quickly(two, 'identity')];
      const refuted = requests.find((request) => after(request) && !before(request));
      if (refuted !== undefined) throw new Error(`HOLDS is refuted: ${JSON.stringify([one, two, refuted])}`);
    }
    expect(seen.UNKNOWN).toBe(0);
    expect(seen.HOLDS).toBeGreaterThan(8);
    expect(seen.FAILS).toBeGreaterThan(20);
  });
});
