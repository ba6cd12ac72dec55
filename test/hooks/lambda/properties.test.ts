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
