import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../../../cli/explain/explain.js';
import { loadLibrary, rulePage } from '../../../cli/library.js';
import type { ControlCoverage } from '../../../rules/index.js';
import { repositoryRoot } from '../../support/repository.js';

function run(name: string): { exitCode: number; stdout: string; stderr: string } {
  let stdout = '';
  let stderr = '';
  const exitCode = explain(name, {
    cwd: '/',
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => {
      stdout += text;
    },
    tell: (text) => {
      stderr += text;
    },
  });
  return { exitCode, stdout, stderr };
}

const { rules, controls } = loadLibrary();
const coverage = JSON.parse(readFileSync(join(repositoryRoot(), 'rules', 'coverage.json'), 'utf8')) as Readonly<
  Record<string, ControlCoverage | undefined>
>;

it('has the page of every rule, under its id and its Guard name', () => {
  for (const rule of rules) {
    const page = readFileSync(join(repositoryRoot(), rulePage(rule)), 'utf8');
    expect(run(rule.metadata.id)).toStrictEqual({ exitCode: 0, stdout: page, stderr: '' });
    expect(run(rule.metadata.id.toUpperCase().replaceAll('-', '_')).stdout).toBe(page);
  }
});

it('has a page of every control, with the rules that check it', () => {
  for (const control of controls) {
    const { exitCode, stdout } = run(control.id.toLowerCase());
    expect([exitCode, stdout.startsWith(`# ${control.title}\n\n\`${control.id}\`\n`)]).toStrictEqual([0, true]);
    const serving = rules.filter(({ metadata }) => metadata.controls.includes(control.id));
    for (const { metadata } of serving) expect(stdout).toContain(`- \`${metadata.id}\`: ${metadata.title}\n`);
    expect(stdout.includes('No rule checks it.')).toBe(serving.length === 0);
    const open = coverage[control.id]?.open;
    if (open !== undefined) expect(stdout).toContain(`\n## What no rule checks yet\n\n${open}\n`);
  }
});

it('has the page of every diagnostic code', () => {
  const folder = join(repositoryRoot(), 'docs', 'diagnostics');
  const names = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(names).toStrictEqual(expect.arrayContaining(['CLI1001.md', 'TPL1001.md', 'lint-crashed.md']));
  for (const name of names) {
    const page = readFileSync(join(folder, name), 'utf8');
    expect(run(name.slice(0, -'.md'.length))).toStrictEqual({ exitCode: 0, stdout: page, stderr: '' });
  }
});

it.each([
  ['s3-bucket-default-encryptoin', 'did you mean `s3-bucket-default-encryption`?'],
  ['ENC-S3-1', 'did you mean `ENC-S3-01`?'],
  ['E3012', 'codes of this form are those of the schema lint; its findings name their pages'],
  ['no such thing at all', '`stackade check --list-rules` lists rules and controls'],
])('refuses %s', (name, help) => {
  expect(run(name)).toStrictEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error[CLI2006]: there is no code, rule or control \`${name}\`\n  help: ${help}\n  docs: docs/diagnostics/CLI2006.md\n`,
  });
});
