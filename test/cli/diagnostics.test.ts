/** Every diagnostic code of the command has its page, and every page its code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.js';

const root = repositoryRoot();

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}

const used = new Set(
  sources(join(root, 'cli')).flatMap((text) => [...text.matchAll(/'(CLI\d{4})'/g)].map((match) => match[1]!)),
);
const pages = readdirSync(join(root, 'docs', 'diagnostics')).filter((name) => /^CLI\d{4}\.md$/.test(name));

it('has one page for each code', () => {
  expect(pages.map((name) => name.slice(0, -3)).sort()).toStrictEqual([...used].sort());
});
