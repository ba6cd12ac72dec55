/** Every relative link of the documentation leads somewhere. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { markdownBelow, pageAt, root } from './files.js';
import { readPage } from './markdown.js';

const PAGES = [
  ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md'].filter((name) => existsSync(join(root, name))),
  ...markdownBelow('docs'),
  ...markdownBelow('rules'),
];

/** What is wrong with the links of a page, by its path relative to the checkout. */
function deadLinks(path: string): readonly string[] {
  return pageAt(path).links.flatMap(({ target, line }) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
    const [file, anchor] = target.split('#', 2) as [string, string?];
    const to = file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file)));
    const dead = `${path}:${line}: ${target}`;
    if (to.startsWith('..') || !existsSync(join(root, to))) return [dead];
    if (anchor === undefined) return [];
    const isPage = statSync(join(root, to)).isFile() && to.endsWith('.md');
    return isPage && pageAt(to).anchors.has(anchor) ? [] : [dead];
  });
}

it('looks at pages', () => {
  expect(PAGES).toEqual(expect.arrayContaining(['ARCHITECTURE.md', 'docs/check.md']));
  expect(PAGES.some((path) => path.startsWith('rules/'))).toBe(true);
});

it('leads to files and headings that exist', () => {
  expect(PAGES.flatMap(deadLinks)).toStrictEqual([]);
});

it('reads links and headings as GitHub does', () => {
  const page = readPage(
    [
      '# A `title`, with: signs',
      '## Twice',
      '## Twice',
      'See [one](a.md#b), ![two](<c.png> "d") and `[no](code.md)`.',
      '[three]: e.md',
      '```text',
      '[no](block.md)',
      '```',
    ].join('\n'),
  );
  expect([...page.anchors]).toStrictEqual(['a-title-with-signs', 'twice', 'twice-1']);
  expect(page.links.map(({ target, line }) => `${line} ${target}`)).toStrictEqual(['4 a.md#b', '4 c.png', '5 e.md']);
});
