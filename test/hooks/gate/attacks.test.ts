/**
 * Ways around the gate that somebody might try, to have deployed what nobody has approved: each is refused, or NOT EVALUATED,
 * and never passes.
 */
import { checkTemplateGate } from '../../../hooks/gate/index.js';
import { decideHook } from '../../../hooks/lambda/index.js';
import type { HookBundle } from '../../../hooks/lambda/index.js';
import type { Value } from '../../../template/index.js';
import { answer, bundleOf, changeSetPayload, resourceEvent, stackEvent, TODAY } from '../lambda/support.js';
import { CONTEXT, create, gateOf, gateOn, made, overlay, told } from './support.js';

const TOPIC = 'AWS::SNS::Topic';
const gate = gateOf(
  [TOPIC, 'AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Serverless::Function', 'AWS::SQS::Queue'],
  overlay({
    [TOPIC]: {
      constrain: [
        { path: '/TopicName', pattern: '(?:dev|prod)-[^:]+' },
        { path: '/KmsMasterKeyId', maxLength: 40 },
      ],
      forbid: ['/DisplayName'],
    },
    'AWS::Lambda::Function': { forbid: ['/TracingConfig'], allow: ['/Environment/Variables'] },
    'AWS::Serverless::Function': { allow: ['/Environment/Variables', '/Policies', '/Events', '/Tags'] },
    'AWS::SQS::Queue': { constrain: [{ path: '/DelaySeconds', maximum: 10 }], allow: ['/RedrivePolicy'] },
    'AWS::IAM::Role': { allow: ['/AssumeRolePolicyDocument'] },
  }),
);
const bundle: HookBundle = { ...bundleOf(), gate };
const lenient: HookBundle = { ...bundle, notEvaluated: 'warn' };

function check(text: string): string {
  const checked = checkTemplateGate(text, 't.yaml', gate, {}, CONTEXT);
  return checked.kind === 'checked' ? checked.result.file.status : checked.kind;
}

const thing = (resource: string, more = ''): string => `${more}Resources:\n  A: ${resource}\n`;
const topic = (properties: string, more = ''): string => thing(`{Type: ${TOPIC}, Properties: ${properties}}`, more);
const CONDITION = "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, 'x']}\n";
const EXTENSIONS = 'Transform: AWS::LanguageExtensions\n';
const SAM = 'Transform: AWS::Serverless-2016-10-31\n';

describe('as a template', () => {
  const FAILS: readonly (readonly [name: string, text: string])[] = [
    ['a type in other letters', thing('{Type: AWS::sns::Topic}')],
    ['a type with a letter that looks the same', thing('{Type: "AWS::SNS::T\\u043epic"}')],
    ['a type with a character that is not seen', thing('{Type: "AWS::SNS::Topic\\u200b"}')],
    ['a type that every object has', thing('{Type: constructor}')],
    ['a custom resource', thing('{Type: "Custom::Topic", Properties: {ServiceToken: x}}')],
    [
      'the long form of a custom resource',
      thing('{Type: AWS::CloudFormation::CustomResource, Properties: {ServiceToken: x}}'),
    ],
    ['a nested stack', thing('{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://x"}}')],
    ['a macro made here', thing('{Type: AWS::CloudFormation::Macro, Properties: {Name: M, FunctionName: f}}')],
    ['a private type', thing('{Type: "Acme::Net::Topic"}')],
    ['a property with a letter that looks the same', topic('{"T\\u043epicName": dev-x}')],
    ['a property with a blank behind it', topic('{"TopicName ": dev-x}')],
    ['a property in other letters', topic('{topicName: dev-x}')],
    ['`__proto__`', topic('{TopicName: dev-x, __proto__: {DisplayName: x}}')],
    ['`constructor`', topic('{TopicName: dev-x, constructor: {prototype: {}}}')],
    ['`toString`', topic('{TopicName: dev-x, toString: x}')],
    ['a merge key', `x-e: &e {DisplayName: x}\n${topic('{<<: *e, TopicName: dev-x}')}`],
    ['an alias', `Metadata: {E: &e {DisplayName: x}}\n${thing(`{Type: ${TOPIC}, Properties: *e}`)}`],
    ['`null` as a key', topic('{~: x}')],
    ['a number as a key', topic('{1: x}')],
    ['an array for an object', topic('[{TopicName: dev-x}]')],
    ['an array for a text', topic('{TopicName: [dev-x]}')],
    ['an object for a text', topic('{TopicName: {a: dev-x}}')],
    ['a loop in properties without its transform', topic("{'Fn::ForEach::L': [N, [a], {DisplayName: x}]}")],
    ['a loop in properties', topic("{'Fn::ForEach::L': [N, [Display], {'${N}Name': x}]}", EXTENSIONS)],
    [
      'a loop over resources',
      `${EXTENSIONS}Resources: {'Fn::ForEach::L': [N, [a], {'A\${N}': {Type: AWS::S3::Bucket, Properties: {New: 1}}}]}\n`,
    ],
    ['a choice between approved and unapproved properties', topic('!If [C, {TopicName: dev-x}, {New: x}]', CONDITION)],
    ['a choice between approved and unapproved values', topic('{TopicName: !If [C, dev-x, other]}', CONDITION)],
    ['an unapproved property that is there or not', topic('{New: !If [C, x, !Ref AWS::NoValue]}', CONDITION)],
    ['an unapproved value behind a way that never comes', topic('{DisplayName: !If [Missing, x, y]}', CONDITION)],
    ['a forbidden type behind an open condition', thing('{Type: AWS::SNS::Subscription, Condition: C}', CONDITION)],
    [
      'a value that only allowed values show',
      topic('{TopicName: !Ref Q}', 'Parameters: {Q: {Type: String, AllowedValues: [dev-x, other]}}\n'),
    ],
    ['a value by way of a mapping', topic('{TopicName: !FindInMap [M, a, b]}', 'Mappings: {M: {a: {b: other}}}\n')],
    ['a value put together', topic('{TopicName: !Join ["", [oth, er]]}')],
    ['a text with a line behind it', topic('{TopicName: "dev-x\\n:y"}')],
    [
      'SAM: what stands in Globals',
      `${SAM}Globals: {Function: {Tracing: Active}}\n${thing('{Type: AWS::Serverless::Function, Properties: {Runtime: nodejs22.x, Handler: i.h, InlineCode: x}}')}`,
    ],
    [
      'SAM: what an event makes',
      `${SAM}${thing('{Type: AWS::Serverless::Function, Properties: {Runtime: nodejs22.x, Handler: i.h, InlineCode: x, Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}}}')}`,
    ],
    ['a number that its property does not have', thing('{Type: AWS::SQS::Queue, Properties: {DelaySeconds: "11"}}')],
    ['a number in hexadecimal digits', thing('{Type: AWS::SQS::Queue, Properties: {DelaySeconds: "0x5"}}')],
    ['a number with an exponent', thing('{Type: AWS::SQS::Queue, Properties: {DelaySeconds: "1e3"}}')],
    ['a number that is larger than numbers go', thing('{Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1e999}}')],
    [
      'more digits than a number keeps',
      thing('{Type: AWS::SQS::Queue, Properties: {DelaySeconds: 100000000000000000001}}'),
    ],
  ];
  const OPEN: readonly (readonly [name: string, text: string])[] = [
    ['a module', thing('{Type: "Acme::Net::Topic::MODULE", Properties: {TopicName: dev-x}}')],
    ['a type that is put together', thing('{Type: !Sub "AWS::SNS::Topic"}')],
    ['a type that a parameter gives', thing('{Type: !Ref P}', CONDITION)],
    ['a macro of the template', topic('{TopicName: dev-x}', 'Transform: [AWS::LanguageExtensions, Mine]\n')],
    ['a macro in the properties', topic('{TopicName: dev-x, "Fn::Transform": {Name: Mine}}')],
    [
      'a macro among the resources',
      `Resources:\n  A: {Type: ${TOPIC}}\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}\n`,
    ],
    [
      'an included section',
      topic('{TopicName: dev-x}', 'Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}\n'),
    ],
    ['a secret as a limited value', topic("{TopicName: '{{resolve:secretsmanager:x}}'}")],
    ['a part of a limited value that a secret gives', topic("{TopicName: 'dev-{{resolve:ssm:x}}'}")],
    ['the name of another resource', `${topic('{TopicName: !Ref B}')}  B: {Type: AWS::S3::Bucket}\n`],
    ['an export of another stack', topic('{TopicName: !ImportValue x}')],
  ];

  it.each(FAILS)('%s is refused', (_name, text) => {
    expect(check(text)).toBe('FAIL');
  });

  it.each(OPEN)('%s is NOT EVALUATED', (_name, text) => {
    expect(check(text)).toBe('NOT_EVALUATED');
  });

  it.each([
    [
      'a property that is written twice',
      `{"Resources": {"A": {"Type": "${TOPIC}", "Properties": {"DisplayName": "x"}, "Properties": {}}}}`,
    ],
    [
      'resources that are written twice',
      `Resources: {A: {Type: ${TOPIC}, Properties: {New: 1}}}\n${thing(`{Type: ${TOPIC}}`)}`,
    ],
    ['a second document', `${thing(`{Type: ${TOPIC}}`)}---\n${topic('{New: 1}')}`],
  ])('%s does not pass', (_name, text) => {
    expect(['FAIL', 'NOT_EVALUATED', 'unreadable']).toContain(check(text));
  });

  it('an unapproved property behind more than can be told of is refused, and not left open', () => {
    const many = made({ L: { type: 'array', items: { type: 'string', pattern: '^a$' } }, Z: { type: 'string' } });
    const own = gateOn([many]);
    const list = Array.from({ length: 300 }, () => '!Ref P').join(', ');
    const text = `Parameters: {P: {Type: String}}\nResources:\n  A: {Type: "Test::Made::Thing", Properties: {L: [${list}], New: 1}}\n`;
    const checked = checkTemplateGate(text, 't.yaml', own, {}, CONTEXT);
    expect(checked.kind === 'checked' && checked.result.file.status).toBe('FAIL');
  });
});

describe('as an event', () => {
  const refuses = (properties: unknown, type = TOPIC, by = lenient): void => {
    const { hookStatus } = answer(resourceEvent(type, properties), null, by);
    expect(hookStatus).toBe('FAILED');
  };

  it.each<readonly [name: string, json: string]>([
    ['`__proto__`', '{"__proto__": {"TopicName": "dev-x"}}'],
    ['`__proto__` below', '{"Tags": [{"Key": "a", "Value": "b", "__proto__": {"x": 1}}]}'],
    ['`constructor`', '{"constructor": {"prototype": {"x": 1}}}'],
    ['a function', '{"TopicName": {"Fn::Sub": "dev-x"}}'],
    ['a reference', '{"TopicName": {"Ref": "AWS::NoValue"}}'],
    ['a loop', '{"Fn::ForEach::L": ["N", ["a"], {"TopicName": "dev-x"}]}'],
    ['`null` for a text', '{"TopicName": null}'],
    ['a list for an object', '{"Tags": {"0": {"Key": "a", "Value": "b"}, "length": 1}}'],
    ['a text of JSON for an object', '{"Tags": "[{\\"Key\\": \\"a\\", \\"Value\\": \\"b\\"}]"}'],
    ['a secret as a limited value', '{"TopicName": "dev-{{resolve:secretsmanager:x}}"}'],
    ['a secret whose length is limited', '{"KmsMasterKeyId": "{{resolve:secretsmanager:x}}"}'],
    ['a blank in the name of a property', '{" TopicName": "dev-x"}'],
  ])('%s is refused', (_name, json) => {
    refuses(JSON.parse(json));
  });

  it('a number that cannot be told from its neighbour fits no limit', () => {
    const limited = gateOn([
      made({
        E: { type: 'integer', enum: [9_007_199_254_740_992] },
        N: { type: 'number', maximum: 1e308 },
        F: { type: 'integer' },
      }),
    ]);
    const verdict = (properties: unknown): string => create(limited, 'Test::Made::Thing', properties as Value).status;
    expect(verdict(JSON.parse('{"E": 9007199254740993}'))).toBe('FAIL');
    expect(verdict({ E: '9007199254740993' })).toBe('FAIL');
    expect(verdict({ E: 9_007_199_254_740_993n })).toBe('FAIL');
    expect(verdict(JSON.parse('{"N": 1e999}'))).toBe('FAIL');
    expect(verdict({ N: '1e999' })).toBe('FAIL');
    expect(verdict({ F: '12345678901234567890' })).toBe('PASS');
  });

  it.each([
    'aws::sns::topic',
    'AWS::SNS::Topic::MODULE',
    'Custom::Topic',
    'AWS::CloudFormation::Stack',
    'Acme::Net::Topic',
  ])('the type %s is refused', (type) => {
    refuses({ TopicName: 'dev-x' }, type);
  });

  it('a type with a letter that looks the same is no type', () => {
    const { errorCode } = answer(resourceEvent('AWS::SNS::T\u043epic', {}), null, lenient);
    expect(errorCode).toBe('InternalFailure');
  });

  it('what was there before says nothing of what is to come', () => {
    const previous = { TopicName: 'dev-x' };
    const update = (now: unknown, before: unknown): string =>
      answer(resourceEvent(TOPIC, now, { action: 'UPDATE', previous: before }), null, lenient).hookStatus;
    expect(update({ DisplayName: 'x' }, previous)).toBe('FAILED');
    expect(update(previous, { DisplayName: 'x' })).toBe('SUCCESS');
  });

  it('what was tolerated before hides nothing that is new', () => {
    const old = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`Old${index}`, 1]));
    const tolerant = gateOf([TOPIC], overlay({}, { legacy: 'warn' }));
    const update = (properties: Value, previous: Value): readonly string[] =>
      told(tolerant.decide({ type: TOPIC, action: 'UPDATE', properties, previous }, CONTEXT));
    expect(update(old, old)).toStrictEqual(['PASS']);
    expect(update({ ...old, New: 1 }, old)).toStrictEqual(['FAIL', 'property /New `New` is not approved']);
    expect(update({ ...old, Old7: 2 }, old)[0]).toBe('FAIL');
    // An element that moves is another one.
    const tags = (...keys: readonly string[]): Value => ({ Tags: keys.map((Key) => ({ Key, Value: 'v', New: Key })) });
    expect(update(tags('a'), tags('a'))[0]).toBe('PASS');
    expect(update(tags('b', 'a'), tags('a'))[0]).toBe('FAIL');
    // The same text in another place.
    expect(update({ Tags: [{ Key: 'a', Value: 'b', New: 1 }] }, { New: 1 })[0]).toBe('FAIL');
    // What was no property before.
    expect(update({ New: 1 }, [{ New: 1 }])[0]).toBe('FAIL');
  });

  it('nesting without end is answered', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(50_000)}1${']'.repeat(50_000)}`);
    for (const properties of [{ Tags: deep }, { RedrivePolicy: deep }]) {
      const { answer: given } = decideHook(resourceEvent('AWS::SQS::Queue', properties), bundle, {
        payload: null,
        today: TODAY,
      });
      expect(given.hookStatus).toBe('FAILED');
    }
  });
});

describe('as a change set', () => {
  const payload = (context: unknown): object => ({
    ...changeSetPayload(TOPIC, {}),
    changedResources: [
      {
        logicalResourceId: 'Thing',
        resourceType: TOPIC,
        action: 'CREATE',
        lineNumber: 1,
        beforeContext: null,
        afterContext: context,
      },
    ],
  });
  const status = (context: unknown): string => {
    const { hookStatus, errorCode } = answer(stackEvent('CHANGE_SET'), payload(context), lenient);
    return `${hookStatus} ${errorCode ?? ''}`.trim();
  };

  it('a context is read once, and what is no context is not decided on', () => {
    expect(status(JSON.stringify({ Properties: { TopicName: 'dev-x' } }))).toBe('SUCCESS');
    expect(status(JSON.stringify({ Properties: { New: '1' } }))).toBe('FAILED NonCompliant');
    for (const context of [
      JSON.stringify(JSON.stringify({ Properties: {} })),
      JSON.stringify({ Properties: JSON.stringify({ New: 1 }) }),
      JSON.stringify([{ Properties: {} }]),
      JSON.stringify({ Properties: {}, properties: { New: 1 } }),
      { Properties: {} },
      '',
      null,
    ]) {
      expect(status(context)).toBe('FAILED InternalFailure');
    }
  });

  it('template and changed resources are both decided on', () => {
    const good = changeSetPayload(TOPIC, { TopicName: 'dev-x' }) as { template: string; changedResources: unknown };
    const bad = changeSetPayload(TOPIC, { New: 1 }) as { template: string; changedResources: unknown };
    const decide = (body: object): string => answer(stackEvent('CHANGE_SET'), body, lenient).hookStatus;
    expect(decide(good)).toBe('SUCCESS');
    expect(decide({ ...good, template: bad.template })).toBe('FAILED');
    expect(decide({ ...good, changedResources: bad.changedResources })).toBe('FAILED');
    expect(decide({ ...bad, changedResources: [] })).toBe('FAILED');
  });
});
