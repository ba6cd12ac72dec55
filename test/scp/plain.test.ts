/** What comparing parts decides of a claim, the reference decides of every request of the claim. */
import fc from 'fast-check';
import { referenceEvaluate } from '../../iam/index.js';
import type { Condition, Policy, Statement } from '../../iam/index.js';
import type { RequestProperties } from '../../iam/prove/index.js';
import { isPlainlyAllowed, isPlainlyDenied } from '../../scp/plain.js';
import { levelsOf, surround } from '../../scp/surroundings.js';
import { denial, request } from './pack/statements.js';

const CONTRARY: Readonly<Record<string, Condition['operator']>> = {
  StringEquals: 'StringNotEquals',
  StringNotEquals: 'StringEquals',
  StringLike: 'StringNotLike',
  StringNotLike: 'StringLike',
};

/** The properties of a claim about what a statement denies, or about the contrary of one of its parts. */
function propertiesOf(
  { action, resource, conditions }: Statement,
  part: 'same' | 'action' | 'resource' | 'condition',
): RequestProperties {
  const contrary = conditions.map((one, index): Condition => {
    if (index > 0 || part !== 'condition') return one;
    if (one.operator === 'Null') return { ...one, values: one.values[0] === 'true' ? ['false'] : ['true'] };
    return { ...one, operator: CONTRARY[one.operator]! };
  });
  const isListed = (element: Statement['action'], isOther: boolean): boolean => element.negated === isOther;
  return {
    callers: ['user', 'role', 'root'],
    ...(isListed(action, part === 'action') ? { actions: action.patterns } : { notActions: action.patterns }),
    ...(isListed(resource!, part === 'resource')
      ? { resources: resource!.patterns }
      : { notResources: resource!.patterns }),
    ...(contrary.length === 0 ? {} : { conditions: contrary }),
  };
}

const policyOf = (...statements: readonly Statement[]): Policy => ({ version: '2012-10-17', statements });

/** The properties as a statement: the requests that it denies have them. */
function asStatement({ actions, notActions, resources, notResources, conditions }: RequestProperties): Policy {
  const element = (some: readonly string[] | undefined, others: readonly string[] | undefined): Statement['action'] =>
    some === undefined ? { negated: true, patterns: others! } : { negated: false, patterns: some };
  return policyOf({
    effect: 'Deny',
    action: element(actions, notActions),
    resource: element(resources, notResources),
    conditions: conditions ?? [],
  });
}

it('is what the reference says of every request that has the properties', () => {
  const seen = { denied: 0, allowed: 0, open: 0, requests: 0 };
  fc.assert(
    fc.property(
      fc.array(denial, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('same' as const, 'action' as const, 'resource' as const, 'condition' as const),
      fc.boolean(),
      fc.array(request, { minLength: 40, maxLength: 40 }),
      (statements, part, isAlone, requests) => {
        const forAll = propertiesOf(statements[0]!, part);
        const policies = [policyOf(...(isAlone ? statements.slice(0, 1) : statements))];
        const isDenied = isPlainlyDenied(forAll, policies);
        const isAllowed = isPlainlyAllowed(forAll, policies, 'scp');
        if (!isDenied && !isAllowed) {
          seen.open++;
          return;
        }
        seen[isDenied ? 'denied' : 'allowed']++;
        const [asked, decided] = [[asStatement(forAll)], policies].map((some) => surround(levelsOf('scp', some)));
        for (const one of requests) {
          if (referenceEvaluate(one, asked!).decision !== 'EXPLICIT_DENY') continue;
          seen.requests++;
          expect(referenceEvaluate(one, decided!).decision).toBe(isDenied ? 'EXPLICIT_DENY' : 'ALLOW');
        }
      },
    ),
    { numRuns: 150 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
});

describe('is not said', () => {
  const statement: Statement = {
    effect: 'Deny',
    action: { negated: false, patterns: ['s3:*'] },
    resource: { negated: false, patterns: ['*'] },
    conditions: [{ operator: 'ArnNotLike', ifExists: false, key: 'aws:PrincipalArn', values: ['arn:*:iam::*:role/a'] }],
  };
  const others = { notPrincipalArns: ['arn:*:iam::*:role/a'] };
  const named = { callers: ['role'] as const, principalArns: ['arn:*:iam::*:role/a'] };

  it.each<[string, RequestProperties, Statement, boolean, boolean]>([
    ['unless it is so', { ...others, actions: ['s3:PutObject'] }, statement, true, false],
    ['unless it is so, of what is allowed', { ...named, actions: ['s3:PutObject'] }, statement, false, true],
    ['of more actions', { ...others, actions: ['s3:PutObject', 'sqs:*'] }, statement, false, false],
    ['of more callers', { actions: ['s3:PutObject'] }, statement, false, false],
    ['of services, which are allowed by themselves', { principalArns: named.principalArns }, statement, false, false],
    ['of fewer exceptions', { notPrincipalArns: ['arn:*:iam::*:role/ab'] }, statement, false, false],
    [
      'of one more named caller',
      { principalArns: [...named.principalArns, 'arn:*:iam::*:role/b'] },
      statement,
      false,
      false,
    ],
    [
      'where a missing key meets both',
      {
        callers: ['role'],
        conditions: [{ operator: 'StringEquals', ifExists: true, key: 'aws:RequestedRegion', values: ['x'] }],
      },
      {
        ...statement,
        conditions: [{ operator: 'StringNotEquals', ifExists: false, key: 'aws:RequestedRegion', values: ['x'] }],
      },
      false,
      false,
    ],
    [
      'where one of several values can meet each',
      {
        callers: ['role'],
        conditions: [
          { operator: 'StringEquals', qualifier: 'ForAnyValue', ifExists: false, key: 'aws:TagKeys', values: ['x'] },
        ],
      },
      {
        ...statement,
        conditions: [
          { operator: 'StringNotEquals', qualifier: 'ForAnyValue', ifExists: false, key: 'aws:TagKeys', values: ['x'] },
        ],
      },
      false,
      false,
    ],
    [
      'of several values, unless those of the condition hold all of them',
      {
        callers: ['role'],
        conditions: [{ operator: 'StringEquals', ifExists: false, key: 'aws:RequestedRegion', values: ['x', 'y'] }],
      },
      {
        ...statement,
        conditions: [{ operator: 'StringNotEquals', ifExists: false, key: 'aws:RequestedRegion', values: ['x'] }],
      },
      false,
      false,
    ],
  ])('%s', (_, forAll, one, isDenied, isAllowed) => {
    expect([isPlainlyDenied(forAll, [policyOf(one)]), isPlainlyAllowed(forAll, [policyOf(one)], 'scp')]).toStrictEqual([
      isDenied,
      isAllowed,
    ]);
  });

  it('of policies whose variables are plain text, or that name callers', () => {
    const forAll = { ...others, actions: ['s3:PutObject'] };
    expect(isPlainlyDenied(forAll, [{ statements: [statement] }])).toBe(false);
    const principal = { negated: false, principals: [{ kind: 'AWS', value: '111122223333' }] } as const;
    expect(isPlainlyDenied(forAll, [policyOf({ ...statement, principal })])).toBe(false);
  });
});
