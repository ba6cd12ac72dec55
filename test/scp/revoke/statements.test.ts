/** The documents of revocations deny exactly those who are revoked, as the reference decides, and are read back. */
import fc from 'fast-check';
import { printPolicy, readPolicy, referenceEvaluate } from '../../../iam/index.js';
import type { Policy, Request, Statement } from '../../../iam/index.js';
import { buildPolicy } from '../../../scp/index.js';
import { readRevocations, revocationPolicy, roleSessionsPolicy, timeText } from '../../../scp/revoke/index.js';
import type { Revocation, RevocationDocument } from '../../../scp/revoke/index.js';
import { templateOf } from '../library.js';
import { DEPLOY, NOW, planOf } from './plans.js';

const HOUR = 3_600_000;
const BREAK_GLASS = ['arn:aws:iam::*:role/break-glass'];
const ALL = { negated: false, patterns: ['*'] };
const FULL: Policy = {
  version: '2012-10-17',
  statements: [{ effect: 'Allow', action: ALL, resource: ALL, conditions: [] }],
};

function decide(request: Request, scps: readonly Policy[] | null, identity: readonly Policy[] = [FULL]): string {
  return referenceEvaluate(request, {
    identity,
    boundary: null,
    session: null,
    scps: scps === null ? null : [[FULL, ...scps]],
    rcps: null,
    resource: null,
    vpcEndpoint: null,
  }).decision;
}

interface Caller {
  readonly account: string;
  readonly role: string;
  readonly name: string;
  readonly source?: string;
  readonly issued: number;
}

function requestOf({ account, role, name, source, issued }: Caller, action = 's3:ListAllMyBuckets'): Request {
  return {
    principal: `arn:aws:sts::${account}:assumed-role/${role.replace(/^.*\//, '')}/${name}`,
    sessionIssuer: `arn:aws:iam::${account}:role/${role}`,
    action,
    resource: '*',
    context: {
      'aws:userid': `AROAEXAMPLE:${name}`,
      'aws:TokenIssueTime': timeText(issued),
      'aws:CurrentTime': timeText(NOW),
      ...(source === undefined ? {} : { 'aws:SourceIdentity': source }),
    },
  };
}

const PEOPLE = ['john.doe', 'notjohn.doe', 'John.Doe', 'john.do', 'mary.major', 'a@example.com', 'deploy-17'];
const ROLES = ['deploy', 'team/deploy', 'app', 'break-glass', 'aws-service-role/x.amazonaws.com/AWSServiceRoleForX'];
const ACCOUNTS = ['444455556666', '111122223333'];
const TIMES = [NOW - HOUR, NOW - 1_000, NOW, NOW + 1_000];

const person = fc.constantFrom(...PEOPLE);
const caller: fc.Arbitrary<Caller> = fc.record(
  {
    account: fc.constantFrom(...ACCOUNTS),
    role: fc.constantFrom(...ROLES),
    name: person,
    source: person,
    issued: fc.constantFrom(...TIMES),
  },
  { requiredKeys: ['account', 'role', 'name', 'issued'] },
);
const expires = fc.constantFrom(NOW + HOUR, NOW + 13 * HOUR, NOW - HOUR);
const revocation: fc.Arbitrary<Revocation> = fc.oneof(
  fc.record({ target: person.map((name) => ({ kind: 'name' as const, name })), expires }),
  fc.record({
    target: fc.record({
      kind: fc.constant('role' as const),
      arn: fc
        .tuple(fc.constantFrom(...ACCOUNTS), fc.constantFrom('deploy', 'team/deploy', 'app'))
        .map(([account, role]) => `arn:aws:iam::${account}:role/${role}`),
      before: fc.constantFrom(...TIMES),
      scheduled: fc.boolean(),
    }),
    expires,
  }),
  fc.record({ target: fc.constant({ kind: 'iamUser' as const, id: 'AIDAEXAMPLEEXAMPLE01' }), expires }),
);

/** What the words of a revocation say, without any policy. */
function isRevoked({ account, role, name, source, issued }: Caller, revocations: readonly Revocation[]): boolean {
  if (role === 'break-glass' || role.startsWith('aws-service-role/')) return false;
  return revocations.some(({ target }) => {
    if (target.kind === 'name') return target.name === name || target.name === source;
    if (target.kind !== 'role' || target.arn !== `arn:aws:iam::${account}:role/${role}`) return false;
    return issued < target.before && (!target.scheduled || NOW >= target.before);
  });
}

it('denies exactly the revoked sessions, whatever they do', () => {
  let denied = 0;
  fc.assert(
    fc.property(
      fc.array(revocation, { minLength: 1, maxLength: 6 }),
      fc.array(caller, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('s3:ListAllMyBuckets', 'sts:AssumeRole', 'iam:CreateRole', 'organizations:DetachPolicy', 'x:Y'),
      (revocations, callers, action) => {
        const policy = revocationPolicy({ revocations, breakGlass: BREAK_GLASS });
        for (const one of callers) {
          const expected = isRevoked(one, revocations);
          if (expected) denied++;
          // Without a deny the other policies decide, which let nobody assume a role.
          const isDenied = decide(requestOf(one, action), [policy]) === 'EXPLICIT_DENY';
          expect([one, isDenied]).toStrictEqual([one, expected]);
        }
      },
    ),
    { numRuns: 150, seed: 5 },
  );
  expect(denied).toBeGreaterThan(50);
});

it('takes out what has expired without a change for others', () => {
  fc.assert(
    fc.property(fc.array(revocation, { maxLength: 6 }), fc.array(caller, { maxLength: 6 }), (revocations, callers) => {
      const left = revocations.filter((each) => each.expires > NOW);
      const [before, after] = [revocations, left].map((each) =>
        revocationPolicy({ revocations: each, breakGlass: BREAK_GLASS }),
      );
      const gone = revocations.filter((each) => each.expires <= NOW);
      for (const one of callers.filter((each) => !isRevoked(each, gone))) {
        expect(decide(requestOf(one), [after!])).toBe(decide(requestOf(one), [before!]));
      }
    }),
    { numRuns: 50, seed: 5 },
  );
});

it('is read back as it was written', () => {
  fc.assert(
    fc.property(fc.array(revocation, { minLength: 1, maxLength: 8 }), (revocations) => {
      const text = printPolicy(revocationPolicy({ revocations, breakGlass: BREAK_GLASS }));
      const read = readRevocations(readPolicy(text, 'scp', 'policy.json').policy!) as RevocationDocument;
      const sorted = (list: readonly Revocation[]): readonly string[] =>
        [...new Set(list.map((each) => JSON.stringify(each)))].sort();
      expect(sorted(read.revocations)).toStrictEqual(sorted(revocations));
    }),
    { numRuns: 50, seed: 5 },
  );
});

describe('the test vectors of a revocation', () => {
  const [document] = planOf({ users: ['john.doe'], roles: [DEPLOY], before: '2026-11-21T10:00:00Z' }).policies;
  const scp = revocationPolicy(document!.document);
  const session = (over: Partial<Caller>): Request =>
    requestOf({ account: '111122223333', role: 'app', name: 'john.doe', issued: NOW - HOUR, ...over });
  const chained = { account: '444455556666', role: 'deploy', name: 'deploy-17' };

  it.each([
    ['the person in any role', session({}), 'EXPLICIT_DENY'],
    ['a colleague in the same role', session({ name: 'mary.major' }), 'ALLOW'],
    ['a longer name that ends alike', session({ name: 'notjohn.doe' }), 'ALLOW'],
    ['a chained role with the source identity', session({ name: 'deploy-17', source: 'john.doe' }), 'EXPLICIT_DENY'],
    ['a chained role without, from before', session({ ...chained, issued: NOW - 1_000 }), 'EXPLICIT_DENY'],
    ['the same from that very second', session({ ...chained, issued: NOW }), 'ALLOW'],
    ['the role of that name elsewhere', session({ role: 'deploy', name: 'deploy-17' }), 'ALLOW'],
    ['break-glass, whoever it is', session({ role: 'break-glass', source: 'john.doe' }), 'ALLOW'],
    [
      'an IAM user with a key',
      {
        principal: 'arn:aws:iam::111122223333:user/john.doe',
        action: 's3:ListAllMyBuckets',
        resource: '*',
        context: { 'aws:userid': 'AIDAEXAMPLEEXAMPLE01' },
      },
      'ALLOW',
    ],
  ])('%s', (_name, request, expected) => {
    expect(decide(request, [scp])).toBe(expected);
  });

  it.each(['app', 'break-glass'])('a user of Identity Center in the role %s', (role) => {
    const id = '906789abcd-12345678-90ab-cdef-1234-567890abcdef';
    const plan = planOf({ users: [], identityCenterUsers: [id] });
    const known = plan.policies.map((each) => revocationPolicy(each.document));
    const request = session({ role, name: 'tool' });
    const of = (user: string): Request => ({
      ...request,
      context: { ...request.context, 'identitystore:UserId': user },
    });
    expect([decide(of(id), known), decide(of(`${id}0`), known), decide(request, known)]).toStrictEqual([
      role === 'app' ? 'EXPLICIT_DENY' : 'ALLOW',
      'ALLOW',
      'ALLOW',
    ]);
  });

  it('in the management account only its own policies deny', () => {
    const { managed } = planOf({ users: ['john.doe'] }).management;
    const twin = readPolicy(managed[0]!.content, 'identity', 'twin.json').policy!;
    expect(decide(session({ account: '999999999999' }), null)).toBe('ALLOW');
    expect(decide(session({ account: '999999999999' }), null, [FULL, twin])).toBe('EXPLICIT_DENY');
    expect(decide(session({ account: '999999999999', name: 'mary.major' }), null, [FULL, twin])).toBe('ALLOW');
  });

  it('on one role of the management account, older sessions only', () => {
    const policy = roleSessionsPolicy({ before: NOW, scheduled: false });
    expect(decide(session({ issued: NOW - 1_000 }), null, [FULL, policy])).toBe('EXPLICIT_DENY');
    expect(decide(session({ issued: NOW }), null, [FULL, policy])).toBe('ALLOW');
  });
});

it('writes the statements of the proven templates', () => {
  const statements = (policies: readonly Policy[]): readonly string[] =>
    policies.flatMap((policy) =>
      policy.statements.map((each) => printPolicy({ statements: [{ ...each, sid: 'S' }] }, 0)),
    );
  const ids = ['906712abcd-1234abcd-12ab-34cd-56ef-1234567890ab'];
  const built = (name: string, parameters: Record<string, string | readonly string[]>): readonly string[] =>
    statements(buildPolicy(templateOf(name), parameters, { now: NOW }).built!.policies);
  const own = (revocations: readonly Revocation[]): readonly string[] =>
    statements([revocationPolicy({ revocations, breakGlass: BREAK_GLASS })]);
  const users = ['john.doe', 'mary.major'];
  expect(own(users.map((name) => ({ target: { kind: 'name', name }, expires: NOW })))).toStrictEqual(
    built('revoke-by-name', { users }),
  );
  expect(own([{ target: { kind: 'role', arn: DEPLOY, before: NOW, scheduled: false }, expires: NOW }])).toStrictEqual(
    built('revoke-by-token-time', { roles: [DEPLOY], before: timeText(NOW) }),
  );
  // The template spares nobody, since it is prepared in advance; a revocation always spares break-glass.
  const [user] = own([{ target: { kind: 'identityCenterUser', id: ids[0]! }, expires: NOW }]);
  const spared = `,"ArnNotLike":{"aws:PrincipalArn":"${BREAK_GLASS[0]!}"}`;
  expect([user!.replace(spared, '')]).toStrictEqual(built('revoke-identity-center-users', { userIds: ids }));
});

describe('a policy that is not one of revocations', () => {
  const { document } = planOf({ users: ['john.doe'], roles: [DEPLOY] }).policies[0]!;
  const policy = revocationPolicy(document);
  const [names, sources, roles] = [...policy.statements] as [Statement, Statement, Statement];

  it.each([
    ['another statement', [...policy.statements, { ...names, sid: 'Own' }]],
    ['a statement without Sid', [{ ...names, sid: undefined }]],
    ['an allow', [names, sources, { ...roles, effect: 'Allow' as const }]],
    ['a narrower action', [names, sources, { ...roles, action: { negated: false, patterns: ['s3:*'] } }]],
    ['a statement that is missing', [names, roles]],
    [
      'a source that no name is there for',
      [
        names,
        { ...sources, conditions: [{ ...sources.conditions[0]!, values: ['eve'] }, sources.conditions[1]!] },
        roles,
      ],
    ],
    ['another condition', [names, sources, { ...roles, conditions: [...roles.conditions, names.conditions[1]!] }]],
    ['a time that does not exist', [{ ...names, sid: 'RevokeNamesUntil20261399T10Z' }, sources, roles]],
  ])('%s', (_name, statements) => {
    const read = readRevocations({ version: '2012-10-17', statements: statements as Policy['statements'] });
    expect(read).toHaveProperty('fault');
    expect(readRevocations(policy)).toHaveProperty('revocations');
  });
});
