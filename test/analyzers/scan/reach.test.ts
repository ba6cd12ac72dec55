/** What the organization's policies say of an access, held to the reference evaluator. */
import fc from 'fast-check';
import { ReachJudge } from '../../../analyzers/scan/index.js';
import type { OrganizationPolicy, ShownAccess } from '../../../analyzers/scan/index.js';
import { readPolicy, referenceEvaluate } from '../../../iam/index.js';
import type { ApplicablePolicies, Policy } from '../../../iam/index.js';
import { memoryAccount, memoryOrganization } from '../../support/scan-reader.js';

const OWNER = '222222222222';
const CALLER = '333333333333';
const PARTNER = '999999999999';
const ORG = 'o-exampleorgid';

type StatementText = Readonly<Record<string, unknown>>;

function policy(
  name: string,
  type: 'SCP' | 'RCP',
  targets: readonly string[],
  statements: readonly StatementText[],
): OrganizationPolicy {
  const apiType = type === 'SCP' ? 'SERVICE_CONTROL_POLICY' : 'RESOURCE_CONTROL_POLICY';
  const content = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return { id: `p-${name}`, name, type: apiType, awsManaged: false, content, targets };
}

const FULL = policy(
  'FullAWSAccess',
  'SCP',
  ['r-root', '111111111111', OWNER, CALLER],
  [{ Effect: 'Allow', Action: '*', Resource: '*' }],
);

function judgeOf(policies: readonly OrganizationPolicy[], more = {}): ReachJudge {
  const accounts = ['111111111111', OWNER, CALLER].map((id) => memoryAccount(id));
  return new ReachJudge(
    memoryOrganization({ accounts, policies: { items: [FULL, ...policies], failures: [] }, ...more }),
  );
}

const perimeter = (more: StatementText = {}): StatementText => ({
  Sid: 'Perimeter',
  Effect: 'Deny',
  Principal: '*',
  Action: ['s3:*', 'sqs:*'],
  Resource: '*',
  Condition: {
    StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORG },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  },
  ...more,
});

const access = (more: Partial<ShownAccess> = {}): ShownAccess => ({
  from: 'external',
  principal: { AWS: PARTNER },
  isPublic: false,
  actions: ['s3:GetObject'],
  resource: 'arn:aws:s3:::data',
  owner: OWNER,
  ...more,
});

const verdictOf = (statements: readonly StatementText[], more: Partial<ShownAccess> = {}): string =>
  judgeOf([policy('guard', 'RCP', ['r-root'], statements)]).of(access(more)).verdict;

it('a perimeter blocks everybody from outside, and says which policy does', () => {
  const judge = judgeOf([policy('guard', 'RCP', ['r-root'], [perimeter()])]);
  const reason = 'RCP guard at /, statement Perimeter';
  expect(judge.of(access())).toStrictEqual({ verdict: 'blocked', reason });
  expect(judge.of(access({ principal: {}, isPublic: true })).verdict).toBe('blocked');
  expect(judge.of(access({ principal: { AWS: '*' }, isPublic: true, actions: ['s3:Get*Acl'] })).verdict).toBe(
    'blocked',
  );
  expect(judge.of(access({ principal: { AWS: `arn:aws:iam::${PARTNER}:role/path/reader` } })).verdict).toBe('blocked');
});

it('is reachable where no policy acts', () => {
  const judge = judgeOf([policy('guard', 'RCP', ['r-root'], [perimeter({ Action: '*' })])]);
  // RCPs do not act on these services, nor on the management account.
  expect(
    judge.of(
      access({ actions: ['lambda:InvokeFunction'], resource: `arn:aws:lambda:eu-central-1:${OWNER}:function:f` }),
    ).verdict,
  ).toBe('reachable');
  expect(judge.of(access({ owner: '111111111111' })).verdict).toBe('reachable');
  expect(judgeOf([]).of(access()).verdict).toBe('reachable');
  const off = judgeOf([policy('guard', 'RCP', ['r-root'], [perimeter()])], {
    enabledPolicyTypes: ['SERVICE_CONTROL_POLICY'],
  });
  expect(off.of(access()).reason).toContain('not enabled');
  // Nor on actions that are about no resource, of services on which they act.
  const queue = `arn:aws:sqs:eu-central-1:${OWNER}:q`;
  expect(verdictOf([perimeter()], { actions: ['sqs:ListQueues'], resource: queue })).toBe('reachable');
  expect(verdictOf([perimeter()], { actions: ['sqs:SendMessage'], resource: queue })).toBe('blocked');
  // One of the actions is enough.
  expect(verdictOf([perimeter({ Action: 's3:GetObject' })], { actions: ['s3:GetObject', 's3:ListBucket'] })).toBe(
    'reachable',
  );
  // Another account, another resource, a denial that callers get around by TLS.
  expect(verdictOf([perimeter({ Resource: 'arn:aws:s3:::other/*' })])).toBe('reachable');
  expect(verdictOf([perimeter({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } })])).toBe('reachable');
  const elsewhere = judgeOf([policy('guard', 'RCP', [CALLER], [perimeter()])]);
  expect(elsewhere.of(access()).verdict).toBe('reachable');
});

it('cannot tell what hangs on keys that nobody knows, and never calls it blocked', () => {
  const exempt = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORG, 'aws:ResourceTag/exempt': 'true' } };
  const tagged = judgeOf([policy('guard', 'RCP', ['r-root'], [perimeter({ Condition: exempt })])]).of(access());
  expect(tagged).toStrictEqual({ verdict: 'cannot-tell', reason: 'it hangs on aws:ResourceTag/exempt' });
  // Objects of a bucket that the denial leaves out.
  const hole = perimeter({ Resource: undefined, NotResource: 'arn:aws:s3:::data/public/*' });
  expect(verdictOf([JSON.parse(JSON.stringify(hole)) as StatementText])).toBe('cannot-tell');
  // A role of the partner's account that the denial leaves out.
  const arn = { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER}:role/reader` } };
  expect(verdictOf([perimeter({ Condition: arn })])).toBe('cannot-tell');
  // An organization that is let in besides.
  const both = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': [ORG, 'o-partnerorg0'] } };
  expect(verdictOf([perimeter({ Condition: both })])).toBe('cannot-tell');
  // An organization that is shut out, of which the partner may be.
  const partners = { StringEquals: { 'aws:PrincipalOrgID': 'o-partnerorg0' } };
  expect(verdictOf([perimeter({ Condition: partners })])).toBe('cannot-tell');
  expect(verdictOf([perimeter()], { principal: { CanonicalUser: 'abc' } })).toBe('cannot-tell');
  const unread = judgeOf([{ ...policy('guard', 'RCP', ['r-root'], [perimeter()]), content: null }]);
  expect(unread.of(access()).verdict).toBe('cannot-tell');
});

it('from inside SCPs of the caller count, level by level', () => {
  const inside = { from: 'internal', principal: { AWS: `arn:aws:iam::${CALLER}:role/reader` } } as const;
  const deny = { Sid: 'NoData', Effect: 'Deny', Action: 's3:*', Resource: '*' };
  expect(judgeOf([policy('noData', 'SCP', [CALLER], [deny])]).of(access(inside))).toStrictEqual({
    verdict: 'blocked',
    reason: `SCP noData at account ${CALLER} (account ${CALLER}), statement NoData`,
  });
  expect(judgeOf([policy('noData', 'SCP', [OWNER], [deny])]).of(access(inside)).verdict).toBe('reachable');
  // From outside they do not count.
  expect(judgeOf([policy('noData', 'SCP', [CALLER, OWNER], [deny])]).of(access()).verdict).toBe('reachable');
  expect(judgeOf([policy('guard', 'RCP', ['r-root'], [perimeter()])]).of(access(inside)).verdict).toBe('reachable');
});

const ALL: Policy = {
  statements: [
    {
      effect: 'Allow',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};
const ANYBODY: Policy = {
  statements: ALL.statements.map((each) => ({
    ...each,
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
  })),
};

it('blocked: the reference denies every such request; reachable: it allows one', () => {
  const operators = ['StringNotEquals', 'StringNotEqualsIfExists', 'StringEquals', 'StringLike'];
  const keys = [
    'aws:PrincipalOrgID',
    'aws:PrincipalAccount',
    'aws:SourceVpc',
    'aws:SecureTransport',
    'aws:ResourceAccount',
  ];
  const values = [ORG, 'o-partnerorg0', PARTNER, OWNER, 'vpc-1', 'true', '*'];
  const condition = fc.dictionary(
    fc.constantFrom(...operators),
    fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { minKeys: 1, maxKeys: 2 }),
    { maxKeys: 2 },
  );
  const statement = fc.record({
    Effect: fc.constant('Deny'),
    Principal: fc.constant('*'),
    Action: fc.constantFrom('s3:*', 's3:Get*', 's3:PutObject'),
    Resource: fc.constantFrom('*', 'arn:aws:s3:::data/*', 'arn:aws:s3:::data/a'),
    Condition: condition,
  });
  const contexts = [{}, { 'aws:PrincipalOrgID': 'o-partnerorg0' }, { 'aws:PrincipalOrgID': 'o-third00000' }].flatMap(
    (org) =>
      [{}, { 'aws:SourceVpc': 'vpc-1' }, { 'aws:SourceVpc': 'vpc-2' }].flatMap((vpc) =>
        ['true', 'false'].map((tls): Readonly<Record<string, string>> => ({
          ...org,
          ...vpc,
          'aws:SecureTransport': tls,
          'aws:ResourceOrgID': ORG,
        })),
      ),
  );
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 2 }), (statements) => {
      const text = { Version: '2012-10-17', Statement: statements };
      const parsed = readPolicy(JSON.stringify(text), 'rcp', 'guard').policy!;
      const { verdict } = judgeOf([policy('guard', 'RCP', ['r-root'], statements)]).of(access());
      seen.add(verdict);
      const policies: ApplicablePolicies = {
        identity: [ALL],
        boundary: null,
        session: null,
        scps: null,
        rcps: [[ANYBODY, parsed]],
        resource: ANYBODY,
        vpcEndpoint: null,
      };
      const decisions = contexts.flatMap((context) =>
        ['a', 'b/c'].map(
          (object) =>
            referenceEvaluate(
              {
                principal: `arn:aws:iam::${PARTNER}:role/x`,
                action: 's3:GetObject',
                resource: `arn:aws:s3:::data/${object}`,
                resourceAccount: OWNER,
                context,
              },
              policies,
            ).decision,
        ),
      );
      if (verdict === 'blocked') expect(decisions).not.toContain('ALLOW');
      if (verdict === 'reachable') expect(decisions).toContain('ALLOW');
    }),
    { numRuns: 25 },
  );
  expect(seen.size).toBe(3);
});
