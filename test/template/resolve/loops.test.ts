/** `Fn::ForEach`, by the examples of its page and beyond them. */
import { resolveTemplate } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { EXTENSIONS, at, codes, show } from './support.js';

function resolved(
  sections: Readonly<Record<string, Value>>,
  parameters: Record<string, string> = {},
): ReturnType<typeof resolveTemplate> {
  return resolveTemplate({ Transform: EXTENSIONS, ...sections }, { parameters });
}

test('replicates a resource for each item of a parameter', () => {
  const { document, diagnostics, model } = resolved(
    {
      Parameters: { pRepoARNs: { Type: 'CommaDelimitedList' } },
      Resources: {
        'Fn::ForEach::Topics': [
          'TopicName',
          { Ref: 'pRepoARNs' },
          {
            'SnsTopic${TopicName}': {
              Type: 'AWS::SNS::Topic',
              Properties: { TopicName: { 'Fn::Join': ['.', [{ Ref: 'TopicName' }, 'fifo']] }, FifoTopic: true },
            },
          },
        ],
      },
    },
    { pRepoARNs: 'Success,Failure' },
  );
  expect(diagnostics).toStrictEqual([]);
  expect(document.value['Resources']).toStrictEqual({
    SnsTopicSuccess: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'Success.fifo', FifoTopic: true } },
    SnsTopicFailure: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'Failure.fifo', FifoTopic: true } },
  });
  expect(model.byType.get('AWS::SNS::Topic')).toStrictEqual(['SnsTopicSuccess', 'SnsTopicFailure']);
  expect(document.sourcePath(['Resources', 'SnsTopicFailure', 'Properties', 'FifoTopic'])).toStrictEqual([
    'Resources',
    'Fn::ForEach::Topics',
    2,
    'SnsTopic${TopicName}',
    'Properties',
    'FifoTopic',
  ]);
});

const NAT = {
  Mappings: { NatGateway: { Condition: { B: 'TwoNatGateways' } } },
  Parameters: { Two: { Type: 'String', AllowedValues: ['true', 'false'] } },
  Conditions: { TwoNatGateways: { 'Fn::Equals': [{ Ref: 'Two' }, 'true'] } },
  Resources: {
    'Fn::ForEach::NatGatewayAndEIP': [
      'Identifier',
      ['A', 'B'],
      {
        'NatGateway${Identifier}': {
          Type: 'AWS::EC2::NatGateway',
          Properties: { AllocationId: { 'Fn::GetAtt': [{ 'Fn::Sub': 'Eip${Identifier}' }, 'AllocationId'] } },
          Condition: {
            'Fn::FindInMap': [
              'NatGateway',
              'Condition',
              { Ref: 'Identifier' },
              { DefaultValue: { Ref: 'AWS::NoValue' } },
            ],
          },
        },
        'Eip${Identifier}': { Type: 'AWS::EC2::EIP' },
      },
    ],
  },
};

test('a condition looked up in a mapping, and references to copies', () => {
  const resolution = resolved(NAT);
  expect(codes(resolution)).toStrictEqual([]);
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    NatGatewayA: {
      Type: 'AWS::EC2::NatGateway',
      Properties: { AllocationId: { 'Fn::GetAtt': ['EipA', 'AllocationId'] } },
    },
    EipA: { Type: 'AWS::EC2::EIP' },
    NatGatewayB: {
      '?': 'condition',
      'condition:TwoNatGateways=true': {
        Type: 'AWS::EC2::NatGateway',
        Properties: { AllocationId: { 'Fn::GetAtt': ['EipB', 'AllocationId'] } },
        Condition: 'TwoNatGateways',
      },
      'condition:TwoNatGateways=false': 'ABSENT',
    },
    EipB: { Type: 'AWS::EC2::EIP' },
  });
});

test('nested loops, in Outputs', () => {
  const { document, diagnostics } = resolved({
    Resources: { 'Fn::ForEach::Buckets': ['Id', ['A', 'B'], { 'S3Bucket${Id}': { Type: 'AWS::S3::Bucket' } }] },
    Outputs: {
      'Fn::ForEach::BucketOutputs': [
        'Id',
        ['A', 'B'],
        {
          'Fn::ForEach::GetAttLoop': [
            'Property',
            ['Arn', 'DomainName'],
            {
              'S3Bucket${Id}${Property}': {
                Value: { 'Fn::GetAtt': [{ 'Fn::Sub': 'S3Bucket${Id}' }, { Ref: 'Property' }] },
              },
            },
          ],
        },
      ],
    },
  });
  expect(diagnostics).toStrictEqual([]);
  expect(document.value['Outputs']).toStrictEqual({
    S3BucketAArn: { Value: { 'Fn::GetAtt': ['S3BucketA', 'Arn'] } },
    S3BucketADomainName: { Value: { 'Fn::GetAtt': ['S3BucketA', 'DomainName'] } },
    S3BucketBArn: { Value: { 'Fn::GetAtt': ['S3BucketB', 'Arn'] } },
    S3BucketBDomainName: { Value: { 'Fn::GetAtt': ['S3BucketB', 'DomainName'] } },
  });
  expect(document.sourcePath(['Outputs', 'S3BucketBArn', 'Value'])).toStrictEqual([
    'Outputs',
    'Fn::ForEach::BucketOutputs',
    2,
    'Fn::ForEach::GetAttLoop',
    2,
    'S3Bucket${Id}${Property}',
    'Value',
  ]);
});

test('loops in Conditions make conditions', () => {
  const { model, diagnostics, document } = resolved(
    {
      Parameters: { ParamA: { Type: 'String' }, ParamB: { Type: 'String' } },
      Conditions: {
        'Fn::ForEach::CheckTrue': [
          'Id',
          ['A', 'B'],
          { 'IsParam${Id}Enabled': { 'Fn::Equals': [{ Ref: { 'Fn::Sub': 'Param${Id}' } }, 'true'] } },
        ],
      },
      Resources: { R: { Type: 'AWS::R', Properties: { P: { 'Fn::If': ['IsParamBEnabled', 1, 2] } } } },
    },
    { ParamA: 'true', ParamB: 'false' },
  );
  expect(diagnostics).toStrictEqual([]);
  expect([model.holds('IsParamAEnabled'), model.holds('IsParamBEnabled')]).toStrictEqual([true, false]);
  expect(at(document.value, ['Resources', 'R', 'Properties', 'P'])).toBe(2);
});

test('loops in properties, with items that are no names', () => {
  const { document, diagnostics } = resolved({
    Resources: {
      R: {
        Type: 'AWS::R',
        Properties: {
          Before: 1,
          'Fn::ForEach::Addresses': [
            'Ip',
            ['10.0.0.1', '10.0.0.2'],
            { 'K&{Ip}': { Value: '${Ip}', Ref: { Ref: 'Ip' } } },
          ],
          After: 2,
        },
      },
    },
  });
  expect(diagnostics).toStrictEqual([]);
  expect(at(document.value, ['Resources', 'R', 'Properties'])).toStrictEqual({
    Before: 1,
    K10001: { Value: '10.0.0.1', Ref: '10.0.0.1' },
    K10002: { Value: '10.0.0.2', Ref: '10.0.0.2' },
    After: 2,
  });
  expect(document.sourcePath(['Resources', 'R', 'Properties', 'K10002', 'Value'])).toStrictEqual([
    'Resources',
    'R',
    'Properties',
    'Fn::ForEach::Addresses',
    2,
    'K&{Ip}',
    'Value',
  ]);
  expect(document.sourcePath(['Resources', 'R', 'Properties', 'After'])).toStrictEqual([
    'Resources',
    'R',
    'Properties',
    'After',
  ]);
});

const OPEN_LOOP = {
  Parameters: { Names: { Type: 'CommaDelimitedList' } },
  Resources: {
    Fixed: { Type: 'AWS::S3::Bucket' },
    'Fn::ForEach::Buckets': ['Id', { Ref: 'Names' }, { 'B${Id}': { Type: 'AWS::S3::Bucket' } }],
  },
  Outputs: { O: { Value: { Ref: 'BFirst' } } },
};

test('a loop over a list that is not known is an entry of unknown type', () => {
  const resolution = resolved(OPEN_LOOP);
  expect(codes(resolution)).toStrictEqual([]);
  expect(resolution.model.untyped).toStrictEqual(['Fn::ForEach::Buckets']);
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    Fixed: { Type: 'AWS::S3::Bucket' },
    'Fn::ForEach::Buckets': { '?': 'parameter' },
  });
  // What the loop makes may be what is referred to.
  expect(show(resolution, resolution.document.value['Outputs'])).toStrictEqual({ O: { Value: { '?': 'macro' } } });
});

test('in properties such a loop makes the map unknown that holds it', () => {
  const resolution = resolved({
    Parameters: { Names: { Type: 'CommaDelimitedList' } },
    Resources: {
      R: { Type: 'AWS::R', Properties: { A: { 'Fn::ForEach::L': ['Id', { Ref: 'Names' }, { 'k${Id}': 1 }] }, B: 2 } },
    },
  });
  expect(show(resolution, at(resolution.document.value, ['Resources', 'R', 'Properties']))).toStrictEqual({
    A: { '?': 'parameter' },
    B: 2,
  });
});

test('a loop whose list hangs on a parameter with allowed values is tried', () => {
  const resolution = resolved({
    Parameters: { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
    Mappings: { Ports: { dev: { List: ['80'] }, prod: { List: ['80', '443'] } } },
    Resources: {
      R: {
        Type: 'AWS::R',
        Properties: {
          A: {
            'Fn::ForEach::L': [
              'Id',
              { 'Fn::FindInMap': ['Ports', { Ref: 'Stage' }, 'List'] },
              { 'Port${Id}': { Ref: 'Id' } },
            ],
          },
        },
      },
    },
  });
  expect(show(resolution, at(resolution.document.value, ['Resources', 'R', 'Properties', 'A']))).toStrictEqual({
    '?': 'parameter',
    'parameter:Stage=dev': { Port80: '80' },
    'parameter:Stage=prod': { Port80: '80', Port443: '443' },
  });
});

test('among the resources each copy of such a loop is there under some values', () => {
  const resolution = resolved({
    Parameters: { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
    Mappings: { Names: { dev: { List: ['A'] }, prod: { List: ['A', 'B'] } } },
    Resources: {
      'Fn::ForEach::L': [
        'Id',
        { 'Fn::FindInMap': ['Names', { Ref: 'Stage' }, 'List'] },
        { 'Bucket${Id}': { Type: 'AWS::S3::Bucket', Properties: { Stage: { Ref: 'Stage' } } } },
      ],
      R: { Type: 'AWS::R', Properties: { P: { Ref: 'BucketB' } } },
    },
  });
  expect(codes(resolution)).toStrictEqual([]);
  const bucket = (Stage: string): Value => ({ Type: 'AWS::S3::Bucket', Properties: { Stage } });
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    BucketA: { '?': 'condition', 'parameter:Stage=dev': bucket('dev'), 'parameter:Stage=prod': bucket('prod') },
    BucketB: { '?': 'condition', 'parameter:Stage=dev': 'ABSENT', 'parameter:Stage=prod': bucket('prod') },
    R: { Type: 'AWS::R', Properties: { P: { Ref: 'BucketB' } } },
  });
  expect(resolution.model.byType.get('AWS::S3::Bucket')).toStrictEqual(['BucketA', 'BucketB']);
  expect(resolution.model.untyped).toStrictEqual([]);
  expect(resolution.document.sourcePath(['Resources', 'BucketB', 'Properties', 'Stage'])).toStrictEqual([
    'Resources',
    'Fn::ForEach::L',
    2,
    'Bucket${Id}',
    'Properties',
    'Stage',
  ]);
});

test.each<readonly [name: string, loop: Value, code: string]>([
  ['no list', 'x', 'TPL3004'],
  ['two parts', ['Id', ['A']], 'TPL3004'],
  ['a collection that is text', ['Id', 'A', { 'B${Id}': {} }], 'TPL3014'],
  ['an item that is a map', ['Id', [{ a: 1 }], { 'B${Id}': {} }], 'TPL3014'],
  ['a key without the identifier', ['Id', ['A', 'B'], { Same: { Type: 'AWS::R' } }], 'TPL3014'],
])('%s is told and is unknown', (_name, loop, code) => {
  const resolution = resolved({ Resources: { 'Fn::ForEach::L': loop } });
  expect(resolution.diagnostics.map((one) => one.code)).toStrictEqual([code]);
  expect(resolution.model.untyped).toStrictEqual(['Fn::ForEach::L']);
});

test('loops need the transform', () => {
  const { diagnostics } = resolveTemplate({
    Resources: { 'Fn::ForEach::L': ['Id', ['A'], { 'B${Id}': { Type: 'AWS::R' } }] },
  });
  expect(diagnostics.map((one) => one.code)).toStrictEqual(['TPL3013']);
});

test('loops that would make millions of copies stop', () => {
  const items = Array.from({ length: 200 }, (_, index) => `i${index}`);
  const nest = (depth: number, key: string): ValueMap =>
    depth === 0
      ? { [key]: { Type: 'AWS::R' } }
      : { [`Fn::ForEach::L${depth}`]: [`X${depth}`, items, nest(depth - 1, `${key}\${X${depth}}`)] };
  const resolution = resolved({ Resources: nest(3, 'K') });
  expect(resolution.diagnostics.map((one) => one.code)).toContain('TPL3014');
  expect(resolution.document.hasUnknowns).toBe(true);
});

test('a loop among the attributes of a resource is told', () => {
  const resolution = resolved({
    Resources: { R: { Type: 'AWS::R', 'Fn::ForEach::L': ['Id', ['A'], { 'B${Id}': 1 }] } },
  });
  expect(codes(resolution)).toStrictEqual(['TPL3014 Resources/R']);
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({ R: { '?': 'invalid' } });
});

test('what the items do not change is shared with the fragment', () => {
  const policy = { Statement: [{ Effect: 'Deny' }] };
  const { document } = resolved({
    Resources: {
      'Fn::ForEach::L': [
        'Id',
        ['A', 'B'],
        { 'B${Id}': { Type: 'AWS::R', Properties: { Name: '${Id}', Policy: policy } } },
      ],
    },
  });
  expect(at(document.value, ['Resources', 'BA', 'Properties', 'Policy'])).toBe(policy);
  expect(at(document.value, ['Resources', 'BB', 'Properties', 'Policy'])).toBe(policy);
});

describe('a loop with several identifiers', () => {
  const loop = (named: Value, items: Value): ReturnType<typeof resolveTemplate> =>
    resolved({
      Resources: {
        'Fn::ForEach::L': [
          named,
          items,
          { 'R${A}': { Type: 'AWS::R', Properties: { P: { Ref: 'B' }, Q: '${A}-${B}' } } },
        ],
      },
    });
  const R = (P: string, Q: string): Value => ({ Type: 'AWS::R', Properties: { P, Q } });

  test.each<[string, Value]>([
    [
      'lists of items',
      [
        ['x', 'one'],
        ['y', 2],
      ],
    ],
    ['the keys and values of a map', { x: 'one', y: 2 }],
  ])('takes %s', (_, items) => {
    const resolution = loop(['A', 'B'], items);
    expect(resolution.diagnostics).toStrictEqual([]);
    expect(resolution.document.value['Resources']).toStrictEqual({ Rx: R('one', 'x-one'), Ry: R('2', 'y-2') });
  });

  test.each<[string, Value, Value, string]>([
    ['a map and three identifiers', ['A', 'B', 'C'], { x: 1 }, 'TPL3014'],
    ['lists of another length', ['A', 'B'], [['x', 'y', 'z']], 'TPL3014'],
    ['items that are no lists', ['A', 'B'], ['x', 'y'], 'TPL3014'],
    ['a text for its items', ['A', 'B'], 'x', 'TPL3014'],
    ['identifiers that are no texts', [1, 2], [['x', 'y']], 'TPL3004'],
    ['a list of one identifier', ['A'], [['x']], 'TPL3004'],
    ['one identifier and a map', 'A', { x: 1 }, 'TPL3014'],
  ])('does not take %s', (_, named, items, code) => {
    expect(loop(named, items).diagnostics.map((one) => one.code)).toStrictEqual([code]);
  });
});
