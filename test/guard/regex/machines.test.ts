import fc from 'fast-check';
import { analyze } from '../../../guard/regex/analyze.js';
import { runBacktracking } from '../../../guard/regex/backtrack.js';
import { compileBacktracking } from '../../../guard/regex/backtrack-program.js';
import { compileRegex } from '../../../guard/index.js';
import { isRegular } from '../../../guard/regex/measure.js';
import { fits, planNative } from '../../../guard/regex/native.js';
import { parsePattern } from '../../../guard/regex/parse.js';
import { PikeMachine } from '../../../guard/regex/pike.js';
import { compileProgram } from '../../../guard/regex/program.js';
import { accepted, regularPattern, text, texts } from './patterns.js';
import { runs } from '../../support/runs.js';

/** The answers of every matcher that can run a pattern without look-around and back-references. */
function answers(pattern: string, subject: string): { pike: boolean; native: boolean | null; backtracking: boolean } {
  const { expr } = parsePattern(pattern);
  const plan = planNative(expr);
  return {
    pike: new PikeMachine(compileProgram(expr)).test(subject),
    native: plan !== null && fits(plan, subject) ? new RegExp(plan.source, plan.flags).test(subject) : null,
    backtracking: runBacktracking(compileBacktracking(analyze(expr)), pattern, subject, 0) !== null,
  };
}

function isComparable(pattern: string): boolean {
  return compileRegex(pattern).ok && isRegular(parsePattern(pattern).expr);
}

it('three matchers give one answer', () => {
  const seen = { matched: 0, unmatched: 0, native: 0, notNative: 0 };
  fc.assert(
    fc.property(
      regularPattern.filter(isComparable),
      fc.array(text, { minLength: 1, maxLength: 4 }),
      (pattern, subjects) => {
        for (const subject of subjects) {
          const { pike, native, backtracking } = answers(pattern, subject);
          seen[pike ? 'matched' : 'unmatched'] += 1;
          seen[native === null ? 'notNative' : 'native'] += 1;
          expect({ pattern, subject, backtracking }).toStrictEqual({ pattern, subject, backtracking: pike });
          if (native !== null) expect({ pattern, subject, native }).toStrictEqual({ pattern, subject, native: pike });
        }
      },
    ),
    { numRuns: runs(600, 5_000) },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(200);
});

it.each(accepted.filter(isComparable))('three matchers give one answer for /%s/', (pattern) => {
  for (const subject of texts) {
    const { pike, native, backtracking } = answers(pattern, subject);
    expect([subject, backtracking, native ?? pike]).toStrictEqual([subject, pike, pike]);
  }
});

it('the usual patterns of rule files run natively', () => {
  const usual = [
    '^arn:aws:kms',
    String.raw`\A\s*\z`,
    String.raw`^m5dn\..+?$`,
    '^(?i)kms:GrantIsForAWSResource$',
    '^(true|True|on)$',
  ];
  for (const pattern of usual) expect(planNative(parsePattern(pattern).expr)?.maxLength ?? 0).toBeGreaterThan(1000);
});

it('patterns that can match one text in many ways do not', () => {
  for (const pattern of ['(a+)+', '(a|a)*', '(a*)*', '(?:a|ab)*c', '(a?){40}', '(?:a{1,50}){1,50}', '(?:(?:ab?)+c)*']) {
    expect([pattern, planNative(parsePattern(pattern).expr)]).toStrictEqual([pattern, null]);
  }
});

it('the longest text of a native search follows from the number of its loops', () => {
  const maxLength = (pattern: string): number => planNative(parsePattern(pattern).expr)?.maxLength ?? -1;
  expect(maxLength('^a')).toBe(Infinity);
  expect(maxLength('^a+b')).toBeLessThan(20_000_000);
  expect(maxLength('a+b')).toBeLessThan(5000);
  expect(maxLength('^a+a+b')).toBeLessThan(5000);
  expect(maxLength('a+a+b')).toBeLessThan(300);
  expect(maxLength('a{900}b')).toBeLessThan(30_000);
});
