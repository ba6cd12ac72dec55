/** Replays of records under given guardrails: what changes, what does not, and what a record cannot tell. */
import fc from 'fast-check';
import { readPolicy } from '../../../iam/index.js';
import type { Policy } from '../../../iam/index.js';
import { Replay } from '../../../scp/replay/index.js';
import type { Guardrails, ReplayGroup, ReplayOptions } from '../../../scp/replay/index.js';
import { record, ROLE_SESSION, USER } from '../../iam/cloudtrail/records.js';
import type { Loose } from '../../iam/cloudtrail/records.js';

function policy(kind: 'scp' | 'rcp' | 'boundary', ...statements: readonly object[]): Policy {
  const { policy: read, diagnostics } = readPolicy(
    JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    kind,
    'policy.json',
  );
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toStrictEqual([]);
  return read!;
}

const FULL = policy('scp', { Effect: 'Allow', Action: '*', Resource: '*' });
const deny = (action: string | readonly string[], more: object = {}): object => ({
  Sid: 'No',
  Effect: 'Deny',
  Action: action,
  Resource: '*',
  ...more,
});

/** SCPs for every account. */
function scps(...statements: readonly object[]): Guardrails {
  const levels = [[FULL, ...(statements.length === 0 ? [] : [policy('scp', ...statements)])]];
  return { scps: () => levels, rcps: () => null, boundary: null };
}

function replay(records: readonly Loose[], options: ReplayOptions): Replay {
  const run = new Replay(options);
  for (const one of records) run.add(one);
  return run;
}

/** `verdict count action, keys that are missing`. */
function shown(records: readonly Loose[], options: ReplayOptions): readonly string[] {
  const line = ({ verdict, count, action, missing }: ReplayGroup): string =>
    [`${verdict} ${count} ${action}`, ...missing].join(', ');
  return replay(records, options).report.groups().map(line).toSorted();
}

const EC2 = 'ec2.amazonaws.com';
const TRAIL = 'cloudtrail.amazonaws.com';
const stop = (over: Loose = {}): Loose =>
  record(TRAIL, 'StopLogging', { name: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/t' }, over);
const describe_ = (over: Loose = {}): Loose => record(EC2, 'DescribeInstances', {}, { eventID: 'another', ...over });
const denied = (message: string): Loose => ({ errorCode: 'AccessDenied', errorMessage: message });
const BY_SCP =
  'User: arn:aws:iam::111122223333:user/people/bob is not authorized to perform: cloudtrail:StopLogging with an explicit deny in a service control policy';
const BY_IDENTITY =
  'User: x is not authorized to perform: cloudtrail:StopLogging because no identity-based policy allows the cloudtrail:StopLogging action';

describe('without a baseline the trail tells what was allowed', () => {
  it('a call that went through is newly denied, with the statement', () => {
    const run = replay([stop(), describe_()], { proposed: scps(deny('cloudtrail:StopLogging')) });
    expect(run.report.counts).toStrictEqual({ newlyDenied: 1, newlyAllowed: 0, unchanged: 1, cannotTell: 0 });
    expect(run.report.groups()).toMatchObject([
      {
        verdict: 'newlyDenied',
        action: 'cloudtrail:StopLogging',
        by: [{ policyType: 'scp', level: 0, policyIndex: 1, sid: 'No' }],
      },
    ]);
  });

  it('a call that failed for another reason had been allowed', () => {
    const failed = stop({ errorCode: 'TrailNotFoundException' });
    expect(shown([failed], { proposed: scps(deny('cloudtrail:*')) })).toStrictEqual([
      'newlyDenied 1 cloudtrail:StopLogging',
    ]);
  });

  it('a call that an SCP denied is no longer denied', () => {
    expect(shown([stop(denied(BY_SCP))], { proposed: scps() })).toStrictEqual([
      'newlyAllowed 1 cloudtrail:StopLogging',
    ]);
  });

  it('a call that an identity policy denied stays denied', () => {
    expect(shown([stop(denied(BY_IDENTITY))], { proposed: scps() })).toStrictEqual([]);
  });

  it('a denial that names no policy cannot be told, unless the guardrails deny it', () => {
    const one = stop(denied('Access Denied'));
    expect(shown([one], { proposed: scps() })).toStrictEqual([
      'cannotTell 1 cloudtrail:StopLogging, the kind of policy that denied the call',
    ]);
    expect(shown([one], { proposed: scps(deny('cloudtrail:*')) })).toStrictEqual([]);
  });
});

describe('with a baseline', () => {
  const baseline = scps(deny('cloudtrail:StopLogging'));

  it('both sides are decided', () => {
    const proposed = scps(deny('ec2:*'));
    expect(shown([stop(denied('Access Denied')), describe_()], { baseline, proposed })).toStrictEqual([
      'newlyAllowed 1 cloudtrail:StopLogging',
      'newlyDenied 1 ec2:DescribeInstances',
    ]);
    expect(shown([stop(denied('Access Denied')), describe_()], { baseline, proposed: baseline })).toStrictEqual([]);
  });
});

describe('what a record does not hold', () => {
  it('is named where the answer hangs on it', () => {
    const tagged = deny('cloudtrail:StopLogging', {
      Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'audit' } },
    });
    expect(shown([stop()], { proposed: scps(tagged) })).toStrictEqual([
      'cannotTell 1 cloudtrail:StopLogging, aws:PrincipalTag/team',
    ]);
  });

  it('does not matter where another statement denies', () => {
    const tagged = deny('cloudtrail:StopLogging', {
      Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'audit' } },
    });
    expect(shown([stop()], { proposed: scps(tagged, deny('cloudtrail:*')) })).toStrictEqual([
      'newlyDenied 1 cloudtrail:StopLogging',
    ]);
  });

  it('is the resource, where a statement speaks of some only', () => {
    const put = record('s3.amazonaws.com', 'PutObject', { bucketName: 'b' });
    const on = (resource: string): Guardrails => scps({ ...deny('s3:PutObject'), Resource: resource });
    expect(shown([put], { proposed: on('arn:aws:s3:::b/secret/*') })).toStrictEqual([
      'cannotTell 1 s3:PutObject, resource',
    ]);
    expect(shown([put], { proposed: on('*') })).toStrictEqual(['newlyDenied 1 s3:PutObject']);
    expect(shown([put], { proposed: scps(deny('sqs:*')) })).toStrictEqual([]);
  });
});

describe('whom guardrails reach', () => {
  it('SCPs hang on the account of the caller, RCPs on that of the resource', () => {
    const invoke = record('lambda.amazonaws.com', 'Invoke', {
      functionName: 'arn:aws:lambda:eu-central-1:444455556666:function:g',
    });
    const full = [[FULL]];
    const no = [[FULL, policy('scp', deny('lambda:*'))]];
    const open = [[policy('rcp', { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' })]];
    const closed = [[...open[0]!, policy('rcp', { ...deny('lambda:*'), Principal: '*' })]];
    const by = (scp: string, rcp: string): Guardrails => ({
      scps: (account) => (account === scp ? no : full),
      rcps: (account) => (account === rcp ? closed : open),
      boundary: null,
    });
    const denials = (guardrails: Guardrails): number =>
      replay([invoke], { proposed: guardrails }).report.counts.newlyDenied;
    expect(denials(by('111122223333', ''))).toBe(1);
    expect(denials(by('444455556666', ''))).toBe(0);
    expect(denials(by('', '444455556666'))).toBe(1);
    expect(denials(by('', '111122223333'))).toBe(0);
  });

  it('not the service-linked roles', () => {
    const linked: Loose = structuredClone(ROLE_SESSION);
    const issuer = (linked['sessionContext'] as Loose)['sessionIssuer'] as Loose;
    issuer['arn'] = 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig';
    linked['arn'] = 'arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForConfig/x';
    expect(shown([stop({ userIdentity: linked })], { proposed: scps(deny('*')) })).toStrictEqual([]);
    expect(shown([stop({ userIdentity: ROLE_SESSION })], { proposed: scps(deny('*')) })).toHaveLength(1);
  });

  it('boundaries', () => {
    const boundary = [policy('boundary', { Effect: 'Allow', Action: 'ec2:*', Resource: '*' })];
    const proposed: Guardrails = { scps: () => null, rcps: () => null, boundary };
    expect(shown([stop(), describe_()], { proposed })).toStrictEqual(['newlyDenied 1 cloudtrail:StopLogging']);
  });

  it('RCPs only where they act', () => {
    const rcps = [
      [
        policy(
          'rcp',
          { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
          { ...deny('cloudtrail:*'), Principal: '*' },
        ),
      ],
    ];
    const proposed: Guardrails = { scps: () => null, rcps: () => rcps, boundary: null };
    expect(shown([stop()], { proposed })).toHaveLength(1);
    expect(shown([stop()], { proposed, rcpApplies: () => false })).toStrictEqual([]);
  });
});

it('counts a record once, and those that hold nothing to decide', () => {
  const twice = stop({ eventID: 'same' });
  const { report } = replay(
    [
      twice,
      twice,
      stop({ eventVersion: '2.0', eventID: 'other' }),
      record('signin.amazonaws.com', 'ConsoleLogin', null, { eventType: 'AwsConsoleSignIn', eventID: 'third' }),
    ],
    {
      proposed: scps(deny('cloudtrail:*')),
    },
  );
  expect([report.records, report.duplicates, report.noDecision, report.counts.newlyDenied]).toStrictEqual([3, 1, 1, 1]);
  expect([...report.incomplete]).toStrictEqual([
    ['records of version 2.0 are not known', { count: 1, events: ['other'] }],
  ]);
});

it('finds exactly the planted denials in a generated trail', () => {
  const CALLS = [
    [EC2, 'DescribeInstances', 'ec2:DescribeInstances'],
    [TRAIL, 'StopLogging', 'cloudtrail:StopLogging'],
    ['sqs.amazonaws.com', 'ListQueues', 'sqs:ListQueues'],
    ['iam.amazonaws.com', 'ListUsers', 'iam:ListUsers'],
  ] as const;
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          call: fc.nat(CALLS.length - 1),
          isUser: fc.boolean(),
          region: fc.constantFrom('eu-central-1', 'us-east-1'),
        }),
        { minLength: 1, maxLength: 30 },
      ),
      fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 3 }),
      fc.constantFrom(undefined, 'us-east-1'),
      (calls, planted, region) => {
        const records = calls.map(({ call, isUser, region: awsRegion }, index) =>
          record(
            CALLS[call]![0],
            CALLS[call]![1],
            {},
            { eventID: `e${index}`, awsRegion, userIdentity: isUser ? USER : ROLE_SESSION },
          ),
        );
        const condition =
          region === undefined ? {} : { Condition: { StringEquals: { 'aws:RequestedRegion': region } } };
        const proposed = scps(
          deny(
            planted.map((index) => CALLS[index]![2]),
            condition,
          ),
        );
        const { report } = replay(records, { proposed });
        const expected = calls.filter(
          ({ call, region: of }) => planted.includes(call) && (region === undefined || of === region),
        ).length;
        expect(report.counts).toStrictEqual({
          newlyDenied: expected,
          newlyAllowed: 0,
          cannotTell: 0,
          unchanged: calls.length - expected,
        });
      },
    ),
    { numRuns: 200 },
  );
});
