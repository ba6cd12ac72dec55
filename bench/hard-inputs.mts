/** Inputs made to be slow: how the time grows when they become longer. Tests hold that the answers are right. */
import { expandActionPattern } from '../catalogue/iam/index.js';
import { compileGlob } from '../rules/index.js';
import { compileRegex, parseRules } from '../guard/index.js';
import { Glob, piecesOf } from '../iam/evaluate/pattern.js';
import { validatePolicy } from '../iam/validate/index.js';
import type { Row } from './report.mjs';
import { shown, timeOf } from './timing.mjs';

function regex(pattern: string): (text: string) => boolean {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) throw new Error(compiled.message);
  return (text) => compiled.regex.test(text);
}

const nested = regex('(a+)+$');
const bounded = regex('((a{0,5}){0,5}){0,5}b');

const policy = (count: number): Parameters<typeof validatePolicy>[0] => ({
  Version: '2012-10-17',
  Statement: Array.from({ length: count }, (_, index) => ({
    Effect: 'Allow',
    Action: `s3:*a*e*${index}*`,
    Resource: `arn:aws:s3:::*a*a*${index}*`,
  })),
});

/** What is done with an input of a size, and the size to begin with. */
const inputs: readonly (readonly [what: string, first: number, run: (size: number) => () => unknown])[] = [
  ['rule text of unclosed quotes', 5_000, (size) => parsed("a == '\\'".repeat(size))],
  ['rule text of key filters', 2_000, (size) => parsed('a[ keys == b c exists ] exists '.repeat(size))],
  ['rule text of open blocks', 5_000, (size) => parsed('rule r {\n'.repeat(size))],
  ['regular expression of nested repetitions', 5_000, (size) => tested(nested, `${'a'.repeat(size)}!`)],
  ['regular expression of bounded repetitions', 5_000, (size) => tested(bounded, `${'a'.repeat(size)}!`)],
  ['pattern of paths with many stars', 500, (size) => () => compileGlob(`${'*a'.repeat(30)}*b`)('a'.repeat(size))],
  ['pattern of paths with many folders', 100, (size) => () => compileGlob(`${'**/a/'.repeat(30)}b`)('a/'.repeat(size))],
  [
    'wildcards of a policy',
    5_000,
    (size) => () => new Glob(piecesOf(`*${'a'.repeat(500)}?b*`)).matches('a'.repeat(size)),
  ],
  ['action pattern of many stars', 25, (size) => () => expandActionPattern(`*:${'*a'.repeat(size)}`)],
  ['validation of statements of wildcards', 100, (size) => () => validatePolicy(policy(size), 'identity')],
];

const parsed = (text: string) => (): unknown => parseRules(text, 'rules.guard');
const tested = (test: (text: string) => boolean, text: string) => (): unknown => test(text);

/** One row for each kind of input, at its size, four times and sixteen times it. */
export function hardInputs(): Row[] {
  return inputs.map(([what, first, run]) => {
    const times = [1, 4, 16].map((factor) => `${first * factor}: ${shown(timeOf(1, run(first * factor)))}`);
    return { what, size: '1×, 4×, 16× the length', result: times.join(', '), goal: 'below the square' };
  });
}
