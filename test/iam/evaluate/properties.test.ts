/** What holds for all policies and requests. */
import fc from 'fast-check';
import { compilePolicies, evaluate, referenceEvaluate } from '../../../iam/index.js';
import type { ApplicablePolicies, Decision, Policy, Request } from '../../../iam/index.js';
import { Glob, piecesOf } from '../../../iam/evaluate/pattern.js';
import { applicablePolicies, policy, request, resourcePolicy } from '../../arbitraries/iam.js';

const RUNS = { numRuns: 500 };
const decide = (asked: Request, policies: ApplicablePolicies): Decision =>
  evaluate(compilePolicies(policies), asked).decision;
const only = (effect: 'Allow' | 'Deny', { statements, ...rest }: Policy): Policy => ({
  ...rest,
  statements: statements.map((statement) => ({ ...statement, effect })),
});
const everything: Policy = {
  statements: [
    {
      effect: 'Deny',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};
const toEverybody: Policy = {
  statements: everything.statements.map((statement) => ({
    ...statement,
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
  })),
};

it('a matching deny wins wherever it stands', () => {
  const withDeny: readonly ((policies: ApplicablePolicies) => ApplicablePolicies)[] = [
    (policies) => ({ ...policies, identity: [...policies.identity, everything] }),
    (policies) => ({ ...policies, boundary: [...(policies.boundary ?? []), everything] }),
    (policies) => ({ ...policies, session: [...(policies.session ?? []), everything] }),
    (policies) => ({ ...policies, scps: [...(policies.scps ?? []), [everything]] }),
    (policies) => ({ ...policies, rcps: [[toEverybody], ...(policies.rcps ?? [])] }),
    (policies) => ({ ...policies, resource: toEverybody }),
    (policies) => ({ ...policies, vpcEndpoint: toEverybody }),
  ];
  const user = 'arn:aws:iam::111122223333:user/alice';
  fc.assert(
    fc.property(request, applicablePolicies, fc.constantFrom(...withDeny), (asked, policies, add) => {
      const { resource, context } = asked;
      const byUser = { principal: user, action: 's3:GetObject', resource, context };
      expect(decide(byUser, add(policies))).toBe('EXPLICIT_DENY');
    }),
    RUNS,
  );
});

it('order and duplicates change nothing', () => {
  const turned = (list: readonly Policy[]): Policy[] =>
    [...list, ...list].reverse().map((each) => ({ ...each, statements: [...each.statements].reverse() }));
  fc.assert(
    fc.property(request, applicablePolicies, (asked, policies) => {
      const other: ApplicablePolicies = {
        ...policies,
        identity: turned(policies.identity),
        boundary: policies.boundary && turned(policies.boundary),
        session: policies.session && turned(policies.session),
        scps: policies.scps && [...policies.scps].reverse().map(turned),
        rcps: policies.rcps?.map(turned) ?? null,
      };
      expect(decide(asked, other)).toBe(decide(asked, policies));
    }),
    RUNS,
  );
});

it('adding an allow never takes access away, and adding a deny never gives it', () => {
  fc.assert(
    fc.property(request, applicablePolicies, policy, resourcePolicy, (asked, policies, more, resource) => {
      const plus = (effect: 'Allow' | 'Deny'): ApplicablePolicies => {
        const added = only(effect, more);
        const shared = only(effect, resource);
        return {
          ...policies,
          identity: [...policies.identity, added],
          scps: policies.scps?.map((level) => [...level, added]) ?? null,
          boundary: policies.boundary && [...policies.boundary, added],
          resource: policies.resource && {
            version: '2012-10-17',
            // Statements of another version of the language would change their meaning.
            statements: [...policies.resource.statements, ...shared.statements],
          },
        };
      };
      const same = {
        ...policies,
        resource: policies.resource && { ...policies.resource, version: '2012-10-17' as const },
      };
      const before = decide(asked, same);
      if (before === 'ALLOW') expect(decide(asked, plus('Allow'))).toBe('ALLOW');
      else expect(decide(asked, plus('Deny'))).not.toBe('ALLOW');
    }),
    RUNS,
  );
});

it('NotAction is the complement of Action', () => {
  fc.assert(
    fc.property(request, policy, (asked, document) => {
      const [statement] = document.statements;
      const open = { effect: 'Allow' as const, action: statement!.action, conditions: [] };
      const matches = (negated: boolean): boolean => {
        const identity = [{ statements: [{ ...open, action: { ...open.action, negated } }] }];
        const set = compilePolicies({
          identity,
          boundary: null,
          session: null,
          scps: null,
          rcps: null,
          resource: null,
          vpcEndpoint: null,
        });
        const byUser = {
          action: asked.action,
          resource: '*',
          context: {},
          principal: 'arn:aws:iam::111122223333:user/a',
        };
        return evaluate(set, byUser).layers.identity === 'ALLOW';
      };
      expect(matches(true)).toBe(!matches(false));
    }),
    RUNS,
  );
});

it('an SCP, an RCP, a boundary or an endpoint policy never widens what is allowed', () => {
  fc.assert(
    fc.property(request, applicablePolicies, (asked, policies) => {
      if (decide(asked, policies) !== 'ALLOW') return;
      for (const without of ['scps', 'rcps', 'boundary', 'vpcEndpoint'] as const) {
        expect(decide(asked, { ...policies, [without]: null })).toBe('ALLOW');
      }
    }),
    { numRuns: 2_000 },
  );
});

/** The definition of wildcards. */
function matches(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) {
    return matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)));
  }
  return (
    text !== '' &&
    (pattern.startsWith('?') || text.startsWith(pattern.slice(0, 1))) &&
    matches(pattern.slice(1), text.slice(1))
  );
}

it('wildcards match as their definition says', () => {
  const letters = (...units: string[]): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...units), maxLength: 9 });
  let matched = 0;
  fc.assert(
    fc.property(letters('a', 'b', '*', '?', '*'), letters('a', 'b'), (pattern, text) => {
      const expected = matches(pattern, text);
      if (expected) matched++;
      expect(new Glob(piecesOf(pattern)).matches(text)).toBe(expected);
    }),
    { numRuns: 5_000 },
  );
  expect(matched).toBeGreaterThan(500);
});

it('pathological wildcards are decided', () => {
  const pattern = new Glob(piecesOf(`*${'a'.repeat(1_000)}?b${'*a?'.repeat(2_000)}*`));
  expect(pattern.matches('a'.repeat(20_000))).toBe(false);
});

it('names the statements that decide, with the level of SCPs', () => {
  const scp: Policy = { ...everything, statements: [{ ...everything.statements[0]!, sid: 'NoS3' }] };
  const allow: Policy = { statements: [{ ...everything.statements[0]!, effect: 'Allow' }] };
  const policies: ApplicablePolicies = {
    identity: [{ statements: [] }, allow],
    boundary: null,
    session: null,
    scps: [[allow], [allow, scp]],
    rcps: null,
    resource: null,
    vpcEndpoint: null,
  };
  const asked: Request = {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::b/x',
    context: {},
  };
  expect(evaluate(compilePolicies(policies), asked).by).toStrictEqual([
    { policyType: 'scp', level: 1, policyIndex: 1, sid: 'NoS3', effect: 'Deny' },
  ]);
  expect(evaluate(compilePolicies({ ...policies, scps: [[allow], [allow]] }), asked).by).toStrictEqual([
    { policyType: 'scp', level: 0, policyIndex: 0, statementIndex: 0, effect: 'Allow' },
    { policyType: 'scp', level: 1, policyIndex: 0, statementIndex: 0, effect: 'Allow' },
    { policyType: 'identity', policyIndex: 1, statementIndex: 0, effect: 'Allow' },
  ]);
});

it('an entry of `absent` that ends with `*` stands for the keys that begin so, are not given and do not follow', () => {
  const granted = (key: string): ApplicablePolicies => ({
    identity: [
      {
        statements: [
          {
            effect: 'Allow',
            action: { negated: false, patterns: ['*'] },
            conditions: [{ operator: 'Null', ifExists: false, key, values: ['true'] }],
          },
        ],
      },
    ],
    boundary: null,
    session: null,
    scps: null,
    rcps: null,
    resource: null,
    vpcEndpoint: null,
  });
  const asked: Request = {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 's3:GetObject',
    resource: '*',
    context: { 'aws:RequestTag/team': 'red' },
    absent: ['aws:RequestTag/*', 'aws:P*', 'aws:SourceVpce'],
  };
  const decision = (key: string, unknownContext = true): Decision =>
    evaluate(compilePolicies(granted(key)), asked, { unknownContext }).decision;
  expect(decision('aws:RequestTag/other')).toBe('ALLOW');
  expect(decision('aws:requesttag/x')).toBe('ALLOW');
  expect(decision('aws:RequestTag/team')).toBe('IMPLICIT_DENY');
  expect(decision('aws:PrincipalTag/x')).toBe('ALLOW');
  expect(decision('aws:PrincipalArn')).toBe('IMPLICIT_DENY');
  expect(decision('aws:PrincipalArn', false)).toBe('IMPLICIT_DENY');
  expect(referenceEvaluate(asked, granted('aws:PrincipalArn')).decision).toBe('IMPLICIT_DENY');
  expect(decision('aws:SourceVpc')).toBe('UNDETERMINED');
  expect(decision('aws:SourceVpce')).toBe('ALLOW');
});

it.each(['ForAnyValue', 'ForAllValues'] as const)(
  '%s counts an empty text as no value, with IfExists too',
  (qualifier) => {
    const decided = (value: string | readonly string[]): Decision => {
      const condition = {
        operator: 'StringNotEquals' as const,
        qualifier,
        ifExists: true,
        key: 'aws:TagKeys',
        values: ['x'],
      };
      const policies: ApplicablePolicies = {
        identity: [{ statements: [{ ...everything.statements[0]!, conditions: [condition] }] }],
        boundary: null,
        session: null,
        scps: null,
        rcps: null,
        resource: null,
        vpcEndpoint: null,
      };
      const asked: Request = {
        principal: 'arn:aws:iam::111122223333:user/alice',
        action: 's3:GetObject',
        resource: '*',
        context: { 'aws:TagKeys': value },
      };
      const { decision } = referenceEvaluate(asked, policies);
      expect(decide(asked, policies)).toBe(decision);
      return decision;
    };
    const ofNothing = qualifier === 'ForAllValues' ? 'EXPLICIT_DENY' : 'IMPLICIT_DENY';
    expect(decided('')).toBe(ofNothing);
    expect(decided([''])).toBe(ofNothing);
    expect(decided([])).toBe(ofNothing);
  },
);
