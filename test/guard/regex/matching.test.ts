import { compileRegex } from '../../../guard/index.js';

function test(pattern: string, text: string): boolean {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.regex.test(text);
}

const raw = String.raw;

// Pattern, texts that it matches, texts that it does not match; measured with cfn-guard 3.1.1.
const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['b', ['b', 'abc'], ['', 'B']],
  ['^arn:aws:kms', ['arn:aws:kms:x'], ['x arn:aws:kms', 'ARN:AWS:KMS']],
  ['a.b', ['a b', 'a\rb', 'a\u2028b', 'a😀b'], ['a\nb', 'ab']],
  ['^..$', ['😀a', 'ab'], ['😀', 'a']],
  ['a$', ['a'], ['a\n']],
  ['(?m)^b$', ['a\nb', 'b\na'], ['ab', 'b\r']],
  [raw`\Aa\z`, ['a'], ['a\n', 'ba']],
  [raw`^\d$`, ['1', '٣'], ['a', '²']],
  [raw`^\w$`, ['a', '_', 'é', '中', '\u0301', '\u200d'], ['-', ' ', '😀']],
  [raw`^\s$`, [' ', '\n', '\u0085', '\u00a0'], ['\ufeff', 'a']],
  [raw`^\h+$`, ['0aF'], ['g']],
  [raw`^[[:alpha:]]+$`, ['ab'], ['é', '1']],
  [raw`^[a-z&&[^aeiou]]$`, ['b'], ['a', '1']],
  ['^[a-z--b]$', ['a'], ['b']],
  ['^[a-c~~b-d]$', ['a', 'd'], ['b', 'c']],
  [raw`[^\s\S]`, [], ['', 'a', '\n']],
  ['(?i)k', ['k', 'K', '\u212a'], ['c']],
  ['(?i)straße', ['STRAẞE', 'strasse'.replace('ss', 'ß')], ['strasse']],
  ['(?i)σ', ['Σ', 'ς'], ['s']],
  ['(?i)[^k]', ['a'], ['k', 'K', '\u212a']],
  ['a(?i)b', ['ab', 'aB'], ['AB']],
  ['a(?i)k', ['ak', 'aK', 'a\u212a'], ['AK']],
  ['(?i:s)a', ['sa', 'Sa', '\u017fa'], ['sA']],
  ['((?i)a)B', ['ab', 'AB'], ['c']],
  ['(?i:a)b', ['Ab'], ['aB']],
  ['{{resolve\\:ssm\\:.*}}', ['{{resolve:ssm:x}}'], ['{resolve:ssm:x}']],
  ['^a{,2}$', ['', 'a', 'aa'], ['aaa']],
  ['a{2}{3}', ['aa{3}'], ['aaaaaa']],
  ['(?x) a b # c', ['ab'], ['a b']],
  [raw`\bfoo\b`, ['a foo', 'foo'], ['afoo', 'fooé', 'foo_']],
  [raw`\B`, ['aa', ' '], ['a😀b', 'a']],
  [raw`^\<.{2,1}$`, ['a'], ['ab', '']],
  [raw`\p{gc!=Lu}`, ['A'], ['a']],
  [raw`[+-\h]`, ['4]'], ['4', ']']],
  [raw`^(?:x[+-\h]*)$`, ['x4', 'x4]]'], ['x', 'x44']],
  [raw`(a)\1`, ['aa'], ['a', 'ab']],
  [raw`(?<n>.)\k<n>`, ['xaa'], ['aba']],
  ['(?<=a|bb)c', ['ac', 'bbc'], ['bc', 'c']],
  ['(?<!a|bb)c', ['bc', 'c'], ['ac', 'bbc']],
  ['^(?!.*x)', ['abc'], ['abxc']],
  ['(?>a|ab)c', ['ac'], ['abc']],
  ['^a++a', [], ['aaa']],
  ['^(a)?(?(1)b|c)$', ['ab', 'c'], ['b', 'ac']],
  ['^(?(a)ab|c)$', ['aab', 'c'], ['ab', 'aab'.slice(1)]],
  // What follows a part of fixed length that was handed over is not tried with the part's other ways.
  [raw`(?:(a)|(.))\2`, ['bb'], ['aa']],
  ['a{3,2}(?=b)', ['aab'], ['ab']],
];

describe.each(cases)('/%s/', (pattern, matching, others) => {
  if (matching.length > 0) {
    it.each(matching)('matches %j', (text) => {
      expect(test(pattern, text)).toBe(true);
    });
  }
  if (others.length > 0) {
    it.each(others)('does not match %j', (text) => {
      expect(test(pattern, text)).toBe(false);
    });
  }
});

it('keeps no state between texts', () => {
  const compiled = compileRegex('a');
  if (!compiled.ok) throw new Error(compiled.message);
  expect(['a', 'b', 'a', 'a', 'b'].map((text) => compiled.regex.test(text))).toStrictEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
});
