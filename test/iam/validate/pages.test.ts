/**
 * Each code has a page, which is what the table of checks and the cases make of it. To bring the pages up to date:
 * `UPDATE_PAGES=1 npx jest test/iam/validate/pages`.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { POLICY_CHECKS } from '../../../iam/validate/index.js';
import { indexPage, pageOf } from './pages.js';

const FOLDER = resolve(__dirname, '../../../docs/iam/codes');
const CODES = [...POLICY_CHECKS.keys()];

if (process.env['UPDATE_PAGES'] === '1') {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of readdirSync(FOLDER)) rmSync(join(FOLDER, name));
  for (const code of CODES) writeFileSync(join(FOLDER, `${code}.md`), pageOf(code));
  writeFileSync(join(FOLDER, 'README.md'), indexPage());
}

it('has a page for each code, and an index', () => {
  expect(readdirSync(FOLDER).sort()).toStrictEqual([...CODES.map((code) => `${code}.md`), 'README.md'].sort());
});

it('shows what is found today', () => {
  const stale = CODES.filter((code) => readFileSync(join(FOLDER, `${code}.md`), 'utf8') !== pageOf(code));
  expect(stale).toStrictEqual([]);
});

it('lists every code in the index, with those that are not reported', () => {
  expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toBe(indexPage());
});
