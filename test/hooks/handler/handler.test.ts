/** One invocation: settings, addresses, time, faults, and what the log says. */
import fc from 'fast-check';
import { HandlerFault, makeHandler, readAddress, readHandlerSettings } from '../../../hooks/handler/index.js';
import type { BundleSource, HandlerIo, HandlerSettings } from '../../../hooks/handler/index.js';
import { bundleOf, BUCKET, CLUSTER, resourceEvent, stackEvent, templateOf } from '../lambda/support.js';

const S3 = 'https://cloudformation-hooks.s3.eu-west-1.amazonaws.com/key?X-Amz-Signature=abc';
const SETTINGS = readHandlerSettings({ AWS_REGION: 'eu-west-1' });

interface Setup {
  readonly settings?: HandlerSettings | HandlerFault;
  readonly source?: BundleSource;
  readonly fetchPayload?: HandlerIo['fetchPayload'];
  /** Whether the time of an event is over as soon as it waits for something. */
  readonly late?: boolean;
}

const bundle = bundleOf();
const kept: BundleSource = { current: () => Promise.resolve({ bundle, name: 'package', age: 0 }) };
const forever = (): Promise<never> => new Promise(() => undefined);

function run(setup: Setup = {}): {
  readonly handler: ReturnType<typeof makeHandler>;
  readonly log: Readonly<Record<string, unknown>>[];
  readonly waits: number[];
} {
  const log: Readonly<Record<string, unknown>>[] = [];
  const waits: number[] = [];
  const io: HandlerIo = {
    now: () => Date.parse('2026-11-21T08:00:00Z'),
    clock: () => 0,
    after: (milliseconds) => {
      waits.push(milliseconds);
      return {
        done: setup.late === true ? new Promise((done) => setImmediate(done)) : forever(),
        cancel: () => undefined,
      };
    },
    fetchPayload: setup.fetchPayload ?? (() => Promise.reject(new HandlerFault('payload', 'not expected'))),
    log: (entry) => void log.push(entry),
  };
  return { handler: makeHandler(setup.settings ?? SETTINGS, setup.source ?? kept, io), log, waits };
}

const good = resourceEvent(BUCKET, { BucketName: 'orders' });
const bad = resourceEvent(BUCKET, { BucketName: 'sesame-open', NewFeature: { deep: 'sesame-open' } });
const stack = (payload: string): object => {
  const event = stackEvent('STACK');
  return { ...event, requestData: { ...(event['requestData'] as object), payload } };
};

it('decides, and tells rules, places, verdicts and times, but no value', async () => {
  const { handler, log } = run({ settings: { ...SETTINGS, logVerdicts: true } });
  expect(await handler(good, { awsRequestId: 'r-1' })).toMatchObject({ hookStatus: 'SUCCESS' });
  expect(await handler(bad)).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
  expect(log).toMatchObject([
    {
      event: 'decided',
      level: 'info',
      token: 'token-1',
      status: 'SUCCESS',
      errorCode: null,
      requestId: 'r-1',
      cold: true,
    },
    {
      errorCode: 'NonCompliant',
      cold: false,
      requestId: null,
      bundle: 'package',
      found: [
        { ruleId: 'GAT1004', kind: 'finding', place: 'Thing/BucketName', blocks: true },
        { ruleId: 'GAT1002', kind: 'finding', place: 'Thing/NewFeature', blocks: true },
      ],
      verdicts: { SKIP: 2 },
      rules: { CLUSTER_ENCRYPTED: 'SKIP', CLUSTER_RETAINED: 'SKIP' },
    },
  ]);
  expect(JSON.stringify(log)).not.toContain('sesame');
});

it('the log has no value of an event, whatever is in it', async () => {
  const secret = 'open-sesame';
  const { handler, log } = run({ fetchPayload: () => Promise.resolve(`{"template": "${secret}"}`) });
  const value = fc.oneof(fc.constant(secret), fc.constant([secret]), fc.constant({ Ref: secret, 'Fn::X': secret }));
  await fc.assert(
    fc.asyncProperty(value, fc.constantFrom('BucketName', 'Tags', 'Fn::Sub'), async (one, key) => {
      await handler(resourceEvent(BUCKET, { [key]: one }));
      await handler({ ...good, awsAccountId: one });
      await handler({ ...good, requestData: { targetName: one, targetModel: one } });
    }),
    { numRuns: 20 },
  );
  await handler(stack(S3));
  expect(log.length).toBeGreaterThan(60);
  expect(JSON.stringify(log)).not.toContain('sesame');
  expect(log.at(-1)).toMatchObject({ errorCode: 'InternalFailure', cause: 'event', level: 'error' });
});

describe('payloads', () => {
  it('are fetched from their address within the time that there is', async () => {
    const asked: unknown[] = [];
    const { handler } = run({
      fetchPayload: (address, timeout) => {
        asked.push([address, timeout]);
        return Promise.resolve(JSON.stringify({ template: templateOf(BUCKET, { BucketName: 'orders' }) }));
      },
    });
    expect(await handler(stack(S3), { getRemainingTimeInMillis: () => 9_000 })).toMatchObject({
      hookStatus: 'SUCCESS',
    });
    expect(asked).toStrictEqual([
      [
        {
          protocol: 'https:',
          hostname: 'cloudformation-hooks.s3.eu-west-1.amazonaws.com',
          port: '',
          path: '/key?X-Amz-Signature=abc',
        },
        8_000,
      ],
    ]);
  });

  it('from elsewhere are refused without a request', async () => {
    const { handler, log } = run();
    const answer = await handler(stack('https://169.254.169.254/latest?X-Amz-Signature=abc'));
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure', clientRequestToken: 'token-1' });
    expect(answer.message).toContain('at `169.254.169.254`, which is no endpoint of Amazon S3');
    expect(log).toMatchObject([{ cause: 'payload' }]);
    expect(JSON.stringify([answer, log])).not.toContain('abc');
  });

  it('that fail make the hook refuse with the reason', async () => {
    const { handler } = run({
      fetchPayload: () => Promise.reject(new HandlerFault('payload', 'it is gone; try again')),
    });
    expect(await handler(stack(S3))).toMatchObject({
      errorCode: 'InternalFailure',
      message: 'Nothing was decided, so the operation is blocked: it is gone; try again',
    });
  });
});

describe('time', () => {
  const within = (remaining: number): { getRemainingTimeInMillis: () => number } => ({
    getRemainingTimeInMillis: () => remaining,
  });

  it('is 20 seconds, and less when the function ends before', async () => {
    const { handler, waits } = run();
    await handler(good);
    await handler(good, within(900_000));
    await handler(good, within(15_000));
    expect(waits).toStrictEqual([20_000, 20_000, 14_000]);
  });

  it.each([
    ['the bundle', { source: { current: forever } }, good, 'it waited for the policy bundle'],
    ['the payload', { fetchPayload: forever }, stack(S3), 'it waited for the payload of the event'],
  ] as const)('over while it waits for %s: the answer blocks', async (_, setup, event, said) => {
    const { handler, log } = run({ ...setup, late: true });
    const answer = await handler(event, within(15_000));
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure', clientRequestToken: 'token-1' });
    expect(answer.message).toContain(`no answer within 14 s, while ${said}`);
    expect(log).toMatchObject([{ cause: 'time', level: 'error' }]);
  });

  it('that is too short to begin: the answer blocks', async () => {
    const { handler } = run();
    for (const left of [-5, 0, 500, 1_199]) {
      expect((await handler(good, within(left))).message).toContain('set its timeout to 25 seconds');
    }
    expect(await handler(good, within(1_200))).toMatchObject({ hookStatus: 'SUCCESS' });
  });
});

it('a fault of ours blocks, and the log does not quote it', async () => {
  const { handler, log } = run({ source: { current: () => Promise.reject(new TypeError('open-sesame')) } });
  expect(await handler(good)).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' });
  expect(JSON.stringify(log)).not.toContain('sesame');
  expect(JSON.stringify(log)).toContain('TypeError');
});

describe('settings', () => {
  const CASES: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ STACKADE_MAXAGE: '1' }, 'STACKADE_MAXAGE is none'],
    [{ STACKADE_BUNDLE_BUCKET: 'b' }, 'needs STACKADE_MANIFEST_KEY; or'],
    [
      { STACKADE_BUNDLE_BUCKET: 'b', STACKADE_BUNDLE_KEY: 'k', STACKADE_BUNDLE_VERSION: 'v' },
      'STACKADE_BUNDLE_DIGEST together',
    ],
    [{ STACKADE_MANIFEST_KEY: 'm' }, 'STACKADE_MANIFEST_KEY does not go with a bundle in the package'],
    [
      { STACKADE_BUNDLE_BUCKET: 'b', STACKADE_MANIFEST_KEY: 'm', STACKADE_BUNDLE_KEY: 'k' },
      'STACKADE_BUNDLE_KEY does not go with',
    ],
    [
      { STACKADE_BUNDLE_BUCKET: 'b', STACKADE_MANIFEST_KEY: 'm', STACKADE_BUNDLE_FILE: 'f' },
      'STACKADE_BUNDLE_FILE does not go with',
    ],
    [{ STACKADE_BUNDLE_DIGEST: 'abc' }, 'STACKADE_BUNDLE_DIGEST is no SHA-256'],
    [{ STACKADE_MAX_AGE_SECONDS: '1m' }, 'STACKADE_MAX_AGE_SECONDS is no number of seconds'],
    [{ STACKADE_MAX_STALE_SECONDS: '59' }, 'less than STACKADE_MAX_AGE_SECONDS'],
    [{ STACKADE_PAYLOAD_LOOPBACK: 'true' }, 'STACKADE_PAYLOAD_LOOPBACK is neither 1 nor left out'],
  ];

  it.each(CASES)('%j: every event is refused', async (environment, said) => {
    let fault: unknown;
    try {
      readHandlerSettings(environment);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(HandlerFault);
    const { handler, log } = run({ settings: fault as HandlerFault });
    const answer = await handler(good);
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' });
    expect(answer.message).toContain(said);
    expect(log).toMatchObject([{ cause: 'settings' }]);
  });

  it('empty variables are none', () => {
    expect(
      readHandlerSettings({ STACKADE_BUNDLE_BUCKET: '', STACKADE_MAX_AGE_SECONDS: '5', OTHER: 'x' }),
    ).toStrictEqual({
      place: { kind: 'package', file: null, digest: null },
      maxAge: 5_000,
      maxStale: 900_000,
      region: undefined,
      loopback: false,
      logVerdicts: false,
    });
  });
});

describe('addresses', () => {
  it.each([
    'https://s3.amazonaws.com/b/k',
    'https://bkt.s3.amazonaws.com/k',
    'https://s3.eu-west-1.amazonaws.com/b/k?X=1',
    'https://my.bucket-1.s3.us-gov-west-1.amazonaws.com/k',
    'https://bkt.s3.dualstack.eu-central-2.amazonaws.com/k',
    'https://bkt.s3-fips.dualstack.us-east-1.amazonaws.com/k',
    'https://bkt.s3-us-west-2.amazonaws.com/k',
    'https://bkt.s3.cn-north-1.amazonaws.com.cn/k',
    'https://bkt.s3.us-iso-east-1.c2s.ic.gov/k',
    'https://bkt.s3.us-isob-east-1.sc2s.sgov.gov/k',
    'https://bkt.s3.eusc-de-east-1.amazonaws.eu/k',
    'https://BKT.S3.EU-WEST-1.AMAZONAWS.COM/k',
    'https://bkt.s3.eu-west-1.amazonaws.com:443/k',
  ])('%s is fetched', (address) => {
    expect(readAddress(address, false)).toMatchObject({ protocol: 'https:', port: '' });
  });

  it.each([
    'http://s3.amazonaws.com/b/k',
    'https://s3.amazonaws.com.evil.example/k',
    'https://s3.evil.amazonaws.com/k',
    'https://evils3.amazonaws.com/k',
    'https://s3.amazonaws.com@evil.example/k',
    'https://user@s3.amazonaws.com/k',
    'https://evil.example/s3.amazonaws.com',
    'https://evil.example#.s3.amazonaws.com',
    String.raw`https://evil.example\.s3.amazonaws.com/`,
    'https://bkt.s3-object-lambda.eu-west-1.amazonaws.com/k',
    'https://bkt.s3-website.eu-west-1.amazonaws.com/k',
    'https://bkt.s3-website-us-east-1.amazonaws.com/k',
    'https://dynamodb.eu-west-1.amazonaws.com/',
    'https://abc.execute-api.eu-west-1.amazonaws.com/',
    'https://bkt.s3.eu-west-1.amazonaws.com:8443/k',
    'https://bkt.s3.eu-west-1.amazonaws.com./k',
    'https://169.254.169.254/latest/meta-data',
    'https://127.0.0.1/k',
    'http://127.0.0.1:9/k',
    'http://[::1]:9/k',
    'http://localhost/k',
    'file:///etc/passwd',
    'data:text/plain,x',
    '',
    'x',
  ])('%s is refused', (address) => {
    expect(() => readAddress(address, false)).toThrow(HandlerFault);
  });

  it('on loopback are fetched only when the environment says so', () => {
    expect(readAddress('http://127.0.0.1:9/k', true)).toMatchObject({ protocol: 'http:', port: '9' });
    expect(readAddress('http://[::1]:9/k', true)).toMatchObject({ hostname: '[::1]' });
    for (const other of [
      'http://localhost:9/',
      'http://127.0.0.2/',
      'http://0.0.0.0/',
      'http://169.254.169.254/',
      'http://[::ffff:7f00:1]/',
    ]) {
      expect(() => readAddress(other, true)).toThrow(HandlerFault);
    }
  });
});

it('an event of a stack whose payload is one of a cluster is decided as before', async () => {
  const template = templateOf(CLUSTER, { StorageEncrypted: true }, { DeletionPolicy: 'Retain' });
  const { handler } = run({ fetchPayload: () => Promise.resolve(JSON.stringify({ template })) });
  expect(await handler(stack(S3))).toMatchObject({ hookStatus: 'SUCCESS' });
});
