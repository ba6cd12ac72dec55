/** What holds for every event: there is always an answer, and none passes that was not read. */
import fc from 'fast-check';
import { decideHook } from '../../../hooks/lambda/index.js';
import {
  answer,
  asTexts,
  bundleOf,
  BUCKET,
  changeSetPayload,
  CLUSTER,
  resourceEvent,
  stackEvent,
  templateOf,
  TODAY,
} from './support.js';

const bundle = bundleOf();
const RUNS = { numRuns: 150, seed: 6 };

it('any JSON as an event or payload gives an answer that blocks', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.option(fc.json()), (event, payload) => {
      const { answer: given } = decideHook(event, bundle, { payload, today: TODAY });
      expect(given).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' });
    }),
    RUNS,
  );
  for (const target of ['STACK', 'CHANGE_SET'] as const) {
    fc.assert(
      fc.property(fc.jsonValue(), (payload) => {
        expect(answer(stackEvent(target), JSON.stringify(payload), bundle).hookStatus).toBe('FAILED');
      }),
      RUNS,
    );
  }
});

it('an event with any one part replaced gives an answer; what passes is the same resource', () => {
  const event = resourceEvent(BUCKET, { BucketName: 'orders' });
  const data = event['requestData'] as Record<string, unknown>;
  const needed = ['awsAccountId', 'actionInvocationPoint', 'requestData'];
  fc.assert(
    fc.property(fc.constantFrom(...needed), fc.jsonValue(), (key, value) => {
      expect(answer({ ...event, [key]: value }, null, bundle).hookStatus).toBe('FAILED');
    }),
    RUNS,
  );
  fc.assert(
    fc.property(fc.constantFrom('targetName', 'targetModel'), fc.jsonValue(), (key, value) => {
      expect(answer({ ...event, requestData: { ...data, [key]: value } }, null, bundle).hookStatus).toBe('FAILED');
    }),
    RUNS,
  );
});

it('values written as text in a change set decide as typed ones', () => {
  const properties = fc.record(
    {
      StorageEncrypted: fc.boolean(),
      BackupRetentionPeriod: fc.integer({ min: -1, max: 40 }),
      DeletionProtection: fc.boolean(),
      ServerlessV2ScalingConfiguration: fc.record({ MinCapacity: fc.constantFrom(0.5, 1, 2.5) }),
      NewFeature: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const payload = (context: unknown): string =>
    JSON.stringify({
      ...changeSetPayload(CLUSTER, {}),
      // The template is one that passes, so that the context decides.
      template: templateOf(CLUSTER, { StorageEncrypted: true }, { DeletionPolicy: 'Retain' }),
      changedResources: [
        {
          logicalResourceId: 'T',
          resourceType: CLUSTER,
          action: 'CREATE',
          afterContext: JSON.stringify({ Properties: context }),
        },
      ],
    });
  const seen = new Set<string>();
  fc.assert(
    fc.property(properties, (given) => {
      const asText = answer(stackEvent('CHANGE_SET'), payload(asTexts(given)), bundle);
      expect(asText).toStrictEqual(answer(stackEvent('CHANGE_SET'), payload(given), bundle));
      seen.add(asText.hookStatus);
    }),
    { numRuns: 60, seed: 6 },
  );
  expect([...seen].sort()).toStrictEqual(['FAILED', 'SUCCESS']);
});

it('what else an event has, such as what handlers of private types are given, changes nothing and is not told', () => {
  const secret = 'open-sesame';
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constant(secret),
    fc.constant({ accessKeyId: secret, sessionToken: [secret] }),
  );
  const around = fc.dictionary(
    fc.constantFrom(
      'requestContext',
      'hookModel',
      'hookTypeName',
      'hookTypeVersion',
      'bearerToken',
      'region',
      'snapshot',
    ),
    value,
  );
  const inside = fc.dictionary(
    fc.constantFrom(
      'callerCredentials',
      'providerCredentials',
      'hookEncryptionKeyArn',
      'providerLogGroupName',
      'targetType',
    ),
    value,
  );
  const events = [
    resourceEvent(BUCKET, { BucketName: 'orders' }),
    resourceEvent(BUCKET, { BucketName: 'other' }),
    stackEvent('STACK'),
  ];
  const payload = { template: templateOf(CLUSTER, { StorageEncrypted: true }, { DeletionPolicy: 'Retain' }) };
  const plain = events.map((event) => answer(event, payload, bundle));
  expect(plain.map(({ hookStatus }) => hookStatus)).toStrictEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
  fc.assert(
    fc.property(around, inside, fc.nat(2), (more, data, index) => {
      const event = events[index]!;
      const requestData = { ...data, ...(event['requestData'] as object) };
      const given = answer({ ...more, ...event, requestData }, payload, bundle);
      expect(given).toStrictEqual(plain[index]);
      expect(JSON.stringify(given)).not.toContain('sesame');
    }),
    { numRuns: 60, seed: 6 },
  );
});

it('contexts of a change set that are odd: an answer, and none passes that has no properties to look at', () => {
  const context = fc.oneof(
    fc.jsonValue(),
    fc.json(),
    fc.jsonValue().map((Properties) => JSON.stringify({ Properties, properties: Properties })),
    fc.jsonValue().map((Properties) => JSON.stringify([{ Properties }])),
  );
  fc.assert(
    fc.property(context, fc.constantFrom('CREATE', 'UPDATE', 'create', 'Add', 'IMPORT', ''), (afterContext, action) => {
      const changedResources = [{ logicalResourceId: 'T', resourceType: CLUSTER, action, afterContext }];
      const payload = {
        template: templateOf(CLUSTER, { StorageEncrypted: true }, { DeletionPolicy: 'Retain' }),
        changedResources,
      };
      expect(answer(stackEvent('CHANGE_SET'), payload, bundle).hookStatus).toBe('FAILED');
    }),
    { numRuns: 150, seed: 6 },
  );
});

it.each(['create', 'Add', 'IMPORT', 'NONE'])(
  'a change `%s` of a change set is none that is known: it blocks',
  (action) => {
    const good = changeSetPayload(CLUSTER, { StorageEncrypted: true }) as { changedResources: object[] };
    expect(answer(stackEvent('CHANGE_SET'), good, bundle).hookStatus).toBe('SUCCESS');
    const changedResources = good.changedResources.map((change) => ({ ...change, action }));
    const blocked = { hookStatus: 'FAILED', errorCode: 'InternalFailure' };
    expect(answer(stackEvent('CHANGE_SET'), { ...good, changedResources }, bundle)).toMatchObject(blocked);
  },
);
