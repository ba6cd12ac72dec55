/** Whole templates: what is a template, macros, modules, circles, depth, and what is shared. */
import { Float, KEY_ORDER, keysOf, resolveTemplate } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { at, codes, show } from './support.js';

test('a document without a Resources map is no template and is returned as it is', () => {
  for (const written of [{}, { Resources: [] }, { Parameters: { P: {} }, x: { Ref: 'P' } }] as ValueMap[]) {
    const { document, model } = resolveTemplate(written);
    expect(document.value).toBe(written);
    expect(model.isTemplate).toBe(false);
    expect(document.sourcePath(['a', 0])).toStrictEqual(['a', 0]);
    expect(document.feasible(new Map([['condition:C', true]]))).toBe(true);
  }
});

test('parts without functions keep their identity', () => {
  const shared = { A: [{ B: 1 }] };
  const written: ValueMap = {
    Description: 'd',
    Metadata: { M: { Ref: 'Nope' } },
    Resources: {
      R: { Type: 'AWS::R', Properties: { Shared: shared, P: { Ref: 'AWS::Region' } } },
      S: { Type: 'AWS::S', Properties: shared },
    },
  };
  const { document, diagnostics } = resolveTemplate(written, { region: 'us-east-1' });
  expect(diagnostics).toStrictEqual([]);
  expect(document.value['Metadata']).toBe(written['Metadata']);
  expect(at(document.value, ['Resources', 'S'])).toBe(at(written, ['Resources', 'S']));
  expect(at(document.value, ['Resources', 'R', 'Properties', 'Shared'])).toBe(shared);
  expect(at(document.value, ['Resources', 'R', 'Properties', 'P'])).toBe('us-east-1');
  expect(at(written, ['Resources', 'R', 'Properties', 'P'])).toStrictEqual({ Ref: 'AWS::Region' });
});

test('an unknown is the map that was written, known by identity', () => {
  const ref = { Ref: 'Open' };
  const other = { Ref: 'Open' };
  const { document } = resolveTemplate({
    Parameters: { Open: { Type: 'String' } },
    Resources: { R: { Type: 'AWS::R', Properties: { P: ref } } },
  });
  expect(at(document.value, ['Resources', 'R', 'Properties', 'P'])).toBe(ref);
  expect(document.unknownAt(ref)?.kind).toBe('parameter');
  expect(document.unknownAt(other)).toBeUndefined();
});

test('one value used in two places (an anchor) is one unknown', () => {
  const anchored = { Sub: { 'Fn::Sub': 'x-${Open}' } };
  const { document } = resolveTemplate({
    Parameters: { Open: { Type: 'String', AllowedValues: ['a', 'b'] } },
    Resources: { R: { Type: 'AWS::R', Properties: anchored }, S: { Type: 'AWS::S', Properties: anchored } },
  });
  const [left, right] = ['R', 'S'].map((id) => at(document.value, ['Resources', id, 'Properties', 'Sub'])!);
  expect(left).toBe(right);
  expect(document.unknownAt(left!)?.under(new Map([['parameter:Open', 'a']]))).toBe('x-a');
});

test('one value used in and outside a branch is an unknown of its own in each', () => {
  const choose = (condition: string, ifTrue: Value, ifFalse: Value): Value => ({
    'Fn::If': [condition, ifTrue, ifFalse],
  });
  const anchored = choose('D', choose('C', 1, 2), 3);
  const { document } = resolveTemplate({
    Parameters: { P: { Type: 'String' }, Q: { Type: 'String' } },
    Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] }, D: { 'Fn::Equals': [{ Ref: 'Q' }, 'x'] } },
    Resources: { R: { Type: 'AWS::R', Properties: { A: anchored, B: choose('C', [anchored], 0) } } },
  });
  const branch = document.unknownAt(at(document.value, ['Resources', 'R', 'Properties', 'B'])!)!;
  const [inside] = branch.under(new Map([['condition:C', true]])) as readonly Value[];
  const whenD = new Map([['condition:D', true]]);
  const outside = document.unknownAt(at(document.value, ['Resources', 'R', 'Properties', 'A'])!)!;
  expect(document.unknownAt(inside!)!.under(whenD)).toBe(1);
  expect(document.unknownAt(outside.under(whenD) as Value)?.choices[0]?.id).toBe('condition:C');
});

test('keys keep their written order', () => {
  const map = { b: 1, '2': { Ref: 'AWS::NoValue' }, '10': { Ref: 'AWS::Region' }, a: new Float(1) } as ValueMap;
  Object.assign(map, { [KEY_ORDER]: ['b', '10', '2', 'a'] });
  const { document } = resolveTemplate({ Resources: { R: { Type: 'AWS::R', Properties: map } } }, { region: 'r' });
  const properties = at(document.value, ['Resources', 'R', 'Properties']) as ValueMap;
  expect(keysOf(properties)).toStrictEqual(['b', '10', 'a']);
  expect(properties['10']).toBe('r');
});

test('keys that JavaScript gives a meaning', () => {
  const properties = JSON.parse(
    '{"__proto__": {"Ref": "AWS::Region"}, "constructor": {"Ref": "AWS::Region"}}',
  ) as ValueMap;
  const { document } = resolveTemplate(
    { Resources: { R: { Type: 'AWS::R', Properties: properties } } },
    { region: 'r' },
  );
  const resolved = at(document.value, ['Resources', 'R', 'Properties']) as ValueMap;
  expect(keysOf(resolved)).toStrictEqual(['__proto__', 'constructor']);
  expect(Object.hasOwn(resolved, '__proto__')).toBe(true);
  expect(
    resolveTemplate({ Resources: { R: { Type: 'AWS::R', Properties: { P: { Ref: 'constructor' } } } } }).diagnostics,
  ).toHaveLength(1);
});

test('attributes of a resource: DependsOn and Type stay, policies are resolved', () => {
  const { document, diagnostics } = resolveTemplate(
    {
      Transform: 'AWS::LanguageExtensions',
      Parameters: { Policy: { Type: 'String', Default: 'Retain' } },
      Resources: {
        R: {
          Type: 'AWS::R',
          DependsOn: 'S',
          DeletionPolicy: { Ref: 'Policy' },
          Metadata: { Stack: { Ref: 'AWS::Region' } },
        },
        S: { Type: 'AWS::S' },
      },
    },
    { region: 'r' },
  );
  expect(diagnostics).toStrictEqual([]);
  expect(at(document.value, ['Resources', 'R'])).toStrictEqual({
    Type: 'AWS::R',
    DependsOn: 'S',
    DeletionPolicy: 'Retain',
    Metadata: { Stack: 'r' },
  });
});

test('a macro of the whole template: what it makes is an entry of unknown type', () => {
  const resolution = resolveTemplate({
    Transform: ['AWS::LanguageExtensions', 'MyMacro'],
    Resources: { R: { Type: 'AWS::R', Properties: { P: { Ref: 'Made' } } } },
  });
  expect(codes(resolution)).toStrictEqual(['TPL3016 Transform/1']);
  expect(resolution.model.untyped).toStrictEqual(['Fn::Transform']);
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    R: { Type: 'AWS::R', Properties: { P: { '?': 'macro' } } },
    'Fn::Transform': { '?': 'macro' },
  });
  expect(resolution.document.sourcePath(['Resources', 'Fn::Transform'])).toStrictEqual(['Transform', 1]);
});

test.each<readonly [transform: Value]>([
  ['AWS::CodeDeployBlueGreen'],
  [['AWS::SecretsManager-2020-07-23', 'AWS::LanguageExtensions']],
])('the transform %j leaves the resources as they are', (Transform) => {
  const resolution = resolveTemplate({ Transform, Resources: { R: { Type: 'AWS::R' } } });
  expect(resolution.diagnostics).toStrictEqual([]);
  expect(resolution.model.untyped).toStrictEqual([]);
});

test('an include among the resources is an entry of unknown type', () => {
  const resolution = resolveTemplate({
    Resources: {
      R: { Type: 'AWS::R' },
      'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://b/k' } },
    },
  });
  expect(resolution.diagnostics).toStrictEqual([]);
  expect(resolution.model.untyped).toStrictEqual(['Fn::Transform']);
  expect(resolution.model.byType).toStrictEqual(new Map([['AWS::R', ['R']]]));
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    R: { Type: 'AWS::R' },
    'Fn::Transform': { '?': 'macro' },
  });
});

test('an include among the mappings may make any mapping', () => {
  const resolution = resolveTemplate({
    Mappings: { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://b/k' } } },
    Resources: { R: { Type: 'AWS::R', Properties: { P: { 'Fn::FindInMap': ['M', 'a', 'b'] } } } },
  });
  expect(resolution.diagnostics).toStrictEqual([]);
  expect(show(resolution, at(resolution.document.value, ['Resources', 'R', 'Properties', 'P']))).toStrictEqual({
    '?': 'macro',
  });
});

test('a module is of unknown type, and its resources can be referred to', () => {
  const resolution = resolveTemplate({
    Resources: {
      M: { Type: 'My::S3::Bucket::MODULE', Properties: {} },
      R: { Type: 'AWS::R', Properties: { P: { 'Fn::GetAtt': ['M.Bucket', 'Arn'] }, Q: { Ref: 'MBucket' } } },
    },
  });
  expect(resolution.diagnostics).toStrictEqual([]);
  expect(resolution.model.untyped).toStrictEqual(['M']);
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    M: { '?': 'macro' },
    R: { Type: 'AWS::R', Properties: { P: { '?': 'macro' }, Q: { '?': 'macro' } } },
  });
});

test.each([
  ['AWS::CloudFormation::Stack', 'Outputs.Key'],
  ['AWS::CloudFormation::CustomResource', 'Key'],
  ['Custom::Made', 'Key'],
])('what %s answers may be anything', (type, attribute) => {
  const key = { 'Fn::GetAtt': ['Other', attribute] };
  const resolution = resolveTemplate(
    { Resources: { Other: { Type: type, Properties: {} }, R: { Type: 'AWS::R', Properties: { P: key } } } },
    { attributes: () => ['Id'] },
  );
  expect(resolution.diagnostics).toStrictEqual([]);
  expect(resolution.document.unknownAt(key)).toMatchObject({
    kind: 'attribute',
    reason: `what attribute \`${attribute}\` of resource \`Other\` gives is known only after deployment`,
  });
});

test('attributes of other resources are references', () => {
  const resolution = resolveTemplate({
    Resources: {
      Other: { Type: 'AWS::S3::Bucket' },
      R: { Type: 'AWS::R', Properties: { P: { 'Fn::GetAtt': ['Other', 'Arn'] } } },
    },
  });
  expect(resolution.document.hasUnknowns).toBe(false);
});

test('resources that depend on each other', () => {
  const resolution = resolveTemplate({
    Resources: {
      A: { Type: 'AWS::A', Properties: { P: { Ref: 'B' } } },
      B: { Type: 'AWS::B', Properties: { P: { 'Fn::Sub': 'x-${C.Arn}' } } },
      C: { Type: 'AWS::C', DependsOn: ['A'] },
      D: { Type: 'AWS::D', DependsOn: 'A', Properties: { P: { 'Fn::GetAtt': 'C.Arn' } } },
      E: { Type: 'AWS::E', Properties: { P: { 'Fn::GetAtt': ['E', 'Arn'] } } },
    },
  });
  expect(resolution.diagnostics.map(({ code, message }) => [code, message])).toStrictEqual([
    ['TPL3008', 'resources depend on each other: `A` → `B` → `C` → `A`'],
    ['TPL3008', 'resources depend on each other: `E` → `E`'],
  ]);
});

test('events of serverless functions close no circle, their other properties do', () => {
  const events = { Get: { Type: 'Api', Properties: { Path: '/', Method: 'GET', RestApiId: { Ref: 'Api' } } } };
  const template = (properties: Record<string, Value>, rest: Record<string, Value> = {}): ValueMap => ({
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      Api: {
        Type: 'AWS::Serverless::Api',
        Properties: { StageName: 'p', DefinitionBody: { uri: { 'Fn::Sub': '${Function.Arn}' } } },
      },
      Function: {
        Type: 'AWS::Serverless::Function',
        Properties: { Handler: 'a.b', Runtime: 'nodejs22.x', CodeUri: 's3://b/k', Events: events, ...properties },
        ...rest,
      },
    },
  });
  const found = (value: ValueMap): string[] => resolveTemplate(value).diagnostics.map(({ code }) => code);
  expect(found(template({}))).toStrictEqual([]);
  expect(found(template({ Environment: { Variables: { API: { Ref: 'Api' } } } }))).toStrictEqual(['TPL3008']);
  expect(found(template({}, { DependsOn: 'Api' }))).toStrictEqual(['TPL3008']);
});

test('a circle that hangs on a condition may never close', () => {
  const resolution = resolveTemplate({
    Parameters: { Open: { Type: 'String' } },
    Conditions: { C: { 'Fn::Equals': [{ Ref: 'Open' }, 'x'] } },
    Resources: {
      A: { Type: 'AWS::A', Properties: { P: { 'Fn::If': ['C', { Ref: 'B' }, 1] } } },
      B: { Type: 'AWS::B', Properties: { P: { 'Fn::If': ['C', 1, { Ref: 'A' }] } } },
      D: { Type: 'AWS::D', Condition: 'C', Properties: { P: { Ref: 'E' } } },
      E: { Type: 'AWS::E', Properties: { P: { Ref: 'D' } } },
    },
  });
  expect(resolution.diagnostics).toStrictEqual([]);
});

test('a template nested too deep is not looked into, and says so', () => {
  let deep: Value = { Ref: 'AWS::Region' };
  for (let depth = 0; depth < 100_000; depth++) deep = depth % 2 === 0 ? [deep] : { k: deep };
  const resolution = resolveTemplate({
    Resources: { R: { Type: 'AWS::R', Properties: { P: deep } }, S: { Type: 'AWS::S' } },
  });
  expect(resolution.diagnostics.map(({ code }) => code)).toStrictEqual(['TPL3015']);
  expect(resolution.model.untyped).toStrictEqual(['R', 'S']);
  expect(show(resolution, resolution.document.value['Resources'])).toStrictEqual({
    R: { '?': 'macro' },
    S: { '?': 'macro' },
  });
});

test('a text of many openings is split once', () => {
  const text = '${'.repeat(300_000);
  const { document } = resolveTemplate({
    Resources: { R: { Type: 'AWS::R', Properties: { P: { 'Fn::Sub': text } } } },
  });
  expect(at(document.value, ['Resources', 'R', 'Properties', 'P'])).toBe(text);
});

test('resources that are no maps, and maps without a type', () => {
  const resolution = resolveTemplate(
    { Resources: { A: 'x', B: { Properties: { P: { Ref: 'AWS::Region' } } }, C: { Type: 'AWS::C' } } },
    { region: 'r' },
  );
  expect(resolution.document.value['Resources']).toStrictEqual({
    A: 'x',
    B: { Properties: { P: 'r' } },
    C: { Type: 'AWS::C' },
  });
  expect(resolution.model.byType).toStrictEqual(new Map([['AWS::C', ['C']]]));
  expect(resolution.model.untyped).toStrictEqual([]);
});
