import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Float, KEY_ORDER, keysOf, readTemplate, type Value, type ValueMap } from '../../../template/index.js';

const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

function read(text: string): Value {
  const { source, diagnostics } = readTemplate(text, 'template.yaml');
  expect(diagnostics).toStrictEqual([]);
  return source!.value;
}

/** `code start-end: message` of each diagnostic. */
function faults(text: string): string[] {
  const { source, diagnostics } = readTemplate(text, 'template.yaml');
  expect(source).toBeNull();
  return diagnostics.map(({ code, severity, location, message, help }) => {
    expect(severity).toBe('error');
    expect(help).toBeDefined();
    expect(location!.file).toBe('template.yaml');
    expect(location!.end).toBeLessThanOrEqual(Math.max(text.length, 0));
    return `${code} ${location!.start}-${location!.end}: ${message}`;
  });
}

describe('intrinsic functions', () => {
  it('mean the same in short and long form, in YAML and in JSON', () => {
    const long = read(fixture('long.yaml'));
    expect(read(fixture('short.yaml'))).toStrictEqual(long);
    expect(read(JSON.stringify(long))).toStrictEqual(long);
    expect(read(JSON.stringify(long, null, '\t'))).toStrictEqual(long);
  });

  it.each(['Ref', 'Condition'])('!%s keeps its bare name', (name) => {
    expect(read(`a: !${name} b`)).toStrictEqual({ a: { [name]: 'b' } });
  });

  const functions = ['Base64', 'Cidr', 'FindInMap', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Select', 'Split'];
  const more = ['Sub', 'ToJsonString', 'Transform', 'And', 'Equals', 'Not', 'Or', 'Contains', 'EachMemberEquals'];
  it.each([...functions, ...more, 'EachMemberIn', 'RefAll', 'ValueOf', 'ValueOfAll', 'MadeUp'])(
    '!%s becomes Fn::… on a text, a list and a map',
    (name) => {
      const key = `Fn::${name}`;
      expect(
        read(`- !${name} 5\n- !${name} [x, 5]\n- !${name} {x: y}\n- !${name}\n  - x\n- !${name}\n  x: y\n`),
      ).toStrictEqual([
        { [key]: '5' },
        { [key]: ['x', 5] },
        { [key]: { x: 'y' } },
        { [key]: ['x'] },
        { [key]: { x: 'y' } },
      ]);
    },
  );

  it('!GetAtt splits a text at its first dot', () => {
    expect(read('[!GetAtt A.B, !GetAtt A.B.C, !GetAtt A, !GetAtt [A, B.C], !GetAtt "A.B"]')).toStrictEqual([
      { 'Fn::GetAtt': ['A', 'B'] },
      { 'Fn::GetAtt': ['A', 'B.C'] },
      { 'Fn::GetAtt': ['A'] },
      { 'Fn::GetAtt': ['A', 'B.C'] },
      { 'Fn::GetAtt': ['A', 'B'] },
    ]);
  });

  it('nest on the lines below a tag, at the column of the key', () => {
    expect(read('a: !Join\n- ","\n- !Split [x, !Ref y]\nb: !Sub\n  text\n')).toStrictEqual({
      a: { 'Fn::Join': [',', { 'Fn::Split': ['x', { Ref: 'y' }] }] },
      b: { 'Fn::Sub': 'text' },
    });
  });
});

describe('plain scalars', () => {
  const cases: [string, Value][] = [
    ...['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((text): [string, Value] => [text, true]),
    ...['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((text): [string, Value] => [text, false]),
    ...['null', 'Null', 'NULL', '~', ''].map((text): [string, Value] => [text, null]),
    ...['y', 'n', 'Y', 'N', 'tRUE', 'yEs', 'nULL', 'none'].map((text): [string, Value] => [text, text]),
    ...['2010-09-09', '2021-03-04T05:06:07Z', '2012-10-17'].map((text): [string, Value] => [text, text]),
    ...[
      '0.0.0.0/0',
      '10.1.2.3',
      '1.2.3',
      '1e3',
      '0o17',
      '08',
      '012345678901',
      '-x',
      '+',
      '.',
      '1,000',
      '08:30',
      '1:60',
    ].map((text): [string, Value] => [text, text]),
    ['0', 0],
    ['-0', 0],
    ['+5', 5],
    ['-12', -12],
    ['1_000', 1000],
    ['0_', 0],
    ['017', 15],
    ['-017', -15],
    ['012345670123', 1402433619],
    ['0x1F', 31],
    ['-0x_ff', -255],
    ['0b1010_0101', 165],
    ['22:30', 1350],
    ['-1:30', -90],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775809', -9223372036854775809n],
    ['9'.repeat(2_000), '9'.repeat(2_000)],
    ['1.0', new Float(1)],
    ['1.', new Float(1)],
    ['.5', 0.5],
    ['-1.5e3', new Float(-1500)],
    ['1.5e-3', 0.0015],
    ['1_0.5', 10.5],
    ['1:30.5', 90.5],
    ['.inf', Infinity],
    ['-.INF', -Infinity],
    ['.NaN', NaN],
  ];
  it.each(cases)('%j', (text, value) => {
    expect(read(`a: ${text}\n`)).toStrictEqual({ a: value });
  });

  it('are texts when quoted or in blocks', () => {
    expect(read('[\'1\', "true", "", !!str 017, !!str ]')).toStrictEqual(['1', 'true', '', '017', '']);
    expect(read('a: |-\n  5\nb: >-\n  yes\n')).toStrictEqual({ a: '5', b: 'yes' });
  });

  it('follow the tags of the standard types', () => {
    expect(read('[!!int "017", !!float 3, !!bool "yes", !!null "", !!timestamp 2010-09-09, !!int "5"]')).toStrictEqual([
      15,
      new Float(3),
      true,
      null,
      '2010-09-09',
      5,
    ]);
    expect(faults('a: !!int x')[0]).toContain('`x` is no value of the tag `tag:yaml.org,2002:int`');
  });

  it('give their text as keys', () => {
    const map = read('yes: 1\n0123: 2\n2010-09-09: 3\n~: 4\n1.50: 5\n? x\n: 6\n') as ValueMap;
    expect(keysOf(map)).toStrictEqual(['yes', '0123', '2010-09-09', '~', '1.50', 'x']);
  });
});

describe('structure', () => {
  it('reads a service as it is written by hand', () => {
    expect(read(fixture('service.yaml'))).toStrictEqual(serviceValue);
  });

  it('keeps the written order of keys that JavaScript would sort', () => {
    const map = read('b: 1\n"20": 2\n"3": 3\na: 4\n') as ValueMap;
    expect(map[KEY_ORDER]).toStrictEqual(['b', '20', '3', 'a']);
    expect((read('{"b": 1, "20": 2, "3": 3}') as ValueMap)[KEY_ORDER]).toStrictEqual(['b', '20', '3']);
    expect((read('b: 1\n"020": 2\n') as ValueMap)[KEY_ORDER]).toBeUndefined();
  });

  it('takes keys that JavaScript has a meaning for', () => {
    for (const text of ['__proto__: {x: 1}\nconstructor: 2\n', '{"__proto__": {"x": 1}, "constructor": 2}']) {
      const map = read(text) as ValueMap;
      expect(Object.keys(map)).toStrictEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
    }
  });

  it('does not mind byte order marks, CR LF and comments', () => {
    expect(read('\ufeff# c\r\na:\r\n  - b # c\r\n  - |\r\n    c\r\n\r\n# c\r\n')).toStrictEqual({ a: ['b', 'c\n'] });
    expect(read('\ufeff{"a":\r\n1}\r\n')).toStrictEqual({ a: 1 });
  });

  it('takes one document, with markers or without', () => {
    expect(read('---\na: 1\n...\n')).toStrictEqual({ a: 1 });
    expect(read('%YAML 1.1\n---\na: 1\n---\n')).toStrictEqual({ a: 1 });
    expect(read('---\n')).toBeNull();
  });

  it('replaces aliases by the value of their anchor', () => {
    expect(read('a: &x {b: [1]}\nc: *x\nd: [*x, &y 5, *y]\ne: &x 2\nf: *x\n')).toStrictEqual({
      a: { b: [1] },
      c: { b: [1] },
      d: [{ b: [1] }, 5, 5],
      e: 2,
      f: 2,
    });
  });

  it('merges maps: own keys win, then the first of the list', () => {
    const text = 'x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\n  a: 3\n"<<": 5\n';
    expect(read(text)).toStrictEqual({
      x: { a: 1, b: 1 },
      y: { b: 2, c: 2 },
      z: { c: 3, a: 3, b: 1 },
      '<<': 5,
    });
    expect(faults('x: &x {a: 1}\nz:\n  <<: *x\n  a: 2\n  a: 3\n')[0]).toMatch(/^TPL1002 34-35/);
    expect(faults('a:\n  <<: 5\n')).toStrictEqual(['TPL1001 5-6: `<<` needs a map, or a list of maps']);
  });

  it('reads flow collections and quoted texts that go on at the margin', () => {
    expect(read('a: [\nb,\n"c\nd"]\ne: {\n"f":\t1\n}\n')).toStrictEqual({ a: ['b', 'c d'], e: { f: 1 } });
  });

  it('reads JSON with escapes of characters outside the basic plane', () => {
    expect(read('{"a": "\\ud83d\\ude00\\/"}')).toStrictEqual({ a: '😀/' });
    expect(read('a: "\\ud83d\\ude00"')).toStrictEqual({ a: '😀' });
  });

  it('tells the numbers of JSON apart', () => {
    expect(read('[1e2, 1E+2, 2.5e-1, 10, -0, -0.0, 1.0, 12345678901234567890, 1e999]')).toStrictEqual([
      new Float(100),
      new Float(100),
      0.25,
      10,
      0,
      new Float(-0),
      new Float(1),
      12345678901234567890n,
      Infinity,
    ]);
    expect(read(`[${'9'.repeat(2_000)}]`)).toStrictEqual([Infinity]);
  });

  it('reads YAML that starts with a brace', () => {
    expect(read('{a: !Ref b, # comment\n c: [yes,],}')).toStrictEqual({ a: { Ref: 'b' }, c: [true] });
  });
});

describe('faults', () => {
  it.each([
    ['a: [1', 'TPL1001 5-5: `]` is missing'],
    ['a: 1\n b: 2', 'TPL1001 7-8: `:` cannot stand here: quote the text, or mend the indentation'],
    ['a:\n   b: "1"\n  c: 2', 'TPL1001 15-16: a key of the map must start in column 1, as the keys before it'],
    ['  a: 1\n b: 2', 'TPL1001 8-9: unexpected text after the end of the document'],
    ['a:\n\tb: 1', 'TPL1001 3-4: a tab character cannot be used for indentation'],
    ['a: b: c', 'TPL1001 4-5: `:` cannot stand here: quote the text, or mend the indentation'],
    ['a: "x', 'TPL1001 3-4: a quoted text is not closed'],
    ['a: \u0007', 'TPL1001 3-4: the character U+0007 cannot stand in YAML'],
    ['{"a": 1 "b": 2}', 'TPL1001 8-9: expected `,` or `}`'],
    ['{"a": 1,}}', 'TPL1001 8-9: expected a key in double quotes'],
    ['a: 1\n---\nb: 2\n', 'TPL1003 5-8: the file holds more than one document, and a template is one'],
    ['a: *b', 'TPL1004 3-4: no value before this alias has the anchor `&b`'],
    ['a: &b [*b]', 'TPL1004 7-8: no value before this alias has the anchor `&b`'],
    ['[a]: b', 'TPL1007 0-1: a key of a map is a list or a map'],
    ['', 'TPL1008 0-0: the file holds no document'],
    ['# only a comment\n', 'TPL1008 0-0: the file holds no document'],
  ])('of %j', (text, expected) => {
    expect(faults(text)).toStrictEqual([expected]);
  });

  it.each(['a: 1\nb:\n  c: 2\n  d: 3\n  c: 4\na: 5\n', '{"a": 1, "b": {"c": 2, "d": 3, "c": 4}, "a": 5}'])(
    'tells all repeated keys with both places, in %j',
    (text) => {
      const { source, diagnostics } = readTemplate(text, 't');
      expect(source).toBeNull();
      expect(
        diagnostics.map(({ code, location, labels }) => [
          code,
          text.slice(location!.start, location!.end).replaceAll('"', ''),
          location!.start > labels![0]!.range.start,
          text.slice(labels![0]!.range.start, labels![0]!.range.end).replaceAll('"', ''),
          labels![0]!.text,
        ]),
      ).toStrictEqual([
        ['TPL1002', 'c', true, 'c', 'first written here'],
        ['TPL1002', 'a', true, 'a', 'first written here'],
      ]);
    },
  );

  it('tells the first hundred repeated keys only', () => {
    expect(faults('a: 1\n'.repeat(1_000))).toHaveLength(100);
  });

  it('stops aliases that multiply', () => {
    const lines = ['a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (let i = 1; i < 10; i++) lines.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(10)}]`);
    expect(faults(lines.join('\n'))[0]).toMatch(/^TPL1005 .*: aliases bring the document to more than 1000000 values$/);
  });

  it('stops aliases that nest beyond the limit', () => {
    const lines = ['a0: &a0 [1]'];
    for (let i = 1; i < 300; i++) lines.push(`a${i}: &a${i} [*a${i - 1}]`);
    expect(faults(lines.join('\n'))[0]).toMatch(/^TPL1006 /);
  });

  it.each(['[', '{"a":', '{a: ', '- ', '? ', '&x [', '!Sub [', 'a:\n'.padEnd(3)])(
    'stops deep nesting of %j',
    (part) => {
      const text =
        part === 'a:\n'
          ? Array.from({ length: 5_000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')
          : part.repeat(100_000);
      expect(faults(text)[0]).toMatch(/^TPL1006 .*: lists and maps are nested more than 250 deep$/);
    },
  );
});

const subText = '${AWS::StackName}';
const serviceValue: Value = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'Orders of the shop: a table,\nand a function that fills it\n  (indented on purpose)',
  Metadata: {
    Owners: { team: 'orders', channel: '#orders' },
    Contact: { team: 'orders', channel: '#orders-on-call' },
  },
  Parameters: {
    Environment: { Type: 'String', Default: 'staging', AllowedValues: ['staging', 'production'] },
    Retention: { Type: 'Number', Default: 24, MinValue: 1 },
  },
  Mappings: { Accounts: { '012345678901': { Name: 'old' }, '111122223333': { Name: 'new', Since: '2021-03-04' } } },
  Conditions: { IsProduction: { 'Fn::Equals': [{ Ref: 'Environment' }, 'production'] } },
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    },
    Fill: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Timeout: 10,
        Ratio: new Float(1),
        Code: { ZipFile: '# not a comment\ndef handler(event, context):\n    return {"statusCode": 200}\n' },
        Description: 'a text that goes on here, with:a colon',
        Environment: {
          Variables: {
            TABLE: { Ref: 'Table' },
            ARN: { 'Fn::GetAtt': ['Table', 'Arn'] },
            QUOTED: 'a "quoted" text that goes on at the margin',
            SINGLE: "it's",
            EMPTY: null,
            TILDE: null,
            URL: 'https://example.com:443/#top',
            HEX: 31,
            CLOCK: 1350,
          },
        },
      },
    },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: { 'Fn::Sub': `${subText}-fill` },
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } }],
        },
      },
    },
  },
  Outputs: { Name: { Value: { Ref: 'Table' }, Export: { Name: { 'Fn::Sub': `${subText}-table` } } } },
};
