/** Conditions on resources and values, what is implied, and which of them can hold together. */
import { resolveTemplate } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { at, codes, resolveProperty, show, shown } from './support.js';

const env = (value: string): Value => ({ 'Fn::Equals': [{ Ref: 'Env' }, value] });
const SECTIONS = {
  Parameters: {
    Env: { Type: 'String', AllowedValues: ['dev', 'test', 'prod'] },
    Name: { Type: 'String' },
    Port: { Type: 'Number' },
    Names: { Type: 'CommaDelimitedList' },
  },
  Mappings: { Stages: { dev: { Kind: 'small' }, test: { Kind: 'small' }, prod: { Kind: 'big', Count: 9 } } },
  Conditions: {
    IsProd: env('prod'),
    IsTest: env('test'),
    IsDev: env('dev'),
    IsOther: env('other'),
    NotProd: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    ProdOrTest: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsTest' }] },
    ProdAndNamed: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsNamed' }] },
    IsNamed: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Name' }, ''] }] },
    IsX: { 'Fn::Equals': ['x', { Ref: 'Name' }] },
    IsY: { 'Fn::Equals': [{ Ref: 'Name' }, 'y'] },
    IsTls: { 'Fn::Equals': [{ Ref: 'Port' }, 443] },
    IsBig: { 'Fn::Equals': [{ 'Fn::FindInMap': ['Stages', { Ref: 'Env' }, 'Kind'] }, 'big'] },
    FirstIsA: { 'Fn::Equals': [{ 'Fn::Select': [0, { Ref: 'Names' }] }, 'a'] },
    FirstIsNotA: { 'Fn::Not': [{ 'Fn::Equals': ['a', { 'Fn::Select': [0, { Ref: 'Names' }] }] }] },
    Same: { 'Fn::Equals': [{ Ref: 'Name' }, { Ref: 'Name' }] },
    NumberIsText: { 'Fn::Equals': [{ 'Fn::FindInMap': ['Stages', 'prod', 'Count'] }, '9'] },
    ListsAreEqual: { 'Fn::Equals': [{ Ref: 'Names' }, [1, '2']] },
    MapsAreEqual: {
      'Fn::Equals': [
        { a: { Ref: 'Env' }, b: 1 },
        { b: '1', a: 'dev' },
      ],
    },
    East: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
    China: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-cn'] },
  },
};

function holds(condition: string, parameters: Record<string, string> = {}): boolean | undefined {
  return resolveProperty(1, SECTIONS, { parameters }).model.holds(condition);
}

test.each<readonly [condition: string, parameters: Record<string, string>, expected: boolean | undefined]>([
  ['IsProd', {}, undefined],
  ['IsProd', { Env: 'prod' }, true],
  ['NotProd', { Env: 'prod' }, false],
  ['ProdOrTest', { Env: 'test' }, true],
  ['ProdAndNamed', { Env: 'dev' }, false],
  ['ProdAndNamed', { Env: 'prod' }, undefined],
  ['IsOther', {}, false],
  ['Same', {}, true],
  ['IsTls', { Port: '443' }, true],
  ['IsBig', { Env: 'prod' }, true],
  ['FirstIsA', { Names: 'a,b' }, true],
  ['NumberIsText', {}, true],
  ['ListsAreEqual', { Names: '1,2' }, true],
  ['ListsAreEqual', { Names: '1,2,3' }, false],
  ['MapsAreEqual', { Env: 'dev' }, true],
  ['MapsAreEqual', { Env: 'test' }, false],
])('%s with %j: %s', (condition, parameters, expected) => {
  expect(holds(condition, parameters)).toBe(expected);
});

test.each<readonly [assignment: Record<string, Value>, expected: boolean]>([
  [{ 'condition:IsProd': true, 'condition:IsTest': true }, false],
  [{ 'condition:IsProd': false, 'condition:IsTest': false }, true],
  [{ 'condition:IsProd': false, 'condition:IsTest': false, 'condition:IsDev': false }, false],
  [{ 'condition:IsProd': true, 'condition:NotProd': true }, false],
  [{ 'condition:ProdOrTest': true, 'condition:IsProd': false }, true],
  [{ 'condition:ProdOrTest': true, 'condition:IsProd': false, 'condition:IsTest': false }, false],
  [{ 'condition:ProdAndNamed': true, 'condition:IsX': true }, true],
  [{ 'condition:IsX': true, 'condition:IsY': true }, false],
  [{ 'condition:IsX': true, 'condition:IsNamed': false }, false],
  [{ 'condition:IsX': false, 'condition:IsY': false, 'condition:IsNamed': true }, true],
  [{ 'condition:IsBig': true, 'condition:IsProd': false }, false],
  [{ 'condition:IsBig': true, 'condition:IsProd': true }, true],
  [{ 'condition:IsProd': true, 'parameter:Env': 'dev' }, false],
  [{ 'condition:IsProd': true, 'parameter:Env': 'prod' }, true],
  [{ 'condition:FirstIsA': true, 'condition:FirstIsNotA': true }, false],
  [{ 'condition:FirstIsA': true, 'condition:FirstIsNotA': false }, true],
  [{ 'condition:East': true, 'condition:China': true }, false],
  [{ 'condition:East': false, 'condition:China': true }, true],
  [{ 'parameter:AWS::Region': 'cn-north-1', 'parameter:AWS::Partition': 'aws' }, false],
  [{ 'condition:NoSuch': true }, true],
])('%j can be reached: %s', (assignment, expected) => {
  const { document } = resolveProperty(1, SECTIONS);
  expect(document.feasible(new Map(Object.entries(assignment)))).toBe(expected);
});

test.each([
  ['A', 'B'],
  ['B', 'A'],
])('a way that failed for %s leaves nothing behind for %s', (first, second) => {
  const is = (name: string): Value => ({ 'Fn::Equals': [{ Ref: name }, 'x'] });
  const not = (condition: Value): Value => ({ 'Fn::Not': [condition] });
  const { document } = resolveTemplate({
    Parameters: { A: { Type: 'String' }, B: { Type: 'String' } },
    Conditions: {
      C: {
        'Fn::Or': [
          { 'Fn::And': [is(first), is(second), not(is(second))] },
          { 'Fn::And': [not(is(first)), is(second)] },
        ],
      },
    },
    Resources: {},
  });
  expect(document.feasible(new Map([['condition:C', true]]))).toBe(true);
});

const choose = (condition: string, ifTrue: Value, ifFalse: Value): Value => ({
  'Fn::If': [condition, ifTrue, ifFalse],
});

test.each<readonly [name: string, written: Value, expected: unknown]>([
  [
    'a condition inside its own branch',
    choose('IsProd', choose('IsProd', 1, 2), choose('IsProd', 3, 4)),
    { '?': 'condition', 'condition:IsProd=true': 1, 'condition:IsProd=false': 4 },
  ],
  [
    'conditions that exclude each other',
    choose('IsProd', choose('IsTest', 1, 2), 3),
    { '?': 'condition', 'condition:IsProd=true': 2, 'condition:IsProd=false': 3 },
  ],
  [
    'what a disjunction implies',
    choose('ProdOrTest', 1, choose('IsDev', 2, 3)),
    { '?': 'condition', 'condition:ProdOrTest=true': 1, 'condition:ProdOrTest=false': 2 },
  ],
  [
    'a parameter that the condition fixes',
    choose('IsX', { Ref: 'Name' }, 'no'),
    { '?': 'condition', 'condition:IsX=true': 'x', 'condition:IsX=false': 'no' },
  ],
  [
    'a number that the condition fixes',
    choose('IsTls', { Ref: 'Port' }, 'no'),
    { '?': 'condition', 'condition:IsTls=true': 443, 'condition:IsTls=false': 'no' },
  ],
  [
    'a parameter of which the condition leaves some values',
    choose('IsProd', 0, { 'Fn::Sub': '${Env}!' }),
    {
      '?': 'condition',
      'condition:IsProd=true': 0,
      'condition:IsProd=false': { '?': 'parameter', 'parameter:Env=dev': 'dev!', 'parameter:Env=test': 'test!' },
    },
  ],
  [
    'independent conditions',
    choose('IsX', choose('IsTls', 1, 2), 3),
    {
      '?': 'condition',
      'condition:IsX=true': { '?': 'condition', 'condition:IsTls=true': 1, 'condition:IsTls=false': 2 },
      'condition:IsX=false': 3,
    },
  ],
  [
    'a text that hangs on conditions',
    { 'Fn::Join': ['-', [choose('IsProd', 'p', 'n'), choose('IsTest', 't', 'm')]] },
    {
      '?': 'condition',
      'condition:IsProd=true condition:IsTest=false': 'p-m',
      'condition:IsProd=false condition:IsTest=true': 'n-t',
      'condition:IsProd=false condition:IsTest=false': 'n-m',
    },
  ],
])('%s', (_name, written, expected) => {
  expect(shown(written, SECTIONS)).toStrictEqual(expected);
});

test('an unknown says what it hangs on', () => {
  const { document, value } = resolveProperty(choose('ProdAndNamed', 1, 2), SECTIONS);
  expect(document.unknownAt(value!)).toMatchObject({
    kind: 'condition',
    reason: 'condition `ProdAndNamed` is not decided because `Env`, `Name` has no value',
    parameters: ['Env', 'Name'],
    choices: [{ id: 'condition:ProdAndNamed', kind: 'condition', name: 'ProdAndNamed', values: [true, false] }],
  });
});

const RESOURCES = {
  Prod: {
    Type: 'AWS::S3::Bucket',
    Condition: 'IsProd',
    Properties: { Stage: { Ref: 'Env' }, Again: choose('IsProd', 1, 2) },
  },
  Test: { Type: 'AWS::S3::Bucket', Condition: 'IsTest' },
  Always: { Type: 'AWS::SNS::Topic', DependsOn: ['Prod'] },
};

test('a resource whose condition is false is not there; one whose condition is true is ordinary', () => {
  const { document, model } = resolveTemplate({ ...SECTIONS, Resources: RESOURCES }, { parameters: { Env: 'prod' } });
  expect(document.value['Resources']).toStrictEqual({
    Prod: { Type: 'AWS::S3::Bucket', Condition: 'IsProd', Properties: { Stage: 'prod', Again: 1 } },
    Always: { Type: 'AWS::SNS::Topic', DependsOn: ['Prod'] },
  });
  expect(document.hasUnknowns).toBe(false);
  expect(model.byType).toStrictEqual(
    new Map([
      ['AWS::S3::Bucket', ['Prod']],
      ['AWS::SNS::Topic', ['Always']],
    ]),
  );
});

test('a resource whose condition is not decided is its map, with the condition true inside, or absent', () => {
  const resolution = resolveTemplate({ ...SECTIONS, Resources: RESOURCES });
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    Prod: {
      '?': 'condition',
      'condition:IsProd=true': {
        Type: 'AWS::S3::Bucket',
        Condition: 'IsProd',
        Properties: { Stage: 'prod', Again: 1 },
      },
      'condition:IsProd=false': 'ABSENT',
    },
    Test: { '?': 'condition', 'condition:IsTest=true': RESOURCES.Test, 'condition:IsTest=false': 'ABSENT' },
    Always: RESOURCES.Always,
  });
  expect(resolution.model.byType.get('AWS::S3::Bucket')).toStrictEqual(['Prod', 'Test']);
});

test('an output whose condition is false is not there', () => {
  const { document } = resolveTemplate(
    {
      ...SECTIONS,
      Resources: {},
      Outputs: { A: { Condition: 'IsProd', Value: 1 }, B: { Condition: 'NotProd', Value: { Ref: 'Env' } } },
    },
    { parameters: { Env: 'dev' } },
  );
  expect(document.value['Outputs']).toStrictEqual({ B: { Condition: 'NotProd', Value: 'dev' } });
});

function condition(written: Value): ReturnType<typeof resolveTemplate> {
  return resolveTemplate({
    ...SECTIONS,
    Conditions: { C: written },
    Resources: { R: { Type: 'AWS::R', Condition: 'C' }, S: { Type: 'AWS::S', Properties: { P: choose('C', 1, 2) } } },
  });
}

test.each<readonly [written: Value, expected: string]>([
  [true, 'TPL3004 Conditions/C'],
  [{}, 'TPL3004 Conditions/C'],
  [{ 'Fn::Equals': ['a'] }, 'TPL3004 Conditions/C'],
  [{ 'Fn::Not': env('a') }, 'TPL3004 Conditions/C'],
  [{ 'Fn::And': [env('a')] }, 'TPL3004 Conditions/C'],
  [{ 'Fn::Or': Array.from({ length: 11 }, () => env('a')) }, 'TPL3004 Conditions/C'],
  [{ 'Fn::Xor': [env('a'), env('b')] }, 'TPL3005 Conditions/C'],
  [{ Condition: 'D' }, 'TPL3006 Conditions/C'],
  [{ 'Fn::Not': [{ Condition: 'C' }] }, 'TPL3007 Conditions/C'],
  [{ 'Fn::Equals': [{ 'Fn::If': ['C', 1, 2] }, 1] }, 'TPL3017 Conditions/C'],
  [{ 'Fn::Equals': [{ 'Fn::GetAtt': ['S', 'A'] }, 1] }, 'TPL3017 Conditions/C'],
])('condition %j is told, and what hangs on it is unknown', (written, expected) => {
  const resolution = condition(written);
  expect(codes(resolution)[0]).toBe(expected);
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    R: { '?': 'invalid' },
    S: { Type: 'AWS::S', Properties: { P: { '?': 'invalid' } } },
  });
});

test('a condition cannot refer to a resource', () => {
  expect(codes(condition({ 'Fn::Equals': [{ Ref: 'S' }, 'x'] }))).toStrictEqual(['TPL3020 Conditions/C/Fn::Equals/0']);
});

test('a resource with a condition that is not defined is unknown', () => {
  const resolution = resolveTemplate({
    Resources: { R: { Type: 'AWS::R', Condition: 'Nope' }, S: { Type: 'AWS::R', Condition: 1 } },
  });
  expect(codes(resolution)).toStrictEqual(['TPL3006 Resources/R/Condition', 'TPL3004 Resources/S/Condition']);
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    R: { '?': 'invalid' },
    S: { '?': 'invalid' },
  });
});

test('conditions that depend on each other', () => {
  const resolution = resolveTemplate({
    Conditions: {
      A: { Condition: 'B' },
      B: { 'Fn::Not': [{ Condition: 'C' }] },
      C: { Condition: 'A' },
      D: { Condition: 'A' },
    },
    Resources: { R: { Type: 'AWS::R', Properties: { P: choose('D', 1, 2) } } },
  });
  expect(resolution.diagnostics).toHaveLength(1);
  expect(resolution.diagnostics[0]).toMatchObject({
    code: 'TPL3007',
    message: 'conditions depend on each other: `A` → `B` → `C` → `A`',
  });
  expect(show(resolution, at(resolution.document.value, ['Resources', 'R', 'Properties', 'P']))).toStrictEqual({
    '?': 'invalid',
  });
});

test('a chain of conditions longer than the call stack', () => {
  const conditions: Record<string, Value> = { C0: env('prod') };
  for (let index = 1; index <= 20_000; index++) {
    conditions[`C${index}`] = { 'Fn::Not': [{ Condition: `C${index - 1}` }] };
  }
  const template: ValueMap = {
    ...SECTIONS,
    Conditions: conditions,
    Resources: { R: { Type: 'AWS::R', Properties: { P: choose('C20000', { Ref: 'Env' }, 2) } } },
  };
  const resolution = resolveTemplate(template);
  expect(show(resolution, at(resolution.document.value, ['Resources', 'R', 'Properties', 'P']))).toStrictEqual({
    '?': 'condition',
    'condition:C20000=true': 'prod',
    'condition:C20000=false': 2,
  });
});
