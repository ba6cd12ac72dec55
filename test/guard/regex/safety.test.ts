import { compileRegex, RegexBudgetError, type GuardRegex } from '../../../guard/index.js';

function regex(pattern: string): GuardRegex {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.regex;
}

const raw = String.raw;

/** Backtracking engines need time exponential or of a high power in the text for these; and what ends a text that matches. */
const catastrophic = [
  ['(a+)+$', ''],
  ['(a|a)*b', 'b'],
  ['(.*)*x', 'x'],
  ['(a?){50}a{50}b', 'b'],
  [raw`^(\w+\s?)*$`, ''],
  ['(x+x+)+y', 'xxy'],
  [raw`\b(a+)+$`, ''],
  ['.*.*.*.*.*.*x', 'x'],
  ['(a|aa)+$', ''],
  ['((a{0,5}){0,5}){0,5}b', 'b'],
  ['(?i)(a|A)*b', 'b'],
  ['a*a*a*a*a*b', 'b'],
  ['a{500}b', 'b'],
] as const;

// An engine that tries every way would not end on the longer texts; how the time grows is a row of the bench.
it.each(catastrophic)('tests /%s/ on long texts', (pattern, end) => {
  const compiled = regex(pattern);
  for (const length of [30, 1_000, 20_000]) {
    const text = 'a'.repeat(length);
    expect([length, compiled.test(`${text}!`)]).toStrictEqual([length, false]);
    if (length >= 1_000) expect(compiled.test(`${text}${end}`)).toBe(true);
  }
});

it.each(['(a+)+$', '(a|a)*b', '(.*)*x', '(a|aa)+$'])('replaces by /%s/ without backtracking', (pattern) => {
  expect(regex(pattern).replaceMatches(`${'a'.repeat(2_000)}!`, '$0')).toBe('');
});

it.each(['(?=a)(a+)+$', raw`(a+)+\1$`, '(?!x)(a|a)*$', '(?>x|(a|b|ab)*c)'])(
  'gives /%s/ up after a million ways back',
  (pattern) => {
    const text = `${'ab'.repeat(5)}${'a'.repeat(3_000)}!`;
    const compiled = regex(pattern);
    let outcome: unknown;
    try {
      outcome = compiled.test(text);
    } catch (error) {
      outcome = error;
    }
    if (pattern.startsWith('(?>')) expect(outcome).toBe(false);
    else expect(outcome).toBeInstanceOf(RegexBudgetError);
    // The failed search leaves nothing behind.
    expect(compiled.test('aa')).toBe(pattern !== '(?>x|(a|b|ab)*c)');
  },
);

it('names the pattern in the error', () => {
  expect(() => regex('(?=a)(a+)+$').test(`${'a'.repeat(100)}!`)).toThrow('/(?=a)(a+)+$/ backtracks too often');
});

it('answers for long texts', () => {
  const long = 'x'.repeat(200_000);
  expect(regex('^arn:').test(long)).toBe(false);
  expect(regex('y').test(long)).toBe(false);
  expect(regex('.*y').test(long)).toBe(false);
  expect(regex('x+$').test(long)).toBe(true);
});
