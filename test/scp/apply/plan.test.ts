/** What plans refuse, tell and order. */
import { lineDifference, planPolicies, policiesOfSet, readPolicyState, statusOf } from '../../../scp/apply/index.js';
import type { ApplyPlan, Caller, PlanOptions, PolicyState, WantedPolicies } from '../../../scp/apply/index.js';
import { seeded } from '../../sandbox/organization.js';
import { operationsOn } from './operations.js';
import { bring, policy, ROOT, SANDBOX, SET, SHOP, wanted } from './scenarios.js';

const MEMBER = '333333333333';

async function stateWith(from: WantedPolicies = wanted({}, {})): Promise<PolicyState> {
  const operations = operationsOn(seeded());
  const { outcome } = await bring(operations, from);
  if (outcome.failure !== null) throw outcome.failure.error as Error;
  return readPolicyState(operations);
}

async function plan(
  to: WantedPolicies,
  { from, ...options }: Partial<PlanOptions> & { readonly from?: WantedPolicies } = {},
): Promise<ApplyPlan> {
  return planPolicies(await stateWith(from), to, { set: SET, ...options });
}

const kinds = ({ problems }: ApplyPlan): readonly string[] => problems.map(({ kind }) => kind);
const told = ({ stages }: ApplyPlan): readonly string[] =>
  stages.flatMap(({ title, steps }) => [
    title,
    ...steps.map((step) => {
      if (step.kind === 'createPolicy') return `create ${step.document.name}`;
      if (step.kind === 'enablePolicyType') return `enable ${step.type}`;
      if (step.kind === 'updatePolicy') return `${step.part} ${step.policy.name}`;
      if (step.kind === 'deletePolicy') return `delete ${step.policy.name}`;
      return `${step.kind.slice(0, 6)} ${step.policy.name} ${step.target.shown}`;
    }),
  ]);

describe('order', () => {
  it('puts in force by waves, the root last, and takes out of force when all is in force', async () => {
    const from = wanted({ a: policy('s3:*'), b: policy('ec2:*') }, { [ROOT]: ['a'], [SHOP]: ['b'] });
    const to = wanted({ a: policy('s3:*'), c: policy('sqs:*') }, { [SANDBOX]: ['a', 'c'], [ROOT]: ['c'] });
    expect(told(await plan(to, { from }))).toStrictEqual([
      'prepare',
      'create c',
      'put in force, wave 1 of 2: /Sandbox',
      'attach a /Sandbox',
      'attach c /Sandbox',
      'put in force, wave 2 of 2: the root',
      'attach c /',
      'take out of force, wave 1 of 2: /Workloads',
      'detach b /Workloads/Production/shop',
      'take out of force, wave 2 of 2: the root',
      'detach a /',
      'delete',
      'delete b',
    ]);
  });

  it('follows named waves; the root is in the last one unless it is named', async () => {
    const to = wanted({ a: policy('s3:*') }, { [ROOT]: ['a'], [SANDBOX]: ['a'], [SHOP]: ['a'] });
    expect(told(await plan(to, { waves: [[SHOP]] }))).toStrictEqual([
      'prepare',
      'create a',
      'put in force, wave 1 of 2: /Workloads/Production/shop',
      'attach a /Workloads/Production/shop',
      'put in force, wave 2 of 2: all others',
      'attach a /',
      'attach a /Sandbox',
    ]);
  });

  it('changes one text at once, and two that may exchange statements by way of both', async () => {
    const from = wanted({ a: policy('s3:*'), b: policy('ec2:*') }, { [SANDBOX]: ['a'], [ROOT]: ['b'] });
    const one = wanted({ a: policy('sqs:*'), b: policy('ec2:*') }, { [SANDBOX]: ['a'], [ROOT]: ['b'] });
    expect(told(await plan(one, { from }))).toStrictEqual(['put in force, wave 1 of 1: /Sandbox', 'replace a']);
    const two = wanted({ a: policy('ec2:*'), b: policy('s3:*') }, { [SANDBOX]: ['a'], [ROOT]: ['b'] });
    expect(told(await plan(two, { from }))).toStrictEqual([
      'put in force, wave 1 of 2: /Sandbox',
      'add a',
      'put in force, wave 2 of 2: the root',
      'add b',
      'take out of force, wave 1 of 2: /Sandbox',
      'remove a',
      'take out of force, wave 2 of 2: the root',
      'remove b',
    ]);
  });

  it('leaves texts alone that differ in white space and the order of keys only', async () => {
    const from = wanted({ a: JSON.stringify(JSON.parse(policy('s3:*')), null, 2) }, { [ROOT]: ['a'] });
    expect(told(await plan(wanted({ a: policy('s3:*') }, { [ROOT]: ['a'] }), { from }))).toStrictEqual([]);
  });
});

describe('refusals', () => {
  it('of a name that somebody else has, and of somebody else’s set', async () => {
    const operations = operationsOn(seeded());
    await bring(operations, wanted({ a: policy('s3:*') }, { [ROOT]: ['a'] }), { set: 'revocations' });
    const state = await readPolicyState(operations);
    const mine = planPolicies(state, wanted({ a: policy('s3:*') }, { [ROOT]: ['a'] }), { set: SET });
    expect([kinds(mine), mine.stages]).toStrictEqual([['notOwned'], []]);
    expect(told(planPolicies(state, wanted({}, {}), { set: SET }))).toStrictEqual([]);
    expect(told(planPolicies(state, wanted({}, {}), { set: 'revocations' }))).toContain('delete a');
  });

  it('of what is too long, no JSON, attached nowhere or not described', async () => {
    const long = policy(...Array.from({ length: 300 }, (_, index) => `s3:${'x'.repeat(20)}${index}`));
    expect(kinds(await plan(wanted({ a: long }, { [ROOT]: ['a'] })))).toStrictEqual(['quota']);
    expect(kinds(await plan(wanted({ a: '{' }, { [ROOT]: ['a'] })))).toStrictEqual(['invalidContent']);
    expect(kinds(await plan(wanted({ a: policy('s3:*') }, { '999999999999': ['a'] })))).toContain('unknownTarget');
    expect(kinds(await plan(wanted({}, { [ROOT]: ['a'] })))).toStrictEqual(['unknownDocument']);
  });

  it('of an eleventh policy at a place', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `p${index}`);
    const documents = Object.fromEntries(names.map((name) => [name, policy(`s3:${name}`)]));
    const refused = await plan(wanted(documents, { [SANDBOX]: names }));
    expect(kinds(refused)).toStrictEqual(['quota']);
    expect(refused.problems[0]!.message).toContain('11 policies');
    expect(kinds(await plan(wanted(documents, { [SANDBOX]: names.slice(1) })))).toStrictEqual([]);
  });

  it('of the last allow', async () => {
    const to = wanted({ a: policy('s3:*') }, { [SANDBOX]: ['a', '-full'] });
    const refused = await plan(to);
    expect([kinds(refused), refused.stages]).toStrictEqual([['lastAllow'], []]);
    const list = wanted({ a: policy('+s3:*') }, { [SANDBOX]: ['a', '-full'] });
    expect(kinds(await plan(list))).toStrictEqual([]);
    // The text that allows goes, and with it the last allow.
    const without = wanted({ a: policy('s3:*') }, { [SANDBOX]: ['a', '-full'] });
    expect(kinds(await plan(without, { from: list }))).toContain('lastAllow');
  });

  it('of a moment without a guard, unless that is accepted', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `p${index}`);
    const documents = Object.fromEntries(names.map((name) => [name, policy(`s3:${name}`)]));
    const from = wanted(documents, { [SANDBOX]: names });
    const to = wanted({ ...documents, q: policy('s3:p0') }, { [SANDBOX]: ['q', ...names.slice(1)] });
    expect(kinds(await plan(to, { from }))).toStrictEqual(['gap']);
    const accepted = await plan(to, { from, allowGap: true });
    expect(accepted.problems).toStrictEqual([]);
    expect(accepted.notes.join()).toContain('in between neither is in force');
    expect(told(accepted).slice(2)).toStrictEqual([
      'put in force, wave 1 of 1: /Sandbox',
      'detach p0 /Sandbox',
      'attach q /Sandbox',
    ]);
  });

  it('does not attach FullAWSAccess by itself', async () => {
    const from = wanted({ a: policy('+s3:*') }, { [SANDBOX]: ['a', '-full'] });
    const to = wanted({ a: policy('+s3:*') }, { [SANDBOX]: ['a'] });
    const kept = await plan(to, { from });
    expect([told(kept), kept.notes.length]).toStrictEqual([[], 1]);
    expect(told(await plan(to, { from, restoreFullAwsAccess: true }))).toContain('attach FullAWSAccess /Sandbox');
  });
});

describe('the own calls', () => {
  const caller = (more: Partial<Caller> = {}): Caller => ({
    arn: `arn:aws:sts::${MEMBER}:assumed-role/Deploy/pipeline`,
    sessionIssuer: `arn:aws:iam::${MEMBER}:role/ci/Deploy`,
    account: MEMBER,
    context: { 'aws:userid': 'AROAEXAMPLEID:pipeline' },
    ...more,
  });
  const guarded = (condition?: object, action: unknown = '*'): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: action, Resource: '*', ...(condition && { Condition: condition }) }],
    });

  const CASES: [what: string, text: string, refused: boolean, more?: Partial<Caller>][] = [
    ['everything is denied', guarded(), true],
    ['detaching is denied', guarded(undefined, 'organizations:DetachPolicy'), true],
    [
      'all but S3 is denied',
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', NotAction: 's3:*', Resource: '*' }] }),
      true,
    ],
    ['something else is denied', guarded(undefined, 's3:*'), false],
    ['the role is exempt', guarded({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ci/Deploy' } }), false],
    ['another path is exempt', guarded({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Deploy' } }), true],
    ['the session is named', guarded({ StringLike: { 'aws:userid': '*:pipeline' } }), true],
    ['another session is named', guarded({ StringLike: { 'aws:userid': '*:john.doe' } }), false],
    ['it hangs on a key that is not known', guarded({ StringEquals: { 'aws:SourceIdentity': 'john.doe' } }), true],
    [
      'the key is told',
      guarded({ StringEquals: { 'aws:SourceIdentity': 'john.doe' } }),
      false,
      { context: { 'aws:SourceIdentity': 'mary' } },
    ],
    [
      'the key is absent',
      guarded({ StringEquals: { 'aws:SourceIdentity': 'john.doe' } }),
      false,
      { absent: ['aws:SourceIdentity'] },
    ],
    [
      'the caller is the management account',
      guarded(),
      false,
      { account: '111111111111', arn: 'arn:aws:iam::111111111111:user/a' },
    ],
    ['the caller is elsewhere', guarded(), false, { account: SHOP, arn: `arn:aws:iam::${SHOP}:user/a` }],
  ];

  it.each(CASES)('%s', async (_, text, refused, more: Partial<Caller> = {}) => {
    const { sessionIssuer, ...plain } = caller(more);
    const by = plain.arn.includes(':user/') ? plain : { ...plain, sessionIssuer: sessionIssuer! };
    const made = await plan(wanted({ a: text }, { [SANDBOX]: ['a'] }), { caller: by });
    expect(kinds(made)).toStrictEqual(refused ? ['ownAccess'] : []);
  });

  it('may be denied before: then a step changes nothing', async () => {
    const from = wanted({ a: guarded() }, { [SANDBOX]: ['a'] });
    const to = wanted({ a: guarded(), b: guarded() }, { [SANDBOX]: ['a', 'b'] });
    expect(kinds(await plan(to, { from, caller: caller() }))).toStrictEqual([]);
  });

  it('need an allow on every level', async () => {
    const to = wanted({ a: policy('+s3:*') }, { [SANDBOX]: ['a', '-full'] });
    expect(kinds(await plan(to, { caller: caller() }))).toStrictEqual(['ownAccess']);
  });
});

it('tells accounts, places, and what is in force when it stops half-way', async () => {
  const from = wanted({ a: policy('s3:*', 'ec2:*') }, { [SANDBOX]: ['a'] });
  const to = wanted({ a: policy('s3:*'), b: policy('sqs:*') }, { [SANDBOX]: ['a', 'b'], [ROOT]: ['b'] });
  const made = await plan(to, { from });
  expect(made.accounts).toStrictEqual([MEMBER, '222222222222', SHOP, '555555555555']);
  expect(made.use.map(({ target, attached, limit }) => `${target.shown} ${attached}/${limit}`)).toStrictEqual([
    '/Sandbox 3/10',
    '/ 2/10',
  ]);
  const operations = operationsOn(seeded(), { at: 5 });
  await bring(operations, from);
  await bring(operations, to);
  expect(statusOf(await readPolicyState(operations), to, { set: SET })).toStrictEqual([
    {
      target: { id: SANDBOX, shown: '/Sandbox' },
      type: 'scp',
      policies: [
        { name: 'a', standing: 'both' },
        { name: 'b', standing: 'wanted' },
      ],
      others: ['FullAWSAccess'],
    },
    {
      target: { id: ROOT, shown: '/' },
      type: 'scp',
      policies: [{ name: 'b', standing: 'missing' }],
      others: ['FullAWSAccess'],
    },
  ]);
});

it('gives a set back as what is wanted', async () => {
  const from = wanted({ a: policy('s3:*'), b: policy('ec2:*') }, { [SANDBOX]: ['a', 'b'], [ROOT]: ['a'] });
  const state = await stateWith(from);
  expect(told(planPolicies(state, policiesOfSet(state, SET), { set: SET }))).toStrictEqual([]);
});

it('compares lines', () => {
  const shown = (before: string, after: string): string =>
    lineDifference(before.split(''), after.split(''))
      .map(({ mark, text }) => `${mark}${text}`)
      .join('');
  expect(shown('abc', 'axc')).toBe(' a-b+x c');
  expect(shown('', 'ab')).toBe('+a+b');
  expect(shown('ab', '')).toBe('-a-b');
  expect(shown('abcd', 'bd')).toBe('-a b-c d');
});
