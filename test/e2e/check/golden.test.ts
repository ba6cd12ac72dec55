/** What the command prints of a small project, in each format. `UPDATE_GOLDEN=1` saves it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolVersion } from '../../../cli/version.js';
import { stackade } from './support.js';

const PROJECT = join(__dirname, 'fixtures/project');
const GOLDEN = join(__dirname, 'fixtures/golden');

function expectGolden(name: string, text: string): void {
  const path = join(GOLDEN, name);
  const shown = text.replaceAll(`"${toolVersion()}"`, '"VERSION"');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, shown);
  expect(existsSync(path)).toBe(true);
  expect(shown).toBe(readFileSync(path, 'utf8'));
}

it.each([
  ['pretty', 'txt'],
  ['json', 'json'],
  ['sarif', 'sarif'],
  ['junit', 'xml'],
  ['github', 'txt'],
  ['markdown', 'md'],
])('%s', (format, extension) => {
  const ran = stackade(['check', 'templates', '--no-lint', '--list-skipped', '--format', format], { cwd: PROJECT });
  expectGolden(`${format}.${extension}`, ran.stdout);
  expectGolden('stderr.txt', ran.stderr);
  expect(ran.exitCode).toBe(1);
});

it('pretty, in colour', () => {
  const ran = stackade(['check', 'templates', '--no-lint'], { cwd: PROJECT, env: { FORCE_COLOR: '1' } });
  expectGolden('pretty.ansi', ran.stdout);
});

it('the list of rules', () => {
  const list = stackade(['check', '--list-rules', '--format', 'json', '--pack', 'none', '--rules', 'policy'], {
    cwd: PROJECT,
  });
  expectGolden('list-rules.json', list.stdout);
  expect([list.exitCode, list.stderr]).toStrictEqual([0, '']);
});
