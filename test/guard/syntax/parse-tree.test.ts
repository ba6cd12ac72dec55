import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRegex, decimalDigits, parseRules, parseTree, printJson, printYaml } from '../../../guard/index.js';
import { compareRecorded } from '../../support/recorded.js';
import { controlTowerRules, referenceBinary } from '../../support/reference.js';
import { runProgram } from '../../support/programs.js';
import { accepted, rejected } from './snippets.js';

const checkRegex = (pattern: string): string | null => {
  const result = compileRegex(pattern);
  return result.ok ? null : result.message;
};

const parse = (text: string): ReturnType<typeof parseRules> => parseRules(text, 'rules.guard', { checkRegex });

it.each(accepted)('accepts %j', (text) => {
  expect(parse(text).diagnostics).toStrictEqual([]);
  expect(parse(text).tree).not.toBeNull();
});

it.each(rejected)('rejects %j', (text) => {
  const { tree, diagnostics } = parse(text);
  expect(tree).toBeNull();
  expect(diagnostics.length).toBeGreaterThan(0);
});

describe('cfn-guard 3.1.1 itself', () => {
  const binary = referenceBinary();
  const folder = mkdtempSync(join(tmpdir(), 'stackade-syntax-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (file: string, format: string): { readonly status: number | null; readonly stdout: string } => {
    if (binary === undefined) throw new Error('the cfn-guard binary is missing: run `npm ci` on a supported system');
    return runProgram(binary, ['parse-tree', '-r', file, format], '');
  };

  interface Question {
    readonly text: string;
    readonly format: '-p' | '-y';
  }

  const ours = ({ text, format }: Question): string => {
    const { tree } = parse(text);
    if (tree === null) throw new Error(`rejected: ${text}`);
    const data = parseTree(tree, text);
    return format === '-p' ? printJson(data, 2) : printYaml(data);
  };

  const reference = (questions: readonly Question[]): readonly string[] =>
    questions.map(({ text, format }, index) => {
      const file = join(folder, `${index}.guard`);
      writeFileSync(file, text);
      const { status, stdout } = run(file, format);
      expect(status).toBe(0);
      return stdout;
    });

  const input = ({ text, format }: Question): string => `${format} ${text}`;

  it('has the same trees for every Control Tower rule file and small files, byte for byte', async () => {
    const files = controlTowerRules();
    expect(files.length).toBe(237);
    const texts = [...files.map(({ text }) => text), ...accepted];
    const questions = texts.flatMap((text) => [{ text, format: '-p' } as const, { text, format: '-y' } as const]);
    const { differences, ran } = await compareRecorded('parse-tree', questions, { input, ours, reference });
    expect(differences).toStrictEqual([]);
    expect(ran).toBeGreaterThanOrEqual(12);
  }, 120_000);

  it('rejects the same small files', () => {
    const verdicts = rejected.map((text, index) => {
      const file = join(folder, `bad-${index}.guard`);
      writeFileSync(file, text);
      return [text, run(file, '-p').status];
    });
    expect(verdicts.filter(([, status]) => status === 0)).toStrictEqual([]);
  }, 120_000);
});

it.each([
  [1, '1'],
  [3.5, '3.5'],
  [-2.25, '-2.25'],
  [1e20, '100000000000000000000'],
  [1.5e22, '15000000000000000000000'],
  [2e30, '2000000000000000000000000000000'],
  [1e-7, '0.0000001'],
  [1.25e-9, '0.00000000125'],
  [-1e-7, '-0.0000001'],
  [Infinity, 'inf'],
])('prints the bound %d as %s', (value, text) => {
  expect(decimalDigits(value)).toBe(text);
});
