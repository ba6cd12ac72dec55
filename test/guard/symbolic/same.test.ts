/** A parameter equals itself, whatever its value is; nothing else that is unknown equals anything. */
import { evaluateOpenRule, parseRules } from '../../../guard/index.js';
import { resolveTemplate } from '../../../template/index.js';
import type { Value } from '../../../template/index.js';

const PARAMETERS = {
  P: { Type: 'Number' },
  Q: { Type: 'Number' },
  L: { Type: 'CommaDelimitedList' },
  A: { Type: 'String', AllowedValues: ['a', 'b'] },
};

function verdict(clause: string, from: Value, to: Value, parameters: Readonly<Record<string, string>> = {}): string {
  const { tree } = parseRules(`rule r { Resources.X.Properties { let to = To\n ${clause} } }`, 'r.guard');
  const { document } = resolveTemplate(
    { Parameters: PARAMETERS, Resources: { X: { Type: 'T', Properties: { From: from, To: to } } } },
    { parameters },
  );
  return evaluateOpenRule(tree!, tree!.rules[0]!, document).status;
}

const ref = (name: string): Value => ({ Ref: name });
const first = (index: number): Value => ({ 'Fn::Select': [index, ref('L')] });

it.each<[string, Value, Value, string]>([
  ['From == %to', ref('P'), ref('P'), 'PASS'],
  ['From == To', ref('P'), ref('P'), 'PASS'],
  ['some From == %to', ref('P'), ref('P'), 'PASS'],
  ['From != %to', ref('P'), ref('P'), 'FAIL'],
  ['From == %to', ref('L'), ref('L'), 'PASS'],
  ['From == %to', ref('A'), ref('A'), 'PASS'],
  ['From == %to', ref('AWS::StackName'), ref('AWS::StackName'), 'PASS'],
  ['From == %to', ref('P'), ref('Q'), 'NOT_EVALUATED'],
  ['From != %to', ref('P'), ref('Q'), 'NOT_EVALUATED'],
  ['From == %to', first(0), first(1), 'NOT_EVALUATED'],
  ['From == %to', first(0), ref('L'), 'NOT_EVALUATED'],
  ['From == %to', ref('P'), { 'Fn::Sub': '${P}0' }, 'NOT_EVALUATED'],
  ['From[0] == %to', ref('L'), ref('L'), 'NOT_EVALUATED'],
  ['From < %to', ref('P'), ref('P'), 'NOT_EVALUATED'],
])('%s with %j and %j is %s', (clause, from, to, status) => {
  expect(verdict(clause, from, to)).toBe(status);
});

it.each(['', 'a', '5'])('is what a known value gives: %j', (value) => {
  const given = { P: '5', Q: '6', L: value, A: 'a' };
  for (const name of ['P', 'L', 'A']) {
    expect(verdict('From == %to', ref(name), ref(name), given)).toBe('PASS');
    expect(verdict('From != %to', ref(name), ref(name), given)).toBe('FAIL');
  }
});
