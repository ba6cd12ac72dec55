/** What conforms passes and what diverges is refused, on every target; what cannot be decided is refused with its reason. */
import { decideHook } from '../../../hooks/lambda/index.js';
import type { HookAnswer } from '../../../hooks/lambda/index.js';
import { fixedSet, Gate } from '../../../hooks/gate/index.js';
import { gateOf, overlay } from '../gate/support.js';
import {
  ACCOUNT,
  answer,
  BUCKET,
  bundleOf,
  changeSetPayload,
  cloudControlEvent,
  CLUSTER,
  resourceEvent,
  stackEvent,
  templateOf,
  TODAY,
  topics,
} from './support.js';

const GOOD = `arn:aws:sns:eu-west-1:${ACCOUNT}:orders`;
const bucket = (topic: string, more: object = {}, inside: object = {}): object => ({
  BucketName: 'orders',
  NotificationConfiguration: { TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Topic: topic, ...inside }] },
  ...more,
});

const CASES: readonly (readonly [name: string, type: string, properties: object, refused: string | null])[] = [
  ['a topic of the account', BUCKET, bucket(GOOD), null],
  ['a topic of another account', BUCKET, bucket('arn:aws:sns:eu-west-1:444455556666:orders'), 'GAT1004'],
  ['a new feature', BUCKET, bucket(GOOD, { NewFeature: { 'property-1': true } }), 'GAT1002'],
  ['a key nobody knows inside of a list', BUCKET, bucket(GOOD, {}, { Unknown: 1 }), 'GAT1002'],
  ['a type without a schema', 'AWS::SQS::Queue', {}, 'GAT1001'],
  ['an account id that goes on', BUCKET, bucket(`arn:aws:sns:eu-west-1:${ACCOUNT}.evil:x`), 'GAT1004'],
  ['an encrypted cluster', CLUSTER, { StorageEncrypted: true, BackupRetentionPeriod: 7 }, null],
  ['a cluster without encryption', CLUSTER, { StorageEncrypted: false }, 'CLUSTER_ENCRYPTED'],
];

describe.each(CASES)('%s', (_name, type, properties, refused) => {
  const expectThat = ({ hookStatus, errorCode, message, clientRequestToken }: HookAnswer): void => {
    expect([hookStatus, errorCode]).toStrictEqual(
      refused === null ? ['SUCCESS', undefined] : ['FAILED', 'NonCompliant'],
    );
    expect(message.split('\n')[0]).toContain(refused ?? 'passes');
    expect(clientRequestToken).toBe('token-1');
  };

  it.each(['CREATE', 'UPDATE'])('%s as a resource, a stack and through Cloud Control', (action) => {
    expectThat(answer(resourceEvent(type, properties, { action })));
    expectThat(answer(cloudControlEvent(type, properties, action)));
    expectThat(answer(stackEvent('STACK', action), { template: templateOf(type, properties, KEEP) }));
  });

  it.each(['CREATE', 'UPDATE'])('%s in a change set', (action) => {
    expectThat(answer(stackEvent('CHANGE_SET'), changeSetPayload(type, properties, action)));
  });
});

const KEEP = { DeletionPolicy: 'Retain' };

describe('updates and deletions', () => {
  const feature = bucket(GOOD, { NewFeature: true });

  it('an update that takes out what is not approved passes, one that leaves it in does not', () => {
    const update = (properties: object): string =>
      answer(resourceEvent(BUCKET, properties, { action: 'UPDATE', previous: feature })).hookStatus;
    expect([update(bucket(GOOD)), update(feature)]).toStrictEqual(['SUCCESS', 'FAILED']);
    const tolerant = bundleOf({ gate: gateOf([BUCKET], topics, overlay({}, { legacy: 'warn' })) });
    const event = resourceEvent(BUCKET, feature, { action: 'UPDATE', previous: feature });
    const { hookStatus, annotations } = answer(event, null, tolerant);
    expect([hookStatus, annotations?.[0]?.status]).toStrictEqual(['SUCCESS', 'SKIPPED']);
  });

  it('a deletion passes on every target unless the gate refuses it', () => {
    const kept = bundleOf({ gate: gateOf([BUCKET], overlay({ [BUCKET]: { delete: 'refuse' } })) });
    const changed = {
      ...changeSetPayload(CLUSTER, {}, 'DELETE'),
      template: templateOf(CLUSTER, { StorageEncrypted: true }, KEEP),
    };
    for (const type of [BUCKET, 'AWS::SQS::Queue']) {
      expect(answer(resourceEvent(type, {}, { action: 'DELETE' })).hookStatus).toBe('SUCCESS');
    }
    expect(answer(stackEvent('STACK', 'DELETE'), { template: '', previousTemplate: '' }).hookStatus).toBe('SUCCESS');
    expect(answer(stackEvent('CHANGE_SET'), changed).hookStatus).toBe('SUCCESS');
    expect(answer(resourceEvent(BUCKET, {}, { action: 'DELETE' }), null, kept).message).toContain(
      'must not be deleted',
    );
    expect(answer(cloudControlEvent(BUCKET, {}, 'DELETE'), null, kept).hookStatus).toBe('FAILED');
  });
});

describe('what cannot be decided', () => {
  const good = resourceEvent(BUCKET, bucket(GOOD));
  const data = good['requestData'] as object;
  const CASES: readonly (readonly [name: string, event: unknown, payload: unknown, reason: string])[] = [
    ['no event', null, null, 'the event is no map'],
    ['no account', { ...good, awsAccountId: undefined }, null, 'awsAccountId'],
    ['another account in the stack', { ...good, awsAccountId: '444455556666' }, null, 'another account'],
    ['another Region', { ...good, stackId: (good['stackId'] as string).replace('west', 'north') }, null, 'eu-north-1'],
    ['an unknown point', { ...good, actionInvocationPoint: 'IMPORT_PRE_PROVISION' }, null, 'actionInvocationPoint'],
    ['an unknown target', { ...good, requestData: { ...data, targetName: 'NESTED' } }, null, 'no target'],
    ['no model', { ...good, requestData: { ...data, targetModel: undefined } }, null, 'targetModel'],
    ['a key twice', { ...good, AWSACCOUNTID: ACCOUNT }, null, 'several times'],
    ['no payload', stackEvent('STACK'), null, 'not fetched'],
    ['a payload that is not JSON', stackEvent('STACK'), '<Error/>', 'not JSON'],
    ['an empty template', stackEvent('STACK'), { template: '' }, 'template'],
    ['a text that is no template', stackEvent('STACK'), { template: 'a: b' }, 'Resources'],
    ['a template that cannot be read', stackEvent('STACK'), { template: '{' }, 'cannot be read'],
    ['no changes', stackEvent('CHANGE_SET'), { template: templateOf(BUCKET, {}) }, 'changedResources'],
    [
      'a change without a context',
      stackEvent('CHANGE_SET'),
      {
        template: templateOf(BUCKET, {}),
        changedResources: [{ action: 'CREATE', resourceType: BUCKET, logicalResourceId: 'A' }],
      },
      'afterContext',
    ],
    [
      'parameters of rules in the template',
      stackEvent('STACK'),
      { template: `{"StackadeParameters":{},${templateOf(BUCKET, {}).slice(1)}` },
      'StackadeParameters',
    ],
  ];

  it.each(CASES)('%s', (_name, event, payload, reason) => {
    const { hookStatus, errorCode, message } = answer(event, payload);
    expect([hookStatus, errorCode]).toStrictEqual(['FAILED', 'InternalFailure']);
    expect(message).toContain(reason);
  });

  it('a schema that cannot be used, on every target', () => {
    const set = { types: [BUCKET], load: () => ({ problem: 'it is gone' }) };
    const broken = bundleOf({ gate: new Gate(set, []) });
    for (const [event, payload] of [
      [good, null],
      [stackEvent('STACK'), { template: templateOf(BUCKET, {}) }],
      [stackEvent('CHANGE_SET'), changeSetPayload(BUCKET, {})],
    ] as const) {
      const { errorCode, message } = answer(event, payload, broken);
      expect([errorCode, message.includes('it is gone')]).toStrictEqual(['InternalFailure', true]);
    }
    expect(answer(good, null, bundleOf({ gate: new Gate(fixedSet([]), []) })).errorCode).toBe('NonCompliant');
  });

  it('a fault of ours', () => {
    const rules = { files: [], rules: [], code: null } as never;
    const { hookStatus, errorCode } = answer(resourceEvent(BUCKET, bucket(GOOD)), null, bundleOf({ rules }));
    expect([hookStatus, errorCode]).toStrictEqual(['FAILED', 'InternalFailure']);
  });

  it('a placeholder that nothing fills blocks with its name, also where what is not evaluated only warns', () => {
    const open = bundleOf({ accounts: new Map(), notEvaluated: 'warn' });
    const other = bucket(GOOD, { BucketName: 'else' });
    for (const [event, payload] of [
      [resourceEvent(BUCKET, other), null],
      [stackEvent('STACK'), { template: templateOf(BUCKET, other) }],
      [stackEvent('CHANGE_SET'), changeSetPayload(BUCKET, other)],
    ] as const) {
      const { hookStatus, message } = answer(event, payload, open);
      expect([hookStatus, message.includes('<orgId>')]).toStrictEqual(['FAILED', true]);
    }
  });
});

describe('values that nobody knows', () => {
  const template = (encrypted: object): string =>
    JSON.stringify({
      Parameters: { E: { Type: 'String', Default: 'true' } },
      Resources: { C: { Type: CLUSTER, DeletionPolicy: 'Retain', Properties: { StorageEncrypted: encrypted } } },
    });

  it('block, since the Default of a parameter is not what the stack has; or warn where that was chosen', () => {
    const payload = { template: template({ Ref: 'E' }) };
    const { errorCode, message } = answer(stackEvent('STACK'), payload);
    expect([errorCode, message.includes('NOT EVALUATED')]).toStrictEqual(['NonCompliant', true]);
    const warned = answer(stackEvent('STACK'), payload, bundleOf({ notEvaluated: 'warn' }));
    expect([warned.hookStatus, warned.message.includes('NOT EVALUATED')]).toStrictEqual(['SUCCESS', true]);
    const yaml = `Parameters:\n  E: {Type: String, Default: 'true'}\nResources:\n  C:\n    Type: ${CLUSTER}\n    DeletionPolicy: Retain\n    Properties: {StorageEncrypted: !Ref E}\n`;
    expect(answer(stackEvent('STACK'), { template: yaml }).errorCode).toBe('NonCompliant');
  });

  it('a function among values that are resolved is refused', () => {
    const event = resourceEvent(CLUSTER, { StorageEncrypted: true, Tags: [{ 'Fn::If': ['A', 'b', 'c'] }] });
    expect(answer(event, null, bundleOf({ gate: null })).message).toContain('/Tags/0/Fn::If');
  });
});

describe('the answer', () => {
  it('accepts other cases of keys', () => {
    const { clientRequestToken, stackId, ...rest } = resourceEvent(BUCKET, bucket(GOOD));
    const event = { ...rest, clientRequesttoken: clientRequestToken, stackID: stackId };
    expect(answer(event)).toMatchObject({ hookStatus: 'SUCCESS', clientRequestToken: 'token-1' });
  });

  it('is short, and its first 200 characters name what is wrong', () => {
    const many = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`Feature${index}${'x'.repeat(300)}`, 1]),
    );
    const { message, annotations } = answer(resourceEvent(BUCKET, many));
    expect(message.length).toBeLessThanOrEqual(1_024);
    expect(message.split('\n')[0]!.length).toBeLessThanOrEqual(200);
    expect(message.slice(0, 200)).toContain('GAT1002 at Thing/Feature0');
    expect(annotations).toHaveLength(100);
    expect(annotations![0]).toMatchObject({ annotationName: 'GAT1002', status: 'FAILED', severityLevel: 'HIGH' });
  });

  it('tells what is waived, and blocks again the day after', () => {
    const waiver = {
      target: { kind: 'rule', id: 'CLUSTER_ENCRYPTED' },
      reason: 'moves in spring',
      owner: 'team-a',
      expires: TODAY,
      scope: { account: ACCOUNT },
    };
    const waivers = { ...bundleOf().waivers, waivers: [{ ...bundleOf().waivers.waivers[0], ...waiver }] } as never;
    const bundle = bundleOf({ waivers });
    const event = resourceEvent(CLUSTER, { StorageEncrypted: false });
    const on = (today: string): HookAnswer => decideHook(event, bundle, { payload: null, today }).answer;
    expect(on(TODAY)).toMatchObject({ hookStatus: 'SUCCESS', message: expect.stringContaining('1 waived') as string });
    expect(on('2026-11-22').hookStatus).toBe('FAILED');
  });

  it('leaves to the template what one resource does not show', () => {
    const properties = { StorageEncrypted: true };
    expect(answer(resourceEvent(CLUSTER, properties)).hookStatus).toBe('SUCCESS');
    expect(answer(stackEvent('STACK'), { template: templateOf(CLUSTER, properties) }).message).toContain('is not kept');
  });
});
