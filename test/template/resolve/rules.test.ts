/** The `Rules` section: what it leaves of the parameters' values ("Rules", AWS CloudFormation User Guide). */
import { resolveTemplate } from '../../../template/index.js';
import type { Value } from '../../../template/index.js';
import { at, codes, show } from './support.js';

const PARAMETERS = {
  Env: { Type: 'String', AllowedValues: ['dev', 'test', 'prod'] },
  Size: { Type: 'String' },
  Names: { Type: 'CommaDelimitedList' },
  Vpc: { Type: 'AWS::EC2::VPC::Id' },
};
const equals = (name: string, value: string): Value => ({ 'Fn::Equals': [{ Ref: name }, value] });
const oneOf = (name: string, ...values: string[]): Value => ({ 'Fn::Contains': [values, { Ref: name }] });

function template(Rules: Value, parameters: Record<string, string> = {}): ReturnType<typeof resolveTemplate> {
  return resolveTemplate(
    {
      Parameters: PARAMETERS,
      Rules,
      Conditions: {
        IsProd: equals('Env', 'prod'),
        IsTest: equals('Env', 'test'),
        IsSmall: equals('Size', 'small'),
        IsLarge: equals('Size', 'large'),
      },
      Resources: {
        R: { Type: 'AWS::R', Properties: { P: { 'Fn::If': ['IsProd', { 'Fn::If': ['IsSmall', 1, 2] }, 3] } } },
      },
    },
    { parameters },
  );
}

const PROD_IS_LARGE = {
  Prod: {
    RuleCondition: equals('Env', 'prod'),
    Assertions: [{ Assert: oneOf('Size', 'large', 'huge'), AssertDescription: 'big' }],
  },
};

test.each<readonly [rules: Value, assignment: Record<string, Value>, expected: boolean]>([
  [PROD_IS_LARGE, { 'condition:IsProd': true, 'condition:IsSmall': true }, false],
  [PROD_IS_LARGE, { 'condition:IsProd': true, 'condition:IsLarge': true }, true],
  [PROD_IS_LARGE, { 'condition:IsProd': true, 'condition:IsLarge': false }, true],
  [PROD_IS_LARGE, { 'condition:IsProd': false, 'condition:IsSmall': true }, true],
  [PROD_IS_LARGE, { 'parameter:Env': 'prod', 'condition:IsSmall': true }, false],
  [{ No: { Assertions: [{ Assert: { 'Fn::Not': [equals('Env', 'test')] } }] } }, { 'condition:IsTest': true }, false],
  [
    { No: { Assertions: [{ Assert: { 'Fn::EachMemberIn': [[{ Ref: 'Env' }], ['dev', 'test']] } }] } },
    { 'condition:IsProd': true },
    false,
  ],
  [
    { No: { Assertions: [{ Assert: { 'Fn::EachMemberEquals': [[{ Ref: 'Env' }], 'dev'] } }] } },
    { 'condition:IsTest': true },
    false,
  ],
  [
    {
      Unseen: {
        Assertions: [
          {
            Assert: {
              'Fn::EachMemberIn': [
                { 'Fn::ValueOfAll': ['AWS::EC2::Subnet::Id', 'VpcId'] },
                { 'Fn::RefAll': 'AWS::EC2::VPC::Id' },
              ],
            },
          },
        ],
      },
    },
    { 'condition:IsProd': true },
    true,
  ],
  [
    { Two: { Assertions: [{ Assert: oneOf('Size', 'small') }, { Assert: oneOf('Env', 'prod') }] } },
    { 'condition:IsTest': true },
    false,
  ],
])('%j: %j can be reached: %s', (rules, assignment, expected) => {
  const resolution = template(rules);
  expect(codes(resolution)).toStrictEqual([]);
  expect(resolution.document.feasible(new Map(Object.entries(assignment)))).toBe(expected);
});

test('what a rule implies is decided', () => {
  const resolution = template(PROD_IS_LARGE);
  expect(show(resolution, at(resolution.document.value, ['Resources', 'R', 'Properties', 'P']))).toStrictEqual({
    '?': 'condition',
    'condition:IsProd=true': 2,
    'condition:IsProd=false': 3,
  });
  expect(template({ Fixed: { Assertions: [{ Assert: equals('Env', 'prod') }] } }).model.holds('IsProd')).toBe(true);
});

test('rules that no values satisfy are told and are not used', () => {
  const resolution = template({ Never: { Assertions: [{ Assert: equals('Env', 'x') }] } });
  expect(codes(resolution)).toStrictEqual(['TPL3021 Rules']);
  expect(resolution.document.feasible(new Map([['condition:IsProd', true]]))).toBe(true);
  expect(codes(template(PROD_IS_LARGE, { Env: 'prod', Size: 'small' }))).toStrictEqual(['TPL3021 Rules']);
});

test.each<readonly [rule: Value, expected: string]>([
  [1, 'TPL3004 Rules/X'],
  [{ Assertions: {} }, 'TPL3004 Rules/X'],
  [{ Assertions: [{ Assert: true }] }, 'TPL3004 Rules/X/Assertions/0/Assert'],
  [{ Assertions: [{ Assert: { 'Fn::Has': ['a', 'b'] } }] }, 'TPL3005 Rules/X/Assertions/0/Assert'],
  [{ RuleCondition: { 'Fn::Contains': ['a'] }, Assertions: [] }, 'TPL3004 Rules/X/RuleCondition'],
])('rule %j is told and is not used', (rule, expected) => {
  const resolution = template({ X: rule });
  expect(codes(resolution)).toStrictEqual([expected]);
  expect(resolution.document.feasible(new Map([['condition:IsProd', true]]))).toBe(true);
});
