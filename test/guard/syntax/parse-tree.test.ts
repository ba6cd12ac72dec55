import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRegex, decimalDigits, parseRules, parseTree, printJson, printYaml } from '../../../guard/index.js';
import { controlTowerFolder, controlTowerRules, referenceBinary } from '../../support/reference.js';
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

  const compare = (text: string, file: string, format: '-p' | '-y'): void => {
    const { tree } = parse(text);
    if (tree === null) throw new Error(`rejected: ${text}`);
    const data = parseTree(tree, text);
    const reference = run(file, format);
    expect(reference.status).toBe(0);
    expect(format === '-p' ? printJson(data, 2) : printYaml(data)).toBe(reference.stdout);
  };

  it('has the same tree for every Control Tower rule file, byte for byte', () => {
    const files = controlTowerRules();
    expect(files.length).toBe(237);
    for (const { path, text } of files) compare(text, join(controlTowerFolder, path), '-p');
  }, 120_000);

  it('has the same tree in YAML', () => {
    for (const { path, text } of controlTowerRules().filter((_, index) => index % 6 === 0)) {
      compare(text, join(controlTowerFolder, path), '-y');
    }
  }, 120_000);

  it('accepts the same small files, with the same trees', () => {
    accepted.forEach((text, index) => {
      const file = join(folder, `${index}.guard`);
      writeFileSync(file, text);
      compare(text, file, '-p');
      if (index % 4 === 0) compare(text, file, '-y');
    });
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
