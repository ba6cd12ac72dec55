/** Patterns: the part of the language that two engines read alike, and nothing else. */
import fc from 'fast-check';
import {
  boundPattern,
  escapePattern,
  fill,
  matchesPattern,
  placeholdersIn,
  readPattern,
} from '../../../hooks/gate/pattern.js';

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '[ab]',
  '[^a]',
  '[a-c0]',
  '\\d',
  '\\w',
  '[\\d_]',
  '(?:ab|b)',
  '(a|b.)',
  '\\.',
  '\\$',
  ' ',
  '\\/',
);
const piece = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{0,2}', '*?')).map((parts) => parts.join(''));
const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '0', '_', '.', '$', '/', '\n', '\r', '٣', 'é', '😀'), { maxLength: 6 })
  .map((parts) => parts.join(''));

it('matches what JavaScript matches, with the pattern bound to the whole text', () => {
  let matched = 0;
  fc.assert(
    fc.property(pattern, text, (written, value) => {
      expect(readPattern(written)).toHaveProperty('engine');
      const bound = boundPattern(written);
      const expected = new RegExp(bound, 'u').test(value);
      matched += Number(expected);
      expect(matchesPattern(bound, value)).toBe(expected);
    }),
    { numRuns: 1_500 },
  );
  expect(matched).toBeGreaterThan(50);
});

it.each([
  ['(?=a)', '`(?` is used as `(?:` only'],
  ['(?<=a)b', '`(?` is used as `(?:` only'],
  ['(?!x)a', '`(?` is used as `(?:` only'],
  ['(a)\\1', '`\\1` is not used here; write the characters out'],
  ['\\s', '`\\s` is not used here; write the characters out'],
  ['\\p{L}', '`\\p` is not used here; write the characters out'],
  ['[a&&b]', '`&&` within brackets is not used here'],
  ['[[a]', 'a `[` within brackets is written `\\['],
  ['[<accountId>]', 'a placeholder within brackets'],
  ['[]', 'brackets without a character in them'],
  ['(', 'it is no regular expression'],
])('does not take %s', (written, reason) => {
  expect(JSON.stringify(readPattern(written))).toContain(JSON.stringify(reason).slice(1, -1));
});

it('refuses a pattern that would need very much room', () => {
  expect(readPattern('(?:(?:[a-z]{1,999}){1,999}){1,999}')).toHaveProperty('problem');
});

it('takes time in proportion to the text where a backtracking engine would not', () => {
  expect(matchesPattern(boundPattern('(?:a+)+b'), 'a'.repeat(20_000))).toBe(false);
});

it('binds what is not bound', () => {
  expect(boundPattern('a|b')).toBe('^(?:a|b)$');
  expect(boundPattern('^a|b$')).toBe('^(?:^a|b$)$');
  expect(boundPattern('^a$')).toBe('^a$');
  expect(matchesPattern(boundPattern('^a|b$'), 'ax')).toBe(false);
  expect(matchesPattern(boundPattern('a\\$'), 'a$')).toBe(true);
  // Also a pattern that only looks bound, in a schema that somebody wrote by hand.
  expect(matchesPattern('^a|b$', 'ax')).toBe(false);
});

it('fills in texts that match as they are', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 8 }), (value) => {
      const filled = fill('^<stackName>$', { stackName: value }, escapePattern);
      if (!('text' in filled)) throw new Error('not filled');
      expect(matchesPattern(filled.text, value)).toBe(true);
      expect(matchesPattern(filled.text, `${value}x`)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

it('names what it cannot fill in', () => {
  expect(fill('<accountId>-<orgId>-<orgId>', { accountId: '1' })).toStrictEqual({ missing: ['orgId'] });
  expect(placeholdersIn('a<b>c<d1>')).toStrictEqual(['b', 'd1']);
});
