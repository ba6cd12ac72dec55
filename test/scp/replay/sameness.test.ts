/** Records that are alike are decided once; the report is the one that comes out when each is decided by itself. */
import fc from 'fast-check';
import { readPolicy } from '../../../iam/index.js';
import type { Policy } from '../../../iam/index.js';
import { Replay } from '../../../scp/replay/index.js';
import type { Guardrails, ReplayOptions } from '../../../scp/replay/index.js';
import { NearIds } from '../../../scp/replay/event-ids.js';
import { Fingerprints } from '../../../scp/replay/fingerprints.js';
import { record, ROLE_SESSION, USER } from '../../iam/cloudtrail/records.js';
import type { Loose } from '../../iam/cloudtrail/records.js';

const policy = (kind: 'scp' | 'rcp', ...statements: readonly object[]): Policy =>
  readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind, 'policy.json').policy!;

const FULL = policy('scp', { Effect: 'Allow', Action: '*', Resource: '*' });
const OPEN = policy('rcp', { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' });
const A = '111122223333';
const B = '444455556666';

const STATEMENTS: readonly object[] = [
  { Action: 'cloudtrail:StopLogging', Resource: '*' },
  { Action: 's3:*', Resource: ['arn:aws:s3:::secret/*', 'arn:aws:s3:::secret'] },
  { Action: 'iam:*', NotResource: 'arn:aws:iam::*:role/free-*' },
  { Action: '*', Resource: '*', Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-central-1' } } },
  { Action: 'ec2:*', Resource: '*', Condition: { Null: { 'aws:RequestTag/team': 'true' } } },
  { Action: '*', Resource: '*', Condition: { StringLike: { 'aws:userid': '*:alice' } } },
  { Action: 's3:*', Resource: '*', Condition: { StringEquals: { 'aws:SourceIdentity': 'alice' } } },
  { Action: 'sts:*', Resource: '*', Condition: { StringEquals: { 'sts:RoleSessionName': 'a' } } },
  { Action: '*', Resource: '*', Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-20T09:00:00Z' } } },
  { Action: '*', Resource: '*', Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-21T10:30:00Z' } } },
  { NotAction: ['s3:*', 'sts:*'], Resource: '*', Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } },
  { Action: 's3:*', Resource: '*', Condition: { StringNotEquals: { 'aws:ResourceAccount': [A] } } },
  { Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } },
  { Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/admin' },
  { Action: '*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  { Action: '*', Resource: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } },
  { Action: '*', Resource: '*', Condition: { StringLike: { 'aws:UserAgent': 'curl*' } } },
  { Action: 's3:*', Resource: 'arn:aws:s3:::${aws:username}/*' },
];

const CALLS: readonly (readonly [source: string, name: string, parameters: readonly Loose[]])[] = [
  ['s3.amazonaws.com', 'PutObject', [{ bucketName: 'open', key: 'a' }, { bucketName: 'secret', key: 'b' }, {}]],
  ['s3.amazonaws.com', 'DeleteObjects', [{ bucketName: 'b', delete: { object: [{ key: 'x' }, { key: 'y' }] } }]],
  [
    'ec2.amazonaws.com',
    'RunInstances',
    [
      { imageId: 'ami-1' },
      { tagSpecificationSet: { items: [{ resourceType: 'instance', tags: [{ key: 'team', value: 'x' }] }] } },
      { iamInstanceProfile: { arn: `arn:aws:iam::${A}:role/admin`, roleArn: `arn:aws:iam::${A}:role/admin` } },
    ],
  ],
  [
    'sts.amazonaws.com',
    'AssumeRole',
    [
      { roleArn: `arn:aws:iam::${A}:role/r`, roleSessionName: 'a' },
      { roleArn: `arn:aws:iam::${B}:role/r`, roleSessionName: 'b', sourceIdentity: 'alice' },
    ],
  ],
  ['iam.amazonaws.com', 'DeleteRole', [{ roleName: 'free-1' }, { roleName: 'r' }]],
  [
    'lambda.amazonaws.com',
    'CreateFunction20150331',
    [
      { functionName: 'f', role: `arn:aws:iam::${A}:role/admin` },
      { functionName: 'f', role: `arn:aws:iam::${A}:role/other` },
    ],
  ],
  ['cloudtrail.amazonaws.com', 'StopLogging', [{ name: 't' }]],
  ['sqs.amazonaws.com', 'ListQueues', [{}]],
  ['nowhere.amazonaws.com', 'DoNothing', [{}]],
];

const session = (name: string, source: string | undefined, account: string, created: string, mfa: string): Loose => ({
  ...ROLE_SESSION,
  principalId: `AROAEXAMPLEEXAMPLE01:${name}`,
  arn: `arn:aws:sts::${account}:assumed-role/Deploy/${name}`,
  accountId: account,
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${account}:role/team/Deploy` },
    attributes: { creationDate: created, mfaAuthenticated: mfa },
    ...(source === undefined ? {} : { sourceIdentity: source }),
  },
});

const caller: fc.Arbitrary<Loose> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('alice', 'bob'),
      fc.constantFrom(undefined, 'alice', 'bob'),
      fc.constantFrom(A, B),
      fc.constantFrom('2026-11-20T08:00:00Z', '2026-11-20T10:00:00Z'),
      fc.constantFrom('true', 'false'),
    )
    .map((parts) => session(...parts)),
  fc.constantFrom<Loose>(USER, { ...USER, invokedBy: 'cloudformation.amazonaws.com' }, { ...USER, userName: 'secret' }),
);

const call: fc.Arbitrary<Loose> = fc
  .record({
    call: fc.nat(CALLS.length - 1),
    parameters: fc.nat(2),
    userIdentity: caller,
    over: fc.record(
      {
        awsRegion: fc.constantFrom('us-east-1'),
        eventTime: fc.constantFrom('2026-11-21T11:00:00Z'),
        sourceIPAddress: fc.constantFrom<string>('198.51.100.7', 'cloudformation.amazonaws.com'),
        userAgent: fc.constant('curl/8'),
        tlsDetails: fc.constant(null),
        requestParameters: fc.constant(null),
        errorCode: fc.constant('AccessDenied'),
        recipientAccountId: fc.constantFrom(B),
        resources: fc.constantFrom<Loose[]>(
          [{ ARN: 'arn:aws:s3:::secret/x', accountId: B }],
          [{ ARN: 'arn:aws:s3:::open/x', accountId: A }],
        ),
        vpcEndpointId: fc.constant('vpce-1'),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ call: index, parameters, userIdentity, over }) => {
    const [source, name, forms] = CALLS[index]!;
    return record(source, name, forms[parameters % forms.length]!, { userIdentity, ...over });
  });

function reportOf(records: readonly Loose[], options: ReplayOptions): unknown {
  const replay = new Replay(options);
  for (const [index, each] of records.entries()) replay.add({ ...each, eventID: `e${index}` });
  const { report } = replay;
  return {
    counts: report.counts,
    requests: report.requests,
    groups: report.groups().map((group) => ({ ...group, missing: [...group.missing].sort() })),
    incomplete: [...report.incomplete],
  };
}

it('the report does not hang on what is remembered', () => {
  fc.assert(
    fc.property(
      fc.array(call, { minLength: 1, maxLength: 12 }),
      fc.uniqueArray(fc.nat(STATEMENTS.length - 1), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      fc.option(fc.nat(STATEMENTS.length - 1), { nil: undefined }),
      (calls, chosen, isRcp, elsewhere) => {
        const denies = (indexes: readonly number[]): readonly object[] =>
          indexes.map((index) => ({ Sid: `S${index}`, Effect: 'Deny', ...STATEMENTS[index] }));
        const scps = [[FULL, policy('scp', ...denies(chosen))]];
        const others = elsewhere === undefined ? [[FULL]] : [[FULL, policy('scp', ...denies([elsewhere]))]];
        const rcp = policy('rcp', { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' });
        const proposed: Guardrails = {
          // The second account comes up later, with policies of its own.
          scps: (account) => (account === B ? others : scps),
          rcps: (account) => (isRcp && account === B ? [[OPEN, rcp]] : [[OPEN]]),
          boundary: null,
        };
        // Each record three times, so that what is remembered is used; and never, since a record with a context is
        // always decided by itself.
        const records = [...calls, ...calls, ...calls];
        const alone = records.map((each) => ({ ...each, eventContext: {} }));
        expect(reportOf(records, { proposed })).toStrictEqual(reportOf(alone, { proposed }));
      },
    ),
    { numRuns: 60, seed: 11 },
  );
});

it('nothing that a policy looks at is taken for the same', () => {
  const own = session('bob', 'bob', A, '2026-11-20T10:00:00Z', 'true');
  const callers: readonly Loose[] = [
    own,
    session('alice', 'bob', A, '2026-11-20T10:00:00Z', 'true'),
    session('bob', 'alice', A, '2026-11-20T10:00:00Z', 'true'),
    session('bob', 'bob', B, '2026-11-20T10:00:00Z', 'true'),
    session('bob', 'bob', A, '2026-11-20T08:00:00Z', 'true'),
    session('bob', 'bob', A, '2026-11-20T10:00:00Z', 'false'),
    { ...own, invokedBy: 'cloudformation.amazonaws.com' },
    USER,
    { ...USER, userName: 'secret' },
  ];
  const overs: readonly Loose[] = [
    { awsRegion: 'us-east-1' },
    { sourceIPAddress: '198.51.100.7' },
    { userAgent: 'curl/8' },
    { tlsDetails: null },
    { requestParameters: null },
    { resources: [{ ARN: 'arn:aws:s3:::secret/x', accountId: B }] },
    { recipientAccountId: B },
    { eventTime: '2026-11-21T11:00:00Z' },
  ];
  for (const statement of STATEMENTS) {
    const levels = [[FULL, policy('scp', { Sid: 'S', Effect: 'Deny', ...statement })]];
    // Nothing is denied to the other account, whose policies come up later.
    const proposed: Guardrails = {
      scps: (account) => (account === B ? [[FULL]] : levels),
      rcps: () => null,
      boundary: null,
    };
    for (const [source, name, forms] of CALLS) {
      const like = (over: Loose, parameters: Loose = forms.at(-1)!): Loose =>
        record(source, name, parameters, { userIdentity: own, ...over });
      const variants = [
        ...forms.map((form) => like({}, form)),
        ...callers.map((userIdentity) => like({ userIdentity })),
        ...overs.map((over) => like(over)),
      ];
      // Each after each: what is remembered of one must not be taken for another.
      const records = [...variants, ...variants, ...[...variants].reverse()];
      const alone = records.map((each) => ({ ...each, eventContext: {} }));
      expect(reportOf(records, { proposed })).toStrictEqual(reportOf(alone, { proposed }));
    }
  }
});

it('what is remembered of one account is not said of another, whose policies come up later', () => {
  const late = [[FULL, policy('scp', { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::secret/*' })]];
  const proposed: Guardrails = {
    scps: (account) => (account === B ? late : [[FULL]]),
    rcps: () => null,
    boundary: null,
  };
  const put = (account: string, bucketName: string): Loose => {
    const userIdentity = session('bob', 'bob', account, '2026-11-20T10:00:00Z', 'true');
    return record('s3.amazonaws.com', 'PutObject', { bucketName, key: 'a' }, { userIdentity });
  };
  const records = [put(A, 'secret'), put(A, 'open'), put(A, 'open'), put(B, 'open'), put(B, 'open'), put(B, 'secret')];
  expect(reportOf(records, { proposed })).toMatchObject({ counts: { newlyDenied: 1, unchanged: 5 } });
});

it('texts are not run together: what one member holds is not taken for the next one', () => {
  const levels = [[FULL, policy('scp', { Sid: 'S', Effect: 'Deny', ...STATEMENTS[3] })]];
  const proposed: Guardrails = { scps: () => levels, rcps: () => null, boundary: null };
  const call = (eventName: string, awsRegion: string): Loose => {
    const userIdentity = session('bob', 'bob', A, '2026-11-20T10:00:00Z', 'true');
    return record('sqs.amazonaws.com', eventName, {}, { userIdentity, awsRegion });
  };
  const records = [
    ...['', '\n', '\t', '\u0000'].flatMap((between) => [
      call('ListQueues', `eu-central-1${between}`),
      call(`ListQueues${between}eu`, '-central-1'),
      call(`ListQueues${between}`, 'eu-central-1'),
    ]),
    ...[{ a: 'x', b: 'y' }, { 'a=sb': 'y' }, { 'a:sb': 'y' }].map((parameters) => ({
      ...call('ListQueues', 'eu-central-1'),
      requestParameters: parameters,
    })),
  ];
  const alone = records.map((each) => ({ ...each, eventContext: {} }));
  expect(reportOf([...records, ...records], { proposed })).toStrictEqual(reportOf([...alone, ...alone], { proposed }));
});

describe('ids that came before', () => {
  it('are those of a set', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 })), (texts) => {
        const known = new Set<string>();
        const prints = new Fingerprints();
        for (const text of texts) {
          expect(prints.add(text)).toBe(!known.has(text));
          known.add(text);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('thousands like each other do not meet, in 16 bytes each at most', () => {
    const prints = new Fingerprints();
    let repeated = 0;
    for (let index = 0; index < 20_000; index++) {
      if (!prints.add(`00000000-0000-4444-8555-${String(index).padStart(12, '0')}`)) repeated++;
    }
    expect([repeated, prints.size]).toStrictEqual([0, 20_000]);
    expect(
      prints
        .entries()
        .flat()
        .reduce((sum, { byteLength }) => sum + byteLength, 0),
    ).toBeLessThan(16 * 20_000);
  });

  it('have 64 bits: of 200,000 ids some would meet with 32', () => {
    const prints = new Fingerprints();
    for (let index = 0; index < 200_000; index++) prints.add(`${index.toString(16)}-${index % 977}`);
    expect(prints.size).toBe(200_000);
  });

  it('of two sets meet', () => {
    const [left, right] = [new Fingerprints(), new Fingerprints()];
    for (let index = 0; index < 1_000; index++) {
      left.add(`l${index}`);
      right.add(`r${index}`);
    }
    expect(left.meets(right)).toBe(false);
    right.add('l77');
    expect(left.meets(right)).toBe(true);
    expect(Fingerprints.of(right.entries()).meets(left)).toBe(true);
  });

  it('are remembered as long as they are near; of those that come again later one in some is noticed', () => {
    const ids = new NearIds(100, 4);
    const all = new Set<string>();
    let missed = 0;
    for (let index = 0; index < 1_000; index++) {
      expect(ids.add(`id ${index}`)).toBe(true);
      all.add(`id ${index}`);
      // The last hundred are there for sure.
      const before = index - Math.min(index, 99);
      expect(ids.add(`id ${before}`)).toBe(false);
    }
    expect(ids.isTooFew).toBe(false);
    for (let index = 0; index < 40 && !ids.isTooFew; index++) if (ids.add(`id ${index}`)) missed++;
    expect([ids.isTooFew, missed > 0 && missed < 40]).toStrictEqual([true, true]);
  });

  it('take no more memory for more of them, but for the sample', () => {
    const near = 2_000;
    const ids = new NearIds(near, 16);
    for (let index = 0; index < 40_000; index++) ids.add(`id ${index}`);
    const { young, old, sample } = ids as unknown as Record<'young' | 'old' | 'sample', Fingerprints>;
    expect(young.size + old.size).toBeLessThanOrEqual(2 * near);
    expect(sample.size).toBeGreaterThan(40_000 / 20);
    expect(sample.size).toBeLessThan(40_000 / 12);
  });
});
