import fc from 'fast-check';
import { compileRegex } from '../../../guard/index.js';
import { accepted, anyPattern, refused } from './patterns.js';

it.each(accepted)('accepts /%s/', (pattern) => {
  const compiled = compileRegex(pattern);
  expect(compiled).toMatchObject({ ok: true, regex: { pattern } });
});

it.each(refused)('refuses /%s/', (pattern, reason) => {
  const compiled = compileRegex(pattern);
  expect(compiled.ok ? 'accepted' : compiled.message).toMatch(reason);
});

it('says where a pattern goes wrong, in UTF-16 code units', () => {
  const offsetOf = (pattern: string): number | null => {
    const compiled = compileRegex(pattern);
    return compiled.ok ? null : compiled.offset;
  };
  expect(offsetOf(String.raw`😀ab\Qc`)).toBe(4);
  expect(offsetOf('ab[z-a]')).toBe(2);
  expect(offsetOf('ab(c')).toBe(2);
  expect(offsetOf('a😀**')).toBe(4);
});

it('refuses a pattern that is not valid Unicode', () => {
  expect(compileRegex('a\ud800')).toMatchObject({ ok: false, offset: 1 });
  expect(compileRegex('\udc00a')).toMatchObject({ ok: false, offset: 0 });
});

it('refuses groups that are nested 64 deep, as the reference does', () => {
  const nested = (depth: number): string => '('.repeat(depth) + 'a' + ')'.repeat(depth);
  expect(compileRegex(nested(63)).ok).toBe(true);
  expect(compileRegex(nested(64)).ok).toBe(false);
  expect(compileRegex('['.repeat(5000) + 'a' + ']'.repeat(5000)).ok).toBe(false);
});

it('returns the same object for the same pattern', () => {
  expect(compileRegex('^same$')).toBe(compileRegex('^same$'));
});

it('never throws, whatever the pattern', () => {
  const scraps = fc.array(
    fc.constantFrom(
      ...String.raw`( ) [ ] { } ? * + | \ ^ $ - & ~ : = ! < > P k p x u U 1 , a \p{ \x{ (? (?< (?( (?# [: :] \k<`.split(
        ' ',
      ),
    ),
    { maxLength: 14 },
  );
  let ok = 0;
  let notOk = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        scraps.map((parts) => parts.join('')),
        anyPattern,
        fc.string(),
      ),
      (pattern) => {
        const compiled = compileRegex(pattern);
        if (compiled.ok) {
          ok += 1;
        } else {
          notOk += 1;
          expect(compiled.message).not.toBe('');
          expect(compiled.offset).toBeGreaterThanOrEqual(0);
          expect(compiled.offset).toBeLessThanOrEqual(pattern.length);
        }
      },
    ),
    { numRuns: 3000 },
  );
  expect(ok).toBeGreaterThan(300);
  expect(notOk).toBeGreaterThan(300);
});
