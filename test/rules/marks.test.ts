/** Unknown values as text: equal only where the values are certain to be equal. */
import { attributesOf } from '../../catalogue/index.js';
import { runCodeRule } from '../../rules/code/run.js';
import type { View } from '../../rules/code/view.js';
import { get, isMap, readTemplate, resolveTemplate, supposeTemplate } from '../../template/index.js';

const INFO = { id: 'some-test-rule', title: '', severity: 'error', controls: [], help: '', docs: '' } as const;

const HEAD = `Transform: [AWS::LanguageExtensions]
Parameters:
  P: {Type: String}
  Q: {Type: String}
  L: {Type: CommaDelimitedList}
  M: {Type: CommaDelimitedList}
Mappings: {Map: {a: {x: 1, y: 2}}}
`;

/** Asks about two values that stand in two resources. */
function withBoth<T>(one: string, other: string, ask: (view: View) => T): T {
  const resource = (value: string): string => `{Type: 'Custom::It', Properties: {Value: ${value}}}`;
  const outside =
    '  Answer: {Type: Custom::Other}\n  Answer2: {Type: Custom::Other}\n  Data: {Type: AWS::RDS::DBInstance}';
  const yaml = `${HEAD}Resources:\n  One: ${resource(one)}\n  Two: ${resource(other)}\n${outside}\n`;
  const { source, diagnostics } = readTemplate(yaml, 'marks.yaml');
  expect(diagnostics).toStrictEqual([]);
  const value = source!.value;
  if (!isMap(value)) throw new Error('no template');
  const world = { attributes: attributesOf };
  const supposed = supposeTemplate(value, resolveTemplate(value, world), world);
  const answers: T[] = [];
  runCodeRule({ info: INFO, types: ['Custom::It'], check: (view) => answers.push(ask(view)) }, supposed, {});
  expect(answers).toHaveLength(1);
  return answers[0]!;
}

function texts(view: View): readonly (string | undefined)[] {
  return view.resources('Custom::It').map(({ properties }) => view.text(get(properties, 'Value')));
}

const isEqual = (one: string, other: string): boolean =>
  withBoth(one, other, (view) => {
    const [left, right] = texts(view);
    expect([left, right]).not.toContain(undefined);
    return left === right;
  });

describe('values that are certain to be equal have the same text', () => {
  it.each([
    ['!Ref P', '!Ref P'],
    ['!Ref P', "!Sub '${P}'"],
    ['!Ref P', "!Join ['', [!Ref P]]"],
    ["!Sub 'a-${P}'", "!Join ['-', [a, !Ref P]]"],
    ["!Sub '${P}-${Q}'", "!Join ['-', [!Ref P, !Ref Q]]"],
    ["!Sub ['a-${V}', {V: !Select [0, !Ref L]}]", "!Join ['-', [a, !Select [0, !Ref L]]]"],
    ['!Select [1, !Ref L]', '!Select [1, !Ref L]'],
    ["!Select [0, !Split [',', !Ref P]]", "!Select [0, !Split [',', !Ref P]]"],
    ['!GetAtt Answer.Name', "{'Fn::GetAtt': [Answer, Name]}"],
    ['!GetAtt Answer.Name', "!Sub '${Answer.Name}'"],
    ['!ImportValue a', "{'Fn::ImportValue': a}"],
    ["'{{resolve:ssm:/a}}'", "!Sub '{{resolve:ssm:/a}}'"],
    ["!Sub '{{resolve:ssm:/${P}}}'", "!Join ['', ['{{resolve:ssm:/', !Ref P, '}}']]"],
    ['!Select [0, [!Ref P, !Ref Q]]', '!Ref P'],
  ])('%s and %s', (one, other) => {
    expect(isEqual(one, other)).toBe(true);
  });
});

describe('values that may differ have different texts', () => {
  it.each([
    ['!Ref P', '!Ref Q'],
    ['!Select [0, !Ref L]', '!Select [1, !Ref L]'],
    ['!Select [0, !Ref L]', '!Select [0, !Ref M]'],
    ['!Ref L', '!Select [0, !Ref L]'],
    ["!Join [',', !Ref L]", "!Join ['-', !Ref L]"],
    ["!Sub ['a-${V}', {V: !Select [0, !Ref L]}]", "!Sub ['a-${V}', {V: !Select [1, !Ref L]}]"],
    ["!Sub ['a-${V}', {V: !Select [0, !Ref L]}]", "!Sub ['a-${V}', {V: !Join ['', !Ref L]}]"],
    ["!Select [0, !Split ['-', !Ref P]]", "!Select [1, !Split ['-', !Ref P]]"],
    ["!Select [0, !Split ['-', !Ref P]]", "!Select [0, !Split ['/', !Ref P]]"],
    ["!Select [0, !Split ['-', !Ref P]]", '!Ref P'],
    ["!Select [0, !Split ['-', !Sub 'x-${P}']]", "!Sub 'x-${P}'"],
    ["!Sub '${P}-${Q}'", "!Sub '${Q}-${P}'"],
    ["!Sub '${P}-${P}'", "!Sub '${P}-${Q}'"],
    ['!Select [0, !Cidr [!Ref P, 2, 8]]', '!Select [1, !Cidr [!Ref P, 2, 8]]'],
    ["!Select [0, !GetAZs '']", "!Select [1, !GetAZs '']"],
    ['!Select [0, !GetAZs eu-west-1]', '!Select [0, !GetAZs eu-west-2]'],
    ['!ImportValue a', '!ImportValue b'],
    ["!ImportValue {'Fn::Sub': '${P}-a'}", "!ImportValue {'Fn::Sub': '${P}-b'}"],
    ['!GetAtt Answer.Name', '!GetAtt Answer2.Name'],
    ['!GetAtt Answer.Name', '!GetAtt Answer.Other'],
    ['!Base64 {Ref: P}', '!Ref P'],
    ['!FindInMap [Map, !Ref P, !Ref Q]', '!FindInMap [Map, !Ref Q, !Ref P]'],
    ["'{{resolve:ssm:/a}}'", "'{{resolve:ssm:/b}}'"],
    ["!Sub '{{resolve:ssm:/${P}}}'", "!Sub '{{resolve:ssm:/${Q}}}'"],
    ["'{{resolve:secretsmanager:a:SecretString:x}}'", "'{{resolve:secretsmanager:a:SecretString:y}}'"],
    ["{'Fn::Transform': {Name: Any}}", "{'Fn::Transform': {Name: Any}}"],
    ["!Join ['', [a, {'Fn::Transform': {Name: Any}}, b]]", "!Join ['', [a, {'Fn::Transform': {Name: Any}}, b]]"],
  ])('%s and %s', (one, other) => {
    expect(isEqual(one, other)).toBe(false);
  });
});

it('a dynamic reference is unknown, what stands around it is known', () => {
  const [text, reasons] = withBoth("'arn:aws:iam::{{resolve:ssm:account}}:root'", 'a', (view) => {
    const [found] = texts(view);
    return [found!, view.unknownsIn(found!).map(({ reason }) => reason)] as const;
  });
  expect(text).toMatch(/^arn:aws:iam::[^{}]{2}:root$/);
  expect(reasons).toStrictEqual(['a dynamic reference is known only at deployment']);
});
