/** From paths of the resolved document back to the written one, and the defaults that were used on the way. */
import { resolveTemplate } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { at } from './support.js';

const choose = (condition: string, ifTrue: Value, ifFalse: Value): Value => ({
  'Fn::If': [condition, ifTrue, ifFalse],
});
const NONE = { Ref: 'AWS::NoValue' };
const TEMPLATE: ValueMap = {
  Parameters: {
    Env: { Type: 'String', Default: 'prod' },
    Size: { Type: 'Number', Default: 5 },
    Given: { Type: 'String', Default: 'x' },
    Open: { Type: 'String' },
    Unused: { Type: 'String', Default: 'u' },
  },
  Mappings: { M: { prod: { K: 'v' } } },
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
    IsOpen: { 'Fn::Equals': [{ Ref: 'Open' }, 'y'] },
    Both: { 'Fn::And': [{ Condition: 'IsProd' }, { 'Fn::Equals': [{ 'Fn::Sub': '${Given}' }, 'x'] }] },
  },
  Resources: {
    Plain: { Type: 'AWS::R', Properties: { A: { B: [1, { C: 2 }] } } },
    R: {
      Type: 'AWS::R',
      Condition: 'IsProd',
      Properties: {
        Decided: choose('IsProd', { A: { Ref: 'Size' } }, { B: 1 }),
        Open: choose('IsOpen', { A: { X: 1 } }, { B: { Y: { 'Fn::Sub': '${Size}' } } }),
        List: [NONE, { N: 1 }, choose('IsProd', NONE, 0), choose('IsProd', { N: 2 }, 0)],
        Selected: { 'Fn::Select': [1, [NONE, { A: 1 }, { A: { Ref: 'Given' } }]] },
        Text: { 'Fn::Join': ['', ['a', { Ref: 'Size' }]] },
        Found: { 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'K'] },
        Literal: 1,
      },
    },
  },
  Outputs: { O: { Condition: 'Both', Value: { Ref: 'Size' } } },
};
const PROPERTIES = ['Resources', 'R', 'Properties'];
const { document } = resolveTemplate(TEMPLATE, { parameters: { Given: 'x' } });

test.each<readonly [path: readonly (string | number)[], expected: readonly (string | number)[]]>([
  [[], []],
  [['Resources'], ['Resources']],
  [
    ['Resources', 'Plain', 'Properties', 'A', 'B', 1, 'C'],
    ['Resources', 'Plain', 'Properties', 'A', 'B', 1, 'C'],
  ],
  [
    ['Mappings', 'M', 'prod'],
    ['Mappings', 'M', 'prod'],
  ],
  [
    [...PROPERTIES, 'Decided'],
    [...PROPERTIES, 'Decided', 'Fn::If', 1],
  ],
  [
    [...PROPERTIES, 'Decided', 'A'],
    [...PROPERTIES, 'Decided', 'Fn::If', 1, 'A'],
  ],
  [
    [...PROPERTIES, 'Open'],
    [...PROPERTIES, 'Open'],
  ],
  [
    [...PROPERTIES, 'Open', 'A', 'X'],
    [...PROPERTIES, 'Open', 'Fn::If', 1, 'A', 'X'],
  ],
  [
    [...PROPERTIES, 'Open', 'B', 'Y'],
    [...PROPERTIES, 'Open', 'Fn::If', 2, 'B', 'Y'],
  ],
  [
    [...PROPERTIES, 'List', 0, 'N'],
    [...PROPERTIES, 'List', 1, 'N'],
  ],
  [
    [...PROPERTIES, 'List', 1, 'N'],
    [...PROPERTIES, 'List', 3, 'Fn::If', 1, 'N'],
  ],
  [
    [...PROPERTIES, 'Selected', 'A'],
    [...PROPERTIES, 'Selected', 'Fn::Select', 1, 2, 'A'],
  ],
  [
    [...PROPERTIES, 'Text'],
    [...PROPERTIES, 'Text'],
  ],
  [[...PROPERTIES, 'Missing', 'Deep'], PROPERTIES],
  [
    ['Outputs', 'O', 'Value'],
    ['Outputs', 'O', 'Value'],
  ],
])('%j is written at %j', (path, expected) => {
  expect(document.sourcePath(path)).toStrictEqual(expected);
});

test('an assignment says which branch a path is in', () => {
  const template: ValueMap = {
    ...TEMPLATE,
    Resources: { R: { Type: 'AWS::R', Properties: { P: choose('IsOpen', { K: 1 }, { K: 2 }) } } },
  };
  const resolution = resolveTemplate(template);
  const path = ['Resources', 'R', 'Properties', 'P', 'K'];
  const under = (value: boolean): unknown =>
    resolution.document.sourcePath(path, new Map([['condition:IsOpen', value]]));
  expect(under(true)).toStrictEqual(['Resources', 'R', 'Properties', 'P', 'Fn::If', 1, 'K']);
  expect(under(false)).toStrictEqual(['Resources', 'R', 'Properties', 'P', 'Fn::If', 2, 'K']);
});

test('every path of the written template that is found leads to a value', () => {
  const visit = (node: Value, path: readonly (string | number)[]): void => {
    expect(at(TEMPLATE, document.sourcePath(path))).toBeDefined();
    if (typeof node !== 'object' || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      visit(child as Value, [...path, Array.isArray(node) ? Number(key) : key]);
    }
  };
  visit(document.value, []);
});

test.each<readonly [path: readonly (string | number)[], expected: readonly string[]]>([
  [['Resources', 'Plain'], []],
  [[...PROPERTIES, 'Literal'], ['Env']],
  [
    [...PROPERTIES, 'Decided', 'A'],
    ['Env', 'Size'],
  ],
  [
    [...PROPERTIES, 'Text'],
    ['Env', 'Size'],
  ],
  [[...PROPERTIES, 'Found'], ['Env']],
  [[...PROPERTIES, 'Selected', 'A'], ['Env']],
  [
    [...PROPERTIES, 'Open', 'B'],
    ['Env', 'Size'],
  ],
  [
    ['Resources', 'R'],
    ['Env', 'Size'],
  ],
  [
    ['Outputs', 'O'],
    ['Env', 'Size'],
  ],
])('the defaults used at %j are %j', (path, expected) => {
  expect(document.defaultsAt(path)).toStrictEqual(expected);
});

describe('of what is missing', () => {
  const { document: made } = resolveTemplate({
    Parameters: { Name: { Type: 'String', Default: 'a' }, Key: { Type: 'String', Default: '' } },
    Conditions: { HasKey: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Key' }, ''] }] } },
    Mappings: { M: { a: { b: { X: 1 } } } },
    Resources: {
      R: {
        Type: 'AWS::R',
        Properties: {
          Named: { Ref: 'Name' },
          Taken: choose('HasKey', { Ref: 'Key' }, { Ref: 'AWS::NoValue' }),
          Branch: choose('HasKey', { Gone: 1 }, { Named: { Ref: 'Name' } }),
          Below: { List: [{ Ref: 'Name' }], Map: { Named: { Ref: 'Name' } } },
          Found: { 'Fn::FindInMap': ['M', { Ref: 'Name' }, 'b'] },
        },
      },
    },
  });

  test.each<readonly [missing: readonly string[], expected: readonly string[]]>([
    [['Gone'], []],
    [['Gone', 'Below'], []],
    [['Taken'], ['Key']],
    [['Taken', 'Deeper'], ['Key']],
    [['Branch', 'Gone'], ['Key']],
    [['Below', 'Map', 'Gone'], []],
    [['Found', 'Gone'], ['Name']],
    [['Below', 'List'], ['Name']],
    [[], ['Key', 'Name']],
  ])('%j', (missing, expected) => {
    expect(made.defaultsAt(PROPERTIES, new Map(), missing)).toStrictEqual(expected);
  });
});

test('without a given value the default is used', () => {
  const resolution = resolveTemplate(TEMPLATE);
  expect(resolution.document.defaultsAt([...PROPERTIES, 'Selected', 'A'])).toStrictEqual(['Env', 'Given']);
});
