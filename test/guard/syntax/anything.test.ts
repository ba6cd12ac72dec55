import fc from 'fast-check';
import { parseRules, parseTree } from '../../../guard/index.js';
import { MAX_DEPTH } from '../../../guard/syntax/scanner.js';
import { controlTowerRules } from '../../support/reference.js';
import { accepted, rejected } from './snippets.js';
import { runs } from '../../support/runs.js';

/** Parses, and checks what holds for any text. */
function check(text: string): void {
  const { tree, diagnostics } = parseRules(text, 'rules.guard');
  expect(tree === null).toBe(diagnostics.length > 0);
  for (const { location, labels = [], message } of diagnostics) {
    for (const range of [location!, ...labels.map((label) => label.range)]) {
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeGreaterThanOrEqual(range.start);
      expect(range.end).toBeLessThanOrEqual(text.length);
    }
    expect(message).not.toMatch(/undefined|\.$/);
  }
  if (tree !== null) {
    expect(
      JSON.stringify(tree, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).toBeDefined();
    parseTree(tree, text);
  }
}

const token = fc.constantFrom(
  ...['not ', '!', 'some ', 'this', 'when ', ' or ', 'a', 'b.c', '%x', '[*]', '[', ']', '{', '}', '(', ')', '==', '!='],
  ...['in ', 'exists', 'empty ', 'keys ', 'let x = ', 'rule r ', 'AWS::S3::B ', "'q'", '"', "'", '/', '/x/', 'r[1,2]'],
  ...[
    '5',
    '1.5',
    '-1',
    ',',
    ':',
    '<<m>>',
    '<<',
    '>>',
    '#',
    '\n',
    ' ',
    '|',
    '*',
    '.',
    'null',
    'true',
    '{a: 1}',
    '\\',
    '\u{1f600}',
  ],
);

it('parses any string without throwing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      check(text);
    }),
  );
});

it('parses any tokens without throwing', () => {
  fc.assert(
    fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
      check(tokens.join(''));
    }),
    { numRuns: runs(800, 5_000) },
  );
});

it('parses changed rule files without throwing', () => {
  const snippet = fc.constantFrom(...accepted, ...rejected);
  fc.assert(
    fc.property(snippet, snippet, fc.nat(), fc.nat(4), token, (first, second, place, removed, added) => {
      const text = `${first}\n${second}`;
      const at = place % (text.length + 1);
      check(text.slice(0, at) + added + text.slice(at + removed));
    }),
    { numRuns: runs(800, 5_000) },
  );
});

it('parses every prefix of a rule file without throwing', () => {
  const bySize = controlTowerRules().sort((a, b) => a.text.length - b.text.length);
  const { text } = bySize[Math.floor(bySize.length / 4)]!;
  for (let end = 0; end <= text.length; end++) check(text.slice(0, end));
  for (const { text: other } of bySize) check(other.slice(0, Math.floor(other.length * 0.7)));
});

describe('nesting', () => {
  const nests: readonly (readonly [string, (levels: number) => string])[] = [
    ['blocks', (n) => 'a { '.repeat(n) + 'b exists' + ' }'.repeat(n)],
    ['when blocks', (n) => 'when a exists { '.repeat(n) + 'b exists' + ' }'.repeat(n)],
    ['filters', (n) => 'a[ '.repeat(n) + 'b exists' + ' ] exists'.repeat(n)],
    ['key filters', (n) => 'a[ keys == '.repeat(n) + 'b' + ' ]'.repeat(n) + ' exists'],
    ['key filters that are filters', (n) => 'a[ keys == '.repeat(n) + 'b' + ' c exists ]'.repeat(n) + ' exists'],
    ['lists', (n) => `a == ${'['.repeat(n)}${']'.repeat(n)}`],
    ['maps', (n) => `a == ${'{a: '.repeat(n)}1${'}'.repeat(n)}`],
    ['calls', (n) => `${'f('.repeat(n)}a${')'.repeat(n)}`],
    ['`when` as a key', (n) => 'a[ when in\n '.repeat(n) + 'b' + ' exists exists\n ]'.repeat(n) + ' exists'],
    ['unclosed blocks', (n) => 'a { '.repeat(n)],
    ['unclosed filters', (n) => 'a[ '.repeat(n)],
    ['unclosed lists', (n) => `a == ${'['.repeat(n)}`],
    ['unclosed key filters', (n) => 'a[ keys == '.repeat(n)],
  ];

  it.each(nests)('%s: the limit is kept, and deeper ones do not overflow the stack', (name, nest) => {
    check(nest(100));
    const { tree, diagnostics } = parseRules(nest(100_000), 'rules.guard');
    expect(tree).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toStrictEqual(['GRD2013']);
    if (!name.startsWith('unclosed')) {
      // How much of the stack is left for the last of them depends on who calls.
      expect(parseRules(nest(MAX_DEPTH / 2), 'rules.guard').diagnostics).toStrictEqual([]);
    }
  });
});

it('reads long runs of what is hard to read', () => {
  // How the time grows is a row of the bench.
  const hard = [
    "a == '\\'",
    'a[ keys == b c exists ] exists ',
    'when exists ',
    'a <<m',
    'rule r {\n',
    'a or ',
    'f(',
    '%a ',
    '# ',
  ];
  for (const text of hard) expect(parseRules(text.repeat(20_000), 'rules.guard')).toHaveProperty('diagnostics');
});
