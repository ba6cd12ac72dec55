/** Each function by the examples of its page in the CloudFormation Template Reference Guide, and by its edges. */
import { Float } from '../../../template/index.js';
import type { Value } from '../../../template/index.js';
import { codes, resolveProperty, shown } from './support.js';

const PARAMETERS = {
  Env: { Type: 'String', Default: 'prod' },
  Count: { Type: 'Number', Default: '3' },
  Blocks: { Type: 'CommaDelimitedList', Default: '10.0.48.0/24, 10.0.112.0/24, 10.0.176.0/24' },
  Secret: { Type: 'String', NoEcho: true },
  Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
};
const MAPPINGS = {
  RegionMap: {
    'us-east-1': { HVM64: 'ami-east', Zones: ['a', 'b'] },
    'eu-west-1': { HVM64: 'ami-west', Zones: ['c'] },
  },
  Stages: { dev: { Size: 1 }, prod: { Size: 9 } },
  Small: { dev: { Size: 1 } },
};
const SECTIONS = {
  Parameters: PARAMETERS,
  Mappings: MAPPINGS,
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
    IsOpen: { 'Fn::Equals': [{ Ref: 'Secret' }, ''] },
  },
};
const REGION = { region: 'us-east-1', accountId: '111122223333' };

function check(written: Value, expected: unknown): void {
  expect(shown(written, SECTIONS, REGION)).toStrictEqual(expected);
}

describe.each<readonly [name: string, written: Value, expected: unknown]>([
  // intrinsic-function-reference-ref.html
  ['Ref to a parameter', { Ref: 'Env' }, 'prod'],
  ['Ref to a number is a number', { Ref: 'Count' }, 3],
  ['Ref to a list is a list', { Ref: 'Blocks' }, ['10.0.48.0/24', '10.0.112.0/24', '10.0.176.0/24']],
  ['Ref to a resource stays', { Ref: 'Bucket' }, { Ref: 'Bucket' }],
  ['Ref to a parameter without value', { Ref: 'Secret' }, { '?': 'parameter' }],
  ['Ref to a function (language extension)', { Ref: { 'Fn::Sub': 'Buc${Part}' } }, { '?': 'invalid' }],
  ['Ref to a name put together', { Ref: { 'Fn::Join': ['', ['Buck', 'et']] } }, { Ref: 'Bucket' }],
  // pseudo-parameter-reference.html
  ['the Region', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['the account', { Ref: 'AWS::AccountId' }, '111122223333'],
  ['the partition follows from the Region', { Ref: 'AWS::Partition' }, 'aws'],
  ['the URL suffix follows from the Region', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  ['the stack is not known', { Ref: 'AWS::StackName' }, { '?': 'pseudoParameter' }],
  ['no value removes an item', ['a', { Ref: 'AWS::NoValue' }, 'b'], ['a', 'b']],
  ['no value removes a key', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
  // intrinsic-function-reference-getatt.html
  ['GetAtt stays', { 'Fn::GetAtt': ['Key', 'Arn'] }, { 'Fn::GetAtt': ['Key', 'Arn'] }],
  ['GetAtt as one string stays', { 'Fn::GetAtt': 'Key.Arn' }, { 'Fn::GetAtt': 'Key.Arn' }],
  ['GetAtt with a known attribute name', { 'Fn::GetAtt': ['Key', { Ref: 'Env' }] }, { 'Fn::GetAtt': ['Key', 'prod'] }],
  // intrinsic-function-reference-sub.html
  ['Sub', { 'Fn::Sub': 'a-${Env}-${Count}-${AWS::Region}' }, 'a-prod-3-us-east-1'],
  ['Sub without variables', { 'Fn::Sub': 'plain' }, 'plain'],
  ['Sub with a map', { 'Fn::Sub': ['www.${Domain}.${Env}', { Domain: { Ref: 'Env' } }] }, 'www.prod.prod'],
  ['Sub: the map wins over parameters', { 'Fn::Sub': ['${Env}', { Env: 'own' }] }, 'own'],
  ['Sub: a literal', { 'Fn::Sub': '${!Literal} ${!Env} $Env ${Env}' }, '${Literal} ${Env} $Env prod'],
  ['Sub: an open brace is text', { 'Fn::Sub': 'a ${Env' }, 'a ${Env'],
  ['Sub of a resource', { 'Fn::Sub': 'x-${Bucket}' }, { '?': 'attribute' }],
  ['Sub of an attribute', { 'Fn::Sub': '${Bucket.Arn}/*' }, { '?': 'attribute' }],
  ['Sub that is one reference', { 'Fn::Sub': '${Bucket}' }, { Ref: 'Bucket' }],
  ['Sub that is one attribute', { 'Fn::Sub': '${Key.Arn}' }, { 'Fn::GetAtt': ['Key', 'Arn'] }],
  [
    'Sub that is one variable',
    { 'Fn::Sub': ['${K}', { K: { 'Fn::GetAtt': ['Key', 'Arn'] } }] },
    { 'Fn::GetAtt': ['Key', 'Arn'] },
  ],
  ['Sub of a list', { 'Fn::Sub': '${Blocks}' }, { '?': 'invalid' }],
  [
    'Sub of a parameter with allowed values',
    { 'Fn::Sub': '${Stage}-${Env}' },
    { '?': 'parameter', 'parameter:Stage=dev': 'dev-prod', 'parameter:Stage=prod': 'prod-prod' },
  ],
  ['Sub of one that has, and one that never has a value', { 'Fn::Sub': '${Stage}-${Bucket}' }, { '?': 'attribute' }],
  // intrinsic-function-reference-join.html
  ['Join', { 'Fn::Join': [':', ['a', 'b', 'c']] }, 'a:b:c'],
  ['Join of numbers and booleans', { 'Fn::Join': ['', ['a', 1, true, new Float(1)]] }, 'a1true1.0'],
  ['Join of a list parameter', { 'Fn::Join': ['|', { Ref: 'Blocks' }] }, '10.0.48.0/24|10.0.112.0/24|10.0.176.0/24'],
  ['Join of nothing', { 'Fn::Join': [',', []] }, ''],
  ['Join leaves out no value', { 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a,b'],
  ['Join with a resource', { 'Fn::Join': ['', ['arn:', { Ref: 'Bucket' }]] }, { '?': 'attribute' }],
  ['Join of one resource', { 'Fn::Join': ['', [{ Ref: 'Bucket' }]] }, { Ref: 'Bucket' }],
  ['Join of a list attribute', { 'Fn::Join': [',', { 'Fn::GetAtt': ['Key', 'Names'] }] }, { '?': 'attribute' }],
  ['Join of a list', { 'Fn::Join': [',', [['a']]] }, { '?': 'invalid' }],
  // intrinsic-function-reference-select.html
  ['Select', { 'Fn::Select': ['1', ['apples', 'grapes', 'oranges', 'mangoes']] }, 'grapes'],
  ['Select from a parameter', { 'Fn::Select': [0, { Ref: 'Blocks' }] }, '10.0.48.0/24'],
  ['Select with a parameter as index', { 'Fn::Select': [{ Ref: 'Count' }, ['a', 'b', 'c', 'd']] }, 'd'],
  ['Select of a resource', { 'Fn::Select': [1, ['a', { Ref: 'Bucket' }]] }, { Ref: 'Bucket' }],
  ['Select beside an unknown', { 'Fn::Select': [1, [{ Ref: 'Secret' }, 'b']] }, 'b'],
  ['Select beyond the end', { 'Fn::Select': [2, ['a', 'b']] }, { '?': 'invalid' }],
  ['Select of null', { 'Fn::Select': [0, [null]] }, { '?': 'invalid' }],
  ['Select from an attribute', { 'Fn::Select': [0, { 'Fn::GetAtt': ['Key', 'Names'] }] }, { '?': 'attribute' }],
  [
    'Select behind an item that may be absent',
    { 'Fn::Select': [0, [{ 'Fn::If': ['IsOpen', 'a', { Ref: 'AWS::NoValue' }] }, 'b']] },
    { '?': 'condition', 'condition:IsOpen=true': 'a', 'condition:IsOpen=false': 'b' },
  ],
  // intrinsic-function-reference-split.html
  ['Split', { 'Fn::Split': ['|', 'a|b||c'] }, ['a', 'b', '', 'c']],
  ['Split of a computed text', { 'Fn::Select': [1, { 'Fn::Split': ['-', { 'Fn::Sub': 'x-${Env}' }] }] }, 'prod'],
  ['Split of an unknown text', { 'Fn::Split': ['-', { Ref: 'Secret' }] }, { '?': 'parameter' }],
  // intrinsic-function-reference-findinmap.html and …-enhancements.html
  ['FindInMap', { 'Fn::FindInMap': ['RegionMap', { Ref: 'AWS::Region' }, 'HVM64'] }, 'ami-east'],
  ['FindInMap of a list', { 'Fn::FindInMap': ['RegionMap', 'eu-west-1', 'Zones'] }, ['c']],
  [
    'FindInMap with a default not needed',
    { 'Fn::FindInMap': ['RegionMap', 'us-east-1', 'HVM64', { DefaultValue: 'x' }] },
    'ami-east',
  ],
  [
    'FindInMap with a default',
    { 'Fn::FindInMap': ['RegionMap', 'xx', 'HVM64', { DefaultValue: { Ref: 'Env' } }] },
    'prod',
  ],
  [
    'FindInMap with a default of no value',
    [{ 'Fn::FindInMap': ['No', 'xx', 'y', { DefaultValue: { Ref: 'AWS::NoValue' } }] }],
    [],
  ],
  ['FindInMap of a missing key', { 'Fn::FindInMap': ['RegionMap', 'xx', 'HVM64'] }, { '?': 'invalid' }],
  ['FindInMap of a missing second key', { 'Fn::FindInMap': ['RegionMap', 'us-east-1', 'xx'] }, { '?': 'invalid' }],
  ['FindInMap of a missing mapping', { 'Fn::FindInMap': ['No', 'us-east-1', 'xx'] }, { '?': 'invalid' }],
  [
    'FindInMap by a name put together',
    { 'Fn::FindInMap': [{ 'Fn::Join': ['', ['Region', 'Map']] }, 'us-east-1', 'HVM64'] },
    'ami-east',
  ],
  [
    'FindInMap by a parameter with allowed values',
    { 'Fn::FindInMap': ['Stages', { Ref: 'Stage' }, 'Size'] },
    { '?': 'parameter', 'parameter:Stage=dev': 1, 'parameter:Stage=prod': 9 },
  ],
  [
    'FindInMap by a parameter that must be a key',
    { 'Fn::FindInMap': ['Stages', { Ref: 'Secret' }, 'Size'] },
    { '?': 'mapping', 'parameter:Secret=dev': 1, 'parameter:Secret=prod': 9 },
  ],
  [
    'FindInMap by a parameter with allowed values, with a default of no value',
    { 'Fn::FindInMap': ['Small', { Ref: 'Stage' }, 'Size', { DefaultValue: { Ref: 'AWS::NoValue' } }] },
    { '?': 'condition', 'parameter:Stage=dev': 1, 'parameter:Stage=prod': 'ABSENT' },
  ],
  [
    'FindInMap in two mappings by a parameter that must be a key of both',
    {
      'Fn::Join': [
        '',
        [
          { 'Fn::FindInMap': ['Stages', { Ref: 'Secret' }, 'Size'] },
          { 'Fn::FindInMap': ['Small', { Ref: 'Secret' }, 'Size'] },
        ],
      ],
    },
    { '?': 'mapping', 'parameter:Secret=dev': '11' },
  ],
  [
    'FindInMap by any parameter, with a default',
    { 'Fn::FindInMap': ['Stages', { Ref: 'Secret' }, 'Size', { DefaultValue: 0 }] },
    { '?': 'parameter' },
  ],
  // intrinsic-function-reference-conditions.html
  ['If true', { 'Fn::If': ['IsProd', 'yes', 'no'] }, 'yes'],
  ['If with a function inside', { 'Fn::If': ['IsProd', { Ref: 'Count' }, 'no'] }, 3],
  [
    'If not decided',
    { 'Fn::If': ['IsOpen', { a: [{ Ref: 'Env' }] }, { Ref: 'AWS::NoValue' }] },
    { '?': 'condition', 'condition:IsOpen=true': { a: ['prod'] }, 'condition:IsOpen=false': 'ABSENT' },
  ],
  ['If of a condition that is not defined', { 'Fn::If': ['Nope', 1, 2] }, { '?': 'invalid' }],
  // intrinsic-function-reference-importvalue.html
  ['ImportValue', { 'Fn::ImportValue': 'shared-key' }, { '?': 'import' }],
  ['ImportValue put together', { 'Fn::ImportValue': { 'Fn::Sub': '${Stage}-key' } }, { '?': 'import' }],
  // intrinsic-function-reference-getstackoutput.html
  ['GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'net', OutputName: 'VpcId' } }, { '?': 'import' }],
  [
    'GetStackOutput of another account',
    { 'Fn::GetStackOutput': { StackName: { Ref: 'Env' }, OutputName: 'A', Region: 'eu-west-1', RoleArn: 'arn:r' } },
    { '?': 'import' },
  ],
  // intrinsic-function-reference-base64.html
  ['Base64', { 'Fn::Base64': 'AWS CloudFormation' }, 'QVdTIENsb3VkRm9ybWF0aW9u'],
  ['Base64 is of UTF-8', { 'Fn::Base64': 'ü€😀' }, 'w7zigqzwn5iA'],
  ['Base64 of a function', { 'Fn::Base64': { 'Fn::Sub': '${Env}' } }, 'cHJvZA=='],
  // intrinsic-function-reference-cidr.html
  [
    'Cidr',
    { 'Fn::Cidr': ['192.168.0.0/24', '6', '5'] },
    ['192.168.0.0/27', '192.168.0.32/27', '192.168.0.64/27', '192.168.0.96/27', '192.168.0.128/27', '192.168.0.160/27'],
  ],
  ['Cidr, selected', { 'Fn::Select': [1, { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }] }, '10.0.1.0/24'],
  ['Cidr starts at the network', { 'Fn::Cidr': ['10.0.0.77/24', 1, 4] }, ['10.0.0.0/28']],
  [
    'Cidr of IPv6',
    { 'Fn::Cidr': ['2001:db8:1234:1a00::/56', 2, 64] },
    ['2001:db8:1234:1a00::/64', '2001:db8:1234:1a01::/64'],
  ],
  ['Cidr that does not fit', { 'Fn::Cidr': ['192.168.0.0/24', 9, 5] }, { '?': 'invalid' }],
  ['Cidr of too many', { 'Fn::Cidr': ['10.0.0.0/8', 257, 5] }, { '?': 'invalid' }],
  ['Cidr of no block', { 'Fn::Cidr': ['10.0.0/8', 1, 5] }, { '?': 'invalid' }],
  ['Cidr of an attribute', { 'Fn::Cidr': [{ 'Fn::GetAtt': ['Key', 'CidrBlock'] }, 1, 8] }, { '?': 'attribute' }],
  // intrinsic-function-reference-getavailabilityzones.html
  ['GetAZs', { 'Fn::GetAZs': '' }, { '?': 'pseudoParameter' }],
  ['GetAZs, selected', { 'Fn::Select': [0, { 'Fn::GetAZs': { Ref: 'AWS::Region' } }] }, { '?': 'pseudoParameter' }],
  // intrinsic-function-reference-length.html
  ['Length', { 'Fn::Length': ['a', { Ref: 'Bucket' }, { Ref: 'Secret' }] }, 3],
  ['Length of a parameter', { 'Fn::Length': { Ref: 'Blocks' } }, 3],
  ['Length of a split', { 'Fn::Length': { 'Fn::Split': ['|', 'a|b'] } }, 2],
  [
    'Length of a list with an item that may be absent',
    { 'Fn::Length': ['a', { 'Fn::If': ['IsOpen', 'b', { Ref: 'AWS::NoValue' }] }] },
    { '?': 'condition', 'condition:IsOpen=true': 2, 'condition:IsOpen=false': 1 },
  ],
  // intrinsic-function-reference-ToJsonString.html
  [
    'ToJsonString',
    {
      'Fn::ToJsonString': {
        key1: 'value1',
        key2: { Ref: 'Env' },
        n: [1, new Float(2), true, null, 12345678901234567890n],
      },
    },
    '{"key1":"value1","key2":"prod","n":[1,2.0,true,null,12345678901234567890]}',
  ],
  ['ToJsonString without what has no value', { 'Fn::ToJsonString': { a: { Ref: 'AWS::NoValue' }, b: 1 } }, '{"b":1}'],
  ['ToJsonString with a resource', { 'Fn::ToJsonString': { a: { Ref: 'Bucket' } } }, { '?': 'attribute' }],
  // aws-resource-… and macros
  ['Transform', { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://a/b' } } }, { '?': 'macro' }],
  ['Transform beside other keys', { 'Fn::Transform': { Name: 'M' }, Other: 1 }, { '?': 'macro' }],
  // What looks like a function and is none
  ['a Condition of a policy', { Condition: 'IsProd' }, { Condition: 'IsProd' }],
  ['Ref beside another key', { Ref: 'Env', Other: 1 }, { Ref: 'Env', Other: 1 }],
  ['a function that does not exist', { 'Fn::Nope': 1 }, { '?': 'invalid' }],
  ['a condition function where a value is wanted', { 'Fn::Equals': ['a', 'a'] }, { '?': 'invalid' }],
  ['a function beside another key', { 'Fn::Sub': 'a', Other: 1 }, { '?': 'invalid' }],
])('%s', (_name, written, expected) => {
  test('is resolved', () => {
    check(written, expected);
  });
});

test('a text that is known in part keeps its pieces', () => {
  const pieces = (written: Value): unknown => {
    const { document, value } = resolveProperty(written, SECTIONS, REGION);
    return document.unknownAt(value!)?.pieces;
  };
  expect(pieces({ 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${Bucket}/${Env}/*' })).toStrictEqual([
    'arn:aws:s3:::',
    null,
    '/prod/*',
  ]);
  expect(pieces({ 'Fn::Join': ['/', [{ 'Fn::Sub': 'a${Bucket}b' }, { Ref: 'Secret' }, 'c']] })).toStrictEqual([
    'a',
    null,
    'b/',
    null,
    '/c',
  ]);
  expect(pieces({ Ref: 'Secret' })).toBeUndefined();
});

test('what the caller knows of the world is used', () => {
  const world = {
    ...REGION,
    exports: { 'shared-key': 'arn:x' },
    availabilityZones: { 'us-east-1': ['us-east-1a', 'us-east-1b'] },
  };
  expect(shown({ 'Fn::ImportValue': { 'Fn::Sub': 'shared-key' } }, SECTIONS, world)).toBe('arn:x');
  expect(shown({ 'Fn::Select': ['1', { 'Fn::GetAZs': '' }] }, SECTIONS, world)).toBe('us-east-1b');
  expect(shown({ 'Fn::GetAZs': 'eu-west-1' }, SECTIONS, world)).toStrictEqual({ '?': 'pseudoParameter' });
  expect(
    shown({ 'Fn::Sub': '${AWS::StackName}/${AWS::URLSuffix}' }, {}, { stackName: 's', region: 'cn-north-1' }),
  ).toBe('s/amazonaws.com.cn');
  expect(shown({ Ref: 'AWS::Partition' }, {}, { partition: 'aws-us-gov' })).toBe('aws-us-gov');
  expect(shown({ Ref: 'AWS::NotificationARNs' }, {}, { notificationArns: ['arn:t'] })).toStrictEqual(['arn:t']);
});

test('without a Region each partition is possible', () => {
  const value = shown({ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/X ${AWS::URLSuffix}' }) as Record<
    string,
    unknown
  >;
  expect(value['?']).toBe('pseudoParameter');
  expect(value['parameter:AWS::Partition=aws-cn']).toBe('arn:aws-cn:iam::aws:policy/X amazonaws.com.cn');
});

test('a dynamic reference stays, and is unknown', () => {
  const { document, value } = resolveProperty('{{resolve:secretsmanager:db:SecretString:password}}');
  expect(value).toBe('{{resolve:secretsmanager:db:SecretString:password}}');
  expect(document.unknownAt(value!)?.kind).toBe('dynamicReference');
  expect(document.unknownAt('{{resolve}}')).toBeUndefined();
});

describe.each<readonly [name: string, written: Value]>([
  ['Ref', 1],
  ['Ref', ''],
  ['Fn::Base64', ['a']],
  ['Fn::Cidr', ['10.0.0.0/8']],
  ['Fn::FindInMap', ['RegionMap', 'a']],
  ['Fn::FindInMap', ['RegionMap', 'a', 'b', 'c']],
  ['Fn::GetAtt', 'Bucket'],
  ['Fn::GetAtt', ['Bucket']],
  ['Fn::GetAZs', []],
  ['Fn::If', ['IsProd', 'yes']],
  ['Fn::If', [true, 'yes', 'no']],
  ['Fn::ImportValue', []],
  ['Fn::GetStackOutput', 'a'],
  ['Fn::GetStackOutput', { StackName: 'a' }],
  ['Fn::GetStackOutput', { StackName: 'a', OutputName: 'b', Other: 'c' }],
  ['Fn::Join', ['a', 'b']],
  ['Fn::Join', [{ Ref: 'Env' }, ['b']]],
  ['Fn::Length', 'a'],
  ['Fn::Select', ['x', ['a']]],
  ['Fn::Select', [-1, ['a']]],
  ['Fn::Split', ['', 'a']],
  ['Fn::Sub', [{ Ref: 'Env' }, {}]],
  ['Fn::Sub', ['a', 'b']],
  ['Fn::Sub', 1],
  ['Fn::ToJsonString', 'a'],
  ['Fn::Transform', 'a'],
])('%s of %j', (name, argument) => {
  test('is told as malformed and is unknown', () => {
    const resolution = resolveProperty({ [name]: argument }, SECTIONS, REGION);
    expect(codes(resolution)).toStrictEqual(['TPL3004 Resources/R/Properties/P']);
    expect(resolution.document.unknownAt(resolution.value!)?.kind).toBe('invalid');
  });
});

test.each<readonly [written: Value, expected: string]>([
  [{ Ref: 'Nope' }, 'TPL3001 Resources/R/Properties/P'],
  [{ a: [{ 'Fn::Sub': '${Nope}' }] }, 'TPL3001 Resources/R/Properties/P/a/0'],
  [{ 'Fn::Sub': '${Nope.Arn}' }, 'TPL3002 Resources/R/Properties/P'],
  [{ 'Fn::GetAtt': ['Env', 'Arn'] }, 'TPL3002 Resources/R/Properties/P'],
  [{ 'Fn::Nope': 1 }, 'TPL3005 Resources/R/Properties/P'],
  [{ 'Fn::If': ['Nope', 1, 2] }, 'TPL3006 Resources/R/Properties/P'],
  [{ 'Fn::FindInMap': ['RegionMap', 'xx', 'y'] }, 'TPL3009 Resources/R/Properties/P'],
  [{ 'Fn::Select': [1, ['a']] }, 'TPL3010 Resources/R/Properties/P'],
  [{ 'Fn::Contains': [['a'], 'a'] }, 'TPL3017 Resources/R/Properties/P'],
  [{ 'Fn::Sub': '${Blocks}' }, 'TPL3018 Resources/R/Properties/P'],
  [{ 'Fn::If': ['IsProd', 'x', { Ref: 'Nope' }] }, 'TPL3001 Resources/R/Properties/P/Fn::If/2'],
  [{ 'Fn::If': ['IsOpen', { 'Fn::FindInMap': ['No', 'a', 'b'] }, 1] }, 'TPL3009 Resources/R/Properties/P/Fn::If/1'],
])('%j is told', (written, expected) => {
  expect(codes(resolveProperty(written, SECTIONS, REGION))).toStrictEqual([expected]);
});

test('the help offers the name that was meant', () => {
  expect(resolveProperty({ Ref: 'Bukcet' }).diagnostics[0]?.help).toBe('did you mean `Bucket`?');
});

test('an attribute that the type does not have is told, and stays a reference', () => {
  const attributes = (type: string): readonly string[] | undefined =>
    type === 'AWS::KMS::Key' ? ['Arn', 'KeyId'] : undefined;
  const told = (written: Value): string[] => codes(resolveProperty(written, {}, { attributes }));
  expect(told({ 'Fn::GetAtt': ['Key', 'Arm'] })).toStrictEqual(['TPL3003 Resources/R/Properties/P']);
  expect(told({ 'Fn::Sub': 'x${Key.Arm}' })).toStrictEqual(['TPL3003 Resources/R/Properties/P']);
  expect(told({ 'Fn::GetAtt': ['Key', 'Arn'] })).toStrictEqual([]);
  expect(told({ 'Fn::GetAtt': ['Bucket', 'Any'] })).toStrictEqual([]);
});

test('functions of the language extensions ask for the transform', () => {
  const told = (written: Value): string[] =>
    codes(resolveProperty(written, { Transform: 'AWS::Serverless-2016-10-31' }));
  expect(told({ 'Fn::Length': ['a'] })).toStrictEqual(['TPL3013 Resources/R/Properties/P']);
  expect(told({ 'Fn::ToJsonString': {} })).toStrictEqual(['TPL3013 Resources/R/Properties/P']);
  expect(told({ Ref: { 'Fn::Sub': 'Bucket' } })).toStrictEqual(['TPL3013 Resources/R/Properties/P']);
});

describe('what would decide a text of several values', () => {
  const decidedBy = (text: Value): readonly string[] | undefined => {
    const { document, value } = resolveProperty(text, { Parameters: { A: { Type: 'String' }, B: { Type: 'String' } } });
    return document.unknownAt(value!)?.parameters;
  };

  it.each<[string, Value, readonly string[]]>([
    ['all parameters', { 'Fn::Sub': '${A}-${B}-${AWS::Region}' }, ['A', 'B', 'AWS::Region']],
    ['nothing, when a part is known only at deployment', { 'Fn::Sub': '${A}-${Bucket}' }, []],
    ['nothing, when an import is part of it', { 'Fn::Join': ['-', [{ 'Fn::ImportValue': 'x' }, { Ref: 'A' }]] }, []],
  ])('%s', (_, text, parameters) => {
    expect(decidedBy(text)).toStrictEqual(parameters);
  });
});
