/** The commands of the guides are run: what a page shows as printed is what is printed. */
import { outputsOf } from './examples.js';
import { markdownBelow, pageAt } from './files.js';

/** The programs of the library's guide have a suite of their own. */
const GUIDES = markdownBelow('docs').filter((path) => /^docs\/[^/]+\.md$/.test(path) && path !== 'docs/library.md');

it('looks at the guides', () => {
  expect(GUIDES).toEqual(expect.arrayContaining(['docs/check.md', 'docs/guard.md', 'docs/rules.md']));
});

it.each(GUIDES)('%s shows what is printed (test/docs/update.mts writes it)', (path) => {
  const outputs = outputsOf(pageAt(path));
  expect(outputs.map(({ block }) => block.text)).toStrictEqual(outputs.map(({ expected }) => expected));
});
