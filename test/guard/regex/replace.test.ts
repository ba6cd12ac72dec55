import { compileRegex } from '../../../guard/index.js';

function replaceMatches(pattern: string, text: string, replacement: string): string {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.regex.replaceMatches(text, replacement);
}

const raw = String.raw;

// Pattern, text, replacement, result; measured with the function `regex_replace` of cfn-guard 3.1.1.
it.each([
  ['a+', 'aabxa', '[$0]', '[aa][a]'],
  ['x', 'abc', 'y', ''],
  [raw`^(\w+)\.(\w+)$`, 'ab.cd', '$2-$1', 'cd-ab'],
  ['(?<first>a)(?P<second>b)', 'ab', '$second${first}', 'ba'],
  ['(a)', 'a', '$1a', ''],
  ['(a)', 'a', '${1}a', 'aa'],
  ['(a)', 'a', '$01', 'a'],
  ['(a)', 'a', '$9|$none', '|'],
  ['a', 'a', '$$0 $ ${ ${} ${ 0} $-', '$0 $ ${ ${} ${ 0} $-'],
  ['(?<é>a)', 'a', '$é', 'a'],
  ['(?<1>a)?b', 'b', '[$1]', '[]'],
  ['a*', 'baac', '[$0]', '[][aa][]'],
  ['', 'a😀', '.', '...'],
  [raw`\b`, 'ab c', '|', '||||'],
  ['(a|b?)*', 'ab', '[$0|$1]', '[ab|b]'],
  ['(?:(a)|(b))+', 'ab', '[$1$2]', '[ab]'],
  ['(a*)+', 'b', '[$1]', '[][]'],
  ['(a??)(a*)', 'aa', '[$1|$2]', '[|aa]'],
  [raw`a\Kb`, 'ab', '[$0]', '[b]'],
  [raw`\Ga`, 'aaba', '[$0]', '[a][a]'],
  ['(?U)(a+)(a*)', 'aa', '[$1|$2]', '[a|][a|]'],
  [raw`(?<=a)b`, 'abb', '<$0>', '<b>'],
  ['(?i)(k)', 'K\u212a', '$1', 'K\u212a'],
])('/%s/ in %j by %j gives %j', (pattern, text, replacement, result) => {
  expect(replaceMatches(pattern, text, replacement)).toBe(result);
});
