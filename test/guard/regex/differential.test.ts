/** Comparison with the cfn-guard 3.1.1 executable: which patterns it takes, what they match, what replacing gives. */
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRegex, RegexBudgetError } from '../../../guard/index.js';
import { compareRecorded } from '../../support/recorded.js';
import { describeWithReference, runReference } from '../../support/reference.js';
import { accepted, anyPattern, refused, texts } from './patterns.js';

/** For each pattern, whether it matches each text; null when the reference refuses it, 'error' when it gives up. */
type Answer = readonly boolean[] | null | 'error';

/** A run that ends in an error has to be repeated in halves, so there are several. */
const BATCH = 40;

function inBatches(patterns: readonly string[], subjects: readonly string[]): Answer[] {
  const answers: Answer[] = [];
  for (let from = 0; from < patterns.length; from += BATCH) {
    answers.push(...reference(patterns.slice(from, from + BATCH), subjects));
  }
  return answers;
}

function reference(patterns: readonly string[], subjects: readonly string[]): Answer[] {
  const folder = mkdtempSync(join(tmpdir(), 'guard-regex-'));
  try {
    mkdirSync(join(folder, 'rules'));
    const data = Object.fromEntries(subjects.map((subject, index) => [`t${index}`, subject]));
    writeFileSync(join(folder, 'data.json'), JSON.stringify(data));
    patterns.forEach((pattern, number) => {
      const literal = `/${pattern.replaceAll('/', String.raw`\/`)}/`;
      const rules = subjects.map((_, index) => `rule r${number}_${index} { t${index} == ${literal} }`);
      writeFileSync(join(folder, 'rules', `f${String(number).padStart(5, '0')}.guard`), rules.join('\n'));
    });
    const run = runReference([
      'validate',
      '-r',
      join(folder, 'rules'),
      '-d',
      join(folder, 'data.json'),
      '-z',
      '-o',
      'json',
      '-S',
      'none',
    ]);
    if (run.outcome === 'error' || run.outcome === 'crash') {
      if (patterns.length === 1) return ['error'];
      const half = Math.floor(patterns.length / 2);
      return [...reference(patterns.slice(0, half), subjects), ...reference(patterns.slice(half), subjects)];
    }
    const broken = new Set(
      Array.from(run.stderr.matchAll(/rule file = \S*f(\d+)\.guard, Error/g), (match) => Number(match[1])),
    );
    const reports = JSON.parse(run.stdout === '' ? '[]' : run.stdout) as { compliant: string[] }[];
    const passed = new Set(reports.flatMap((report) => report.compliant));
    return patterns.map((_, number) =>
      broken.has(number) ? null : subjects.map((__, index) => passed.has(`r${number}_${index}`)),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ours(pattern: string, subjects: readonly string[]): Answer {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) return null;
  try {
    return subjects.map((subject) => compiled.regex.test(subject));
  } catch (error) {
    if (error instanceof RegexBudgetError) return 'error';
    throw error;
  }
}

/** What is recorded of an answer. */
const said = (answer: Answer): string =>
  Array.isArray(answer) ? answer.map((matches) => (matches ? '1' : '0')).join('') : String(answer);

async function expectAgreement(
  name: string,
  patterns: readonly string[],
  subjects: readonly string[],
): Promise<{ taken: number; refused: number }> {
  const counts = { taken: 0, refused: 0 };
  const { differences, ran } = await compareRecorded(name, patterns, {
    input: (pattern) => JSON.stringify([pattern, subjects]),
    ours: (pattern) => {
      const answer = ours(pattern, subjects);
      counts[answer === null ? 'refused' : 'taken'] += 1;
      return said(answer);
    },
    reference: (asked) => inBatches(asked, subjects).map(said),
  });
  expect(differences).toStrictEqual([]);
  expect(ran).toBeGreaterThanOrEqual(3);
  return counts;
}

const shortTexts = [
  '',
  'a',
  'ab',
  'aab',
  'bbc',
  'cab',
  'K',
  '\u212a',
  'sſ',
  'é',
  'É',
  '1',
  ' ',
  '\n',
  'a\nb',
  '😀',
  'a😀b',
  '-_',
  'aabbcc',
  'kK',
];

describeWithReference('regular expressions agree with the reference', () => {
  // The reference's data loader folds a next-line character, so it is not among the texts.
  it('on the listed patterns', async () => {
    const all = [...accepted, ...refused.map(([pattern]) => pattern)].filter((pattern) => !/[/\\]$/.test(pattern));
    const { taken } = await expectAgreement('regex-listed', all, texts);
    expect(taken).toBe(accepted.filter((pattern) => !/[/\\]$/.test(pattern)).length);
  }, 120_000);

  it('on generated patterns', async () => {
    const patterns = fc
      .sample(anyPattern, { numRuns: 400, seed: 20_240_511 })
      .filter((pattern) => pattern.length < 90 && pattern !== '' && !/[/\\]$/.test(pattern));
    const counts = await expectAgreement('regex-generated', [...new Set(patterns)], shortTexts);
    expect(counts.taken).toBeGreaterThan(150);
    expect(counts.refused).toBeGreaterThan(20);
  }, 120_000);

  it('on what replacing gives', () => {
    const quote = (value: string): string => (value.includes("'") ? `"${value}"` : `'${value}'`);
    const cases = fc
      .sample(anyPattern, { numRuns: 100, seed: 77 })
      .filter((pattern) => compileRegex(pattern).ok && !/['"]/.test(pattern) && ours(pattern, texts) !== 'error')
      .flatMap((pattern) => ['', 'ab', 'aab', 'abc', 'a😀b', 'kK é', 'a\nb'].map((subject) => ({ pattern, subject })));
    const replacement = '[$0|$1|${2}x]';
    const data = Object.fromEntries(cases.flatMap(({ subject }, index) => [[`t${index}`, subject]]));
    const rules = cases.map(
      ({ pattern }, index) =>
        `rule r${index} {\n  let v = regex_replace(t${index}, ${quote(pattern)}, '${replacement}')\n  %v == 1\n}`,
    );
    const folder = mkdtempSync(join(tmpdir(), 'guard-regex-'));
    writeFileSync(join(folder, 'data.json'), JSON.stringify(data));
    writeFileSync(join(folder, 'r.guard'), rules.join('\n'));
    const run = runReference([
      'validate',
      '-r',
      join(folder, 'r.guard'),
      '-d',
      join(folder, 'data.json'),
      '-z',
      '-o',
      'json',
      '-S',
      'none',
    ]);
    rmSync(folder, { recursive: true });
    expect(run.outcome).toBe('ran');
    const [report] = JSON.parse(run.stdout) as { not_compliant: { Rule: { checks: unknown[] } }[] }[];
    const values = (report?.not_compliant ?? []).map(
      ({ Rule }) =>
        (Rule.checks[0] as { Clause: { Binary: { check: { Resolved: { from: { value: string } } } } } }).Clause.Binary
          .check.Resolved.from.value,
    );
    const mine = cases.map(({ pattern, subject }) => {
      const compiled = compileRegex(pattern);
      return compiled.ok ? compiled.regex.replaceMatches(subject, replacement) : 'refused';
    });
    expect(cases.map((c, index) => [c, values[index]])).toStrictEqual(cases.map((c, index) => [c, mine[index]]));
    expect(new Set(values).size).toBeGreaterThan(25);
  }, 120_000);
});
