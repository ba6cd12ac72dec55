import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../../../cli/explain/explain.js';
import { heldBy } from '../../../cli/explain/held-by.js';
import { ADVICE } from '../../../cli/lint/advice.js';
import { OFF_BY_DEFAULT } from '../../../cli/lint/service.js';
import { loadLibrary, rulePage } from '../../../cli/library.js';
import type { ControlCoverage } from '../../../rules/index.js';
import { runCommand } from '../../support/quick-command.js';
import { repositoryRoot } from '../../support/repository.js';
import { runs } from '../../support/runs.js';

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

/** The built command: to load the library of the lint takes many times as long among modules of tests. */
const runBuilt = (name: string): ReturnType<typeof run> => {
  const { exitCode, stdout, stderr } = runCommand(['explain', name]);
  return { exitCode: exitCode ?? 1, stdout, stderr };
};

const { rules, controls } = loadLibrary();
const coverage = JSON.parse(readFileSync(join(repositoryRoot(), 'rules', 'coverage.json'), 'utf8')) as Readonly<
  Record<string, ControlCoverage | undefined>
>;

/** Each call reads the library anew. */
const some = <Item>(items: readonly Item[]): readonly Item[] => items.filter((_, index) => index % runs(5, 1) === 0);

it('has the page of every rule, under its id and its Guard name', () => {
  for (const rule of some(rules)) {
    const page = readFileSync(join(repositoryRoot(), rulePage(rule)), 'utf8');
    expect(run(rule.metadata.id)).toStrictEqual({ exitCode: 0, stdout: page, stderr: '' });
    expect(run(rule.metadata.id.toUpperCase().replaceAll('-', '_')).stdout).toBe(page);
  }
});

it('says of every control which rule, template or check holds it, or why none does', () => {
  const page = readFileSync(join(repositoryRoot(), 'docs', 'posture.md'), 'utf8');
  const silent = controls.filter(
    ({ id }) => !rules.some(({ metadata }) => metadata.controls.includes(id)) && heldBy(page, id).length === 0,
  );
  expect([controls.length > 200, silent.map(({ id }) => id)]).toStrictEqual([true, []]);
  expect(run('HOOK-CFN-01').stdout).toMatch(
    /## Besides rules\n\n- Policies of the organization, boundaries and roles: .*`only-through-cloudformation`/,
  );
});

it('reads cells with links, bars and nothing in them', () => {
  const page = [
    '| control | severity | policies | rollout | scan |',
    '| ------- | -------- | -------- | ------- | ---- |',
    '| `A-B-01` One \\| two | error | [one](scp/one.md)<br>[a page](gate.md) | – | `a \\| b` |',
  ].join('\n');
  expect(heldBy(page, 'A-B-01')).toStrictEqual([
    '- Policies of the organization, boundaries and roles: `one`, a page',
    '- Scan of the organization: `a | b`',
  ]);
  expect(heldBy(page, 'A-B-02')).toStrictEqual([]);
});

it('has a page of every control, with the rules that check it', () => {
  for (const control of some(controls)) {
    const { exitCode, stdout } = run(control.id.toLowerCase());
    expect([exitCode, stdout.startsWith(`# ${control.title}\n\n\`${control.id}\`\n`)]).toStrictEqual([0, true]);
    const serving = rules.filter(({ metadata }) => metadata.controls.includes(control.id));
    for (const { metadata } of serving) expect(stdout).toContain(`- \`${metadata.id}\`: ${metadata.title}\n`);
    expect(stdout.includes('No rule checks it.')).toBe(serving.length === 0);
    const open = coverage[control.id]?.open;
    if (open !== undefined) expect(stdout).toContain(`\n## What no rule checks yet\n\n${open}\n`);
  }
});

it.each([
  ['scp', 'approved-regions'],
  ['management-policies', 'required-tags-reported'],
  ['boundaries', 'developer-boundary'],
])('has the page of every template in docs/%s', (folder, one) => {
  const names = readdirSync(join(repositoryRoot(), 'docs', folder)).filter((name) => name !== 'README.md');
  expect(names).toContain(`${one}.md`);
  for (const name of names) {
    const page = readFileSync(join(repositoryRoot(), 'docs', folder, name), 'utf8');
    expect(run(name.slice(0, -'.md'.length))).toStrictEqual({ exitCode: 0, stdout: page, stderr: '' });
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

describe('codes of the schema lint', () => {
  it('have a page: what the code is about, its severity, and how to mend it', () => {
    const { exitCode, stdout, stderr } = runBuilt('e3676');
    expect([exitCode, stderr]).toStrictEqual([0, '']);
    expect(stdout).toMatch(/^# E3676: .*certificate/);
    expect(stdout).toContain('- Severity: error\n');
    expect(stdout).toContain('## How to mend it\n\nadd to the properties of the listener\n\n```yaml\nCertificates:\n');
    expect(stdout).toContain('    E3676: off\n');
  });

  it('that are off by default say so', () => {
    const { stdout } = runBuilt('I9003');
    expect(stdout).toContain('- Severity: info\n');
    expect(stdout).toContain('- Reported: only when asked for\n');
    expect(stdout).toContain('    I9003: on\n');
  });

  it('for which there is advice exist', () => {
    const codes = [...ADVICE.keys(), ...OFF_BY_DEFAULT];
    expect(codes.filter((code) => runBuilt(code).exitCode !== 0)).toStrictEqual([]);
  });

  it('that docs/lint.md names exist, and it names those that are off', () => {
    const page = readFileSync(join(repositoryRoot(), 'docs', 'lint.md'), 'utf8');
    const named = [...page.matchAll(/`([EFIW][0-9]{4})`/g)].map((match) => match[1]!);
    expect(named.filter((code) => runBuilt(code).exitCode !== 0)).toStrictEqual([]);
    const off = page.slice(page.indexOf('## Codes that are off'), page.indexOf('## What is told once'));
    for (const code of OFF_BY_DEFAULT) expect(off).toContain(`\`${code}\``);
  });
});

it.each([
  ['s3-bucket-default-encryptoin', 'did you mean `s3-bucket-default-encryption`?'],
  ['ENC-S3-1', 'did you mean `ENC-S3-01`?'],
  [
    'E9999',
    'codes of this form are those of the schema lint, and it has none of this name; docs/lint.md tells of them',
  ],
  [
    'no such thing at all',
    '`stackade check --list-rules` lists rules and controls; `stackade scp list` and `stackade boundary list` the templates',
  ],
])('refuses %s', (name, help) => {
  expect(run(name)).toStrictEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error[CLI2006]: there is no code, rule, control or policy template \`${name}\`\n  help: ${help}\n  docs: docs/diagnostics/CLI2006.md\n`,
  });
});
