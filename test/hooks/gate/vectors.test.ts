/** The cases that a gate exists for: what conforms passes, what diverges does not, as a template and as an event. */
import { checkTemplateGate } from '../../../hooks/gate/index.js';
import type { Gate } from '../../../hooks/gate/index.js';
import type { Value } from '../../../template/index.js';
import { ACCOUNT, CONTEXT, create, gateOf, overlay, told } from './support.js';

const BUCKET = 'AWS::S3::Bucket';
const TOPIC_PATH = '/NotificationConfiguration/TopicConfigurations/*/Topic';
const topics = overlay({
  [BUCKET]: {
    constrain: [
      {
        path: TOPIC_PATH,
        pattern: String.raw`arn:<partition>:sns:[a-z0-9-]+:<accountId>:[A-Za-z0-9_-]{1,256}(?:\.fifo)?`,
      },
    ],
  },
});
const gate = gateOf([BUCKET], topics);

const bucket = (topic: string, more: object = {}, inside: object = {}): Value => ({
  BucketName: 'orders',
  NotificationConfiguration: { TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Topic: topic, ...inside }] },
  ...more,
});

const GOOD = `arn:aws:sns:eu-west-1:${ACCOUNT}:orders`;
const AT_TOPIC = '/NotificationConfiguration/TopicConfigurations/0/Topic';

const VECTORS: readonly (readonly [name: string, type: string, properties: Value, refusedAt: string | null])[] = [
  ['a topic of the account', BUCKET, bucket(GOOD), null],
  ['a FIFO topic of the account', BUCKET, bucket(`${GOOD}.fifo`), null],
  ['a topic of another account', BUCKET, bucket('arn:aws:sns:eu-west-1:444455556666:orders'), AT_TOPIC],
  ['a topic of another partition', BUCKET, bucket(`arn:aws-cn:sns:eu-west-1:${ACCOUNT}:orders`), AT_TOPIC],
  ['a new feature', BUCKET, bucket(GOOD, { NewFeature: { 'property-1': true } }), '/NewFeature'],
  [
    'a key nobody knows inside of a list',
    BUCKET,
    bucket(GOOD, {}, { Unknown: 1 }),
    '/NotificationConfiguration/TopicConfigurations/0/Unknown',
  ],
  ['a queue, which has no schema', 'AWS::SQS::Queue', {}, ''],
  ['an account id that goes on', BUCKET, bucket(`arn:aws:sns:eu-west-1:${ACCOUNT}.evil:x`), AT_TOPIC],
  ['an ARN inside of another text', BUCKET, bucket(`x${GOOD}`), AT_TOPIC],
  ['a line after the ARN', BUCKET, bucket(`${GOOD}\n`), AT_TOPIC],
  ['properties that are no map', BUCKET, [], ''],
];

describe.each(VECTORS)('HOOK-GATE-01, HOOK-GATE-04: %s', (_name, type, properties, refusedAt) => {
  it('as properties of an event', () => {
    const verdict = create(gate, type, properties);
    const places = verdict.problems.map(({ path }) => path.map((step) => `/${step}`).join(''));
    expect(verdict.status).toBe(refusedAt === null ? 'PASS' : 'FAIL');
    expect(verdict.typeProblem === null ? places : ['']).toStrictEqual(refusedAt === null ? [] : [refusedAt]);
  });

  it('as a template', () => {
    const text = JSON.stringify({ Resources: { Thing: { Type: type, Properties: properties } } });
    const checked = checkTemplateGate(text, 'template.json', gate, {}, CONTEXT);
    if (checked.kind !== 'checked') throw new Error(checked.kind);
    const { file, findings, notEvaluated } = checked.result;
    expect(file.status).toBe(refusedAt === null ? 'PASS' : 'FAIL');
    expect(notEvaluated).toStrictEqual([]);
    const below = type === BUCKET ? `/Resources/Thing/Properties${refusedAt ?? ''}` : '/Resources/Thing/Type';
    expect(findings.map(({ location }) => location.pointer)).toStrictEqual(refusedAt === null ? [] : [below]);
  });
});

describe('updates and deletions', () => {
  const feature = bucket(GOOD, { NewFeature: true });
  const update = (asked: Gate, properties: Value, previous: Value): readonly string[] =>
    told(asked.decide({ type: BUCKET, action: 'UPDATE', properties, previous }, CONTEXT));

  it('an update that takes out what is not approved passes', () => {
    expect(update(gate, bucket(GOOD), feature)).toStrictEqual(['PASS']);
  });

  it('an update that leaves it in is refused', () => {
    expect(update(gate, feature, feature)).toStrictEqual(['FAIL', 'property /NewFeature `NewFeature` is not approved']);
  });

  it('an update that leaves it in passes where an overlay tolerates that, and one that changes it does not', () => {
    const tolerant = gateOf([BUCKET], topics, overlay({}, { legacy: 'warn' }));
    const verdict = tolerant.decide(
      { type: BUCKET, action: 'UPDATE', properties: feature, previous: feature },
      CONTEXT,
    );
    expect(told(verdict)).toStrictEqual(['PASS']);
    expect(verdict.legacy.map(({ message }) => message)).toStrictEqual(['`NewFeature` is not approved']);
    expect(update(tolerant, bucket(GOOD, { NewFeature: false }), feature)[0]).toBe('FAIL');
    expect(update(tolerant, feature, bucket(GOOD))[0]).toBe('FAIL');
  });

  it('a deletion passes, also of a type without a schema, unless an overlay refuses it', () => {
    const remove = (asked: Gate, type: string): readonly string[] =>
      told(asked.decide({ type, action: 'DELETE', properties: {} }, CONTEXT));
    expect(remove(gate, BUCKET)).toStrictEqual(['PASS']);
    expect(remove(gate, 'AWS::SQS::Queue')).toStrictEqual(['PASS']);
    const kept = gateOf([BUCKET], overlay({ [BUCKET]: { delete: 'refuse' } }));
    expect(remove(kept, BUCKET)).toStrictEqual([
      'FAIL',
      'delete resources of type `AWS::S3::Bucket` must not be deleted',
    ]);
  });

  it('numbers and Booleans written as text are read as their property has them', () => {
    const cluster = gateOf(
      ['AWS::RDS::DBCluster'],
      overlay({
        'AWS::RDS::DBCluster': {
          constrain: [
            { path: '/StorageEncrypted', const: true, required: true },
            { path: '/BackupRetentionPeriod', minimum: 7 },
          ],
        },
      }),
    );
    const decide = (properties: Value): readonly string[] => told(create(cluster, 'AWS::RDS::DBCluster', properties));
    expect(decide({ StorageEncrypted: 'true', BackupRetentionPeriod: '7' })).toStrictEqual(['PASS']);
    expect(decide({ StorageEncrypted: 'false', BackupRetentionPeriod: '6' })).toStrictEqual([
      'FAIL',
      'value /StorageEncrypted `false` is not approved',
      'value /BackupRetentionPeriod `6` is less than 7'.replace('`6`', '6'),
    ]);
    expect(decide({})).toStrictEqual(['FAIL', 'required  `StorageEncrypted` is missing']);
    expect(decide({ StorageEncrypted: 1 })[0]).toBe('FAIL');
    expect(decide({ StorageEncrypted: true, BackupRetentionPeriod: '7.5' })[0]).toBe('FAIL');
    expect(decide({ StorageEncrypted: true, BackupRetentionPeriod: '0x10' })[0]).toBe('FAIL');
  });
});

describe('placeholders', () => {
  it('one that nothing fills is refused with its name', () => {
    expect(told(create(gate, BUCKET, bucket(GOOD), { partition: 'aws' }))).toStrictEqual([
      'FAIL',
      `placeholder ${AT_TOPIC} nothing fills the placeholder \`<accountId>\``,
    ]);
    expect(told(create(gate, BUCKET, bucket(GOOD), { accountId: '', partition: 'aws' }))[0]).toBe('FAIL');
  });

  it('what is filled in is text, not a pattern', () => {
    expect(told(create(gate, BUCKET, bucket(GOOD), { accountId: '.*', partition: 'aws' }))[0]).toBe('FAIL');
    expect(
      told(create(gate, BUCKET, bucket('arn:aws:sns:eu-west-1:.*:orders'), { accountId: '.*', partition: 'aws' }))[0],
    ).toBe('PASS');
  });

  it('organization, unit and stack are filled in, too, and in listed values', () => {
    const named = gateOf(
      ['AWS::SNS::Topic'],
      overlay({ 'AWS::SNS::Topic': { constrain: [{ path: '/TopicName', enum: ['<stackName>-<ouId>', '<orgId>'] }] } }),
    );
    const decide = (name: string, context = CONTEXT): string =>
      create(named, 'AWS::SNS::Topic', { TopicName: name }, context).status;
    expect(decide('orders-ou-exam-11111111')).toBe('PASS');
    expect(decide('o-exampleorgid')).toBe('PASS');
    expect(decide('<orgId>')).toBe('FAIL');
    expect(decide('<orgId>', {})).toBe('FAIL');
  });
});
