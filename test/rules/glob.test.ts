import fc from 'fast-check';
import { compileGlob } from '../../rules/index.js';

it.each([
  ['generated', 'generated', true],
  ['generated', 'generated/a/b.yaml', true],
  ['generated/', 'generated/a.yaml', true],
  ['./generated', 'generated/a.yaml', true],
  ['generated', 'src/generated/a.yaml', false],
  ['generated', 'generated2/a.yaml', false],
  ['**/generated', 'generated/a.yaml', true],
  ['**/generated', 'a/b/generated/c.yaml', true],
  ['*.json', 'a.json', true],
  ['*.json', 'a/b.json', false],
  ['**/*.json', 'b.json', true],
  ['**/*.json', 'a/b/c.json', true],
  ['**/*.json', 'a/b/c.yaml', false],
  ['a/**/z', 'a/z', true],
  ['a/**/z', 'a/b/c/z/x.yaml', true],
  ['a/**', 'a/b', true],
  ['a/**', 'a/b/c', true],
  ['a/**', 'a', false],
  ['**', 'anything/at/all', true],
  ['a?c.yaml', 'abc.yaml', true],
  ['a?c.yaml', 'ac.yaml', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['*a*b*', 'xxbxxaxx', false],
  ['a*', 'a', true],
  ['[x].yaml', '[x].yaml', true],
  ['[x].yaml', 'x.yaml', false],
  ['.+.yaml', 'aa.yaml', false],
  ['', 'a.yaml', false],
  ['../x', '../x/a.yaml', true],
])('%s on %s: %s', (pattern, path, matches) => {
  expect(compileGlob(pattern)(path)).toBe(matches);
});

it('agrees with a regular expression of the same meaning', () => {
  const piece = fc.constantFrom('*', '?', 'a', 'b', 'ab', '**', '/');
  const pattern = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''));
  const path = fc
    .array(fc.constantFrom('a', 'b', 'ab', '/'), { minLength: 1, maxLength: 8 })
    .map((pieces) => pieces.join(''));
  let matched = 0;
  fc.assert(
    fc.property(pattern, path, (glob, text) => {
      const names = glob.split('/').filter((name) => name !== '');
      const parts = text.split('/').filter((name) => name !== '');
      fc.pre(names.length > 0 && parts.length > 0);
      const source = names
        .map((name, index) => {
          if (name === '**') return index === names.length - 1 ? '[^/]+/(?:[^/]+/)*' : '(?:[^/]+/)*';
          return `${name.replace(/\*+/g, '[^/]*').replaceAll('?', '[^/]')}/`;
        })
        .join('');
      const expected = new RegExp(`^${source}`).test(`${parts.join('/')}/`);
      if (expected) matched += 1;
      expect(compileGlob(glob)(parts.join('/'))).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
  expect(matched).toBeGreaterThan(200);
});

it('ends on patterns that invite to try again and again', () => {
  expect(compileGlob(`${'*a'.repeat(30)}*b`)('a'.repeat(2_000))).toBe(false);
  expect(compileGlob(`${'**/a/'.repeat(30)}b`)('a/'.repeat(500))).toBe(false);
});
