/**
 * HOOK-OP-02: a template that conforms and those that diverge, each as a template (`gate check`), as an event, and as
 * `hook invoke` makes events of the template, for every target.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateBuild } from '../../../cli/gate/build.js';
import { gateCheck } from '../../../cli/gate/check.js';
import { TARGETS } from '../../../cli/hook/events.js';
import { hookInvoke, type InvokeFlags } from '../../../cli/hook/invoke.js';
import type { Terminal } from '../../../cli/terminal.js';
import type { HookAnswer } from '../../../hooks/lambda/index.js';
import { folderOf, removeFolders } from '../../cli/check/support.js';
import { cloudControlEvent, resourceEvent } from '../lambda/support.js';

const PLACE = { account: '111122223333', region: 'eu-west-1' };
const BUCKET = 'AWS::S3::Bucket';
const OVERLAY = `version: 1
types:
  AWS::S3::Bucket:
    constrain:
      - path: /NotificationConfiguration/TopicConfigurations/*/Topic
        pattern: 'arn:<partition>:sns:[a-z0-9-]+:<accountId>:[A-Za-z0-9_-]{1,256}(?:\\.fifo)?'
`;

let folder: string;
beforeAll(async () => {
  folder = folderOf({ 'overlay.yaml': OVERLAY, 'old.yaml': 'version: 1\nlegacy: warn\n' });
  await run((terminal) => gateBuild({ out: 'schemas', format: 'json', types: [BUCKET] }, terminal));
  await run((terminal) => gateBuild({ out: 'broken', format: 'json', types: [BUCKET] }, terminal));
  rmSync(join(folder, 'broken', 'AWS-S3-Bucket.json'));
});
afterAll(removeFolders);

async function run(step: (terminal: Terminal) => number | Promise<number>): Promise<{ code: number; stdout: string }> {
  let stdout = '';
  const code = await step({
    cwd: folder,
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => void (stdout += text),
    tell: () => undefined,
  });
  return { code, stdout };
}

/** The answers of `hook invoke`, each as status, code and the first place that it names. */
async function invoke(flags: Partial<InvokeFlags>): Promise<readonly string[]> {
  const gate = { pack: ['none'], schemas: 'schemas', overlay: ['overlay.yaml'], inProcess: true } as const;
  const { stdout } = await run((terminal) => hookInvoke({ format: 'json', ...gate, ...PLACE, ...flags }, terminal));
  const { invocations } = JSON.parse(stdout) as { invocations: readonly { answer: HookAnswer }[] };
  return [
    ...new Set(
      invocations.map(({ answer: { hookStatus, errorCode, message } }) =>
        [hookStatus, errorCode, / at (\S+):/.exec(message)?.[1]].filter((part) => part !== undefined).join(' '),
      ),
    ),
  ];
}

const bucket = (topic: string, more: object = {}, inside: object = {}): object => ({
  BucketName: 'orders',
  NotificationConfiguration: { TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Topic: topic, ...inside }] },
  ...more,
});
const GOOD = 'arn:aws:sns:eu-west-1:111122223333:orders';
const FEATURE = bucket(GOOD, { NewFeature: { 'property-1': true } });
const AT = 'Thing/NotificationConfiguration/TopicConfigurations/0';

const VECTORS: readonly (readonly [name: string, type: string, properties: object, refusedAt: string | null])[] = [
  ['a topic of the account', BUCKET, bucket(GOOD), null],
  ['a topic of another account', BUCKET, bucket('arn:aws:sns:eu-west-1:444455556666:orders'), `${AT}/Topic`],
  ['a new feature', BUCKET, FEATURE, 'Thing/NewFeature'],
  ['a key nobody knows inside of a list', BUCKET, bucket(GOOD, {}, { Unknown: 1 }), `${AT}/Unknown`],
  ['a type without a schema', 'AWS::SQS::Queue', {}, 'Thing'],
  ['an account id that goes on', BUCKET, bucket('arn:aws:sns:eu-west-1:111122223333.evil:x'), `${AT}/Topic`],
];

function write(name: string, type: string, properties: object): string {
  writeFileSync(join(folder, name), JSON.stringify({ Resources: { Thing: { Type: type, Properties: properties } } }));
  return name;
}

function event(content: object): string {
  writeFileSync(join(folder, 'event.json'), JSON.stringify(content));
  return 'event.json';
}

describe.each(VECTORS)('%s', (_name, type, properties, refusedAt) => {
  const expected = [refusedAt === null ? 'SUCCESS' : `FAILED NonCompliant ${refusedAt}`];

  it('as a template', async () => {
    const flags = { schemas: 'schemas', overlay: ['overlay.yaml'], format: 'json', ...PLACE } as const;
    const { code, stdout } = await run((terminal) => gateCheck([write('t.json', type, properties)], flags, terminal));
    expect(code).toBe(refusedAt === null ? 0 : 1);
    const { findings } = JSON.parse(stdout) as { findings: readonly { location: { pointer: string } }[] };
    const place = findings[0]?.location.pointer.replace('/Resources/', '').replace(/\/(Properties|Type)(?=\/|$)/, '');
    expect(place ?? null).toBe(refusedAt);
  });

  it('as an event, of a stack and of Cloud Control', async () => {
    for (const action of ['CREATE', 'UPDATE']) {
      expect(await invoke({ event: event(resourceEvent(type, properties, { action })) })).toStrictEqual(expected);
      expect(await invoke({ event: event(cloudControlEvent(type, properties, action)) })).toStrictEqual(expected);
    }
  });

  it.each(TARGETS)('as hook invoke makes events of the template for %s', async (target) => {
    expect(await invoke({ template: write('t.json', type, properties), target })).toStrictEqual(expected);
  });
});

describe('what was there before', () => {
  it.each(TARGETS)('an update that takes out an unapproved property passes for %s', async (target) => {
    const update = {
      template: write('t.json', BUCKET, bucket(GOOD)),
      previous: write('p.json', BUCKET, FEATURE),
      target,
    };
    expect(await invoke(update)).toStrictEqual(['SUCCESS']);
  });

  it('an update that leaves it in is refused, or tolerated and told where an overlay says so', async () => {
    const left = { event: event(resourceEvent(BUCKET, FEATURE, { action: 'UPDATE', previous: FEATURE })) };
    expect(await invoke(left)).toStrictEqual(['FAILED NonCompliant Thing/NewFeature']);
    expect(await invoke({ ...left, overlay: ['overlay.yaml', 'old.yaml'] })).toStrictEqual(['SUCCESS']);
    const more = {
      event: event(resourceEvent(BUCKET, { ...FEATURE, Other: 1 }, { action: 'UPDATE', previous: FEATURE })),
    };
    expect(await invoke({ ...more, overlay: ['overlay.yaml', 'old.yaml'] })).toStrictEqual([
      'FAILED NonCompliant Thing/Other',
    ]);
  });

  it('a deletion passes, of a type without a schema, too', async () => {
    for (const type of [BUCKET, 'AWS::SQS::Queue']) {
      expect(await invoke({ event: event(resourceEvent(type, {}, { action: 'DELETE' })) })).toStrictEqual(['SUCCESS']);
    }
  });
});

it.each(TARGETS)('a schema that is gone from the snapshot is a failure that blocks, for %s', async (target) => {
  const template = write('t.json', BUCKET, bucket(GOOD));
  expect(await invoke({ template, target, schemas: 'broken', overlay: [] })).toStrictEqual(['FAILED InternalFailure']);
  // An overlay that speaks of the type cannot be applied: nothing is decided at all.
  const flags = {
    template,
    target,
    schemas: 'broken',
    overlay: ['overlay.yaml'],
    inProcess: true,
    pack: ['none'],
  } as const;
  const ran = await run((terminal) => hookInvoke({ format: 'json', ...PLACE, ...flags }, terminal));
  expect(ran).toStrictEqual({ code: 2, stdout: '' });
});
