/** Null is told wherever CloudFormation meets it, and nowhere else. */
import { resolveTemplate } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { codes, EXTENSIONS } from './support.js';

const SAM = 'AWS::Serverless-2016-10-31';

/** Where null is told, and what else is said. */
function told(template: ValueMap): string[] {
  return codes(resolveTemplate(template)).map((one) => one.replace(/^TPL3022 /, ''));
}

function resource(type: string, properties: Value, rest: Readonly<Record<string, Value>> = {}): ValueMap {
  return { Resources: { R: { Type: type, Properties: properties, ...rest } } };
}

test.each<[string, ValueMap, readonly string[]]>([
  ['a property', resource('AWS::S3::Bucket', { Tags: null }), ['Resources/R/Properties/Tags']],
  ['all properties', resource('AWS::S3::Bucket', null), ['Resources/R/Properties']],
  ['an attribute', resource('AWS::S3::Bucket', {}, { DependsOn: [null] }), ['Resources/R/DependsOn/0']],
  ['the metadata', resource('AWS::S3::Bucket', {}, { Metadata: { a: [{ b: null }] } }), ['Resources/R/Metadata/a/0/b']],
  [
    'an event pattern, in which the service takes it',
    resource('AWS::Events::Rule', { EventPattern: { detail: { error: [null] } } }),
    ['Resources/R/Properties/EventPattern/detail/error/0'],
  ],
  [
    'a policy',
    resource('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: [{ Resource: null }] } }),
    ['Resources/R/Properties/PolicyDocument/Statement/0/Resource'],
  ],
  [
    'the definition of a state machine that SAM does not write',
    resource('AWS::StepFunctions::StateMachine', { Definition: { ResultPath: null } }),
    ['Resources/R/Properties/Definition/ResultPath'],
  ],
  ['a resource', { Resources: { R: null } }, ['Resources/R']],
  [
    'the other sections, in the order of the file',
    {
      Description: null,
      Metadata: { a: null },
      Mappings: { M: { a: { b: null } } },
      Conditions: { C: { 'Fn::Equals': ['a', null] } },
      Outputs: { O: { Value: null }, P: null },
      Transform: null,
      Resources: {},
    },
    [
      'Description',
      'Metadata/a',
      'Mappings/M/a/b',
      'Conditions/C/Fn::Equals/1',
      'Outputs/O/Value',
      'Outputs/P',
      'Transform',
    ],
  ],
])('null for %s', (_, template, paths) => {
  expect(told(template)).toStrictEqual(paths);
});

test('of a Default that is null, nothing else is told', () => {
  const Parameters = { P: { Type: 'String', Default: null } };
  expect(told({ Parameters, Resources: {} })).toStrictEqual(['Parameters/P/Default']);
});

test('AWS::NoValue is no null, and AWS::LanguageExtensions keeps null but in texts', () => {
  const P = { 'Fn::If': ['C', { Ref: 'AWS::NoValue' }, 1] };
  const Conditions = { C: { 'Fn::Equals': ['a', 'b'] } };
  expect(told({ Conditions, ...resource('AWS::R', { P, Q: { Ref: 'AWS::NoValue' } }) })).toStrictEqual([]);
  const text = { Transform: EXTENSIONS, ...resource('AWS::R', { P: { 'Fn::ToJsonString': { a: [null] } }, Q: null }) };
  expect(told(text)).toStrictEqual(['Resources/R/Properties/Q']);
});

test('what stands twice is told once', () => {
  const tag = { Key: 'a', Value: null };
  expect(told(resource('AWS::S3::Bucket', { Tags: [tag, tag] }))).toStrictEqual([
    'Resources/R/Properties/Tags/0/Value',
  ]);
});

test('SAM leaves null properties out and writes definitions as text', () => {
  const Events = { E: { Type: 'Schedule', Properties: { Schedule: 'rate(1 day)', Input: null } } };
  const handler = { Handler: 'a.b', Runtime: 'nodejs22.x', CodeUri: 's3://b/k', KmsKeyArn: null, Events };
  const Environment = { Variables: { A: null } };
  const template: ValueMap = {
    Transform: SAM,
    Globals: { Function: { Tags: null } },
    Resources: {
      F: { Type: 'AWS::Serverless::Function', Properties: { ...handler, Environment } },
      M: { Type: 'AWS::Serverless::StateMachine', Properties: { Definition: { States: { ResultPath: null } } } },
      T: { Type: 'AWS::SNS::Topic', Properties: { TopicName: null } },
    },
  };
  const kept = ['Resources/F/Properties/Environment/Variables/A', 'Resources/T/Properties/TopicName'];
  expect(told(template)).toStrictEqual(kept);
});

test('what a macro may take out is not told', () => {
  const R = { Type: 'AWS::S3::Bucket', Properties: { Tags: null } };
  expect(told({ Transform: 'Own', Resources: { R } })).toStrictEqual(['TPL3016 Transform']);
  const Q = { Type: 'AWS::S3::Bucket', Properties: { 'Fn::Transform': { Name: 'AWS::Include' }, Tags: null } };
  expect(told({ Resources: { R, Q } })).toStrictEqual(['Resources/R/Properties/Tags']);
});

test('sections that are not resolved may be nested without end', () => {
  let deep: Value = null;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  const { diagnostics } = resolveTemplate({ Metadata: deep, Resources: {} });
  expect(diagnostics.map(({ code, path }) => [code, path.length])).toStrictEqual([['TPL3022', 100_001]]);
});
