/** Templates as files: the forms of the functions in YAML and JSON, anchors, and places of diagnostics. */
import { isMap, readTemplate, resolveTemplate } from '../../../template/index.js';
import type { Path, Resolution, TemplateSource, Value } from '../../../template/index.js';
import { at, codes } from './support.js';

function read(text: string): { source: TemplateSource; resolution: Resolution } {
  const { source } = readTemplate(text, 'template.yaml');
  const value: Value = source!.value;
  if (!isMap(value)) throw new Error('no map');
  return { source: source!, resolution: resolveTemplate(value, { region: 'eu-west-1', accountId: '111122223333' }) };
}

const HEAD = `
Transform: AWS::LanguageExtensions
Parameters:
  Env: { Type: String, Default: prod }
  Names: { Type: CommaDelimitedList, Default: "a, b" }
  Open: { Type: String }
Mappings:
  M: { prod: { Size: 5 } }
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  Not: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Not [!Condition Not]]
  Either: !Or [Condition: Not, !Equals [!Ref Open, x]]
Resources:
  B: { Type: AWS::S3::Bucket }
  R:
    Type: AWS::R
    Properties:
`;

test.each<readonly [short: string, long: string, expected: unknown]>([
  ['!Ref Env', '{Ref: Env}', 'prod'],
  ['!Sub "${Env}-${AWS::Region}"', '{"Fn::Sub": "${Env}-${AWS::Region}"}', 'prod-eu-west-1'],
  ['!Sub ["${A}", {A: !Ref Env}]', '{"Fn::Sub": ["${A}", {A: {Ref: Env}}]}', 'prod'],
  ['!Join ["-", [a, !Ref Env]]', '{"Fn::Join": ["-", [a, {Ref: Env}]]}', 'a-prod'],
  ['!Select [1, !Ref Names]', '{"Fn::Select": [1, {Ref: Names}]}', 'b'],
  ['!Select ["0", !Split [",", "x,y"]]', '{"Fn::Select": ["0", {"Fn::Split": [",", "x,y"]}]}', 'x'],
  ['!FindInMap [M, !Ref Env, Size]', '{"Fn::FindInMap": [M, {Ref: Env}, Size]}', 5],
  ['!FindInMap [M, x, Size, {DefaultValue: 7}]', '{"Fn::FindInMap": [M, x, Size, {DefaultValue: 7}]}', 7],
  ['!If [Both, yes it is, !Ref AWS::NoValue]', '{"Fn::If": [Both, yes it is, {Ref: "AWS::NoValue"}]}', 'yes it is'],
  ['!GetAtt B.Arn', '{"Fn::GetAtt": [B, Arn]}', { 'Fn::GetAtt': ['B', 'Arn'] }],
  ['!Base64 abc', '{"Fn::Base64": abc}', 'YWJj'],
  ['!Cidr [10.0.0.0/24, 1, 4]', '{"Fn::Cidr": [10.0.0.0/24, 1, 4]}', ['10.0.0.0/28']],
  ['!Length [1, 2]', '{"Fn::Length": [1, 2]}', 2],
  ['!ToJsonString {a: !Ref Env}', '{"Fn::ToJsonString": {a: {Ref: Env}}}', '{"a":"prod"}'],
])('%s is %s', (short, long, expected) => {
  for (const written of [short, long]) {
    const { resolution } = read(`${HEAD}      P: ${written}\n`);
    expect(codes(resolution)).toStrictEqual([]);
    expect(at(resolution.document.value, ['Resources', 'R', 'Properties', 'P'])).toStrictEqual(expected);
  }
});

test('a diagnostic leads to the function that is wrong', () => {
  const { source, resolution } = read(`${HEAD}      P: [ok, !If [IsProd, {A: !Ref Nope}, 1]]\n`);
  const [diagnostic] = resolution.diagnostics;
  const range = source.rangeOf(diagnostic!.path)!;
  expect(source.text.slice(range.start, range.end)).toBe('!Ref Nope');
});

test('an anchor with functions, used under two conditions', () => {
  const { resolution } = read(`${HEAD}      A: &a { X: !If [Either, !Ref Env, !Ref Open] }
      B: !If [Either, *a, 1]
      C: !If [IsProd, *a, 1]
`);
  const { document } = resolution;
  const property = (name: string): Value => at(document.value, ['Resources', 'R', 'Properties', name])!;
  expect(property('C')).toBe(property('A'));
  const inBranch = document.unknownAt(property('B'))!.under(new Map([['condition:Either', true]]));
  expect(inBranch).toStrictEqual({ X: 'prod' });
  const open = document.unknownAt((property('A') as { X: Value }).X)!;
  expect(open.under(new Map([['condition:Either', true]]))).toBe('prod');
});

test('every value of a resolved template is written somewhere', () => {
  const { source, resolution } = read(`${HEAD}      P: [!Ref AWS::NoValue, !If [IsProd, {A: !Sub "x-\${Env}"}, 1]]
      Fn::ForEach::L: [Id, !Ref Names, {"K\${Id}": {V: !Ref Id}}]
`);
  expect(codes(resolution)).toStrictEqual([]);
  const visit = (node: Value, path: Path): void => {
    expect(source.rangeOf(resolution.document.sourcePath(path))).toBeDefined();
    if (Array.isArray(node)) {
      (node as readonly Value[]).forEach((item, index) => {
        visit(item, [...path, index]);
      });
    } else if (isMap(node)) for (const [key, child] of Object.entries(node)) visit(child, [...path, key]);
  };
  visit(resolution.document.value, []);
});
