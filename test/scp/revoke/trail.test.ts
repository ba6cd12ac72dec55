/** Whom a plan hits according to a trail, what it misses, and what roles say of revocation. */
import { checkRevocations, ImpactReader, readRoles } from '../../../scp/revoke/index.js';
import type { RevocationImpact, RevocationPlan } from '../../../scp/revoke/index.js';
import { record, USER } from '../../iam/cloudtrail/records.js';
import type { Loose } from '../../iam/cloudtrail/records.js';
import { DEPLOY, MANAGEMENT, planOf } from './plans.js';

interface Who {
  readonly role: string;
  readonly name: string;
  readonly account?: string;
  readonly source?: string;
  readonly at?: string;
}

const AT = '2026-11-21T08:00:00Z';

function session({ role, name, account = '111122223333', source, at = AT }: Who): Loose {
  const id = `AROA${role.replace(/\W/g, '').toUpperCase()}`;
  return {
    type: 'AssumedRole',
    principalId: `${id}:${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role.replace(/^.*\//, '')}/${name}`,
    accountId: account,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: id, arn: `arn:aws:iam::${account}:role/${role}`, accountId: account },
      attributes: { creationDate: at, mfaAuthenticated: 'false' },
      ...(source === undefined ? {} : { sourceIdentity: source }),
    },
  };
}

const call = (who: Who, event = 'SomethingThatNoCatalogueKnows'): Loose =>
  record('new-service.amazonaws.com', event, {}, { userIdentity: session(who) });

const assume = (who: Who, role: string, name: string, over: Loose = {}): Loose =>
  record(
    'sts.amazonaws.com',
    'AssumeRole',
    { roleArn: role, roleSessionName: name },
    {
      eventTime: '2026-11-21T09:00:00Z',
      userIdentity: session(who),
      responseElements: {
        assumedRoleUser: { assumedRoleId: `AROA${role.replace(/^.*role\//, '').toUpperCase()}:${name}` },
      },
      ...over,
    },
  );

function impactOf(plan: RevocationPlan, records: readonly Loose[]): RevocationImpact {
  const reader = new ImpactReader(plan, MANAGEMENT);
  for (const each of records) reader.add(each);
  return reader.finish();
}

const hits = ({ hit }: RevocationImpact): readonly string[] =>
  hit.map(
    ({ principal, sessions, calls, people, isManagement }) =>
      `${principal} ${sessions}/${calls} ${[...people].sort().join('+')}${isManagement ? ' management' : ''}`,
  );

const john: Who = { role: 'people/app', name: 'john.doe' };

describe('whom it hits', () => {
  it('sessions by name and by source identity, in every role, whatever they called', () => {
    const impact = impactOf(planOf({ users: ['john.doe'] }), [
      call(john),
      call(john),
      call({ ...john, at: '2026-11-21T09:30:00Z' }),
      call({ role: 'people/app', name: 'mary.major' }),
      call({ role: 'deploy', name: 'build-17', source: 'john.doe' }),
      call({ role: 'deploy', name: 'build-18', source: 'mary.major' }),
      call({ role: 'people/admin', name: 'john.doe', account: MANAGEMENT }),
    ]);
    expect(hits(impact)).toStrictEqual([
      'arn:aws:iam::111122223333:role/people/app 2/3 john.doe',
      'arn:aws:iam::111122223333:role/deploy 1/1 john.doe',
      `arn:aws:iam::${MANAGEMENT}:role/people/admin 1/1 john.doe management`,
    ]);
    expect([impact.records, impact.people, impact.cannotTell]).toStrictEqual([7, ['john.doe'], 0]);
  });

  it('everybody with an older session of a role', () => {
    const of = (name: string, at: string): Loose => call({ role: 'deploy', account: '444455556666', name, at });
    const impact = impactOf(planOf({ roles: [DEPLOY], before: '2026-11-21T09:00:00Z' }), [
      of('build-1', '2026-11-21T08:59:59Z'),
      of('build-2', '2026-11-21T08:00:00Z'),
      of('build-3', '2026-11-21T09:00:00Z'),
    ]);
    expect(hits(impact)).toStrictEqual([`${DEPLOY} 2/2 build-1+build-2`]);
  });

  it('those who will be hit when a time has come', () => {
    const plan = planOf({ roles: [DEPLOY], before: '2026-11-22T09:00:00Z', scheduled: true });
    expect(impactOf(plan, [call({ role: 'deploy', account: '444455556666', name: 'x' })]).hit).toHaveLength(1);
  });

  it('in the management account only by the policies there', () => {
    const role = `arn:aws:iam::${MANAGEMENT}:role/billing`;
    const plan = planOf({ roles: [role] });
    expect(hits(impactOf(plan, [call({ role: 'billing', account: MANAGEMENT, name: 'x' })]))).toStrictEqual([
      `${role} 1/1 x management`,
    ]);
  });

  it('users of Identity Center cannot be told from records without their id', () => {
    const plan = planOf({ identityCenterUsers: ['906712abcd-1234abcd-12ab-34cd-56ef-1234567890ab'] });
    const reserved = 'aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Admin_0123456789abcdef';
    const impact = impactOf(plan, [call({ role: reserved, name: 'jane' }), call(john)]);
    expect([impact.hit.length, impact.cannotTell]).toStrictEqual([0, 1]);
    const known: Loose = {
      ...session({ role: reserved, name: 'jane' }),
      onBehalfOf: { userId: '906712abcd-1234abcd-12ab-34cd-56ef-1234567890ab' },
    };
    const told = impactOf(plan, [record('s3.amazonaws.com', 'ListBuckets', {}, { userIdentity: known })]);
    expect([told.hit.length, told.cannotTell]).toStrictEqual([1, 0]);
  });
});

describe('what goes on', () => {
  const plan = planOf({ users: ['john.doe'] });
  const first = 'arn:aws:iam::444455556666:role/first';
  const second = 'arn:aws:iam::444455556666:role/second';
  const inFirst: Who = { role: 'first', name: 'x', account: '444455556666', at: '2026-11-21T09:00:00Z' };

  it('chained sessions without source identity, over any number of roles', () => {
    const records = [
      // Out of order, as files of a trail are.
      assume(inFirst, second, 'y'),
      call(inFirst),
      assume(john, first, 'x'),
      assume({ role: 'people/app', name: 'mary.major' }, first, 'z'),
    ];
    const { chained } = impactOf(plan, records);
    expect(chained.map(({ role, sessions }) => [role, [...sessions]])).toStrictEqual([
      [first, ['AROAFIRST:x']],
      [second, ['AROASECOND:y']],
    ]);
    const ended = planOf({ users: ['john.doe'], roles: [first, second] });
    expect(impactOf(ended, records).chained).toStrictEqual([]);
  });

  it('not those that carry the source identity or the name, nor calls that failed', () => {
    const records = [
      assume({ ...john, source: 'john.doe' }, first, 'x'),
      assume(john, first, 'john.doe'),
      assume(john, first, 'x', { errorCode: 'AccessDenied' }),
    ];
    expect(impactOf(plan, records).chained).toStrictEqual([]);
  });

  it('other spellings, break-glass, and keys of a user of that name', () => {
    const impact = impactOf(plan, [
      call({ role: 'people/app', name: 'John.Doe' }),
      call({ role: 'break-glass', name: 'john.doe' }),
      record('s3.amazonaws.com', 'ListBuckets', {}, { userIdentity: { ...USER, userName: 'john.doe' } }),
    ]);
    expect(impact.hit).toStrictEqual([]);
    expect(impact.spellings).toStrictEqual(['John.Doe']);
    expect(impact.spared).toStrictEqual(['arn:aws:iam::111122223333:role/break-glass (john.doe)']);
    expect(impact.users).toStrictEqual([
      { arn: 'arn:aws:iam::111122223333:user/people/bob', id: 'AIDAEXAMPLEEXAMPLE01' },
    ]);
    const said = checkRevocations({ plan, impact, roles: null, managementAccount: MANAGEMENT })
      .map(({ message, help }) => `${message}: ${help}`)
      .join('\n');
    for (const text of [
      'no SCP reaches the management account',
      '--user John.Doe',
      'break-glass roles are never denied',
      '--iam-user-id AIDAEXAMPLEEXAMPLE01',
      'none of 3 records',
    ]) {
      expect(said).toContain(text);
    }
  });

  it('sign-ins are counted by provider, with and without source identity', () => {
    const provider = 'arn:aws:iam::111122223333:saml-provider/idp';
    const signIn = (parameters: Loose, over: Loose = {}): Loose =>
      record(
        'sts.amazonaws.com',
        'AssumeRoleWithSAML',
        { principalArn: provider, roleArn: DEPLOY, ...parameters },
        { userIdentity: { type: 'SAMLUser', principalId: 'x', identityProvider: provider }, ...over },
      );
    const impact = impactOf(plan, [
      signIn({ sourceIdentity: 'john.doe', durationSeconds: 3_600 }),
      signIn({ durationSeconds: 43_200 }),
      signIn({}, { errorCode: 'AccessDenied' }),
    ]);
    expect(impact.signIns).toStrictEqual([{ provider, count: 2, withoutSourceIdentity: 1, longest: 43_200 }]);
  });
});

describe('roles', () => {
  const provider = 'arn:aws:iam::111122223333:saml-provider/idp';
  const role = (name: string, actions: readonly string[], condition: Loose = {}, over: Loose = {}): Loose => ({
    RoleName: name,
    Arn: `arn:aws:iam::${MANAGEMENT}:role/${name}`,
    MaxSessionDuration: 43_200,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: [...actions],
          Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' }, ...condition },
        },
      ],
    },
    ...over,
  });
  const both = ['sts:AssumeRoleWithSAML', 'sts:SetSourceIdentity'];
  const required = { StringLike: { 'sts:SourceIdentity': '?*' } };
  const shown = (...roles: readonly Loose[]): readonly string[] =>
    readRoles({ Roles: [...roles] })!.map(
      ({ arn, canSetIdentity, canOmitIdentity }) =>
        `${arn.replace(/^.*\//, '')} set ${canSetIdentity} omit ${canOmitIdentity}`,
    );

  it('tell whether a source identity can be set, and must be', () => {
    expect(
      shown(role('neither', ['sts:AssumeRoleWithSAML']), role('may', both), role('must', both, required)),
    ).toStrictEqual(['neither set false omit true', 'may set true omit true', 'must set true omit false']);
  });

  it('of services and of other accounts are of no concern; documents may be encoded', () => {
    const service = role(
      'service',
      [],
      {},
      {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    );
    const plain = role('must', both, required);
    const encoded = {
      ...plain,
      AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(plain['AssumeRolePolicyDocument'])),
    };
    expect(shown(service, encoded)).toStrictEqual(['must set true omit false']);
    expect(readRoles({ Users: [] })).toBeUndefined();
    expect(readRoles([])).toBeUndefined();
  });

  it('make checks: gaps of trust policies, and of the management account', () => {
    const plan = planOf({ users: ['john.doe'], expires: '2h' });
    const roles = readRoles({ Roles: [role('may', both), role('none', ['sts:AssumeRoleWithSAML'])] })!;
    const said = checkRevocations({ plan, impact: null, roles, managementAccount: MANAGEMENT });
    expect(said.map(({ severity, message }) => `${severity}: ${message}`)).toStrictEqual([
      `warning: no SCP reaches the management account ${MANAGEMENT}: sessions there go on`,
      'warning: user john.doe: expires at 2026-11-21T12:00:00Z, and a session may last longer',
      `warning: \`arn:aws:iam::${MANAGEMENT}:role/none\`: the trust policy lets no source identity be set, so chained sessions name nobody`,
      `warning: \`arn:aws:iam::${MANAGEMENT}:role/may\`: sessions can be opened without a source identity`,
      'info: without a trail nothing tells whom this hits, nor whether sessions carry a source identity',
    ]);
    expect(said[0]!.help).toContain(`\`arn:aws:iam::${MANAGEMENT}:role/may\``);
    expect(said[1]!.help).toContain('--expires 13h');
  });
});
