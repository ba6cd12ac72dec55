/** Parameter types, defaults and constraints ("Parameters section", AWS CloudFormation User Guide). */
import { Float } from '../../../template/index.js';
import type { GivenParameters, Value } from '../../../template/index.js';
import { codes, resolveProperty, shown } from './support.js';

function ref(declaration: Value, given?: string | readonly string[]): unknown {
  const parameters: GivenParameters = given === undefined ? {} : { P: given };
  return shown({ Ref: 'P' }, { Parameters: { P: declaration } }, { parameters });
}

test.each<
  readonly [name: string, declaration: Value, given: string | readonly string[] | undefined, expected: unknown]
>([
  ['a value wins over the Default', { Type: 'String', Default: 'a' }, 'b', 'b'],
  ['a Default of another scalar is text', { Type: 'String', Default: true }, undefined, 'true'],
  ['a Default of a number is text', { Type: 'String', Default: 30 }, undefined, '30'],
  ['an empty Default is a value', { Type: 'String', Default: '' }, undefined, ''],
  ['a number', { Type: 'Number', Default: 30 }, undefined, 30],
  ['a number as text', { Type: 'Number', Default: '30' }, undefined, 30],
  ['a float', { Type: 'Number' }, '1.5', 1.5],
  ['an integral float', { Type: 'Number' }, '1.0', new Float(1)],
  ['a number in another spelling stays text', { Type: 'Number' }, '007', '007'],
  ['no number', { Type: 'Number' }, 'x', { '?': 'invalid' }],
  ['a list', { Type: 'CommaDelimitedList', Default: 'test, dev ,prod' }, undefined, ['test', 'dev', 'prod']],
  ['an empty list has one empty item', { Type: 'CommaDelimitedList', Default: '' }, undefined, ['']],
  ['a list given as items', { Type: 'CommaDelimitedList' }, ['a', 'b'], ['a', 'b']],
  ['numbers', { Type: 'List<Number>', Default: '80,20' }, undefined, [80, 20]],
  ['numbers, one of which is none', { Type: 'List<Number>', Default: '80,x' }, undefined, { '?': 'invalid' }],
  ['an AWS type', { Type: 'AWS::EC2::VPC::Id' }, 'vpc-1', 'vpc-1'],
  ['a list of an AWS type', { Type: 'List<AWS::EC2::Subnet::Id>' }, 'subnet-1, subnet-2', ['subnet-1', 'subnet-2']],
  ['the name of an SSM parameter', { Type: 'AWS::SSM::Parameter::Name', Default: '/a/b' }, undefined, '/a/b'],
  [
    'the value of an SSM parameter',
    { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b' },
    undefined,
    { '?': 'parameter' },
  ],
  [
    'the value of an SSM parameter, given',
    { Type: 'AWS::SSM::Parameter::Value<List<String>>' },
    '/a/b',
    { '?': 'parameter' },
  ],
  ['no value', { Type: 'String' }, undefined, { '?': 'parameter' }],
  [
    'allowed values',
    { Type: 'String', AllowedValues: [true, 'b', 'b'] },
    undefined,
    { '?': 'parameter', 'parameter:P=true': 'true', 'parameter:P=b': 'b' },
  ],
  [
    'allowed numbers',
    { Type: 'Number', AllowedValues: ['1', 2] },
    undefined,
    { '?': 'parameter', 'parameter:P=1': 1, 'parameter:P=2': 2 },
  ],
  [
    'allowed values of a list are of its items',
    { Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'] },
    undefined,
    { '?': 'parameter' },
  ],
  [
    'a default with allowed values is known',
    { Type: 'String', AllowedValues: ['a', 'b'], Default: 'a' },
    undefined,
    'a',
  ],
])('%s', (_name, declaration, given, expected) => {
  expect(ref(declaration, given)).toStrictEqual(expected);
});

test.each<readonly [declaration: Value, given: string | undefined, expected: string]>([
  [{ Type: 'String', AllowedValues: ['a'], Default: 'x' }, undefined, 'TPL3011 Parameters/P/Default'],
  [{ Type: 'String', AllowedValues: ['a'] }, 'x', 'TPL3011 Parameters/P'],
  [{ Type: 'Number', Default: 'x' }, undefined, 'TPL3011 Parameters/P/Default'],
  [{ Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'] }, 'a,c', 'TPL3011 Parameters/P'],
  [{ Type: 'String', Default: { Ref: 'P' } }, undefined, 'TPL3011 Parameters/P/Default'],
  [{ Default: 'x' }, undefined, 'TPL3012 Parameters/P'],
])('%j given %j is told', (declaration, given, expected) => {
  const parameters: GivenParameters = given === undefined ? {} : { P: given };
  expect(codes(resolveProperty(1, { Parameters: { P: declaration } }, { parameters }))).toStrictEqual([expected]);
});

test('a number is text inside a text', () => {
  const sections = { Parameters: { N: { Type: 'Number', Default: '1.50' } } };
  expect(shown({ 'Fn::Sub': '${N}' }, sections)).toBe('1.50');
});

test('the model keeps what is declared', () => {
  const { model } = resolveProperty(1, {
    Parameters: { P: { Type: 'Number', NoEcho: 'true', Default: '1', AllowedValues: [1, 2] }, Q: { Type: 'String' } },
  });
  expect(model.parameters.get('P')).toMatchObject({
    type: 'Number',
    noEcho: true,
    default: '1',
    allowedValues: [1, 2],
    source: 'default',
    value: 1,
  });
  expect(model.parameters.get('Q')).toMatchObject({
    noEcho: false,
    source: 'none',
    value: undefined,
    allowedValues: undefined,
  });
});

test('Defaults can be left aside, for a stack of which nobody knows what it was given', () => {
  const of = (declaration: Value, parameters: GivenParameters = {}): unknown =>
    shown({ Ref: 'P' }, { Parameters: { P: declaration } }, { parameters, defaults: false });
  expect(of({ Type: 'String', Default: 'a' })).toStrictEqual({ '?': 'parameter' });
  expect(of({ Type: 'String', Default: 'a' }, { P: 'b' })).toBe('b');
  expect(of({ Type: 'String', Default: 'a', AllowedValues: ['a', 'b'] })).toStrictEqual({
    '?': 'parameter',
    'parameter:P=a': 'a',
    'parameter:P=b': 'b',
  });
});
