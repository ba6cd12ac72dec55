/** The programs of the library's guide compile, run, and print what the page shows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageAt, root } from './files.js';
import { runPrograms } from './library.js';

const { blocks, prose } = pageAt('docs/library.md');
const { problems, printed } = runPrograms(blocks);
const programs = [...printed.keys()];

it('has programs', () => {
  expect(programs.length).toBeGreaterThan(3);
});

it('has programs without type errors', () => {
  expect(problems).toStrictEqual([]);
});

it.each(programs.map((block) => [block.line, block] as const))('the program of line %i', (_line, block) => {
  const shown = blocks[blocks.indexOf(block) + 1];
  expect(shown).toMatchObject({ language: 'text', text: printed.get(block) });
});

it('lists the entry points of the package', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object };
  const listed = [...prose.matchAll(/^\| `(stackade\/[a-z/]+)` +\|/gm)].map((row) => row[1]!.replace('stackade', '.'));
  expect(listed.sort()).toStrictEqual(
    Object.keys(exports)
      .filter((name) => name !== '.')
      .sort(),
  );
});
