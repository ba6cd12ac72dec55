/** The verification itself: it notices wrong cases, claims that fail, twins that change nothing, and weak cases. */
import { buildPolicy, mutantsOf, runCases, levelsOf, verifyTemplate } from '../../scp/index.js';
import type { PolicyCase, PolicyTemplate, TemplateVerification, WrittenClaim } from '../../scp/index.js';

const denied: PolicyCase = {
  name: 'denied',
  principal: 'arn:aws:iam::111122223333:role/developer',
  action: 's3:DeleteBucket',
  resource: 'arn:aws:s3:::amzn-s3-demo-bucket',
  decision: 'EXPLICIT_DENY',
  by: 'KeepBuckets',
};
const claim: WrittenClaim = {
  claim: 'nobody but administrators deletes a bucket',
  notPrincipals: ['{{admins}}'],
  actions: ['s3:DeleteBucket', 's3:DeleteBucketPolicy'],
  decision: 'EXPLICIT_DENY',
  twin: { because: 'the statement is left out', without: 'KeepBuckets' },
};
const base: PolicyTemplate = {
  ...{ name: 'keep-buckets', title: 'Buckets are kept', kind: 'scp', controls: [], description: '', risk: '' },
  ...{ needs: [], doesNotReach: [], rollout: [], sources: [] },
  parameters: {
    admins: {
      type: 'principalPattern',
      list: true,
      least: 0,
      default: ['arn:aws:iam::*:role/administrator'],
      description: '',
    },
  },
  statements: [
    {
      Sid: 'KeepBuckets',
      Effect: 'Deny',
      Action: ['s3:DeleteBucket', 's3:DeleteBucketPolicy'],
      Resource: '*',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': '{{admins}}' } },
    },
    { Sid: 'KeepTables', Effect: 'Deny', Action: 'dynamodb:DeleteTable', Resource: '*' },
  ],
  cases: { cases: [denied] },
  claims: { claims: [claim] },
};

const verify = (change: Partial<PolicyTemplate>): TemplateVerification =>
  verifyTemplate({ ...base, ...change }).verification!;

it('says which statements no case reaches, and which changes nothing notices', () => {
  const { ok, coverage, mutation, sizes } = verify({});
  expect(ok).toBe(true);
  expect(sizes).toStrictEqual([JSON.stringify(buildPolicy(base, {}).built!.documents[0]).length]);
  expect(coverage).toStrictEqual({ statements: 2, reached: 1, unreached: ['KeepTables'] });
  expect(mutation).toMatchObject({ mutants: 12, noticed: 5, equivalent: 1 });
  expect(mutation!.survivors).toStrictEqual([
    { statement: 'KeepBuckets', change: 'Action is *' },
    { statement: 'KeepBuckets', change: 'without ArnNotLike aws:PrincipalArn' },
    { statement: 'KeepBuckets', change: 'ArnNotLike aws:PrincipalArn: values are *' },
    { statement: 'KeepTables', change: 'the statement is deleted' },
    { statement: 'KeepTables', change: 'Action negated' },
    { statement: 'KeepTables', change: 'Action is *' },
  ]);
  expect(mutation!.score).toBe(5 / 11);
});

it('notices a case that comes out otherwise, and a statement that did not decide', () => {
  const wrong = verify({ cases: { cases: [{ ...denied, decision: 'ALLOW' }] } });
  expect(wrong.ok).toBe(false);
  expect(wrong.cases[0]!.fault).toBe('the decision is EXPLICIT_DENY, expected is ALLOW');
  expect(wrong.mutation).toBeNull();
  const other = verify({ cases: { cases: [{ ...denied, by: 'KeepTables' }] } });
  expect(other.cases[0]).toMatchObject({ ok: false, fault: 'KeepBuckets decided, expected is KeepTables' });
});

it('notices a claim that fails, with a request', () => {
  const { ok, claims } = verify({ claims: { claims: [{ ...claim, notPrincipals: ['arn:aws:iam::*:role/nobody'] }] } });
  expect(ok).toBe(false);
  expect(claims[0]!.proof.kind).toBe('FAILS');
  expect(JSON.stringify(claims[0]!.proof)).toContain('administrator');
});

it('notices a twin that breaks nothing, and refuses one that names no statement', () => {
  const { ok, claims } = verify({ claims: { claims: [{ ...claim, twin: { because: '', without: 'KeepTables' } }] } });
  expect([ok, claims[0]!.proof.kind, claims[0]!.twin!.kind]).toStrictEqual([false, 'HOLDS', 'HOLDS']);
  expect(() => verify({ claims: { claims: [{ ...claim, twin: { because: '', without: 'Other' } }] } })).toThrow(
    'Other',
  );
});

it('a list that is empty under a positive operator is refused, not dropped', () => {
  const statements = [
    {
      Sid: 'A',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { ArnLike: { 'aws:PrincipalArn': '{{admins}}' } },
    },
  ];
  expect(buildPolicy({ ...base, statements }, { admins: [] })).toMatchObject({
    built: null,
    diagnostics: [{ code: 'SCP1003' }],
  });
});

it('a policy of resources is decided for callers of other accounts, too', () => {
  const statement = { Sid: 'A', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
  const { built } = buildPolicy({ ...base, kind: 'rcp', statements: [statement] }, {});
  const levels = levelsOf('rcp', built!.policies);
  const foreign = { ...denied, principal: 'arn:aws:iam::999999999999:role/x', resourceAccount: '111122223333' };
  const cases = [foreign, { ...foreign, principal: 'anonymous' }, { ...foreign, action: 'ec2:RunInstances' }];
  expect(runCases(levels, { cases }).map(({ decision }) => decision)).toStrictEqual([
    'EXPLICIT_DENY',
    'EXPLICIT_DENY',
    'ALLOW',
  ]);
});

it('has a mutant for each part of a statement', () => {
  const { policies } = buildPolicy(base, {}).built!;
  expect(mutantsOf(policies[0]!).map(({ statement, change }) => `${statement}: ${change}`)).toStrictEqual([
    'KeepBuckets: the statement is deleted',
    'KeepBuckets: Action without s3:DeleteBucket',
    'KeepBuckets: Action without s3:DeleteBucketPolicy',
    'KeepBuckets: Action negated',
    'KeepBuckets: Action is *',
    'KeepBuckets: without ArnNotLike aws:PrincipalArn',
    'KeepBuckets: ArnNotLike aws:PrincipalArn: negated',
    'KeepBuckets: ArnNotLike aws:PrincipalArn: with IfExists',
    'KeepBuckets: ArnNotLike aws:PrincipalArn: values are *',
    'KeepTables: the statement is deleted',
    'KeepTables: Action negated',
    'KeepTables: Action is *',
  ]);
});
