import { compileRegex, RegexBudgetError, type GuardRegex } from '../../../guard/index.js';

function regex(pattern: string): GuardRegex {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.regex;
}

function milliseconds(run: () => unknown): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const raw = String.raw;

/** Backtracking engines need time exponential or of a high power in the text for these. */
const catastrophic = [
  '(a+)+$',
  '(a|a)*b',
  '(.*)*x',
  '(a?){50}a{50}b',
  raw`^(\w+\s?)*$`,
  '(x+x+)+y',
  raw`\b(a+)+$`,
  '.*.*.*.*.*.*x',
  '(a|aa)+$',
  '((a{0,5}){0,5}){0,5}b',
  '(?i)(a|A)*b',
  'a*a*a*a*a*b',
  'a{500}b',
];

it.each(catastrophic)('tests /%s/ in time that grows with the text', (pattern) => {
  const { test } = { test: (length: number) => regex(pattern).test(`${'a'.repeat(length)}!`) };
  test(100);
  expect(milliseconds(() => test(30))).toBeLessThan(1000);
  expect(milliseconds(() => test(1_000))).toBeLessThan(1000);
  expect(milliseconds(() => test(20_000))).toBeLessThan(4000);
});

it.each(['(a+)+$', '(a|a)*b', '(.*)*x', '(a|aa)+$'])('replaces by /%s/ without backtracking', (pattern) => {
  expect(milliseconds(() => regex(pattern).replaceMatches(`${'a'.repeat(2_000)}!`, '$0'))).toBeLessThan(4000);
});

it.each(['(?=a)(a+)+$', raw`(a+)+\1$`, '(?!x)(a|a)*$', '(?>x|(a|b|ab)*c)'])(
  'gives /%s/ up after a million ways back',
  (pattern) => {
    const text = `${'ab'.repeat(5)}${'a'.repeat(3_000)}!`;
    const compiled = regex(pattern);
    let outcome: unknown = null;
    const spent = milliseconds(() => {
      try {
        outcome = compiled.test(text);
      } catch (error) {
        outcome = error;
      }
    });
    expect(spent).toBeLessThan(10_000);
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
