import { CharValue, EvaluationError, type GuardValue } from '../../../guard/operators/index.js';
import { FUNCTION_NAMES, callFunction } from '../../../guard/functions/index.js';
import { loadTestData } from '../../../guard/index.js';
import { Float } from '../../../template/index.js';
import { describeWithReference, validatePairs } from '../../support/reference.js';
import { clause, notCompliant, payloadProgram, statuses } from './support.js';

type Args = readonly (readonly (GuardValue | undefined)[])[];

function call(name: string, ...args: Args): GuardValue[] {
  return callFunction(name, args, loadTestData).map(({ value }) => value);
}

describe('functions', () => {
  it.each<[string, Args, GuardValue[]]>([
    ['count', [[1, undefined, 'a']], [2]],
    ['count', [[]], [0]],
    ['count', [[[1, 2, 3]]], [1]],
    ['json_parse', [['{"a": [1, 2.0, null]}', 5, undefined]], [{ a: [1, new Float(2), null] }]],
    ['json_parse', [['a: yes']], [{ a: 'yes' }]],
    ['regex_replace', [['abcabc', 5], ['(b)(c)'], ['$2$1-']], ['cb-cb-']],
    ['regex_replace', [['abc'], ['z'], ['x']], ['']],
    ['join', [['a', 'b', 'c'], [', ']], ['a, b, c']],
    ['join', [[], ['-']], ['']],
    ['join', [['a', 'b'], [new CharValue('-')]], ['a-b']],
    ['to_upper', [['straße', 5, undefined, ['x']]], ['STRASSE']],
    ['to_lower', [['ÀB', true]], ['àb']],
    ['substring', [['hello'], [1], [3]], ['el']],
    ['substring', [['hello', 'hi', ''], [0], [3]], ['hel']],
    ['substring', [['hello'], [3], [3]], []],
    ['substring', [['hello'], [1.9], [new Float(3)]], ['el']],
    ['substring', [['aéb'], [1], [3]], ['é']],
    ['substring', [['hello'], [65_536], [2]], ['he']],
    ['substring', [['hello'], [-1], [2]], []],
    ['url_decode', [['a%20b+c%C3%A9%zz%', '%ff', 5]], ['a b+cé%zz%']],
    ['parse_int', [['12', '+7', '-03', 5, 5.9, -5.9, new CharValue('4'), true, null]], [12, 7, -3, 5, 5, -5, 4]],
    ['parse_int', [['9223372036854775807', NaN, new Float(1e300)]], [9223372036854775807n, 0, 9223372036854775807n]],
    [
      'parse_float',
      [['1.5', '2', '.5', '1e3', 7, 1.25, new CharValue('3')]],
      [1.5, new Float(2), 0.5, new Float(1000), new Float(7), 1.25, new Float(3)],
    ],
    ['parse_float', [['inf', '-Infinity', 'NaN']], [Infinity, -Infinity, NaN]],
    [
      'parse_string',
      [[5, 1.5, new Float(1e21), true, 'x', new CharValue('c'), null, []]],
      ['5', '1.5', '1000000000000000000000', 'true', 'x', 'c'],
    ],
    ['parse_boolean', [['TRUE', 'fAlse', true, 5]], [true, false, true]],
    ['parse_char', [['b', 7, '', true]], [new CharValue('b'), new CharValue('7')]],
    ['parse_char', [[new CharValue('x')]], ['x']],
  ])('%s of %j', (name, args, results) => {
    expect(call(name, ...args)).toEqual(results);
  });

  it.each<[string, Args]>([
    ['json_parse', [['{']]],
    ['json_parse', [['']]],
    ['regex_replace', [['a'], [5], ['x']]],
    ['regex_replace', [['a'], ['a'], []]],
    ['regex_replace', [['a'], ['('], ['x']]],
    ['join', [['a', 5], ['-']]],
    ['join', [['a', undefined], ['-']]],
    ['join', [[['a']], ['-']]],
    ['join', [['a'], [5]]],
    ['substring', [['a'], ['0'], [1]]],
    ['substring', [['aéb'], [0], [2]]],
    ['parse_int', [['1.5']]],
    ['parse_int', [['9223372036854775808']]],
    ['parse_int', [[new CharValue('x')]]],
    ['parse_float', [['1.5x']]],
    ['parse_float', [['']]],
    ['parse_boolean', [['yes']]],
    ['parse_char', [['ab']]],
    ['parse_char', [['é']]],
    ['parse_char', [[10]]],
    ['parse_char', [[-1]]],
    ['nosuch', [[]]],
    ['now', []],
    ['parse_epoch', [['2020-01-01T00:00:00Z']]],
    ['count', [[], []]],
    ['join', [['a']]],
  ])('%s of %j is an error', (name, args) => {
    expect(() => call(name, ...args)).toThrow(EvaluationError);
  });

  it('tell which input a result comes from', () => {
    expect(callFunction('to_upper', [[5, 'a', undefined, 'b']], loadTestData)).toEqual([
      { value: 'A', from: 1 },
      { value: 'B', from: 3 },
    ]);
    expect(callFunction('count', [[]], loadTestData)).toEqual([{ value: 0, from: -1 }]);
  });

  it('check the call only when it is evaluated', () => {
    expect(statuses('let v = nosuch(a)\nrule r { a == 1 }', { a: 1 })).toBe('PASS');
    expect(statuses('let v = nosuch(%alsonot)\nrule r { %v == 1 }', { a: 1 })).toMatch(/no such function named nosuch/);
  });

  it('nest, and give results that are no literals', () => {
    expect(clause("s == to_upper(join(L[*], ''))", { s: 'AB', L: ['a', 'b'] })).toBe('PASS');
    expect(clause("i != parse_int('6')", { i: 5 })).toBe('FAIL');
  });
});

const DATA = {
  s: 'Hé llo',
  n: 5,
  f: 2.5,
  t: true,
  L: ['x', 'y'],
  J: '{"a": [1, "b", 2.0, null], "c": {}}',
  u: 'a%20%C3%A9+',
  d: '7',
};

const CALLS = [
  'count(L[*])',
  'count(L)',
  'count(missing)',
  'count(Q[ a == 1 ])',
  'json_parse(J)',
  'json_parse(n)',
  "regex_replace(s, 'l(.)', '<$1>')",
  "regex_replace(L[*], '^', '>')",
  "join(L[*], ',')",
  "join(L[*], '')",
  'to_upper(s)',
  'to_lower(s)',
  'to_lower(n)',
  'substring(s, 0, 1)',
  'substring(s, 3, 6)',
  'substring(s, 4, 2)',
  'substring(s, 0, 99)',
  'url_decode(u)',
  'url_decode(L[*])',
  'parse_int(d)',
  'parse_int(f)',
  'parse_int(t)',
  'parse_float(d)',
  'parse_float(n)',
  'parse_float(f)',
  'parse_string(f)',
  'parse_string(t)',
  'parse_string(n)',
  "parse_boolean('TrUe')",
  'parse_boolean(t)',
  'parse_char(d)',
  'parse_char(n)',
  "parse_string(parse_char('a'))",
  'parse_char(parse_char(d))',
  "join(s, '-')",
  'to_upper(missing)',
  'parse_float(parse_char(d))',
  'substring(s, 65536, 1)',
  "parse_float('.5')",
];

describeWithReference('functions, held against cfn-guard', () => {
  const FUNCTIONS_HERE = new Set(CALLS.map((each) => each.replace(/\(.*/, '')));

  it('covers all of them', () => {
    expect(FUNCTION_NAMES.filter((name) => !FUNCTIONS_HERE.has(name))).toEqual([]);
  });

  it('give the values that the reference prints', () => {
    const rules = CALLS.map((text) => `let v = ${text}\nrule r { %v !empty %v[*] !exists }`);
    const data = JSON.stringify(DATA);
    validatePairs(rules.map((each) => ({ rules: each, data }))).forEach((run, index) => {
      if (run.outcome === 'ran') {
        const { not_compliant: theirs } = run.reports[0]!.printed as { not_compliant: unknown };
        const ours = notCompliant([payloadProgram(rules[index]!)!], data);
        expect({ call: CALLS[index], checks: ours }).toEqual({ call: CALLS[index], checks: theirs });
      } else {
        expect(`${CALLS[index]!}: ${statuses(rules[index]!, DATA)}`).not.toMatch(/PASS|FAIL|SKIP/);
      }
    });
  });
});
