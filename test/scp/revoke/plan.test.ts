/** Requests that are refused, plans over what is in force, room, proofs. */
import { readPolicy } from '../../../iam/index.js';
import type { Policy } from '../../../iam/index.js';
import {
  planRevocations,
  policiesOf,
  proveRevocations,
  readInForce,
  requestRevocations,
  revocationText,
  targetKey,
  timeText,
  wantedRevocations,
} from '../../../scp/revoke/index.js';
import type { Revocation, RevocationPlan, RevocationRequest, RevocationsInForce } from '../../../scp/revoke/index.js';
import { DEPLOY, MANAGEMENT, NOW, planOf } from './plans.js';

const HOUR = 3_600_000;

describe('is refused', () => {
  it.each<[string, Partial<RevocationRequest>, string]>([
    ['everybody', { users: ['*'] }, '`*` is not the name of a session'],
    ['white space', { users: ['john doe'] }, '`john doe` is not the name'],
    ['a pattern', { users: ['john.d?e'] }, 'is not the name'],
    ['a variable', { users: ['${aws:username}'] }, 'is not the name'],
    ['nobody', {}, 'nobody is named'],
    ['no id of Identity Center', { identityCenterUsers: ['john.doe'] }, 'IAM Identity Center'],
    ['no id of an IAM user', { iamUsers: ['AKIAEXAMPLEEXAMPLE01'] }, 'unique id of an IAM user'],
    ['a pattern of roles', { roles: ['arn:aws:iam::444455556666:role/*'] }, 'is not the ARN of a role'],
    ['a role in every account', { roles: ['arn:aws:iam::*:role/deploy'] }, 'is not the ARN of a role'],
    ['a session', { roles: ['arn:aws:sts::444455556666:assumed-role/deploy/x'] }, 'is the ARN of a session'],
    [
      'a service-linked role',
      { roles: ['arn:aws:iam::444455556666:role/aws-service-role/a.amazonaws.com/AWSServiceRoleForA'] },
      'no SCP restrains it',
    ],
    ['a break-glass role', { roles: ['arn:aws:iam::444455556666:role/break-glass'] }, 'which is never denied'],
    ['no break-glass role', { users: ['john.doe'], breakGlass: [] }, 'no role is named'],
    ['everybody as break-glass', { users: ['john.doe'], breakGlass: ['arn:aws:iam::*:role/*'] }, 'almost every'],
    ['an hour ahead', { roles: [DEPLOY], before: '2026-11-21T11:00:00Z' }, 'is in the future'],
    ['just too far ahead', { roles: [DEPLOY], before: '2026-11-21T10:01:01Z' }, 'is in the future'],
    ['a day without its time', { roles: [DEPLOY], before: '2026-11-21' }, 'is no time in UTC'],
    ['a day that does not exist', { roles: [DEPLOY], before: '2026-02-30T10:00:00Z' }, 'is no time in UTC'],
    ['a time for people', { users: ['john.doe'], before: '2026-11-21T10:00:00Z' }, 'no role is named'],
    ['a schedule without a time', { roles: [DEPLOY], scheduled: true }, 'no time to wait for'],
    ['a schedule for the past', { roles: [DEPLOY], scheduled: true, before: '2026-11-21T09:00:00Z' }, 'has come'],
    ['no duration', { users: ['john.doe'], expires: 'soon' }, 'is no such duration'],
    ['for ever', { users: ['john.doe'], expires: '91d' }, 'is no such duration'],
  ])('%s', (_name, request, said) => {
    const { revocations, diagnostics } = requestRevocations({ now: NOW, ...request });
    expect(revocations).toStrictEqual([]);
    expect(diagnostics.map(({ message }) => message).join('\n')).toContain(said);
    expect(diagnostics.every(({ code, help }) => code === 'SCP4001' && help !== undefined)).toBe(true);
  });

  it('not a minute ahead, and not a time that is waited for', () => {
    const times = (request: Partial<RevocationRequest>): readonly string[] =>
      planOf({ roles: [DEPLOY], ...request }).added.map(({ target, expires }) =>
        target.kind === 'role' ? `${timeText(target.before)} ${target.scheduled} ${timeText(expires)}` : '',
      );
    expect(times({})).toStrictEqual(['2026-11-21T10:00:30Z false 2026-11-21T23:00:00Z']);
    expect(times({ before: '2026-11-21T10:01:00Z' })).toStrictEqual([
      '2026-11-21T10:01:00Z false 2026-11-21T23:00:00Z',
    ]);
    expect(times({ before: '2026-11-22T10:00:00Z', scheduled: true })).toStrictEqual([
      '2026-11-22T10:00:00Z true 2026-11-22T23:00:00Z',
    ]);
  });
});

/** What is in force when a plan has been carried out. */
function inForceAfter({ policies }: RevocationPlan): readonly RevocationsInForce[] {
  const { inForce, diagnostics } = readInForce(
    policies.filter(({ change }) => change !== 'delete').map(({ name, content }) => ({ name, content })),
  );
  expect(diagnostics).toStrictEqual([]);
  return inForce;
}

const keys = (revocations: readonly Revocation[]): readonly string[] =>
  revocations.map(({ target }) => targetKey(target)).sort();

describe('over what is in force', () => {
  const first = planOf({ users: ['john.doe'], roles: [DEPLOY] });

  it('the same again changes nothing', () => {
    const again = planOf({ users: ['john.doe'], roles: [DEPLOY] }, { inForce: inForceAfter(first) });
    expect(again.policies.map(({ name, change }) => `${change} ${name}`)).toStrictEqual(['keep stackade-revocations']);
    expect(again.added).toStrictEqual([]);
    expect(again.kept).toHaveLength(2);
  });

  it('people are added to the same statement', () => {
    const more = planOf({ users: ['mary.major'] }, { inForce: inForceAfter(first) });
    expect(more.policies.map(({ change }) => change)).toStrictEqual(['update']);
    expect(policiesOf(more).scps[0]!.statements).toHaveLength(3);
    expect(keys(more.added)).toStrictEqual(['name mary.major']);
  });

  it('the longer revocation of a person and the later time of a role stay', () => {
    const inForce = inForceAfter(first);
    const shorter = planOf({ users: ['john.doe'], expires: '2h' }, { inForce });
    expect(shorter.policies.map(({ change }) => change)).toStrictEqual(['keep']);
    const longer = planOf({ users: ['john.doe'], expires: '3d' }, { inForce });
    expect(longer.added.map(({ expires }) => timeText(expires))).toStrictEqual(['2026-11-24T10:00:00Z']);
    const earlier = planOf({ roles: [DEPLOY], before: '2026-11-20T00:00:00Z' }, { inForce });
    expect(earlier.added).toStrictEqual([]);
  });

  it('what has expired goes, and with the last the policy', () => {
    const inForce = inForceAfter(planOf({ users: ['john.doe'], iamUsers: ['AIDAEXAMPLEEXAMPLE01'] }));
    const at = (hours: number): RevocationPlan =>
      planOf({}, { inForce, added: [], now: NOW + hours * HOUR, breakGlass: ['arn:aws:iam::*:role/break-glass'] });
    const clean = (hours: number): readonly string[] => {
      const { policies, expired, kept } = planRevocations({
        now: NOW + hours * HOUR,
        inForce,
        added: [],
        breakGlass: inForce[0]!.breakGlass,
        slots: 1,
      });
      return [...policies.map(({ change }) => change), `${expired.length} expired`, `${kept.length} kept`];
    };
    expect(() => at(0)).toThrow();
    expect(clean(12)).toStrictEqual(['keep', '0 expired', '2 kept']);
    expect(clean(13)).toStrictEqual(['update', '1 expired', '1 kept']);
    expect(clean(37)).toStrictEqual(['delete', '2 expired', '0 kept']);
  });

  it('a policy with anything else in it is told and not read', () => {
    const { inForce, diagnostics } = readInForce([
      {
        name: 'stackade-revocations',
        content: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}',
      },
      { name: 'stackade-revocations-2', content: '{' },
    ]);
    expect(inForce).toStrictEqual([]);
    expect(diagnostics.map(({ code }) => code)).toStrictEqual(['SCP4002', 'SCP4002']);
  });
});

describe('room', () => {
  const people = (count: number, prefix = 'person'): readonly string[] =>
    Array.from(
      { length: count },
      (_, index) => `${prefix}${String(index).padStart(4, '0')}.of.the.company@example.com`,
    );

  it('documents are filled one after the other, each within its size', () => {
    const plan = planOf({ users: people(300) }, { slots: 4 });
    expect(plan.overflow).toBeNull();
    expect(plan.policies.map(({ name }) => name)).toStrictEqual([
      'stackade-revocations',
      'stackade-revocations-2',
      'stackade-revocations-3',
    ]);
    expect(plan.policies.every(({ content }) => content.length <= 10_240)).toBe(true);
    expect(keys(plan.policies.flatMap(({ document }) => document.revocations))).toStrictEqual(
      people(300).map((name) => `name ${name}`),
    );
    expect(plan.management.managed.every(({ content }) => content.length <= 6_144)).toBe(true);
    const twins = plan.management.managed.flatMap(({ content }) => {
      const { policy } = readPolicy(content, 'identity', 'twin.json');
      return policy!.statements[1]!.conditions[0]!.values;
    });
    expect(twins.sort()).toStrictEqual(people(300));
  });

  it('what is in force stays in its document', () => {
    const inForce = inForceAfter(planOf({ users: people(150) }, { slots: 3 }));
    const more = planOf({ users: people(40, 'another') }, { inForce, slots: 4 });
    for (const [index, { revocations }] of inForce.entries()) {
      expect(keys(more.policies[index]!.document.revocations)).toEqual(expect.arrayContaining([...keys(revocations)]));
    }
  });

  it('hours are put together before anything is refused', () => {
    const hours = Array.from({ length: 30 }, (_, index) => index + 1);
    let inForce: readonly RevocationsInForce[] = [];
    let coarser = false;
    for (const hour of hours) {
      const plan = planOf({ users: people(1, `p${hour}x`), now: NOW + hour * HOUR, expires: '30d' }, { inForce });
      expect(plan.overflow).toBeNull();
      coarser ||= plan.coarser;
      inForce = inForceAfter(plan);
    }
    expect(coarser).toBe(true);
    // Nobody is let in sooner for that.
    expect(inForce.flatMap(({ revocations }) => revocations)).toHaveLength(30);
    for (const [index, hour] of hours.entries()) {
      const [held] = inForce.flatMap(({ revocations }) =>
        revocations.filter(({ target }) => target.kind === 'name' && target.name.startsWith(`p${hour}x`)),
      );
      expect(held!.expires).toBeGreaterThanOrEqual(NOW + (index + 1) * HOUR + 30 * 24 * HOUR);
    }
  });

  it('tells by how much it does not fit, and who expires next', () => {
    const { overflow } = planOf({ users: people(300) }, { slots: 1 });
    expect(overflow!.revocations.length).toBeGreaterThan(100);
    expect(overflow!.characters).toBeGreaterThan(10_240);
    expect(overflow!.next).toHaveLength(3);
  });

  it('longer patterns of spared roles do not make a document too long unseen', () => {
    const inForce = inForceAfter(planOf({ users: people(115) }));
    const breakGlass = people(12, 'arn:aws:iam::111122223333:role/rescue-');
    const plan = planOf({ users: ['john.doe'], breakGlass }, { inForce });
    expect(plan.overflow).not.toBeNull();
    expect(plan.policies.every(({ document }) => revocationText(document).length <= 10_240)).toBe(true);
  });
});

it('roles of the management account get inline policies, since no SCP reaches them', () => {
  const role = `arn:aws:iam::${MANAGEMENT}:role/path/billing`;
  const { inline, managed } = planOf({ roles: [DEPLOY, role] }).management;
  expect(inline.map((each) => each.role)).toStrictEqual([role]);
  expect(managed).toStrictEqual([]);
});

it('what the management account does not need any more is named', () => {
  const role = `arn:aws:iam::${MANAGEMENT}:role/billing`;
  const inForce = inForceAfter(planOf({ users: ['john.doe'], roles: [role] }));
  const clean = (now: number): RevocationPlan =>
    planRevocations({
      now,
      inForce,
      added: [],
      breakGlass: inForce[0]!.breakGlass,
      slots: 1,
      managementAccount: MANAGEMENT,
    });
  expect(clean(NOW).management.gone).toStrictEqual({ managed: [], inline: [] });
  expect(clean(NOW + 14 * HOUR).management.gone).toStrictEqual({ managed: ['stackade-revocations'], inline: [role] });
});

it('the executor attaches every policy to the root', () => {
  const plan = planOf({ users: ['john.doe'] });
  const wanted = wantedRevocations(plan, 'r-ab12');
  expect(wanted.attachments).toStrictEqual([{ targetId: 'r-ab12', type: 'scp', documents: ['stackade-revocations'] }]);
  expect(wanted.documents[0]!.content).toBe(plan.policies[0]!.content);
  expect(wanted.documents[0]!.description).toContain('2026-11-21T23:00:00Z');
});

describe('proofs', () => {
  const plan = planOf({
    users: ['john.doe'],
    roles: [DEPLOY],
    identityCenterUsers: ['906712abcd-1234abcd-12ab-34cd-56ef-1234567890ab'],
    iamUsers: ['AIDAEXAMPLEEXAMPLE01'],
  });
  const [policy] = policiesOf(plan).scps;
  const failed = (change: (policy: Policy) => Policy): readonly string[] =>
    proveRevocations(plan, [change(policy!)])
      .filter(({ proof }) => proof.kind === 'FAILS')
      .map(({ claim }) => claim);
  const statements = (change: (each: Policy['statements'][0]) => Policy['statements'][0]) => (one: Policy) => ({
    ...one,
    statements: one.statements.map(change),
  });

  it('all hold', () => {
    expect(proveRevocations(plan).map(({ proof }) => proof.kind)).toStrictEqual(Array<string>(9).fill('HOLDS'));
  });

  it.each(policy!.statements.map(({ sid }, index) => [sid, index] as const).filter(([sid]) => !sid!.includes('User')))(
    'without %s a claim fails',
    (_sid, index) => {
      expect(failed((one) => ({ ...one, statements: one.statements.filter((_, at) => at !== index) }))).toHaveLength(1);
    },
  );

  it('without the anchor others are hit', () => {
    const loose = statements((each) => ({
      ...each,
      conditions: each.conditions.map((one) =>
        one.operator === 'StringLike' ? { ...one, values: ['*john.doe'] } : one,
      ),
    }));
    expect(failed(loose)).toContain('everybody else is denied nothing');
  });

  it('without the exemption break-glass is hit', () => {
    const hard = statements((each) => ({
      ...each,
      conditions: each.conditions.filter(({ operator }) => operator !== 'ArnNotLike'),
    }));
    expect(failed(hard)).toStrictEqual(['break-glass roles are denied nothing']);
  });

  it('a comparison that takes the second in is noticed', () => {
    const late = statements((each) => ({
      ...each,
      conditions: each.conditions.map((one) =>
        one.operator === 'DateLessThan' ? { ...one, operator: 'DateLessThanEquals' as const } : one,
      ),
    }));
    expect(failed(late)).toStrictEqual([
      'sessions of revoked roles from 2026-11-21T10:00:30Z on are denied nothing for their age',
    ]);
  });

  it('of a time that is waited for', () => {
    const later = planOf({ roles: [DEPLOY], before: '2026-11-22T10:00:00Z', scheduled: true });
    expect(proveRevocations(later).every(({ proof }) => proof.kind === 'HOLDS')).toBe(true);
    const [now] = policiesOf(later).scps;
    const unscheduled = statements((each) => ({
      ...each,
      conditions: each.conditions.filter(({ key }) => key !== 'aws:CurrentTime'),
    }))(now!);
    expect(proveRevocations(later, [unscheduled]).map(({ proof }) => proof.kind)).toContain('FAILS');
  });
});
