import {
  CharValue,
  INCOMPARABLE,
  NO,
  YES,
  compareEqual,
  compareStrings,
  keyMatches,
  looseEqual,
  order,
  unaryHolds,
  valueOfLiteral,
} from '../../../guard/operators/index.js';
import type { GuardValue } from '../../../guard/operators/index.js';
import { EvaluationError, parseRules } from '../../../guard/index.js';
import { Float, KEY_ORDER } from '../../../template/index.js';
import { describeWithReference, validatePairs } from '../../support/reference.js';
import { clause } from './support.js';

/** The value of a literal as rules write it; `'b'c` is the character b. */
function literal(text: string): GuardValue {
  if (text.endsWith("'c")) return new CharValue(text.slice(1, 2));
  const { tree } = parseRules(`let x = ${text}`, 'l.guard');
  const bound = tree?.lets[0]?.value;
  if (bound?.kind !== 'literal') throw new Error(`${text} is no literal`);
  return valueOfLiteral(bound.literal);
}

describe('equality of two values', () => {
  const answers = { yes: YES, no: NO, incomparable: INCOMPARABLE } as const;

  it.each([
    ['null', 'null', 'yes', true],
    ['null', '0', 'incomparable', false],
    ['true', 'true', 'yes', true],
    ['true', 'false', 'no', false],
    ["'true'", 'true', 'incomparable', false],
    ['1', '1', 'yes', true],
    ['1', '2', 'no', false],
    ['1', '1.0', 'incomparable', false],
    ['1.0', '1.0', 'yes', true],
    ['9223372036854775807', '9223372036854775807', 'yes', true],
    ['9223372036854775807', '9223372036854775806', 'no', false],
    ["'a'", "'a'", 'yes', true],
    ["'a'", "'A'", 'no', false],
    ["'5'", '5', 'incomparable', false],
    ["'abc'", '/b/', 'yes', true],
    ['/b/', "'abc'", 'yes', true],
    ['/b/', "'xyz'", 'no', false],
    ['/b/', '/b/', 'yes', true],
    ['/b/', '/c/', 'no', false],
    ['5', '/5/', 'incomparable', false],
    ['3', 'r[1,5]', 'yes', true],
    ['1', 'r(1,5]', 'no', false],
    ['5', 'r[1,5)', 'no', false],
    ['3', 'r[5,1]', 'no', false],
    ['r[1,5]', '3', 'incomparable', false],
    ['3', 'r[1.0,5.0]', 'incomparable', false],
    ['3.5', 'r[1.0,5.0]', 'yes', true],
    ["'b'", 'r[a,c]', 'incomparable', false],
    ["'b'c", 'r[a,c]', 'yes', true],
    ["'b'c", "'b'", 'incomparable', false],
    ["'b'c", "'b'c", 'yes', true],
    ['[]', '[]', 'yes', true],
    ["[1, 'a']", "[1, 'a']", 'yes', true],
    ['[1, 2]', '[2, 1]', 'no', false],
    ['[1]', '[1, 2]', 'no', false],
    ["[1, 'a']", '[2, 5]', 'no', false],
    ["[1, 'a']", '[1, 5]', 'incomparable', false],
    ['[1]', '1', 'incomparable', false],
    ['{a: 1, b: 2}', '{b: 2, a: 1}', 'yes', true],
    ['{a: 1}', '{a: 1, b: 2}', 'no', false],
    ['{a: 1, b: 2}', '{a: 1, c: 2}', 'no', false],
    ['{a: 1, b: 2}', "{a: 'x', c: 2}", 'incomparable', false],
    ["{a: 1, b: 'x'}", '{a: 1, b: /x/}', 'yes', true],
    ["{a: {b: [1, {c: 'x'}]}}", "{a: {b: [1, {c: 'x'}]}}", 'yes', true],
    ['{}', '[]', 'incomparable', false],
  ] as const)('%s and %s: %s', (left, right, answer, loose) => {
    expect(compareEqual(literal(left), literal(right))).toBe(answers[answer]);
    expect(looseEqual(literal(left), literal(right))).toBe(loose);
  });

  it('does not mix up keys of Object.prototype and keys of a map', () => {
    expect(compareEqual({ constructor: 1 }, { a: 1 })).toBe(NO);
    expect(compareEqual({ a: 1 }, JSON.parse('{"__proto__": 1}') as GuardValue)).toBe(NO);
    expect(clause('constructor !exists toString !exists', { a: 1 })).toBe('PASS');
    expect(clause("'__proto__' == 1", JSON.parse('{"__proto__": 1}') as never)).toBe('PASS');
  });

  it('reads the written order of maps with keys that look like numbers', () => {
    const map = Object.defineProperty({ '10': 'a', '9': 'b' }, KEY_ORDER, { value: ['10', '9'] });
    expect(compareEqual(map, { '9': 'b', '10': 'a' })).toBe(YES);
  });

  it('of NaN is never there', () => {
    expect(compareEqual(NaN, NaN)).toBe(INCOMPARABLE);
    expect(looseEqual([NaN], [NaN])).toBe(false);
    expect(compareEqual(NaN, literal('r[0.0,9.0]'))).toBe(NO);
    expect(compareEqual(new Float(-0), new Float(0))).toBe(YES);
  });
});

describe('order', () => {
  it.each([
    ['1', '2', -1],
    ['-9223372036854775807', '2', -1],
    ['2.5', '1.5', 1],
    ['null', 'null', 0],
    ["'10'", "'9'", -1],
    ["'a'c", "'b'c", -1],
    ['1', '2.0', undefined],
    ['true', 'false', undefined],
    ['[1]', '[1]', undefined],
  ] as const)('of %s and %s', (left, right, sign) => {
    const answer = order(literal(left), literal(right));
    expect(answer === undefined ? undefined : Math.sign(answer)).toBe(sign);
  });

  it('of strings is that of their UTF-8 bytes', () => {
    const words = ['', 'Z', 'a', 'a\u0000', 'aa', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'];
    const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
    for (const a of words) {
      for (const b of words) expect(Math.sign(compareStrings(a, b))).toBe(Buffer.compare(bytes(a), bytes(b)));
    }
  });
});

describe('unary operators', () => {
  const kinds = ['isNull', 'isBool', 'isInt', 'isFloat', 'isString', 'isList', 'isStruct'] as const;

  it.each([
    ['null', 'isNull'],
    ['true', 'isBool'],
    ['5', 'isInt'],
    ['9223372036854775807', 'isInt'],
    ['5.0', 'isFloat'],
    ['5.5', 'isFloat'],
    ["'x'", 'isString'],
    ['[]', 'isList'],
    ['{}', 'isStruct'],
    ['/x/', undefined],
    ['r[1,2]', undefined],
    ["'x'c", undefined],
  ] as const)('%s is of one kind', (text, kind) => {
    expect(kinds.filter((each) => unaryHolds(each, literal(text)))).toEqual(kind === undefined ? [] : [kind]);
    expect(unaryHolds('exists', literal(text))).toBe(true);
  });

  it.each(["''", '[]', '{}'])('%s is empty', (text) => {
    expect(unaryHolds('empty', literal(text))).toBe(true);
  });

  it.each(["' '", '[[]]', '{a: 1}', 'true', 'false'])('%s is not empty', (text) => {
    expect(unaryHolds('empty', literal(text))).toBe(false);
  });

  it.each(['0', '0.0', 'null', '/x/', 'r[1,2]'])('%s cannot be empty', (text) => {
    expect(() => unaryHolds('empty', literal(text))).toThrow(EvaluationError);
  });
});

describe('key filters', () => {
  const right = (...texts: string[]): { value: GuardValue; literal: boolean }[] =>
    texts.map((text) => ({ value: literal(text), literal: texts.length === 1 }));

  it.each([
    ['eq', false, ["'a'"], true],
    ['eq', false, ["'ab'"], false],
    ['eq', true, ["'ab'"], true],
    ['eq', false, ["'x'", "'a'"], true],
    ['eq', false, ["'x'", "'xax'"], true],
    ['eq', true, ["'x'", "'y'"], true],
    ['eq', false, ['/^a$/'], true],
    ['eq', false, ["['a']"], true],
    ['eq', false, ["['a', 'b']"], false],
    ['in', false, ["'xax'"], true],
    ['in', true, ["'xax'"], false],
    ['in', false, ["['x', 'a']"], true],
    ['in', false, ["['x', /a/]"], true],
    ['in', false, ["['a', 5]"], false],
    ['in', true, ["['x', 5]"], false],
    ['in', true, ["['x', 'y']"], true],
    ['in', false, ['5'], false],
    ['in', true, ['5'], false],
  ] as const)('%s (negated: %s) against %s: %s', (operator, negated, texts, answer) => {
    expect(keyMatches(operator, negated, 'a', right(...texts), texts.length)).toBe(answer);
  });
});

const LISTS = { one: [1], two: [1, 2], swapped: [2, 1], none: [], lists: [[1], [2]], words: ['a', 'b'], n: 1 };

const ON_LISTS = [
  ['two[*] == swapped[*]', 'PASS'],
  ['two == swapped', 'FAIL'],
  ['two == one', 'FAIL'],
  ['two[*] != swapped[*]', 'FAIL'],
  ['two[*] != words[*]', 'FAIL'],
  ['words[*] != one[*]', 'PASS'],
  ['n != words', 'FAIL'],
  ['one in lists', 'PASS'],
  ['two in lists', 'FAIL'],
  ['one not in lists', 'FAIL'],
  ['two not in lists', 'PASS'],
  ['none in two', 'PASS'],
  ['none not in two', 'FAIL'],
  ['none not in [[9]]', 'PASS'],
  ['two not in [1, 9]', 'FAIL'],
  ['two in [1, 9]', 'FAIL'],
  ['two[*] in swapped', 'PASS'],
  ['n in two', 'PASS'],
  ['n not in words', 'PASS'],
  ['none == 1 none != 1 none < 1', 'PASS'],
  ['some none == 1', 'FAIL'],
  ['two < [3, 4]', 'PASS'],
  ['two < [2, 4]', 'FAIL'],
  ['some two < [2]', 'PASS'],
  ['lists[*] == [1]', 'FAIL'],
  ['some lists[*] == [1]', 'PASS'],
] as const;

describe('lists on both sides of an operator', () => {
  it.each(ON_LISTS)('%s: %s', (text, status) => {
    expect(clause(text, LISTS)).toBe(status);
  });
});

describeWithReference('lists on both sides of an operator, held against cfn-guard', () => {
  it('give the statuses of the table', () => {
    const data = JSON.stringify(LISTS);
    const runs = validatePairs(ON_LISTS.map(([text]) => ({ rules: `rule r {\n${text}\n}`, data })));
    expect(runs.map((run, index) => [ON_LISTS[index]![0], run.reports[0]?.status])).toEqual(ON_LISTS);
  });
});
